// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Float16} from "../../contracts/types/Float16.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {DeclaringGame} from "./fixtures/HostileGames.sol";

/// @notice Every reason to refuse a bet, the same from a rehearsal and from placing.
contract RefusalsTest is CasinoFixture {
    function test_placing_says_why_it_refuses() external {
        (, ICasino.Terms memory stored) = views().termsOf(FLIP, ETH);
        uint256 most = stored.maxStake;
        uint256 flipMax = _quote(alice, _wager(ETH, 0, FLIP, 1, HEADS)).maxStake;
        _assertRefused(FLIP, 9, 1, HEADS, abi.encodeWithSelector(ICasino.AssetUnknown.selector, 9));
        _assertRefused(
            3,
            ETH,
            1,
            HEADS,
            abi.encodeWithSelector(ICasino.GameNotListed.selector, 3, ETH)
        );
        _assertRefused(
            0,
            ETH,
            1,
            HEADS,
            abi.encodeWithSelector(ICasino.GameNotListed.selector, 0, ETH)
        );
        _assertRefused(FLIP, ETH, 0, HEADS, abi.encodeWithSelector(ICasino.AmountZero.selector));
        bytes16 wide = bytes16(uint128(1) << 71);
        _assertRefused(
            FLIP,
            ETH,
            1,
            wide,
            abi.encodeWithSelector(IGame.IllegalChoice.selector, wide)
        );
        bytes16 illegal = bytes16(bytes1(0x02));
        _assertRefused(
            FLIP,
            ETH,
            1,
            illegal,
            abi.encodeWithSelector(IGame.IllegalChoice.selector, illegal)
        );
        _assertRefused(
            FLIP,
            ETH,
            PURSE + 1,
            HEADS,
            abi.encodeWithSelector(ICasino.StakeAboveLimit.selector, PURSE + 1, most)
        );
        _assertRefused(
            FLIP,
            ETH,
            flipMax + 1,
            HEADS,
            abi.encodeWithSelector(ICasino.StakeAboveLimit.selector, flipMax + 1, flipMax)
        );
        vm.prank(alice);
        casino.withdraw(ETH, PURSE - 999, alice);
        _assertRefused(
            FLIP,
            ETH,
            1_000,
            HEADS,
            abi.encodeWithSelector(ICasino.BalanceTooLow.selector, 999, 1_000)
        );
        casino.delist(FLIP, ETH);
        _assertRefused(
            FLIP,
            ETH,
            1,
            HEADS,
            abi.encodeWithSelector(ICasino.GameNotListed.selector, FLIP, ETH)
        );
    }

    function test_the_largest_stake_is_the_fraction_of_kelly_of_edge_over_variance(
        uint256 kelly
    ) external {
        kelly = bound(kelly, 0, 5_000);
        ICasino.Terms memory terms = _terms();
        terms.kellyBps = kelly;
        casino.setTerms(FLIP, ETH, terms);
        uint256 limit = (((BANKROLL * kelly) / 10_000) * 1e16) / 0.9801e18;
        if (kelly == 0)
            return
                _assertRefused(
                    FLIP,
                    ETH,
                    1,
                    HEADS,
                    abi.encodeWithSelector(ICasino.StakeAboveLimit.selector, 1, 0)
                );
        uint256 most = _quote(alice, _wager(ETH, 0, FLIP, 1, HEADS)).maxStake;
        assertLe(most, limit + 1);
        assertGe(most + 1, limit);
        _flip(alice, most);
    }

    function test_one_bet_wins_at_most_its_cap_of_the_bankroll() external {
        ICasino.Terms memory terms = _terms();
        terms.capBps = 10;
        casino.setTerms(FLIP, ETH, terms);
        uint256 limit = BANKROLL / 1_000;
        (bool placed, bytes memory reason) = _tryPlace(alice, 0, FLIP, 2e9, HEADS);
        assertFalse(placed);
        assertEq(
            reason,
            abi.encodeWithSelector(ICasino.LiabilityAboveLimit.selector, 1.96e9 + _fee(2e9), limit)
        );
        _flip(alice, 1.01e9);
    }

    function test_a_house_with_all_the_open_bets_it_can_count_takes_no_more() external {
        bytes32 slot = keccak256(abi.encode(uint256(ETH), 7));
        bytes32 house = vm.load(address(casino), slot);
        uint256 most = (1 << 20) - 1;
        vm.store(address(casino), slot, bytes32(uint256(house) | (most << 152)));
        _assertRefused(
            FLIP,
            ETH,
            1_000,
            HEADS,
            abi.encodeWithSelector(ICasino.OutOfBounds.selector, bytes32("openBets"), most, most)
        );
        vm.store(address(casino), slot, bytes32(uint256(house) | ((most - 1) << 152)));
        _flip(alice, 1_000);
        assertEq(_books(ETH).openBets, most);
    }

    function test_a_liability_that_its_rounding_lifts_above_the_cap_is_refused() external {
        ICasino.Terms memory terms = _terms();
        terms.capBps = 10;
        casino.setTerms(FLIP, ETH, terms);
        // Codes are 2^19 apart here: what the bet could win is below the cap, the code above it is not.
        uint256 limit = BANKROLL / 1_000;
        uint256 stake = (limit * 100_000) / 98_100;
        uint256 liability = (stake * 98) / 100 + _fee(stake);
        assertLe(liability, limit);
        (bool placed, bytes memory reason) = _tryPlace(alice, 0, FLIP, stake, HEADS);
        assertFalse(placed);
        uint256 rounded = Float16.decode(Float16.encodeUp(liability));
        assertGt(rounded, limit);
        assertEq(
            reason,
            abi.encodeWithSelector(ICasino.LiabilityAboveLimit.selector, rounded, limit)
        );
    }

    function test_odds_beyond_floor_and_ceiling_are_refused_whatever_is_listed() external {
        DeclaringGame game = new DeclaringGame();
        uint16 number = _list(address(game));
        uint256[4] memory refused = [uint256(0.8e18 - 1), 0.9999e18 + 1, 2e18, 0];
        for (uint256 i; i < refused.length; ++i) {
            game.declare(1.98e18, refused[i], 1e18);
            _assertRefused(
                number,
                ETH,
                1,
                HEADS,
                abi.encodeWithSelector(ICasino.OddsOutOfBounds.selector, refused[i])
            );
        }
        game.declare(1.98e18, 0.99e18, 0);
        _assertRefused(
            number,
            ETH,
            1,
            HEADS,
            abi.encodeWithSelector(ICasino.OddsOutOfBounds.selector, 0.99e18)
        );
        game.declare(1.98e18, 0.8e18, 1e18);
        _place(alice, ETH, 0, number, 1_000, HEADS);
        assertEq(views().betOf(_betId(alice, ETH, 0, 1)).feeRate, 2_000);
        game.declare(1.98e18, 0.9999e18, 1e18);
        _place(alice, ETH, 1, number, 1_000, HEADS);
    }

    function test_absurd_multipliers_are_refused_with_a_reason_or_a_panic_alike(
        uint256 multiplier,
        uint256 variance
    ) external {
        DeclaringGame game = new DeclaringGame();
        uint16 number = _list(address(game));
        game.declare(bound(multiplier, 1e24, type(uint256).max), 0.9e18, variance);
        bytes memory reason = _whyNot(alice, _wager(ETH, 0, number, 1e9, HEADS));
        assertGt(reason.length, 0);
        vm.expectRevert(reason);
        vm.prank(alice);
        casino.bet(ETH, 0, number, 1e9, HEADS);
    }

    function test_a_rehearsal_answers_what_placing_reverts_with(
        uint256 asset,
        uint256 lane,
        uint256 game,
        uint256 stake,
        uint256 target,
        uint256 state
    ) external {
        // Lane 0 pending, lane 1 won, lane 2 void, lane 3 lost.
        _place(alice, ETH, 2, FLIP, 5_000, HEADS);
        _wait(VOID_AFTER + 1);
        _placeDrawn(alice, ETH, 1, FLIP, 1e9, HEADS, true);
        _placeDrawn(alice, ETH, 3, FLIP, 1e9, HEADS, false);
        _nextBlock();
        _place(alice, ETH, 0, FLIP, 5_000, HEADS);
        if (state % 4 == 1) casino.pause(1 days);
        if (state % 8 > 3) _nextBlock();
        asset = bound(asset, 0, 3);
        lane = bound(lane, 0, 4);
        game = bound(game, 0, 3);
        target = bound(target, 0, 10_000);
        stake =
            state % 3 == 0
                ? bound(stake, 0, 100)
                : state % 3 == 1
                    ? bound(stake, 0, 2 * PURSE)
                    : stake;
        bytes16 choice = game == FLIP ? (state % 5 == 0 ? TAILS : HEADS) : _under(target);
        if (state % 11 == 0) choice = bytes16(uint128(target));

        ICasino.Wager memory wager = _wager(
            uint16(asset),
            uint16(lane),
            uint16(game),
            stake,
            choice
        );
        bytes memory expected = _whyNot(alice, wager);
        vm.prank(alice);
        try casino.placeWager(wager) {
            assertEq(expected, "");
        } catch (bytes memory reason) {
            assertEq(expected, reason);
        }
    }

    // -- Helpers --

    function _tryPlace(
        address player,
        uint16 lane,
        uint16 game,
        uint256 stake,
        bytes16 choice
    ) private returns (bool, bytes memory) {
        vm.prank(player);
        return
            address(casino).call(
                abi.encodeCall(ICasino.bet, (ETH, lane, game, uint56(stake), choice))
            );
    }

    function _assertRefused(
        uint16 game,
        uint16 asset,
        uint256 stake,
        bytes16 choice,
        bytes memory reason
    ) private {
        assertEq(_whyNot(alice, _wager(asset, 0, game, stake, choice)), reason);
        vm.expectRevert(reason);
        vm.prank(alice);
        casino.bet(asset, 0, game, uint56(stake), choice);
    }
}
