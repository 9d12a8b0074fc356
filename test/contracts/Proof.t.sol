// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {ICoordinator} from "./fixtures/ICoordinator.sol";
import {Prover} from "./fixtures/Prover.sol";

/// @notice A bet from end to end with a real proof, which the real coordinator verifies.
contract ProofTest is CasinoFixture {
    uint256 private constant SECRET = 1;

    function test_a_real_proof_through_the_real_coordinator_draws_and_settles_a_bet() external {
        uint256 betId = _flip(alice, 1_000_000);
        (
            ICoordinator.Proof memory proof,
            ICoordinator.RequestCommitment memory request
        ) = _answer();
        uint256 word = _wordOf(proof.gamma);
        vm.expectEmit(true, true, true, true, address(casino));
        emit ICasino.RoundDrawn(_lastRequest(), word);
        coordinator.fulfillRandomWords(proof, request, false);

        bool wins = views().seedOf(uint256(uint224(word)), betId) & 1 == 0;
        casino.settle(betId);
        assertEq(casino.balanceOf(alice, ETH), PURSE - 1_000_000 + (wins ? 1_980_000 : 0));
        (, , uint64 fulfilled, , ) = coordinator.getSubscription(subscription);
        assertEq(fulfilled, 1);
    }

    function test_a_tampered_proof_draws_nothing() external {
        uint256 betId = _flip(alice, 1_000_000);
        (
            ICoordinator.Proof memory proof,
            ICoordinator.RequestCommitment memory request
        ) = _answer();
        proof.s ^= 1;
        vm.expectRevert();
        coordinator.fulfillRandomWords(proof, request, false);
        assertEq(
            uint256(views().roundAt(views().betOf(betId).slot).state),
            uint256(ICasino.RoundState.Pending)
        );
    }

    function test_failure_33_nobody_can_answer_within_the_block_of_the_request() external {
        _flip(alice, 1_000_000);
        (
            ICoordinator.Proof memory proof,
            ICoordinator.RequestCommitment memory request
        ) = _answer();
        // The proof's seed holds the hash of that block, which is not known before its end.
        vm.roll(--height);
        vm.expectRevert();
        coordinator.fulfillRandomWords(proof, request, false);
    }

    function _answer()
        private
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
            keccak256(abi.encode(keyHash, address(casino), subscription, uint64(_rounds())))
        );
        bytes32 blockHash = keccak256("the block of the request");
        _nextBlock();
        vm.setBlockhash(height - 1, blockHash);
        proof = new Prover().prove(SECRET, [KEY_X, KEY_Y], preSeed, blockHash);
    }

    /// @dev Chainlink's output: the hash of gamma under prefix 3, and of that with the index of the word.
    function _wordOf(uint256[2] memory gamma) private pure returns (uint256) {
        uint256 output = uint256(keccak256(abi.encode(uint256(3), gamma)));
        return uint256(keccak256(abi.encode(output, uint256(0))));
    }
}
