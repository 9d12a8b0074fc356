// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {IGame} from "../../../contracts/interfaces/IGame.sol";
import {OrderFixture} from "../OrderFixture.sol";
import {DeclaringGame, HeavyGame, HostileGame} from "../fixtures/HostileGames.sol";
import {TurningGame} from "../fixtures/HostileOdds.sol";
import {FaultySeries} from "../fixtures/SeriesGames.sol";

/// @notice Declares a coin's odds and pays what it is told to.
contract Liar {
    uint256 private paid;

    function pay(uint256 paid_) external {
        paid = paid_;
    }

    function odds(bytes16) external pure returns (uint256, uint256, uint256) {
        return (1.98e18, 0.99e18, 0.9801e18);
    }

    function payout(uint256, bytes16, uint256) external view returns (uint256) {
        return paid;
    }
}

/// @notice Failure 4 of 36, gas griefing, and all else that a game can do: in payout, in payouts and in odds.
/// The stake comes back, the game goes, nobody else notices.
contract HostileGamesTest is OrderFixture {
    uint256 private constant KINDS = 9;
    /// What settling may cost beyond what the game burns, whatever the game returns.
    uint256 private constant OWN_GAS = 42_000;

    // -- payout --

    function test_failure_04_a_game_that_fails_refunds_its_bet_and_is_delisted() external {
        for (uint8 kind = 1; kind <= KINDS; ++kind) {
            setUp();
            (uint16 game, uint256 betId) = _placeHostile(kind);
            vm.expectEmit(true, true, true, true, address(casino));
            emit ICasino.BetRefunded(betId, 1_000, true);
            vm.expectEmit(true, true, true, true, address(casino));
            emit ICasino.GameDelisted(game, ETH, true);
            casino.settle(betId);
            _assertMadeWhole(game, betId);
        }
    }

    function test_failure_04_a_failing_game_does_not_disturb_the_others_of_a_batch() external {
        for (uint8 kind = 1; kind <= KINDS; ++kind) {
            setUp();
            uint16 game = _list(address(new HostileGame()));
            uint256[] memory bets = new uint256[](4);
            bets[0] = _place(alice, ETH, 0, game, 1_000, bytes16(bytes1(kind)));
            bets[1] = _flip(bob, 1_000);
            bets[2] = _place(alice, ETH, 1, game, 500, bytes16(bytes1(kind)));
            bets[3] = _place(carol, ETH, 0, game, 1_000, HEADS);
            uint256 word = _wordFor(bets[1], true, 1);
            while (views().seedOf(word, bets[3]) & 1 != 0) word = _wordFor(bets[1], true, word + 1);
            _draw(_lastRequest(), word);
            casino.settleMany(bets);
            _assertMadeWhole(game, bets[0]);
            assertEq(casino.balanceOf(bob, ETH), PURSE + 980, "an honest game");
            assertEq(
                casino.balanceOf(carol, ETH),
                PURSE + 980,
                "an honest bet of the delisted game"
            );
            assertEq(_books(ETH).reserved, 0);
            assertEq(_books(ETH).openBets, 0);
        }
    }

    function test_failure_04_a_failing_game_does_not_block_its_lane() external {
        for (uint8 kind = 1; kind <= KINDS; ++kind) {
            setUp();
            (uint16 game, ) = _placeHostile(kind);
            _flip(alice, 2_000);
            (bool listed, ) = views().termsOf(game, ETH);
            assertFalse(listed);
            assertEq(casino.balanceOf(alice, ETH), PURSE - 2_000);
        }
    }

    /// @dev A large stipend: the 64th part of the gas that a call keeps back would suffice to write a refund.
    function test_failure_04_too_little_gas_reverts_the_whole_call_and_never_decides_a_bet()
        external
    {
        uint16 game = casino.listGame(address(new HeavyGame()));
        ICasino.Terms memory terms = _terms();
        terms.stipend = 4_000_000;
        casino.setTerms(game, ETH, terms);
        uint256 betId = _place(alice, ETH, 0, game, 1_000, bytes16(bytes2(uint16(3_900))));
        _draw(_lastRequest(), _wordForHeavy(betId));
        bytes[2] memory calls = [
            abi.encodeCall(ICasino.settle, (betId)),
            abi.encodeCall(ICasino.settleMany, (_one(betId)))
        ];
        uint256 done;
        for (
            uint256 limit = 20_000;
            limit < 4_600_000;
            limit += limit < 3_700_000 ? 373_000 : 9_000
        ) {
            for (uint256 i; i < calls.length; ++i) {
                uint256 state = vm.snapshotState();
                (bool success, ) = address(casino).call{gas: limit}(calls[i]);
                _assertAllOrNothing(game, betId, success);
                if (success) ++done;
                vm.revertToState(state);
            }
        }
        assertGt(done, 50);
    }

    function test_failure_04_too_little_gas_says_so() external {
        uint256 betId = _placeDrawn(alice, ETH, 0, FLIP, 1_000, HEADS, true);
        vm.expectRevert(abi.encodeWithSelector(ICasino.GasTooLow.selector, STIPEND));
        casino.settle{gas: STIPEND + 8_000}(betId);
        casino.settle(betId);
    }

    function test_failure_04_the_worst_game_costs_at_most_its_stipend_of_gas() external {
        for (uint8 kind = 1; kind <= KINDS; ++kind) {
            setUp();
            (, uint256 betId) = _placeHostile(kind);
            vm.cool(address(casino));
            uint256 before = gasleft();
            casino.settle(betId);
            assertLe(before - gasleft(), STIPEND + OWN_GAS);
        }
    }

    function test_a_rehearsal_in_a_lane_whose_game_failed_answers_what_placing_does() external {
        (uint16 game, ) = _placeHostile(1);
        bytes memory expected = abi.encodeWithSelector(ICasino.GameNotListed.selector, game, ETH);
        assertEq(_whyNot(alice, _wager(ETH, 0, game, 1_000, HEADS)), expected);
        vm.expectRevert(expected);
        vm.prank(alice);
        casino.bet(ETH, 0, game, 1_000, HEADS);
    }

    // -- payouts --

    function test_failure_04_a_series_whose_game_fails_is_made_whole_and_its_game_goes() external {
        for (uint8 kind = 1; kind < 10; ++kind) {
            setUp();
            uint16 game = _list(address(new FaultySeries()));
            ICasino.Wager memory wager = _series(5, 0, 0);
            (wager.game, wager.choice) = (game, bytes16(bytes1(kind)));
            uint256 betId = _placeWager(alice, wager);
            _draw(_lastRequest(), 7);
            vm.expectEmit(true, true, true, true, address(casino));
            emit ICasino.BetRefunded(betId, 5_000, true);
            casino.settle(betId);
            assertEq(casino.balanceOf(alice, ETH), PURSE);
            assertEq(_books(ETH).bankroll, BANKROLL);
            assertEq(_books(ETH).fees, 0);
            (bool listed, ) = views().termsOf(game, ETH);
            assertFalse(listed);
        }
    }

    function test_failure_04_a_series_whose_game_turns_bad_is_made_whole_for_its_stipend_of_gas()
        external
    {
        for (uint256 kind = 1; kind <= uint256(type(TurningGame.Kind).max); ++kind) {
            setUp();
            TurningGame rules = new TurningGame();
            uint16 game = _list(address(rules));
            uint256 betId = _placeWager(alice, ICasino.Wager(ETH, 1, game, 1_000, HEADS, 5, 0, 0));
            _draw(_lastRequest(), 7);
            rules.turn(TurningGame.Kind(kind), IGame.payouts.selector);
            vm.cool(address(casino));
            uint256 before = gasleft();
            casino.settle(betId);
            assertLe(before - gasleft(), STIPEND + 4 * ROUND_GAS + OWN_GAS);
            _assertMadeWhole(game, betId);
        }
    }

    // -- odds --

    function test_failure_04_odds_that_fail_refuse_the_bet_in_every_way_of_placing_it() external {
        for (uint256 kind = 1; kind <= uint256(type(TurningGame.Kind).max); ++kind) {
            setUp();
            TurningGame rules = new TurningGame();
            uint16 game = _list(address(rules));
            rules.turn(TurningGame.Kind(kind), IGame.odds.selector);
            bytes memory refusal = abi.encodeWithSelector(
                IGame.IllegalChoice.selector,
                bytes32(HEADS)
            );
            uint256 before = gasleft();
            assertEq(_whyNot(alice, _wager(ETH, 0, game, 1_000, HEADS)), refusal);
            assertLe(before - gasleft(), STIPEND + OWN_GAS);
            vm.expectRevert(refusal);
            _place(alice, ETH, 0, game, 1_000, HEADS);
            // Orders of honest games before and after it are carried out.
            ICasino.SignedOrder[] memory orders = new ICasino.SignedOrder[](3);
            orders[0] = _sign(BOB_KEY, _order(bob, 0, 1));
            Order memory bad = _order(alice, 0, 1);
            bad.game = game;
            orders[1] = _sign(ALICE_KEY, bad);
            orders[2] = _sign(BOB_KEY, _order(bob, 1, 1));
            (uint256 placed, bytes[] memory reasons) = _carry(orders);
            assertEq(placed, 5);
            assertEq(reasons[0], refusal);
            assertEq(casino.balanceOf(alice, ETH), PURSE);
        }
    }

    /// @dev What a game declares is taken on trust within bounds; what it pays is held to what it declared.
    function test_failure_04_a_game_that_lies_about_its_maximum_pays_its_stakes_back_and_goes()
        external
    {
        Liar rules = new Liar();
        uint16 game = _list(address(rules));
        uint256 betId = _place(alice, ETH, 0, game, 1_000_000, HEADS);
        uint256 most = 1_000_000 + views().betOf(betId).reserve - _fee(1_000_000);
        _draw(_lastRequest(), 7);
        uint256 state = vm.snapshotState();
        rules.pay(most + 1);
        casino.settle(betId);
        _assertMadeWhole(game, betId);
        assertEq(_books(ETH).bankroll, BANKROLL);
        vm.revertToState(state);
        // To the unit: what was reserved is what can be paid.
        rules.pay(most);
        casino.settle(betId);
        assertEq(casino.balanceOf(alice, ETH), PURSE - 1_000_000 + most);
        assertEq(_books(ETH).reserved, 0);
    }

    function test_failure_04_odds_that_nobody_could_bear_are_refused(
        uint256 multiplier,
        uint256 rtp,
        uint256 variance
    ) external {
        DeclaringGame rules = new DeclaringGame();
        uint16 game = _list(address(rules));
        rules.declare(multiplier, rtp, variance);
        bytes memory reason = _whyNot(alice, _wager(ETH, 0, game, 1_000_000, HEADS));
        bool bearable =
            rtp >= 0.8e18 &&
                rtp <= 0.9999e18 &&
                variance != 0 &&
                multiplier <= (BANKROLL / 10 / 1_000_000 + 1) * WAD;
        if (!bearable) assertGt(reason.length, 0);
    }

    // -- Batches of orders --

    function test_failure_04_too_little_gas_reverts_the_batch_and_skips_nothing() external {
        _open(alice, _grant());
        ICasino.SignedOrder[] memory orders = new ICasino.SignedOrder[](3);
        orders[0] = _sign(ALICE_KEY, _order(alice, 0, 1));
        orders[1] = _sign(SESSION_KEY, _order(alice, 1, 1));
        orders[2] = _sign(BOB_KEY, _order(bob, 0, 1));
        uint256 done;
        for (uint256 limit = 60_000; limit < 700_000; limit += 3_001) {
            uint256 state = vm.snapshotState();
            (bool success, bytes memory answer) = address(casino).call{gas: limit}(
                abi.encodeCall(ICasino.placeMany, (orders, carol))
            );
            if (success) {
                assertEq(abi.decode(answer, (uint256)), 7);
                ++done;
            }
            vm.revertToState(state);
        }
        assertGt(done, 10);
    }

    // -- Helpers --

    /// @notice Heads in lane 1.
    function _series(
        uint256 rounds,
        uint256 stopGain,
        uint256 stopLoss
    ) private pure returns (ICasino.Wager memory) {
        return ICasino.Wager(ETH, 1, FLIP, 1_000, HEADS, rounds, stopGain, stopLoss);
    }

    function _placeHostile(uint8 kind) private returns (uint16 game, uint256 betId) {
        game = _list(address(new HostileGame()));
        betId = _place(alice, ETH, 0, game, 1_000, bytes16(bytes1(kind)));
        _draw(_lastRequest(), 7);
        _nextBlock();
    }

    function _wordForHeavy(uint256 betId) private view returns (uint256 word) {
        while (views().seedOf(word, betId) & 1 != 0) ++word;
    }

    function _assertMadeWhole(uint16 game, uint256 betId) private view {
        assertFalse(_isOpen(betId));
        (bool listed, ) = views().termsOf(game, ETH);
        assertFalse(listed);
        assertEq(casino.balanceOf(address(uint160(betId >> 96)), ETH), PURSE);
        assertEq(casino.balanceOf(alice, ETH), PURSE);
        assertLe(BANKROLL - 1_980, _books(ETH).bankroll);
        assertEq(_books(ETH).reserved, 0);
    }

    function _assertAllOrNothing(uint16 game, uint256 betId, bool success) private view {
        (bool listed, ) = views().termsOf(game, ETH);
        assertTrue(listed, "delisted for want of gas");
        assertEq(_isOpen(betId) ? 1 : 0, success ? 0 : 1);
        assertEq(casino.balanceOf(alice, ETH), success ? PURSE + 980 : PURSE - 1_000);
    }
}
