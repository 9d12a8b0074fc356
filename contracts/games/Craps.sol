// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Craps
/// @notice A whole line, from the come-out roll to its end, or one roll on the field. Choice: byte 0 is the bet, 0 pass,
/// 1 don't pass (12 on the come-out gives the stake back), 2 field (2 pays 2:1, 12 pays 3:1). All else pays 1:1.
/// @dev The come-out roll is the seed's lowest digit to the base 36. Once there is a point, rolls that are neither the
/// point nor a seven change nothing; the roll that ends the line is each of the others with the same chance. So one draw
/// of them decides: exact, and with no bound on rolls.
contract Craps is Game {
    uint256 private constant PASS = 0;
    uint256 private constant DONT_PASS = 1;
    uint256 private constant FIELD = 2;

    uint256 private constant ROLLS = 36;
    uint256 private constant SEVENS = 6;

    uint256 private constant EVEN_MONEY = 2e18;
    uint256 private constant TWO_PAYS = 3e18;
    uint256 private constant TWELVE_PAYS = 4e18;

    /// The least number of equal parts into which come-out rolls and ends of lines divide.
    uint256 private constant LINES = 1_980;
    uint256 private constant PASS_WINS = 976;
    uint256 private constant DONT_PASS_WINS = 949;
    uint256 private constant DONT_PASS_PUSHES = 55;
    /// 3, 4, 9, 10 and 11.
    uint256 private constant FIELD_WINS = 14;

    /// @notice Counted over all lines, or over all rolls for the field.
    function odds(
        bytes16 choice
    ) external pure returns (uint256 maxMultiplierWad, uint256 rtpWad, uint256 varianceWad) {
        uint256 bet = _terms(choice);
        if (bet == FIELD) {
            return
                _odds(
                    TWELVE_PAYS,
                    EVEN_MONEY * FIELD_WINS + TWO_PAYS + TWELVE_PAYS,
                    EVEN_MONEY ** 2 * FIELD_WINS + TWO_PAYS ** 2 + TWELVE_PAYS ** 2,
                    ROLLS
                );
        }
        (uint256 wins, uint256 pushes) = bet == PASS
            ? (PASS_WINS, 0)
            : (DONT_PASS_WINS, DONT_PASS_PUSHES);
        return
            _odds(
                EVEN_MONEY,
                EVEN_MONEY * wins + WAD * pushes,
                EVEN_MONEY ** 2 * wins + WAD ** 2 * pushes,
                LINES
            );
    }

    function _odds(
        uint256 most,
        uint256 mean,
        uint256 square,
        uint256 space
    ) private pure returns (uint256, uint256, uint256) {
        unchecked {
            // E[x^2] - E[x]^2 with both terms over space^2, so that only the last step rounds, and up.
            uint256 variance = (square * space - mean * mean - 1) / (space * space * WAD) + 1;
            return (most, mean / space, variance);
        }
    }

    function _multiplier(uint256 bet, uint256 seed) internal pure override returns (uint256) {
        unchecked {
            uint256 roll = seed % ROLLS;
            uint256 total = (roll % 6) + (roll / 6) + 2;
            if (bet == FIELD) return _field(total);

            bool passes;
            if (total == 7 || total == 11) {
                passes = true;
            } else if (total == 12) {
                return bet == PASS ? 0 : WAD;
            } else if (total > 3) {
                uint256 ways = total < 7 ? total - 1 : 13 - total;
                passes = (seed / ROLLS) % (ways + SEVENS) < ways;
            }
            return passes == (bet == PASS) ? EVEN_MONEY : 0;
        }
    }

    function _field(uint256 total) private pure returns (uint256) {
        if (total == 2) return TWO_PAYS;
        if (total == 12) return TWELVE_PAYS;
        return total < 5 || total > 8 ? EVEN_MONEY : 0;
    }

    function _terms(bytes16 choice) internal pure override returns (uint256 bet) {
        bet = uint8(choice[0]);
        if (bet > FIELD || choice << 8 != 0) revert IllegalChoice(choice);
    }
}
