// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice The accounting of one asset in one slot, and its copy of the current round.
/// @dev From the lowest bit: bankroll 56, reserved 56, fees 44, open bets 24, epoch 20, round slot 20, round block 32,
/// listed 1. The copy of the round spares a bet that joins it the reading of the head. Unchecked, since a check of the
/// word would not see a field overflow into the next: the callers' bounds do.
type HouseSlot is uint256;

using HouseLibrary for HouseSlot global;

library HouseLibrary {
    uint256 private constant AMOUNT_MASK = (1 << 56) - 1;
    uint256 private constant FEES_MASK = (1 << 44) - 1;
    uint256 private constant OPEN_MASK = (1 << 24) - 1;
    uint256 private constant EPOCH_MASK = (1 << 20) - 1;
    uint256 private constant ROUND_MASK = (1 << 52) - 1;
    uint256 private constant LISTED = 1 << 252;

    uint256 internal constant MAX_OPEN = OPEN_MASK;

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
        return (HouseSlot.unwrap(house) >> 156) & OPEN_MASK;
    }

    function epoch(HouseSlot house) internal pure returns (uint256) {
        return (HouseSlot.unwrap(house) >> 180) & EPOCH_MASK;
    }

    function roundSlot(HouseSlot house) internal pure returns (uint256) {
        return (HouseSlot.unwrap(house) >> 200) & ((1 << 20) - 1);
    }

    function roundBlock(HouseSlot house) internal pure returns (uint256) {
        return (HouseSlot.unwrap(house) >> 220) & type(uint32).max;
    }

    function isListed(HouseSlot house) internal pure returns (bool) {
        return HouseSlot.unwrap(house) & LISTED != 0;
    }

    function listed(uint256 epoch_) internal pure returns (HouseSlot) {
        return HouseSlot.wrap(LISTED | (epoch_ << 180));
    }

    function withRound(
        HouseSlot house,
        uint256 slot,
        uint256 blockNumber
    ) internal pure returns (HouseSlot) {
        return
            HouseSlot.wrap(
                (HouseSlot.unwrap(house) & ~(ROUND_MASK << 200)) |
                    (slot << 200) |
                    ((blockNumber & type(uint32).max) << 220)
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

    /// @dev The caller has checked that the free bankroll covers the reserve and that another open bet fits.
    function betOpened(HouseSlot house, uint256 reserve) internal pure returns (HouseSlot) {
        unchecked {
            return HouseSlot.wrap(HouseSlot.unwrap(house) + (reserve << 56) + (1 << 156));
        }
    }

    function reserveReleased(HouseSlot house, uint256 reserve) internal pure returns (HouseSlot) {
        unchecked {
            return HouseSlot.wrap(HouseSlot.unwrap(house) - (reserve << 56));
        }
    }

    function betClosed(HouseSlot house) internal pure returns (HouseSlot) {
        unchecked {
            return HouseSlot.wrap(HouseSlot.unwrap(house) - (1 << 156));
        }
    }

    /// @return amount What fits of `amount`: fees that nobody claims stay with the bankroll past 2^44 units.
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
    function rolled(HouseSlot house, uint256 epoch_) internal pure returns (HouseSlot) {
        uint256 cleared =
            HouseSlot.unwrap(house) &
                ~((OPEN_MASK << 156) | (EPOCH_MASK << 180) | (ROUND_MASK << 200));
        return HouseSlot.wrap(cleared | (epoch_ << 180));
    }
}
