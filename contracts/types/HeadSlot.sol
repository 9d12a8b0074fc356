// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What the opening of a round reads and writes, in one slot.
/// @dev From the lowest bit: block of the current round 40, its slot 20, requests the subscription covers 24, epoch 20,
/// rounds of this epoch 20, of the one before 20, paused until 36, rounds ever 32, void rounds today 2, that day 16,
/// number of the source 8.
type HeadSlot is uint256;

using HeadLibrary for HeadSlot global;

library HeadLibrary {
    uint256 private constant ROUND_MASK = (1 << 20) - 1;
    uint256 private constant PAUSE_MASK = (1 << 36) - 1;

    uint256 internal constant MAX_CREDITS = (1 << 24) - 1;

    function roundBlock(HeadSlot head) internal pure returns (uint256) {
        return HeadSlot.unwrap(head) & type(uint40).max;
    }

    function roundSlot(HeadSlot head) internal pure returns (uint256) {
        return (HeadSlot.unwrap(head) >> 40) & ROUND_MASK;
    }

    function credits(HeadSlot head) internal pure returns (uint256) {
        return (HeadSlot.unwrap(head) >> 60) & MAX_CREDITS;
    }

    function epoch(HeadSlot head) internal pure returns (uint256) {
        return (HeadSlot.unwrap(head) >> 84) & ROUND_MASK;
    }

    /// @notice Rounds of the current epoch and of the one before, whose slots are taken.
    function roundsOpen(HeadSlot head) internal pure returns (uint256) {
        return
            ((HeadSlot.unwrap(head) >> 104) & ROUND_MASK) +
            ((HeadSlot.unwrap(head) >> 124) & ROUND_MASK);
    }

    function pausedUntil(HeadSlot head) internal pure returns (uint256) {
        return (HeadSlot.unwrap(head) >> 144) & PAUSE_MASK;
    }

    function rounds(HeadSlot head) internal pure returns (uint256) {
        return (HeadSlot.unwrap(head) >> 180) & type(uint32).max;
    }

    /// @notice The head once a round was requested in this block and one of `credits_` spent on it.
    function requested(
        HeadSlot head,
        uint256 blockNumber,
        uint256 slot,
        uint256 credits_
    ) internal pure returns (HeadSlot) {
        uint256 kept = HeadSlot.unwrap(head) & ~((uint256(1) << 84) - 1);
        unchecked {
            return
                HeadSlot.wrap(
                    (kept | blockNumber | (slot << 40) | ((credits_ - 1) << 60)) +
                        (1 << 104) +
                        (1 << 180)
                );
        }
    }

    /// @notice The number of the current source; 0 is the one that the casino was made with.
    function sourceId(HeadSlot head) internal pure returns (uint256) {
        return (HeadSlot.unwrap(head) >> 230) & 0xff;
    }

    /// @notice The head with another source, whose subscription covers nothing yet.
    function sourceAdded(HeadSlot head) internal pure returns (HeadSlot) {
        return HeadSlot.wrap((HeadSlot.unwrap(head) & ~(MAX_CREDITS << 60)) + (1 << 230));
    }

    /// @notice The head at the start of the next epoch, with no round to join.
    function rolled(HeadSlot head) internal pure returns (HeadSlot) {
        uint256 word = HeadSlot.unwrap(head);
        uint256 before = (word >> 104) & ROUND_MASK;
        uint256 kept = word & ~((uint256(1) << 60) - 1) & ~(((uint256(1) << 60) - 1) << 84);
        return HeadSlot.wrap(kept | (((head.epoch() + 1) & ROUND_MASK) << 84) | (before << 124));
    }

    function paused(HeadSlot head, uint256 until) internal pure returns (HeadSlot) {
        return HeadSlot.wrap((HeadSlot.unwrap(head) & ~(PAUSE_MASK << 144)) | (until << 144));
    }

    /// @return voids Void rounds counted today, this one included; stays at 3.
    function voidCounted(
        HeadSlot head,
        uint256 timestamp
    ) internal pure returns (HeadSlot, uint256 voids) {
        uint256 word = HeadSlot.unwrap(head);
        uint256 day = (timestamp / 1 days) & type(uint16).max;
        voids = (word >> 214) & type(uint16).max == day ? (word >> 212) & 3 : 0;
        if (voids < 3) ++voids;
        word &= ~(uint256(0x3ffff) << 212);
        return (HeadSlot.wrap(word | (voids << 212) | (day << 214)), voids);
    }
}
