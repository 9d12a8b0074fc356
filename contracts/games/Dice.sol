// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IGame} from "../interfaces/IGame.sol";

/// @title Dice
/// @notice A roll of 0.00 to 99.99, under or over a target in steps of 0.01, at 99% of the fair price.
/// Choice: bytes 0 and 1 are the target in hundredths, byte 2 is 0 for under, 1 for over.
contract Dice is IGame {
    uint256 private constant WAD = 1e18;
    uint256 private constant SIDES = 10_000;
    uint256 private constant PRICE = 0.99e18;
    /// Above it, the price would come too near to the stake for the units of a small one.
    uint256 private constant MAX_WINS = 9_800;

    /// @inheritdoc IGame
    function odds(
        bytes16 choice
    ) external pure returns (uint256 maxMultiplierWad, uint256 rtpWad, uint256 varianceWad) {
        uint256 wins;
        (, , wins, maxMultiplierWad) = _decode(choice);
        unchecked {
            rtpWad = (maxMultiplierWad * wins) / SIDES;
            // E[x^2] - E[x]^2 with both terms over SIDES^2, so that only the last step rounds, and up.
            uint256 numerator = maxMultiplierWad * maxMultiplierWad * wins * (SIDES - wins);
            varianceWad = (numerator - 1) / (SIDES * SIDES * WAD) + 1;
        }
    }

    /// @inheritdoc IGame
    function payout(uint256 stake, bytes16 choice, uint256 seed) external pure returns (uint256) {
        (uint256 target, bool over, , uint256 multiplier) = _decode(choice);
        uint256 roll = seed % SIDES;
        // Rounds down: the dust of a win stays with the bankroll.
        return (over ? roll > target : roll < target) ? (stake * multiplier) / WAD : 0;
    }

    function _decode(
        bytes16 choice
    ) private pure returns (uint256 target, bool over, uint256 wins, uint256 multiplier) {
        target = uint16(bytes2(choice));
        uint8 side = uint8(choice[2]);
        if (side > 1 || target >= SIDES || choice << 24 != 0) revert IllegalChoice(choice);
        over = side == 1;
        unchecked {
            wins = over ? SIDES - 1 - target : target;
            if (wins == 0 || wins > MAX_WINS) revert IllegalChoice(choice);
            multiplier = (PRICE * SIDES) / wins;
        }
    }
}
