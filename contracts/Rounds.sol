// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IVRFCoordinatorV2Plus} from "@chainlink/contracts/src/v0.8/vrf/dev/interfaces/IVRFCoordinatorV2Plus.sol";
import {VRFV2PlusClient} from "@chainlink/contracts/src/v0.8/vrf/dev/libraries/VRFV2PlusClient.sol";
import {Annex} from "./Annex.sol";
import {IArbSys} from "./interfaces/IArbSys.sol";
import {ICasino} from "./interfaces/ICasino.sol";
import {Ledger} from "./Ledger.sol";
import {HeadLibrary, HeadSlot} from "./types/HeadSlot.sol";
import {HouseSlot} from "./types/HouseSlot.sol";
import {RoundLibrary, RoundSlot} from "./types/RoundSlot.sol";
import {VrfSource} from "./VrfSource.sol";

/// @title Rounds: one VRF request for all bets of a block
/// @dev A round is stored at `requestId mod roundSlots`, or in the next free slot of a few: its id finds it without an
/// index, and slots whose epoch is closed are used again. Not VRFConsumerBaseV2Plus, whose coordinator can be swapped.
abstract contract Rounds is Ledger, AccessManaged {
    /// @dev `VRFV2PlusClient._argsToBytes(ExtraArgsV1({nativePayment: true}))`, encoded once.
    bytes private constant PAID_IN_NATIVE =
        hex"92fd13380000000000000000000000000000000000000000000000000000000000000001";
    uint256 private constant PROBES = 12;
    uint256 private constant MIN_ROUND_SLOTS = 64;
    uint256 private constant MAX_ROUND_SLOTS = 1 << 20;
    uint256 private constant MAX_CONFIRMATIONS = 200;
    uint256 private constant MAX_SOURCES = 127;
    address private constant ARB_SYS = address(100);

    /// @notice Slots for rounds, a power of two. A quarter of them may be taken.
    uint256 public immutable roundSlots;
    bool private immutable _onArbitrum;

    // The first source, free to read; a later one is a contract of its own, see `VrfSource`.
    address private immutable _coordinator;
    bytes32 private immutable _keyHash;
    uint256 private immutable _subscription;
    uint16 private immutable _confirmations;
    uint256 private immutable _worstPrice;

    HeadSlot internal _head;
    mapping(uint256 slot => RoundSlot) internal _rounds;

    constructor(
        uint256 roundSlots_,
        address coordinator,
        bytes32 keyHash,
        uint16 confirmations,
        uint256 worstPrice
    ) {
        if (roundSlots_ < MIN_ROUND_SLOTS)
            revert OutOfBounds("roundSlots", roundSlots_, MIN_ROUND_SLOTS);
        if (roundSlots_ > MAX_ROUND_SLOTS)
            revert OutOfBounds("roundSlots", roundSlots_, MAX_ROUND_SLOTS);
        if (roundSlots_ & (roundSlots_ - 1) != 0) revert OutOfBounds("roundSlots", roundSlots_, 2);
        roundSlots = roundSlots_;
        // One, Nova and Sepolia: there, `block.number` is about the parent chain's block.
        _onArbitrum =
            block.chainid == 42_161 ||
            block.chainid == 42_170 ||
            block.chainid == 421_614;

        _coordinator = coordinator;
        _keyHash = keyHash;
        _confirmations = confirmations;
        _worstPrice = worstPrice;
        _subscription = _subscribe(0, coordinator, keyHash, confirmations, worstPrice);
    }

    /// @notice The source's callback. Stores the word of a pending round before its deadline; ignores all else.
    /// @dev Never reverts, since a failed callback is never repeated. The tag authenticates the sender.
    function rawFulfillRandomWords(uint256 requestId, uint256[] calldata words) external {
        if (words.length == 0) return;
        uint256 tag = RoundLibrary.tagOf(requestId, msg.sender);
        for (uint256 i; i < PROBES; ++i) {
            uint256 slot = _slotAt(requestId, i);
            RoundSlot round = _rounds[slot];
            if (!round.awaits(tag)) continue;
            if (block.timestamp > round.requestedAt() + RoundLibrary.VOID_AFTER_SECONDS) return;

            _rounds[slot] = round.drawn(words[0]);

            emit RoundDrawn(requestId, words[0]);
            return;
        }
    }

    /// @inheritdoc ICasino
    function setSource(
        address coordinator,
        bytes32 keyHash,
        uint16 confirmations,
        uint256 worstPrice
    ) external restricted {
        HeadSlot head_ = _head.sourceAdded();
        if (head_.sourceId() > MAX_SOURCES)
            revert OutOfBounds("sources", head_.sourceId(), MAX_SOURCES);

        _head = head_;
        uint256 subscription = _subscribe(
            head_.sourceId(),
            coordinator,
            keyHash,
            confirmations,
            worstPrice
        );
        VrfSource made = Annex(annex).createSource(
            VrfSource.Config(
                coordinator,
                keyHash,
                subscription,
                confirmations,
                worstPrice,
                head_.rounds()
            )
        );
        assert(address(made) == _sourceAddress(head_.sourceId()));
    }

    /// @inheritdoc ICasino
    function pause(uint256 seconds_) external restricted {
        if (seconds_ > RoundLibrary.MAX_PAUSE_SECONDS)
            revert OutOfBounds("pause", seconds_, RoundLibrary.MAX_PAUSE_SECONDS);
        uint256 from = _head.pausedUntil() + RoundLibrary.PAUSE_COOL_DOWN_SECONDS;
        if (_head.pausedUntil() != 0 && block.timestamp < from) revert PauseTooSoon(from);
        _pauseUntil(block.timestamp + seconds_);
    }

    /// @inheritdoc ICasino
    function source()
        external
        view
        returns (
            address coordinator,
            bytes32 keyHash,
            uint256 subscription,
            uint16 confirmations,
            uint256 worstPrice
        )
    {
        VrfSource.Config memory s = _sourceOf(_head);
        return (s.coordinator, s.keyHash, s.subscription, s.confirmations, s.worstPrice);
    }

    /// @notice The slot of this block's round, which the first bet of the block requests.
    function _join(HouseSlot house) internal returns (HouseSlot, uint256 slot) {
        uint256 current = _blockNumber();
        // The house's copy keeps 32 bits of the block: they repeat after 34 years at 4 blocks a second.
        if (house.roundBlock() == current & type(uint32).max) return (house, house.roundSlot());
        HeadSlot head_ = _head;
        slot = head_.roundBlock() == current ? head_.roundSlot() : _open(head_, current);
        return (house.withRound(slot, current), slot);
    }

    /// @notice Marks a round void at its first refund; three in a day pause new rounds for a day.
    function _void(uint256 slot, RoundSlot round) internal {
        _rounds[slot] = round.voided();
        (HeadSlot head_, uint256 voids) = _head.voidCounted(block.timestamp);
        _head = head_;

        emit RoundVoided(slot, round.requestedAt());
        if (voids >= RoundLibrary.VOIDS_TO_PAUSE) _pauseUntil(block.timestamp + 1 days);
    }

    /// @notice Whether the round got no word in time.
    function _isVoid(RoundSlot round) internal view returns (bool) {
        return
            !round.isDrawn() &&
            (!round.isPending() ||
                block.timestamp > round.requestedAt() + RoundLibrary.VOID_AFTER_SECONDS);
    }

    function _blockNumber() internal view returns (uint256) {
        return _onArbitrum ? IArbSys(ARB_SYS).arbBlockNumber() : block.number;
    }

    function _open(HeadSlot head_, uint256 current) private returns (uint256 slot) {
        VrfSource.Config memory s = _sourceOf(head_);
        uint256 credits = _creditsToOpen(head_, s);
        uint256 requestId = IVRFCoordinatorV2Plus(s.coordinator).requestRandomWords(
            VRFV2PlusClient.RandomWordsRequest({
                keyHash: s.keyHash,
                subId: s.subscription,
                requestConfirmations: s.confirmations,
                callbackGasLimit: RoundLibrary.CALLBACK_GAS,
                numWords: 1,
                extraArgs: PAID_IN_NATIVE
            })
        );
        uint256 epoch = head_.epoch();
        slot = _freeSlot(requestId, epoch);
        _rounds[slot] = RoundLibrary.pending(
            epoch,
            RoundLibrary.tagOf(requestId, s.coordinator),
            block.timestamp
        );
        head_ = head_.requested(current, slot, credits);
        _head = head_;

        emit RoundRequested(head_.rounds(), requestId, slot);
    }

    /// @return credits Requests that the subscription still covers, at least one.
    function _creditsToOpen(
        HeadSlot head_,
        VrfSource.Config memory s
    ) private view returns (uint256 credits) {
        if (block.timestamp < head_.pausedUntil()) revert BetsPaused(head_.pausedUntil());
        if (head_.roundsOpen() >= roundSlots / 4) revert RoundsFull(roundSlots / 4);
        credits = head_.credits();
        if (credits == 0) credits = _fundedRequests(head_, s);
    }

    /// @dev Covers every request of ours that is still unfulfilled at the worst price, however old.
    function _fundedRequests(
        HeadSlot head_,
        VrfSource.Config memory s
    ) private view returns (uint256 credits) {
        (, uint96 balance, uint64 fulfilled, , ) = IVRFCoordinatorV2Plus(s.coordinator)
            .getSubscription(s.subscription);
        uint256 pending = head_.rounds() - s.firstRound - fulfilled;
        uint256 covered = balance / s.worstPrice;
        if (covered <= pending) revert RandomnessUnfunded(s.subscription);
        credits = covered - pending;
        if (credits > HeadLibrary.MAX_CREDITS) credits = HeadLibrary.MAX_CREDITS;
    }

    function _freeSlot(uint256 requestId, uint256 epoch) private view returns (uint256 slot) {
        for (uint256 i; i < PROBES; ++i) {
            slot = _slotAt(requestId, i);
            RoundSlot round = _rounds[slot];
            // Rounds of the current epoch and the one before may have bets to resolve; older ones have none.
            if (RoundSlot.unwrap(round) == 0 || round.epoch() + 1 < epoch) return slot;
        }
        revert RoundsFull(roundSlots / 4);
    }

    /// @notice Makes a subscription that the casino owns and alone consumes: nothing here can cancel or drain it.
    function _subscribe(
        uint256 sourceId,
        address coordinator,
        bytes32 keyHash,
        uint16 confirmations,
        uint256 worstPrice
    ) private returns (uint256 subscription) {
        if (coordinator.code.length == 0) revert SourceMissing(coordinator);
        if (confirmations > MAX_CONFIRMATIONS)
            revert OutOfBounds("confirmations", confirmations, MAX_CONFIRMATIONS);
        if (worstPrice == 0) revert OutOfBounds("worstPrice", worstPrice, 1);

        subscription = IVRFCoordinatorV2Plus(coordinator).createSubscription();
        IVRFCoordinatorV2Plus(coordinator).addConsumer(subscription, address(this));

        emit SourceSet(sourceId, coordinator, keyHash, subscription, confirmations, worstPrice);
    }

    function _sourceOf(HeadSlot head_) private view returns (VrfSource.Config memory) {
        if (head_.sourceId() != 0) return VrfSource(_sourceAddress(head_.sourceId())).config();
        return
            VrfSource.Config(_coordinator, _keyHash, _subscription, _confirmations, _worstPrice, 0);
    }

    /// @dev The address of the annex's n-th creation, computed where a slot for it would cost a cold read. The annex creates
    /// nothing but sources.
    function _sourceAddress(uint256 sourceId) private view returns (address) {
        // RLP of (address, nonce) for a nonce below 128.
        return
            address(
                uint160(uint256(keccak256(abi.encodePacked(hex"d694", annex, uint8(sourceId)))))
            );
    }

    function _slotAt(uint256 requestId, uint256 probe) private view returns (uint256) {
        unchecked {
            return (requestId + probe) & (roundSlots - 1);
        }
    }

    /// @dev Never shortens a pause.
    function _pauseUntil(uint256 until) private {
        if (until <= _head.pausedUntil()) return;
        _head = _head.paused(until);

        emit Paused(until, msg.sender);
    }
}
