// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {ISessions} from "../../contracts/interfaces/ISessions.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {Vm} from "./fixtures/Test.sol";

/// @title Orders and grants, signed as a wallet signs them
/// @notice Alice and Bob have keys. What they sign is built here from the readable fields, not from the packed words.
abstract contract OrderFixture is CasinoFixture {
    uint256 internal constant ALICE_KEY = 0xA11CE;
    uint256 internal constant BOB_KEY = 0xB0B;
    uint256 internal constant SESSION_KEY = 0x5E55;
    bytes32 private constant DOMAIN = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant ORDER = keccak256(
        "Order(address player,uint16 asset,uint16 lane,uint32 sequence,uint16 game,uint64 stake,bytes16 choice,uint32 rounds,uint64 stopGain,uint64 stopLoss,uint64 fee,uint32 deadline)"
    );
    bytes32 private constant SESSION = keccak256(
        "Session(address player,address key,uint16 asset,uint16 lane,uint64 expiry,uint64 maxStake,uint32 lastSequence,address feeTo,uint64 maxFee,uint256 games,uint32 nonce)"
    );

    struct Order {
        address player;
        uint16 asset;
        uint16 lane;
        uint256 sequence;
        uint16 game;
        uint256 stake;
        bytes16 choice;
        uint256 rounds;
        uint256 stopGain;
        uint256 stopLoss;
        uint256 fee;
        uint256 deadline;
    }

    ISessions internal sessions;
    /// The address of `SESSION_KEY`.
    address internal device = vm.addr(SESSION_KEY);

    function setUp() public virtual override {
        (alice, bob) = (vm.addr(ALICE_KEY), vm.addr(BOB_KEY));
        super.setUp();
        sessions = casino.sessions();
    }

    // -- Orders --

    /// @notice Heads for 1,000 units of native coin, valid for an hour.
    function _order(
        address player,
        uint16 lane,
        uint256 sequence
    ) internal view returns (Order memory) {
        return Order(player, ETH, lane, sequence, FLIP, 1_000, HEADS, 1, 0, 0, 0, time + 1 hours);
    }

    /// @notice The order as carried, signed for this casino and chain.
    function _sign(
        uint256 key,
        Order memory order
    ) internal view returns (ICasino.SignedOrder memory) {
        return _signFor(key, order, 31_337, address(casino));
    }

    function _signFor(
        uint256 key,
        Order memory order,
        uint256 chainId,
        address casino_
    ) internal pure returns (ICasino.SignedOrder memory signed) {
        signed = _packed(order);
        bytes32 structHash = keccak256(
            abi.encode(
                ORDER,
                order.player,
                order.asset,
                order.lane,
                order.sequence,
                order.game,
                order.stake,
                order.choice,
                order.rounds,
                order.stopGain,
                order.stopLoss,
                order.fee,
                order.deadline
            )
        );
        (signed.r, signed.vs) = _compact(
            key,
            _typed(_domain("Glasshouse", chainId, casino_), structHash)
        );
    }

    /// @notice The words of `contracts/types/Order.sol`, without a signature.
    function _packed(Order memory order) internal pure returns (ICasino.SignedOrder memory packed) {
        packed.head =
            uint256(uint160(order.player)) |
            (uint256(order.asset) << 160) |
            (uint256(order.lane) << 176) |
            (uint256(order.game) << 192) |
            ((order.rounds - 1) << 208) |
            (order.deadline << 224);
        packed.terms =
            uint256(uint128(order.choice)) |
            (order.stake << 128) |
            (order.fee << 168) |
            (order.sequence << 208);
        packed.stops = order.stopGain | (order.stopLoss << 64);
    }

    function _batch(
        ICasino.SignedOrder memory order
    ) internal pure returns (ICasino.SignedOrder[] memory orders) {
        orders = new ICasino.SignedOrder[](1);
        orders[0] = order;
    }

    /// @notice Carries the orders with fees to Carol.
    /// @return placed The bitmap.
    /// @return reasons Of the skipped orders, in order.
    function _carry(
        ICasino.SignedOrder[] memory orders
    ) internal returns (uint256 placed, bytes[] memory reasons) {
        vm.recordLogs();
        placed = casino.placeMany(orders, carol);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        reasons = new bytes[](orders.length);
        uint256 count;
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == ICasino.OrderSkipped.selector)
                reasons[count++] = abi.decode(logs[i].data, (bytes));
        }
    }

    function _assertCarried(ICasino.SignedOrder memory order) internal {
        (uint256 placed, bytes[] memory reasons) = _carry(_batch(order));
        assertEq(reasons[0], "");
        assertEq(placed, 1);
    }

    function _assertSkipped(ICasino.SignedOrder memory order, bytes memory reason) internal {
        (uint256 placed, bytes[] memory reasons) = _carry(_batch(order));
        assertEq(placed, 0);
        assertEq(reasons[0], reason);
    }

    /// @notice As `_assertSkipped`, where the reason names an address that a wrong digest recovers.
    function _assertUnsigned(ICasino.SignedOrder memory order) internal {
        (uint256 placed, bytes[] memory reasons) = _carry(_batch(order));
        assertEq(placed, 0);
        assertEq(bytes32(bytes4(reasons[0])), bytes32(ISessions.SignerUnknown.selector));
    }

    // -- Sessions --

    /// @notice Alice's device may bet in lane 1 in native coin for an hour, without bounds that matter.
    function _grant() internal view returns (ISessions.Terms memory) {
        return
            ISessions.Terms({
                key: device,
                asset: ETH,
                lane: 1,
                expiry: time + 1 hours,
                maxStake: 1_000_000,
                lastSequence: 1_000,
                feeTo: address(0),
                maxFee: 0,
                games: 0
            });
    }

    function _open(address player, ISessions.Terms memory terms) internal {
        vm.prank(player);
        sessions.open(player, terms, "");
    }

    /// @notice What a player signs to grant a session.
    function _grantDigest(
        address player,
        ISessions.Terms memory terms,
        uint256 nonce
    ) internal view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                SESSION,
                player,
                terms.key,
                terms.asset,
                terms.lane,
                terms.expiry,
                terms.maxStake,
                terms.lastSequence,
                terms.feeTo,
                terms.maxFee,
                terms.games,
                nonce
            )
        );
        return _typed(_domain("Glasshouse Sessions", 31_337, address(sessions)), structHash);
    }

    function _signature(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    // -- EIP-712 and EIP-2098 --

    function _domain(
        string memory name,
        uint256 chainId,
        address verifier
    ) private pure returns (bytes32) {
        return
            keccak256(
                abi.encode(DOMAIN, keccak256(bytes(name)), keccak256("1"), chainId, verifier)
            );
    }

    function _typed(bytes32 domain, bytes32 structHash) private pure returns (bytes32) {
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }

    function _compact(uint256 key, bytes32 digest) private pure returns (bytes32 r, bytes32 vs) {
        (uint8 v, bytes32 r_, bytes32 s) = vm.sign(key, digest);
        return (r_, bytes32(uint256(s) | (uint256(v - 27) << 255)));
    }
}
