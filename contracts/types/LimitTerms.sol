// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILimits} from "../interfaces/ILimits.sol";
import {Float16} from "./Float16.sol";

/// @notice All limits of a player in an asset, in one word.
/// @dev From the lowest bit: limits on stakes by day, week and month, 16 each (Float16, 0 none), then on losses, then on
/// deposits; seconds between bets 24.
library LimitTerms {
    uint256 internal constant MASK = (1 << 168) - 1;
    /// Largest limit, and where sums saturate.
    uint256 internal constant MAX_AMOUNT = (1 << 56) - 1;
    uint256 internal constant MAX_PAUSE_SECONDS = 1 days;

    uint256 private constant LIMITS = 9;
    uint256 private constant PAUSE_AT = 144;

    /// @notice The code of a limit, 0 to 8.
    function code(uint256 terms, uint256 limit) internal pure returns (uint256) {
        unchecked {
            return (terms >> (16 * limit)) & 0xffff;
        }
    }

    function pauseSeconds(uint256 terms) internal pure returns (uint256) {
        return (terms >> PAUSE_AT) & type(uint24).max;
    }

    /// @notice The limit of a code in grains of 2^`shift` units: whole grains, which a sum of 24 bits holds.
    function grains(uint256 code_) internal pure returns (uint256 limit, uint256 shift) {
        unchecked {
            uint256 exponent = code_ >> 10;
            // Of numbers this large, 11 significant bits are kept above 13 spare ones.
            if (exponent > 14) return ((1024 | (code_ & 1023)) << 13, exponent - 14);
            return (Float16.decode(code_), 0);
        }
    }

    /// @notice The tighter of two terms, limit by limit.
    function tighter(uint256 a, uint256 b) internal pure returns (uint256 terms) {
        for (uint256 i; i < LIMITS; ++i) {
            uint256 x = code(a, i);
            uint256 y = code(b, i);
            // Codes order as their values do, and 0 is no limit.
            terms |= (x == 0 || (y != 0 && y < x) ? y : x) << (16 * i);
        }
        (uint256 p, uint256 q) = (pauseSeconds(a), pauseSeconds(b));
        terms |= (p > q ? p : q) << PAUSE_AT;
    }

    function encode(ILimits.Terms calldata terms) internal pure returns (uint256) {
        if (terms.pauseSeconds > MAX_PAUSE_SECONDS)
            revert ILimits.LimitOutOfBounds(terms.pauseSeconds, MAX_PAUSE_SECONDS);
        return
            _encodeWindows(terms.stakes) |
            (_encodeWindows(terms.losses) << 48) |
            (_encodeWindows(terms.deposits) << 96) |
            (terms.pauseSeconds << PAUSE_AT);
    }

    function decode(uint256 terms) internal pure returns (ILimits.Terms memory) {
        return
            ILimits.Terms({
                stakes: _decodeWindows(terms, 0),
                losses: _decodeWindows(terms, 3),
                deposits: _decodeWindows(terms, 6),
                pauseSeconds: pauseSeconds(terms)
            });
    }

    function _encodeWindows(ILimits.Windows calldata limits) private pure returns (uint256) {
        return
            _encodeLimit(limits.day) |
            (_encodeLimit(limits.week) << 16) |
            (_encodeLimit(limits.month) << 32);
    }

    /// @dev Rounds down: never looser than asked for. Only 0 becomes 0.
    function _encodeLimit(uint256 limit) private pure returns (uint256) {
        if (limit > MAX_AMOUNT) revert ILimits.LimitOutOfBounds(limit, MAX_AMOUNT);
        return Float16.encodeDown(limit);
    }

    function _decodeWindows(
        uint256 terms,
        uint256 first
    ) private pure returns (ILimits.Windows memory) {
        return
            ILimits.Windows({
                day: Float16.decode(code(terms, first)),
                week: Float16.decode(code(terms, first + 1)),
                month: Float16.decode(code(terms, first + 2))
            });
    }
}
