// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Baccarat} from "../../contracts/games/Baccarat.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Hand-computed rows, the published table, and a count over all deals by a second reading of the rules.
contract BaccaratTest is Test {
    uint256 private constant WAD = 1e18;
    uint256 private constant MAX_STAKE = (1 << 40) - 1;
    uint256 private constant DEALS = 416 * 415 * 414 * 413 * 412 * 411;

    bytes16 private constant PLAYER = 0;
    bytes16 private constant BANKER = bytes16(bytes1(0x01));
    bytes16 private constant TIE = bytes16(bytes1(0x02));

    /// The published table: what the banker does at 0 to 7 points once the player drew 0 to 9, eight rows of ten.
    bytes private constant TABLE =
        "DDDDDDDDDD"
        "DDDDDDDDDD"
        "DDDDDDDDDD"
        "DDDDDDDDSD"
        "SSDDDDDDSS"
        "SSSSDDDDSS"
        "SSSSSSDDSS"
        "SSSSSSSSSS";

    Baccarat private baccarat;

    function setUp() external {
        baccarat = new Baccarat();
    }

    function test_hand_computed_rows() external view {
        // 8 to 7, a natural.
        _assertPaid([4, 1, 4, 6, 0, 0], 2_000, 0, 0);
        // 5 to 9: no third card against a natural.
        _assertPaid([0, 9, 5, 0, 9, 9], 0, 1_950, 0);
        // 8 to 8.
        _assertPaid([9, 9, 9, 9, 0, 0], 1_000, 1_000, 10_000);
        // 6 stands, the banker at 5 draws 2.
        _assertPaid([6, 5, 0, 0, 2, 9], 0, 1_950, 0);
        // 5 draws 3, the banker stands at 5 against it.
        _assertPaid([5, 5, 0, 0, 3, 4], 2_000, 0, 0);
        // 5 draws 4, the banker at 5 draws an ace.
        _assertPaid([5, 5, 0, 0, 4, 1], 2_000, 0, 0);
    }

    function test_the_banker_draws_as_the_published_table_says() external view {
        for (uint256 banker; banker < 8; ++banker) {
            for (uint256 third; third < 10; ++third) {
                for (uint256 fourth; fourth < 10; ++fourth) {
                    uint256[6] memory points = [5, banker, 0, 0, third, fourth];
                    bool draws = TABLE[10 * banker + third] == "D";
                    uint256 player = (5 + third) % 10;
                    uint256 final_ = draws ? (banker + fourth) % 10 : banker;
                    _assertWinner(_seedOf(points), player, final_);
                }
            }
        }
    }

    function test_a_player_who_stands_leaves_the_banker_to_draw_up_to_five() external view {
        for (uint256 player = 6; player < 8; ++player) {
            for (uint256 banker; banker < 8; ++banker) {
                for (uint256 third; third < 10; ++third) {
                    uint256[6] memory points = [player, banker, 0, 0, third, 9];
                    uint256 final_ = banker < 6 ? (banker + third) % 10 : banker;
                    _assertWinner(_seedOf(points), player, final_);
                }
            }
        }
    }

    function test_the_odds_are_those_of_a_count_over_all_deals() external view {
        (uint256 playerWins, uint256 bankerWins, uint256 ties) = _count();
        assertEq(playerWins, 2_230_518_282_592_256);
        assertEq(bankerWins, 2_292_252_566_437_888);
        assertEq(ties, 475_627_426_473_216);
        assertEq(playerWins + bankerWins + ties, DEALS);
        _assertOdds(PLAYER, 2e18, playerWins, ties);
        _assertOdds(BANKER, 1.95e18, bankerWins, ties);
        _assertOdds(TIE, 10e18, ties, 0);
    }

    function test_a_seed_deals_from_a_real_shoe_without_replacement(uint256 seed) external view {
        uint256[] memory shoe = new uint256[](416);
        for (uint256 card; card < 416; ++card) shoe[card] = card;
        uint256[6] memory points;
        uint256 rest = seed;
        for (uint256 index; index < 6; ++index) {
            uint256 left = 416 - index;
            uint256 rank = shoe[rest % left] % 13;
            points[index] = rank > 8 ? 0 : rank + 1;
            shoe[rest % left] = shoe[left - 1];
            rest /= left;
        }
        (uint256 player, uint256 banker) = _play(points, TABLE);
        _assertWinner(seed, player, banker);
    }

    function test_a_place_dealt_again_holds_the_card_that_was_last(uint256 place) external view {
        // Ten, jack, queen, king, and then one place twice: for the banker, the last of the 412 cards left, a nine.
        place = bound(place, 13, 410);
        uint256 seed = 9 + 416 * (10 + 415 * (11 + 414 * (12 + 413 * (place + 412 * place))));
        _assertWinner(seed, place % 13 > 8 ? 0 : (place % 13) + 1, 9);
    }

    function test_payout_of_a_legal_choice_never_reverts_and_never_exceeds_its_maximum(
        uint256 stake,
        uint256 bet,
        uint256 seed
    ) external view {
        stake = bound(stake, 0, MAX_STAKE);
        bytes16 choice = bytes16(bytes1(uint8(bet % 3)));
        (uint256 most, , ) = baccarat.odds(choice);
        assertLe(baccarat.payout(stake, choice, seed), (stake * most) / WAD);
    }

    function test_illegal_choices_are_refused_by_odds_and_payout_alike(bytes16 choice) external {
        vm.assume(choice != PLAYER && choice != BANKER && choice != TIE);
        _assertIllegal(choice);
    }

    function test_choices_next_to_the_legal_ones_are_refused() external {
        _assertIllegal(bytes16(bytes1(0x03)));
        for (uint256 bit; bit < 120; ++bit)
            _assertIllegal(BANKER | bytes16(uint128(1) << uint128(bit)));
    }

    /// @dev Hands by their points, each with as many deals as there are cards left of its points.
    function _count() private pure returns (uint256 playerWins, uint256 bankerWins, uint256 ties) {
        uint256[10] memory left;
        for (uint256 points; points < 10; ++points) left[points] = points == 0 ? 128 : 32;
        uint256[6] memory hand;
        bytes memory table = TABLE;
        for (uint256 four; four < 10_000; ++four) {
            uint256 ways = 1;
            for (uint256 index; index < 4; ++index) {
                hand[index] = (four / 10 ** index) % 10;
                ways *= left[hand[index]]--;
            }
            for (uint256 two; two < 100; ++two) {
                (hand[4], hand[5]) = (two / 10, two % 10);
                uint256 deals = ways * left[hand[4]];
                deals *= left[hand[5]] - (hand[4] == hand[5] ? 1 : 0);
                (uint256 player, uint256 banker) = _play(hand, table);
                if (player > banker) playerWins += deals;
                else if (player < banker) bankerWins += deals;
                else ties += deals;
            }
            for (uint256 index; index < 4; ++index) ++left[hand[index]];
        }
    }

    /// @dev The rules again, by the published table.
    function _play(
        uint256[6] memory hand,
        bytes memory table
    ) private pure returns (uint256 player, uint256 banker) {
        player = (hand[0] + hand[2]) % 10;
        banker = (hand[1] + hand[3]) % 10;
        if (player >= 8 || banker >= 8) return (player, banker);
        if (player >= 6) return (player, banker <= 5 ? (banker + hand[4]) % 10 : banker);
        player = (player + hand[4]) % 10;
        if (table[10 * banker + hand[4]] == "D") banker = (banker + hand[5]) % 10;
    }

    /// @dev Cards below 400 that are all distinct lie at their own places.
    function _seedOf(uint256[6] memory points) private pure returns (uint256 seed) {
        uint256 base = 1;
        for (uint256 index; index < 6; ++index) {
            uint256 rank = points[index] == 0 ? 9 + (index % 4) : points[index] - 1;
            seed += base * (52 * index + rank);
            base *= 416 - index;
        }
    }

    function _assertPaid(
        uint8[6] memory hand,
        uint256 player,
        uint256 banker,
        uint256 tie
    ) private view {
        uint256[6] memory points;
        for (uint256 index; index < 6; ++index) points[index] = hand[index];
        uint256 seed = _seedOf(points);
        assertEq(baccarat.payout(1_000, PLAYER, seed), player);
        assertEq(baccarat.payout(1_000, BANKER, seed), banker);
        assertEq(baccarat.payout(1_000, TIE, seed), tie);
    }

    function _assertWinner(uint256 seed, uint256 player, uint256 banker) private view {
        bool tie = player == banker;
        assertEq(
            baccarat.payout(100, PLAYER, seed),
            tie
                ? 100
                : player > banker
                    ? 200
                    : 0
        );
        assertEq(
            baccarat.payout(100, BANKER, seed),
            tie
                ? 100
                : player < banker
                    ? 195
                    : 0
        );
        assertEq(baccarat.payout(100, TIE, seed), tie ? 1_000 : 0);
    }

    function _assertOdds(bytes16 choice, uint256 pays, uint256 wins, uint256 pushes) private view {
        (uint256 most, uint256 rtp, uint256 variance) = baccarat.odds(choice);
        uint256 mean = pays * wins + WAD * pushes;
        uint256 spread = (pays ** 2 * wins + WAD ** 2 * pushes) * DEALS - mean ** 2;
        assertEq(most, pays);
        assertEq(rtp, mean / DEALS);
        assertGe(variance * DEALS ** 2 * WAD, spread);
        assertLt((variance - 1) * DEALS ** 2 * WAD, spread);
    }

    function _assertIllegal(bytes16 choice) private {
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        baccarat.odds(choice);
        vm.expectRevert(refusal);
        baccarat.payout(1, choice, 0);
    }
}
