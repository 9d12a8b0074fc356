// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

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

    function test_terms_need_a_game_and_an_asset() external {
        vm.expectRevert(abi.encodeWithSelector(ICasino.GameNotListed.selector, 3, 0));
        casino.setTerms(3, ETH, _terms());
        vm.expectRevert(abi.encodeWithSelector(ICasino.GameNotListed.selector, 0, 0));
        casino.setTerms(0, ETH, _terms());
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

    function test_assets_and_games_are_bounded() external {
        // Where the casino counts them: `AnnexTest` holds these slots to the compiler's.
        vm.store(address(casino), bytes32(uint256(0)), bytes32(uint256(256)));
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.OutOfBounds.selector, bytes32("assets"), 256, 256)
        );
        casino.listAsset(alice, address(this));
        vm.store(address(casino), bytes32(uint256(12)), bytes32(uint256(4_094)));
        assertEq(casino.listGame(address(dice)), 4_095);
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.OutOfBounds.selector, bytes32("games"), 4_095, 4_095)
        );
        casino.listGame(address(dice));
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

    // -- Helpers --

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
