// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILimits} from "./ILimits.sol";
import {ISessions} from "./ISessions.sol";
import {Session} from "../types/Session.sol";

/// @title The transparent house: ledger, bets, randomness and settlement in one accounting
/// @notice Casino holds every token. Placing and settling a bet move numbers in its ledger, never tokens.
///
/// UNITS. Every amount is a whole number of *units* of its asset: 1e-9 of a token of 18 decimals, the token's own
/// smallest unit at 9 decimals or fewer. Only `deposit` and `withdraw` touch tokens, and convert exactly.
///
/// A BET lives in the lane (player, asset, lane) and has the id `player << 96 | asset << 80 | lane << 64 | sequence`.
/// A lane holds one open bet. Placing in it settles or refunds the previous one first.
///
/// A ROUND is one VRF request, shared by all bets placed in the same L2 block (by those before and those after, in the
/// block in which an epoch rolls): only the first of them pays for it, and none can know its word. Word, chain, casino
/// and bet id make the bet's seed.
///
/// SEVERAL ROUNDS of the same wager can be one bet: each draws from its own hash of the bet's seed, and a stop-gain or a
/// stop-loss ends them early. All their stakes are in escrow; what was not played comes back.
///
/// ORDERS AND SESSIONS. A player's bet is placed by the player, or by anyone who carries an order that the player or
/// the lane's session key (`ISessions`) has signed (EIP-712). The order's sequence is the lane's next: it runs once at the
/// most, here and on this chain. What is won is the player's, whoever signed or carried.
///
/// RISK. k x bankroll x edge / variance bounds the stake of one round, k at most one half. Reserves are capped for a bet
/// (listing), for the bets of one round (a fifth of the bankroll), for a game (its book) and in all (three fifths). A
/// game's book counts all bets of its first 30 days, while its cap grows from a tenth, and later those that reserve more
/// than 1/4,096 of the bankroll; when they lose more in a day than the listing allows, the game takes no more such
/// bets that day. A bankroll 10% below its mark takes half the stakes, 25% below none; the mark is the highest bankroll
/// at the start of an epoch, fading by an eighth an epoch, and moves with deposits and redemptions. All of this is asked
/// when a bet is placed; what LPs redeem later leaves the bets that are open with less behind them, never with less than
/// is reserved.
///
/// LIMITS. Players set their own in `Limits`. Whoever set none pays nothing for them.
///
/// LIFE. Placed -> (word arrives within 24 h) drawn -> settled, or (24 h pass without it) void -> refunded.
/// The deadline alone decides which: a word is accepted up to and including it, a refund only after it.
///
/// INVARIANTS
/// I1  tokens held >= ledger + escrow + bankroll + fees + accrued to affiliates, per asset
/// I2  totals equal the sums of their parts
/// I3  reserved = sum of the net payouts reserved by unresolved bets <= bankroll
/// I4  each bet ends exactly once: settled or void
/// I5  a payout never exceeds what was reserved for it
/// I6  the share price of a bankroll moves only at the close of an epoch
/// I7  a word is written at most once, never after its deadline
/// I8  settle, refund, withdraw and LP exit succeed in every reachable state
/// I9  no role can lower a player's balance, escrow or an LP's equity
/// I10 a player's net at risk stays within the limits they set, whatever the order of settlement
///
/// TRUST. Players and LPs trust this code, the games listed when they bet, and the VRF source pinned in their round not
/// to withhold a word (then: refund) nor to reveal it early. Governance can list games and assets, set terms for later
/// bets within the bounds below and replace the source of later rounds. The guardian can pause new bets for at most
/// 72 h. Nobody can touch a placed bet, a balance or a share.
interface ICasino {
    // -- Errors: ledger --

    /// @notice No asset is listed under this number.
    error AssetUnknown(uint16 asset);
    /// @notice The token is listed already, or cannot be counted in units.
    error AssetUnfit(address token);
    /// @notice Zero moves nothing.
    error AmountZero();
    /// @notice The amount of tokens is not a whole number of units.
    error AmountNotWhole(uint256 amount, uint256 unit);
    /// @notice The balance does not cover the amount (units).
    error BalanceTooLow(uint256 balance, uint256 amount);
    /// @notice The casino would hold more of the asset than its ledger can count (units).
    error AssetFull(uint256 held, uint256 limit);
    /// @notice Tokens received differ from the amount: fees on transfer and rebasing are not supported.
    error TransferMismatch(uint256 received, uint256 expected);
    /// @notice The coins sent do not match the amount.
    error ValueMismatch(uint256 value, uint256 expected);
    /// @notice The recipient refused the coins.
    error RecipientRefused(address to);

