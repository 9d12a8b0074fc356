// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILimits} from "../../contracts/interfaces/ILimits.sol";
import {LimitsFixture} from "./LimitsFixture.sol";

/// @notice What limits tell and keep: terms, loosenings and exclusions beside each other.
contract LimitsSettingsTest is LimitsFixture {
    uint256 private guards;

    function guard(address, uint16) external override {
        ++guards;
    }

    // -- What is told --

    function test_limits_are_told_as_they_are_kept_and_a_loosening_where_there_is_one() external {
        ILimits.Terms memory terms = _each(3_001);
        ILimits.Terms memory kept = _each(3_000);
        vm.recordLogs();
        _set(terms);
        assertEq(vm.getRecordedLogs().length, 1, "nothing is loosened");
        vm.expectEmit(true, true, true, true, address(limits));
        emit ILimits.LimitsSet(ALICE, ETH, kept);
        _set(terms);
        terms.losses.day = 5_000;
        vm.expectEmit(true, true, true, true, address(limits));
        emit ILimits.LimitsSet(ALICE, ETH, kept);
        kept.losses.day = 5_000;
        vm.expectEmit(true, true, true, true, address(limits));
        emit ILimits.LooseningScheduled(ALICE, ETH, kept, START + 1 days);
        _set(terms);
        assertEq(guards, 1, "told of a new account alone");
    }

    function test_an_exclusion_is_told_with_its_kind() external {
        vm.startPrank(ALICE);
        vm.expectEmit(true, true, true, true, address(limits));
        emit ILimits.ExclusionSet(ALICE, START + 2 days, false);
        limits.coolOff(2 days);
        vm.expectEmit(true, true, true, true, address(limits));
        emit ILimits.ExclusionSet(ALICE, START + 183 days, true);
        limits.selfExclude(183 days);
        vm.stopPrank();
    }

    function test_all_limits_are_read_back_each_in_its_place() external {
        ILimits.Terms memory terms = ILimits.Terms(
            ILimits.Windows(1, 20, 300),
            ILimits.Windows(4, 50, 600),
            ILimits.Windows(7, 80, 900),
            1 days
        );
        _set(terms);
        (ILimits.Terms memory current, ILimits.Terms memory later, uint256 from) = _limits();
        assertEq(abi.encode(current), abi.encode(terms));
        assertEq(abi.encode(later), abi.encode(terms));
        assertEq(from, 0);
    }

    function test_the_largest_limit_and_the_longest_pause_can_be_set() external {
        _set(_each(MAX));
        (ILimits.Terms memory current, , ) = _limits();
        assertEq(current.deposits.month, 2_047 << 45);
        ILimits.Terms memory terms;
        terms.pauseSeconds = 1 days;
        _set(terms);
        (current, , ) = _limits();
        assertEq(current.pauseSeconds, 1 days);
    }

    // -- Exclusions and loosenings beside each other --

    function test_an_exclusion_moves_to_its_own_end_and_leaves_limits_and_loosening_alone()
        external
    {
        vm.warp(START + 1);
        _set(_each(100));
        _set(_each(101));
        vm.startPrank(ALICE);
        limits.coolOff(1 days);
        _assertExcluded(START + 1 days + 1);
        // Later by a bit that the first end has not, and without some that it has.
        limits.coolOff(40 days + 3);
        vm.stopPrank();
        _assertExcluded(START + 40 days + 4);
        (ILimits.Terms memory current, ILimits.Terms memory later, uint256 from) = _limits();
        assertEq(abi.encode(current), abi.encode(_each(100)));
        assertEq(abi.encode(later), abi.encode(_each(101)));
        assertEq(from, START + 1 days + 1);
    }

    function test_limits_leave_an_exclusion_alone_when_set_and_when_loosened() external {
        vm.warp(START + 1);
        _set(_each(100));
        vm.prank(ALICE);
        limits.coolOff(30 days);
        _set(_each(101));
        _assertExcluded(START + 30 days + 1);
        vm.warp(START + 10 days);
        _assertExcluded(START + 30 days + 1);
        (, , uint256 from) = _limits();
        assertEq(from, 0);
        _set(_each(99));
        _assertExcluded(START + 30 days + 1);
    }

    function test_a_later_call_leaves_nothing_of_the_time_that_was_waited_for() external {
        vm.warp(START + 1);
        _set(_each(100));
        _set(_each(101));
        vm.warp(START + 2 hours);
        _set(_each(102));
        (, , uint256 from) = _limits();
        assertEq(from, START + 1 days + 2 hours);
        _set(_each(99));
        (, , from) = _limits();
        assertEq(from, 0);
    }

    function test_an_exclusion_to_the_same_time_is_not_later() external {
        vm.startPrank(ALICE);
        limits.coolOff(1 days);
        uint256 until = START + 1 days;
        vm.expectRevert(abi.encodeWithSelector(ILimits.ExclusionNotLater.selector, until, until));
        limits.coolOff(1 days);
        vm.stopPrank();
    }

    function test_a_longer_pause_takes_the_place_of_a_shorter_one() external {
        ILimits.Terms memory terms;
        terms.pauseSeconds = 5;
        _set(terms);
        terms.pauseSeconds = 8;
        _set(terms);
        (ILimits.Terms memory current, , ) = _limits();
        assertEq(current.pauseSeconds, 8);
        terms.pauseSeconds = 1;
        _set(terms);
        vm.warp(START + 1 days);
        limits.notePlaced(ALICE, ETH, 1, 0, 0, false);
        assertEq(
            limits.whyNot(ALICE, ETH, 1),
            abi.encodeWithSelector(ILimits.BetTooSoon.selector, START + 1 days + 1)
        );
    }

    // -- Helpers --

    function _limits()
        private
        view
        returns (ILimits.Terms memory current, ILimits.Terms memory later, uint256 from)
    {
        return limits.limitsOf(ALICE, ETH);
    }

    function _assertExcluded(uint256 until) private view {
        assertEq(
            limits.whyNot(ALICE, ETH, 1),
            abi.encodeWithSelector(ILimits.PlayerExcluded.selector, until)
        );
    }
}
