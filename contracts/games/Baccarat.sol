// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Game} from "./Game.sol";

/// @title Baccarat
/// @notice Punto banco from a fresh shoe of eight decks. Choice: byte 0 is the bet, 0 player at 1:1, 1 banker at 0.95:1,
/// 2 tie at 9:1. A tie gives the stakes on player and banker back.
/// @dev The shoe is dealt without replacement: the seed's digits to the bases 416, 415, ..., 411 pick each of the equally
/// likely deals of six cards. Card `c` has rank `c % 13`, from ace to king, and suit `c / 13 % 4`.
contract Baccarat is Game {
    uint256 private constant PLAYER = 0;
    uint256 private constant BANKER = 1;
    uint256 private constant TIE = 2;

    uint256 private constant SHOE = 416;
    uint256 private constant RANKS = 13;

    uint256 private constant PLAYER_PAYS = 2e18;
    uint256 private constant BANKER_PAYS = 1.95e18;
    uint256 private constant TIE_PAYS = 10e18;

    /// All deals of six cards in order, and those that each side wins: a third card that is not needed counts as dealt.
    uint256 private constant DEALS = 416 * 415 * 414 * 413 * 412 * 411;
    uint256 private constant PLAYER_WINS = 2_230_518_282_592_256;
    uint256 private constant BANKER_WINS = 2_292_252_566_437_888;
    uint256 private constant TIES = 475_627_426_473_216;

    /// @notice Counted over all deals; the tests count them again.
    function odds(
        bytes16 choice
    ) external pure returns (uint256 maxMultiplierWad, uint256 rtpWad, uint256 varianceWad) {
        uint256 bet = _terms(choice);
        if (bet == TIE) return _odds(TIE_PAYS, TIES, 0);
        if (bet == BANKER) return _odds(BANKER_PAYS, BANKER_WINS, TIES);
        return _odds(PLAYER_PAYS, PLAYER_WINS, TIES);
    }

    function _odds(
        uint256 pays,
        uint256 wins,
        uint256 pushes
    ) private pure returns (uint256, uint256, uint256) {
        unchecked {
            // Counts have 53 bits and multipliers 64: the squares stay under 2^238.
            uint256 mean = pays * wins + WAD * pushes;
            uint256 square = pays * pays * wins + WAD * WAD * pushes;
            // E[x^2] - E[x]^2 with both terms over DEALS^2, so that only the last step rounds, and up.
            uint256 variance = (square * DEALS - mean * mean - 1) / (DEALS * DEALS * WAD) + 1;
            return (pays, mean / DEALS, variance);
        }
    }

    function _multiplier(uint256 bet, uint256 seed) internal pure override returns (uint256) {
        uint256 winner = _winner(seed);
        if (winner != bet) return winner == TIE ? WAD : 0;
        if (bet == TIE) return TIE_PAYS;
        return bet == BANKER ? BANKER_PAYS : PLAYER_PAYS;
    }

    function _terms(bytes16 choice) internal pure override returns (uint256 bet) {
        bet = uint8(choice[0]);
        if (bet > TIE || choice << 8 != 0) revert IllegalChoice(choice);
    }

    /// @notice Deals both hands and plays them by the table.
    function _winner(uint256 seed) private pure returns (uint256) {
        unchecked {
            uint256 places = _places(seed);
            // Cards go to the player and the banker in turn.
            uint256 player = (_points(places, 0) + _points(places, 2)) % 10;
            uint256 banker = (_points(places, 1) + _points(places, 3)) % 10;

            // Eight or nine is a natural: nobody draws.
            if (player < 8 && banker < 8) {
                if (player > 5) {
                    if (banker < 6) banker = (banker + _points(places, 4)) % 10;
                } else {
                    uint256 third = _points(places, 4);
                    player = (player + third) % 10;
                    if (_bankerDraws(banker, third)) banker = (banker + _points(places, 5)) % 10;
                }
            }

            if (player == banker) return TIE;
            return player > banker ? PLAYER : BANKER;
        }
    }

    /// @notice Whether the banker draws once the player drew a third card of so many points.
    function _bankerDraws(uint256 banker, uint256 third) private pure returns (bool) {
        unchecked {
            if (banker < 3) return true;
            if (banker == 3) return third != 8;
            // At 4 to 2-7, at 5 to 4-7, at 6 to 6-7, at 7 never.
            return third < 8 && third >= 2 * (banker - 3);
        }
    }

    /// @notice The places in what is left of the shoe that the six cards come from, 16 bits each, the first one lowest.
    function _places(uint256 seed) private pure returns (uint256 places) {
        unchecked {
            for (uint256 left = SHOE; left > SHOE - 6; --left) {
                places |= (seed % left) << (16 * (SHOE - left));
                seed /= left;
            }
        }
    }

    /// @notice The points of a card: those of its rank, tens and faces none.
    /// @dev Dealing moves the last card left to the place that became free.
    function _points(uint256 places, uint256 index) private pure returns (uint256) {
        unchecked {
            uint256 card = (places >> (16 * index)) & 0xffff;
            while (index > 0) {
                --index;
                if (card == (places >> (16 * index)) & 0xffff) card = SHOE - 1 - index;
            }
            uint256 rank = card % RANKS;
            return rank < 9 ? rank + 1 : 0;
        }
    }
}
