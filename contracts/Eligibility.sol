// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IEligibility} from "./interfaces/IEligibility.sol";

/// @title Eligibility: attestations, and the profile they are held against
contract Eligibility is IEligibility, AccessManaged, EIP712 {
    uint256 public constant MAX_ATTESTORS = 16;
    uint256 public constant MAX_RULES = 300;
    uint256 public constant MAX_VALIDITY_SECONDS = 366 days;

    bytes32 private constant ATTESTATION_TYPEHASH = keccak256(
        "Attestation(address player,bytes5 jurisdiction,uint40 issuedAt,uint40 expiresAt)"
    );
    bytes5 private constant COUNTRY_MASK = 0xffff000000;

    /// @dev `check` reads the first slot only.
    struct Record {
        address attestor;
        uint40 expiresAt;
        bytes5 jurisdiction;
        uint40 issuedAt;
    }

    /// @inheritdoc IEligibility
    mapping(address account => bool) public isAttestor;

    /// @inheritdoc IEligibility
    mapping(bytes5 jurisdiction => Rule) public ruleOf;

    /// @inheritdoc IEligibility
    uint256 public attestorCount;

    /// @inheritdoc IEligibility
    bool public defaultAllowed;

    mapping(address player => Record) private _records;

    /// @param authority The AccessManager of the governance functions.
    /// @param defaultAllowed_ Whether jurisdictions without a rule are allowed.
    constructor(
        address authority,
        bool defaultAllowed_
    ) AccessManaged(authority) EIP712("Glasshouse Eligibility", "1") {
        defaultAllowed = defaultAllowed_;

        emit DefaultSet(defaultAllowed_);
    }

    // -- The gate --

    /// @inheritdoc IEligibility
    function check(address player) external view {
        Record storage record = _records[player];
        (address attestor, uint256 expiresAt, bytes5 jurisdiction) = (
            record.attestor,
            record.expiresAt,
            record.jurisdiction
        );
        if (attestor == address(0) || !isAttestor[attestor]) revert NotAttested(player);
        if (block.timestamp >= expiresAt) revert AttestationExpired(player, expiresAt);
        if (!isAllowed(jurisdiction)) revert NotEligible(player, jurisdiction);
    }

    // -- Attestations --

    /// @inheritdoc IEligibility
    function attest(
        Attestation calldata attestation,
        address attestor,
        bytes calldata signature
    ) external {
        (uint256 issuedAt, uint256 expiresAt) = (attestation.issuedAt, attestation.expiresAt);
        if (!isAttestor[attestor]) revert NotAttestor(attestor);
        _checkForm(attestation.jurisdiction);
        if (
            issuedAt > block.timestamp ||
            expiresAt <= block.timestamp ||
            expiresAt - issuedAt > MAX_VALIDITY_SECONDS
        ) revert AttestationOutOfBounds(issuedAt, expiresAt);
        Record storage record = _records[attestation.player];
        if (issuedAt <= record.issuedAt) revert AttestationStale(issuedAt, record.issuedAt);
        if (
            !SignatureChecker.isValidSignatureNowCalldata(
                attestor,
                digestOf(attestation),
                signature
            )
        ) revert SignatureInvalid(attestor);

        _records[attestation.player] = Record({
            attestor: attestor,
            expiresAt: attestation.expiresAt,
            jurisdiction: attestation.jurisdiction,
            issuedAt: attestation.issuedAt
        });

        emit PlayerAttested(
            attestation.player,
            attestor,
            attestation.jurisdiction,
            issuedAt,
            expiresAt
        );
    }

    /// @inheritdoc IEligibility
    function revoke(address player) external {
        if (!isAttestor[msg.sender]) revert NotAttestor(msg.sender);

        _records[player] = Record(address(0), 0, 0, uint40(block.timestamp));

        emit AttestationRevoked(player, msg.sender);
    }

    // -- Governance --

    /// @inheritdoc IEligibility
    function setAttestor(address attestor, bool active) external restricted {
        if (attestor == address(0) || isAttestor[attestor] == active) revert NotAttestor(attestor);
        uint256 count = active ? attestorCount + 1 : attestorCount - 1;
        if (count > MAX_ATTESTORS) revert TooMany(count, MAX_ATTESTORS);

        isAttestor[attestor] = active;
        attestorCount = count;

        emit AttestorSet(attestor, active);
    }

    /// @inheritdoc IEligibility
    function setRules(bytes5[] calldata jurisdictions, Rule rule) external restricted {
        if (jurisdictions.length > MAX_RULES) revert TooMany(jurisdictions.length, MAX_RULES);
        for (uint256 i; i < jurisdictions.length; ++i) {
            _checkForm(jurisdictions[i]);

            ruleOf[jurisdictions[i]] = rule;

            emit RuleSet(jurisdictions[i], rule);
        }
    }

    /// @inheritdoc IEligibility
    function setDefault(bool allowed) external restricted {
        defaultAllowed = allowed;

        emit DefaultSet(allowed);
    }

    // -- Views --

    /// @inheritdoc IEligibility
    function attestationOf(
        address player
    ) external view returns (Attestation memory attestation, address attestor) {
        Record storage record = _records[player];
        return (
            Attestation(player, record.jurisdiction, record.issuedAt, record.expiresAt),
            record.attestor
        );
    }

    /// @inheritdoc IEligibility
    function isAllowed(bytes5 jurisdiction) public view returns (bool) {
        Rule rule = ruleOf[jurisdiction];
        if (rule == Rule.None) rule = ruleOf[jurisdiction & COUNTRY_MASK];
        return rule == Rule.None ? defaultAllowed : rule == Rule.Allowed;
    }

    /// @inheritdoc IEligibility
    function digestOf(Attestation calldata attestation) public view returns (bytes32) {
        return
            _hashTypedDataV4(
                keccak256(
                    abi.encode(
                        ATTESTATION_TYPEHASH,
                        attestation.player,
                        attestation.jurisdiction,
                        attestation.issuedAt,
                        attestation.expiresAt
                    )
                )
            );
    }

    /// @notice Two capitals for the country; for a region up to three capitals or digits more, then only zeros.
    function _checkForm(bytes5 jurisdiction) private pure {
        bool ended;
        for (uint256 i; i < 5; ++i) {
            bytes1 char = jurisdiction[i];
            bool capital = char >= "A" && char <= "Z";
            bool digit = char >= "0" && char <= "9";
            bool fits =
                i < 2
                    ? capital
                    : ended
                        ? char == 0
                        : capital || digit || char == 0;
            if (!fits) revert JurisdictionMalformed(jurisdiction);
            if (char == 0) ended = true;
        }
    }
}