    // -- Errors: bets --

    /// @notice No bet can be placed before this time (seconds).
    error BetsPaused(uint256 until);
    /// @notice The lane's previous bet waits for its word, at the latest until `deadline`.
    error LaneBusy(uint256 betId, uint256 deadline);
    /// @notice The game is not listed for the asset, or delisted.
    error GameNotListed(uint16 game, uint16 asset);
    /// @notice The stake is below the least one (units).
    error StakeBelowLimit(uint256 stake, uint256 limit);
    /// @notice The stake is above the largest one: the game's own, or k x bankroll x edge / variance (units).
    error StakeAboveLimit(uint256 stake, uint256 limit);
    /// @notice What the bet could win is above what the bankroll lets one bet win, or has free (units).
    error LiabilityAboveLimit(uint256 liability, uint256 limit);
    /// @notice The bankroll (units) is so far below its mark that no bet is taken until it recovers or the mark fades.
    error DrawdownReached(uint256 bankroll, uint256 mark);
    /// @notice The game's counted bets lost more today than its listing allows (units): no further ones today.
    error GameLossReached(uint256 loss, uint256 limit);
    /// @notice The game's odds are outside the house's floor and ceiling.
    error OddsOutOfBounds(uint256 rtpWad);
    /// @notice Not a failure: the bet would be placed, with these terms. All in units but the fee rate, 1e-5 of the stakes.
    error Rehearsed(uint256 maxPayout, uint256 reserve, uint256 feeRate, uint256 maxStake);
    /// @notice The bet is not the open one of its lane: it ended, or never was.
    error BetNotOpen(uint256 betId);
    /// @notice The word is not in yet; it may come until `deadline`, a refund is possible after it.
    error RoundPending(uint256 betId, uint256 deadline);
    /// @notice The round is void: refund the bet instead of settling it.
    error RoundVoid(uint256 betId);
    /// @notice The round was drawn: settle the bet instead of refunding it.
    error RoundDrawnAlready(uint256 betId);
    /// @notice The call carries too little gas to run the game with its whole stipend.
    error GasTooLow(uint256 stipend);

    // -- Errors: orders --

    /// @notice The order was valid until this time (seconds).
    error OrderExpired(uint256 deadline);
    /// @notice The order is not for the lane's next bet: it was carried out, or is for a later one.
    error SequenceMismatch(uint256 sequence, uint256 expected);
    /// @notice The player has an affiliate, or would refer themselves; or the account is not empty, or limited, or its lane 0
    /// was bet in.
    error AffiliateRefused(address affiliate);
    /// @notice Only the casino's own `Limits` may call.
    error NotLimits(address caller);
    /// @notice Only the casino's own `Sessions` may call.
    error NotSessions(address caller);

    // -- Errors: randomness and governance --

    /// @notice The subscription does not cover another request at the worst price.
    error RandomnessUnfunded(uint256 subscription);
    /// @notice All slots for rounds are taken until older epochs close.
    error RoundsFull(uint256 limit);
    /// @notice The guardian can begin another pause from this time on (seconds).
    error PauseTooSoon(uint256 from);
    /// @notice There is no contract at the source's address.
    error SourceMissing(address coordinator);
    /// @notice A parameter is outside its hard-coded bound.
    error OutOfBounds(bytes32 what, uint256 value, uint256 bound);
    /// @notice Only the bankroll of the asset may call.
    error NotBankroll(address caller);
    /// @notice The bankroll's free part does not cover the amount (units).
    error BankrollTooLow(uint256 free, uint256 amount);
    /// @notice The epoch is not over before this time.
    error EpochNotOver(uint256 end);
    /// @notice Bets of the closing epoch are unresolved, or an asset's bankroll has not closed it yet.
    error EpochNotClosed(uint16 asset, uint256 openBets);

    // -- Events: ledger --

