// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Limits} from "../../contracts/Limits.sol";
import {ILimits, ILimitsCasino} from "../../contracts/interfaces/ILimits.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Plays the casino and a player in one asset, beside a model of its own that remembers to the unit.
contract LimitsHandler is Test, ILimitsCasino {
    address public constant PLAYER = address(0xA11CE);

    Limits public immutable limits;
    uint256 public time = 20_790 days;
    uint256[] private stakes;

    /// The model: limits on stakes and losses by day, week and month; those that wait, and until when.
    uint256[6] private current;
    uint256[6] private waiting;
    uint256 private waitingUntil;
    uint256 private pause;
    uint256 private waitingPause;
    uint256 private excludedUntil;
    uint256 private lastBetAt;
    uint256 private open;
    /// Stakes less refunds, and the most that any stretch up to now has lost, since the window began.
    uint256[6] private sums;
    /// What rounding may have added to the sums.
    uint256[6] private dust;
    /// Whether a limit was tightened below its sum, so that its sum may be full.
    bool[6] private wasAbove;

    /// Bets let through that the model forbids, and refused that it allows with room to spare.
    uint256 public wronglyAccepted;
    uint256 public wronglyRefused;
    uint256 public shortened;

    constructor() {
        vm.warp(time);
        limits = new Limits();
    }

    function guard(address, uint16) external {}

    function assetCount() external pure returns (uint256) {
        return 1;
    }

    function place(uint256 stake, uint256 size) external {
        _apply();
        uint256 limit = current[size % 6];
        stake = bound(stake, 0, limit == 0 ? 1e12 : limit + limit / 8);
        (bool forbidden, bool near) = _judge(stake);
        try limits.notePlaced(PLAYER, 0, stake) {
            if (forbidden) ++wronglyAccepted;
            stakes.push(stake);
            open += stake;
            lastBetAt = time;
            for (uint256 i; i < 3; ++i) if (current[i] != 0) sums[i] += stake;
            _round();
        } catch {
            if (!forbidden && !near) ++wronglyRefused;
        }
    }

    function end(uint256 which, uint256 payout, uint256 kind) external {
        if (stakes.length == 0) return;
        _apply();
        which %= stakes.length;
        uint256 stake = stakes[which];
        stakes[which] = stakes[stakes.length - 1];
        stakes.pop();
        bool refunded = kind % 4 == 0;
        payout = kind % 2 == 1 ? 0 : bound(payout, 0, stake * 10);
        limits.noteEnded(PLAYER, 0, stake, payout, refunded);
        open -= stake;
        _round();
        for (uint256 i; i < 6; ++i) {
            if (current[i] == 0 || refunded != (i < 3)) continue;
            if (refunded) sums[i] = _less(sums[i], stake);
            else sums[i] = _less(sums[i] + stake, payout);
        }
    }

    function setLimits(uint256[6] memory wanted, uint256 wantedPause, uint256 kept) external {
        _apply();
        _round();
        for (uint256 i; i < 6; ++i) {
            // Often as it is, often a little more or less, seldom something else.
            uint256 action = (kept >> (8 * i)) % 8;
            if (action < 4 && current[i] != 0) wanted[i] = current[i];
            else if (action == 4) wanted[i] = 0;
            else if (action < 7 && current[i] != 0)
                wanted[i] = (current[i] * (1 + (wanted[i] % 40))) / 20;
            else wanted[i] = bound(wanted[i], 1, 1e14);
            if (wanted[i] > 1e15) wanted[i] = 1e15;
            wanted[i] = _rounded(wanted[i]);
        }
        wantedPause %= 60;
        vm.prank(PLAYER);
        limits.setLimits(
            0,
            ILimits.Terms({
                stakes: ILimits.Windows(wanted[0], wanted[1], wanted[2]),
                losses: ILimits.Windows(wanted[3], wanted[4], wanted[5]),
                deposits: ILimits.Windows(0, 0, 0),
                pauseSeconds: wantedPause
            })
        );
        for (uint256 i; i < 6; ++i) {
            if (wanted[i] == 0 || (current[i] != 0 && wanted[i] >= current[i])) continue;
            if (current[i] == 0) _begin(i);
            current[i] = wanted[i];
        }
        if (wantedPause > pause) pause = wantedPause;
        (waiting, waitingPause, waitingUntil) = (wanted, wantedPause, time + 1 days);
    }

    function exclude(uint256 forSeconds, uint256 rare) external {
        if (rare % 16 != 0) return;
        vm.prank(PLAYER);
        try limits.coolOff(bound(forSeconds, 1 days, 2 days)) {
            uint256 until = limits.excludedUntil(PLAYER);
            if (until <= excludedUntil) ++shortened;
            excludedUntil = until;
        } catch {
            if (time + 1 days > excludedUntil && forSeconds == 2 days) ++wronglyRefused;
        }
    }

    function wait(uint256 span) external {
        uint256 before = time / 1 days;
        _apply();
        time += span % 8 == 0 ? bound(span, 1 hours, 12 days) : bound(span, 1, 4 hours);
        vm.warp(time);
        uint256 today = time / 1 days;
        for (uint256 i; i < 6; ++i) {
            uint256 length =
                i % 3 == 0
                    ? 1
                    : i % 3 == 1
                        ? 7
                        : 30;
            if (before / length != today / length) _begin(i);
        }
        _apply();
    }

    function _apply() private {
        vm.warp(time);
        for (uint256 i; i < 6; ++i) {
            uint256 lost = i < 3 ? 0 : open;
            if (current[i] != 0 && sums[i] + lost > current[i]) wasAbove[i] = true;
        }
        if (waitingUntil == 0 || time < waitingUntil) return;
        for (uint256 i; i < 6; ++i) if (waiting[i] == 0) _begin(i);
        (current, pause, waitingUntil) = (waiting, waitingPause, 0);
    }

    function _begin(uint256 i) private {
        (sums[i], dust[i], wasAbove[i]) = (0, 0, false);
    }

    /// @dev A grain is at most 2^-22 of its limit, here.
    function _round() private {
        for (uint256 i; i < 6; ++i) dust[i] += current[i] / 2 ** 22;
    }

    /// @return forbidden The model forbids the bet.
    /// @return near It allows it, but so closely that rounding may not.
    function _judge(uint256 stake) private view returns (bool forbidden, bool near) {
        if (time < excludedUntil) forbidden = true;
        if (pause != 0 && lastBetAt != 0 && time < lastBetAt + pause) forbidden = true;
        for (uint256 i; i < 6; ++i) {
            if (current[i] == 0) continue;
            uint256 used = sums[i] + stake + (i < 3 ? 0 : open);
            if (used > current[i]) forbidden = true;
            if (used + dust[i] + current[i] / 2 ** 22 > current[i] || wasAbove[i]) near = true;
        }
    }

    /// @dev To 11 significant bits, down, by a way of its own.
    function _rounded(uint256 value) private pure returns (uint256) {
        uint256 unit = 1;
        while (value / unit >= 2048) unit *= 2;
        return (value / unit) * unit;
    }

    function _less(uint256 a, uint256 b) private pure returns (uint256) {
        return a > b ? a - b : 0;
    }
}

/// @notice I10 of `ICasino`, after any bets, ends, changes and times in any order.
contract LimitsInvariantsTest is Test {
    LimitsHandler private handler;

    function setUp() external {
        handler = new LimitsHandler();
        targetContract(address(handler));
    }

    function invariant_I10_net_at_risk_stays_within_the_limits_in_any_order_of_settlement()
        external
        view
    {
        assertEq(handler.wronglyAccepted(), 0, "I10");
        assertEq(handler.wronglyRefused(), 0, "refused for no reason");
        assertEq(handler.shortened(), 0, "exclusion shortened");
    }
}
