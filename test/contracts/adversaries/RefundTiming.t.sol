// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {IGame} from "../../../contracts/interfaces/IGame.sol";
import {CasinoFixture} from "../CasinoFixture.sol";
import {Simulation} from "./Simulation.sol";

/// @notice A player who knows each word as soon as it is requested, and moves before and after it is delivered: losing bets
/// are refunded, winning ones settled, whenever the casino lets them be; words come at once, at the deadline or never.
/// @dev Exact in every episode: what the player has at the end is what the words that came in time gave, bet by bet, whatever
/// was tried. So timing wins nothing, and what is expected is the edge of what was played.
contract RefundTimingTest is CasinoFixture, Simulation {
    uint256 private constant HONEST_ORACLE = 0;
    uint256 private constant ORACLE_IN_LEAGUE = 1;
    uint16 private constant LANES = 4;
    uint256 private constant STEPS = 12;

    // The figures of an episode.
    uint256 private constant BY_TIMING = 0;
    uint256 private constant PROFIT = 1;
    uint256 private constant LUCK = 2;
    uint256 private constant EXPECTED = 3;
    uint256 private constant TURNOVER = 4;
    uint256 private constant BETS = 5;
    uint256 private constant VOIDS = 6;

    struct Draw {
        uint256 requestId;
        uint256 word;
        uint256 block_;
        uint256 deadline;
        uint256 deliverAt;
        bool inTime;
        bool done;
        int256 net;
    }

    struct Played {
        uint256 betId;
        uint256 draw;
        int256 net;
        int256 edge;
        uint256 turnover;
    }

    Draw[] private _draws;
    Played[] private _played;
    uint256[] private _openBets;
    address private _who;
    /// The player's own second account, which refers the first.
    address private _pocket;
    bool private _inLeague;

    function setUp() public override {
        super.setUp();
        // Few slots and short epochs, so that slots are used again while bets wait.
        casino = _newCasino(64, 10 minutes);
        _fundSubscription();
        casino.listAsset(address(0), address(this));
        casino.listGame(address(coinFlip));
        casino.listGame(address(dice));
        ICasino.Terms memory terms = _terms();
        terms.shareBps = 5_000;
        casino.setTerms(FLIP, ETH, terms);
        casino.setTerms(DICE, ETH, terms);
        _fund(ETH, BANKROLL);
    }

    function test_refund_timing_wins_nothing_over_playing() external {
        Series[] memory columns = _run(HONEST_ORACLE);
        _title("refund-timing player", columns[PROFIT]);
        _print("profit by timing, million units", columns[BY_TIMING], 1e6);
        _print("profit, million units", columns[PROFIT], 1e6);
        _print("profit without luck, million units", columns[EXPECTED], 1e6);
        _print("turnover of drawn rounds, million units", columns[TURNOVER], 1e6);
        _print("bets", columns[BETS], 1);
        _print("void bets", columns[VOIDS], 1);
        _assertZero(columns[BY_TIMING], "a gain or a loss by timing");
        _assertFair(columns[LUCK], "the words are not fair");
        assertTrue(columns[EXPECTED].most <= 0, "an episode without an edge");
        assertTrue(_mean(columns[EXPECTED]) < 0, "no edge");
        _assertNoGain(columns[PROFIT], "a profit");
        assertTrue(_mean(columns[BETS]) > 5, "hardly any bets");
    }

    /// @notice The control, and the residual risk: an oracle that withholds what its player loses does win.
    function test_control_a_withholding_oracle_in_league_with_the_player_is_seen() external {
        Series[] memory columns = _run(ORACLE_IN_LEAGUE);
        _title("control: the oracle withholds the words that the player loses by", columns[PROFIT]);
        _print("profit, million units", columns[PROFIT], 1e6);
        _assertGain(columns[LUCK], "the simulation is blind");
    }

    function _play(uint256 scenario) internal override returns (int256[] memory values) {
        vm.warp(time);
        vm.roll(height);
        _inLeague = scenario == ORACLE_IN_LEAGUE;
        (_who, _pocket) = (address(uint160(_random())), address(uint160(_random())));
        vm.deal(_who, PURSE * 1e9);
        vm.prank(_who);
        casino.depositReferred{value: PURSE * 1e9}(ETH, PURSE, _pocket);
        for (uint256 i; i < STEPS; ++i) {
            for (uint256 bets = 1 + _below(3); bets != 0; --bets) _try();
            _pass();
            _act();
            _deliver();
            _act();
        }
        _wait(VOID_AFTER + 1);
        _deliver();
        // Every word once more, and another one for each round: both too late.
        for (uint256 i; i < _draws.length; ++i) {
            _draw(_draws[i].requestId, _draws[i].word);
            _draw(_draws[i].requestId, _random());
        }
        _act();
        for (uint256 i; i < _played.length; ++i) casino.settleMany(_one(_played[i].betId));
        return _measure();
    }

    function _measure() private returns (int256[] memory values) {
        values = new int256[](7);
        int256 profit = int256(casino.balanceOf(_who, ETH)) - int256(PURSE);
        values[BY_TIMING] = values[LUCK] = profit;
        for (uint256 i; i < _played.length; ++i) {
            Played storage played = _played[i];
            if (!_draws[played.draw].inTime) {
                ++values[VOIDS];
                continue;
            }
            values[BY_TIMING] -= played.net;
            values[LUCK] += played.edge;
            values[EXPECTED] -= played.edge;
            values[TURNOVER] += int256(played.turnover);
        }
        values[BETS] = int256(_played.length);
        (, uint256 accrued) = views().referralOf(_who, ETH);
        if (accrued != 0) casino.claimReferral(_who, ETH);
        int256 referral = int256(casino.balanceOf(_pocket, ETH));
        values[PROFIT] = profit + referral;
        values[EXPECTED] += referral;
        assertEq(_books(ETH).openBets + _books(ETH).closingBets, 0, "a bet did not end");
    }

    // -- The player --

    /// @notice Tries to bet in any lane, busy ones too.
    function _try() private {
        ICasino.Wager memory wager = _wager(
            ETH,
            uint16(_below(LANES)),
            FLIP,
            1e6 + _below(1e9),
            HEADS
        );
        if (_oneIn(2)) wager.choice = _sharpSide(wager.lane);
        if (_oneIn(3)) {
            (wager.game, wager.choice) = (DICE, _under(500 + _below(9_000)));
        }
        if (_oneIn(3)) {
            wager.rounds = 2 + _below(7);
            if (_oneIn(2)) wager.stopGain = 1 + _below(3 * wager.stake);
            if (_oneIn(2)) wager.stopLoss = 1 + _below(3 * wager.stake);
        }
        uint256 rounds = _rounds();
        vm.prank(_who);
        try casino.placeWager(wager) returns (uint256 betId) {
            if (_rounds() != rounds) _request();
            _note(betId, wager);
        } catch {}
    }

    /// @notice The side that the latest round's word, which is known by now, would let win, if the bet still joined it.
    function _sharpSide(uint16 lane) private view returns (bytes16) {
        if (_draws.length == 0 || _draws[_draws.length - 1].block_ == height) return TAILS;
        uint256 betId = _betId(_who, ETH, lane, 0);
        betId |= views().betOf(betId).sequence + 1;
        uint256 seed = views().seedOf(uint224(_draws[_draws.length - 1].word), betId);
        return seed & 1 == 0 ? HEADS : TAILS;
    }

    function _note(uint256 betId, ICasino.Wager memory wager) private {
        uint256 draw = _draws.length - 1;
        IGame rules = wager.game == FLIP ? IGame(address(coinFlip)) : IGame(address(dice));
        (, uint256 rtp, ) = rules.odds(wager.choice);
        uint256 seed = views().seedOf(uint224(_draws[draw].word), betId);
        (uint256 paid, uint256 played) = wager.rounds == 1
            ? (rules.payout(wager.stake, wager.choice, seed), 1)
            : rules.payouts(
                wager.stake,
                wager.choice,
                seed,
                wager.rounds,
                wager.stopGain,
                wager.stopLoss
            );
        uint256 turnover = wager.stake * played;
        int256 net = int256(paid) - int256(turnover);
        _draws[draw].net += net;
        _openBets.push(_played.length);
        int256 edge = int256((turnover * (WAD - rtp)) / WAD);
        _played.push(Played(betId, draw, net, edge, turnover));
    }

    /// @notice Tries to refund what loses and to settle what wins, now and then the other way round, the wrong one first.
    function _act() private {
        for (uint256 i = _openBets.length; i != 0; --i) {
            Played storage played = _played[_openBets[i - 1]];
            bool settles = played.net > 0 != _oneIn(8);
            vm.prank(_who);
            if (settles) {
                try casino.settle(played.betId) {} catch {}
            } else {
                try casino.refund(played.betId) {} catch {}
            }
            if (_isOpen(played.betId)) continue;
            _openBets[i - 1] = _openBets[_openBets.length - 1];
            _openBets.pop();
        }
    }

    // -- The world --

    /// @notice A round was requested: its word, and when it will come.
    function _request() private {
        uint256 deadline = time + VOID_AFTER;
        uint256 fate = _below(16);
        uint256 deliverAt = time + 1 + _below(60);
        if (fate == 0) deliverAt = type(uint256).max;
        else if (fate <= 3) deliverAt = deadline + fate - 2;
        _draws.push(Draw(_lastRequest(), _random(), height, deadline, deliverAt, false, false, 0));
    }

    /// @notice Time passes: a little, or up to just before, at or just after a deadline.
    function _pass() private {
        uint256 until = time + 1 + (_oneIn(2) ? 0 : _below(1_000));
        if (_oneIn(3) && _draws.length != 0) {
            uint256 edge = _draws[_below(_draws.length)].deadline + _below(3) - 1;
            if (edge > time) until = edge;
        }
        _wait(until - time);
        if (!_books(ETH).closed && _books(ETH).closingBets == 0) casino.closeEpoch(ETH);
        (, uint256 start, , , ) = views().head();
        if (_books(ETH).closed && time >= start + 10 minutes) casino.rollEpoch();
    }

    function _deliver() private {
        for (uint256 i; i < _draws.length; ++i) {
            Draw storage draw = _draws[i];
            bool withheld = _inLeague && draw.net < 0;
            if (draw.done || time < draw.deliverAt || withheld) continue;
            (draw.done, draw.inTime) = (true, time <= draw.deadline);
            _draw(draw.requestId, draw.word);
        }
    }
}
