//! One benchmark per piece of work, each with a full set.

use alloc::vec::Vec;
use codec::Decode;
use ergon_primitives::{
    quorum::{quorum, Batch, HEADER_DEPTH},
    time::{SlotNumber, MAX_VALIDATORS},
    AuraId,
};
use frame_benchmarking::v2::*;
use frame_system::{pallet_prelude::BlockNumberFor, RawOrigin};
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_runtime::{BoundedVec, RuntimeAppPublic};

use crate::*;

const SLOT: SlotNumber = 1_000_000;

/// A full set, and a chain that is old enough, at the beginning of [`SLOT`].
fn set_scene<T: Config>() -> Vec<AuraId> {
    let keys: Vec<_> = (0..MAX_VALIDATORS).map(|_| AuraId::generate_pair(None)).collect();
    let members = (0..).zip(&keys).map(|(i, key)| (account("member", i, 0), key.clone()));
    T::Helper::set_members(members.collect());
    T::Helper::set_slot(SLOT);
    let number = BlockNumberFor::<T>::from(1_000u32);
    frame_system::Pallet::<T>::set_block_number(number);
    let hash = T::Hash::decode(&mut &[5u8; 32][..]).expect("32 bytes");
    frame_system::BlockHash::<T>::insert(number - HEADER_DEPTH.into(), hash);
    keys
}

#[benchmarks]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn on_block() {
        set_scene::<T>();
        LastSlot::<T>::put(SLOT);
        #[block]
        {
            Pallet::<T>::begin_block();
        }
        assert!(Current::<T>::get().is_none());
    }

    #[benchmark]
    fn on_slot() {
        set_scene::<T>();
        // The round before it, as large as they are.
        Pallet::<T>::begin_slot(SLOT - 1);
        #[block]
        {
            Pallet::<T>::begin_slot(SLOT);
        }
        assert_eq!(Current::<T>::get().map(|round| (round.topic.slot, round.size())), Some((SLOT, MAX_VALIDATORS)));
        assert_eq!(Previous::<T>::get().map(|round| round.topic.slot), Some(SLOT - 1));
    }

    /// Of the previous round, which is looked for last.
    #[benchmark]
    fn submit(n: Linear<1, MAX_VALIDATORS>) -> Result<(), BenchmarkError> {
        let keys = set_scene::<T>();
        Pallet::<T>::begin_slot(SLOT - 1);
        // So few would be refused before a quorum stands.
        Current::<T>::mutate(|round| {
            if let Some(round) = round {
                round.reached = n < quorum(MAX_VALIDATORS);
            }
        });
        let payload = Current::<T>::get().expect("was opened").topic.payload();
        Pallet::<T>::begin_slot(SLOT);
        let sign = |key: &AuraId| key.sign(&payload).expect("the key was just made");
        let signatures: Vec<(u8, AuthoritySignature)> =
            (0u8..).zip(&keys).take(n as usize).map(|(place, key)| (place, sign(key))).collect();
        let batch = Batch { slot: SLOT - 1, signatures: BoundedVec::truncate_from(signatures) };
        #[extrinsic_call]
        _(RawOrigin::None, batch);
        let round = Previous::<T>::get().expect("is open");
        assert_eq!((round.signers(), round.reached), (n, true));
        Ok(())
    }
}
