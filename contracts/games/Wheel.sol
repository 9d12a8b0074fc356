// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Wheel
/// @notice A wheel of 10, 20, 30, 40 or 50 equal segments stops at one of them, which says what is paid.
/// Choice: byte 0 is the number of segments, byte 1 the risk, 0 low, 1 medium, 2 high.
contract Wheel is Game {
    /// @notice A wheel returns between 80% and 99.99% on average and has no more than it says; this one does not.
    error TableUnfit(uint256 index);

    uint256 private constant SEGMENTS_STEP = 10;
    uint256 private constant MAX_SEGMENTS = 50;
    uint256 private constant RISKS = 3;
    uint256 private constant TABLES = (MAX_SEGMENTS / SEGMENTS_STEP) * RISKS;
    /// A segment names one of six prizes in 3 bits, a prize has 16: all of a wheel is one word.
    uint256 private constant SEGMENT = 3;
    uint256 private constant PRIZE = 16;
    uint256 private constant PRIZES = 6;
    uint256 private constant PRIZES_AT = SEGMENT * MAX_SEGMENTS;
    uint256 private constant SEGMENTS_AT = PRIZES_AT + PRIZE * PRIZES;
    /// One hundredth of the stake, WAD.
    uint256 private constant STEP = 0.01e18;
    uint256 private constant MIN_RTP = 0.8e18;
    uint256 private constant MAX_RTP = 0.9999e18;

    /// @notice `keccak256(abi.encode(tables))` of the tables it was created with.
    bytes32 public immutable tableHash;

    uint256[TABLES] private _tables;

    /// @param tables Each in a word, by segments and then by risk. From the lowest bit: for each of 50 segments the
    /// number of its prize 3, 0 where there is no such segment; for each of six prizes what it pays in hundredths of the
    /// stake 16.
    constructor(uint256[TABLES] memory tables) {
        for (uint256 index; index < TABLES; ++index) {
            uint256 segments = (index / RISKS + 1) * SEGMENTS_STEP;
            uint256 word = tables[index];
            uint256 unused = (word & ((1 << PRIZES_AT) - 1)) >> (SEGMENT * segments);
            if (word >> SEGMENTS_AT != 0 || unused != 0) revert TableUnfit(index);
            for (uint256 segment; segment < segments; ++segment)
                if ((word >> (SEGMENT * segment)) & 7 >= PRIZES) revert TableUnfit(index);
            (, uint256 rtpWad, uint256 varianceWad) = _odds(word | (segments << SEGMENTS_AT));
            if (rtpWad < MIN_RTP || rtpWad > MAX_RTP || varianceWad == 0) revert TableUnfit(index);
        }
        _tables = tables;
        tableHash = keccak256(abi.encode(tables));
    }

    /// @notice From the table, by counting: every segment is as likely as any other.
    function odds(bytes16 choice) external view returns (uint256, uint256, uint256) {
        return _odds(_terms(choice));
    }

    /// @notice What each segment pays, in hundredths of the stake, in their order on the wheel.
    function table(bytes16 choice) external view returns (uint256[] memory hundredths) {
        uint256 terms = _terms(choice);
        hundredths = new uint256[](terms >> SEGMENTS_AT);
        for (uint256 segment; segment < hundredths.length; ++segment)
            hundredths[segment] = _hundredths(terms, segment);
    }

    function _multiplier(uint256 terms, uint256 seed) internal pure override returns (uint256) {
        unchecked {
            return _hundredths(terms, seed % (terms >> SEGMENTS_AT)) * STEP;
        }
    }

    /// @return terms The table, and above its prizes the number of segments.
    function _terms(bytes16 choice) internal view override returns (uint256 terms) {
        uint256 segments = uint8(choice[0]);
        uint256 risk = uint8(choice[1]);
        if (
            segments == 0 ||
            segments > MAX_SEGMENTS ||
            segments % SEGMENTS_STEP != 0 ||
            risk >= RISKS ||
            choice << 16 != 0
        ) revert IllegalChoice(choice);
        unchecked {
            uint256 index = (segments / SEGMENTS_STEP - 1) * RISKS + risk;
            return _tables[index] | (segments << SEGMENTS_AT);
        }
    }

    function _odds(
        uint256 terms
    ) private pure returns (uint256 maxMultiplierWad, uint256 rtpWad, uint256 varianceWad) {
        // Prizes have 16 bits, segments 6: nothing overflows.
        unchecked {
            uint256 segments = terms >> SEGMENTS_AT;
            uint256 most;
            uint256 first;
            uint256 second;
            for (uint256 segment; segment < segments; ++segment) {
                uint256 hundredths = _hundredths(terms, segment);
                if (hundredths > most) most = hundredths;
                first += hundredths;
                second += hundredths * hundredths;
            }
            maxMultiplierWad = most * STEP;
            rtpWad = (first * STEP) / segments;
            // E[x^2] - E[x]^2 with both terms over segments^2, so that only the last step rounds, and up.
            uint256 numerator = (second * segments - first * first) * (STEP / 100);
            varianceWad = (numerator + segments * segments - 1) / (segments * segments);
        }
    }

    function _hundredths(uint256 terms, uint256 segment) private pure returns (uint256) {
        unchecked {
            uint256 prize = (terms >> (SEGMENT * segment)) & 7;
            return (terms >> (PRIZES_AT + PRIZE * prize)) & 0xffff;
        }
    }
}
