// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {TestToken} from "./fixtures/Tokens.sol";

/// @notice Bankrolls, epochs, terms, and who may do what.
contract HouseTest is CasinoFixture {
    // -- Bankroll --

    function test_bankroll_is_funded_and_drawn_within_the_ledger(uint256 amount) external {
        amount = bound(amount, 0, BANKROLL);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.BankrollDrawn(ETH, amount);
        casino.drawBankroll(ETH, amount);
        assertEq(casino.balanceOf(address(this), ETH), amount);
        assertEq(_books(ETH).bankroll, BANKROLL - amount);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.BankrollFunded(ETH, amount);
        casino.fundBankroll(ETH, amount);
        assertEq(_books(ETH).bankroll, BANKROLL);
        assertEq(casino.balanceOf(address(this), ETH), 0);
    }

    function test_failure_24_reserved_bankroll_cannot_be_drawn() external {
        uint256 reserve = views().betOf(_flip(alice, 1e9)).reserve;
        uint256 free = BANKROLL - reserve;
        vm.expectRevert(abi.encodeWithSelector(ICasino.BankrollTooLow.selector, free, free + 1));
        casino.drawBankroll(ETH, free + 1);
        casino.drawBankroll(ETH, free);
        assertEq(_books(ETH).bankroll, _books(ETH).reserved);
    }

    function test_only_the_bankroll_of_an_asset_moves_it(address caller) external {
        vm.assume(caller != address(this) && caller != address(0));
        bytes memory refusal = abi.encodeWithSelector(ICasino.NotBankroll.selector, caller);
        vm.startPrank(caller);
        vm.expectRevert(refusal);
        casino.fundBankroll(ETH, 0);
        vm.expectRevert(refusal);
        casino.drawBankroll(ETH, 0);
        vm.expectRevert(refusal);
        casino.closeEpoch(ETH);
        vm.expectRevert(refusal);
        casino.closeEpoch(7);
    }

    function test_funding_above_the_balance_reverts() external {
        vm.expectRevert(abi.encodeWithSelector(ICasino.BalanceTooLow.selector, 0, 1));
        casino.fundBankroll(ETH, 1);
    }

    function test_an_asset_needs_a_bankroll_that_is_a_contract() external {
        TestToken token = new TestToken("Next", 6);
        vm.expectRevert(abi.encodeWithSelector(ICasino.NotBankroll.selector, alice));
        casino.listAsset(address(token), alice);
    }

    // -- Epochs --

    function test_failure_25_an_epoch_closes_with_exactly_what_its_bets_left_in_any_order(
        bool won,
        bool lateFirst
    ) external {
        uint256 early = _placeDrawn(alice, ETH, 0, FLIP, 1_000_000, HEADS, won);
        _nextBlock();
        uint256 second = _place(bob, ETH, 0, FLIP, 2_000_000, HEADS);
        uint256 request = _lastRequest();
        _wait(1 days);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.EpochRolled(1, time);
        casino.rollEpoch();
        assertEq(_books(ETH).closingBets, 2);
        assertEq(_books(ETH).openBets, 0);
        vm.warp(time -= 1 hours);
        _draw(request, _wordFor(second, true, 1));
        uint256 later = _placeDrawn(carol, ETH, 0, FLIP, 4_000_000, HEADS, false);
        if (lateFirst) casino.settle(later);
        casino.settle(lateFirst ? second : early);
        vm.expectRevert(abi.encodeWithSelector(ICasino.EpochNotClosed.selector, ETH, 1));
        casino.closeEpoch(ETH);
        casino.settle(lateFirst ? early : second);
        if (!lateFirst) casino.settle(later);

        uint256 equity =
            BANKROLL + 1_000_000 - (won ? 1_980_000 : 0) - 1_000 + 2_000_000 - 3_960_000 - 2_000;
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.EpochClosed(0, ETH, equity);
        (uint256 epoch, uint256 left) = casino.closeEpoch(ETH);
        assertEq(epoch, 0);
        assertEq(left, equity);
        assertEq(_books(ETH).bankroll, equity + 4_000_000 - 4_000);
    }

    function test_failure_24_a_void_bet_leaves_the_equity_of_its_epoch_alone() external {
        uint256 betId = _flip(alice, 1_000_000);
        _wait(1 days + 1);
        casino.rollEpoch();
        casino.refund(betId);
        (, uint256 equity) = casino.closeEpoch(ETH);
        assertEq(equity, BANKROLL);
    }

    function test_roll_reverts_before_its_time_and_until_every_asset_has_closed() external {
        vm.expectRevert(abi.encodeWithSelector(ICasino.EpochNotOver.selector, time + 1 days));
        casino.rollEpoch();
        _wait(1 days);
        casino.rollEpoch();
        _wait(1 days);
        casino.closeEpoch(ETH);
        vm.expectRevert(abi.encodeWithSelector(ICasino.EpochNotClosed.selector, USDC, 0));
        casino.rollEpoch();
        casino.closeEpoch(USDC);
        casino.closeEpoch(DAI);
        vm.expectRevert(abi.encodeWithSelector(ICasino.EpochNotClosed.selector, ETH, 0));
        casino.closeEpoch(ETH);
        vm.prank(carol);
        casino.rollEpoch();
        (uint256 epoch, uint256 start, , , ) = views().head();
        assertEq(epoch, 2);
        assertEq(start, time);
    }

    function test_a_bet_after_the_roll_of_its_block_opens_a_round_of_the_new_epoch() external {
        uint256 first = _flip(alice, 1_000);
        vm.warp(time += 1 days);
        casino.rollEpoch();
        uint256 second = _flip(bob, 1_000);
        assertEq(views().roundAt(views().betOf(first).slot).epoch, 0);
        assertEq(views().roundAt(views().betOf(second).slot).epoch, 1);
        assertEq(_rounds(), 2);
        assertEq(_books(ETH).openBets, 1);
        assertEq(_books(ETH).closingBets, 1);
    }

    function test_slots_of_rounds_return_once_their_epoch_has_closed() external {
        for (uint256 epoch; epoch < 6; ++epoch) {
            for (uint256 i; i < 30; ++i) {
                _flip(alice, 1_000);
                _draw(_lastRequest(), i);
                _nextBlock();
            }
            casino.settleMany(_one(_betId(alice, ETH, 0, (epoch + 1) * 30)));
            if (epoch > 0) for (uint16 asset; asset < 3; ++asset) casino.closeEpoch(asset);
            _wait(1 days);
            casino.rollEpoch();
        }
        assertEq(_rounds(), 180);
    }

    // -- Terms --

    function test_terms_are_bounded() external {
        ICasino.Terms memory terms = _terms();
        terms.maxStake = 1 << 40;
        _assertTermsRefused(terms, "maxStake", 1 << 40, (1 << 40) - 1);
        terms = _terms();
        terms.minStake = terms.maxStake + 1;
        _assertTermsRefused(terms, "minStake", terms.maxStake + 1, terms.maxStake);
        terms = _terms();
        terms.stipend = 4_000_001;
        _assertTermsRefused(terms, "stipend", 4_000_001, 4_000_000);
        terms.stipend = 9_999;
        _assertTermsRefused(terms, "stipend", 9_999, 10_000);
        terms = _terms();
        terms.kellyBps = 5_001;
        _assertTermsRefused(terms, "kellyBps", 5_001, 5_000);
        terms = _terms();
        terms.capBps = 1_001;
        _assertTermsRefused(terms, "capBps", 1_001, 1_000);
        terms = _terms();
        terms.shareBps = 5_001;
        _assertTermsRefused(terms, "shareBps", 5_001, 5_000);
        terms = _terms();
        terms.roundGas = 100_001;
        _assertTermsRefused(terms, "roundGas", 100_001, 100_000);
        terms = _terms();
        terms.gameCapBps = 5_001;
        _assertTermsRefused(terms, "gameCapBps", 5_001, 5_000);
        terms = _terms();
        terms.lossBps = 2_001;
        _assertTermsRefused(terms, "lossBps", 2_001, 2_000);
    }

    function test_failure_18_a_stipend_is_never_lowered_under_open_bets() external {
        ICasino.Terms memory terms = _terms();
        ICasino.Terms memory lower = _terms();
        lower.stipend -= 512;
        terms.roundGas -= 16;
        for (uint256 i; i < 2; ++i) {
            _assertTermsRefused(lower, "stipend", STIPEND - 512, STIPEND);
            _assertTermsRefused(terms, "roundGas", ROUND_GAS - 16, ROUND_GAS);
            if (i == 0) casino.delist(FLIP, ETH);
        }
    }

    function test_terms_need_a_game_and_an_asset() external {
        vm.expectRevert(abi.encodeWithSelector(ICasino.GameNotListed.selector, 3, 0));
        casino.setTerms(3, ETH, _terms());
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnknown.selector, 3));
        casino.setTerms(FLIP, 3, _terms());
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.OutOfBounds.selector, bytes32("rules"), 0, 1)
        );
        casino.listGame(alice);
        vm.expectRevert(abi.encodeWithSelector(ICasino.GameNotListed.selector, 3, ETH));
        casino.delist(3, ETH);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnknown.selector, 3));
        views().houseOf(3);
    }

    function test_governance_announces_what_it_does() external {
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.GameListed(3, address(dice));
        casino.listGame(address(dice));
        assertEq(views().gameCount(), 3);
        // As stored: the largest stake rounded down to 11 bits.
        (, ICasino.Terms memory stored) = views().termsOf(FLIP, ETH);
        assertLe(stored.maxStake, _terms().maxStake);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.TermsSet(3, ETH, stored);
        casino.setTerms(3, ETH, _terms());
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.GameDelisted(3, ETH, false);
        casino.delist(3, ETH);
        vm.expectRevert(abi.encodeWithSelector(ICasino.GameNotListed.selector, 3, ETH));
        casino.delist(3, ETH);
    }

    function test_fees_are_claimed_into_a_balance_and_no_further() external {
        casino.settle(_placeDrawn(alice, ETH, 0, FLIP, 1_000_000, HEADS, false));
        vm.expectRevert(abi.encodeWithSelector(ICasino.BalanceTooLow.selector, 1_000, 1_001));
        casino.claimFees(ETH, 1_001, bob);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RecipientRefused.selector, address(0)));
        casino.claimFees(ETH, 1, address(0));
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.FeesClaimed(ETH, 1_000, bob);
        casino.claimFees(ETH, 1_000, bob);
        assertEq(casino.balanceOf(bob, ETH), PURSE + 1_000);
        assertEq(_books(ETH).fees, 0);
    }

    // -- Roles --

    function test_failure_28_every_restricted_selector_refuses_everyone_without_the_role(
        address caller
    ) external {
        vm.assume(
            caller != address(this) && caller != address(manager) && caller != address(casino)
        );
        bytes[] memory calls = _restricted();
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(caller);
            (bool success, bytes memory reason) = address(casino).call(calls[i]);
            assertFalse(success);
            assertEq(
                reason,
                abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller)
            );
        }
        vm.prank(caller);
        (bool replaced, ) = address(casino).call(
            abi.encodeWithSignature("setAuthority(address)", caller)
        );
        assertFalse(replaced);
    }

    function test_failure_27_no_role_can_lower_a_balance_an_escrow_or_the_bankroll() external {
        uint256 betId = _flip(alice, 1_000_000);
        uint256 balance = casino.balanceOf(alice, ETH);
        bytes32 before = keccak256(abi.encode(views().betOf(betId)));
        bytes[] memory calls = _restricted();
        for (uint256 i; i < calls.length; ++i) {
            (bool success, ) = address(casino).call(calls[i]);
            assertTrue(success);
            assertEq(casino.balanceOf(alice, ETH), balance);
            assertEq(keccak256(abi.encode(views().betOf(betId))), before);
            assertEq(_books(ETH).bankroll, BANKROLL);
        }
        assertEq(address(casino).balance, 1e9 * (BANKROLL + 3 * PURSE));
    }

    function test_failure_29_exits_work_in_every_admin_state() external {
        uint256 won = _flip(alice, 1_000_000);
        uint256 request = _lastRequest();
        uint256 void_ = _place(bob, ETH, 0, FLIP, 1_000_000, HEADS);
        bytes[] memory calls = _restricted();
        for (uint256 i; i < calls.length; ++i) {
            (bool success, ) = address(casino).call(calls[i]);
            assertTrue(success);
        }
        casino.delist(DICE, ETH);
        uint256 state = vm.snapshotState();
        _wait(VOID_AFTER + 1);
        casino.refund(void_);
        assertEq(casino.balanceOf(bob, ETH), PURSE);
        vm.revertToState(state);
        _draw(request, _wordFor(won, true, 1));
        casino.settle(won);
        uint256 balance = casino.balanceOf(alice, ETH);
        vm.prank(alice);
        casino.withdraw(ETH, balance, alice);
        assertEq(alice.balance, (PURSE + 980_000) * 1e9);
        casino.drawBankroll(ETH, BANKROLL / 2);
        casino.withdraw(ETH, BANKROLL / 2, carol);
    }

    // -- Helpers --

    /// @dev Each restricted function once, with arguments that the admin may use.
    function _restricted() private returns (bytes[] memory calls) {
        address token = address(new TestToken("Restricted", 6));
        calls = new bytes[](7);
        calls[0] = abi.encodeCall(ICasino.listAsset, (token, address(this)));
        calls[1] = abi.encodeCall(ICasino.listGame, (address(dice)));
        calls[2] = abi.encodeCall(ICasino.setTerms, (FLIP, ETH, _terms()));
        calls[3] = abi.encodeCall(ICasino.delist, (FLIP, ETH));
        calls[4] = abi.encodeCall(ICasino.setSource, (address(coordinator), keyHash, 3, 1));
        calls[5] = abi.encodeCall(ICasino.pause, (72 hours));
        calls[6] = abi.encodeCall(ICasino.claimFees, (ETH, 0, alice));
    }

    function _assertTermsRefused(
        ICasino.Terms memory terms,
        bytes32 what,
        uint256 value,
        uint256 limit
    ) private {
        vm.expectRevert(abi.encodeWithSelector(ICasino.OutOfBounds.selector, what, value, limit));
        casino.setTerms(FLIP, ETH, terms);
    }
}
