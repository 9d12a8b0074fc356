// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bankroll} from "../../contracts/Bankroll.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {Campaign} from "./Campaign.sol";
import {World} from "./fixtures/handler/World.sol";

/// @notice The numbered invariants of `ICasino`, after any calls in any order; I8 and the limits have files of their own.
contract InvariantsTest is Campaign {
    function invariant_I1_I2_tokens_cover_the_sum_of_all_parts_to_the_unit() external view {
        for (uint16 asset; asset < 2; ++asset) {
            (uint256 escrow, , ) = _open(asset);
            ICasino.Books memory books = views().houseOf(asset);
            uint256 parts = escrow + books.bankroll + books.fees;
            (address[] memory everyone, ) = handler.balancesIn(asset);
            for (uint256 i; i < everyone.length; ++i) parts += casino.balanceOf(everyone[i], asset);
            for (uint256 i; i < handler.PLAYERS(); ++i) {
                (, uint256 accrued) = views().referralOf(handler.players(i), asset);
                assertEq(accrued, handler.accrued(handler.players(i), asset), "I2: referrals");
                parts += accrued;
            }
            assertEq(_held(asset), parts + handler.given(asset), "I1");
            assertEq(parts, handler.inside(asset), "I1: nothing came from nowhere");
            assertEq(books.fees, handler.fees(asset), "I2: fees");
            assertTrue(int256(books.bankroll) == handler.bankrollOf(asset), "I2: bankroll");
        }
    }

    function invariant_I3_the_reserve_is_that_of_the_open_bets_and_the_bankroll_covers_it()
        external
        view
    {
        (uint256 epoch, , , , ) = views().head();
        for (uint16 asset; asset < 2; ++asset) {
            (, uint256 reserved, ) = _open(asset);
            ICasino.Books memory books = views().houseOf(asset);
            assertEq(books.reserved, reserved, "I3: sum");
            assertLe(books.reserved, books.bankroll, "I3: cover");
            assertEq(books.openBets, handler.openBets(asset, epoch), "I2: bets of the epoch");
            assertEq(
                books.closingBets,
                handler.openBets(asset, epoch - 1),
                "I2: bets of the last epoch"
            );
            uint256 counted;
            for (uint16 game = 1; game <= 3; ++game) {
                (uint256 inBook, , ) = views().bookOf(game, asset);
                counted += inBook;
            }
            assertLe(counted, reserved, "I3: the games' books");
            // All bets count in the first thirty days of their games.
            if (handler.time() < time + 29 days) assertEq(counted, reserved, "I3: books in full");
        }
    }

    function invariant_I4_I5_I7_each_bet_ends_once_within_its_reserve_and_each_word_is_written_once_in_time()
        external
        view
    {
        _unbroken(4);
        _unbroken(5);
        _unbroken(7);
        for (uint16 asset; asset < 2; ++asset) {
            (, , uint256 count) = _open(asset);
            (uint256 epoch, , , , ) = views().head();
            assertEq(
                count,
                handler.openBets(asset, epoch) + handler.openBets(asset, epoch - 1),
                "I4: bets are open that should have ended, or the reverse"
            );
        }
        (, , World.Request[] memory rounds) = handler.openOnes();
        for (uint256 i; i < rounds.length; ++i) {
            ICasino.Round memory round = views().roundAt(rounds[i].slot);
            assertTrue(
                (round.state == ICasino.RoundState.Drawn) == rounds[i].drawn &&
                    round.word == (rounds[i].drawn ? uint224(rounds[i].word) : 0),
                "I7: a word was rewritten"
            );
        }
    }

    function invariant_I6_share_prices_move_only_at_the_close_of_an_epoch() external view {
        _unbroken(6);
        for (uint16 asset; asset < 2; ++asset) {
            Bankroll bankroll = bankrolls[asset];
            uint256 unit = asset == 0 ? 1e9 : 1;
            uint256 supply = handler.supply(asset);
            assertEq(bankroll.totalSupply(), supply, "I6: shares");
            assertEq(bankroll.totalAssets(), handler.equity(asset) * unit, "I6: equity");
            assertEq(
                bankroll.convertToAssets(1e18),
                ((1e18 * (handler.equity(asset) + 1)) / (supply + VIRTUAL_SHARES)) * unit,
                "I6: price"
            );
            // B1 and B2 of `IBankroll`.
            uint256 assets;
            uint256 shares;
            for (uint256 i; i < handler.LPS(); ++i) {
                address lp = handler.lps(i);
                assets += bankroll.pendingDepositRequest(0, lp) + bankroll.maxWithdraw(lp);
                shares += bankroll.pendingRedeemRequest(0, lp) + bankroll.maxMint(lp);
            }
            assertGe(casino.balanceOf(address(bankroll), asset) * unit, assets, "B1");
            assertGe(bankroll.balanceOf(address(bankroll)), shares, "B2");
        }
    }

    function invariant_I9_nobody_lowers_a_balance_an_escrow_or_an_equity_but_its_owner()
        external
        view
    {
        _unbroken(9);
        for (uint16 asset; asset < 2; ++asset) {
            (address[] memory everyone, uint256[] memory amounts) = handler.balancesIn(asset);
            for (uint256 i; i < everyone.length; ++i)
                assertEq(casino.balanceOf(everyone[i], asset), amounts[i], "I9: balance");
            for (uint256 i; i < handler.LPS(); ++i)
                assertEq(
                    bankrolls[asset].balanceOf(handler.lps(i)),
                    handler.shares(handler.lps(i), asset),
                    "I9: shares"
                );
        }
        (uint256[] memory ids, World.Placed[] memory placed, ) = handler.openOnes();
        for (uint256 i; i < ids.length; ++i)
            assertTrue(
                keccak256(abi.encode(views().betOf(ids[i]))) == placed[i].terms,
                "I9: escrow"
            );
    }

    function invariant_I10_no_bet_and_no_deposit_breaks_its_players_limits() external view {
        _unbroken(10);
        for (uint256 i; i < handler.PLAYERS(); ++i) {
            address player = handler.players(i);
            assertEq(
                casino.limits().excludedUntil(player),
                handler.excluded(player),
                "I10: exclusion"
            );
            for (uint16 asset; asset < 2; ++asset)
                assertTrue(
                    views().isGuarded(player, asset) == handler.guarded(player, asset),
                    "I10: guard"
                );
        }
    }

    /// @dev From the lanes themselves, not from the handler's list.
    function _open(
        uint16 asset
    ) private view returns (uint256 escrow, uint256 reserved, uint256 count) {
        for (uint256 i; i < handler.PLAYERS(); ++i) {
            for (uint16 lane; lane < handler.LANES(); ++lane) {
                ICasino.Bet memory bet = views().betOf(_betId(handler.players(i), asset, lane, 0));
                if (!bet.open) continue;
                escrow += bet.stake * bet.rounds;
                reserved += bet.reserve;
                ++count;
            }
        }
    }
}
