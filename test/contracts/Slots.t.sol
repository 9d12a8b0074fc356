// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {HeadLibrary, HeadSlot} from "../../contracts/types/HeadSlot.sol";
import {HouseLibrary, HouseSlot} from "../../contracts/types/HouseSlot.sol";
import {RoundLibrary, RoundSlot} from "../../contracts/types/RoundSlot.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Each field of the words that a bet and a round write survives the writing of every other one.
contract SlotsTest is Test {
    // -- HouseSlot --

    function test_house_changes_write_their_field_alone(
        uint256 word,
        uint256 amount,
        uint256 slot,
        uint256 number
    ) external pure {
        HouseSlot house = HouseSlot.wrap(word);
        uint256 room = (1 << 56) - 1 - house.bankroll();
        _assertHouse(
            house.funded(bound(amount, 0, room)),
            house,
            0,
            house.bankroll() + bound(amount, 0, room)
        );
        uint256 taken = bound(amount, 0, house.bankroll());
        _assertHouse(house.drawn(taken), house, 0, house.bankroll() - taken);
        taken = bound(amount, 0, house.reserved());
        _assertHouse(house.reserveReleased(taken), house, 1, house.reserved() - taken);
        taken = bound(amount, 0, house.fees());
        _assertHouse(house.feesTaken(taken), house, 2, house.fees() - taken);
        (HouseSlot charged, uint256 added) = house.feeAdded(amount);
        _assertHouse(charged, house, 2, house.fees() + added);
        assertTrue(added == amount || house.fees() + added == (1 << 40) - 1);
        if (house.openBets() > 0) _assertHouse(house.betClosed(), house, 3, house.openBets() - 1);

        slot = bound(slot, 0, (1 << 20) - 1);
        HouseSlot joined = house.withRound(slot, number);
        assertEq(joined.roundSlot(), slot);
        assertEq(joined.roundBlock(), uint32(number));
        assertEq(joined.roundShare(), 0);
        _assertEqualBesidesRound(joined, house);
    }

    function test_house_opening_a_bet_reserves_and_counts_it_and_takes_of_the_round(
        uint256 word,
        uint256 reserve,
        uint256 share
    ) external pure {
        HouseSlot house = HouseSlot.wrap(word);
        vm.assume(house.openBets() < HouseLibrary.MAX_OPEN);
        reserve = bound(reserve, 0, (1 << 56) - 1 - house.reserved());
        share = bound(share, 0, HouseLibrary.SHARES - 1 - house.roundShare());
        HouseSlot opened = house.betOpened(reserve, share);
        assertEq(opened.reserved(), house.reserved() + reserve);
        assertEq(opened.openBets(), house.openBets() + 1);
        assertEq(opened.roundShare(), house.roundShare() + share);
        // The share of the round is used up for good; what closing releases is the rest.
        assertEq(
            HouseSlot.unwrap(opened.betClosed().reserveReleased(reserve)),
            word + (share << 226)
        );
    }

    function test_house_rolls_into_an_epoch_without_bets_or_a_round(
        uint256 word,
        uint256 epoch
    ) external pure {
        epoch = bound(epoch, 0, (1 << 20) - 1);
        HouseSlot house = HouseSlot.wrap(word);
        HouseSlot next = house.rolled(epoch);
        for (uint256 i; i < 4; ++i) assertEq(next.isCurrent(epoch + i), i == 0);
        assertEq(next.openBets(), 0);
        assertEq(next.roundBlock(), 0);
        assertEq(next.roundSlot(), 0);
        assertEq(next.roundShare(), 0);
        assertEq(next.bankroll(), house.bankroll());
        assertEq(next.reserved(), house.reserved());
        assertEq(next.fees(), house.fees());
        assertEq(next.mark(), house.mark());
        assertEq(next.isListed(), house.isListed());
        assertTrue(HouseLibrary.listed(epoch).isListed());
        assertTrue(HouseLibrary.listed(epoch).isCurrent(epoch));
    }

    function test_house_keeps_a_mark_within_a_64th_below_and_nothing_else(
        uint256 word,
        uint256 mark
    ) external pure {
        mark = bound(mark, 0, (1 << 56) - 1);
        HouseSlot house = HouseSlot.wrap(word);
        HouseSlot marked = house.withMark(mark);
        assertLe(marked.mark(), mark);
        // Below 16, only 0 can be said.
        assertLe(mark - marked.mark(), mark / 64 + (mark < 1_024 ? 15 : 0));
        uint256 mask = ((uint256(1) << 12) - 1) << 243;
        assertEq(HouseSlot.unwrap(marked) & ~mask, word & ~mask);
    }

    // -- HeadSlot --

    function test_head_counts_a_request_and_keeps_the_rest(
        uint256 word,
        uint40 number,
        uint256 slot,
        uint256 credits
    ) external pure {
        HeadSlot head = _head(word);
        slot = bound(slot, 0, (1 << 20) - 1);
        credits = bound(credits, 1, HeadLibrary.MAX_CREDITS);
        HeadSlot next = head.requested(number, slot, credits);
        assertEq(next.roundBlock(), number);
        assertEq(next.roundSlot(), slot);
        assertEq(next.credits(), credits - 1);
        assertEq(next.epoch(), head.epoch());
        assertEq(next.roundsOpen(), head.roundsOpen() + 1);
        assertEq(next.rounds(), head.rounds() + 1);
        assertEq(next.pausedUntil(), head.pausedUntil());
        assertEq(HeadSlot.unwrap(next) >> 212, HeadSlot.unwrap(head) >> 212);
        HeadSlot replaced = next.sourceAdded();
        assertEq(replaced.credits(), 0);
        assertEq(replaced.sourceId(), next.sourceId() + 1);
        assertEq(
            (HeadSlot.unwrap(replaced) | ((credits - 1) << 60)) - (1 << 230),
            HeadSlot.unwrap(next)
        );
    }

    function test_head_rolls_twice_to_forget_rounds(uint256 word) external pure {
        HeadSlot head = _head(word);
        HeadSlot once = head.rolled();
        HeadSlot twice = once.rolled();
        assertEq(once.epoch(), (head.epoch() + 1) % (1 << 20));
        assertEq(once.roundBlock(), 0);
        assertEq(once.roundSlot(), 0);
        assertEq(once.roundsOpen(), (HeadSlot.unwrap(head) >> 104) & ((1 << 20) - 1));
        assertEq(twice.roundsOpen(), 0);
        assertEq(once.credits(), head.credits());
        assertEq(HeadSlot.unwrap(once) >> 144, HeadSlot.unwrap(head) >> 144);
    }

    function test_head_pauses_and_counts_voids_alone(
        uint256 word,
        uint256 until,
        uint256 day
    ) external pure {
        HeadSlot head = _head(word);
        until = bound(until, 0, (1 << 36) - 1);
        HeadSlot paused = head.paused(until);
        assertEq(paused.pausedUntil(), until);
        assertEq(
            HeadSlot.unwrap(paused) & ~(uint256((1 << 36) - 1) << 144),
            word & ~(uint256((1 << 36) - 1) << 144) & _headMask()
        );
        day = bound(day, 1, 65_534);
        uint256 voids;
        (head, voids) = head.voidCounted((day - 1) * 1 days);
        for (uint256 i = 1; i < 6; ++i) {
            (head, voids) = head.voidCounted(day * 1 days + i);
            assertEq(voids, i < 3 ? i : 3);
        }
        (head, voids) = head.voidCounted((day + 1) * 1 days);
        assertEq(voids, 1);
        uint256 mask = (1 << 212) - 1;
        assertEq(HeadSlot.unwrap(head) & mask, HeadSlot.unwrap(_head(word)) & mask);
    }

    // -- RoundSlot --

    function test_round_keeps_its_epoch_from_request_to_word_or_void(
        uint256 epoch,
        uint256 requestId,
        address source,
        uint40 at,
        uint256 word
    ) external pure {
        epoch = bound(epoch, 0, (1 << 24) - 1);
        uint256 tag = RoundLibrary.tagOf(requestId, source);
        RoundSlot round = RoundLibrary.pending(epoch, tag, at);
        assertTrue(round.isPending() && round.awaits(tag) && !round.awaits(tag ^ 1));
        assertEq(round.epoch(), epoch);
        assertEq(round.requestedAt(), at);
        RoundSlot drawn = round.drawn(word);
        assertTrue(drawn.isDrawn() && !drawn.awaits(tag));
        assertEq(drawn.epoch(), epoch);
        assertEq(drawn.word(), uint256(uint224(word)));
        RoundSlot voided = round.voided();
        assertTrue(voided.state() == ICasino.RoundState.Void && !voided.awaits(tag));
        assertEq(voided.epoch(), epoch);
        assertEq(voided.requestedAt(), at);
    }

    // -- Helpers --

    /// @dev Fields that count are kept from their last value, beyond which the casino never lets them grow.
    function _head(uint256 word) private pure returns (HeadSlot) {
        return HeadSlot.wrap(word & _headMask());
    }

    function _headMask() private pure returns (uint256) {
        return
            ~((uint256(1) << 123) |
                (uint256(1) << 143) |
                (uint256(1) << 211) |
                (uint256(0x7ffff) << 237));
    }

    function _assertHouse(
        HouseSlot changed,
        HouseSlot house,
        uint256 field,
        uint256 value
    ) private pure {
        assertEq(changed.bankroll(), field == 0 ? value : house.bankroll());
        assertEq(changed.reserved(), field == 1 ? value : house.reserved());
        assertEq(changed.fees(), field == 2 ? value : house.fees());
        assertEq(changed.openBets(), field == 3 ? value : house.openBets());
        assertEq(HouseSlot.unwrap(changed) >> 172, HouseSlot.unwrap(house) >> 172);
    }

    function _assertEqualBesidesRound(HouseSlot a, HouseSlot b) private pure {
        uint256 mask = ((uint256(1) << 69) - 1) << 174;
        assertEq(HouseSlot.unwrap(a) & ~mask, HouseSlot.unwrap(b) & ~mask);
    }
}
