//! Each invariant catches a state that breaks it.

use crate::{mock::*, *};
use sp_runtime::TryRuntimeError;

fn broken(number: &str, how: impl FnOnce()) {
    Chain::of(4).genesis().execute_with(|| {
        blocks(600..620);
        WorkCredits::do_try_state().expect("sound before");
        how();
        match WorkCredits::do_try_state() {
            Err(TryRuntimeError::Other(why)) => assert!(why.starts_with(number), "{why}"),
            other => panic!("invariant {number} missed it: {other:?}"),
        }
    });
}

#[test]
fn every_invariant_is_checked() {
    broken("1", ActiveSet::<Test>::kill);
    broken("1", || ActiveSet::<Test>::mutate(|a| a[0] = a[1].clone()));
    broken("2", || Table::<Test>::mutate(|t| t.truncate(35)));
    broken("2", || pallet_aura::Authorities::<Test>::mutate(|a| a.as_mut().swap(0, 1)));
    broken("3", || {
        Records::<Test>::mutate(104 % 64, |r| {
            if let Some(r) = r {
                r.primary = Some(99)
            }
        })
    });
    broken("4", || RecentPrimaries::<Test>::mutate(|r| r.as_mut().reverse()));
    broken("5", || Records::<Test>::insert(63, WorkCredits::slot_record(101).expect("known")));
    broken("6", || DutiesOf::<Test>::mutate(0, |d| d.missed = d.owed + 1));
    broken("7", || FallbackQueue::<Test>::mutate(|q| q[0] = q[1])); // One that owns nothing yet: the table changes at the next slot.
    broken("8", || ActiveSet::<Test>::mutate(|a| a[0].operator = 99));
}
