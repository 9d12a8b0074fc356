// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../interfaces/ICasino.sol";

/// @title A signed bet order, packed for calldata: 160 bytes, most of a plain bet's zero
/// @dev `head`, from the lowest bit: player 160, asset 16, lane 16, game 16, further rounds 16, deadline 32 (seconds).
/// `terms`: choice 128, stake 40, relayer's fee 40, sequence 28, zero 20. `stops`: stop-gain 64, stop-loss 64, zero 128.
/// What is signed is not these words but the readable struct of `TYPE_HASH`.
library OrderLibrary {
    using OrderLibrary for ICasino.SignedOrder;

    bytes32 private constant TYPE_HASH = keccak256(
        "Order(address player,uint16 asset,uint16 lane,uint32 sequence,uint16 game,uint64 stake,bytes16 choice,uint32 rounds,uint64 stopGain,uint64 stopLoss,uint64 fee,uint32 deadline)"
    );
    /// Half the order of secp256k1, rounded up: signatures with a larger `s` are the twins of others.
    uint256 private constant HALF_ORDER_AND_ONE =
        0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a1;

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

    /// @notice The lane's, as of `LaneLibrary.key`.
    function laneKey(ICasino.SignedOrder calldata order) internal pure returns (uint256) {
        uint256 head = order.head;
        return (uint256(uint160(head)) << 32) | ((head >> 144) & 0xffff0000) | uint16(head >> 176);
    }

    /// @notice The id that the bet has if the order is carried out.
    function betId(ICasino.SignedOrder calldata order) internal pure returns (uint256) {
        return (order.laneKey() << 64) | order.sequence();
    }

    /// @notice Puts into `wager` what the order wagers.
    function read(ICasino.SignedOrder calldata order, ICasino.Wager memory wager) internal pure {
        (uint256 head, uint256 terms, uint256 stops) = (order.head, order.terms, order.stops);
        wager.asset = uint16(head >> 160);
        wager.lane = uint16(head >> 176);
        wager.game = uint16(head >> 192);
        wager.stake = uint40(terms >> 128);
        wager.choice = bytes16(uint128(terms));
        unchecked {
            wager.rounds = uint256(uint16(head >> 208)) + 1;
        }
        wager.stopGain = uint64(stops);
        wager.stopLoss = stops >> 64;
    }

    /// @notice Who signed the order, as an EIP-712 struct under this domain; `address(0)` where nobody can have.
    /// @param wager What `read` made of the order.
    /// @dev Of the packed words as they are: bits beyond a field change the digest, or the order is refused. The signature
    /// is EIP-2098's, with the lower of its two possible values. In assembly, it costs 500 gas less an order.
    function signer(
        ICasino.SignedOrder calldata order,
        ICasino.Wager memory wager,
        bytes32 domain
    ) internal view returns (address recovered) {
        (bytes32 typeHash, uint256 player_) = (TYPE_HASH, uint160(order.head));
        (uint256 sequence_, uint256 fee_) = (order.sequence(), order.fee());
        uint256 deadline_ = order.deadline();
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            mstore(add(free, 32), player_)
            mcopy(add(free, 64), wager, 64)
            mstore(add(free, 128), sequence_)
            mcopy(add(free, 160), add(wager, 64), 192)
            mstore(add(free, 352), fee_)
            mstore(add(free, 384), deadline_)
            let structHash := keccak256(free, 416)
            mstore(free, shl(240, 0x1901))
            mstore(add(free, 2), domain)
            mstore(add(free, 34), structHash)
            let vs := calldataload(add(order, 128))
            let s := shr(1, shl(1, vs))
            mstore(free, keccak256(free, 66))
            mstore(add(free, 32), add(27, shr(255, vs)))
            calldatacopy(add(free, 64), add(order, 96), 32)
            mstore(add(free, 96), s)
            // The precompile answers with nothing where there is no such key.
            if lt(s, HALF_ORDER_AND_ONE) {
                pop(staticcall(gas(), 1, free, 128, free, 32))
                recovered := mul(mload(free), eq(returndatasize(), 32))
            }
        }
    }
}
