// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {BankrollFixture} from "../BankrollFixture.sol";
import {Simulation} from "./Simulation.sol";

/// @title A bankroll with an LP who schemes, one who holds the same, and players
/// @notice Beside it runs an ideal bankroll, from the rules alone: what was requested in an epoch executes at the price that
/// all bets of that epoch left. Bob schemes and knows each word as soon as it is requested; Carol holds.
/// @dev Units, but where a name says shares. The ideal one rounds as it likes: the real one may lose dust to it, not gain.
abstract contract LpWorld is BankrollFixture, Simulation {
    uint256 internal constant EPOCHS = 3;
    /// How far the real bankroll and the ideal one may be apart by their roundings.
    int256 internal constant DUST = 8;
    uint256 private constant VIRTUAL_SHARES = 1e6;
    int256 private constant EDGES = 100;

    struct Drawable {
        uint256 requestId;
        uint256 word;
        uint256 epoch;
        bool drawn;
    }

    /// @notice The ideal bankroll after its last close.
    struct Ideal {
        int256 equity;
        uint256 supply;
        uint256 bobs;
        uint256 carols;
        /// What the epochs so far brought Bob and Carol, and what they were expected to bring before their words.
        int256 bobsGain;
        int256 bobsExpected;
        int256 carolsGain;
        int256 carolsExpected;
        /// What was known at each close that shares without liquidity would gain or lose after it.
        int256 byBlocking;
        uint256 nextToClose;
    }

    Ideal internal ideal;
    Drawable[] internal rounds;
    uint256[] internal bets;
    /// What the bets of an epoch leave to the house, and what they were expected to.
    mapping(uint256 epoch => int256) internal toHouse;
    mapping(uint256 epoch => int256) internal expected;
    mapping(uint256 epoch => uint256) private _deposited;
    mapping(uint256 epoch => uint256) private _redeemed;
    uint256 private _startOfBob;
    uint16 private _lane;

    /// @notice Bob's chance to move; called at many moments.
    function _scheme() internal virtual;

    function setUp() public virtual override {
        super.setUp();
        // Past the game's first days, so that its cap is whole.
        _wait(RAMP);
    }

    function _begin(uint256 alices, uint256 bobs, uint256 carols) internal {
        vm.warp(time);
        vm.roll(height);
        _deposit(alice, alices);
        _deposit(bob, bobs);
        _deposit(carol, carols);
        _close();
        _claim(alice);
        _claim(bob);
        _claim(carol);
        ideal.equity = int256(_books(ETH).bankroll);
        ideal.supply = coins.totalSupply();
        (ideal.bobs, ideal.carols) = (coins.balanceOf(bob), coins.balanceOf(carol));
        ideal.nextToClose = _epoch();
        _startOfBob = _worth(bob);
    }

    /// @notice Players' bets of one epoch, Bob's moves among them, and the epoch's end.
    function _playEpoch() internal {
        for (uint256 left = 3 + _below(4); left != 0; --left) {
            _nextBlock();
            _flipOf(player, _books(ETH).bankroll / (210 + _below(2_000)));
            if (_oneIn(2)) _drawSome();
            if (_oneIn(3)) _scheme();
        }
        _wait(EPOCH_SECONDS);
        _scheme();
        if (!_books(ETH).closed) return;
        _roll();
        _afterRoll();
    }

    /// @notice What others do as soon as an epoch has ended.
    function _afterRoll() internal virtual {}

    /// @notice Ends all: every bet, every request, every claim.
    function _finishAll() internal {
        for (uint256 i; i < 2; ++i) {
            _nextBlock();
            _tryClose();
            _wait(EPOCH_SECONDS);
            _roll();
        }
        _nextBlock();
        _tryClose();
        _claim(bob);
        assertEq(_books(ETH).reserved, 0, "a bet did not end");
    }

    /// @return What Bob has more than before, and what the ideal bankroll says.
    function _gainOfBob() internal view returns (int256, int256) {
        return (int256(_worth(bob)) - int256(_startOfBob), ideal.bobsGain);
    }

    function _gainOfCarol(uint256 before) internal view returns (int256) {
        return int256(_worth(carol)) - int256(before);
    }

    /// @notice Coins and shares of an LP with nothing left to claim.
    function _worth(address lp) internal view returns (uint256) {
        return (lp.balance + coins.convertToAssets(coins.balanceOf(lp))) / GWEI;
    }

    function _epoch() internal view returns (uint256 epoch) {
        (epoch, , , , ) = views().head();
    }

    // -- Bets --

    /// @notice Heads in the next lane. It joins the block's round or opens one.
    function _flipOf(address who, uint256 stake) internal {
        uint16 lane = _lane++;
        vm.prank(who);
        try casino.bet(ETH, lane, FLIP, uint56(stake), HEADS) returns (uint256 betId) {
            bool wins = _seedOf(betId) & 1 == 0;
            _noteBet(betId, stake, wins ? (stake * 198) / 100 : 0);
        } catch {
            // Where Bob has taken all that the bankroll bears, others are refused.
        }
    }

    /// @notice The seed of a bet that was just placed.
    function _seedOf(uint256 betId) internal returns (uint256) {
        _noteRound();
        return views().seedOf(uint224(rounds[rounds.length - 1].word), betId);
    }

    function _noteRound() private {
        if (rounds.length != 0 && rounds[rounds.length - 1].requestId == _lastRequest()) return;
        rounds.push(Drawable(_lastRequest(), _random(), _epoch(), false));
    }

    function _noteBet(uint256 betId, uint256 turnover, uint256 payout) internal {
        uint256 epoch = rounds[rounds.length - 1].epoch;
        toHouse[epoch] += int256(turnover - _fee(turnover)) - int256(payout);
        expected[epoch] += int256(turnover) / EDGES - int256(_fee(turnover));
        bets.push(betId);
    }

    /// @notice Draws what is requested, but for some, and settles some of what is drawn.
    function _drawSome() internal {
        for (uint256 i; i < rounds.length; ++i) {
            if (!rounds[i].drawn && !_oneIn(3)) _drawRound(i);
        }
        if (bets.length != 0) casino.settleMany(_one(bets[_below(bets.length)]));
    }

    function _drawRound(uint256 i) private {
        rounds[i].drawn = true;
        _draw(rounds[i].requestId, rounds[i].word);
    }

    // -- Epochs --

    function _roll() internal {
        casino.rollEpoch();
        dollars.close();
    }

    /// @notice Draws and settles all, and closes the epoch that ended, if there is one.
    function _tryClose() internal {
        _settleAll();
        _closeKnowing(_known());
    }

    function _settleAll() internal {
        for (uint256 i; i < rounds.length; ++i) {
            if (!rounds[i].drawn) _drawRound(i);
        }
        casino.settleMany(bets);
        delete bets;
    }

    /// @param known What the epoch after it was known to leave when the close was decided on.
    function _closeKnowing(int256 known) internal {
        ICasino.Books memory books = _books(ETH);
        if (books.closed || books.closingBets != 0) return;
        uint256 due = coins.unfilledShares() + _redeemed[ideal.nextToClose];
        coins.close();
        uint256 unfilled = coins.unfilledShares();
        _closeIdeal(due - unfilled);
        ideal.byBlocking += _part(known, unfilled, ideal.supply + VIRTUAL_SHARES);
    }

    /// @param filled Shares that the real bankroll had the liquidity to redeem.
    function _closeIdeal(uint256 filled) private {
        uint256 epoch = ideal.nextToClose++;
        uint256 all = ideal.supply + VIRTUAL_SHARES;
        ideal.bobsGain += _part(toHouse[epoch], ideal.bobs, all);
        ideal.bobsExpected += _part(expected[epoch], ideal.bobs, all);
        ideal.carolsGain += _part(toHouse[epoch], ideal.carols, all);
        ideal.carolsExpected += _part(expected[epoch], ideal.carols, all);
        ideal.equity += toHouse[epoch];
        uint256 minted = Math.mulDiv(_deposited[epoch], all, uint256(ideal.equity) + 1);
        uint256 paid = Math.mulDiv(filled, uint256(ideal.equity) + 1, all);
        ideal.equity += int256(_deposited[epoch]) - int256(paid);
        ideal.supply = ideal.supply + minted - filled;
        ideal.bobs = ideal.bobs + minted - filled;
    }

    function _part(int256 amount, uint256 shares, uint256 all) private pure returns (int256) {
        uint256 size = Math.mulDiv(uint256(amount < 0 ? -amount : amount), shares, all);
        return amount < 0 ? -int256(size) : int256(size);
    }

    // -- Bob's requests --

    /// @notice What the bets of the current epoch will leave to the house, as far as requested.
    function _known() internal view returns (int256) {
        return toHouse[_epoch()];
    }

    function _depositAll() internal {
        _claim(bob);
        uint256 assets = (bob.balance - _outOfGame()) / GWEI;
        if (assets == 0) return;
        _deposited[_epoch()] += assets;
        _deposit(bob, assets * GWEI);
    }

    function _redeemAll() internal {
        _claim(bob);
        uint256 shares = coins.balanceOf(bob);
        if (shares == 0) return;
        _redeemed[_epoch()] += shares;
        _redeem(bob, shares);
    }

    /// @notice Coins that Bob leaves out of the game: he stakes no more than Carol does.
    function _outOfGame() internal view virtual returns (uint256);
}
