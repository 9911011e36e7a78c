//! Absence: who is jailed for it, what it costs each time, and the way out.

use crate::{mock::*, *};
use ergon_primitives::{currency::ERGN, staking::DutyObserver};
use frame_support::{assert_noop, assert_ok, traits::fungible::InspectHold};
use sp_runtime::Perbill;

type E = Error<Test>;

fn strikes() -> Vec<(AccountId, u32)> {
    System::events()
        .into_iter()
        .filter_map(|record| match record.event {
            RuntimeEvent::Staking(Event::Jailed { validator, strikes, .. }) => Some((validator, strikes)),
            _ => None,
        })
        .collect()
}

/// Sessions in which 1 is absent, until it is jailed.
fn absent_until_jailed(who: AccountId) {
    for _ in 0..20 {
        session_without(&[who]);
        if validator(who).jailed_until.is_some() {
            return;
        }
    }
    panic!("{who} was not jailed");
}

/// Lets `who` out and back into the set.
fn back(who: AccountId) {
    assert_ok!(Staking::bond_more(RuntimeOrigin::signed(who), 3_000 * ERGN));
    assert_ok!(Staking::unjail(RuntimeOrigin::signed(who)));
    session_without(&[]);
    session_without(&[]);
    assert!(members().contains(&who));
}

#[test]
fn a_dead_validator_is_jailed_slashed_and_out_of_the_set() {
    story(|| {
        Delegated::mutate(|all| {
            all.insert(1, 500 * ERGN);
        });
        absent_until_jailed(1);
        assert_eq!(strikes(), [(1, 1)]);
        assert_eq!(validator(1).own_stake, 9_500 * ERGN);
        assert_eq!(burned("slash"), 500 * ERGN);
        assert_eq!(
            Cut::get(),
            [(1, 0, Perbill::from_percent(5))],
            "delegators too, all who were there from its first miss on"
        );
        assert_eq!(Taken::get(), [1], "others get its ticks at once");
        session_without(&[]);
        session_without(&[]);
        assert_eq!(members(), [2, 3, 4, 5, 6]);
        assert_eq!(strikes().len(), 1, "nobody else is blamed");
    });
}

#[test]
fn nobody_is_jailed_before_a_whole_window_has_passed() {
    story(|| {
        // Three sessions would do, if the first tick told of it had been the first of its session.
        for _ in 0..4 {
            assert_eq!(strikes(), []);
            session_without(&[1]);
        }
        assert_eq!(strikes(), [(1, 1)]);
    });
}

#[test]
fn jail_has_a_term_and_a_price() {
    story(|| {
        absent_until_jailed(1);
        assert_noop!(Staking::unjail(RuntimeOrigin::signed(2)), E::NotJailed);
        assert_ok!(Staking::unjail(RuntimeOrigin::signed(1)));
        assert_eq!(burned("unjail"), 1_000 * ERGN);
        assert_noop!(Staking::unjail(RuntimeOrigin::signed(1)), E::NotJailed);
    });
    story(|| {
        absent_until_jailed(1);
        for _ in 0..4 {
            session_without(&[]);
        }
        assert!(!members().contains(&1), "it stays until it asks");
        assert_ok!(Staking::unjail(RuntimeOrigin::signed(1)));
        assert_eq!(burned("unjail"), 0);
    });
}

#[test]
fn whoever_cannot_pay_for_it_stays_in_jail() {
    story(|| {
        absent_until_jailed(1);
        let free = Balances::free_balance(1);
        assert_ok!(Balances::transfer_allow_death(RuntimeOrigin::signed(1), 2, free - 1_000 * ERGN));
        assert_noop!(Staking::unjail(RuntimeOrigin::signed(1)), E::InsufficientBalance);
    });
}

#[test]
fn after_a_slash_the_stake_must_be_made_up_first() {
    story(|| {
        absent_until_jailed(1);
        assert_ok!(Staking::unjail(RuntimeOrigin::signed(1)));
        session_without(&[]);
        session_without(&[]);
        assert!(!members().contains(&1), "9,500 is too little");
        assert_ok!(Staking::bond_more(RuntimeOrigin::signed(1), 500 * ERGN));
        session_without(&[]);
        session_without(&[]);
        assert!(members().contains(&1));
    });
}

