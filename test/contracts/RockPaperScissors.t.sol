// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {RockPaperScissors} from "../../contracts/games/RockPaperScissors.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice All nine pairs of hands, and illegal choices. `test/vectors` holds more rows, read by both twins.
contract RockPaperScissorsTest is Test {
    uint256 private constant ROCK = 0;
    uint256 private constant PAPER = 1;
    uint256 private constant SCISSORS = 2;
    uint256 private constant MAX_STAKE = (1 << 40) - 1;

    RockPaperScissors private game;

    function setUp() external {
        game = new RockPaperScissors();
    }

    function test_paper_beats_rock_scissors_beat_paper_rock_beats_scissors() external view {
        assertEq(_paid(ROCK, ROCK), 1_000);
        assertEq(_paid(ROCK, PAPER), 0);
        assertEq(_paid(ROCK, SCISSORS), 1_960);
        assertEq(_paid(PAPER, ROCK), 1_960);
        assertEq(_paid(PAPER, PAPER), 1_000);
        assertEq(_paid(PAPER, SCISSORS), 0);
        assertEq(_paid(SCISSORS, ROCK), 0);
        assertEq(_paid(SCISSORS, PAPER), 1_960);
        assertEq(_paid(SCISSORS, SCISSORS), 1_000);
    }

    function test_each_hand_declares_its_exact_return_and_variance() external view {
        for (uint256 hand; hand < 3; ++hand) {
            (uint256 multiplier, uint256 rtp, uint256 variance) = game.odds(_choice(hand));
            assertEq(multiplier, 1.96e18);
            assertEq(rtp, 986_666_666_666_666_666);
            // (1.96^2 + 1) / 3 - (2.96 / 3)^2 = 5.7632 / 9.
            assertEq(variance, 640_355_555_555_555_556);
        }
    }

    function test_payout_of_a_legal_choice_never_reverts_and_never_exceeds_its_maximum(
        uint256 stake,
        uint256 hand,
        uint256 seed
    ) external view {
        stake = bound(stake, 0, MAX_STAKE);
        hand = bound(hand, 0, 2);
        uint256 paid = game.payout(stake, _choice(hand), seed);
        uint256 house = seed % 3;
        uint256 beaten = hand == ROCK ? SCISSORS : hand - 1;
        assertEq(
            paid,
            house == hand
                ? stake
                : house == beaten
                    ? (stake * 196) / 100
                    : 0
        );
    }

    function test_illegal_choices_are_refused_by_odds_and_payout_alike(bytes16 choice) external {
        vm.assume(choice << 8 != 0 || uint8(choice[0]) > 2);
        _assertIllegal(choice);
    }

    function test_choices_next_to_the_legal_ones_are_refused() external {
        _assertIllegal(_choice(3));
        _assertIllegal(_choice(255));
        _assertIllegal(_choice(1) | bytes16(uint128(1)));
        _assertIllegal(_choice(1) | bytes16(uint128(1) << 119));
    }

    function _paid(uint256 hand, uint256 house) private view returns (uint256) {
        return game.payout(1_000, _choice(hand), 3 * 10 ** 70 + house);
    }

    function _assertIllegal(bytes16 choice) private {
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        game.odds(choice);
        vm.expectRevert(refusal);
        game.payout(1, choice, 0);
    }

    function _choice(uint256 hand) private pure returns (bytes16) {
        return bytes16(bytes1(uint8(hand)));
    }
}
