// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Rock, paper, scissors
/// @notice The better hand pays 1.96 times the stake, the same hand gives the stake back. Choice: byte 0 is the player's
/// hand, 0 rock, 1 paper, 2 scissors: each beats the one before it, and rock beats scissors.
contract RockPaperScissors is Game {
    uint256 private constant HANDS = 3;
    uint256 private constant WIN = 1.96e18;

    /// @notice The same for each hand: of the house's three, one loses to it, one ties and one beats it.
    function odds(bytes16 choice) external pure returns (uint256, uint256, uint256) {
        _terms(choice);
        uint256 spread = HANDS * (WIN * WIN + WAD * WAD) - (WIN + WAD) * (WIN + WAD);
        return (WIN, (WIN + WAD) / HANDS, (spread - 1) / (HANDS * HANDS * WAD) + 1);
    }

    function _multiplier(uint256 hand, uint256 seed) internal pure override returns (uint256) {
        unchecked {
            uint256 lead = (HANDS + hand - (seed % HANDS)) % HANDS;
            if (lead == 0) return WAD;
            return lead == 1 ? WIN : 0;
        }
    }

    function _terms(bytes16 choice) internal pure override returns (uint256 hand) {
        hand = uint8(choice[0]);
        if (hand >= HANDS || choice << 8 != 0) revert IllegalChoice(choice);
    }
}
