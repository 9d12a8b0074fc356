// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

/// @title Redemptions that share each payment pro rata
/// @notice Any number of requests join, any number of payments fill them, and each request's part is known in constant
/// time: the product of what each fill left, and the sum of what each paid.
/// @dev After Liquity's stability pool. `survival` is what is left of one share that joined at `ONE`; `paid[era]` sums
/// what such a share was paid. A request that joined at survival p holds `shares / p` of those. Once survival is
/// below `FLOOR` it is scaled up by 2^64 into the next era, so that later requests stay exact; a request of two eras ago
/// has less than 2^-64 of itself left, which is dropped. A full fill skips an era: nothing is left.
///
/// What is left rounds down, so the requests' parts add up to at most `shares`. What is paid rounds down to whole units
/// per request, its sum per share up, so that what divides evenly is paid whole. The parts still add up to at most what was
/// paid: a fill adds less than `shares` / `survival` < 2^-24 units too much to all requests together, and there
/// are fewer than 2^20 epochs; less than a unit in all, where both sums are whole.
/// No overflow: terms of `paid` telescope to at most `ONE` times the dearest share, 2^57 units for 1e6 share units.
library Redemptions {
    uint256 internal constant ONE = 1 << 216;
    uint256 private constant FLOOR = 1 << 152;
    uint256 private constant ERA_BITS = 64;

    struct Pool {
        /// Pending shares, below 2^128.
        uint128 shares;
        uint64 era;
        uint256 survival;
        mapping(uint256 era => uint256) paid;
    }

    /// @notice The pool's state when a request joined it.
    struct Mark {
        uint64 era;
        uint256 survival;
        uint256 paid;
    }

    function mark(Pool storage pool) internal view returns (Mark memory) {
        return Mark(pool.era, pool.survival, pool.paid[pool.era]);
    }

    /// @notice What became since `from` of `shares` that were pending then.
    /// @return paid Units they were paid, rounded down.
    /// @return left Shares still pending, rounded down.
    function since(
        Pool storage pool,
        Mark memory from,
        uint256 shares
    ) internal view returns (uint256 paid, uint256 left) {
        uint256 perShare = pool.paid[from.era] - from.paid + (pool.paid[from.era + 1] >> ERA_BITS);
        paid = Math.mulDiv(shares, perShare, from.survival);
        uint256 eras = pool.era - from.era;
        if (eras < 2) left = Math.mulDiv(shares, pool.survival >> (ERA_BITS * eras), from.survival);
    }

    /// @notice Pays `amount` units for `filled` of the pool's shares, which must have some.
    function fill(Pool storage pool, uint256 filled, uint256 amount) internal {
        uint256 shares = pool.shares;
        uint256 survival = pool.survival;
        uint256 era = pool.era;
        pool.paid[era] += Math.mulDiv(survival, amount, shares, Math.Rounding.Ceil);
        uint256 left = shares - filled;
        if (left == 0) {
            era += 2;
            survival = ONE;
        } else {
            // At least 1: survival is at least 2^152, the shares are fewer.
            survival = Math.mulDiv(survival, left, shares);
            while (survival < FLOOR) {
                ++era;
                survival <<= ERA_BITS;
            }
        }
        pool.shares = uint128(left);
        pool.era = uint64(era);
        pool.survival = survival;
    }
}
