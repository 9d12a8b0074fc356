// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Plinko
/// @notice A ball falls through 8 to 16 rows of pins, left or right at each with even chances, into one of the buckets
/// below; the outer ones pay more. Choice: byte 0 is the number of rows, byte 1 the risk, 0 low, 1 medium, 2 high.
contract Plinko is Game {
    /// @notice A table pays alike left and right, and returns between 80% and 99.99% on average; this one does not.
    error TableUnfit(uint256 index);

    uint256 private constant MIN_ROWS = 8;
    uint256 private constant MAX_ROWS = 16;
    uint256 private constant RISKS = 3;
    uint256 private constant TABLES = (MAX_ROWS - MIN_ROWS + 1) * RISKS;
    uint256 private constant LANE = 24;
    uint256 private constant MAX_LANE = (1 << LANE) - 1;
    /// Above the lanes of the nine buckets that the longest table has, one half of 17.
    uint256 private constant ROWS_AT = LANE * (MAX_ROWS / 2 + 1);
    uint256 private constant COPIES = ((1 << 95) - 1) / ((1 << 19) - 1);
    uint256 private constant FIFTHS = ((1 << 95) - 1) / 31;
    /// One hundredth of the stake, WAD.
    uint256 private constant STEP = 0.01e18;
    uint256 private constant MIN_RTP = 0.8e18;
    uint256 private constant MAX_RTP = 0.9999e18;

    /// @notice `keccak256(abi.encode(tables))` of the tables it was created with.
    bytes32 public immutable tableHash;

    uint256[TABLES] private _tables;

    /// @param tables Each in a word, by rows and then by risk: what the buckets pay in hundredths of the stake, the
    /// outermost in the lowest 24 bits, the next one inwards in the next 24, and so on to the middle.
    constructor(uint256[TABLES] memory tables) {
        for (uint256 index; index < TABLES; ++index) {
            uint256 rows = MIN_ROWS + index / RISKS;
            if (tables[index] >> (LANE * (rows / 2 + 1)) != 0) revert TableUnfit(index);
            (, uint256 rtpWad, uint256 varianceWad) = _odds(tables[index] | (rows << ROWS_AT));
            if (rtpWad < MIN_RTP || rtpWad > MAX_RTP || varianceWad == 0) revert TableUnfit(index);
        }
        _tables = tables;
        tableHash = keccak256(abi.encode(tables));
    }

    /// @notice From the table, by binomials: of the `2^rows` paths, `rows over k` end in bucket `k`.
    function odds(bytes16 choice) external view returns (uint256, uint256, uint256) {
        return _odds(_terms(choice));
    }

    /// @notice What each bucket pays, in hundredths of the stake, from the left.
    function table(bytes16 choice) external view returns (uint256[] memory hundredths) {
        uint256 terms = _terms(choice);
        hundredths = new uint256[]((terms >> ROWS_AT) + 1);
        for (uint256 bucket; bucket < hundredths.length; ++bucket)
            hundredths[bucket] = _hundredths(terms, bucket);
    }

    /// @dev The path is the seed's low bits, a 1 for each step to the right: their number is the bucket.
    function _multiplier(uint256 terms, uint256 seed) internal pure override returns (uint256) {
        unchecked {
            return _hundredths(terms, _ones(seed & ((1 << (terms >> ROWS_AT)) - 1))) * STEP;
        }
    }

    /// @return terms The table, and above its lanes the number of rows.
    function _terms(bytes16 choice) internal view override returns (uint256 terms) {
        uint256 rows = uint8(choice[0]);
        uint256 risk = uint8(choice[1]);
        if (rows < MIN_ROWS || rows > MAX_ROWS || risk >= RISKS || choice << 16 != 0)
            revert IllegalChoice(choice);
        unchecked {
            return _tables[(rows - MIN_ROWS) * RISKS + risk] | (rows << ROWS_AT);
        }
    }

    function _odds(
        uint256 terms
    ) private pure returns (uint256 maxMultiplierWad, uint256 rtpWad, uint256 varianceWad) {
        // Multipliers have 24 bits and weights sum up to 2^16: nothing overflows.
        unchecked {
            uint256 rows = terms >> ROWS_AT;
            uint256 most;
            uint256 first;
            uint256 second;
            uint256 paths = 1;
            for (uint256 bucket; bucket <= rows; ++bucket) {
                uint256 hundredths = _hundredths(terms, bucket);
                if (hundredths > most) most = hundredths;
                first += paths * hundredths;
                second += paths * hundredths * hundredths;
                paths = (paths * (rows - bucket)) / (bucket + 1);
            }
            maxMultiplierWad = most * STEP;
            rtpWad = (first * STEP) >> rows;
            // E[x^2] - E[x]^2 with both terms over 4^rows, so that only the last step rounds, and up.
            uint256 numerator = ((second << rows) - first * first) * (STEP / 100);
            varianceWad = (numerator + (1 << (2 * rows)) - 1) >> (2 * rows);
        }
    }

    /// @dev As far from the left end as from the right one.
    function _hundredths(uint256 terms, uint256 bucket) private pure returns (uint256) {
        unchecked {
            uint256 mirrored = (terms >> ROWS_AT) - bucket;
            return (terms >> (LANE * (bucket < mirrored ? bucket : mirrored))) & MAX_LANE;
        }
    }

    /// @notice How many of 16 bits are set. Of five copies, 19 bits apart, every fifth position holds each bit once; modulo
    /// 31, all these positions count one.
    function _ones(uint256 bits) private pure returns (uint256) {
        unchecked {
            return ((bits * COPIES) & FIFTHS) % 31;
        }
    }
}
