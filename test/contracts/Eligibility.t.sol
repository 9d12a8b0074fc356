// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Eligibility} from "../../contracts/Eligibility.sol";
import {IEligibility} from "../../contracts/interfaces/IEligibility.sol";
import {Test, Vm} from "./fixtures/Test.sol";

contract EligibilityTest is Test {
    uint256 private constant KEY = 0xA77;
    uint40 private constant START = 1_800_000_000;

    address private constant ALICE = address(0xA11CE);
    address private attestor = vm.addr(KEY);
    Eligibility private gate;

    function setUp() external {
        vm.warp(START);
        gate = new Eligibility(address(new AccessManager(address(this))), false);
        gate.setAttestor(attestor, true);
        _rule("MT", IEligibility.Rule.Allowed);
        _rule("US", IEligibility.Rule.Refused);
        _rule("USNJ", IEligibility.Rule.Allowed);
    }

    // -- The gate --

    function test_a_player_attested_in_an_allowed_jurisdiction_passes_until_the_expiry() external {
        _isRefused(abi.encodeWithSelector(IEligibility.NotAttested.selector, ALICE));
        _attest("MT", START, START + 10);
        gate.check(ALICE);
        vm.warp(START + 9);
        gate.check(ALICE);
        vm.warp(START + 10);
        _isRefused(
            abi.encodeWithSelector(IEligibility.AttestationExpired.selector, ALICE, START + 10)
        );
    }

    function test_an_attestation_is_told_as_it_was_given() external {
        _attest("MT", START, START + 10);
        (IEligibility.Attestation memory told, address by) = gate.attestationOf(ALICE);
        assertEq(by, attestor);
        assertEq(told.player, ALICE);
        assertEq(bytes32(told.jurisdiction), bytes32(bytes5("MT")));
        assertEq(told.issuedAt, START);
        assertEq(told.expiresAt, START + 10);
        (, by) = gate.attestationOf(attestor);
        assertEq(by, address(0));
    }

    function test_a_regions_rule_precedes_its_countrys_and_that_the_default() external {
        assertTrue(gate.isAllowed("USNJ"));
        assertFalse(gate.isAllowed("USNY"));
        assertFalse(gate.isAllowed("US"));
        assertTrue(gate.isAllowed("MT01"));
        assertFalse(gate.isAllowed("FR"));
        gate.setDefault(true);
        assertTrue(gate.isAllowed("FR"));
        assertFalse(gate.isAllowed("USNY"));
        _rule("USNJ", IEligibility.Rule.None);
        assertFalse(gate.isAllowed("USNJ"));
        _attest("USNY", START, START + 10);
        _isRefused(
            abi.encodeWithSelector(IEligibility.NotEligible.selector, ALICE, bytes5("USNY"))
        );
    }

    function test_what_an_attestor_signed_counts_only_while_it_is_one() external {
        _attest("MT", START, START + 10);
        gate.setAttestor(attestor, false);
        _isRefused(abi.encodeWithSelector(IEligibility.NotAttested.selector, ALICE));
        _attestFails(
            "MT",
            START,
            START + 10,
            abi.encodeWithSelector(IEligibility.NotAttestor.selector, attestor)
        );
    }

    // -- Attestations --

    function test_an_older_attestation_cannot_be_submitted_over_a_newer_one() external {
        _attest("US", START, START + 10);
        bytes memory stale = abi.encodeWithSelector(
            IEligibility.AttestationStale.selector,
            START - 1,
            START
        );
        _attestFails("MT", START - 1, START + 10, stale);
        vm.warp(START + 1);
        _attest("MT", START + 1, START + 10);
        gate.check(ALICE);
    }

    function test_a_revocation_refuses_all_that_was_issued_until_then() external {
        _attest("MT", START - 5, START + 10);
        vm.prank(ALICE);
        vm.expectRevert(abi.encodeWithSelector(IEligibility.NotAttestor.selector, ALICE));
        gate.revoke(ALICE);
        vm.prank(attestor);
        gate.revoke(ALICE);
        _isRefused(abi.encodeWithSelector(IEligibility.NotAttested.selector, ALICE));
        bytes memory stale = abi.encodeWithSelector(
            IEligibility.AttestationStale.selector,
            START,
            START
        );
        _attestFails("MT", START, START + 10, stale);
        vm.warp(START + 1);
        _attest("MT", START + 1, START + 10);
        gate.check(ALICE);
    }

    function test_times_out_of_bounds_are_refused() external {
        uint40 most = START + 366 days;
        _attestFails("MT", START + 1, START + 9, _outOfBounds(START + 1, START + 9));
        _attestFails("MT", START - 1, START, _outOfBounds(START - 1, START));
        _attestFails("MT", START, most + 1, _outOfBounds(START, most + 1));
        _attest("MT", START, most);
    }

    function testFuzz_an_altered_attestation_is_refused(uint8 field, uint256 key) external {
        key = bound(key, 1, 1e30);
        vm.assume(key != KEY);
        IEligibility.Attestation memory attestation = IEligibility.Attestation(
            ALICE,
            "MT",
            START,
            START + 10
        );
        bytes memory signature = _sign(field % 5 == 4 ? key : KEY, attestation);
        if (field % 5 == 0) attestation.player = address(0xBAD);
        if (field % 5 == 1) attestation.jurisdiction = "USNJ";
        if (field % 5 == 2) attestation.issuedAt -= 1;
        if (field % 5 == 3) attestation.expiresAt += 1;
        vm.expectRevert(abi.encodeWithSelector(IEligibility.SignatureInvalid.selector, attestor));
        gate.attest(attestation, attestor, signature);
    }

    function test_only_codes_of_countries_and_regions_are_taken() external {
        bytes5[6] memory wrong = [bytes5(""), "M", "mt", "M1", "USnj", bytes5(0x5553004e4a)];
        for (uint256 i; i < 6; ++i) {
            vm.expectRevert(
                abi.encodeWithSelector(IEligibility.JurisdictionMalformed.selector, wrong[i])
            );
            _rule(wrong[i], IEligibility.Rule.Allowed);
        }
        _rule("FR75C", IEligibility.Rule.Allowed);
    }

    // -- What is told --

    function test_each_change_is_told() external {
        vm.expectEmit(true, true, true, true, address(gate));
        emit IEligibility.PlayerAttested(ALICE, attestor, "MT", START - 3, START + 10);
        _attest("MT", START - 3, START + 10);
        vm.expectEmit(true, true, true, true, address(gate));
        emit IEligibility.AttestationRevoked(ALICE, attestor);
        vm.prank(attestor);
        gate.revoke(ALICE);
        vm.expectEmit(true, true, true, true, address(gate));
        emit IEligibility.AttestorSet(attestor, false);
        gate.setAttestor(attestor, false);
        vm.expectEmit(true, true, true, true, address(gate));
        emit IEligibility.DefaultSet(true);
        gate.setDefault(true);
        bytes5[] memory several = new bytes5[](2);
        (several[0], several[1]) = ("FR", "DEBY");
        vm.recordLogs();
        gate.setRules(several, IEligibility.Rule.Refused);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs.length, 2);
        for (uint256 i; i < 2; ++i) {
            assertEq(logs[i].topics[0], IEligibility.RuleSet.selector);
            assertEq(logs[i].topics[1], bytes32(several[i]));
            assertTrue(gate.ruleOf(several[i]) == IEligibility.Rule.Refused);
        }
    }

    function test_a_gate_tells_its_default_when_it_is_made() external {
        address manager = address(new AccessManager(address(this)));
        vm.recordLogs();
        gate = new Eligibility(manager, true);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        assertEq(logs[logs.length - 1].topics[0], IEligibility.DefaultSet.selector);
        assertTrue(abi.decode(logs[logs.length - 1].data, (bool)));
        assertTrue(gate.defaultAllowed() && gate.isAllowed("FR"));
    }

    function test_a_revocation_leaves_nothing_of_the_attestation_but_its_own_time() external {
        _attest("MT", START - 5, START + 10);
        vm.prank(attestor);
        gate.revoke(ALICE);
        (IEligibility.Attestation memory told, address by) = gate.attestationOf(ALICE);
        assertEq(by, address(0));
        assertEq(
            abi.encode(told),
            abi.encode(IEligibility.Attestation(ALICE, bytes5(0), START, 0))
        );
    }

    // -- Codes --

    function test_an_attestation_of_no_place_is_refused() external {
        _attestFails(
            "mt",
            START,
            START + 10,
            abi.encodeWithSelector(IEligibility.JurisdictionMalformed.selector, bytes5("mt"))
        );
    }

    function test_each_byte_of_a_code_is_a_capital_or_a_digit_where_it_may_be_one() external {
        for (uint256 char; char < 256; ++char) {
            bool capital = char >= 65 && char <= 90;
            bool fits = capital || (char >= 48 && char <= 57);
            for (uint256 i; i < 5; ++i) {
                // Amid others, only the last one can be missing.
                _assertTaken(
                    _with("ABC1Z", i, char),
                    i < 2 ? capital : fits || (i == 4 && char == 0)
                );
                // As the last one, it may be missing where it is no country's; after a missing one there is none.
                if (i > 1) _assertTaken(_with("AB", i, char), char == 0 || (i == 2 && fits));
            }
        }
    }

    // -- Governance --

    function test_only_governance_changes_attestors_and_profile() external {
        bytes memory reason = abi.encodeWithSelector(
            IAccessManaged.AccessManagedUnauthorized.selector,
            ALICE
        );
        vm.startPrank(ALICE);
        vm.expectRevert(reason);
        gate.setAttestor(ALICE, true);
        vm.expectRevert(reason);
        gate.setRules(new bytes5[](0), IEligibility.Rule.Allowed);
        vm.expectRevert(reason);
        gate.setDefault(true);
        vm.stopPrank();
    }

    function test_attestors_and_rules_are_bounded() external {
        for (uint160 i = 1; i < 16; ++i) gate.setAttestor(address(i), true);
        vm.expectRevert(abi.encodeWithSelector(IEligibility.TooMany.selector, 17, 16));
        gate.setAttestor(address(16), true);
        gate.setAttestor(address(1), false);
        gate.setAttestor(address(16), true);
        vm.expectRevert(abi.encodeWithSelector(IEligibility.NotAttestor.selector, address(16)));
        gate.setAttestor(address(16), true);
        vm.expectRevert(abi.encodeWithSelector(IEligibility.TooMany.selector, 301, 300));
        gate.setRules(new bytes5[](301), IEligibility.Rule.Allowed);
    }

    function test_the_attestors_are_counted_and_nobody_is_none() external {
        assertEq(gate.attestorCount(), 1);
        vm.expectRevert(abi.encodeWithSelector(IEligibility.NotAttestor.selector, address(0)));
        gate.setAttestor(address(0), true);
        vm.expectRevert(abi.encodeWithSelector(IEligibility.NotAttestor.selector, ALICE));
        gate.setAttestor(ALICE, false);
        gate.setAttestor(ALICE, true);
        assertEq(gate.attestorCount(), 2);
        gate.setAttestor(attestor, false);
        assertEq(gate.attestorCount(), 1);
        assertTrue(gate.isAttestor(ALICE) && !gate.isAttestor(attestor));
    }

    function test_300_rules_are_set_at_once() external {
        bytes5[] memory many = new bytes5[](300);
        for (uint256 i; i < 300; ++i)
            many[i] = bytes5((uint40(65 + i / 26) << 32) | (uint40(65 + (i % 26)) << 24));
        gate.setRules(many, IEligibility.Rule.Allowed);
        assertTrue(gate.isAllowed("AA") && gate.isAllowed(many[299]));
    }

    // -- Helpers --

    function _with(bytes5 code, uint256 at, uint256 char) private pure returns (bytes5) {
        uint256 shift = 32 - 8 * at;
        return bytes5(uint40((uint256(uint40(code)) & ~(0xff << shift)) | (char << shift)));
    }

    function _assertTaken(bytes5 code, bool taken) private {
        bytes5[] memory one = new bytes5[](1);
        one[0] = code;
        try gate.setRules(one, IEligibility.Rule.Allowed) {
            assertTrue(taken);
        } catch (bytes memory reason) {
            assertFalse(taken);
            assertEq(
                reason,
                abi.encodeWithSelector(IEligibility.JurisdictionMalformed.selector, code)
            );
        }
    }

    function _rule(bytes5 jurisdiction, IEligibility.Rule rule) private {
        bytes5[] memory one = new bytes5[](1);
        one[0] = jurisdiction;
        gate.setRules(one, rule);
    }

    function _isRefused(bytes memory reason) private {
        vm.expectRevert(reason);
        gate.check(ALICE);
    }

    function _attest(bytes5 jurisdiction, uint40 issuedAt, uint40 expiresAt) private {
        _attestFails(jurisdiction, issuedAt, expiresAt, "");
    }

    function _attestFails(
        bytes5 jurisdiction,
        uint40 issuedAt,
        uint40 expiresAt,
        bytes memory reason
    ) private {
        IEligibility.Attestation memory attestation = IEligibility.Attestation(
            ALICE,
            jurisdiction,
            issuedAt,
            expiresAt
        );
        bytes memory signature = _sign(KEY, attestation);
        if (reason.length != 0) vm.expectRevert(reason);
        gate.attest(attestation, attestor, signature);
    }

    function _sign(
        uint256 key,
        IEligibility.Attestation memory attestation
    ) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, gate.digestOf(attestation));
        return abi.encodePacked(r, s, v);
    }

    function _outOfBounds(uint256 issuedAt, uint256 expiresAt) private pure returns (bytes memory) {
        return
            abi.encodeWithSelector(
                IEligibility.AttestationOutOfBounds.selector,
                issuedAt,
                expiresAt
            );
    }
}
