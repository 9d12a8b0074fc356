// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title The EIP-712 domains of what players sign
library DomainLibrary {
    bytes32 private constant TYPE_HASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant VERSION_HASH = keccak256("1");

    /// @notice The separator of this contract, on the chain as it is now, under a name.
    function separator(bytes32 nameHash) internal view returns (bytes32) {
        return
            keccak256(abi.encode(TYPE_HASH, nameHash, VERSION_HASH, block.chainid, address(this)));
    }
}
