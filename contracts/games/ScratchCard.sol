// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Scratch card
/// @notice A ticket from a printed run that never runs out: each card is drawn afresh from all of its tickets.
/// Choice: none, all bytes are 0.
/// @dev The card's picture is the twin's: it shows the prize and decides nothing.
contract ScratchCard is Game {
    /// @notice One to eight prizes, each of at least one ticket, the multipliers falling and fitting 32 bits, and
    /// fewer than 2^32 tickets with at least one that loses.
    error PrizesIllegal();
    /// @notice The table would return less than 0.8 or more than 0.9999 of a stake.
    error ReturnOutOfBounds(uint256 rtpWad);

    uint256 private constant MAX_PRIZES = 8;
    uint256 private constant HUNDREDTH = WAD / 100;

    /// @notice `keccak256(abi.encode(tickets, winners, multipliers))`, as `prizes` returns them.
    bytes32 public immutable tableHash;

    uint256 private immutable _tickets;
    uint256 private immutable _winners;
    uint256 private immutable _count;
    /// Of each prize 32 bits, the first lowest: the first ticket number past those that win it.
    uint256 private immutable _ends;
    /// Of each prize 32 bits, the first lowest: hundredths of the stake.
    uint256 private immutable _multipliers;
    uint256 private immutable _maxMultiplierWad;
    uint256 private immutable _rtpWad;
    uint256 private immutable _varianceWad;

    /// @param tickets How many the run has, those that lose included.
    /// @param winners How many win each prize, the largest prize first.
    /// @param multipliers What each prize pays, in hundredths of the stake.
    constructor(uint256 tickets, uint256[] memory winners, uint256[] memory multipliers) {
        uint256 count = winners.length;
        if (count == 0 || count > MAX_PRIZES || multipliers.length != count || tickets >> 32 != 0) {
            revert PrizesIllegal();
        }

        uint256 end;
        uint256 first;
        uint256 second;
        uint256 ends;
        uint256 packed;
        for (uint256 i; i < count; ++i) {
            uint256 multiplier = multipliers[i];
            uint256 above = i == 0 ? 1 << 32 : multipliers[i - 1];
            if (multiplier == 0 || multiplier >= above) revert PrizesIllegal();
            if (winners[i] == 0 || winners[i] >= tickets) revert PrizesIllegal();
            end += winners[i];
            first += winners[i] * multiplier;
            second += winners[i] * multiplier * multiplier;
            ends |= end << (32 * i);
            packed |= multiplier << (32 * i);
        }
        if (end >= tickets) revert PrizesIllegal();

        uint256 rtp = (first * HUNDREDTH) / tickets;
        if (rtp < 0.8e18 || rtp > 0.9999e18) revert ReturnOutOfBounds(rtp);

        tableHash = keccak256(abi.encode(tickets, winners, multipliers));
        (_tickets, _winners, _count, _ends, _multipliers) = (tickets, end, count, ends, packed);
        _maxMultiplierWad = multipliers[0] * HUNDREDTH;
        _rtpWad = rtp;
        // (E[x^2] - E[x]^2) over tickets^2, from hundredths squared to WAD: only the last step rounds, and up.
        uint256 numerator = (second * tickets - first * first) * (HUNDREDTH / 100);
        _varianceWad = (numerator - 1) / (tickets * tickets) + 1;
    }

    /// @notice The table, as this was created with it.
    function prizes()
        external
        view
        returns (uint256 tickets, uint256[] memory winners, uint256[] memory multipliers)
    {
        tickets = _tickets;
        winners = new uint256[](_count);
        multipliers = new uint256[](_count);
        uint256 before;
        for (uint256 i; i < _count; ++i) {
            uint256 end = uint32(_ends >> (32 * i));
            winners[i] = end - before;
            multipliers[i] = uint32(_multipliers >> (32 * i));
            before = end;
        }
    }

    /// @notice Computed from the table when this was created, exactly.
    function odds(bytes16 choice) external view returns (uint256, uint256, uint256) {
        _terms(choice);
        return (_maxMultiplierWad, _rtpWad, _varianceWad);
    }

    function _multiplier(uint256, uint256 seed) internal view override returns (uint256) {
        unchecked {
            uint256 ticket = seed % _tickets;
            if (ticket >= _winners) return 0;
            uint256 shift;
            while (ticket >= uint32(_ends >> shift)) shift += 32;
            return uint32(_multipliers >> shift) * HUNDREDTH;
        }
    }

    function _terms(bytes16 choice) internal pure override returns (uint256) {
        if (choice != 0) revert IllegalChoice(choice);
        return 0;
    }
}
