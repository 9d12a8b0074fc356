// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Slot machine
/// @notice Three or five reels of 32 stops each, three rows of which show; up to ten lines, all of them bet on with
/// every spin. The machine is data, fixed and hashed when this is created, and its odds are computed here, exactly.
/// Choice: none, all bytes are 0.
///
/// The rules. Reel `r` stops at bits `5r` to `5r + 4` of the seed: no bias at all. Its top row shows that stop of the
/// strip, the rows below the next two, and the strip begins again after its end.
/// A line goes by one cell of each reel. Its symbol is that on the first reel; its run goes on to the right as long as
/// it meets the same symbol or the wild. The run pays what the table says for this symbol and length, once, in line
/// bets. There is no wild on the first reel. The scatter forms no run and the wild is never taken for one.
/// Scatters pay by how many cells show one, wherever they are, in whole stakes. All wins are added up.
///
/// @dev Line bets are the stake over the number of lines, which must divide 1e18: no multiplier is rounded.
contract SlotMachine is Game {
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
        /// The symbol of each line, while the largest win is looked for.
        uint256[10] symbolOf;
    }

    uint256 private constant WILD = 0;
    uint256 private constant SCATTER = 1;
    uint256 private constant STOPS = 32;
    uint256 private constant ROWS = 3;
    uint256 private constant MAX_SYMBOLS = 12;
    uint256 private constant MAX_LINES = 10;
    /// 15 cells of a byte each: the value 1, and what lifts every other small value to its highest bit.
    uint256 private constant EACH_CELL = 0x010101010101010101010101010101;
    /// A polynomial's coefficients have 40 bits each: those of one scatter lie here. They stay under 32^5.
    uint256 private constant ONE_SCATTER = 1 << 40;

    /// @notice `keccak256(abi.encode(reels, lines, pays))`, as `machine` returns them.
    bytes32 public immutable machineHash;

    uint256 private immutable _reelCount;
    uint256 private immutable _lineCount;
    uint256 private immutable _symbolCount;
    uint256 private immutable _reel0;
    uint256 private immutable _reel1;
    uint256 private immutable _reel2;
    uint256 private immutable _reel3;
    uint256 private immutable _reel4;
    /// For each line 20 bits, for each of its reels 4: the byte of the window (see `_window`).
    uint256 private immutable _lines;
    /// For each of four symbols 64 bits, for runs of 2, 3, 4 and 5 of it 16 bits: line bets.
    uint256 private immutable _pays0;
    uint256 private immutable _pays4;
    uint256 private immutable _pays8;
    /// For 2, 3, 4 and 5 scatters 16 bits: stakes.
    uint256 private immutable _scatterPays;
    uint256 private immutable _maxMultiplierWad;
    uint256 private immutable _rtpWad;
    uint256 private immutable _varianceWad;

    /// @param reels Of each stop a byte, the first leftmost: 0 is the wild, 1 the scatter, others as in `pays`.
    /// @param lines Of each reel a byte: the row, 0 at the top.
    /// @param pays Of each symbol four times 16 bits, the lowest first: what 2, 3, 4 and 5 of it pay, in line bets, and
    /// in stakes for the scatter.
    constructor(bytes32[] memory reels, bytes5[] memory lines, uint64[] memory pays) {
        Work memory work;
        (work.reels, work.lines, work.symbols) = (reels.length, lines.length, pays.length);
        if (work.reels != 3 && work.reels != 5) revert ReelIllegal(work.reels);

        machineHash = keccak256(abi.encode(reels, lines, pays));
        (_reelCount, _lineCount, _symbolCount) = (work.reels, work.lines, work.symbols);
        (_pays0, _pays4, _pays8) = _readPays(work, pays);
        _scatterPays = pays[SCATTER];
        _lines = _readLines(work, lines);
        for (uint256 reel; reel < work.reels; ++reel) _readReel(work, reel, uint256(reels[reel]));
        _reel0 = work.strips[0];
        _reel1 = work.strips[1];
        _reel2 = work.strips[2];
        _reel3 = work.strips[3];
        _reel4 = work.strips[4];

        (uint256 first, uint256 second) = _moments(work);
        uint256 windows = STOPS ** work.reels;
        uint256 lineBetWad = WAD / work.lines;
        uint256 rtp = (first * lineBetWad) / windows;
        if (rtp < 0.8e18 || rtp > 0.9999e18) revert ReturnOutOfBounds(rtp);
        _rtpWad = rtp;
        // (E[x^2] - E[x]^2) over windows^2: only the last step rounds, and up.
        uint256 numerator = (second * windows - first * first) * lineBetWad * lineBetWad;
        _varianceWad = (numerator - 1) / (windows * windows * WAD) + 1;
        _maxMultiplierWad = _largest(work) * lineBetWad;
    }

    /// @notice The machine, as this was created with it.
    function machine()
        external
        view
        returns (bytes32[] memory reels, bytes5[] memory lines, uint64[] memory pays)
    {
        reels = new bytes32[](_reelCount);
        uint256[5] memory strips = [_reel0, _reel1, _reel2, _reel3, _reel4];
        for (uint256 reel; reel < _reelCount; ++reel) reels[reel] = bytes32(strips[reel]);

        lines = new bytes5[](_lineCount);
        for (uint256 line; line < _lineCount; ++line) {
            uint256 rows;
            for (uint256 reel; reel < 5; ++reel) {
                rows = (rows << 8) | (reel < _reelCount ? _rowOf(line, reel) : 0);
            }
            lines[line] = bytes5(uint40(rows));
        }

        pays = new uint64[](_symbolCount);
        for (uint256 symbol; symbol < _symbolCount; ++symbol) {
            pays[symbol] = uint64(_paysFrom(symbol) >> (64 * (symbol & 3)));
        }
        pays[SCATTER] = uint64(_scatterPays);
    }

    /// @notice Computed when this was created, all of them exactly.
    function odds(bytes16 choice) external view returns (uint256, uint256, uint256) {
        _terms(choice);
        return (_maxMultiplierWad, _rtpWad, _varianceWad);
    }

    function _multiplier(uint256, uint256 seed) internal view override returns (uint256) {
        unchecked {
            uint256 window =
                _view(_reel0, seed, 0) |
                    _view(_reel1, seed, 1) |
                    _view(_reel2, seed, 2) |
                    _view(_reel3, seed, 3) |
                    _view(_reel4, seed, 4);
            uint256 stakes = _scatterPay(_scattersIn(window));
            return (_lineWins(window) + stakes * _lineCount) * (WAD / _lineCount);
        }
    }

    function _terms(bytes16 choice) internal pure override returns (uint256) {
        if (choice != 0) revert IllegalChoice(choice);
        return 0;
    }

    /// @notice What all lines pay together, in line bets. Cells that are 0 continue every run.
    function _lineWins(uint256 window) private view returns (uint256 wins) {
        unchecked {
            (uint256 reels, uint256 cells) = (_reelCount, _lines);
            for (uint256 left = _lineCount; left != 0; --left) {
                uint256 symbol = _cell(window, cells);
                uint256 run = 1;
                for (uint256 next = cells >> 4; run < reels; next >>= 4) {
                    uint256 other = _cell(window, next);
                    if (other != symbol && other != WILD) break;
                    ++run;
                }
                if (run > 1) {
                    wins += uint16(_paysFrom(symbol) >> (((symbol & 3) << 6) + ((run - 2) << 4)));
                }
                cells >>= 20;
            }
        }
    }

    /// @notice Three cells of a strip from a stop on, the top one in the highest byte, moved to their reel's place.
    function _view(uint256 strip, uint256 seed, uint256 reel) private pure returns (uint256) {
        unchecked {
            uint256 bits = ((seed >> (5 * reel)) & 31) << 3;
            return (((strip << bits) | (strip >> (256 - bits))) >> 232) << (24 * reel);
        }
    }

    function _cell(uint256 window, uint256 cells) private pure returns (uint256) {
        return (window >> ((cells & 15) << 3)) & 0xff;
    }

    /// @notice The word that holds the pays of a symbol. The scatter's are 0: no line pays it.
    function _paysFrom(uint256 symbol) private view returns (uint256) {
        return
            symbol < 4
                ? _pays0
                : symbol < 8
                    ? _pays4
                    : _pays8;
    }

    /// @notice How many of 15 cells are 1: a cell's lowest bit differs from 1 in nothing, and lifts no 0x7f.
    function _scattersIn(uint256 window) private pure returns (uint256) {
        unchecked {
            uint256 others = ((window ^ EACH_CELL) + EACH_CELL * 0x7f) >> 7;
            return 15 - ((others & EACH_CELL) % 255);
        }
    }

    function _scatterPay(uint256 count) private view returns (uint256) {
        unchecked {
            return count < 2 ? 0 : uint16(_scatterPays >> ((count - 2) << 4));
        }
    }

    function _rowOf(uint256 line, uint256 reel) private view returns (uint256) {
        return 3 * reel + 2 - ((_lines >> (20 * line + 4 * reel)) & 15);
    }

    // What follows runs once, when this is created. No sum comes near to overflowing: a window wins under 2^24 line bets,
    // of two windows the product is under 2^48, and there are 2^25 windows.

    function _readPays(
        Work memory work,
        uint64[] memory pays
    ) private pure returns (uint256, uint256, uint256) {
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
        return (words[0], words[1], words[2]);
    }

    function _readLines(
        Work memory work,
        bytes5[] memory lines
    ) private pure returns (uint256 packed) {
        uint256 count = lines.length;
        if (count == 0 || count > MAX_LINES || WAD % count != 0) revert LineIllegal(count);
        for (uint256 line; line < count; ++line) {
            for (uint256 reel; reel < 5; ++reel) {
                uint256 row = uint8(lines[line][reel]);
                if (row >= (reel < work.reels ? ROWS : 1)) revert LineIllegal(line);
                work.cells[line * 5 + reel] = (reel * ROWS + row) * MAX_SYMBOLS;
                if (reel < work.reels) packed |= (3 * reel + 2 - row) << (20 * line + 4 * reel);
            }
        }
    }

    function _readReel(Work memory work, uint256 reel, uint256 strip) private pure {
        work.strips[reel] = strip;
        for (uint256 stop; stop < STOPS; ++stop) {
            uint256 window = _view(strip, stop, 0);
            uint256 scatters = _scattersIn(window);
            if (scatters > 1) revert ReelIllegal(reel);
            work.scatters[reel] |= scatters << stop;
            for (uint256 row; row < ROWS; ++row) {
                uint256 shown = _cell(window, 2 - row);
                if (shown >= work.symbols || (reel == 0 && shown == WILD)) revert ReelIllegal(reel);
                uint256 cell = (reel * ROWS + row) * MAX_SYMBOLS;
                for (uint256 symbol = SCATTER + 1; symbol < work.symbols; ++symbol) {
                    if (shown == symbol || shown == WILD) work.matches[cell + symbol] |= 1 << stop;
                }
            }
        }
    }

    /// @return first The sum over all windows of the total win, in line bets.
    /// @return second The sum of its squares.
    /// @dev The reels are independent, so that sums over windows are products over reels. The square of a sum of lines is
    /// the sum over all pairs of lines; both runs of a pair go on at the stops that continue both.
    function _moments(Work memory work) private view returns (uint256 first, uint256 second) {
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
            first = lines * (first + _scattered(work.rests[0], 1));
            second = lines * lines * _scattered(work.rests[0], 2);
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
            for (uint256 stop; stop < STOPS; ++stop) {
                (uint256 s, uint256 t) = (_first(work, a, stop), _first(work, b, stop));
                if (s == SCATTER || t == SCATTER) continue;
                // Windows of the reels so far in which both runs are unbroken.
                uint256 both = 1;
                for (uint256 n = 2; n <= work.reels; ++n) {
                    uint256 stopsA = work.matches[work.cells[a * 5 + n - 1] + s];
                    uint256 stops = stopsA & work.matches[work.cells[b * 5 + n - 1] + t];
                    if (stops == 0) break;
                    both *= _bitsOf(stops);
                    (uint256 runS, uint256 runT) = (s * 6 + n, t * 6 + n);
                    // Now both gain, or only one does and the other has its gains to come.
                    uint256 sNow = work.gains[runS] * work.values[runT];
                    sum += both * (sNow + work.gains[runT] * work.tails[runS]);
                }
            }
        }
    }

    /// @notice The sum over all windows of the product of a line's win and the stakes that the scatters pay.
    function _lineTimesScatters(Work memory work, uint256 line) private view returns (uint256 sum) {
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
                    if (gain != 0) sum += gain * _scattered(unbroken * work.rests[n], 1);
                }
            }
        }
    }

    /// @notice What scatters pay over windows counted by how many they show, in stakes to a power.
    /// @param windows A polynomial in the number of scatters, 40 bits for each coefficient: its product with that of
    /// other reels counts the windows of all of them.
    function _scattered(uint256 windows, uint256 power) private view returns (uint256 sum) {
        unchecked {
            for (uint256 count = 2; count <= 5; ++count) {
                uint256 pays = _scatterPay(count);
                sum += uint40(windows >> (40 * count)) * (power == 1 ? pays : pays * pays);
            }
        }
    }

    /// @notice The largest total win of all windows, in line bets.
    function _largest(Work memory work) private view returns (uint256 best) {
        for (uint256 stop; stop < STOPS; ++stop) {
            (uint256 most, uint256 running) = (0, 0);
            for (uint256 line; line < work.lines; ++line) {
                uint256 symbol = _first(work, line, stop);
                work.symbolOf[line] = symbol;
                if (symbol == SCATTER) continue;
                running |= 1 << line;
                most += work.lacks[symbol * 6 + 1];
            }
            best = _larger(work, 1, running, most, (work.scatters[0] >> stop) & 1, best);
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
    ) private view returns (uint256) {
        unchecked {
            uint256 bound = most + work.lines * _scatterPay(scatters + work.reels - reel);
            if (bound <= best) return best;
            if (reel == work.reels) return bound;
            uint256[10] memory goesOn;
            for (uint256 line; running >> line != 0; ++line) {
                goesOn[line] = work.matches[work.cells[line * 5 + reel] + work.symbolOf[line]];
            }
            for (uint256 stop; stop < STOPS; ++stop) {
                (uint256 still, uint256 left) = (running, most);
                for (uint256 line; running >> line != 0; ++line) {
                    if ((running >> line) & 1 == 0 || (goesOn[line] >> stop) & 1 == 1) continue;
                    still ^= 1 << line;
                    left -= work.lacks[work.symbolOf[line] * 6 + reel];
                }
                uint256 shown = scatters + ((work.scatters[reel] >> stop) & 1);
                best = _larger(work, reel + 1, still, left, shown, best);
            }
            return best;
        }
    }

    /// @notice The symbol of a line, when the first reel stands.
    function _first(Work memory work, uint256 line, uint256 stop) private pure returns (uint256) {
        unchecked {
            return
                (work.strips[0] >>
                    (248 - (((stop + work.cells[line * 5] / MAX_SYMBOLS) & 31) << 3))) & 0xff;
        }
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
