// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CoinFlip} from "../../contracts/games/CoinFlip.sol";
import {Dice} from "../../contracts/games/Dice.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";

/// @title Each side of the coin wins one half of the draws, and pays its maximum
contract CoinFlipCheck is CoinFlip {
    bytes16 private constant HEADS = bytes16(0);
    bytes16 private constant TAILS = bytes16(bytes1(0x01));

    /// @dev The lowest bit of the seed is given apart, so that no solver has to divide an unknown.
    function check_coin_flip_pays_one_side_of_every_draw(uint40 stake, uint256 bits) external view {
        (uint256 most, uint256 rtp, uint256 variance) = this.odds(HEADS);
        assert(rtp < WAD && rtp >= 0.8e18 && variance > 0);
        uint256 prize = (stake * most) / WAD;
        assert(this.payout(stake, HEADS, bits << 1) == prize);
        assert(this.payout(stake, TAILS, (bits << 1) | 1) == prize);
        assert(this.payout(stake, HEADS, (bits << 1) | 1) == 0);
        assert(this.payout(stake, TAILS, bits << 1) == 0);
    }

    function check_coin_flip_has_two_choices(bytes16 choice) external view {
        try this.odds(choice) {
            assert(choice == HEADS || choice == TAILS);
        } catch (bytes memory reason) {
            assert(bytes4(reason) == IGame.IllegalChoice.selector);
        }
    }
}

/// @title Dice multiply a stake by nothing or by their maximum, whatever is drawn
/// @dev Their edge is a quotient of two unknowns, which no solver decides: the tests enumerate it. So they do what
/// `Game` makes of a stake and a multiplier: a product of two unknowns, divided.
contract DiceCheck is Dice {
    /// @param terms Any: those of a choice are a quotient.
    function check_dice_multiply_by_nothing_or_what_their_terms_say(
        uint256 terms,
        uint256 seed
    ) external pure {
        uint256 multiplier = _multiplier(terms, seed);
        assert(multiplier == 0 || multiplier == terms >> 32);
    }

    function check_dice_declare_the_multiplier_of_their_terms(bytes3 choice) external view {
        (uint256 most, , ) = this.odds(choice);
        assert(most == _terms(choice) >> 32);
    }

    function check_dice_takes_only_its_three_bytes(bytes16 choice) external view {
        try this.odds(choice) {
            assert(choice << 24 == 0);
        } catch (bytes memory reason) {
            assert(bytes4(reason) == IGame.IllegalChoice.selector);
        }
    }
}
