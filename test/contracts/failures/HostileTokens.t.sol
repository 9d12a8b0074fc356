// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Bankroll} from "../../../contracts/Bankroll.sol";
import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {OrderFixture} from "../OrderFixture.sol";
import {
    BlacklistToken,
    FeeToken,
    HookToken,
    OddToken,
    RebasingToken,
    TestToken
} from "../fixtures/Tokens.sol";

/// @notice Moves value and says nothing, and can be approved as silently.
contract SilentToken is OddToken(OddToken.Answer.Nothing) {
    function approve(address, uint256) external pure {}
}

/// @notice Takes back a part of everyone's balance, when it likes.
contract ShrinkingToken is TestToken {
    constructor() TestToken("Shrinking", 6) {}

    function shrink(address account, uint256 value) external {
        _burn(account, value);
    }
}

/// @notice Failure 30 of 36, the tokens: reentrant, fee-on-transfer, rebasing, blacklisting and silent ones, at the casino's
/// doors and at the bankroll's.
contract HostileTokensTest is OrderFixture {
    uint256 private constant AMOUNT = 1_000_000;

    // -- With hooks, as ERC-777 has --

    function test_failure_30_a_token_with_hooks_enters_nothing_while_it_is_moved() external {
        HookToken token = new HookToken();
        Bankroll bankroll = _bankrollOf(address(token));
        uint16 asset = bankroll.assetId();
        _hold(token, asset, bankroll);
        bytes[] memory attempts = _attempts(address(token), asset);
        address[] memory targets = new address[](attempts.length);
        for (uint256 i; i < attempts.length; ++i) targets[i] = address(casino);
        // The last two are the bankroll's.
        (targets[attempts.length - 2], targets[attempts.length - 1]) = (
            address(bankroll),
            address(bankroll)
        );
        token.mint(address(this), 30);
        token.approve(address(casino), 30);
        token.mint(alice, 10);
        vm.prank(alice);
        token.approve(address(bankroll), 10);
        uint256 state = vm.snapshotState();
        for (uint256 i; i < attempts.length; ++i) {
            token.arm(targets[i], attempts[i]);
            if (targets[i] == address(casino)) {
                casino.deposit(asset, 10, alice);
                _assertKeptOut(token, "deposit");
                // A permit that is none: the allowance is there all the same.
                casino.depositWithPermit(asset, 10, alice, 0, 0, 0, 0);
                _assertKeptOut(token, "deposit with permit");
                casino.depositReferred(asset, 10, carol);
                _assertKeptOut(token, "first deposit");
                vm.prank(alice);
                casino.withdraw(asset, 10, alice);
                _assertKeptOut(token, "withdrawal");
            } else {
                vm.prank(alice);
                bankroll.requestDeposit(10, alice, alice);
                _assertKeptOut(token, "request");
            }
            vm.revertToState(state);
            state = vm.snapshotState();
            // All that kept it out was the lock.
            vm.prank(address(token));
            (bool success, ) = targets[i].call(attempts[i]);
            assertTrue(success, "an attempt that fails by itself");
            vm.revertToState(state);
            state = vm.snapshotState();
        }
    }

    // -- With a fee on transfers --

    function test_failure_30_a_token_that_takes_a_fee_is_refused_at_deposit() external {
        FeeToken token = new FeeToken();
        uint16 asset = casino.listAsset(address(token), address(this));
        token.mint(address(this), 1_000);
        token.approve(address(casino), 1_000);
        vm.expectRevert(abi.encodeWithSelector(ICasino.TransferMismatch.selector, 990, 1_000));
        casino.deposit(asset, 1_000, alice);
        token.charge(false);
        casino.deposit(asset, 1_000, alice);
        assertEq(casino.balanceOf(alice, asset), 1_000);
    }

    function test_failure_30_a_token_that_takes_a_fee_is_refused_by_the_bankroll() external {
        FeeToken token = new FeeToken();
        Bankroll bankroll = _bankrollOf(address(token));
        _approved(token, bankroll);
        vm.expectRevert();
        bankroll.requestDeposit(AMOUNT, address(this), address(this));
        token.mint(address(bankroll), AMOUNT);
        vm.expectRevert(abi.encodeWithSelector(ICasino.TransferMismatch.selector, 990_000, AMOUNT));
        bankroll.requestDeposit(AMOUNT, address(this), address(this));
        assertEq(bankroll.pendingDepositRequest(0, address(this)), 0);
    }

    // -- Whose balances change by themselves --

    function test_failure_30_a_token_that_rebases_is_refused_at_deposit() external {
        RebasingToken token = new RebasingToken();
        uint16 asset = casino.listAsset(address(token), address(this));
        token.mint(address(this), 1_000);
        token.approve(address(casino), 1_000);
        vm.expectRevert(abi.encodeWithSelector(ICasino.TransferMismatch.selector, 1_500, 1_000));
        casino.deposit(asset, 1_000, alice);
    }

    function test_failure_30_a_token_that_shrinks_takes_from_its_own_holders_only() external {
        ShrinkingToken token = new ShrinkingToken();
        uint16 asset = casino.listAsset(address(token), address(this));
        casino.setTerms(FLIP, asset, _terms());
        _fund(asset, BANKROLL);
        _give(alice, asset, AMOUNT);
        uint256 betId = _placeDrawn(alice, asset, 0, FLIP, 1_000, HEADS, true);
        token.shrink(address(casino), BANKROLL + AMOUNT - 500);
        // What is left goes to whoever comes first; nothing else notices.
        casino.settle(betId);
        vm.startPrank(alice);
        vm.expectRevert();
        casino.withdraw(asset, 501, alice);
        casino.withdraw(asset, 500, alice);
        casino.withdraw(ETH, PURSE, alice);
        casino.withdraw(USDC, PURSE, alice);
        vm.stopPrank();
        assertEq(usdc.balanceOf(alice), PURSE);
        _wait(1 days);
        casino.rollEpoch();
        casino.closeEpoch(asset);
    }

    // -- With a blacklist --

    function test_failure_30_a_blacklisted_player_still_exits_to_another_address_and_settles()
        external
    {
        BlacklistToken token = new BlacklistToken();
        uint16 asset = casino.listAsset(address(token), address(this));
        casino.setTerms(FLIP, asset, _terms());
        _fund(asset, BANKROLL);
        _give(alice, asset, 1_000_000);
        uint256 betId = _placeDrawn(alice, asset, 0, FLIP, 1_000, HEADS, true);
        token.refuse(alice);
        casino.settle(betId);
        vm.startPrank(alice);
        vm.expectRevert(abi.encodeWithSelector(BlacklistToken.Blacklisted.selector, alice));
        casino.withdraw(asset, 1_000, alice);
        casino.withdraw(asset, 1_000_980, bob);
        assertEq(token.balanceOf(bob), 1_000_980);
    }

    function test_failure_30_a_casino_that_is_blacklisted_resolves_its_bets_and_closes_its_epochs()
        external
    {
        BlacklistToken token = new BlacklistToken();
        uint16 asset = casino.listAsset(address(token), address(this));
        casino.setTerms(FLIP, asset, _terms());
        _fund(asset, BANKROLL);
        _give(alice, asset, AMOUNT);
        uint256 betId = _placeDrawn(alice, asset, 0, FLIP, 1_000, HEADS, true);
        token.refuse(address(casino));
        token.mint(address(this), 1);
        token.approve(address(casino), 1);
        vm.expectRevert();
        casino.deposit(asset, 1, alice);
        casino.settle(betId);
        _wait(1 days);
        casino.rollEpoch();
        for (uint16 other; other <= asset; ++other) casino.closeEpoch(other);
        vm.prank(alice);
        casino.withdraw(asset, AMOUNT + 980, alice);
        assertEq(token.balanceOf(alice), AMOUNT + 980);
    }

    function test_failure_30_a_blacklisted_lp_leaves_to_another_address() external {
        BlacklistToken token = new BlacklistToken();
        Bankroll bankroll = _bankrollOf(address(token));
        _own(token, bankroll);
        bankroll.requestRedeem(bankroll.balanceOf(address(this)), address(this), address(this));
        _close(bankroll);
        token.refuse(address(this));
        uint256 shares = bankroll.maxRedeem(address(this));
        vm.expectRevert(abi.encodeWithSelector(BlacklistToken.Blacklisted.selector, address(this)));
        bankroll.redeem(shares, address(this), address(this));
        bankroll.redeem(shares, bob, address(this));
        assertEq(token.balanceOf(bob), AMOUNT);
    }

    function test_failure_30_fees_and_referrals_of_a_token_reach_those_whom_it_refuses() external {
        BlacklistToken token = new BlacklistToken();
        uint16 asset = casino.listAsset(address(token), address(this));
        casino.setTerms(FLIP, asset, _terms());
        _fund(asset, BANKROLL);
        address dave = address(0xDA7E);
        token.mint(dave, AMOUNT);
        vm.startPrank(dave);
        token.approve(address(casino), AMOUNT);
        casino.depositReferred(asset, AMOUNT, carol);
        vm.stopPrank();
        _give(alice, asset, AMOUNT);
        // The relayer, the affiliate and the treasurer's recipient are all Carol.
        token.refuse(carol);
        Order memory order = _order(alice, 0, 1);
        (order.asset, order.fee) = (asset, 10);
        _assertCarried(_sign(ALICE_KEY, order));
        casino.settle(_placeDrawn(dave, asset, 0, FLIP, AMOUNT, HEADS, true));
        casino.claimReferral(dave, asset);
        casino.claimFees(asset, 750, carol);
        assertEq(casino.balanceOf(carol, asset), 10 + 250 + 750);
        vm.prank(carol);
        casino.withdraw(asset, 1_010, bob);
        assertEq(token.balanceOf(bob), 1_010);
    }

    // -- That say nothing, say no, or lie --

    function test_failure_30_a_token_that_returns_nothing_works() external {
        OddToken token = new OddToken(OddToken.Answer.Nothing);
        uint16 asset = casino.listAsset(address(token), address(this));
        token.mint(address(this), 1_000);
        casino.deposit(asset, 1_000, alice);
        vm.prank(alice);
        casino.withdraw(asset, 400, bob);
        assertEq(casino.balanceOf(alice, asset), 600);
        assertEq(token.balanceOf(bob), 400);
    }

    function test_failure_30_a_token_that_returns_nothing_goes_in_and_out_of_the_bankroll()
        external
    {
        SilentToken token = new SilentToken();
        Bankroll bankroll = _bankrollOf(address(token));
        token.mint(address(this), AMOUNT);
        bankroll.requestDeposit(AMOUNT, address(this), address(this));
        _close(bankroll);
        bankroll.mint(bankroll.maxMint(address(this)), address(this), address(this));
        bankroll.requestRedeem(bankroll.balanceOf(address(this)), address(this), address(this));
        _close(bankroll);
        bankroll.redeem(bankroll.maxRedeem(address(this)), bob, address(this));
        assertEq(token.balanceOf(bob), AMOUNT);
    }

    function test_failure_30_a_token_that_says_no_or_moves_nothing_credits_nothing() external {
        OddToken token = new OddToken(OddToken.Answer.False);
        uint16 asset = casino.listAsset(address(token), address(this));
        vm.expectRevert(
            abi.encodeWithSelector(SafeERC20.SafeERC20FailedOperation.selector, address(token))
        );
        casino.deposit(asset, 1_000, alice);
        token = new OddToken(OddToken.Answer.TrueOfNothing);
        asset = casino.listAsset(address(token), address(this));
        vm.expectRevert(abi.encodeWithSelector(ICasino.TransferMismatch.selector, 0, 1_000));
        casino.deposit(asset, 1_000, alice);
    }

    // -- Helpers --

    function _bankrollOf(address token) private returns (Bankroll bankroll) {
        uint16 asset = uint16(views().assetCount());
        bankroll = new Bankroll(casino, asset, "Hostile", "H");
        casino.listAsset(token, address(bankroll));
    }

    function _approved(TestToken token, Bankroll bankroll) private {
        token.mint(address(this), AMOUNT);
        token.approve(address(bankroll), AMOUNT);
    }

    function _own(TestToken token, Bankroll bankroll) private {
        _approved(token, bankroll);
        bankroll.requestDeposit(AMOUNT, address(this), address(this));
        _close(bankroll);
        bankroll.mint(bankroll.maxMint(address(this)), address(this), address(this));
    }

    function _close(Bankroll bankroll) private {
        _wait(1 days);
        casino.rollEpoch();
        for (uint16 asset; asset < bankroll.assetId(); ++asset) casino.closeEpoch(asset);
        bankroll.close();
    }

    /// @notice Leaves the token with all that its attempts need: balances, shares, allowances, and bets that can end.
    function _hold(HookToken token, uint16 asset, Bankroll bankroll) private {
        _own(token, bankroll);
        bankroll.transfer(address(token), 1e9);
        token.mint(address(token), AMOUNT);
        vm.startPrank(address(token));
        token.approve(address(casino), AMOUNT);
        token.approve(address(bankroll), AMOUNT);
        vm.stopPrank();
        _give(address(token), asset, 1_000);
        _give(address(token), ETH, 1_000);
        address dave = address(0xDA7E);
        vm.deal(dave, 1e15);
        vm.prank(dave);
        casino.depositReferred{value: 1e15}(ETH, 1e6, carol);
        casino.settle(_placeDrawn(dave, ETH, 0, FLIP, 1e6, HEADS, true));
        _flip(carol, 1_000);
        _wait(VOID_AFTER);
        _place(alice, ETH, 0, FLIP, 1_000, HEADS);
        _draw(_lastRequest(), 7);
        _wait(1);
    }

    /// @notice Calls that succeed for the actor while nothing else is going on; the last two are of the bankroll.
    function _attempts(address actor, uint16 asset) private view returns (bytes[] memory calls) {
        ICasino.SignedOrder[] memory orders = _batch(_sign(BOB_KEY, _order(bob, 0, 1)));
        calls = new bytes[](13);
        calls[0] = abi.encodeCall(ICasino.deposit, (asset, 1, actor));
        calls[1] = abi.encodeCall(ICasino.withdraw, (asset, 1, bob));
        calls[2] = abi.encodeCall(ICasino.withdraw, (ETH, 1, bob));
        calls[3] = abi.encodeCall(ICasino.bet, (ETH, 0, FLIP, 10, HEADS));
        calls[4] = abi.encodeCall(ICasino.placeWager, (_wager(ETH, 0, FLIP, 10, HEADS)));
        calls[5] = abi.encodeCall(ICasino.placeMany, (orders, actor));
        calls[6] = abi.encodeCall(ICasino.settle, (_betId(alice, ETH, 0, 1)));
        calls[7] = abi.encodeCall(ICasino.settleMany, (_one(_betId(alice, ETH, 0, 1))));
        calls[8] = abi.encodeCall(ICasino.refund, (_betId(carol, ETH, 0, 1)));
        calls[9] = abi.encodeCall(ICasino.rollEpoch, ());
        calls[10] = abi.encodeCall(ICasino.claimReferral, (address(0xDA7E), ETH));
        calls[11] = abi.encodeCall(Bankroll.requestRedeem, (1e6, actor, actor));
        calls[12] = abi.encodeCall(Bankroll.requestDeposit, (1, actor, actor));
    }

    function _assertKeptOut(HookToken token, string memory where) private view {
        assertTrue(token.called(), where);
        assertFalse(token.succeeded(), where);
        assertEq(
            token.answer(),
            abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector),
            where
        );
    }
}
