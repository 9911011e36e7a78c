//! One benchmark per call at its dearest, with rewards to be shared out before; and one per piece of work that hooks and other
//! pallets make.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use ergon_primitives::{
    staking::{DutyObserver, MAX_REGISTERED, WITNESS_TICKS},
    time::MAX_VALIDATORS,
};
use frame_benchmarking::v2::*;
use frame_support::traits::fungible::Mutate;
use frame_system::RawOrigin;
use pallet_authorship::EventHandler;
use sp_runtime::{traits::TrailingZeroInput, Perbill};

use crate::{
    register::RELEASES_A_SESSION,
    types::{Earned, Intent, OwnChunk},
    uptime::Tally,
    *,
};

/// Sets the scene for benchmarks.
pub trait BenchmarkHelper<AccountId> {
    /// Gives a validator delegators whose rewards and slashes cost as much as they can.
    fn delegate_to(validator: &AccountId);
}

/// Every text as long as it may be.
fn longest_profile() -> Profile {
    let text = |len: usize| alloc::vec![b'x'; len];
    Profile {
        name: text(64).try_into().expect("64 bytes"),
        website: text(128).try_into().expect("128 bytes"),
        description: text(512).try_into().expect("512 bytes"),
    }
}

/// Stake that is enough, whatever the rules.
fn stake<T: Config>() -> Balance {
    Pallet::<T>::rules().min_self_stake
}

/// An account that can pay for everything.
fn rich<T: Config>(seed: u32) -> T::AccountId {
    let who: T::AccountId = account("validator", seed, 0);
    <T as Config>::Currency::mint_into(&who, stake::<T>().saturating_mul(4)).expect("mints");
    who
}

/// A validator with session keys that has earned something and made a block.
fn working<T: Config>(seed: u32) -> T::AccountId {
    let who = rich::<T>(seed);
    Pallet::<T>::do_register(&who, stake::<T>(), Perbill::zero(), longest_profile()).expect("registers");
    let keys = <T as pallet_session::Config>::Keys::decode(&mut TrailingZeroInput::new(&seed.encode()));
    pallet_session::NextKeys::<T>::insert(&who, keys.expect("keys are plain bytes"));
    Earnings::<T>::insert(&who, Earned { unminted: 1_000_000, in_pot: 0 });
    Uptimes::<T>::insert(&who, Uptime { since: Some(0), ..Default::default() });
    T::Helper::delegate_to(&who);
    who
}

/// Makes it one that is jailed when it is judged next.
fn neglect<T: Config>(who: &T::AccountId) {
    let absent = Tally { owed: 1_000, missed: 1_000, first_miss: Some(0), ..Default::default() };
    Uptimes::<T>::insert(who, Uptime { since: Some(0), previous: Some(absent), ..Default::default() });
}

/// As many members of the set.
fn members<T: Config>(count: u32) -> Vec<T::AccountId> {
    let members: Vec<_> = (0..count).map(working::<T>).collect();
    pallet_session::Validators::<T>::put(&members);
    members
}

fn jail<T: Config>(who: &T::AccountId) {
    Pallet::<T>::change(who, |validator| validator.jailed_until = Some(u64::MAX));
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn register() {
        let who = rich::<T>(0);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), stake::<T>(), Perbill::zero(), longest_profile());
        assert!(Registry::<T>::contains_key(&who));
    }

    #[benchmark]
    fn set_profile() {
        let who = working::<T>(0);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), longest_profile());
        assert_eq!(Profiles::<T>::get(&who), Some(longest_profile()));
    }

    #[benchmark]
    fn set_commission() {
        let who = working::<T>(0);
        let step = Pallet::<T>::rules().commission_step;
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), step);
        assert_eq!(Registry::<T>::get(&who).map(|validator| validator.commission), Some(step));
    }

    #[benchmark]
    fn bond_more() {
        let who = working::<T>(0);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), stake::<T>());
        assert_eq!(Registry::<T>::get(&who).map(|validator| validator.own_stake), Some(2 * stake::<T>()));
    }

    #[benchmark]
    fn unbond() {
        let who = working::<T>(0);
        Pallet::<T>::do_bond_more(&who, stake::<T>()).expect("it has the money");
        Earnings::<T>::insert(&who, Earned { unminted: 1_000_000, in_pot: 0 });
        jail::<T>(&who);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()), stake::<T>());
        assert_eq!(Registry::<T>::get(&who).map(|validator| validator.unbonding.len()), Some(1));
    }

    #[benchmark]
    fn leave() {
        let who = members::<T>(MAX_VALIDATORS).swap_remove(0);
        // Jailed at once, so that what it takes out is charged too.
        neglect::<T>(&who);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));
        let validator = Registry::<T>::get(&who).expect("it leaves, but has not left");
        assert_eq!((validator.intent, validator.jailed_until.is_some()), (Intent::Leaving, true));
    }

    #[benchmark]
    fn unjail() {
        let who = working::<T>(0);
        jail::<T>(&who);
        #[extrinsic_call]
        _(RawOrigin::Signed(who.clone()));
        assert_eq!(Registry::<T>::get(&who).and_then(|validator| validator.jailed_until), None);
    }

    #[benchmark]
    fn on_block(m: Linear<0, { WITNESS_TICKS as u32 - 1 }>) {
        let all = members::<T>(m + 2);
        let (author, absent) = (all[0].clone(), &all[2..]);
        Pallet::<T>::on_block(1_000, &all[1], &[]);
        let missed: Vec<_> = (1_001..).zip(absent.iter().cloned()).collect();
        let tick = 1_001 + u64::from(m);
        #[block]
        {
            Pallet::<T>::on_block(tick, &author, &missed);
            Pallet::<T>::note_author(author);
        }
        assert!(absent.iter().all(|who| Uptimes::<T>::get(who).session.missed == 1));
    }

    /// All members are jailed, and others are elected; as many as can be are released, and leave.
    #[benchmark]
    fn on_session(r: Linear<{ 3 * MAX_VALIDATORS }, { MAX_REGISTERED - 1 }>, m: Linear<1, MAX_VALIDATORS>) {
        let members = members::<T>(m);
        members.iter().for_each(neglect::<T>);
        let others: Vec<_> = (m..r).map(working::<T>).collect();
        for who in &others {
            // Only members have made blocks.
            Earnings::<T>::remove(who);
        }
        for who in others.iter().take(RELEASES_A_SESSION) {
            Pallet::<T>::change(who, |validator| {
                let chunk = OwnChunk { amount: validator.own_stake, liable_until: 0, release: 0 };
                TotalOwnStake::<T>::mutate(|total| *total -= chunk.amount);
                TotalUnbonding::<T>::mutate(|total| *total += chunk.amount);
                validator.own_stake = 0;
                validator.intent = Intent::Leaving;
                validator.unbonding.try_push(chunk).expect("there is room");
            });
        }
        let registered = Registry::<T>::count();
        #[block]
        {
            pallet_session::Pallet::<T>::rotate_session();
        }
        assert_eq!(Earnings::<T>::iter().count(), 0);
        assert!(members.iter().all(|who| Pallet::<T>::is_excluded(who)));
        assert_eq!(Registry::<T>::count(), registered - RELEASES_A_SESSION as u32);
    }

    #[benchmark]
    fn punish(o: Linear<1, MAX_VALIDATORS>) {
        let offenders: Vec<_> = members::<T>(o).into_iter().map(|who| (who, Perbill::from_percent(50))).collect();
        #[block]
        {
            Pallet::<T>::punish(&offenders, 0);
        }
        assert!(offenders.iter().all(|(who, _)| Pallet::<T>::is_excluded(who)));
    }
}
