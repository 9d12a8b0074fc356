// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";
import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
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

/// @title The bankroll's books: its epochs, and what each LP has requested and can claim
abstract contract BankrollBooks is ERC20Permit, IBankroll {
    using Redemptions for Redemptions.Pool;

    /// ERC-7528's address for the native coin.
    address private constant NATIVE = 0xEeeeeEeeeEeEeeEeEeEeeEEEeeeeEeeeeeeeEEeE;
    /// The ERC's name for all requests of a controller taken together.
    uint256 internal constant REQUEST_ID = 0;
    uint8 private constant OFFSET_DECIMALS = 6;
    uint8 private constant MAX_LEDGER_DECIMALS = 9;
    uint256 internal constant VIRTUAL_SHARES = 10 ** OFFSET_DECIMALS;
    uint256 internal constant VIRTUAL_ASSETS = 1;

    /// @inheritdoc IBankroll
    ICasino public immutable casino;
    /// @inheritdoc IBankroll
    uint16 public immutable assetId;

    /// @dev Units fit 56 bits, share units 128, epochs 20.
    struct Epoch {
        uint64 deposits;
        bool refunded;
        uint128 redemptions;
        uint64 priceAssets;
        uint128 priceShares;
        /// Where its redemptions joined those of the epochs before.
        Redemptions.Mark mark;
    }

    /// @dev What a controller requested in an epoch that has not closed yet.
    struct Request {
        uint32 epoch;
        uint64 assets;
        uint128 shares;
    }

    struct Account {
        /// Executed deposits to claim: what they paid, and the shares they got.
        uint64 paidAssets;
        uint128 boughtShares;
        /// Executed redemptions to claim: what they got, and the shares they gave.
        uint64 soldAssets;
        uint128 soldShares;
        /// Redemptions waiting for liquidity, as of `mark`.
        uint128 unfilled;
        Redemptions.Mark mark;
        /// At most two epochs are not closed, one even and one odd: the current one and the one before.
        Request even;
        Request odd;
    }

    Redemptions.Pool internal _pool;
    /// Units of the LPs after the last close.
    uint64 internal _equity;
    /// All epochs before it are closed.
    uint32 internal _nextToClose;
    mapping(uint256 number => Epoch) internal _epochs;
    mapping(address controller => Account) internal _accounts;
    mapping(address controller => mapping(address operator => bool)) public isOperator;

    /// @param asset_ The number that the casino will list the asset under, with this contract as its bankroll.
    constructor(
        ICasino casino_,
        uint16 asset_,
        string memory name_,
        string memory symbol_
    ) ERC20(name_, symbol_) ERC20Permit(name_) {
        casino = casino_;
        assetId = asset_;
        _pool.survival = Redemptions.ONE;
    }

    // -- An LP's part --

    /// @notice The account with all closed epochs worked in.
    function _accountOf(address controller) internal view returns (Account memory account) {
        account = _accounts[controller];
        uint256 unfilled = account.unfilled;
        if (unfilled != 0) {
            account.unfilled = 0;
            _work(account, unfilled, account.mark);
        }
        _work(account, account.even);
        _work(account, account.odd);
        if (account.unfilled != 0) account.mark = _pool.mark();
    }

    /// @notice Moves an executed request into what is claimable or unfilled.
    function _work(Account memory account, Request memory request) private view {
        if (request.epoch >= _nextToClose) return;
        Epoch storage epoch = _epochs[request.epoch];
        if (request.assets != 0) {
            if (epoch.refunded) {
                account.soldAssets += request.assets;
            } else {
                account.paidAssets += request.assets;
                account.boughtShares += uint128(
                    Math.mulDiv(request.assets, epoch.priceShares, epoch.priceAssets)
                );
            }
        }
        if (request.shares != 0) _work(account, request.shares, epoch.mark);
        (request.assets, request.shares) = (0, 0);
    }

    function _work(
        Account memory account,
        uint256 shares,
        Redemptions.Mark memory from
    ) private view {
        (uint256 paid, uint256 left) = _pool.since(from, shares);
        account.soldAssets += uint64(paid);
        account.soldShares += uint128(shares - left);
        account.unfilled += uint128(left);
    }

    /// @notice The account's request of the current epoch; an older one in its place is closed and worked in.
    function _requestOf(Account memory account) internal view returns (Request memory request) {
        (uint256 epoch, , , , ) = ICasinoViews(address(casino)).head();
        request = epoch & 1 == 0 ? account.even : account.odd;
        request.epoch = uint32(epoch);
    }

    // -- Views --

    /// @inheritdoc IERC7540Deposit
    function pendingDepositRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256) {
        if (requestId != REQUEST_ID) return 0;
        Account memory account = _accountOf(controller);
        return (uint256(account.even.assets) + account.odd.assets) * _unit();
    }

    /// @inheritdoc IERC7540Deposit
    function claimableDepositRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256) {
        return requestId == REQUEST_ID ? maxDeposit(controller) : 0;
    }

    /// @inheritdoc IERC7540Redeem
    function pendingRedeemRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256) {
        if (requestId != REQUEST_ID) return 0;
        Account memory account = _accountOf(controller);
        return uint256(account.unfilled) + account.even.shares + account.odd.shares;
    }

    /// @inheritdoc IERC7540Redeem
    function claimableRedeemRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256) {
        return requestId == REQUEST_ID ? maxRedeem(controller) : 0;
    }

    /// @inheritdoc IERC7575
    function maxDeposit(address controller) public view returns (uint256) {
        return _accountOf(controller).paidAssets * _unit();
    }

    /// @inheritdoc IERC7575
    function maxMint(address controller) external view returns (uint256) {
        return _accountOf(controller).boughtShares;
    }

    /// @inheritdoc IERC7575
    function maxWithdraw(address controller) external view returns (uint256) {
        return _accountOf(controller).soldAssets * _unit();
    }

    /// @inheritdoc IERC7575
    function maxRedeem(address controller) public view returns (uint256) {
        return _accountOf(controller).soldShares;
    }

    /// @inheritdoc IERC7575
    function asset() external view returns (address token) {
        (token, ) = _listing();
        if (token == address(0)) token = NATIVE;
    }

    /// @inheritdoc IERC7575
    function share() external view returns (address) {
        return address(this);
    }

    /// @inheritdoc IERC7575
    function totalAssets() external view returns (uint256) {
        return _equity * _unit();
    }

    /// @inheritdoc IERC7575
    function convertToShares(uint256 assets) external view returns (uint256) {
        return
            Math.mulDiv(
                assets,
                totalSupply() + VIRTUAL_SHARES,
                (_equity + VIRTUAL_ASSETS) * _unit()
            );
    }

    /// @inheritdoc IERC7575
    function convertToAssets(uint256 shares) external view returns (uint256) {
        return
            Math.mulDiv(shares, _equity + VIRTUAL_ASSETS, totalSupply() + VIRTUAL_SHARES) * _unit();
    }

    /// @inheritdoc IERC7575
    function previewDeposit(uint256) external pure returns (uint256) {
        revert PreviewUnavailable();
    }

    /// @inheritdoc IERC7575
    function previewMint(uint256) external pure returns (uint256) {
        revert PreviewUnavailable();
    }

    /// @inheritdoc IERC7575
    function previewRedeem(uint256) external pure returns (uint256) {
        revert PreviewUnavailable();
    }

    /// @inheritdoc IERC7575
    function previewWithdraw(uint256) external pure returns (uint256) {
        revert PreviewUnavailable();
    }

    /// @inheritdoc IBankroll
    function epochAt(
        uint256 number
    ) external view returns (uint256, uint256, uint256, uint256, bool) {
        Epoch storage epoch = _epochs[number];
        return (
            epoch.deposits,
            epoch.redemptions,
            epoch.priceAssets,
            epoch.priceShares,
            epoch.refunded
        );
    }

    /// @inheritdoc IBankroll
    function unfilledShares() external view returns (uint256) {
        return _pool.shares;
    }

    function decimals() public view override returns (uint8) {
        (address token, ) = _listing();
        uint8 own = token == address(0) ? MAX_LEDGER_DECIMALS : IERC20Metadata(token).decimals();
        return (own < MAX_LEDGER_DECIMALS ? own : MAX_LEDGER_DECIMALS) + OFFSET_DECIMALS;
    }

    function supportsInterface(bytes4 id) external pure returns (bool) {
        return
            id == type(IERC165).interfaceId ||
            id == type(IERC7575).interfaceId ||
            id == type(IERC7540Operator).interfaceId ||
            id == type(IERC7540Deposit).interfaceId ||
            id == type(IERC7540Redeem).interfaceId;
    }

    function _listing() internal view returns (address token, uint256 unit) {
        address bankroll;
        (token, unit, bankroll) = ICasinoViews(address(casino)).assetOf(assetId);
        if (bankroll != address(this)) revert ICasino.NotBankroll(address(this));
    }

    function _unit() private view returns (uint256 unit) {
        (, unit) = _listing();
    }

    function _units(uint256 amount, uint256 unit) internal pure returns (uint256) {
        if (amount % unit != 0) revert ICasino.AmountNotWhole(amount, unit);
        return amount / unit;
    }

    function _onlyAs(address account) internal view {
        if (msg.sender != account && !isOperator[account][msg.sender])
            revert NotOperator(account, msg.sender);
    }
}
