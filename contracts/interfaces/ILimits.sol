// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @notice What the limits need of the casino that made them.
interface ILimitsCasino {
    /// @notice From now on the casino reports this player's deposits, and the bets placed from now on, in the asset.
    /// @dev Called by the limits only. Again for the same account it does nothing; reverts for an unknown asset only.
    function guard(address player, uint16 asset) external;

    function assetCount() external view returns (uint256);
}

/// @title Limits that players set for themselves
/// @notice For each player and asset: how much may be staked, lost and deposited in a day, a week and a month, and how long
/// to wait between bets; for a player as a whole: an exclusion from betting and depositing until a time. Nobody else
/// can set or lift any of it: there is no owner, no role, no upgrade. A limit never touches settlement or withdrawal.
///
/// UNITS. Amounts are whole units of the asset, as in `ICasino`. A limit is kept with 11 significant bits, rounded
/// down: exact below 2,048, otherwise up to 0.1% tighter than asked for. 0 is no limit; the lowest limit applies.
///
/// WHEN. What is tightened holds at once. What is loosened (a limit raised or removed, a shorter wait) holds
/// `LOOSENING_SECONDS` later. The latest call says all that is wanted: it replaces what an earlier one left waiting, and
/// the day begins anew. An exclusion can only be moved later, never shortened, by anyone.
///
/// WINDOWS. A day, week and month are fixed: number `time / 1 days`, `/ 7 days` and `/ 30 days` since the Unix epoch; a day
/// is that of UTC, a week begins on a Thursday. A rolling window would have to remember every bet. The price: across an
/// edge two windows' worth can lie close together; any n consecutive windows hold at most n times the limit.
/// A new limit of stakes or losses counts from when it is set, one of deposits from when the casino began to report the
/// player's; a changed one keeps the count.
///
/// STAKES. A stake counts in the window it is placed in. A void bet gives its stake back in the window it is refunded in,
/// never below zero: stakes placed less stakes given back stay within the limit.
///
/// LOSSES (I10). Open stakes count as lost, whole, in whatever window it is, until their bets end; no win of another bet
/// makes room out of them. A bet's own net result counts in the window in which it ends, the stake together with
/// the payout, so that a win of an earlier window brings no more than its net. The net loss of ended bets never falls
/// below zero: a win makes up for earlier losses of the window, and what exceeds them makes no room for later ones.
/// Hence, whatever the order and time of settlement, between any two moments of a window, at the later of which a bet is
/// placed, while a limit is set:
///   stakes less payouts of the bets ended between them + stakes open at the later one <= the limit.
/// To delay a settlement keeps its stake counted in full, at the player's own cost.
///
/// DEPOSITS count in their window, whoever pays them. A withdrawal makes no room. Fees of a relayer and an affiliate's
/// part are earned in the casino, and are no deposits.
///
/// ROUNDING. Each sum of stakes and losses is counted in grains of 2^-23 of its limit or finer, at least one unit, against
/// the player: what is used rounds up, what comes back down. A sum that outgrows 24 bits, once or twice its limit, as
/// after tightening below what was lost, is full: it refuses bets until its window ends or its limit is gone, whatever
/// is won meanwhile.
///
/// TRUST. The casino must report the end of each bet whose placement it reported, of no others, with enough gas
/// (`noteEnded` never reverts, and costs less than 40,000). A missed end would leave its stake counted as open.
/// Addresses are not people: whoever has several has as many limits.
interface ILimits {
    // -- Errors --

    /// @notice Only the casino may call.
    error NotCasino(address caller);
    /// @notice The player has excluded themselves until this time (seconds).
    error PlayerExcluded(uint256 until);
    /// @notice The player's own wait between bets lasts until this time (seconds).
    error BetTooSoon(uint256 from);
    /// @notice The stake would exceed the player's limit on stakes; `left` is the most that fits.
    error StakeLimitReached(uint256 windowSeconds, uint256 limit, uint256 left);
    /// @notice If all open bets were lost, this one too, the loss would exceed the player's limit; `left` is the most that fits.
    error LossLimitReached(uint256 windowSeconds, uint256 limit, uint256 left);
    /// @notice The deposit would exceed the player's limit on deposits; `left` is the most that fits.
    error DepositLimitReached(uint256 windowSeconds, uint256 limit, uint256 left);
    /// @notice A limit or a wait is larger than can be kept.
    error LimitOutOfBounds(uint256 value, uint256 bound);
    /// @notice The exclusion would be shorter or longer than its kind allows (seconds).
    error ExclusionOutOfBounds(uint256 forSeconds, uint256 least, uint256 most);
    /// @notice The exclusion would end no later than the one that holds.
    error ExclusionNotLater(uint256 until, uint256 current);

