// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {Vm} from "./fixtures/Test.sol";

/// @notice Where words come from, what pays for them, and when none are asked for.
contract SourcesTest is CasinoFixture {
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
        casino.setSource(address(coordinator), keyHash, 200, WORST_PRICE);
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
        assertTrue(subscription_ != subscription && confirmations == 200 && price == WORST_PRICE);
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

    function test_a_halt_after_void_rounds_does_not_shorten_a_longer_pause() external {
        _openThreeVoidRounds();
        casino.pause(72 hours);
        uint256 until = time + 72 hours;
        for (uint16 i; i < 3; ++i) casino.refund(_betId(alice, ETH, i, 1));
        (, , , uint256 pausedUntil, ) = views().head();
        assertEq(pausedUntil, until);
    }

    function test_a_halt_that_ends_with_a_pause_is_told_once() external {
        _openThreeVoidRounds();
        casino.pause(1 days);
        vm.recordLogs();
        for (uint16 i; i < 3; ++i) casino.refund(_betId(alice, ETH, i, 1));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 6, "of each a void round and a refund");
        for (uint256 i; i < logs.length; ++i)
            assertTrue(logs[i].topics[0] != ICasino.Paused.selector);
    }

    function test_a_rich_subscription_counts_as_many_requests_as_its_field_holds() external {
        coordinator.fundSubscriptionWithNative{value: 200_000 ether}(subscription);
        _place(alice, ETH, 0, FLIP, 1_000, HEADS);
        (, , , , uint256 credits) = views().head();
        assertEq(credits, (1 << 24) - 2, "the most, less the one spent");
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

    /// @notice Alice's, in three lanes, which nobody has marked void yet.
    function _openThreeVoidRounds() private {
        for (uint16 i; i < 3; ++i) {
            _place(alice, ETH, i, FLIP, 1_000, HEADS);
            _nextBlock();
        }
        _wait(VOID_AFTER + 1);
    }

    function _assertRefused(address player, bytes memory reason) private {
        assertEq(_whyNot(player, _wager(ETH, 0, FLIP, 1_000, HEADS)), reason);
        vm.expectRevert(reason);
        vm.prank(player);
        casino.bet(ETH, 0, FLIP, 1_000, HEADS);
    }
}
