// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {HeavyGame, HostileGame} from "./fixtures/HostileGames.sol";

/// @notice Games that fail in every way: the stake comes back, the game goes, nobody else notices.
contract HostileGamesTest is CasinoFixture {
    uint256 private constant KINDS = 9;

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

    function test_failure_04_the_worst_game_costs_at_most_its_stipend() external {
        (, uint256 betId) = _placeHostile(2);
        uint256 before = gasleft();
        casino.settle(betId);
        assertLe(before - gasleft(), STIPEND + 60_000);
    }

    function test_a_rehearsal_in_a_lane_whose_game_failed_answers_what_placing_does() external {
        (uint16 game, ) = _placeHostile(1);
        bytes memory expected = abi.encodeWithSelector(ICasino.GameNotListed.selector, game, ETH);
        assertEq(_whyNot(alice, _wager(ETH, 0, game, 1_000, HEADS)), expected);
        vm.expectRevert(expected);
        vm.prank(alice);
        casino.bet(ETH, 0, game, 1_000, HEADS);
    }

    // -- Helpers --

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
