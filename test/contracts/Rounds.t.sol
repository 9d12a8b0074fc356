// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Casino} from "../../contracts/Casino.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {Vm} from "./fixtures/Test.sol";

/// @notice Requests, words and deadlines.
contract RoundsTest is CasinoFixture {
    // -- One request a block --

    function test_bets_of_a_block_share_a_round_and_the_next_block_opens_another() external {
        uint256 first = _flip(alice, 1_000);
        uint256 second = _place(bob, USDC, 3, DICE, 1_000, _under(5_000));
        assertEq(_rounds(), 1);
        assertEq(views().betOf(first).slot, views().betOf(second).slot);
        _nextBlock();
        uint256 third = _flip(carol, 1_000);
        assertEq(_rounds(), 2);
        assertTrue(views().betOf(third).slot != views().betOf(first).slot);
    }

    function test_opening_emits_the_request_of_the_coordinator() external {
        uint256 requestId = _requestOf(1);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.RoundRequested(1, requestId, requestId % 256);
        uint256 betId = _flip(alice, 1_000);
        assertTrue(coordinator.s_requestCommitments(requestId) != 0);
        ICasino.Round memory round = views().roundAt(views().betOf(betId).slot);
        assertTrue(round.state == ICasino.RoundState.Pending);
        assertEq(round.requestedAt, time);
        assertEq(round.epoch, 0);
        assertTrue(views().roundAt((requestId + 9) % 256).state == ICasino.RoundState.Free);
    }

    function test_word_is_stored_once_and_emitted_whole(uint256 word) external {
        uint256 betId = _flip(alice, 1_000);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.RoundDrawn(_lastRequest(), word);
        _draw(_lastRequest(), word);
        ICasino.Round memory round = views().roundAt(views().betOf(betId).slot);
        assertTrue(round.state == ICasino.RoundState.Drawn);
        assertEq(round.word, uint256(uint224(word)));
        assertEq(round.requestedAt, 0);
    }

    function test_a_word_of_the_second_after_the_deadline_is_ignored() external {
        uint256 betId = _flip(alice, 1_000);
        _wait(VOID_AFTER + 1);
        _draw(_lastRequest(), 7);
        assertTrue(views().roundAt(views().betOf(betId).slot).state == ICasino.RoundState.Pending);
        casino.refund(betId);
    }

    // -- Order and volume --

    function test_a_rounds_slot_is_used_again_once_its_epoch_has_closed_and_no_sooner() external {
        uint256 met;
        uint256 reused;
        for (uint256 i; i < 6; ++i) {
            casino = _newCasino(64, 1 days);
            _fundSubscription();
            casino.listAsset(address(0), address(this));
            casino.listGame(address(coinFlip));
            casino.setTerms(FLIP, ETH, _terms());
            _fund(ETH, BANKROLL);
            _give(alice, ETH, PURSE);
            bool[64] memory first;
            for (uint16 n; n < 8; ++n) first[_slotOfNext(n)] = true;
            _wait(1 days);
            casino.rollEpoch();
            uint256[] memory betIds = new uint256[](8);
            for (uint16 n; n < 8; ++n) {
                betIds[n] = _betId(alice, ETH, n, 1);
                if (first[_requestOf(_rounds() + 1) % 64]) ++met;
                assertFalse(first[_slotOfNext(100 + n)], "its bets may be open");
            }
            _wait(VOID_AFTER + 1);
            casino.settleMany(betIds);
            casino.closeEpoch(ETH);
            casino.rollEpoch();
            // Eight void rounds in a day halt new ones for one.
            _wait(1 days);
            for (uint16 n; n < 8; ++n) if (first[_slotOfNext(200 + n)]) ++reused;
        }
        assertTrue(met > 0, "no request fell on a slot that was taken");
        assertTrue(reused > 0, "no slot came back");
    }

    function test_rounds_are_full_at_a_quarter_of_the_slots_until_epochs_close() external {
        for (uint256 i; i < 64; ++i) {
            _place(alice, ETH, uint16(i), FLIP, 1_000, HEADS);
            _nextBlock();
        }
        _assertRefused(bob, abi.encodeWithSelector(ICasino.RoundsFull.selector, 64));
    }

    // -- Bounds --

    function test_the_first_source_is_announced_as_such_with_all_its_terms() external {
        bytes memory arguments = abi.encode(
            address(manager),
            address(0),
            64,
            1 days,
            address(coordinator),
            keyHash,
            3,
            WORST_PRICE
        );
        bytes memory code = abi.encodePacked(vm.getCode("Casino"), arguments);
        Casino created;
        vm.recordLogs();
        assembly {
            created := create(0, add(code, 32), mload(code))
        }
        Vm.Log[] memory logs = vm.getRecordedLogs();
        (address at, bytes32 hash, uint256 id, uint16 confirmations, uint256 price) = created
            .source();
        assertEq(at, address(coordinator));
        assertEq(hash, keyHash);
        assertEq(confirmations, 3);
        assertEq(price, WORST_PRICE);
        Vm.Log memory last = logs[logs.length - 1];
        assertEq(last.topics[0], ICasino.SourceSet.selector);
        assertEq(uint256(last.topics[1]), 0);
        assertEq(last.data, abi.encode(at, hash, id, confirmations, price));
    }

    function test_constructor_bounds_its_slots_and_epochs() external {
        _assertUnbuildable(63, 1 hours, "roundSlots", 63, 64);
        _assertUnbuildable(65, 1 hours, "roundSlots", 65, 2);
        _assertUnbuildable(1 << 21, 1 hours, "roundSlots", 1 << 21, 1 << 20);
        _assertUnbuildable(64, 599, "epoch", 599, 10 minutes);
        _assertUnbuildable(64, 7 days + 1, "epoch", 7 days + 1, 7 days);
        assertEq(_newCasino(1 << 20, 7 days).roundSlots(), 1 << 20);
        assertEq(_newCasino(64, 10 minutes).epochSeconds(), 10 minutes);
    }

    // -- Helpers --

    /// @notice Opens a round by a bet in this lane.
    function _slotOfNext(uint16 lane) private returns (uint256) {
        _nextBlock();
        return views().betOf(_place(alice, ETH, lane, FLIP, 1_000, HEADS)).slot;
    }

    function _assertUnbuildable(
        uint256 slots,
        uint256 epoch,
        bytes32 what,
        uint256 value,
        uint256 limit
    ) private {
        vm.expectRevert(abi.encodeWithSelector(ICasino.OutOfBounds.selector, what, value, limit));
        _newCasino(slots, epoch);
    }

    function _assertRefused(address player, bytes memory reason) private {
        assertEq(_whyNot(player, _wager(ETH, 0, FLIP, 1_000, HEADS)), reason);
        vm.expectRevert(reason);
        vm.prank(player);
        casino.bet(ETH, 0, FLIP, 1_000, HEADS);
    }
}
