//! The one call at its dearest: the oldest session that is kept, the last of 100 validators, the largest headers; judged for
//! the block and again when executed.

use alloc::{boxed::Box, vec, vec::Vec};
use codec::Decode;
use ergon_primitives::{double_seal, AuraId};
use frame_benchmarking::v2::*;
use frame_support::{pallet_prelude::TransactionSource, traits::Get};
use frame_system::RawOrigin;
use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature};
use sp_consensus_slots::Slot;
use sp_runtime::{
    traits::{Header, TrailingZeroInput, ValidateUnsigned},
    BoundedVec, DigestItem, RuntimeAppPublic,
};

use crate::*;

const TICK: Tick = 1_000;

/// Session keys whose first is `aura`, the others zero.
fn keys_with<T: Config>(aura: &[u8]) -> T::Keys {
    T::Keys::decode(&mut TrailingZeroInput::new(aura)).expect("keys are plain bytes")
}

/// As many sessions as are kept, the last beginning now, and 100 validators of which the last holds `key`.
fn register<T: Config<ValidatorId = <T as frame_system::Config>::AccountId>>(key: &AuraId) -> T::AccountId {
    let sessions = T::ReportSessions::get();
    let mut keys: Vec<_> =
        (1..MAX_VALIDATORS).map(|i| (account("validator", i, 0), keys_with::<T>(&i.to_le_bytes()))).collect();
    let offender: T::AccountId = account("validator", 0, 0);
    keys.push((offender.clone(), keys_with::<T>(key.as_ref())));
    KeySets::<T>::insert(7, BoundedVec::truncate_from(keys));
    for index in 0..sessions {
        let first_tick = TICK + u64::from(index) * 720;
        Sessions::<T>::insert(index, SessionFacts { first_tick, key_set: 7 });
    }
    pallet_session::CurrentIndex::<T>::put(sessions - 1);
    pallet_aura::CurrentSlot::<T>::put(Slot::from(TICK + u64::from(sessions) * 720));
    offender
}

/// A sealed header as large as a block's can be, of its own kind for each `kind`.
fn header<T: Config>(key: &AuraId, kind: u8) -> HeaderFor<T> {
    let mut header = HeaderFor::<T>::new(
        1u32.into(),
        Default::default(),
        Default::default(),
        Default::default(),
        Default::default(),
    );
    let digest = header.digest_mut();
    digest.push(<DigestItem as CompatibleDigestItem<AuthoritySignature>>::aura_pre_digest(Slot::from(TICK)));
    digest.push(DigestItem::Other(vec![kind; 40]));
    digest.push(DigestItem::Consensus(*b"aura", vec![1; 4_620]));
    digest.push(DigestItem::Consensus(*b"FRNK", vec![1; 4_020]));
    let seal = key.sign(&header.hash().as_ref()).expect("the keystore has the key");
    header.digest_mut().push(CompatibleDigestItem::aura_seal(seal));
    header
}

#[benchmarks(where T: Config<ValidatorId = <T as frame_system::Config>::AccountId>)]
mod benchmarks {
    use super::*;

    #[benchmark]
    fn report_double_seal() {
        let key = AuraId::generate_pair(None);
        let validator = register::<T>(&key);
        let proof = double_seal::DoubleSealProof {
            offender: key.clone(),
            slot: Slot::from(TICK),
            first_header: header::<T>(&key, 1),
            second_header: header::<T>(&key, 2),
        };
        let call = Call::<T>::report_double_seal { proof: Box::new(proof.clone()) };
        #[block]
        {
            Pallet::<T>::validate_unsigned(TransactionSource::InBlock, &call).expect("sound");
            Pallet::<T>::report_double_seal(RawOrigin::None.into(), Box::new(proof)).expect("sound");
        }
        frame_system::Pallet::<T>::assert_last_event(
            <T as frame_system::Config>::RuntimeEvent::from(Event::DoubleSealed {
                validator,
                key,
                tick: TICK,
                session: 0,
            })
            .into(),
        );
    }
}
