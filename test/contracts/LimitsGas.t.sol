// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Limits} from "../../contracts/Limits.sol";
import {ILimits} from "../../contracts/interfaces/ILimits.sol";
import {LimitsFixture} from "./LimitsFixture.sol";

/// @notice What limits add to a bet that ends the lane's last one.
contract LimitsGasTest is LimitsFixture {
    uint16 private constant ONE_LIMIT = 8;
    uint16 private constant EVERY_LIMIT = 9;

    Limits private idle;

    function setUp() public override {
        super.setUp();
        idle = Limits(address(new Idle()));
        ILimits.Terms memory terms;
        terms.losses.day = 1e8;
        _fill(ONE_LIMIT, terms);
        terms.stakes = _windows(1e9, 5e9, 15e9);
        terms.losses = _windows(1e8, 5e8, 15e8);
        terms.deposits = terms.losses;
        terms.pauseSeconds = 5;
        _fill(EVERY_LIMIT, terms);
    }

    function test_with_one_limit_a_bet_and_the_end_of_the_last_one_cost_at_most_13_000_gas()
        external
    {
        assertLe(_limitsGas(ONE_LIMIT), 13_000);
    }

    function test_with_every_limit_a_bet_and_the_end_of_the_last_one_cost_at_most_15_000_gas()
        external
    {
        assertLe(_limitsGas(EVERY_LIMIT), 15_000);
    }

    /// @dev The account is filled in `setUp`, so that its slots are neither fresh nor dirty; the test's own part of the
    /// calls is measured on a contract that does nothing.
    function _limitsGas(uint16 asset) private returns (uint256) {
        vm.warp(START + 10);
        Limits target = limits;
        uint256 idleGas = _betGas(idle, asset);
        // The fee of the call to a cold address is the limits' part.
        assertGt(idleGas, 2_600);
        return _betGas(target, asset) - idleGas + 2_600;
    }

    function _betGas(Limits target, uint16 asset) private returns (uint256) {
        vm.cool(address(target));
        uint256 left = gasleft();
        target.notePlaced(ALICE, asset, 1e6, 1e6, 0, false);
        return left - gasleft();
    }

    function _fill(uint16 asset, ILimits.Terms memory terms) private {
        vm.prank(ALICE);
        limits.setLimits(asset, terms);
        limits.notePlaced(ALICE, asset, 1e6, 0, 0, false);
    }
}

contract Idle {
    fallback() external {}
}
