// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Eligibility} from "../../contracts/Eligibility.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {IEligibility} from "../../contracts/interfaces/IEligibility.sol";
import {ILimits} from "../../contracts/interfaces/ILimits.sol";
import {OrderFixture} from "./OrderFixture.sol";
import {TestToken} from "./fixtures/Tokens.sol";

/// @notice Lets everyone in, and from some time on reverts without a word, as a call does that runs out of gas.
contract MuteGate {
    bool private muted;

    function mute() external {
        muted = true;
    }

    function check(address) external view {
        if (!muted) return;
        assembly {
            revert(0, 0)
        }
    }
}

/// @notice The limits that players set themselves, and the gate that an operator may set: both at work in a casino.
contract GuardsTest is OrderFixture {
    uint256 private constant ATTESTOR_KEY = 0xA77;
    ILimits private limits;

    function setUp() public override {
        super.setUp();
        limits = casino.limits();
    }

    // -- Limits --

    function test_whoever_set_no_limits_is_not_asked() external {
        uint256 betId = _flip(bob, 1_000);
        assertFalse(views().isGuarded(bob, ETH));
        _draw(_lastRequest(), 7);
        casino.settle(betId);
        assertEq(limits.usageOf(bob, ETH).lastBetAt, 0);
    }

    function test_setting_limits_guards_the_player_in_that_asset() external {
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.PlayerGuarded(alice, ETH);
        _limitStakes(3_000);
        assertTrue(views().isGuarded(alice, ETH));
        assertFalse(views().isGuarded(alice, USDC));
        vm.expectRevert(abi.encodeWithSelector(ICasino.NotLimits.selector, alice));
        vm.prank(alice);
        casino.guard(alice, ETH);
    }

    function test_a_bet_above_the_players_limit_is_refused_in_every_lane_and_way() external {
        _limitStakes(3_000);
        _flip(alice, 2_000);
        bytes memory refusal = _whyNot(alice, _wager(ETH, 1, FLIP, 2_000, HEADS));
        assertEq(bytes32(bytes4(refusal)), bytes32(ILimits.StakeLimitReached.selector));
        vm.expectRevert(refusal);
        vm.prank(alice);
        casino.bet(ETH, 1, FLIP, 2_000, HEADS);
        ICasino.Wager memory series = _wager(ETH, 1, FLIP, 200, HEADS);
        series.rounds = 10;
        vm.expectRevert(refusal);
        _placeWager(alice, series);
        Order memory order = _order(alice, 1, 1);
        order.stake = 2_000;
        _assertSkipped(_sign(ALICE_KEY, order), refusal);
        order.stake = 900;
        _assertCarried(_sign(ALICE_KEY, order));
    }

    function test_the_end_of_a_noted_bet_is_told_and_of_no_other() external {
        uint256 before = _flip(alice, 1_000);
        _limitLosses(1e6);
        uint256 noted = _place(alice, ETH, 1, FLIP, 2_000, HEADS);
        assertGe(limits.usageOf(alice, ETH).open, 2_000);
        uint256 word = 1;
        while (views().seedOf(word, before) & 1 == 0 || views().seedOf(word, noted) & 1 == 0)
            ++word;
        _draw(_lastRequest(), word);
        casino.settle(before);
        assertEq(limits.usageOf(alice, ETH).lost.day, 0, "placed before there were limits");
        casino.settle(noted);
        ILimits.Usage memory usage = limits.usageOf(alice, ETH);
        assertEq(usage.open, 0);
        assertGe(usage.lost.day, 2_000);
    }

    function test_a_void_bet_gives_its_stake_back_to_the_limit() external {
        _limitLosses(2_500);
        uint256 betId = _flip(alice, 2_000);
        assertGt(_whyNot(alice, _wager(ETH, 1, FLIP, 2_000, HEADS)).length, 0);
        _wait(VOID_AFTER + 1);
        casino.refund(betId);
        assertEq(limits.usageOf(alice, ETH).open, 0);
        _place(alice, ETH, 1, FLIP, 2_000, HEADS);
    }

    function test_an_excluded_player_bets_nothing_deposits_nothing_and_gets_everything_out()
        external
    {
        uint256 betId = _placeDrawn(alice, ETH, 0, FLIP, 1_000, HEADS, true);
        vm.prank(alice);
        limits.coolOff(2 days);
        bytes memory refusal = abi.encodeWithSelector(
            ILimits.PlayerExcluded.selector,
            time + 2 days
        );
        for (uint16 asset; asset < 3; ++asset) assertTrue(views().isGuarded(alice, asset));
        _nextBlock();
        assertEq(_whyNot(alice, _wager(ETH, 1, FLIP, 1, HEADS)), refusal);
        vm.expectRevert(refusal);
        casino.deposit{value: 1e9}(ETH, 1, alice);
        casino.settle(betId);
        vm.prank(alice);
        casino.withdraw(ETH, PURSE + 980, alice);
        assertEq(alice.balance, (PURSE + 980) * 1e9);
    }

    function test_guarding_a_player_twice_changes_nothing_and_an_unknown_asset_is_none() external {
        vm.startPrank(alice);
        limits.coolOff(2 days);
        vm.recordLogs();
        limits.coolOff(3 days);
        assertEq(vm.getRecordedLogs().length, 1, "the longer pause, and no guard again");
        assertEq(casino.balanceOf(alice, ETH), PURSE);
        ILimits.Terms memory terms;
        vm.expectRevert(abi.encodeWithSelector(ICasino.AssetUnknown.selector, 3));
        limits.setLimits(3, terms);
        vm.stopPrank();
    }

    function test_whoever_was_ever_excluded_is_guarded_in_assets_that_are_listed_later() external {
        vm.prank(alice);
        limits.coolOff(1 days);
        TestToken token = new TestToken("Later", 9);
        uint16 asset = casino.listAsset(address(token), address(this));
        _wait(1 days + 1);
        assertFalse(views().isGuarded(alice, asset));
        token.mint(address(this), 7);
        token.approve(address(casino), 7);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.PlayerGuarded(alice, asset);
        casino.deposit(asset, 7, alice);
        assertTrue(views().isGuarded(alice, asset));
        assertEq(casino.balanceOf(alice, asset), 7);
    }

    function test_a_credit_before_the_first_deposit_guards_the_excluded_in_assets_listed_later()
        external
    {
        uint256 until = time + 2 days;
        vm.prank(alice);
        limits.coolOff(2 days);
        TestToken token = new TestToken("Later", 9);
        uint16 asset = casino.listAsset(address(token), address(this));
        casino.setTerms(FLIP, asset, _terms());
        _fund(asset, BANKROLL);
        _give(bob, asset, PURSE);
        Order memory order = _order(bob, 0, 1);
        (order.asset, order.fee) = (asset, 2_000);
        assertEq(casino.placeMany(_batch(_sign(BOB_KEY, order)), alice), 1);
        assertEq(casino.balanceOf(alice, asset), 2_000);
        assertTrue(views().isGuarded(alice, asset));
        bytes memory refusal = abi.encodeWithSelector(ILimits.PlayerExcluded.selector, until);
        assertEq(_whyNot(alice, _wager(asset, 0, FLIP, 1_000, HEADS)), refusal);
        token.mint(address(this), 1);
        token.approve(address(casino), 1);
        vm.expectRevert(refusal);
        casino.deposit(asset, 1, alice);
    }

    function test_a_refused_order_tells_limits_all_the_same_how_the_bet_before_it_ended() external {
        _limitLosses(1e6);
        uint256 betId = _flip(alice, 2_000);
        _nextBlock();
        _draw(_lastRequest(), _wordFor(betId, false, 1));
        Order memory order = _order(alice, 0, 2);
        order.stake = 0;
        _assertSkipped(
            _sign(ALICE_KEY, order),
            abi.encodeWithSelector(ICasino.AmountZero.selector)
        );
        assertFalse(_isOpen(betId));
        ILimits.Usage memory usage = limits.usageOf(alice, ETH);
        assertEq(usage.open, 0);
        assertGe(usage.lost.day, 2_000);
    }

    /// @dev Without its say, the player's limits would take the stake for open for ever.
    function test_no_end_of_a_bet_leaves_limits_out_however_little_gas_is_left() external {
        _limitLosses(1e6);
        uint256 betId = _flip(alice, 2_000);
        _wait(VOID_AFTER + 1);
        bool tooLow;
        for (uint256 limit = 20_000; ; limit += 1_000) {
            (bool success, bytes memory reason) = address(casino).call{gas: limit}(
                abi.encodeCall(ICasino.refund, (betId))
            );
            if (success) break;
            if (bytes4(reason) == ICasino.GasTooLow.selector) tooLow = true;
        }
        assertTrue(tooLow);
        assertEq(limits.usageOf(alice, ETH).open, 0);
    }

    // -- The gate --

    function test_a_gate_without_code_is_refused_as_it_would_let_everyone_pass() external {
        vm.expectRevert(
            abi.encodeWithSelector(ICasino.OutOfBounds.selector, bytes32("gate"), 0, 1)
        );
        _newCasino(256, 1 days, alice);
    }

    function test_a_gate_that_says_nothing_ran_out_of_gas_and_decides_nothing() external {
        MuteGate gate = new MuteGate();
        casino = _newCasino(256, 1 days, address(gate));
        _fundSubscription();
        casino.listAsset(address(0), address(this));
        casino.listGame(address(coinFlip));
        casino.setTerms(FLIP, ETH, _terms());
        _fund(ETH, BANKROLL);
        _give(alice, ETH, 10_000);
        gate.mute();
        bytes memory reason = _whyNot(alice, _wager(ETH, 0, FLIP, 1_000, HEADS));
        assertEq(bytes32(bytes4(reason)), bytes32(ICasino.GasTooLow.selector));
    }

    function test_a_gate_refuses_deposits_and_bets_and_never_an_end_or_a_withdrawal() external {
        Eligibility gate = new Eligibility(address(manager), true);
        address attestor = vm.addr(ATTESTOR_KEY);
        gate.setAttestor(attestor, true);
        casino = _newCasino(256, 1 days, address(gate));
        _fundSubscription();
        casino.listAsset(address(0), address(this));
        casino.listGame(address(coinFlip));
        casino.setTerms(FLIP, ETH, _terms());
        // The bankroll itself needs nobody's attestation.
        _fund(ETH, BANKROLL);
        bytes memory unattested = abi.encodeWithSelector(IEligibility.NotAttested.selector, alice);
        vm.expectRevert(unattested);
        casino.deposit{value: 1e9}(ETH, 1, alice);
        _attest(gate, attestor, alice);
        _give(alice, ETH, 10_000);
        uint256 won = _placeDrawn(alice, ETH, 0, FLIP, 1_000, HEADS, true);
        _nextBlock();
        uint256 void_ = _place(alice, ETH, 1, FLIP, 1_000, HEADS);
        _nextBlock();
        vm.prank(attestor);
        gate.revoke(alice);
        bytes memory refusal = _whyNot(alice, _wager(ETH, 2, FLIP, 1_000, HEADS));
        assertGt(refusal.length, 0);
        vm.expectRevert(refusal);
        vm.prank(alice);
        casino.bet(ETH, 2, FLIP, 1_000, HEADS);
        vm.expectRevert(refusal);
        casino.deposit{value: 1e9}(ETH, 1, alice);
        _assertSkipped(_sign(ALICE_KEY, _order(alice, 2, 1)), refusal);
        casino.settle(won);
        _wait(VOID_AFTER + 1);
        casino.refund(void_);
        vm.prank(alice);
        casino.withdraw(ETH, 10_980, alice);
        assertEq(alice.balance, 10_980e9);
    }

    // -- Helpers --

    function _limitStakes(uint256 day) private {
        ILimits.Terms memory terms;
        terms.stakes.day = day;
        vm.prank(alice);
        limits.setLimits(ETH, terms);
    }

    function _limitLosses(uint256 day) private {
        ILimits.Terms memory terms;
        terms.losses.day = day;
        vm.prank(alice);
        limits.setLimits(ETH, terms);
    }

    function _attest(Eligibility gate, address attestor, address player) private {
        IEligibility.Attestation memory attestation = IEligibility.Attestation(
            player,
            "MT",
            uint40(time),
            uint40(time + 10 days)
        );
        gate.attest(attestation, attestor, _signature(ATTESTOR_KEY, gate.digestOf(attestation)));
    }
}
