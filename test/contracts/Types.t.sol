// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {Extras, ExtrasLibrary} from "../../contracts/types/Extras.sol";
import {Float16} from "../../contracts/types/Float16.sol";
import {GameBook} from "../../contracts/types/GameBook.sol";
import {Lane, LaneLibrary} from "../../contracts/types/Lane.sol";
import {Listing, ListingLibrary} from "../../contracts/types/Listing.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Each packed field survives the writing of every other one.
contract TypesTest is Test {
    // -- Float16 --

    function test_float_is_exact_below_2048() external pure {
        for (uint256 value; value < 2_048; ++value) {
            assertEq(Float16.decode(Float16.encodeUp(value)), value);
            assertEq(Float16.decode(Float16.encodeDown(value)), value);
        }
    }

    function test_float_codes_order_as_their_values_and_survive_a_round_trip() external pure {
        uint256 before;
        for (uint256 code; code < 1 << 16; code += code < 4_096 ? 1 : 7) {
            uint256 value = Float16.decode(code);
            if (code > 0) assertGt(value, before);
            assertEq(Float16.encodeUp(value), code);
            assertEq(Float16.encodeDown(value), code);
            before = value;
        }
        assertEq(Float16.decode(type(uint16).max), Float16.MAX);
    }

    function test_float_rounds_up_and_down_to_neighbours_within_a_1024th(
        uint256 value
    ) external pure {
        value = bound(value, 0, Float16.MAX);
        uint256 up = Float16.encodeUp(value);
        uint256 down = Float16.encodeDown(value);
        assertLe(up, type(uint16).max);
        assertLe(down, up);
        assertLe(up - down, 1);
        assertLe(Float16.decode(down), value);
        assertGe(Float16.decode(up), value);
        assertLe(Float16.decode(up) - value, value / 1_024);
        assertLe(value - Float16.decode(down), value / 1_024);
    }

    function test_float_rounding_keeps_the_order(uint256 a, uint256 b) external pure {
        a = bound(a, 0, Float16.MAX);
        b = bound(b, 0, a);
        assertLe(Float16.encodeUp(b), Float16.encodeUp(a));
        assertLe(Float16.encodeDown(b), Float16.encodeDown(a));
    }

    // -- Lane --

    function test_lane_opening_writes_each_field_and_keeps_the_balance_and_the_flags_of_the_player(
        uint256 word,
        uint40 stake,
        bytes7 choice,
        uint256 slot,
        uint256 game,
        uint16 reserveCode,
        uint256 feeRate,
        uint256 flags
    ) external pure {
        slot = bound(slot, 0, (1 << 20) - 1);
        game = bound(game, 0, (1 << 12) - 1);
        feeRate = bound(feeRate, 0, LaneLibrary.MAX_FEE_RATE);
        Lane before = Lane.wrap(word);
        Lane lane = before.opened(
            stake,
            bytes16(choice),
            slot,
            game,
            reserveCode,
            feeRate,
            flags & 1 != 0,
            flags & 2 != 0,
            flags & 4 != 0
        );

        assertEq(lane.stake(), stake);
        assertEq(bytes32(lane.choice()), bytes32(bytes16(choice)));
        assertEq(lane.slot(), slot);
        assertEq(uint256(lane.game()), game);
        assertEq(lane.reserve(), Float16.decode(reserveCode));
        assertEq(lane.feeRate(), feeRate);
        assertEq(lane.sequence(), (before.sequence() + 1) % (1 << 28));
        assertTrue(lane.isOpen());
        assertEq(lane.balance(), before.balance());
        assertEq(lane.isExtended(), flags & 1 != 0);
        assertEq(lane.isCounted(), flags & 2 != 0);
        assertEq(lane.isNoted(), flags & 4 != 0);
        // The player's flags stay.
        assertEq(Lane.unwrap(lane) >> 244, word >> 244);
        assertEq(lane.nextSequence(), (lane.sequence() + 1) % (1 << 28));
        assertFalse(lane.closed().isOpen());
        assertEq(Lane.unwrap(lane.closed()) ^ Lane.unwrap(lane), 1 << 240);
    }

    function test_lane_money_moves_nothing_but_the_balance(
        uint256 word,
        uint256 amount,
        uint256 back
    ) external pure {
        Lane lane = Lane.wrap(word);
        amount = bound(amount, 0, LaneLibrary.MAX_AMOUNT - lane.balance());
        Lane credited = lane.credited(amount);
        assertEq(credited.balance(), lane.balance() + amount);
        assertEq(Lane.unwrap(credited) >> 56, word >> 56);
        back = bound(back, 0, credited.balance());
        Lane debited = credited.debited(back);
        assertEq(debited.balance(), credited.balance() - back);
        assertEq(Lane.unwrap(debited) >> 56, word >> 56);
    }

    function test_lane_key_is_the_bet_id_without_its_sequence(
        address player,
        uint16 asset,
        uint16 lane
    ) external pure {
        assertEq(
            LaneLibrary.key(player, asset, lane) << 64,
            (uint256(uint160(player)) << 96) | (uint256(asset) << 80) | (uint256(lane) << 64)
        );
    }

    // -- Listing --

    function test_listing_keeps_terms_within_their_rounding(
        address rules,
        uint256 minStake,
        uint256 maxStake,
        uint256 gas_,
        uint256 basisPoints,
        bool young
    ) external pure {
        ICasino.Terms memory terms = _terms(minStake, maxStake, gas_, basisPoints);
        Listing listing = ListingLibrary.pack(rules, terms, young);
        assertEq(listing.rules(), rules);
        assertTrue(listing.isListed());
        assertEq(listing.isYoung(), young);
        assertGe(listing.minStake(), terms.minStake);
        assertLe(listing.maxStake(), terms.maxStake);
        assertEq(listing.stipend(), (terms.stipend / 512) * 512);
        assertEq(listing.roundGas(), (terms.roundGas / 16) * 16);
        assertEq(listing.kellyBps(), terms.kellyBps);
        assertEq(listing.capBps(), terms.capBps);
        assertEq(listing.shareBps(), terms.shareBps);
        assertFalse(listing.delisted().isListed());
        assertEq(Listing.unwrap(listing.delisted()) ^ Listing.unwrap(listing), 1 << 160);
        assertFalse(listing.grown().isYoung());
        assertEq(
            Listing.unwrap(listing.grown()) ^ Listing.unwrap(listing),
            young ? uint256(1) << 161 : 0
        );
    }

    // -- GameBook --

    function test_book_counts_what_is_reserved_and_keeps_its_terms(
        uint256 word,
        uint256 listedAt,
        uint256 cap,
        uint256 loss,
        uint256 reserve
    ) external pure {
        (listedAt, cap, loss) = (
            bound(listedAt, 0, type(uint40).max),
            bound(cap, 0, 5_000),
            bound(loss, 0, 2_000)
        );
        GameBook before = GameBook.wrap(word);
        GameBook book = before.withTerms(listedAt, cap, loss);
        assertEq(book.listedAt(), listedAt);
        assertEq(book.capBps(), cap);
        assertEq(book.lossBps(), loss);
        assertEq(GameBook.unwrap(book) & ((1 << 128) - 1), word & ((1 << 128) - 1));
        reserve = bound(reserve, 0, (1 << 56) - 1 - book.reserved());
        GameBook opened = book.opened(reserve);
        assertEq(opened.reserved(), book.reserved() + reserve);
        assertEq(GameBook.unwrap(opened) >> 56, GameBook.unwrap(book) >> 56);
    }

    function test_book_sums_the_losses_of_a_day_never_below_nothing_and_forgets_the_day_before(
        uint256 word,
        uint256 day,
        uint256 paid,
        uint256 staked
    ) external pure {
        day = bound(day, 0, 65_534);
        (paid, staked) = (bound(paid, 0, (1 << 50)), bound(staked, 0, (1 << 50)));
        GameBook book = GameBook.wrap(word & ~(((uint256(1) << 72) - 1) << 56));
        uint256 at = day * 1 days + 1 hours;
        uint256 reserve = book.reserved();
        GameBook once = book.closed(reserve / 2, paid, staked, at);
        uint256 loss = paid > staked ? paid - staked : 0;
        assertEq(once.reserved(), reserve - reserve / 2);
        assertEq(once.lossOn(at), loss);
        assertEq(once.lossOn(at + 1 days), 0);
        assertEq(GameBook.unwrap(once) >> 128, word >> 128);
        GameBook twice = once.closed(0, 1_000, 0, at + 22 hours);
        assertEq(twice.lossOn(at), loss + 1_000, "the same day");
        assertEq(twice.closed(0, 0, 1 << 51, at).lossOn(at), 0, "gains forgive losses");
        assertEq(once.closed(0, 7, 0, at + 1 days).lossOn(at + 1 days), 7, "a new day");
    }

    function test_a_book_keeps_the_most_that_it_can_of_a_loss_beyond_its_field(
        uint256 paid
    ) external pure {
        uint256 most = (1 << 56) - 1;
        paid = bound(paid, 0, 1 << 60);
        GameBook book = GameBook.wrap(uint256(7) << 128).closed(0, paid, 0, 1 hours);
        assertEq(book.lossOn(1 hours), paid < most ? paid : most);
        assertEq(GameBook.unwrap(book) >> 128, 7);
    }

    // -- Extras --

    function test_extras_keep_each_field_and_store_all_but_the_fee(
        bytes16 choice,
        uint16 further,
        uint64 stopGain,
        uint64 stopLoss,
        uint40 fee
    ) external pure {
        Extras extras = ExtrasLibrary.pack(choice, further, stopGain, stopLoss, fee);
        assertEq(Extras.unwrap(extras) >> 216, fee);
        Extras stored = extras.stored();
        assertEq(Extras.unwrap(stored) >> 216, 0);
        assertEq(bytes32(stored.choice(bytes16(bytes7(choice)))), bytes32(choice));
        assertEq(stored.rounds(), uint256(further) + 1);
        assertEq(stored.stopGain(), stopGain);
        assertEq(stored.stopLoss(), stopLoss);
    }

    // -- Helpers --

    function _terms(
        uint256 minStake,
        uint256 maxStake,
        uint256 gas_,
        uint256 basisPoints
    ) private pure returns (ICasino.Terms memory terms) {
        terms.maxStake = bound(maxStake, 0, LaneLibrary.MAX_STAKE);
        terms.minStake = bound(minStake, 0, terms.maxStake);
        terms.stipend = bound(gas_, 10_000, 4_000_000);
        terms.roundGas = bound(gas_ >> 128, 0, 100_000);
        terms.kellyBps = bound(basisPoints, 0, 5_000);
        terms.capBps = bound(basisPoints >> 64, 0, 1_000);
        terms.shareBps = bound(basisPoints >> 128, 0, 5_000);
    }
}
