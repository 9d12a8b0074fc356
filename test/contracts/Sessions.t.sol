// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {ISessions} from "../../contracts/interfaces/ISessions.sol";
import {LaneLibrary} from "../../contracts/types/Lane.sol";
import {Session} from "../../contracts/types/Session.sol";
import {OrderFixture} from "./OrderFixture.sol";

/// @notice Session keys: what opens one, what it may sign, and what ends it.
contract SessionsTest is OrderFixture {
    // -- Opening --

    function test_a_player_opens_a_session_and_reads_it_back() external {
        ISessions.Terms memory terms = _grant();
        (terms.feeTo, terms.maxFee, terms.games) = (carol, 1_000, 3);
        // Kept to the unit: 11 bits are enough for it.
        terms.maxStake = 1_500;
        vm.expectEmit(true, true, true, true, address(sessions));
        emit ISessions.SessionOpened(alice, device, terms);
        _open(alice, terms);
        (ISessions.Terms memory stored, uint256 nonce) = sessions.sessionOf(alice, ETH, 1);
        assertEq(abi.encode(stored), abi.encode(terms));
        assertEq(nonce, 1);
    }

    function test_anyone_opens_a_session_that_the_player_has_signed_once(address carrier) external {
        vm.assume(carrier != alice);
        ISessions.Terms memory terms = _grant();
        bytes memory signature = _signature(ALICE_KEY, _grantDigest(alice, terms, 0));
        vm.prank(carrier);
        sessions.open(alice, terms, signature);
        _assertCarried(_sign(SESSION_KEY, _order(alice, 1, 1)));
        vm.expectRevert(abi.encodeWithSelector(ISessions.GrantNotSigned.selector, alice, 1));
        vm.prank(carrier);
        sessions.open(alice, terms, signature);
    }

    function test_a_grant_that_is_revoked_before_it_is_opened_is_void() external {
        ISessions.Terms memory terms = _grant();
        bytes memory signature = _signature(ALICE_KEY, _grantDigest(alice, terms, 0));
        _revoke(alice, 1);
        vm.expectRevert(abi.encodeWithSelector(ISessions.GrantNotSigned.selector, alice, 1));
        sessions.open(alice, terms, signature);
    }

    function test_a_grant_signed_by_another_or_changed_on_the_way_opens_nothing() external {
        ISessions.Terms memory terms = _grant();
        bytes memory foreign = _signature(BOB_KEY, _grantDigest(alice, terms, 0));
        bytes memory own = _signature(ALICE_KEY, _grantDigest(alice, terms, 0));
        bytes memory refusal = abi.encodeWithSelector(ISessions.GrantNotSigned.selector, alice, 0);
        vm.expectRevert(refusal);
        sessions.open(alice, terms, foreign);
        terms.maxStake += 1;
        vm.expectRevert(refusal);
        sessions.open(alice, terms, own);
        terms.maxStake -= 1;
        terms.key = bob;
        vm.expectRevert(refusal);
        sessions.open(alice, terms, own);
        vm.chainId(10);
        terms.key = device;
        vm.expectRevert(refusal);
        sessions.open(alice, terms, own);
    }

    function test_terms_of_a_session_are_bounded() external {
        ISessions.Terms memory terms = _grant();
        terms.key = address(0);
        _assertUnopened(terms, abi.encodeWithSelector(ISessions.KeyRefused.selector, address(0)));
        terms.key = alice;
        _assertUnopened(terms, abi.encodeWithSelector(ISessions.KeyRefused.selector, alice));
        terms = _grant();
        terms.expiry = time + 7 days + 1;
        _assertUnbounded(terms, "expiry", time + 7 days + 1, time + 7 days);
        terms.expiry = time - 1;
        _assertUnopened(terms, abi.encodeWithSelector(ISessions.GrantExpired.selector, time - 1));
        terms = _grant();
        terms.maxStake = 1 << 56;
        _assertUnbounded(terms, "maxStake", 1 << 56, (1 << 56) - 1);
        terms = _grant();
        terms.maxFee = 1 << 56;
        _assertUnbounded(terms, "maxFee", 1 << 56, (1 << 56) - 1);
        terms = _grant();
        terms.lastSequence = 1 << 28;
        _assertUnbounded(terms, "lastSequence", 1 << 28, (1 << 28) - 1);
        terms = _grant();
        terms.games = 1 << 80;
        _assertUnbounded(terms, "games", 1 << 80, (1 << 80) - 1);
    }

    // -- What a key may sign --

    function test_a_key_signs_up_to_its_expiry_and_not_after() external {
        ISessions.Terms memory terms = _grant();
        terms.expiry = time + 60;
        _open(alice, terms);
        Order memory order = _order(alice, 1, 1);
        vm.warp(time + 61);
        _assertSkipped(
            _sign(SESSION_KEY, order),
            abi.encodeWithSelector(ISessions.SessionOver.selector, time + 60, 1_000)
        );
        vm.warp(time + 60);
        _assertCarried(_sign(SESSION_KEY, order));
    }

    function test_a_key_signs_so_many_bets_and_no_more() external {
        ISessions.Terms memory terms = _grant();
        terms.lastSequence = 2;
        _open(alice, terms);
        for (uint256 sequence = 1; sequence < 4; ++sequence) {
            ICasino.SignedOrder memory order = _sign(SESSION_KEY, _order(alice, 1, sequence));
            if (sequence < 3) _assertCarried(order);
            else
                _assertSkipped(
                    order,
                    abi.encodeWithSelector(ISessions.SessionOver.selector, terms.expiry, 2)
                );
            if (sequence < 3) _draw(_lastRequest(), 7);
            _nextBlock();
        }
    }

    function test_a_key_stakes_at_most_what_it_was_given_all_rounds_together() external {
        ISessions.Terms memory terms = _grant();
        terms.maxStake = 1_500;
        _open(alice, terms);
        Order memory order = _order(alice, 1, 1);
        (order.stake, order.rounds) = (501, 3);
        _assertSkipped(
            _sign(SESSION_KEY, order),
            abi.encodeWithSelector(ISessions.SessionStakeAboveLimit.selector, 1_503, 1_500)
        );
        order.stake = 500;
        _assertCarried(_sign(SESSION_KEY, order));
    }

    function test_a_key_plays_the_games_that_it_was_given() external {
        ISessions.Terms memory terms = _grant();
        terms.games = 1 << (DICE - 1);
        _open(alice, terms);
        Order memory order = _order(alice, 1, 1);
        _assertSkipped(
            _sign(SESSION_KEY, order),
            abi.encodeWithSelector(ISessions.SessionGameRefused.selector, FLIP)
        );
        (order.game, order.choice) = (DICE, _under(5_000));
        _assertCarried(_sign(SESSION_KEY, order));
    }

    function test_a_key_pays_its_relayer_up_to_its_fee_and_no_one_else() external {
        ISessions.Terms memory terms = _grant();
        Order memory order = _order(alice, 1, 1);
        order.fee = 1;
        _open(alice, terms);
        _assertSkipped(_sign(SESSION_KEY, order), _feeRefused(1, 0));
        (terms.feeTo, terms.maxFee) = (bob, 10);
        _open(alice, terms);
        // `_carry` names Carol.
        _assertSkipped(_sign(SESSION_KEY, order), _feeRefused(1, 0));
        terms.feeTo = carol;
        _open(alice, terms);
        order.fee = 11;
        _assertSkipped(_sign(SESSION_KEY, order), _feeRefused(11, 10));
        order.fee = 10;
        _assertCarried(_sign(SESSION_KEY, order));
        assertEq(casino.balanceOf(carol, ETH), PURSE + 10);
    }

    function test_a_key_signs_for_its_lane_and_asset_only() external {
        _open(alice, _grant());
        _assertUnsigned(_sign(SESSION_KEY, _order(alice, 2, 1)));
        Order memory order = _order(alice, 1, 1);
        order.asset = USDC;
        _assertUnsigned(_sign(SESSION_KEY, order));
        _assertUnsigned(_sign(SESSION_KEY, _order(bob, 1, 1)));
    }

    function test_a_key_withdraws_nothing_and_opens_no_sessions() external {
        _open(alice, _grant());
        ISessions.Terms memory terms = _grant();
        terms.lane = 2;
        bytes memory signature = _signature(SESSION_KEY, _grantDigest(alice, terms, 0));
        vm.startPrank(device);
        vm.expectRevert(abi.encodeWithSelector(ICasino.BalanceTooLow.selector, 0, 1));
        casino.withdraw(ETH, 1, device);
        vm.expectRevert(abi.encodeWithSelector(ISessions.GrantNotSigned.selector, alice, 0));
        sessions.open(alice, terms, signature);
        terms.lane = 1;
        vm.expectRevert(abi.encodeWithSelector(ISessions.GrantNotSigned.selector, alice, 1));
        sessions.open(alice, terms, signature);
        ISessions.LaneRef[] memory lanes = new ISessions.LaneRef[](1);
        lanes[0] = ISessions.LaneRef(ETH, 1);
        sessions.revoke(lanes);
        vm.stopPrank();
        _assertCarried(_sign(SESSION_KEY, _order(alice, 1, 1)));
    }

    // -- Ending --

    function test_a_revoked_key_signs_nothing_and_several_lanes_end_at_once() external {
        ISessions.LaneRef[] memory lanes = new ISessions.LaneRef[](3);
        for (uint16 i; i < 3; ++i) {
            ISessions.Terms memory terms = _grant();
            (terms.lane, terms.asset) = (i + 1, i);
            _open(alice, terms);
            lanes[i] = ISessions.LaneRef(i, i + 1);
        }
        vm.expectEmit(true, true, true, true, address(sessions));
        emit ISessions.SessionRevoked(alice, DAI, 3);
        vm.prank(alice);
        sessions.revoke(lanes);
        for (uint16 i; i < 3; ++i) {
            Order memory order = _order(alice, i + 1, 1);
            order.asset = i;
            _assertUnsigned(_sign(SESSION_KEY, order));
            (ISessions.Terms memory terms, uint256 nonce) = sessions.sessionOf(alice, i, i + 1);
            assertEq(terms.key, address(0));
            assertEq(nonce, 2);
        }
    }

    function test_a_new_session_takes_the_place_of_the_one_before() external {
        _open(alice, _grant());
        ISessions.Terms memory terms = _grant();
        terms.key = bob;
        _open(alice, terms);
        _assertUnsigned(_sign(SESSION_KEY, _order(alice, 1, 1)));
        _assertCarried(_sign(BOB_KEY, _order(alice, 1, 1)));
    }

    // -- Helpers --

    function _revoke(address player, uint16 lane) private {
        ISessions.LaneRef[] memory lanes = new ISessions.LaneRef[](1);
        lanes[0] = ISessions.LaneRef(ETH, lane);
        vm.prank(player);
        sessions.revoke(lanes);
    }

    function _feeRefused(uint256 fee, uint256 limit) private pure returns (bytes memory) {
        return abi.encodeWithSelector(ISessions.SessionFeeRefused.selector, fee, limit);
    }

    function _assertUnopened(ISessions.Terms memory terms, bytes memory reason) private {
        vm.expectRevert(reason);
        vm.prank(alice);
        sessions.open(alice, terms, "");
    }

    function _assertUnbounded(
        ISessions.Terms memory terms,
        bytes32 what,
        uint256 value,
        uint256 most
    ) private {
        _assertUnopened(
            terms,
            abi.encodeWithSelector(ISessions.TermOutOfBounds.selector, what, value, most)
        );
    }

    // -- Where sessions are kept --

    function test_the_casino_takes_sessions_from_its_own_contract_alone(address caller) external {
        vm.assume(caller != address(sessions));
        vm.prank(caller);
        vm.expectRevert(abi.encodeWithSelector(ICasino.NotSessions.selector, caller));
        casino.setSession(LaneLibrary.key(alice, ETH, 1), Session.wrap(uint160(caller)));
    }

    /// @dev The casino asks no further where the slot alone allows a bet: it must never allow more than the whole check.
    function test_what_the_slot_allows_the_check_allows(
        uint256 word,
        uint256 sequence,
        uint256 escrow,
        uint256 fee,
        uint256 salt
    ) external view {
        Session session = Session.wrap(salt & 1 == 0 ? word : word & (type(uint256).max >> 1));
        address signer = salt & 2 == 0 ? session.key() : address(uint160(salt));
        sequence = bound(sequence, 0, session.lastSequence() + 2);
        escrow = bound(escrow, 0, session.maxStake() + 2);
        fee = salt & 4 == 0 ? 0 : bound(fee, 1, 1e9);
        bool checked = true;
        try
            sessions.check(session, sequence, signer, ISessions.Bet(1, escrow, fee, address(0)))
        {} catch {
            checked = false;
        }
        bool allowed = session.allows(signer, sequence, escrow, fee);
        if (!session.isBounded()) assertEq(allowed, checked);
        else assertFalse(allowed);
    }
}
