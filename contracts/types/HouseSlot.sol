// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Float16} from "./Float16.sol";

/// @notice The accounting of one asset in one slot, and its copy of the current round.
/// @dev From the lowest bit: bankroll 56, reserved 56, fees 40, open bets 20, epoch 2 (its lowest bits), round slot 20,
/// round block 32, round share 17, mark 12, listed 1. The copy of the round spares a bet that joins it the reading of the
/// head. Unchecked, since a check of the word would not see a field overflow into the next: the callers' bounds do.
type HouseSlot is uint256;

using HouseLibrary for HouseSlot global;

library HouseLibrary {
    uint256 private constant AMOUNT_MASK = (1 << 56) - 1;
    uint256 private constant FEES_MASK = (1 << 40) - 1;
    uint256 private constant OPEN_MASK = (1 << 20) - 1;
    uint256 private constant SLOT_MASK = (1 << 20) - 1;
    uint256 private constant SHARE_MASK = (1 << 17) - 1;
    uint256 private constant MARK_MASK = (1 << 12) - 1;
    /// Slot, block and share of the round.
    uint256 private constant ROUND = ((1 << 69) - 1) << 174;
    uint256 private constant LISTED = 1 << 255;

    uint256 internal constant MAX_OPEN = OPEN_MASK;
    /// What a round share is a fraction of: the bankroll in this many parts.
    uint256 internal constant SHARES = 1 << 17;

    function bankroll(HouseSlot house) internal pure returns (uint256) {
        return HouseSlot.unwrap(house) & AMOUNT_MASK;
    }

    function reserved(HouseSlot house) internal pure returns (uint256) {
        return (HouseSlot.unwrap(house) >> 56) & AMOUNT_MASK;
    }

    function fees(HouseSlot house) internal pure returns (uint256) {
        return (HouseSlot.unwrap(house) >> 112) & FEES_MASK;
    }

    function openBets(HouseSlot house) internal pure returns (uint256) {
        return (HouseSlot.unwrap(house) >> 152) & OPEN_MASK;
    }

    /// @notice Whether the epoch is the current one, of the two that can have open bets.
    function isCurrent(HouseSlot house, uint256 epoch) internal pure returns (bool) {
        return (HouseSlot.unwrap(house) >> 172) & 3 == epoch & 3;
    }

    function roundSlot(HouseSlot house) internal pure returns (uint256) {
        return (HouseSlot.unwrap(house) >> 174) & SLOT_MASK;
    }

    function roundBlock(HouseSlot house) internal pure returns (uint256) {
        return (HouseSlot.unwrap(house) >> 194) & type(uint32).max;
    }

    /// @notice What the bets of the current round reserved together, in `SHARES` of the bankroll, rounded up bet by bet.
    function roundShare(HouseSlot house) internal pure returns (uint256) {
        return (HouseSlot.unwrap(house) >> 226) & SHARE_MASK;
    }

    /// @notice The bankroll that a drawdown is measured from, units, within 1/64 below, or within 15 units.
    function mark(HouseSlot house) internal pure returns (uint256) {
        return Float16.decode(((HouseSlot.unwrap(house) >> 243) & MARK_MASK) << 4);
    }

    function isListed(HouseSlot house) internal pure returns (bool) {
        return HouseSlot.unwrap(house) & LISTED != 0;
    }

    function listed(uint256 epoch) internal pure returns (HouseSlot) {
        return HouseSlot.wrap(LISTED | ((epoch & 3) << 172));
    }

    function withRound(
        HouseSlot house,
        uint256 slot,
        uint256 blockNumber
    ) internal pure returns (HouseSlot) {
        return
            HouseSlot.wrap(
                (HouseSlot.unwrap(house) & ~ROUND) |
                    (slot << 174) |
                    ((blockNumber & type(uint32).max) << 194)
            );
    }

    function withMark(HouseSlot house, uint256 value) internal pure returns (HouseSlot) {
        return
            HouseSlot.wrap(
                (HouseSlot.unwrap(house) & ~(MARK_MASK << 243)) |
                    ((Float16.encodeDown(value) >> 4) << 243)
            );
    }

    /// @dev The sums stay within their fields: they are parts of the tokens held, which fit 56 bits.
    function funded(HouseSlot house, uint256 amount) internal pure returns (HouseSlot) {
        unchecked {
            return HouseSlot.wrap(HouseSlot.unwrap(house) + amount);
        }
    }

    /// @dev The caller has checked that the free bankroll covers it.
    function drawn(HouseSlot house, uint256 amount) internal pure returns (HouseSlot) {
        unchecked {
            return HouseSlot.wrap(HouseSlot.unwrap(house) - amount);
        }
    }

    /// @dev The caller has checked that the bankroll covers the reserve, that its share fits the round and that another
    /// open bet fits.
    function betOpened(
        HouseSlot house,
        uint256 reserve,
        uint256 share
    ) internal pure returns (HouseSlot) {
        unchecked {
            return
                HouseSlot.wrap(
                    HouseSlot.unwrap(house) + (reserve << 56) + (1 << 152) + (share << 226)
                );
        }
    }

    function reserveReleased(HouseSlot house, uint256 reserve) internal pure returns (HouseSlot) {
        unchecked {
            return HouseSlot.wrap(HouseSlot.unwrap(house) - (reserve << 56));
        }
    }

    function betClosed(HouseSlot house) internal pure returns (HouseSlot) {
        unchecked {
            return HouseSlot.wrap(HouseSlot.unwrap(house) - (1 << 152));
        }
    }

    /// @return amount What fits of `amount`: fees that nobody claims stay with the bankroll past 2^40 units.
    function feeAdded(HouseSlot house, uint256 amount) internal pure returns (HouseSlot, uint256) {
        uint256 room = FEES_MASK - house.fees();
        if (amount > room) amount = room;
        unchecked {
            return (HouseSlot.wrap(HouseSlot.unwrap(house) + (amount << 112)), amount);
        }
    }

    /// @dev The caller has checked that the fees cover it.
    function feesTaken(HouseSlot house, uint256 amount) internal pure returns (HouseSlot) {
        unchecked {
            return HouseSlot.wrap(HouseSlot.unwrap(house) - (amount << 112));
        }
    }

    /// @notice The house at the start of the next epoch: no open bet of it yet, and no round to join.
    function rolled(HouseSlot house, uint256 epoch) internal pure returns (HouseSlot) {
        uint256 cleared =
            HouseSlot.unwrap(house) & ~((OPEN_MASK << 152) | (uint256(3) << 172) | ROUND);
        return HouseSlot.wrap(cleared | ((epoch & 3) << 172));
    }
}
