// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HouseSlot, HouseLibrary} from "../../contracts/types/HouseSlot.sol";

/// @title The fields of an asset's accounting do not leak into each other, within the bounds that callers keep
contract HouseCheck {
    uint256 private constant BANKROLL = (1 << 56) - 1;
    uint256 private constant RESERVED = BANKROLL << 56;
    uint256 private constant FEES = ((1 << 40) - 1) << 112;
    uint256 private constant OPEN = ((1 << 20) - 1) << 152;
    uint256 private constant EPOCH = uint256(3) << 172;
    uint256 private constant ROUND = ((1 << 69) - 1) << 174;
    uint256 private constant SHARE = ((1 << 17) - 1) << 226;
    uint256 private constant MARK = ((1 << 12) - 1) << 243;

    function check_funding_and_drawing_move_the_bankroll_alone(
        uint256 word,
        uint256 amount
    ) external pure {
        HouseSlot house = HouseSlot.wrap(word);
        if (amount <= BANKROLL - house.bankroll()) {
            _check(word, house.funded(amount), BANKROLL);
            assert(house.funded(amount).bankroll() == house.bankroll() + amount);
        }
        if (amount <= house.bankroll()) {
            _check(word, house.drawn(amount), BANKROLL);
            assert(house.drawn(amount).bankroll() == house.bankroll() - amount);
        }
    }

    function check_a_bet_opened_reserves_and_counts_alone(
        uint256 word,
        uint256 reserve,
        uint256 share
    ) external pure {
        HouseSlot house = HouseSlot.wrap(word);
        require(house.openBets() < HouseLibrary.MAX_OPEN);
        require(reserve <= BANKROLL - house.reserved());
        require(share < HouseLibrary.SHARES && share + house.roundShare() < HouseLibrary.SHARES);
        HouseSlot opened = house.betOpened(reserve, share);
        _check(word, opened, RESERVED | OPEN | SHARE);
        assert(opened.reserved() == house.reserved() + reserve);
        assert(opened.openBets() == house.openBets() + 1);
        assert(opened.roundShare() == house.roundShare() + share);
    }

    function check_a_bet_closed_releases_what_it_reserved_and_keeps_its_share(
        uint256 word,
        uint256 reserve,
        uint256 share
    ) external pure {
        HouseSlot house = HouseSlot.wrap(word);
        require(house.openBets() < HouseLibrary.MAX_OPEN);
        require(reserve <= BANKROLL - house.reserved());
        require(share < HouseLibrary.SHARES && share + house.roundShare() < HouseLibrary.SHARES);
        HouseSlot closed = house.betOpened(reserve, share).reserveReleased(reserve).betClosed();
        _check(word, closed, SHARE);
    }

    function check_a_mark_is_written_alone_and_rounds_down(
        uint256 word,
        uint256 value
    ) external pure {
        require(value <= BANKROLL);
        HouseSlot house = HouseSlot.wrap(word).withMark(value);
        _check(word, house, MARK);
        assert(house.mark() <= value);
        // A code below 1,024 is the value itself, of which the last four bits go.
        assert(value < 1_024 || value - house.mark() <= value / 64);
    }

    function check_fees_saturate_and_move_alone(uint256 word, uint256 amount) external pure {
        HouseSlot house = HouseSlot.wrap(word);
        (HouseSlot charged, uint256 added) = house.feeAdded(amount);
        _check(word, charged, FEES);
        assert(added <= amount);
        assert(charged.fees() == house.fees() + added);
        assert(added == amount || charged.fees() == FEES >> 112);
        assert(HouseSlot.unwrap(charged.feesTaken(added)) == word);
    }

    function check_a_round_is_written_alone(
        uint256 word,
        uint256 slot,
        uint256 blockNumber
    ) external pure {
        require(slot < 1 << 20);
        HouseSlot house = HouseSlot.wrap(word).withRound(slot, blockNumber);
        _check(word, house, ROUND);
        assert(house.roundSlot() == slot);
        assert(house.roundBlock() == blockNumber % (1 << 32));
        assert(house.roundShare() == 0);
    }

    function check_rolling_forgets_bets_and_round_alone(uint256 word, uint256 epoch) external pure {
        HouseSlot house = HouseSlot.wrap(word).rolled(epoch);
        _check(word, house, OPEN | EPOCH | ROUND);
        assert(house.isCurrent(epoch) && !house.isCurrent((epoch & 3) + 1));
        assert(house.openBets() == 0 && house.roundSlot() == 0 && house.roundBlock() == 0);
    }

    /// @dev Nothing but `fields` differs.
    function _check(uint256 word, HouseSlot house, uint256 fields) private pure {
        assert((HouseSlot.unwrap(house) ^ word) & ~fields == 0);
    }
}
