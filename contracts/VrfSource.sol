// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title A source of randomness as a round is pinned to it
/// @notice Made by the casino's annex at `setSource`. Nothing in it can change: another source is another contract.
/// @dev As code, its five values cost one cold account to read; in storage they would cost five cold slots.
contract VrfSource {
    struct Config {
        /// Speaks Chainlink's VRF v2.5 ABI.
        address coordinator;
        /// The gas lane, and with it the proving key.
        bytes32 keyHash;
        /// Owned by the casino, which is its one consumer.
        uint256 subscription;
        /// Blocks between a request and its proof.
        uint16 confirmations;
        /// Wei that one request may cost at the most.
        uint256 worstPrice;
        /// Rounds requested before, of other sources: `round - firstRound` is the nonce of a request.
        uint256 firstRound;
    }

    address private immutable _coordinator;
    bytes32 private immutable _keyHash;
    uint256 private immutable _subscription;
    uint16 private immutable _confirmations;
    uint256 private immutable _worstPrice;
    uint256 private immutable _firstRound;

    constructor(Config memory config_) {
        _coordinator = config_.coordinator;
        _keyHash = config_.keyHash;
        _subscription = config_.subscription;
        _confirmations = config_.confirmations;
        _worstPrice = config_.worstPrice;
        _firstRound = config_.firstRound;
    }

    function config() external view returns (Config memory) {
        return
            Config(_coordinator, _keyHash, _subscription, _confirmations, _worstPrice, _firstRound);
    }
}
