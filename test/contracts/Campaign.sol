// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Bankroll} from "../../contracts/Bankroll.sol";
import {ICasino} from "../../contracts/interfaces/ICasino.sol";
import {CasinoFixture} from "./CasinoFixture.sol";
import {Handler} from "./fixtures/Handler.sol";
import {MoodyGame} from "./fixtures/handler/MoodyGame.sol";
import {World} from "./fixtures/handler/World.sol";
import {TestToken} from "./fixtures/Tokens.sol";

/// @title A house that the handler governs, with a founder's money in both bankrolls
abstract contract Campaign is CasinoFixture {
    uint256 private constant EPOCH_SECONDS = 6 hours;
    uint256 internal constant FOUNDATION = 1e11;
    uint256 internal constant VIRTUAL_SHARES = 1e6;
    uint64 private constant GOVERNOR = 1;
    uint64 private constant SOURCE = 2;
    uint64 private constant GUARDIAN = 3;
    uint64 private constant TREASURER = 4;

    Handler internal handler;
    TestToken internal token;
    Bankroll[3] internal bankrolls;

    function setUp() public override {
        super.setUp();
        // Few slots for rounds, so that they are used again.
        casino = _newCasino(64, EPOCH_SECONDS);
        _fundSubscription();
        token = new TestToken("Token", 6);
        TestToken spare = new TestToken("Spare", 18);
        address[3] memory games = [address(coinFlip), address(dice), address(new MoodyGame())];
        for (uint16 asset; asset < 3; ++asset)
            bankrolls[asset] = Bankroll(
                _create("Bankroll", abi.encode(casino, asset, "Shares", "S"))
            );
        casino.listAsset(address(0), address(bankrolls[0]));
        casino.listAsset(address(token), address(bankrolls[1]));
        for (uint16 game = 1; game <= 3; ++game) {
            casino.listGame(games[game - 1]);
            casino.setTerms(game, ETH, _terms());
            casino.setTerms(game, USDC, _terms());
        }
        _found();
        World.Scene memory scene = World.Scene({
            casino: casino,
            manager: manager,
            token: token,
            bankrolls: bankrolls,
            coordinators: [coordinator, _newCoordinator()],
            spare: spare,
            games: games,
            keyHash: keyHash,
            epochSeconds: EPOCH_SECONDS,
            time: time,
            height: height
        });
        handler = Handler(payable(_create("Handler", abi.encode(scene))));
        _appoint();
        for (uint256 i; i < 2; ++i) {
            handler.deposit(i, ETH, 1e10, 0);
            handler.deposit(i, USDC, 1e10, 0);
        }
        // One has an affiliate, the last nothing yet.
        handler.refer(2, ETH, 1e10, 0);
        handler.deposit(2, USDC, 1e10, 0);
        for (uint256 i; i < 2; ++i) {
            handler.invest(i, ETH, 1e10, 0);
            handler.invest(i, USDC, 1e10, 0);
        }
        // The first LP has shares at hand, so that a short campaign redeems; the second claims by itself.
        handler.turnEpoch(7);
        for (uint256 asset; asset < 2; ++asset) handler.claim(0, asset, type(uint256).max, 6);
        targetContract(address(handler));
    }

    /// @dev By its artifact, as the casino: `new` would put its code into each test's.
    function _create(string memory name, bytes memory arguments) private returns (address created) {
        bytes memory code = abi.encodePacked(vm.getCode(name), arguments);
        assembly {
            created := create(0, add(code, 32), mload(code))
        }
        assertTrue(created != address(0), name);
    }

    /// @notice The test contract buys the first shares of both bankrolls.
    function _found() private {
        bankrolls[0].requestDeposit{value: FOUNDATION * 1e9}(
            FOUNDATION * 1e9,
            address(this),
            address(this)
        );
        token.mint(address(this), FOUNDATION);
        token.approve(address(bankrolls[1]), FOUNDATION);
        bankrolls[1].requestDeposit(FOUNDATION, address(this), address(this));
        _wait(EPOCH_SECONDS);
        casino.rollEpoch();
        for (uint256 i; i < 2; ++i) {
            bankrolls[i].close();
            bankrolls[i].mint(bankrolls[i].maxMint(address(this)), address(this));
        }
    }

    /// @notice The handler holds every role, with the delays that roles have, in hours instead of days.
    function _appoint() private {
        bytes4[] memory selectors = new bytes4[](4);
        selectors[0] = ICasino.listAsset.selector;
        selectors[1] = ICasino.listGame.selector;
        selectors[2] = ICasino.setTerms.selector;
        selectors[3] = ICasino.delist.selector;
        manager.setTargetFunctionRole(address(casino), selectors, GOVERNOR);
        _role(ICasino.setSource.selector, SOURCE);
        _role(ICasino.pause.selector, GUARDIAN);
        _role(ICasino.claimFees.selector, TREASURER);
        manager.grantRole(GOVERNOR, address(handler), 7 hours);
        manager.grantRole(SOURCE, address(handler), 14 hours);
        manager.grantRole(GUARDIAN, address(handler), 0);
        manager.grantRole(TREASURER, address(handler), 0);
    }

    function _role(bytes4 selector, uint64 role) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        manager.setTargetFunctionRole(address(casino), selectors, role);
    }

    function _held(uint16 asset) internal view returns (uint256) {
        return asset == ETH ? address(casino).balance / 1e9 : token.balanceOf(address(casino));
    }

    /// @notice No call of the handler has seen this invariant broken.
    function _unbroken(uint256 invariant) internal view {
        string memory what = handler.violation(invariant);
        assertTrue(bytes(what).length == 0, what);
    }
}
