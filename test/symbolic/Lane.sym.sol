// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Float16} from "../../contracts/types/Float16.sol";
import {Lane, LaneLibrary} from "../../contracts/types/Lane.sol";

/// @title The fields of a lane's slot do not leak into each other, within the bounds that callers keep
contract LaneCheck {
    uint256 private constant BALANCE = (1 << 56) - 1;
    uint256 private constant OPEN = 1 << 240;
    uint256 private constant GUARDED = 1 << 244;
    uint256 private constant REFERRED = 1 << 245;
    uint256 private constant PLAYERS = uint256(0xfff) << 244;

    function check_a_credit_moves_the_balance_alone(uint256 word, uint256 amount) external pure {
        require(amount <= BALANCE - (word & BALANCE));
        Lane lane = Lane.wrap(word).credited(amount);
        assert(lane.balance() == (word & BALANCE) + amount);
        assert(Lane.unwrap(lane) & ~BALANCE == word & ~BALANCE);
    }

    function check_a_debit_moves_the_balance_alone(uint256 word, uint256 amount) external pure {
        require(amount <= word & BALANCE);
        Lane lane = Lane.wrap(word).debited(amount);
        assert(lane.balance() == (word & BALANCE) - amount);
        assert(Lane.unwrap(lane) & ~BALANCE == word & ~BALANCE);
    }

    function check_closing_ends_the_bet_and_nothing_else(uint256 word) external pure {
        Lane lane = Lane.wrap(word).closed();
        assert(!lane.isOpen());
        assert(Lane.unwrap(lane) | OPEN == word | OPEN);
    }

    function check_opening_writes_each_field_as_given(
        uint256 word,
        uint40 stake,
        bytes7 choice,
        uint256 slot,
        uint256 game,
        uint16 reserveCode,
        uint256 feeRate
    ) external pure {
        require(slot < 1 << 20 && game < 1 << 12 && feeRate <= LaneLibrary.MAX_FEE_RATE);
        Lane before = Lane.wrap(word);
        Lane lane = before.opened(
            stake,
            choice,
            slot,
            game,
            reserveCode,
            feeRate,
            false,
            false,
            false
        );
        assert(lane.balance() == before.balance());
        assert(lane.stake() == stake);
        assert(lane.choice() == choice);
        assert(lane.slot() == slot);
        assert(lane.sequence() == (before.sequence() + 1) % (1 << 28));
        assert(lane.game() == game);
        assert(lane.reserve() == Float16.decode(reserveCode));
        assert(lane.feeRate() == feeRate);
        assert(lane.isOpen());
        assert(Lane.unwrap(lane) & PLAYERS == word & PLAYERS);
    }

    function check_opening_writes_the_flags_of_the_bet_and_keeps_those_of_the_player(
        uint256 word,
        bool extended,
        bool counted,
        bool noted
    ) external pure {
        Lane before = Lane.wrap(word);
        Lane lane = before.opened(1, bytes16(0), 0, 1, 1, 1, extended, counted, noted);
        assert(lane.isOpen());
        assert(lane.isExtended() == extended);
        assert(lane.isCounted() == counted);
        assert(lane.isNoted() == noted);
        assert(lane.isGuarded() == before.isGuarded());
        assert(lane.isReferred() == before.isReferred());
    }

    function check_a_flag_of_the_player_is_set_alone(uint256 word) external pure {
        Lane lane = Lane.wrap(word);
        assert(lane.guarded().isGuarded() && lane.referred().isReferred());
        assert(Lane.unwrap(lane.guarded()) & ~GUARDED == word & ~GUARDED);
        assert(Lane.unwrap(lane.referred()) & ~REFERRED == word & ~REFERRED);
    }

    function check_keys_tell_lanes_apart(
        address a,
        uint16 assetA,
        uint16 laneA,
        address b,
        uint16 assetB,
        uint16 laneB
    ) external pure {
        require(LaneLibrary.key(a, assetA, laneA) == LaneLibrary.key(b, assetB, laneB));
        assert(a == b && assetA == assetB && laneA == laneB);
    }
}
