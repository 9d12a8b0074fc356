// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {ProofFixture} from "./ProofFixture.sol";
import {ICoordinator} from "./fixtures/ICoordinator.sol";

/// @notice A bet from end to end with a real proof, which the real coordinator verifies.
contract ProofTest is ProofFixture {
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

    function test_requests_that_were_answered_are_pending_no_more() external {
        _flip(alice, 1_000_000);
        (
            ICoordinator.Proof memory proof,
            ICoordinator.RequestCommitment memory request
        ) = _answer();
        coordinator.fulfillRandomWords(proof, request, false);
        // As if all counted credits were spent, so that the casino asks again.
        bytes32 head = bytes32(uint256(5));
        uint256 credits = ((uint256(1) << 24) - 1) << 60;
        vm.store(
            address(casino),
            head,
            bytes32(uint256(vm.load(address(casino), head)) & ~credits)
        );
        _nextBlock();
        _flip(bob, 1_000_000);
        (, uint96 balance, , , ) = coordinator.getSubscription(subscription);
        (, , , , uint256 left) = views().head();
        assertEq(left, balance / WORST_PRICE - 1);
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
}
