// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Amounts in 16 bits
/// @notice 10 bits of mantissa under 6 bits of exponent: exact below 2,048, within 1/1,024 up to 2^73.
/// @dev value = exponent == 0 ? mantissa : (1024 + mantissa) << (exponent - 1). Codes order as their values do, so
/// adding one to a code is the next larger value.
library Float16 {
    uint256 internal constant MAX = 2047 << 62;

    /// @notice The least code whose value is at least `value`, which is at most `MAX`.
    function encodeUp(uint256 value) internal pure returns (uint256 code) {
        uint256 shift;
        (code, shift) = _floor(value);
        unchecked {
            if (value & ((1 << shift) - 1) != 0) ++code;
        }
    }

    /// @notice The largest code whose value is at most `value`, which is at most `MAX`.
    function encodeDown(uint256 value) internal pure returns (uint256 code) {
        (code, ) = _floor(value);
    }

    function decode(uint256 code) internal pure returns (uint256) {
        unchecked {
            // An exponent of 0 has no leading bit, and no shift.
            if (code < 1024) return code;
            return (1024 | (code & 1023)) << ((code >> 10) - 1);
        }
    }

    function _floor(uint256 value) private pure returns (uint256 code, uint256 shift) {
        if (value < 1024) return (value, 0);
        unchecked {
            shift = Math.log2(value) - 10;
            code = ((shift + 1) << 10) | ((value >> shift) & 1023);
        }
    }
}
