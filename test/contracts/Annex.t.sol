// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Annex} from "../../contracts/Annex.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {ICasinoViews} from "../../contracts/interfaces/ICasinoViews.sol";
import {ILimits} from "../../contracts/interfaces/ILimits.sol";
import {VrfSource} from "../../contracts/VrfSource.sol";
import {CasinoFixture} from "./CasinoFixture.sol";

/// @notice The annex reads the casino's slots by their numbers: each view must follow the action that changes it.
contract AnnexTest is CasinoFixture {
    function test_assets_and_games_are_read_as_they_were_listed() external {
        assertEq(views().assetCount(), 3);
        assertEq(views().gameCount(), 2);
        assertEq(views().gameOf(FLIP), address(coinFlip));
        assertEq(views().gameOf(DICE), address(dice));
        (address token, uint256 unit, address bankroll) = views().assetOf(DAI);
        assertEq(token, address(dai));
        assertEq(unit, 1e9);
        assertEq(bankroll, address(this));
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnknown.selector, 3));
        views().assetOf(3);
        vm.expectRevert(abi.encodeWithSelector(ICasino.GameNotListed.selector, 3, 0));
        views().gameOf(3);
    }

    function test_terms_and_books_are_read_as_they_were_set() external {
        ICasino.Terms memory terms = _terms();
        (terms.kellyBps, terms.capBps, terms.shareBps) = (1_234, 567, 890);
        (terms.gameCapBps, terms.lossBps, terms.roundGas) = (4_321, 1_987, 3_200);
        terms.maxStake = 1 << 33;
        casino.setTerms(DICE, USDC, terms);
        (bool listed, ICasino.Terms memory stored) = views().termsOf(DICE, USDC);
        assertTrue(listed);
        assertEq(keccak256(abi.encode(stored)), keccak256(abi.encode(terms)));
        (uint256 reserved, uint256 loss, uint256 listedAt) = views().bookOf(DICE, USDC);
        assertTrue(reserved == 0 && loss == 0 && listedAt == 1_800_000_000);
        casino.delist(DICE, USDC);
        (listed, ) = views().termsOf(DICE, USDC);
        assertFalse(listed);
    }

    function test_a_bet_is_read_in_its_lane_its_book_its_round_and_its_house() external {
        uint256 betId = _place(alice, ETH, 3, FLIP, 1_000, TAILS);
        ICasino.Bet memory bet = views().betOf(betId);
        assertTrue(bet.open && bet.asset == ETH && bet.lane == 3 && bet.player == alice);
        assertTrue(bet.game == FLIP && bet.sequence == 1 && bet.stake == 1_000);
        assertEq(bytes32(bet.choice), bytes32(TAILS));
        assertTrue(bet.rounds == 1 && bet.stopGain == 0 && bet.stopLoss == 0);
        (uint256 reserved, , ) = views().bookOf(FLIP, ETH);
        assertEq(reserved, bet.reserve);
        ICasino.Books memory books = views().houseOf(ETH);
        assertTrue(books.reserved == bet.reserve && books.openBets == 1);
        ICasino.Round memory round = views().roundAt(bet.slot);
        assertTrue(round.state == ICasino.RoundState.Pending && round.requestedAt == time);
        _draw(_lastRequest(), type(uint256).max);
        round = views().roundAt(bet.slot);
        assertTrue(round.state == ICasino.RoundState.Drawn && round.word == type(uint224).max);
        assertEq(
            views().seedOf(7, betId),
            uint256(keccak256(abi.encode(7, block.chainid, address(casino), betId)))
        );
    }

    function test_a_series_is_read_with_its_whole_choice_and_its_stops() external {
        ICasino.Wager memory wager = _wager(ETH, 0, FLIP, 1_000, HEADS);
        (wager.rounds, wager.stopGain, wager.stopLoss) = (5, 1_111, 2_222);
        ICasino.Bet memory bet = views().betOf(_placeWager(alice, wager));
        assertTrue(bet.rounds == 5 && bet.stopGain == 1_111 && bet.stopLoss == 2_222);
    }

    function test_the_head_and_the_affiliates_are_read_as_they_change() external {
        (uint256 epoch, uint256 start, uint256 rounds, uint256 pausedUntil, ) = views().head();
        assertTrue(start == 1_800_000_000 && rounds == 0 && pausedUntil == 0);
        _flip(alice, 1_000);
        casino.pause(3_600);
        uint256 credits;
        (, , rounds, pausedUntil, credits) = views().head();
        assertTrue(rounds == 1 && pausedUntil == time + 3_600 && credits > 0);
        assertEq(epoch, 0);
        address referred = address(0x4EF);
        vm.deal(referred, 1 ether);
        vm.prank(referred);
        casino.depositReferred{value: 1 gwei}(ETH, 1, bob);
        (address affiliate, uint256 accrued) = views().referralOf(referred, ETH);
        assertTrue(affiliate == bob && accrued == 0);
        assertFalse(views().isGuarded(alice, ETH));
        ILimits limits = casino.limits();
        vm.prank(alice);
        limits.coolOff(2 days);
        assertTrue(views().isGuarded(alice, ETH) && views().isGuarded(alice, DAI));
    }

    function test_nobody_but_its_casino_has_it_create_a_source() external {
        Annex annex = Annex(casino.annex());
        VrfSource.Config memory config = VrfSource.Config(
            address(coordinator),
            keyHash,
            subscription,
            0,
            WORST_PRICE,
            0
        );
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.SourceMissing.selector, address(coordinator))
        );
        annex.createSource(config);
        // Through the casino's fallback it is the casino that asks, but a static call creates nothing.
        (bool success, ) = address(casino).call(abi.encodeCall(Annex.createSource, (config)));
        assertFalse(success);
        _replaceSource();
        (address current, , , , ) = casino.source();
        assertEq(current, address(coordinator));
    }

    function test_the_casino_answers_no_unknown_call() external {
        (bool success, ) = address(casino).call(hex"deadbeef");
        assertFalse(success);
        (success, ) = address(casino).call{value: 1}(abi.encodeCall(ICasinoViews.assetCount, ()));
        assertFalse(success);
    }
}
