// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {Float16} from "../../contracts/types/Float16.sol";
import {OrderFixture} from "./OrderFixture.sol";
import {DeclaringGame} from "./fixtures/HostileGames.sol";

/// @notice To the unit: what a bet's terms come to, and how much each bound of the bankroll lets through.
contract BoundsTest is OrderFixture {
    /// A power of two, so that its parts are exact in the house's short floats.
    uint256 private constant LEAST = 1 << 30;
    uint16 private game;
    DeclaringGame private rules;
    uint16 private lane;

    function setUp() public override {
        super.setUp();
        rules = new DeclaringGame();
        game = _list(address(rules));
        _give(alice, ETH, 1e13);
        lane = 0;
    }

    // -- Terms of a bet --

    function test_a_bet_is_placed_with_what_the_rules_make_of_its_odds(
        uint256 stake,
        uint256 multiplier,
        uint256 rtp,
        uint256 rounds,
        uint256 stopGain
    ) external {
        stake = bound(stake, 1, 1e6);
        multiplier = bound(multiplier, 0.5e18, 20e18);
        rtp = bound(rtp, 0.8e18, 0.9999e18);
        rounds = bound(rounds, 1, 100);
        stopGain = bound(stopGain, 0, 30 * stake);
        ICasino.Terms memory terms = _free();
        terms.shareBps = 5_000;
        casino.setTerms(game, ETH, terms);
        rules.declare(multiplier, rtp, 0.001e18);
        _wait(RAMP);
        ICasino.Wager memory wager = _wager(ETH, 0, game, stake, HEADS);
        (wager.rounds, wager.stopGain) = (rounds, stopGain);
        uint256 once = (stake * multiplier) / WAD;
        uint256 most = once * rounds;
        uint256 stopped = stake * (rounds - 1) + stopGain + once;
        if (stopGain != 0 && once > stake && stopped < most) most = stopped;
        uint256 rate = ((WAD - rtp) * 5_000) / 1e17;
        if (rate > 4_095) rate = 4_095;
        uint256 owed = most + (stake * rounds * rate) / 1e5;
        uint256 reserve = owed > stake * rounds ? owed - stake * rounds : 0;

        Quote memory quote = _quote(alice, wager);

        assertEq(quote.maxPayout, most, "payout");
        assertEq(quote.feeRate, rate, "fee");
        assertEq(quote.reserve, Float16.decode(Float16.encodeUp(reserve)), "reserve");
        (, ICasino.Terms memory stored) = views().termsOf(game, ETH);
        uint256 kelly = (BANKROLL * 5_000 * (WAD - rtp)) / 10_000 / 0.001e18;
        assertEq(quote.maxStake, kelly < stored.maxStake ? kelly : stored.maxStake, "stake");
    }

    function test_a_fee_of_nearly_half_the_edge_rounds_down() external {
        ICasino.Terms memory terms = _free();
        terms.shareBps = 5_000;
        casino.setTerms(game, ETH, terms);
        rules.declare(1.98e18, 0.99e18 + 1, 0.9801e18);
        assertEq(_quote(alice, _wager(ETH, 0, game, 1_000, HEADS)).feeRate, 499);
    }

    function test_the_stake_of_the_terms_and_the_longest_stop_are_allowed() external {
        ICasino.Terms memory terms = _free();
        terms.maxStake = 1 << 20;
        casino.setTerms(game, ETH, terms);
        ICasino.Wager memory wager = _wager(ETH, 0, game, 1 << 20, HEADS);
        assertEq(_quote(alice, wager).maxStake, 1 << 20);
        (wager.stake, wager.rounds, wager.stopGain) = (1_000, 2, type(uint64).max);
        _quote(alice, wager);
        wager.stake = (1 << 20) + 1;
        (wager.stake, wager.rounds, wager.stopGain) = ((1 << 20) + 1, 1, 0);
        assertEq(
            _whyNot(alice, wager),
            abi.encodeWithSelector(ICasino.StakeAboveLimit.selector, (1 << 20) + 1, 1 << 20)
        );
    }

    function test_a_series_takes_as_many_rounds_as_the_largest_stipend_has_gas_for() external {
        ICasino.Terms memory terms = _free();
        (terms.stipend, terms.roundGas) = (7_688 * 512, 64);
        // A game of its own, since the gas of a round never shrinks.
        game = casino.listGame(address(rules));
        casino.setTerms(game, ETH, terms);
        ICasino.Wager memory wager = _wager(ETH, 0, game, 1_000, HEADS);
        wager.rounds = 997;
        _quote(alice, wager);
        wager.rounds = 998;
        assertEq(
            _whyNot(alice, wager),
            abi.encodeWithSelector(ICasino.OutOfBounds.selector, bytes32("rounds"), 998, 1_000)
        );
    }

    function test_a_multiplier_that_would_wrap_around_is_refused() external {
        rules.declare(1 << 255, 0.99e18, 0.001e18);
        assertEq(
            _whyNot(alice, _wager(ETH, 0, game, 2, HEADS)),
            abi.encodeWithSelector(
                ICasino.OutOfBounds.selector,
                bytes32("multiplier"),
                1 << 255,
                type(uint128).max
            )
        );
        rules.declare(type(uint128).max, 0.99e18, 0.001e18);
        bytes memory reason = _whyNot(alice, _wager(ETH, 0, game, 2, HEADS));
        assertEq(bytes32(bytes4(reason)), bytes32(ICasino.LiabilityAboveLimit.selector));
    }

    function test_an_order_without_liability_reserves_nothing_whatever_the_one_before_it_does()
        external
    {
        rules.declare(0.99e18, 0.98e18, 0.001e18);
        ICasino.SignedOrder[] memory orders = new ICasino.SignedOrder[](2);
        orders[0] = _sign(ALICE_KEY, _order(alice, 0, 1));
        Order memory order = _order(alice, 1, 1);
        order.game = game;
        orders[1] = _sign(ALICE_KEY, order);
        (uint256 placed, ) = _carry(orders);
        assertEq(placed, 3);
        assertEq(views().betOf(_betId(alice, ETH, 1, 1)).reserve, 0);
        assertEq(_books(ETH).reserved, views().betOf(_betId(alice, ETH, 0, 1)).reserve);
        (uint256 reserved, , ) = views().bookOf(game, ETH);
        assertEq(reserved, 0);
        // Its book has no part in it: the lane's word has no such bit.
        uint256 laneKey = _betId(alice, ETH, 1, 1) >> 64;
        uint256 word = casino.peek(uint256(keccak256(abi.encode(laneKey, 2))));
        assertEq((word >> 240) & 1, 1, "open");
        assertEq((word >> 242) & 1, 0, "counted");
    }

    // -- Bounds of the bankroll --

    function test_a_liability_of_exactly_the_cap_is_taken_and_of_a_unit_more_is_not() external {
        _exact();
        _resize(LEAST * 10);
        _refuse(LEAST + 1, ICasino.LiabilityAboveLimit.selector, LEAST + 1, LEAST);
        _bet(LEAST);
        assertEq(_books(ETH).reserved, LEAST);
    }

    function test_all_open_bets_together_reserve_exactly_six_tenths() external {
        _exact();
        _resize(LEAST * 10);
        uint16 second = _list(address(rules));
        casino.setTerms(second, ETH, _free());
        _wait(RAMP);
        uint16 first = game;
        for (uint256 i; i < 6; ++i) {
            game = i < 3 ? first : second;
            _nextBlock();
            _bet(LEAST);
        }
        assertEq(_books(ETH).reserved, LEAST * 6);
        _nextBlock();
        _refuse(1, ICasino.LiabilityAboveLimit.selector, 1, 0);
        // With less bankroll more is reserved than may be: then nothing is taken either.
        casino.drawBankroll(ETH, LEAST);
        _refuse(1, ICasino.LiabilityAboveLimit.selector, 1, 0);
        casino.fundBankroll(ETH, LEAST + 1_000);
        _refuse(601, ICasino.LiabilityAboveLimit.selector, 601, 600);
    }

    function test_what_a_round_has_left_is_told_to_the_unit() external {
        _exact();
        _resize(LEAST * 10);
        _nextBlock();
        _bet(LEAST);
        _bet(LEAST / 4);
        // A sixteenth of the bankroll: shares without a rest.
        _bet(5 << 27);
        uint256 used = _shareOf(LEAST) + _shareOf(LEAST / 4) + (1 << 13);
        uint256 left = (LEAST * 10 * (26_214 - used)) / 131_072;
        assertLt(left, LEAST);
        _refuse(LEAST, ICasino.LiabilityAboveLimit.selector, LEAST, left);
    }

    function test_a_share_of_the_round_rounds_up_for_a_rest_of_one_unit() external {
        // A factor of 2^47 - 1, so that 2^30 in shares of 2^17 leaves 1.
        uint256 bankroll = (2 ** 47 - 1) / 4_513;
        _exact();
        _resize(bankroll);
        _nextBlock();
        for (uint256 i; i < 4; ++i) _bet(LEAST);
        uint256 left = (bankroll * (26_214 - 4 * 4_514)) / 131_072;
        _refuse(3e9, ICasino.LiabilityAboveLimit.selector, 3e9, left);
    }

    function test_a_young_games_cap_grows_by_the_second() external {
        ICasino.Terms memory terms = _free();
        terms.gameCapBps = 1_000;
        game = casino.listGame(address(rules));
        casino.setTerms(game, ETH, terms);
        _exactOdds();
        _resize(LEAST * 10);
        uint256 listed = time;
        _wait(RAMP / 3);
        uint256 cap = (LEAST * 10 * 1_000 * (RAMP + 9 * (time - listed))) / (RAMP * 100_000);
        _bet(LEAST / 4);
        _nextBlock();
        cap = (LEAST * 10 * 1_000 * (RAMP + 9 * (time - listed))) / (RAMP * 100_000);
        _refuse(LEAST, ICasino.LiabilityAboveLimit.selector, LEAST + LEAST / 4, cap);
        vm.warp(time = listed + RAMP);
        _nextBlock();
        _bet((LEAST * 3) / 4);
        (uint256 reserved, , ) = views().bookOf(game, ETH);
        assertEq(reserved, LEAST, "all of its cap");
    }

    function test_a_game_that_lost_exactly_its_days_bound_goes_on() external {
        _exact();
        ICasino.Terms memory terms = _free();
        terms.lossBps = 1_000;
        casino.setTerms(game, ETH, terms);
        _resize(LEAST * 10);
        vm.store(
            address(casino),
            keccak256(abi.encode((uint256(game) << 16) | ETH, 10)),
            bytes32(_bookWithLoss(LEAST))
        );
        (, uint256 loss, ) = views().bookOf(game, ETH);
        assertEq(loss, LEAST, "where the casino keeps its books");
        _place(alice, ETH, 7, game, LEAST / 2, HEADS);
        casino.drawBankroll(ETH, 10);
        _refuse(LEAST / 4, ICasino.GameLossReached.selector, LEAST, LEAST - 1);
        // What is too small to count is too small to stop.
        _place(alice, ETH, 8, game, 1_000, HEADS);
    }

    function test_a_bet_that_wins_nothing_of_the_bankroll_asks_no_book() external {
        vm.store(
            address(casino),
            keccak256(abi.encode((uint256(game) << 16) | ETH, 10)),
            bytes32(_bookWithLoss(BANKROLL))
        );
        bytes memory reason = _whyNot(alice, _wager(ETH, 0, game, 1_000, HEADS));
        assertEq(bytes32(bytes4(reason)), bytes32(ICasino.GameLossReached.selector));
        casino.setTerms(game, ETH, _free());
        rules.declare(1e18, 0.99e18, 0.001e18);
        assertEq(_quote(alice, _wager(ETH, 0, game, 1_000, HEADS)).reserve, 0);
    }

    function test_a_bet_counts_from_a_4096th_of_the_bankroll_on() external {
        _exact();
        _resize(1 << 40);
        (uint256 before, , ) = views().bookOf(game, ETH);
        _bet(1 << 28);
        (uint256 reserved, , ) = views().bookOf(game, ETH);
        assertEq(reserved, before);
        _bet((1 << 28) + (1 << 18));
        (reserved, , ) = views().bookOf(game, ETH);
        assertEq(reserved, before + (1 << 28) + (1 << 18));
    }

    function test_exactly_a_tenth_below_the_mark_all_stakes_are_taken_and_exactly_a_quarter_below_half()
        external
    {
        uint256 mark = uint256(60) << 34;
        _exact();
        _resize(mark);
        assertEq(_books(ETH).mark, mark);
        rules.declare(1.98e18, 0.99e18, 0.9801e18);
        _setBankroll((mark * 9) / 10);
        assertEq(_mostStake(), _kelly(5_000));
        _setBankroll((mark * 9) / 10 - 1);
        assertEq(_mostStake(), _kelly(2_500));
        _setBankroll((mark * 3) / 4);
        assertEq(_mostStake(), _kelly(2_500));
        _setBankroll((mark * 3) / 4 - 1);
        _refuse(1, ICasino.DrawdownReached.selector, (mark * 3) / 4 - 1, mark);
    }

    // -- Requests that the subscription pays for --

    function test_a_new_source_owes_nothing_for_the_requests_of_the_one_before() external {
        for (uint16 i; i < 3; ++i) {
            _place(alice, ETH, i, FLIP, 1_000, HEADS);
            _nextBlock();
        }
        _replaceSource();
        coordinator.fundSubscriptionWithNative{value: WORST_PRICE}(subscription);
        _place(alice, ETH, 3, FLIP, 1_000, HEADS);
        _nextBlock();
        // The money of one more, while one is pending: that is two covered, and one to spend.
        coordinator.fundSubscriptionWithNative{value: WORST_PRICE}(subscription);
        _place(alice, ETH, 4, FLIP, 1_000, HEADS);
        _nextBlock();
        assertEq(
            _whyNot(alice, _wager(ETH, 5, FLIP, 1_000, HEADS)),
            abi.encodeWithSelector(ICasino.RandomnessUnfunded.selector, subscription)
        );
    }

    // -- Helpers --

    /// @dev As wide as terms can be.
    function _free() private pure returns (ICasino.Terms memory terms) {
        terms = _terms();
        (terms.maxStake, terms.shareBps) = ((1 << 40) - 1, 0);
    }

    /// @notice A grown game that pays twice the stake and takes no fee: a bet reserves its stake, to the unit.
    function _exact() private {
        casino.setTerms(game, ETH, _free());
        _exactOdds();
        _wait(RAMP);
        // The first bet after the ramp tells that the game has grown.
        _bet(1);
    }

    function _exactOdds() private {
        rules.declare(2e18, 0.99e18, 0.001e18);
    }

    /// @notice Makes the bankroll and its mark anew.
    function _resize(uint256 size) private {
        _settleAll();
        casino.drawBankroll(ETH, _books(ETH).bankroll);
        uint256 purse = casino.balanceOf(address(this), ETH);
        if (purse < size) _give(address(this), ETH, size - purse);
        casino.fundBankroll(ETH, size);
    }

    /// @notice Ends the first bet, which is void by now.
    function _settleAll() private {
        uint256 betId = _betId(alice, ETH, 0, 1);
        if (!_isOpen(betId)) return;
        _wait(VOID_AFTER + 1);
        casino.refund(betId);
    }

    function _bet(uint256 stake) private {
        _place(alice, ETH, lane++, game, stake, HEADS);
    }

    function _refuse(uint256 stake, bytes4 reason, uint256 a, uint256 b) private {
        assertEq(
            _whyNot(alice, _wager(ETH, 999, game, stake, HEADS)),
            abi.encodeWithSelector(reason, a, b)
        );
    }

    function _shareOf(uint256 liability) private pure returns (uint256) {
        return (liability * (1 << 17) + LEAST * 10 - 1) / (LEAST * 10);
    }

    /// @dev See `GameBook` for its fields.
    function _bookWithLoss(uint256 loss) private view returns (uint256) {
        bytes32 slot = keccak256(abi.encode((uint256(game) << 16) | ETH, 10));
        uint256 kept = uint256(vm.load(address(casino), slot)) & ~(((uint256(1) << 72) - 1) << 56);
        return kept | (loss << 56) | (((time / 1 days) & 0xffff) << 112);
    }

    function _mostStake() private returns (uint256) {
        return _quote(alice, _wager(ETH, 999, game, 1, HEADS)).maxStake;
    }

    function _kelly(uint256 bps) private view returns (uint256) {
        return (_books(ETH).bankroll * bps * 0.01e18) / 10_000 / 0.9801e18;
    }
}
