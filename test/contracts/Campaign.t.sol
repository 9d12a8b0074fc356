// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Campaign} from "./Campaign.sol";
import {Governance} from "./fixtures/handler/Governance.sol";
import {Lps} from "./fixtures/handler/Lps.sol";
import {Oracle} from "./fixtures/handler/Oracle.sol";
import {Players} from "./fixtures/handler/Players.sol";
import {Relayers} from "./fixtures/handler/Relayers.sol";
import {World} from "./fixtures/handler/World.sol";

/// @notice The invariants would hold of a house that nobody enters: here, all that they speak of does come to pass.
contract CampaignTest is Campaign {
    uint256 private constant RUNS = 200;
    uint256 private constant CALLS = 64;

    bytes4[] private actions = [
        World.mine.selector,
        World.wait.selector,
        Players.deposit.selector,
        Players.refer.selector,
        Players.withdraw.selector,
        Players.place.selector,
        Players.placeTwice.selector,
        Players.settle.selector,
        Players.settleMany.selector,
        Players.limit.selector,
        Players.exclude.selector,
        Relayers.carry.selector,
        Relayers.carryMany.selector,
        Relayers.replay.selector,
        Relayers.authorize.selector,
        Relayers.revoke.selector,
        Oracle.draw.selector,
        Oracle.drawLatest.selector,
        Lps.invest.selector,
        Lps.claim.selector,
        Lps.shuffle.selector,
        Lps.turnEpoch.selector,
        Governance.propose.selector,
        Governance.enact.selector,
        Governance.pause.selector,
        Governance.claimFees.selector,
        Governance.topUp.selector,
        Governance.usurp.selector
    ];

    /// What must happen.
    bytes32[] private happenings = [
        bytes32("deposited"),
        "deposit refused",
        "withdrawn",
        "referred",
        "referral claimed",
        "fees shared",
        "placed",
        "placed for several rounds",
        "round joined",
        "settled",
        "voided",
        "faulty",
        "bet refused",
        "limits set",
        "excluded",
        "refused to the excluded",
        "refused by a limit",
        "placed within limits",
        "order by player",
        "order by session",
        "order skipped",
        "bad order skipped",
        "batch refused",
        "relayer paid",
        "replayed",
        "session opened",
        "session refused",
        "sessions revoked",
        "drawn",
        "late word",
        "odd word",
        "deposit requested",
        "redemption requested",
        "redemption paid",
        "redemption claimed",
        "shares claimed",
        "shares moved",
        "given",
        "epoch rolled",
        "epoch closed",
        "proposed",
        "changed",
        "change too soon",
        "change refused",
        "delisted",
        "source replaced",
        "subscription funded",
        "paused",
        "fees claimed",
        "usurped in vain"
    ];

    function test_what_the_invariants_speak_of_comes_to_pass() external {
        bool[] memory happened = new bool[](happenings.length);
        uint256 start = vm.snapshotState();
        for (uint256 run; run < RUNS; ++run) {
            _play(run);
            for (uint256 i; i < happenings.length; ++i)
                happened[i] = happened[i] || handler.counts(happenings[i]) != 0;
            vm.revertToState(start);
        }
        string memory missing;
        for (uint256 i; i < happenings.length; ++i) {
            if (!happened[i])
                missing = string.concat(missing, string(abi.encodePacked(happenings[i])), "; ");
        }
        assertTrue(bytes(missing).length == 0, missing);
    }

    function _play(uint256 seed) private {
        uint256 free;
        // What a run's calls were encoded in is used again, so that many runs fit into the memory.
        assembly ("memory-safe") {
            free := mload(0x40)
        }
        for (uint256 i; i < CALLS; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (bool done, ) = address(handler).call(
                abi.encodePacked(
                    actions[seed % actions.length],
                    keccak256(abi.encode(seed, 1)),
                    keccak256(abi.encode(seed, 2)),
                    keccak256(abi.encode(seed, 3)),
                    keccak256(abi.encode(seed, 4)),
                    keccak256(abi.encode(seed, 5)),
                    keccak256(abi.encode(seed, 6))
                )
            );
            assertTrue(done, "a call of the handler reverted");
            assembly ("memory-safe") {
                mstore(0x40, free)
            }
        }
        for (uint256 invariant = 1; invariant <= 10; ++invariant) _unbroken(invariant);
    }
}
