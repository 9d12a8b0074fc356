// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILimits} from "../../contracts/interfaces/ILimits.sol";
import {LimitsFixture} from "./LimitsFixture.sol";

/// @notice What limits count, to the unit: odd amounts, single units, large ones in coarse grains.
contract LimitsCountsTest is LimitsFixture {
    // -- Windows --

    function test_each_sum_is_of_its_window() external {
        _set(_each(1_000));
        _play(101, 11, 7);
        vm.warp(START + 1 days);
        _play(33, 5, 3);
        vm.warp(START + 2 days);
        _play(3, 1, 1);
        _play(2, 2, 4);
        _assertUsage(_windows(5, 139, 139), _windows(3, 19, 19), _windows(5, 15, 15));
        vm.warp(START + 8 days);
        _assertUsage(_windows(0, 0, 139), _windows(0, 0, 19), _windows(0, 0, 15));
        _play(9, 3, 1);
        vm.warp(START + 9 days);
        _play(2, 2, 8);
        _place(77);
        _assertUsage(_windows(79, 88, 227), _windows(2, 5, 24), _windows(8, 9, 24));
        ILimits.Usage memory usage = limits.usageOf(ALICE, ETH);
        assertEq(usage.open, 77);
        assertEq(usage.lastBetAt, START + 9 days);
        vm.warp(START + 30 days);
        _assertUsage(_windows(0, 0, 0), _windows(0, 0, 0), _windows(0, 0, 0));
        _play(2, 2, 0);
        _assertUsage(_windows(2, 2, 2), _windows(2, 2, 2), _windows(0, 0, 0));
        assertEq(limits.usageOf(ALICE, ETH).open, 77);
    }

    function test_losses_count_only_where_they_are_limited() external {
        ILimits.Terms memory terms;
        terms.losses.week = 1_000;
        _set(terms);
        _play(50, 50, 0);
        _assertUsage(_windows(0, 0, 0), _windows(0, 50, 0), _windows(0, 0, 0));
    }

    function test_a_neighbours_account_is_another() external {
        _set(_each(10));
        _place(10);
        address neighbour = address(uint160(ALICE) ^ 1);
        limits.notePlaced(neighbour, ETH, 11, 0, 0, false);
        assertEq(limits.usageOf(neighbour, ETH).staked.day, 0);
        assertEq(limits.usageOf(ALICE, ETH).open, 10);
    }

    // -- Ends --

    function test_a_bet_counts_the_end_of_the_one_before_it() external {
        _set(_each(1_000));
        _place(60);
        limits.notePlaced(ALICE, ETH, 30, 60, 20, false);
        assertEq(limits.usageOf(ALICE, ETH).lost.day, 40);
        assertEq(limits.usageOf(ALICE, ETH).open, 30);
        limits.notePlaced(ALICE, ETH, 1, 30, 0, true);
        assertEq(limits.usageOf(ALICE, ETH).lost.day, 40);
        assertEq(limits.usageOf(ALICE, ETH).staked.day, 61);
        limits.notePlaced(ALICE, ETH, 5, 1, 0, false);
        assertEq(limits.usageOf(ALICE, ETH).lost.day, 41);
        assertEq(limits.usageOf(ALICE, ETH).open, 5);
    }

    function test_refunds_and_wins_take_back_what_they_bring_and_no_more() external {
        _set(_each(1_000));
        _place(7);
        _place(3);
        limits.noteEnded(ALICE, ETH, 3, 0, true);
        assertEq(limits.usageOf(ALICE, ETH).staked.day, 7);
        limits.noteEnded(ALICE, ETH, 7, 2, false);
        assertEq(limits.usageOf(ALICE, ETH).lost.day, 5);
        _place(4);
        limits.noteEnded(ALICE, ETH, 4, 7, false);
        assertEq(limits.usageOf(ALICE, ETH).lost.day, 2);
        _place(4);
        limits.noteEnded(ALICE, ETH, 4, 4, false);
        assertEq(limits.usageOf(ALICE, ETH).lost.day, 2);
    }

    function test_the_end_of_more_than_is_open_leaves_nothing_open() external {
        _place(5);
        limits.noteEnded(ALICE, ETH, 10, 10, false);
        assertEq(limits.usageOf(ALICE, ETH).open, 0);
        assertEq(limits.usageOf(ALICE, ETH).lastBetAt, START);
    }

    function test_limits_of_a_single_unit_hold() external {
        ILimits.Terms memory terms;
        terms.stakes.day = 1;
        _set(terms);
        _place(1);
        assertEq(
            limits.whyNot(ALICE, ETH, 1),
            abi.encodeWithSelector(ILimits.StakeLimitReached.selector, 1 days, 1, 0)
        );
        terms.stakes.day = 0;
        terms.losses.day = 1;
        _set(terms);
        vm.warp(START + 1 days);
        limits.noteEnded(ALICE, ETH, 1, 0, false);
        assertEq(
            limits.whyNot(ALICE, ETH, 1),
            abi.encodeWithSelector(ILimits.LossLimitReached.selector, 1 days, 1, 0)
        );
    }

    function test_amounts_beyond_all_limits_count_as_the_most_there_is() external {
        _place(1);
        _place(type(uint256).max);
        assertEq(limits.usageOf(ALICE, ETH).open, MAX);
        assertEq(limits.usageOf(ALICE, ETH).lastBetAt, START);
        for (uint256 i; i < 2; ++i) limits.noteDeposited(ALICE, ETH, type(uint256).max);
        assertEq(limits.usageOf(ALICE, ETH).deposited.week, MAX);
        limits.noteEnded(ALICE, ETH, type(uint256).max, type(uint256).max, false);
        assertEq(limits.usageOf(ALICE, ETH).open, 0);
    }

    // -- Grains: of 64 units below a limit of 2^30, of 65,536 below 2^40 --

    function test_large_limits_count_in_grains_and_tell_units() external {
        _set(_each(1 << 30));
        _play(64_000, 6_400, 0);
        _assertUsage(
            _windows(64_000, 64_000, 64_000),
            _windows(6_400, 6_400, 6_400),
            _windows(0, 0, 0)
        );
        limits.noteEnded(ALICE, ETH, 640, 0, true);
        limits.noteEnded(ALICE, ETH, 64, 704, false);
        assertEq(limits.usageOf(ALICE, ETH).staked.week, 63_360);
        assertEq(limits.usageOf(ALICE, ETH).lost.week, 5_760);
        assertEq(
            limits.whyNot(ALICE, ETH, 1 << 30),
            abi.encodeWithSelector(
                ILimits.StakeLimitReached.selector,
                1 days,
                1 << 30,
                (1 << 30) - 63_360
            )
        );
        ILimits.Terms memory terms;
        terms.losses.day = 1 << 30;
        _set(terms);
        vm.warp(START + 1 days);
        _play(6_400, 6_400, 0);
        _place(100);
        assertEq(
            limits.whyNot(ALICE, ETH, 1 << 30),
            abi.encodeWithSelector(
                ILimits.LossLimitReached.selector,
                1 days,
                1 << 30,
                (1 << 30) - 6_500
            )
        );
    }

    function test_sums_are_the_same_in_the_grains_of_a_looser_limit_from_a_bet_on() external {
        _loosenToCoarserGrains();
        _place(0);
        _assertLoosened();
    }

    function test_sums_are_the_same_in_the_grains_of_a_looser_limit_from_a_deposit_on() external {
        _loosenToCoarserGrains();
        limits.noteDeposited(ALICE, ETH, 0);
        _assertLoosened();
    }

    function test_a_limit_that_goes_takes_its_sum_along() external {
        _set(_each(100));
        _play(33, 33, 0);
        _set(_each(0));
        vm.warp(START + 1 days);
        _assertUsage(_windows(0, 0, 0), _windows(0, 0, 0), _windows(0, 0, 0));
        _set(_each(100));
        _assertUsage(_windows(0, 0, 0), _windows(0, 0, 0), _windows(0, 0, 0));
    }

    function test_a_limit_that_changes_to_or_from_a_single_unit_keeps_its_sum() external {
        _set(_each(5));
        _play(1, 1, 0);
        _set(_each(1));
        assertEq(limits.usageOf(ALICE, ETH).lost.week, 1);
        _set(_each(5));
        vm.warp(START + 1 days);
        assertEq(limits.usageOf(ALICE, ETH).lost.week, 1);
        assertEq(limits.usageOf(ALICE, ETH).staked.month, 1);
    }

    // -- Helpers --

    function _loosenToCoarserGrains() private {
        _set(_each(1 << 30));
        _play(100 << 16, 50 << 16, 0);
        _set(_each(1 << 40));
        vm.warp(START + 1 days);
        _assertLoosened();
    }

    function _assertLoosened() private view {
        _assertUsage(
            _windows(0, 100 << 16, 100 << 16),
            _windows(0, 50 << 16, 50 << 16),
            _windows(0, 0, 0)
        );
    }

    /// @notice Places a bet that loses so much, and deposits.
    function _play(uint256 stake, uint256 loss, uint256 deposited) private {
        _place(stake);
        limits.noteEnded(ALICE, ETH, stake, stake - loss, false);
        limits.noteDeposited(ALICE, ETH, deposited);
    }

    function _place(uint256 stake) private {
        limits.notePlaced(ALICE, ETH, stake, 0, 0, false);
    }

    function _assertUsage(
        ILimits.Windows memory staked,
        ILimits.Windows memory lost,
        ILimits.Windows memory deposited
    ) private view {
        ILimits.Usage memory usage = limits.usageOf(ALICE, ETH);
        assertEq(abi.encode(usage.staked), abi.encode(staked), "staked");
        assertEq(abi.encode(usage.lost), abi.encode(lost), "lost");
        assertEq(abi.encode(usage.deposited), abi.encode(deposited), "deposited");
    }
}
