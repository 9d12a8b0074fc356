// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";
import {BankrollBooks} from "./BankrollBooks.sol";
import {IBankroll} from "./interfaces/IBankroll.sol";
import {ICasino} from "./interfaces/ICasino.sol";
import {ICasinoViews} from "./interfaces/ICasinoViews.sol";
import {
    IERC7540Deposit,
    IERC7540Operator,
    IERC7540Redeem,
    IERC7575
} from "./interfaces/IERC7540.sol";
import {Redemptions} from "./types/Redemptions.sol";

/// @title Bankroll: shares in what one asset's bets are paid from
/// @dev Holds no tokens: its money is its own balance in the casino's ledger, and claims are the casino's withdrawals.
/// Supply changes only at a close, in one sum; each LP's part of it is worked out when they are next seen.
contract Bankroll is BankrollBooks, ReentrancyGuardTransient {
    using Redemptions for Redemptions.Pool;
    using SafeERC20 for IERC20;

    uint256 private constant MAX_SUPPLY = type(uint128).max;
    uint256 private constant WAD = 1e18;

    /// @param asset_ The number that the casino will list the asset under, with this contract as its bankroll.
    constructor(
        ICasino casino_,
        uint16 asset_,
        string memory name_,
        string memory symbol_
    ) BankrollBooks(casino_, asset_, name_, symbol_) {}

    // -- Requests --

    /// @inheritdoc IERC7540Deposit
    function requestDeposit(
        uint256 assets,
        address controller,
        address owner
    ) external payable nonReentrant returns (uint256) {
        _onlyAs(owner);
        (address token, uint256 unit) = _listing();
        uint256 units = _units(assets, unit);
        if (units == 0) revert ICasino.AmountZero();
        if (controller == address(0)) revert ICasino.RecipientRefused(controller);

        Account memory account = _accountOf(controller);
        Request memory request = _requestOf(account);
        // The casino refuses what 56 bits cannot hold.
        request.assets += uint64(units);
        _epochs[request.epoch].deposits += uint64(units);
        _accounts[controller] = account;

        emit DepositRequest(controller, owner, REQUEST_ID, msg.sender, assets);

        if (token != address(0)) {
            IERC20(token).safeTransferFrom(owner, address(this), assets);
            IERC20(token).forceApprove(address(casino), assets);
        }
        // The casino checks the coins sent and the tokens received.
        casino.deposit{value: msg.value}(assetId, units, address(this));
        return REQUEST_ID;
    }

    /// @inheritdoc IERC7540Redeem
    function requestRedeem(
        uint256 shares,
        address controller,
        address owner
    ) external nonReentrant returns (uint256) {
        if (shares == 0) revert ICasino.AmountZero();
        if (controller == address(0)) revert ICasino.RecipientRefused(controller);
        _listing();
        if (msg.sender != owner && !isOperator[owner][msg.sender])
            _spendAllowance(owner, msg.sender, shares);

        _transfer(owner, address(this), shares);
        Account memory account = _accountOf(controller);
        Request memory request = _requestOf(account);
        request.shares += uint128(shares);
        _epochs[request.epoch].redemptions += uint128(shares);
        _accounts[controller] = account;

        emit RedeemRequest(controller, owner, REQUEST_ID, msg.sender, shares);
        return REQUEST_ID;
    }

    /// @inheritdoc IERC7540Operator
    function setOperator(address operator, bool approved) external returns (bool) {
        isOperator[msg.sender][operator] = approved;

        emit OperatorSet(msg.sender, operator, approved);
        return true;
    }

    // -- Closing --

    /// @inheritdoc IBankroll
    function close() external nonReentrant returns (uint256 number, uint256 equity) {
        (number, equity) = casino.closeEpoch(assetId);
        Epoch storage epoch = _epochs[number];
        uint256 assets = equity + VIRTUAL_ASSETS;
        uint256 shares = totalSupply() + VIRTUAL_SHARES;

        epoch.priceAssets = uint64(assets);
        epoch.priceShares = uint128(shares);
        _nextToClose = uint32(number + 1);
        uint256 bought = _buy(number, epoch, assets, shares);
        uint256 due = _pool.shares + epoch.redemptions;
        (uint256 filled, uint256 paid) = _sell(epoch, due, assets, shares);
        _equity = uint64(equity + bought - paid);

        emit EpochPriced(
            number,
            equity,
            Math.mulDiv(assets, VIRTUAL_SHARES * WAD, shares),
            bought,
            due,
            filled
        );
    }

    /// @notice Executes the deposits of an epoch: mints their shares and moves their money into the bankroll.
    function _buy(
        uint256 number,
        Epoch storage epoch,
        uint256 assets,
        uint256 shares
    ) private returns (uint256 bought) {
        bought = epoch.deposits;
        if (bought == 0) return 0;
        // Rounds down, as each claim will: the claims add up to at most what is minted.
        uint256 minted = Math.mulDiv(bought, shares, assets);
        if (shares + minted > MAX_SUPPLY) {
            epoch.refunded = true;
            emit DepositsRefunded(number, bought);
            return 0;
        }
        _mint(address(this), minted);
        casino.fundBankroll(assetId, bought);
    }

    /// @notice Pays what is due of the redemptions, or the part of it that is free.
    function _sell(
        Epoch storage epoch,
        uint256 due,
        uint256 assets,
        uint256 shares
    ) private returns (uint256 filled, uint256 paid) {
        if (due == 0) return (0, 0);
        epoch.mark = _pool.mark();
        _pool.shares = uint128(due);
        ICasino.Books memory books = ICasinoViews(address(casino)).houseOf(assetId);
        uint256 free = books.bankroll - books.reserved;
        filled = due;
        // Rounds down: never above the equity, since the virtual shares own a part too.
        paid = Math.mulDiv(due, assets, shares);
        if (paid > free) {
            // Less than is due, as free * shares / assets < due; and then worth at most what is free.
            filled = Math.mulDiv(free, shares, assets);
            paid = Math.mulDiv(filled, assets, shares);
        }
        if (filled == 0) return (0, 0);
        _pool.fill(filled, paid);
        _burn(address(this), filled);
        if (paid != 0) casino.drawBankroll(assetId, paid);
    }

    // -- Claims --

    /// @inheritdoc IERC7575
    function deposit(uint256 assets, address receiver) external returns (uint256) {
        return deposit(assets, receiver, msg.sender);
    }

    /// @inheritdoc IERC7540Deposit
    function deposit(
        uint256 assets,
        address receiver,
        address controller
    ) public nonReentrant returns (uint256 shares) {
        (, uint256 unit) = _listing();
        uint256 units = _units(assets, unit);
        Account memory account = _accountOf(controller);
        _checkClaim(controller, units, account.paidAssets);
        // Rounds down: the last claim gets what the others left.
        shares = Math.mulDiv(units, account.boughtShares, account.paidAssets);

        _claimShares(account, units, shares, receiver, controller, assets);
    }

    /// @inheritdoc IERC7575
    function mint(uint256 shares, address receiver) external returns (uint256) {
        return mint(shares, receiver, msg.sender);
    }

    /// @inheritdoc IERC7540Deposit
    function mint(
        uint256 shares,
        address receiver,
        address controller
    ) public nonReentrant returns (uint256 assets) {
        (, uint256 unit) = _listing();
        Account memory account = _accountOf(controller);
        _checkClaim(controller, shares, account.boughtShares);
        uint256 units = Math.mulDiv(
            shares,
            account.paidAssets,
            account.boughtShares,
            Math.Rounding.Ceil
        );
        assets = units * unit;

        _claimShares(account, units, shares, receiver, controller, assets);
    }

    /// @inheritdoc IERC7575
    function redeem(
        uint256 shares,
        address receiver,
        address controller
    ) external nonReentrant returns (uint256 assets) {
        (, uint256 unit) = _listing();
        Account memory account = _accountOf(controller);
        _checkClaim(controller, shares, account.soldShares);
        uint256 units = Math.mulDiv(shares, account.soldAssets, account.soldShares);
        assets = units * unit;

        _claimAssets(account, units, shares, receiver, controller, assets);
    }

    /// @inheritdoc IERC7575
    function withdraw(
        uint256 assets,
        address receiver,
        address controller
    ) external nonReentrant returns (uint256 shares) {
        (, uint256 unit) = _listing();
        uint256 units = _units(assets, unit);
        Account memory account = _accountOf(controller);
        _checkClaim(controller, units, account.soldAssets);
        shares = Math.mulDiv(units, account.soldShares, account.soldAssets, Math.Rounding.Ceil);

        _claimAssets(account, units, shares, receiver, controller, assets);
    }

    function _claimShares(
        Account memory account,
        uint256 units,
        uint256 shares,
        address receiver,
        address controller,
        uint256 assets
    ) private {
        account.paidAssets -= uint64(units);
        account.boughtShares -= uint128(shares);
        _accounts[controller] = account;
        _transfer(address(this), receiver, shares);

        emit Deposit(controller, receiver, assets, shares);
    }

    function _claimAssets(
        Account memory account,
        uint256 units,
        uint256 shares,
        address receiver,
        address controller,
        uint256 assets
    ) private {
        account.soldAssets -= uint64(units);
        account.soldShares -= uint128(shares);
        _accounts[controller] = account;

        emit Withdraw(msg.sender, receiver, controller, assets, shares);

        // Shares can be worth nothing, which the casino would not move.
        if (units != 0) casino.withdraw(assetId, units, receiver);
    }

    function _checkClaim(address controller, uint256 amount, uint256 claimable) private view {
        _onlyAs(controller);
        if (amount == 0) revert ICasino.AmountZero();
        if (amount > claimable) revert AmountAboveClaimable(amount, claimable);
    }
}
