// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Float16} from "./Float16.sol";

/// @notice The slot of one lane: its latest bet, and in lane 0 the player's balance too.
/// @dev From the lowest bit: balance 56, stake 40, choice 56, round slot 20, sequence 28, game 12, reserve 16 (Float16),
/// fee rate 12 (1e-5 of the stake), flags 16 (bit 0: open). Reused by the next bet, never cleared: a bet that ended
/// leaves its fields, so that no write is to a zero slot. Unchecked, since a check of the word would not see a field
/// overflow into the next: the callers' bounds do.
type Lane is uint256;

using LaneLibrary for Lane global;

library LaneLibrary {
    uint256 private constant BALANCE_MASK = (1 << 56) - 1;
    uint256 private constant STAKE_MASK = (1 << 40) - 1;
    uint256 private constant CHOICE_MASK = (1 << 56) - 1;
    uint256 private constant SLOT_MASK = (1 << 20) - 1;
    uint256 private constant SEQUENCE_MASK = (1 << 28) - 1;
    uint256 private constant GAME_MASK = (1 << 12) - 1;
    uint256 private constant RESERVE_MASK = (1 << 16) - 1;
    uint256 private constant FEE_MASK = (1 << 12) - 1;
    uint256 private constant OPEN = 1 << 240;
    /// What a new bet leaves as it is: the balance and the flags other than `OPEN`.
    uint256 private constant KEPT = BALANCE_MASK | (uint256(0xfffe) << 240);

    uint256 internal constant MAX_AMOUNT = BALANCE_MASK;
    uint256 internal constant MAX_STAKE = STAKE_MASK;
    uint256 internal constant MAX_FEE_RATE = FEE_MASK;

    /// @notice The key under which a lane is stored: a bet id without its sequence.
    function key(address player, uint256 asset, uint256 lane) internal pure returns (uint256) {
        return (uint256(uint160(player)) << 32) | (asset << 16) | lane;
    }

    function balance(Lane lane) internal pure returns (uint256) {
        return Lane.unwrap(lane) & BALANCE_MASK;
    }

    function stake(Lane lane) internal pure returns (uint256) {
        return (Lane.unwrap(lane) >> 56) & STAKE_MASK;
    }

    function choice(Lane lane) internal pure returns (bytes16) {
        return bytes16(bytes7(uint56((Lane.unwrap(lane) >> 96) & CHOICE_MASK)));
    }

    function slot(Lane lane) internal pure returns (uint256) {
        return (Lane.unwrap(lane) >> 152) & SLOT_MASK;
    }

    function sequence(Lane lane) internal pure returns (uint256) {
        return (Lane.unwrap(lane) >> 172) & SEQUENCE_MASK;
    }

    function game(Lane lane) internal pure returns (uint16) {
        return uint16((Lane.unwrap(lane) >> 200) & GAME_MASK);
    }

    /// @notice What the house reserved beyond the stake, units.
    function reserve(Lane lane) internal pure returns (uint256) {
        return Float16.decode((Lane.unwrap(lane) >> 212) & RESERVE_MASK);
    }

    function feeRate(Lane lane) internal pure returns (uint256) {
        return (Lane.unwrap(lane) >> 228) & FEE_MASK;
    }

    function isOpen(Lane lane) internal pure returns (bool) {
        return Lane.unwrap(lane) & OPEN != 0;
    }

    /// @dev Cannot overflow into the bet: a deposit that would lift the casino above `MAX_AMOUNT` reverts.
    function credited(Lane lane, uint256 amount) internal pure returns (Lane) {
        unchecked {
            return Lane.wrap(Lane.unwrap(lane) + amount);
        }
    }

    /// @dev The caller has checked that the balance covers it.
    function debited(Lane lane, uint256 amount) internal pure returns (Lane) {
        unchecked {
            return Lane.wrap(Lane.unwrap(lane) - amount);
        }
    }

    function closed(Lane lane) internal pure returns (Lane) {
        return Lane.wrap(Lane.unwrap(lane) & ~OPEN);
    }

    /// @notice The lane with its next bet in it; every field is within its width, as the caller has checked.
    function opened(
        Lane lane,
        uint256 stake_,
        bytes16 choice_,
        uint256 slot_,
        uint256 game_,
        uint256 reserveCode,
        uint256 feeRate_
    ) internal pure returns (Lane) {
        // Wraps after 2^28 bets in one lane; an order cannot outlive that many.
        uint256 sequence_ = (lane.sequence() + 1) & SEQUENCE_MASK;
        return
            Lane.wrap(
                (Lane.unwrap(lane) & KEPT) |
                    (stake_ << 56) |
                    (uint256(uint56(bytes7(choice_))) << 96) |
                    (slot_ << 152) |
                    (sequence_ << 172) |
                    (game_ << 200) |
                    (reserveCode << 212) |
                    (feeRate_ << 228) |
                    OPEN
            );
    }
}
