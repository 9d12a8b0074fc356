// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ScratchCard} from "../../contracts/games/ScratchCard.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice A small table, every ticket of it. `test/vectors` holds rows of the table in service.
contract ScratchCardTest is Test {
    uint256 private constant WAD = 1e18;
    uint256 private constant TICKETS = 1_000;
    uint256 private constant MAX_STAKE = (1 << 40) - 1;
    bytes16 private constant CARD = bytes16(0);

    ScratchCard private card;
    uint256[] private winners;
    uint256[] private multipliers;

    function setUp() external {
        _set(3, 10_000, 20, 1_000, 200, 200);
        card = new ScratchCard(TICKETS, winners, multipliers);
    }

    function test_hand_computed_rows() external view {
        // Tickets 0 to 2 win 100 times, 3 to 22 win 10 times, 23 to 222 win twice the stake.
        uint256[8] memory tickets = [uint256(0), 2, 3, 22, 23, 222, 223, 999];
        uint256[8] memory paid = [uint256(70_000), 70_000, 7_000, 7_000, 1_400, 1_400, 0, 0];
        for (uint256 i; i < 8; ++i) {
            assertEq(card.payout(700, CARD, tickets[i]), paid[i]);
            assertEq(card.payout(700, CARD, tickets[i] + 5 * TICKETS), paid[i]);
        }
    }

    function test_all_tickets_together_give_the_declared_odds() external view {
        uint256 first;
        uint256 second;
        uint256 most;
        for (uint256 ticket; ticket < TICKETS; ++ticket) {
            uint256 paid = card.payout(100, CARD, ticket);
            first += paid;
            second += paid * paid;
            if (paid > most) most = paid;
        }
        (uint256 multiplier, uint256 rtp, uint256 variance) = card.odds(CARD);
        assertEq(multiplier, most * 1e16);
        assertEq(rtp, (first * 1e16) / TICKETS);
        assertEq(rtp, 0.9e18);
        assertEq(variance, ((second * TICKETS - first * first) * 1e14) / (TICKETS * TICKETS));
    }

    function test_payout_never_exceeds_its_maximum(uint256 stake, uint256 seed) external view {
        stake = bound(stake, 0, MAX_STAKE);
        uint256 ticket = seed % TICKETS;
        uint256 hundredths =
            ticket < 3
                ? 10_000
                : ticket < 23
                    ? 1_000
                    : ticket < 223
                        ? 200
                        : 0;
        uint256 paid = card.payout(stake, CARD, seed);
        (uint256 multiplier, , ) = card.odds(CARD);
        assertEq(paid, (stake * hundredths) / 100);
        assertLe(paid, (stake * multiplier) / WAD);
    }

    function test_illegal_choices_are_refused(bytes16 choice) external {
        vm.assume(choice != CARD);
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        card.odds(choice);
        vm.expectRevert(refusal);
        card.payout(1, choice, 0);
    }

    function test_the_table_can_be_read_and_its_hash_holds_it() external view {
        (uint256 tickets, uint256[] memory winners_, uint256[] memory multipliers_) = card.prizes();
        assertEq(tickets, TICKETS);
        assertEq(keccak256(abi.encode(winners_)), keccak256(abi.encode(winners)));
        assertEq(keccak256(abi.encode(multipliers_)), keccak256(abi.encode(multipliers)));
        assertEq(card.tableHash(), keccak256(abi.encode(tickets, winners, multipliers)));
    }

    function test_tables_of_the_wrong_shape_are_refused() external {
        // Prizes that rise, that equal, that pay nothing, that nobody wins, that do not fit.
        _assertIllegal(3, 1_000, 20, 10_000, 200, 200);
        _assertIllegal(3, 1_000, 20, 1_000, 200, 200);
        _assertIllegal(90, 1_000, 20, 100, 200, 0);
        _assertIllegal(0, 10_000, 20, 1_000, 200, 350);
        _assertIllegal(1, 1 << 32, 20, 1_000, 200, 200);
        // No ticket loses.
        _assertIllegal(300, 100, 300, 90, 400, 80);
        _set(3, 10_000, 20, 1_000, 200, 200);
        vm.expectRevert(ScratchCard.PrizesIllegal.selector);
        new ScratchCard(1 << 32, winners, multipliers);
        multipliers.pop();
        vm.expectRevert(ScratchCard.PrizesIllegal.selector);
        new ScratchCard(TICKETS, winners, multipliers);
        vm.expectRevert(ScratchCard.PrizesIllegal.selector);
        new ScratchCard(TICKETS, new uint256[](0), new uint256[](0));
        vm.expectRevert(ScratchCard.PrizesIllegal.selector);
        new ScratchCard(TICKETS, new uint256[](9), new uint256[](9));
    }

    function test_tables_that_return_too_much_or_too_little_are_refused() external {
        _set(4, 10_000, 20, 1_000, 200, 200);
        vm.expectRevert(abi.encodeWithSelector(ScratchCard.ReturnOutOfBounds.selector, WAD));
        new ScratchCard(TICKETS, winners, multipliers);
        _set(1, 10_000, 20, 1_000, 200, 200);
        vm.expectRevert(abi.encodeWithSelector(ScratchCard.ReturnOutOfBounds.selector, 0.7e18));
        new ScratchCard(TICKETS, winners, multipliers);
    }

    function _assertIllegal(
        uint256 a,
        uint256 first,
        uint256 b,
        uint256 second,
        uint256 c,
        uint256 third
    ) private {
        _set(a, first, b, second, c, third);
        vm.expectRevert(ScratchCard.PrizesIllegal.selector);
        new ScratchCard(TICKETS, winners, multipliers);
    }

    function _set(
        uint256 a,
        uint256 first,
        uint256 b,
        uint256 second,
        uint256 c,
        uint256 third
    ) private {
        delete winners;
        delete multipliers;
        winners.push(a);
        winners.push(b);
        winners.push(c);
        multipliers.push(first);
        multipliers.push(second);
        multipliers.push(third);
    }
}
