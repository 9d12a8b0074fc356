// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IGame} from "../interfaces/IGame.sol";

/// @title Coin flip
/// @notice Heads or tails at 1.98 times the stake. Choice: byte 0 is the side, 0 heads, 1 tails.
contract CoinFlip is IGame {
    uint256 private constant WAD = 1e18;
    uint256 private constant MULTIPLIER = 1.98e18;

    /// @inheritdoc IGame
    function odds(bytes16 choice) external pure returns (uint256, uint256, uint256) {
        _side(choice);
        uint256 rtp = MULTIPLIER / 2;
        return (MULTIPLIER, rtp, (MULTIPLIER * MULTIPLIER) / WAD / 2 - (rtp * rtp) / WAD);
    }

    /// @inheritdoc IGame
    function payout(uint256 stake, bytes16 choice, uint256 seed) external pure returns (uint256) {
        // Rounds down: the dust of a win stays with the bankroll.
        return seed & 1 == _side(choice) ? (stake * MULTIPLIER) / WAD : 0;
    }

    function _side(bytes16 choice) private pure returns (uint256 side) {
        side = uint8(choice[0]);
        if (side > 1 || choice << 8 != 0) revert IllegalChoice(choice);
    }
}
