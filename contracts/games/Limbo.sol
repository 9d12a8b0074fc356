// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Limbo
/// @notice Name a multiplier from 1.01 to 1,000,000 in steps of 0.01; a result at or above it pays exactly that.
/// Choice: bytes 0 to 3 are the target in hundredths.
contract Limbo is Game {
    uint256 private constant DRAWS = 1 << 64;
    uint256 private constant PRICE_PERCENT = 99;
    uint256 private constant MIN_TARGET = 101;
    uint256 private constant MAX_TARGET = 100_000_000;
    /// One hundredth of the stake, WAD.
    uint256 private constant STEP = 0.01e18;

    /// @notice Of 2^64 equal draws, `floor(99 * 2^64 / target)` win.
    function odds(
        bytes16 choice
    ) external pure returns (uint256 maxMultiplierWad, uint256 rtpWad, uint256 varianceWad) {
        (uint256 wins, uint256 target) = _unpack(_terms(choice));
        unchecked {
            maxMultiplierWad = target * STEP;
            rtpWad = (maxMultiplierWad * wins) / DRAWS;
            // p (1 - p) m^2 of 27 + 27 + 47 + 64 + 64 bits: m^2 / WAD is whole, so that only the last step rounds, and up.
            uint256 numerator = target * target * (STEP / 100) * wins * (DRAWS - wins);
            varianceWad = (numerator - 1) / (DRAWS * DRAWS) + 1;
        }
    }

    function _multiplier(uint256 terms, uint256 seed) internal pure override returns (uint256) {
        (uint256 wins, uint256 target) = _unpack(terms);
        unchecked {
            return seed % DRAWS < wins ? target * STEP : 0;
        }
    }

    /// @return terms From the lowest bit: winning draws 64, target.
    function _terms(bytes16 choice) internal pure override returns (uint256 terms) {
        uint256 target = uint32(bytes4(choice));
        if (target < MIN_TARGET || target > MAX_TARGET || choice << 32 != 0)
            revert IllegalChoice(choice);
        unchecked {
            return ((PRICE_PERCENT * DRAWS) / target) | (target << 64);
        }
    }

    function _unpack(uint256 terms) private pure returns (uint256 wins, uint256 target) {
        return (terms % DRAWS, terms >> 64);
    }
}
