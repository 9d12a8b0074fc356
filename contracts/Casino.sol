// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Bets} from "./Bets.sol";
import {House} from "./House.sol";
import {ICasino} from "./interfaces/ICasino.sol";
import {ISessions} from "./interfaces/ISessions.sol";
import {Ledger} from "./Ledger.sol";
import {Rounds} from "./Rounds.sol";
import {DomainLibrary} from "./types/Domain.sol";
import {HouseSlot} from "./types/HouseSlot.sol";
import {Lane, LaneLibrary} from "./types/Lane.sol";
import {OrderLibrary} from "./types/Order.sol";
import {Session} from "./types/Session.sol";

/// @title Casino: what players and keepers call
/// @dev Ledger has the balances, Rounds the randomness, House the bankrolls and terms, Bets the life
/// of a bet; here each call loads what it needs, lets the parts work on it, and stores it.
contract Casino is Bets {
    using OrderLibrary for SignedOrder;

    uint256 private constant MAX_ORDERS = 256;
    /// An order needs at least this much before its game is asked: less must not look like a bad signature.
    uint256 private constant GAS_OF_ORDER = 60_000;

    /// @inheritdoc ICasino
    mapping(uint256 laneKey => Session) public sessionAt;

    /// @param authority The AccessManager of the governance functions.
    /// @param gate_ Who may deposit and bet, see `IEligibility`; `address(0)` for anyone.
    /// @param roundSlots_ Slots for rounds; at least four times the rounds of two epochs.
    /// @param epochSeconds_ How long an epoch of the bankrolls takes at the least.
    /// @param coordinator The first source of randomness, and its terms as in `setSource`.
    constructor(
        address authority,
        address gate_,
        uint256 roundSlots_,
        uint256 epochSeconds_,
        address coordinator,
        bytes32 keyHash,
        uint16 confirmations,
        uint256 worstPrice
    )
        AccessManaged(authority)
        Ledger(gate_)
        Rounds(roundSlots_, coordinator, keyHash, confirmations, worstPrice)
        House(epochSeconds_)
    {}

    // -- Placing --

    /// @inheritdoc ICasino
    function bet(
        uint16 asset,
        uint16 lane,
        uint16 game,
        uint56 stake,
        bytes16 choice
    ) external nonReentrant returns (uint256 betId) {
        Placement memory placement;
        return _placeOwn(msg.sender, Wager(asset, lane, game, stake, choice, 1, 0, 0), placement);
    }

    /// @inheritdoc ICasino
    function placeWager(Wager calldata wager) external nonReentrant returns (uint256 betId) {
        Placement memory placement;
        return _placeOwn(msg.sender, wager, placement);
    }

    /// @inheritdoc ICasino
    function rehearse(address player, Wager calldata wager) external nonReentrant {
        Placement memory placement;
        _placeOwn(player, wager, placement);
        revert Rehearsed(
            placement.maxPayout,
            placement.reserve,
            placement.feeRate,
            placement.maxStake
        );
    }

    /// @inheritdoc ICasino
    function placeMany(
        SignedOrder[] calldata orders,
        address feeTo
    ) external nonReentrant returns (uint256 placed) {
        if (feeTo == address(0)) revert RecipientRefused(feeTo);
        if (orders.length > MAX_ORDERS) revert OutOfBounds("orders", orders.length, MAX_ORDERS);
        bytes32 domain = DomainLibrary.separator(keccak256("Glasshouse"));
        // The house of the asset that the last order was in, and the fees in it.
        uint16 asset;
        HouseSlot house = _houses[0];
        uint256 fees;
        // One of each for all orders: to make them costs more than to fill them.
        Wager memory wager;
        Placement memory placement;
        End memory end;
        // A pointer that moves on, since an index would be multiplied at each reading.
        SignedOrder calldata order;
        assembly ("memory-safe") {
            order := orders.offset
        }
        for (uint256 i; i < orders.length; ++i) {
            uint256 memory_ = _memory();
            if (gasleft() < GAS_OF_ORDER) revert GasTooLow(GAS_OF_ORDER);
            if (order.asset() != asset) {
                _store(asset, house, fees, feeTo);
                asset = order.asset();
                house = _houses[asset];
                fees = 0;
            }
            order.read(wager);
            placement.fee = order.fee();
            placement.key = order.laneKey();
            Lane lane = _lanes[placement.key];
            bytes memory refusal =
                house.isListed()
                    ? _signed(order, lane, wager, placement, feeTo, domain)
                    : _refused(AssetUnknown.selector, asset);
            if (refusal.length == 0)
                (house, , refusal) = _placeIn(lane, wager, placement, end, house);
            if (refusal.length == 0) {
                placed |= 1 << i;
                unchecked {
                    fees += placement.fee;
                }
            } else {
                emit OrderSkipped(order.player(), order.betId(), refusal);
            }
            _freeMemory(memory_);
            assembly ("memory-safe") {
                order := add(order, 160)
            }
        }
        _store(asset, house, fees, feeTo);
    }

    /// @inheritdoc ICasino
    function setSession(uint256 laneKey, Session session) external nonReentrant {
        if (msg.sender != address(sessions)) revert NotSessions(msg.sender);
        sessionAt[laneKey] = session;
    }

    // -- Resolving --

    /// @inheritdoc ICasino
    function settle(uint256 betId) external nonReentrant {
        _end(betId, false);
    }

    /// @inheritdoc ICasino
    function refund(uint256 betId) external nonReentrant {
        _end(betId, true);
    }

    /// @inheritdoc ICasino
    function settleMany(uint256[] calldata betIds) external nonReentrant {
        uint16 asset;
        HouseSlot house = _houses[0];
        End memory end;
        for (uint256 i; i < betIds.length; ++i) {
            uint256 memory_ = _memory();
            uint256 betId = betIds[i];
            Lane lane = _lanes[betId >> 64];
            if (!_isOpen(betId, lane)) continue;
            if (uint16(betId >> 80) != asset) {
                _houses[asset] = house;
                asset = uint16(betId >> 80);
                house = _houses[asset];
            }
            _endOf(betId, lane, end);
            if (end.outcome != UNRESOLVED) house = _finish(betId, lane, house, end);
            _freeMemory(memory_);
        }
        _houses[asset] = house;
    }

    // -- Parts of the above --

    function _placeOwn(
        address player,
        Wager memory wager,
        Placement memory placement
    ) private returns (uint256 betId) {
        HouseSlot house = _listedHouse(wager.asset);
        bytes memory refusal;
        placement.key = LaneLibrary.key(player, wager.asset, wager.lane);
        End memory end;
        (house, betId, refusal) = _placeIn(_lanes[placement.key], wager, placement, end, house);
        if (refusal.length != 0) {
            assembly ("memory-safe") {
                revert(add(refusal, 32), mload(refusal))
            }
        }

        _houses[wager.asset] = house;
    }

    /// @notice Why this order must not be carried out, as revert data; empty if its signer may place it.
    /// @dev A packed order whose bits exceed a field is refused here or has a digest that nobody signed.
    function _signed(
        SignedOrder calldata order,
        Lane lane,
        Wager memory wager,
        Placement memory placement,
        address feeTo,
        bytes32 domain
    ) private view returns (bytes memory refusal) {
        if (order.sequence() != lane.nextSequence())
            return _refused(SequenceMismatch.selector, order.sequence(), lane.nextSequence());
        if (block.timestamp > order.deadline())
            return _refused(OrderExpired.selector, order.deadline());
        address signer = order.signer(wager, domain);
        // `address(0)` is nobody, who can have no session either.
        if (signer == order.player() && signer != address(0)) return refusal;
        uint256 escrow;
        unchecked {
            escrow = wager.stake * wager.rounds;
        }
        Session session = sessionAt[placement.key];
        if (session.allows(signer, order.sequence(), escrow, placement.fee)) return refusal;
        (bool allowed, ) = address(sessions).staticcall(
            abi.encodeCall(
                ISessions.check,
                (
                    session,
                    order.betId(),
                    signer,
                    ISessions.Bet(wager.game, escrow, placement.fee, feeTo)
                )
            )
        );
        if (!allowed) return _reason();
    }

    /// @notice Stores the house that orders were placed in, and what their relayer gets.
    function _store(uint16 asset, HouseSlot house, uint256 fees, address feeTo) private {
        _houses[asset] = house;
        if (fees == 0) return;
        _credit(feeTo, asset, fees);

        emit RelayerPaid(feeTo, asset, fees);
    }

    /// @notice Where free memory begins: what one order or bet takes of it, the next may take again, since more of it
    /// costs more.
    function _memory() private pure returns (uint256 free) {
        assembly ("memory-safe") {
            free := mload(0x40)
        }
    }

    /// @dev Nothing that was put into memory since may be used after.
    function _freeMemory(uint256 free) private pure {
        assembly ("memory-safe") {
            mstore(0x40, free)
        }
    }

    function _end(uint256 betId, bool refunding) private {
        Lane lane = _lanes[betId >> 64];
        if (!_isOpen(betId, lane)) revert BetNotOpen(betId);
        End memory end;
        _endOf(betId, lane, end);
        if (end.outcome == UNRESOLVED) revert RoundPending(betId, _deadline(lane));
        if (refunding != (end.outcome == VOID)) {
            if (refunding) revert RoundDrawnAlready(betId);
            revert RoundVoid(betId);
        }

        uint16 asset = uint16(betId >> 80);
        _houses[asset] = _finish(betId, lane, _houses[asset], end);
    }

    function _isOpen(uint256 betId, Lane lane) private pure returns (bool) {
        return lane.isOpen() && lane.sequence() == uint64(betId);
    }
}
