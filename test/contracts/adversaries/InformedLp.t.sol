// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LpWorld} from "./LpWorld.sol";

/// @notice An LP who knows every word before it is drawn, let alone settled: he asks for shares while the epoch's bets are
/// known to have left a gain, and sells while they have left a loss; he also decides when epochs end and close.
/// @dev Exact in every episode: he has what the ideal bankroll gives him, whose requests execute at the close of their epoch.
contract InformedLpTest is LpWorld {
    // The figures of an episode.
    uint256 private constant BY_TIMING = 0;
    uint256 private constant OVER_HOLDER = 1;
    uint256 private constant INFORMATION = 2;
    uint256 private constant EXPECTED = 3;
    uint256 private constant HOLDER = 4;
    uint256 private constant HOLDER_EXPECTED = 5;
    uint256 private constant REQUESTS = 6;

    int256 private _requests;

    function test_an_lp_who_knows_each_outcome_gains_nothing_over_one_who_holds() external {
        Series[] memory columns = _run(0);
        _title("LP who knows each outcome", columns[OVER_HOLDER]);
        _print("gain over requests at the close, units", columns[BY_TIMING], 1);
        _print("profit over the holder's, million units", columns[OVER_HOLDER], 1e6);
        _print("of it without luck, million units", columns[EXPECTED], 1e6);
        _print("of it by knowing, million units", columns[INFORMATION], 1e6);
        _print("the holder's profit, million units", columns[HOLDER], 1e6);
        _print("of it without luck, million units", columns[HOLDER_EXPECTED], 1e6);
        _print("requests", columns[REQUESTS], 1);
        assertTrue(columns[BY_TIMING].most <= 0, "a gain by timing");
        assertTrue(_mean(columns[BY_TIMING]) > -3 * DUST, "a loss of more than dust");
        _assertFair(columns[INFORMATION], "a gain by knowing");
        _assertNoGain(columns[OVER_HOLDER], "a gain over the holder");
        assertTrue(_mean(columns[EXPECTED]) <= 0, "more at stake than the holder");
        assertTrue(_mean(columns[HOLDER_EXPECTED]) > 0, "hardly any bets");
        assertTrue(_mean(columns[REQUESTS]) >= 2, "hardly any requests");
    }

    function _play(uint256) internal override returns (int256[] memory values) {
        _begin(400 ether, 300 ether, 300 ether);
        uint256 carolBefore = _worth(carol);
        for (uint256 i; i < EPOCHS; ++i) _playEpoch();
        _finishAll();

        values = new int256[](7);
        (int256 gain, int256 idealGain) = _gainOfBob();
        // The ideal bankroll rounds to its whole units at each step.
        values[BY_TIMING] = gain - idealGain - DUST;
        values[HOLDER] = _gainOfCarol(carolBefore);
        values[OVER_HOLDER] = gain - values[HOLDER];
        values[EXPECTED] = ideal.bobsExpected - ideal.carolsExpected;
        values[INFORMATION] = values[OVER_HOLDER] - values[EXPECTED];
        values[HOLDER_EXPECTED] = ideal.carolsExpected;
        values[REQUESTS] = _requests;
    }

    function _scheme() internal override {
        if (_known() > 0) _depositAll();
        else if (_known() < 0) _redeemAll();
        ++_requests;
        // Between the end of an epoch and its close, he knows the first bets of the next one.
        if (_oneIn(2)) _tryClose();
        if (_oneIn(2)) _claim(bob);
    }

    function _outOfGame() internal pure override returns (uint256) {
        return RICHES - 300 ether;
    }
}
