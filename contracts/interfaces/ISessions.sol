// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Session} from "../types/Session.sol";

/// @notice What the sessions need of the casino that made them: it keeps each lane's session beside its bets.
interface ISessionsCasino {
    /// @notice Called by the sessions only.
    function setSession(uint256 laneKey, Session session) external;

    function sessionAt(uint256 laneKey) external view returns (Session);
}

/// @title Session keys: who may sign a player's bet orders
/// @notice A player lets a key sign the orders of one lane, for at most seven days, up to a stake, up to a number of bets,
/// in some games or all. The key can bet and nothing else: it cannot withdraw, deposit, open sessions or change limits;
/// what it wins is the player's; fees go to the one relayer that the player named, up to what the player allowed.
///
/// BUDGET. `maxStake` for one bet and `lastSequence`, the number of the lane's last bet that the key may sign: the lane
/// counts by itself, so a bet costs no write here. A player may go on to bet in the lane with own orders; those count too.
///
/// GRANT. The player calls `open`, or anyone does with the player's signature: EIP-712 of the struct `Session`, checked by
/// ERC-1271 for an account with code and by recovery otherwise, so contract and EIP-7702 accounts have sessions too.
/// A grant names the lane's nonce, which every opening and every revocation moves on: it opens once, and never after
/// either.
///
/// TRUST. None: no owner, no role, no money. A casino creates its own and trusts no other.
interface ISessions {
    // -- Errors --

    /// @notice No account, or the player's own, which needs no session.
    error KeyRefused(address key);
    /// @notice The grant ended before it was opened (seconds).
    error GrantExpired(uint256 expiry);
    /// @notice The signature is not the player's, or the grant names another nonce than this.
    error GrantNotSigned(address player, uint256 nonce);
    /// @notice A term is outside its hard-coded bound.
    error TermOutOfBounds(bytes32 what, uint256 value, uint256 bound);
    /// @notice The signer is neither the player nor the lane's session key; `address(0)` if nothing could be recovered.
    error SignerUnknown(address signer);
    /// @notice The session has expired or used up its bets.
    error SessionOver(uint256 expiry, uint256 lastSequence);
    /// @notice The stakes together are above what the session allows for one bet (units).
    error SessionStakeAboveLimit(uint256 stake, uint256 limit);
    /// @notice The session is not for this game.
    error SessionGameRefused(uint16 game);
    /// @notice The session does not allow this fee (units) for this relayer.
    error SessionFeeRefused(uint256 fee, uint256 limit);

    // -- Events --

    /// @notice A key may sign the player's orders in one lane.
    event SessionOpened(address indexed player, address indexed key, Terms terms);
    /// @notice The lane has no session key; a grant that was signed for it and not yet opened is void.
    event SessionRevoked(address indexed player, uint16 indexed asset, uint16 lane);

    // -- Structs --

    /// @notice What a session key may do. Amounts in units of the asset, stored as floating numbers of 11 significant
    /// bits, rounded down.
    struct Terms {
        address key;
        uint16 asset;
        uint16 lane;
        /// Seconds, inclusive; at most seven days from now.
        uint256 expiry;
        /// Largest stake of one bet, all its rounds together.
        uint256 maxStake;
        /// The lane's last bet that the key may sign.
        uint256 lastSequence;
        /// Who may be paid for carrying its orders, and at most how much for one.
        address feeTo;
        uint256 maxFee;
        /// Bit g - 1 allows game g, up to game 80; 0 allows all.
        uint256 games;
    }

    /// @notice One lane of the caller.
    struct LaneRef {
        uint16 asset;
        uint16 lane;
    }

    /// @notice What a key asks for.
    struct Bet {
        uint16 game;
        /// Units, all rounds together.
        uint256 escrow;
        /// Units.
        uint256 fee;
        address feeTo;
    }

    // -- Functions --

    /// @notice Gives the lane its session, in place of the one before.
    /// @param signature Empty where the player calls.
    function open(address player, Terms calldata terms, bytes calldata signature) external;

    /// @notice Ends the caller's sessions in these lanes, all in one transaction.
    function revoke(LaneRef[] calldata lanes) external;

    /// @notice Reverts unless the signer may place this bet now.
    /// @param session Of the lane, as the casino keeps it.
    /// @param betId Of the bet: it names the lane and the sequence.
    function check(Session session, uint256 betId, address signer, Bet calldata bet) external view;

    /// @notice The session of a lane, with key `address(0)` if there is none, and the nonce of the next grant.
    function sessionOf(
        address player,
        uint16 asset,
        uint16 lane
    ) external view returns (Terms memory terms, uint256 nonce);

    /// @notice The EIP-712 domain of grants: name "Glasshouse Sessions", version "1", this chain and contract.
    function domainSeparator() external view returns (bytes32);

    function casino() external view returns (ISessionsCasino);

    /// @notice Longest life of a session key.
    function MAX_SECONDS() external view returns (uint256);
}
