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
        if (rounds == 0) return (0, 0);
        if (stopGain | stopLoss == 0) return (_paidForAll(stake, terms, seed, rounds), rounds);
        unchecked {
            // A stop that is off lies beyond all that can be won or lost.
            if (stopGain == 0) stopGain = type(uint128).max;
            if (stopLoss == 0) stopLoss = type(uint128).max;
            uint256 start = stopLoss - 1;
            (paid, played) = _levelAfter(stake, terms, seed, rounds, start, start + stopGain);
            paid += stake * played - start;
        }
    }

    /// @notice The choice, checked and decoded once for all rounds of a bet, in one word as the game packs it.
    /// @dev Reverts with `IllegalChoice`, and with nothing else.
    function _terms(bytes16 choice) internal view virtual returns (uint256 terms);

    /// @notice What a draw multiplies the stake by, WAD; 0 for a loss. Never reverts, for terms of `_terms`.
    function _multiplier(uint256 terms, uint256 seed) internal view virtual returns (uint256);

    /// @notice What all rounds are paid together. From the last to the first: no sum asks for their order.
    /// @dev A game may override it and `_levelAfter` by the same loops with its own arithmetic inlined.
    function _paidForAll(
        uint256 stake,
        uint256 terms,
        uint256 seed,
        uint256 rounds
    ) internal view virtual returns (uint256 paid) {
        // Stakes have 40 bits, multipliers 128, rounds 16: no sum overflows.
        unchecked {
            while (true) {
                --rounds;
                paid += _paid(stake, _multiplier(terms, _roundSeed(seed, rounds)));
                if (rounds == 0) return paid;
            }
        }
    }

    /// @notice Plays until the level leaves its bounds, 0 and `end`.
    /// @param level Net win above the stop-loss, less one. At the stop-loss it wraps, above every end: so one comparison
    /// sees both stops.
    /// @return reached The level after the last round played.
    function _levelAfter(
        uint256 stake,
        uint256 terms,
        uint256 seed,
        uint256 rounds,
        uint256 level,
        uint256 end
    ) internal view virtual returns (uint256 reached, uint256 played) {
        unchecked {
            while (true) {
                level += _paid(stake, _multiplier(terms, _roundSeed(seed, played))) - stake;
                ++played;
                if (level >= end) break;
                if (played == rounds) break;
            }
            return (level, played);
        }
    }

    /// @dev Rounds down: the dust of a win stays with the bankroll.
    function _paid(uint256 stake, uint256 multiplierWad) internal pure returns (uint256) {
        unchecked {
            return (stake * multiplierWad) / WAD;
        }
    }

    /// @notice `keccak256(abi.encode(seed, index))`.
    function _roundSeed(uint256 seed, uint256 index) internal pure returns (uint256 drawn) {
        assembly ("memory-safe") {
            mstore(0, seed)
            mstore(32, index)
            drawn := keccak256(0, 64)
        }
    }
}
