// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Float16} from "./Float16.sol";

/// @notice The session key of one lane, in one slot.
/// @dev From the lowest bit: key 160, expiry 32, largest stake 16 (Float16), last sequence 28, nonce 19, bounded 1. The last
/// sequence is the budget: the lane itself counts the bets.
type Session is uint256;

using SessionLibrary for Session global;

library SessionLibrary {
    uint256 private constant SEQUENCE_MASK = (1 << 28) - 1;
    uint256 private constant NONCE_MASK = (1 << 19) - 1;

    function key(Session session) internal pure returns (address) {
        return address(uint160(Session.unwrap(session)));
    }

    function expiry(Session session) internal pure returns (uint256) {
        return (Session.unwrap(session) >> 160) & type(uint32).max;
    }

    function maxStake(Session session) internal pure returns (uint256) {
        return Float16.decode((Session.unwrap(session) >> 192) & 0xffff);
    }

    function lastSequence(Session session) internal pure returns (uint256) {
        return (Session.unwrap(session) >> 208) & SEQUENCE_MASK;
    }

    /// @notice How many sessions the lane has had opened or revoked, modulo 2^19: what the next grant must name.
    function nonce(Session session) internal pure returns (uint256) {
        return (Session.unwrap(session) >> 236) & NONCE_MASK;
    }

    /// @notice Whether its games or its relayer are bounded, in a slot of their own.
    function isBounded(Session session) internal pure returns (bool) {
        return Session.unwrap(session) >> 255 != 0;
    }

    /// @notice Whether the key may place a bet that asks for nothing beyond this slot; if not, `ISessions.check` tells more.
    /// @param signer `address(0)` is nobody.
    /// @param escrow Units: the stakes of all rounds.
    /// @param fee Units: only a bounded session allows any.
    function allows(
        Session session,
        address signer,
        uint256 sequence,
        uint256 escrow,
        uint256 fee
    ) internal view returns (bool) {
        return
            signer != address(0) &&
            signer == session.key() &&
            block.timestamp <= session.expiry() &&
            sequence <= session.lastSequence() &&
            escrow <= session.maxStake() &&
            fee == 0 &&
            !session.isBounded();
    }

    function opened(
        Session session,
        address key_,
        uint256 expiry_,
        uint256 maxStake_,
        uint256 lastSequence_,
        bool bounded
    ) internal pure returns (Session) {
        return
            Session.wrap(
                uint256(uint160(key_)) |
                    (expiry_ << 160) |
                    (Float16.encodeDown(maxStake_) << 192) |
                    (lastSequence_ << 208) |
                    (_nextNonce(session) << 236) |
                    (bounded ? 1 << 255 : 0)
            );
    }

    /// @notice No key; a grant that was signed and not yet opened is void too.
    function revoked(Session session) internal pure returns (Session) {
        return Session.wrap(_nextNonce(session) << 236);
    }

    function _nextNonce(Session session) private pure returns (uint256) {
        return (session.nonce() + 1) & NONCE_MASK;
    }
}
