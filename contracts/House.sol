// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ICasino} from "./interfaces/ICasino.sol";
import {Annex} from "./Annex.sol";
import {Rounds} from "./Rounds.sol";
import {GameBook} from "./types/GameBook.sol";
import {HouseLibrary, HouseSlot} from "./types/HouseSlot.sol";
import {Listing} from "./types/Listing.sol";

/// @title House: the bankroll of each asset, its epochs, and the games' terms
abstract contract House is Rounds {
    /// Numbers of epochs have 20 bits: twenty years of the shortest.
    uint256 private constant MIN_EPOCH_SECONDS = 10 minutes;
    uint256 private constant MAX_EPOCH_SECONDS = 7 days;
    uint256 private constant MAX_ASSETS = 256;
    uint256 private constant MAX_GAMES = (1 << 12) - 1;
    /// Of the operator's fee, which is half of the edge at the most: no referral makes a bet profitable.
    uint256 private constant AFFILIATE_BPS = 2_500;

    /// @notice Shortest time between two closes of an epoch.
    uint256 public immutable epochSeconds;

    /// @dev The epoch that ended last: its bets to resolve, and the equity that they leave.
    struct Closing {
        uint64 equity;
        uint32 openBets;
        bool closed;
    }

    mapping(uint16 asset => HouseSlot) internal _houses;
    mapping(uint16 asset => Closing) internal _closings;
    mapping(uint256 gameAndAsset => Listing) internal _listings;
    mapping(uint256 gameAndAsset => GameBook) internal _gameBooks;
    mapping(uint256 playerAndAsset => uint256) private _accrued;
    address[] private _games;
    uint256 private _epochStart;

    constructor(uint256 epochSeconds_) {
        if (epochSeconds_ < MIN_EPOCH_SECONDS)
            revert OutOfBounds("epoch", epochSeconds_, MIN_EPOCH_SECONDS);
        if (epochSeconds_ > MAX_EPOCH_SECONDS)
            revert OutOfBounds("epoch", epochSeconds_, MAX_EPOCH_SECONDS);
        epochSeconds = epochSeconds_;
        _epochStart = block.timestamp;
    }

    // -- Bankroll and epochs --

    /// @inheritdoc ICasino
    function fundBankroll(uint16 asset, uint256 amount) external nonReentrant {
        _onlyBankroll(asset);

        _debit(msg.sender, asset, amount);
        HouseSlot house = _houses[asset];
        _houses[asset] = _resized(house, house.funded(amount));

        emit BankrollFunded(asset, amount);
    }

    /// @inheritdoc ICasino
    function drawBankroll(uint16 asset, uint256 amount) external nonReentrant {
        _onlyBankroll(asset);
        HouseSlot house = _houses[asset];
        uint256 free = house.bankroll() - house.reserved();
        if (amount > free) revert BankrollTooLow(free, amount);

        _houses[asset] = _resized(house, house.drawn(amount));
        _credit(msg.sender, asset, amount);

        emit BankrollDrawn(asset, amount);
    }

    /// @inheritdoc ICasino
    function rollEpoch() external nonReentrant {
        uint256 end = _epochStart + epochSeconds;
        if (block.timestamp < end) revert EpochNotOver(end);
        uint256 count = _assetCount;
        for (uint16 asset; asset < count; ++asset) {
            if (!_closings[asset].closed) revert EpochNotClosed(asset, _closings[asset].openBets);
        }

        _head = _head.rolled();
        uint256 epoch = _head.epoch();
        for (uint16 asset; asset < count; ++asset) {
            HouseSlot house = _houses[asset];
            _closings[asset] = Closing(uint64(house.bankroll()), uint32(house.openBets()), false);
            // A mark that was not reached again fades by an eighth an epoch: no owner resets the breaker.
            uint256 mark = (house.mark() * 7) / 8;
            if (mark < house.bankroll()) mark = house.bankroll();
            _houses[asset] = house.rolled(epoch).withMark(mark);
        }
        _epochStart = block.timestamp;

        emit EpochRolled(epoch, block.timestamp);
    }

    /// @inheritdoc ICasino
    function closeEpoch(
        uint16 asset
    ) external nonReentrant returns (uint256 epoch, uint256 equity) {
        _onlyBankroll(asset);
        Closing storage closing = _closings[asset];
        if (closing.closed || closing.openBets != 0) revert EpochNotClosed(asset, closing.openBets);

        closing.closed = true;
        epoch = _head.epoch() - 1;
        equity = closing.equity;

        emit EpochClosed(epoch, asset, equity);
    }

    // -- Governance --

    /// @inheritdoc ICasino
    function listAsset(address token, address bankroll) external restricted returns (uint16 asset) {
        if (_assetCount == MAX_ASSETS) revert OutOfBounds("assets", MAX_ASSETS, MAX_ASSETS);
        // An asset whose epoch nobody could close would stop the epochs of all.
        if (bankroll.code.length == 0) revert NotBankroll(bankroll);

        uint256 unit;
        (asset, unit) = _addAsset(token, bankroll);
        _houses[asset] = HouseLibrary.listed(_head.epoch());
        _closings[asset].closed = true;

        emit AssetListed(asset, token, unit, bankroll);
    }

    /// @inheritdoc ICasino
    function listGame(address rules) external restricted returns (uint16 game) {
        if (_games.length == MAX_GAMES) revert OutOfBounds("games", MAX_GAMES, MAX_GAMES);
        if (rules.code.length == 0) revert OutOfBounds("rules", 0, 1);

        _games.push(rules);
        game = uint16(_games.length);

        emit GameListed(game, rules);
    }

    /// @inheritdoc ICasino
    function setTerms(uint16 game, uint16 asset, Terms calldata terms) external restricted {
        if (game == 0 || game > _games.length) revert GameNotListed(game, 0);
        _listedHouse(asset);
        uint256 key = _listingKey(game, asset);
        Terms memory stored;
        (_listings[key], _gameBooks[key], stored) = Annex(annex).pack(
            _games[game - 1],
            terms,
            _listings[key],
            _gameBooks[key]
        );

        emit TermsSet(game, asset, stored);
    }

    /// @inheritdoc ICasino
    function delist(uint16 game, uint16 asset) external restricted {
        _delist(game, asset, false);
    }

    /// @inheritdoc ICasino
    function claimFees(uint16 asset, uint256 amount, address to) external restricted nonReentrant {
        HouseSlot house = _listedHouse(asset);
        if (to == address(0)) revert RecipientRefused(to);
        if (amount > house.fees()) revert BalanceTooLow(house.fees(), amount);

        _houses[asset] = house.feesTaken(amount);
        _credit(to, asset, amount);

        emit FeesClaimed(asset, amount, to);
    }

    /// @inheritdoc ICasino
    function claimReferral(address player, uint16 asset) external nonReentrant {
        address affiliate = _affiliates[player];
        uint256 account = _account(player, asset);
        uint256 amount = _accrued[account];
        if (amount == 0) revert AmountZero();

        _accrued[account] = 0;
        _credit(affiliate, asset, amount);

        emit ReferralClaimed(player, asset, amount, affiliate);
    }

    // -- For the bets --

    function _listedHouse(uint16 asset) internal view returns (HouseSlot house) {
        house = _houses[asset];
        if (!house.isListed()) revert AssetUnknown(asset);
    }

    function _listingKey(uint16 game, uint16 asset) internal pure returns (uint256) {
        return (uint256(game) << 16) | asset;
    }

    function _delist(uint16 game, uint16 asset, bool faulty) internal {
        uint256 key = _listingKey(game, asset);
        Listing listing = _listings[key];
        if (!listing.isListed()) {
            // Several bets can find the same fault: one of them is enough.
            if (faulty) return;
            revert GameNotListed(game, asset);
        }
        _listings[key] = listing.delisted();

        emit GameDelisted(game, asset, faulty);
    }

    /// @notice Counts a resolved bet of the closing epoch, with what it did to the bankroll.
    function _countClosing(uint16 asset, uint256 before, uint256 afterwards) internal {
        Closing storage closing = _closings[asset];
        closing.openBets -= 1;
        closing.equity = uint64(closing.equity + afterwards - before);
    }

    /// @notice Moves the affiliate's part of a fee out of the house's fees.
    /// @param account Player and asset.
    function _accrue(uint256 account, HouseSlot house, uint256 fee) internal returns (HouseSlot) {
        unchecked {
            uint256 part = (fee * AFFILIATE_BPS) / 10_000;
            _accrued[account] += part;
            return house.feesTaken(part);
        }
    }

    /// @notice The house with another bankroll, of deposits or redemptions: no drawdown and no gain, so the mark moves along.
    /// Of less than 16 units, or than a 1,024th of its mark, nothing is left to go on from: the mark begins anew.
    function _resized(HouseSlot before, HouseSlot house) private pure returns (HouseSlot) {
        uint256 mark =
            before.bankroll() >> 4 <= before.mark() >> 14
                ? house.bankroll()
                : (before.mark() * house.bankroll()) / before.bankroll();
        return house.withMark(mark);
    }

    function _account(address player, uint16 asset) private pure returns (uint256) {
        return (uint256(uint160(player)) << 16) | asset;
    }

    function _onlyBankroll(uint16 asset) private view {
        if (msg.sender != _assets[asset].bankroll) revert NotBankroll(msg.sender);
    }
}
