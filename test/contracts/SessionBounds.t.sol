// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ISessions} from "../../contracts/interfaces/ISessions.sol";
import {LaneLibrary} from "../../contracts/types/Lane.sol";
import {Session} from "../../contracts/types/Session.sol";
import {OrderFixture} from "./OrderFixture.sol";

/// @notice Sessions at the edge of what they allow, and after other sessions of the lane.
contract SessionBoundsTest is OrderFixture {
    // -- At the edge --

    function test_terms_at_their_bounds_are_opened_and_kept() external {
        ISessions.Terms memory terms = _grant();
        terms.expiry = time + 7 days;
        terms.maxStake = (1 << 56) - 1;
        terms.lastSequence = (1 << 28) - 1;
        (terms.feeTo, terms.maxFee, terms.games) = (carol, (1 << 56) - 1, (1 << 80) - 1);
        _open(alice, terms);
        ISessions.Terms memory stored = _stored();
        // Amounts keep 11 bits.
        (terms.maxStake, terms.maxFee) = (2_047 << 45, 2_047 << 45);
        assertEq(abi.encode(stored), abi.encode(terms));
    }

    function test_a_session_that_expires_now_is_opened() external {
        ISessions.Terms memory terms = _grant();
        terms.expiry = time;
        _open(alice, terms);
        assertEq(_stored().key, device);
    }

    function test_a_key_may_use_all_that_it_was_given_and_no_more() external {
        ISessions.Terms memory terms = _grant();
        _open(alice, terms);
        Session session = _session();
        uint256 most = session.maxStake();
        vm.warp(terms.expiry);
        assertTrue(session.allows(device, 1_000, most, 0));
        assertFalse(session.allows(device, 1_001, most, 0));
        assertFalse(session.allows(device, 1_000, most + 1, 0));
        assertFalse(session.allows(device, 1_000, most, 1));
        assertFalse(session.allows(bob, 1_000, most, 0));
        _check(1_000, FLIP, most, 0);
        bytes memory over = abi.encodeWithSelector(
            ISessions.SessionOver.selector,
            terms.expiry,
            1_000
        );
        vm.expectRevert(over);
        this.check(1_001, FLIP, most, 0);
        vm.expectRevert(
            abi.encodeWithSelector(ISessions.SessionStakeAboveLimit.selector, most + 1, most)
        );
        this.check(1_000, FLIP, most + 1, 0);
        vm.warp(terms.expiry + 1);
        assertFalse(session.allows(device, 1_000, most, 0));
        vm.expectRevert(over);
        this.check(1_000, FLIP, most, 0);
    }

    function test_amounts_that_cannot_be_kept_are_rounded_down() external {
        ISessions.Terms memory terms = _grant();
        (terms.maxStake, terms.maxFee, terms.feeTo) = (3_001, 5_003, carol);
        _open(alice, terms);
        assertEq(_stored().maxStake, 3_000);
        assertEq(_stored().maxFee, 5_000);
        _check(1, FLIP, 3_000, 5_000);
        vm.expectRevert(abi.encodeWithSelector(ISessions.SessionFeeRefused.selector, 5_001, 5_000));
        this.check(1, FLIP, 3_000, 5_001);
    }

    function test_one_game_or_one_unit_of_fee_is_a_bound() external {
        ISessions.Terms memory terms = _grant();
        assertFalse(_opened(terms).isBounded());
        terms.games = 1;
        assertTrue(_opened(terms).isBounded());
        assertEq(_stored().games, 1);
        (terms.games, terms.maxFee) = (0, 1);
        assertTrue(_opened(terms).isBounded());
        assertEq(_stored().maxFee, 1);
    }

    function test_each_of_80_games_can_be_the_only_one() external {
        ISessions.Terms memory terms = _grant();
        for (uint16 game = 1; game <= 80; ++game) {
            terms.games = 1 << (game - 1);
            _open(alice, terms);
            _check(1, game, 1, 0);
            for (uint16 other; other < 82; ++other) if (other != game) _assertNotGiven(other);
        }
        _assertNotGiven(type(uint16).max);
    }

    function test_nobody_signs_for_a_lane_without_a_session() external {
        bytes memory unknown = abi.encodeWithSelector(ISessions.SignerUnknown.selector, address(0));
        vm.expectRevert(unknown);
        sessions.check(Session.wrap(0), 1, address(0), ISessions.Bet(FLIP, 1, 0, address(0)));
        Session none = Session.wrap(0).opened(address(0), time, 1_000, 1_000, false);
        assertFalse(none.allows(address(0), 1, 1, 0));
        assertTrue(Session.wrap(0).opened(bob, time, 1_000, 1_000, false).allows(bob, 1, 1, 0));
    }

    // -- After another session --

    function test_a_session_without_bounds_has_none_of_the_one_before_it() external {
        ISessions.Terms memory terms = _grant();
        (terms.feeTo, terms.maxFee, terms.games) = (carol, 10, 1 << (DICE - 1));
        _open(alice, terms);
        _check(1, DICE, 1, 10);
        terms = _grant();
        terms.maxStake = 1_500;
        _open(alice, terms);
        assertEq(abi.encode(_stored()), abi.encode(terms));
        _check(1, FLIP, 1, 0);
        vm.expectRevert(abi.encodeWithSelector(ISessions.SessionFeeRefused.selector, 1, 0));
        this.check(1, DICE, 1, 1);
    }

    // -- Helpers --

    /// @notice Alice's device bets in its lane, with a fee for Carol.
    function check(uint256 sequence, uint16 game, uint256 escrow, uint256 fee) external view {
        _check(sequence, game, escrow, fee);
    }

    function _check(uint256 sequence, uint16 game, uint256 escrow, uint256 fee) private view {
        uint256 betId = _betId(alice, ETH, 1, sequence);
        sessions.check(_session(), betId, device, ISessions.Bet(game, escrow, fee, carol));
    }

    function _assertNotGiven(uint16 game) private {
        vm.expectRevert(abi.encodeWithSelector(ISessions.SessionGameRefused.selector, game));
        this.check(1, game, 1, 0);
    }

    function _opened(ISessions.Terms memory terms) private returns (Session) {
        _open(alice, terms);
        return _session();
    }

    function _session() private view returns (Session) {
        return casino.sessionAt(LaneLibrary.key(alice, ETH, 1));
    }

    function _stored() private view returns (ISessions.Terms memory terms) {
        (terms, ) = sessions.sessionOf(alice, ETH, 1);
    }
}
