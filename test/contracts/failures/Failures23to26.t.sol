// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {BankrollFixture} from "../BankrollFixture.sol";

/// @notice What went wrong elsewhere, 23 to 26 of 36: those who own the bankroll.
contract Failures23To26Test is BankrollFixture {
    address private dave = address(0xDA7E);

    // -- 23. Return and rewards together come to a stake or more, where one person is player, affiliate and LP --

    function test_failure_23_player_affiliate_and_lp_in_one_lose_all_the_same() external {
        _own(alice, 990 ether);
        _own(bob, 10 ether);
        vm.deal(dave, 1 ether);
        vm.prank(dave);
        casino.depositReferred{value: 1 ether}(ETH, 1e9, carol);
        uint256[3] memory shares = [uint256(0), 1_000, 5_000];
        uint256[3] memory losses = [uint256(1e5), 0.84e6, 3.8e6];
        for (uint256 i; i < shares.length; ++i) {
            ICasino.Terms memory terms = _terms();
            terms.shareBps = shares[i];
            casino.setTerms(FLIP, ETH, terms);
            // The mean of a flip won and a flip lost: exact.
            uint256 loss = 2 * _wealth() - _wealthAfter(true) - _wealthAfter(false);
            assertNear(loss / 2, losses[i] * GWEI, 10 * GWEI);
        }
    }

    // -- 24. An LP leaves ahead of a loss that is known and not booked yet --

    function test_failure_24_reserved_bankroll_cannot_be_drawn() external {
        _own(alice, 1_000 ether);
        uint256 free = 1e12 - views().betOf(_place(player, ETH, 0, FLIP, 1e9, HEADS)).reserve;
        vm.startPrank(address(coins));
        vm.expectRevert(abi.encodeWithSelector(ICasino.BankrollTooLow.selector, free, free + 1));
        casino.drawBankroll(ETH, free + 1);
        casino.drawBankroll(ETH, free);
        vm.stopPrank();
        assertEq(_books(ETH).bankroll, _books(ETH).reserved);
    }

    function test_failure_24_an_lp_who_leaves_ahead_of_a_known_loss_bears_their_part_of_it()
        external
    {
        _own(alice, 500 ether);
        _own(bob, 500 ether);
        uint256 betId = _placeDrawn(player, ETH, 0, FLIP, 1e9, HEADS, true);
        _redeem(alice, coins.balanceOf(alice));
        _end();
        vm.expectRevert(abi.encodeWithSelector(ICasino.EpochNotClosed.selector, ETH, 1));
        coins.close();
        casino.settle(betId);
        (, uint256 equity) = coins.close();
        assertEq(equity, 1e12 - 0.98e9 - _fee(1e9));
        assertNear(coins.maxWithdraw(alice), (equity / 2) * GWEI, 2 * GWEI);
    }

    function test_failure_24_a_void_bet_leaves_the_equity_of_its_epoch_alone() external {
        _own(alice, 1_000 ether);
        uint256[] memory bets = _flips(ETH, 1e9, 1);
        _end();
        _void(bets);
        (, uint256 equity) = coins.close();
        assertEq(equity, 1e12);
    }

    // -- 25. A run on the bankroll: the first ones out are paid by the last --

    function test_failure_25_an_epoch_closes_with_exactly_what_its_bets_left_in_any_order(
        bool won,
        bool lateFirst
    ) external {
        _own(alice, 1_000 ether);
        uint256 early = _placeDrawn(player, ETH, 0, FLIP, 1e6, HEADS, won);
        _nextBlock();
        uint256 second = _place(player, ETH, 1, FLIP, 2e6, HEADS);
        uint256 request = _lastRequest();
        _end();
        assertEq(_books(ETH).closingBets, 2);
        assertEq(_books(ETH).openBets, 0);
        _draw(request, _wordFor(second, true, 1));
        uint256 later = _placeDrawn(player, ETH, 2, FLIP, 4e6, HEADS, false);
        if (lateFirst) casino.settle(later);
        casino.settle(lateFirst ? second : early);
        vm.expectRevert(abi.encodeWithSelector(ICasino.EpochNotClosed.selector, ETH, 1));
        coins.close();
        casino.settle(lateFirst ? early : second);
        if (!lateFirst) casino.settle(later);
        uint256 equity = 1e12 + 1e6 - (won ? 1.98e6 : 0) - 1_000 + 2e6 - 3.96e6 - 2_000;
        (, uint256 left) = coins.close();
        assertEq(left, equity);
        assertEq(_books(ETH).bankroll, equity + 4e6 - 4_000);
    }

    function test_failure_25_whoever_asks_first_gets_no_more_than_whoever_asks_last() external {
        // The game has its whole cap: half of the bankroll.
        _wait(RAMP);
        _own(alice, 60 ether);
        _own(bob, 40 ether);
        _redeem(alice, 60e15);
        _redeem(bob, 40e15);
        _end();
        uint256[] memory bets = _flips(ETH, 0.5e9, 80);
        uint256 free = 100e9 - _books(ETH).reserved;
        assertLt(free, 65e9);
        coins.close();
        assertNear(coins.maxWithdraw(alice), ((free * 6) / 10) * GWEI, 2 * GWEI);
        assertNear(coins.maxWithdraw(bob), ((free * 4) / 10) * GWEI, 2 * GWEI);
        // Asked for earlier, and waiting as long for the rest.
        _claim(alice);
        _finish(bets, true);
        _close();
        _claim(alice);
        _claim(bob);
        uint256 lost = RICHES - alice.balance;
        assertGt(lost, 0);
        assertNear(lost * 2, (RICHES - bob.balance) * 3, 10 * GWEI);
    }

    // -- 26. Shares made dear by a donation, so that the next deposit gets none --

    function test_failure_26_a_donation_changes_no_balance_no_bankroll_and_no_price() external {
        _own(alice, 100 ether);
        uint256 price = coins.convertToAssets(1e15);
        uint256 balance = casino.balanceOf(player, USDC);
        usdc.mint(address(casino), 1e12);
        usdc.mint(address(dollars), 1e12);
        vm.deal(address(casino), address(casino).balance + 5 ether);
        vm.deal(address(coins), 5 ether);
        vm.prank(bob);
        casino.deposit{value: 50 ether}(ETH, 50e9, address(coins));
        vm.prank(alice);
        coins.transfer(address(coins), 1e15);
        _close();
        assertEq(coins.convertToAssets(1e15), price);
        assertEq(_books(ETH).bankroll, 100e9);
        assertEq(_books(USDC).bankroll, 0);
        assertEq(casino.balanceOf(player, USDC), balance);
    }

    function test_failure_26_a_first_depositor_cannot_inflate_the_price() external {
        _own(alice, 1 gwei);
        // The classic attack: one unit of shares, then a donation that should lift their price above the next deposit.
        vm.prank(alice);
        casino.deposit{value: 10 ether}(ETH, 10e9, address(coins));
        _deposit(bob, 10 ether);
        _close();
        assertEq(coins.maxMint(bob), 10e15);
        _claim(bob);
        _redeem(bob, 10e15);
        _close();
        assertEq(coins.maxWithdraw(bob), 10 ether);
    }

    // -- Helpers --

    /// @notice Wei that Alice could take out as player, as affiliate and as LP.
    function _wealth() private returns (uint256 wealth) {
        uint256 state = vm.snapshotState();
        _redeem(alice, coins.balanceOf(alice));
        _close();
        wealth = coins.maxWithdraw(alice);
        wealth += (casino.balanceOf(dave, ETH) + casino.balanceOf(carol, ETH)) * GWEI;
        vm.revertToState(state);
    }

    function _wealthAfter(bool wins) private returns (uint256 wealth) {
        uint256 state = vm.snapshotState();
        casino.settle(_placeDrawn(dave, ETH, 0, FLIP, 1e9, HEADS, wins));
        (, uint256 accrued) = views().referralOf(dave, ETH);
        if (accrued != 0) casino.claimReferral(dave, ETH);
        wealth = _wealth();
        vm.revertToState(state);
    }
}
