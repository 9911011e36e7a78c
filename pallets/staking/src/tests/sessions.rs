//! Who is elected, and what happens when nobody is.

use crate::{mock::*, *};
use ergon_primitives::{currency::ERGN, staking::Rules};
use frame_support::assert_ok;
use sp_runtime::Perbill;

fn join(who: AccountId, stake: Balance) {
    assert_ok!(Staking::register(RuntimeOrigin::signed(who), stake, Perbill::zero(), profile("newcomer")));
    set_keys(who);
}

#[test]
fn the_set_is_the_top_by_own_and_delegated_stake() {
    story(|| {
        // Two seats are free.
        join(10, 10_000 * ERGN);
        join(11, 10_000 * ERGN);
        join(12, 11_000 * ERGN);
        Delegated::mutate(|all| {
            all.insert(11, 2_000 * ERGN);
        });
        next_session();
        next_session();
        assert_eq!(members(), [1, 2, 3, 4, 5, 6, 11, 12]);
        assert_eq!(Staking::entry_stake(), 10_000 * ERGN + 1);
        assert_eq!(ActiveStake::<Test>::get(), 60_000 * ERGN + 23_000 * ERGN);
        // One with a unit more takes the last seat.
        assert_ok!(Staking::bond_more(RuntimeOrigin::signed(10), 1));
        next_session();
        next_session();
        assert_eq!(members(), [1, 2, 3, 4, 5, 10, 11, 12], "of equals, the later accounts leave first");
    });
}

#[test]
fn an_unchanged_set_is_not_announced() {
    story(|| {
        use pallet_session::SessionManager;
        assert_eq!(<Staking as SessionManager<_>>::new_session(1), None);
        // Stake alone changes nothing, as long as the members stay.
        assert_ok!(Staking::bond_more(RuntimeOrigin::signed(3), 5 * ERGN));
        assert_eq!(<Staking as SessionManager<_>>::new_session(1), None);
        pallet_session::NextKeys::<Test>::insert(3, keys(33));
        assert_eq!(<Staking as SessionManager<_>>::new_session(1), Some((1..=6).collect()));
    });
}

#[test]
fn if_all_candidates_leave_but_one_in_jail_it_serves_and_the_others_may_go() {
    story(|| {
        for who in 1..=5 {
            assert_ok!(Staking::leave(RuntimeOrigin::signed(who)));
        }
        Staking::change(&6, |validator| validator.jailed_until = Some(1_000_000));
        for _ in 0..3 {
            next_session();
        }
        assert_eq!(members(), [6], "those who left were promised two sessions");
    });
}

#[test]
fn there_are_no_more_seats_than_the_schedule_reaches() {
    story(|| {
        Voted::set(Some(Rules { max_validators: 100, ..rules() }));
        Reach::set(4);
        for _ in 0..3 {
            next_session();
        }
        assert_eq!(members().len(), 4);
    });
}

#[test]
fn if_nobody_stands_for_election_the_poor_serve() {
    story(|| {
        Voted::set(Some(Rules { min_self_stake: 20_000 * ERGN, ..rules() }));
        next_session();
        next_session();
        next_session();
        assert_eq!(members(), [1, 2, 3, 4, 5, 6]);
        assert!(System::events()
            .into_iter()
            .any(|record| matches!(record.event, RuntimeEvent::Staking(Event::NoCandidates { .. }))));
        assert_ok!(Staking::bond_more(RuntimeOrigin::signed(4), 10_000 * ERGN));
        next_session();
        next_session();
        assert_eq!(members(), [4], "one is enough");
    });
}

#[test]
fn voted_rules_hold_from_the_next_session() {
    story(|| {
        Voted::set(Some(Rules { max_validators: 3, ..rules() }));
        assert_eq!(Staking::rules().max_validators, 8);
        next_session();
        assert_eq!(Staking::rules().max_validators, 3);
        next_session();
        assert_eq!(members(), [1, 2, 3]);
        assert_eq!(RulesVersions::<Test>::get().len(), 2, "noted once");
    });
}
