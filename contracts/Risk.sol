// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {House} from "./House.sol";
import {IGame} from "./interfaces/IGame.sol";
import {Float16} from "./types/Float16.sol";
import {GameBook} from "./types/GameBook.sol";
import {HouseLibrary, HouseSlot} from "./types/HouseSlot.sol";
import {Lane, LaneLibrary} from "./types/Lane.sol";
import {Listing, ListingLibrary} from "./types/Listing.sol";

/// @title Risk: what the house bears of a bet
/// @dev What can be refused is refused by an answer, not by a revert: one bad order must not cost a batch the others.
abstract contract Risk is House {
    uint256 private constant WAD = 1e18;
    /// Bets with a lower or a higher RTP are refused, whatever is listed.
    uint256 private constant RTP_FLOOR = 0.8e18;
    uint256 private constant RTP_CEILING = 0.9999e18;
    uint256 private constant MAX_ROUNDS = 1_000;
    /// What the bets of one round, and all open bets, may win of the bankroll.
    uint256 private constant ROUND_CAP = HouseLibrary.SHARES / 5;
    uint256 private constant TOTAL_CAP_BPS = 6_000;
    /// Below its mark by these, the bankroll takes half the stakes, or none.
    uint256 private constant LOWER_BPS = 1_000;
    uint256 private constant HALT_BPS = 2_500;
    /// A bet counts in its game's book if its reserve is above this part of the bankroll.
    uint256 private constant COUNTED_SHIFT = 12;
    uint256 private constant RAMP_SECONDS = 30 days;
    /// Left over for the casino's own work once a game has run with its whole stipend, its cold address included.
    uint256 internal constant GAS_AROUND_GAME = 6_000;

    /// @notice What a bet is placed with.
    struct Placement {
        /// Of the lane, see `LaneLibrary.key`; the caller sets it, and the fee.
        uint256 key;
        /// Units that the player pays beyond the stakes.
        uint256 fee;
        uint256 escrow;
        uint256 maxPayout;
        uint256 maxStake;
        /// Units; and as the lane keeps it.
        uint256 reserve;
        uint256 reserveCode;
        uint256 feeRate;
        /// Of the round's cap.
        uint256 share;
        bool counted;
        bool growing;
    }

    /// @notice Puts the terms of a bet that is about to be placed into `placement`, or says why it can't be.
    function _check(
        HouseSlot house,
        Lane home,
        Wager memory wager,
        Placement memory placement
    ) internal view returns (bytes memory refusal) {
        Listing listing = _listings[_listingKey(wager.game, wager.asset)];
        uint256 stake = wager.stake;
        if (!listing.isListed()) return _refused(GameNotListed.selector, wager.game, wager.asset);
        if (stake == 0) return _refused(AmountZero.selector);
        if (stake < listing.minStake())
            return _refused(StakeBelowLimit.selector, stake, listing.minStake());
        placement.maxStake = listing.maxStake();
        if (stake > placement.maxStake)
            return _refused(StakeAboveLimit.selector, stake, placement.maxStake);
        uint256 stops = wager.stopGain | wager.stopLoss;
        if (stops > type(uint64).max) return _outOfBounds("stop", stops, type(uint64).max);
        uint256 rounds = wager.rounds;
        unchecked {
            // Of rounds that the second condition bounds, whatever the first comes to.
            if (
                listing.stipend() + (rounds - 1) * listing.roundGas() >
                    ListingLibrary.MAX_STIPEND ||
                rounds - 1 >= MAX_ROUNDS
            ) return _outOfBounds("rounds", rounds, MAX_ROUNDS);
            placement.escrow = stake * rounds;
            uint256 cost = placement.escrow + placement.fee;
            if (cost > home.balance())
                return _refused(BalanceTooLow.selector, home.balance(), cost);
        }
        uint256 edge;
        uint256 variance;
        (placement.maxPayout, edge, variance, refusal) = _odds(listing, wager);
        if (refusal.length == 0)
            refusal = _checkRisk(house, listing, wager, placement, edge, variance);
    }

    /// @notice What the game declares for the choice.
    /// @return maxPayout Units that the bet is paid at the most, all its rounds together.
    function _odds(
        Listing listing,
        Wager memory wager
    )
        private
        view
        returns (uint256 maxPayout, uint256 edge, uint256 variance, bytes memory refusal)
    {
        bytes4 selector = IGame.odds.selector;
        bytes16 choice = wager.choice;
        uint256 call_;
        assembly ("memory-safe") {
            call_ := mload(0x40)
            mstore(call_, selector)
            mstore(add(call_, 4), choice)
        }
        (uint256 size, uint256 multiplier, uint256 rtp, uint256 spread) = _ask(
            listing.rules(),
            listing.stipend(),
            call_,
            36
        );
        if (size != 96) {
            // A game refuses an illegal choice, and nothing else: whatever it says, that is the reason.
            return (
                0,
                0,
                0,
                _refused(IGame.IllegalChoice.selector, uint256(bytes32(wager.choice)))
            );
        }
        if (rtp < RTP_FLOOR || rtp > RTP_CEILING || spread == 0)
            return (0, 0, 0, _refused(OddsOutOfBounds.selector, rtp));
        if (multiplier > type(uint128).max)
            return (0, 0, 0, _outOfBounds("multiplier", multiplier, type(uint128).max));
        // Of a stake of 40 bits and at most 1,000 rounds.
        unchecked {
            uint256 once = (wager.stake * multiplier) / WAD;
            maxPayout = once * wager.rounds;
            if (wager.stopGain != 0 && once > wager.stake) {
                // The last round that is played begins below the stop.
                uint256 stopped = wager.stake * wager.rounds + wager.stopGain + once - wager.stake;
                if (stopped < maxPayout) maxPayout = stopped;
            }
            return (maxPayout, WAD - rtp, spread, refusal);
        }
    }

    /// @notice Puts what the bet reserves into `placement`, if the bankroll bears it.
    function _checkRisk(
        HouseSlot house,
        Listing listing,
        Wager memory wager,
        Placement memory placement,
        uint256 edge,
        uint256 variance
    ) private view returns (bytes memory refusal) {
        // Of listed ranges: bankroll 2^56, Kelly 2^13, edge 2^60, escrow 2^50, payout 2^178.
        unchecked {
            uint256 bankroll = house.bankroll();
            uint256 kellyBps = listing.kellyBps();
            {
                uint256 mark = house.mark();
                if (bankroll * 10_000 < mark * (10_000 - HALT_BPS))
                    return _refused(DrawdownReached.selector, bankroll, mark);
                if (bankroll * 10_000 < mark * (10_000 - LOWER_BPS)) kellyBps /= 2;
            }
            uint256 kelly = (bankroll * kellyBps * edge) / 10_000 / variance;
            if (kelly < placement.maxStake) {
                placement.maxStake = kelly;
                if (wager.stake > kelly)
                    return _refused(StakeAboveLimit.selector, wager.stake, kelly);
            }
            placement.feeRate = _min((edge * listing.shareBps()) / 1e17, LaneLibrary.MAX_FEE_RATE);
            if (house.openBets() == HouseLibrary.MAX_OPEN)
                return _outOfBounds("openBets", HouseLibrary.MAX_OPEN, HouseLibrary.MAX_OPEN);
            // A bet that never pays more than its stakes still owes its fee.
            uint256 liability = placement.maxPayout + _fee(placement.escrow, placement.feeRate);
            (placement.reserve, placement.reserveCode, placement.share) = (0, 0, 0);
            placement.counted = false;
            if (liability <= placement.escrow) return refusal;
            liability -= placement.escrow;

            uint256 limit = _min((bankroll * listing.capBps()) / 10_000, _free(house, bankroll));
            uint256 used = _isCurrentRound(house) ? house.roundShare() : 0;
            limit = _min(limit, (bankroll * (ROUND_CAP - used)) / HouseLibrary.SHARES);
            if (liability > limit) return _refused(LiabilityAboveLimit.selector, liability, limit);
            placement.reserveCode = Float16.encodeUp(liability);
            placement.reserve = liability = Float16.decode(placement.reserveCode);
            if (liability > limit) return _refused(LiabilityAboveLimit.selector, liability, limit);
            placement.share = (liability * HouseLibrary.SHARES + bankroll - 1) / bankroll;
            placement.counted = listing.isYoung() || liability > bankroll >> COUNTED_SHIFT;
            if (placement.counted) return _checkBook(wager, placement, bankroll, liability);
        }
    }

    /// @notice The game's own cap, which grows while it is young, and its loss of the day.
    function _checkBook(
        Wager memory wager,
        Placement memory placement,
        uint256 bankroll,
        uint256 liability
    ) private view returns (bytes memory refusal) {
        GameBook book = _gameBooks[_listingKey(wager.game, wager.asset)];
        unchecked {
            uint256 age = block.timestamp - book.listedAt();
            placement.growing = age < RAMP_SECONDS;
            if (!placement.growing) age = RAMP_SECONDS;
            // A tenth at first.
            uint256 limit =
                (bankroll * book.capBps() * (RAMP_SECONDS + 9 * age)) / (RAMP_SECONDS * 100_000);
            if (book.reserved() + liability > limit)
                return _refused(LiabilityAboveLimit.selector, book.reserved() + liability, limit);
            limit = (bankroll * book.lossBps()) / 10_000;
            uint256 loss = book.lossOn(block.timestamp);
            if (loss > limit) return _refused(GameLossReached.selector, loss, limit);
        }
    }

    function _countOpened(uint16 game, uint16 asset, Placement memory placement) internal {
        uint256 key = _listingKey(game, asset);
        _gameBooks[key] = _gameBooks[key].opened(placement.reserve);
        if (!placement.growing && _listings[key].isYoung()) _listings[key] = _listings[key].grown();
    }

    /// @notice Calls a game with this much gas, and copies three words of its answer, whatever it returns.
    /// @param call_ Where the call is in memory; the answer may overwrite it.
    /// @return size Bytes of the answer; 0 of a call that failed.
    /// @dev A call passes on at most 63/64 of the gas left: less than the stipend must revert, not decide.
    function _ask(
        address rules,
        uint256 stipend,
        uint256 call_,
        uint256 length
    ) internal view returns (uint256 size, uint256 a, uint256 b, uint256 c) {
        unchecked {
            if (gasleft() < stipend + stipend / 63 + GAS_AROUND_GAME) revert GasTooLow(stipend);
        }
        assembly ("memory-safe") {
            let free := mload(0x40)
            if staticcall(stipend, rules, call_, length, free, 96) {
                size := returndatasize()
                a := mload(free)
                b := mload(add(free, 32))
                c := mload(add(free, 64))
            }
        }
    }

    function _isCurrentRound(HouseSlot house) private view returns (bool) {
        return house.roundBlock() == _blockNumber() & type(uint32).max;
    }

    /// @notice What the bankroll has left for all open bets together.
    function _free(HouseSlot house, uint256 bankroll) private pure returns (uint256) {
        unchecked {
            uint256 cap = (bankroll * TOTAL_CAP_BPS) / 10_000;
            return cap > house.reserved() ? cap - house.reserved() : 0;
        }
    }

    /// @notice The operator's fee. Rounds down: the dust stays with the bankroll.
    function _fee(uint256 staked, uint256 feeRate) internal pure returns (uint256) {
        unchecked {
            return (staked * feeRate) / 1e5;
        }
    }

    function _min(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    /// @notice What the call that just failed said. One that says nothing ran out of gas: that refuses no order.
    function _reason() internal view returns (bytes memory reason) {
        assembly ("memory-safe") {
            reason := mload(0x40)
            mstore(reason, returndatasize())
            returndatacopy(add(reason, 32), 0, returndatasize())
            mstore(0x40, and(add(add(reason, 63), returndatasize()), not(31)))
        }
        if (reason.length == 0) revert GasTooLow(gasleft());
    }

    function _refused(bytes4 reason) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(reason);
    }

    function _refused(bytes4 reason, uint256 a) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(reason, a);
    }

    function _refused(bytes4 reason, uint256 a, uint256 b) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(reason, a, b);
    }

    function _outOfBounds(
        bytes32 what,
        uint256 value,
        uint256 bound
    ) internal pure returns (bytes memory) {
        return abi.encodeWithSelector(OutOfBounds.selector, what, value, bound);
    }
}
