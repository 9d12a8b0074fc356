// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Float16} from "../../contracts/types/Float16.sol";

/// @title Float16 rounds the way its names say, for every value and every code
contract Float16Check {
    function check_encode_up_is_the_least_code_not_below(uint256 value) external pure {
        require(value <= Float16.MAX);
        uint256 code = Float16.encodeUp(value);
        assert(code <= 0xffff);
        assert(Float16.decode(code) >= value);
        assert(code == 0 || Float16.decode(code - 1) < value);
    }

    function check_encode_down_is_the_largest_code_not_above(uint256 value) external pure {
        require(value <= Float16.MAX);
        uint256 code = Float16.encodeDown(value);
        assert(code <= 0xffff);
        assert(Float16.decode(code) <= value);
        assert(code == 0xffff || Float16.decode(code + 1) > value);
    }

    function check_codes_order_as_their_values(uint16 code) external pure {
        require(code < 0xffff);
        assert(Float16.decode(code) < Float16.decode(uint256(code) + 1));
        assert(Float16.decode(code) <= Float16.MAX);
    }

    function check_a_code_survives_a_round_trip(uint16 code) external pure {
        assert(Float16.encodeUp(Float16.decode(code)) == code);
        assert(Float16.encodeDown(Float16.decode(code)) == code);
    }

    function check_encoding_keeps_the_order(uint256 a, uint256 b) external pure {
        require(a <= b && b <= Float16.MAX);
        assert(Float16.encodeUp(a) <= Float16.encodeUp(b));
        assert(Float16.encodeDown(a) <= Float16.encodeDown(b));
    }
}
