// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Roulette
/// @notice One spin, up to eight chips, on a wheel with one zero or with two. Each chip is paid 36 divided by the pockets
/// that it covers, rounded down, its stake included: 35 to 1 on one number, 1 to 1 on red, 6 to 1 on five.
/// Choice: two bytes for each chip, in ascending order of the first. The first is the bet, as listed below; the second,
/// 1 to 255, is its share of the stake: of two chips with 1 and 3, the second one has three quarters.
///
/// - 0 to 36: one number. 37: the double zero
/// - 41 to 73: 40 + n: n and n + 3
/// - 81 to 115: 80 + n: n and n + 1, of one street
/// - 121 to 152: 120 + n: the corner of n, n + 1, n + 3 and n + 4
/// - 161 to 172: 160 + k: street k, of 3k - 2, 3k - 1 and 3k
/// - 181 to 191: 180 + k: streets k and k + 1
/// - 200: 0, 1; 201: 0, 2; 206: 0, 1, 2
/// - With one zero, 202: 0, 3; 207: 0, 2, 3; 210: 0, 1, 2, 3
/// - With two, 203: 00, 2; 204: 00, 3; 205: 0, 00; 208: 0, 00, 2; 209: 00, 2, 3; 211: 0, 00, 1, 2, 3
/// - 221 to 223: 220 + k: column k, of k, k + 3, ... k + 33
/// - 231 to 233: 230 + k: dozen k, from 12k - 11 to 12k
/// - 240 to 245: red, black, odd, even, 1 to 18, 19 to 36
contract Roulette is Game {
    /// @notice A wheel has one zero or two.
    error ZerosUnfit(uint256 zeros);

    uint256 private constant PAID = 36;
    uint256 private constant DOUBLE_ZERO = 37;
    uint256 private constant NUMBERS = 0x1ffffffffe;
    uint256 private constant RED = 0x154aad52aa;
    uint256 private constant ODD = 0xaaaaaaaaa;
    uint256 private constant LOW = 0x7fffe;
    uint256 private constant FIRST_COLUMN = 0x492492492;
    uint256 private constant FIRST_DOZEN = 0x1ffe;
    uint256 private constant FIRST_STREET = 0xe;
    uint256 private constant FIRST_SIX_LINE = 0x7e;

    /// One byte a bet, from 200 in the lowest: bits 0 to 3 are the pockets 0 to 3, bit 4 is the double zero, bits 5 to 7
    /// how many that is. 0, a bet that only the other wheel has.
    uint256 private constant ZERO_BETS = 0x8f00006d67000000494543;
    uint256 private constant DOUBLE_ZERO_BETS = 0xbf007c750067515854004543;

    /// The tally of several chips: what each pocket is paid, 12 pockets to a word, 20 bits to a pocket.
    uint256 private constant GROUP = 12;
    uint256 private constant GROUPS = 4;
    uint256 private constant LANE = 20;
    uint256 private constant MAX_LANE = (1 << LANE) - 1;
    /// The lowest bit of each lane; and as many copies of a group's pockets, each a bit short of its lane.
    uint256 private constant LANES = ((1 << (LANE * GROUP)) - 1) / ((1 << LANE) - 1);
    uint256 private constant COPIES = ((1 << ((LANE - 1) * GROUP)) - 1) / ((1 << (LANE - 1)) - 1);
    /// Marks the terms of several chips; the tally is where the lowest bits say.
    uint256 private constant SEVERAL = 1 << 255;

    /// @notice 37, or 38 with a double zero, which is pocket 37.
    uint256 public immutable pockets;
    uint256 private immutable zeroBets;

    /// @param zeros 1, or 2 for a wheel with a double zero.
    constructor(uint256 zeros) {
        if (zeros != 1 && zeros != 2) revert ZerosUnfit(zeros);
        pockets = 36 + zeros;
        zeroBets = zeros == 1 ? ZERO_BETS : DOUBLE_ZERO_BETS;
    }

    /// @notice Of one chip, by the pockets that it covers; of several, by walking their tally.
    function odds(
        bytes16 choice
    ) external view returns (uint256 maxMultiplierWad, uint256 rtpWad, uint256 varianceWad) {
        uint256 terms = _terms(choice);
        uint256 first;
        uint256 second;
        // Multipliers have 66 bits, pockets 6: nothing overflows.
        unchecked {
            if (terms < SEVERAL) {
                maxMultiplierWad = terms >> 64;
                first = maxMultiplierWad * ((terms >> 40) & 0xff);
                second = maxMultiplierWad * first;
            } else {
                // Whatever lies above the last lane paid adds nothing.
                for (uint256 group; group < GROUPS; ++group) {
                    for (uint256 lanes = _lanes(terms, group); lanes != 0; lanes >>= LANE) {
                        uint256 multiplier = _shared(terms, lanes);
                        if (multiplier > maxMultiplierWad) maxMultiplierWad = multiplier;
                        first += multiplier;
                        second += multiplier * multiplier;
                    }
                }
            }
            rtpWad = first / pockets;
            // E[x^2] - E[x]^2 with both terms over pockets^2, so that only the last step rounds, and up.
            uint256 space = pockets * pockets * WAD;
            varianceWad = (second * pockets - first * first + space - 1) / space;
        }
    }

    function _multiplier(uint256 terms, uint256 seed) internal view override returns (uint256) {
        unchecked {
            uint256 pocket = seed % pockets;
            if (terms < SEVERAL) return ((terms >> pocket) & 1) * (terms >> 64);

            return _shared(terms, _lanes(terms, pocket / GROUP) >> (LANE * (pocket % GROUP)));
        }
    }

    /// @return terms Of one chip, from the lowest bit: the pockets that it covers 40, how many they are 24, multiplier.
    /// Of several: where their tally is in memory 32, their weights together 16, and `SEVERAL`.
    function _terms(bytes16 choice) internal view override returns (uint256 terms) {
        if (uint8(choice[1]) == 0) revert IllegalChoice(choice);
        if (choice << 16 != 0) return _tallied(choice);
        (uint256 covered, uint256 count) = _covered(uint8(choice[0]));
        if (count == 0) revert IllegalChoice(choice);
        unchecked {
            return covered | (count << 40) | (((PAID / count) * WAD) << 64);
        }
    }

    /// @dev A sum of the tally is at most 8 x 36 x 255, of 17 bits.
    function _tallied(bytes16 choice) private view returns (uint256 terms) {
        uint256[GROUPS] memory tally;
        uint256 weights;
        uint256 nextBet;
        unchecked {
            for (uint256 chips = uint256(bytes32(choice)); chips != 0; chips <<= 16) {
                uint256 bet = chips >> 248;
                uint256 weight = (chips >> 240) & 0xff;
                (uint256 covered, uint256 count) = _covered(bet);
                if (bet < nextBet || weight == 0 || count == 0) revert IllegalChoice(choice);
                nextBet = bet + 1;
                weights += weight;
                uint256 paid = weight * (PAID / count);
                tally[0] += _spread(covered) * paid;
                tally[1] += _spread(covered >> GROUP) * paid;
                tally[2] += _spread(covered >> (2 * GROUP)) * paid;
                tally[3] += _spread(covered >> (3 * GROUP)) * paid;
            }
        }
        assembly ("memory-safe") {
            terms := tally
        }
        return terms | (weights << 32) | SEVERAL;
    }

    /// @notice The lowest 12 bits, each in a lane of its own.
    function _spread(uint256 bits) private pure returns (uint256) {
        unchecked {
            return ((bits & ((1 << GROUP) - 1)) * COPIES) & LANES;
        }
    }

    /// @notice A word of the tally.
    function _lanes(uint256 terms, uint256 group) private pure returns (uint256 lanes) {
        assembly ("memory-safe") {
            lanes := mload(add(and(terms, 0xffffffff), mul(32, group)))
        }
    }

    /// @notice What the lowest lane is paid, as a share of all weights.
    function _shared(uint256 terms, uint256 lanes) private pure returns (uint256) {
        unchecked {
            return ((lanes & MAX_LANE) * WAD) / ((terms >> 32) & 0xffff);
        }
    }

    /// @return covered The pockets of a bet, one bit each.
    /// @return count How many they are; 0 for a bet that this wheel does not have.
    function _covered(uint256 bet) private view returns (uint256 covered, uint256 count) {
        if (bet < 160) return _ofNumber(bet);
        if (bet < 200) return _ofStreet(bet);
        if (bet >= 220) return _outside(bet);
        unchecked {
            uint256 zeroBet = (zeroBets >> (8 * (bet - 200))) & 0xff;
            covered = (zeroBet & 15) | (((zeroBet >> 4) & 1) << DOUBLE_ZERO);
            return (covered, zeroBet >> 5);
        }
    }

    /// @notice The number itself, the number and its neighbours.
    function _ofNumber(uint256 bet) private view returns (uint256, uint256) {
        unchecked {
            if (bet < 40) return bet < pockets ? (1 << bet, 1) : (0, 0);
            if (bet < 80) return _within(bet - 40, 33) ? (9 << (bet - 40), 2) : (0, 0);
            uint256 n = bet < 120 ? bet - 80 : bet - 120;
            // None at the right edge of a street.
            if (n % 3 == 0) return (0, 0);
            if (bet < 120) return n < 36 ? (3 << n, 2) : (0, 0);
            return n < 33 ? (27 << n, 4) : (0, 0);
        }
    }

    function _ofStreet(uint256 bet) private pure returns (uint256, uint256) {
        unchecked {
            if (bet < 180)
                return _within(bet - 160, 12) ? (FIRST_STREET << (3 * (bet - 161)), 3) : (0, 0);
            return _within(bet - 180, 11) ? (FIRST_SIX_LINE << (3 * (bet - 181)), 6) : (0, 0);
        }
    }

    function _outside(uint256 bet) private pure returns (uint256, uint256) {
        unchecked {
            if (bet < 230)
                return _within(bet - 220, 3) ? (FIRST_COLUMN << (bet - 221), 12) : (0, 0);
            if (bet < 240)
                return _within(bet - 230, 3) ? (FIRST_DOZEN << (12 * (bet - 231)), 12) : (0, 0);
            if (bet > 245) return (0, 0);
            uint256 half =
                bet < 242
                    ? RED
                    : bet < 244
                        ? ODD
                        : LOW;
            return (bet % 2 == 0 ? half : NUMBERS ^ half, 18);
        }
    }

    /// @dev From 1 to `last`: 0 wraps above it.
    function _within(uint256 n, uint256 last) private pure returns (bool) {
        unchecked {
            return n - 1 < last;
        }
    }
}
