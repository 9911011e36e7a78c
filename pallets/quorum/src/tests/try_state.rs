//! Each invariant catches a broken state.

use ergon_primitives::quorum::Statement;
use sp_core::H256;

use crate::{mock::*, *};

/// Breaks the running round of a good chain and puts it right again. Returns the number of the broken invariant.
fn broken(change: impl FnOnce(&mut Round<AccountId>)) -> Option<char> {
    let good = Current::<Test>::get().expect("runs");
    let mut bad = good.clone();
    change(&mut bad);
    Current::<Test>::put(bad);
    let error = Quorum::do_try_state().err();
    Current::<Test>::put(good);
    error.map(|error| match error {
        sp_runtime::DispatchError::Other(message) => message.chars().next().expect("says something"),
        other => panic!("no invariant: {other:?}"),
    })
}

#[test]
fn every_invariant_is_checked() {
    story(4, || {
        block_in(SLOT);
        block_in(SLOT + 1);
        submit(good(SLOT + 1, &[0, 1, 2])).expect("counts");
        assert_eq!(broken(|_| ()), None);
        assert_eq!(broken(|round| round.topic.slot += 1), Some('1'));
        assert_eq!(broken(|round| round.topic.slot -= 1), Some('1'));
        assert_eq!(broken(|round| round.members.clear()), Some('2'));
        assert_eq!(broken(|round| round.members[1].0 = 1), Some('2'));
        assert_eq!(broken(|round| round.members[1].1 = key(1)), Some('2'));
        assert_eq!(broken(|round| round.signed = vec![true; 3].try_into().expect("fits")), Some('2'));
        assert_eq!(broken(|round| round.reached = false), Some('3'));
        assert_eq!(broken(|round| round.signed[0] = false), Some('3'));
        assert_eq!(
            broken(|round| {
                round.signed[0] = false;
                round.reached = false;
            }),
            Some('3')
        );
        let header = |number, hash| Statement::Header { number, block: hash };
        assert_eq!(broken(|round| round.topic.statement = header(2, parent_hash(3))), Some('4'));
        assert_eq!(broken(|round| round.topic.statement = header(1, H256::repeat_byte(0xee))), Some('4'));
        let previous = Previous::<Test>::get().expect("is open");
        Previous::<Test>::set(Current::<Test>::get());
        assert!(Quorum::do_try_state().is_err(), "1: twice the same slot");
        Previous::<Test>::put(previous);
    });
}
