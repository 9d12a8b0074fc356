// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {ProofFixture} from "../ProofFixture.sol";
import {LuckyGame} from "../fixtures/HostileGames.sol";
import {ICoordinator} from "../fixtures/ICoordinator.sol";
import {Vm} from "../fixtures/Test.sol";

/// @notice What went wrong elsewhere, 10 to 18 of 36: sources of words, and what the bankroll owes.
contract Failures10To18Test is ProofFixture {
    // -- 10. A subscription without funds: bets whose words nobody pays for --

    function test_failure_10_placing_reverts_before_the_subscription_can_run_dry() external {
        _replaceSource();
        _assertUnfunded(alice);
        coordinator.fundSubscriptionWithNative{value: 3 * WORST_PRICE - 1}(subscription);
        _flip(alice, 1_000);
        _nextBlock();
        _flip(bob, 1_000);
        _nextBlock();
        _assertUnfunded(carol);
        // Anyone tops it up, by one wei here: three requests are covered, two of them pending.
        vm.deal(carol, 1);
        vm.prank(carol);
        coordinator.fundSubscriptionWithNative{value: 1}(subscription);
        _flip(carol, 1_000);
    }

    // -- 11. A wrong key hash: requests that nobody can answer --
    // Deployment refuses a key that the coordinator does not know: test/deploy.test.ts.

    function test_failure_11_under_a_wrong_key_no_word_comes_and_every_stake_comes_back() external {
        keyHash = bytes32(uint256(0xBAD));
        casino.setSource(address(coordinator), keyHash, 0, WORST_PRICE);
        firstRound = _rounds();
        _fundSubscription();
        uint256 betId = _flip(alice, 1_000);
        (
            ICoordinator.Proof memory proof,
            ICoordinator.RequestCommitment memory request
        ) = _answer();
        vm.expectRevert();
        coordinator.fulfillRandomWords(proof, request, false);
        _wait(VOID_AFTER + 1);
        casino.refund(betId);
        assertEq(casino.balanceOf(alice, ETH), PURSE);
    }

    // -- 12. A reorganisation draws again: the same bets, another word --
    // What follows the chain through reorganisations: test/indexer-reorgs.test.ts.

    function test_failure_12_a_word_belongs_to_the_block_of_its_request_and_to_no_other_in_its_place()
        external
    {
        uint256 betId = _flip(alice, 1_000);
        (
            ICoordinator.Proof memory proof,
            ICoordinator.RequestCommitment memory request
        ) = _answer();
        vm.setBlockhash(height - 1, keccak256("a block in its place"));
        vm.expectRevert();
        coordinator.fulfillRandomWords(proof, request, false);
        assertTrue(_state(betId) == ICasino.RoundState.Pending);
        vm.setBlockhash(height - 1, REQUEST_BLOCK_HASH);
        coordinator.fulfillRandomWords(proof, request, false);
        assertTrue(_state(betId) == ICasino.RoundState.Drawn);
    }

    function test_failure_12_requests_ask_for_the_confirmations_of_their_source() external {
        casino.setSource(address(coordinator), keyHash, 7, WORST_PRICE);
        firstRound = _rounds();
        _fundSubscription();
        vm.recordLogs();
        _flip(alice, 1_000);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 requests;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].emitter != address(coordinator)) continue;
            (, , uint256 confirmations) = abi.decode(logs[i].data, (uint256, uint256, uint16));
            assertEq(confirmations, 7);
            ++requests;
        }
        assertEq(requests, 1);
    }

    // -- 13. Words that come out of order: each settles whatever is next --

    function test_failure_13_fifty_rounds_fulfilled_out_of_order_settle_each_by_its_own_word()
        external
    {
        uint256[] memory bets = new uint256[](50);
        for (uint256 i; i < 50; ++i) {
            bets[i] = _place(alice, ETH, uint16(i), FLIP, 1_000, HEADS);
            _nextBlock();
        }
        for (uint256 i; i < 50; ++i) {
            uint256 j = (i * 37 + 11) % 50;
            _draw(_requestOf(j + 1), 1_000 + j);
        }
        casino.settleMany(bets);
        uint256 wins;
        for (uint256 i; i < 50; ++i) {
            assertEq(views().roundAt(views().betOf(bets[i]).slot).word, 1_000 + i);
            if (views().seedOf(1_000 + i, bets[i]) & 1 == 0) ++wins;
        }
        assertEq(casino.balanceOf(alice, ETH), PURSE - 50_000 + wins * 1_980);
        assertEq(_books(ETH).openBets, 0);
    }

    // -- 14. Open bets that together can win more than there is --
    // With a fractional reserve the callbacks of winners failed, while losers settled.

    function test_failure_14_when_every_open_bet_wins_its_maximum_the_bankroll_pays_them_all()
        external
    {
        // Two grown games, since one may not reserve all that bets may reserve together: three fifths.
        uint16 first = _list(address(new LuckyGame()));
        _list(address(new LuckyGame()));
        _wait(RAMP);
        uint256[] memory bets = new uint256[](1_000);
        _give(alice, ETH, 9 * PURSE);
        uint256 reserved;
        uint16 lane;
        for (uint256 refusals; refusals < 4;) {
            uint16 game = first + (lane % 2);
            (bool placed, bytes memory result) = _tryPlace(alice, lane, game, 5e8, HEADS);
            if (placed) {
                refusals = 0;
                bets[lane] = abi.decode(result, (uint256));
                reserved += views().betOf(bets[lane]).reserve;
                ++lane;
                continue;
            }
            // A round is full at a fifth: the next one takes more, until there is no more at all.
            assertEq(bytes32(bytes4(result)), bytes32(ICasino.LiabilityAboveLimit.selector));
            ++refusals;
            _nextBlock();
        }
        assertEq(_books(ETH).reserved, reserved);
        assertLe(reserved, (BANKROLL * 3) / 5);
        assertLt((BANKROLL * 3) / 5 - reserved, 5e9);
        for (uint256 nonce = 1; nonce <= _rounds(); ++nonce) _draw(_requestOf(nonce), 7);
        casino.settleMany(bets);
        assertEq(_books(ETH).reserved, 0);
        assertEq(_books(ETH).openBets, 0);
        assertEq(casino.balanceOf(alice, ETH), 10 * PURSE + lane * (4.95e9 - 5e8));
    }

    // -- 15. Several rounds with a stop: too little is reserved for the win that ends them --

    function test_failure_15_the_reserve_is_at_least_the_most_that_any_course_of_wins_can_take(
        uint256 rounds,
        uint256 stopGain,
        uint256 stopLoss,
        uint256 target
    ) external {
        ICasino.Wager memory wager = _wager(
            ETH,
            1,
            DICE,
            100_000,
            _under(bound(target, 500, 9_800))
        );
        wager.rounds = bound(rounds, 2, 8);
        wager.stopGain = stopGain % 3 == 0 ? 0 : bound(stopGain, 1, 800_000);
        wager.stopLoss = stopLoss % 3 == 0 ? 0 : bound(stopLoss, 1, 800_000);
        Quote memory quote = _quote(alice, wager);
        (uint256 multiplier, , ) = dice.odds(wager.choice);
        uint256 win = (wager.stake * multiplier) / WAD;
        uint256 escrow = wager.stake * wager.rounds;
        uint256 most;
        for (uint256 course; course < 1 << wager.rounds; ++course) {
            (uint256 paid, uint256 played) = _course(wager, win, course);
            uint256 payout = paid + escrow - played * wager.stake;
            if (payout > most) most = payout;
            assertLe(payout + (played * wager.stake * quote.feeRate) / 1e5, escrow + quote.reserve);
        }
        assertLe(most, quote.maxPayout);
        if (wager.stopGain == 0 && wager.stopLoss == 0) assertEq(most, quote.maxPayout);
    }

    // -- 16. A stop of zero ends a series with its first round --

    function test_failure_16_a_stop_of_zero_is_off() external {
        ICasino.Wager memory wager = _series(40, 0, 0);
        uint256 betId = _placeWager(alice, wager);
        _draw(_lastRequest(), 12_345);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.RoundsPlayed(betId, 40);
        casino.settle(betId);
    }

    // -- 17. Each round of a batch is within Kelly's bound, and all together are far above it --

    function test_failure_17_a_series_is_held_to_the_kelly_stake_of_a_round_and_to_the_caps_as_one()
        external
    {
        uint256 most = _quote(alice, _series(1, 0, 0)).maxStake;
        ICasino.Wager memory wager = _series(2, 0, 0);
        wager.stake = most + 1;
        assertEq(
            _whyNot(alice, wager),
            abi.encodeWithSelector(ICasino.StakeAboveLimit.selector, most + 1, most)
        );
        wager.stake = most;
        wager.rounds = 11;
        bytes memory reason = _whyNot(alice, wager);
        assertEq(bytes32(bytes4(reason)), bytes32(ICasino.LiabilityAboveLimit.selector));
        wager.rounds = 9;
        _placeWager(alice, wager);
    }

    // -- 18. Terms change under an open bet: weights were read at settlement --

    function test_failure_18_terms_of_an_open_bet_are_frozen_at_placement() external {
        uint256 betId = _flip(alice, 100_000);
        uint256 reserve = views().betOf(betId).reserve;
        ICasino.Terms memory terms = _terms();
        (terms.maxStake, terms.shareBps, terms.kellyBps, terms.capBps) = (1, 5_000, 1, 1);
        casino.setTerms(FLIP, ETH, terms);
        casino.delist(FLIP, ETH);
        _nextBlock();
        _draw(_lastRequest(), _wordFor(betId, true, 1));
        assertEq(views().betOf(betId).reserve, reserve);
        casino.settle(betId);
        assertEq(casino.balanceOf(alice, ETH), PURSE + 98_000);
        assertEq(_books(ETH).fees, 100);
    }

    function test_failure_18_a_stipend_is_never_lowered_under_open_bets() external {
        ICasino.Terms memory terms = _terms();
        ICasino.Terms memory lower = _terms();
        lower.stipend -= 512;
        terms.roundGas -= 16;
        for (uint256 i; i < 2; ++i) {
            _assertTermsRefused(lower, "stipend", STIPEND - 512, STIPEND);
            _assertTermsRefused(terms, "roundGas", ROUND_GAS - 16, ROUND_GAS);
            if (i == 0) casino.delist(FLIP, ETH);
        }
    }

    // -- Helpers --

    function _state(uint256 betId) private view returns (ICasino.RoundState) {
        return views().roundAt(views().betOf(betId).slot).state;
    }

    function _assertUnfunded(address player) private {
        bytes memory reason = abi.encodeWithSelector(
            ICasino.RandomnessUnfunded.selector,
            subscription
        );
        assertEq(_whyNot(player, _wager(ETH, 0, FLIP, 1_000, HEADS)), reason);
        vm.expectRevert(reason);
        _flip(player, 1_000);
    }

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

    /// @notice Heads in lane 1.
    function _series(
        uint256 rounds,
        uint256 stopGain,
        uint256 stopLoss
    ) private pure returns (ICasino.Wager memory) {
        return ICasino.Wager(ETH, 1, FLIP, 1_000, HEADS, rounds, stopGain, stopLoss);
    }

    /// @notice What a series pays and plays where bit i of the course says whether round i wins.
    function _course(
        ICasino.Wager memory wager,
        uint256 win,
        uint256 course
    ) private pure returns (uint256 paid, uint256 played) {
        int256 net;
        while (played < wager.rounds) {
            uint256 won = (course >> played) & 1 == 1 ? win : 0;
            ++played;
            paid += won;
            net += int256(won) - int256(wager.stake);
            if (wager.stopGain != 0 && net >= int256(wager.stopGain)) break;
            if (wager.stopLoss != 0 && -net >= int256(wager.stopLoss)) break;
        }
    }

    function _assertTermsRefused(
        ICasino.Terms memory terms,
        bytes32 what,
        uint256 value,
        uint256 limit
    ) private {
        vm.expectRevert(abi.encodeWithSelector(ICasino.OutOfBounds.selector, what, value, limit));
        casino.setTerms(FLIP, ETH, terms);
    }
}
