// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {ICasino} from "./ICasino.sol";
import {IERC7540Deposit, IERC7540Operator, IERC7540Redeem, IERC7575} from "./IERC7540.sol";

/// @title The bankroll of one asset, in ERC-20 shares
/// @notice Liquidity providers (LPs) own the bankroll that bets are paid from, and share its profit and loss. Deposits
/// and redemptions are requested at any time and executed together at the close of the casino's epoch, at one price.
///
/// WHEN. A request belongs to the epoch in which it is made. `casino.rollEpoch` ends the epoch; once each of its bets is
/// settled or void, anyone calls `close`, which executes its requests at the equity that those bets left. A bet's
/// profit or loss belongs to the epoch of its round, whenever it is settled: nobody can know the price of a request
/// when making it, and a request cannot be taken back. What is requested between the roll and the close belongs to the
/// next epoch.
///
/// PRICE. (equity + 1 unit) / (supply + 1e6 share units), both before the requests of the epoch. The 1 and the 1e6 are
/// virtual: a first depositor who inflates the price loses a million times what others lose by rounding. Equity is
/// the casino's own accounting: tokens or balances given to this contract or to the casino change nothing.
///
/// LIQUIDITY. Redemptions are paid from what the bankroll has free of reserves at the close, deposits of the same epoch
/// included. If that is short, each pending redemption, old or new, is filled by the same fraction; the rest stays
/// pending, at the profit, loss and price of the next epochs. Pending shares are shares still.
///
/// EMPTY BANKROLL. With equity 0 a close neither reverts nor hands deposits to the old shares: at the price above all
/// of these are worth less than one unit, so the new shares own all but that unit of what they paid. Should supply then outgrow
/// `type(uint128).max`, the deposits of that epoch are refunded: they are claimable through `withdraw`, for no shares.
///
/// AMOUNTS. Assets are in the token's smallest unit, as ERC-7540 wants, and whole units of the casino (`ICasino`: 1 gwei
/// for ETH); events and functions named "Epoch" count casino units. Shares have six decimals more than the casino's ledger.
/// Every rounding favours the pool: a claim forgoes less than one unit, shares below 1e-6 units; that dust stays in this
/// contract. A redemption of which less than 2^-64 is left counts as filled.
///
/// STANDARDS. ERC-7540 with `requestId` 0: a controller's requests are one, so that any number of them is claimed in
/// constant time; `deposit`/`mint` and `redeem`/`withdraw` claim at the average price of what is claimable. ERC-7575
/// with `share()` this contract itself. ERC-20 with ERC-2612. Assets are the ERC-7528 address for the native coin.
///
/// INVARIANTS
/// I6  the price moves only in `close`
/// I8  `close` succeeds whenever the casino lets the epoch close; claims succeed always
/// B1  this contract's balance in the casino >= pending deposits + claimable redemptions
/// B2  shares escrowed here >= pending redemptions + claimable deposits
///
/// TRUST. None: no owner, no role, no fee, no upgrade. The casino is trusted as `ICasino` says.
interface IBankroll is IERC7575, IERC7540Operator, IERC7540Deposit, IERC7540Redeem, IERC165 {
    // -- Errors --

    /// @notice The caller is neither this account nor its operator.
    error NotOperator(address account, address caller);
    /// @notice More than is claimable (asset or share units, as the function counts).
    error AmountAboveClaimable(uint256 amount, uint256 claimable);
    /// @notice Requests execute at a price that nobody knows yet: nothing can be previewed.
    error PreviewUnavailable();

    // -- Events --

    /// @notice An epoch's requests were executed.
    /// @param equity Units that the epoch's bets left to the LPs, before its requests.
    /// @param sharePriceWad Price of one whole share in whole assets, rounded down.
    /// @param deposits Units that were deposited.
    /// @param redemptions Share units that were due, those of older epochs included.
    /// @param filled Share units of them that were paid and burned.
    event EpochPriced(
        uint256 indexed epoch,
        uint256 equity,
        uint256 sharePriceWad,
        uint256 deposits,
        uint256 redemptions,
        uint256 filled
    );
    /// @notice The deposits of an epoch (units) are given back: no share count could express their part.
    event DepositsRefunded(uint256 indexed epoch, uint256 amount);

    // -- Epochs --

    /// @notice Closes the epoch that ended and executes its requests. Anyone may call.
    /// @return epoch The one closed.
    /// @return equity Units that it left to the LPs, before its requests.
    /// @dev Reverts only with `ICasino.EpochNotClosed`: none to close, or bets of it are unresolved; and of a bankroll that
    /// is not listed with `ICasino.NotBankroll`. Constant work.
    function close() external returns (uint256 epoch, uint256 equity);

    /// @notice What was requested in an epoch and how it was executed.
    /// @return deposits Units requested to be deposited in it.
    /// @return redemptions Share units requested to be redeemed in it.
    /// @return priceAssets Its price is this many units ...
    /// @return priceShares ... for this many share units; 0 for 0 until closed.
    /// @return refunded Whether its deposits were refunded.
    function epochAt(
        uint256 epoch
    )
        external
        view
        returns (
            uint256 deposits,
            uint256 redemptions,
            uint256 priceAssets,
            uint256 priceShares,
            bool refunded
        );

    /// @notice Share units that wait for liquidity since earlier closes.
    function unfilledShares() external view returns (uint256);

    function casino() external view returns (ICasino);

    /// @notice The number of the asset in the casino.
    function assetId() external view returns (uint16);
}
