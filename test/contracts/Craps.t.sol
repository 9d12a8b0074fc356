// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Craps} from "../../contracts/games/Craps.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Hand-computed rows, illegal choices, and every bet against all come-out rolls and all ends of a line.
contract CrapsTest is Test {
    /// 36 come-out rolls, and for each the ends of a line, 9, 10 or 11 of them, as often.
    uint256 private constant LINES = 36 * 9 * 10 * 11;
    uint256 private constant WAD = 1e18;
    uint256 private constant MAX_STAKE = (1 << 40) - 1;

    bytes16 private constant PASS = 0;
    bytes16 private constant DONT_PASS = bytes16(bytes1(0x01));
    bytes16 private constant FIELD = bytes16(bytes1(0x02));

    Craps private craps;

    function setUp() external {
        craps = new Craps();
    }

    function test_hand_computed_rows() external view {
        // 2, 3, 7, 11 and 12 on the come-out.
        _assertPaid(_roll(1, 1), 0, 2_000, 3_000);
        _assertPaid(_roll(2, 1), 0, 2_000, 2_000);
        _assertPaid(_roll(3, 4), 2_000, 0, 0);
        _assertPaid(_roll(6, 5), 2_000, 0, 2_000);
        _assertPaid(_roll(6, 6), 0, 1_000, 4_000);
        // A point of 4: of 9 ends 3 make it; of 5: 4 of 10; of 6: 5 of 11; and as often 10, 9 and 8.
        _assertPaid(_roll(1, 3) + 36 * 2, 2_000, 0, 2_000);
        _assertPaid(_roll(1, 3) + 36 * 3, 0, 2_000, 2_000);
        _assertPaid(_roll(1, 3) + 36 * 9, 2_000, 0, 2_000);
        _assertPaid(_roll(4, 1) + 36 * 3, 2_000, 0, 0);
        _assertPaid(_roll(4, 1) + 36 * 4, 0, 2_000, 0);
        _assertPaid(_roll(3, 3) + 36 * 4, 2_000, 0, 0);
        _assertPaid(_roll(3, 3) + 36 * 5, 0, 2_000, 0);
        _assertPaid(_roll(3, 3) + 36 * 10, 0, 2_000, 0);
        _assertPaid(_roll(2, 6) + 36 * 11, 2_000, 0, 0);
        _assertPaid(_roll(6, 3) + 36 * 9, 0, 2_000, 2_000);
        _assertPaid(_roll(6, 4) + 36 * 3, 0, 2_000, 2_000);
    }

    function test_each_bet_returns_what_it_declares_over_all_lines() external view {
        _assertOdds(PASS, 488, 495);
        _assertOdds(DONT_PASS, 217, 220);
        _assertOdds(FIELD, 35, 36);
    }

    function test_pass_and_dont_pass_are_opposites_but_for_twelve(uint256 seed) external view {
        uint256 pass = craps.payout(1, PASS, seed);
        uint256 dontPass = craps.payout(1, DONT_PASS, seed);
        assertEq(pass + dontPass, seed % 36 == 35 ? 1 : 2);
    }

    function test_payout_of_a_legal_choice_never_reverts_and_never_exceeds_its_maximum(
        uint256 stake,
        uint256 bet,
        uint256 seed
    ) external view {
        stake = bound(stake, 0, MAX_STAKE);
        bytes16 choice = bytes16(bytes1(uint8(bet % 3)));
        (uint256 most, , ) = craps.odds(choice);
        uint256 paid = craps.payout(stake, choice, seed);
        assertLe(paid, (stake * most) / WAD);
        assertEq(paid, craps.payout(stake, choice, seed % LINES));
    }

    function test_illegal_choices_are_refused_by_odds_and_payout_alike(bytes16 choice) external {
        vm.assume(choice != PASS && choice != DONT_PASS && choice != FIELD);
        _assertIllegal(choice);
    }

    function test_choices_next_to_the_legal_ones_are_refused() external {
        _assertIllegal(bytes16(bytes1(0x03)));
        for (uint256 bit; bit < 120; ++bit)
            _assertIllegal(FIELD | bytes16(uint128(1) << uint128(bit)));
    }

    /// @dev The published return, and what all lines come to.
    function _assertOdds(bytes16 choice, uint256 returned, uint256 staked) private view {
        (uint256 most, uint256 rtp, uint256 variance) = craps.odds(choice);
        uint256 mean;
        uint256 square;
        uint256 highest;
        for (uint256 line; line < LINES; ++line) {
            uint256 paid = craps.payout(1, choice, line);
            mean += paid;
            square += paid * paid;
            if (paid > highest) highest = paid;
        }
        assertEq(most, highest * WAD);
        assertEq(mean * staked, returned * LINES);
        assertEq(rtp, (returned * WAD) / staked);
        uint256 spread = (square * LINES - mean * mean) * WAD;
        assertGe(variance * LINES * LINES, spread);
        assertLt((variance - 1) * LINES * LINES, spread);
    }

    function _assertPaid(uint256 seed, uint256 pass, uint256 dontPass, uint256 field) private view {
        assertEq(craps.payout(1_000, PASS, seed), pass);
        assertEq(craps.payout(1_000, DONT_PASS, seed), dontPass);
        assertEq(craps.payout(1_000, FIELD, seed), field);
    }

    function _assertIllegal(bytes16 choice) private {
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        craps.odds(choice);
        vm.expectRevert(refusal);
        craps.payout(1, choice, 0);
    }

    function _roll(uint256 first, uint256 second) private pure returns (uint256) {
        return (first - 1) + 6 * (second - 1);
    }
}
