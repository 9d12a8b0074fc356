// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IBankroll} from "../../contracts/interfaces/IBankroll.sol";
import {BankrollFixture} from "./BankrollFixture.sol";

/// @notice What a share is worth: the bets of its epoch, and nothing else.
contract BankrollPriceTest is BankrollFixture {
    function test_the_price_carries_the_profit_of_the_bets_of_its_epoch_and_no_other() public {
        _own(alice, 100 ether);
        // A bet of epoch 1.
        uint256[] memory lost = _flips(ETH, 0.5e9, 1);
        _deposit(bob, 100 ether);
        _end();
        // Bet of epoch 2, won by the player before the close of epoch 1: no part of its price.
        _give(carol, ETH, 1e9);
        casino.settle(_placeDrawn(carol, ETH, 0, FLIP, 0.5e9, HEADS, true));
        // Only now is the bet of epoch 1 resolved, by time: it is void, and its price unchanged.
        _void(lost);
        (, uint256 equity) = coins.close();
        assertEq(equity, 100e9);
        assertEq(coins.maxMint(bob), 100e15);

        _deposit(carol, 50 ether);
        _end();
        (, equity) = coins.close();
        // Less 0.98 of the stake and the fee of 0.1 %.
        assertEq(equity, 200e9 - 0.49e9 - 0.0005e9);
        assertEq(coins.maxMint(carol), (uint256(50e9) * (200e15 + 1e6)) / (equity + 1));
    }

    function test_the_price_carries_a_player_s_loss() public {
        _own(alice, 100 ether);
        uint256[] memory bets = _flips(ETH, 0.5e9, 1);
        _redeem(alice, 40e15);
        _end();
        _finish(bets, false);
        (, uint256 equity) = coins.close();
        assertEq(equity, 100e9 + 0.5e9 - 0.0005e9);
        assertEq(coins.maxWithdraw(alice), ((40e15 * (equity + 1)) / (100e15 + 1e6)) * GWEI);
    }

    function test_the_price_stands_still_between_closes() public {
        _own(alice, 100 ether);
        uint256 price = coins.convertToAssets(1e15);
        _finish(_flips(ETH, 0.5e9, 1), false);
        _deposit(bob, 3 ether);
        _redeem(alice, 30e15);
        assertEq(coins.convertToAssets(1e15), price);
        _end();
        assertEq(coins.convertToAssets(1e15), price);
        coins.close();
        price = coins.convertToAssets(1e15);
        vm.startPrank(alice);
        coins.redeem(10e15, alice, alice);
        assertEq(coins.convertToAssets(1e15), price, "claims change nothing");
        assertEq(
            coins.convertToShares(coins.convertToAssets(1e15)) / GWEI,
            1e15 / GWEI - 1,
            "rounds down"
        );
    }

    function test_donations_change_nothing() public {
        _own(alice, 100 ether);
        uint256 price = coins.convertToAssets(1e15);
        vm.startPrank(bob);
        casino.deposit{value: 50 ether}(0, 50e9, address(coins));
        coins.transfer(address(coins), 0);
        vm.stopPrank();
        vm.prank(alice);
        coins.transfer(address(coins), 1e15);
        _close();
        assertEq(coins.convertToAssets(1e15), price);
        assertEq(views().houseOf(ETH).bankroll, 100e9);
    }

    function test_a_wiped_out_bankroll_closes_and_old_shares_cannot_touch_what_is_deposited_then()
        public
    {
        _storeSupply(100e15);
        _deposit(bob, 100 ether);
        _end();
        (, uint256 equity) = coins.close();
        assertEq(equity, 0);
        _claim(bob);
        _redeem(bob, coins.balanceOf(bob));
        _close();
        assertGe(coins.maxWithdraw(bob), 100 ether - GWEI);
    }

    function test_deposits_that_no_share_count_can_express_are_refunded() public {
        _storeSupply(1 << 127);
        _deposit(bob, 100 ether);
        _end();
        vm.expectEmit(true, true, true, true, address(coins));
        emit IBankroll.DepositsRefunded(0, 100e9);
        coins.close();
        assertEq(coins.maxMint(bob), 0);
        assertEq(coins.pendingDepositRequest(0, bob), 0);
        vm.prank(bob);
        assertEq(coins.withdraw(100 ether, bob, bob), 0);
        assertEq(bob.balance, RICHES);
        _close();
    }
}
