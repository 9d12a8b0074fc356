// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {BankrollFixture} from "./BankrollFixture.sol";

/// @notice B1 and B2 of `IBankroll`, whatever LPs, players and time do.
contract BankrollConservationTest is BankrollFixture {
    function testFuzz_what_lps_can_claim_is_always_there(uint256 seed) public {
        address[] memory lps = _three();
        _own(carol, 50 ether);
        uint256[] memory bets;
        _wait(RAMP);
        for (uint256 i; i < 24; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            address lp = lps[seed % 3];
            uint256 action = (seed >> 8) % 8;
            uint256 part = uint256(uint32(seed >> 16)) + 1;
            if (action < 2) _deposit(lp, part * 3 * GWEI);
            if (action >= 2 && action < 4) {
                uint256 shares = (coins.balanceOf(lp) * part) >> 32;
                if (shares != 0) _redeem(lp, shares);
            }
            if (action == 4) _claim(lp);
            if (action > 4) {
                _end();
                if (bets.length != 0) {
                    if ((seed >> 255) == 0) _finish(bets, (seed >> 254) & 1 == 0);
                    else _void(bets);
                    bets = new uint256[](0);
                }
                ICasino.Books memory books = views().houseOf(ETH);
                // After losses the house takes half the stakes, or none.
                bool lower = books.bankroll * 10 < books.mark * 9;
                uint256 stake = books.bankroll / (lower ? 520 : 250);
                (, uint256 loss, ) = views().bookOf(FLIP, ETH);
                bool halted = books.bankroll * 4 < books.mark * 3 || loss * 5 > books.bankroll;
                if (stake > 1000 && !halted) bets = _flips(ETH, stake, (part % 80) + 1);
                coins.close();
            }
            _conserved(lps);
        }
        if (bets.length != 0) _finish(bets, true);
        // Everyone can leave, whole, in two epochs at most.
        for (uint256 i; i < 3; ++i) _claim(lps[i]);
        _close();
        _close();
        for (uint256 i; i < 3; ++i) {
            _claim(lps[i]);
            uint256 shares = coins.balanceOf(lps[i]);
            if (shares != 0) _redeem(lps[i], shares);
        }
        _close();
        for (uint256 i; i < 3; ++i) _claim(lps[i]);
        _conserved(lps);
        assertLt(casino.balanceOf(address(coins), 0), 100);
        assertLe(views().houseOf(ETH).bankroll, 100);
    }
}
