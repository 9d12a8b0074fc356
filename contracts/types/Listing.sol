// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../interfaces/ICasino.sol";
import {Float16} from "./Float16.sol";
import {GameBook} from "./GameBook.sol";

/// @notice A game's rules and what each of its bets needs of its terms for one asset, in one slot.
/// @dev From the lowest bit: rules 160, listed 1, young 1, least stake 16 and largest stake 16 (Float16), stipend 13
/// (512 gas), gas of a further round 13 (16 gas), Kelly 13, cap of a bet 10, share 13 (basis points).
type Listing is uint256;

using ListingLibrary for Listing global;

library ListingLibrary {
    uint256 private constant LISTED = 1 << 160;
    uint256 private constant YOUNG = 1 << 161;

    /// @notice Most gas that a bet's game is given, all rounds together.
    uint256 internal constant MAX_STIPEND = 4_000_000;

    function pack(
        address rules_,
        ICasino.Terms memory terms_,
        bool young
    ) internal pure returns (Listing) {
        return
            Listing.wrap(
                uint256(uint160(rules_)) |
                    LISTED |
                    (young ? YOUNG : 0) |
                    (Float16.encodeUp(terms_.minStake) << 162) |
                    (Float16.encodeDown(terms_.maxStake) << 178) |
                    ((terms_.stipend / 512) << 194) |
                    ((terms_.roundGas / 16) << 207) |
                    (terms_.kellyBps << 220) |
                    (terms_.capBps << 233) |
                    (terms_.shareBps << 243)
            );
    }

    function rules(Listing listing) internal pure returns (address) {
        return address(uint160(Listing.unwrap(listing)));
    }

    function isListed(Listing listing) internal pure returns (bool) {
        return Listing.unwrap(listing) & LISTED != 0;
    }

    function delisted(Listing listing) internal pure returns (Listing) {
        return Listing.wrap(Listing.unwrap(listing) & ~LISTED);
    }

    /// @notice Whether every bet counts in the game's book, not only the large ones.
    function isYoung(Listing listing) internal pure returns (bool) {
        return Listing.unwrap(listing) & YOUNG != 0;
    }

    function grown(Listing listing) internal pure returns (Listing) {
        return Listing.wrap(Listing.unwrap(listing) & ~YOUNG);
    }

    function minStake(Listing listing) internal pure returns (uint256) {
        return Float16.decode((Listing.unwrap(listing) >> 162) & 0xffff);
    }

    function maxStake(Listing listing) internal pure returns (uint256) {
        return Float16.decode((Listing.unwrap(listing) >> 178) & 0xffff);
    }

    /// @notice Gas that the game is given for a bet of one round.
    function stipend(Listing listing) internal pure returns (uint256) {
        return ((Listing.unwrap(listing) >> 194) & 0x1fff) << 9;
    }

    /// @notice Gas on top for each further round.
    function roundGas(Listing listing) internal pure returns (uint256) {
        return ((Listing.unwrap(listing) >> 207) & 0x1fff) << 4;
    }

    function kellyBps(Listing listing) internal pure returns (uint256) {
        return (Listing.unwrap(listing) >> 220) & 0x1fff;
    }

    function capBps(Listing listing) internal pure returns (uint256) {
        return (Listing.unwrap(listing) >> 233) & 0x3ff;
    }

    function shareBps(Listing listing) internal pure returns (uint256) {
        return Listing.unwrap(listing) >> 243;
    }

    /// @notice All terms: the listing's own and those in the game's book.
    function terms(Listing listing, GameBook book) internal pure returns (ICasino.Terms memory) {
        return
            ICasino.Terms({
                minStake: listing.minStake(),
                maxStake: listing.maxStake(),
                stipend: listing.stipend(),
                roundGas: listing.roundGas(),
                kellyBps: listing.kellyBps(),
                capBps: listing.capBps(),
                shareBps: listing.shareBps(),
                gameCapBps: book.capBps(),
                lossBps: book.lossBps()
            });
    }
}
