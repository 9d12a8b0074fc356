// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {HeadSlot, HeadLibrary} from "../../contracts/types/HeadSlot.sol";
import {RoundSlot, RoundLibrary} from "../../contracts/types/RoundSlot.sol";

/// @title The slots of the rounds: their head, and each of them
contract RoundsCheck {
    uint256 private constant CURRENT = (1 << 60) - 1;
    uint256 private constant CREDITS = ((1 << 24) - 1) << 60;
    uint256 private constant EPOCHS = ((1 << 60) - 1) << 84;
    uint256 private constant PAUSED = ((1 << 36) - 1) << 144;
    uint256 private constant VOIDS = ((1 << 18) - 1) << 212;
    uint256 private constant SOURCE = 0xff << 230;

    function check_a_request_counts_its_round_and_spends_a_credit(
        uint256 word,
        uint40 blockNumber,
        uint256 slot,
        uint256 credits
    ) external pure {
        HeadSlot head = HeadSlot.wrap(word);
        require(slot < 1 << 20 && credits > 0 && credits <= HeadLibrary.MAX_CREDITS);
        // Rounds of an epoch fit their slots; rounds ever are fewer than 2^32.
        require((word >> 104) & 0xfffff < 0xfffff && head.rounds() < type(uint32).max);
        HeadSlot next = head.requested(blockNumber, slot, credits);
        assert(next.roundBlock() == blockNumber && next.roundSlot() == slot);
        assert(next.credits() == credits - 1);
        assert(next.rounds() == head.rounds() + 1);
        assert(next.roundsOpen() == head.roundsOpen() + 1);
        assert(next.epoch() == head.epoch() && next.pausedUntil() == head.pausedUntil());
        assert(HeadSlot.unwrap(next) >> 212 == word >> 212);
    }

    function check_a_roll_keeps_all_but_the_round_and_the_epochs(uint256 word) external pure {
        HeadSlot next = HeadSlot.wrap(word).rolled();
        _check(word, next, CURRENT | EPOCHS);
        assert(next.epoch() == (HeadSlot.wrap(word).epoch() + 1) % (1 << 20));
        assert(next.roundsOpen() == (word >> 104) & 0xfffff);
        assert(next.roundBlock() == 0 && next.roundSlot() == 0);
    }

    function check_a_pause_writes_its_field_alone(uint256 word, uint256 until) external pure {
        require(until < 1 << 36);
        HeadSlot next = HeadSlot.wrap(word).paused(until);
        _check(word, next, PAUSED);
        assert(next.pausedUntil() == until);
    }

    function check_voids_are_counted_up_to_three_alone(
        uint256 word,
        uint40 timestamp
    ) external pure {
        (HeadSlot next, uint256 voids) = HeadSlot.wrap(word).voidCounted(timestamp);
        _check(word, next, VOIDS);
        assert(voids >= 1 && voids <= 3);
        (, uint256 again) = next.voidCounted(timestamp);
        assert(again == (voids < 3 ? voids + 1 : 3));
    }

    function check_a_new_source_takes_a_number_and_no_credits(uint256 word) external pure {
        HeadSlot head = HeadSlot.wrap(word);
        require(head.sourceId() < 0xff);
        HeadSlot next = head.sourceAdded();
        _check(word, next, CREDITS | SOURCE);
        assert(next.sourceId() == head.sourceId() + 1 && next.credits() == 0);
    }

    function check_a_round_keeps_its_epoch_from_request_to_end(
        uint256 epoch,
        uint128 tag,
        uint40 requestedAt,
        uint256 word
    ) external pure {
        require(epoch < 1 << 24);
        RoundSlot round = RoundLibrary.pending(epoch, tag, requestedAt);
        assert(round.isPending() && round.awaits(tag) && round.requestedAt() == requestedAt);
        assert(round.epoch() == epoch);
        RoundSlot drawn = round.drawn(word);
        assert(drawn.isDrawn() && drawn.epoch() == epoch && drawn.word() == uint224(word));
        RoundSlot voided = round.voided();
        assert(voided.state() == ICasino.RoundState.Void && voided.epoch() == epoch);
    }

    function check_only_a_pending_round_awaits_and_only_its_own_tag(
        uint256 epoch,
        uint128 tag,
        uint128 other,
        uint40 requestedAt,
        uint256 word
    ) external pure {
        require(epoch < 1 << 24);
        RoundSlot round = RoundLibrary.pending(epoch, tag, requestedAt);
        assert(round.awaits(other) == (other == tag));
        assert(!round.drawn(word).awaits(other) && !round.voided().awaits(other));
    }

    /// @dev Nothing but `fields` differs.
    function _check(uint256 word, HeadSlot head, uint256 fields) private pure {
        assert((HeadSlot.unwrap(head) ^ word) & ~fields == 0);
    }
}
