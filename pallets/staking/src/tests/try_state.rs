//! Each invariant catches a state that breaks it.

use crate::{mock::*, types::RulesVersion, uptime::Tally, *};
use ergon_primitives::staking::Rules;
use sp_runtime::{Perbill, TryRuntimeError};

fn broken(number: &str, how: impl FnOnce()) {
    story(|| {
        session_without(&[1]);
        Staking::do_try_state().expect("sound before");
        sp_io::storage::start_transaction();
        how();
        match Staking::do_try_state() {
            Err(TryRuntimeError::Other(why)) => assert!(why.starts_with(number), "{why}"),
            other => panic!("invariant {number} missed it: {other:?}"),
        }
        sp_io::storage::rollback_transaction();
    });
}

fn change(how: impl FnOnce(&mut Validator)) {
    Staking::change(&1, how);
}

#[test]
fn every_invariant_is_checked() {
    broken("1", || change(|validator| validator.own_stake += 1));
    broken("2", || TotalOwnStake::<Test>::mutate(|total| *total += 1));
    broken("2", || TotalUnbonding::<Test>::mutate(|total| *total += 1));
    broken("3", || Profiles::<Test>::insert(20, profile("nobody")));
    broken("3", || Uptimes::<Test>::insert(20, Uptime::default()));
    broken("4", || change(|validator| validator.strikes = 3));
    broken("4", || {
        change(|validator| {
            validator.deeds.add(0, Perbill::one());
        })
    });
    broken("5", || Uptimes::<Test>::mutate(1, |uptime| uptime.session = Tally { missed: 1, ..Default::default() }));
    broken("5", || Uptimes::<Test>::mutate(1, |uptime| uptime.previous = Some(Tally { won: 1, ..Default::default() })));
    broken("6", || pallet_session::Validators::<Test>::append(20));
    broken("7", RulesVersions::<Test>::kill);
    broken("7", || {
        RulesVersions::<Test>::mutate(|versions| {
            versions.force_push(RulesVersion { since: 0, rules: Rules::default() });
        })
    });
    broken("7", || {
        RulesVersions::<Test>::mutate(|versions| {
            versions.force_push(RulesVersion { since: 9, rules: Rules { unbonding_ticks: 0, ..Rules::default() } });
        })
    });
}
