// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CoinFlip} from "../../contracts/games/CoinFlip.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {ILimits} from "../../contracts/interfaces/ILimits.sol";
import {OrderFixture} from "./OrderFixture.sol";

/// @notice Limits, games, fees and epochs of an asset that is not the first: none is looked up in another.
contract OtherAssetsTest is OrderFixture {
    uint256 private constant EPOCH_SECONDS = 1 days;
    ILimits private limits;

    function setUp() public override {
        super.setUp();
        limits = casino.limits();
    }

    // -- Limits, told of the end of a lane's bet together with its next one --

    function test_the_next_bet_of_a_lane_tells_how_the_one_before_it_ended() external {
        ILimits.Terms memory terms;
        terms.losses.day = 1e6;
        _limit(terms);
        _placeDrawn(alice, USDC, 0, FLIP, 2_000, HEADS, false);
        _nextBlock();
        _place(alice, USDC, 0, FLIP, 3_000, HEADS);
        _assertUsage(2_000, 3_000);
        assertEq(limits.usageOf(alice, ETH).lastBetAt, 0, "in the other asset");
    }

    function test_the_next_bet_of_a_lane_tells_nothing_of_one_from_before_there_were_limits()
        external
    {
        _placeDrawn(alice, USDC, 0, FLIP, 2_000, HEADS, false);
        ILimits.Terms memory terms;
        terms.losses.day = 1e6;
        _limit(terms);
        _nextBlock();
        _place(alice, USDC, 0, FLIP, 3_000, HEADS);
        _assertUsage(0, 3_000);
        assertEq(limits.usageOf(alice, USDC).lost.day, 0);
    }

    function test_the_next_bet_of_a_lane_gives_the_stake_of_a_void_one_back() external {
        ILimits.Terms memory terms;
        (terms.stakes.week, terms.losses.week) = (4_000, 4_000);
        _limit(terms);
        _place(alice, USDC, 0, FLIP, 3_000, HEADS);
        _wait(VOID_AFTER + 1);
        _place(alice, USDC, 0, FLIP, 2_000, HEADS);
        _assertUsage(0, 2_000);
        ILimits.Usage memory usage = limits.usageOf(alice, USDC);
        assertGe(usage.staked.week, 2_000);
        assertLe(usage.staked.week, 2_001);
    }

    function test_the_end_of_a_bet_alone_is_told_in_its_asset() external {
        ILimits.Terms memory terms;
        terms.losses.day = 1e6;
        _limit(terms);
        uint256 betId = _placeDrawn(alice, USDC, 1, FLIP, 2_000, HEADS, false);
        casino.settle(betId);
        _assertUsage(2_000, 0);
    }

    // -- Games and their books --

    function test_a_game_that_one_asset_has_is_asked_and_counted_there() external {
        uint16 game = casino.listGame(address(new CoinFlip()));
        casino.setTerms(game, USDC, _terms());
        uint256 purse = casino.balanceOf(alice, USDC);
        uint256 single = _placeDrawn(alice, USDC, 0, game, 1_000, HEADS, true);
        (uint256 reserved, , ) = views().bookOf(game, USDC);
        assertEq(reserved, _books(USDC).reserved);
        casino.settle(single);
        assertEq(casino.balanceOf(alice, USDC), purse + 980);
        (reserved, , ) = views().bookOf(game, USDC);
        assertEq(reserved, 0);

        ICasino.Wager memory series = _wager(USDC, 0, game, 1_000, HEADS);
        series.rounds = 3;
        _nextBlock();
        uint256 several = _placeWager(alice, series);
        _nextBlock();
        _draw(_lastRequest(), 1);
        casino.settle(several);
        assertFalse(_isOpen(several));
        assertGt(casino.balanceOf(alice, USDC) + 3_001, purse + 980);
        assertEq(_books(USDC).reserved, 0);
    }

    // -- Epochs --

    function test_a_bet_of_the_epoch_before_counts_for_it_in_its_asset() external {
        uint256 betId = _placeDrawn(alice, USDC, 0, FLIP, 10_000, HEADS, false);
        _wait(EPOCH_SECONDS);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.EpochRolled(1, time);
        casino.rollEpoch();
        assertEq(_books(USDC).closingBets, 1);
        assertEq(_books(ETH).closingBets, 0);
        vm.expectRevert(abi.encodeWithSelector(ICasino.EpochNotClosed.selector, USDC, 1));
        casino.closeEpoch(USDC);
        casino.settle(betId);
        assertEq(_books(USDC).closingBets, 0);
        (, uint256 equity) = casino.closeEpoch(USDC);
        assertEq(equity, BANKROLL + 10_000 - _fee(10_000));
    }

    // -- Helpers --

    function _limit(ILimits.Terms memory terms) private {
        vm.prank(alice);
        limits.setLimits(USDC, terms);
    }

    /// @dev What is counted rounds up, by less than a unit here.
    function _assertUsage(uint256 lost, uint256 open) private view {
        ILimits.Usage memory usage = limits.usageOf(alice, USDC);
        uint256 counted = usage.lost.day > usage.lost.week ? usage.lost.day : usage.lost.week;
        assertGe(counted, lost, "lost");
        assertLe(counted, lost + 1, "lost");
        assertGe(usage.open, open, "open");
        assertLe(usage.open, open + 1, "open");
    }
}
