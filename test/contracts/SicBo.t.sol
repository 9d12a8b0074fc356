// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SicBo} from "../../contracts/games/SicBo.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Hand-computed rows, illegal choices, and every bet against all 216 rolls.
contract SicBoTest is Test {
    uint256 private constant ROLLS = 216;
    uint256 private constant BETS = 52;
    uint256 private constant WAD = 1e18;
    uint256 private constant MAX_STAKE = (1 << 40) - 1;

    SicBo private sicBo;

    function setUp() external {
        sicBo = new SicBo();
    }

    function test_hand_computed_rows() external view {
        // Small, big, odd, even: all lose to a triple.
        _assertPaid(0, 1, 3, 6, 2_000);
        _assertPaid(0, 3, 3, 3, 0);
        _assertPaid(0, 5, 5, 1, 0);
        _assertPaid(1, 5, 5, 1, 2_000);
        _assertPaid(1, 4, 4, 4, 0);
        _assertPaid(2, 2, 2, 1, 2_000);
        _assertPaid(2, 5, 5, 5, 0);
        _assertPaid(3, 2, 2, 2, 0);
        _assertPaid(3, 2, 2, 6, 2_000);
        // Totals.
        _assertPaid(4, 1, 1, 2, 70_000);
        _assertPaid(8, 2, 3, 3, 10_000);
        _assertPaid(9, 3, 3, 3, 8_400);
        _assertPaid(10, 1, 3, 6, 7_777);
        _assertPaid(11, 6, 4, 1, 7_777);
        _assertPaid(17, 6, 6, 5, 70_000);
        _assertPaid(17, 6, 6, 6, 0);
        // Any triple, and the number 4: once, twice, three times.
        _assertPaid(18, 5, 5, 5, 35_000);
        _assertPaid(18, 5, 5, 6, 0);
        _assertPaid(22, 4, 1, 2, 2_000);
        _assertPaid(22, 4, 1, 4, 3_000);
        _assertPaid(22, 4, 4, 4, 15_000);
        _assertPaid(22, 5, 5, 5, 0);
        // A double of 6, the triple of 1, and pairs: the first, 2 and 3, the last.
        _assertPaid(30, 6, 2, 6, 13_125);
        _assertPaid(30, 6, 6, 6, 13_125);
        _assertPaid(30, 6, 2, 5, 0);
        _assertPaid(31, 1, 1, 1, 210_000);
        _assertPaid(31, 1, 2, 1, 0);
        _assertPaid(37, 2, 5, 1, 7_000);
        _assertPaid(42, 2, 3, 3, 7_000);
        _assertPaid(51, 5, 6, 5, 7_000);
        _assertPaid(51, 5, 5, 5, 0);
    }

    function test_every_bet_returns_what_it_declares_over_all_rolls() external view {
        for (uint256 bet; bet < BETS; ++bet) {
            (uint256 most, uint256 rtp, uint256 variance) = sicBo.odds(_choice(bet));
            uint256 mean;
            uint256 square;
            uint256 highest;
            for (uint256 roll; roll < ROLLS; ++roll) {
                uint256 paid = sicBo.payout(WAD, _choice(bet), roll);
                mean += paid;
                square += paid * paid;
                if (paid > highest) highest = paid;
            }
            assertEq(most, highest);
            assertEq(rtp, mean / ROLLS);
            uint256 spread = square * ROLLS - mean * mean;
            assertGe(variance * ROLLS * ROLLS * WAD, spread);
            assertLt((variance - 1) * ROLLS * ROLLS * WAD, spread);
            // An edge of 1/36, but for the rounding of what a win pays.
            assertLe(mean, 210e18);
            assertGt(mean + 30, 210e18);
        }
    }

    function test_each_bet_wins_on_the_rolls_of_the_rule_book() external view {
        for (uint256 roll; roll < ROLLS; ++roll) {
            uint256[7] memory shown;
            uint256 total;
            for (uint256 rest = roll + ROLLS; rest > 1; rest /= 6) {
                ++shown[(rest % 6) + 1];
                total += (rest % 6) + 1;
            }
            bool triple;
            uint256 pair = 37;
            for (uint256 low = 1; low <= 6; ++low) {
                if (shown[low] == 3) triple = true;
                _assertWins(18 + low, roll, shown[low] > 0);
                _assertWins(24 + low, roll, shown[low] > 1);
                _assertWins(30 + low, roll, shown[low] > 2);
                for (uint256 high = low + 1; high <= 6; ++high) {
                    _assertWins(pair++, roll, shown[low] > 0 && shown[high] > 0);
                }
            }
            assertEq(pair, BETS);
            _assertWins(0, roll, !triple && total <= 10);
            _assertWins(1, roll, !triple && total >= 11);
            _assertWins(2, roll, !triple && total % 2 == 1);
            _assertWins(3, roll, !triple && total % 2 == 0);
            _assertWins(18, roll, triple);
            for (uint256 sum = 4; sum <= 17; ++sum) _assertWins(sum, roll, total == sum);
        }
    }

    function test_payout_of_a_legal_choice_never_reverts_and_never_exceeds_its_maximum(
        uint256 stake,
        uint256 bet,
        uint256 seed
    ) external view {
        stake = bound(stake, 0, MAX_STAKE);
        bytes16 choice = _choice(bet % BETS);
        (uint256 most, , ) = sicBo.odds(choice);
        uint256 paid = sicBo.payout(stake, choice, seed);
        assertLe(paid, (stake * most) / WAD);
        assertEq(paid, sicBo.payout(stake, choice, seed % ROLLS));
    }

    function test_illegal_choices_are_refused_by_odds_and_payout_alike(bytes16 choice) external {
        vm.assume(uint8(choice[0]) >= BETS || choice << 8 != 0);
        _assertIllegal(choice);
    }

    function test_choices_next_to_the_legal_ones_are_refused() external {
        _assertIllegal(_choice(BETS));
        _assertIllegal(_choice(255));
        for (uint256 bit; bit < 120; ++bit) {
            _assertIllegal(_choice(BETS - 1) | bytes16(uint128(1) << uint128(bit)));
        }
    }

    function _assertPaid(uint256 bet, uint256 x, uint256 y, uint256 z, uint256 paid) private view {
        uint256 roll = (x - 1) + 6 * (y - 1) + 36 * (z - 1);
        assertEq(sicBo.payout(1_000, _choice(bet), roll), paid);
        assertEq(sicBo.payout(1_000, _choice(bet), roll + ROLLS * 1e40), paid);
    }

    function _assertWins(uint256 bet, uint256 roll, bool wins) private view {
        assertEq(sicBo.payout(1, _choice(bet), roll) > 0, wins);
    }

    function _assertIllegal(bytes16 choice) private {
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        sicBo.odds(choice);
        vm.expectRevert(refusal);
        sicBo.payout(1, choice, 0);
    }

    function _choice(uint256 bet) private pure returns (bytes16) {
        return bytes16(bytes1(uint8(bet)));
    }
}
