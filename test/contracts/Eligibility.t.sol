// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {Eligibility} from "../../contracts/Eligibility.sol";
import {IEligibility} from "../../contracts/interfaces/IEligibility.sol";
import {Test} from "./fixtures/Test.sol";

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

    // -- Helpers --

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
