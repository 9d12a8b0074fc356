// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {VrfSource} from "../../contracts/VrfSource.sol";
import {Test} from "./fixtures/Test.sol";

contract VrfSourceTest is Test {
    function test_a_source_answers_what_it_was_made_with_each_in_its_place() external {
        VrfSource.Config memory config = VrfSource.Config({
            coordinator: address(0xC0),
            keyHash: bytes32(uint256(0x6A5)),
            subscription: 7,
            confirmations: 3,
            worstPrice: 0.01 ether,
            firstRound: 41
        });
        assertEq(abi.encode(new VrfSource(config).config()), abi.encode(config));
    }
}
