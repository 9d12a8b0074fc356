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
    /// @param coordinator The first source of randomness, and its terms as in `setSource`.
    constructor(
        address authority,
        uint256 roundSlots_,
        uint256 epochSeconds_,
        address coordinator,
        bytes32 keyHash,
        uint16 confirmations,
        uint256 worstPrice
    )
        AccessManaged(authority)
        Rounds(roundSlots_, coordinator, keyHash, confirmations, worstPrice)
        House(epochSeconds_)
    {}

    /// @inheritdoc ICasino
    function place(
        uint16 asset,
        uint16 lane,
        uint16 game,
        uint256 stake,
        bytes16 choice
    ) external nonReentrant returns (uint256 betId) {
        HouseSlot house = _listedHouse(asset);
        uint256 key = LaneLibrary.key(msg.sender, asset, lane);
        Lane stored = _lanes[key];
        uint256 credit;
        if (stored.isOpen()) {
            betId = (key << 64) | stored.sequence();
            Outcome outcome;
            uint256 epoch;
            (outcome, credit, epoch) = _outcomeOf(betId, stored);
            if (outcome == Outcome.Unresolved) revert LaneBusy(betId, _deadline(stored));
            house = _resolve(betId, stored, house, outcome, credit, epoch);
        }
        uint256 balance = (lane == 0 ? stored.balance() : balanceOf(msg.sender, asset)) + credit;
        (uint256 reserveCode, uint256 feeRate, , ) = _terms(
            house,
            balance,
            asset,
            game,
            stake,
            choice
        );

        uint256 slot;
        (house, slot) = _join(house);
        _houses[asset] = house.betOpened(Float16.decode(reserveCode));
        if (lane == 0) {
            stored = stored.credited(credit).debited(stake);
        } else {
            uint256 home = LaneLibrary.key(msg.sender, asset, 0);
            _lanes[home] = _lanes[home].credited(credit).debited(stake);
        }
        stored = stored.opened(stake, choice, slot, game, reserveCode, feeRate);
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
    function whyNot(
        address player,
        uint16 asset,
        uint16 lane,
        uint16 game,
        uint256 stake,
        bytes16 choice
    ) external view returns (bytes memory) {
        try this.quote(player, asset, lane, game, stake, choice) {
            return "";
        } catch (bytes memory reason) {
            return reason;
        }
    }

    /// @inheritdoc ICasino
    function quote(
        address player,
        uint16 asset,
        uint16 lane,
        uint16 game,
        uint256 stake,
        bytes16 choice
    ) external view returns (Quote memory) {
        HouseSlot house = _listedHouse(asset);
        uint256 key = LaneLibrary.key(player, asset, lane);
        Lane stored = _lanes[key];
        uint256 credit;
        bool voiding;
        if (stored.isOpen()) {
            uint256 betId = (key << 64) | stored.sequence();
            Outcome outcome;
            uint256 epoch;
            (outcome, credit, epoch) = _outcomeOf(betId, stored);
            if (outcome == Outcome.Unresolved) revert LaneBusy(betId, _deadline(stored));
            // Settling a faulty game's bet would delist it before this bet could be placed.
            if (outcome == Outcome.Faulty && stored.game() == game)
                revert GameNotListed(game, asset);
            voiding = _rounds[stored.slot()].isPending();
            house = _applied(stored, house, outcome, credit, epoch);
        }
        (uint256 reserveCode, uint256 feeRate, uint256 maxPayout, uint256 maxStake) = _terms(
            house,
            balanceOf(player, asset) + credit,
            asset,
            game,
            stake,
            choice
        );
        _checkOpening(voiding);
        return Quote(maxPayout, Float16.decode(reserveCode), feeRate, maxStake);
    }

    /// @inheritdoc ICasino
    function betOf(uint256 betId) external view returns (Bet memory) {
        Lane bet = _lanes[betId >> 64];
        return
            Bet({
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

    /// @notice The terms of a bet that is about to be placed, or why it can't be.
    /// @return reserveCode What the house reserves beyond the stake: rounded up to what 16 bits can hold.
    /// @return feeRate The operator's fee, 1e-5 of the stake.
    function _terms(
        HouseSlot house,
        uint256 balance,
        uint16 asset,
        uint16 game,
        uint256 stake,
        bytes16 choice
    )
        private
        view
        returns (uint256 reserveCode, uint256 feeRate, uint256 maxPayout, uint256 maxStake)
    {
        Listing listing = _listings[_listingKey(game, asset)];
        if (!listing.isListed()) revert GameNotListed(game, asset);
        if (stake == 0) revert AmountZero();
        if (stake < listing.minStake()) revert StakeBelowLimit(stake, listing.minStake());
        if (stake > balance) revert BalanceTooLow(balance, stake);
        if (choice << 56 != 0) revert ChoiceTooWide(choice);
        (uint256 maxMultiplier, uint256 rtp, uint256 variance) = IGame(listing.rules()).odds(
            choice
        );
        if (rtp < RTP_FLOOR || rtp > RTP_CEILING || variance == 0) revert OddsOutOfBounds(rtp);
        // Checked: the game answers it.
        maxPayout = (stake * maxMultiplier) / WAD;

        // Of listed ranges: bankroll 2^56, Kelly 2^13, edge 2^60, stake 2^40.
        unchecked {
            uint256 bankroll = house.bankroll();
            uint256 edge = WAD - rtp;
            maxStake = _min(
                listing.maxStake(),
                (bankroll * listing.kellyBps() * edge) / 10_000 / variance
            );
            if (stake > maxStake) revert StakeAboveLimit(stake, maxStake);
            feeRate = _min((edge * listing.shareBps()) / 1e17, LaneLibrary.MAX_FEE_RATE);
            // A bet that never pays more than its stake still owes its fee.
            uint256 liability = maxPayout + _fee(stake, feeRate);
            if (liability > stake) {
                uint256 limit = _min(
                    (bankroll * listing.capBps()) / 10_000,
                    bankroll - house.reserved()
                );
                if (liability - stake > limit) revert LiabilityAboveLimit(liability - stake, limit);
                reserveCode = Float16.encodeUp(liability - stake);
                if (Float16.decode(reserveCode) > limit)
                    revert LiabilityAboveLimit(Float16.decode(reserveCode), limit);
            }
        }
        if (house.openBets() == HouseLibrary.MAX_OPEN)
            revert OutOfBounds("openBets", house.openBets(), HouseLibrary.MAX_OPEN);
    }

    // -- Resolving --

    enum Outcome {
        Unresolved,
        Settled,
        Void,
        Faulty
    }

    /// @notice Resolves an open bet, for a keeper or for the player.
    function _finish(uint256 betId, Lane bet) private {
        (Outcome outcome, uint256 payout, uint256 epoch) = _outcomeOf(betId, bet);
        if (outcome == Outcome.Unresolved) return;
        uint16 asset = uint16(betId >> 80);

        _houses[asset] = _resolve(betId, bet, _houses[asset], outcome, payout, epoch);
        uint256 key = betId >> 64;
        if (uint16(key) == 0) {
            _lanes[key] = bet.closed().credited(payout);
        } else {
            _lanes[key] = bet.closed();
            _credit(address(uint160(betId >> 96)), asset, payout);
        }
    }

    /// @notice Does all that the end of a bet does but the change of its lane and its house, which the caller stores.
    function _resolve(
        uint256 betId,
        Lane bet,
        HouseSlot house,
        Outcome outcome,
        uint256 payout,
        uint256 epoch
    ) private returns (HouseSlot next) {
        next = _applied(bet, house, outcome, payout, epoch);
        if (epoch != house.epoch())
            _countClosing(uint16(betId >> 80), house.bankroll(), next.bankroll());
        if (outcome == Outcome.Settled) {
            emit BetSettled(betId, payout);
            return next;
        }
        RoundSlot round = _rounds[bet.slot()];
        if (round.isPending()) _void(bet.slot(), round);

        emit BetRefunded(betId, payout, outcome == Outcome.Faulty);
        if (outcome == Outcome.Faulty) _delist(bet.game(), uint16(betId >> 80), true);
    }

    /// @notice The house after a bet's end. I3: what was reserved covers the net payout and the fee.
    function _applied(
        Lane bet,
        HouseSlot house,
        Outcome outcome,
        uint256 payout,
        uint256 epoch
    ) private pure returns (HouseSlot next) {
        next = house.reserveReleased(bet.reserve());
        if (epoch == house.epoch()) next = next.betClosed();
        if (outcome != Outcome.Settled) return next;
        uint256 stake = bet.stake();
        uint256 fee;
        (next, fee) = next.feeAdded(_fee(stake, bet.feeRate()));
        unchecked {
            next = next.funded(stake - fee).drawn(payout);
        }
    }

    /// @return outcome Void or faulty bets pay their stake back.
    /// @return payout Units, the stake included.
    /// @return epoch The epoch that the bet counts for: its request's.
    function _outcomeOf(
        uint256 betId,
        Lane bet
    ) private view returns (Outcome outcome, uint256 payout, uint256 epoch) {
        RoundSlot round = _rounds[bet.slot()];
        epoch = round.epoch();
        if (round.isDrawn()) {
            outcome = Outcome.Settled;
            bool faulty;
            (faulty, payout) = _play(betId, bet, round.word());
            if (!faulty) return (outcome, payout, epoch);
            outcome = Outcome.Faulty;
        } else if (_isVoid(round)) {
            outcome = Outcome.Void;
        }
        payout = bet.stake();
    }

    /// @notice What the game pays. Faulty is a game that fails with its whole stipend or pays above its reserve.
    /// @dev Copies one word of the answer whatever the game returns. A call passes on at most 63/64 of the gas left: less
    /// than the stipend must revert, not decide.
    function _play(
        uint256 betId,
        Lane bet,
        uint256 word
    ) private view returns (bool faulty, uint256 payout) {
        uint256 stake = bet.stake();
        Listing listing = _listings[_listingKey(bet.game(), uint16(betId >> 80))];
        uint256 stipend = listing.stipend();
        address rules = listing.rules();
        bytes memory call_ = abi.encodeCall(
            IGame.payout,
            (stake, bet.choice(), seedOf(word, betId))
        );
        unchecked {
            if (gasleft() < stipend + stipend / 63 + GAS_AROUND_GAME) revert GasTooLow(stipend);
        }
        assembly ("memory-safe") {
            let success := staticcall(stipend, rules, add(call_, 32), mload(call_), 0, 32)
            payout := mload(0)
            faulty := iszero(and(success, eq(returndatasize(), 32)))
        }
        unchecked {
            // The reserve includes the fee, and more where 16 bits rounded it up.
            if (payout > stake + bet.reserve() - _fee(stake, bet.feeRate())) faulty = true;
        }
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
        unchecked {
            return (stake * feeRate) / 1e5;
        }
    }

    function _min(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
