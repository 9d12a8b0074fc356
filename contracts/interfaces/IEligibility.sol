// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title The optional gate: who may deposit and bet where the operator's licence asks
/// @notice Attestors, named by governance, sign that a player may be let in: an address, a jurisdiction and an expiry, and
/// nothing else about a person goes on the chain. A profile says which jurisdictions are refused. The casino asks
/// `check` at deposits and bets only: the gate never blocks a settlement, a refund or a withdrawal.
///
/// JURISDICTIONS are ISO 3166 codes in ASCII, without hyphen, padded with zeros: a country ("MT", ISO 3166-1 alpha-2) or a
/// region of it ("USNJ", ISO 3166-2). A region's own rule decides, else its country's, else the profile's default.
///
/// ORDER. A player has one attestation, the one issued last: an older one can't be submitted over it, and a revocation
/// refuses all that was issued until then, submitted or not. Anyone may submit, since the signature says it all.
///
/// TRUST. Attestors are believed about players; while one is removed, nothing that it attested
/// counts. Governance can shut anyone out
/// of new deposits and bets, or let them in, and nothing else: no balance or open bet depends on this contract.
/// Addresses are not people: what an attestor checks before it signs is the attestor's business.
interface IEligibility {
    // -- Errors --

    /// @notice The profile refuses the player's jurisdiction.
    error NotEligible(address player, bytes5 jurisdiction);
    /// @notice No attestation of a present attestor is on record for the player.
    error NotAttested(address player);
    /// @notice The player's attestation ended at `expiresAt` (seconds).
    error AttestationExpired(address player, uint256 expiresAt);
    /// @notice A later attestation or a revocation precedes it: it must be issued after `from` (seconds).
    error AttestationStale(uint256 issuedAt, uint256 from);
    /// @notice The attestation begins in the future, is over, or lasts longer than `MAX_VALIDITY_SECONDS`.
    error AttestationOutOfBounds(uint256 issuedAt, uint256 expiresAt);
    /// @notice No attestor, or not one at present.
    error NotAttestor(address account);
    /// @notice The signature is not that of the attestor.
    error SignatureInvalid(address attestor);
    /// @notice Neither a country nor a region of one.
    error JurisdictionMalformed(bytes5 jurisdiction);
    /// @notice More attestors, or more rules in one call, than allowed.
    error TooMany(uint256 count, uint256 limit);

    // -- Events --

    event PlayerAttested(
        address indexed player,
        address indexed attestor,
        bytes5 jurisdiction,
        uint256 issuedAt,
        uint256 expiresAt
    );
    event AttestationRevoked(address indexed player, address indexed attestor);
    event AttestorSet(address indexed attestor, bool active);
    event RuleSet(bytes5 indexed jurisdiction, Rule rule);
    event DefaultSet(bool allowed);

    // -- Structs --

    /// @notice What an attestor signs, as EIP-712 typed data of this contract's domain.
    struct Attestation {
        address player;
        bytes5 jurisdiction;
        /// Seconds.
        uint40 issuedAt;
        /// Seconds; valid before it.
        uint40 expiresAt;
    }

    enum Rule {
        /// As the country, or the default.
        None,
        Allowed,
        Refused
    }

    // -- The gate --

    /// @notice Passes where the player may deposit and bet now; reverts with the reason otherwise.
    function check(address player) external view;

    // -- Attestations --

    /// @notice Puts an attestation on record. Anyone may call.
    /// @param signature Of the attestor: ECDSA, or ERC-1271 for contracts.
    function attest(
        Attestation calldata attestation,
        address attestor,
        bytes calldata signature
    ) external;

    /// @notice Voids what any attestor issued about the player until now. Attestors only.
    function revoke(address player) external;

    // -- Governance --

    /// @notice Adds an attestor, at most `MAX_ATTESTORS` at a time, or removes it with all that it attested.
    function setAttestor(address attestor, bool active) external;

    /// @notice Sets the rule of each jurisdiction, at most `MAX_RULES` in a call.
    function setRules(bytes5[] calldata jurisdictions, Rule rule) external;

    /// @notice Sets whether jurisdictions without a rule are allowed.
    function setDefault(bool allowed) external;

    // -- Views --

    /// @notice The attestation on record and who gave it; the attestor is 0 if none is. `issuedAt` is also the time
    /// of a revocation, after which the next one must be issued.
    function attestationOf(
        address player
    ) external view returns (Attestation memory attestation, address attestor);

    /// @notice Whether the profile lets a jurisdiction in.
    function isAllowed(bytes5 jurisdiction) external view returns (bool);

    /// @notice The digest that an attestor signs.
    function digestOf(Attestation calldata attestation) external view returns (bytes32);

    function isAttestor(address account) external view returns (bool);

    function attestorCount() external view returns (uint256);

    function ruleOf(bytes5 jurisdiction) external view returns (Rule);

    function defaultAllowed() external view returns (bool);
}
