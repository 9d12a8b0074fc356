// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Keno
/// @notice Pick 1 to 10 of the numbers 1 to 40; ten are drawn without replacement; the more are hit, the more is paid.
/// Choice: bytes 0 to 4 are the picks, number `n` bit `n - 1` from the right; byte 5 is the risk, 0 low, 1 medium,
/// 2 high.
/// @dev The draw is the first ten steps of a Fisher-Yates shuffle. Each step takes a digit of the seed, in the radices
/// 40, 39, ... 31: one seed has exactly one list of digits, and one list gives exactly one of the 40!/30! orders, so all
/// orders are equally likely, but for a bias under 2^-200: their number is under 2^53.
contract Keno is Game {
    /// @notice The tables are not 30, or one of them pays nothing, pays less for more hits, pays for more hits than
    /// picks, or has bits to spare set. Tables count by risk, then by picks.
    error PaytableIllegal(uint256 table);
    /// @notice The table would return less than 0.8 or more than 0.9999 of a stake.
    error ReturnOutOfBounds(uint256 table, uint256 rtpWad);

    uint256 private constant NUMBERS = 40;
    uint256 private constant DRAWN = 10;
    uint256 private constant MAX_PICKS = 10;
    uint256 private constant RISKS = 3;
    /// Ways to draw 10 of 40.
    uint256 private constant DRAWS = 847_660_528;
    /// Numbers 0 to 39, of 6 bits each, the first lowest.
    uint256 private constant BALLS = 0x9e69648e28607de75c6da6585d65544d24503ce34c2ca2481c61440c2040;
    /// Bits of a multiplier, in hundredths of the stake: up to 83,886 times.
    uint256 private constant ENTRY_BITS = 23;
    uint256 private constant ENTRY_MASK = (1 << ENTRY_BITS) - 1;
    uint256 private constant HUNDREDTH = WAD / 100;

    /// @notice `keccak256(abi.encode(paytables()))`.
    bytes32 public immutable tableHash;

    /// For 0, 1, 2, ... hits 23 bits each, the first lowest.
    uint256[RISKS * MAX_PICKS] private _paytables;
    /// From the lowest bit: RTP 64, maximum multiplier 64, variance 128.
    uint256[RISKS * MAX_PICKS] private _odds;

    /// @param tables Those of 1 to 10 picks at low risk, then at medium, then at high: the multipliers of 0, 1, 2, ...
    /// hits in hundredths of the stake, 23 bits each, the first lowest.
    constructor(uint256[] memory tables) {
        if (tables.length != RISKS * MAX_PICKS) revert PaytableIllegal(tables.length);
        for (uint256 table; table < tables.length; ++table) {
            _paytables[table] = tables[table];
            _odds[table] = _oddsOf(table, tables[table]);
        }
        tableHash = keccak256(abi.encode(_paytables));
    }

    /// @notice The tables, packed as this was created with them.
    function paytables() external view returns (uint256[RISKS * MAX_PICKS] memory) {
        return _paytables;
    }

    /// @notice One table: what 0, 1, 2, ... hits pay, in hundredths of the stake.
    function paytable(uint256 risk, uint256 picks) external view returns (uint256[] memory pays) {
        uint256 packed = _paytables[risk * MAX_PICKS + picks - 1];
        pays = new uint256[](picks + 1);
        for (uint256 hits; hits <= picks; ++hits) pays[hits] = _entry(packed, hits);
    }

    /// @notice Of all draws, `C(picks, hits) * C(40 - picks, 10 - hits)` hit as many; summed up when this was created.
    function odds(
        bytes16 choice
    ) external view returns (uint256 maxMultiplierWad, uint256 rtpWad, uint256 varianceWad) {
        uint256 packed = _odds[_terms(choice) >> NUMBERS];
        return (uint64(packed >> 64) * HUNDREDTH, uint64(packed), packed >> 128);
    }

    function _multiplier(uint256 terms, uint256 seed) internal view override returns (uint256) {
        unchecked {
            uint256 balls = BALLS;
            uint256 hits;
            for (uint256 left = NUMBERS; left > NUMBERS - DRAWN; --left) {
                uint256 shift = (seed % left) * 6;
                seed /= left;
                uint256 ball = (balls >> shift) & 63;
                hits += (terms >> ball) & 1;
                // The last ball left takes the place of the one drawn.
                balls ^= (ball ^ ((balls >> (6 * left - 6)) & 63)) << shift;
            }
            return _entry(_paytables[terms >> NUMBERS], hits) * HUNDREDTH;
        }
    }

    /// @return terms From the lowest bit: picks 40, index of the table.
    function _terms(bytes16 choice) internal pure override returns (uint256 terms) {
        uint256 picks = uint40(bytes5(choice));
        uint256 risk = uint8(choice[5]);
        uint256 count = _bitsOf(picks);
        if (risk >= RISKS || count == 0 || count > MAX_PICKS || choice << 48 != 0) {
            revert IllegalChoice(choice);
        }
        unchecked {
            return picks | ((risk * MAX_PICKS + count - 1) << NUMBERS);
        }
    }

    /// @return packed As `_odds` holds them; reverts for a table that this game would not offer.
    function _oddsOf(uint256 table, uint256 packed_) private pure returns (uint256 packed) {
        uint256 picks = (table % MAX_PICKS) + 1;
        uint256 pays;
        uint256 first;
        uint256 second;
        for (uint256 hits; hits <= picks; ++hits) {
            uint256 more = _entry(packed_, hits);
            if (more < pays) revert PaytableIllegal(table);
            pays = more;
            uint256 draws = _ways(picks, hits) * _ways(NUMBERS - picks, DRAWN - hits);
            first += draws * pays;
            second += draws * pays * pays;
        }
        if (pays == 0 || packed_ >> (ENTRY_BITS * (picks + 1)) != 0) revert PaytableIllegal(table);

        uint256 rtp = (first * HUNDREDTH) / DRAWS;
        if (rtp < 0.8e18 || rtp > 0.9999e18) revert ReturnOutOfBounds(table, rtp);
        // (E[x^2] - E[x]^2) over DRAWS^2, from hundredths squared to WAD: only the last step rounds, and up.
        uint256 numerator = (second * DRAWS - first * first) * (HUNDREDTH / 100);
        uint256 variance = (numerator - 1) / (DRAWS * DRAWS) + 1;
        return rtp | (pays << 64) | (variance << 128);
    }

    /// @notice Ways to take `k` of `n`, in any order.
    function _ways(uint256 n, uint256 k) private pure returns (uint256 ways) {
        ways = 1;
        // Each product of i neighbours is divisible by i: no step rounds.
        for (uint256 i = 1; i <= k; ++i) ways = (ways * (n - k + i)) / i;
    }

    function _entry(uint256 packed, uint256 hits) private pure returns (uint256) {
        unchecked {
            return (packed >> (ENTRY_BITS * hits)) & ENTRY_MASK;
        }
    }

    /// @notice How many of the low 40 bits are set: pairs, then fours, then bytes, then their sum modulo 255.
    function _bitsOf(uint256 bits) private pure returns (uint256) {
        unchecked {
            bits -= (bits >> 1) & 0x5555555555;
            bits = (bits & 0x3333333333) + ((bits >> 2) & 0x3333333333);
            return ((bits + (bits >> 4)) & 0x0f0f0f0f0f) % 255;
        }
    }
}
