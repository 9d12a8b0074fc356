// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {Bankroll} from "../../../contracts/Bankroll.sol";
import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {ILimits} from "../../../contracts/interfaces/ILimits.sol";
import {ISessions} from "../../../contracts/interfaces/ISessions.sol";
import {OrderFixture} from "../OrderFixture.sol";
import {HostileAccount, HostileGate, HostileSource} from "../fixtures/HostileParties.sol";
import {Reentrant, TestToken} from "../fixtures/Tokens.sol";

/// @notice Answers coins with more than its payer wants to copy.
contract BombRecipient {
    receive() external payable {
        assembly {
            return(0, 500000)
        }
    }
}

/// @notice Does all it was told to while it is paid, and counts what it was let do.
contract Insider {
    struct Attempt {
        address to;
        bytes data;
    }

    Attempt[] private attempts;
    uint256 public entered;

    function plan(address to, bytes calldata data) external {
        attempts.push(Attempt(to, data));
    }

    function run(address to, bytes calldata data) public returns (bool success) {
        (success, ) = to.call(data);
    }

    receive() external payable {
        for (uint256 i; i < attempts.length; ++i)
            if (this.run(attempts[i].to, attempts[i].data)) ++entered;
    }
}

/// @notice Failure 30 of 36, the parties: recipients that reject or enter again, gates, accounts and sources of words that turn
/// hostile. Tokens are in HostileTokens.t.sol, games in HostileGames.t.sol, authorities under 27 and 29.
contract HostilePartiesTest is OrderFixture {
    address private dave = address(0xDA7E);

    // -- Recipients of native coin --

    function test_failure_30_a_recipient_enters_nothing_while_it_is_paid() external {
        Reentrant thief = new Reentrant(casino);
        _give(address(thief), ETH, 1_000);
        vm.deal(address(thief), 1e9);
        vm.deal(dave, 1e15);
        vm.prank(dave);
        casino.depositReferred{value: 1e15}(ETH, 1e6, carol);
        casino.settle(_placeDrawn(dave, ETH, 0, FLIP, 1e6, HEADS, true));
        _flip(carol, 1_000);
        _wait(VOID_AFTER);
        uint256 drawn = _flip(alice, 1_000);
        _draw(_lastRequest(), 7);
        _wait(1);
        bytes[] memory calls = new bytes[](9);
        calls[0] = abi.encodeCall(ICasino.withdraw, (ETH, 1, address(bob)));
        calls[1] = abi.encodeCall(ICasino.bet, (ETH, 0, FLIP, 10, HEADS));
        calls[2] = abi.encodeCall(ICasino.placeWager, (_wager(ETH, 0, FLIP, 10, HEADS)));
        calls[3] = abi.encodeCall(
            ICasino.placeMany,
            (_batch(_sign(BOB_KEY, _order(bob, 0, 1))), bob)
        );
        calls[4] = abi.encodeCall(ICasino.settle, (drawn));
        calls[5] = abi.encodeCall(ICasino.settleMany, (_one(drawn)));
        calls[6] = abi.encodeCall(ICasino.refund, (_betId(carol, ETH, 0, 1)));
        calls[7] = abi.encodeCall(ICasino.rollEpoch, ());
        calls[8] = abi.encodeCall(ICasino.claimReferral, (dave, ETH));
        for (uint256 i; i < calls.length; ++i) {
            // Each of them succeeds while nobody is paid.
            uint256 state = vm.snapshotState();
            thief.run(calls[i]);
            vm.revertToState(state);
            thief.attempt(calls[i]);
        }
        thief.run(abi.encodeCall(ICasino.withdraw, (ETH, 400, address(thief))));
        assertEq(thief.entered(), 0);
        assertEq(address(thief).balance, 401e9);
        assertEq(casino.balanceOf(address(thief), ETH), 600);
        assertTrue(_isOpen(drawn));
    }

    function test_failure_30_a_bankroll_that_governs_enters_nothing_while_it_is_paid() external {
        Insider insider = new Insider();
        manager.grantRole(0, address(insider), 0);
        uint16 asset = casino.listAsset(address(new TestToken("Own", 6)), address(insider));
        _give(address(insider), ETH, 1_000);
        _wait(1 days);
        casino.rollEpoch();
        ILimits.Terms memory terms;
        ISessions.Terms memory grant = _grant();
        address[6] memory targets = [
            address(casino),
            address(casino),
            address(casino),
            address(casino),
            address(casino.limits()),
            address(sessions)
        ];
        bytes[6] memory calls = [
            abi.encodeCall(ICasino.fundBankroll, (asset, 0)),
            abi.encodeCall(ICasino.drawBankroll, (asset, 0)),
            abi.encodeCall(ICasino.closeEpoch, (asset)),
            abi.encodeCall(ICasino.claimFees, (ETH, 0, alice)),
            abi.encodeCall(ILimits.setLimits, (ETH, terms)),
            abi.encodeCall(ISessions.open, (address(insider), grant, ""))
        ];
        for (uint256 i; i < calls.length; ++i) {
            // Each of them succeeds while nobody is paid.
            uint256 state = vm.snapshotState();
            assertTrue(insider.run(targets[i], calls[i]), "an attempt that fails by itself");
            vm.revertToState(state);
            insider.plan(targets[i], calls[i]);
        }
        insider.run(
            address(casino),
            abi.encodeCall(ICasino.withdraw, (ETH, 400, address(insider)))
        );
        assertEq(address(insider).balance, 400e9);
        assertEq(insider.entered(), 0);
    }

    function test_failure_30_a_recipient_that_rejects_stops_its_own_withdrawal_and_nothing_else()
        external
    {
        Reentrant closed = new Reentrant(casino);
        closed.refuse(true);
        _give(address(closed), ETH, 1_000);
        bytes memory refused = abi.encodeWithSelector(
            ICasino.RecipientRefused.selector,
            address(closed)
        );
        vm.expectRevert(refused);
        closed.run(abi.encodeCall(ICasino.withdraw, (ETH, 1_000, address(closed))));
        assertEq(casino.balanceOf(address(closed), ETH), 1_000);
        // As a relayer and as an affiliate it is credited all the same.
        Order memory order = _order(alice, 0, 1);
        order.fee = 10;
        assertEq(casino.placeMany(_batch(_sign(ALICE_KEY, order)), address(closed)), 1);
        vm.deal(dave, 1e15);
        vm.prank(dave);
        casino.depositReferred{value: 1e15}(ETH, 1e6, address(closed));
        casino.settle(_placeDrawn(dave, ETH, 0, FLIP, 1e6, HEADS, true));
        casino.claimReferral(dave, ETH);
        assertEq(casino.balanceOf(address(closed), ETH), 1_000 + 10 + 250);
        closed.run(abi.encodeCall(ICasino.withdraw, (ETH, 1_260, bob)));
        assertEq(bob.balance, 1_260e9);
    }

    function test_failure_30_an_lp_that_rejects_coins_blocks_no_close_and_leaves_to_another_address()
        external
    {
        casino = _newCasino(256, 1 days);
        Bankroll bankroll = new Bankroll(casino, ETH, "Hostile", "H");
        casino.listAsset(address(0), address(bankroll));
        Reentrant closed = new Reentrant(casino);
        closed.refuse(true);
        vm.deal(address(closed), 2 ether);
        vm.startPrank(address(closed));
        bankroll.requestDeposit{value: 1 ether}(1 ether, address(closed), address(closed));
        _close(bankroll);
        vm.startPrank(address(closed));
        bankroll.mint(1e15, address(closed), address(closed));
        bankroll.requestRedeem(1e15, address(closed), address(closed));
        _close(bankroll);
        vm.startPrank(address(closed));
        vm.expectRevert(abi.encodeWithSelector(ICasino.RecipientRefused.selector, address(closed)));
        bankroll.redeem(1e15, address(closed), address(closed));
        assertEq(bankroll.maxWithdraw(address(closed)), 1 ether);
        bankroll.redeem(1e15, bob, address(closed));
        vm.stopPrank();
        assertEq(bob.balance, 1 ether);
    }

    function test_failure_30_a_recipient_that_answers_with_a_bomb_is_paid() external {
        address bomb = address(new BombRecipient());
        vm.prank(alice);
        casino.withdraw(ETH, PURSE, bomb);
        assertEq(bomb.balance, PURSE * 1e9);
    }

    // -- A gate --

    function test_failure_30_a_gate_that_turns_hostile_stops_deposits_and_bets_and_no_exit()
        external
    {
        HostileGate gate = new HostileGate();
        casino = _newCasino(256, 1 days, address(gate));
        _fundSubscription();
        casino.listAsset(address(0), address(this));
        casino.listGame(address(coinFlip));
        casino.setTerms(FLIP, ETH, _terms());
        _fund(ETH, BANKROLL);
        _give(alice, ETH, 10_000);
        uint256 won = _placeDrawn(alice, ETH, 0, FLIP, 1_000, HEADS, true);
        _nextBlock();
        uint256 void_ = _place(alice, ETH, 1, FLIP, 1_000, HEADS);
        ICasino.SignedOrder[] memory orders = _batch(_sign(ALICE_KEY, _order(alice, 2, 1)));
        for (uint256 kind = 1; kind <= uint256(type(HostileGate.Kind).max); ++kind) {
            uint256 state = vm.snapshotState();
            gate.turn(HostileGate.Kind(kind));
            // One that answers, if with a bomb, says yes.
            if (HostileGate.Kind(kind) != HostileGate.Kind.ReturnsABomb) {
                vm.expectRevert();
                casino.deposit{value: 1e9, gas: 3_000_000}(ETH, 1, alice);
                vm.expectRevert();
                vm.prank(alice);
                casino.bet{gas: 3_000_000}(ETH, 2, FLIP, 1_000, HEADS);
                // An order is skipped, or the call reverts as a whole: it is never carried.
                (bool success, bytes memory answer) = address(casino).call{gas: 5_000_000}(
                    abi.encodeCall(ICasino.placeMany, (orders, carol))
                );
                if (success) assertEq(abi.decode(answer, (uint256)), 0);
            }
            casino.settle{gas: 500_000}(won);
            _wait(VOID_AFTER + 1);
            casino.refund{gas: 500_000}(void_);
            vm.prank(alice);
            casino.withdraw{gas: 200_000}(ETH, 10_980, alice);
            // The bankroll is funded and drawn as before.
            _fund(ETH, 1);
            casino.drawBankroll(ETH, 1);
            vm.revertToState(state);
        }
    }

    // -- An account that signs by contract --

    function test_failure_30_an_account_whose_check_is_hostile_opens_no_session_and_stops_no_other()
        external
    {
        HostileAccount account = new HostileAccount();
        _give(address(account), ETH, 10_000);
        for (uint256 kind; kind <= uint256(type(HostileAccount.Kind).max); ++kind) {
            account.turn(HostileAccount.Kind(kind));
            vm.expectRevert();
            sessions.open{gas: 5_000_000}(address(account), _grant(), "");
            (ISessions.Terms memory terms, ) = sessions.sessionOf(address(account), ETH, 1);
            assertEq(terms.key, address(0));
        }
        // Its orders are skipped without its code being asked: only a key's signature counts there.
        ICasino.SignedOrder[] memory orders = new ICasino.SignedOrder[](2);
        orders[0] = _sign(SESSION_KEY, _order(address(account), 1, 1));
        orders[1] = _sign(BOB_KEY, _order(bob, 0, 1));
        (uint256 placed, bytes[] memory reasons) = _carry(orders);
        assertEq(placed, 2);
        assertEq(reasons[0], abi.encodeWithSelector(ISessions.SignerUnknown.selector, device));
    }

    // -- A source of words --

    function test_failure_30_a_source_enters_nothing_while_it_is_asked_and_delivers_once()
        external
    {
        HostileSource source = new HostileSource(casino);
        uint256 drawn = _flip(carol, 1_000);
        _draw(_lastRequest(), 7);
        casino.setSource(address(source), keyHash, 0, WORST_PRICE);
        _give(address(source), ETH, 1_000);
        _nextBlock();
        source.attempt(abi.encodeCall(ICasino.bet, (ETH, 0, FLIP, 10, HEADS)));
        source.attempt(abi.encodeCall(ICasino.withdraw, (ETH, 1, bob)));
        source.attempt(abi.encodeCall(ICasino.settle, (drawn)));
        uint256 first = _flip(alice, 1_000);
        assertEq(source.requests(), 1);
        assertEq(source.entered(), 0);
        // The word that came before its request was stored is nobody's.
        assertTrue(_state(first) == ICasino.RoundState.Pending);
        assertEq(views().roundAt(views().betOf(drawn).slot).word, 7);
        _nextBlock();
        // The same id for another round: the word it delivers with the request is the first round's, once.
        uint256 second = _place(bob, ETH, 0, FLIP, 1_000, HEADS);
        assertEq(views().roundAt(views().betOf(first).slot).word, 666);
        assertTrue(_state(second) == ICasino.RoundState.Pending);
        source.deliver(7, 1);
        source.deliver(7, 2);
        assertEq(views().roundAt(views().betOf(first).slot).word, 666);
        assertEq(views().roundAt(views().betOf(second).slot).word, 1);
        casino.settle(first);
        casino.settle(second);
        casino.settle(drawn);
        assertEq(_books(ETH).openBets, 0);
    }

    // -- Helpers --

    function _state(uint256 betId) private view returns (ICasino.RoundState) {
        return views().roundAt(views().betOf(betId).slot).state;
    }

    function _close(Bankroll bankroll) private {
        vm.stopPrank();
        _wait(1 days);
        casino.rollEpoch();
        bankroll.close();
    }
}
