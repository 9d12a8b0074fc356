// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title What a slot machine is checked and priced with when it is created
/// @dev The odds are exact: sums over windows are products over reels, and the largest win is searched for, not guessed.
abstract contract SlotMath is Game {
    /// @notice Reels must be 3 or 5, of symbols in the table, without a wild on the first and with two scatters never in
    /// one window, so that no more than one cell of a reel shows it.
    error ReelIllegal(uint256 reel);
    /// @notice Lines must be 1, 2, 4, 5, 8 or 10, of rows 0 to 2, with 0 for reels that are not there.
    error LineIllegal(uint256 line);
    /// @notice Three to twelve symbols; a longer run must not pay less; the wild itself and runs longer than the machine
    /// has reels must not pay.
    error PaysIllegal(uint256 symbol);
    /// @notice The machine would return less than 0.8 or more than 0.9999 of a stake.
    error ReturnOutOfBounds(uint256 rtpWad);

    /// What the constructor computes with. Of each symbol and run, the index is symbol * 6 + run.
    struct Work {
        uint256 reels;
        uint256 lines;
        uint256 symbols;
        uint256 scatterPays;
        uint256[5] strips;
        /// Of each cell and symbol, at (reel * 3 + row) * 12 + symbol, a bit for each stop: whether a run goes on there.
        uint256[180] matches;
        /// Of line * 5 + reel, where the line's cell begins in `matches`.
        uint256[50] cells;
        /// Of each reel, a bit for each stop: whether its window shows the scatter.
        uint256[5] scatters;
        /// What a run gains when it reaches this length, in line bets.
        uint256[72] gains;
        /// What a run that has reached this length gains by going on, summed over all stops of the reels to come.
        uint256[72] tails;
        /// Both together: what a run that has just reached this length is worth from then on.
        uint256[72] values;
        /// What a run of this length lacks of what one over all reels pays.
        uint256[72] lacks;
        /// Of n, all windows of the reels after the first n, by how many scatters they show (see `_scattered`).
        uint256[6] rests;
        /// Of reel * 3 + row, a bit for each line that goes by this cell.
        uint256[15] linesAt;
        /// Of (reel * 32 + stop) * 12 + symbol, a bit for each line on whose cell a run of this symbol goes on.
        uint256[1920] goesOn;
        /// The symbol on each row of the first reel, while the largest win is looked for.
        uint256[3] shown;
    }

    uint256 internal constant WILD = 0;
    uint256 internal constant SCATTER = 1;
    uint256 internal constant STOPS = 32;
    uint256 internal constant ROWS = 3;
    uint256 internal constant MAX_SYMBOLS = 12;
    uint256 internal constant MAX_LINES = 10;
    /// 15 cells of a byte each: the value 1, and what lifts every other small value to its highest bit.
    uint256 internal constant EACH_CELL = 0x010101010101010101010101010101;
    /// A polynomial's coefficients have 40 bits each: those of one scatter lie here. They stay under 32^5.
    uint256 internal constant ONE_SCATTER = 1 << 40;

    /// @notice Three cells of a strip from a stop on, the top one in the highest byte, moved to their reel's place.
    function _view(uint256 strip, uint256 seed, uint256 reel) internal pure returns (uint256) {
        unchecked {
            uint256 bits = ((seed >> (5 * reel)) & 31) << 3;
            return (((strip << bits) | (strip >> (256 - bits))) >> 232) << (24 * reel);
        }
    }

    function _cell(uint256 window, uint256 cells) internal pure returns (uint256) {
        return (window >> ((cells & 15) << 3)) & 0xff;
    }

    /// @notice How many of 15 cells are 1: a cell's lowest bit differs from 1 in nothing, and lifts no 0x7f.
    function _scattersIn(uint256 window) internal pure returns (uint256) {
        unchecked {
            uint256 others = ((window ^ EACH_CELL) + EACH_CELL * 0x7f) >> 7;
            return 15 - ((others & EACH_CELL) % 255);
        }
    }

    // What follows runs once, when this is created. No sum comes near to overflowing: a window wins under 2^24 line bets,
    // of two windows the product is under 2^48, and there are 2^25 windows.

    function _readPays(
        Work memory work,
        uint64[] memory pays
    ) internal pure returns (uint256, uint256, uint256) {
        if (pays.length < 3 || pays.length > MAX_SYMBOLS) revert PaysIllegal(pays.length);
        uint256[3] memory words;
        for (uint256 symbol; symbol < pays.length; ++symbol) {
            uint256 last;
            for (uint256 run = 2; run <= work.reels; ++run) {
                uint256 more = uint16(pays[symbol] >> (16 * (run - 2)));
                if (more < last) revert PaysIllegal(symbol);
                work.gains[symbol * 6 + run] = more - last;
                last = more;
            }
            if (pays[symbol] >> (16 * (work.reels - 1)) != 0) revert PaysIllegal(symbol);
            for (uint256 run = work.reels; run > 1; --run) {
                uint256 lacked = work.lacks[symbol * 6 + run] + work.gains[symbol * 6 + run];
                work.lacks[symbol * 6 + run - 1] = lacked;
            }
            if (symbol != SCATTER)
                words[symbol >> 2] |= uint256(pays[symbol]) << (64 * (symbol & 3));
        }
        if (pays[WILD] != 0) revert PaysIllegal(WILD);
        work.scatterPays = pays[SCATTER];
        return (words[0], words[1], words[2]);
    }

    function _readLines(
        Work memory work,
        bytes5[] memory lines
    ) internal pure returns (uint256 packed) {
        uint256 count = lines.length;
        if (count == 0 || count > MAX_LINES || WAD % count != 0) revert LineIllegal(count);
        for (uint256 line; line < count; ++line) {
            for (uint256 reel; reel < 5; ++reel) {
                uint256 row = uint8(lines[line][reel]);
                if (row >= (reel < work.reels ? ROWS : 1)) revert LineIllegal(line);
                work.cells[line * 5 + reel] = (reel * ROWS + row) * MAX_SYMBOLS;
                work.linesAt[reel * ROWS + row] |= 1 << line;
                if (reel < work.reels) packed |= (3 * reel + 2 - row) << (20 * line + 4 * reel);
            }
        }
    }

    function _readReel(Work memory work, uint256 reel, uint256 strip) internal pure {
        work.strips[reel] = strip;
        for (uint256 stop; stop < STOPS; ++stop) {
            uint256 window = _view(strip, stop, 0);
            uint256 scatters = _scattersIn(window);
            if (scatters > 1) revert ReelIllegal(reel);
            work.scatters[reel] |= scatters << stop;
            for (uint256 row; row < ROWS; ++row) {
                uint256 shown = _cell(window, 2 - row);
                if (shown >= work.symbols || (reel == 0 && shown == WILD)) revert ReelIllegal(reel);
                // The wild goes on with every symbol but the scatter, and the scatter with none.
                (uint256 symbol, uint256 last) = shown == WILD
                    ? (SCATTER + 1, work.symbols - 1)
                    : (shown, shown);
                if (shown == SCATTER) continue;
                for (; symbol <= last; ++symbol) {
                    work.matches[(reel * ROWS + row) * MAX_SYMBOLS + symbol] |= 1 << stop;
                    work.goesOn[(reel * STOPS + stop) * MAX_SYMBOLS + symbol] |= work.linesAt[
                        reel * ROWS + row
                    ];
                }
            }
        }
    }

    /// @return first The sum over all windows of the total win, in line bets.
    /// @return second The sum of its squares.
    /// @dev The reels are independent, so that sums over windows are products over reels. The square of a sum of lines is
    /// the sum over all pairs of lines; both runs of a pair go on at the stops that continue both.
    function _moments(Work memory work) internal pure returns (uint256 first, uint256 second) {
        unchecked {
            (uint256 reels, uint256 lines) = (work.reels, work.lines);
            work.rests[reels] = 1;
            for (uint256 n = reels; n > 0; --n) {
                uint256 shown = _bitsOf(work.scatters[n - 1]);
                work.rests[n - 1] = work.rests[n] * (STOPS - shown + shown * ONE_SCATTER);
            }
            for (uint256 symbol = SCATTER + 1; symbol < work.symbols; ++symbol) {
                for (uint256 n = reels; n > 0; --n) {
                    uint256 index = symbol * 6 + n;
                    work.values[index] =
                        work.gains[index] * STOPS ** (reels - n) +
                        work.tails[index];
                    // Any row of a reel shows a symbol at as many stops: the top one will do.
                    uint256 stops = work.matches[(n - 1) * ROWS * MAX_SYMBOLS + symbol];
                    work.tails[index - 1] = _bitsOf(stops) * work.values[index];
                }
                first += work.tails[symbol * 6];
            }
            first = lines * (first + _scattered(work, work.rests[0], 1));
            second = lines * lines * _scattered(work, work.rests[0], 2);
            for (uint256 a; a < lines; ++a) {
                second += _lineTimesLine(work, a, a) + 2 * lines * _lineTimesScatters(work, a);
                for (uint256 b; b < a; ++b) second += 2 * _lineTimesLine(work, a, b);
            }
        }
    }

    /// @notice The sum over all windows of the product of two lines' wins.
    function _lineTimesLine(
        Work memory work,
        uint256 a,
        uint256 b
    ) private pure returns (uint256 sum) {
        unchecked {
            uint256 cell = work.cells[a * 5];
            if (cell == work.cells[b * 5]) {
                // Both begin with the same symbol: each is looked at once, not at each of its stops.
                for (uint256 symbol = SCATTER + 1; symbol < work.symbols; ++symbol) {
                    uint256 stops = _bitsOf(work.matches[cell + symbol]);
                    if (stops != 0) sum += stops * _runTimesRun(work, a, b, symbol, symbol);
                }
                return sum;
            }
            for (uint256 stop; stop < STOPS; ++stop) {
                (uint256 s, uint256 t) = (_first(work, a, stop), _first(work, b, stop));
                if (s != SCATTER && t != SCATTER) sum += _runTimesRun(work, a, b, s, t);
            }
        }
    }

    /// @notice The same over the windows of the reels after the first, where the lines begin with these symbols.
    function _runTimesRun(
        Work memory work,
        uint256 a,
        uint256 b,
        uint256 s,
        uint256 t
    ) private pure returns (uint256 sum) {
        unchecked {
            // Windows of the reels so far in which both runs are unbroken.
            uint256 both = 1;
            for (uint256 n = 2; n <= work.reels; ++n) {
                uint256 stops = work.matches[work.cells[a * 5 + n - 1] + s];
                stops &= work.matches[work.cells[b * 5 + n - 1] + t];
                if (stops == 0) break;
                both *= _bitsOf(stops);
                (uint256 runS, uint256 runT) = (s * 6 + n, t * 6 + n);
                (uint256 gainS, uint256 gainT) = (work.gains[runS], work.gains[runT]);
                // Now both gain, or only one does and the other has its gains to come.
                if (gainS != 0) sum += both * gainS * work.values[runT];
                if (gainT != 0) sum += both * gainT * work.tails[runS];
            }
        }
    }

    /// @notice The sum over all windows of the product of a line's win and the stakes that the scatters pay.
    function _lineTimesScatters(Work memory work, uint256 line) private pure returns (uint256 sum) {
        unchecked {
            for (uint256 stop; stop < STOPS; ++stop) {
                uint256 symbol = _first(work, line, stop);
                if (symbol == SCATTER) continue;
                // Windows of the reels so far in which the run is unbroken, by how many scatters they show.
                uint256 unbroken = (work.scatters[0] >> stop) & 1 == 1 ? ONE_SCATTER : 1;
                for (uint256 n = 2; n <= work.reels && unbroken != 0; ++n) {
                    uint256 stops = work.matches[work.cells[line * 5 + n - 1] + symbol];
                    uint256 shown = _bitsOf(stops & work.scatters[n - 1]);
                    unbroken *= _bitsOf(stops) - shown + shown * ONE_SCATTER;
                    uint256 gain = work.gains[symbol * 6 + n];
                    if (gain != 0) sum += gain * _scattered(work, unbroken * work.rests[n], 1);
                }
            }
        }
    }

    /// @notice What scatters pay over windows counted by how many they show, in stakes to a power.
    /// @param windows A polynomial in the number of scatters, 40 bits for each coefficient: its product with that of
    /// other reels counts the windows of all of them.
    function _scattered(
        Work memory work,
        uint256 windows,
        uint256 power
    ) private pure returns (uint256 sum) {
        unchecked {
            for (uint256 count = 2; count <= 5; ++count) {
                uint256 pays = _scatterPay(work, count);
                sum += uint40(windows >> (40 * count)) * (power == 1 ? pays : pays * pays);
            }
        }
    }

    /// @notice The largest total win of all windows, in line bets.
    function _largest(Work memory work) internal pure returns (uint256 best) {
        for (uint256 stop; stop < STOPS; ++stop) {
            (uint256 running, uint256 most) = _begin(work, stop);
            best = _larger(work, 1, running, most, (work.scatters[0] >> stop) & 1, best);
        }
    }

    /// @notice The runs that a stop of the first reel begins, and what they win if all go on to the end.
    function _begin(
        Work memory work,
        uint256 stop
    ) private pure returns (uint256 running, uint256 most) {
        unchecked {
            for (uint256 row; row < ROWS; ++row) {
                uint256 symbol = _shown(work, row, stop);
                work.shown[row] = symbol;
                if (symbol == SCATTER) continue;
                running |= work.linesAt[row];
                most += _bitsOf(work.linesAt[row]) * work.lacks[symbol * 6 + 1];
            }
        }
    }

    /// @notice The largest win of the windows that begin with some reels, or one already found that is no smaller.
    /// @param reel How many reels stand.
    /// @param running A bit for each line whose run is unbroken.
    /// @param most What the lines win if those go on to the end. Where this, with a scatter on each reel to come, is no
    /// more than the best found, nothing better begins so. A machine whose largest win is at its first stops is found
    /// out soonest.
    function _larger(
        Work memory work,
        uint256 reel,
        uint256 running,
        uint256 most,
        uint256 scatters,
        uint256 best
    ) private pure returns (uint256) {
        unchecked {
            uint256 rest = work.reels - reel;
            if (most + work.lines * _scatterPay(work, scatters + rest) <= best) return best;
            if (rest == 0) return most + work.lines * _scatterPay(work, scatters);
            for (uint256 stop; stop < STOPS; ++stop) {
                (uint256 still, uint256 left) = _goOn(work, reel, stop, running, most);
                uint256 shown = scatters + ((work.scatters[reel] >> stop) & 1);
                if (left + work.lines * _scatterPay(work, shown + rest - 1) <= best) continue;
                best = _larger(work, reel + 1, still, left, shown, best);
            }
            return best;
        }
    }

    /// @notice What a stop of the next reel leaves of the runs.
    /// @dev Lines that begin on the same row have the same symbol: three groups, whatever the lines.
    function _goOn(
        Work memory work,
        uint256 reel,
        uint256 stop,
        uint256 running,
        uint256 most
    ) private pure returns (uint256 still, uint256 left) {
        unchecked {
            uint256 first = (reel * STOPS + stop) * MAX_SYMBOLS;
            left = most;
            for (uint256 row; row < ROWS; ++row) {
                uint256 group = running & work.linesAt[row];
                if (group == 0) continue;
                uint256 symbol = work.shown[row];
                uint256 goes = group & work.goesOn[first + symbol];
                still |= goes;
                if (goes != group) left -= _bitsOf(group ^ goes) * work.lacks[symbol * 6 + reel];
            }
        }
    }

    function _scatterPay(Work memory work, uint256 count) private pure returns (uint256) {
        unchecked {
            return count < 2 ? 0 : uint16(work.scatterPays >> ((count - 2) << 4));
        }
    }

    /// @notice The symbol on a row of the first reel.
    function _shown(Work memory work, uint256 row, uint256 stop) private pure returns (uint256) {
        unchecked {
            return (work.strips[0] >> (248 - (((stop + row) & 31) << 3))) & 0xff;
        }
    }

    /// @notice The symbol of a line, when the first reel stands.
    function _first(Work memory work, uint256 line, uint256 stop) private pure returns (uint256) {
        return _shown(work, work.cells[line * 5] / MAX_SYMBOLS, stop);
    }

    /// @notice How many of 32 bits are set: pairs, then fours, then bytes, then their sum modulo 255.
    function _bitsOf(uint256 bits) private pure returns (uint256) {
        unchecked {
            bits -= (bits >> 1) & 0x55555555;
            bits = (bits & 0x33333333) + ((bits >> 2) & 0x33333333);
            return ((bits + (bits >> 4)) & 0x0f0f0f0f) % 255;
        }
    }
}
