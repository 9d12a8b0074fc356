// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title ERC-7540, asynchronous ERC-4626 vaults: operators
/// @dev https://eips.ethereum.org/EIPS/eip-7540, interface id 0xe3bc4e65
interface IERC7540Operator {
    event OperatorSet(address indexed controller, address indexed operator, bool approved);

    function setOperator(address operator, bool approved) external returns (bool);
    function isOperator(address controller, address operator) external view returns (bool);
}

/// @title ERC-7540: asynchronous deposits
/// @dev Interface id 0xce3bbe50. `requestDeposit` is payable, which its selector does not show: coins come with it.
interface IERC7540Deposit {
    event DepositRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 assets
    );

    function requestDeposit(
        uint256 assets,
        address controller,
        address owner
    ) external payable returns (uint256 requestId);
    function pendingDepositRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256 assets);
    function claimableDepositRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256 assets);
    function deposit(
        uint256 assets,
        address receiver,
        address controller
    ) external returns (uint256 shares);
    function mint(
        uint256 shares,
        address receiver,
        address controller
    ) external returns (uint256 assets);
}

/// @title ERC-7540: asynchronous redemptions
/// @dev Interface id 0x620ee8e4
interface IERC7540Redeem {
    event RedeemRequest(
        address indexed controller,
        address indexed owner,
        uint256 indexed requestId,
        address sender,
        uint256 shares
    );

    function requestRedeem(
        uint256 shares,
        address controller,
        address owner
    ) external returns (uint256 requestId);
    function pendingRedeemRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256 shares);
    function claimableRedeemRequest(
        uint256 requestId,
        address controller
    ) external view returns (uint256 shares);
}

/// @title ERC-7575: a vault whose share may be a token of its own
/// @dev https://eips.ethereum.org/EIPS/eip-7575, interface id 0x2f0a18c5
interface IERC7575 {
    event Deposit(address indexed sender, address indexed owner, uint256 assets, uint256 shares);
    event Withdraw(
        address indexed sender,
        address indexed receiver,
        address indexed owner,
        uint256 assets,
        uint256 shares
    );

    function asset() external view returns (address);
    function share() external view returns (address);
    function totalAssets() external view returns (uint256);
    function convertToShares(uint256 assets) external view returns (uint256 shares);
    function convertToAssets(uint256 shares) external view returns (uint256 assets);
    function maxDeposit(address controller) external view returns (uint256 assets);
    function previewDeposit(uint256 assets) external view returns (uint256 shares);
    function deposit(uint256 assets, address receiver) external returns (uint256 shares);
    function maxMint(address controller) external view returns (uint256 shares);
    function previewMint(uint256 shares) external view returns (uint256 assets);
    function mint(uint256 shares, address receiver) external returns (uint256 assets);
    function maxWithdraw(address controller) external view returns (uint256 assets);
    function previewWithdraw(uint256 assets) external view returns (uint256 shares);
    function withdraw(
        uint256 assets,
        address receiver,
        address controller
    ) external returns (uint256 shares);
    function maxRedeem(address controller) external view returns (uint256 shares);
    function previewRedeem(uint256 shares) external view returns (uint256 assets);
    function redeem(
        uint256 shares,
        address receiver,
        address controller
    ) external returns (uint256 assets);
}
