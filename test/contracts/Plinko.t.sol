// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Plinko} from "../../contracts/games/Plinko.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Tables in which every bucket, number of rows and risk pays something else; all paths of short boards, and the
/// counts of Pascal's triangle for all. The tables in service are verified by both twins.
contract PlinkoTest is Test {
    uint256 private constant WAD = 1e18;
    uint256 private constant MAX_STAKE = (1 << 40) - 1;

    Plinko private plinko;

    function setUp() external {
        plinko = new Plinko(_tables());
    }

    function test_hand_computed_rows() external view {
        // Low risk, 8 rows: 98, 97, 96, 95, 94 hundredths and back.
        assertEq(plinko.payout(1_000, _choice(8, 0), 0), 980);
        assertEq(plinko.payout(1_000, _choice(8, 0), 0xff), 980);
        assertEq(plinko.payout(1_000, _choice(8, 0), 0x100), 980);
        assertEq(plinko.payout(1_000, _choice(8, 0), 0x80), 970);
        assertEq(plinko.payout(1_000, _choice(8, 0), 0xf0), 940);
        assertEq(plinko.payout(1_000, _choice(8, 0), 0xdf), 970);
        // High risk, 9 rows: the middle is two buckets.
        assertEq(plinko.payout(1_000, _choice(9, 2), 0x00f), 940);
        assertEq(plinko.payout(1_000, _choice(9, 2), 0x01f), 940);
        assertEq(plinko.payout(1_000, _choice(9, 2), 0x1ff), 1_060);
        assertEq(plinko.payout(9, _choice(9, 2), 0x1ff), 9);
    }

    function test_all_paths_of_a_short_board_return_what_is_declared() external view {
        for (uint256 rows = 8; rows <= 10; ++rows) {
            uint256 first;
            for (uint256 path; path < 1 << rows; ++path)
                first += plinko.payout(100, _choice(rows, 1), path);
            (, uint256 rtp, ) = plinko.odds(_choice(rows, 1));
            assertEq(rtp, (first * 0.01e18) >> rows);
        }
    }

    function test_every_table_declares_exact_odds() external view {
        for (uint256 rows = 8; rows <= 16; ++rows) {
            for (uint256 risk; risk < 3; ++risk) {
                uint256[] memory table = plinko.table(_choice(rows, risk));
                uint256[] memory paths = _pascal(rows);
                assertEq(table.length, rows + 1);
                uint256 first;
                uint256 second;
                for (uint256 bucket; bucket <= rows; ++bucket) {
                    first += paths[bucket] * table[bucket];
                    second += paths[bucket] * table[bucket] * table[bucket];
                }
                (uint256 multiplier, uint256 rtp, uint256 variance) = plinko.odds(
                    _choice(rows, risk)
                );
                uint256 space = 2 ** rows;
                assertEq(multiplier, table[0] * 0.01e18);
                assertEq(rtp, (first * 0.01e18) / space);
                uint256 numerator = (second * space - first * first) * 1e14;
                assertEq(variance, (numerator + space * space - 1) / (space * space));
            }
        }
    }

    function test_a_payout_is_that_of_the_bucket_where_the_path_ends(
        uint256 stake,
        uint256 rows,
        uint256 risk,
        uint256 seed
    ) external view {
        stake = bound(stake, 0, MAX_STAKE);
        rows = bound(rows, 8, 16);
        risk = bound(risk, 0, 2);
        uint256 bucket;
        for (uint256 row; row < rows; ++row) if ((seed >> row) % 2 == 1) ++bucket;
        uint256 hundredths = plinko.table(_choice(rows, risk))[bucket];
        uint256 paid = plinko.payout(stake, _choice(rows, risk), seed);
        assertEq(paid, (stake * hundredths) / 100);
        (uint256 multiplier, , ) = plinko.odds(_choice(rows, risk));
        assertLe(paid, (stake * multiplier) / WAD);
    }

    function test_an_auditor_reads_the_tables_and_their_hash() external view {
        uint256[] memory table = plinko.table(_choice(9, 2));
        uint256[10] memory expected = [uint256(106), 103, 100, 97, 94, 94, 97, 100, 103, 106];
        for (uint256 bucket; bucket < 10; ++bucket) assertEq(table[bucket], expected[bucket]);
        assertEq(plinko.tableHash(), keccak256(abi.encode(_tables())));
    }

    function test_unfit_tables_are_refused() external {
        uint256[27] memory tables = _tables();
        // A bucket more than 8 rows have.
        _assertUnfit(0, tables[0] | (1 << 120));
        // A payout beyond the lanes.
        _assertUnfit(26, tables[26] | (1 << 216));
        // 100% and all 8 rows alike; 99% and all alike; nothing.
        _assertUnfit(1, _table(8, 100, 0));
        _assertUnfit(1, _table(8, 99, 0));
        _assertUnfit(1, 0);
        // Less than 80%, more than 99.99%.
        _assertUnfit(5, _table(9, 79, 1));
        _assertUnfit(5, _table(9, 100, 1));
    }

    function test_illegal_choices_are_refused_by_odds_payout_and_table_alike(
        bytes16 choice
    ) external {
        uint256 rows = uint8(choice[0]);
        vm.assume(choice << 16 != 0 || rows < 8 || rows > 16 || uint8(choice[1]) > 2);
        _assertIllegal(choice);
    }

    function test_choices_next_to_the_legal_ones_are_refused() external {
        _assertIllegal(_choice(7, 0));
        _assertIllegal(_choice(17, 2));
        _assertIllegal(_choice(8, 3));
        _assertIllegal(_choice(16, 255));
        _assertIllegal(_choice(8, 0) | bytes16(uint128(1)));
        _assertIllegal(_choice(8, 0) | bytes16(uint128(1) << 111));
    }

    function _assertUnfit(uint256 index, uint256 table) private {
        uint256[27] memory tables = _tables();
        tables[index] = table;
        vm.expectRevert(abi.encodeWithSelector(Plinko.TableUnfit.selector, index));
        new Plinko(tables);
    }

    function _assertIllegal(bytes16 choice) private {
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        plinko.odds(choice);
        vm.expectRevert(refusal);
        plinko.payout(1, choice, 0);
        vm.expectRevert(refusal);
        plinko.table(choice);
    }

    function _tables() private pure returns (uint256[27] memory tables) {
        for (uint256 index; index < 27; ++index)
            tables[index] = _table(8 + index / 3, 94, 1 + (index % 3));
    }

    /// @dev `middle` hundredths in the middle, `step` more in each bucket outwards.
    function _table(
        uint256 rows,
        uint256 middle,
        uint256 step
    ) private pure returns (uint256 table) {
        for (uint256 outwards; outwards <= rows / 2; ++outwards)
            table = (table << 24) | (middle + step * outwards);
        return table;
    }

    function _pascal(uint256 rows) private pure returns (uint256[] memory paths) {
        paths = new uint256[](rows + 1);
        paths[0] = 1;
        for (uint256 row = 1; row <= rows; ++row)
            for (uint256 bucket = row; bucket > 0; --bucket) paths[bucket] += paths[bucket - 1];
    }

    function _choice(uint256 rows, uint256 risk) private pure returns (bytes16) {
        return bytes16(bytes2(uint16((rows << 8) | risk)));
    }
}
