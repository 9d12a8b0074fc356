// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ILimits, ILimitsCasino} from "./interfaces/ILimits.sol";
import {Float16} from "./types/Float16.sol";
import {LimitTerms} from "./types/LimitTerms.sol";

/// @title Limits: what players allow themselves
/// @dev A bet reads `settings` and changes `usage`, one slot each. The words, from the lowest bit:
/// settings: `LimitTerms` 168, time of loosening 40, excluded until 40, set 1;
/// wanted: the `LimitTerms` that wait for that time;
/// usage: sums of stakes by day, week and month, then of losses, 24 each (in grains of their limits), open stakes 56, time of the last bet 32, day 24;
/// deposited: 3 sums of 56, day 24 at bit 232 as in usage.
/// Unchecked, since amounts are capped to 2^56 before anything is done with them.
contract Limits is ILimits {
    using LimitTerms for uint256;

    uint256 public constant LOOSENING_SECONDS = 1 days;
    uint256 public constant COOL_OFF_LEAST = 1 days;
    uint256 public constant COOL_OFF_MOST = 42 days;
    uint256 public constant SELF_EXCLUSION_LEAST = 183 days;
    uint256 public constant SELF_EXCLUSION_MOST = 1_827 days;
    uint256 private constant MAX_AMOUNT = LimitTerms.MAX_AMOUNT;

    uint256 private constant LOOSENING_AT = 168;
    uint256 private constant EXCLUDED_AT = 208;
    uint256 private constant TIME_MASK = (1 << 40) - 1;
    uint256 private constant SET = 1 << 248;

    uint256 private constant SUM_MASK = (1 << 24) - 1;
    uint256 private constant LOSSES_AT = 72;
    uint256 private constant OPEN_AT = 144;
    uint256 private constant LAST_AT = 200;
    uint256 private constant DAY_AT = 232;

    struct Account {
        uint256 settings;
        uint256 usage;
        uint256 wanted;
        uint256 deposited;
    }

    /// @inheritdoc ILimits
    ILimitsCasino public immutable casino;

    mapping(uint256 playerAndAsset => Account) private _accounts;

    /// @inheritdoc ILimits
    mapping(address player => uint256) public excludedUntil;

    constructor() {
        casino = ILimitsCasino(msg.sender);
    }

    // -- For players --

    /// @inheritdoc ILimits
    function setLimits(uint16 asset, Terms calldata terms) external {
        uint256 wanted = LimitTerms.encode(terms);

        Account storage account = _account(msg.sender, asset);
        (uint256 old, uint256 usage) = _current(account, msg.sender);
        bool isNew = account.settings & SET == 0;
        uint256 tightened = LimitTerms.tighter(old, wanted);
        uint256 from = tightened == wanted ? 0 : block.timestamp + LOOSENING_SECONDS;
        uint256 kept = old & ~(LimitTerms.MASK | (TIME_MASK << LOOSENING_AT));
        account.settings = kept | tightened | (from << LOOSENING_AT);
        account.usage = _regrained(usage, old, tightened);
        account.wanted = wanted;

        emit LimitsSet(msg.sender, asset, LimitTerms.decode(tightened));
        if (from != 0) emit LooseningScheduled(msg.sender, asset, LimitTerms.decode(wanted), from);

        if (isNew) casino.guard(msg.sender, asset);
    }

    /// @inheritdoc ILimits
    function coolOff(uint256 forSeconds) external {
        _exclude(forSeconds, COOL_OFF_LEAST, COOL_OFF_MOST, false);
    }

    /// @inheritdoc ILimits
    function selfExclude(uint256 forSeconds) external {
        _exclude(forSeconds, SELF_EXCLUSION_LEAST, SELF_EXCLUSION_MOST, true);
    }

    function _exclude(uint256 forSeconds, uint256 least, uint256 most, bool isLong) private {
        if (forSeconds < least || forSeconds > most)
            revert ExclusionOutOfBounds(forSeconds, least, most);
        uint256 until = block.timestamp + forSeconds;
        uint256 current = excludedUntil[msg.sender];
        if (until <= current) revert ExclusionNotLater(until, current);

        excludedUntil[msg.sender] = until;
        uint256 count = casino.assetCount();
        for (uint16 asset; asset < count; ++asset) {
            Account storage account = _account(msg.sender, asset);
            uint256 settings = account.settings;
            // An account that is not set copies the time when it is.
            if (settings & SET != 0)
                account.settings =
                    (settings & ~(TIME_MASK << EXCLUDED_AT)) | (until << EXCLUDED_AT);
        }

        emit ExclusionSet(msg.sender, until, isLong);

        for (uint16 asset; asset < count; ++asset) casino.guard(msg.sender, asset);
    }

    // -- For the casino --

    /// @inheritdoc ILimits
    function notePlaced(
        address player,
        uint16 asset,
        uint256 stake,
        uint256 endedStake,
        uint256 payout,
        bool refunded
    ) external {
        _onlyCasino();
        Account storage account = _account(player, asset);
        (uint256 stored, uint256 usage) = (account.settings, account.usage);
        if (endedStake != 0)
            usage = _ended(stored, usage, _capped(endedStake), _capped(payout), refunded);
        uint256 settings;
        (settings, usage) = _due(account, player, stored, usage);
        usage = _placed(settings, usage, stake);

        if (settings != stored) account.settings = settings;
        account.usage = usage;
    }

    /// @inheritdoc ILimits
    function noteEnded(
        address player,
        uint16 asset,
        uint256 stake,
        uint256 payout,
        bool refunded
    ) external {
        _onlyCasino();
        Account storage account = _account(player, asset);
        // Due loosening waits for the next bet: until then the sums belong to the limits as stored.
        account.usage = _ended(
            account.settings,
            account.usage,
            _capped(stake),
            _capped(payout),
            refunded
        );
    }

    /// @inheritdoc ILimits
    function noteDeposited(address player, uint16 asset, uint256 amount) external {
        _onlyCasino();
        Account storage account = _account(player, asset);
        (uint256 settings, uint256 usage) = _current(account, player);
        _checkExclusion(settings);
        uint256 deposited = _rolledDeposits(account.deposited);
        amount = _capped(amount);
        for (uint256 i; i < 3; ++i) {
            uint256 limit = Float16.decode(settings.code(6 + i));
            uint256 used = (deposited >> (56 * i)) & MAX_AMOUNT;
            if (limit != 0 && used + amount > limit)
                revert DepositLimitReached(_seconds(24 * i), limit, _less(limit, used));
            deposited += (_capped(used + amount) - used) << (56 * i);
        }

        account.settings = settings;
        account.usage = usage;
        account.deposited = deposited;
    }

    // -- Views --

    /// @inheritdoc ILimits
    function whyNot(
        address player,
        uint16 asset,
        uint256 stake
    ) external view returns (bytes memory) {
        try this.check(player, asset, stake) {
            return "";
        } catch (bytes memory reason) {
            return reason;
        }
    }

    /// @inheritdoc ILimits
    function check(address player, uint16 asset, uint256 stake) external view {
        (uint256 settings, uint256 usage) = _current(_account(player, asset), player);
        _placed(settings, usage, stake);
    }

    /// @inheritdoc ILimits
    function isGuarded(address player) external view returns (bool) {
        return excludedUntil[player] != 0;
    }

    /// @inheritdoc ILimits
    function limitsOf(
        address player,
        uint16 asset
    ) external view returns (Terms memory current, Terms memory later, uint256 from) {
        Account storage account = _account(player, asset);
        (uint256 settings, ) = _current(account, player);
        from = (settings >> LOOSENING_AT) & TIME_MASK;
        return (
            LimitTerms.decode(settings),
            LimitTerms.decode(from == 0 ? settings : account.wanted),
            from
        );
    }

    /// @inheritdoc ILimits
    function usageOf(address player, uint16 asset) external view returns (Usage memory) {
        Account storage account = _account(player, asset);
        (uint256 settings, uint256 usage) = _current(account, player);
        usage = _rolled(usage);
        uint256 deposited = _rolledDeposits(account.deposited);
        uint256[6] memory sums;
        for (uint256 i; i < 6; ++i)
            sums[i] = ((usage >> (24 * i)) & SUM_MASK) << _shift(settings.code(i));
        return
            Usage({
                staked: Windows(sums[0], sums[1], sums[2]),
                lost: Windows(sums[3], sums[4], sums[5]),
                deposited: Windows(
                    deposited & MAX_AMOUNT,
                    (deposited >> 56) & MAX_AMOUNT,
                    (deposited >> 112) & MAX_AMOUNT
                ),
                open: (usage >> OPEN_AT) & MAX_AMOUNT,
                lastBetAt: (usage >> LAST_AT) & type(uint32).max
            });
    }

    // -- Counting --

    /// @notice The usage with another bet, or why it can't be.
    function _placed(
        uint256 settings,
        uint256 usage,
        uint256 stake
    ) private view returns (uint256 next) {
        unchecked {
            _checkExclusion(settings);
            uint256 pause = settings.pauseSeconds();
            uint256 from = ((usage >> LAST_AT) & type(uint32).max) + pause;
            if (pause != 0 && block.timestamp < from) revert BetTooSoon(from);
            stake = _capped(stake);
            next = _rolled(usage);
            uint256 open = ((next >> OPEN_AT) & MAX_AMOUNT) + stake;
            uint256 codes = settings & type(uint96).max;
            uint256 offset;
            // Most have limits on losses alone.
            if (codes & type(uint48).max == 0) (codes, offset) = (codes >> 48, LOSSES_AT);
            for (; codes != 0; offset += 24) {
                uint256 code = codes & 0xffff;
                codes >>= 16;
                if (code == 0) continue;
                (uint256 limit, uint256 shift) = LimitTerms.grains(code);
                uint256 used = (next >> offset) & SUM_MASK;
                if (offset < LOSSES_AT) {
                    uint256 amount = _grainsUp(stake, shift);
                    if (used + amount > limit) _refuseStake(offset, limit, used, shift);
                    // Fits, as a sum of 24 bits holds the limit.
                    next += amount << offset;
                } else if (used + _grainsUp(open, shift) > limit) {
                    _refuseLoss(offset, limit, used, shift, open - stake);
                }
            }
            next =
                (next & ~(uint256(type(uint88).max) << OPEN_AT)) |
                (_capped(open) << OPEN_AT) |
                (uint256(uint32(block.timestamp)) << LAST_AT);
        }
    }

    function _refuseStake(uint256 offset, uint256 limit, uint256 used, uint256 shift) private pure {
        revert StakeLimitReached(_seconds(offset), limit << shift, _less(limit, used) << shift);
    }

    function _refuseLoss(
        uint256 offset,
        uint256 limit,
        uint256 used,
        uint256 shift,
        uint256 open
    ) private pure {
        revert LossLimitReached(
            _seconds(offset - LOSSES_AT),
            limit << shift,
            _less(limit << shift, (used << shift) + open)
        );
    }

    /// @notice The usage after a bet's end: its stake is open no more, its net result counts now.
    function _ended(
        uint256 settings,
        uint256 usage,
        uint256 stake,
        uint256 payout,
        bool refunded
    ) private view returns (uint256 next) {
        unchecked {
            next = _rolled(usage);
            uint256 open = (next >> OPEN_AT) & MAX_AMOUNT;
            next -= (stake < open ? stake : open) << OPEN_AT;
            uint256 offset = refunded ? 0 : LOSSES_AT;
            uint256 codes = (refunded ? settings : settings >> 48) & type(uint48).max;
            for (; codes != 0; offset += 24) {
                uint256 code = codes & 0xffff;
                codes >>= 16;
                uint256 sum = (next >> offset) & SUM_MASK;
                // A full sum stays full: what it stands for is not known to come back below the limit.
                if (code == 0 || sum == SUM_MASK) continue;
                (, uint256 shift) = LimitTerms.grains(code);
                uint256 changed;
                if (refunded) changed = _less(sum, stake >> shift);
                else if (payout < stake)
                    changed = _cappedSum(sum + _grainsUp(stake - payout, shift));
                else changed = _less(sum, (payout - stake) >> shift);
                next ^= (sum ^ changed) << offset;
            }
        }
    }

    /// @notice Settings and usage as they hold now, a due loosening and an earlier exclusion included.
    function _current(
        Account storage account,
        address player
    ) private view returns (uint256 settings, uint256 usage) {
        return _due(account, player, account.settings, account.usage);
    }

    function _due(
        Account storage account,
        address player,
        uint256 settings,
        uint256 usage
    ) private view returns (uint256, uint256) {
        if (settings & SET == 0) return (SET | (excludedUntil[player] << EXCLUDED_AT), usage);
        uint256 from = (settings >> LOOSENING_AT) & TIME_MASK;
        if (from == 0 || block.timestamp < from) return (settings, usage);
        uint256 wanted = account.wanted;
        usage = _regrained(usage, settings, wanted);
        return ((settings & ~(LimitTerms.MASK | (TIME_MASK << LOOSENING_AT))) | wanted, usage);
    }

    /// @notice The usage with each sum in the grains of its new limit, rounded up; a limit new or gone begins at 0.
    function _regrained(uint256 usage, uint256 old, uint256 next) private pure returns (uint256) {
        for (uint256 i; i < 6; ++i) {
            uint256 from = old.code(i);
            uint256 to = next.code(i);
            if (from == to) continue;
            uint256 sum = (usage >> (24 * i)) & SUM_MASK;
            uint256 changed;
            if (sum == SUM_MASK) changed = sum;
            else changed = _cappedSum(_grainsUp(sum << _shift(from), _shift(to)));
            if (from == 0 || to == 0) changed = 0;
            usage ^= (sum ^ changed) << (24 * i);
        }
        return usage;
    }

    /// @notice The usage today: the sums of windows that are over are 0.
    function _rolled(uint256 usage) private view returns (uint256) {
        unchecked {
            uint256 day = usage >> DAY_AT;
            uint256 today = block.timestamp / 1 days;
            if (day == today) return usage;
            uint256 sums = SUM_MASK | (SUM_MASK << 72);
            usage &= ~(sums | (uint256(type(uint24).max) << DAY_AT));
            if (day / 7 != today / 7) usage &= ~(sums << 24);
            if (day / 30 != today / 30) usage &= ~(sums << 48);
            return usage | (today << DAY_AT);
        }
    }

    function _rolledDeposits(uint256 deposited) private view returns (uint256) {
        uint256 day = deposited >> DAY_AT;
        uint256 today = block.timestamp / 1 days;
        uint256 kept;
        if (day == today) kept |= MAX_AMOUNT;
        if (day / 7 == today / 7) kept |= MAX_AMOUNT << 56;
        if (day / 30 == today / 30) kept |= MAX_AMOUNT << 112;
        return (deposited & kept) | (today << DAY_AT);
    }

    // -- Small helpers --

    function _account(address player, uint16 asset) private view returns (Account storage) {
        return _accounts[(uint256(uint160(player)) << 16) | asset];
    }

    function _onlyCasino() private view {
        if (msg.sender != address(casino)) revert NotCasino(msg.sender);
    }

    function _checkExclusion(uint256 settings) private view {
        uint256 until = (settings >> EXCLUDED_AT) & TIME_MASK;
        if (block.timestamp < until) revert PlayerExcluded(until);
    }

    function _grainsUp(uint256 amount, uint256 shift) private pure returns (uint256) {
        unchecked {
            return (amount + (1 << shift) - 1) >> shift;
        }
    }

    function _shift(uint256 code) private pure returns (uint256 shift) {
        (, shift) = LimitTerms.grains(code);
    }

    /// @param offset Where the window's sum is, among those of its kind.
    function _seconds(uint256 offset) private pure returns (uint256) {
        return
            offset == 0
                ? 1 days
                : offset == 24
                    ? 7 days
                    : 30 days;
    }

    function _less(uint256 a, uint256 b) private pure returns (uint256) {
        unchecked {
            return a > b ? a - b : 0;
        }
    }

    function _capped(uint256 amount) private pure returns (uint256) {
        return amount < MAX_AMOUNT ? amount : MAX_AMOUNT;
    }

    function _cappedSum(uint256 grains) private pure returns (uint256) {
        return grains < SUM_MASK ? grains : SUM_MASK;
    }
}
