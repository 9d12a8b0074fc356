// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IEligibility} from "./interfaces/IEligibility.sol";
import {IGame} from "./interfaces/IGame.sol";
import {ILimits} from "./interfaces/ILimits.sol";
import {Extras, ExtrasLibrary} from "./types/Extras.sol";
import {HouseSlot} from "./types/HouseSlot.sol";
import {Lane, LaneLibrary} from "./types/Lane.sol";
import {Listing, ListingLibrary} from "./types/Listing.sol";
import {Risk} from "./Risk.sol";
import {RoundLibrary, RoundSlot} from "./types/RoundSlot.sol";

/// @title Bets: the placing of a bet and its end
/// @dev Slots are read once, changed in memory and written once.
abstract contract Bets is Risk {
    /// What `Limits` takes at the most to note the end of a bet.
    uint256 private constant GAS_OF_LIMITS = 40_000;

    mapping(uint256 key => Extras) internal _extras;

    // How a bet ends; numbers, which unlike an enumeration are not checked at each reading.
    uint256 internal constant UNRESOLVED = 0;
    uint256 internal constant SETTLED = 1;
    uint256 internal constant VOID = 2;
    uint256 internal constant FAULTY = 3;

    /// @notice How a bet ends.
    struct End {
        uint256 outcome;
        /// Units that the player gets, the stakes included; of a void or faulty bet its stakes.
        uint256 payout;
        /// Units: the stakes of all rounds.
        uint256 escrow;
        /// Units: the operator's, of the rounds that were played.
        uint256 fee;
        /// How many rounds were played.
        uint256 played;
        /// Units: what the house reserved beyond the stakes.
        uint256 reserve;
        /// Whether `Limits` counts the bet, and is still to be told of its end.
        bool noted;
        /// As it was before the bet ended; its epoch is the one that the bet counts for.
        RoundSlot round;
    }

    // -- Placing --

    /// @notice Ends the lane's previous bet and places the next one.
    /// @param placement With the fee and the key of the lane, which holds `lane`; the rest is filled in, as is `end`,
    /// whatever they held.
    /// @return refusal Why not, as revert data; then the previous bet has ended all the same.
    function _placeIn(
        Lane lane,
        Wager memory wager,
        Placement memory placement,
        End memory end,
        HouseSlot house
    ) internal returns (HouseSlot, uint256 betId, bytes memory refusal) {
        uint256 key = placement.key;
        uint256 homeKey = LaneLibrary.homeOf(key);
        Lane home = key == homeKey ? lane : _lanes[homeKey];
        uint256 ended;
        end.outcome = UNRESOLVED;
        end.noted = false;
        if (lane.isOpen()) {
            betId = (key << 64) | lane.sequence();
            _endOf(betId, lane, end);
            if (end.outcome == UNRESOLVED)
                return (house, betId, _refused(LaneBusy.selector, betId, _deadline(lane)));
            house = _resolve(betId, lane, home, house, end);
            if (end.outcome == SETTLED) ended = end.payout | (end.played << 56) | (1 << 72);
            end.noted = lane.isNoted();
            lane = lane.closed();
            home = (key == homeKey ? lane : home).credited(end.payout);
        }

        refusal = _check(house, home, wager, placement);
        if (refusal.length == 0) refusal = _allowed(key, home, placement.escrow, end);
        if (refusal.length != 0) {
            if (end.outcome != UNRESOLVED) _endAlone(betId, lane, home, end, ended);
            return (house, betId, refusal);
        }

        uint256 slot;
        (house, slot) = _join(house);
        house = house.betOpened(placement.reserve, placement.share);
        unchecked {
            home = home.debited(placement.escrow + placement.fee);
        }
        if (placement.counted) _countOpened(wager.game, wager.asset, placement);
        Extras extras = _extrasOf(key, wager, placement.fee);
        lane = (key == homeKey ? home : lane).opened(
            wager.stake,
            wager.choice,
            slot,
            wager.game,
            placement.reserveCode,
            placement.feeRate,
            Extras.unwrap(extras.stored()) != 0,
            placement.counted,
            home.isGuarded()
        );
        if (key != homeKey) _lanes[homeKey] = home;
        _lanes[key] = lane;
        betId = (key << 64) | lane.sequence();

        if (Extras.unwrap(extras) != 0) emit BetExtended(betId, Extras.unwrap(extras));
        emit BetPlaced(betId, address(uint160(key >> 32)), Lane.unwrap(lane), ended);
        return (house, betId, refusal);
    }

    /// @notice Reports and stores the end of a bet that no next one follows in its lane.
    /// @param lane The bet's, closed; `home` the player's lane 0, credited.
    function _endAlone(uint256 betId, Lane lane, Lane home, End memory end, uint256 ended) private {
        uint256 key = betId >> 64;
        uint256 homeKey = LaneLibrary.homeOf(key);
        if (end.noted) _noteEnded(betId, end);
        if (ended != 0) _emitSettled(betId, ended);
        if (key != homeKey) _lanes[key] = lane;
        _lanes[homeKey] = home;
    }

    /// @notice Asks the gate, and `Limits` if the player has set any, which note the stakes and the end of the lane's
    /// previous bet, or neither.
    function _allowed(
        uint256 key,
        Lane home,
        uint256 escrow,
        End memory end
    ) private returns (bytes memory refusal) {
        address player = address(uint160(key >> 32));
        bool allowed;
        if (gate != address(0)) {
            (allowed, ) = gate.staticcall(abi.encodeCall(IEligibility.check, player));
            if (!allowed) return _reason();
        }
        if (home.isGuarded()) {
            (allowed, ) = address(limits).call(
                abi.encodeCall(
                    ILimits.notePlaced,
                    (
                        player,
                        uint16(key >> 16),
                        escrow,
                        end.noted ? end.escrow : 0,
                        end.payout,
                        end.outcome != SETTLED
                    )
                )
            );
            if (!allowed) return _reason();
        }
    }

    /// @notice What the bet has beyond its lane's slot, stored as far as it must be; 0 for a plain bet.
    function _extrasOf(
        uint256 key,
        Wager memory wager,
        uint256 fee
    ) private returns (Extras extras) {
        unchecked {
            uint256 further = wager.rounds - 1;
            if ((uint256(uint128(wager.choice)) << 184) | further | fee == 0) return extras;
            extras = ExtrasLibrary.pack(wager.choice, further, wager.stopGain, wager.stopLoss, fee);
            if (Extras.unwrap(extras.stored()) != 0) _extras[key] = extras.stored();
        }
    }

    // -- Resolving --

    /// @notice Ends an open bet that can end, for a keeper or for the player.
    function _finish(
        uint256 betId,
        Lane bet,
        HouseSlot house,
        End memory end
    ) internal returns (HouseSlot) {
        uint256 key = betId >> 64;
        uint256 homeKey = LaneLibrary.homeOf(key);
        Lane home = key == homeKey ? bet : _lanes[homeKey];
        house = _resolve(betId, bet, home, house, end);
        if (bet.isNoted()) _noteEnded(betId, end);
        if (key == homeKey) {
            home = bet.closed();
        } else {
            _lanes[key] = bet.closed();
        }
        _lanes[homeKey] = home.credited(end.payout);
        if (end.outcome == SETTLED) _emitSettled(betId, end.payout | (end.played << 56));
        return house;
    }

    /// @notice Does all that the end of a bet does but the change of its lanes and its house, which the caller stores,
    /// and the note to `Limits`.
    function _resolve(
        uint256 betId,
        Lane bet,
        Lane home,
        HouseSlot house,
        End memory end
    ) private returns (HouseSlot next) {
        uint16 asset = uint16(betId >> 80);
        uint256 fee;
        (next, fee) = _applied(house, end);
        if (!house.isCurrent(end.round.epoch()))
            _countClosing(asset, house.bankroll(), next.bankroll());
        if (bet.isCounted()) {
            uint256 bookKey = _listingKey(bet.game(), asset);
            _gameBooks[bookKey] = _gameBooks[bookKey].closed(
                end.reserve,
                end.outcome == SETTLED ? end.payout : 0,
                end.outcome == SETTLED ? end.escrow : 0,
                block.timestamp
            );
        }
        if (home.isReferred() && fee != 0) next = _accrue(betId >> 80, next, fee);
        if (end.outcome == SETTLED) return next;
        if (end.round.isPending()) _void(bet.slot(), end.round);

        emit BetRefunded(betId, end.payout, end.outcome == FAULTY);
        if (end.outcome == FAULTY) _delist(bet.game(), asset, true);
    }

    function _emitSettled(uint256 betId, uint256 ended) private {
        uint256 played = (ended >> 56) & 0xffff;
        if (played != 1) emit RoundsPlayed(betId, played);
        emit BetSettled(betId, ended & LaneLibrary.MAX_AMOUNT);
    }

    /// @notice The house after a bet's end. I3: what was reserved covers the net payout and the fee.
    function _applied(
        HouseSlot house,
        End memory end
    ) private pure returns (HouseSlot next, uint256 fee) {
        next = house.reserveReleased(end.reserve);
        if (house.isCurrent(end.round.epoch())) next = next.betClosed();
        if (end.outcome != SETTLED) return (next, 0);
        (next, fee) = next.feeAdded(end.fee);
        unchecked {
            next = next.funded(end.escrow - fee).drawn(end.payout);
        }
    }

    /// @notice Puts into `end` how the bet ends now.
    function _endOf(uint256 betId, Lane bet, End memory end) internal view {
        RoundSlot round = _rounds[bet.slot()];
        end.round = round;
        end.reserve = bet.reserve();
        Extras extras = bet.isExtended() ? _extras[betId >> 64] : Extras.wrap(0);
        unchecked {
            end.escrow = bet.stake() * extras.rounds();
        }
        if (round.isDrawn()) {
            if (_play(betId, bet, extras, round.word(), end)) {
                end.outcome = SETTLED;
                return;
            }
            end.outcome = FAULTY;
        } else {
            end.outcome = _isVoid(round) ? VOID : UNRESOLVED;
        }
        end.payout = end.escrow;
    }

    /// @notice Puts what the game pays into `end`, with the rounds played and their fee.
    /// @return sound False where the game failed with its whole stipend or pays above its reserve.
    function _play(
        uint256 betId,
        Lane bet,
        Extras extras,
        uint256 word,
        End memory end
    ) private view returns (bool sound) {
        Listing listing = _listings[_listingKey(bet.game(), uint16(betId >> 80))];
        uint256 stake = bet.stake();
        uint256 rounds = extras.rounds();
        bytes16 choice = extras.choice(bet.choice());
        uint256 size;
        uint256 paid;
        uint256 played = 1;
        unchecked {
            uint256 seed = _seedOf(word, betId);
            if (rounds == 1) {
                bytes4 selector = IGame.payout.selector;
                uint256 call_;
                assembly ("memory-safe") {
                    call_ := mload(0x40)
                    mstore(call_, selector)
                    mstore(add(call_, 4), stake)
                    mstore(add(call_, 36), choice)
                    mstore(add(call_, 68), seed)
                }
                (size, paid, , ) = _ask(listing.rules(), listing.stipend(), call_, 100);
                sound = size == 32;
            } else {
                (size, paid, played) = _askForAll(listing, extras, stake, choice, seed);
                sound = size == 64 && played != 0 && played <= rounds;
            }
            end.fee = _fee(played * stake, bet.feeRate());
            // The reserve includes the fee, and more where 16 bits rounded it up.
            uint256 most = end.reserve + end.escrow - end.fee;
            uint256 unplayed = (rounds - played) * stake;
            if (!sound || paid > most || paid + unplayed > most) return false;
            (end.payout, end.played) = (paid + unplayed, played);
        }
    }

    function _askForAll(
        Listing listing,
        Extras extras,
        uint256 stake,
        bytes16 choice,
        uint256 seed
    ) private view returns (uint256 size, uint256 paid, uint256 played) {
        uint256 rounds = extras.rounds();
        bytes memory encoded = abi.encodeCall(
            IGame.payouts,
            (stake, choice, seed, rounds, extras.stopGain(), extras.stopLoss())
        );
        uint256 call_;
        assembly ("memory-safe") {
            call_ := add(encoded, 32)
        }
        unchecked {
            (size, paid, played, ) = _ask(
                listing.rules(),
                // Rounds were refused above it; a raise of the terms must not lift a bet's gas above any transaction's.
                _min(
                    listing.stipend() + (rounds - 1) * listing.roundGas(),
                    ListingLibrary.MAX_STIPEND
                ),
                call_,
                encoded.length
            );
        }
    }

    /// @dev `Limits` never reverts; if it did, or took more than its gas, the bet ends all the same.
    function _noteEnded(uint256 betId, End memory end) private {
        unchecked {
            if (gasleft() < GAS_OF_LIMITS + GAS_OF_LIMITS / 63 + GAS_AROUND_GAME)
                revert GasTooLow(GAS_OF_LIMITS);
        }
        try
            limits.noteEnded{gas: GAS_OF_LIMITS}(
                address(uint160(betId >> 96)),
                uint16(betId >> 80),
                end.escrow,
                end.payout,
                end.outcome != SETTLED
            )
        {} catch {}
    }

    /// @notice See `ICasinoViews.seedOf`.
    function _seedOf(uint256 word, uint256 betId) private view returns (uint256 seed) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, word)
            mstore(add(free, 32), chainid())
            mstore(add(free, 64), address())
            mstore(add(free, 96), betId)
            seed := keccak256(free, 128)
        }
    }

    function _deadline(Lane bet) internal view returns (uint256) {
        return _rounds[bet.slot()].requestedAt() + RoundLibrary.VOID_AFTER_SECONDS;
    }
}
