// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Roulette} from "../../contracts/games/Roulette.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {WideGame} from "./fixtures/SeriesGames.sol";
import {Vm} from "./fixtures/Test.sol";

/// @notice Bets of several rounds: what they play, pay, reserve and give back.
contract SeriesTest is CasinoFixture {
    uint256 private constant STAKE = 1_000;

    function test_a_series_pays_the_sum_of_its_draws_and_gives_back_what_was_not_played(
        uint256 rounds,
        uint256 stopGain,
        uint256 stopLoss,
        uint256 target,
        uint256 word
    ) external {
        ICasino.Wager memory wager = _wager(ETH, 1, DICE, STAKE, _under(bound(target, 100, 9_800)));
        wager.rounds = bound(rounds, 1, 60);
        wager.stopGain = bound(stopGain, 0, 20 * STAKE);
        wager.stopLoss = bound(stopLoss, 0, 20 * STAKE);
        if (stopGain % 4 == 0) wager.stopGain = 0;
        if (stopLoss % 4 == 0) wager.stopLoss = 0;
        if (wager.rounds == 1) (wager.stopGain, wager.stopLoss) = (0, 0);
        uint256 betId = _placeWager(alice, wager);
        assertEq(casino.balanceOf(alice, ETH), PURSE - wager.rounds * STAKE, "all in escrow");
        _draw(_lastRequest(), word);
        (uint256 paid, uint256 played) = _model(wager, views().seedOf(uint224(word), betId));
        uint256 payout = paid + (wager.rounds - played) * STAKE;
        if (played != 1) {
            vm.expectEmit(true, true, true, true, address(casino));
            emit ICasino.RoundsPlayed(betId, played);
        }
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.BetSettled(betId, payout);
        casino.settle(betId);
        assertEq(casino.balanceOf(alice, ETH), PURSE - wager.rounds * STAKE + payout);
        assertEq(_books(ETH).fees, _fee(played * STAKE), "of what was played");
        assertEq(_books(ETH).bankroll, BANKROLL + played * STAKE - paid - _fee(played * STAKE));
        assertEq(_books(ETH).reserved, 0);
    }

    function test_a_stop_gain_ends_the_series_with_the_round_that_reaches_it() external {
        uint256 betId = _placeWager(alice, _series(30, 980, 0));
        _draw(_lastRequest(), _wordOfFirst(betId, true));
        casino.settle(betId);
        // Won at once: one round was played.
        assertEq(casino.balanceOf(alice, ETH), PURSE + 980);
        assertEq(_books(ETH).fees, 1);
    }

    function test_a_stop_loss_ends_the_series_with_the_round_that_reaches_it() external {
        uint256 betId = _placeWager(alice, _series(30, 0, 1_000));
        _draw(_lastRequest(), _wordOfFirst(betId, false));
        casino.settle(betId);
        assertEq(casino.balanceOf(alice, ETH), PURSE - 1_000);
    }

    /// @notice Red, black and a little on zero lose in every pocket, so that a series is worth most where a stop ends it.
    function test_a_series_that_only_loses_ends_by_its_stops_and_its_game_stays(
        uint256 stake,
        uint256 rounds,
        uint256 stopLoss,
        uint256 share,
        uint256 word
    ) external {
        ICasino.Terms memory terms = _terms();
        terms.stipend = 409_600;
        // To more and to less than what a round loses for certain.
        terms.shareBps = bound(share, 0, 5_000);
        uint16 roulette = casino.listGame(address(new Roulette(1)));
        casino.setTerms(roulette, ETH, terms);
        stake = bound(stake, 1, 1e6);
        rounds = bound(rounds, 2, 20);
        stopLoss = bound(stopLoss, 0, stake);
        // Of 75 parts: 2 on zero, 37 on red, 36 on black.
        ICasino.Wager memory wager = ICasino.Wager(
            ETH,
            1,
            roulette,
            stake,
            bytes16(hex"0002f025f124"),
            rounds,
            0,
            stopLoss
        );
        uint256 betId = _placeWager(alice, wager);
        _nextBlock();
        _draw(_lastRequest(), word);
        casino.settle(betId);
        (bool listed, ) = views().termsOf(roulette, ETH);
        assertTrue(listed);
        assertLt(casino.balanceOf(alice, ETH), PURSE);
    }

    function test_rounds_and_stops_are_bounded() external {
        _assertBounded(_series(0, 0, 0), "rounds", 0, 1_000);
        _assertBounded(_series(1_001, 0, 0), "rounds", 1_001, 1_000);
        _assertBounded(_series(type(uint256).max, 0, 0), "rounds", type(uint256).max, 1_000);
        _assertBounded(_series(2, 1 << 64, 0), "stop", 1 << 64, type(uint64).max);
        _assertBounded(_series(2, 0, 1 << 64), "stop", 1 << 64, type(uint64).max);
        ICasino.Wager memory wager = _series(1_000, 0, 0);
        wager.stake = 1;
        _placeWager(alice, wager);
    }

    function test_a_void_series_gives_back_all_its_stakes() external {
        uint256 betId = _placeWager(alice, _series(30, 5, 5));
        _wait(VOID_AFTER + 1);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.BetRefunded(betId, 30 * STAKE, false);
        casino.refund(betId);
        assertEq(casino.balanceOf(alice, ETH), PURSE);
    }

    function test_a_wide_choice_is_stored_whole_and_forgotten_by_the_next_bet(
        bytes16 choice
    ) external {
        uint16 game = _list(address(new WideGame()));
        uint256 betId = _place(alice, ETH, 1, game, STAKE, choice);
        assertEq(bytes32(views().betOf(betId).choice), bytes32(choice));
        assertEq(views().betOf(betId).rounds, 1);
        _draw(_lastRequest(), 7);
        _nextBlock();
        betId = _place(alice, ETH, 1, FLIP, STAKE, HEADS);
        assertEq(bytes32(views().betOf(betId).choice), bytes32(HEADS));
        // The game paid what the last byte of its choice said.
        uint256 paid = uint8(choice[15]) & 1 == 1 ? 2 * STAKE : 0;
        assertEq(casino.balanceOf(alice, ETH), PURSE - 2 * STAKE + paid);
    }

    function test_placing_over_a_series_tells_how_it_ended() external {
        uint256 betId = _placeWager(alice, _series(30, 0, 0));
        _draw(_lastRequest(), 99);
        _nextBlock();
        (uint256 paid, uint256 played) = _model(_series(30, 0, 0), views().seedOf(99, betId));
        vm.recordLogs();
        _place(alice, ETH, 1, FLIP, STAKE, HEADS);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        (, uint256 ended) = abi.decode(logs[logs.length - 1].data, (uint256, uint256));
        assertEq(played, 30);
        assertEq(ended, paid | (played << 56) | (1 << 72));
        assertEq(views().betOf(betId + 1).rounds, 1, "nothing of the series is left");
    }

    // -- Helpers --

    /// @notice Heads in lane 1.
    function _series(
        uint256 rounds,
        uint256 stopGain,
        uint256 stopLoss
    ) private pure returns (ICasino.Wager memory) {
        return ICasino.Wager(ETH, 1, FLIP, STAKE, HEADS, rounds, stopGain, stopLoss);
    }

    /// @notice The least word under which the first round of the series wins, or loses.
    function _wordOfFirst(uint256 betId, bool wins) private view returns (uint256 word) {
        while ((_roundSeed(views().seedOf(word, betId), 0) & 1 == 0) != wins) ++word;
    }

    /// @dev Signed numbers and one draw after another: another way than the game's.
    function _model(
        ICasino.Wager memory wager,
        uint256 seed
    ) private view returns (uint256 paid, uint256 played) {
        int256 net;
        while (played < wager.rounds) {
            uint256 drawn = wager.rounds == 1 ? seed : _roundSeed(seed, played);
            uint256 won =
                wager.game == DICE
                    ? dice.payout(wager.stake, wager.choice, drawn)
                    : coinFlip.payout(wager.stake, wager.choice, drawn);
            ++played;
            paid += won;
            net += int256(won) - int256(wager.stake);
            if (wager.stopGain != 0 && net >= int256(wager.stopGain)) break;
            if (wager.stopLoss != 0 && -net >= int256(wager.stopLoss)) break;
        }
    }

    function _roundSeed(uint256 seed, uint256 index) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, index)));
    }

    function _assertBounded(
        ICasino.Wager memory wager,
        bytes32 what,
        uint256 value,
        uint256 most
    ) private {
        vm.expectRevert(abi.encodeWithSelector(ICasino.OutOfBounds.selector, what, value, most));
        vm.prank(alice);
        casino.placeWager(wager);
    }
}
