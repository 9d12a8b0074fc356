// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Roulette} from "../../contracts/games/Roulette.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Every bet on every pocket, against the rule book written out pocket by pocket; several chips against the sum of
/// each. `test/vectors` holds more rows, read by both twins.
contract RouletteTest is Test {
    uint256 private constant WAD = 1e18;
    uint256 private constant MAX_STAKE = (1 << 40) - 1;
    uint256 private constant DOUBLE_ZERO = 37;

    Roulette private european;
    Roulette private american;

    function setUp() external {
        european = new Roulette(1);
        american = new Roulette(2);
    }

    function test_hand_computed_rows() external view {
        assertEq(european.payout(1_000, hex"11010000000000000000000000000000", 17), 36_000);
        assertEq(european.payout(1_000, hex"11010000000000000000000000000000", 18), 0);
        assertEq(european.payout(1_000, hex"f0010000000000000000000000000000", 37 + 36), 2_000);
        assertEq(european.payout(1_000, hex"f0010000000000000000000000000000", 37), 0);
        assertEq(american.payout(1_000, hex"d3010000000000000000000000000000", 37), 7_000);
        assertEq(american.payout(1_000, hex"25ff0000000000000000000000000000", 37), 36_000);
        // 1/6 on 17, 2/6 on 4 and 7, 3/6 on red: 7 is red, 17 is black.
        assertEq(european.payout(1_000, hex"11012c02f00300000000000000000000", 7), 7_000);
        assertEq(european.payout(1_000, hex"11012c02f00300000000000000000000", 4), 6_000);
        assertEq(european.payout(1_000, hex"11012c02f00300000000000000000000", 17), 6_000);
        assertEq(european.payout(1_000, hex"11012c02f00300000000000000000000", 1), 1_000);
    }

    function test_a_wheel_has_one_zero_or_two() external {
        assertEq(european.pockets(), 37);
        assertEq(american.pockets(), 38);
        vm.expectRevert(abi.encodeWithSelector(Roulette.ZerosUnfit.selector, 0));
        new Roulette(0);
        vm.expectRevert(abi.encodeWithSelector(Roulette.ZerosUnfit.selector, 3));
        new Roulette(3);
    }

    function test_every_bet_pays_on_its_pockets_and_on_no_other() external {
        assertEq(_countOffered(european, 1), 157);
        assertEq(_countOffered(american, 2), 161);
    }

    function test_every_bet_declares_its_exact_return_and_variance() external view {
        for (uint256 zeros = 1; zeros <= 2; ++zeros) {
            for (uint256 bet; bet < 256; ++bet) {
                uint256 count = _count(bet, zeros);
                if (count == 0) continue;
                uint256 pockets = 36 + zeros;
                (uint256 multiplier, uint256 rtp, uint256 variance) = _wheel(zeros).odds(
                    _chip(bet, 9)
                );
                assertEq(multiplier, _payoff(count) * WAD);
                assertEq(rtp, (multiplier * count) / pockets);
                uint256 exact = _payoff(count) * _payoff(count) * count * (pockets - count);
                assertEq(variance, (exact * WAD + pockets * pockets - 1) / (pockets * pockets));
                // Only the American basket is worse than the wheel itself.
                assertTrue(count == 5 || rtp == (36 * WAD) / pockets);
            }
        }
    }

    function test_chips_that_pay_alike_in_every_pocket_declare_no_variance() external view {
        // 1 on zero, 18 on red, 18 on black: 36 of 37 come back, always.
        (uint256 multiplier, uint256 rtp, uint256 variance) = european.odds(
            hex"0001f012f11200000000000000000000"
        );
        assertEq(multiplier, (36 * WAD) / uint256(37));
        assertEq(rtp, multiplier);
        assertEq(variance, 0);
    }

    function test_several_chips_pay_their_shares_and_declare_exact_odds(
        uint256 draws,
        bool doubleZero
    ) external view {
        uint256 zeros = doubleZero ? 2 : 1;
        (bytes16 choice, uint256[8] memory bets, uint256[8] memory weights) = _chips(draws, zeros);
        uint256 pockets = 36 + zeros;
        uint256 most;
        uint256 first;
        uint256 second;
        for (uint256 pocket; pocket < pockets; ++pocket) {
            uint256 multiplier = _expected(bets, weights, zeros, pocket);
            assertEq(
                _wheel(zeros).payout(MAX_STAKE, choice, pocket),
                (MAX_STAKE * multiplier) / WAD
            );
            if (multiplier > most) most = multiplier;
            first += multiplier;
            second += multiplier * multiplier;
        }
        (uint256 declared, uint256 rtp, uint256 variance) = _wheel(zeros).odds(choice);
        assertEq(declared, most);
        assertEq(rtp, first / pockets);
        uint256 space = pockets * pockets * WAD;
        assertEq(variance, (second * pockets - first * first + space - 1) / space);
    }

    function test_rounds_of_several_chips_are_paid_as_each_alone(
        uint256 draws,
        uint256 seed
    ) external view {
        (bytes16 choice, , ) = _chips(draws, 1);
        uint256 sum;
        for (uint256 index; index < 5; ++index)
            sum += european.payout(999, choice, uint256(keccak256(abi.encode(seed, index))));
        (uint256 paid, uint256 played) = european.payouts(999, choice, seed, 5, 0, 0);
        assertEq(paid, sum);
        assertEq(played, 5);
    }

    function test_payout_of_a_legal_choice_never_reverts_and_never_exceeds_its_maximum(
        uint256 stake,
        uint256 draws,
        uint256 seed,
        bool doubleZero
    ) external view {
        stake = bound(stake, 0, MAX_STAKE);
        uint256 zeros = doubleZero ? 2 : 1;
        (bytes16 choice, , ) = _chips(draws, zeros);
        (uint256 multiplier, , ) = _wheel(zeros).odds(choice);
        assertLe(_wheel(zeros).payout(stake, choice, seed), (stake * multiplier) / WAD);
    }

    function test_illegal_choices_are_refused_by_odds_and_payout_alike(bytes16 choice) external {
        for (uint256 zeros = 1; zeros <= 2; ++zeros)
            if (!_isLegal(choice, zeros)) _assertIllegal(_wheel(zeros), choice);
    }

    function test_choices_next_to_the_legal_ones_are_refused() external {
        _assertIllegal(european, hex"00000000000000000000000000000000");
        _assertIllegal(european, hex"11000000000000000000000000000000");
        _assertIllegal(european, hex"11011101000000000000000000000000");
        _assertIllegal(european, hex"12011101000000000000000000000000");
        _assertIllegal(european, hex"11010000120100000000000000000000");
        _assertIllegal(european, hex"11011200000000000000000000000000");
        _assertIllegal(european, hex"11010001000000000000000000000000");
        _assertIllegal(european, hex"01010201030104010501060107010701");
        _assertIllegal(european, hex"0101020103010401050106010701fa01");
        _assertIllegal(american, hex"01010201030104010501060107010800");
        _assertIllegal(american, hex"11010000000000000000000000000001");
    }

    /// @dev Eight chips or fewer, from 22 bits each: any bet of the wheel, any weight.
    function _chips(
        uint256 draws,
        uint256 zeros
    ) private pure returns (bytes16 choice, uint256[8] memory bets, uint256[8] memory weights) {
        uint256 bits;
        uint256 chips;
        uint256 bet;
        uint256 most = 1 + ((draws >> 200) % 8);
        for (; chips < most; draws >>= 22) {
            bet += (draws & 0xff) % (chips == 0 ? 200 : 60);
            while (bet < 256 && _count(bet, zeros) == 0) ++bet;
            if (bet > 255) break;
            (bets[chips], weights[chips]) = (bet, 1 + ((draws >> 8) % 255));
            bits |= ((bet << 8) | weights[chips]) << (112 - 16 * chips);
            ++chips;
            ++bet;
        }
        choice = bytes16(uint128(bits));
    }

    function _expected(
        uint256[8] memory bets,
        uint256[8] memory weights,
        uint256 zeros,
        uint256 pocket
    ) private pure returns (uint256) {
        uint256 paid;
        uint256 sum;
        for (uint256 chip; chip < 8; ++chip) {
            sum += weights[chip];
            if (weights[chip] == 0 || !_covers(bets[chip], pocket)) continue;
            paid += weights[chip] * _payoff(_count(bets[chip], zeros));
        }
        return (paid * WAD) / sum;
    }

    function _countOffered(Roulette wheel, uint256 zeros) private returns (uint256 offered) {
        for (uint256 bet; bet < 256; ++bet) {
            uint256 count = _count(bet, zeros);
            if (count == 0) {
                _assertIllegal(wheel, _chip(bet, 1));
                continue;
            }
            ++offered;
            for (uint256 pocket; pocket < 36 + zeros; ++pocket) {
                uint256 due = _covers(bet, pocket) ? 1_000 * _payoff(count) : 0;
                assertEq(wheel.payout(1_000, _chip(bet, 255), pocket), due);
            }
        }
    }

    /// @return count The pockets that a bet covers; 0 for a bet that the wheel does not have.
    function _count(uint256 bet, uint256 zeros) private pure returns (uint256 count) {
        if (zeros == 1 && _covers(bet, DOUBLE_ZERO)) return 0;
        if (zeros == 2 && (bet == 202 || bet == 207 || bet == 210)) return 0;
        for (uint256 pocket; pocket <= DOUBLE_ZERO; ++pocket) if (_covers(bet, pocket)) ++count;
    }

    /// @dev The table as it lies there: street and column of each number, from 0.
    function _covers(uint256 bet, uint256 pocket) private pure returns (bool) {
        if (bet <= 37) return pocket == bet;
        if (bet >= 200 && bet <= 211) return _zeroBetCovers(bet, pocket);
        if (pocket == 0 || pocket == DOUBLE_ZERO) return false;
        uint256 street = (pocket - 1) / 3;
        uint256 column = (pocket - 1) % 3;
        uint256 n = bet % 40;
        if (bet > 40 && bet <= 73) return pocket == n || pocket == n + 3;
        if (bet > 80 && bet <= 115 && n % 3 != 0) return pocket == n || pocket == n + 1;
        if (bet > 120 && bet <= 152 && n % 3 != 0)
            return pocket == n || pocket == n + 1 || pocket == n + 3 || pocket == n + 4;
        if (bet >= 161 && bet <= 172) return street == bet - 161;
        if (bet >= 181 && bet <= 191) return street == bet - 181 || street == bet - 180;
        if (bet >= 221 && bet <= 223) return column == bet - 221;
        if (bet >= 231 && bet <= 233) return street / 4 == bet - 231;
        if (bet == 240) return _isRed(pocket);
        if (bet == 241) return !_isRed(pocket);
        if (bet == 242) return pocket % 2 == 1;
        if (bet == 243) return pocket % 2 == 0;
        if (bet == 244) return pocket <= 18;
        return bet == 245 && pocket > 18;
    }

    function _zeroBetCovers(uint256 bet, uint256 pocket) private pure returns (bool) {
        bool zero = pocket == 0;
        bool doubleZero = pocket == DOUBLE_ZERO;
        if (bet == 200) return zero || pocket == 1;
        if (bet == 201) return zero || pocket == 2;
        if (bet == 202) return zero || pocket == 3;
        if (bet == 203) return doubleZero || pocket == 2;
        if (bet == 204) return doubleZero || pocket == 3;
        if (bet == 205) return zero || doubleZero;
        if (bet == 206) return zero || pocket == 1 || pocket == 2;
        if (bet == 207) return zero || pocket == 2 || pocket == 3;
        if (bet == 208) return zero || doubleZero || pocket == 2;
        if (bet == 209) return doubleZero || pocket == 2 || pocket == 3;
        if (bet == 210) return pocket <= 3;
        return pocket <= 3 || doubleZero;
    }

    /// @dev Red are the odd numbers up to 10 and from 19 to 28, and the even ones of the others.
    function _isRed(uint256 n) private pure returns (bool) {
        bool oddIsRed = n <= 10 || (n >= 19 && n <= 28);
        return (n % 2 == 1) == oddIsRed;
    }

    /// @dev The rule book, which says what is won beside the stake.
    function _payoff(uint256 count) private pure returns (uint256) {
        if (count == 1) return 35 + 1;
        if (count == 2) return 17 + 1;
        if (count == 3) return 11 + 1;
        if (count == 4) return 8 + 1;
        if (count == 5) return 6 + 1;
        if (count == 6) return 5 + 1;
        return count == 12 ? 2 + 1 : 1 + 1;
    }

    function _isLegal(bytes16 choice, uint256 zeros) private pure returns (bool) {
        uint256 bits = uint128(choice);
        if (bits == 0) return false;
        uint256 above;
        for (uint256 chip; chip < 8 && bits & (2 ** (128 - 16 * chip) - 1) != 0; ++chip) {
            uint256 bet = uint8(choice[2 * chip]);
            if (choice[2 * chip + 1] == 0 || bet < above || _count(bet, zeros) == 0) return false;
            above = bet + 1;
        }
        return true;
    }

    function _assertIllegal(Roulette wheel, bytes16 choice) private {
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        wheel.odds(choice);
        vm.expectRevert(refusal);
        wheel.payout(1, choice, 0);
    }

    function _wheel(uint256 zeros) private view returns (Roulette) {
        return zeros == 1 ? european : american;
    }

    function _chip(uint256 bet, uint256 weight) private pure returns (bytes16) {
        return bytes16(bytes2(uint16((bet << 8) | weight)));
    }
}
