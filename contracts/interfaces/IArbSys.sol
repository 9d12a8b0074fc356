// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice The part of Arbitrum's precompile at address 100 that the casino uses.
interface IArbSys {
    /// @notice The number of the current L2 block.
    function arbBlockNumber() external view returns (uint256);
}
