// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Dice} from "../../contracts/games/Dice.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Hand-computed rows, illegal choices, and exact counts. `test/vectors` holds more rows, read by both twins.
contract DiceTest is Test {
    uint256 private constant SIDES = 10_000;
    uint256 private constant WAD = 1e18;
    uint256 private constant MAX_STAKE = (1 << 40) - 1;

    Dice private dice;

    function setUp() external {
        dice = new Dice();
    }

    function test_hand_computed_rows() external view {
        assertEq(dice.payout(1_000, _choice(5_000, 0), 4_999), 1_980);
        assertEq(dice.payout(1_000, _choice(5_000, 0), 5_000), 0);
        assertEq(dice.payout(1_000, _choice(4_999, 1), 5_000), 1_980);
        assertEq(dice.payout(1_000, _choice(4_999, 1), 4_999), 0);
        assertEq(dice.payout(1e9, _choice(1, 0), 0), 9_900e9);
        assertEq(dice.payout(1e9, _choice(9_800, 0), 9_799), 1_010_204_081);
        assertEq(dice.payout(7, _choice(9_998, 1), 9_999), 69_300);
        assertEq(dice.payout(999_999_999, _choice(3_333, 0), 13_332), 2_970_297_026);
    }

    function test_every_roll_against_a_spread_of_targets_wins_as_often_as_declared() external view {
        for (uint256 wins = 1; wins <= 9_800; wins += wins < 40 ? 1 : 1_217) {
            uint256 under;
            uint256 over;
            for (uint256 roll; roll < SIDES; ++roll) {
                if (dice.payout(WAD / 1e9, _choice(wins, 0), roll) > 0) ++under;
                if (dice.payout(WAD / 1e9, _choice(SIDES - 1 - wins, 1), roll) > 0) ++over;
            }
            assertEq(under, wins);
            assertEq(over, wins);
        }
    }

    function test_every_target_declares_its_exact_return_and_variance() external view {
        for (uint256 wins = 1; wins <= 9_800; ++wins) {
            (uint256 multiplier, uint256 rtp, uint256 variance) = dice.odds(_choice(wins, 0));
            (uint256 multiplierOver, uint256 rtpOver, uint256 varianceOver) = dice.odds(
                _choice(SIDES - 1 - wins, 1)
            );
            assertTrue(multiplier == multiplierOver && rtp == rtpOver && variance == varianceOver);
            assertEq(multiplier, (0.99e18 * SIDES) / wins);
            assertEq(rtp, (multiplier * wins) / SIDES);
            assertLe(0.99e18 - rtp, 1);
            uint256 exact = multiplier * multiplier * wins * (SIDES - wins);
            assertGe(variance * SIDES * SIDES * WAD, exact);
            assertLt((variance - 1) * SIDES * SIDES * WAD, exact);
            // The edges of the target, from both sides.
            assertGt(dice.payout(WAD / 1e9, _choice(wins, 0), wins - 1), 0);
            assertEq(dice.payout(WAD / 1e9, _choice(wins, 0), wins), 0);
        }
    }

    function test_payout_of_a_legal_choice_never_reverts_and_never_exceeds_its_maximum(
        uint256 stake,
        uint256 target,
        bool over,
        uint256 seed
    ) external view {
        stake = bound(stake, 0, MAX_STAKE);
        target = over ? bound(target, 199, 9_998) : bound(target, 1, 9_800);
        bytes16 choice = _choice(target, over ? 1 : 0);
        (uint256 multiplier, , ) = dice.odds(choice);
        uint256 paid = dice.payout(stake, choice, seed);
        uint256 roll = seed % SIDES;
        assertEq(paid, (over ? roll > target : roll < target) ? (stake * multiplier) / WAD : 0);
    }

    function test_illegal_choices_are_refused_by_odds_and_payout_alike(bytes16 choice) external {
        uint256 target = uint16(bytes2(choice));
        uint256 side = uint8(choice[2]);
        bool legal =
            choice << 24 == 0 &&
                (
                    side == 0
                        ? target > 0 && target <= 9_800
                        : side == 1 && target >= 199 && target <= 9_998
                );
        vm.assume(!legal);
        _assertIllegal(choice);
    }

    function test_choices_next_to_the_legal_ones_are_refused() external {
        _assertIllegal(_choice(0, 0));
        _assertIllegal(_choice(9_801, 0));
        _assertIllegal(_choice(198, 1));
        _assertIllegal(_choice(9_999, 1));
        _assertIllegal(_choice(5_000, 2));
        _assertIllegal(_choice(5_000, 0) | bytes16(uint128(1)));
        _assertIllegal(_choice(5_000, 0) | bytes16(uint128(1) << 103));
    }

    function _assertIllegal(bytes16 choice) private {
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        dice.odds(choice);
        vm.expectRevert(refusal);
        dice.payout(1, choice, 0);
    }

    function _choice(uint256 target, uint256 side) private pure returns (bytes16) {
        return bytes16(bytes3(uint24((target << 8) | side)));
    }
}
