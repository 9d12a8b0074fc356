// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {Handler} from "./fixtures/Handler.sol";
import {TestToken} from "./fixtures/Tokens.sol";

/// @notice The numbered invariants of `ICasino`, after any calls in any order.
contract InvariantsTest is CasinoFixture {
    Handler private handler;
    TestToken private token;

    function setUp() public override {
        super.setUp();
        // A casino of its own, whose LP and governance is the handler.
        casino = _newCasino(1_024, 1 days);
        _fundSubscription();
        token = new TestToken("Token", 6);
        handler = new Handler(
            casino,
            token,
            address(coordinator),
            keyHash,
            subscription,
            time,
            height
        );
        casino.listAsset(address(0), address(handler));
        casino.listAsset(address(token), address(handler));
        casino.listGame(address(coinFlip));
        casino.listGame(address(dice));
        for (uint16 asset; asset < 2; ++asset) {
            casino.setTerms(FLIP, asset, _terms());
            casino.setTerms(DICE, asset, _terms());
            handler.fundBankroll(asset, 1e11);
            for (uint256 i; i < 3; ++i) handler.deposit(i, asset, 1e10);
        }
        manager.grantRole(0, address(handler), 0);
        targetContract(address(handler));
    }

    function invariant_I1_I2_tokens_cover_the_sum_of_all_parts_to_the_unit() external view {
        for (uint16 asset; asset < 2; ++asset) {
            uint256 held =
                asset == ETH ? address(casino).balance / 1e9 : token.balanceOf(address(casino));
            (uint256 escrow, ) = _open(asset);
            ICasino.Books memory books = views().houseOf(asset);
            assertEq(held, _balances(asset) + escrow + books.bankroll + books.fees, "I2");
            assertEq(held, handler.inside(asset), "I1: nothing came from nowhere");
        }
    }

    function invariant_I3_the_reserve_is_that_of_the_open_bets_and_the_bankroll_covers_it()
        external
        view
    {
        for (uint16 asset; asset < 2; ++asset) {
            (, uint256 reserved) = _open(asset);
            ICasino.Books memory books = views().houseOf(asset);
            assertEq(books.reserved, reserved, "I3: sum");
            assertLe(books.reserved, books.bankroll, "I3: cover");
            uint256 count;
            for (uint256 i; i < handler.betCount(); ++i) {
                if (uint16(handler.bets(i) >> 80) == asset && _isOpen(handler.bets(i))) ++count;
            }
            assertEq(books.openBets + books.closingBets, count, "I2: bets by epoch");
        }
    }

    function invariant_I4_I5_I7_each_bet_ends_once_within_its_reserve_and_each_word_is_written_once_in_time()
        external
        view
    {
        assertEq(handler.violations(), 0);
        for (uint256 i; i < handler.betCount(); ++i) {
            uint256 betId = handler.bets(i);
            assertEq(handler.ends(betId) + (_isOpen(betId) ? 1 : 0), 1, "I4");
        }
    }

    /// forge-config: default.invariant.runs = 64
    function invariant_I8_everyone_gets_out_whatever_happened() external {
        uint256 state = vm.snapshotState();
        vm.warp(handler.time() + 30 hours);
        uint256[] memory bets = new uint256[](handler.betCount());
        for (uint256 i; i < bets.length; ++i) bets[i] = handler.bets(i);
        casino.settleMany(bets);
        for (uint16 asset; asset < 2; ++asset) {
            ICasino.Books memory books = views().houseOf(asset);
            assertEq(books.reserved, 0, "all bets resolve");
            assertEq(books.openBets + books.closingBets, 0, "all bets resolve");
            for (uint256 i; i < handler.PLAYERS(); ++i) _exit(handler.player(i), asset);
            vm.prank(address(handler));
            casino.drawBankroll(asset, books.bankroll);
            _exit(address(handler), asset);
            if (books.fees > 0) casino.claimFees(asset, books.fees, alice);
            _exit(alice, asset);
            assertEq(
                asset == ETH ? address(casino).balance : token.balanceOf(address(casino)),
                0,
                "to the last unit"
            );
        }
        for (uint256 i; i < 2; ++i) {
            for (uint16 asset; asset < 2; ++asset) {
                if (views().houseOf(asset).closed) continue;
                vm.prank(address(handler));
                casino.closeEpoch(asset);
            }
            vm.warp(handler.time() + (60 + i * 30) * 1 hours);
            casino.rollEpoch();
        }
        vm.revertToState(state);
    }

    function _exit(address who, uint16 asset) private {
        uint256 balance = casino.balanceOf(who, asset);
        if (balance == 0) return;
        vm.prank(who);
        casino.withdraw(asset, balance, address(0xE817));
    }

    function _balances(uint16 asset) private view returns (uint256 sum) {
        for (uint256 i; i < handler.PLAYERS(); ++i)
            sum += casino.balanceOf(handler.player(i), asset);
        sum += casino.balanceOf(address(handler), asset);
    }

    /// @dev From the lanes themselves, not from the handler's list.
    function _open(uint16 asset) private view returns (uint256 escrow, uint256 reserved) {
        for (uint256 i; i < handler.PLAYERS(); ++i) {
            for (uint16 lane; lane < handler.LANES(); ++lane) {
                ICasino.Bet memory bet = views().betOf(_betId(handler.player(i), asset, lane, 0));
                if (!bet.open) continue;
                escrow += bet.stake * bet.rounds;
                reserved += bet.reserve;
            }
        }
    }
}
