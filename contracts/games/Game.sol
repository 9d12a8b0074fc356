// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IGame} from "../interfaces/IGame.sol";

/// @title What all games share: from the multiplier of a draw to the payout of a bet
/// @dev A game says three things: which choices it offers, what a draw multiplies a stake by, and its odds. One base, so
/// that the loop over rounds, with its stops and its rounding, is written and verified once.
abstract contract Game is IGame {
    uint256 internal constant WAD = 1e18;

    /// @inheritdoc IGame
    function payout(uint256 stake, bytes16 choice, uint256 seed) external view returns (uint256) {
        return _paid(stake, _multiplier(_terms(choice), seed));
    }

    /// @inheritdoc IGame
    function payouts(
        uint256 stake,
        bytes16 choice,
        uint256 seed,
        uint256 rounds,
        uint256 stopGain,
        uint256 stopLoss
    ) external view returns (uint256 paid, uint256 played) {
        uint256 terms = _terms(choice);
        // Stakes have 40 bits, multipliers 128, rounds 16: no sum overflows.
        unchecked {
            if (stopGain | stopLoss == 0) {
                for (; played < rounds; ++played) {
                    paid += _paid(stake, _multiplier(terms, _roundSeed(seed, played)));
                }
                return (paid, played);
            }
            // Of the stakes so far, with what would end it added: no signs, one comparison each.
            uint256 gainAt = stopGain == 0 ? type(uint128).max : stopGain;
            uint256 lossAt = stopLoss == 0 ? type(uint128).max : stopLoss;
            uint256 staked;
            while (played < rounds) {
                paid += _paid(stake, _multiplier(terms, _roundSeed(seed, played)));
                staked += stake;
                ++played;
                if (paid >= staked + gainAt || staked >= paid + lossAt) break;
            }
        }
    }

    /// @notice The choice, checked and decoded once for all rounds of a bet, in one word as the game packs it.
    /// @dev Reverts with `IllegalChoice`, and with nothing else.
    function _terms(bytes16 choice) internal view virtual returns (uint256 terms);

    /// @notice What a draw multiplies the stake by, WAD; 0 for a loss. Never reverts, for terms of `_terms`.
    function _multiplier(uint256 terms, uint256 seed) internal view virtual returns (uint256);

    /// @dev Rounds down: the dust of a win stays with the bankroll.
    function _paid(uint256 stake, uint256 multiplierWad) private pure returns (uint256) {
        unchecked {
            return (stake * multiplierWad) / WAD;
        }
    }

    /// @notice `keccak256(abi.encode(seed, index))`.
    function _roundSeed(uint256 seed, uint256 index) private pure returns (uint256 drawn) {
        assembly ("memory-safe") {
            mstore(0, seed)
            mstore(32, index)
            drawn := keccak256(0, 64)
        }
    }
}