#[test]
fn a_second_strike_costs_ten_percent_and_a_third_everything() {
    story(|| {
        absent_until_jailed(1);
        back(1);
        let before = validator(1).own_stake;
        absent_until_jailed(1);
        assert_eq!(validator(1).own_stake, before - before / 10);
        back(1);
        absent_until_jailed(1);
        assert_eq!(strikes(), [(1, 1), (1, 2), (1, 3)]);
        assert!(validator(1).tombstoned);
        assert_eq!(validator(1).own_stake, 0);
        assert_eq!(Cut::get().last().map(|(_, _, share)| *share), Some(Perbill::from_percent(10)), "delegators' limit");
        assert_noop!(Staking::unjail(RuntimeOrigin::signed(1)), E::Tombstoned);
        assert_noop!(Staking::bond_more(RuntimeOrigin::signed(1), ERGN), E::Tombstoned);
        assert_ok!(Staking::leave(RuntimeOrigin::signed(1)));
    });
}

#[test]
fn strikes_fade_one_by_one() {
    story(|| {
        absent_until_jailed(1);
        back(1);
        absent_until_jailed(1);
        let jailed = Now::get();
        let counted = |later| validator(1).strikes_at(jailed + later, &rules());
        assert_eq!([counted(0), counted(30 * SESSION - 1), counted(30 * SESSION), counted(60 * SESSION)], [2, 2, 1, 0]);
        back(1);
        for _ in 0..30 {
            session_without(&[]);
        }
        absent_until_jailed(1);
        assert_eq!(strikes().last(), Some(&(1, 2)), "the second again, not the third");
    });
}

#[test]
fn a_mass_outage_jails_nobody_and_is_forgotten() {
    story(|| {
        for _ in 0..6 {
            session_without(&[1, 2, 3]);
        }
        assert_eq!(strikes(), []);
        assert!(System::events()
            .into_iter()
            .any(|record| { matches!(record.event, RuntimeEvent::Staking(Event::MassOutage { down: 3, of: 6, .. })) }));
        // Two of six are no outage, but a third exactly.
        for _ in 0..3 {
            session_without(&[1, 2]);
        }
        assert_eq!(strikes(), [(1, 1), (2, 1)]);
    });
}

#[test]
fn unstaking_in_jail_costs_a_tenth() {
    story(|| {
        absent_until_jailed(1);
        assert_ok!(Staking::leave(RuntimeOrigin::signed(1)));
        assert_eq!(burned("exit"), 950 * ERGN);
        assert_eq!(Balances::balance_on_hold(&HoldReason::OwnStake.into(), &1), 8_550 * ERGN);
    });
}

#[test]
fn whoever_leaves_in_an_outage_is_not_blamed_for_it() {
    story(|| {
        // Half of the network is cut off for most of the first session, and one of them leaves before it ends.
        for i in 0..90 {
            let (tick, who) = (i, i % 6 + 1);
            Now::set(tick);
            if who <= 3 {
                continue;
            }
            let missed: Vec<_> =
                (tick.saturating_sub(3)..tick).filter(|t| who == 4 && *t < tick).map(|t| (t, t % 6 + 1)).collect();
            Staking::on_block(tick, &who, &missed);
        }
        assert!(Uptimes::<Test>::get(1).session.missed >= 10, "enough to be judged");
        assert_ok!(Staking::leave(RuntimeOrigin::signed(1)));
        assert_eq!(strikes(), []);
    });
}

#[test]
fn paying_to_leave_jail_and_then_leaving_costs_the_same() {
    story(|| {
        absent_until_jailed(1);
        assert_ok!(Staking::unjail(RuntimeOrigin::signed(1)));
        assert_ok!(Staking::leave(RuntimeOrigin::signed(1)));
        assert_eq!(burned("exit"), 950 * ERGN, "its term is not over");
    });
    story(|| {
        absent_until_jailed(1);
        Now::mutate(|now| *now += 4 * SESSION);
        assert_ok!(Staking::unjail(RuntimeOrigin::signed(1)));
        assert_ok!(Staking::leave(RuntimeOrigin::signed(1)));
        assert_eq!(burned("exit"), 0, "its term is over");
    });
}
