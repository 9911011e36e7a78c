//! The one call at its dearest: the oldest session that is kept, whose 100 validators changed all their keys in the next one,
//! the last of them, after the 99 others; the largest headers; judged for the block and again when executed.

// The SDK's own reports still use it, see `lib.rs`.
#![allow(deprecated)]

use alloc::{boxed::Box, vec, vec::Vec};
use codec::{Decode, Encode};
use ergon_primitives::{double_seal, AuraId};
use frame_benchmarking::v2::*;
use frame_support::{pallet_prelude::TransactionSource, traits::Get};
use frame_system::RawOrigin;
use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature};
use sp_consensus_slots::Slot;
use sp_runtime::{
    traits::{Convert, Header, TrailingZeroInput, ValidateUnsigned},
    BoundedVec, DigestItem, RuntimeAppPublic,
};
use sp_staking::offence::ReportOffence;

use crate::*;

/// First tick of session 1, which a key of session 0 may still seal.
const TICK: Tick = 1_000;
/// Ticks of a session.
const SESSION: Tick = 720;

type AccountIdOf<T> = <T as frame_system::Config>::AccountId;

/// Session keys whose first is `aura`, the others zero.
fn keys_with<T: Config>(aura: &[u8]) -> T::Keys {
    T::Keys::decode(&mut TrailingZeroInput::new(aura)).expect("keys are plain bytes")
}

/// A set of 100 validators of which the last holds the key `last`; those of the others depend on `salt`.
fn key_set<T: Config<ValidatorId = AccountIdOf<T>>>(salt: u32, last: &[u8]) -> Vec<(AccountIdOf<T>, T::Keys)> {
    let others = (1..MAX_VALIDATORS).map(|i| (i, keys_with::<T>(&[i, salt].encode())));
    others.chain([(0, keys_with::<T>(last))]).map(|(i, keys)| (account("validator", i, 0), keys)).collect()
}

/// As many sessions as are kept, the last beginning now. In the first, the last of 100 validators holds `key`, and all others
/// are recorded as offenders.
fn register<T: Config<ValidatorId = AccountIdOf<T>>>(key: &AuraId) -> AccountIdOf<T> {
    let sessions = T::ReportSessions::get();
    KeySets::<T>::insert(7, BoundedVec::truncate_from(key_set::<T>(0, key.as_ref())));
    KeySets::<T>::insert(8, BoundedVec::truncate_from(key_set::<T>(1, &[1; 32])));
    for index in 0..sessions {
        let first_tick = TICK - SESSION + u64::from(index) * SESSION;
        Sessions::<T>::insert(
            index,
            SessionFacts { first_tick, first_block: index, key_set: if index == 0 { 7 } else { 8 } },
        );
    }
    pallet_session::CurrentIndex::<T>::put(sessions - 1);
    pallet_aura::CurrentSlot::<T>::put(Slot::from(TICK + u64::from(sessions) * SESSION));
    for i in 1..MAX_VALIDATORS {
        let offender = T::OffenderOf::convert(account("validator", i, 0)).expect("a validator");
        let offence = DoubleSealOffence { session: 0, validators: MAX_VALIDATORS, offender };
        T::Offences::report_offence(Vec::new(), offence).expect("each is new");
    }
    account("validator", 0, 0)
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

#[benchmarks(where T: Config<ValidatorId = AccountIdOf<T>>)]
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
