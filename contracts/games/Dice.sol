// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Dice
/// @notice A roll of 0.00 to 99.99, under or over a target in steps of 0.01, at 99% of the fair price.
/// Choice: bytes 0 and 1 are the target in hundredths, byte 2 is 0 for under, 1 for over.
contract Dice is Game {
    uint256 private constant SIDES = 10_000;
    uint256 private constant PRICE = 0.99e18;
    /// Above it, the price would come too near to the stake for the units of a small one.
    uint256 private constant MAX_WINS = 9_800;

    /// @notice Of 10,000 equal rolls, as many win as lie beyond the target.
    function odds(
        bytes16 choice
    ) external pure returns (uint256 maxMultiplierWad, uint256 rtpWad, uint256 varianceWad) {
        (, uint256 wins, uint256 multiplier) = _unpack(_terms(choice));
        unchecked {
            maxMultiplierWad = multiplier;
            rtpWad = (multiplier * wins) / SIDES;
            // E[x^2] - E[x]^2 with both terms over SIDES^2, so that only the last step rounds, and up.
            uint256 numerator = multiplier * multiplier * wins * (SIDES - wins);
            varianceWad = (numerator - 1) / (SIDES * SIDES * WAD) + 1;
        }
    }

    function _multiplier(uint256 terms, uint256 seed) internal pure override returns (uint256) {
        (uint256 turn, uint256 wins, uint256 multiplier) = _unpack(terms);
        unchecked {
            return _won(seed, turn, wins) * multiplier;
        }
    }

    /// @dev All wins pay the same: they are counted, and priced once.
    function _paidForAll(
        uint256 stake,
        uint256 terms,
        uint256 seed,
        uint256 rounds
    ) internal pure override returns (uint256 paid) {
        (uint256 turn, uint256 wins, uint256 multiplier) = _unpack(terms);
        uint256 won;
        unchecked {
            while (true) {
                --rounds;
                won += _won(_roundSeed(seed, rounds), turn, wins);
                if (rounds == 0) return won * _paid(stake, multiplier);
            }
        }
    }

    function _levelAfter(
        uint256 stake,
        uint256 terms,
        uint256 seed,
        uint256 rounds,
        uint256 level,
        uint256 end
    ) internal pure override returns (uint256 reached, uint256 played) {
        (uint256 turn, uint256 wins, uint256 multiplier) = _unpack(terms);
        uint256 prize = _paid(stake, multiplier);
        unchecked {
            while (true) {
                level += _won(_roundSeed(seed, played), turn, wins) * prize - stake;
                ++played;
                if (level >= end) break;
                if (played == rounds) break;
            }
            return (level, played);
        }
    }

    /// @return terms From the lowest bit: turn 16, winning rolls 16, multiplier.
    function _terms(bytes16 choice) internal pure override returns (uint256 terms) {
        uint256 target = uint16(bytes2(choice));
        uint8 side = uint8(choice[2]);
        if (side > 1 || target >= SIDES || choice << 24 != 0) revert IllegalChoice(choice);
        unchecked {
            uint256 wins = side == 1 ? SIDES - 1 - target : target;
            if (wins == 0 || wins > MAX_WINS) revert IllegalChoice(choice);
            return (side == 1 ? wins : 0) | (wins << 16) | (((PRICE * SIDES) / wins) << 32);
        }
    }

    /// @notice 1 for a win, else 0. Turned on by `turn`, the winning rolls are the first ones.
    /// @dev What is below `wins` wraps when that is taken away: its highest bit is set. No branch.
    function _won(uint256 seed, uint256 turn, uint256 wins) private pure returns (uint256) {
        unchecked {
            return (addmod(seed, turn, SIDES) - wins) >> 255;
        }
    }

    function _unpack(
        uint256 terms
    ) private pure returns (uint256 turn, uint256 wins, uint256 multiplier) {
        return (terms & 0xffff, (terms >> 16) & 0xffff, terms >> 32);
    }
}
