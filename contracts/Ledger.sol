// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {ICasino} from "./interfaces/ICasino.sol";
import {IEligibility} from "./interfaces/IEligibility.sol";
import {ILimits} from "./interfaces/ILimits.sol";
import {ISessions} from "./interfaces/ISessions.sol";
import {Annex} from "./Annex.sol";
import {Limits} from "./Limits.sol";
import {Sessions} from "./Sessions.sol";
import {Lane, LaneLibrary} from "./types/Lane.sol";

/// @title Ledger: the assets, and what each player has of them
/// @dev The only part that moves tokens. A player's balance shares the slot of their lane 0.
abstract contract Ledger is ICasino, ReentrancyGuardTransient {
    using SafeERC20 for IERC20;

    uint16 internal constant NATIVE = 0;
    uint256 private constant NATIVE_UNIT = 1e9;

    struct Asset {
        address token;
        uint96 unit;
        address bankroll;
    }

    /// @inheritdoc ICasino
    ILimits public immutable limits;
    /// @inheritdoc ICasino
    ISessions public immutable sessions;
    /// @inheritdoc ICasino
    address public immutable annex;
    /// @inheritdoc ICasino
    address public immutable gate;

    uint256 internal _assetCount;
    mapping(uint16 asset => Asset) internal _assets;
    mapping(uint256 key => Lane) internal _lanes;
    mapping(address player => address) internal _affiliates;

    constructor(address gate_) {
        // A call to an address without code would let everyone pass.
        if (gate_ != address(0) && gate_.code.length == 0) revert OutOfBounds("gate", 0, 1);
        gate = gate_;
        limits = new Limits();
        sessions = new Sessions();
        annex = address(new Annex());
    }

    /// @notice Hands what it does not know to the annex, which can read and no more.
    // solhint-disable-next-line no-complex-fallback
    fallback() external {
        address annex_ = annex;
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, 0, calldatasize())
            let success := staticcall(gas(), annex_, free, calldatasize(), 0, 0)
            returndatacopy(free, 0, returndatasize())
            if iszero(success) {
                revert(free, returndatasize())
            }
            return(free, returndatasize())
        }
    }

    receive() external payable {
        deposit(NATIVE, _units(msg.value, NATIVE_UNIT), msg.sender);
    }

    /// @inheritdoc ICasino
    function deposit(uint16 asset, uint256 amount, address to) public payable nonReentrant {
        _deposit(asset, amount, to);
    }

    /// @inheritdoc ICasino
    function depositWithPermit(
        uint16 asset,
        uint256 amount,
        address to,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant {
        (address token, uint256 unit) = _token(asset);
        try
            IERC20Permit(token).permit(msg.sender, address(this), amount * unit, deadline, v, r, s)
        {} catch {
            // Someone may have used the permit first: then the allowance is there, and otherwise the transfer says so.
        }
        _deposit(asset, amount, to);
    }

    /// @inheritdoc ICasino
    function depositReferred(
        uint16 asset,
        uint256 amount,
        address affiliate
    ) external payable nonReentrant {
        Lane home = _lanes[LaneLibrary.key(msg.sender, asset, 0)];
        if (affiliate == address(0) || affiliate == msg.sender || Lane.unwrap(home) != 0)
            revert AffiliateRefused(affiliate);
        if (_affiliates[msg.sender] != address(0)) revert AffiliateRefused(_affiliates[msg.sender]);
        _affiliates[msg.sender] = affiliate;

        emit AffiliateBound(msg.sender, affiliate);
        _deposit(asset, amount, msg.sender);
    }

    /// @inheritdoc ICasino
    function guard(address player, uint16 asset) external nonReentrant {
        if (msg.sender != address(limits)) revert NotLimits(msg.sender);
        uint256 key = LaneLibrary.key(player, asset, 0);
        Lane home = _home(key, player, asset);
        _lanes[key] = home.guarded();

        if (!home.isGuarded()) emit PlayerGuarded(player, asset);
    }

    /// @inheritdoc ICasino
    function withdraw(uint16 asset, uint256 amount, address to) external nonReentrant {
        if (amount == 0) revert AmountZero();
        if (to == address(0) || to == address(this)) revert RecipientRefused(to);

        _debit(msg.sender, asset, amount);

        emit Withdrawn(msg.sender, asset, amount, to);

        if (asset == NATIVE) {
            (bool accepted, ) = to.call{value: amount * NATIVE_UNIT}("");
            if (!accepted) revert RecipientRefused(to);
        } else {
            (address token, uint256 unit) = _token(asset);
            IERC20(token).safeTransfer(to, amount * unit);
        }
    }

    /// @inheritdoc ICasino
    function balanceOf(address player, uint16 asset) public view returns (uint256) {
        return _lanes[LaneLibrary.key(player, asset, 0)].balance();
    }

    /// @inheritdoc ICasino
    function peek(uint256 slot) external view returns (uint256 word) {
        assembly ("memory-safe") {
            word := sload(slot)
        }
    }

    function _credit(address player, uint16 asset, uint256 amount) internal {
        uint256 key = LaneLibrary.key(player, asset, 0);
        _lanes[key] = _home(key, player, asset).credited(amount);
    }

    function _debit(address player, uint16 asset, uint256 amount) internal {
        uint256 key = LaneLibrary.key(player, asset, 0);
        Lane lane = _lanes[key];
        if (amount > lane.balance()) revert BalanceTooLow(lane.balance(), amount);
        _lanes[key] = lane.debited(amount);
    }

    function _addAsset(
        address token,
        address bankroll
    ) internal returns (uint16 asset, uint256 unit) {
        asset = uint16(_assetCount++);
        if ((token == address(0)) != (asset == NATIVE)) revert AssetUnfit(token);
        for (uint16 i; i < asset; ++i) {
            if (_assets[i].token == token) revert AssetUnfit(token);
        }
        unit = asset == NATIVE ? NATIVE_UNIT : Annex(annex).unitOf(token);
        _assets[asset] = Asset(token, uint96(unit), bankroll);
    }

    function _deposit(uint16 asset, uint256 amount, address to) private {
        if (amount == 0) revert AmountZero();
        if (to == address(0)) revert RecipientRefused(to);
        if (gate != address(0) && to != _assets[asset].bankroll) IEligibility(gate).check(to);
        // Above it, `amount * unit` could overflow before the check of what is held.
        if (amount > LaneLibrary.MAX_AMOUNT) revert AssetFull(amount, LaneLibrary.MAX_AMOUNT);

        uint256 held;
        if (asset == NATIVE) {
            if (msg.value != amount * NATIVE_UNIT)
                revert ValueMismatch(msg.value, amount * NATIVE_UNIT);
            held = address(this).balance / NATIVE_UNIT;
        } else {
            if (msg.value != 0) revert ValueMismatch(msg.value, 0);
            held = _pull(asset, amount);
        }
        // All that the ledger counts is held, so no sum in it can outgrow its field.
        if (held > LaneLibrary.MAX_AMOUNT) revert AssetFull(held, LaneLibrary.MAX_AMOUNT);
        uint256 key = LaneLibrary.key(to, asset, 0);
        Lane home = _home(key, to, asset);
        if (home.isGuarded()) limits.noteDeposited(to, asset, amount);
        _lanes[key] = home.credited(amount);

        emit Deposited(to, asset, amount, msg.sender);
    }

    /// @notice A player's account in an asset. An empty one begins with what binds the player in the others, whoever
    /// credits it first.
    function _home(uint256 key, address player, uint16 asset) private returns (Lane home) {
        home = _lanes[key];
        if (Lane.unwrap(home) != 0) return home;
        if (asset >= _assetCount) revert AssetUnknown(asset);
        if (_affiliates[player] != address(0)) home = home.referred();
        if (!limits.isGuarded(player)) return home;

        emit PlayerGuarded(player, asset);
        return home.guarded();
    }

    /// @dev Calls the token before the credit, under the lock: only the balance tells what came in.
    function _pull(uint16 asset, uint256 amount) private returns (uint256 held) {
        (address token, uint256 unit) = _token(asset);
        uint256 before = IERC20(token).balanceOf(address(this));
        IERC20(token).safeTransferFrom(msg.sender, address(this), amount * unit);
        uint256 afterwards = IERC20(token).balanceOf(address(this));
        uint256 received = afterwards > before ? afterwards - before : 0;
        if (received != amount * unit) revert TransferMismatch(received, amount * unit);
        return afterwards / unit;
    }

    function _token(uint16 asset) private view returns (address token, uint256 unit) {
        Asset storage listed = _assets[asset];
        (token, unit) = (listed.token, listed.unit);
        if (token == address(0)) revert AssetUnknown(asset);
    }

    function _units(uint256 value, uint256 unit) private pure returns (uint256) {
        if (value % unit != 0) revert AmountNotWhole(value, unit);
        return value / unit;
    }
}
