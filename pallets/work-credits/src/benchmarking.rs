//! One benchmark per piece of work: a plain block, a gap, the first block of a slot, the VRF.

use alloc::vec::Vec;
use codec::{Decode, Encode};
use ergon_primitives::{
    schedule::Owner,
    time::{MAX_TABLE_LEN, MAX_VALIDATORS},
    vrf::{sign_data, TickVrf, VrfClaim},
};
use frame_benchmarking::v2::*;
use frame_support::BoundedVec;
use frame_system::RawOrigin;
use sp_application_crypto::RuntimeAppPublic;
use sp_consensus_aura::Slot;
use sp_core::crypto::UncheckedFrom;

use crate::*;

fn owner<T: Config>(index: u32) -> OwnerOf<T> {
    let mut key = [0u8; 32];
    key[..4].copy_from_slice(&index.to_le_bytes());
    Owner { operator: account("validator", index, 0), key: sp_core::sr25519::Public::unchecked_from(key).into() }
}

/// A chain of `validators` whose last block was at `tick`.
fn at<T: Config>(validators: u32, tick: u64) {
    let active: Vec<_> = (0..validators).map(owner::<T>).collect();
    let len = Clock::<T>::get().table_len() as usize;
    let table: Vec<_> = active.iter().cycle().take(len).cloned().collect();
    ActiveSet::<T>::put(BoundedVec::truncate_from(active));
    Table::<T>::put(BoundedVec::truncate_from(table));
    LastTick::<T>::put(tick);
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn on_block() {
        let tick = *Clock::<T>::get().ticks_of(1_000).start();
        at::<T>(MAX_VALIDATORS, tick);
        #[block]
        {
            Pallet::<T>::begin_block(tick + 1);
        }
        assert_eq!(LastTick::<T>::get(), Some(tick + 1));
    }

    #[benchmark]
    fn on_gap(e: Linear<1, MAX_TABLE_LEN>) {
        let tick = *Clock::<T>::get().ticks_of(1_000).start();
        at::<T>(MAX_VALIDATORS, tick);
        let (timing, table) = (Clock::<T>::get(), Table::<T>::get());
        let author = table[0].operator.clone();
        #[block]
        {
            Pallet::<T>::account_duties(&timing, Some(tick), tick + 1 + u64::from(e), &table, &author);
        }
        assert!(DutiesOf::<T>::get(&table[timing.table_index(tick + 1)].operator).missed > 0);
    }

    #[benchmark]
    fn on_slot(v: Linear<1, MAX_VALIDATORS>) {
        let timing = Clock::<T>::get();
        let tick = *timing.ticks_of(1_000).end();
        at::<T>(v, tick);
        #[block]
        {
            Pallet::<T>::begin_block(tick + 1);
        }
        assert!(Pallet::<T>::slot_record(1_002).is_some());
    }

    #[benchmark]
    fn note_vrf() {
        let public = AuraId::generate_pair(None);
        let vrf = benchmark_vrf();
        let key = vrf.0;
        PendingClaim::<T>::put(VrfClaim { key: key.into(), randomness: [0; 32] });
        pallet_aura::CurrentSlot::<T>::put(Slot::from(BENCHMARK_TICK));
        let _ = public;
        #[extrinsic_call]
        _(RawOrigin::None, vrf.1);
        assert!(PendingClaim::<T>::get().is_none());
    }
}
