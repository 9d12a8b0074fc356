// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../interfaces/ICasino.sol";

/// @title A signed bet order, packed for calldata: 160 bytes, most of a plain bet's zero
/// @dev `head`, from the lowest bit: player 160, asset 16, lane 16, game 16, further rounds 16, deadline 32 (seconds).
/// `terms`: choice 128, stake 40, relayer's fee 40, sequence 28, zero 20. `stops`: stop-gain 64, stop-loss 64, zero 128.
/// What is signed is not these words but the readable struct of `TYPE_HASH`.
library OrderLibrary {
    bytes32 private constant TYPE_HASH = keccak256(
        "Order(address player,uint16 asset,uint16 lane,uint32 sequence,uint16 game,uint64 stake,bytes16 choice,uint32 rounds,uint64 stopGain,uint64 stopLoss,uint64 fee,uint32 deadline)"
    );

    function player(ICasino.SignedOrder calldata order) internal pure returns (address) {
        return address(uint160(order.head));
    }

    function asset(ICasino.SignedOrder calldata order) internal pure returns (uint16) {
        return uint16(order.head >> 160);
    }

    function deadline(ICasino.SignedOrder calldata order) internal pure returns (uint256) {
        return order.head >> 224;
    }

    /// @notice Units.
    function fee(ICasino.SignedOrder calldata order) internal pure returns (uint256) {
        return uint40(order.terms >> 168);
    }

    function sequence(ICasino.SignedOrder calldata order) internal pure returns (uint256) {
        return order.terms >> 208;
    }

    /// @notice The id that the bet has if the order is carried out.
    function betId(ICasino.SignedOrder calldata order) internal pure returns (uint256) {
        uint256 head = order.head;
        return
            (uint256(uint160(head)) << 96) |
            (uint256(uint16(head >> 160)) << 80) |
            (uint256(uint16(head >> 176)) << 64) |
            uint64(order.terms >> 208);
    }

    function wager(
        ICasino.SignedOrder calldata order
    ) internal pure returns (ICasino.Wager memory) {
        (uint256 head, uint256 terms) = (order.head, order.terms);
        return
            ICasino.Wager({
                asset: uint16(head >> 160),
                lane: uint16(head >> 176),
                game: uint16(head >> 192),
                stake: uint40(terms >> 128),
                choice: bytes16(uint128(terms)),
                rounds: uint256(uint16(head >> 208)) + 1,
                stopGain: uint64(order.stops),
                stopLoss: order.stops >> 64
            });
    }

    /// @notice The EIP-712 digest that the player or a session key signs.
    /// @dev Of the packed words as they are: bits beyond a field change the digest, or the order is refused.
    function digest(
        ICasino.SignedOrder calldata order,
        ICasino.Wager memory wager_,
        bytes32 domain
    ) internal pure returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                TYPE_HASH,
                player(order),
                wager_.asset,
                wager_.lane,
                sequence(order),
                wager_.game,
                wager_.stake,
                wager_.choice,
                wager_.rounds,
                wager_.stopGain,
                wager_.stopLoss,
                fee(order),
                deadline(order)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
