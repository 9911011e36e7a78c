//! One benchmark per piece of work, each with full ledgers.

use codec::Decode;
use ergon_primitives::{
    staking::MAX_REGISTERED,
    time::{EpochNumber, SlotNumber},
    work::{Beacon, SignedBeacon, Work},
    AuraId, Hash,
};
use frame_benchmarking::v2::*;
use frame_support::{pallet_prelude::TransactionSource, traits::Get};
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use sp_runtime::{BoundedVec, RuntimeAppPublic};

use crate::*;

/// Entities at most: genesis has validators, too.
const MOST: u32 = MAX_REGISTERED - 10;

/// The first slot of an epoch, long after the window of those before it began.
fn slot<T: Config>() -> SlotNumber {
    u64::from(T::Clock::get().slots_per_epoch.max(1)).saturating_mul(10_000)
}

/// The epoch before that slot's.
const LAST: EpochNumber = 9_999;

/// A ledger with as many buckets as fit into the window.
fn full_ledger<T: Config>() -> Ledger {
    let first = LAST.saturating_sub(u64::from(Pallet::<T>::window()).saturating_sub(1));
    let bucket = |epoch| Bucket { epoch, work: Work { units: epoch, bytes: 7_000_000 }, beacons: 1 };
    Ledger { buckets: BoundedVec::truncate_from((first..=LAST).map(bucket).collect()), ..Default::default() }
}

impl<T: Config> Pallet<T> {
    /// Gives `who` a ledger that costs as much to read as it can, for benchmarks of others.
    pub fn fill_ledger(who: &T::AccountId) {
        Ledgers::<T>::insert(who, full_ledger::<T>());
    }
}

fn open_slots<T: Config>() {
    let first = LAST.saturating_sub(u64::from(Pallet::<T>::window()).saturating_sub(1));
    let by_epoch: alloc::vec::Vec<_> = (first..=LAST).map(|epoch| (epoch, 1)).collect();
    OpenedSlots::<T>::put(Slots {
        current: slot::<T>().checked_sub(1),
        previous: slot::<T>().checked_sub(2),
        total: 1_000_000,
        by_epoch: BoundedVec::truncate_from(by_epoch),
    });
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn on_block() {
        open_slots::<T>();
        T::Helper::set_slot(slot::<T>() - 1);
        #[block]
        {
            Pallet::<T>::begin_block();
        }
        assert_eq!(OpenedSlots::<T>::get().current, Some(slot::<T>() - 1));
    }

    #[benchmark]
    fn on_slot() {
        open_slots::<T>();
        T::Helper::set_slot(slot::<T>());
        #[block]
        {
            Pallet::<T>::begin_slot(slot::<T>());
        }
        assert_eq!(OpenedSlots::<T>::get().total, 1_000_001);
    }

    #[benchmark]
    fn on_epoch(e: Linear<1, MOST>) {
        open_slots::<T>();
        T::Helper::set_slot(slot::<T>());
        // As many have left as have come.
        for i in 0..e {
            Ledgers::<T>::insert(account::<T::AccountId>("gone", i, 0), full_ledger::<T>());
            T::Helper::register(&account("came", i, 0), None);
        }
        let entities;
        #[block]
        {
            entities = Pallet::<T>::begin_epoch(Some(LAST));
        }
        assert!(entities >= e);
        assert!(LastTally::<T>::get().is_some());
    }

    #[benchmark]
    fn beacon() -> Result<(), BenchmarkError> {
        open_slots::<T>();
        T::Helper::set_slot(slot::<T>());
        Pallet::<T>::begin_slot(slot::<T>());
        let who: T::AccountId = whitelisted_caller();
        let key = AuraId::generate_pair(None);
        T::Helper::register(&who, Some(key.clone()));
        Ledgers::<T>::insert(&who, full_ledger::<T>());
        let number = 5u32;
        frame_system::Pallet::<T>::set_block_number(BlockNumberFor::<T>::from(number + 1));
        let hash = T::Hash::decode(&mut &[5u8; 32][..]).expect("32 bytes");
        frame_system::BlockHash::<T>::insert(BlockNumberFor::<T>::from(number), hash);
        // Not `beacon`, which is the benchmark's own name here.
        let sign_of_life = Beacon { slot: slot::<T>(), number, hash: Hash::repeat_byte(5) };
        let signature = key.sign(&sign_of_life.payload()).expect("the key was just made");
        let signed = SignedBeacon { beacon: sign_of_life, key, signature };
        #[block]
        {
            // As before a block takes it in, and then in the block.
            assert!(Pallet::<T>::validate_beacon(TransactionSource::InBlock, &signed).is_ok());
            Pallet::<T>::beacon(RawOrigin::None.into(), signed)?;
        }
        assert!(Ledgers::<T>::get(who).is_some_and(|ledger| ledger.seen.contains(&slot::<T>())));
        Ok(())
    }
}
