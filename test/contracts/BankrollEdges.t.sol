// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Bankroll} from "../../contracts/Bankroll.sol";
import {IBankroll} from "../../contracts/interfaces/IBankroll.sol";
import {BankrollFixture} from "./BankrollFixture.sol";
import {HookToken, TestToken} from "./fixtures/Tokens.sol";

/// @notice The least and the most: single units and shares, all the shares there can be, tokens that call back.
contract BankrollEdgesTest is BankrollFixture {
    uint256 private constant MAX_SHARES = type(uint128).max;

    uint256 private refused;

    // -- The least --

    function test_a_single_unit_is_deposited_redeemed_and_paid() external {
        _own(alice, 10 gwei);
        _deposit(bob, 1 gwei);
        _close();
        assertEq(coins.claimableDepositRequest(0, bob), 1 gwei);
        assertEq(coins.maxMint(bob), 1e6);
        assertEq(coins.totalAssets(), 11 gwei);
        _claim(bob);
        _redeem(bob, 1e6);
        _close();
        assertEq(views().houseOf(ETH).bankroll, 10);
        assertEq(coins.maxWithdraw(bob), 1 gwei);
        _claim(bob);
        assertEq(bob.balance, RICHES);
    }

    function test_a_single_share_worth_nothing_is_redeemed_for_nothing() external {
        _own(alice, 10 gwei);
        _redeem(alice, 1);
        _end();
        vm.recordLogs();
        coins.close();
        // The casino's end of the epoch, the burn and the price: nothing is drawn.
        assertEq(vm.getRecordedLogs().length, 3);
        assertEq(coins.unfilledShares(), 0);
        assertEq(coins.totalSupply(), 10e6 - 1);
        assertEq(coins.maxRedeem(alice), 1);
        assertEq(coins.maxWithdraw(alice), 0);
        vm.prank(alice);
        assertEq(coins.redeem(1, alice, alice), 0);
        assertEq(coins.maxRedeem(alice), 0);
    }

    function test_a_single_share_that_waits_is_kept_through_another_request() external {
        _own(alice, 10 gwei);
        vm.startPrank(alice);
        coins.requestRedeem(2, alice, alice);
        coins.requestRedeem(4e6 - 2, bob, alice);
        vm.stopPrank();
        _end();
        // As bets of the epoch that began could leave it: half of what is due.
        _setBankroll(2);
        coins.close();
        assertEq(coins.pendingRedeemRequest(0, alice), 1);
        _redeem(alice, 1);
        assertEq(coins.pendingRedeemRequest(0, alice), 2);
        _setBankroll(8);
        _close();
        assertEq(coins.unfilledShares(), 0);
        assertEq(coins.pendingRedeemRequest(0, alice), 0);
        assertEq(coins.maxRedeem(alice), 3);
        assertEq(coins.maxRedeem(bob), 4e6 - 2);
    }

    function test_a_close_with_nothing_free_tells_that_nothing_was_filled() external {
        _own(alice, 10 gwei);
        _redeem(alice, 4e6);
        _end();
        _setBankroll(0);
        uint256 state = vm.snapshotState();
        vm.expectEmit(true, true, true, true, address(coins));
        emit IBankroll.EpochPriced(1, 10, WAD, 0, 4e6, 0);
        coins.close();
        vm.revertToState(state);
        vm.recordLogs();
        coins.close();
        // The casino's end of the epoch and the price: nothing is burnt.
        assertEq(vm.getRecordedLogs().length, 2);
        assertEq(coins.totalAssets(), 10 gwei);
        assertEq(coins.totalSupply(), 10e6);
    }

    function test_conversions_are_exact_where_they_can_be() external {
        _own(alice, 3 gwei);
        assertEq(coins.convertToAssets(4e6), 4 gwei);
        assertEq(coins.convertToAssets(4e6 - 1), 3 gwei);
        assertEq(coins.convertToShares(4 gwei), 4e6);
    }

    // -- The most --

    function test_deposits_are_executed_up_to_the_most_shares_there_can_be() external {
        _storeSupply(MAX_SHARES / 3 - 1e6);
        _deposit(bob, 2 gwei);
        _close();
        assertEq(coins.totalSupply() + 1e6, MAX_SHARES);
        assertEq(coins.maxMint(bob), (MAX_SHARES / 3) * 2);
        assertEq(coins.totalAssets(), 2 gwei);
    }

    function test_deposits_for_one_share_more_are_refunded_and_bought_nothing() external {
        _storeSupply((1 << 127) - 1e6);
        _deposit(bob, 1 gwei);
        _end();
        vm.expectEmit(true, true, true, true, address(coins));
        emit IBankroll.EpochPriced(0, 0, 0, 0, 0, 0);
        coins.close();
        assertEq(coins.totalAssets(), 0);
        assertEq(views().houseOf(ETH).bankroll, 0);
        assertEq(coins.maxMint(bob), 0);
        assertEq(coins.maxWithdraw(bob), 1 gwei);
    }

    function test_shares_have_six_decimals_more_than_the_ledger_which_has_nine_at_most() external {
        uint8[5] memory decimals = [0, 8, 9, 10, 18];
        uint8[5] memory expected = [6, 14, 15, 15, 15];
        for (uint16 i; i < decimals.length; ++i) {
            Bankroll bankroll = new Bankroll(casino, 2 + i, "Other", "O");
            casino.listAsset(address(new TestToken("T", decimals[i])), address(bankroll));
            assertEq(bankroll.decimals(), expected[i]);
        }
    }

    // -- Tokens that call back --

    function test_a_token_that_calls_back_enters_no_function_while_a_deposit_is_taken() external {
        HookToken token = new HookToken();
        Bankroll hooked = new Bankroll(casino, 2, "Hooked", "H");
        casino.listAsset(address(token), address(hooked));
        token.mint(alice, 1_000);
        vm.prank(alice);
        token.approve(address(hooked), 1_000);
        bytes[7] memory attempts = [
            abi.encodeCall(hooked.requestDeposit, (1, alice, alice)),
            abi.encodeCall(hooked.requestRedeem, (1, alice, alice)),
            abi.encodeWithSignature("deposit(uint256,address,address)", 1, alice, alice),
            abi.encodeWithSignature("mint(uint256,address,address)", 1, alice, alice),
            abi.encodeCall(hooked.redeem, (1, alice, alice)),
            abi.encodeCall(hooked.withdraw, (1, alice, alice)),
            abi.encodeCall(hooked.close, ())
        ];
        for (uint256 i; i < attempts.length; ++i) {
            token.arm(address(this), abi.encodeCall(this.enter, (hooked, attempts[i])));
            vm.prank(alice);
            hooked.requestDeposit(5, alice, alice);
            // On its way to the bankroll, and from there to the casino.
            assertEq(refused, 2 * (i + 1));
        }
    }

    function enter(Bankroll bankroll, bytes calldata data) external {
        (bool success, bytes memory reason) = address(bankroll).call(data);
        bytes4 expected = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        if (!success && bytes4(reason) == expected) ++refused;
    }
}
