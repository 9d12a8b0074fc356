// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {Keno} from "../../../contracts/games/Keno.sol";
import {CasinoFixture} from "../CasinoFixture.sol";
import {ICoordinator} from "../fixtures/ICoordinator.sol";
import {Reentrant} from "../fixtures/Tokens.sol";

/// @notice Keno in tables of its own, which shows the numbers that it draws.
contract ShowingKeno is Keno {
    constructor(uint256[] memory tables) Keno(tables) {}

    /// @return drawn Number `n` at bit `n - 1`: each is bet on alone.
    function drawnBy(uint256 seed) external view returns (uint256 drawn) {
        for (uint256 ball; ball < 40; ++ball)
            if (_multiplier(_terms(bytes16(uint128(1 << ball) << 88)), seed) != 0)
                drawn |= 1 << ball;
    }
}

/// @notice What went wrong elsewhere, 1 to 9 of 36: draws, callbacks, refunds and words.
/// docs/security/failures.md lists all of them, with the tests that are not Solidity's.
contract Failures01To09Test is CasinoFixture {
    /// Of keno: the ways to draw 10 of 40.
    uint256 private constant DRAWS = 847_660_528;

    // -- 1. Draws that are not uniform: the next number where one was taken already, eight bits modulo 40 --
    // Keno paid neighbouring picks about three times. So too: test/games/keno.test.ts, test/battery.test.ts.

    function test_failure_01_all_pairs_of_numbers_are_drawn_equally_often_neighbours_too()
        external
    {
        uint256 draws = 2_000;
        uint256[40][40] memory counts;
        ShowingKeno keno = new ShowingKeno(_kenoTables());
        for (uint256 i; i < draws; ++i) {
            uint256 drawn = keno.drawnBy(uint256(keccak256(abi.encode(i))));
            uint256[10] memory balls;
            uint256 count;
            for (uint256 ball; ball < 40; ++ball)
                if ((drawn >> ball) & 1 == 1) balls[count++] = ball;
            assertEq(count, 10);
            for (uint256 a; a < 10; ++a)
                for (uint256 b = a + 1; b < 10; ++b) ++counts[balls[a]][balls[b]];
        }
        // Of 780 pairs, each expected 2,000 * 45 / 780 times. Chi-square of 779 degrees: 5 deviations are 197.
        uint256 expected = (draws * 45 * 1e6) / 780;
        uint256 chiSquare;
        uint256 neighbours;
        for (uint256 a; a < 40; ++a) {
            for (uint256 b = a + 1; b < 40; ++b) {
                uint256 seen = counts[a][b] * 1e6;
                uint256 off = seen > expected ? seen - expected : expected - seen;
                chiSquare += (off * off) / expected;
                // The best pick is worth what all are: six deviations above the mean is none of them.
                assertLe(counts[a][b], 180);
                if (b == a + 1) neighbours += counts[a][b];
            }
        }
        assertLe(chiSquare, 976e6);
        // 39 pairs, 4,500 times; a deviation is under 67.
        assertLe(neighbours, 4_770);
        assertGe(neighbours, 4_230);
    }

    // -- 2. The recipient reverts in the callback, and takes a full refund later --

    function test_failure_02_a_player_that_refuses_coins_is_settled_all_the_same_and_paid_later()
        external
    {
        Reentrant player = new Reentrant(casino);
        player.refuse(true);
        _give(address(player), ETH, 1_000);
        _nextBlock();
        player.run(abi.encodeCall(ICasino.bet, (ETH, 0, FLIP, 1_000, HEADS)));
        uint256 betId = _betId(address(player), ETH, 0, 1);
        _draw(_lastRequest(), _wordFor(betId, true, 1));
        casino.settle(betId);
        vm.expectRevert(abi.encodeWithSelector(ICasino.BetNotOpen.selector, betId));
        casino.refund(betId);
        bytes memory withdrawal = abi.encodeCall(ICasino.withdraw, (ETH, 1_980, address(player)));
        vm.expectRevert(abi.encodeWithSelector(ICasino.RecipientRefused.selector, address(player)));
        player.run(withdrawal);
        player.refuse(false);
        player.run(withdrawal);
        assertEq(address(player).balance, 1_980e9);
    }

    // -- 3. A callback that reverts is never tried again --

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

    // -- 4. Gas griefing: of the callback, here; of games, in HostileGames.t.sol --
    // A callback gas of 200,000 let 22 of 37 spins fail, only winners among them.

    function test_failure_04_at_the_last_probe_the_callback_fits_its_gas() external {
        // Each of the twelve slots that the request may take but the last is taken by another round.
        uint256 requestId = _requestOf(1);
        uint256 base = _roundsSlot();
        for (uint256 i; i < 11; ++i) {
            vm.store(
                address(casino),
                keccak256(abi.encode((requestId + i) % 256, base)),
                bytes32(uint256(1 | (9 << 8)))
            );
        }
        uint256 betId = _flip(alice, 1_000);
        assertEq(views().betOf(betId).slot, (requestId + 11) % 256);
        _nextBlock();
        uint256[] memory words = new uint256[](1);
        words[0] = 5;
        vm.cool(address(casino));
        vm.prank(address(coordinator));
        casino.rawFulfillRandomWords{gas: 45_000}(requestId, words);
        assertEq(views().roundAt((requestId + 11) % 256).word, 5);
        assertGe(uint256(views().CALLBACK_GAS()), 45_000);
    }

    function test_failure_04_opening_reverts_when_every_probed_slot_is_taken() external {
        uint256 requestId = _requestOf(1);
        uint256 base = _roundsSlot();
        for (uint256 i; i < 12; ++i) {
            vm.store(
                address(casino),
                keccak256(abi.encode((requestId + i) % 256, base)),
                bytes32(uint256(1))
            );
        }
        vm.expectRevert(abi.encodeWithSelector(ICasino.RoundsFull.selector, 64));
        _flip(alice, 1_000);
    }

    // -- 5. A refund races the word: it goes to whoever knows the word first --

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
        assertTrue(_state(first) == ICasino.RoundState.Pending);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RoundVoid.selector, first));
        casino.settle(first);
        casino.refund(first);
        _draw(_lastRequest(), 7);
        assertTrue(_state(first) == ICasino.RoundState.Void);
        assertEq(casino.balanceOf(alice, ETH), PURSE);
    }

    // -- 6. A refund in the middle of a game of several steps, once it goes badly --
    // There are no staged games here; of several steps are the rounds of a series.

    function test_failure_06_a_series_is_drawn_whole_and_no_round_of_it_is_refunded_after()
        external
    {
        uint256 betId = _placeWager(
            alice,
            ICasino.Wager(ETH, 1, FLIP, 1_000, HEADS, 50, 0, 50_000)
        );
        _draw(_lastRequest(), 99);
        _wait(VOID_AFTER + 30 days);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RoundDrawnAlready.selector, betId));
        vm.prank(alice);
        casino.refund(betId);
        (uint256 paid, uint256 played) = coinFlip.payouts(
            1_000,
            HEADS,
            views().seedOf(99, betId),
            50,
            0,
            50_000
        );
        assertEq(played, 50);
        casino.settle(betId);
        assertEq(casino.balanceOf(alice, ETH), PURSE - 50_000 + paid, "all rounds count");
    }

    // -- 7. A cash-out with no draw, or with one pending: a crash game paid 1.10 times without a draw --

    function test_failure_07_nothing_is_paid_out_of_a_bet_before_its_word(uint256 after_) external {
        uint256 betId = _placeWager(alice, ICasino.Wager(ETH, 1, FLIP, 1_000, HEADS, 50, 1, 1));
        vm.warp(time + bound(after_, 0, VOID_AFTER));
        bytes memory pending = abi.encodeWithSelector(
            ICasino.RoundPending.selector,
            betId,
            time + VOID_AFTER
        );
        vm.startPrank(alice);
        vm.expectRevert(pending);
        casino.settle(betId);
        vm.expectRevert(pending);
        casino.refund(betId);
        casino.settleMany(_one(betId));
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.LaneBusy.selector, betId, time + VOID_AFTER)
        );
        casino.bet(ETH, 1, FLIP, 1_000, HEADS);
        vm.stopPrank();
        assertTrue(_isOpen(betId));
        assertEq(casino.balanceOf(alice, ETH), PURSE - 50_000);
    }

    // -- 8. A request made again, or a word drawn again --

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
        _draw(request, 8);
        coordinator = old;
        _draw(request, 8);
        assertEq(views().roundAt(views().betOf(betId).slot).word, 7);
        casino.settle(betId);
        _draw(request, 8);
        assertEq(views().roundAt(views().betOf(betId).slot).word, 7);
    }

    // -- 9. The coordinator is swapped under open bets --

    function test_failure_09_a_new_source_leaves_pending_rounds_to_their_own() external {
        ICoordinator old = coordinator;
        uint256 betId = _flip(alice, 1_000);
        uint256 request = _lastRequest();
        _replaceSource();
        _fundSubscription();
        _draw(request, 7);
        assertTrue(_state(betId) == ICasino.RoundState.Pending);
        coordinator = old;
        _draw(request, 8);
        assertEq(views().roundAt(views().betOf(betId).slot).word, 8);
        _nextBlock();
        uint256 later = _flip(bob, 1_000);
        assertEq(_rounds(), 2);
        _draw(_requestOf(1), 9);
        assertTrue(_state(later) == ICasino.RoundState.Pending);
    }

    // -- Helpers --

    function _state(uint256 betId) private view returns (ICasino.RoundState) {
        return views().roundAt(views().betOf(betId).slot).state;
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

    /// @dev All hits pay alike, and the rest of them nothing: a return of about nine tenths.
    function _kenoTables() private pure returns (uint256[] memory tables) {
        tables = new uint256[](30);
        for (uint256 table; table < 30; ++table) {
            uint256 picks = (table % 10) + 1;
            uint256 draws;
            for (uint256 hits = (picks + 1) / 2; hits <= picks; ++hits)
                draws += _ways(picks, hits) * _ways(40 - picks, 10 - hits);
            for (uint256 hits = (picks + 1) / 2; hits <= picks; ++hits)
                tables[table] |= ((90 * DRAWS) / draws) << (23 * hits);
        }
    }

    function _ways(uint256 n, uint256 k) private pure returns (uint256 ways) {
        ways = 1;
        for (uint256 i = 1; i <= k; ++i) ways = (ways * (n - k + i)) / i;
    }
}
