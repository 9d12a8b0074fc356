// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {ICoordinator} from "./fixtures/ICoordinator.sol";
import {Vm} from "./fixtures/Test.sol";

/// @notice Where words come from, what pays for them, and when none are asked for.
contract SourcesTest is CasinoFixture {
    function test_failure_09_a_new_source_leaves_pending_rounds_to_their_own() external {
        ICoordinator old = coordinator;
        uint256 betId = _flip(alice, 1_000);
        uint256 request = _lastRequest();
        _replaceSource();
        _fundSubscription();
        _draw(request, 7);
        assertTrue(views().roundAt(views().betOf(betId).slot).state == ICasino.RoundState.Pending);
        coordinator = old;
        _draw(request, 8);
        assertEq(views().roundAt(views().betOf(betId).slot).word, 8);
        _nextBlock();
        uint256 later = _flip(bob, 1_000);
        assertEq(_rounds(), 2);
        _draw(_requestOf(1), 9);
        assertTrue(views().roundAt(views().betOf(later).slot).state == ICasino.RoundState.Pending);
        (, , uint256 rounds, , ) = views().head();
        assertEq(rounds, 2);
    }

    function test_failure_10_placing_reverts_before_the_subscription_can_run_dry() external {
        _replaceSource();
        bytes memory unfunded = abi.encodeWithSelector(
            ICasino.RandomnessUnfunded.selector,
            subscription
        );
        _assertRefused(alice, unfunded);
        coordinator.fundSubscriptionWithNative{value: 3 * WORST_PRICE - 1}(subscription);
        _flip(alice, 1_000);
        _nextBlock();
        _flip(bob, 1_000);
        _nextBlock();
        _assertRefused(carol, unfunded);
        // Anyone tops it up, by one wei here: three requests are covered, two of them pending.
        vm.deal(carol, 1);
        vm.prank(carol);
        coordinator.fundSubscriptionWithNative{value: 1}(subscription);
        _flip(carol, 1_000);
    }

    function test_the_casino_owns_its_subscription_and_is_its_only_consumer() external view {
        (, , , address owner, address[] memory consumers) = coordinator.getSubscription(
            subscription
        );
        assertEq(owner, address(casino));
        assertEq(consumers.length, 1);
        assertEq(consumers[0], address(casino));
    }

    function test_source_is_bounded_and_announced() external {
        vm.expectRevert(abi.encodeWithSelector(ICasino.SourceMissing.selector, alice));
        casino.setSource(alice, keyHash, 0, WORST_PRICE);
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.OutOfBounds.selector, bytes32("confirmations"), 201, 200)
        );
        casino.setSource(address(coordinator), keyHash, 201, WORST_PRICE);
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.OutOfBounds.selector, bytes32("worstPrice"), 0, 1)
        );
        casino.setSource(address(coordinator), keyHash, 0, 0);
        vm.recordLogs();
        casino.setSource(address(coordinator), keyHash, 5, WORST_PRICE);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory last = logs[logs.length - 1];
        (
            address at,
            bytes32 hash,
            uint256 subscription_,
            uint16 confirmations,
            uint256 price
        ) = casino.source();
        assertEq(last.topics[0], ICasino.SourceSet.selector);
        assertEq(uint256(last.topics[1]), 1);
        assertEq(last.data, abi.encode(at, hash, subscription_, confirmations, price));
        assertTrue(subscription_ != subscription && confirmations == 5 && price == WORST_PRICE);
    }

    function test_pause_halts_new_rounds_only_and_expires() external {
        uint256 before = _flip(alice, 1_000);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.Paused(time + 72 hours, address(this));
        casino.pause(72 hours);
        // The round of this block is open already.
        _flip(bob, 1_000);
        _nextBlock();
        bytes memory paused = abi.encodeWithSelector(
            ICasino.BetsPaused.selector,
            time - 1 + 72 hours
        );
        _assertRefused(carol, paused);
        _draw(_lastRequest(), 7);
        casino.settle(before);
        _wait(72 hours - 2);
        _assertRefused(carol, paused);
        _wait(1);
        _flip(carol, 1_000);
    }

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

    function test_sources_are_replaced_at_most_127_times() external {
        for (uint256 i; i < 127; ++i) casino.setSource(address(coordinator), bytes32(i), 0, i + 1);
        (, bytes32 hash, uint256 last, , uint256 price) = casino.source();
        assertEq(uint256(hash), 126);
        assertEq(price, 127);
        (, , , address owner, ) = coordinator.getSubscription(last);
        assertEq(owner, address(casino));
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.OutOfBounds.selector, bytes32("sources"), 128, 127)
        );
        casino.setSource(address(coordinator), keyHash, 0, 1);
    }

    function test_three_void_rounds_in_a_day_halt_new_ones_for_a_day() external {
        for (uint256 i; i < 3; ++i) {
            _place(alice, ETH, uint16(i), FLIP, 1_000, HEADS);
            _place(bob, ETH, uint16(i), FLIP, 1_000, HEADS);
            _nextBlock();
        }
        _wait(VOID_AFTER + 1);
        uint256 slot = views().betOf(_betId(alice, ETH, 0, 1)).slot;
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.RoundVoided(slot, time - 4 - VOID_AFTER);
        casino.refund(_betId(alice, ETH, 0, 1));
        casino.refund(_betId(bob, ETH, 0, 1));
        casino.refund(_betId(alice, ETH, 1, 1));
        casino.refund(_betId(bob, ETH, 1, 1));
        (, , , uint256 pausedUntil, ) = views().head();
        assertEq(pausedUntil, 0, "two rounds, four refunds");
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.Paused(time + 1 days, carol);
        vm.prank(carol);
        casino.refund(_betId(alice, ETH, 2, 1));
        _assertRefused(alice, abi.encodeWithSelector(ICasino.BetsPaused.selector, time + 1 days));
        casino.refund(_betId(bob, ETH, 2, 1));
        assertEq(casino.balanceOf(alice, ETH), PURSE);
        assertEq(casino.balanceOf(bob, ETH), PURSE);
    }

    function _haltByVoids() private {
        for (uint16 i; i < 3; ++i) {
            _place(alice, ETH, i, FLIP, 1_000, HEADS);
            _nextBlock();
        }
        _wait(VOID_AFTER + 1);
        for (uint16 i; i < 3; ++i) casino.refund(_betId(alice, ETH, i, 1));
    }

    function _assertRefused(address player, bytes memory reason) private {
        assertEq(_whyNot(player, _wager(ETH, 0, FLIP, 1_000, HEADS)), reason);
        vm.expectRevert(reason);
        vm.prank(player);
        casino.bet(ETH, 0, FLIP, 1_000, HEADS);
    }
}
