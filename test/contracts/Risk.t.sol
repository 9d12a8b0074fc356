// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {LuckyGame} from "./fixtures/HostileGames.sol";

/// @notice What the bankroll bears: of a round, of a game, of a day, and below its mark.
contract RiskTest is CasinoFixture {
    uint256 private constant STAKE = 5e8;
    /// Nearly what a bet of `STAKE` on the lucky game reserves, and what it wins.
    uint256 private constant NET = 4.45e9;
    uint16 private lucky;
    uint16 private lane;

    function setUp() public override {
        super.setUp();
        lucky = _list(address(new LuckyGame()));
        _give(alice, ETH, 9 * PURSE);
        lane = 0;
    }

    // -- A round, a game --

    function test_the_bets_of_a_round_reserve_at_most_a_fifth_and_the_next_round_takes_more()
        external
    {
        _wait(RAMP);
        uint256 reserved = _fill();
        assertEq(_books(ETH).reserved, reserved);
        assertLe(reserved, BANKROLL / 5);
        assertGt(reserved + 5e9, BANKROLL / 5);
        _nextBlock();
        _bet(STAKE);
    }

    function test_a_game_reserves_a_tenth_of_its_cap_at_first_and_all_of_it_after_30_days()
        external
    {
        ICasino.Terms memory terms = _terms();
        terms.gameCapBps = 1_500;
        casino.setTerms(lucky, ETH, terms);
        uint256[4] memory ages = [uint256(0), 15 days, 30 days, 45 days];
        uint256[4] memory limits = [uint256(15e9), 82.5e9, 150e9, 150e9];
        uint256 state = vm.snapshotState();
        uint256 start = time;
        for (uint256 i; i < 4; ++i) {
            vm.warp(start + ages[i]);
            _fill();
            (uint256 reserved, , uint256 listedAt) = views().bookOf(lucky, ETH);
            assertEq(listedAt, start);
            assertEq(reserved, _books(ETH).reserved);
            assertLe(reserved, limits[i]);
            assertGt(reserved + 5e9, limits[i]);
            // Another game has a cap of its own.
            _flip(bob, 1e9);
            vm.revertToState(state);
            state = vm.snapshotState();
            lane = 0;
        }
    }

    function test_new_terms_leave_a_game_as_old_as_it_is() external {
        _wait(20 days);
        (, , uint256 listedAt) = views().bookOf(FLIP, ETH);
        casino.delist(FLIP, ETH);
        casino.setTerms(FLIP, ETH, _terms());
        (, , uint256 afterwards) = views().bookOf(FLIP, ETH);
        assertEq(afterwards, listedAt);
    }

    function test_every_bet_of_a_young_game_counts_and_later_the_large_ones_only() external {
        _wait(RAMP - 1);
        _flip(bob, 1_000);
        uint256 young = _bookReserved();
        assertGt(young, 0);
        _wait(1);
        // The first one after 30 days finds the game grown up.
        _place(bob, ETH, 1, FLIP, 1_000, HEADS);
        uint256 grown = _bookReserved();
        assertGt(grown, young);
        _place(bob, ETH, 2, FLIP, 1_000, HEADS);
        assertEq(_bookReserved(), grown);
        // Above 1/4,096 of the bankroll.
        uint256 betId = _place(bob, ETH, 3, FLIP, 2.6e8, HEADS);
        assertEq(_bookReserved(), grown + views().betOf(betId).reserve);
    }

    function test_a_bet_leaves_its_games_book_when_it_ends_however_it_ends() external {
        uint256 void_ = _flip(bob, 1_000);
        assertGt(_bookReserved(), 0);
        _wait(VOID_AFTER + 1);
        casino.refund(void_);
        assertEq(_bookReserved(), 0);
        casino.settle(_placeDrawn(bob, ETH, 0, FLIP, 1_000, HEADS, false));
        assertEq(_bookReserved(), 0);
    }

    function test_a_game_that_lost_its_days_bound_takes_no_more_counted_bets_until_the_next_day()
        external
    {
        ICasino.Terms memory terms = _terms();
        terms.lossBps = 10;
        casino.setTerms(lucky, ETH, terms);
        casino.setTerms(FLIP, ETH, terms);
        uint256 betId = _bet(STAKE);
        _draw(_lastRequest(), 7);
        casino.settle(betId);
        _nextBlock();
        (, uint256 loss, ) = views().bookOf(lucky, ETH);
        assertEq(loss, NET);
        uint256 limit = _books(ETH).bankroll / 1_000;
        assertEq(
            _whyNot(alice, _wager(ETH, 500, lucky, 1_000, HEADS)),
            abi.encodeWithSelector(ICasino.GameLossReached.selector, NET, limit)
        );
        // Another game goes on.
        _flip(bob, 1_000);
        time = (time / 1 days + 1) * 1 days;
        vm.warp(time - 1);
        assertGt(_whyNot(alice, _wager(ETH, 500, lucky, 1_000, HEADS)).length, 0);
        vm.warp(time);
        vm.roll(++height);
        _place(alice, ETH, 500, lucky, 1_000, HEADS);
    }

    // -- Drawdown --

    function test_a_tenth_below_its_mark_the_bankroll_takes_half_the_stakes_and_a_quarter_below_none()
        external
    {
        _wait(RAMP);
        uint256 mark = _books(ETH).mark;
        assertLe(mark, BANKROLL);
        assertGe(mark + mark / 63, BANKROLL);
        _lose(19);
        assertEq(_mostFlip(), _kelly(5_000), "less than a tenth");
        _lose(10);
        assertEq(_mostFlip(), _kelly(2_500), "more than a tenth");
        assertEq(_books(ETH).mark, mark, "play moves no mark");
    }

    function test_a_quarter_below_its_mark_the_bankroll_takes_no_bet_until_the_mark_fades()
        external
    {
        _wait(RAMP);
        uint256 mark = _books(ETH).mark;
        _loseTogether(35);
        uint256 bankroll = _books(ETH).bankroll;
        assertLt(bankroll * 4, mark * 3);
        bytes memory halted = abi.encodeWithSelector(
            ICasino.DrawdownReached.selector,
            bankroll,
            mark
        );
        assertEq(_whyNot(bob, _wager(ETH, 0, FLIP, 1, HEADS)), halted);
        vm.expectRevert(halted);
        _flip(bob, 1);
        uint256 epochs;
        for (; _whyNot(bob, _wager(ETH, 0, FLIP, 1, HEADS)).length != 0; ++epochs) {
            uint256 before = _books(ETH).mark;
            _wait(1 days);
            casino.rollEpoch();
            for (uint16 asset; asset < 3; ++asset) casino.closeEpoch(asset);
            uint256 faded = (before * 7) / 8;
            assertLe(_books(ETH).mark, faded);
            assertGe(_books(ETH).mark + faded / 63, faded);
        }
        assertEq(epochs, 1);
        _flip(bob, 1);
    }

    function test_a_bankroll_funded_on_top_of_dust_has_a_mark_of_its_own() external {
        casino.drawBankroll(ETH, BANKROLL - 15);
        assertEq(_books(ETH).mark, 0, "too little to tell");
        casino.fundBankroll(ETH, BANKROLL - 15);
        assertGe(_books(ETH).mark + BANKROLL / 63, BANKROLL);
    }

    function test_a_mark_moves_along_with_a_bankroll_above_a_1024th_of_it_and_begins_anew_below()
        external
    {
        casino.drawBankroll(ETH, BANKROLL - (1 << 36));
        casino.fundBankroll(ETH, 1 << 36);
        uint256 mark = _books(ETH).mark;
        assertLe(mark, 1 << 37);
        _setBankroll(((mark >> 14) + 1) << 4);
        casino.fundBankroll(ETH, 1 << 36);
        // Deposits make no loss good.
        assertGt(_books(ETH).mark, 1 << 44);
        _setBankroll(((_books(ETH).mark >> 14) << 4) + 15);
        casino.fundBankroll(ETH, 1 << 36);
        assertLe(_books(ETH).mark, _books(ETH).bankroll);
    }

    function test_a_mark_never_fades_below_the_bankroll() external {
        for (uint256 i; i < 4; ++i) {
            _wait(1 days);
            casino.rollEpoch();
            for (uint16 asset; asset < 3; ++asset) casino.closeEpoch(asset);
            assertGe(_books(ETH).mark + BANKROLL / 63, BANKROLL);
        }
    }

    function test_deposits_and_redemptions_move_the_mark_along() external {
        uint256 mark = _books(ETH).mark;
        casino.drawBankroll(ETH, BANKROLL / 2);
        _assertNear(_books(ETH).mark, mark / 2);
        casino.fundBankroll(ETH, BANKROLL / 4);
        _assertNear(_books(ETH).mark, (mark * 3) / 4);
        // To nothing and back: no drawdown either.
        casino.drawBankroll(ETH, (BANKROLL * 3) / 4);
        assertEq(_books(ETH).mark, 0);
        casino.fundBankroll(ETH, BANKROLL);
        _assertNear(_books(ETH).mark, BANKROLL);
        _flip(bob, 1_000);
    }

    // -- Helpers --

    function _bet(uint256 stake) private returns (uint256) {
        return _place(alice, ETH, lane++, lucky, stake, HEADS);
    }

    /// @notice Bets on the lucky game until the house refuses, all in one round.
    function _fill() private returns (uint256 reserved) {
        while (_whyNot(alice, _wager(ETH, lane, lucky, STAKE, HEADS)).length == 0)
            reserved += views().betOf(_bet(STAKE)).reserve;
        bytes memory reason = _whyNot(alice, _wager(ETH, lane, lucky, STAKE, HEADS));
        assertEq(bytes32(bytes4(reason)), bytes32(ICasino.LiabilityAboveLimit.selector));
    }

    /// @notice Loses so many lucky bets in a round of their own.
    function _lose(uint256 count) private {
        _nextBlock();
        uint256[] memory bets = new uint256[](count);
        for (uint256 i; i < count; ++i) bets[i] = _bet(STAKE);
        _draw(_lastRequest(), 7);
        casino.settleMany(bets);
        _nextBlock();
    }

    /// @notice Loses twice so many lucky bets, placed before any is settled.
    function _loseTogether(uint256 count) private {
        uint256[] memory bets = new uint256[](2 * count);
        for (uint256 i; i < 2 * count; ++i) {
            if (i % count == 0) _nextBlock();
            bets[i] = _bet(STAKE);
        }
        _draw(_requestOf(1), 7);
        _draw(_requestOf(2), 7);
        casino.settleMany(bets);
        _nextBlock();
    }

    function _mostFlip() private returns (uint256) {
        return _quote(bob, _wager(ETH, 0, FLIP, 1, HEADS)).maxStake;
    }

    function _kelly(uint256 bps) private view returns (uint256) {
        return (_books(ETH).bankroll * bps * 0.01e18) / 10_000 / 0.9801e18;
    }

    function _bookReserved() private view returns (uint256 reserved) {
        (reserved, , ) = views().bookOf(FLIP, ETH);
    }

    function _assertNear(uint256 a, uint256 b) private pure {
        // Each change of the mark rounds down, by a 64th at the most.
        assertLe(a, b);
        assertGe(a + b / 16, b);
    }
}
