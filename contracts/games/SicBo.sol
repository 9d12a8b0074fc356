// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Sic bo
/// @notice Three dice; every bet returns 35/36 of its stakes. Choice: byte 0 is the bet:
///
///     0, 1      small (4 to 10), big (11 to 17): a triple loses
///     2, 3      odd, even: a triple loses
///     4 .. 17   that total
///     18        any triple
///     19 .. 24  the number 1 .. 6: 2 times the stake if one die shows it, 3 times if two, 15 times if all three
///     25 .. 30  a double of 1 .. 6 at least
///     31 .. 36  the triple of 1 .. 6
///     37 .. 51  two numbers, a < b, on some of the dice: 12, 13, .. 16, 23, .. 56
///
/// @dev The three lowest digits of the seed to the base 6, each plus one, are the dice. But for single numbers, a bet won
/// by `w` of the 216 rolls pays 210 / w times the stake.
contract SicBo is Game {
    uint256 private constant BIG = 1;
    uint256 private constant ODD = 2;
    uint256 private constant TOTAL = 4;
    uint256 private constant ANY_TRIPLE = 18;
    uint256 private constant SINGLE = 19;
    uint256 private constant DOUBLE = 25;
    uint256 private constant TRIPLE = 31;
    uint256 private constant PAIR = 37;
    uint256 private constant BETS = 52;

    uint256 private constant ROLLS = 216;
    /// What all rolls together pay for a stake on each.
    uint256 private constant RETURNED = 210e18;

    uint256 private constant ONE_SHOWN_PAYS = 2e18;
    uint256 private constant TWO_SHOWN_PAYS = 3e18;
    uint256 private constant THREE_SHOWN_PAYS = 15e18;

    /// @notice By the number of rolls that win; of those that show a number, 75 show it once, 15 twice and 1 three times.
    function odds(
        bytes16 choice
    ) external pure returns (uint256 maxMultiplierWad, uint256 rtpWad, uint256 varianceWad) {
        (uint256 bet, , , uint256 pays) = _unpack(_terms(choice));
        unchecked {
            uint256 mean;
            uint256 square;
            if (_isSingle(bet)) {
                mean = RETURNED;
                square =
                    75 * ONE_SHOWN_PAYS ** 2 +
                    15 * TWO_SHOWN_PAYS ** 2 +
                    THREE_SHOWN_PAYS ** 2;
            } else {
                uint256 wins = _wins(bet);
                mean = pays * wins;
                square = pays * pays * wins;
            }
            maxMultiplierWad = pays;
            rtpWad = mean / ROLLS;
            // E[x^2] - E[x]^2 with both terms over ROLLS^2, so that only the last step rounds, and up.
            varianceWad = (square * ROLLS - mean * mean - 1) / (ROLLS * ROLLS * WAD) + 1;
        }
    }

    function _multiplier(uint256 terms, uint256 seed) internal pure override returns (uint256) {
        (uint256 bet, uint256 low, uint256 high, uint256 pays) = _unpack(terms);
        unchecked {
            uint256 x = (seed % 6) + 1;
            uint256 y = ((seed / 6) % 6) + 1;
            uint256 z = ((seed / 36) % 6) + 1;
            if (bet < SINGLE) return _totalWins(bet, x, y, z) ? pays : 0;

            uint256 shown = _shown(low, x, y, z);
            if (bet < DOUBLE) {
                if (shown == 0) return 0;
                if (shown == 3) return THREE_SHOWN_PAYS;
                return shown == 2 ? TWO_SHOWN_PAYS : ONE_SHOWN_PAYS;
            }
            if (bet < TRIPLE) return shown >= 2 ? pays : 0;
            if (bet < PAIR) return shown == 3 ? pays : 0;
            return shown > 0 && _shown(high, x, y, z) > 0 ? pays : 0;
        }
    }

    /// @return terms From the lowest bit: bet 8, its number or the lower one of its two 8, the higher one 8, and what it
    /// pays at the most.
    function _terms(bytes16 choice) internal pure override returns (uint256 terms) {
        uint256 bet = uint8(choice[0]);
        if (bet >= BETS || choice << 8 != 0) revert IllegalChoice(choice);
        unchecked {
            uint256 low;
            uint256 high;
            if (bet >= PAIR) {
                uint256 index = bet - PAIR;
                // Five pairs start with 1, four with 2, and so on.
                for (low = 1; index >= 6 - low; ++low) index -= 6 - low;
                high = low + 1 + index;
            } else if (bet >= SINGLE) {
                low = ((bet - SINGLE) % 6) + 1;
            }
            uint256 pays = _isSingle(bet) ? THREE_SHOWN_PAYS : RETURNED / _wins(bet);
            return bet | (low << 8) | (high << 16) | (pays << 24);
        }
    }

    function _unpack(
        uint256 terms
    ) private pure returns (uint256 bet, uint256 low, uint256 high, uint256 pays) {
        return (terms & 0xff, (terms >> 8) & 0xff, (terms >> 16) & 0xff, terms >> 24);
    }

    function _isSingle(uint256 bet) private pure returns (bool) {
        return bet >= SINGLE && bet < DOUBLE;
    }

    /// @notice Of the 216 rolls, those that win a bet other than a single number.
    function _wins(uint256 bet) private pure returns (uint256) {
        unchecked {
            if (bet >= PAIR) return 30;
            if (bet >= TRIPLE) return 1;
            if (bet >= DOUBLE) return 16;
            if (bet == ANY_TRIPLE) return 6;
            if (bet < TOTAL) return 105;
            // Totals are symmetric. Above 8 the sums of three numbers in which one is beyond six are taken off.
            uint256 total = bet <= 10 ? bet : 21 - bet;
            uint256 ways = ((total - 1) * (total - 2)) / 2;
            return total <= 8 ? ways : ways - (3 * (total - 7) * (total - 8)) / 2;
        }
    }

    /// @notice Whether the dice win a bet on their total or on any triple.
    function _totalWins(uint256 bet, uint256 x, uint256 y, uint256 z) private pure returns (bool) {
        unchecked {
            uint256 total = x + y + z;
            bool triple = x == y && y == z;
            if (bet == ANY_TRIPLE) return triple;
            if (bet >= TOTAL) return total == bet;
            if (triple) return false;
            if (bet >= ODD) return (total % 2 == 1) == (bet == ODD);
            return (total > 10) == (bet == BIG);
        }
    }

    /// @notice How many of the dice show a number.
    function _shown(
        uint256 number,
        uint256 x,
        uint256 y,
        uint256 z
    ) private pure returns (uint256) {
        unchecked {
            return (x == number ? 1 : 0) + (y == number ? 1 : 0) + (z == number ? 1 : 0);
        }
    }
}
