//! Each invariant catches a state that breaks it.

use crate::{mock::*, *};
use sp_runtime::TryRuntimeError;

fn broken(number: &str, how: impl FnOnce()) {
    story(|| {
        next_session();
        change_key(1, 31);
        for _ in 0..3 {
            next_session();
        }
        Equivocation::do_try_state().expect("sound before");
        sp_io::storage::start_transaction();
        how();
        match Equivocation::do_try_state() {
            Err(TryRuntimeError::Other(why)) => assert!(why.starts_with(number), "{why}"),
            other => panic!("invariant {number} missed it: {other:?}"),
        }
        sp_io::storage::rollback_transaction();
    });
}

#[test]
fn every_invariant_is_checked() {
    broken("1", || Sessions::<Test>::remove(2));
    broken("1", || Sessions::<Test>::insert(0, SessionFacts { first_tick: 0, first_block: 0, key_set: 0 }));
    broken("2", || {
        Sessions::<Test>::mutate(2, |facts| {
            if let Some(facts) = facts {
                facts.first_tick = 500;
            }
        })
    });
    broken("3", || KeySets::<Test>::remove(0));
    broken("3", || {
        if let Some(keys) = KeySets::<Test>::get(0) {
            KeySets::<Test>::insert(9, keys);
        }
    });
}
