// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CoinFlip} from "../../contracts/games/CoinFlip.sol";
import {Dice} from "../../contracts/games/Dice.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";

/// @title Legal choices of the coin flip pay within its odds, whatever is drawn
contract CoinFlipCheck is CoinFlip {
    function check_coin_flip_pays_at_most_its_maximum(
        uint40 stake,
        bytes16 choice,
        uint256 seed
    ) external view {
        (uint256 most, uint256 rtp, uint256 variance) = this.odds(choice);
        uint256 paid = this.payout(stake, choice, seed);
        assert(paid == 0 || paid == (stake * most) / WAD);
        assert(rtp < WAD && rtp >= 0.8e18 && variance > 0);
    }

    function check_coin_flip_pays_one_side_of_every_draw(uint40 stake, uint256 seed) external view {
        uint256 heads = this.payout(stake, bytes16(0), seed);
        uint256 tails = this.payout(stake, bytes16(bytes1(0x01)), seed);
        assert(heads + tails == (uint256(stake) * 1.98e18) / WAD && (heads == 0 || tails == 0));
    }
}

/// @title Legal choices of dice pay within its odds, whatever is drawn
/// @dev Its edge is a quotient of two unknowns, which no solver decides: the tests enumerate it.
contract DiceCheck is Dice {
    function check_dice_pays_nothing_or_its_maximum(
        uint40 stake,
        bytes3 choice,
        uint256 seed
    ) external view {
        (uint256 most, , ) = this.odds(choice);
        uint256 paid = this.payout(stake, choice, seed);
        assert(paid == 0 || paid == (stake * most) / WAD);
    }

    function check_dice_takes_only_its_three_bytes(bytes16 choice) external view {
        try this.odds(choice) {
            assert(choice << 24 == 0);
        } catch (bytes memory reason) {
            assert(bytes4(reason) == IGame.IllegalChoice.selector);
        }
    }
}
