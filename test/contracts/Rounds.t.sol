// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {ICasinoViews} from "../../contracts/interfaces/ICasinoViews.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {ICoordinator} from "./fixtures/ICoordinator.sol";

/// @notice Arbitrum's precompile, as far as the casino reads it.
contract ArbSysStub {
    uint256 public arbBlockNumber;

    function set(uint256 number) external {
        arbBlockNumber = number;
    }
}

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

    // -- The callback --

    function test_failure_03_the_callback_returns_silently_for_unknown_duplicate_foreign_and_empty(
        uint256 requestId,
        uint256 word,
        address sender
    ) external {
        uint256 betId = _flip(alice, 1_000);
        uint256 known = _lastRequest();
        vm.assume(requestId != known && sender != address(coordinator));
        uint256 slot = views().betOf(betId).slot;
        uint256[] memory words = new uint256[](1);
        words[0] = word;
        vm.recordLogs();
        vm.prank(sender);
        casino.rawFulfillRandomWords(known, words);
        _draw(requestId, word);
        vm.prank(address(coordinator));
        casino.rawFulfillRandomWords(known, new uint256[](0));
        assertEq(vm.getRecordedLogs().length, 0);
        assertTrue(views().roundAt(slot).state == ICasino.RoundState.Pending);

        _draw(known, 7);
        _draw(known, word);
        assertEq(views().roundAt(slot).word, 7);
    }

    function test_failure_03_the_callback_costs_the_same_for_one_bet_and_for_fifty() external {
        uint256 gasOfOne = _gasOfDraw(1);
        uint256 gasOfFifty = _gasOfDraw(50);
        assertLe(gasOfFifty, gasOfOne + 100);
        assertLe(gasOfOne, gasOfFifty + 100);
    }

    function test_failure_04_the_callback_fits_its_gas_at_the_last_probe() external {
        // Each of the eight slots that the request may take but the last is taken by another round.
        uint256 requestId = _requestOf(1);
        uint256 base = _roundsSlot();
        for (uint256 i; i < 7; ++i) {
            vm.store(
                address(casino),
                keccak256(abi.encode((requestId + i) % 256, base)),
                bytes32(uint256(1 | (9 << 8)))
            );
        }
        uint256 betId = _flip(alice, 1_000);
        assertEq(views().betOf(betId).slot, (requestId + 7) % 256);
        _nextBlock();
        uint256[] memory words = new uint256[](1);
        words[0] = 5;
        vm.prank(address(coordinator));
        casino.rawFulfillRandomWords{gas: 45_000}(requestId, words);
        assertEq(views().roundAt((requestId + 7) % 256).word, 5);
    }

    function test_failure_04_opening_reverts_when_every_probed_slot_is_taken() external {
        uint256 requestId = _requestOf(1);
        uint256 base = _roundsSlot();
        for (uint256 i; i < 8; ++i) {
            vm.store(
                address(casino),
                keccak256(abi.encode((requestId + i) % 256, base)),
                bytes32(uint256(1))
            );
        }
        vm.expectRevert(abi.encodeWithSelector(ICasino.RoundsFull.selector, 64));
        vm.prank(alice);
        casino.bet(ETH, 0, FLIP, 1_000, HEADS);
    }

    // -- The deadline --

    function test_failure_05_refund_race_word_at_the_deadline_is_accepted_and_after_it_ignored(
        uint256 late
    ) external {
        late = bound(late, 1, 30 days);
        uint256 first = _flip(alice, 1_000);
        uint256 deadline = time + VOID_AFTER;
        uint256 state = vm.snapshotState();

        vm.warp(deadline);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RoundPending.selector, first, deadline));
        casino.refund(first);
        _draw(_lastRequest(), 7);
        vm.warp(deadline + late);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RoundDrawnAlready.selector, first));
        casino.refund(first);
        casino.settle(first);

        vm.revertToState(state);
        vm.warp(deadline + late);
        _draw(_lastRequest(), 7);
        assertTrue(views().roundAt(views().betOf(first).slot).state == ICasino.RoundState.Pending);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RoundVoid.selector, first));
        casino.settle(first);
        casino.refund(first);
        _draw(_lastRequest(), 7);
        assertTrue(views().roundAt(views().betOf(first).slot).state == ICasino.RoundState.Void);
        assertEq(casino.balanceOf(alice, ETH), PURSE);
    }

    function test_failure_08_no_round_is_requested_twice_and_no_call_of_any_role_draws_again()
        external
    {
        uint256 betId = _flip(alice, 1_000);
        uint256 request = _lastRequest();
        _flip(bob, 1_000);
        assertEq(_rounds(), 1);
        _draw(request, 7);
        ICoordinator old = coordinator;
        _replaceSource();
        casino.pause(1);
        _nextBlock();
        coordinator = old;
        _draw(request, 8);
        assertEq(views().roundAt(views().betOf(betId).slot).word, 7);
    }

    // -- Order and volume --

    function test_failure_13_fifty_rounds_fulfilled_out_of_order_settle_each_by_its_own_word()
        external
    {
        uint256[] memory bets = new uint256[](50);
        for (uint256 i; i < 50; ++i) {
            bets[i] = _place(alice, ETH, uint16(i), FLIP, 1_000, HEADS);
            _nextBlock();
        }
        for (uint256 i; i < 50; ++i) {
            uint256 j = (i * 37 + 11) % 50;
            _draw(_requestOf(j + 1), 1_000 + j);
        }
        casino.settleMany(bets);
        uint256 wins;
        for (uint256 i; i < 50; ++i) {
            assertEq(views().roundAt(views().betOf(bets[i]).slot).word, 1_000 + i);
            if (views().seedOf(1_000 + i, bets[i]) & 1 == 0) ++wins;
        }
        assertEq(casino.balanceOf(alice, ETH), PURSE - 50_000 + wins * 1_980);
        assertEq(_books(ETH).openBets, 0);
    }

    function test_rounds_are_full_at_a_quarter_of_the_slots_until_epochs_close() external {
        for (uint256 i; i < 64; ++i) {
            _place(alice, ETH, uint16(i), FLIP, 1_000, HEADS);
            _nextBlock();
        }
        _assertRefused(bob, abi.encodeWithSelector(ICasino.RoundsFull.selector, 64));
    }

    function test_failure_32_seeds_differ_between_bets_words_and_casinos() external {
        uint256 first = _flip(alice, 1_000);
        uint256 second = _place(alice, ETH, 1, FLIP, 1_000, HEADS);
        assertTrue(views().seedOf(1, first) != views().seedOf(1, second));
        assertTrue(views().seedOf(1, first) != views().seedOf(2, first));
        ICasinoViews other = ICasinoViews(address(_newCasino(64, 1 hours)));
        assertTrue(views().seedOf(1, first) != other.seedOf(1, first));
        assertEq(
            views().seedOf(1, first),
            uint256(keccak256(abi.encode(1, 31_337, address(casino), first)))
        );
        vm.chainId(1);
        assertTrue(
            views().seedOf(1, first) !=
                uint256(keccak256(abi.encode(1, 31_337, address(casino), first)))
        );
    }

    // -- Arbitrum --

    function test_failure_34_on_arbitrum_a_round_is_joined_within_its_l2_block_only() external {
        vm.etch(address(100), address(new ArbSysStub()).code);
        ArbSysStub arbSys = ArbSysStub(address(100));
        uint256[3] memory chains = [uint256(42_161), 42_170, 421_614];
        for (uint256 i; i < chains.length; ++i) {
            vm.chainId(chains[i]);
            setUp();
            arbSys.set(5_000_000_000 + i);
            _flip(alice, 1_000);
            vm.roll(++height);
            _flip(bob, 1_000);
            assertEq(_rounds(), 1, "the parent chain's block does not matter");
            arbSys.set(5_000_000_010 + i);
            _flip(carol, 1_000);
            assertEq(_rounds(), 2, "another L2 block, though the parent's is the same");
        }
    }

    function test_failure_34_deadlines_count_seconds_and_not_blocks() external {
        uint256 betId = _flip(alice, 1_000);
        vm.roll(height += 1_000_000);
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.RoundPending.selector, betId, time + VOID_AFTER)
        );
        casino.refund(betId);
    }

    function test_constructor_bounds_its_slots_and_epochs() external {
        _assertUnbuildable(63, 1 hours, "roundSlots", 63, 64);
        _assertUnbuildable(65, 1 hours, "roundSlots", 65, 2);
        _assertUnbuildable(1 << 21, 1 hours, "roundSlots", 1 << 21, 1 << 20);
        _assertUnbuildable(64, 599, "epoch", 599, 10 minutes);
        _assertUnbuildable(64, 7 days + 1, "epoch", 7 days + 1, 7 days);
    }

    // -- Helpers --

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

    function _gasOfDraw(uint256 bets) private returns (uint256 spent) {
        _nextBlock();
        for (uint256 i; i < bets; ++i)
            _place(alice, ETH, uint16(1_000 * bets + i), FLIP, 1_000, HEADS);
        _nextBlock();
        uint256[] memory words = new uint256[](1);
        words[0] = 7;
        uint256 requestId = _lastRequest();
        vm.cool(address(casino));
        vm.prank(address(coordinator));
        uint256 before = gasleft();
        casino.rawFulfillRandomWords(requestId, words);
        spent = before - gasleft();
    }

    /// @dev The storage slot of the rounds' mapping: found where a round just stored is.
    function _roundsSlot() private returns (uint256 base) {
        uint256 state = vm.snapshotState();
        uint256 slot = views().betOf(_flip(alice, 1_000)).slot;
        for (base = 0; base < 64; ++base) {
            uint256 word = uint256(vm.load(address(casino), keccak256(abi.encode(slot, base))));
            if (word & 0xff == 1 && word >> 160 == time) break;
        }
        vm.revertToState(state);
        assertLt(base, 64);
    }
}
