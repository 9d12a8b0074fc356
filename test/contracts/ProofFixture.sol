// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {CasinoFixture} from "./CasinoFixture.sol";
import {ICoordinator} from "./fixtures/ICoordinator.sol";
import {Prover} from "./fixtures/Prover.sol";

/// @title The oracle's answer to the last request: a real proof, which the real coordinator verifies
abstract contract ProofFixture is CasinoFixture {
    uint256 private constant SECRET = 1;
    bytes32 internal constant REQUEST_BLOCK_HASH = keccak256("the block of the request");

    /// @notice Ends the block of the request, and proves.
    function _answer()
        internal
        returns (ICoordinator.Proof memory proof, ICoordinator.RequestCommitment memory request)
    {
        request = ICoordinator.RequestCommitment({
            blockNum: uint64(height),
            subId: subscription,
            callbackGasLimit: views().CALLBACK_GAS(),
            numWords: 1,
            sender: address(casino),
            extraArgs: abi.encodeWithSelector(bytes4(keccak256("VRF ExtraArgsV1")), true)
        });
        uint256 preSeed = uint256(
            keccak256(
                abi.encode(keyHash, address(casino), subscription, uint64(_rounds() - firstRound))
            )
        );
        _nextBlock();
        vm.setBlockhash(height - 1, REQUEST_BLOCK_HASH);
        proof = new Prover().prove(SECRET, [KEY_X, KEY_Y], preSeed, REQUEST_BLOCK_HASH);
    }

    /// @dev Chainlink's output: the hash of gamma under prefix 3, and of that with the index of the word.
    function _wordOf(uint256[2] memory gamma) internal pure returns (uint256) {
        uint256 output = uint256(keccak256(abi.encode(uint256(3), gamma)));
        return uint256(keccak256(abi.encode(output, uint256(0))));
    }
}
