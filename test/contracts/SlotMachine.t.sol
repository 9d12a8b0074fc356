// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SlotMachine} from "../../contracts/games/SlotMachine.sol";
import {SlotMath} from "../../contracts/games/SlotMath.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {Test} from "./fixtures/Test.sol";

/// @notice Two machines of its own: every window of the small one. `test/vectors` holds rows of those in service.
contract SlotMachineTest is Test {
    uint256 private constant WAD = 1e18;
    uint256 private constant MAX_STAKE = (1 << 40) - 1;
    bytes16 private constant SPIN = bytes16(0);

    SlotMachine private small;
    SlotMachine private large;
    bytes32[] private reels;
    bytes5[] private lines;
    uint64[] private pays;

    function setUp() external {
        _useSmall();
        small = new SlotMachine(reels, lines, pays);
        _useLarge();
        large = new SlotMachine(reels, lines, pays);
    }

    function test_all_windows_of_three_reels_together_give_the_declared_odds() external {
        _assertOddsOfAllWindows();
        // Without a wild on the second reel, two lines that cross there never both go on with different symbols.
        _useSmall();
        reels[1] = 0x0104030304040304030304020302020402010404030402040404030204030403;
        small = new SlotMachine(reels, lines, pays);
        _assertOddsOfAllWindows();
    }

    function _assertOddsOfAllWindows() private view {
        uint256 first;
        uint256 second;
        uint256 most;
        for (uint256 window; window < 32 ** 3; ++window) {
            uint256 lineBets = small.payout(5, SPIN, window);
            first += lineBets;
            second += lineBets * lineBets;
            if (lineBets > most) most = lineBets;
        }
        (uint256 multiplier, uint256 rtp, uint256 variance) = small.odds(SPIN);
        assertEq(multiplier, (most * WAD) / 5);
        assertEq(rtp, (first * WAD) / 5 / 32 ** 3);
        uint256 exact = (second * 32 ** 3 - first * first) * WAD;
        assertGe(variance * 25 * 32 ** 6, exact);
        assertLt((variance - 1) * 25 * 32 ** 6, exact);
    }

    function test_payout_is_what_a_plain_reading_of_the_rules_says(
        uint256 stake,
        uint256 seed
    ) external {
        stake = bound(stake, 0, MAX_STAKE);
        _assertPlain(large, stake, seed);
        _useSmall();
        _assertPlain(small, stake, seed);
    }

    function test_bits_past_those_of_the_reels_change_nothing(uint256 seed) external view {
        assertEq(small.payout(1e6, SPIN, seed), small.payout(1e6, SPIN, seed & 0x7fff));
        assertEq(large.payout(1e6, SPIN, seed), large.payout(1e6, SPIN, seed & 0x1ffffff));
    }

    function test_illegal_choices_are_refused(bytes16 choice) external {
        vm.assume(choice != SPIN);
        bytes memory refusal = abi.encodeWithSelector(IGame.IllegalChoice.selector, choice);
        vm.expectRevert(refusal);
        small.odds(choice);
        vm.expectRevert(refusal);
        small.payout(1, choice, 0);
    }

    function test_the_machine_can_be_read_and_its_hash_holds_it() external {
        _assertReads(large);
        _useSmall();
        _assertReads(small);
    }

    function test_reels_that_break_the_rules_are_refused() external {
        // A wild on the first reel, two scatters in one window (around the end too), a symbol without pays.
        _assertReelRefused(0, 0, 0);
        _assertReelRefused(1, _scatterOf(1) + 2, 1);
        _assertReelRefused(1, _scatterOf(1) + 31, 1);
        _assertReelRefused(4, 7, 5);
        reels.pop();
        vm.expectRevert(abi.encodeWithSelector(SlotMath.ReelIllegal.selector, 4));
        new SlotMachine(reels, lines, pays);
    }

    function test_lines_that_break_the_rules_are_refused() external {
        lines[3] = 0x0000030000;
        _assertRefused(abi.encodeWithSelector(SlotMath.LineIllegal.selector, 3));
        _useSmall();
        lines[1] = 0x0000000001;
        _assertRefused(abi.encodeWithSelector(SlotMath.LineIllegal.selector, 1));
        lines[1] = 0;
        lines.push(0);
        _assertRefused(abi.encodeWithSelector(SlotMath.LineIllegal.selector, 6));
        delete lines;
        _assertRefused(abi.encodeWithSelector(SlotMath.LineIllegal.selector, 0));
    }

    function test_pays_that_break_the_rules_are_refused() external {
        // Less for a longer run, pays of the wild, pays of runs that cannot be.
        pays[3] = _pays(0, 9, 8, 10);
        _assertRefused(abi.encodeWithSelector(SlotMath.PaysIllegal.selector, 3));
        _useLarge();
        pays[0] = 1;
        _assertRefused(abi.encodeWithSelector(SlotMath.PaysIllegal.selector, 0));
        _useSmall();
        pays[2] = _pays(1, 20, 20, 0);
        _assertRefused(abi.encodeWithSelector(SlotMath.PaysIllegal.selector, 2));
    }

    function test_machines_that_return_too_much_or_too_little_are_refused() external {
        _useSmall();
        // Scatters alone: the reels show one at 3, 6 and 3 of their 32 stops.
        for (uint256 symbol = 2; symbol < 5; ++symbol) pays[symbol] = 0;
        _assertReturnRefused(607);
        _assertReturnRefused(400);
    }

    function _assertReturnRefused(uint64 stakes) private {
        pays[1] = _pays(0, stakes, 0, 0);
        uint256 rtp = (3 * 6 * 3 * stakes * WAD) / 32 ** 3;
        _assertRefused(abi.encodeWithSelector(SlotMath.ReturnOutOfBounds.selector, rtp));
    }

    function _assertReelRefused(uint256 reel, uint256 stop, uint256 symbol) private {
        uint256 bits = 248 - 8 * (stop % 32);
        bytes32 kept = reels[reel];
        reels[reel] = bytes32((uint256(kept) & ~(uint256(0xff) << bits)) | (symbol << bits));
        _assertRefused(abi.encodeWithSelector(SlotMath.ReelIllegal.selector, reel));
        reels[reel] = kept;
    }

    function _assertRefused(bytes memory refusal) private {
        vm.expectRevert(refusal);
        new SlotMachine(reels, lines, pays);
    }

    function _assertReads(SlotMachine machine) private view {
        (bytes32[] memory reels_, bytes5[] memory lines_, uint64[] memory pays_) = machine
            .machine();
        assertEq(keccak256(abi.encode(reels_, lines_, pays_)), machine.machineHash());
        assertEq(keccak256(abi.encode(reels, lines, pays)), machine.machineHash());
    }

    function _assertPlain(SlotMachine machine, uint256 stake, uint256 seed) private view {
        uint256 lineBets;
        for (uint256 line; line < lines.length; ++line) {
            uint256 symbol = _shown(0, uint8(lines[line][0]), seed);
            uint256 run = 1;
            while (run < reels.length) {
                uint256 next = _shown(run, uint8(lines[line][run]), seed);
                if (next != symbol && next != 0) break;
                ++run;
            }
            if (symbol != 1 && run > 1) lineBets += uint16(pays[symbol] >> (16 * (run - 2)));
        }
        uint256 scatters;
        for (uint256 reel; reel < reels.length; ++reel) {
            for (uint256 row; row < 3; ++row) if (_shown(reel, row, seed) == 1) ++scatters;
        }
        if (scatters > 1) lineBets += lines.length * uint16(pays[1] >> (16 * (scatters - 2)));

        uint256 paid = machine.payout(stake, SPIN, seed);
        (uint256 multiplier, , ) = machine.odds(SPIN);
        assertEq(paid, (stake * lineBets) / lines.length);
        assertLe(paid, (stake * multiplier) / WAD);
    }

    function _shown(uint256 reel, uint256 row, uint256 seed) private view returns (uint256) {
        return uint8(reels[reel][(((seed / 32 ** reel) % 32) + row) % 32]);
    }

    function _scatterOf(uint256 reel) private view returns (uint256 stop) {
        while (reels[reel][stop] != 0x01) ++stop;
    }

    function _useSmall() private {
        _useReels();
        reels.pop();
        reels.pop();
        delete lines;
        bytes5[5] memory paths = [
            bytes5(0x0101010000),
            0,
            0x0202020000,
            0x0001020000,
            0x0001000000
        ];
        for (uint256 line; line < 5; ++line) lines.push(paths[line]);
        delete pays;
        pays.push(0);
        pays.push(_pays(1, 20, 0, 0));
        pays.push(_pays(1, 20, 0, 0));
        pays.push(_pays(0, 8, 0, 0));
        pays.push(_pays(0, 3, 0, 0));
    }

    function _useLarge() private {
        _useReels();
        delete lines;
        bytes5[4] memory paths = [bytes5(0x0101010101), 0x0001020100, 0x0201000102, 0x0000010202];
        for (uint256 line; line < 4; ++line) lines.push(paths[line]);
        delete pays;
        pays.push(0);
        pays.push(_pays(0, 2, 5, 20));
        pays.push(_pays(1, 8, 40, 150));
        pays.push(_pays(0, 5, 10, 30));
        pays.push(_pays(0, 2, 3, 4));
    }

    function _useReels() private {
        delete reels;
        reels.push(0x0304030304020302040403030404040303040304010402040404040302040404);
        reels.push(0x0104030304040304030304020300020402010404030402040404030004030403);
        reels.push(0x0302040203010404040403040300020403030304030403040404000204030404);
        reels.push(0x0301020400020204040204040304040303040203040404030304030402030304);
        reels.push(0x0301040202010304040204040203040400030204030303040404020404040300);
    }

    function _pays(
        uint64 two,
        uint64 three,
        uint64 four,
        uint64 five
    ) private pure returns (uint64) {
        return two | (three << 16) | (four << 32) | (five << 48);
    }
}
