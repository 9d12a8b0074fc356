// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
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

contract BankrollTest is BankrollFixture {
    // -- Requests --

    function test_a_deposit_becomes_shares_at_the_close_of_its_epoch() public {
        _deposit(alice, 100 ether);
        assertEq(coins.pendingDepositRequest(0, alice), 100 ether);
        assertEq(coins.claimableDepositRequest(0, alice), 0);
        assertEq(coins.totalSupply(), 0);

        _end();
        assertEq(coins.pendingDepositRequest(0, alice), 100 ether, "ended is not closed");
        coins.close();

        assertEq(coins.pendingDepositRequest(0, alice), 0);
        assertEq(coins.claimableDepositRequest(0, alice), 100 ether);
        assertEq(coins.maxMint(alice), 100e15);
        vm.prank(alice);
        assertEq(coins.deposit(100 ether, alice, alice), 100e15);
        assertEq(coins.balanceOf(alice), 100e15);
        assertEq(coins.decimals(), 15);
        assertEq(views().houseOf(ETH).bankroll, 100 ether / GWEI);
        assertEq(coins.totalAssets(), 100 ether);
    }

    function test_a_request_after_the_roll_belongs_to_the_next_epoch() public {
        _deposit(alice, 100 ether);
        _end();
        _deposit(alice, 50 ether);
        _deposit(bob, 50 ether);
        coins.close();

        assertEq(coins.claimableDepositRequest(0, alice), 100 ether);
        assertEq(coins.pendingDepositRequest(0, alice), 50 ether);
        assertEq(coins.pendingDepositRequest(0, bob), 50 ether);
        _end();
        _deposit(alice, 1 ether);
        coins.close();
        assertEq(coins.claimableDepositRequest(0, alice), 150 ether);
        assertEq(coins.claimableDepositRequest(0, bob), 50 ether);
        assertEq(coins.pendingDepositRequest(0, alice), 1 ether);
    }

    function test_requests_of_parts_of_units_or_of_nothing_revert() public {
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AmountNotWhole.selector, GWEI + 1, GWEI));
        coins.requestDeposit{value: GWEI + 1}(GWEI + 1, alice, alice);
        vm.expectRevert(ICasino.AmountZero.selector);
        coins.requestDeposit(0, alice, alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.ValueMismatch.selector, 1, GWEI));
        coins.requestDeposit{value: 1}(GWEI, alice, alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.ValueMismatch.selector, 1, 0));
        dollars.requestDeposit{value: 1}(5, alice, alice);
        vm.expectRevert(ICasino.AmountZero.selector);
        coins.requestRedeem(0, alice, alice);
        vm.stopPrank();
    }

    function test_requests_for_nobody_and_claims_of_nothing_revert() public {
        _own(alice, 10 ether);
        vm.startPrank(alice);
        bytes memory nobody = abi.encodeWithSelector(ICasino.RecipientRefused.selector, address(0));
        vm.expectRevert(nobody);
        coins.requestDeposit{value: 1 ether}(1 ether, address(0), alice);
        vm.expectRevert(nobody);
        coins.requestRedeem(1, address(0), alice);
        vm.expectRevert(ICasino.AmountZero.selector);
        coins.deposit(0, alice, alice);
        vm.expectRevert(ICasino.AmountZero.selector);
        coins.redeem(0, alice, alice);
        assertEq(coins.requestRedeem(1, alice, alice), 0, "the one request id");
        vm.stopPrank();
    }

    function test_the_short_claims_are_the_callers_own() public {
        _deposit(alice, 10 ether);
        _close();
        vm.startPrank(alice);
        assertEq(coins.deposit(4 ether, bob), 4e15);
        assertEq(coins.mint(6e15, carol), 6 ether);
        vm.stopPrank();
        assertEq(coins.balanceOf(bob), 4e15);
        assertEq(coins.balanceOf(carol), 6e15);
        assertEq(coins.maxMint(alice), 0);
    }

    function test_requests_are_told_under_id_0_alone_and_epochs_as_they_closed() public {
        _own(alice, 10 ether);
        _redeem(alice, 4e15);
        _deposit(bob, 3 ether);
        _close();
        assertEq(coins.claimableRedeemRequest(0, alice), 4e15);
        assertEq(coins.claimableRedeemRequest(1, alice), 0);
        assertEq(coins.claimableDepositRequest(0, bob), 3 ether);
        assertEq(coins.claimableDepositRequest(1, bob), 0);
        _redeem(alice, 1e15);
        _deposit(bob, 2 ether);
        assertEq(coins.pendingRedeemRequest(0, alice), 1e15);
        assertEq(coins.pendingRedeemRequest(1, alice), 0);
        assertEq(coins.pendingDepositRequest(0, bob), 2 ether);
        assertEq(coins.pendingDepositRequest(1, bob), 0);
        (
            uint256 deposits,
            uint256 redemptions,
            uint256 assets,
            uint256 shares,
            bool refunded
        ) = coins.epochAt(1);
        assertEq(deposits, 3e9);
        assertEq(redemptions, 4e15);
        assertEq(assets, 10e9 + 1);
        assertEq(shares, 10e15 + 1e6);
        assertFalse(refunded);
    }

    function test_an_unlisted_bankroll_takes_nothing() public {
        Bankroll other = new Bankroll(casino, 0, "Other", "O");
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.NotBankroll.selector, address(other)));
        other.requestDeposit{value: 1 ether}(1 ether, alice, alice);
    }

    function test_only_the_controller_or_its_operator_claims_and_only_the_owner_or_its_operator_pays()
        public
    {
        vm.prank(bob);
        vm.expectRevert(abi.encodeWithSelector(IBankroll.NotOperator.selector, alice, bob));
        dollars.requestDeposit(5, bob, alice);
        vm.prank(alice);
        dollars.setOperator(bob, true);
        vm.prank(bob);
        dollars.requestDeposit(5, alice, alice);
        _close();

        vm.prank(carol);
        vm.expectRevert(abi.encodeWithSelector(IBankroll.NotOperator.selector, alice, carol));
        dollars.deposit(5, carol, alice);
        vm.prank(bob);
        dollars.deposit(5, bob, alice);
        assertEq(dollars.balanceOf(bob), 5e6);
        vm.prank(carol);
        vm.expectRevert();
        dollars.requestRedeem(1, carol, bob);
        vm.prank(bob);
        dollars.approve(carol, 1);
        vm.prank(carol);
        dollars.requestRedeem(1, carol, bob);
        assertEq(dollars.pendingRedeemRequest(0, carol), 1);
    }

    function test_requests_are_irrevocable() public {
        _own(alice, 100 ether);
        vm.startPrank(alice);
        coins.requestRedeem(100e15, alice, alice);
        vm.expectRevert();
        coins.transfer(bob, 1);
        vm.expectRevert(abi.encodeWithSelector(IBankroll.AmountAboveClaimable.selector, 1, 0));
        coins.mint(1, alice, alice);
        vm.expectRevert(abi.encodeWithSelector(IBankroll.AmountAboveClaimable.selector, 1, 0));
        coins.redeem(1, alice, alice);
        vm.stopPrank();
    }

    function test_closing_twice_or_before_the_bets_are_resolved_reverts() public {
        vm.expectRevert(abi.encodeWithSelector(ICasino.EpochNotClosed.selector, 0, 0));
        coins.close();
        _own(alice, 100 ether);
        uint256[] memory bets = _flips(ETH, 1e8, 3);
        _end();
        vm.expectRevert(abi.encodeWithSelector(ICasino.EpochNotClosed.selector, 0, 3));
        coins.close();
        _void(bets);
        coins.close();
        assertEq(coins.totalAssets(), 100 ether, "void bets change nothing");
    }

    function test_previews_revert_and_the_standards_are_declared() public {
        vm.expectRevert(IBankroll.PreviewUnavailable.selector);
        coins.previewDeposit(1);
        vm.expectRevert(IBankroll.PreviewUnavailable.selector);
        coins.previewMint(1);
        vm.expectRevert(IBankroll.PreviewUnavailable.selector);
        coins.previewRedeem(1);
        vm.expectRevert(IBankroll.PreviewUnavailable.selector);
        coins.previewWithdraw(1);

        assertEq(type(IERC7540Operator).interfaceId, bytes4(0xe3bc4e65));
        assertEq(type(IERC7540Deposit).interfaceId, bytes4(0xce3bbe50));
        assertEq(type(IERC7540Redeem).interfaceId, bytes4(0x620ee8e4));
        assertEq(type(IERC7575).interfaceId, bytes4(0x2f0a18c5));
        assertTrue(coins.supportsInterface(0xe3bc4e65) && coins.supportsInterface(0xce3bbe50));
        assertTrue(coins.supportsInterface(0x620ee8e4) && coins.supportsInterface(0x2f0a18c5));
        assertTrue(coins.supportsInterface(type(IERC165).interfaceId));
        assertFalse(coins.supportsInterface(0xffffffff));
        assertEq(coins.asset(), 0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE);
        assertEq(dollars.asset(), address(usdc));
        assertEq(dollars.decimals(), 12);
        assertEq(coins.share(), address(coins));
    }

    // -- Liquidity --

    function test_redemptions_short_of_liquidity_are_filled_pro_rata_over_epochs() public {
        // The game has its whole cap: half of the bankroll.
        _wait(RAMP);
        _own(alice, 60 ether);
        _own(bob, 40 ether);
        _redeem(alice, 60e15);
        _redeem(bob, 20e15);
        _end();
        uint256[] memory bets = _flips(ETH, 0.5e9, 80);
        uint256 free = 100e9 - views().houseOf(ETH).reserved;
        coins.close();
        assertEq(
            views().houseOf(ETH).bankroll,
            views().houseOf(ETH).reserved,
            "all that is free is paid"
        );
        assertNear(coins.maxWithdraw(alice), ((free * 3) / 4) * GWEI, GWEI);
        assertNear(coins.maxWithdraw(bob), (free / 4) * GWEI, GWEI);
        assertLe(coins.maxWithdraw(alice) + coins.maxWithdraw(bob), free * GWEI);
        uint256 left = coins.unfilledShares();
        assertNear(coins.pendingRedeemRequest(0, alice), (left * 3) / 4, 2);
        _conserved(_three());

        // A new request shares the next payment with the old ones; a deposit brings liquidity.
        _redeem(bob, 20e15);
        _deposit(carol, 10 ether);
        _claim(alice);
        _end();
        _void(bets);
        bets = _flips(ETH, views().houseOf(ETH).bankroll / 250, 80);
        coins.close();
        assertGt(coins.unfilledShares(), 0);
        uint256 all = coins.pendingRedeemRequest(0, alice) + coins.pendingRedeemRequest(0, bob);
        assertNear(coins.unfilledShares(), all, 4);
        // Both still wait for the same part of what they waited for.
        uint256 aliceWad = (coins.pendingRedeemRequest(0, alice) * 1e18) / ((left * 3) / 4);
        assertNear(
            aliceWad,
            (coins.pendingRedeemRequest(0, bob) * 1e18) / (left / 4 + 20e15),
            1_000
        );
        _conserved(_three());

        _claim(bob);
        _void(bets);
        _close();
        assertEq(coins.unfilledShares(), 0);
        _claim(alice);
        _claim(bob);
        assertNear(alice.balance, RICHES, 3 * GWEI);
        assertNear(bob.balance, RICHES, 3 * GWEI);
        assertLe(alice.balance, RICHES);
        assertEq(coins.pendingRedeemRequest(0, alice), 0);
    }

    function test_where_nothing_is_free_a_close_fills_nothing_and_the_next_one_does() public {
        _own(alice, 10 ether);
        _redeem(alice, 4e15);
        _end();
        // As bets of the epoch that began could leave it.
        bytes32 slot = keccak256(abi.encode(uint256(ETH), 7));
        bytes32 house = vm.load(address(casino), slot);
        vm.store(address(casino), slot, (house >> 56) << 56);
        coins.close();
        assertEq(coins.unfilledShares(), 4e15);
        assertEq(coins.pendingRedeemRequest(0, alice), 4e15);
        assertEq(coins.maxRedeem(alice), 0);
        vm.store(address(casino), slot, house);
        _close();
        assertEq(coins.unfilledShares(), 0);
        assertEq(coins.maxWithdraw(alice), 4 ether);
    }

    function test_a_claim_in_parts_is_the_same_as_in_one() public {
        _own(alice, 33 ether);
        _finish(_flips(ETH, 0.1e9, 1), false);
        _redeem(alice, 33e15);
        _close();
        uint256 whole = coins.maxWithdraw(alice);
        uint256 before = alice.balance;
        vm.startPrank(alice);
        coins.redeem(7e15 + 3, alice, alice);
        coins.withdraw(5 ether, bob, alice);
        coins.withdraw((coins.maxWithdraw(alice) / 2 / GWEI) * GWEI, alice, alice);
        coins.redeem(coins.maxRedeem(alice), alice, alice);
        vm.stopPrank();
        assertEq(alice.balance - before + 5 ether, whole);
        assertEq(bob.balance, RICHES + 5 ether);
        assertEq(coins.maxWithdraw(alice), 0);
    }

    function test_six_decimals_deposit_bet_and_redeem() public {
        vm.prank(alice);
        dollars.requestDeposit(1e12, alice, alice);
        _close();
        vm.prank(alice);
        assertEq(dollars.mint(1e18, alice, alice), 1e12);
        _finish(_flips(USDC, 1e9, 1), true);
        vm.prank(alice);
        dollars.requestRedeem(1e18, alice, alice);
        _close();
        vm.prank(alice);
        uint256 paid = dollars.redeem(1e18, alice, alice);
        assertEq(usdc.balanceOf(alice), 1e15 - 1e12 + paid);
        assertNear(paid, 1e12 - 0.98e9 - 1e6, 1);
    }
}
