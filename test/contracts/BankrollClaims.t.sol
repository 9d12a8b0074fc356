// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Bankroll} from "../../contracts/Bankroll.sol";
import {IBankroll} from "../../contracts/interfaces/IBankroll.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {
    IERC7540Deposit,
    IERC7540Operator,
    IERC7540Redeem,
    IERC7575
} from "../../contracts/interfaces/IERC7540.sol";
import {BankrollFixture} from "./BankrollFixture.sol";

/// @notice What requests, closes and claims say, answer and refuse.
contract BankrollClaimsTest is BankrollFixture {
    // -- What they say --

    function test_requests_tell_controller_owner_sender_and_amount() public {
        vm.prank(alice);
        vm.expectEmit(true, true, true, true, address(coins));
        emit IERC7540Operator.OperatorSet(alice, bob, true);
        assertTrue(coins.setOperator(bob, true));

        vm.prank(bob);
        vm.expectEmit(true, true, true, true, address(coins));
        emit IERC7540Deposit.DepositRequest(carol, alice, 0, bob, 3 ether);
        assertEq(coins.requestDeposit{value: 3 ether}(3 ether, carol, alice), 0);

        _own(alice, 10 ether);
        vm.prank(bob);
        vm.expectEmit(true, true, true, true, address(coins));
        emit IERC7540Redeem.RedeemRequest(carol, alice, 0, bob, 4e15);
        assertEq(coins.requestRedeem(4e15, carol, alice), 0);
    }

    function test_a_close_tells_price_deposits_and_what_was_filled() public {
        _own(alice, 100 ether);
        _finish(_flips(ETH, 0.5e9, 1), false);
        _deposit(bob, 7 ether);
        _redeem(alice, 40e15);
        _end();
        uint256 equity = 100e9 + 0.5e9 - 0.0005e9;
        uint256 priceWad = ((equity + 1) * 1e6 * 1e18) / (100e15 + 1e6);
        vm.expectEmit(true, true, true, true, address(coins));
        emit IBankroll.EpochPriced(1, equity, priceWad, 7e9, 40e15, 40e15);
        (uint256 number, uint256 answered) = coins.close();

        assertEq(number, 1);
        assertEq(answered, equity);
        uint256 paid = (40e15 * (equity + 1)) / (100e15 + 1e6);
        assertEq(coins.totalAssets(), (equity + 7e9 - paid) * GWEI);
        (
            uint256 deposits,
            uint256 redemptions,
            uint256 assets,
            uint256 shares,
            bool refunded
        ) = coins.epochAt(1);
        assertEq(deposits, 7e9);
        assertEq(redemptions, 40e15);
        assertEq(assets, equity + 1);
        assertEq(shares, 100e15 + 1e6);
        assertFalse(refunded);
    }

    function test_a_close_short_of_liquidity_tells_what_is_due_and_what_was_filled() public {
        // The game has its whole cap: half of the bankroll.
        _wait(RAMP);
        _own(alice, 100 ether);
        _redeem(alice, 90e15);
        _end();
        _flips(ETH, 0.5e9, 80);
        uint256 free = 100e9 - views().houseOf(ETH).reserved;
        uint256 filled = (free * (100e15 + 1e6)) / (100e9 + 1);
        vm.expectEmit(true, true, true, true, address(coins));
        emit IBankroll.EpochPriced(
            1,
            100e9,
            ((100e9 + 1) * 1e24) / (100e15 + 1e6),
            0,
            90e15,
            filled
        );
        coins.close();
        assertEq(coins.unfilledShares(), 90e15 - filled);
        assertNear(coins.pendingRedeemRequest(0, alice), 90e15 - filled, 1);
        assertEq(coins.maxRedeem(alice) + coins.pendingRedeemRequest(0, alice), 90e15);
    }

    function test_conversions_count_the_virtual_shares_and_round_down() public {
        _own(alice, 3 gwei);
        uint256 shares = 3e6 + 1e6;
        assertEq(coins.convertToShares(7 gwei), (7 * shares) / (3 + 1));
        assertEq(coins.convertToShares(7 gwei + 1), ((7 gwei + 1) * shares) / (4 * GWEI));
        assertEq(coins.convertToAssets(2.7e6), ((2.7e6 * (3 + 1)) / shares) * GWEI);
    }

    function test_a_close_without_requests_moves_nothing() public {
        _own(alice, 10 ether);
        _end();
        vm.recordLogs();
        coins.close();
        // The casino's end of the epoch and the price: no transfer, no funding, no drawing.
        assertEq(vm.getRecordedLogs().length, 2);
        assertEq(coins.totalAssets(), 10 ether);
    }

    function test_claims_tell_who_takes_what_for_what_and_answer_the_same() public {
        _deposit(alice, 10 ether);
        _close();
        vm.startPrank(alice);
        vm.expectEmit(true, true, true, true, address(coins));
        emit IERC7575.Deposit(alice, bob, 1 ether, 1e15);
        assertEq(coins.deposit(1 ether, bob), 1e15);
        vm.expectEmit(true, true, true, true, address(coins));
        emit IERC7575.Deposit(alice, carol, 2 ether, 2e15);
        assertEq(coins.mint(2e15, carol), 2 ether);
        assertEq(coins.balanceOf(bob), 1e15);
        assertEq(coins.balanceOf(carol), 2e15);
        assertEq(coins.maxDeposit(alice), 7 ether);
        coins.deposit(7 ether, alice);
        coins.requestRedeem(7e15, alice, alice);
        vm.stopPrank();
        _close();

        vm.prank(alice);
        coins.setOperator(bob, true);
        vm.startPrank(bob);
        vm.expectEmit(true, true, true, true, address(coins));
        emit IERC7575.Withdraw(bob, carol, alice, 2 ether, 2e15);
        assertEq(coins.withdraw(2 ether, carol, alice), 2e15);
        vm.expectEmit(true, true, true, true, address(coins));
        emit IERC7575.Withdraw(bob, carol, alice, 3 ether, 3e15);
        assertEq(coins.redeem(3e15, carol, alice), 3 ether);
        vm.stopPrank();
        assertEq(carol.balance, RICHES + 5 ether);
        assertEq(coins.maxRedeem(alice), 2e15);
        assertEq(coins.maxWithdraw(alice), 2 ether);
        assertEq(coins.claimableRedeemRequest(0, alice), 2e15);
    }

    function test_only_request_0_exists() public {
        _deposit(alice, 10 ether);
        assertEq(coins.pendingDepositRequest(1, alice), 0);
        _close();
        assertEq(coins.claimableDepositRequest(1, alice), 0);
        _claim(alice);
        _redeem(alice, 5e15);
        assertEq(coins.pendingRedeemRequest(0, alice), 5e15);
        assertEq(coins.pendingRedeemRequest(1, alice), 0);
        _close();
        assertEq(coins.claimableRedeemRequest(0, alice), 5e15);
        assertEq(coins.claimableRedeemRequest(1, alice), 0);
    }

    // -- What they refuse --

    function test_requests_for_nobody_revert() public {
        _own(alice, 10 ether);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RecipientRefused.selector, address(0)));
        coins.requestDeposit{value: 1 ether}(1 ether, address(0), alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RecipientRefused.selector, address(0)));
        coins.requestRedeem(1e15, address(0), alice);
    }

    function test_an_unlisted_bankroll_gives_nothing_back() public {
        Bankroll other = new Bankroll(casino, ETH, "Other", "O");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.NotBankroll.selector, address(other)));
        other.requestRedeem(1, alice, alice);
    }

    function test_claims_of_nothing_or_above_what_is_claimable_revert() public {
        _deposit(alice, 10 ether);
        _close();
        vm.startPrank(alice);
        vm.expectRevert(ICasino.AmountZero.selector);
        coins.deposit(0, alice);
        vm.expectRevert(ICasino.AmountZero.selector);
        coins.mint(0, alice);
        vm.expectRevert(
            abi.encodeWithSelector(IBankroll.AmountAboveClaimable.selector, 10e9 + 1, 10e9)
        );
        coins.deposit(10 ether + GWEI, alice);
        vm.expectRevert(
            abi.encodeWithSelector(IBankroll.AmountAboveClaimable.selector, 10e15 + 1, 10e15)
        );
        coins.mint(10e15 + 1, alice);
        coins.mint(10e15, alice);
        coins.requestRedeem(10e15, alice, alice);
        vm.stopPrank();
        _close();

        vm.startPrank(alice);
        vm.expectRevert(ICasino.AmountZero.selector);
        coins.redeem(0, alice, alice);
        vm.expectRevert(ICasino.AmountZero.selector);
        coins.withdraw(0, alice, alice);
        vm.expectRevert(
            abi.encodeWithSelector(IBankroll.AmountAboveClaimable.selector, 10e15 + 1, 10e15)
        );
        coins.redeem(10e15 + 1, alice, alice);
        vm.expectRevert(
            abi.encodeWithSelector(IBankroll.AmountAboveClaimable.selector, 10e9 + 1, 10e9)
        );
        coins.withdraw(10 ether + GWEI, alice, alice);
    }

    function test_nobody_but_the_controller_and_its_operator_claims_in_any_way() public {
        _deposit(alice, 10 ether);
        _close();
        bytes memory refusal = abi.encodeWithSelector(IBankroll.NotOperator.selector, alice, bob);
        vm.startPrank(bob);
        vm.expectRevert(refusal);
        coins.deposit(1 ether, bob, alice);
        vm.expectRevert(refusal);
        coins.mint(1e15, bob, alice);
        vm.stopPrank();
        _claim(alice);
        _redeem(alice, 10e15);
        _close();
        vm.startPrank(bob);
        vm.expectRevert(refusal);
        coins.redeem(1e15, bob, alice);
        vm.expectRevert(refusal);
        coins.withdraw(1 ether, bob, alice);
    }

    function test_who_is_paid_can_enter_no_function_of_the_bankroll() public {
        Intruder intruder = new Intruder(coins);
        _own(alice, 10 ether);
        _redeem(alice, 10e15);
        _close();
        vm.startPrank(alice);
        coins.redeem(5e15, address(intruder), alice);
        assertEq(intruder.refused(), 7);
        coins.withdraw(5 ether, address(intruder), alice);
        assertEq(intruder.refused(), 14);
    }
}

/// @notice Tries to enter each function of a bankroll that changes something while it receives coins.
contract Intruder {
    Bankroll private immutable _coins;
    bytes[] private _attempts;
    uint256 public refused;

    constructor(Bankroll coins) {
        _coins = coins;
        address self = address(this);
        string[2] memory claims = [
            "deposit(uint256,address,address)",
            "mint(uint256,address,address)"
        ];
        for (uint256 i; i < claims.length; ++i)
            _attempts.push(abi.encodeWithSignature(claims[i], 1e9, self, self));
        _attempts.push(abi.encodeCall(coins.requestDeposit, (1e9, self, self)));
        _attempts.push(abi.encodeCall(coins.requestRedeem, (1e9, self, self)));
        _attempts.push(abi.encodeCall(coins.redeem, (1e9, self, self)));
        _attempts.push(abi.encodeCall(coins.withdraw, (1e9, self, self)));
        _attempts.push(abi.encodeCall(coins.close, ()));
    }

    receive() external payable {
        for (uint256 i; i < _attempts.length; ++i) {
            (bool success, bytes memory reason) = address(_coins).call(_attempts[i]);
            bytes4 expected = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
            if (!success && bytes4(reason) == expected) ++refused;
        }
    }
}
