// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "../../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "../CasinoFixture.sol";
import {ICoordinator} from "../fixtures/ICoordinator.sol";
import {Prover} from "../fixtures/Prover.sol";
import {Simulation, SimulationVm} from "./Simulation.sol";

/// @notice A spammer who places the least bet in each block, so that each costs the casino's subscription a request, until
/// bets stop; Chainlink's real coordinator answers with real proofs and charges for them, at any price up to its lane's.
/// @dev Exact in every episode: bets stop by `RandomnessUnfunded` while each request that was made can still be paid at the
/// worst price; new funds let them go on; what is never answered comes back whole.
contract SubscriptionSpammerTest is CasinoFixture, Simulation {
    uint256 private constant SECRET = 1;
    uint256 private constant PROOFS = 10;
    uint256 private constant LANE_GWEI = 100;
    /// What `scripts/house-plan.ts` sets: units.
    uint256 private constant LEAST_STAKE = 80_000;
    /// As `scripts/networks.ts` has it: gas of a fulfilment, the lane's price and the coordinator's premium.
    uint256 private constant WORST = (179_000 * LANE_GWEI * 1 gwei * 160) / 100;
    uint256 private constant GAS_OF_TRANSACTION = 21_000;
    bytes32 private constant BLOCK_HASH = keccak256("the block of the request");

    uint256 private constant MARKET_PRICE = 0;
    uint256 private constant ORACLE_IN_LEAGUE = 1;

    // The figures of an episode.
    uint256 private constant PROFIT = 0;
    uint256 private constant LUCK = 1;
    uint256 private constant COST = 2;
    uint256 private constant DRAINED = 3;
    uint256 private constant WITH_ORACLE = 4;
    uint256 private constant REQUESTS = 5;
    uint256 private constant ANSWERED = 6;
    uint256 private constant VOIDS = 7;
    uint256 private constant GAS_TO_BET = 8;
    uint256 private constant GAS_CHARGED = 9;

    ICoordinator.Proof[] private _proofs;
    address private _spammer;
    /// Blocks of the requests that are not answered yet, by their number.
    mapping(uint256 request => uint256) private _blocks;
    uint256[] private _unanswered;
    /// Requests whose bets were void: pending at the coordinator for good.
    uint256 private _lost;
    uint256[] private _bets;
    uint256 private _requests;
    int256[] private _values;
    uint256 private _gasPrice;

    function setUp() public override {
        super.setUp();
        casino.setSource(address(coordinator), keyHash, 0, WORST);
        (, , subscription, , ) = casino.source();
        ICasino.Terms memory terms = _terms();
        terms.minStake = LEAST_STAKE;
        casino.setTerms(FLIP, ETH, terms);
        Prover prover = new Prover();
        for (uint256 request = 1; request <= PROOFS; ++request) {
            bytes32 preSeed = keccak256(
                abi.encode(keyHash, address(casino), subscription, uint64(request))
            );
            _proofs.push(prover.prove(SECRET, [KEY_X, KEY_Y], uint256(preSeed), BLOCK_HASH));
        }
    }

    function test_a_spammer_only_loses_and_bets_stop_before_a_request_cannot_be_paid() external {
        Series[] memory columns = _run(MARKET_PRICE);
        _title("subscription spammer", columns[PROFIT]);
        _figures(columns);
        assertTrue(columns[WITH_ORACLE].most < 0, "the oracle's premium pays for the spam");
    }

    /// @notice The control, and the residual risk: the oracle earns a premium on whatever gas price it pays.
    function test_control_an_oracle_that_spams_and_overpays_is_seen() external {
        Series[] memory columns = _run(ORACLE_IN_LEAGUE);
        _title("control: the oracle spams at 1 gwei and answers at its lane's", columns[PROFIT]);
        _figures(columns);
        _assertGain(columns[WITH_ORACLE], "the simulation is blind");
    }

    function _figures(Series[] memory columns) private view {
        _print("profit, thousand units", columns[PROFIT], 1e3);
        _print("cost without luck, gas included, thousand units", columns[COST], 1e3);
        _print("drained, thousand units", columns[DRAINED], 1e3);
        _print("profit of spammer and oracle together, thousand units", columns[WITH_ORACLE], 1e3);
        _print("requests", columns[REQUESTS], 1);
        _print("void bets", columns[VOIDS], 1);
        int256 answered = columns[ANSWERED].sum;
        int256 charged = columns[GAS_CHARGED].sum / answered;
        int256 edge = int256(LEAST_STAKE / 100);
        int256 drained = columns[DRAINED].sum / 1e6;
        _line("gas of a bet that requests", columns[GAS_TO_BET].sum / columns[REQUESTS].sum, 1);
        _line("gas charged for a request, premium included", charged, 1);
        _line("spent for 1 ETH drained, ETH", columns[COST].sum / drained, 1e6);
        _line("least stake's edge for 1 ETH drained, ETH", (answered * edge) / drained, 1e6);
        _line("gwei a gas up to which that edge pays", (edge * 1e6) / charged, 1e6);
        _assertFair(columns[LUCK], "the words are not fair");
        _assertNoGain(columns[PROFIT], "a profit");
        assertTrue(_mean(columns[REQUESTS]) >= 2, "hardly any requests");
    }

    function _play(uint256 scenario) internal override returns (int256[] memory) {
        vm.warp(time);
        vm.roll(height);
        _values = new int256[](10);
        _spammer = address(uint160(_random()));
        _give(_spammer, ETH, PURSE);
        bool inLeague = scenario == ORACLE_IN_LEAGUE;
        _gasPrice = inLeague ? 1 : 1 + _below(LANE_GWEI);
        _fundFor(1 + _below(3), _below(WORST));
        _spamUntilStopped(inLeague);
        if (_oneIn(3)) _voidAll();
        _answerAll(inLeague);

        // New funds let bets go on: for all that is pending and one more.
        _nextBlock();
        _fundFor(_lost + 1, 0);
        assertTrue(_spam(), "bets do not go on");
        _answerAll(inLeague);
        casino.settleMany(_bets);
        _values[PROFIT] = int256(casino.balanceOf(_spammer, ETH)) - int256(PURSE);
        int256 edge = _values[ANSWERED] * int256(LEAST_STAKE / 100);
        _values[LUCK] = _values[PROFIT] + edge;
        _values[COST] += edge;
        _values[WITH_ORACLE] -= edge;
        _values[REQUESTS] = int256(_requests);
        assertEq(_books(ETH).reserved, 0, "a bet is stranded");
        return _values;
    }

    // -- The spammer --

    function _spamUntilStopped(bool inLeague) private {
        // The last proof is for the bet after new funds.
        while (_requests < PROOFS - 1) {
            _nextBlock();
            if (_oneIn(3) && _unanswered.length != 0) _answer(inLeague);
            uint256 pending = _unanswered.length;
            bool placed = _spam();
            uint256 funds = _funds();
            assertGe(funds, _unanswered.length * WORST, "a request that cannot be paid");
            if (placed) continue;
            assertTrue(funds < (pending + 1) * WORST, "stopped too early");
            return;
        }
    }

    /// @notice The least bet, in a block and so a round of its own.
    function _spam() private returns (bool) {
        SimulationVm(address(vm)).txGasPrice(_gasPrice * 1 gwei);
        vm.cool(address(casino));
        vm.cool(address(coordinator));
        vm.prank(_spammer);
        uint256 before = gasleft();
        try casino.bet(ETH, uint16(_requests), FLIP, uint56(LEAST_STAKE), HEADS) returns (
            uint256 betId
        ) {
            uint256 spent = before - gasleft() + GAS_OF_TRANSACTION;
            _values[GAS_TO_BET] += int256(spent);
            _values[COST] += int256(spent * _gasPrice);
            _values[WITH_ORACLE] -= int256(spent * _gasPrice);
            _bets.push(betId);
            _blocks[++_requests] = height;
            _unanswered.push(_requests);
            return true;
        } catch (bytes memory reason) {
            assertEq(bytes32(bytes4(reason)), bytes32(ICasino.RandomnessUnfunded.selector));
            return false;
        }
    }

    // -- The oracle --

    function _answerAll(bool inLeague) private {
        _nextBlock();
        while (_unanswered.length != 0) _answer(inLeague);
    }

    /// @notice Answers any of the requests with its proof, at the market's price or, in league, at the lane's.
    function _answer(bool inLeague) private {
        uint256 request = _takeAny();
        vm.setBlockhash(_blocks[request], BLOCK_HASH);
        ICoordinator.RequestCommitment memory commitment = ICoordinator.RequestCommitment({
            blockNum: uint64(_blocks[request]),
            subId: subscription,
            callbackGasLimit: views().CALLBACK_GAS(),
            numWords: 1,
            sender: address(casino),
            extraArgs: abi.encodeWithSelector(bytes4(keccak256("VRF ExtraArgsV1")), true)
        });
        ICoordinator.Proof memory proof = _proofs[request - 1];
        uint256 price = (inLeague ? LANE_GWEI : _gasPrice) * 1 gwei;
        SimulationVm(address(vm)).txGasPrice(price);
        vm.cool(address(casino));
        vm.cool(address(coordinator));
        uint256 before = gasleft();
        uint256 payment = coordinator.fulfillRandomWords(proof, commitment, false);
        uint256 cost = (before - gasleft() + GAS_OF_TRANSACTION) * price;
        assertLe(payment, WORST, "dearer than the worst price");
        assertFalse(views().roundAt(views().betOf(_bets[request - 1]).slot).word == 0, "no word");
        ++_values[ANSWERED];
        _values[GAS_CHARGED] += int256(payment / price);
        _values[DRAINED] += int256(payment / 1 gwei);
        _values[WITH_ORACLE] += (int256(payment) - int256(cost)) / 1 gwei;
    }

    function _takeAny() private returns (uint256 request) {
        uint256 index = _below(_unanswered.length);
        request = _unanswered[index];
        _unanswered[index] = _unanswered[_unanswered.length - 1];
        _unanswered.pop();
    }

    /// @notice The oracle is silent: after a day every bet comes back whole.
    function _voidAll() private {
        _wait(VOID_AFTER + 1);
        for (; _unanswered.length != 0; ++_lost) {
            uint256 betId = _bets[_takeAny() - 1];
            uint256 before = casino.balanceOf(_spammer, ETH);
            casino.refund(betId);
            assertEq(casino.balanceOf(_spammer, ETH), before + LEAST_STAKE, "not whole");
            ++_values[VOIDS];
        }
        // Three void rounds in a day stop bets for a day.
        _wait(1 days);
    }

    // -- Money --

    function _fundFor(uint256 requests, uint256 more) private {
        coordinator.fundSubscriptionWithNative{value: requests * WORST + more}(subscription);
    }

    function _funds() private view returns (uint256 funds) {
        (, funds, , , ) = coordinator.getSubscription(subscription);
    }
}
