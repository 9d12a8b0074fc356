// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "./ICasino.sol";

/// @title What the casino's storage says, in words
/// @notice Answered at the casino's address: it hands calls that it does not know to its `Annex`, which reads its storage.
/// @dev Amounts are units of the asset, see `ICasino`.
interface ICasinoViews {
    /// @notice The player's affiliate, `address(0)` if none, and what is accrued for it in this asset (units).
    function referralOf(
        address player,
        uint16 asset
    ) external view returns (address affiliate, uint256 accrued);

    /// @notice The latest bet of the lane that `betId` names, whether or not it is the same sequence.
    function betOf(uint256 betId) external view returns (ICasino.Bet memory);

    /// @notice The seed that a word gives a bet: `keccak256(abi.encode(word, chainid, casino, betId))`.
    /// @param word Low 224 bits of the VRF word.
    function seedOf(uint256 word, uint256 betId) external view returns (uint256);

    function roundAt(uint256 slot) external view returns (ICasino.Round memory);

    /// @notice The current epoch, when it began, rounds requested ever, the pause and the funded requests left.
    function head()
        external
        view
        returns (
            uint256 epoch,
            uint256 epochStart,
            uint256 rounds,
            uint256 pausedUntil,
            uint256 credits
        );

    function houseOf(uint16 asset) external view returns (ICasino.Books memory);
    function assetOf(
        uint16 asset
    ) external view returns (address token, uint256 unit, address bankroll);
    function assetCount() external view returns (uint256);
    function gameOf(uint16 game) external view returns (address rules);
    function gameCount() external view returns (uint256);
    /// @notice A game's book for one asset: what its counted bets have reserved and lost today (units), and when it was
    /// listed (seconds; 0 if it never was).
    function bookOf(
        uint16 game,
        uint16 asset
    ) external view returns (uint256 reserved, uint256 loss, uint256 listedAt);
    function termsOf(
        uint16 game,
        uint16 asset
    ) external view returns (bool listed, ICasino.Terms memory terms);

    /// @notice Whether `Limits` has a say in the player's bets and deposits in this asset.
    function isGuarded(address player, uint16 asset) external view returns (bool);

    /// @notice A word is accepted up to this long after its request; from then on the round is void.
    function VOID_AFTER_SECONDS() external view returns (uint256);
    /// @notice Longest pause of new rounds by the guardian.
    function MAX_PAUSE_SECONDS() external view returns (uint256);
    /// @notice Time after a pause before the guardian can begin another.
    function PAUSE_COOL_DOWN_SECONDS() external view returns (uint256);
    /// @notice Void rounds in one day that pause new ones for a day.
    function VOIDS_TO_PAUSE() external view returns (uint256);
    /// @notice Covers a callback that finds its round at the last probe.
    function CALLBACK_GAS() external view returns (uint32);
}
