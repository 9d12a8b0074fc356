// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Dice} from "../../../contracts/games/Dice.sol";
import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {IGame} from "../../../contracts/interfaces/IGame.sol";
import {LpWorld} from "./LpWorld.sol";

/// @notice An LP who is a player too, both pockets counted: he knows each word, takes the bankroll's whole capacity with
/// open bets around a close so that redemptions are not filled, asks for shares and sells them, donates, and closes
/// when it suits him.
/// @dev Exact in every episode: both pockets have what his bets won and what the ideal bankroll gives his shares.
contract ExposureMoverTest is LpWorld {
    uint256 private constant THIRD = 0;
    uint256 private constant LARGE = 1;
    uint256 private constant LARGE_AND_ALONE = 2;
    uint256 private constant HOG_ROUNDS = 19;

    // The figures of an episode.
    uint256 private constant BY_MOVES = 0;
    uint256 private constant LUCK = 1;
    uint256 private constant OVER_HOLDER = 2;
    uint256 private constant BY_BLOCKING = 3;
    uint256 private constant OWN_BETS = 4;
    uint256 private constant DONATED = 5;
    uint256 private constant BLOCKED = 6;

    IGame private _dice;
    address private _pocket;
    uint256 private _scenario;
    uint16 private _ownLane;
    int256 private _ownWon;
    int256 private _ownEdge;
    int256 private _donated;
    int256 private _blocked;

    function setUp() public override {
        super.setUp();
        _dice = new Dice();
        casino.listGame(address(_dice));
        casino.setTerms(DICE, ETH, _terms());
        _wait(RAMP);
    }

    function test_an_lp_with_a_third_gains_nothing_by_moving_exposure() external {
        Series[] memory columns = _run(THIRD);
        _figures("LP and player with 30% of the shares, alone at every close", columns);
        _assertZero(columns[BY_BLOCKING], "blocked with a third");
        _assertFair(columns[LUCK], "a gain by knowing");
        _assertNoGain(columns[OVER_HOLDER], "a gain over the holder");
    }

    function test_a_large_lp_gains_nothing_by_moving_exposure_where_someone_closes_at_once()
        external
    {
        Series[] memory columns = _run(LARGE);
        _figures("LP and player with 80% of the shares, epochs closed at once", columns);
        _assertZero(columns[BY_BLOCKING], "knew what comes after a close");
        _assertFair(columns[LUCK], "a gain by knowing");
        _assertNoGain(columns[OVER_HOLDER], "a gain over the holder");
    }

    /// @notice The control, and the residual risk: a redemption that finds no liquidity stays in the bankroll. Who can keep
    /// others from closing, and owns more shares than open bets leave free, chooses when to be filled.
    function test_control_a_large_lp_whom_nobody_closes_on_is_seen_to_choose() external {
        Series[] memory columns = _run(LARGE_AND_ALONE);
        _figures("control: 80% of the shares, and nobody else ever closes", columns);
        assertTrue(_mean(columns[BY_BLOCKING]) > 0, "the simulation is blind");
    }

    function _figures(string memory title, Series[] memory columns) private view {
        _title(title, columns[OVER_HOLDER]);
        _print("gain over bets and requests, units", columns[BY_MOVES], 1);
        _print("both pockets over a holder's, million units", columns[OVER_HOLDER], 1e6);
        _print("value of blocking redemptions, million units", columns[BY_BLOCKING], 1e6);
        _print("edge of own bets, million units", columns[OWN_BETS], 1e6);
        _print("donated, million units", columns[DONATED], 1e6);
        _print("closes with blocked redemptions", columns[BLOCKED], 1);
        assertTrue(columns[BY_MOVES].most <= 0, "a gain by moving exposure");
        assertTrue(_mean(columns[BY_MOVES]) > -3 * DUST, "a loss of more than dust");
        assertTrue(_mean(columns[OWN_BETS]) < 0, "hardly any bets");
    }

    function _play(uint256 scenario) internal override returns (int256[] memory values) {
        _scenario = scenario;
        _pocket = address(uint160(_random()));
        _give(_pocket, ETH, 1e13);
        int256 times = scenario == THIRD ? int256(1) : int256(8);
        if (scenario == THIRD) _begin(400 ether, 300 ether, 300 ether);
        else _begin(100 ether, 800 ether, 100 ether);
        uint256 carolBefore = _worth(carol);
        for (uint256 i; i < EPOCHS; ++i) _playEpoch();
        _finishAll();

        values = new int256[](7);
        (int256 gain, int256 idealGain) = _gainOfBob();
        gain += int256(casino.balanceOf(_pocket, ETH)) - 1e13 - _donated;
        idealGain += _ownWon - _donated;
        values[BY_MOVES] = gain - idealGain - DUST;
        values[LUCK] = gain - (ideal.bobsExpected - _ownEdge - _donated);
        values[OVER_HOLDER] = gain - times * _gainOfCarol(carolBefore);
        values[BY_BLOCKING] = ideal.byBlocking;
        values[OWN_BETS] = -_ownEdge;
        values[DONATED] = _donated;
        values[BLOCKED] = _blocked;
    }

    function _scheme() internal override {
        if (_oneIn(8)) _donate();
        if (!_books(ETH).closed) _closeWhenItSuits();
        if (_oneIn(4)) _hog();
        if (_known() < 0) _redeemAll();
        else if (_oneIn(2)) _depositAll();
    }

    /// @notice Shares that are due should stay if the epoch that follows has gained, and go if it has lost.
    function _closeWhenItSuits() private {
        int256 known = _known();
        if (known == 0) return;
        _settleAll();
        if (known > 0) {
            for (uint256 i; i < 3; ++i) {
                _nextBlock();
                _hog();
            }
        }
        _closeKnowing(known);
        if (coins.unfilledShares() != 0) ++_blocked;
    }

    function _afterRoll() internal override {
        if (_scenario == LARGE) _tryClose();
    }

    /// @notice Takes a fifth of the bankroll with two bets that mostly end after a round or two.
    function _hog() private {
        for (uint256 i; i < 2; ++i) {
            ICasino.Wager memory wager = _wager(
                ETH,
                _ownLane++,
                FLIP,
                _books(ETH).bankroll / 200,
                HEADS
            );
            (wager.rounds, wager.stopLoss) = (HOG_ROUNDS, 1);
            if (!_placeOwn(wager)) {
                (wager.game, wager.choice) = (DICE, _under(4_950));
                _placeOwn(wager);
            }
        }
    }

    function _placeOwn(ICasino.Wager memory wager) private returns (bool) {
        vm.prank(_pocket);
        try casino.placeWager(wager) returns (uint256 betId) {
            IGame rules = IGame(views().gameOf(wager.game));
            (uint256 paid, uint256 played) = rules.payouts(
                wager.stake,
                wager.choice,
                _seedOf(betId),
                wager.rounds,
                wager.stopGain,
                wager.stopLoss
            );
            uint256 turnover = wager.stake * played;
            _ownWon += int256(paid) - int256(turnover);
            _ownEdge += int256(turnover / 100);
            _noteBet(betId, turnover, paid);
            return true;
        } catch {
            return false;
        }
    }

    /// @notice To the bankroll's account in the casino, or by force to the casino itself.
    function _donate() private {
        _donated += 1e6;
        if (_oneIn(2)) casino.deposit{value: 1e15}(ETH, 1e6, address(coins));
        else vm.deal(address(casino), address(casino).balance + 1e15);
    }

    function _outOfGame() internal view override returns (uint256) {
        return RICHES - (_scenario == THIRD ? 300 ether : 800 ether);
    }
}
