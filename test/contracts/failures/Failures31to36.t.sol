// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {ICasinoViews} from "../../../contracts/interfaces/ICasinoViews.sol";
import {ISessions} from "../../../contracts/interfaces/ISessions.sol";
import {CasinoFixture} from "../CasinoFixture.sol";
import {OrderFixture} from "../OrderFixture.sol";
import {ProofFixture} from "../ProofFixture.sol";
import {ContractAccount} from "../fixtures/Accounts.sol";
import {LuckyGame} from "../fixtures/HostileGames.sol";
import {ArbSysStub, SoreLoser} from "../fixtures/HostileParties.sol";
import {ICoordinator} from "../fixtures/ICoordinator.sol";
import {Reentrant} from "../fixtures/Tokens.sol";

/// @notice What went wrong elsewhere, 31 to 36 of 36: accounts, seeds, chains, rounding and breakers.
/// 30, tokens and recipients that are hostile: HostileTokens.t.sol and HostileParties.t.sol.
contract Failures31To36Test is OrderFixture, ProofFixture {
    function setUp() public override(CasinoFixture, OrderFixture) {
        OrderFixture.setUp();
    }

    // -- 31. Accounts that are contracts cannot play, or never get out --

    function test_failure_31_a_contract_plays_by_itself_and_is_paid() external {
        Reentrant wallet = new Reentrant(casino);
        _give(address(wallet), ETH, 1_000);
        wallet.run(abi.encodeCall(ICasino.bet, (ETH, 0, FLIP, 1_000, HEADS)));
        uint256 betId = _betId(address(wallet), ETH, 0, 1);
        _draw(_lastRequest(), _wordFor(betId, true, 1));
        wallet.run(abi.encodeCall(ICasino.settle, (betId)));
        // What it does with the coins takes more gas than `transfer` would leave it.
        wallet.attempt(abi.encodeCall(ICasino.balanceOf, (address(wallet), ETH)));
        wallet.run(abi.encodeCall(ICasino.withdraw, (ETH, 1_980, address(wallet))));
        assertEq(wallet.entered(), 1);
        assertEq(address(wallet).balance, 1_980e9);
    }

    function test_failure_31_a_contract_account_opens_a_session_and_plays_through_its_key()
        external
    {
        ContractAccount account = new ContractAccount();
        _give(address(account), ETH, 1_000);
        ISessions.Terms memory terms = _grant();
        vm.expectRevert(
            abi.encodeWithSelector(ISessions.GrantNotSigned.selector, address(account), 0)
        );
        sessions.open(address(account), terms, "");
        account.approve(_grantDigest(address(account), terms, 0));
        sessions.open(address(account), terms, "");
        _assertCarried(_sign(SESSION_KEY, _order(address(account), 1, 1)));
        assertEq(casino.balanceOf(address(account), ETH), 0);
    }

    function test_failure_31_an_account_with_code_of_eip_7702_opens_sessions_and_signs_orders()
        external
    {
        ContractAccount code = new ContractAccount();
        vm.etch(alice, abi.encodePacked(hex"ef0100", address(code)));
        ISessions.Terms memory terms = _grant();
        ContractAccount(alice).approve(_grantDigest(alice, terms, 0));
        sessions.open(alice, terms, "");
        _assertCarried(_sign(SESSION_KEY, _order(alice, 1, 1)));
        _assertCarried(_sign(ALICE_KEY, _order(alice, 2, 1)));
        _open(alice, terms);
    }

    // -- 32. A seed used for more than one bet or round --

    function test_failure_32_seeds_differ_between_bets_words_and_casinos() external {
        uint256 first = _flip(alice, 1_000);
        uint256 second = _place(alice, ETH, 1, FLIP, 1_000, HEADS);
        assertTrue(views().seedOf(1, first) != views().seedOf(1, second));
        assertTrue(views().seedOf(1, first) != views().seedOf(2, first));
        ICasinoViews other = ICasinoViews(address(_newCasino(64, 1 hours)));
        assertTrue(views().seedOf(1, first) != other.seedOf(1, first));
        assertEq(
            views().seedOf(1, first),
            uint256(keccak256(abi.encode(1, 31_337, address(casino), first)))
        );
        vm.chainId(1);
        assertTrue(
            views().seedOf(1, first) !=
                uint256(keccak256(abi.encode(1, 31_337, address(casino), first)))
        );
    }

    function test_failure_32_equal_bets_of_a_round_are_settled_each_by_its_own_seed() external {
        uint256[] memory bets = new uint256[](16);
        for (uint16 i; i < 16; ++i) bets[i] = _place(alice, ETH, i, FLIP, 1_000, HEADS);
        _draw(_lastRequest(), 7);
        uint256 wins;
        for (uint256 i; i < 16; ++i) {
            uint256 before = casino.balanceOf(alice, ETH);
            casino.settle(bets[i]);
            uint256 paid = coinFlip.payout(1_000, HEADS, views().seedOf(7, bets[i]));
            assertEq(casino.balanceOf(alice, ETH), before + paid);
            if (paid != 0) ++wins;
        }
        assertTrue(wins > 0 && wins < 16);
    }

    function test_failure_32_each_round_of_a_series_draws_from_a_seed_of_its_own() external {
        uint256 betId = _placeWager(
            alice,
            ICasino.Wager(ETH, 1, DICE, 1_000, _under(5_000), 60, 0, 0)
        );
        _draw(_lastRequest(), 12_345);
        uint256 seed = views().seedOf(12_345, betId);
        uint256 paid;
        uint256 wins;
        for (uint256 i; i < 60; ++i) {
            uint256 won = dice.payout(
                1_000,
                _under(5_000),
                uint256(keccak256(abi.encode(seed, i)))
            );
            paid += won;
            if (won != 0) ++wins;
        }
        assertTrue(wins > 15 && wins < 45);
        casino.settle(betId);
        assertEq(casino.balanceOf(alice, ETH), PURSE - 60_000 + paid);
    }

    // -- 33. A draw that its caller can abort when it loses --

    function test_failure_33_nobody_can_answer_within_the_block_of_the_request() external {
        _flip(alice, 1_000_000);
        (
            ICoordinator.Proof memory proof,
            ICoordinator.RequestCommitment memory request
        ) = _answer();
        // The proof's seed holds the hash of that block, which is not known before its end.
        vm.roll(--height);
        vm.expectRevert();
        coordinator.fulfillRandomWords(proof, request, false);
    }

    function test_failure_33_a_player_who_reverts_on_a_loss_delays_it_and_no_more() external {
        SoreLoser player = new SoreLoser(casino);
        _give(address(player), ETH, 1_000);
        vm.expectRevert();
        player.betAndSettle(FLIP, 1_000, HEADS);
        player.bet(FLIP, 1_000, HEADS);
        uint256 betId = _betId(address(player), ETH, 0, 1);
        _draw(_lastRequest(), _wordFor(betId, false, 1));
        vm.expectRevert(SoreLoser.Lost.selector);
        player.settle(betId);
        assertTrue(_isOpen(betId));
        _wait(VOID_AFTER + 1);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RoundDrawnAlready.selector, betId));
        casino.refund(betId);
        casino.settle(betId);
        assertEq(casino.balanceOf(address(player), ETH), 0);
    }

    // -- 34. Timers that count blocks, on chains whose blocks are no clock --

    function test_failure_34_on_arbitrum_a_round_is_joined_within_its_l2_block_only() external {
        vm.etch(address(100), address(new ArbSysStub()).code);
        ArbSysStub arbSys = ArbSysStub(address(100));
        uint256[3] memory chains = [uint256(42_161), 42_170, 421_614];
        for (uint256 i; i < chains.length; ++i) {
            vm.chainId(chains[i]);
            setUp();
            arbSys.set(5_000_000_000 + i);
            _flip(alice, 1_000);
            vm.roll(++height);
            _flip(bob, 1_000);
            assertEq(_rounds(), 1, "the parent chain's block does not matter");
            arbSys.set(5_000_000_010 + i);
            _flip(carol, 1_000);
            assertEq(_rounds(), 2, "another L2 block, though the parent's is the same");
        }
    }

    function test_failure_34_deadlines_count_seconds_and_not_blocks() external {
        uint256 betId = _flip(alice, 1_000);
        vm.roll(height += 1_000_000);
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.RoundPending.selector, betId, time + VOID_AFTER)
        );
        casino.refund(betId);
    }

    function test_failure_34_nothing_expires_by_blocks_and_everything_does_by_time() external {
        _open(alice, _grant());
        ICasino.SignedOrder memory first = _sign(SESSION_KEY, _order(alice, 1, 1));
        ICasino.SignedOrder memory second = _sign(SESSION_KEY, _order(alice, 1, 2));
        vm.roll(height += 1_000_000);
        _assertCarried(first);
        vm.roll(height += 1);
        casino.pause(1 hours);
        vm.roll(height += 1_000_000);
        vm.expectRevert(abi.encodeWithSelector(ICasino.BetsPaused.selector, time + 1 hours));
        _flip(bob, 1_000);
        vm.expectRevert(abi.encodeWithSelector(ICasino.EpochNotOver.selector, time + 1 days));
        casino.rollEpoch();
        _draw(_lastRequest(), 7);
        // No block passes from here on.
        vm.warp(time + 1 hours);
        _flip(bob, 1_000);
        vm.warp(time + 1 hours + 1);
        _assertSkipped(
            second,
            abi.encodeWithSelector(ICasino.OrderExpired.selector, time + 1 hours)
        );
        vm.warp(time + 1 days);
        casino.rollEpoch();
        vm.warp(time + 2 days);
        casino.refund(_betId(bob, ETH, 0, 1));
    }

    // -- 35. Rounding that eats the return of the smallest stakes --

    function test_failure_35_small_stakes_keep_the_declared_return_within_a_unit_per_win(
        uint256 stake,
        uint256 target
    ) external view {
        // What rounding takes is less than one unit of a won bet; a least stake keeps it below the edge.
        stake = bound(stake, 1, 1_000_000);
        target = bound(target, 1, 9_800);
        (uint256 multiplier, uint256 rtp, ) = dice.odds(_under(target));
        uint256 paid = dice.payout(stake, _under(target), 0);
        assertLe(paid * WAD, stake * multiplier);
        assertGt((paid + 1) * WAD, stake * multiplier);
        if (stake >= 10_000) assertGe((paid * target * WAD) / stake / 10_000, rtp - 1e14);
    }

    function test_failure_35_a_stake_below_the_least_one_is_refused() external {
        ICasino.Terms memory terms = _terms();
        terms.minStake = 10_001;
        casino.setTerms(FLIP, USDC, terms);
        (, terms) = views().termsOf(FLIP, USDC);
        assertGe(terms.minStake, 10_001);
        _assertRefused(
            FLIP,
            USDC,
            10_001,
            HEADS,
            abi.encodeWithSelector(ICasino.StakeBelowLimit.selector, 10_001, terms.minStake)
        );
        _place(alice, USDC, 0, FLIP, terms.minStake, HEADS);
    }

    // -- 36. A breaker that its owner alone can reset --

    function test_failure_36_a_pause_is_at_most_72_hours_and_begins_again_after_a_day_only()
        external
    {
        vm.expectRevert(
            abi.encodeWithSelector(
                ICasino.OutOfBounds.selector,
                bytes32("pause"),
                72 hours + 1,
                72 hours
            )
        );
        casino.pause(72 hours + 1);
        casino.pause(72 hours);
        uint256 again = time + 96 hours;
        uint256[3] memory tries = [time, time + 72 hours, again - 1];
        for (uint256 i; i < tries.length; ++i) {
            vm.warp(tries[i]);
            vm.expectRevert(abi.encodeWithSelector(ICasino.PauseTooSoon.selector, again));
            casino.pause(i);
        }
        vm.warp(again);
        casino.pause(1 hours);
    }

    function test_failure_36_nobody_can_shorten_the_halt_after_void_rounds() external {
        _haltByVoids();
        (, , , uint256 halted, ) = views().head();
        assertEq(halted, time + 1 days);
        vm.expectRevert(abi.encodeWithSelector(ICasino.PauseTooSoon.selector, halted + 1 days));
        casino.pause(0);
        vm.warp(halted - 1);
        vm.expectRevert(abi.encodeWithSelector(ICasino.PauseTooSoon.selector, halted + 1 days));
        casino.pause(0);
        (, , , uint256 still, ) = views().head();
        assertEq(still, halted);
    }

    function test_failure_36_no_role_resets_a_games_loss_of_the_day() external {
        uint16 game = _list(address(new LuckyGame()));
        ICasino.Terms memory terms = _terms();
        terms.lossBps = 10;
        casino.setTerms(game, ETH, terms);
        uint256 betId = _place(alice, ETH, 0, game, 5e8, HEADS);
        _draw(_lastRequest(), 7);
        casino.settle(betId);
        _nextBlock();
        bytes memory reached = _whyNot(alice, _wager(ETH, 0, game, 1_000, HEADS));
        assertEq(bytes32(bytes4(reached)), bytes32(ICasino.GameLossReached.selector));
        casino.delist(game, ETH);
        casino.setTerms(game, ETH, terms);
        assertEq(_whyNot(alice, _wager(ETH, 0, game, 1_000, HEADS)), reached);
        casino.drawBankroll(ETH, 1);
        casino.fundBankroll(ETH, 1);
        assertEq(_whyNot(alice, _wager(ETH, 0, game, 1_000, HEADS)), reached);
    }

    function test_failure_36_no_role_resets_the_halt_after_a_drawdown() external {
        uint16 game = _list(address(new LuckyGame()));
        _give(alice, ETH, PURSE);
        _wait(RAMP);
        // Two rounds, each of nearly a fifth of the bankroll, lost before a bet of them is settled.
        uint256[] memory bets = new uint256[](70);
        for (uint256 i; i < bets.length; ++i) {
            if (i % 35 == 0) _nextBlock();
            bets[i] = _place(alice, ETH, uint16(i), game, 5e8, HEADS);
        }
        _draw(_requestOf(1), 7);
        _draw(_requestOf(2), 7);
        casino.settleMany(bets);
        _nextBlock();
        _assertHalted();
        casino.setTerms(FLIP, ETH, _terms());
        casino.delist(FLIP, ETH);
        casino.setTerms(FLIP, ETH, _terms());
        casino.setSource(address(coordinator), keyHash, 3, 1);
        casino.claimFees(ETH, _books(ETH).fees, bob);
        _assertHalted();
        // What LPs add or take is no gain and no loss.
        casino.drawBankroll(ETH, 1e11);
        casino.fundBankroll(ETH, 1e11);
        _assertHalted();
    }

    // -- Helpers --

    function _assertHalted() private {
        bytes memory reason = _whyNot(bob, _wager(ETH, 0, FLIP, 1, HEADS));
        assertEq(bytes32(bytes4(reason)), bytes32(ICasino.DrawdownReached.selector));
    }

    function _haltByVoids() private {
        for (uint16 i; i < 3; ++i) {
            _place(alice, ETH, i, FLIP, 1_000, HEADS);
            _nextBlock();
        }
        _wait(VOID_AFTER + 1);
        for (uint16 i; i < 3; ++i) casino.refund(_betId(alice, ETH, i, 1));
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
