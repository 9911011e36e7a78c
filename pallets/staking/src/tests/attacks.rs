//! Each test is named after what it prevents.

use crate::{mock::*, *};
use ergon_primitives::{
    currency::ERGN,
    staking::{DutyObserver, Validators},
};
use frame_support::{assert_noop, assert_ok};
use pallet_authorship::EventHandler;
use sp_runtime::Perbill;

fn nobody_is_jailed() {
    assert!((1..=GENESIS).all(|who| validator(who).jailed_until.is_none()), "somebody was jailed");
}

#[test]
fn false_slashing_by_partition() {
    // Half of the network cannot see the other half. Its chain loses, and in the one that wins its ticks are empty.
    story(|| {
        for _ in 0..10 {
            session_without(&[1, 2, 3]);
        }
        nobody_is_jailed();
    });
    // One of six alone on a branch of its own: what it misses on the other is what it really did not make there, but in a
    // network that stands still for the rest nothing counts.
    story(|| {
        for session in 0..10u64 {
            let start = session * SESSION;
            // 2 and 3 make a block every 25 ticks; 1 owes all the rest.
            for i in 0..4 {
                let tick = start + i * 25;
                let missed: Vec<_> = (tick.saturating_sub(24)..tick).map(|tick| (tick, 1)).collect();
                Now::set(tick);
                Staking::on_block(tick, &(2 + i % 2), &missed);
            }
            next_session();
        }
        nobody_is_jailed();
    });
}

#[test]
fn false_slashing_by_orphaning_blocks() {
    // 2 follows 1 in the table and builds beside its block each time it can: one of 1's ticks in five is lost to it.
    story(|| {
        for session in 0..20u64 {
            let start = session * SESSION;
            for i in 0..90 {
                let tick = start + i;
                let who = i % 6 + 1;
                Now::set(tick);
                // 1's tick is orphaned in one round of five.
                if who == 1 && i / 6 % 5 == 0 {
                    continue;
                }
                let missed: &[(u64, u64)] = if who == 2 && i / 6 % 5 == 0 { &[(tick - 1, 1)] } else { &[] };
                Staking::on_block(tick, &who, missed);
            }
            next_session();
        }
        nobody_is_jailed();
        let performance = Uptimes::<Test>::get(1).performance(&rules());
        assert_eq!(performance.uptime.map(|uptime| uptime.deconstruct()), Some(80), "it shows, and does not jail");
    });
}

#[test]
fn key_rotation_to_escape_jail() {
    story(|| {
        for session in 0..4u64 {
            pallet_session::NextKeys::<Test>::insert(1, keys(100 + session));
            session_without(&[1]);
        }
        assert!(validator(1).jailed_until.is_some(), "counted by operator");
    });
}

#[test]
fn leaving_to_escape_a_slash() {
    story(|| {
        assert_ok!(Staking::leave(RuntimeOrigin::signed(1)));
        next_session();
        // It still serves, and signs twice now.
        Staking::punish(&[(1, Perbill::from_percent(50))], 1);
        assert_eq!(burned("slash"), 5_000 * ERGN);
        // In jail or out of it, it cannot come back under its name before it is forgotten.
        assert_noop!(
            Staking::register(RuntimeOrigin::signed(1), 10_000 * ERGN, Perbill::zero(), profile("again")),
            Error::<Test>::AlreadyRegistered
        );
    });
}

#[test]
fn double_claim() {
    story(|| {
        Staking::note_author(1);
        let before = Balances::free_balance(1);
        for _ in 0..3 {
            Staking::share_out(&1);
        }
        next_session();
        assert_eq!(Balances::free_balance(1), before + REWARD);
        assert_eq!(MintedSum::get(), REWARD);
    });
}

