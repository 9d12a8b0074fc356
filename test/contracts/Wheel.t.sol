// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Wheel} from "../../contracts/games/Wheel.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Wheels with six prizes in turn, every segment of each. The tables in service are verified by both twins.
contract WheelTest is Test {
    uint256 private constant WAD = 1e18;
    uint256 private constant MAX_STAKE = (1 << 40) - 1;
    uint256 private constant PRIZES_AT = 150;

    Wheel private wheel;

    function setUp() external {
        wheel = new Wheel(_tables());
    }

    function test_hand_computed_rows() external view {
        // Low risk: 0.90, 0.91, 0.92, 0.93, 0.94, 0.95, in turn; medium a hundredth more, high two.
        assertEq(wheel.payout(1_000, _choice(10, 0), 0), 900);
        assertEq(wheel.payout(1_000, _choice(10, 0), 5), 950);
        assertEq(wheel.payout(1_000, _choice(10, 0), 9), 930);
        assertEq(wheel.payout(1_000, _choice(10, 0), 10), 900);
        assertEq(wheel.payout(1_000, _choice(50, 1), 49), 920);
        assertEq(wheel.payout(1_000, _choice(50, 2), 5_000_047), 970);
        assertEq(wheel.payout(9, _choice(20, 0), 0), 8);
    }

    function test_every_wheel_pays_each_segment_and_declares_exact_odds() external view {
        for (uint256 segments = 10; segments <= 50; segments += 10) {
            for (uint256 risk; risk < 3; ++risk) {
                bytes16 choice = _choice(segments, risk);
                uint256[] memory table = wheel.table(choice);
                assertEq(table.length, segments);
                uint256 first;
                uint256 second;
                for (uint256 segment; segment < segments; ++segment) {
                    assertEq(table[segment], 90 + risk + (segment % 6));
                    assertEq(wheel.payout(100, choice, segment), table[segment]);
                    first += table[segment];
                    second += table[segment] * table[segment];
                }
                (uint256 multiplier, uint256 rtp, uint256 variance) = wheel.odds(choice);
                assertEq(multiplier, (95 + risk) * 0.01e18);
                assertEq(rtp, (first * 0.01e18) / segments);
                uint256 numerator = (second * segments - first * first) * 1e14;
                assertEq(variance, (numerator + segments * segments - 1) / (segments * segments));
            }
        }
    }

    function test_payout_of_a_legal_choice_never_reverts_and_never_exceeds_its_maximum(
        uint256 stake,
        uint256 segments,
        uint256 risk,
        uint256 seed
    ) external view {
        stake = bound(stake, 0, MAX_STAKE);
        segments = bound(segments, 1, 5) * 10;
        risk = bound(risk, 0, 2);
        bytes16 choice = _choice(segments, risk);
        uint256 paid = wheel.payout(stake, choice, seed);
        assertEq(paid, (stake * wheel.table(choice)[seed % segments]) / 100);
        (uint256 multiplier, , ) = wheel.odds(choice);
        assertLe(paid, (stake * multiplier) / WAD);
    }

    function test_an_auditor_reads_the_hash_of_the_tables() external view {
        assertEq(wheel.tableHash(), keccak256(abi.encode(_tables())));
    }

    function test_unfit_tables_are_refused() external {
        uint256[15] memory tables = _tables();
        // A segment more than the wheel has; beyond the prizes; a prize that is none of the six.
        _assertUnfit(0, tables[0] | (1 << 30));
        _assertUnfit(14, tables[14] | (1 << 246));
        _assertUnfit(3, tables[3] | 6);
        _assertUnfit(3, tables[3] | 7);
        // All segments alike; nothing; more than 99.99%; less than 80%.
        _assertUnfit(7, 95 << PRIZES_AT);
        _assertUnfit(7, 0);
        _assertUnfit(2, _table(10, 98));
        _assertUnfit(2, _table(10, 77));
    }

    function test_illegal_choices_are_refused_by_odds_payout_and_table_alike(
        bytes16 choice
    ) external {
        uint256 segments = uint8(choice[0]);
        vm.assume(
            choice << 16 != 0 ||
                segments == 0 ||
                segments > 50 ||
                segments % 10 != 0 ||
                uint8(choice[1]) > 2
        );
        _assertIllegal(choice);
    }

    function test_choices_next_to_the_legal_ones_are_refused() external {
        _assertIllegal(_choice(0, 0));
        _assertIllegal(_choice(9, 0));
        _assertIllegal(_choice(11, 0));
        _assertIllegal(_choice(60, 2));
        _assertIllegal(_choice(10, 3));
        _assertIllegal(_choice(50, 255));
        _assertIllegal(_choice(10, 0) | bytes16(uint128(1)));
        _assertIllegal(_choice(10, 0) | bytes16(uint128(1) << 111));
    }

    function _assertUnfit(uint256 index, uint256 table) private {
        uint256[15] memory tables = _tables();
        tables[index] = table;
        vm.expectRevert(abi.encodeWithSelector(Wheel.TableUnfit.selector, index));
        new Wheel(tables);
    }

    function _assertIllegal(bytes16 choice) private {
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        wheel.odds(choice);
        vm.expectRevert(refusal);
        wheel.payout(1, choice, 0);
        vm.expectRevert(refusal);
        wheel.table(choice);
    }

    function _tables() private pure returns (uint256[15] memory tables) {
        for (uint256 index; index < 15; ++index)
            tables[index] = _table(10 * (1 + index / 3), 90 + (index % 3));
    }

    /// @dev Six prizes in turn, from `least` hundredths in steps of one.
    function _table(uint256 segments, uint256 least) private pure returns (uint256 table) {
        for (uint256 segment; segment < segments; ++segment)
            table |= (segment % 6) << (3 * segment);
        for (uint256 prize; prize < 6; ++prize)
            table |= (least + prize) << (PRIZES_AT + 16 * prize);
    }

    function _choice(uint256 segments, uint256 risk) private pure returns (bytes16) {
        return bytes16(bytes2(uint16((segments << 8) | risk)));
    }
}
