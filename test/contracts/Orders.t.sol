// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {ISessions} from "../../contracts/interfaces/ISessions.sol";
import {OrderFixture} from "./OrderFixture.sol";
import {Vm} from "./fixtures/Test.sol";

/// @notice Signed orders: whoever carries them, each runs once, as it was signed, or not at all.
contract OrdersTest is OrderFixture {
    // -- Who signs --

    function test_an_order_of_the_player_is_carried_out_by_anyone_as_it_was_signed(
        address carrier
    ) external {
        Order memory order = _order(alice, 7, 1);
        (order.game, order.choice) = (DICE, _over(4_999));
        (order.rounds, order.stopGain, order.stopLoss) = (20, 5_000, 4_000);
        ICasino.SignedOrder[] memory orders = _batch(_sign(ALICE_KEY, order));
        vm.prank(carrier);
        assertEq(casino.placeMany(orders, carol), 1);
        ICasino.Bet memory bet = views().betOf(_betId(alice, ETH, 7, 1));
        assertTrue(bet.open);
        assertEq(uint256(bet.game), DICE);
        assertEq(bet.stake, 1_000);
        assertEq(bytes32(bet.choice), bytes32(_over(4_999)));
        assertEq(bet.rounds, 20);
        assertEq(bet.stopGain, 5_000);
        assertEq(bet.stopLoss, 4_000);
        assertEq(casino.balanceOf(alice, ETH), PURSE - 20_000);
    }

    function test_an_order_of_the_lanes_session_key_is_carried_out_and_the_player_wins() external {
        _open(alice, _grant());
        _assertCarried(_sign(SESSION_KEY, _order(alice, 1, 1)));
        uint256 betId = _betId(alice, ETH, 1, 1);
        _draw(_lastRequest(), _wordFor(betId, true, 1));
        casino.settle(betId);
        assertEq(casino.balanceOf(alice, ETH), PURSE + 980);
        assertEq(casino.balanceOf(device, ETH), 0);
    }

    function test_an_order_of_anyone_else_is_skipped(uint256 key) external {
        key = bound(key, 1, type(uint128).max);
        vm.assume(key != ALICE_KEY);
        _assertSkipped(
            _sign(key, _order(alice, 0, 1)),
            abi.encodeWithSelector(ISessions.SignerUnknown.selector, vm.addr(key))
        );
        assertEq(casino.balanceOf(alice, ETH), PURSE);
    }

    function test_a_signature_that_recovers_nobody_moves_nothing_even_of_the_zero_account()
        external
    {
        _assertNobody(_packed(_order(address(0), 0, 1)));
        _assertNobody(_packed(_order(alice, 0, 1)));
        _open(alice, _grant());
        vm.prank(alice);
        ISessions.LaneRef[] memory lanes = new ISessions.LaneRef[](1);
        lanes[0] = ISessions.LaneRef(ETH, 1);
        sessions.revoke(lanes);
        _assertNobody(_packed(_order(alice, 1, 1)));
    }

    // -- Replay --

    function test_the_same_order_runs_once_and_so_does_its_twin_in_one_batch() external {
        ICasino.SignedOrder[] memory orders = new ICasino.SignedOrder[](2);
        orders[0] = orders[1] = _sign(ALICE_KEY, _order(alice, 1, 1));
        (uint256 placed, bytes[] memory reasons) = _carry(orders);
        bytes memory replayed = abi.encodeWithSelector(ICasino.SequenceMismatch.selector, 1, 2);
        assertEq(placed, 1);
        assertEq(reasons[0], replayed);
        _draw(_lastRequest(), 7);
        casino.settle(_betId(alice, ETH, 1, 1));
        _nextBlock();
        _assertSkipped(orders[0], replayed);
    }

    function test_an_order_of_another_chain_casino_or_lane_is_nobodys() external {
        Order memory order = _order(alice, 1, 1);
        _assertUnsigned(_signFor(ALICE_KEY, order, 1, address(casino)));
        _assertUnsigned(_signFor(ALICE_KEY, order, 31_337, address(this)));
        ICasino.SignedOrder memory signed = _sign(ALICE_KEY, order);
        vm.chainId(10);
        _assertUnsigned(signed);
        vm.chainId(31_337);
        signed.head ^= 1 << 176;
        _assertUnsigned(signed);
        signed.head ^= 1 << 176;
        _assertCarried(signed);
    }

    function test_no_bit_of_an_order_can_be_flipped(uint256 bit) external {
        bit = bound(bit, 0, 5 * 256 - 1);
        Order memory order = _order(alice, 1, 1);
        (order.rounds, order.stopGain, order.fee) = (3, 500, 9);
        ICasino.SignedOrder memory signed = _sign(ALICE_KEY, order);
        uint256 flip = 1 << (bit % 256);
        if (bit / 256 == 0) signed.head ^= flip;
        if (bit / 256 == 1) signed.terms ^= flip;
        if (bit / 256 == 2) signed.stops ^= flip;
        if (bit / 256 == 3) signed.r ^= bytes32(flip);
        if (bit / 256 == 4) signed.vs ^= bytes32(flip);
        (uint256 placed, ) = _carry(_batch(signed));
        assertEq(placed, 0);
        assertEq(casino.balanceOf(alice, ETH), PURSE);
    }

    function test_bits_beyond_the_fields_are_refused_whoever_signed_them() external {
        ICasino.SignedOrder memory signed = _sign(ALICE_KEY, _order(alice, 1, 1));
        signed.terms |= 1 << 236;
        _assertSkipped(
            signed,
            abi.encodeWithSelector(ICasino.SequenceMismatch.selector, 1 | (1 << 28), 1)
        );
        Order memory order = _order(alice, 1, 1);
        order.stopLoss = 1 << 64;
        _assertSkipped(
            _sign(ALICE_KEY, order),
            abi.encodeWithSelector(
                ICasino.OutOfBounds.selector,
                bytes32("stop"),
                1 << 64,
                type(uint64).max
            )
        );
    }

    function test_the_other_half_of_a_signature_is_refused() external {
        uint256 curve = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;
        ICasino.SignedOrder memory signed = _sign(ALICE_KEY, _order(alice, 1, 1));
        uint256 parity = uint256(signed.vs) >> 255;
        uint256 mirrored = curve - (uint256(signed.vs) & ~(uint256(1) << 255));
        signed.vs = bytes32((mirrored & ~(uint256(1) << 255)) | ((1 - parity) << 255));
        (uint256 placed, ) = _carry(_batch(signed));
        assertEq(placed, 0);
        signed.vs = bytes32(mirrored);
        (placed, ) = _carry(_batch(signed));
        assertEq(placed, 0);
    }

    // -- When --

    function test_an_order_runs_in_its_turn_only(uint256 sequence) external {
        sequence = bound(sequence, 0, (1 << 28) - 1);
        vm.assume(sequence != 1);
        _assertSkipped(
            _sign(ALICE_KEY, _order(alice, 1, sequence)),
            abi.encodeWithSelector(ICasino.SequenceMismatch.selector, sequence, 1)
        );
    }

    function test_an_order_runs_up_to_its_deadline_and_not_after() external {
        Order memory order = _order(alice, 1, 1);
        order.deadline = time - 1;
        _assertSkipped(
            _sign(ALICE_KEY, order),
            abi.encodeWithSelector(ICasino.OrderExpired.selector, time - 1)
        );
        order.deadline = time;
        _assertCarried(_sign(ALICE_KEY, order));
    }

    // -- Fees --

    function test_the_fees_of_what_was_carried_out_go_to_whom_the_carrier_names() external {
        ICasino.SignedOrder[] memory orders = new ICasino.SignedOrder[](3);
        Order memory order = _order(alice, 1, 1);
        order.fee = 40;
        orders[0] = _sign(ALICE_KEY, order);
        order = _order(bob, 1, 1);
        order.fee = 2;
        orders[1] = _sign(BOB_KEY, order);
        (order.lane, order.fee, order.stake) = (2, 1_000_000, 0);
        orders[2] = _sign(BOB_KEY, order);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.RelayerPaid(carol, ETH, 42);
        assertEq(casino.placeMany(orders, carol), 3);
        assertEq(casino.balanceOf(alice, ETH), PURSE - 1_040);
        assertEq(casino.balanceOf(bob, ETH), PURSE - 1_002);
        assertEq(casino.balanceOf(carol, ETH), PURSE + 42);
    }

    function test_a_fee_that_the_balance_does_not_cover_skips_the_order() external {
        Order memory order = _order(alice, 1, 1);
        vm.prank(alice);
        casino.withdraw(ETH, PURSE - 1_009, alice);
        order.fee = 10;
        _assertSkipped(
            _sign(ALICE_KEY, order),
            abi.encodeWithSelector(ICasino.BalanceTooLow.selector, 1_009, 1_010)
        );
        order.fee = 9;
        _assertCarried(_sign(ALICE_KEY, order));
        assertEq(casino.balanceOf(alice, ETH), 0);
    }

    function test_a_fee_is_kept_apart_from_what_the_bet_plays_for() external {
        Order memory order = _order(alice, 1, 1);
        order.fee = 77;
        vm.recordLogs();
        casino.placeMany(_batch(_sign(ALICE_KEY, order)), carol);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint256 betId = _betId(alice, ETH, 1, 1);
        bool told;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] != ICasino.BetExtended.selector) continue;
            assertEq(uint256(logs[i].topics[1]), betId);
            assertEq(abi.decode(logs[i].data, (uint256)), uint256(77) << 216);
            assertEq(logs[i + 1].topics[0], ICasino.BetPlaced.selector);
            told = true;
        }
        assertTrue(told);
        _draw(_lastRequest(), _wordFor(betId, true, 1));
        casino.settle(betId);
        assertEq(casino.balanceOf(alice, ETH), PURSE - 77 + 980);
    }

    // -- Batches --

    function test_a_skipped_order_leaves_its_lanes_previous_bet_settled(
        bool wins,
        uint16 lane
    ) external {
        uint256 betId = _placeDrawn(alice, ETH, lane, FLIP, 1_000, HEADS, wins);
        _nextBlock();
        Order memory order = _order(alice, lane, 2);
        order.game = 9;
        ICasino.SignedOrder[] memory orders = _batch(_sign(ALICE_KEY, order));
        uint256 payout = wins ? 1_980 : 0;
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.BetSettled(betId, payout);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.OrderSkipped(
            alice,
            betId + 1,
            abi.encodeWithSelector(ICasino.GameNotListed.selector, 9, ETH)
        );
        casino.placeMany(orders, carol);
        assertFalse(_isOpen(betId));
        assertEq(casino.balanceOf(alice, ETH), PURSE - 1_000 + payout);
        assertEq(_books(ETH).bankroll, BANKROLL + 1_000 - payout - _fee(1_000));
        assertEq(_books(ETH).reserved, 0);
        assertEq(_books(ETH).openBets, 0);
    }

    function test_an_order_settles_its_lanes_previous_bet_and_stakes_what_it_won() external {
        vm.prank(alice);
        casino.withdraw(ETH, PURSE - 1_000, alice);
        uint256 betId = _placeDrawn(alice, ETH, 0, FLIP, 1_000, HEADS, true);
        _nextBlock();
        Order memory order = _order(alice, 0, 2);
        order.stake = 1_980;
        _assertCarried(_sign(ALICE_KEY, order));
        assertEq(casino.balanceOf(alice, ETH), 0);
        assertTrue(_isOpen(betId + 1));
    }

    function test_bad_orders_do_not_disturb_the_others_and_the_bitmap_tells_which() external {
        ICasino.SignedOrder[] memory orders = new ICasino.SignedOrder[](7);
        for (uint16 i; i < 7; ++i) {
            Order memory order = _order(i % 2 == 0 ? alice : bob, i, 1);
            if (i == 1) order.deadline = time - 1;
            if (i == 2) order.stake = PURSE;
            if (i == 4) order.asset = 9;
            if (i == 5) order.choice = bytes16(bytes1(0x02));
            orders[i] = _sign(i % 2 == 0 ? ALICE_KEY : BOB_KEY, order);
        }
        orders[3].r = bytes32(uint256(1));
        (uint256 placed, bytes[] memory reasons) = _carry(orders);
        assertEq(placed, 65);
        assertEq(bytes32(bytes4(reasons[0])), bytes32(ICasino.OrderExpired.selector));
        assertEq(bytes32(bytes4(reasons[1])), bytes32(ICasino.StakeAboveLimit.selector));
        assertEq(reasons[3], abi.encodeWithSelector(ICasino.AssetUnknown.selector, 9));
        assertEq(_books(ETH).openBets, 2);
        assertEq(casino.balanceOf(alice, ETH) + casino.balanceOf(bob, ETH), 2 * PURSE - 2_000);
    }

    function test_one_batch_can_mix_assets_in_any_order() external {
        uint16[5] memory assets = [USDC, ETH, USDC, DAI, ETH];
        ICasino.SignedOrder[] memory orders = new ICasino.SignedOrder[](5);
        for (uint16 i; i < 5; ++i) {
            Order memory order = _order(alice, i, 1);
            (order.asset, order.fee) = (assets[i], 10 + i);
            orders[i] = _sign(ALICE_KEY, order);
        }
        assertEq(casino.placeMany(orders, carol), 31);
        assertEq(_rounds(), 1, "one request for all");
        uint256[3] memory counts = [uint256(2), 2, 1];
        uint256[3] memory fees = [uint256(25), 22, 13];
        for (uint16 asset; asset < 3; ++asset) {
            assertEq(_books(asset).openBets, counts[asset]);
            assertEq(casino.balanceOf(carol, asset), PURSE + fees[asset]);
            assertEq(casino.balanceOf(alice, asset), PURSE - fees[asset] - 1_000 * counts[asset]);
        }
    }

    function test_a_batch_has_at_most_256_orders() external {
        ICasino.SignedOrder[] memory orders = new ICasino.SignedOrder[](257);
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.OutOfBounds.selector, bytes32("orders"), 257, 256)
        );
        casino.placeMany(orders, carol);
        orders = new ICasino.SignedOrder[](256);
        orders[255] = _sign(ALICE_KEY, _order(alice, 1, 1));
        assertEq(casino.placeMany(orders, carol), 1 << 255);
        vm.expectRevert(abi.encodeWithSelector(ICasino.RecipientRefused.selector, address(0)));
        casino.placeMany(orders, address(0));
    }

    function test_a_batch_reverts_as_a_whole_where_no_round_can_be_opened() external {
        casino.pause(1 hours);
        ICasino.SignedOrder[] memory orders = _batch(_sign(ALICE_KEY, _order(alice, 1, 1)));
        vm.expectRevert(abi.encodeWithSelector(ICasino.BetsPaused.selector, time + 1 hours));
        casino.placeMany(orders, carol);
    }

    // -- Helpers --

    function _assertNobody(ICasino.SignedOrder memory order) private {
        uint256 before = casino.balanceOf(alice, ETH);
        (uint256 placed, ) = _carry(_batch(order));
        assertEq(placed, 0);
        assertEq(casino.balanceOf(alice, ETH), before);
    }
}
