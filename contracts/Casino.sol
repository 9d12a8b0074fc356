// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {House} from "./House.sol";
import {ICasino} from "./interfaces/ICasino.sol";
import {IGame} from "./interfaces/IGame.sol";
import {Rounds} from "./Rounds.sol";
import {Float16} from "./types/Float16.sol";
import {HouseLibrary, HouseSlot} from "./types/HouseSlot.sol";
import {Lane, LaneLibrary} from "./types/Lane.sol";
import {Listing} from "./types/Listing.sol";
import {RoundSlot} from "./types/RoundSlot.sol";

/// @title Casino: the bets
/// @dev Ledger has the balances, Rounds the randomness, House the bankrolls and terms; here a bet goes through them.
/// Slots are read once, changed in memory and written once.
contract Casino is House {
    uint256 private constant WAD = 1e18;
    /// Bets with a lower or a higher RTP are refused, whatever is listed.
    uint256 private constant RTP_FLOOR = 0.8e18;
    uint256 private constant RTP_CEILING = 0.9999e18;
    /// Left over for the casino's own work once a game has run with its whole stipend, its cold address included.
    uint256 private constant GAS_AROUND_GAME = 6_000;

    /// @param authority The AccessManager of the governance functions.
    /// @param roundSlots_ Slots for rounds; at least four times the rounds of two epochs.
    /// @param epochSeconds_ How long an epoch of the bankrolls takes at the least.
    constructor(address authority, uint256 roundSlots_, uint256 epochSeconds_)
        AccessManaged(authority)
        Rounds(roundSlots_)
        House(epochSeconds_)
    {}

    /// @inheritdoc ICasino
    function place(uint16 asset, uint16 lane, uint16 game, uint256 stake, bytes16 choice)
        external
        nonReentrant
        returns (uint256 betId)
    {
        HouseSlot house = _listedHouse(asset);
        uint256 key = LaneLibrary.key(msg.sender, asset, lane);
        Lane stored = _lanes[key];
        uint256 credit;
        if (stored.isOpen()) {
            uint256 previous = (key << 64) | stored.sequence();
            Outcome memory outcome = _outcomeOf(previous, stored);
            if (!outcome.resolved) revert LaneBusy(previous, _deadline(stored));
            house = _resolve(previous, stored, house, outcome);
            credit = outcome.payout;
        }
        uint256 balance = lane == 0 ? stored.balance() : balanceOf(msg.sender, asset);
        Quote memory terms = _quote(_listings[_listingKey(game, asset)], house, balance + credit, asset, game, stake, choice);

        uint256 slot;
        (house, slot) = _join(house);
        uint256 reserveCode = Float16.encodeUp(terms.reserve);
        _houses[asset] = house.betOpened(terms.reserve);
        if (lane == 0) {
            stored = stored.credited(credit).debited(stake);
        } else {
            uint256 home = LaneLibrary.key(msg.sender, asset, 0);
            _lanes[home] = _lanes[home].credited(credit).debited(stake);
        }
        stored = stored.opened(stake, choice, slot, game, reserveCode, terms.feeRate);
        _lanes[key] = stored;
        betId = (key << 64) | stored.sequence();

        emit BetPlaced(betId, msg.sender, Lane.unwrap(stored));
    }

    /// @inheritdoc ICasino
    function settle(uint256 betId) external nonReentrant {
        Lane bet = _openBet(betId);
        RoundSlot round = _rounds[bet.slot()];
        if (_isVoid(round)) revert RoundVoid(betId);
        if (!round.isDrawn()) revert RoundPending(betId, _deadline(bet));

        _finish(betId, bet);
    }

    /// @inheritdoc ICasino
    function refund(uint256 betId) external nonReentrant {
        Lane bet = _openBet(betId);
        RoundSlot round = _rounds[bet.slot()];
        if (round.isDrawn()) revert RoundDrawnAlready(betId);
        if (!_isVoid(round)) revert RoundPending(betId, _deadline(bet));

        _finish(betId, bet);
    }

    /// @inheritdoc ICasino
    function settleMany(uint256[] calldata betIds) external nonReentrant {
        for (uint256 i; i < betIds.length; ++i) {
            uint256 betId = betIds[i];
            Lane bet = _lanes[betId >> 64];
            if (_isOpen(betId, bet)) _finish(betId, bet);
        }
    }

    /// @inheritdoc ICasino
    function whyNot(address player, uint16 asset, uint16 lane, uint16 game, uint256 stake, bytes16 choice)
        external
        view
        returns (bytes memory)
    {
        try this.quote(player, asset, lane, game, stake, choice) {
            return "";
        } catch (bytes memory reason) {
            return reason;
        }
    }

    /// @inheritdoc ICasino
    function quote(address player, uint16 asset, uint16 lane, uint16 game, uint256 stake, bytes16 choice)
        external
        view
        returns (Quote memory)
    {
        HouseSlot house = _listedHouse(asset);
        uint256 key = LaneLibrary.key(player, asset, lane);
        Lane stored = _lanes[key];
        uint256 credit;
        if (stored.isOpen()) {
            uint256 betId = (key << 64) | stored.sequence();
            Outcome memory outcome = _outcomeOf(betId, stored);
            if (!outcome.resolved) revert LaneBusy(betId, _deadline(stored));
            credit = outcome.payout;
            house = _applied(stored, house, outcome);
        }
        Quote memory terms = _quote(
            _listings[_listingKey(game, asset)], house, balanceOf(player, asset) + credit, asset, game, stake, choice
        );
        _checkOpening();
        return terms;
    }

    /// @inheritdoc ICasino
    function betOf(uint256 betId) external view returns (Bet memory) {
        Lane bet = _lanes[betId >> 64];
        return Bet({
            open: bet.isOpen(),
            asset: uint16(betId >> 80),
            lane: uint16(betId >> 64),
            player: address(uint160(betId >> 96)),
            game: bet.game(),
            sequence: bet.sequence(),
            stake: bet.stake(),
            choice: bet.choice(),
            reserve: bet.reserve(),
            feeRate: bet.feeRate(),
            slot: bet.slot()
        });
    }

    /// @inheritdoc ICasino
    function seedOf(uint256 word, uint256 betId) public view returns (uint256) {
        return uint256(keccak256(abi.encode(word, block.chainid, address(this), betId)));
    }

    // -- Placing --

    function _quote(
        Listing listing,
        HouseSlot house,
        uint256 balance,
        uint16 asset,
        uint16 game,
        uint256 stake,
        bytes16 choice
    ) private pure returns (Quote memory terms) {
        if (!listing.isListed()) revert GameNotListed(game, asset);
        if (stake == 0) revert AmountZero();
        if (stake < listing.minStake()) revert StakeBelowLimit(stake, listing.minStake());
        if (stake > balance) revert BalanceTooLow(balance, stake);
        if (choice << 56 != 0) revert ChoiceTooWide(choice);
        (uint256 maxMultiplier, uint256 rtp, uint256 variance) = IGame(listing.rules()).odds(choice);
        if (rtp < RTP_FLOOR || rtp > RTP_CEILING || variance == 0) revert OddsOutOfBounds(rtp);

        uint256 edge = WAD - rtp;
        terms.maxStake = _min(
            listing.maxStake(), house.bankroll() * listing.kellyBps() * edge / 10_000 / variance
        );
        if (stake > terms.maxStake) revert StakeAboveLimit(stake, terms.maxStake);
        terms.feeRate = _min(edge * listing.shareBps() / 1e17, LaneLibrary.MAX_FEE_RATE);
        terms.maxPayout = stake * maxMultiplier / WAD;
        // A bet that never pays more than its stake still owes its fee. Rounded up to what 16 bits can hold.
        uint256 liability = terms.maxPayout + _fee(stake, terms.feeRate);
        terms.reserve = liability > stake ? Float16.decode(Float16.encodeUp(liability - stake)) : 0;
        uint256 limit = _min(house.bankroll() * listing.capBps() / 10_000, house.bankroll() - house.reserved());
        if (terms.reserve > limit) revert LiabilityAboveLimit(terms.reserve, limit);
        if (house.openBets() == HouseLibrary.MAX_OPEN) revert OutOfBounds("openBets", house.openBets(), HouseLibrary.MAX_OPEN);
    }

    // -- Resolving --

    /// @dev What became of a bet: `payout` is its stake where it is refunded.
    struct Outcome {
        bool resolved;
        bool refunded;
        bool faulty;
        uint256 epoch;
        uint256 payout;
    }

    /// @notice Resolves an open bet for nobody in particular: a keeper, or the player.
    function _finish(uint256 betId, Lane bet) private {
        Outcome memory outcome = _outcomeOf(betId, bet);
        if (!outcome.resolved) return;
        uint16 asset = uint16(betId >> 80);

        _houses[asset] = _resolve(betId, bet, _houses[asset], outcome);
        uint256 key = betId >> 64;
        if (uint16(key) == 0) {
            _lanes[key] = bet.closed().credited(outcome.payout);
        } else {
            _lanes[key] = bet.closed();
            _credit(address(uint160(betId >> 96)), asset, outcome.payout);
        }
    }

    /// @notice Does all that the end of a bet does but the change of its lane and its house, which the caller stores.
    function _resolve(uint256 betId, Lane bet, HouseSlot house, Outcome memory outcome) private returns (HouseSlot next) {
        next = _applied(bet, house, outcome);
        if (outcome.epoch != house.epoch()) _countClosing(uint16(betId >> 80), house.bankroll(), next.bankroll());
        if (!outcome.refunded) {
            emit BetSettled(betId, outcome.payout);
            return next;
        }
        RoundSlot round = _rounds[bet.slot()];
        if (round.isPending()) _void(bet.slot(), round);

        emit BetRefunded(betId, outcome.payout, outcome.faulty);
        if (outcome.faulty) _delist(bet.game(), uint16(betId >> 80), true);
    }

    /// @notice The house after a bet's end. I3: what was reserved covers the net payout and the fee.
    function _applied(Lane bet, HouseSlot house, Outcome memory outcome) private pure returns (HouseSlot next) {
        next = house.reserveReleased(bet.reserve());
        if (outcome.epoch == house.epoch()) next = next.betClosed();
        if (outcome.refunded) return next;
        uint256 fee;
        (next, fee) = next.feeAdded(_fee(bet.stake(), bet.feeRate()));
        next = next.funded(bet.stake() - fee).drawn(outcome.payout);
    }

    function _outcomeOf(uint256 betId, Lane bet) private view returns (Outcome memory outcome) {
        RoundSlot round = _rounds[bet.slot()];
        outcome.epoch = round.epoch();
        if (round.isDrawn()) {
            outcome.resolved = true;
            (outcome.faulty, outcome.payout) = _play(betId, bet, round.word());
            outcome.refunded = outcome.faulty;
        } else if (_isVoid(round)) {
            outcome.resolved = outcome.refunded = true;
        }
        if (outcome.refunded) outcome.payout = bet.stake();
    }

    /// @notice What the game pays. Faulty is a game that fails with its whole stipend or pays above its reserve.
    /// @dev Copies one word of the answer whatever the game returns. A call passes on at most 63/64 of the gas left: less than the
    /// stipend must revert, not decide.
    function _play(uint256 betId, Lane bet, uint256 word) private view returns (bool faulty, uint256 payout) {
        uint256 stake = bet.stake();
        Listing listing = _listings[_listingKey(bet.game(), uint16(betId >> 80))];
        uint256 stipend = listing.stipend();
        address rules = listing.rules();
        bytes memory call_ = abi.encodeCall(IGame.payout, (stake, bet.choice(), seedOf(word, betId)));
        if (gasleft() < stipend + stipend / 63 + GAS_AROUND_GAME) revert GasTooLow(stipend);
        assembly ("memory-safe") {
            let success := staticcall(stipend, rules, add(call_, 32), mload(call_), 0, 32)
            payout := mload(0)
            faulty := iszero(and(success, eq(returndatasize(), 32)))
        }
        if (!faulty && payout + _fee(stake, bet.feeRate()) > stake + bet.reserve()) faulty = true;
    }

    function _openBet(uint256 betId) private view returns (Lane bet) {
        bet = _lanes[betId >> 64];
        if (!_isOpen(betId, bet)) revert BetNotOpen(betId);
    }

    function _isOpen(uint256 betId, Lane bet) private pure returns (bool) {
        return bet.isOpen() && bet.sequence() == uint64(betId);
    }

    function _deadline(Lane bet) private view returns (uint256) {
        return _rounds[bet.slot()].requestedAt() + VOID_AFTER_SECONDS;
    }

    /// @notice The operator's fee. Rounds down: the dust stays with the bankroll.
    function _fee(uint256 stake, uint256 feeRate) private pure returns (uint256) {
        return stake * feeRate / 1e5;
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
