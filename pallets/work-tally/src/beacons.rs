//! Judging and counting beacons.

use ergon_primitives::{
    time::SlotNumber,
    work::{Beacon, SignedBeacon, BEACON_BLOCKS},
    AuraId,
};
use frame_support::{
    ensure,
    pallet_prelude::*,
    traits::{Contains, Get},
};
use frame_system::pallet_prelude::BlockNumberFor;
use sp_runtime::{
    traits::{Convert, SaturatedConversion, Saturating},
    transaction_validity::InvalidTransaction,
    RuntimeAppPublic,
};

use crate::*;

/// Pools take beacons before anything that pays: there is one for each entity and slot, and it is worth nothing later.
const PRIORITY: TransactionPriority = TransactionPriority::MAX / 2;
/// Slots after the latest block's of which pools take beacons: a node may hear of one before it hears of the block that began its slot,
/// and slots may be empty.
const AHEAD: SlotNumber = 6;

impl<T: Config> Pallet<T> {
    /// Whose beacon it is. Cheap questions first, the signature last. Changes nothing. `ahead` is how many slots it may be
    /// ahead of the latest block's: a node may hear of it before it hears of the block that began the slot.
    pub(crate) fn judge(signed: &SignedBeacon, ahead: SlotNumber) -> Result<(T::AccountId, Ledger), Error<T>> {
        let SignedBeacon { beacon, key, signature } = signed;
        let slots = OpenedSlots::<T>::get();
        let current = slots.current.ok_or(Error::<T>::SlotInFuture)?;
        ensure!(beacon.slot <= current.saturating_add(ahead), Error::<T>::SlotInFuture);
        ensure!(slots.previous == Some(beacon.slot) || beacon.slot >= current, Error::<T>::SlotOver);
        let who = T::KeyOwner::convert(key.clone()).ok_or(Error::<T>::UnknownKey)?;
        ensure!(T::Entities::contains(&who), Error::<T>::UnknownKey);
        let ledger = Self::ledger_of(&who).ok_or(Error::<T>::NoRoom)?;
        ensure!(!ledger.seen.contains(&beacon.slot), Error::<T>::AlreadySeen);
        ensure!(Self::names_block(beacon), Error::<T>::UnknownBlock);
        ensure!(key.verify(&beacon.payload(), signature), Error::<T>::BadSignature);
        Ok((who, ledger))
    }

    /// Whether the block that `beacon` names is of this chain, and a late one.
    fn names_block(beacon: &Beacon) -> bool {
        let number = BlockNumberFor::<T>::from(beacon.number);
        let best = frame_system::Pallet::<T>::block_number();
        let late = best.saturating_sub(number) <= BlockNumberFor::<T>::from(BEACON_BLOCKS);
        let hash = frame_system::Pallet::<T>::block_hash(number);
        // Of blocks that it does not know it says zero.
        late && hash != T::Hash::default() && hash.as_ref() == beacon.hash.as_ref()
    }

    /// For how many blocks yet the block that `beacon` names is a late one.
    fn blocks_left(beacon: &Beacon) -> u64 {
        let best = frame_system::Pallet::<T>::block_number();
        let ago: u64 = best.saturating_sub(beacon.number.into()).saturated_into();
        u64::from(BEACON_BLOCKS).saturating_sub(ago).max(1)
    }

    pub(crate) fn do_beacon(signed: &SignedBeacon) -> DispatchResult {
        let (who, mut ledger) = Self::judge(signed, 0)?;
        let slot = signed.beacon.slot;
        let epoch = T::Clock::get().epoch_of_slot(slot);
        let oldest = OpenedSlots::<T>::get().previous.unwrap_or(slot);
        ledger.seen.retain(|seen| *seen >= oldest);
        // There is room: the running slot and the one before it take beacons.
        let _pushed = ledger.seen.try_push(slot);
        // Of an epoch that is over for longer than the window, nothing is kept.
        if let Some(bucket) = ledger.bucket(epoch, Self::now(), Self::window()) {
            bucket.beacons = bucket.beacons.saturating_add(1);
        }
        Ledgers::<T>::insert(&who, ledger);
        Self::deposit_event(Event::BeaconSeen { entity: who, slot });
        Ok(())
    }

    /// Judges a beacon for a pool or a block.
    pub(crate) fn validate_beacon(source: TransactionSource, signed: &SignedBeacon) -> TransactionValidity {
        let ahead = match source {
            TransactionSource::InBlock => 0,
            TransactionSource::Local | TransactionSource::External => AHEAD,
        };
        let (who, _) = Self::judge(signed, ahead).map_err(|error| match error {
            Error::AlreadySeen | Error::SlotOver => InvalidTransaction::Stale,
            Error::SlotInFuture => InvalidTransaction::Future,
            Error::NoRoom => InvalidTransaction::Custom(1),
            _ => InvalidTransaction::BadProof,
        })?;
        ValidTransaction::with_tag_prefix("WorkBeacon")
            // One that names a later block takes the place of one that was sent before and may have been dropped elsewhere.
            .priority(PRIORITY.saturating_add(signed.beacon.number.into()))
            // One for each entity and slot.
            .and_provides((who, signed.beacon.slot))
            .longevity(Self::blocks_left(&signed.beacon))
            .propagate(true)
            .build()
    }

    /// The slot for which the holder of `key` shall send a beacon now: it is a validator's, and the chain has none yet.
    pub fn beacon_due(key: &AuraId) -> Option<SlotNumber> {
        let slot = OpenedSlots::<T>::get().current?;
        let who = T::KeyOwner::convert(key.clone()).filter(T::Entities::contains)?;
        let ledger = Self::ledger_of(&who)?;
        (!ledger.seen.contains(&slot)).then_some(slot)
    }
}
