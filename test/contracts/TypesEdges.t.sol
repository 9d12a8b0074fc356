// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HeadSlot} from "../../contracts/types/HeadSlot.sol";
import {HouseSlot} from "../../contracts/types/HouseSlot.sol";
import {LimitTerms} from "../../contracts/types/LimitTerms.sol";
import {RoundLibrary} from "../../contracts/types/RoundSlot.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Packed fields where a day or a field ends.
contract TypesEdgesTest is Test {
    function test_void_rounds_are_counted_by_days_to_the_second() external pure {
        HeadSlot head;
        uint256 voids;
        for (uint256 day = 20_000; day < 20_003; ++day) {
            (head, voids) = head.voidCounted(day * 1 days);
            assertEq(voids, 1);
            (head, voids) = head.voidCounted(day * 1 days + 1 days - 1);
            assertEq(voids, 2);
        }
    }

    function test_a_void_round_keeps_the_number_of_the_source() external pure {
        HeadSlot head;
        for (uint256 i; i < 255; ++i) {
            assertEq(head.sourceId(), i);
            (HeadSlot counted, ) = head.voidCounted(i * 1 days);
            assertEq(counted.sourceId(), i);
            head = head.sourceAdded();
        }
    }

    function test_a_house_is_listed_by_its_highest_bit_alone() external pure {
        assertTrue(HouseSlot.wrap(1 << 255).isListed());
        assertFalse(HouseSlot.wrap(type(uint256).max >> 1).isListed());
    }

    function test_a_limit_is_counted_in_as_small_grains_as_24_bits_hold() external pure {
        (uint256 limit, uint256 shift) = LimitTerms.grains(14 << 10);
        assertEq(limit, 1_024 << 13);
        assertEq(shift, 0);
        (limit, shift) = LimitTerms.grains(15 << 10);
        assertEq(limit, 1_024 << 13);
        assertEq(shift, 1);
    }

    function test_a_tag_is_the_whole_half_of_the_hash(
        uint256 requestId,
        address source
    ) external pure {
        uint256 hash = uint256(keccak256(abi.encode(requestId, source)));
        assertEq(RoundLibrary.tagOf(requestId, source), hash >> 128);
    }
}
