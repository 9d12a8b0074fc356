// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IERC20Metadata} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Metadata.sol";
import {ICasino} from "./interfaces/ICasino.sol";
import {ICasinoViews} from "./interfaces/ICasinoViews.sol";
import {Extras} from "./types/Extras.sol";
import {GameBook} from "./types/GameBook.sol";
import {HeadSlot} from "./types/HeadSlot.sol";
import {HouseSlot} from "./types/HouseSlot.sol";
import {Lane, LaneLibrary} from "./types/Lane.sol";
import {Listing, ListingLibrary} from "./types/Listing.sol";
import {RoundLibrary, RoundSlot} from "./types/RoundSlot.sol";
import {VrfSource} from "./VrfSource.sol";

/// @title Annex: what the casino's code has no room for
/// @notice Reads the casino's storage in words, checks and packs the terms that governance sets, and creates the contracts of
/// later sources. It holds no money and no state and has no power over the casino, which created it.
/// @dev Views come through the casino's fallback, by a static call; they read one word after another through `ICasino.peek`.
contract Annex is ICasinoViews {
    /// @inheritdoc ICasinoViews
    uint256 public constant VOID_AFTER_SECONDS = RoundLibrary.VOID_AFTER_SECONDS;
    /// @inheritdoc ICasinoViews
    uint256 public constant MAX_PAUSE_SECONDS = RoundLibrary.MAX_PAUSE_SECONDS;
    /// @inheritdoc ICasinoViews
    uint256 public constant PAUSE_COOL_DOWN_SECONDS = RoundLibrary.PAUSE_COOL_DOWN_SECONDS;
    /// @inheritdoc ICasinoViews
    uint256 public constant VOIDS_TO_PAUSE = RoundLibrary.VOIDS_TO_PAUSE;
    /// @inheritdoc ICasinoViews
    uint32 public constant CALLBACK_GAS = RoundLibrary.CALLBACK_GAS;

    uint256 private constant MAX_DECIMALS = 36;
    uint256 private constant MIN_STIPEND = 10_000;
    uint256 private constant MAX_ROUND_GAS = 100_000;
    uint256 private constant MAX_KELLY_BPS = 5_000;
    uint256 private constant MAX_CAP_BPS = 1_000;
    uint256 private constant MAX_SHARE_BPS = 5_000;
    uint256 private constant MAX_GAME_CAP_BPS = 5_000;
    uint256 private constant MAX_LOSS_BPS = 2_000;

    // Where the casino keeps what, as the compiler lays it out; a test compares.
    uint256 private constant ASSET_COUNT = 0;
    uint256 private constant ASSETS = 1;
    uint256 private constant LANES = 2;
    uint256 private constant AFFILIATES = 3;
    uint256 private constant HEAD = 5;
    uint256 private constant ROUNDS = 6;
    uint256 private constant HOUSES = 7;
    uint256 private constant CLOSINGS = 8;
    uint256 private constant LISTINGS = 9;
    uint256 private constant BOOKS = 10;
    uint256 private constant ACCRUED = 11;
    uint256 private constant GAMES = 12;
    uint256 private constant EPOCH_START = 13;
    uint256 private constant EXTRAS = 14;

    address private immutable _casino = msg.sender;

    /// @notice Creates a source for the casino, and for no one else: its address tells how many were created before.
    function createSource(VrfSource.Config calldata config) external returns (VrfSource) {
        if (msg.sender != _casino) revert ICasino.SourceMissing(config.coordinator);
        return new VrfSource(config);
    }

    /// @notice The token's unit: its own smallest at 9 decimals or fewer, 1e-9 of a token above.
    function unitOf(address token) external view returns (uint256) {
        uint256 decimals = IERC20Metadata(token).decimals();
        if (decimals > MAX_DECIMALS) revert ICasino.AssetUnfit(token);
        return decimals > 9 ? 10 ** (decimals - 9) : 1;
    }

    /// @notice Checks the terms that governance sets, and packs them.
    /// @param listing The game's listing and book for the asset before.
    /// @return As stored, and in words, rounded as stored.
    function pack(
        address rules,
        ICasino.Terms calldata terms,
        Listing listing,
        GameBook book
    ) external view returns (Listing, GameBook, ICasino.Terms memory) {
        _within("maxStake", terms.maxStake, 0, LaneLibrary.MAX_STAKE);
        _within("minStake", terms.minStake, 0, terms.maxStake);
        // Open bets are settled with the gas too: it never shrinks.
        _within("stipend", terms.stipend, MIN_STIPEND, ListingLibrary.MAX_STIPEND);
        _within("stipend", terms.stipend, listing.stipend(), ListingLibrary.MAX_STIPEND);
        _within("roundGas", terms.roundGas, listing.roundGas(), MAX_ROUND_GAS);
        _within("kellyBps", terms.kellyBps, 0, MAX_KELLY_BPS);
        _within("capBps", terms.capBps, 0, MAX_CAP_BPS);
        _within("shareBps", terms.shareBps, 0, MAX_SHARE_BPS);
        _within("gameCapBps", terms.gameCapBps, 0, MAX_GAME_CAP_BPS);
        _within("lossBps", terms.lossBps, 0, MAX_LOSS_BPS);

        uint256 listedAt = book.listedAt();
        listing = ListingLibrary.pack(rules, terms, listedAt == 0 || listing.isYoung());
        book = book.withTerms(
            listedAt == 0 ? block.timestamp : listedAt,
            terms.gameCapBps,
            terms.lossBps
        );
        return (listing, book, listing.terms(book));
    }

    /// @inheritdoc ICasinoViews
    function betOf(uint256 betId) external view returns (ICasino.Bet memory) {
        Lane bet = Lane.wrap(_at(LANES, betId >> 64));
        Extras extras = Extras.wrap(bet.isExtended() ? _at(EXTRAS, betId >> 64) : 0);
        return
            ICasino.Bet({
                open: bet.isOpen(),
                asset: uint16(betId >> 80),
                lane: uint16(betId >> 64),
                player: address(uint160(betId >> 96)),
                game: bet.game(),
                sequence: bet.sequence(),
                stake: bet.stake(),
                choice: extras.choice(bet.choice()),
                rounds: extras.rounds(),
                stopGain: extras.stopGain(),
                stopLoss: extras.stopLoss(),
                reserve: bet.reserve(),
                feeRate: bet.feeRate(),
                slot: bet.slot()
            });
    }

    /// @inheritdoc ICasinoViews
    function roundAt(uint256 slot) external view returns (ICasino.Round memory round) {
        RoundSlot stored = RoundSlot.wrap(_at(ROUNDS, slot));
        round.state = stored.state();
        round.epoch = stored.epoch();
        if (stored.isDrawn()) round.word = stored.word();
        else round.requestedAt = stored.requestedAt();
    }

    /// @inheritdoc ICasinoViews
    function seedOf(uint256 word, uint256 betId) external view returns (uint256) {
        return uint256(keccak256(abi.encode(word, block.chainid, msg.sender, betId)));
    }

    /// @inheritdoc ICasinoViews
    function head()
        external
        view
        returns (
            uint256 epoch,
            uint256 epochStart,
            uint256 rounds,
            uint256 pausedUntil,
            uint256 credits
        )
    {
        HeadSlot stored = HeadSlot.wrap(_peek(HEAD));
        return (
            stored.epoch(),
            _peek(EPOCH_START),
            stored.rounds(),
            stored.pausedUntil(),
            stored.credits()
        );
    }

    /// @inheritdoc ICasinoViews
    function houseOf(uint16 asset) external view returns (ICasino.Books memory) {
        HouseSlot house = HouseSlot.wrap(_at(HOUSES, asset));
        if (!house.isListed()) revert ICasino.AssetUnknown(asset);
        uint256 closing = _at(CLOSINGS, asset);
        return
            ICasino.Books({
                bankroll: house.bankroll(),
                reserved: house.reserved(),
                fees: house.fees(),
                mark: house.mark(),
                openBets: house.openBets(),
                closingBets: uint32(closing >> 64),
                closingEquity: uint64(closing),
                closed: closing >> 96 != 0
            });
    }

    /// @inheritdoc ICasinoViews
    function assetOf(
        uint16 asset
    ) external view returns (address token, uint256 unit, address bankroll) {
        uint256 at = _slot(ASSETS, asset);
        uint256 first = _peek(at);
        (token, unit) = (address(uint160(first)), first >> 160);
        if (unit == 0) revert ICasino.AssetUnknown(asset);
        bankroll = address(uint160(_peek(at + 1)));
    }

    /// @inheritdoc ICasinoViews
    function assetCount() external view returns (uint256) {
        return _peek(ASSET_COUNT);
    }

    /// @inheritdoc ICasinoViews
    function gameOf(uint16 game) external view returns (address rules) {
        if (game == 0 || game > _peek(GAMES)) revert ICasino.GameNotListed(game, 0);
        return address(uint160(_peek(uint256(keccak256(abi.encode(GAMES))) + game - 1)));
    }

    /// @inheritdoc ICasinoViews
    function gameCount() external view returns (uint256) {
        return _peek(GAMES);
    }

    /// @inheritdoc ICasinoViews
    function termsOf(
        uint16 game,
        uint16 asset
    ) external view returns (bool listed, ICasino.Terms memory terms) {
        Listing listing = Listing.wrap(_at(LISTINGS, _pair(game, asset)));
        GameBook book = GameBook.wrap(_at(BOOKS, _pair(game, asset)));
        return (listing.isListed(), listing.terms(book));
    }

    /// @inheritdoc ICasinoViews
    function bookOf(
        uint16 game,
        uint16 asset
    ) external view returns (uint256 reserved, uint256 loss, uint256 listedAt) {
        GameBook book = GameBook.wrap(_at(BOOKS, _pair(game, asset)));
        return (book.reserved(), book.lossOn(block.timestamp), book.listedAt());
    }

    /// @inheritdoc ICasinoViews
    function referralOf(
        address player,
        uint16 asset
    ) external view returns (address affiliate, uint256 accrued) {
        affiliate = address(uint160(_at(AFFILIATES, uint160(player))));
        accrued = _at(ACCRUED, (uint256(uint160(player)) << 16) | asset);
    }

    /// @inheritdoc ICasinoViews
    function isGuarded(address player, uint16 asset) external view returns (bool) {
        return Lane.wrap(_at(LANES, LaneLibrary.key(player, asset, 0))).isGuarded();
    }

    function _within(bytes32 what, uint256 value, uint256 least, uint256 most) private pure {
        if (value < least) revert ICasino.OutOfBounds(what, value, least);
        if (value > most) revert ICasino.OutOfBounds(what, value, most);
    }

    function _pair(uint16 game, uint16 asset) private pure returns (uint256) {
        return (uint256(game) << 16) | asset;
    }

    /// @notice The value of a mapping.
    function _at(uint256 mapping_, uint256 key) private view returns (uint256) {
        return _peek(_slot(mapping_, key));
    }

    function _slot(uint256 mapping_, uint256 key) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(key, mapping_)));
    }

    function _peek(uint256 slot) private view returns (uint256) {
        return ICasino(msg.sender).peek(slot);
    }
}
