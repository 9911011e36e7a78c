//! What an author makes of what its node offers, and what a bad batch does to its block.

use frame_support::assert_ok;
use sp_runtime::transaction_validity::{InvalidTransaction, TransactionSource, TransactionValidityError};

use crate::{mock::*, *};

#[test]
fn an_author_keeps_what_counts_and_leaves_out_the_rest() {
    story(4, || {
        block_in(SLOT);
        block_in(SLOT + 1);
        let topic = topic_of(SLOT + 1);
        // Out of order, twice, of another slot, of nobody, and beyond the set.
        let mut offered = signed(&topic, &[3, 0, 2, 0, 7]);
        offered.push((1, sign(2, &topic_of(SLOT))));
        let extrinsic = create(&batch(SLOT + 1, offered)).expect("three are good");
        assert_eq!(Executive::apply_extrinsic(extrinsic), Ok(Ok(())));
        assert_eq!(units(4), [1, 0, 1, 1]);
        block_in(SLOT + 1);
        let offered = good(SLOT + 1, &[0, 1, 2, 3]);
        assert_eq!(Executive::apply_extrinsic(create(&offered).expect("one is new")), Ok(Ok(())));
        assert_eq!(units(4), [1, 1, 1, 1]);
        assert_eq!(create(&offered), None, "nothing is left");
    });
}

#[test]
fn an_author_makes_nothing_of_too_little() {
    story(4, || {
        block_in(SLOT);
        let topic = topic_of(SLOT);
        assert_eq!(create(&batch(SLOT, vec![])), None);
        assert_eq!(create(&good(SLOT, &[0, 1])), None);
        assert_eq!(create(&batch(SLOT, signed(&topic, &[0, 1, 1, 1]))), None, "two, and one of them often");
        assert_eq!(create(&batch(SLOT + 1, signed(&topic, &[0, 1, 2]))), None);
        assert_eq!(create(&"something else"), None);
        // Of a slot that was open for the block below, but is not for this one.
        let late = good(SLOT, &[0, 1, 2]);
        block_in(SLOT + 1);
        assert!(create(&late).is_some());
        block_in(SLOT + 2);
        assert_eq!(create(&late), None);
    });
}

#[test]
fn a_batch_that_fails_makes_its_block_invalid() {
    story(4, || {
        block_in(SLOT);
        let extrinsic = |batch| Extrinsic::new_bare(Call::submit { batch }.into());
        let invalid = Err(TransactionValidityError::Invalid(InvalidTransaction::BadMandatory));
        assert_eq!(Executive::apply_extrinsic(extrinsic(good(SLOT, &[0, 1]))), invalid);
        assert_eq!(Executive::apply_extrinsic(extrinsic(good(SLOT, &[0, 1, 2]))), Ok(Ok(())));
        assert_eq!(Executive::apply_extrinsic(extrinsic(good(SLOT, &[3]))), invalid, "a second one");
    });
}

#[test]
fn pools_take_no_batches() {
    story(4, || {
        block_in(SLOT);
        let extrinsic = Extrinsic::new_bare(Call::submit { batch: good(SLOT, &[0, 1, 2]) }.into());
        for source in [TransactionSource::External, TransactionSource::Local, TransactionSource::InBlock] {
            let validity = Executive::validate_transaction(source, extrinsic.clone(), parent_hash(64));
            assert!(matches!(
                validity,
                Err(TransactionValidityError::Unknown(_) | TransactionValidityError::Invalid(_))
            ));
        }
        assert_ok!(submit(good(SLOT, &[0, 1, 2])));
    });
}
