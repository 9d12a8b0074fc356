// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Redemptions} from "../../contracts/types/Redemptions.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice The pool in constant time against a plain one that visits each request at each fill, with 2^-100 units.
contract RedemptionsTest is Test {
    using Redemptions for Redemptions.Pool;

    struct Plain {
        uint256 shares;
        Redemptions.Mark mark;
        uint256 leftFine;
        uint256 paidFine;
    }

    Redemptions.Pool private _pool;
    Plain[] private _plain;
    uint256 private _paid;
    bool private _dear;

    function setUp() public {
        _pool.survival = Redemptions.ONE;
    }

    function testFuzz_each_request_gets_its_part_of_each_fill(uint256 seed) public {
        _dear = seed & 1 == 0;
        for (uint256 i; i < 24; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            if (i < 16) _join(uint256(uint128(seed)) >> (52 + (seed % 75)));
            uint256 amount = uint256(uint56(seed >> 128)) >> (20 + ((seed >> 240) % 30));
            uint256 shares = _pool.shares;
            if (shares == 0) continue;
            uint256 kind = (seed >> 200) % 8;
            // Mostly parts, some of which leave next to nothing: those scale the survival up.
            uint256 filled = Math.mulDiv(shares, uint32(seed >> 210), 1 << 32);
            if (kind == 0) filled = shares;
            if (kind < 4 && kind != 0) filled = shares - (shares >> (16 * kind)) - 1;
            if (filled == 0) continue;
            // No share is dearer than 2^57 / 1e6 units; at that price a dropped 2^-64 would be worth some units.
            _fill(filled, Math.min(amount, _dear ? filled << 37 : filled >> 16));
            _check();
        }
        assertGt(uint256(_pool.era), 0);
    }

    function test_a_full_fill_leaves_nothing_and_later_requests_start_anew() public {
        _join(100);
        _fill(100, 50);
        _join(30);
        (uint256 paid, uint256 left) = _pool.since(_plain[0].mark, 100);
        assertEq(paid, 50);
        assertEq(left, 0);
        (paid, left) = _pool.since(_plain[1].mark, 30);
        assertEq(paid, 0);
        assertEq(left, 30);
    }

    function test_a_request_keeps_its_part_across_scalings() public {
        _join(1 << 100);
        // Leaves 2^-36, then 2^-36 again: one scaling of 2^64 in between.
        _fill((1 << 100) - (1 << 64), 1 << 40);
        _join(1 << 70);
        uint256 shares = _pool.shares;
        _fill(shares - (shares >> 40), 1 << 40);
        _check();
        _fill(_pool.shares / 2, 1 << 20);
        _check();
    }

    function _join(uint256 shares) private {
        if (shares == 0) return;
        _plain.push(Plain(shares, _pool.mark(), shares << 100, 0));
        _pool.shares += uint128(shares);
    }

    function _fill(uint256 filled, uint256 amount) private {
        uint256 shares = _pool.shares;
        for (uint256 i; i < _plain.length; ++i) {
            Plain storage request = _plain[i];
            request.paidFine += Math.mulDiv(request.leftFine, amount, shares);
            request.leftFine = Math.mulDiv(request.leftFine, shares - filled, shares);
        }
        _pool.fill(filled, amount);
        _paid += amount;
    }

    function _check() private view {
        uint256 paidSum;
        uint256 leftSum;
        for (uint256 i; i < _plain.length; ++i) {
            Plain storage request = _plain[i];
            (uint256 paid, uint256 left) = _pool.since(request.mark, request.shares);
            uint256 exact = request.paidFine >> 100;
            assertLe(paid, exact + 1, "paid too much");
            if (!_dear) assertGe(paid + 1, exact, "paid too little");
            assertLe(left, (request.leftFine >> 100) + 1, "left too much");
            assertGe(left + 1 + (request.shares >> 64), request.leftFine >> 100, "left too little");
            (paidSum, leftSum) = (paidSum + paid, leftSum + left);
        }
        assertLe(paidSum, _paid, "more than was paid");
        assertLe(leftSum, _pool.shares, "more than is left");
    }
}
