// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {ISessions, ISessionsCasino} from "./interfaces/ISessions.sol";
import {DomainLibrary} from "./types/Domain.sol";
import {Float16} from "./types/Float16.sol";
import {LaneLibrary} from "./types/Lane.sol";
import {Session} from "./types/Session.sol";

/// @title Sessions
/// @dev A session belongs to one lane, whose sequence counts its bets: a bet writes nothing. The casino keeps its slot, where
/// most bets need no call; what is bounded further is here. Holds no money, knows no role, and calls nothing but the
/// casino and a player's own account for its signature.
contract Sessions is ISessions {
    /// @inheritdoc ISessions
    uint256 public constant MAX_SECONDS = 7 days;
    uint256 private constant MAX_SEQUENCE = (1 << 28) - 1;
    /// Games that a bounded session can name: 1 to 80.
    uint256 private constant GAMES_BITS = 80;

    bytes32 private constant NAME_HASH = keccak256("Glasshouse Sessions");
    bytes32 private constant TYPE_HASH = keccak256(
        "Session(address player,address key,uint16 asset,uint16 lane,uint64 expiry,uint64 maxStake,uint32 lastSequence,address feeTo,uint64 maxFee,uint256 games,uint32 nonce)"
    );

    /// @dev What a bounded session has beyond its slot.
    struct Bounds {
        address feeTo;
        uint16 maxFee;
        uint80 games;
    }

    /// @inheritdoc ISessions
    ISessionsCasino public immutable casino;

    mapping(uint256 laneKey => Bounds) private _bounds;

    constructor() {
        casino = ISessionsCasino(msg.sender);
    }

    /// @inheritdoc ISessions
    function open(address player, Terms calldata terms, bytes calldata signature) external {
        uint256 id = LaneLibrary.key(player, terms.asset, terms.lane);
        Session session = casino.sessionAt(id);
        if (terms.key == address(0) || terms.key == player) revert KeyRefused(terms.key);
        _within("expiry", terms.expiry, block.timestamp + MAX_SECONDS);
        if (terms.expiry < block.timestamp) revert GrantExpired(terms.expiry);
        _within("maxStake", terms.maxStake, LaneLibrary.MAX_AMOUNT);
        _within("maxFee", terms.maxFee, LaneLibrary.MAX_AMOUNT);
        _within("lastSequence", terms.lastSequence, MAX_SEQUENCE);
        _within("games", terms.games, (1 << GAMES_BITS) - 1);
        if (msg.sender != player) {
            bytes32 digest = _digest(player, terms, session.nonce());
            if (!SignatureChecker.isValidSignatureNowCalldata(player, digest, signature))
                revert GrantNotSigned(player, session.nonce());
        }

        bool bounded = terms.games != 0 || terms.maxFee != 0;
        if (bounded) {
            _bounds[id] = Bounds(
                terms.feeTo,
                uint16(Float16.encodeDown(terms.maxFee)),
                uint80(terms.games)
            );
        }

        emit SessionOpened(player, terms.key, terms);

        casino.setSession(
            id,
            session.opened(terms.key, terms.expiry, terms.maxStake, terms.lastSequence, bounded)
        );
    }

    /// @inheritdoc ISessions
    function revoke(LaneRef[] calldata lanes) external {
        for (uint256 i; i < lanes.length; ++i) {
            uint256 id = LaneLibrary.key(msg.sender, lanes[i].asset, lanes[i].lane);

            emit SessionRevoked(msg.sender, lanes[i].asset, lanes[i].lane);

            casino.setSession(id, casino.sessionAt(id).revoked());
        }
    }

    /// @inheritdoc ISessions
    function check(Session session, uint256 betId, address signer, Bet calldata bet) external view {
        if (signer == address(0) || session.key() != signer) revert SignerUnknown(signer);
        if (block.timestamp > session.expiry() || uint64(betId) > session.lastSequence())
            revert SessionOver(session.expiry(), session.lastSequence());
        if (bet.escrow > session.maxStake())
            revert SessionStakeAboveLimit(bet.escrow, session.maxStake());
        if (!session.isBounded()) {
            if (bet.fee != 0) revert SessionFeeRefused(bet.fee, 0);
            return;
        }
        Bounds memory bounds = _bounds[betId >> 64];
        if (bounds.games != 0 && !_allows(bounds.games, bet.game))
            revert SessionGameRefused(bet.game);
        uint256 maxFee = bet.feeTo == bounds.feeTo ? Float16.decode(bounds.maxFee) : 0;
        if (bet.fee > maxFee) revert SessionFeeRefused(bet.fee, maxFee);
    }

    /// @inheritdoc ISessions
    function sessionOf(
        address player,
        uint16 asset,
        uint16 lane
    ) external view returns (Terms memory terms, uint256 nonce) {
        uint256 id = LaneLibrary.key(player, asset, lane);
        Session session = casino.sessionAt(id);
        Bounds memory bounds;
        if (session.isBounded()) bounds = _bounds[id];
        terms = Terms({
            key: session.key(),
            asset: asset,
            lane: lane,
            expiry: session.expiry(),
            maxStake: session.maxStake(),
            lastSequence: session.lastSequence(),
            feeTo: bounds.feeTo,
            maxFee: Float16.decode(bounds.maxFee),
            games: bounds.games
        });
        nonce = session.nonce();
    }

    /// @inheritdoc ISessions
    function domainSeparator() public view returns (bytes32) {
        return DomainLibrary.separator(NAME_HASH);
    }

    function _digest(
        address player,
        Terms calldata terms,
        uint256 nonce
    ) private view returns (bytes32) {
        bytes32 structHash = keccak256(
            abi.encode(
                TYPE_HASH,
                player,
                terms.key,
                terms.asset,
                terms.lane,
                terms.expiry,
                terms.maxStake,
                terms.lastSequence,
                terms.feeTo,
                terms.maxFee,
                terms.games,
                nonce
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domainSeparator(), structHash));
    }

    function _allows(uint256 games, uint16 game) private pure returns (bool) {
        return game != 0 && game <= GAMES_BITS && (games >> (game - 1)) & 1 == 1;
    }

    function _within(bytes32 what, uint256 value, uint256 bound) private pure {
        if (value > bound) revert TermOutOfBounds(what, value, bound);
    }
}
