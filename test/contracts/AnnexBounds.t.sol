// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Annex} from "../../contracts/Annex.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {GameBook} from "../../contracts/types/GameBook.sol";
import {Listing} from "../../contracts/types/Listing.sol";
import {VrfSource} from "../../contracts/VrfSource.sol";
import {Test} from "./fixtures/Test.sol";
import {TestToken} from "./fixtures/Tokens.sol";

/// @notice The bounds that the annex holds terms and tokens to, and words it reads, by a test that plays the casino.
contract AnnexBoundsTest is Test {
    uint256 private constant MAX_STAKE = (1 << 40) - 1;

    Annex private annex;
    mapping(uint256 slot => uint256) private words;

    function setUp() external {
        annex = new Annex();
        vm.warp(1_800_000_000);
    }

    function peek(uint256 slot) external view returns (uint256) {
        return words[slot];
    }

    // -- Terms --

    function test_terms_at_their_bounds_are_packed_and_told_as_stored() external view {
        ICasino.Terms memory most = _most();
        (Listing listing, GameBook book, ICasino.Terms memory stored) = _pack(most, 0, 0);
        assertTrue(listing.isListed() && listing.isYoung());
        assertEq(listing.rules(), address(0x6A3E));
        assertEq(book.listedAt(), 1_800_000_000);
        // Stakes keep 11 bits: the least rounds up, the largest down.
        (most.minStake, most.maxStake) = (1 << 39, 2_047 << 29);
        (most.stipend, most.roundGas) = ((most.stipend / 512) * 512, (most.roundGas / 16) * 16);
        assertEq(abi.encode(stored), abi.encode(most));
        ICasino.Terms memory least;
        least.stipend = 10_000;
        (, , stored) = _pack(least, 0, 0);
        least.stipend = 9_728;
        assertEq(abi.encode(stored), abi.encode(least));
    }

    function test_each_term_above_its_bound_is_refused() external {
        bytes32[8] memory names = [
            bytes32("maxStake"),
            "stipend",
            "roundGas",
            "kellyBps",
            "capBps",
            "shareBps",
            "gameCapBps",
            "lossBps"
        ];
        for (uint256 i; i < names.length; ++i) {
            ICasino.Terms memory terms = _most();
            // The struct's fields in their order, after the least stake.
            uint256 offset = 32 * (i + 1);
            uint256 bound_;
            assembly {
                let field := add(terms, offset)
                bound_ := mload(field)
                mstore(field, add(bound_, 1))
            }
            _refused(terms, names[i], bound_ + 1, bound_, 0);
        }
        ICasino.Terms memory over = _most();
        (over.minStake, over.maxStake) = (8, 7);
        _refused(over, "minStake", 8, 7, 0);
        over = _most();
        over.stipend = 9_999;
        _refused(over, "stipend", 9_999, 10_000, 0);
    }

    function test_gas_of_a_game_never_shrinks_and_can_stay() external {
        ICasino.Terms memory terms = _most();
        (terms.stipend, terms.roundGas) = (51_200, 1_600);
        (Listing before, , ) = _pack(terms, 0, 0);
        _pack(terms, Listing.unwrap(before), 0);
        terms.stipend = 51_199;
        _refused(terms, "stipend", 51_199, 51_200, Listing.unwrap(before));
        (terms.stipend, terms.roundGas) = (51_200, 1_599);
        _refused(terms, "roundGas", 1_599, 1_600, Listing.unwrap(before));
    }

    function test_a_game_is_young_when_it_is_new_and_as_long_as_it_was() external view {
        (Listing listing, GameBook book, ) = _pack(_most(), 0, 0);
        uint256 listedBefore = uint256(7) << 128;
        (Listing still, GameBook kept, ) = _pack(_most(), Listing.unwrap(listing), listedBefore);
        assertTrue(still.isYoung());
        assertEq(kept.listedAt(), 7);
        uint256 grown = Listing.unwrap(listing.grown());
        (still, kept, ) = _pack(_most(), grown, GameBook.unwrap(book));
        assertFalse(still.isYoung());
        assertEq(kept.listedAt(), 1_800_000_000);
        assertEq(kept.capBps(), 5_000);
        assertEq(kept.lossBps(), 2_000);
    }

    // -- Tokens and sources --

    function test_a_unit_is_a_billionth_of_a_token_or_its_smallest() external {
        uint8[7] memory decimals = [0, 8, 9, 10, 11, 18, 36];
        uint256[7] memory units = [uint256(1), 1, 1, 10, 100, 1e9, 1e27];
        for (uint256 i; i < decimals.length; ++i)
            assertEq(annex.unitOf(address(new TestToken("T", decimals[i]))), units[i]);
        address fine = address(new TestToken("T", 37));
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnfit.selector, fine));
        annex.unitOf(fine);
    }

    function test_a_source_is_created_for_the_casino_alone() external {
        VrfSource.Config memory config = VrfSource.Config(address(1), "key", 2, 3, 4, 5);
        assertEq(abi.encode(annex.createSource(config).config()), abi.encode(config));
        vm.prank(address(7));
        vm.expectRevert(abi.encodeWithSelector(ICasino.SourceMissing.selector, address(1)));
        annex.createSource(config);
    }

    // -- Words --

    function test_a_closing_is_read_field_by_field() external {
        _put(7, 4, 1 << 255);
        _put(8, 4, 0xE001 | (uint256(0xB02) << 64));
        ICasino.Books memory books = annex.houseOf(4);
        assertEq(books.closingEquity, 0xE001);
        assertEq(books.closingBets, 0xB02);
        assertFalse(books.closed);
        _put(8, 4, uint256(1) << 96);
        books = annex.houseOf(4);
        assertTrue(books.closed);
        assertEq(books.closingEquity + books.closingBets, 0);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnknown.selector, 5));
        annex.houseOf(5);
    }

    function test_games_begin_with_the_first() external {
        words[12] = 2;
        words[uint256(keccak256(abi.encode(12))) + 1] = 0x6A3E;
        assertEq(annex.gameOf(2), address(0x6A3E));
        for (uint16 game; game < 4; game += 3) {
            vm.expectRevert(abi.encodeWithSelector(ICasino.GameNotListed.selector, game, 0));
            annex.gameOf(game);
        }
    }

    function test_a_pending_round_is_read_with_its_epoch_and_time() external {
        _put(6, 9, 1 | (5 << 8) | (uint256(77) << 160));
        ICasino.Round memory round = annex.roundAt(9);
        assertTrue(round.state == ICasino.RoundState.Pending);
        assertEq(round.epoch, 5);
        assertEq(round.requestedAt, 77);
        assertEq(round.word, 0);
    }

    function test_what_an_affiliate_has_accrued_is_read_by_player_and_asset() external {
        address player = address(0xA11CE);
        _put(3, uint160(player), 0xB0B);
        _put(11, (uint256(uint160(player)) << 16) | 5, 41);
        (address affiliate, uint256 accrued) = annex.referralOf(player, 5);
        assertEq(affiliate, address(0xB0B));
        assertEq(accrued, 41);
    }

    // -- Helpers --

    function _most() private pure returns (ICasino.Terms memory) {
        return
            ICasino.Terms({
                minStake: MAX_STAKE / 2,
                maxStake: MAX_STAKE,
                stipend: 4_000_000,
                roundGas: 100_000,
                kellyBps: 5_000,
                capBps: 1_000,
                shareBps: 5_000,
                gameCapBps: 5_000,
                lossBps: 2_000
            });
    }

    function _pack(
        ICasino.Terms memory terms,
        uint256 listing,
        uint256 book
    ) private view returns (Listing, GameBook, ICasino.Terms memory) {
        return annex.pack(address(0x6A3E), terms, Listing.wrap(listing), GameBook.wrap(book));
    }

    function _refused(
        ICasino.Terms memory terms,
        bytes32 what,
        uint256 value,
        uint256 bound_,
        uint256 listing
    ) private {
        vm.expectRevert(abi.encodeWithSelector(ICasino.OutOfBounds.selector, what, value, bound_));
        annex.pack(address(0x6A3E), terms, Listing.wrap(listing), GameBook.wrap(0));
    }

    /// @notice Stores a value of a mapping.
    function _put(uint256 mapping_, uint256 key, uint256 value) private {
        words[uint256(keccak256(abi.encode(key, mapping_)))] = value;
    }
}
