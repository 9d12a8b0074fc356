// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {Reentrant, TestToken} from "./fixtures/Tokens.sol";

/// @notice Of 18 decimals; keeps the smallest unit of each transfer.
contract ShortToken is TestToken("Short", 18) {
    function _update(address from, address to, uint256 value) internal override {
        bool keeps = from != address(0) && to != address(0);
        if (keeps) super._update(from, address(0), 1);
        super._update(from, to, keeps ? value - 1 : value);
    }
}

/// @notice Money in and out, with tokens and recipients of every kind.
contract LedgerTest is CasinoFixture {
    uint256 private constant KEY = 0xA11CE;

    // -- Deposits --

    function test_deposit_credits_whole_units_of_each_asset(uint16 asset, uint256 amount) external {
        asset = uint16(bound(asset, ETH, DAI));
        amount = bound(amount, 1, 1e15);
        uint256 before = casino.balanceOf(alice, asset);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.Deposited(alice, asset, amount, address(this));
        this.give(alice, asset, amount);
        assertEq(casino.balanceOf(alice, asset), before + amount);
    }

    function test_units_are_a_billionth_of_18_decimals_and_the_smallest_unit_below_10()
        external
        view
    {
        assertEq(_unit(ETH), 1e9);
        assertEq(_unit(USDC), 1);
        assertEq(_unit(DAI), 1e9);
    }

    function test_coins_sent_without_a_call_are_deposited_for_the_sender() external {
        vm.deal(alice, 1 ether);
        vm.prank(alice);
        (bool sent, ) = address(casino).call{value: 1 ether}("");
        assertTrue(sent);
        assertEq(casino.balanceOf(alice, ETH), PURSE + 1e9);
    }

    function test_coins_are_refused_until_they_are_listed() external {
        casino = _newCasino(256, 1 days);
        vm.deal(alice, 1 ether);
        vm.startPrank(alice);
        bytes memory unknown = abi.encodeWithSelector(ICasino.AssetUnknown.selector, ETH);
        vm.expectRevert(unknown);
        casino.deposit{value: 1e9}(ETH, 1, alice);
        vm.expectRevert(unknown);
        (bool reverted, ) = address(casino).call{value: 1e9}("");
        assertTrue(reverted);
        vm.stopPrank();
        casino.listAsset(address(0), address(this));
        this.give(alice, ETH, 1);
        assertEq(casino.balanceOf(alice, ETH), 1);
    }

    function test_coins_that_are_no_whole_units_are_refused() external {
        vm.deal(alice, 1 ether);
        vm.prank(alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AmountNotWhole.selector, 1e9 + 1, 1e9));
        (bool reverted, ) = address(casino).call{value: 1e9 + 1}("");
        assertTrue(reverted);
    }

    function test_deposit_reverts_when_the_value_does_not_match() external {
        vm.expectRevert(abi.encodeWithSelector(ICasino.ValueMismatch.selector, 1, 1e9));
        casino.deposit{value: 1}(ETH, 1, alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.ValueMismatch.selector, 1, 0));
        casino.deposit{value: 1}(USDC, 1, alice);
    }

    function test_deposit_reverts_for_nothing_for_nobody_and_for_an_unknown_asset() external {
        vm.expectRevert(ICasino.AmountZero.selector);
        casino.deposit(USDC, 0, alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RecipientRefused.selector, address(0)));
        casino.deposit(USDC, 1, address(0));
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnknown.selector, 9));
        casino.deposit(9, 1, alice);
    }

    function test_deposit_reverts_when_the_casino_would_hold_more_than_it_can_count() external {
        uint256 limit = (1 << 56) - 1;
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetFull.selector, limit + 1, limit));
        casino.deposit(USDC, limit + 1, alice);
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.AssetFull.selector, type(uint256).max, limit)
        );
        casino.deposit(DAI, type(uint256).max, alice);
        uint256 held = usdc.balanceOf(address(casino));
        usdc.mint(address(this), limit);
        usdc.approve(address(casino), limit);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetFull.selector, limit + 1, limit));
        casino.deposit(USDC, limit + 1 - held, alice);
        casino.deposit(USDC, limit - held, alice);
        assertEq(casino.balanceOf(alice, USDC), PURSE + limit - held);
    }

    function test_the_casino_counts_all_the_coins_that_its_field_holds_and_not_one_more() external {
        uint256 limit = (1 << 56) - 1;
        casino = _newCasino(64, 1 days);
        casino.listAsset(address(0), address(this));
        casino.deposit{value: limit * 1e9}(ETH, limit, alice);
        assertEq(casino.balanceOf(alice, ETH), limit);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetFull.selector, limit + 1, limit));
        casino.deposit{value: 1e9}(ETH, 1, alice);
    }

    function test_a_transfer_that_falls_short_is_told_in_the_tokens_own_smallest_unit() external {
        ShortToken token = new ShortToken();
        uint16 asset = casino.listAsset(address(token), address(this));
        token.mint(address(this), 100e9);
        token.approve(address(casino), 100e9);
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.TransferMismatch.selector, 100e9 - 1, 100e9)
        );
        casino.deposit(asset, 100, alice);
    }

    // -- Permits --

    function test_permit_deposits_in_one_call_and_is_not_blocked_when_used_before() external {
        address owner = vm.addr(KEY);
        usdc.mint(owner, 300);
        (uint8 v, bytes32 r, bytes32 s) = _permit(owner, 100);
        vm.prank(owner);
        casino.depositWithPermit(USDC, 100, bob, time, v, r, s);
        assertEq(casino.balanceOf(bob, USDC), PURSE + 100);

        (v, r, s) = _permit(owner, 200);
        usdc.permit(owner, address(casino), 200, time, v, r, s);
        vm.prank(owner);
        casino.depositWithPermit(USDC, 200, bob, time, v, r, s);
        assertEq(casino.balanceOf(bob, USDC), PURSE + 300);
    }

    function test_permit_is_for_as_much_of_the_token_as_the_units_are_worth() external {
        address owner = vm.addr(KEY);
        dai.mint(owner, 100e9);
        (uint8 v, bytes32 r, bytes32 s) = _permit(dai, owner, 100e9);
        vm.prank(owner);
        casino.depositWithPermit(DAI, 100, bob, time, v, r, s);
        assertEq(casino.balanceOf(bob, DAI), PURSE + 100);
    }

    function test_permit_of_another_moves_nothing() external {
        address owner = vm.addr(KEY);
        usdc.mint(owner, 100);
        (uint8 v, bytes32 r, bytes32 s) = _permit(owner, 100);
        vm.expectRevert();
        vm.prank(bob);
        casino.depositWithPermit(USDC, 100, bob, time, v, r, s);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnknown.selector, ETH));
        casino.depositWithPermit(ETH, 100, bob, time, v, r, s);
    }

    // -- Withdrawals --

    function test_withdraw_pays_whole_or_in_part_to_anyone(uint16 asset, uint256 amount) external {
        asset = uint16(bound(asset, ETH, DAI));
        amount = bound(amount, 1, PURSE);
        address to = address(0xD00D);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.Withdrawn(alice, asset, amount, to);
        vm.prank(alice);
        casino.withdraw(asset, amount, to);
        assertEq(asset == ETH ? to.balance : _token(asset).balanceOf(to), amount * _unit(asset));
        assertEq(casino.balanceOf(alice, asset), PURSE - amount);
    }

    function test_withdraw_reverts_for_nothing_for_nobody_and_above_the_balance() external {
        vm.startPrank(alice);
        vm.expectRevert(ICasino.AmountZero.selector);
        casino.withdraw(ETH, 0, alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RecipientRefused.selector, address(0)));
        casino.withdraw(ETH, 1, address(0));
        vm.expectRevert(abi.encodeWithSelector(ICasino.RecipientRefused.selector, address(casino)));
        casino.withdraw(USDC, 1, address(casino));
        vm.expectRevert(abi.encodeWithSelector(ICasino.BalanceTooLow.selector, PURSE, PURSE + 1));
        casino.withdraw(ETH, PURSE + 1, alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.BalanceTooLow.selector, 0, 1));
        casino.withdraw(9, 1, alice);
    }

    function test_withdraw_reverts_when_the_recipient_refuses_the_coins() external {
        Reentrant closed = new Reentrant(casino);
        closed.refuse(true);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RecipientRefused.selector, address(closed)));
        vm.prank(alice);
        casino.withdraw(ETH, 1, address(closed));
        assertEq(casino.balanceOf(alice, ETH), PURSE);
    }

    function test_stake_of_an_open_bet_cannot_be_withdrawn() external {
        _flip(alice, 1e9);
        vm.expectRevert(abi.encodeWithSelector(ICasino.BalanceTooLow.selector, PURSE - 1e9, PURSE));
        vm.prank(alice);
        casino.withdraw(ETH, PURSE, alice);
    }

    // -- Listing --

    function test_the_first_asset_is_the_native_coin() external {
        casino = _newCasino(64, 1 days);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnfit.selector, address(usdc)));
        casino.listAsset(address(usdc), address(this));
        assertEq(casino.listAsset(address(0), address(this)), ETH);
    }

    function test_listing_refuses_tokens_twice_tokens_beyond_counting_and_a_second_native_coin()
        external
    {
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnfit.selector, address(usdc)));
        casino.listAsset(address(usdc), address(this));
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnfit.selector, address(0)));
        casino.listAsset(address(0), address(this));
        TestToken wide = new TestToken("Wide", 37);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnfit.selector, address(wide)));
        casino.listAsset(address(wide), address(this));
        TestToken whole = new TestToken("Whole", 0);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.AssetListed(3, address(whole), 1, address(this));
        assertEq(casino.listAsset(address(whole), address(this)), 3);
        assertEq(views().assetCount(), 4);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnknown.selector, 4));
        views().assetOf(4);
    }

    function give(address player, uint16 asset, uint256 amount) external {
        _give(player, asset, amount);
    }

    function _permit(address owner, uint256 value) private view returns (uint8, bytes32, bytes32) {
        return _permit(usdc, owner, value);
    }

    function _permit(
        TestToken token,
        address owner,
        uint256 value
    ) private view returns (uint8, bytes32, bytes32) {
        bytes32 typehash = keccak256(
            "Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"
        );
        bytes32 message = keccak256(
            abi.encode(typehash, owner, casino, value, token.nonces(owner), time)
        );
        return
            vm.sign(KEY, keccak256(abi.encodePacked(hex"1901", token.DOMAIN_SEPARATOR(), message)));
    }
}
