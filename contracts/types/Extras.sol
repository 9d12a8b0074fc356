// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What a bet has beyond its lane's slot: a wide choice, several rounds, the fee of its relayer.
/// @dev From the lowest bit: last 9 bytes of the choice 72, further rounds 16, stop-gain 64, stop-loss 64, relayer's fee 40
/// (all units). Stored, without the fee, only for a bet that has a wide choice or several rounds.
type Extras is uint256;

using ExtrasLibrary for Extras global;

library ExtrasLibrary {
    uint256 private constant STORED = (1 << 216) - 1;

    function pack(
        bytes16 choice_,
        uint256 further,
        uint256 stopGain_,
        uint256 stopLoss_,
        uint256 fee
    ) internal pure returns (Extras) {
        return
            Extras.wrap(
                uint256(uint72(uint128(choice_))) |
                    (further << 72) |
                    (stopGain_ << 88) |
                    (stopLoss_ << 152) |
                    (fee << 216)
            );
    }

    /// @notice What of it is stored; 0 for a bet that needs no slot of its own.
    function stored(Extras extras) internal pure returns (Extras) {
        return Extras.wrap(Extras.unwrap(extras) & STORED);
    }

    /// @notice The whole choice, whose first 7 bytes are in the lane.
    function choice(Extras extras, bytes16 lead) internal pure returns (bytes16) {
        return lead | bytes16(uint128(uint72(Extras.unwrap(extras))));
    }

    function rounds(Extras extras) internal pure returns (uint256) {
        unchecked {
            return ((Extras.unwrap(extras) >> 72) & 0xffff) + 1;
        }
    }

    function stopGain(Extras extras) internal pure returns (uint256) {
        return (Extras.unwrap(extras) >> 88) & type(uint64).max;
    }

    function stopLoss(Extras extras) internal pure returns (uint256) {
        return (Extras.unwrap(extras) >> 152) & type(uint64).max;
    }
}
