// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {ILimits} from "../../contracts/interfaces/ILimits.sol";
import {ISessions} from "../../contracts/interfaces/ISessions.sol";
import {OrderFixture} from "./OrderFixture.sol";
import {WideGame} from "./fixtures/SeriesGames.sol";
import {Vm} from "./fixtures/Test.sol";

/// @notice What the end of a bet tells, counts and pays, and nothing beside it: alone, before the lane's next bet, and
/// among the bets of others.
contract EndsTest is OrderFixture {
    bytes32[] private expected;

    // -- What is told --

    function test_a_bet_tells_that_it_is_placed_and_how_it_ended_and_no_more() external {
        _flip(bob, 1_000);
        vm.recordLogs();
        _flip(alice, 1_000);
        expected = [ICasino.BetPlaced.selector];
        assertEq(_ended(_assertLogs()[0]), 0, "there was none before");
        _nextBlock();
        _draw(_lastRequest(), 1);
        casino.settle(_betId(bob, ETH, 0, 1));
        vm.recordLogs();
        casino.settle(_betId(alice, ETH, 0, 1));
        expected = [ICasino.BetSettled.selector];
        _assertLogs();
    }

    function test_a_round_alone_has_no_stops_to_tell() external {
        _flip(bob, 1_000);
        ICasino.Wager memory wager = _wager(ETH, 0, FLIP, 1_000, HEADS);
        (wager.stopGain, wager.stopLoss) = (5, 7);
        vm.recordLogs();
        _placeWager(alice, wager);
        expected = [ICasino.BetPlaced.selector];
        _assertLogs();
    }

    function test_a_void_bet_tells_its_refund_and_no_settlement() external {
        _flip(bob, 1_000);
        uint256 betId = _flip(alice, 1_000);
        _wait(VOID_AFTER + 1);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RoundVoid.selector, betId));
        casino.settle(betId);
        vm.recordLogs();
        casino.refund(_betId(bob, ETH, 0, 1));
        expected = [ICasino.RoundVoided.selector, ICasino.BetRefunded.selector];
        _assertLogs();
        casino.refund(betId);
        expected = [ICasino.BetRefunded.selector];
        _assertLogs();
    }

    function test_the_bet_after_a_void_one_tells_of_no_payout() external {
        _flip(alice, 1_000);
        _wait(VOID_AFTER + 1);
        _flip(bob, 1_000);
        vm.recordLogs();
        _flip(alice, 1_000);
        expected = [
            ICasino.RoundVoided.selector,
            ICasino.BetRefunded.selector,
            ICasino.BetPlaced.selector
        ];
        assertEq(_ended(_assertLogs()[2]), 0);
    }

    function test_a_refused_order_tells_the_refund_before_it_and_no_settlement() external {
        _flip(alice, 1_000);
        _wait(VOID_AFTER + 1);
        Order memory order = _order(alice, 0, 2);
        order.stake = 0;
        vm.recordLogs();
        casino.placeMany(_batch(_sign(ALICE_KEY, order)), carol);
        expected = [
            ICasino.RoundVoided.selector,
            ICasino.BetRefunded.selector,
            ICasino.OrderSkipped.selector
        ];
        _assertLogs();
    }

    function test_a_relayer_is_paid_for_its_fees_and_for_nothing_else() external {
        _flip(bob, 1_000);
        Order memory order = _order(alice, 0, 1);
        vm.recordLogs();
        casino.placeMany(_batch(_sign(ALICE_KEY, order)), carol);
        expected = [ICasino.BetPlaced.selector];
        _assertLogs();
        (order.lane, order.fee) = (1, 1);
        casino.placeMany(_batch(_sign(ALICE_KEY, order)), carol);
        assertEq(casino.balanceOf(carol, ETH), PURSE + 1);
    }

    function test_a_key_stakes_no_more_for_having_many_bets_left() external {
        ISessions.Terms memory terms = _grant();
        (terms.maxStake, terms.lastSequence) = (1 << 10, 1 << 20);
        _open(alice, terms);
        Order memory order = _order(alice, 1, 1);
        order.stake = 2_000;
        (uint256 placed, ) = _carry(_batch(_sign(SESSION_KEY, order)));
        assertEq(placed, 0);
        order.stake = 1 << 10;
        _assertCarried(_sign(SESSION_KEY, order));
    }

    // -- What it leaves to the orders after it --

    function test_an_order_ends_nothing_but_its_own_lanes_bet() external {
        _limitLosses(alice);
        _limitLosses(bob);
        _place(bob, ETH, 5, FLIP, 5_000, HEADS);
        _placeDrawn(alice, ETH, 0, FLIP, 2_000, HEADS, false);
        ICasino.SignedOrder[] memory orders = new ICasino.SignedOrder[](3);
        orders[0] = _sign(ALICE_KEY, _order(alice, 0, 2));
        Order memory next = _order(bob, 0, 1);
        orders[1] = _sign(BOB_KEY, next);
        (next.lane, next.stake) = (1, 0);
        orders[2] = _sign(BOB_KEY, next);
        (uint256 placed, ) = _carry(orders);
        assertEq(placed, 3);
        assertGe(casino.limits().usageOf(alice, ETH).lost.day, 2_000);
        assertEq(casino.limits().usageOf(bob, ETH).lost.day, 0, "another's loss");
        assertGe(casino.limits().usageOf(bob, ETH).open, 6_000, "another's end");
        assertEq(casino.balanceOf(address(0), ETH), 0, "nobody's lane");
    }

    function test_a_refused_order_tells_limits_nothing_of_a_bet_from_before_there_were_any()
        external
    {
        _placeDrawn(alice, ETH, 0, FLIP, 2_000, HEADS, false);
        _limitLosses(alice);
        Order memory order = _order(alice, 0, 2);
        order.stake = 0;
        _carry(_batch(_sign(ALICE_KEY, order)));
        assertFalse(_isOpen(_betId(alice, ETH, 0, 1)));
        ILimits.Usage memory usage = casino.limits().usageOf(alice, ETH);
        assertEq(usage.lost.day + usage.open, 0);
    }

    function test_a_void_bet_in_a_batch_owes_no_fee_of_the_one_before_it() external {
        uint256 void_ = _place(bob, ETH, 0, FLIP, 1_000_000, HEADS);
        _wait(VOID_AFTER);
        uint256 lost = _placeDrawn(alice, ETH, 0, FLIP, 1_000_000, HEADS, false);
        uint256[] memory betIds = new uint256[](2);
        (betIds[0], betIds[1]) = (lost, void_);
        casino.settleMany(betIds);
        assertEq(_books(ETH).fees, _fee(1_000_000));
        assertEq(_books(ETH).bankroll, BANKROLL + 1_000_000 - _fee(1_000_000));
        assertEq(casino.balanceOf(bob, ETH), PURSE);
    }

    function test_a_batch_over_assets_settles_into_the_books_of_each() external {
        uint256[] memory betIds = new uint256[](3);
        betIds[0] = _placeDrawn(alice, ETH, 0, FLIP, 1_000_000, HEADS, false);
        betIds[1] = _placeDrawn(alice, USDC, 0, FLIP, 2_000_000, HEADS, false);
        betIds[2] = _placeDrawn(alice, ETH, 1, FLIP, 3_000_000, HEADS, false);
        casino.settleMany(betIds);
        assertEq(_books(ETH).bankroll, BANKROLL + 4_000_000 - _fee(4_000_000));
        assertEq(_books(USDC).bankroll, BANKROLL + 2_000_000 - _fee(2_000_000));
        assertEq(_books(ETH).reserved + _books(ETH).openBets, 0);
    }

    // -- What the next bet ends in a lane other than the first --

    function test_a_bet_in_a_further_lane_ends_by_the_terms_of_its_own_lane() external {
        address dave = address(0xDA7E);
        vm.deal(dave, 1 ether);
        vm.prank(dave);
        casino.depositReferred{value: 1 ether}(ETH, 1e9, carol);
        _placeDrawn(dave, ETH, 2, FLIP, 1_000_000, HEADS, false);
        (uint256 before, , ) = views().bookOf(FLIP, ETH);
        assertEq(before, _books(ETH).reserved);
        _nextBlock();
        _place(dave, ETH, 2, FLIP, 500_000, HEADS);
        (uint256 reserved, , ) = views().bookOf(FLIP, ETH);
        assertEq(reserved, _books(ETH).reserved);
        assertLt(reserved, before);
        (, uint256 accrued) = views().referralOf(dave, ETH);
        assertEq(accrued, 250);
    }

    // -- What its game's book counts --

    function test_a_void_bet_is_no_loss_of_its_game() external {
        uint256 betId = _flip(alice, 1_000_000);
        _wait(VOID_AFTER + 1);
        casino.refund(betId);
        (uint256 reserved, uint256 lost, ) = views().bookOf(FLIP, ETH);
        assertEq(reserved + lost, 0);
    }

    function test_a_void_bet_is_no_gain_of_its_game_either() external {
        uint256 void_ = _place(bob, ETH, 0, FLIP, 1_000_000, HEADS);
        _wait(VOID_AFTER + 1);
        casino.settle(_placeDrawn(alice, ETH, 0, FLIP, 1_000_000, HEADS, true));
        (, uint256 before, ) = views().bookOf(FLIP, ETH);
        assertEq(before, 980_000);
        casino.refund(void_);
        (, uint256 lost, ) = views().bookOf(FLIP, ETH);
        assertEq(lost, before);
    }

    function test_a_small_bet_of_a_grown_game_leaves_the_book_to_the_others() external {
        uint256 counted = _place(alice, ETH, 1, FLIP, 1_000_000_000, HEADS);
        (uint256 reserved, , ) = views().bookOf(FLIP, ETH);
        assertGt(reserved, 0);
        _wait(RAMP);
        // The first counted bet after the ramp tells that the game has grown.
        _place(bob, ETH, 1, FLIP, 1_000_000_000, HEADS);
        (reserved, , ) = views().bookOf(FLIP, ETH);
        // A balance of odd units, so that no bit of the lane but the one that says so makes it count.
        _give(alice, ETH, 1 + (casino.balanceOf(alice, ETH) % 2));
        uint256 small = _placeDrawn(alice, ETH, 0, FLIP, 1_000, HEADS, true);
        if (casino.balanceOf(alice, ETH) % 2 == 0) _give(alice, ETH, 1);
        assertEq(casino.limits().usageOf(alice, ETH).lastBetAt, 0, "nor is she guarded by it");
        casino.settle(small);
        (uint256 left, uint256 lost, ) = views().bookOf(FLIP, ETH);
        assertEq(left, reserved);
        assertEq(lost, 0);
        casino.refund(counted);
        (left, , ) = views().bookOf(FLIP, ETH);
        assertLt(left, reserved);
    }

    // -- What the game is asked --

    function test_a_series_as_long_as_any_is_played_to_its_end() external {
        ICasino.Wager memory series = _wager(ETH, 0, FLIP, 1_000, HEADS);
        series.rounds = 1_000;
        uint256 betId = _placeWager(alice, series);
        _nextBlock();
        _draw(_lastRequest(), 7);
        vm.recordLogs();
        casino.settle(betId);
        expected = [ICasino.RoundsPlayed.selector, ICasino.BetSettled.selector];
        _assertLogs();
        assertGt(_books(ETH).fees, 0);
    }

    function test_terms_that_give_rounds_more_gas_leave_an_open_series_as_it_was_placed() external {
        ICasino.Wager memory series = _wager(ETH, 0, FLIP, 1_000, HEADS);
        series.rounds = 1_000;
        uint256 betId = _placeWager(alice, series);
        ICasino.Terms memory terms = _terms();
        terms.roundGas = 100_000;
        casino.setTerms(FLIP, ETH, terms);
        _nextBlock();
        _draw(_lastRequest(), 7);
        vm.expectRevert(abi.encodeWithSelector(ICasino.GasTooLow.selector, 4_000_000));
        casino.settle{gas: 4_000_000}(betId);
        casino.settle{gas: 5_000_000}(betId);
        assertFalse(views().betOf(betId).open);
    }

    function test_a_choice_of_one_bit_beyond_the_lane_is_kept_wherever_the_bit_is() external {
        uint16 game = _list(address(new WideGame()));
        for (uint256 bit; bit < 72; ++bit) {
            bytes16 choice = bytes16(uint128(1 << bit));
            uint256 betId = _place(alice, ETH, uint16(bit), game, 1_000, choice);
            assertTrue(views().betOf(betId).choice == choice);
        }
    }

    // -- What is rehearsed --

    function test_a_rehearsal_tells_payout_and_reserve_each_in_its_place() external {
        Quote memory quote = _quote(alice, _wager(ETH, 0, FLIP, 1_000_000, HEADS));
        assertEq(quote.maxPayout, 1_980_000);
        assertGe(quote.reserve, 980_000 + _fee(1_000_000));
        assertLt(quote.reserve, 985_000);
        assertEq(quote.feeRate, 100);
    }

    // -- Helpers --

    function _limitLosses(address player) private {
        ILimits to = casino.limits();
        ILimits.Terms memory terms;
        terms.losses.day = 1e6;
        vm.prank(player);
        to.setLimits(ETH, terms);
    }

    /// @notice The recorded logs, which are those expected and no others.
    function _assertLogs() private returns (Vm.Log[] memory logs) {
        logs = vm.getRecordedLogs();
        assertEq(logs.length, expected.length);
        for (uint256 i; i < logs.length; ++i) assertEq(logs[i].topics[0], expected[i]);
    }

    /// @notice What a `BetPlaced` tells of the lane's previous bet.
    function _ended(Vm.Log memory log) private pure returns (uint256 ended) {
        (, ended) = abi.decode(log.data, (uint256, uint256));
    }
}
