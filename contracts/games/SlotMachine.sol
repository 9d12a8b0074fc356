// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SlotMath} from "./SlotMath.sol";

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
contract SlotMachine is SlotMath {
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
        _scatterPays = work.scatterPays;
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

    /// @notice The word that holds the pays of a symbol. The scatter's are 0: no line pays it.
    function _paysFrom(uint256 symbol) private view returns (uint256) {
        return
            symbol < 4
                ? _pays0
                : symbol < 8
                    ? _pays4
                    : _pays8;
    }

    function _scatterPay(uint256 count) private view returns (uint256) {
        unchecked {
            return count < 2 ? 0 : uint16(_scatterPays >> ((count - 2) << 4));
        }
    }

    function _rowOf(uint256 line, uint256 reel) private view returns (uint256) {
        return 3 * reel + 2 - ((_lines >> (20 * line + 4 * reel)) & 15);
    }
}
