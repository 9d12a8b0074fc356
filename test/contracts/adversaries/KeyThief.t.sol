// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {Dice} from "../../../contracts/games/Dice.sol";
import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {IGame} from "../../../contracts/interfaces/IGame.sol";
import {ISessions} from "../../../contracts/interfaces/ISessions.sol";
import {BankrollFixture} from "../BankrollFixture.sol";
import {OrderFixture} from "../OrderFixture.sol";
import {Simulation} from "./Simulation.sol";

/// @notice A thief of Alice's session key and of every order that it signed, who wants money out: by withdrawing, by orders
/// beyond the session (lane, asset, player, game, stake, number, time, fee), by other grants, referrals and replays; and
/// as an LP, by betting Alice's money away.
/// @dev Exact in every episode: no order beyond the session is placed, the thief's accounts have the fees that Alice allowed
/// and nothing else, and the shares earn what anyone's would on the same bets.
contract KeyThiefTest is BankrollFixture, OrderFixture, Simulation {
    uint256 private constant STRANGER = 0;
    uint256 private constant NAMED_RELAYER = 1;
    uint256 private constant LP = 2;
    uint256 private constant STEPS = 20;
    /// Units.
    uint256 private constant POOL = 1e12;
    uint256 private constant VIRTUAL_SHARES = 1e6;

    // The figures of an episode.
    uint256 private constant PROFIT = 0;
    uint256 private constant LUCK = 1;
    uint256 private constant FEES = 2;
    uint256 private constant TURNOVER = 3;
    uint256 private constant LOSS = 4;
    uint256 private constant BEYOND_SHARE = 5;
    uint256 private constant EDGE = 6;
    uint256 private constant PLACED = 7;
    uint256 private constant REFUSED = 8;

    address private _thief = address(0x7417EF);
    ISessions.Terms private _granted;
    bool private _revoked;
    /// The lane's last bet.
    uint256 private _sequence;
    int256[] private _values;
    ICasino.SignedOrder[] private _carried;

    function setUp() public override(BankrollFixture, OrderFixture) {
        super.setUp();
        casino.listGame(address(new Dice()));
        casino.setTerms(DICE, ETH, _terms());
        casino.setTerms(FLIP, USDC, _terms());
        _wait(RAMP);
        _own(carol, POOL * GWEI);
        _give(alice, ETH, PURSE);
        _give(alice, USDC, PURSE);
    }

    function test_a_thief_of_a_session_key_takes_nothing() external {
        Series[] memory columns = _run(STRANGER);
        _title("session-key thief", columns[PROFIT]);
        _figures(columns);
        _assertZero(columns[PROFIT], "took something");
        _assertZero(columns[FEES], "was paid for carrying");
    }

    function test_a_thief_who_is_the_named_relayer_takes_the_fees_that_were_allowed() external {
        Series[] memory columns = _run(NAMED_RELAYER);
        _title("session-key thief who is the relayer that the session names", columns[PROFIT]);
        _figures(columns);
        assertEq(uint256(columns[PROFIT].sum), uint256(columns[FEES].sum), "more than the fees");
    }

    function test_a_thief_with_shares_earns_what_any_lp_earns_on_the_same_bets() external {
        Series[] memory columns = _run(LP);
        _title("session-key thief who owns 10, 50 or 90% of the shares", columns[PROFIT]);
        _figures(columns);
        _print("share of the edge, thousand units", columns[EDGE], 1e3);
        _print("beyond the share, units", columns[BEYOND_SHARE], 1);
        assertTrue(columns[BEYOND_SHARE].most <= 0, "more than the share of Alice's loss");
        assertTrue(_mean(columns[BEYOND_SHARE]) > -20, "less by more than dust");
        _assertFair(columns[LUCK], "more than the share of the edge");
    }

    function _figures(Series[] memory columns) private view {
        _print("profit, thousand units", columns[PROFIT], 1e3);
        _print("fees, thousand units", columns[FEES], 1e3);
        _print("the victim's loss, thousand units", columns[LOSS], 1e3);
        _print("turnover, thousand units", columns[TURNOVER], 1e3);
        _print("orders placed", columns[PLACED], 1);
        _print("orders refused", columns[REFUSED], 1);
        assertTrue(_mean(columns[PLACED]) > 1 && _mean(columns[REFUSED]) > 1, "hardly any orders");
    }

    function _play(uint256 scenario) internal override returns (int256[] memory) {
        vm.warp(time);
        vm.roll(height);
        _values = new int256[](9);
        uint256 share;
        if (scenario == LP) {
            uint256[3] memory deposits = [POOL / 9, POOL, POOL * 9];
            uint256 value = deposits[_below(3)] * GWEI;
            vm.deal(_thief, value);
            _own(_thief, value);
            share = coins.balanceOf(_thief);
        } else {
            vm.deal(_thief, 1 ether);
        }
        uint256 before = _thief.balance / GWEI;
        uint256 all = coins.totalSupply() + VIRTUAL_SHARES;
        _grantSome(scenario == NAMED_RELAYER ? _thief : carol);
        uint256 revokedAt = _below(2 * STEPS);
        for (uint256 i; i < STEPS; ++i) {
            if (i == revokedAt) _revoke();
            if (_oneIn(12)) _wait(20 minutes);
            else _nextBlock();
            if (_oneIn(3)) _tryOtherWays();
            _tryOrder();
        }
        _settleLast();
        int256 left = int256(casino.balanceOf(alice, ETH));
        assertTrue(left + _values[LOSS] == int256(PURSE), "Alice lost more than her bets");
        assertEq(casino.balanceOf(alice, USDC), PURSE, "another asset");
        assertEq(casino.balanceOf(device, ETH) + casino.balanceOf(device, USDC), 0);
        uint256 took = casino.balanceOf(_thief, ETH);
        assertEq(took, uint256(_values[FEES]), "more than the fees allowed");
        if (share != 0) {
            _redeem(_thief, coins.balanceOf(_thief));
            _close();
            _claim(_thief);
            before += _redeemable(share, all);
            _values[EDGE] = int256(Math.mulDiv(uint256(_values[EDGE]), share, all));
        } else {
            _values[EDGE] = 0;
        }
        int256 gain = int256(_thief.balance / GWEI) - int256(before);
        _values[PROFIT] = gain + int256(took);
        _values[LUCK] = gain - _values[EDGE];
        int256 toHouse = _values[BEYOND_SHARE];
        int256 part = int256(Math.mulDiv(uint256(toHouse < 0 ? -toHouse : toHouse), share, all));
        // Two roundings.
        _values[BEYOND_SHARE] = gain - (toHouse < 0 ? -part : part) - 2;
        return _values;
    }

    /// @notice What the shares would have been redeemed for if Alice had not bet.
    function _redeemable(uint256 share, uint256 all) private view returns (uint256) {
        (uint256 epoch, , , , ) = views().head();
        (, , uint256 assets, , ) = coins.epochAt(epoch - 1);
        return Math.mulDiv(uint256(int256(assets) - _values[BEYOND_SHARE]), share, all);
    }

    function _grantSome(address feeTo) private {
        _granted = _grant();
        // What floating numbers of 11 bits hold exactly.
        _granted.maxStake = (1_024 + _below(1_024)) << (10 + _below(10));
        _granted.lastSequence = 1 + _below(12);
        (_granted.feeTo, _granted.maxFee) = (feeTo, _oneIn(3) ? 0 : (1_024 + _below(1_024)) << 6);
        _granted.games = _oneIn(2) ? 0 : 1 << (FLIP - 1);
        _open(alice, _granted);
    }

    function _revoke() private {
        ISessions.LaneRef[] memory lanes = new ISessions.LaneRef[](1);
        lanes[0] = ISessions.LaneRef(ETH, 1);
        vm.prank(alice);
        sessions.revoke(lanes);
        _revoked = true;
    }

    // -- The thief --

    /// @notice Signs an order with the stolen key that is right but for some of it, and carries it.
    function _tryOrder() private {
        Order memory order = _order(alice, 1, _sequence + 1);
        order.stake = 1 + _below(_granted.maxStake);
        order.choice = _oneIn(2) ? HEADS : TAILS;
        if (_oneIn(4)) (order.game, order.choice) = (DICE, _under(500 + _below(9_000)));
        if (_oneIn(4)) order.rounds = 1 + _below(4);
        if (_oneIn(3)) order.fee = 1 + _below(_granted.maxFee + _granted.maxFee / 4 + 1);
        if (_oneIn(20)) order.lane = uint16(_below(4));
        if (_oneIn(20)) order.sequence = _below(16);
        if (_oneIn(20)) order.stake += _granted.maxStake;
        if (_oneIn(20)) order.asset = USDC;
        if (_oneIn(20)) order.player = bob;
        if (_oneIn(20)) order.deadline = time - _below(3);
        address feeTo = _oneIn(4) ? _thief : _granted.feeTo;
        ICasino.SignedOrder memory signed = _sign(SESSION_KEY, order);
        if (_oneIn(20)) signed.terms |= (1 + _below(255)) << 236;
        _settleLast();
        vm.prank(_thief);
        if (casino.placeMany(_batch(signed), feeTo) == 0) {
            ++_values[REFUSED];
            return;
        }
        assertTrue(_isAllowed(order, feeTo), "an order beyond the session");
        _note(order, signed, feeTo);
    }

    function _isAllowed(Order memory order, address feeTo) private view returns (bool) {
        bool itself = order.player == alice && order.asset == ETH && order.lane == 1;
        bool inTime = !_revoked && time <= _granted.expiry && time <= order.deadline;
        bool next = order.sequence == _sequence + 1 && order.sequence <= _granted.lastSequence;
        bool small = order.stake * order.rounds <= _granted.maxStake;
        bool game = _granted.games == 0 || order.game == FLIP;
        bool fee = order.fee == 0 || (feeTo == _granted.feeTo && order.fee <= _granted.maxFee);
        return itself && inTime && next && small && game && fee;
    }

    function _note(Order memory order, ICasino.SignedOrder memory signed, address feeTo) private {
        ++_sequence;
        ++_values[PLACED];
        _carried.push(signed);
        uint256 staked = order.stake * order.rounds;
        uint256 before = casino.balanceOf(alice, ETH);
        uint256 betId = _betId(alice, ETH, 1, _sequence);
        _nextBlock();
        _draw(_lastRequest(), _random());
        casino.settle(betId);
        uint256 paid = casino.balanceOf(alice, ETH) - before;
        _values[LOSS] += int256(staked + order.fee) - int256(paid);
        _values[TURNOVER] += int256(staked);
        if (feeTo == _thief) _values[FEES] += int256(order.fee);
        uint256 feeRate = views().betOf(betId).feeRate;
        uint256 operators = (staked * feeRate) / 1e5;
        _values[BEYOND_SHARE] += int256(staked - operators) - int256(paid);
        (, uint256 rtp, ) = IGame(views().gameOf(order.game)).odds(order.choice);
        _values[EDGE] += int256((staked * (WAD - rtp)) / WAD - operators);
    }

    function _settleLast() private {
        casino.settleMany(_one(_betId(alice, ETH, 1, _sequence)));
    }

    /// @notice All that is no order: each must fail.
    function _tryOtherWays() private {
        address who = _oneIn(2) ? _thief : device;
        uint256 way = _below(8);
        bytes memory call;
        address target = address(casino);
        ISessions.Terms memory terms = _grant();
        (terms.lane, terms.maxStake, terms.feeTo) = (uint16(_below(4)), PURSE, _thief);
        (terms.maxFee, terms.key) = (1e6, _thief);
        if (way == 0) call = abi.encodeCall(ICasino.withdraw, (ETH, PURSE, who));
        if (way == 1) call = abi.encodeCall(ICasino.claimReferral, (alice, ETH));
        if (way == 2) call = abi.encodeCall(ICasino.claimFees, (ETH, 1, who));
        if (way == 3) call = abi.encodeCall(ICasino.drawBankroll, (ETH, 1));
        if (way == 4) {
            // A grant for another lane or key, signed by the stolen key.
            (, uint256 nonce) = sessions.sessionOf(alice, ETH, terms.lane);
            bytes memory signature = _signature(SESSION_KEY, _grantDigest(alice, terms, nonce));
            (target, call) = (
                address(sessions),
                abi.encodeCall(ISessions.open, (alice, terms, signature))
            );
        }
        if (way == 5) {
            call = abi.encodeCall(ICasino.bet, (ETH, 1, FLIP, 1e9, HEADS));
        }
        if (way == 6 && _carried.length != 0) {
            // An order that was carried before.
            vm.prank(who);
            uint256 index = _below(_carried.length);
            assertEq(casino.placeMany(_batch(_carried[index]), _thief), 0, "an order ran twice");
            return;
        }
        if (call.length == 0) {
            // A referral binds who deposits, and nobody else.
            vm.deal(device, 1 gwei);
            vm.prank(device);
            try casino.depositReferred{value: 1 gwei}(ETH, 1, _thief) {
                vm.prank(device);
                casino.withdraw(ETH, 1, device);
            } catch {}
            (address affiliate, ) = views().referralOf(alice, ETH);
            assertTrue(affiliate == address(0), "an affiliate of the thief's");
            return;
        }
        vm.prank(who);
        (bool success, ) = target.call(call);
        assertFalse(success, "a way out");
    }
}
