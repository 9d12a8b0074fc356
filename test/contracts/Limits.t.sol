// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILimits} from "../../contracts/interfaces/ILimits.sol";
import {LimitsFixture} from "./LimitsFixture.sol";

/// @notice Limits, by a test that plays the casino.
contract LimitsTest is LimitsFixture {
    address private constant BOB = address(0xB0B);

    mapping(address player => mapping(uint16 asset => uint256)) private guards;

    function guard(address player, uint16 asset) external override {
        assertEq(msg.sender, address(limits));
        ++guards[player][asset];
    }

    // -- Limits --

    function test_the_lowest_limit_refuses_and_says_what_is_left() external {
        ILimits.Terms memory terms;
        terms.stakes = ILimits.Windows(100, 150, 180);
        _set(terms);
        limits.notePlaced(ALICE, ETH, 60, 0, 0, false);
        _refused(41, _stake(1 days, 100, 40));
        limits.notePlaced(ALICE, ETH, 40, 0, 0, false);
        vm.warp(START + 1 days);
        _refused(51, _stake(7 days, 150, 50));
        limits.notePlaced(ALICE, ETH, 50, 0, 0, false);
        vm.warp(START + 7 days);
        _refused(31, _stake(30 days, 180, 30));
        limits.notePlaced(ALICE, ETH, 30, 0, 0, false);
        vm.warp(START + 30 days);
        limits.notePlaced(ALICE, ETH, 100, 0, 0, false);
    }

    function test_open_stakes_count_as_lost_until_their_bets_end() external {
        ILimits.Terms memory terms;
        terms.losses.day = 100;
        _set(terms);
        limits.notePlaced(ALICE, ETH, 30, 0, 0, false);
        limits.notePlaced(ALICE, ETH, 70, 0, 0, false);
        _refused(1, _loss(1 days, 100, 0));
        // A win of 1,000 on the 30 frees these 30, and nothing of the 70.
        limits.noteEnded(ALICE, ETH, 30, 1000, false);
        _refused(31, _loss(1 days, 100, 30));
        limits.noteEnded(ALICE, ETH, 70, 0, false);
        assertEq(limits.usageOf(ALICE, ETH).lost.day, 70);
        _refused(31, _loss(1 days, 100, 30));
    }

    function test_open_stakes_cross_into_the_next_window_and_lost_ones_do_not() external {
        ILimits.Terms memory terms;
        terms.losses = ILimits.Windows(100, 150, 190);
        _set(terms);
        limits.notePlaced(ALICE, ETH, 40, 0, 0, false);
        limits.notePlaced(ALICE, ETH, 60, 0, 0, false);
        limits.noteEnded(ALICE, ETH, 60, 0, false);
        vm.warp(START + 1 days);
        _refused(51, _loss(7 days, 150, 50));
        limits.noteEnded(ALICE, ETH, 40, 0, false);
        _refused(51, _loss(7 days, 150, 50));
        assertEq(limits.usageOf(ALICE, ETH).lost.day, 40);
        vm.warp(START + 7 days);
        _refused(91, _loss(30 days, 190, 90));
        vm.warp(START + 30 days);
        _refused(101, _loss(1 days, 100, 100));
    }

    function test_a_refund_gives_the_stake_back_and_is_no_loss() external {
        ILimits.Terms memory terms;
        terms.stakes.day = 100;
        terms.losses.day = 100;
        _set(terms);
        limits.notePlaced(ALICE, ETH, 100, 0, 0, false);
        limits.noteEnded(ALICE, ETH, 100, 5, true);
        ILimits.Usage memory usage = limits.usageOf(ALICE, ETH);
        assertEq(usage.staked.day + usage.lost.day + usage.open, 0);
        limits.notePlaced(ALICE, ETH, 100, 0, 0, false);
    }

    function test_a_win_makes_no_room_beyond_the_limit() external {
        ILimits.Terms memory terms;
        terms.losses.month = 100;
        _set(terms);
        limits.notePlaced(ALICE, ETH, 1, 0, 0, false);
        limits.noteEnded(ALICE, ETH, 1, 5000, false);
        _refused(101, _loss(30 days, 100, 100));
    }

    function test_a_loss_far_above_a_tightened_limit_stays_full_whatever_is_won() external {
        ILimits.Terms memory terms;
        terms.losses.week = 1e15;
        _set(terms);
        limits.notePlaced(ALICE, ETH, 1e15 / 2, 0, 0, false);
        limits.noteEnded(ALICE, ETH, 1e15 / 2, 0, false);
        limits.notePlaced(ALICE, ETH, 1e10, 0, 0, false);
        terms.losses.week = 1e10;
        _set(terms);
        limits.noteEnded(ALICE, ETH, 1e10, 1e14, false);
        assertEq(limits.whyNot(ALICE, ETH, 1).length, 100);
        terms.losses.week = 1e12;
        _set(terms);
        vm.warp(START + 2 days);
        limits.noteDeposited(ALICE, ETH, 1);
        (ILimits.Terms memory now_, , ) = limits.limitsOf(ALICE, ETH);
        assertTrue(now_.losses.week > 1e11, "loosened");
        assertEq(limits.whyNot(ALICE, ETH, 1).length, 100, "and full all the same");
        vm.warp(START + 7 days);
        assertEq(limits.whyNot(ALICE, ETH, 1).length, 0);
    }

    function test_bets_wait_for_the_pause() external {
        ILimits.Terms memory terms;
        terms.pauseSeconds = 5;
        _set(terms);
        limits.notePlaced(ALICE, ETH, 1, 0, 0, false);
        vm.warp(START + 4);
        _refused(1, abi.encodeWithSelector(ILimits.BetTooSoon.selector, START + 5));
        vm.warp(START + 5);
        limits.notePlaced(ALICE, ETH, 1, 0, 0, false);
    }

    function test_deposits_count_whoever_pays_and_never_come_back() external {
        ILimits.Terms memory terms;
        terms.deposits = ILimits.Windows(100, 120, 130);
        _set(terms);
        limits.noteDeposited(ALICE, ETH, 100);
        _depositRefused(1, 1 days, 100, 0);
        vm.warp(START + 1 days);
        _depositRefused(21, 7 days, 120, 20);
        limits.noteDeposited(ALICE, ETH, 20);
        vm.warp(START + 7 days);
        _depositRefused(11, 30 days, 130, 10);
        vm.warp(START + 30 days);
        limits.noteDeposited(ALICE, ETH, 100);
        assertEq(limits.usageOf(ALICE, ETH).deposited.month, 100);
    }

    // -- Tightening and loosening --

    function test_tightening_holds_at_once_and_loosening_a_day_later() external {
        ILimits.Terms memory terms;
        terms.stakes.day = 100;
        terms.pauseSeconds = 10;
        _set(terms);
        terms.stakes.day = 200;
        terms.pauseSeconds = 0;
        terms.losses.day = 50;
        _set(terms);
        (ILimits.Terms memory current, ILimits.Terms memory later, uint256 from) = limits.limitsOf(
            ALICE,
            ETH
        );
        assertEq(current.stakes.day, 100);
        assertEq(current.pauseSeconds, 10);
        assertEq(current.losses.day, 50);
        assertEq(later.stakes.day, 200);
        assertEq(from, START + 1 days);
        vm.warp(from - 1);
        assertEq(limits.whyNot(ALICE, ETH, 101), _stake(1 days, 100, 100));
        vm.warp(from);
        (current, , from) = limits.limitsOf(ALICE, ETH);
        assertEq(current.stakes.day, 200);
        assertEq(current.losses.day, 50);
        assertEq(current.pauseSeconds, 0);
        assertEq(from, 0);
        limits.notePlaced(ALICE, ETH, 50, 0, 0, false);
        limits.notePlaced(ALICE, ETH, 0, 0, 0, false);
    }

    function test_the_latest_call_replaces_a_loosening_that_waits() external {
        ILimits.Terms memory terms;
        terms.stakes.day = 100;
        _set(terms);
        ILimits.Terms memory none;
        _set(none);
        vm.warp(START + 1 hours);
        terms.stakes.day = 90;
        _set(terms);
        vm.warp(START + 3 days);
        _refused(91, _stake(1 days, 90, 90));
        _set(none);
        vm.warp(START + 4 days - 1);
        _refused(91, _stake(1 days, 90, 90));
        vm.warp(START + 4 days);
        limits.notePlaced(ALICE, ETH, 91, 0, 0, false);
    }

    function testFuzz_a_limit_is_kept_within_a_thousandth_and_never_above(uint256 limit) external {
        limit = bound(limit, 1, MAX);
        ILimits.Terms memory terms;
        terms.losses.week = limit;
        _set(terms);
        (ILimits.Terms memory current, , ) = limits.limitsOf(ALICE, ETH);
        assertLe(current.losses.week, limit);
        assertGe(current.losses.week, limit - limit / 1024);
        // All of it can be staked, and no unit more.
        assertGt(limits.whyNot(ALICE, ETH, current.losses.week + 1).length, 0);
        limits.notePlaced(ALICE, ETH, current.losses.week, 0, 0, false);
    }

    function test_limits_and_pauses_are_bounded() external {
        ILimits.Terms memory terms;
        terms.stakes.day = MAX + 1;
        vm.expectRevert(abi.encodeWithSelector(ILimits.LimitOutOfBounds.selector, MAX + 1, MAX));
        _set(terms);
        terms.stakes.day = 0;
        terms.pauseSeconds = 1 days + 1;
        vm.expectRevert(
            abi.encodeWithSelector(ILimits.LimitOutOfBounds.selector, 1 days + 1, 1 days)
        );
        _set(terms);
    }

    // -- Exclusion --

    function test_an_exclusion_stops_bets_and_deposits_in_every_asset_and_ends_by_itself()
        external
    {
        _set(_noTerms());
        vm.prank(ALICE);
        limits.coolOff(1 days);
        // Set, not set, and listed later.
        for (uint16 asset; asset < 3; ++asset) {
            assertEq(
                guards[ALICE][asset],
                asset == 0
                    ? 2
                    : asset == 1
                        ? 1
                        : 0
            );
            bytes memory reason = abi.encodeWithSelector(
                ILimits.PlayerExcluded.selector,
                START + 1 days
            );
            assertEq(limits.whyNot(ALICE, asset, 1), reason);
            vm.expectRevert(reason);
            limits.notePlaced(ALICE, asset, 1, 0, 0, false);
            vm.expectRevert(reason);
            limits.noteDeposited(ALICE, asset, 1);
            limits.noteEnded(ALICE, asset, 1, 2, false);
        }
        assertTrue(limits.isGuarded(ALICE));
        assertFalse(limits.isGuarded(BOB));
        vm.warp(START + 1 days);
        limits.notePlaced(ALICE, 2, 1, 0, 0, false);
        limits.noteDeposited(ALICE, 0, 1);
    }

    function test_an_exclusion_only_moves_later() external {
        vm.prank(ALICE);
        limits.selfExclude(183 days);
        vm.prank(ALICE);
        vm.expectRevert(
            abi.encodeWithSelector(
                ILimits.ExclusionNotLater.selector,
                START + 42 days,
                START + 183 days
            )
        );
        limits.coolOff(42 days);
        limits.noteEnded(ALICE, ETH, 1, 0, false);
        _set(_noTerms());
        vm.warp(START + 183 days - 1);
        assertEq(limits.whyNot(ALICE, ETH, 1).length, 36);
        vm.prank(ALICE);
        limits.coolOff(2 days);
        assertEq(limits.excludedUntil(ALICE), START + 185 days - 1);
        vm.warp(START + 184 days);
        assertEq(limits.whyNot(ALICE, ETH, 1).length, 36);
    }

    function test_exclusions_are_bounded() external {
        uint256[4] memory wrong = [uint256(1 days - 1), 42 days + 1, 183 days - 1, 1_827 days + 1];
        for (uint256 i; i < 4; ++i) {
            vm.prank(ALICE);
            (uint256 least, uint256 most) = i < 2 ? (1 days, 42 days) : (183 days, 1_827 days);
            vm.expectRevert(
                abi.encodeWithSelector(ILimits.ExclusionOutOfBounds.selector, wrong[i], least, most)
            );
            i < 2 ? limits.coolOff(wrong[i]) : limits.selfExclude(wrong[i]);
        }
    }

    // -- The casino --

    function test_only_the_casino_reports() external {
        bytes memory reason = abi.encodeWithSelector(ILimits.NotCasino.selector, ALICE);
        vm.startPrank(ALICE);
        vm.expectRevert(reason);
        limits.notePlaced(ALICE, ETH, 1, 0, 0, false);
        vm.expectRevert(reason);
        limits.noteEnded(ALICE, ETH, 1, 1, false);
        vm.expectRevert(reason);
        limits.noteDeposited(ALICE, ETH, 1);
        vm.stopPrank();
    }

    function testFuzz_the_end_of_a_bet_never_reverts(
        uint256 stake,
        uint256 payout,
        bool refunded,
        bytes32 settings,
        bytes32 usage,
        uint32 time
    ) external {
        vm.warp(time);
        bytes32 account = keccak256(abi.encode(uint256(uint160(ALICE)) << 16, 0));
        vm.store(address(limits), account, settings);
        vm.store(address(limits), bytes32(uint256(account) + 1), usage);
        limits.noteEnded{gas: 40_000}(ALICE, ETH, stake, payout, refunded);
        assertTrue(limits.usageOf(ALICE, ETH).open <= uint256(usage << 56) >> 200);
    }

    // -- Helpers --

    function _refused(uint256 stake, bytes memory reason) private {
        assertEq(limits.whyNot(ALICE, ETH, stake), reason);
        vm.expectRevert(reason);
        limits.notePlaced(ALICE, ETH, stake, 0, 0, false);
        if (bytes4(reason) != ILimits.BetTooSoon.selector)
            assertEq(limits.whyNot(ALICE, ETH, stake - 1), "", "one unit less fits");
    }

    function _stake(
        uint256 window,
        uint256 limit,
        uint256 left
    ) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILimits.StakeLimitReached.selector, window, limit, left);
    }

    function _loss(
        uint256 window,
        uint256 limit,
        uint256 left
    ) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ILimits.LossLimitReached.selector, window, limit, left);
    }

    function _depositRefused(uint256 amount, uint256 window, uint256 limit, uint256 left) private {
        vm.expectRevert(
            abi.encodeWithSelector(ILimits.DepositLimitReached.selector, window, limit, left)
        );
        limits.noteDeposited(ALICE, ETH, amount);
    }

    function _noTerms() private pure returns (ILimits.Terms memory) {}
}