    /// @notice `amount` units came in for `player`, paid by `from`.
    event Deposited(address indexed player, uint16 indexed asset, uint256 amount, address from);
    /// @notice `amount` units of `player` went out to `to`.
    event Withdrawn(address indexed player, uint16 indexed asset, uint256 amount, address to);
    /// @notice `amount` units moved between a player's balance and an asset's bankroll account inside the ledger.
    event BankrollFunded(uint16 indexed asset, uint256 amount);
    /// @notice `amount` units left the asset's bankroll for its contract's balance, to be claimed by LPs.
    event BankrollDrawn(uint16 indexed asset, uint256 amount);
    /// @notice The player's affiliate, for good.
    event AffiliateBound(address indexed player, address indexed affiliate);
    /// @notice `amount` units that the player's bets accrued were moved to the affiliate's balance.
    event ReferralClaimed(
        address indexed player,
        uint16 indexed asset,
        uint256 amount,
        address affiliate
    );
    /// @notice From now on `Limits` has a say in the player's bets and deposits in this asset.
    event PlayerGuarded(address indexed player, uint16 indexed asset);
    /// @notice Operator's fees were moved to `to`'s balance.
    event FeesClaimed(uint16 indexed asset, uint256 amount, address to);

    // -- Events: bets --

    /// @notice A bet was placed. Its round is the one requested in the same block.
    /// @param bet The lane's slot exactly as stored, see `contracts/types/Lane.sol`: from the lowest bit balance 56,
    /// stake 40, choice 56, round slot 20, sequence 28, game 12, reserve 16 (floating), fee rate 12 (1e-5), flags 16.
    /// @param ended How the placing settled the lane's previous bet, whose id is one less: from the lowest bit payout 56,
    /// rounds played 16, 1; 0 if it settled none. There is no `BetSettled` for that bet.
    event BetPlaced(uint256 indexed betId, address indexed player, uint256 bet, uint256 ended);
    /// @notice The bet that `BetPlaced` tells of next has more than its lane's slot.
    /// @param extras From the lowest bit: last 9 bytes of the choice 72, further rounds 16, stop-gain 64, stop-loss 64,
    /// relayer's fee 40; see `contracts/types/Extras.sol`. All but the fee is stored.
    event BetExtended(uint256 indexed betId, uint256 extras);
    /// @notice A bet of several rounds is about to be settled: so many of them were played.
    event RoundsPlayed(uint256 indexed betId, uint256 played);
    /// @notice A bet was settled; `payout` (units, stake included) is in the player's balance.
    event BetSettled(uint256 indexed betId, uint256 payout);
    /// @notice A bet was void: its stake (units) is back in the player's balance. `faulty` where the game failed.
    event BetRefunded(uint256 indexed betId, uint256 stake, bool faulty);

    // -- Events: orders --

    /// @notice An order was not carried out. `reason` is the revert data that placing it alone would have given.
    event OrderSkipped(address indexed player, uint256 indexed betId, bytes reason);
    /// @notice The fees (units) of the orders of one asset that were carried out in this call.
    event RelayerPaid(address indexed to, uint16 indexed asset, uint256 amount);
    // -- Events: rounds --

    /// @notice A round was requested. `round` counts without a gap; less the source's `firstRound` it is the
    /// nonce of the request's pre-seed.
    /// @param slot Where it is stored, as named by its bets. Its source and epoch are the latest `SourceSet`, `EpochRolled`.
    event RoundRequested(uint256 indexed round, uint256 indexed requestId, uint256 slot);
    /// @notice The source delivered the word of a round. Bets use its low 224 bits.
    event RoundDrawn(uint256 indexed requestId, uint256 word);
    /// @notice The first refund of a round found it void.
    event RoundVoided(uint256 indexed slot, uint256 requestedAt);

    // -- Events: governance --

    event AssetListed(uint16 indexed asset, address token, uint256 unit, address bankroll);
    event GameListed(uint16 indexed game, address rules);
    /// @notice Terms of a game for an asset were set, for bets placed from now on. Gas alone concerns open bets: they get more.
    event TermsSet(uint16 indexed game, uint16 indexed asset, Terms terms);
    /// @notice The game takes no more bets in this asset; `faulty` where settling it failed.
    event GameDelisted(uint16 indexed game, uint16 indexed asset, bool faulty);
    event SourceSet(
        uint256 indexed sourceId,
        address coordinator,
        bytes32 keyHash,
        uint256 subscription,
        uint16 confirmations,
        uint256 worstPrice
    );
    /// @notice No new round is opened until this time: by the guardian, or by three void rounds in a day.
    event Paused(uint256 until, address by);
    event EpochRolled(uint256 indexed epoch, uint256 start);
    /// @notice The equity (units) that the closed epoch left to the LPs of an asset.
    event EpochClosed(uint256 indexed epoch, uint16 indexed asset, uint256 equity);

    // -- Structs --

