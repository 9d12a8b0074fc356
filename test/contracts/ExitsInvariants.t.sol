// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bankroll} from "../../contracts/Bankroll.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {Campaign} from "./Campaign.sol";

/// @notice I8 of `ICasino`: whatever happened, everyone gets out, and what is left is dust.
contract ExitsInvariantsTest is Campaign {
    address private constant OUTSIDE = address(0xE817);
    /// Units that roundings may leave to a bankroll: less than two a close, over all claims.
    uint256 private constant DUST = 256;

    function invariant_I8_exits_succeed_in_every_state() external view {
        _unbroken(8);
    }

    /// @notice At the end of each run, so that a run costs one exit and not as many as it has calls.
    function afterInvariant() external {
        vm.warp(handler.time() + 30 hours);
        _resolve();
        // Those who asked before are paid at the first close, all the others at the second.
        _turn(30 hours);
        for (uint256 asset; asset < 2; ++asset) _redeemAll(asset);
        _turn(60 hours);
        _turn(90 hours);
        for (uint16 asset; asset < 2; ++asset) {
            _leave(asset);
            uint256 dust = _held(asset) - handler.given(asset);
            uint256 gifts = handler.gifts(asset);
            assertGe(dust, gifts, "I8: a gift to a bankroll stays there");
            assertLe(dust - gifts, DUST, "I8: to the last unit");
        }
    }

    /// @dev Every bet ends: its word is in, or its time is over.
    function _resolve() private {
        casino.settleMany(handler.allBets());
        for (uint16 asset; asset < 2; ++asset) {
            ICasino.Books memory books = views().houseOf(asset);
            assertEq(books.reserved, 0, "I8: all bets resolve");
            assertEq(books.openBets + books.closingBets, 0, "I8: all bets resolve");
        }
    }

    /// @dev Closes what is to close, ends the epoch and closes it.
    function _turn(uint256 later) private {
        vm.warp(handler.time() + later + 6 hours);
        _close();
        casino.rollEpoch();
        _close();
    }

    function _close() private {
        for (uint16 asset; asset < views().assetCount(); ++asset) {
            if (!views().houseOf(asset).closed) bankrolls[asset].close();
        }
    }

    function _redeemAll(uint256 asset) private {
        _redeem(bankrolls[asset], address(this));
        for (uint256 i; i < handler.LPS(); ++i) _redeem(bankrolls[asset], handler.lps(i));
    }

    function _redeem(Bankroll bankroll, address lp) private {
        uint256 bought = bankroll.maxMint(lp);
        if (bought != 0) {
            vm.prank(lp);
            bankroll.mint(bought, lp, lp);
        }
        uint256 shares = bankroll.balanceOf(lp);
        if (shares == 0) return;
        vm.prank(lp);
        bankroll.requestRedeem(shares, lp, lp);
    }

    function _leave(uint16 asset) private {
        _claim(bankrolls[asset], address(this));
        for (uint256 i; i < handler.LPS(); ++i) _claim(bankrolls[asset], handler.lps(i));
        for (uint256 i; i < handler.PLAYERS(); ++i) {
            address player = handler.players(i);
            (, uint256 accrued) = views().referralOf(player, asset);
            if (accrued != 0) casino.claimReferral(player, asset);
        }
        uint256 fees = views().houseOf(asset).fees;
        (address[] memory everyone, ) = handler.balancesIn(asset);
        vm.prank(address(handler));
        casino.claimFees(asset, fees, everyone[0]);
        // The last two are the bankrolls, whose LPs have left.
        for (uint256 i; i < everyone.length - 2; ++i) {
            address account = everyone[i];
            uint256 balance = casino.balanceOf(account, asset);
            if (balance == 0) continue;
            vm.prank(account);
            casino.withdraw(asset, balance, OUTSIDE);
        }
    }

    function _claim(Bankroll bankroll, address lp) private {
        assertEq(bankroll.pendingRedeemRequest(0, lp), 0, "I8: a redemption waits");
        uint256 sold = bankroll.maxRedeem(lp);
        if (sold == 0) return;
        vm.prank(lp);
        bankroll.redeem(sold, OUTSIDE, lp);
    }
}
