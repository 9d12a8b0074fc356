// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CoinFlip} from "../../contracts/games/CoinFlip.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

contract CoinFlipTest is Test {
    bytes16 private constant HEADS = bytes16(0);
    bytes16 private constant TAILS = bytes16(bytes1(0x01));

    CoinFlip private coinFlip;

    function setUp() external {
        coinFlip = new CoinFlip();
    }

    function test_each_side_wins_half_of_the_seeds_at_198_hundredths() external view {
        for (uint256 seed; seed < 4; ++seed) {
            assertEq(coinFlip.payout(1_000, HEADS, seed), seed % 2 == 0 ? 1_980 : 0);
            assertEq(coinFlip.payout(1_000, TAILS, seed), seed % 2 == 1 ? 1_980 : 0);
        }
        assertEq(coinFlip.payout(1, HEADS, 0), 1);
        assertEq(coinFlip.payout(0, HEADS, 0), 0);
    }

    function test_odds_are_exact() external view {
        (uint256 multiplier, uint256 rtp, uint256 variance) = coinFlip.odds(TAILS);
        assertEq(multiplier, 1.98e18);
        // Enumerated: (1.98 + 0) / 2, and the mean of the squares less the square of the mean.
        assertEq(rtp, (multiplier + 0) / 2);
        assertEq(variance * 1e18, (multiplier * multiplier) / 2 - rtp * rtp);
    }

    function test_payout_never_exceeds_its_maximum(
        uint256 stake,
        bool tails,
        uint256 seed
    ) external view {
        stake = bound(stake, 0, (1 << 40) - 1);
        uint256 paid = coinFlip.payout(stake, tails ? TAILS : HEADS, seed);
        assertEq(paid, (seed % 2 == 1) == tails ? (stake * 198) / 100 : 0);
    }

    function test_no_rounds_pay_nothing() external view {
        (uint256 paid, uint256 played) = coinFlip.payouts(1_000, HEADS, 7, 0, 0, 0);
        assertEq(paid + played, 0);
    }

    function test_rounds_that_reach_no_stop_are_all_played(uint256 seed) external view {
        (uint256 stopped, uint256 played) = coinFlip.payouts(1_000, HEADS, seed, 5, 1e9, 1e9);
        (uint256 paid, ) = coinFlip.payouts(1_000, HEADS, seed, 5, 0, 0);
        assertEq(played, 5);
        assertEq(stopped, paid);
    }

    function test_illegal_choices_are_refused(bytes16 choice) external {
        vm.assume(choice != HEADS && choice != TAILS);
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        coinFlip.odds(choice);
        vm.expectRevert(refusal);
        coinFlip.payout(1, choice, 0);
    }
}