    /// @notice Terms of a game for one asset.
    struct Terms {
        /// Least and largest stake, units; stored as floating numbers of 11 significant bits, the least rounded up.
        uint256 minStake;
        uint256 maxStake;
        /// Gas given to the game for its odds and for a bet of one round; multiples of 512, at most 4,000,000. Never
        /// lowered: open bets are settled with it too.
        uint256 stipend;
        /// Gas on top for each further round; multiples of 16, at most 100,000. Never lowered.
        uint256 roundGas;
        /// Fraction of Kelly for the stake, basis points, at most 5,000.
        uint256 kellyBps;
        /// What one bet may win of the bankroll, basis points, at most 1,000.
        uint256 capBps;
        /// Operator's share of the theoretical edge, basis points, at most 5,000.
        uint256 shareBps;
        /// What the game's counted bets may win of the bankroll together, basis points, at most 5,000; a tenth of it when
        /// the game is listed, all of it 30 days later.
        uint256 gameCapBps;
        /// What its counted bets may lose of the bankroll in a UTC day, basis points, at most 2,000.
        uint256 lossBps;
    }

    /// @notice What a player wants to bet.
    struct Wager {
        uint16 asset;
        uint16 lane;
        uint16 game;
        /// Of one round, units.
        uint256 stake;
        bytes16 choice;
        /// 1 to 1,000.
        uint256 rounds;
        /// Ends the bet after a round that brings its net win (units) to this or above; 0 is off.
        uint256 stopGain;
        /// Ends the bet after a round that brings its net loss (units) to this or above; 0 is off.
        uint256 stopLoss;
    }

    /// @notice An order as carried: packed as `contracts/types/Order.sol` says, with a compact signature (EIP-2098) of
    /// the EIP-712 struct `Order`. Contract accounts sign through a session key.
    struct SignedOrder {
        uint256 head;
        uint256 terms;
        uint256 stops;
        bytes32 r;
        bytes32 vs;
    }

    /// @notice A bet as stored.
    struct Bet {
        bool open;
        uint16 asset;
        uint16 lane;
        address player;
        uint16 game;
        uint256 sequence;
        uint256 stake;
        bytes16 choice;
        uint256 rounds;
        uint256 stopGain;
        uint256 stopLoss;
        /// What the house reserved beyond the stake, units.
        uint256 reserve;
        /// Operator's fee, 1e-5 of the stake.
        uint256 feeRate;
        uint256 slot;
    }

    enum RoundState {
        Free,
        Pending,
        Drawn,
        Void
    }

    /// @notice A round as stored.
    struct Round {
        RoundState state;
        uint256 epoch;
        /// Seconds; 0 once drawn.
        uint256 requestedAt;
        /// Low 224 bits of the VRF word; 0 until drawn.
        uint256 word;
    }

    /// @notice The accounting of one asset, units.
    struct Books {
        uint256 bankroll;
        uint256 reserved;
        uint256 fees;
        /// The bankroll that a drawdown is measured from, within 1/64 below, or within 15 units.
        uint256 mark;
        /// Unresolved bets of the current epoch.
        uint256 openBets;
        /// Unresolved bets of the epoch that is closing, and the equity it will leave.
        uint256 closingBets;
        uint256 closingEquity;
        bool closed;
    }

    // -- Ledger --

    /// @notice Deposits `amount` units for `to`. Native coin (asset 0): send `amount` x unit along.
    function deposit(uint16 asset, uint256 amount, address to) external payable;

