// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Keno} from "../../contracts/games/Keno.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Tables of its own: the rules hold for any. `test/vectors` holds rows of the tables in service.
contract KenoTest is Test {
    uint256 private constant WAD = 1e18;
    uint256 private constant MAX_STAKE = (1 << 40) - 1;
    uint256 private constant DRAWS = 847_660_528;

    Keno private keno;
    uint256[] private tables;
    /// Pascal's triangle: another way to the counts than the contract's.
    uint256[41][41] private pascal;

    function setUp() external {
        for (uint256 n; n <= 40; ++n) {
            pascal[n][0] = 1;
            for (uint256 k = 1; k <= n; ++k) pascal[n][k] = pascal[n - 1][k - 1] + pascal[n - 1][k];
        }
        assertEq(pascal[40][10], DRAWS);
        for (uint256 risk; risk < 3; ++risk) {
            for (uint256 picks = 1; picks <= 10; ++picks) tables.push(_table(risk, picks));
        }
        keno = new Keno(tables);
    }

    function test_hand_computed_draws() external view {
        // All digits are 0: number 1 is drawn, then each time the last one, which took its place.
        assertEq(_hitsOf(0), _set([1, 40, 39, 38, 37, 36, 35, 34, 33, 32]));
        // The first digit is 39: number 40 is drawn, then number 1, then as above.
        assertEq(_hitsOf(39), _set([40, 1, 39, 38, 37, 36, 35, 34, 33, 32]));
        // The digits 1, 1: number 2, then 40, which took its place; then all are 0.
        assertEq(_hitsOf(1 + 40), _set([2, 40, 1, 38, 37, 36, 35, 34, 33, 32]));
        // The tenth digit is 3: the fourth number.
        uint256 tenth = uint256(40) * 39 * 38 * 37 * 36 * 35 * 34 * 33 * 32;
        assertEq(_hitsOf(3 * tenth), _set([1, 40, 39, 38, 37, 36, 35, 34, 33, 4]));
        // The digits begin again after the last of the 40!/30! orders.
        assertEq(_hitsOf(31 * tenth), _hitsOf(0));
    }

    function test_hand_computed_payouts() external view {
        // One pick at low risk pays 3.60; the number is drawn in a quarter of all draws.
        assertEq(keno.payout(1_000, _choice(1, 0), 0), 3_600);
        assertEq(keno.payout(1_000, _choice(2, 0), 0), 0);
        assertEq(keno.payout(7, _choice(1 << 39, 0), 39), 25);
        (uint256 multiplier, uint256 rtp, uint256 variance) = keno.odds(_choice(1, 0));
        assertEq(multiplier, 3.6e18);
        assertEq(rtp, 0.9e18);
        assertEq(variance, 2.43e18);
    }

    function test_every_table_declares_what_its_counts_give() external view {
        for (uint256 table; table < 30; ++table) {
            uint256 picks = (table % 10) + 1;
            uint256[] memory pays = keno.paytable(table / 10, picks);
            uint256 draws;
            uint256 first;
            uint256 second;
            for (uint256 hits; hits <= picks; ++hits) {
                uint256 ways = pascal[picks][hits] * pascal[40 - picks][10 - hits];
                draws += ways;
                first += ways * pays[hits];
                second += ways * pays[hits] * pays[hits];
            }
            (uint256 multiplier, uint256 rtp, uint256 variance) = keno.odds(
                _choice((1 << picks) - 1, table / 10)
            );
            assertEq(draws, DRAWS);
            assertEq(multiplier, pays[picks] * 1e16);
            assertEq(rtp, (first * 1e16) / DRAWS);
            uint256 exact = (second * DRAWS - first * first) * 1e14;
            assertGe(variance * DRAWS * DRAWS, exact);
            assertLt((variance - 1) * DRAWS * DRAWS, exact);
        }
    }

    function test_any_pick_of_as_many_numbers_has_the_same_odds(
        uint256 salt,
        uint256 count
    ) external view {
        count = bound(count, 1, 10);
        (uint256 multiplier, uint256 rtp, uint256 variance) = keno.odds(
            _choice(_picks(salt, count), salt % 3)
        );
        (uint256 first, uint256 second, uint256 third) = keno.odds(
            _choice((1 << count) - 1, salt % 3)
        );
        assertTrue(multiplier == first && rtp == second && variance == third);
    }

    function test_payout_of_a_legal_choice_is_what_a_plain_shuffle_says(
        uint256 stake,
        uint256 salt,
        uint256 count,
        uint256 seed
    ) external view {
        stake = bound(stake, 0, MAX_STAKE);
        count = bound(count, 1, 10);
        uint256 picks = _picks(salt, count);
        uint256 risk = salt % 3;
        uint256 paid = keno.payout(stake, _choice(picks, risk), seed);
        uint256 hits = _countOf(_shuffled(seed) & picks);
        assertEq(paid, (stake * keno.paytable(risk, count)[hits]) / 100);
        (uint256 multiplier, , ) = keno.odds(_choice(picks, risk));
        assertLe(paid, (stake * multiplier) / WAD);
    }

    function test_illegal_choices_are_refused_by_odds_and_payout_alike(bytes16 choice) external {
        uint256 count = _countOf(uint40(bytes5(choice)));
        vm.assume(count == 0 || count > 10 || uint8(choice[5]) > 2 || choice << 48 != 0);
        _assertIllegal(choice);
    }

    function test_choices_next_to_the_legal_ones_are_refused() external {
        keno.odds(_choice((1 << 10) - 1, 2));
        _assertIllegal(_choice(0, 0));
        _assertIllegal(_choice((1 << 11) - 1, 0));
        _assertIllegal(_choice((1 << 40) - 1, 0));
        _assertIllegal(_choice(1, 3));
        _assertIllegal(_choice(1, 0) | bytes16(uint128(1) << 79));
        _assertIllegal(_choice(1, 0) | bytes16(uint128(1)));
    }

    function test_tables_can_be_read_and_their_hash_holds_them() external view {
        uint256[30] memory read = keno.paytables();
        for (uint256 table; table < 30; ++table) assertEq(read[table], tables[table]);
        assertEq(keno.tableHash(), keccak256(abi.encode(read)));
    }

    function test_tables_that_would_harm_are_refused() external {
        uint256[] memory fewer = new uint256[](29);
        vm.expectRevert(abi.encodeWithSelector(Keno.PaytableIllegal.selector, 29));
        new Keno(fewer);
        // Pays for a miss, and more than for a hit.
        _assertRefused(
            0,
            361 | (360 << 23),
            abi.encodeWithSelector(Keno.PaytableIllegal.selector, 0)
        );
        // Pays for two hits of one pick.
        _assertRefused(
            0,
            (360 << 23) | (1 << 46),
            abi.encodeWithSelector(Keno.PaytableIllegal.selector, 0)
        );
        _assertRefused(11, 0, abi.encodeWithSelector(Keno.PaytableIllegal.selector, 11));
        // 4 times a quarter is the whole stake; 3.19 times a quarter is too little.
        _assertRefused(
            20,
            400 << 23,
            abi.encodeWithSelector(Keno.ReturnOutOfBounds.selector, 20, WAD)
        );
        _assertRefused(
            20,
            319 << 23,
            abi.encodeWithSelector(Keno.ReturnOutOfBounds.selector, 20, 0.7975e18)
        );
    }

    function _assertRefused(uint256 table, uint256 packed, bytes memory refusal) private {
        uint256 kept = tables[table];
        tables[table] = packed;
        uint256[] memory changed = tables;
        vm.expectRevert(refusal);
        new Keno(changed);
        tables[table] = kept;
    }

    function _assertIllegal(bytes16 choice) private {
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        keno.odds(choice);
        vm.expectRevert(refusal);
        keno.payout(1, choice, 0);
    }

    /// @notice From half of the picks on, and from a hit more for each risk, 90% spread alike over all such draws.
    function _table(uint256 risk, uint256 picks) private view returns (uint256 packed) {
        uint256 least = (picks + 1) / 2 + risk;
        if (least > picks) least = picks;
        uint256 draws;
        for (uint256 hits = least; hits <= picks; ++hits) {
            draws += pascal[picks][hits] * pascal[40 - picks][10 - hits];
        }
        for (uint256 hits = least; hits <= picks; ++hits)
            packed |= ((90 * DRAWS) / draws) << (23 * hits);
    }

    /// @notice The numbers that a seed draws, found by betting on each alone.
    function _hitsOf(uint256 seed) private view returns (uint256 drawn) {
        for (uint256 ball; ball < 40; ++ball) {
            if (keno.payout(100, _choice(1 << ball, 0), seed) > 0) drawn |= 1 << ball;
        }
    }

    function _set(uint8[10] memory numbers) private pure returns (uint256 set) {
        for (uint256 i; i < 10; ++i) set |= 1 << (numbers[i] - 1);
    }

    /// @notice The draw as the rules tell it, on an array.
    function _shuffled(uint256 seed) private pure returns (uint256 drawn) {
        uint256[40] memory balls;
        for (uint256 i; i < 40; ++i) balls[i] = i;
        for (uint256 i; i < 10; ++i) {
            uint256 index = seed % (40 - i);
            seed /= 40 - i;
            drawn |= 1 << balls[index];
            balls[index] = balls[39 - i];
        }
    }

    function _picks(uint256 salt, uint256 count) private pure returns (uint256 picks) {
        while (_countOf(picks) < count) {
            salt = uint256(keccak256(abi.encode(salt)));
            picks |= 1 << (salt % 40);
        }
    }

    function _countOf(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits >>= 1) count += bits & 1;
    }

    function _choice(uint256 picks, uint256 risk) private pure returns (bytes16) {
        return bytes16(bytes6(uint48((picks << 8) | risk)));
    }
}