    // -- Events --

    /// @notice The limits of a player as they hold from now on, rounded as they are kept.
    event LimitsSet(address indexed player, uint16 indexed asset, Terms terms);
    /// @notice The limits of a player as they will hold from `from` on, unless set anew before.
    event LooseningScheduled(
        address indexed player,
        uint16 indexed asset,
        Terms terms,
        uint256 from
    );
    /// @notice A player excluded themselves; `selfExclusion` tells it from a cool-off.
    event ExclusionSet(address indexed player, uint256 until, bool selfExclusion);

    // -- Structs --

    /// @notice One amount for each window, units.
    struct Windows {
        uint256 day;
        uint256 week;
        uint256 month;
    }

    /// @notice All that a player can limit in one asset; 0 is none.
    struct Terms {
        Windows stakes;
        Windows losses;
        Windows deposits;
        /// The least number of seconds between two bets, at most one day.
        uint256 pauseSeconds;
    }

    /// @notice What counts against the limits now, units, rounded up. Stakes and losses count where a limit is set.
    struct Usage {
        Windows staked;
        /// Net loss of the bets that ended in the window, at least 0; open stakes come on top.
        Windows lost;
        Windows deposited;
        uint256 open;
        /// Seconds; 0 before the first bet reported.
        uint256 lastBetAt;
    }

    // -- For players --

    /// @notice Sets the caller's limits for an asset: what is tighter holds at once, what is looser a day later.
    function setLimits(uint16 asset, Terms calldata terms) external;

    /// @notice Excludes the caller for a while: `COOL_OFF_LEAST` to `COOL_OFF_MOST` seconds from now.
    /// @dev A day, since a pause that ends tonight invites to wait for it; six weeks, as regulators bound time-outs: who
    /// wants longer should decide for a self-exclusion.
    function coolOff(uint256 forSeconds) external;

    /// @notice Excludes the caller for long: `SELF_EXCLUSION_LEAST` to `SELF_EXCLUSION_MOST` seconds from now.
    /// @dev Six months is the regulators' least. Five years is the most at once, since nobody could undo a slip of the finger;
    /// it can be prolonged at any time.
    function selfExclude(uint256 forSeconds) external;

    // -- For the casino --

    /// @notice Counts a bet, or reverts with the limit that forbids it.
    /// @param endedStake Of a bet that ended just before, which is counted first as by `noteEnded`; 0 for none.
    /// @param payout Of that bet, as are the rest.
    function notePlaced(
        address player,
        uint16 asset,
        uint256 stake,
        uint256 endedStake,
        uint256 payout,
        bool refunded
    ) external;

    /// @notice Counts the end of a bet that was reported by `notePlaced`. Never reverts when the casino calls.
    /// @param payout Stake included; ignored where the bet is `refunded`.
    function noteEnded(
        address player,
        uint16 asset,
        uint256 stake,
        uint256 payout,
        bool refunded
    ) external;

    /// @notice Counts a deposit, or reverts with the limit that forbids it.
    function noteDeposited(address player, uint16 asset, uint256 amount) external;

    // -- Views --

    /// @notice The revert data that `notePlaced` would give now; empty if it would pass.
    function whyNot(
        address player,
        uint16 asset,
        uint256 stake
    ) external view returns (bytes memory);

    /// @notice Reverts exactly as `notePlaced` would for the casino.
    function check(address player, uint16 asset, uint256 stake) external view;

    /// @notice Whether the player ever excluded themselves: then the casino guards each fresh account of theirs.
    function isGuarded(address player) external view returns (bool);

    /// @notice When the player's exclusion ends or ended, seconds; 0 if there was none.
    function excludedUntil(address player) external view returns (uint256);

    /// @notice The limits that hold now, and those that hold from `from` on; `from` is 0 if nothing waits.
    function limitsOf(
        address player,
        uint16 asset
    ) external view returns (Terms memory current, Terms memory later, uint256 from);

    function usageOf(address player, uint16 asset) external view returns (Usage memory);

    function casino() external view returns (ILimitsCasino);
}