    /// @notice As `deposit`, for a token with EIP-2612; a permit used already by another does not block it.
    function depositWithPermit(
        uint16 asset,
        uint256 amount,
        address to,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice As `deposit` to the caller's own account: binds the affiliate for good, and those accounts of the player that
    /// begin from now on are referred. This one must be empty, not limited and its lane 0 never bet in; of anyone's deposit
    /// to it, the player first withdraws.
    function depositReferred(uint16 asset, uint256 amount, address affiliate) external payable;

    /// @notice Moves what the player's bets accrued to the affiliate's balance. Anyone may call.
    function claimReferral(address player, uint16 asset) external;

    /// @notice Makes `Limits` have a say in the player's bets and deposits. Only `Limits` calls it.
    function guard(address player, uint16 asset) external;

    /// @notice Keeps the session of a lane, where an order that its key signed costs least. Only `Sessions` calls it.
    /// @param laneKey A bet id without its sequence.
    function setSession(uint256 laneKey, Session session) external;

    /// @notice The session of a lane, packed as in `Session`; `ISessions.sessionOf` reads it.
    function sessionAt(uint256 laneKey) external view returns (Session);

    /// @notice Withdraws `amount` units of the caller's balance to `to`. Nothing ever blocks it.
    function withdraw(uint16 asset, uint256 amount, address to) external;

    /// @notice The casino's own contracts: players' limits, session keys, and the reader of its storage, which answers what
    /// `ICasinoViews` declares, at the casino's address.
    function limits() external view returns (ILimits);
    function sessions() external view returns (ISessions);
    function annex() external view returns (address);
    /// @notice Who may deposit and bet, see `IEligibility`; `address(0)` where anyone may.
    function gate() external view returns (address);
    /// @notice One word of the casino's storage, for whoever wants to read all of it.
    function peek(uint256 slot) external view returns (uint256);

    /// @notice Free balance of a player, units; stakes of open bets are not in it.
    function balanceOf(address player, uint16 asset) external view returns (uint256);

    // -- Bets --

    /// @notice Places a bet from the caller's balance; settles or refunds the lane's previous bet first.
    /// @param stake Units.
    function bet(
        uint16 asset,
        uint16 lane,
        uint16 game,
        uint56 stake,
        bytes16 choice
    ) external returns (uint256 betId);

    /// @notice As `bet`, for several rounds or a wide choice too.
    function placeWager(Wager calldata wager) external returns (uint256 betId);

    /// @notice Carries out signed orders, at most 256; skips one that can't be, with its reason in `OrderSkipped`.
    /// @param feeTo Whose balance gets the fees that the orders name.
    /// @return placed Bit i is set if order i was carried out.
    /// @dev Reverts as a whole, so that no order is skipped for it, where no round can be opened or gas is short.
    function placeMany(
        SignedOrder[] calldata orders,
        address feeTo
    ) external returns (uint256 placed);

    /// @notice Settles a bet whose word is in. Anyone may call; the payout goes to the player's balance.
    function settle(uint256 betId) external;

    /// @notice Refunds a bet whose round got no word by its deadline. Anyone may call.
    function refund(uint256 betId) external;

    /// @notice Settles or refunds each bet that can be; skips the others.
    function settleMany(uint256[] calldata betIds) external;

    /// @notice Places the bet for this player and takes all of it back: reverts with `Rehearsed` if it would be placed now, else
    /// exactly as `placeWager` would. To be called (`eth_call`), not sent.
    function rehearse(address player, Wager calldata wager) external;

    // -- Rounds --

    /// @notice The source of new rounds.
    function source()
        external
        view
        returns (
            address coordinator,
            bytes32 keyHash,
            uint256 subscription,
            uint16 confirmations,
            uint256 worstPrice
        );

    // -- Bankroll --

    /// @notice Moves `amount` units of the calling bankroll's balance into the bankroll of its asset.
    function fundBankroll(uint16 asset, uint256 amount) external;
    /// @notice Moves `amount` units of the free bankroll to the calling bankroll's balance.
    function drawBankroll(uint16 asset, uint256 amount) external;
    /// @notice Ends the epoch once its time is over and the one before it is closed for every asset. Anyone may call.
    function rollEpoch() external;
    /// @notice Closes the epoch that ended, once its bets are resolved; called by the bankroll, which anyone can make.
    /// @return epoch The one closed.
    /// @return equity Units that it left to the LPs.
    function closeEpoch(uint16 asset) external returns (uint256 epoch, uint256 equity);

    // -- Governance: each restricted by AccessManager --

    /// @notice Lists a token with its bankroll. Asset 0 is the native coin, token `address(0)`.
    function listAsset(address token, address bankroll) external returns (uint16 asset);
    /// @notice Gives a game a number; it takes bets once it has terms for an asset.
    function listGame(address rules) external returns (uint16 game);
    function setTerms(uint16 game, uint16 asset, Terms calldata terms) external;
    function delist(uint16 game, uint16 asset) external;
    /// @notice Sets the source of later rounds and creates the casino's own subscription with it. Pending rounds keep theirs.
    /// @param worstPrice Wei that one request may cost at the most, at the gas lane's ceiling.
    function setSource(
        address coordinator,
        bytes32 keyHash,
        uint16 confirmations,
        uint256 worstPrice
    ) external;
    /// @notice Pauses new rounds for at most 72 h, and again only 24 h after the last pause ended. Nobody can shorten one.
    function pause(uint256 seconds_) external;
    function claimFees(uint16 asset, uint256 amount, address to) external;
}
