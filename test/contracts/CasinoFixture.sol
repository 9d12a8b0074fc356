// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {Casino} from "../../contracts/Casino.sol";
import {CoinFlip} from "../../contracts/games/CoinFlip.sol";
import {Dice} from "../../contracts/games/Dice.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {ICasinoViews} from "../../contracts/interfaces/ICasinoViews.sol";
import {IGame} from "../../contracts/interfaces/IGame.sol";
import {ICoordinator} from "./fixtures/ICoordinator.sol";
import {Test} from "./fixtures/Test.sol";
import {TestToken} from "./fixtures/Tokens.sol";

/// @title A casino on Chainlink's real coordinator, open for bets
/// @notice The test contract is governance and every asset's bankroll. Words come by `_draw`, as the coordinator.
/// @dev Time and blocks are kept here: the compiler may read `block.timestamp` once and reuse it after a warp.
abstract contract CasinoFixture is Test {
    uint16 internal constant ETH = 0;
    uint16 internal constant USDC = 1;
    uint16 internal constant DAI = 2;
    uint16 internal constant FLIP = 1;
    uint16 internal constant DICE = 2;
    bytes16 internal constant HEADS = bytes16(0);
    bytes16 internal constant TAILS = bytes16(bytes1(0x01));
    uint256 internal constant WAD = 1e18;
    uint256 internal constant BANKROLL = 1e12;
    uint256 internal constant PURSE = 1e11;
    uint256 internal constant WORST_PRICE = 0.01 ether;
    uint256 internal constant VOID_AFTER = 24 hours;
    uint256 internal constant RAMP = 30 days;
    uint256 internal constant STIPEND = 64 * 512;
    uint256 internal constant ROUND_GAS = 1_600;
    /// The generator of the curve: the public key of the secret 1.
    uint256 internal constant KEY_X =
        0x79BE667EF9DCBBAC55A06295CE870B07029BFCDB2DCE28D959F2815B16F81798;
    uint256 internal constant KEY_Y =
        0x483ADA7726A3C4655DA4FBFC0E1108A8FD17B448A68554199C47D08FFB10D4B8;

    Casino internal casino;
    AccessManager internal manager;
    ICoordinator internal coordinator;
    bytes32 internal keyHash;
    uint256 internal subscription;
    /// Rounds of earlier sources.
    uint256 internal firstRound;
    TestToken internal usdc;
    TestToken internal dai;
    CoinFlip internal coinFlip;
    Dice internal dice;
    address internal alice = address(0xA11CE);
    address internal bob = address(0xB0B);
    address internal carol = address(0xCA401);
    uint256 internal time = 1_800_000_000;
    uint256 internal height = 1_000;

    /// What a bet would be placed with, as `ICasino.Rehearsed` tells.
    struct Quote {
        uint256 maxPayout;
        uint256 reserve;
        uint256 feeRate;
        uint256 maxStake;
    }

    receive() external payable {}

    function setUp() public virtual {
        vm.warp(time);
        vm.roll(height);
        vm.deal(address(this), 1e9 ether);
        manager = new AccessManager(address(this));
        coordinator = _newCoordinator();
        casino = _newCasino(256, 1 days);
        _fundSubscription();
        usdc = new TestToken("USDC", 6);
        dai = new TestToken("DAI", 18);
        casino.listAsset(address(0), address(this));
        casino.listAsset(address(usdc), address(this));
        casino.listAsset(address(dai), address(this));
        coinFlip = new CoinFlip();
        dice = new Dice();
        casino.listGame(address(coinFlip));
        casino.listGame(address(dice));
        address[3] memory players = [alice, bob, carol];
        for (uint16 asset = ETH; asset <= DAI; ++asset) {
            casino.setTerms(FLIP, asset, _terms());
            casino.setTerms(DICE, asset, _terms());
            _fund(asset, BANKROLL);
            for (uint256 i; i < players.length; ++i) _give(players[i], asset, PURSE);
        }
    }

    // -- Setting up --

    function _newCoordinator() internal returns (ICoordinator created) {
        bytes memory code = abi.encodePacked(
            vm.getCode("VRFCoordinatorV2_5"),
            abi.encode(address(0xB10C))
        );
        address deployed;
        assembly {
            deployed := create(0, add(code, 32), mload(code))
        }
        assertTrue(deployed != address(0), "no coordinator: build the project first");
        created = ICoordinator(deployed);
        created.setConfig(0, 2_500_000, 86_400, 33_825, 5e15, 0, 0, 60, 50);
        created.registerProvingKey([KEY_X, KEY_Y], 100 gwei);
        keyHash = keccak256(abi.encode(KEY_X, KEY_Y));
    }

    function _newCasino(uint256 roundSlots, uint256 epochSeconds) internal returns (Casino) {
        return _newCasino(roundSlots, epochSeconds, address(0));
    }

    function _newCasino(
        uint256 roundSlots,
        uint256 epochSeconds,
        address gate
    ) internal returns (Casino created) {
        bytes memory arguments = abi.encode(
            address(manager),
            gate,
            roundSlots,
            epochSeconds,
            address(coordinator),
            keyHash,
            0,
            WORST_PRICE
        );
        // By its artifact: `new` would put the casino's whole code into each test's, and a build would take minutes.
        bytes memory code = abi.encodePacked(vm.getCode("Casino"), arguments);
        assembly {
            created := create(0, add(code, 32), mload(code))
            if iszero(created) {
                returndatacopy(code, 0, returndatasize())
                revert(code, returndatasize())
            }
        }
    }

    /// @notice Replaces the source of later rounds by another coordinator, without funds yet.
    function _replaceSource() internal {
        coordinator = _newCoordinator();
        casino.setSource(address(coordinator), keyHash, 0, WORST_PRICE);
        firstRound = _rounds();
        (, , subscription, , ) = casino.source();
    }

    function _fundSubscription() internal {
        (, , subscription, , ) = casino.source();
        coordinator.fundSubscriptionWithNative{value: 1_000 ether}(subscription);
    }

    function _terms() internal pure returns (ICasino.Terms memory) {
        return
            ICasino.Terms({
                minStake: 1,
                maxStake: 1e10,
                stipend: STIPEND,
                roundGas: ROUND_GAS,
                kellyBps: 5_000,
                capBps: 1_000,
                shareBps: 1_000,
                gameCapBps: 5_000,
                lossBps: 2_000
            });
    }

    /// @notice Lists rules as a new game with the usual terms in native coin.
    function _list(address rules) internal returns (uint16 game) {
        game = casino.listGame(rules);
        casino.setTerms(game, ETH, _terms());
    }

    function _token(uint16 asset) internal view returns (TestToken) {
        (address token, , ) = views().assetOf(asset);
        return TestToken(token);
    }

    function _unit(uint16 asset) internal view returns (uint256 unit) {
        (, unit, ) = views().assetOf(asset);
    }

    /// @notice Deposits new money of the test's for a player.
    function _give(address player, uint16 asset, uint256 amount) internal {
        uint256 value = amount * _unit(asset);
        if (asset == ETH) {
            casino.deposit{value: value}(ETH, amount, player);
            return;
        }
        TestToken token = _token(asset);
        token.mint(address(this), value);
        token.approve(address(casino), value);
        casino.deposit(asset, amount, player);
    }

    function _fund(uint16 asset, uint256 amount) internal {
        _give(address(this), asset, amount);
        casino.fundBankroll(asset, amount);
    }

    // -- Time --

    function _nextBlock() internal {
        vm.roll(++height);
        vm.warp(time += 1);
    }

    function _wait(uint256 seconds_) internal {
        vm.roll(++height);
        vm.warp(time += seconds_);
    }

    // -- Bets --

    function _place(
        address player,
        uint16 asset,
        uint16 lane,
        uint16 game,
        uint256 stake,
        bytes16 choice
    ) internal returns (uint256) {
        vm.prank(player);
        return casino.bet(asset, lane, game, uint56(stake), choice);
    }

    function _placeWager(address player, ICasino.Wager memory wager) internal returns (uint256) {
        vm.prank(player);
        return casino.placeWager(wager);
    }

    /// @notice A wager of one round without stops.
    function _wager(
        uint16 asset,
        uint16 lane,
        uint16 game,
        uint256 stake,
        bytes16 choice
    ) internal pure returns (ICasino.Wager memory) {
        return ICasino.Wager(asset, lane, game, stake, choice, 1, 0, 0);
    }

    /// @notice What placing the wager now would revert with; empty if it would be placed.
    function _whyNot(
        address player,
        ICasino.Wager memory wager
    ) internal returns (bytes memory reason) {
        (reason, ) = _rehearse(player, wager);
    }

    /// @notice The terms that the wager would be placed with now.
    function _quote(
        address player,
        ICasino.Wager memory wager
    ) internal returns (Quote memory quote) {
        bytes memory reason;
        (reason, quote) = _rehearse(player, wager);
        assertEq(reason, "", "would not be placed");
    }

    /// @notice Heads in lane 0 in native coin.
    function _flip(address player, uint256 stake) internal returns (uint256) {
        return _place(player, ETH, 0, FLIP, stake, HEADS);
    }

    function _under(uint256 target) internal pure returns (bytes16) {
        return bytes16(bytes2(uint16(target)));
    }

    function _over(uint256 target) internal pure returns (bytes16) {
        return bytes16(bytes3(uint24((target << 8) | 1)));
    }

    function _betId(
        address player,
        uint16 asset,
        uint16 lane,
        uint256 sequence
    ) internal pure returns (uint256) {
        return
            (uint256(uint160(player)) << 96) |
            (uint256(asset) << 80) |
            (uint256(lane) << 64) |
            sequence;
    }

    function _one(uint256 betId) internal pure returns (uint256[] memory betIds) {
        betIds = new uint256[](1);
        betIds[0] = betId;
    }

    // -- Randomness --

    /// @notice Rounds requested ever.
    function _rounds() internal view returns (uint256 rounds) {
        (, , rounds, , ) = views().head();
    }

    /// @notice The id that the coordinator gives the n-th request of the subscription.
    function _requestOf(uint256 nonce) internal view returns (uint256) {
        bytes32 preSeed = keccak256(
            abi.encode(keyHash, address(casino), subscription, uint64(nonce))
        );
        return uint256(keccak256(abi.encode(keyHash, preSeed)));
    }

    function _lastRequest() internal view returns (uint256) {
        return _requestOf(_rounds() - firstRound);
    }

    /// @notice Delivers a word as the coordinator does.
    function _draw(uint256 requestId, uint256 word) internal {
        uint256[] memory words = new uint256[](1);
        words[0] = word;
        vm.prank(address(coordinator));
        casino.rawFulfillRandomWords(requestId, words);
    }

    /// @notice The least word from `from` on under which the bet wins, or loses.
    function _wordFor(uint256 betId, bool wins, uint256 from) internal view returns (uint256 word) {
        ICasino.Bet memory bet = views().betOf(betId);
        IGame rules = IGame(views().gameOf(bet.game));
        for (word = from; ; ++word) {
            if ((rules.payout(bet.stake, bet.choice, views().seedOf(word, betId)) > 0) == wins)
                return word;
        }
    }

    /// @notice Places a bet in a round of its own and draws a word under which it wins, or loses.
    function _placeDrawn(
        address player,
        uint16 asset,
        uint16 lane,
        uint16 game,
        uint256 stake,
        bytes16 choice,
        bool wins
    ) internal returns (uint256 betId) {
        _nextBlock();
        betId = _place(player, asset, lane, game, stake, choice);
        _nextBlock();
        _draw(_lastRequest(), _wordFor(betId, wins, 1));
    }

    // -- Reading --

    /// @notice The casino's views, which its annex answers at its address.
    function views() internal view returns (ICasinoViews) {
        return ICasinoViews(address(casino));
    }

    function _books(uint16 asset) internal view returns (ICasino.Books memory) {
        return views().houseOf(asset);
    }

    /// @dev The lowest 56 bits of the house's slot, see `RefusalsTest` for where it is. With no bets open, all is free.
    function _setBankroll(uint256 units) internal {
        bytes32 slot = keccak256(abi.encode(uint256(ETH), 7));
        uint256 house = uint256(vm.load(address(casino), slot));
        vm.store(address(casino), slot, bytes32(((house >> 56) << 56) | units));
        assertEq(_books(ETH).bankroll, units);
    }

    function _isOpen(uint256 betId) internal view returns (bool) {
        ICasino.Bet memory bet = views().betOf(betId);
        return bet.open && bet.sequence == uint64(betId);
    }

    function _fee(uint256 stake) internal pure returns (uint256) {
        // Edge 1%, share 10%: 100 of 1e5.
        return (stake * 100) / 1e5;
    }

    function _rehearse(
        address player,
        ICasino.Wager memory wager
    ) private returns (bytes memory reason, Quote memory quote) {
        try casino.rehearse(player, wager) {
            assertTrue(false, "a rehearsal always reverts");
        } catch (bytes memory answer) {
            if (bytes4(answer) != ICasino.Rehearsed.selector) return (answer, quote);
            assembly {
                quote := add(answer, 36)
            }
        }
    }
}
