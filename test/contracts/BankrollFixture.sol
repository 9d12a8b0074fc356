// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Bankroll} from "../../contracts/Bankroll.sol";
import {CoinFlip} from "../../contracts/games/CoinFlip.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {TestToken} from "./fixtures/Tokens.sol";

/// @title A casino whose bankrolls are real ones: native coin and a token of six decimals, each owned by LPs
abstract contract BankrollFixture is CasinoFixture {
    uint256 internal constant EPOCH_SECONDS = 1 hours;
    uint256 internal constant GWEI = 1e9;
    uint256 internal constant RICHES = 100_000 ether;

    Bankroll internal coins;
    Bankroll internal dollars;
    address internal player = address(0x91A7E6);

    function setUp() public virtual override {
        vm.warp(time);
        vm.roll(height);
        vm.deal(address(this), 1e9 ether);
        manager = new AccessManager(address(this));
        coordinator = _newCoordinator();
        casino = _newCasino(1024, EPOCH_SECONDS);
        _fundSubscription();

        coins = new Bankroll(casino, ETH, "Glasshouse ETH", "ghETH");
        casino.listAsset(address(0), address(coins));
        usdc = new TestToken("USDC", 6);
        dollars = new Bankroll(casino, USDC, "Glasshouse USDC", "ghUSDC");
        casino.listAsset(address(usdc), address(dollars));
        casino.listGame(address(new CoinFlip()));
        casino.setTerms(FLIP, ETH, _terms());
        casino.setTerms(FLIP, USDC, _terms());
        address[3] memory lps = [alice, bob, carol];
        for (uint256 i; i < lps.length; ++i) {
            vm.deal(lps[i], RICHES);
            usdc.mint(lps[i], 1e15);
            vm.prank(lps[i]);
            usdc.approve(address(dollars), type(uint256).max);
        }
        _give(player, ETH, 1e13);
        _give(player, USDC, 1e14);
    }

    /// @notice Ends the epoch and leaves that of `coins` to close.
    function _end() internal {
        _wait(EPOCH_SECONDS);
        casino.rollEpoch();
        dollars.close();
    }

    /// @notice Bets on heads in `count` lanes, in rounds of their own of 40 bets each: a fifth of the bankroll.
    function _flips(
        uint16 asset,
        uint256 stake,
        uint256 count
    ) internal returns (uint256[] memory betIds) {
        betIds = new uint256[](count);
        for (uint16 i; i < count; ++i) {
            if (i % 40 == 0) _nextBlock();
            betIds[i] = _place(player, asset, i, FLIP, stake, HEADS);
        }
    }

    /// @notice Draws the rounds of `_flips` with a word under which the first bet wins, or loses, and settles all.
    function _finish(uint256[] memory betIds, bool wins) internal {
        uint256 word = _wordFor(betIds[0], wins, 1);
        for (uint256 i; i < betIds.length; i += 40) _draw(_requestOf(_rounds() - i / 40), word);
        casino.settleMany(betIds);
    }

    /// @notice Lets the pending rounds become void and refunds their bets.
    function _void(uint256[] memory betIds) internal {
        _wait(VOID_AFTER + 1);
        casino.settleMany(betIds);
    }

    function _deposit(address lp, uint256 value) internal {
        vm.prank(lp);
        coins.requestDeposit{value: value}(value, lp, lp);
    }

    function _redeem(address lp, uint256 shares) internal {
        vm.prank(lp);
        coins.requestRedeem(shares, lp, lp);
    }

    function _claim(address lp) internal {
        vm.startPrank(lp);
        if (coins.maxMint(lp) != 0) coins.mint(coins.maxMint(lp), lp, lp);
        if (coins.maxRedeem(lp) != 0) coins.redeem(coins.maxRedeem(lp), lp, lp);
        vm.stopPrank();
    }

    function _own(address lp, uint256 value) internal {
        _deposit(lp, value);
        _close();
        _claim(lp);
    }

    function _close() internal {
        _end();
        coins.close();
    }

    function assertNear(uint256 a, uint256 b, uint256 within) internal pure {
        assertLe(a, b + within);
        assertLe(b, a + within);
    }

    function _three() internal view returns (address[] memory lps) {
        lps = new address[](3);
        (lps[0], lps[1], lps[2]) = (alice, bob, carol);
    }

    /// @dev B1 and B2 of IBankroll, and I1.
    function _conserved(address[] memory lps) internal view {
        uint256 assets;
        uint256 shares;
        uint256 held;
        for (uint256 i; i < lps.length; ++i) {
            assets += coins.pendingDepositRequest(0, lps[i]) + coins.maxWithdraw(lps[i]);
            shares += coins.pendingRedeemRequest(0, lps[i]) + coins.maxMint(lps[i]);
            held += coins.balanceOf(lps[i]);
        }
        uint256 balance = casino.balanceOf(address(coins), 0) * GWEI;
        assertGe(balance, assets, "B1");
        assertLe(balance - assets, 100 * GWEI, "B1: dust only");
        assertGe(coins.balanceOf(address(coins)), shares, "B2");
        assertEq(held + coins.balanceOf(address(coins)), coins.totalSupply());
        ICasino.Books memory books = views().houseOf(ETH);
        assertLe(books.reserved, books.bankroll, "I3");
    }

    /// @dev Shares that only a disaster would leave. Slot 2 is the supply of OpenZeppelin's ERC20.
    function _storeSupply(uint256 supply) internal {
        vm.store(address(coins), bytes32(uint256(2)), bytes32(supply));
        assertEq(coins.totalSupply(), supply);
    }
}
