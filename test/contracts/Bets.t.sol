// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {Vm} from "./fixtures/Test.sol";

/// @notice A bet from its placing to its end.
contract BetsTest is CasinoFixture {
    // -- Placing --

    function test_place_takes_the_stake_reserves_the_liability_and_stores_the_bet(
        uint256 stake,
        uint256 target,
        uint16 lane,
        uint16 asset
    ) external {
        asset = uint16(bound(asset, ETH, DAI));
        target = bound(target, 1_000, 9_800);
        stake = bound(stake, 1, 5e8);
        bytes16 choice = _under(target);
        uint256 betId = _place(alice, asset, lane, DICE, stake, choice);
        ICasino.Bet memory bet = views().betOf(betId);

        assertEq(betId, _betId(alice, asset, lane, 1));
        assertTrue(bet.open);
        assertEq(bet.player, alice);
        assertEq(uint256(bet.asset), asset);
        assertEq(uint256(bet.lane), lane);
        assertEq(uint256(bet.game), DICE);
        assertEq(bet.sequence, 1);
        assertEq(bet.stake, stake);
        assertEq(bytes32(bet.choice), bytes32(choice));
        assertEq(bet.feeRate, 100);
        (uint256 multiplier, , ) = dice.odds(choice);
        uint256 liability = (stake * multiplier) / WAD + _fee(stake);
        uint256 net = liability > stake ? liability - stake : 0;
        assertGe(bet.reserve, net);
        assertLe(bet.reserve, net + net / 1_024);
        assertEq(casino.balanceOf(alice, asset), PURSE - stake);
        assertEq(_books(asset).bankroll, BANKROLL);
        assertEq(_books(asset).reserved, bet.reserve);
        assertEq(_books(asset).openBets, 1);
    }

    function test_place_emits_the_slot_exactly_as_stored(uint16 lane) external {
        vm.recordLogs();
        uint256 betId = _place(alice, ETH, lane, DICE, 1_000, _over(4_999));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory last = logs[logs.length - 1];
        assertEq(last.topics[0], ICasino.BetPlaced.selector);
        assertEq(uint256(last.topics[1]), betId);
        assertEq(uint256(last.topics[2]), uint256(uint160(alice)));
        (uint256 word, uint256 ended) = abi.decode(last.data, (uint256, uint256));
        assertEq(ended, 0, "no previous bet");
        ICasino.Bet memory bet = views().betOf(betId);
        assertEq(word & ((1 << 56) - 1), lane == 0 ? PURSE - 1_000 : 0);
        assertEq((word >> 56) & ((1 << 40) - 1), 1_000);
        assertEq((word >> 96) & ((1 << 56) - 1), 0x13870100000000);
        assertEq((word >> 152) & ((1 << 20) - 1), bet.slot);
        assertEq((word >> 172) & ((1 << 28) - 1), 1);
        assertEq((word >> 200) & 0xfff, DICE);
        assertEq((word >> 228) & 0xfff, 100);
        // Open, and counted as a young game's bets are.
        assertEq(word >> 240, 5);
    }

    function test_lanes_hold_one_bet_each_and_do_not_touch_each_other() external {
        uint256[] memory bets = new uint256[](3);
        bets[0] = _place(alice, ETH, 0, FLIP, 1_000, HEADS);
        bets[1] = _place(alice, ETH, 1, FLIP, 2_000, TAILS);
        bets[2] = _place(alice, ETH, type(uint16).max, DICE, 3_000, _under(5_000));
        assertEq(casino.balanceOf(alice, ETH), PURSE - 6_000);
        for (uint256 i; i < 3; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(ICasino.LaneBusy.selector, bets[i], time + VOID_AFTER)
            );
            vm.prank(alice);
            casino.bet(ETH, uint16(bets[i] >> 64), FLIP, 1, HEADS);
        }
        _draw(_lastRequest(), 5);
        casino.settle(bets[1]);
        assertTrue(_isOpen(bets[0]) && !_isOpen(bets[1]) && _isOpen(bets[2]));
        assertEq(_books(ETH).openBets, 2);
    }

    function test_place_settles_the_previous_bet_of_its_lane_and_stakes_what_it_won(
        bool wins,
        uint16 lane
    ) external {
        vm.prank(alice);
        casino.withdraw(ETH, PURSE - 1_000, alice);
        uint256 previous = _placeDrawn(alice, ETH, lane, FLIP, 1_000, HEADS, wins);
        uint256 payout = wins ? 1_980 : 0;
        if (!wins) _give(alice, ETH, 500);
        uint256 stake = wins ? 1_980 : 500;
        vm.recordLogs();
        uint256 next = _place(alice, ETH, lane, FLIP, stake, TAILS);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        Vm.Log memory last = logs[logs.length - 1];
        assertEq(last.topics[0], ICasino.BetPlaced.selector);
        (, uint256 ended) = abi.decode(last.data, (uint256, uint256));
        assertEq(ended, payout | (1 << 56) | (1 << 72), "one round played, settled");
        for (uint256 i; i < logs.length; ++i)
            assertTrue(logs[i].topics[0] != ICasino.BetSettled.selector);
        assertEq(next, previous + 1);
        assertTrue(_isOpen(next) && !_isOpen(previous));
        assertEq(casino.balanceOf(alice, ETH), 0);
        assertEq(_books(ETH).bankroll, BANKROLL + 1_000 - payout - _fee(1_000));
        assertEq(_books(ETH).reserved, views().betOf(next).reserve);
        assertEq(_books(ETH).openBets, 1);
    }

    function test_place_refunds_the_previous_bet_of_its_lane_when_its_round_is_void(
        uint16 lane
    ) external {
        uint256 previous = _place(alice, ETH, lane, FLIP, 1_000, HEADS);
        _wait(VOID_AFTER + 1);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.BetRefunded(previous, 1_000, false);
        _place(alice, ETH, lane, FLIP, 2_000, HEADS);
        assertEq(casino.balanceOf(alice, ETH), PURSE - 2_000);
        assertEq(_books(ETH).openBets, 1);
    }

    // -- Settling --

    function test_settle_pays_the_player_whoever_calls(
        bool wins,
        uint256 stake,
        uint16 lane,
        address caller
    ) external {
        stake = bound(stake, 1, 1e9);
        uint256 betId = _placeDrawn(alice, DAI, lane, FLIP, stake, TAILS, wins);
        uint256 payout = wins ? (stake * 198) / 100 : 0;
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.BetSettled(betId, payout);
        vm.prank(caller);
        casino.settle(betId);
        assertEq(casino.balanceOf(alice, DAI), PURSE - stake + payout);
        assertEq(_books(DAI).bankroll, BANKROLL + stake - payout - _fee(stake));
        assertEq(_books(DAI).fees, _fee(stake));
        assertEq(_books(DAI).reserved, 0);
        assertEq(_books(DAI).openBets, 0);
        vm.expectRevert(abi.encodeWithSelector(ICasino.BetNotOpen.selector, betId));
        casino.settle(betId);
        vm.expectRevert(abi.encodeWithSelector(ICasino.BetNotOpen.selector, betId));
        casino.refund(betId);
    }

    function test_settle_reverts_when_the_word_is_missing() external {
        uint256 betId = _flip(alice, 1_000);
        bytes memory pending = abi.encodeWithSelector(
            ICasino.RoundPending.selector,
            betId,
            time + VOID_AFTER
        );
        vm.expectRevert(pending);
        casino.settle(betId);
        vm.expectRevert(pending);
        casino.refund(betId);
    }

    function test_settle_and_refund_revert_for_bets_that_never_were(uint256 betId) external {
        vm.expectRevert(abi.encodeWithSelector(ICasino.BetNotOpen.selector, betId));
        casino.settle(betId);
        vm.expectRevert(abi.encodeWithSelector(ICasino.BetNotOpen.selector, betId));
        casino.refund(betId);
        casino.settleMany(_one(betId));
    }

    function test_settle_takes_the_sequence_of_the_open_bet_only(uint64 sequence) external {
        uint256 betId = _placeDrawn(alice, ETH, 0, FLIP, 1_000, HEADS, true);
        uint256 other = ((betId >> 64) << 64) | sequence;
        vm.assume(other != betId);
        vm.expectRevert(abi.encodeWithSelector(ICasino.BetNotOpen.selector, other));
        casino.settle(other);
        casino.settleMany(_one(other));
        assertTrue(_isOpen(betId));
    }

    function test_refund_returns_the_whole_stake_and_the_reserve(
        uint256 stake,
        uint16 lane,
        address caller
    ) external {
        stake = bound(stake, 1, 1e9);
        uint256 betId = _place(alice, USDC, lane, FLIP, stake, HEADS);
        _wait(VOID_AFTER + 1);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.BetRefunded(betId, stake, false);
        vm.prank(caller);
        casino.refund(betId);
        assertEq(casino.balanceOf(alice, USDC), PURSE);
        assertEq(_books(USDC).bankroll, BANKROLL);
        assertEq(_books(USDC).reserved, 0);
        assertEq(_books(USDC).fees, 0);
        vm.expectRevert(abi.encodeWithSelector(ICasino.BetNotOpen.selector, betId));
        casino.refund(betId);
    }

    function test_settle_many_ends_what_it_can_and_skips_the_rest() external {
        uint256[] memory bets = new uint256[](6);
        bets[0] = _place(alice, ETH, 0, FLIP, 1_000, HEADS);
        _wait(VOID_AFTER);
        bets[1] = _flip(bob, 1_000);
        _nextBlock();
        bets[2] = bets[1];
        bets[3] = _flip(carol, 1_000);
        bets[4] = _betId(carol, DAI, 9, 3);
        bets[5] = bets[0];
        _draw(_requestOf(2), _wordFor(bets[1], true, 1));
        casino.settleMany(bets);
        assertEq(casino.balanceOf(alice, ETH), PURSE, "void");
        assertEq(casino.balanceOf(bob, ETH), PURSE + 980, "won, once");
        assertTrue(_isOpen(bets[3]), "pending");
    }
}
