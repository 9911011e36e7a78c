//! Double-signing, as `pallet-offences` tells it: all offenders of one kind and time with each report.

use crate::{mock::*, *};
use ergon_primitives::{
    currency::ERGN,
    staking::{Rules, SessionIndex},
};
use frame_support::{assert_noop, assert_ok};
use sp_runtime::Perbill;
use sp_staking::offence::{OffenceDetails, OnOffenceHandler};

/// Reports that `offenders` did it together, of six, in `session`.
fn report(offenders: &[AccountId], session: SessionIndex) {
    let share = Perbill::from_rational(3 * offenders.len() as u32, 6u32).square();
    report_at(offenders, session, share);
}

fn report_at(offenders: &[AccountId], session: SessionIndex, share: Perbill) {
    let details: Vec<_> =
        offenders.iter().map(|who| OffenceDetails { offender: (*who, ()), reporters: vec![] }).collect();
    let shares = vec![share; offenders.len()];
    let _ = <Staking as OnOffenceHandler<_, (AccountId, ()), _>>::on_offence(&details, &shares, session);
}

#[test]
fn an_offender_pays_and_never_comes_back() {
    story(|| {
        report_at(&[1], 0, Perbill::from_parts(900_000));
        assert_eq!(validator(1).own_stake, 9_500 * ERGN, "5 % at least");
        assert!(validator(1).tombstoned);
        assert_eq!(Cut::get(), [(1, 0, Perbill::from_percent(5))]);
        assert_eq!(Taken::get(), [1]);
        next_session();
        next_session();
        assert!(!members().contains(&1));
        assert_noop!(Staking::unjail(RuntimeOrigin::signed(1)), Error::<Test>::Tombstoned);
        assert_ok!(Staking::leave(RuntimeOrigin::signed(1)));
    });
}

#[test]
fn those_who_do_it_together_pay_more_and_the_first_makes_up_for_it() {
    story(|| {
        report(&[1], 0);
        assert_eq!(validator(1).own_stake, 7_500 * ERGN, "a quarter");
        report(&[1, 2], 0);
        assert_eq!([1, 2].map(|who| validator(who).own_stake), [0, 0], "all of it");
        assert_eq!(burned("slash"), 20_000 * ERGN);
        assert_eq!(Taken::get(), [1, 2], "each once");
    });
}

#[test]
fn the_worst_deed_counts_and_not_the_sum() {
    story(|| {
        report_at(&[1], 0, Perbill::from_percent(20));
        report_at(&[1], 0, Perbill::from_percent(20));
        report_at(&[1], 1, Perbill::from_percent(10));
        assert_eq!(validator(1).own_stake, 8_000 * ERGN);
        report_at(&[1], 1, Perbill::from_percent(50));
        assert_eq!(validator(1).own_stake, 5_000 * ERGN);
    });
}

#[test]
fn what_unbonded_before_the_session_of_the_offence_is_safe() {
    story(|| {
        assert_ok!(Staking::bond_more(RuntimeOrigin::signed(1), 2_000 * ERGN));
        assert_ok!(Staking::unbond(RuntimeOrigin::signed(1), 1_000 * ERGN));
        next_session();
        assert_ok!(Staking::unbond(RuntimeOrigin::signed(1), 1_000 * ERGN));
        next_session();
        // The first answers for session 1 too, whose set was chosen with it; the second also for 2.
        report_at(&[1], 2, Perbill::from_percent(50));
        let chunks: Vec<_> = validator(1).unbonding.iter().map(|chunk| chunk.amount).collect();
        assert_eq!(chunks, [1_000 * ERGN, 500 * ERGN]);
        assert_eq!(validator(1).own_stake, 5_000 * ERGN);
    });
}

#[test]
fn a_later_and_cheaper_deed_shields_nothing_from_an_earlier_one() {
    story(|| {
        assert_ok!(Staking::bond_more(RuntimeOrigin::signed(1), 40_000 * ERGN));
        next_session();
        next_session();
        // It signed twice in session 2, takes out all it can, and reports something small of session 6.
        assert_ok!(Staking::unbond(RuntimeOrigin::signed(1), 40_000 * ERGN));
        for _ in 0..4 {
            next_session();
        }
        report_at(&[1], 6, Perbill::from_percent(5));
        let chunk = || validator(1).unbonding.first().map(|chunk| chunk.amount);
        assert_eq!((validator(1).own_stake, chunk()), (9_500 * ERGN, Some(40_000 * ERGN)));
        report_at(&[1], 2, Perbill::from_percent(50));
        let paid = (validator(1).own_stake, chunk());
        // Five and fifty in a hundred make half, but for what a share of a billion rounds up.
        let short = 5_000 * ERGN - paid.0;
        assert!(short <= 10_000 * ERGN / 1_000_000_000, "{short}");
        assert_eq!(paid.1, Some(20_000 * ERGN));
        assert_eq!(CutGone::get(), [(1, 2, 6, Perbill::from_percent(50))]);
        // And not twice.
        report_at(&[1], 2, Perbill::from_percent(50));
        report_at(&[1], 4, Perbill::from_percent(40));
        assert_eq!((validator(1).own_stake, chunk()), paid);
    });
}

#[test]
fn an_offence_is_judged_by_the_rules_of_its_session() {
    story(|| {
        next_session();
        Voted::set(Some(Rules { equivocation_slash: Perbill::from_percent(40), ..rules() }));
        next_session();
        assert_eq!(Staking::rules().equivocation_slash, Perbill::from_percent(40));
        report_at(&[1], 1, Perbill::zero());
        report_at(&[2], 2, Perbill::zero());
        assert_eq!([1, 2].map(|who| validator(who).own_stake), [9_500 * ERGN, 6_000 * ERGN]);
    });
}

#[test]
fn versions_of_the_rules_are_kept_as_long_as_reports_are_taken() {
    story(|| {
        for i in 0..60u32 {
            Voted::set(Some(Rules { unjail_fee: ERGN * Balance::from(i + 1), ..rules() }));
            next_session();
        }
        let versions = RulesVersions::<Test>::get();
        let oldest = versions.first().map(|version| version.since);
        assert_eq!(oldest, Some(60 - 20), "20 sessions back");
        assert_eq!(Staking::rules_in(45).unjail_fee, ERGN * 45);
        assert_eq!(Staking::rules_in(3).unjail_fee, ERGN * 40, "the oldest known");
    });
}

#[test]
fn who_is_no_validator_cannot_be_slashed() {
    story(|| {
        report(&[20], 0);
        assert_eq!(burned("slash"), 0);
        assert_eq!(Balances::free_balance(20), MONEY);
    });
}
