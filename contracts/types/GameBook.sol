// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What the counted bets of one game in one asset have reserved and lost, and the bounds for both, in one slot.
/// @dev From the lowest bit: reserved 56, the day's loss 56, that day 16, listed at 40, cap 14, loss bound 14 (basis
/// points). Small bets of a game that is no longer young are not counted: see `ICasino`, RISK.
type GameBook is uint256;

using GameBookLibrary for GameBook global;

library GameBookLibrary {
    uint256 private constant AMOUNT_MASK = (1 << 56) - 1;
    uint256 private constant BPS_MASK = (1 << 14) - 1;

    function reserved(GameBook book) internal pure returns (uint256) {
        return GameBook.unwrap(book) & AMOUNT_MASK;
    }

    /// @notice What the house has lost on counted bets that were settled on this day, net, units; 0 where it gained.
    function lossOn(GameBook book, uint256 timestamp) internal pure returns (uint256) {
        if ((GameBook.unwrap(book) >> 112) & 0xffff != _day(timestamp)) return 0;
        return (GameBook.unwrap(book) >> 56) & AMOUNT_MASK;
    }

    /// @notice Seconds; 0 if the game never had terms for the asset.
    function listedAt(GameBook book) internal pure returns (uint256) {
        return (GameBook.unwrap(book) >> 128) & type(uint40).max;
    }

    function capBps(GameBook book) internal pure returns (uint256) {
        return (GameBook.unwrap(book) >> 168) & BPS_MASK;
    }

    function lossBps(GameBook book) internal pure returns (uint256) {
        return (GameBook.unwrap(book) >> 182) & BPS_MASK;
    }

    function withTerms(
        GameBook book,
        uint256 listedAt_,
        uint256 capBps_,
        uint256 lossBps_
    ) internal pure returns (GameBook) {
        uint256 kept = GameBook.unwrap(book) & ((1 << 128) - 1);
        return GameBook.wrap(kept | (listedAt_ << 128) | (capBps_ << 168) | (lossBps_ << 182));
    }

    /// @dev The caller has checked that it stays within the cap.
    function opened(GameBook book, uint256 reserve) internal pure returns (GameBook) {
        unchecked {
            return GameBook.wrap(GameBook.unwrap(book) + reserve);
        }
    }

    /// @notice The book once a counted bet ended: its reserve is free and the day's loss has changed.
    /// @dev The day's gains are forgotten at zero, so that the bound is on any run of losses within the day.
    function closed(
        GameBook book,
        uint256 reserve,
        uint256 paid,
        uint256 staked,
        uint256 timestamp
    ) internal pure returns (GameBook) {
        unchecked {
            uint256 loss = book.lossOn(timestamp) + paid;
            loss = loss > staked ? loss - staked : 0;
            if (loss > AMOUNT_MASK) loss = AMOUNT_MASK;
            uint256 kept = GameBook.unwrap(book) & ~(((uint256(1) << 72) - 1) << 56);
            return GameBook.wrap((kept - reserve) | (loss << 56) | (_day(timestamp) << 112));
        }
    }

    function _day(uint256 timestamp) private pure returns (uint256) {
        return (timestamp / 1 days) & 0xffff;
    }
}
