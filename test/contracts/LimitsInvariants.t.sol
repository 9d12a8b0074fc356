// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Limits} from "../../contracts/Limits.sol";
import {ILimits, ILimitsCasino} from "../../contracts/interfaces/ILimits.sol";
import {LimitsModel} from "./fixtures/LimitsModel.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Plays the casino and one player in one asset, beside the model: far more bets than the whole house sees.
contract LimitsHandler is Test, ILimitsCasino {
    using LimitsModel for LimitsModel.Account;

    address public constant PLAYER = address(0xA11CE);

    Limits public immutable limits;
    uint256 public time = 20_790 days;
    uint256[] private stakes;
    LimitsModel.Account private model;
    uint256 private excludedUntil;

    /// Bets and deposits let through that the model forbids, and refused that it allows with room to spare.
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
        vm.warp(time);
        uint256 limit = model.current[size % LimitsModel.BETS];
        stake = bound(stake, 0, limit == 0 ? 1e12 : limit + limit / 8);
        (bool forbidden, bool near) = model.judge(time, stake);
        if (time < excludedUntil) forbidden = true;
        try limits.notePlaced(PLAYER, 0, stake, 0, 0, false) {
            if (forbidden) ++wronglyAccepted;
            stakes.push(stake);
            model.place(time, stake);
        } catch {
            if (!forbidden && !near) ++wronglyRefused;
        }
    }

    function end(uint256 which, uint256 payout, uint256 kind) external {
        if (stakes.length == 0) return;
        vm.warp(time);
        which %= stakes.length;
        uint256 stake = stakes[which];
        stakes[which] = stakes[stakes.length - 1];
        stakes.pop();
        bool refunded = kind % 4 == 0;
        payout = kind % 2 == 1 ? 0 : bound(payout, 0, stake * 10);
        limits.noteEnded(PLAYER, 0, stake, payout, refunded);
        model.end(time, stake, payout, refunded);
    }

    function deposit(uint256 amount, uint256 size) external {
        vm.warp(time);
        uint256 limit = model.current[LimitsModel.BETS + (size % 3)];
        amount = bound(amount, 1, limit == 0 ? 1e12 : limit + limit / 8);
        bool allowed = model.allowsDeposit(time, amount) && time >= excludedUntil;
        try limits.noteDeposited(PLAYER, 0, amount) {
            if (!allowed) ++wronglyAccepted;
            model.deposit(amount);
        } catch {
            if (allowed) ++wronglyRefused;
        }
    }

    function setLimits(uint256 seed, uint256 pause) external {
        vm.warp(time);
        uint256[9] memory wanted = model.wish(time, seed);
        pause %= 60;
        vm.prank(PLAYER);
        limits.setLimits(
            0,
            ILimits.Terms({
                stakes: ILimits.Windows(wanted[0], wanted[1], wanted[2]),
                losses: ILimits.Windows(wanted[3], wanted[4], wanted[5]),
                deposits: ILimits.Windows(wanted[6], wanted[7], wanted[8]),
                pauseSeconds: pause
            })
        );
        model.set(time, wanted, pause);
    }

    function exclude(uint256 forSeconds, uint256 rare) external {
        if (rare % 16 != 0) return;
        vm.warp(time);
        forSeconds = bound(forSeconds, 1 days, 2 days);
        bool later = time + forSeconds > excludedUntil;
        vm.prank(PLAYER);
        try limits.coolOff(forSeconds) {
            if (!later || limits.excludedUntil(PLAYER) != time + forSeconds) ++shortened;
            excludedUntil = time + forSeconds;
        } catch {
            if (later) ++wronglyRefused;
        }
    }

    function wait(uint256 span) external {
        time += span % 8 == 0 ? bound(span, 1 hours, 12 days) : bound(span, 1, 4 hours);
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
