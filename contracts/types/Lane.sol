// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Float16} from "./Float16.sol";

/// @notice The slot of one lane: its latest bet, and in lane 0 the player's balance too.
/// @dev From the lowest bit: balance 56, stake 40, choice 56, round slot 20, sequence 28, game 12, reserve 16 (Float16),
/// fee rate 12 (1e-5 of what is staked), of the bet: open 1, extended 1, counted 1, noted 1, of the player, in lane 0:
/// guarded 1, referred 1, free 10. Reused by the next bet, never cleared: a bet that ended leaves its fields,
/// so that no write is to a zero slot. Unchecked, since a check of the word would not see a field overflow into the
/// next: the callers' bounds do.
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
    uint256 private constant EXTENDED = 1 << 241;
    uint256 private constant COUNTED = 1 << 242;
    uint256 private constant NOTED = 1 << 243;
    uint256 private constant GUARDED = 1 << 244;
    uint256 private constant REFERRED = 1 << 245;
    /// What a new bet leaves as it is: the balance and the flags of the player.
    uint256 private constant KEPT = BALANCE_MASK | (uint256(0xfff0) << 240);

    uint256 internal constant MAX_AMOUNT = BALANCE_MASK;
    uint256 internal constant MAX_STAKE = STAKE_MASK;
    uint256 internal constant MAX_FEE_RATE = FEE_MASK;

    /// @notice The key under which a lane is stored: a bet id without its sequence.
    function key(address player, uint256 asset, uint256 lane) internal pure returns (uint256) {
        return (uint256(uint160(player)) << 32) | (asset << 16) | lane;
    }

    /// @notice The key of the player's lane 0 in the same asset, which has the balance.
    function homeOf(uint256 key_) internal pure returns (uint256) {
        return (key_ >> 16) << 16;
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

    /// @notice The sequence of the lane's next bet. Wraps after 2^28 bets; an order cannot outlive that many.
    function nextSequence(Lane lane) internal pure returns (uint256) {
        unchecked {
            return ((Lane.unwrap(lane) >> 172) + 1) & SEQUENCE_MASK;
        }
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

    /// @notice Whether the bet has a wide choice or several rounds, in a slot of their own.
    function isExtended(Lane lane) internal pure returns (bool) {
        return Lane.unwrap(lane) & EXTENDED != 0;
    }

    /// @notice Whether the bet counts in its game's book.
    function isCounted(Lane lane) internal pure returns (bool) {
        return Lane.unwrap(lane) & COUNTED != 0;
    }

    /// @notice Whether `Limits` was told of the bet, and must be told of its end.
    function isNoted(Lane lane) internal pure returns (bool) {
        return Lane.unwrap(lane) & NOTED != 0;
    }

    /// @notice Whether `Limits` has a say in the player's bets and deposits. Lane 0 alone tells.
    function isGuarded(Lane lane) internal pure returns (bool) {
        return Lane.unwrap(lane) & GUARDED != 0;
    }

    /// @notice Whether an affiliate shares in the fees of the player's bets. Lane 0 alone tells.
    function isReferred(Lane lane) internal pure returns (bool) {
        return Lane.unwrap(lane) & REFERRED != 0;
    }

    function guarded(Lane lane) internal pure returns (Lane) {
        return Lane.wrap(Lane.unwrap(lane) | GUARDED);
    }

    function referred(Lane lane) internal pure returns (Lane) {
        return Lane.wrap(Lane.unwrap(lane) | REFERRED);
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
        uint256 feeRate_,
        bool extended,
        bool counted,
        bool noted
    ) internal pure returns (Lane) {
        return
            Lane.wrap(
                (Lane.unwrap(lane) & KEPT) |
                    (stake_ << 56) |
                    (uint256(uint56(bytes7(choice_))) << 96) |
                    (slot_ << 152) |
                    (lane.nextSequence() << 172) |
                    (game_ << 200) |
                    (reserveCode << 212) |
                    (feeRate_ << 228) |
                    (extended ? EXTENDED : 0) |
                    (counted ? COUNTED : 0) |
                    (noted ? NOTED : 0) |
                    OPEN
            );
    }
}
