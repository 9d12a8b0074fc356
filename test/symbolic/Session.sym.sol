// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Extras, ExtrasLibrary} from "../../contracts/types/Extras.sol";
import {Float16} from "../../contracts/types/Float16.sol";
import {GameBook} from "../../contracts/types/GameBook.sol";
import {Session} from "../../contracts/types/Session.sol";

/// @title The slots of a lane's session, of a bet's extras and of a game's book
contract SessionCheck {
    function check_opening_a_session_writes_each_field_and_moves_the_nonce(
        uint256 word,
        address key,
        uint32 expiry,
        uint256 maxStake,
        uint256 lastSequence,
        bool bounded
    ) external pure {
        require(maxStake <= Float16.MAX && lastSequence < 1 << 28);
        Session before = Session.wrap(word);
        Session session = before.opened(key, expiry, maxStake, lastSequence, bounded);
        assert(session.key() == key && session.expiry() == expiry);
        assert(session.maxStake() <= maxStake);
        assert(session.lastSequence() == lastSequence);
        assert(session.isBounded() == bounded);
        assert(session.nonce() == (before.nonce() + 1) % (1 << 19));
    }

    function check_revoking_a_session_leaves_no_key_and_a_new_nonce(uint256 word) external pure {
        Session session = Session.wrap(word).revoked();
        assert(session.key() == address(0) && session.expiry() == 0 && session.maxStake() == 0);
        assert(session.nonce() == (Session.wrap(word).nonce() + 1) % (1 << 19));
    }
}

contract ExtrasCheck {
    function check_extras_give_back_what_was_packed(
        bytes16 choice,
        uint16 further,
        uint64 stopGain,
        uint64 stopLoss,
        uint40 fee
    ) external pure {
        Extras extras = ExtrasLibrary.pack(choice, further, stopGain, stopLoss, fee);
        Extras stored = extras.stored();
        assert(stored.choice(bytes16(bytes7(choice))) == choice);
        assert(stored.rounds() == uint256(further) + 1);
        assert(stored.stopGain() == stopGain && stored.stopLoss() == stopLoss);
        assert(Extras.unwrap(extras) >> 216 == fee && Extras.unwrap(stored) >> 216 == 0);
    }
}

contract GameBookCheck {
    uint256 private constant AMOUNT = (1 << 56) - 1;

    function check_a_bet_in_the_book_reserves_and_releases_alone(
        uint256 word,
        uint256 reserve,
        uint40 timestamp
    ) external pure {
        GameBook book = GameBook.wrap(word);
        require(reserve <= AMOUNT - book.reserved());
        GameBook opened = book.opened(reserve);
        assert(GameBook.unwrap(opened) & ~AMOUNT == word & ~AMOUNT);
        GameBook closed = opened.closed(reserve, 0, 0, timestamp);
        assert(closed.reserved() == book.reserved());
        assert(closed.lossOn(timestamp) == book.lossOn(timestamp));
        assert(GameBook.unwrap(closed) >> 128 == word >> 128);
    }

    function check_the_days_loss_moves_by_what_a_bet_lost(
        uint256 word,
        uint64 paid,
        uint64 staked,
        uint40 timestamp
    ) external pure {
        GameBook book = GameBook.wrap(word);
        uint256 sum = book.lossOn(timestamp) + paid;
        uint256 loss = sum > staked ? sum - staked : 0;
        GameBook closed = book.closed(0, paid, staked, timestamp);
        assert(closed.lossOn(timestamp) == (loss > AMOUNT ? AMOUNT : loss));
        assert(closed.reserved() == book.reserved());
        assert(GameBook.unwrap(closed) >> 128 == word >> 128);
    }
}
