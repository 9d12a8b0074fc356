// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../interfaces/ICasino.sol";
import {Float16} from "./Float16.sol";

/// @notice A game's rules and its terms for one asset, in one slot.
/// @dev From the lowest bit: rules 160, listed 4, least stake 16 and largest stake 16 (Float16), stipend 19 (32 gas),
/// Kelly 13, cap 14, share 14 (basis points).
type Listing is uint256;

using ListingLibrary for Listing global;

library ListingLibrary {
    uint256 private constant LISTED = 1 << 160;

    function pack(address rules_, ICasino.Terms memory terms_) internal pure returns (Listing) {
        return
            Listing.wrap(
                uint256(uint160(rules_)) |
                    LISTED |
                    (Float16.encodeUp(terms_.minStake) << 164) |
                    (Float16.encodeDown(terms_.maxStake) << 180) |
                    ((terms_.stipend / 32) << 196) |
                    (terms_.kellyBps << 215) |
                    (terms_.capBps << 228) |
                    (terms_.shareBps << 242)
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

    function minStake(Listing listing) internal pure returns (uint256) {
        return Float16.decode((Listing.unwrap(listing) >> 164) & 0xffff);
    }

    function maxStake(Listing listing) internal pure returns (uint256) {
        return Float16.decode((Listing.unwrap(listing) >> 180) & 0xffff);
    }

    function stipend(Listing listing) internal pure returns (uint256) {
        return ((Listing.unwrap(listing) >> 196) & 0x7ffff) * 32;
    }

    function kellyBps(Listing listing) internal pure returns (uint256) {
        return (Listing.unwrap(listing) >> 215) & 0x1fff;
    }

    function capBps(Listing listing) internal pure returns (uint256) {
        return (Listing.unwrap(listing) >> 228) & 0x3fff;
    }

    function shareBps(Listing listing) internal pure returns (uint256) {
        return Listing.unwrap(listing) >> 242;
    }

    function terms(Listing listing) internal pure returns (ICasino.Terms memory) {
        return
            ICasino.Terms({
                minStake: listing.minStake(),
                maxStake: listing.maxStake(),
                stipend: listing.stipend(),
                kellyBps: listing.kellyBps(),
                capBps: listing.capBps(),
                shareBps: listing.shareBps()
            });
    }
}
