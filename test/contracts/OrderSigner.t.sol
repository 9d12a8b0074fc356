// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {OrderLibrary} from "../../contracts/types/Order.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice The assembly that recovers an order's signer against its plain twin.
contract OrderSignerTest is Test {
    using OrderLibrary for ICasino.SignedOrder;

    uint256 private constant HALF_ORDER =
        0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0;

    function signerOf(
        ICasino.SignedOrder calldata order,
        bytes32 domain
    ) external view returns (address) {
        // What was in memory before must not matter.
        ICasino.Wager memory wager = ICasino.Wager(9, 9, 9, 9, hex"99", 9, 9, 9);
        order.read(wager);
        return order.signer(wager, domain);
    }

    function plainSignerOf(
        ICasino.SignedOrder calldata order,
        bytes32 domain
    ) external pure returns (address signer) {
        (signer, , ) = ECDSA.tryRecover(digestOf(order, domain), order.r, order.vs);
    }

    function digestOf(
        ICasino.SignedOrder memory order,
        bytes32 domain
    ) public pure returns (bytes32) {
        (uint256 head, uint256 terms) = (order.head, order.terms);
        bytes memory first = abi.encode(
            keccak256(
                "Order(address player,uint16 asset,uint16 lane,uint32 sequence,uint16 game,uint64 stake,bytes16 choice,uint32 rounds,uint64 stopGain,uint64 stopLoss,uint64 fee,uint32 deadline)"
            ),
            address(uint160(head)),
            uint16(head >> 160),
            uint16(head >> 176),
            terms >> 208,
            uint16(head >> 192),
            uint40(terms >> 128)
        );
        bytes memory rest = abi.encode(
            bytes16(uint128(terms)),
            uint256(uint16(head >> 208)) + 1,
            uint64(order.stops),
            order.stops >> 64,
            uint40(terms >> 168),
            head >> 224
        );
        return keccak256(abi.encodePacked(hex"1901", domain, keccak256(bytes.concat(first, rest))));
    }

    function test_any_words_recover_whom_the_plain_twin_recovers(
        ICasino.SignedOrder memory order,
        bytes32 domain
    ) external view {
        assertEq(this.signerOf(order, domain), this.plainSignerOf(order, domain));
    }

    function test_a_signed_order_recovers_its_key(
        uint256 key,
        ICasino.SignedOrder memory order,
        bytes32 domain
    ) external view {
        key = bound(key, 1, type(uint128).max);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digestOf(order, domain));
        (order.r, order.vs) = (r, bytes32(uint256(s) | (uint256(v - 27) << 255)));
        assertEq(this.signerOf(order, domain), vm.addr(key));
    }

    /// @dev The generator's `x` is a point's whatever the digest: only `s` decides.
    function test_half_the_order_is_the_largest_s(
        ICasino.SignedOrder memory order,
        bytes32 domain
    ) external view {
        order.r = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798;
        for (uint256 parity; parity < 2; ++parity) {
            order.vs = bytes32(HALF_ORDER | (parity << 255));
            assertEq(this.signerOf(order, domain), this.plainSignerOf(order, domain));
            assertTrue(this.signerOf(order, domain) != address(0));
            order.vs = bytes32((HALF_ORDER + 1) | (parity << 255));
            assertEq(this.signerOf(order, domain), address(0));
        }
    }
}
