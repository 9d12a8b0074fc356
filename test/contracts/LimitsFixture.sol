// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Limits} from "../../contracts/Limits.sol";
import {ILimits, ILimitsCasino} from "../../contracts/interfaces/ILimits.sol";
import {Test} from "./fixtures/Test.sol";

/// @title Limits of their own, whose casino the test contract plays
abstract contract LimitsFixture is Test, ILimitsCasino {
    /// 00:00 UTC on day 20,790: the first of a week (2,970) and of a month (693) too.
    uint256 internal constant START = 20_790 days;
    uint256 internal constant MAX = (1 << 56) - 1;
    uint16 internal constant ETH = 0;
    address internal constant ALICE = address(0xA11CE);

    Limits internal limits;

    function setUp() public virtual {
        vm.warp(START);
        limits = new Limits();
    }

    function guard(address, uint16) external virtual {}

    function assetCount() external pure returns (uint256) {
        return 2;
    }

    function _set(ILimits.Terms memory terms) internal {
        vm.prank(ALICE);
        limits.setLimits(ETH, terms);
    }

    function _each(uint256 limit) internal pure returns (ILimits.Terms memory terms) {
        (terms.stakes, terms.losses) = (
            _windows(limit, limit, limit),
            _windows(limit, limit, limit)
        );
        terms.deposits = _windows(limit, limit, limit);
    }

    function _windows(
        uint256 day,
        uint256 week,
        uint256 month
    ) internal pure returns (ILimits.Windows memory) {
        return ILimits.Windows(day, week, month);
    }
}
