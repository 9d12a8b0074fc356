// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title The rules of one game
/// @notice A choice and a seed decide everything, so that anyone can replay a bet with an `eth_call` or with the
/// TypeScript twin of the same name in `sdk/games/`. Nothing in a game ever changes: no writes, no external calls; a
/// game whose tables are data gets them when it is created.
/// @dev Amounts are whole units of the asset (see `ICasino`). Ratios are WAD: 1e18 is one stake.
interface IGame {
    /// @notice The choice is not one this game offers.
    error IllegalChoice(bytes16 choice);

    /// @notice What the choice can win and what it returns on average.
    /// @param choice The player's choice, encoded as the game documents; a common one fits its first 7 bytes.
    /// @return maxMultiplierWad The largest payout for one stake.
    /// @return rtpWad The expected payout for one stake, exact and rounded down to 1e-18.
    /// @return varianceWad The variance of the payout for one stake, exact or an upper bound, rounded up to 1e-18.
    /// @dev Reverts with `IllegalChoice` and with nothing else.
    function odds(
        bytes16 choice
    ) external view returns (uint256 maxMultiplierWad, uint256 rtpWad, uint256 varianceWad);

    /// @notice What a stake on this choice is paid under this seed, the stake included; 0 for a loss.
    /// @param stake Units of the asset, at most 2^40 - 1.
    /// @param seed 256 uniform bits: `keccak256(word, chainid, casino, betId)`.
    /// @dev Never reverts for a choice that `odds` accepts; never above `stake * maxMultiplierWad / 1e18`.
    function payout(uint256 stake, bytes16 choice, uint256 seed) external view returns (uint256);

    /// @notice What independent rounds of the same bet are paid together. Round `i` draws from `keccak256(seed, i)`.
    /// @param stake Units of one round.
    /// @param rounds How many, at least one.
    /// @param stopGain Ends after a round that brings the net win to this or above (units); 0 is off.
    /// @param stopLoss Ends after a round that brings the net loss to this or above (units); 0 is off.
    /// @return paid Units that the rounds played were paid together, their stakes included.
    /// @return played How many were played, at least one: the stakes of the others are the player's still.
    function payouts(
        uint256 stake,
        bytes16 choice,
        uint256 seed,
        uint256 rounds,
        uint256 stopGain,
        uint256 stopLoss
    ) external view returns (uint256 paid, uint256 played);
}
