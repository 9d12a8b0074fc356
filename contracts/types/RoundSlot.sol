// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../interfaces/ICasino.sol";

/// @notice One round and its word in one slot.
/// @dev From the lowest bit: state 8, epoch 24, then pending: tag 128, time of the request 40; drawn: the word's low 224
/// bits. The tag is half of `keccak256(requestId, source)`: it finds the round and authenticates its source at once.
type RoundSlot is uint256;

using RoundLibrary for RoundSlot global;

library RoundLibrary {
    /// @notice A word is accepted up to this long after its request; from then on the round is void.
    uint256 internal constant VOID_AFTER_SECONDS = 24 hours;
    /// @notice Longest pause of new rounds by the guardian.
    uint256 internal constant MAX_PAUSE_SECONDS = 72 hours;
    /// @notice Time after a pause before the guardian can begin another.
    uint256 internal constant PAUSE_COOL_DOWN_SECONDS = 24 hours;
    /// @notice Void rounds in one day that pause new ones for a day.
    uint256 internal constant VOIDS_TO_PAUSE = 3;
    /// @notice Covers a callback that finds its round at the last probe.
    uint32 internal constant CALLBACK_GAS = 50_000;

    uint256 private constant PENDING = uint256(ICasino.RoundState.Pending);
    uint256 private constant DRAWN = uint256(ICasino.RoundState.Drawn);
    uint256 private constant VOID = uint256(ICasino.RoundState.Void);

    function tagOf(uint256 requestId, address source) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(requestId, source))) >> 128;
    }

    function pending(
        uint256 epoch_,
        uint256 tag,
        uint256 requestedAt_
    ) internal pure returns (RoundSlot) {
        return RoundSlot.wrap(PENDING | (epoch_ << 8) | (tag << 32) | (requestedAt_ << 160));
    }

    function drawn(RoundSlot round, uint256 word_) internal pure returns (RoundSlot) {
        return RoundSlot.wrap((word_ << 32) | (round.epoch() << 8) | DRAWN);
    }

    function voided(RoundSlot round) internal pure returns (RoundSlot) {
        return RoundSlot.wrap((RoundSlot.unwrap(round) & ~uint256(0xff)) | VOID);
    }

    function state(RoundSlot round) internal pure returns (ICasino.RoundState) {
        return ICasino.RoundState(RoundSlot.unwrap(round) & 0xff);
    }

    function isPending(RoundSlot round) internal pure returns (bool) {
        return RoundSlot.unwrap(round) & 0xff == PENDING;
    }

    function isDrawn(RoundSlot round) internal pure returns (bool) {
        return RoundSlot.unwrap(round) & 0xff == DRAWN;
    }

    function epoch(RoundSlot round) internal pure returns (uint256) {
        return (RoundSlot.unwrap(round) >> 8) & 0xffffff;
    }

    /// @notice Whether this is the pending round of the request; never true of a drawn or void one.
    function awaits(RoundSlot round, uint256 tag) internal pure returns (bool) {
        return round.isPending() && (RoundSlot.unwrap(round) >> 32) & type(uint128).max == tag;
    }

    /// @notice Seconds; meaningless once drawn.
    function requestedAt(RoundSlot round) internal pure returns (uint256) {
        return (RoundSlot.unwrap(round) >> 160) & type(uint40).max;
    }

    /// @notice The low 224 bits of the VRF word; meaningless until drawn.
    function word(RoundSlot round) internal pure returns (uint256) {
        return RoundSlot.unwrap(round) >> 32;
    }
}
