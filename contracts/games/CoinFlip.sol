// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Coin flip
/// @notice Heads or tails at 1.98 times the stake. Choice: byte 0 is the side, 0 heads, 1 tails.
contract CoinFlip is Game {
    uint256 private constant MULTIPLIER = 1.98e18;

    /// @notice The one multiplier: half of the draws pay it, the others nothing.
    function odds(bytes16 choice) external pure returns (uint256, uint256, uint256) {
        _terms(choice);
        uint256 rtp = MULTIPLIER / 2;
        return (MULTIPLIER, rtp, (MULTIPLIER * MULTIPLIER) / WAD / 2 - (rtp * rtp) / WAD);
    }

    function _multiplier(uint256 side, uint256 seed) internal pure override returns (uint256) {
        unchecked {
            // 1 where the lowest bit is the side, else 0: no branch.
            return (1 ^ side ^ (seed & 1)) * MULTIPLIER;
        }
    }

    function _terms(bytes16 choice) internal pure override returns (uint256 side) {
        side = uint8(choice[0]);
        if (side > 1 || choice << 8 != 0) revert IllegalChoice(choice);
    }
}
