// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Eligibility} from "../../../contracts/Eligibility.sol";
import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {IEligibility} from "../../../contracts/interfaces/IEligibility.sol";
import {ISessions} from "../../../contracts/interfaces/ISessions.sol";
import {OrderFixture} from "../OrderFixture.sol";
import {DeclaringGame} from "../fixtures/HostileGames.sol";
import {Reentrant} from "../fixtures/Tokens.sol";

/// @notice Two more of the runner's cheatcodes: what gas costs.
interface GasVm {
    function txGasPrice(uint256 price) external;
    function fee(uint256 baseFee) external;
}

/// @notice What went wrong elsewhere, 19 to 23 of 36: fees, freshness and rewards.
contract Failures19To23Test is OrderFixture {
    uint256 private constant ATTESTOR_KEY = 0xA77;
    address private dave = address(0xDA7E);

    // -- 19. A fee from the gas price of the transaction, or from a stale price feed --

    function test_failure_19_neither_the_gas_price_nor_a_feed_changes_what_a_bet_costs_and_pays()
        external
    {
        uint256[4] memory prices = [uint256(0), 1 gwei, 300 gwei, 1 ether];
        bytes32 expected;
        for (uint256 i; i < prices.length; ++i) {
            uint256 state = vm.snapshotState();
            GasVm(address(vm)).fee(prices[i]);
            GasVm(address(vm)).txGasPrice(prices[i]);
            // The coordinator's price of LINK, of which there is no feed here at all.
            coordinator.setConfig(0, 2_500_000, 86_400, 33_285, int256(5e15 + i), 0, 0, 24, 20);
            Quote memory quote = _quote(alice, _wager(ETH, 0, FLIP, 1_000_000, HEADS));
            uint256 betId = _flip(alice, 1_000_000);
            uint256 left = casino.balanceOf(alice, ETH);
            _draw(_lastRequest(), _wordFor(betId, true, 1));
            casino.settle(betId);
            bytes32 seen = keccak256(
                abi.encode(quote, left, casino.balanceOf(alice, ETH), _books(ETH))
            );
            if (i == 0) expected = seen;
            assertEq(seen, expected);
            vm.revertToState(state);
        }
    }

    // -- 20. A freshness check the wrong way round: the stale is taken, the fresh refused --

    function test_failure_20_what_is_signed_counts_up_to_its_last_second_and_not_after() external {
        Order memory order = _order(alice, 0, 1);
        order.deadline = time + 60;
        ICasino.SignedOrder memory signed = _sign(ALICE_KEY, order);
        vm.warp(time + 61);
        _assertSkipped(
            signed,
            abi.encodeWithSelector(ICasino.OrderExpired.selector, order.deadline)
        );
        vm.warp(time + 60);
        _assertCarried(signed);

        ISessions.Terms memory terms = _grant();
        terms.expiry = time + 120;
        bytes memory signature = _signature(ALICE_KEY, _grantDigest(alice, terms, 0));
        vm.warp(time + 121);
        vm.expectRevert(abi.encodeWithSelector(ISessions.GrantExpired.selector, time + 120));
        sessions.open(alice, terms, signature);
        vm.warp(time + 120);
        sessions.open(alice, terms, signature);
        signed = _sign(SESSION_KEY, _order(alice, 1, 1));
        vm.warp(time + 121);
        _assertSkipped(
            signed,
            abi.encodeWithSelector(ISessions.SessionOver.selector, time + 120, terms.lastSequence)
        );
        vm.warp(time + 120);
        _assertCarried(signed);
    }

    function test_failure_20_an_attestation_counts_before_it_expires_and_not_from_then_on()
        external
    {
        Eligibility gate = new Eligibility(address(manager), true);
        gate.setAttestor(vm.addr(ATTESTOR_KEY), true);
        IEligibility.Attestation memory attestation = IEligibility.Attestation(
            alice,
            "MT",
            uint40(time),
            uint40(time + 60)
        );
        bytes memory signature = _signature(ATTESTOR_KEY, gate.digestOf(attestation));
        uint256 state = vm.snapshotState();
        vm.warp(time + 60);
        vm.expectRevert();
        gate.attest(attestation, vm.addr(ATTESTOR_KEY), signature);
        vm.revertToState(state);
        vm.warp(time - 1);
        vm.expectRevert();
        gate.attest(attestation, vm.addr(ATTESTOR_KEY), signature);
        vm.warp(time);
        gate.attest(attestation, vm.addr(ATTESTOR_KEY), signature);
        vm.warp(time + 59);
        gate.check(alice);
        vm.warp(time + 60);
        vm.expectRevert(
            abi.encodeWithSelector(IEligibility.AttestationExpired.selector, alice, time + 60)
        );
        gate.check(alice);
    }

    // -- 21. A referrer that reverts blocks the bets of those it referred --

    function test_failure_21_an_affiliate_that_reverts_blocks_nothing() external {
        Reentrant affiliate = new Reentrant(casino);
        affiliate.refuse(true);
        _refer(dave, address(affiliate), 1_000_000);
        casino.settle(_placeDrawn(dave, ETH, 0, FLIP, 1_000_000, HEADS, true));
        casino.claimReferral(dave, ETH);
        assertEq(casino.balanceOf(address(affiliate), ETH), 250);
        vm.prank(dave);
        casino.withdraw(ETH, 1_980_000, dave);
    }

    // -- 22. Players who refer themselves --

    function test_failure_22_nobody_refers_themselves() external {
        _assertReferralRefused(dave, dave);
        _assertReferralRefused(dave, address(0));
    }

    function test_failure_22_a_second_account_as_affiliate_makes_no_bet_profitable() external {
        ICasino.Terms memory terms = _terms();
        // Half of the edge is the operator's, the most there can be.
        terms.shareBps = 5_000;
        casino.setTerms(FLIP, ETH, terms);
        _refer(dave, carol, 1_000_000);
        uint256 before = casino.balanceOf(dave, ETH) + casino.balanceOf(carol, ETH);
        uint256 afterwards;
        for (uint256 i; i < 2; ++i) {
            uint256 state = vm.snapshotState();
            casino.settle(_placeDrawn(dave, ETH, 0, FLIP, 1_000_000, HEADS, i == 0));
            casino.claimReferral(dave, ETH);
            afterwards += casino.balanceOf(dave, ETH) + casino.balanceOf(carol, ETH);
            vm.revertToState(state);
        }
        // Of two flips that cost 20,000 on average, an eighth comes back.
        assertEq(2 * before - afterwards, 17_500);
    }

    // -- 23. Return and rewards together come to a stake or more --
    // For every choice of every game: test/failures.test.ts.

    function test_failure_23_return_and_rewards_stay_below_the_stake_for_all_odds_that_pass(
        uint256 rtp,
        uint256 share,
        uint256 stake
    ) external {
        DeclaringGame rules = new DeclaringGame();
        uint16 game = _list(address(rules));
        rtp = bound(rtp, 0.8e18, 0.9999e18);
        rules.declare(1.98e18, rtp, 0.9801e18);
        ICasino.Terms memory terms = _terms();
        terms.shareBps = bound(share, 0, 5_000);
        casino.setTerms(game, ETH, terms);
        stake = bound(stake, 1, 1e7);
        _refer(dave, carol, 1e8);
        uint256 before = _books(ETH).bankroll;
        casino.settle(_placeLost(_wager(ETH, 0, game, stake, HEADS)));
        (, uint256 accrued) = views().referralOf(dave, ETH);
        assertLt(stake * rtp + accrued * WAD, stake * WAD);
        // Nor do those profit who own the bankroll too: all that is paid of a stake comes to a stake.
        assertEq(_books(ETH).bankroll - before + _books(ETH).fees + accrued, stake);
    }

    function test_failure_23_the_rewards_of_a_series_are_those_of_the_rounds_it_played(
        uint256 share,
        uint256 target,
        uint256 rounds
    ) external {
        ICasino.Terms memory terms = _terms();
        terms.shareBps = bound(share, 0, 5_000);
        casino.setTerms(DICE, ETH, terms);
        _refer(dave, carol, 1e9);
        ICasino.Wager memory wager = _wager(ETH, 0, DICE, 1e7, _under(bound(target, 500, 9_800)));
        wager.rounds = bound(rounds, 1, 8);
        uint256 played = wager.rounds;
        if (played > 1) (wager.stopLoss, played) = (1e7, 1);
        casino.settle(_placeLost(wager));
        (, uint256 accrued) = views().referralOf(dave, ETH);
        (, uint256 rtp, ) = dice.odds(wager.choice);
        // An eighth of the edge at the most: half of it is the operator's, a quarter of that the affiliate's.
        assertLe(accrued * 8 * WAD, played * wager.stake * (WAD - rtp));
    }

    // -- Helpers --

    /// @notice Places for Dave, and draws a word under which the first round loses.
    function _placeLost(ICasino.Wager memory wager) private returns (uint256 betId) {
        _nextBlock();
        betId = _placeWager(dave, wager);
        _nextBlock();
        uint256 word = 1;
        if (wager.game == DICE) while (_firstRound(betId, wager, word) != 0) ++word;
        _draw(_lastRequest(), word);
    }

    function _firstRound(
        uint256 betId,
        ICasino.Wager memory wager,
        uint256 word
    ) private view returns (uint256) {
        uint256 seed = views().seedOf(word, betId);
        if (wager.rounds != 1) seed = uint256(keccak256(abi.encode(seed, uint256(0))));
        return dice.payout(wager.stake, wager.choice, seed);
    }

    function _refer(address player, address affiliate, uint256 amount) private {
        vm.deal(player, amount * 1e9);
        vm.prank(player);
        casino.depositReferred{value: amount * 1e9}(ETH, amount, affiliate);
    }

    function _assertReferralRefused(address player, address affiliate) private {
        vm.deal(player, 1e9);
        vm.expectRevert(abi.encodeWithSelector(ICasino.AffiliateRefused.selector, affiliate));
        vm.prank(player);
        casino.depositReferred{value: 1e9}(ETH, 1, affiliate);
    }
}
