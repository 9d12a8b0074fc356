// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Eligibility} from "../../../contracts/Eligibility.sol";
import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {IEligibility} from "../../../contracts/interfaces/IEligibility.sol";
import {ILimits} from "../../../contracts/interfaces/ILimits.sol";
import {Session} from "../../../contracts/types/Session.sol";
import {BankrollFixture} from "../BankrollFixture.sol";
import {HostileAuthority} from "../fixtures/HostileParties.sol";
import {TestToken} from "../fixtures/Tokens.sol";

/// @notice What went wrong elsewhere, 27 to 29 of 36: those who govern.
contract Failures27To29Test is BankrollFixture {
    address private stranger = address(0x57A6E);

    // -- 27. An administrator takes what is the players' or the LPs': a bank had an arbitrary-call `execute()` --

    function test_failure_27_no_role_can_lower_a_balance_an_escrow_or_what_an_lp_owns() external {
        _own(alice, 1_000 ether);
        casino.settle(_placeDrawn(player, ETH, 1, FLIP, 1e9, HEADS, false));
        uint256 betId = _place(player, ETH, 0, FLIP, 1e9, HEADS);
        bytes32 before = _belongings(betId);
        uint256 held = address(casino).balance;
        bytes[] memory calls = _restricted();
        // By whoever has the roles, and by a stranger once the authority lets everyone do everything.
        for (uint256 i; i < calls.length; ++i) {
            (bool success, ) = address(casino).call(calls[i]);
            assertTrue(success);
            assertEq(_belongings(betId), before);
        }
        manager.updateAuthority(
            address(casino),
            address(new HostileAuthority(HostileAuthority.Kind.AllowsAll))
        );
        // A token is listed once, and pauses lie apart.
        calls = _restricted();
        vm.warp(time + 5 days);
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(stranger);
            (bool success, ) = address(casino).call(calls[i]);
            assertTrue(success);
            assertEq(_belongings(betId), before);
        }
        assertEq(address(casino).balance, held);
        // The fees are all that they can take: a tenth of the edge of the bet that was settled.
        vm.startPrank(stranger);
        vm.expectRevert(abi.encodeWithSelector(ICasino.BalanceTooLow.selector, 1e6, 1e6 + 1));
        casino.claimFees(ETH, 1e6 + 1, stranger);
        casino.claimFees(ETH, 1e6, stranger);
        vm.stopPrank();
        assertEq(_belongings(betId), before);
    }

    // -- 28. A function that somebody forgot to guard --
    // That the two lists below are all there is: test/failures.test.ts.

    function test_failure_28_every_restricted_selector_refuses_everyone_without_the_role(
        address caller
    ) external {
        vm.assume(
            caller != address(this) && caller != address(manager) && caller != address(casino)
        );
        bytes[] memory calls = _restricted();
        bytes memory refusal = abi.encodeWithSelector(
            IAccessManaged.AccessManagedUnauthorized.selector,
            caller
        );
        for (uint256 i; i < calls.length; ++i)
            _assertRefused(caller, address(casino), calls[i], refusal);
        address gate = address(new Eligibility(address(manager), false));
        _assertRefused(
            caller,
            gate,
            abi.encodeCall(IEligibility.setAttestor, (alice, true)),
            refusal
        );
        _assertRefused(caller, gate, abi.encodeCall(IEligibility.setDefault, (true)), refusal);
        bytes5[] memory jurisdictions = new bytes5[](1);
        jurisdictions[0] = "MT";
        _assertRefused(
            caller,
            gate,
            abi.encodeCall(IEligibility.setRules, (jurisdictions, IEligibility.Rule.Allowed)),
            refusal
        );
        _assertRefused(
            caller,
            gate,
            abi.encodeCall(IEligibility.revoke, (alice)),
            abi.encodeWithSelector(IEligibility.NotAttestor.selector, caller)
        );
        vm.prank(caller);
        (bool replaced, ) = address(casino).call(
            abi.encodeWithSignature("setAuthority(address)", caller)
        );
        assertFalse(replaced);
    }

    function test_failure_28_what_the_casinos_own_contracts_call_refuses_everyone_else(
        address caller
    ) external {
        ILimits limits = casino.limits();
        vm.assume(
            caller != address(coins) &&
                caller != address(limits) &&
                caller != address(casino) &&
                caller != address(casino.sessions())
        );
        bytes memory refusal = abi.encodeWithSelector(ICasino.NotBankroll.selector, caller);
        address target = address(casino);
        _assertRefused(caller, target, abi.encodeCall(ICasino.fundBankroll, (ETH, 0)), refusal);
        _assertRefused(caller, target, abi.encodeCall(ICasino.drawBankroll, (ETH, 0)), refusal);
        _assertRefused(caller, target, abi.encodeCall(ICasino.closeEpoch, (ETH)), refusal);
        refusal = abi.encodeWithSelector(ICasino.NotLimits.selector, caller);
        _assertRefused(caller, target, abi.encodeCall(ICasino.guard, (alice, ETH)), refusal);
        refusal = abi.encodeWithSelector(ICasino.NotSessions.selector, caller);
        _assertRefused(
            caller,
            target,
            abi.encodeCall(ICasino.setSession, (0, Session.wrap(0))),
            refusal
        );
        refusal = abi.encodeWithSelector(ILimits.NotCasino.selector, caller);
        target = address(limits);
        _assertRefused(
            caller,
            target,
            abi.encodeCall(ILimits.notePlaced, (alice, ETH, 1, 0, 0, false)),
            refusal
        );
        _assertRefused(
            caller,
            target,
            abi.encodeCall(ILimits.noteDeposited, (alice, ETH, 1)),
            refusal
        );
        _assertRefused(
            caller,
            target,
            abi.encodeCall(ILimits.noteEnded, (alice, ETH, 1, 1, false)),
            refusal
        );
    }

    // -- 29. A pause that holds the money too --

    function test_failure_29_exits_work_in_every_admin_state_and_under_any_authority() external {
        _own(alice, 1_000 ether);
        uint256 won = _place(player, ETH, 0, FLIP, 1e9, HEADS);
        uint256 request = _lastRequest();
        uint256 void_ = _place(player, ETH, 1, FLIP, 1e9, HEADS);
        bytes[] memory calls = _restricted();
        for (uint256 i; i < calls.length; ++i) {
            (bool success, ) = address(casino).call(calls[i]);
            assertTrue(success);
        }
        for (uint256 kind; kind <= uint256(type(HostileAuthority.Kind).max); ++kind) {
            uint256 state = vm.snapshotState();
            HostileAuthority authority = new HostileAuthority(HostileAuthority.Kind(kind));
            manager.updateAuthority(address(casino), address(authority));
            _assertExits(won, void_, request);
            vm.revertToState(state);
        }
    }

    // -- Helpers --

    /// @dev Each restricted function once, with arguments that the admin may use.
    function _restricted() private returns (bytes[] memory calls) {
        address token = address(new TestToken("Restricted", 6));
        address rules = views().gameOf(FLIP);
        calls = new bytes[](7);
        calls[0] = abi.encodeCall(ICasino.listAsset, (token, address(coins)));
        calls[1] = abi.encodeCall(ICasino.listGame, (rules));
        calls[2] = abi.encodeCall(ICasino.setTerms, (FLIP, ETH, _terms()));
        calls[3] = abi.encodeCall(ICasino.delist, (FLIP, ETH));
        calls[4] = abi.encodeCall(ICasino.setSource, (address(coordinator), keyHash, 3, 1));
        calls[5] = abi.encodeCall(ICasino.pause, (72 hours));
        calls[6] = abi.encodeCall(ICasino.claimFees, (ETH, 0, stranger));
    }

    function _assertRefused(
        address caller,
        address target,
        bytes memory call_,
        bytes memory refusal
    ) private {
        vm.prank(caller);
        (bool success, bytes memory reason) = target.call(call_);
        assertFalse(success);
        assertEq(reason, refusal);
    }

    /// @notice All that is the player's and the LP's: balance, bets, bankroll, price and shares.
    function _belongings(uint256 betId) private view returns (bytes32) {
        ICasino.Books memory books = _books(ETH);
        return
            keccak256(
                abi.encode(
                    casino.balanceOf(player, ETH),
                    casino.balanceOf(address(coins), ETH),
                    views().betOf(betId),
                    books.bankroll,
                    books.reserved,
                    coins.balanceOf(alice),
                    coins.convertToAssets(1e15)
                )
            );
    }

    /// @notice A win is settled and withdrawn, a void bet refunded, and an LP paid out.
    function _assertExits(uint256 won, uint256 void_, uint256 request) private {
        uint256 before = casino.balanceOf(player, ETH);
        uint256 state = vm.snapshotState();
        _wait(VOID_AFTER + 1);
        casino.refund(void_);
        assertEq(casino.balanceOf(player, ETH), before + 1e9);
        vm.revertToState(state);
        _draw(request, _wordFor(won, true, 1));
        casino.settle(won);
        casino.settle(void_);
        uint256 balance = casino.balanceOf(player, ETH);
        assertGe(balance, before + 1.98e9);
        vm.prank(player);
        casino.withdraw(ETH, balance, player);
        assertEq(player.balance, balance * GWEI);
        _redeem(alice, coins.balanceOf(alice));
        _close();
        uint256 due = coins.maxWithdraw(alice);
        assertGt(due, 990 ether);
        before = alice.balance;
        _claim(alice);
        assertEq(alice.balance, before + due);
    }
}