#[test]
fn commission_bait() {
    // Low to attract stake, high when rewards are due: a rise counts for blocks after it, and is small.
    story(|| {
        Delegated::mutate(|all| {
            all.insert(1, 90_000 * ERGN);
        });
        for _ in 0..100 {
            Staking::note_author(1);
        }
        assert_ok!(Staking::set_commission(RuntimeOrigin::signed(1), Perbill::from_percent(1)));
        let delegators = Rewarded::get().get(&1).copied().unwrap_or(0);
        assert_eq!(delegators, 90 * REWARD, "by the commission under which it was earned");
        let all = Staking::set_commission(RuntimeOrigin::signed(1), Perbill::one());
        assert_eq!(all, Err(Error::<Test>::CommissionStepTooLarge.into()));
    });
}

#[test]
fn reward_manipulation_around_epoch_ends() {
    // Much stake of its own in the last block of an epoch, to take what delegators earned in it: shared out by the stakes
    // under which it was earned.
    story(|| {
        Delegated::mutate(|all| {
            all.insert(1, 10_000 * ERGN);
        });
        for _ in 0..100 {
            Staking::note_author(1);
        }
        assert_ok!(Staking::bond_more(RuntimeOrigin::signed(1), 80_000 * ERGN));
        next_session();
        assert_eq!(Rewarded::get().get(&1).copied(), Some(50 * REWARD), "half of the stake was theirs");
        // And it is out again only after the unbonding time, in which it earns nothing.
        for _ in 0..100 {
            Staking::note_author(1);
        }
        assert_ok!(Staking::unbond(RuntimeOrigin::signed(1), 80_000 * ERGN));
        assert_eq!(Rewarded::get().get(&1).copied(), Some(60 * REWARD), "a tenth, for as long as it was in");
        for _ in 0..100 {
            Staking::note_author(1);
        }
        next_session();
        assert_eq!(Rewarded::get().get(&1).copied(), Some(110 * REWARD));
        assert_eq!(validator(1).unbonding.len(), 1, "still held");
    });
    // Stake that is there when an epoch begins counts for the rate of its rewards: what left since counts no more in the next.
    story(|| {
        assert_ok!(Staking::bond_more(RuntimeOrigin::signed(1), 80_000 * ERGN));
        next_session();
        assert_eq!(ActiveStake::<Test>::get(), (GENESIS as Balance * 10_000 + 80_000) * ERGN);
        assert_ok!(Staking::unbond(RuntimeOrigin::signed(1), 80_000 * ERGN));
        assert_ok!(Staking::bond_more(RuntimeOrigin::signed(2), 5_000 * ERGN));
        next_session();
        assert_eq!(ActiveStake::<Test>::get(), (GENESIS as Balance * 10_000 + 5_000) * ERGN);
        assert_eq!(validator(1).unbonding.len(), 1, "and it waits for the unbonding time all the same");
    });
}

#[test]
fn a_seat_for_less_by_splitting_into_accounts() {
    // Each seat costs at least the entry stake, however the money is divided.
    story(|| {
        for who in 10..=11 {
            assert_ok!(Staking::register(RuntimeOrigin::signed(who), 10_000 * ERGN, Perbill::zero(), profile("sybil")));
            set_keys(who);
        }
        next_session();
        next_session();
        let entry = Staking::entry_stake();
        for who in members() {
            assert!(Staking::total_stake(&who, &validator(who)) >= entry - 1);
        }
        let cheap = Staking::register(RuntimeOrigin::signed(12), 9_999 * ERGN, Perbill::zero(), profile("sybil"));
        assert_eq!(cheap, Err(Error::<Test>::StakeTooSmall.into()));
    });
}

#[test]
fn coming_back_from_the_grave_by_registering_anew() {
    story(|| {
        Staking::punish(&[(1, Perbill::from_percent(5))], 0);
        assert_eq!(Staking::accepts(&1), Err(ergon_primitives::staking::Closed::Tombstoned));
        assert_ok!(Staking::leave(RuntimeOrigin::signed(1)));
        for _ in 0..6 {
            next_session();
        }
        assert_eq!(Registry::<Test>::get(1), None, "it has left");
        let again = Staking::register(RuntimeOrigin::signed(1), 10_000 * ERGN, Perbill::zero(), profile("again"));
        assert_eq!(again, Err(Error::<Test>::Tombstoned.into()));
    });
}
