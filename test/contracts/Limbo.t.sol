// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Limbo} from "../../contracts/games/Limbo.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Hand-computed rows, illegal choices, and exact counts. `test/vectors` holds more rows, read by both twins.
contract LimboTest is Test {
    uint256 private constant DRAWS = 1 << 64;
    uint256 private constant WAD = 1e18;
    uint256 private constant MAX_STAKE = (1 << 40) - 1;
    uint256 private constant MAX_TARGET = 100_000_000;

    Limbo private limbo;

    function setUp() external {
        limbo = new Limbo();
    }

    function test_hand_computed_rows() external view {
        // 99/200 of 2^64 is 9131138316486228049.9.
        assertEq(limbo.payout(1_000, _choice(200), 9_131_138_316_486_228_048), 2_000);
        assertEq(limbo.payout(1_000, _choice(200), 9_131_138_316_486_228_049), 0);
        // 99/10^8 of 2^64 is 18262276632972.4.
        assertEq(limbo.payout(7, _choice(MAX_TARGET), 18_262_276_632_971), 7_000_000);
        assertEq(limbo.payout(7, _choice(MAX_TARGET), 18_262_276_632_972), 0);
        assertEq(limbo.payout(99, _choice(101), 0), 99);
        assertEq(limbo.payout(100, _choice(101), DRAWS), 101);
        assertEq(limbo.payout(100, _choice(101), DRAWS - 1), 0);
        assertEq(limbo.payout(999_999_999, _choice(333), 1), 3_329_999_996);
    }

    function test_each_target_wins_on_the_declared_draws_and_on_no_other(
        uint256 target
    ) external view {
        target = bound(target, 101, MAX_TARGET);
        uint256 wins = (99 * DRAWS) / target;
        assertEq(limbo.payout(100, _choice(target), 0), target);
        assertEq(limbo.payout(100, _choice(target), wins - 1), target);
        assertEq(limbo.payout(100, _choice(target), wins), 0);
        assertEq(limbo.payout(100, _choice(target), DRAWS - 1), 0);
    }

    function test_a_result_that_reaches_the_target_wins_and_a_lower_one_loses(
        uint256 target,
        uint256 seed
    ) external view {
        target = bound(target, 101, MAX_TARGET);
        // Half of them near the edge, where a rounding would show.
        if (seed % 2 == 0) seed = (99 * DRAWS) / target + ((seed >> 1) % 5) - 2;
        uint256 result = (99 * DRAWS) / ((seed % DRAWS) + 1);
        assertEq(limbo.payout(100, _choice(target), seed), result >= target ? target : 0);
    }

    function test_each_target_declares_its_exact_return_and_variance(uint256 target) external view {
        target = bound(target, 101, MAX_TARGET);
        (uint256 multiplier, uint256 rtp, uint256 variance) = limbo.odds(_choice(target));
        uint256 wins = (99 * DRAWS) / target;
        assertEq(multiplier, target * 0.01e18);
        assertEq(rtp, (multiplier * wins) / DRAWS);
        assertLe(rtp, 0.99e18);
        // Less by what rounding one draw takes: a hair, at the longest price too.
        assertLe(0.99e18 - rtp, 54_211);
        // A hundredth squared is 1e-4, 1e14 in WAD.
        uint256 exact = target * target * wins * (DRAWS - wins);
        assertEq(variance, (exact * 1e14 + DRAWS * DRAWS - 1) / (DRAWS * DRAWS));
    }

    function test_payout_of_a_legal_choice_never_reverts_and_never_exceeds_its_maximum(
        uint256 stake,
        uint256 target,
        uint256 seed
    ) external view {
        stake = bound(stake, 0, MAX_STAKE);
        target = bound(target, 101, MAX_TARGET);
        (uint256 multiplier, , ) = limbo.odds(_choice(target));
        uint256 paid = limbo.payout(stake, _choice(target), seed);
        assertTrue(paid == 0 || paid == (stake * multiplier) / WAD);
    }

    function test_illegal_choices_are_refused_by_odds_and_payout_alike(bytes16 choice) external {
        uint256 target = uint32(bytes4(choice));
        vm.assume(choice << 32 != 0 || target < 101 || target > MAX_TARGET);
        _assertIllegal(choice);
    }

    function test_choices_next_to_the_legal_ones_are_refused() external {
        _assertIllegal(_choice(0));
        _assertIllegal(_choice(100));
        _assertIllegal(_choice(MAX_TARGET + 1));
        _assertIllegal(_choice(type(uint32).max));
        _assertIllegal(_choice(200) | bytes16(uint128(1)));
        _assertIllegal(_choice(200) | bytes16(uint128(1) << 95));
    }

    function _assertIllegal(bytes16 choice) private {
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        limbo.odds(choice);
        vm.expectRevert(refusal);
        limbo.payout(1, choice, 0);
    }

    function _choice(uint256 target) private pure returns (bytes16) {
        return bytes16(bytes4(uint32(target)));
    }
}
