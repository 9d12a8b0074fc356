// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {ILimits} from "../../contracts/interfaces/ILimits.sol";
import {CasinoFixture} from "./CasinoFixture.sol";

/// @notice Affiliates: who becomes one, what they get, and that no bet becomes profitable by it.
contract ReferralsTest is CasinoFixture {
    address private dave = address(0xDA7E);

    function test_a_first_deposit_binds_the_affiliate_for_good() external {
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.AffiliateBound(dave, carol);
        _refer(dave, carol, 1_000);
        (address affiliate, uint256 accrued) = views().referralOf(dave, ETH);
        assertEq(affiliate, carol);
        assertEq(accrued, 0);
        assertEq(casino.balanceOf(dave, ETH), 1_000);
        _assertRefused(dave, bob, bob);
        _assertRefused(dave, carol, carol);
    }

    function test_an_affiliate_is_bound_once_whatever_the_asset_of_the_first_deposit() external {
        _refer(dave, carol, 1_000);
        usdc.mint(dave, 1_000);
        vm.startPrank(dave);
        usdc.approve(address(casino), 1_000);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AffiliateRefused.selector, carol));
        casino.depositReferred(USDC, 1_000, bob);
        casino.deposit(USDC, 1_000, dave);
        vm.stopPrank();
        (address affiliate, ) = views().referralOf(dave, USDC);
        assertEq(affiliate, carol);
    }

    function test_an_account_with_a_balance_or_a_bet_cannot_be_referred() external {
        _assertRefused(alice, carol, carol);
        _flipOf(bob);
        _assertRefused(bob, carol, carol);
    }

    function test_an_account_that_was_emptied_before_any_bet_can_be_referred() external {
        vm.prank(alice);
        casino.withdraw(ETH, PURSE, alice);
        _refer(alice, carol, 1_000);
        (address affiliate, ) = views().referralOf(alice, ETH);
        assertEq(affiliate, carol);
        _assertRefused(alice, bob, bob);
    }

    function test_an_account_from_before_its_player_was_referred_stays_without() external {
        _give(dave, USDC, 1_000);
        _refer(dave, carol, 1_000);
        _give(dave, USDC, 1_000_000);
        casino.settle(_placeDrawn(dave, USDC, 0, FLIP, 1_000_000, HEADS, false));
        (, uint256 accrued) = views().referralOf(dave, USDC);
        assertEq(accrued, 0);
    }

    function test_a_referred_player_is_so_in_an_asset_that_another_credits_first() external {
        _refer(dave, carol, 1_000);
        casino.settle(_placeDrawn(alice, USDC, 0, FLIP, 1_000_000, HEADS, false));
        casino.claimFees(USDC, 1_000, dave);
        _give(dave, USDC, 1_000_000);
        casino.settle(_placeDrawn(dave, USDC, 0, FLIP, 1_000_000, HEADS, false));
        (, uint256 accrued) = views().referralOf(dave, USDC);
        assertEq(accrued, 250);
    }

    function test_a_referred_player_is_so_in_an_asset_that_limits_were_set_for_first() external {
        _refer(dave, carol, 1_000);
        ILimits limits = casino.limits();
        vm.startPrank(dave);
        limits.setLimits(USDC, _noLimits());
        limits.coolOff(1 days);
        vm.stopPrank();
        _wait(1 days + 1);
        for (uint16 asset = USDC; asset <= DAI; ++asset) {
            assertTrue(views().isGuarded(dave, asset));
            _give(dave, asset, 1_000_000);
            casino.settle(_placeDrawn(dave, asset, 0, FLIP, 1_000_000, HEADS, false));
            (, uint256 accrued) = views().referralOf(dave, asset);
            assertEq(accrued, 250);
        }
    }

    function test_an_account_bet_in_from_a_further_lane_alone_and_with_all_it_had_can_be_referred()
        external
    {
        vm.prank(alice);
        casino.withdraw(ETH, PURSE - 1_000_000, alice);
        uint256 betId = _place(alice, ETH, 1, FLIP, 1_000_000, HEADS);
        _refer(alice, carol, 1);
        _nextBlock();
        _draw(_lastRequest(), _wordFor(betId, false, 1));
        casino.settle(betId);
        (, uint256 accrued) = views().referralOf(alice, ETH);
        assertEq(accrued, 250, "of the fee of a bet that ends under the affiliate");
    }

    function test_a_quarter_of_the_operators_fee_accrues_and_anyone_claims_it_for_the_affiliate(
        bool wins,
        uint16 lane
    ) external {
        _refer(dave, carol, 1_000_000);
        casino.settle(_placeDrawn(dave, ETH, lane, FLIP, 1_000_000, HEADS, wins));
        // A tenth of an edge of 1%, then a quarter of that.
        (, uint256 accrued) = views().referralOf(dave, ETH);
        assertEq(accrued, 250);
        assertEq(_books(ETH).fees, 750);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.ReferralClaimed(dave, ETH, 250, carol);
        vm.prank(bob);
        casino.claimReferral(dave, ETH);
        assertEq(casino.balanceOf(carol, ETH), PURSE + 250);
        (, accrued) = views().referralOf(dave, ETH);
        assertEq(accrued, 0);
        vm.expectRevert(ICasino.AmountZero.selector);
        casino.claimReferral(dave, ETH);
    }

    function test_the_affiliate_shares_in_every_asset_the_player_deposits_later() external {
        _refer(dave, carol, 1_000);
        _give(dave, USDC, 1_000_000);
        casino.settle(_placeDrawn(dave, USDC, 3, FLIP, 1_000_000, HEADS, false));
        (, uint256 accrued) = views().referralOf(dave, USDC);
        assertEq(accrued, 250);
        casino.claimReferral(dave, USDC);
        assertEq(casino.balanceOf(carol, USDC), PURSE + 250);
    }

    function test_bets_of_players_without_an_affiliate_accrue_nothing() external {
        casino.settle(_placeDrawn(alice, ETH, 0, FLIP, 1_000_000, HEADS, true));
        assertEq(_books(ETH).fees, 1_000);
        vm.expectRevert(ICasino.AmountZero.selector);
        casino.claimReferral(alice, ETH);
    }

    function test_a_void_bet_accrues_nothing() external {
        _refer(dave, carol, 1_000_000);
        _flipOf(dave);
        _wait(VOID_AFTER + 1);
        casino.refund(_betId(dave, ETH, 0, 1));
        (, uint256 accrued) = views().referralOf(dave, ETH);
        assertEq(accrued, 0);
    }

    function test_the_ledger_covers_what_is_accrued_to_the_unit(uint256 stake, bool wins) external {
        stake = bound(stake, 1, 1e9);
        _refer(dave, carol, 1e9);
        casino.settle(_placeDrawn(dave, ETH, 0, FLIP, stake, HEADS, wins));
        (, uint256 accrued) = views().referralOf(dave, ETH);
        uint256 balances = casino.balanceOf(dave, ETH);
        for (uint256 i; i < 3; ++i) balances += casino.balanceOf([alice, bob, carol][i], ETH);
        assertEq(
            address(casino).balance / 1e9,
            balances + _books(ETH).bankroll + _books(ETH).fees + accrued
        );
        assertEq(accrued, (_fee(stake) * 2_500) / 10_000);
    }

    // -- Helpers --

    function _refer(address player, address affiliate, uint256 amount) private {
        vm.deal(player, amount * 1e9);
        vm.prank(player);
        casino.depositReferred{value: amount * 1e9}(ETH, amount, affiliate);
    }

    function _noLimits() private pure returns (ILimits.Terms memory) {}

    function _flipOf(address player) private {
        _place(player, ETH, 0, FLIP, 1_000, HEADS);
    }

    function _assertRefused(address player, address affiliate, address named) private {
        vm.deal(player, 1e9);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AffiliateRefused.selector, named));
        vm.prank(player);
        casino.depositReferred{value: 1e9}(ETH, 1, affiliate);
    }
}
