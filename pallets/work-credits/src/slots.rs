//! The life of a slot: what happens at its first block, and the table that makes it so.
//!
//! Trigger: the first block of slot *s* (`begin_block`). In order: account for the ticks since the parent, turn the epoch's
//! randomness, settle the slot elected last if it went by empty, record who opened *s*, elect *s + 1*, write the table.
//! Only this file and `exclusion.rs` write `Table`, `Candidates`, `FallbackQueue`, `RecentPrimaries`, `Records`, `FirstSlot` and `LastTick`. Work per block is
//! constant; work per slot is bounded by the active set (100) and the table (144).

use alloc::vec::Vec;
use ergon_primitives::{
    election::{elect, Ballot, Contender, Elected},
    schedule::{OperatorReliability, OperatorStanding, Outcome, SlotRecord},
    staking::DutyObserver,
    time::{SlotNumber, Tick, Timing},
    vrf::VrfClaim,
};
use frame_support::{pallet_prelude::*, traits::FindAuthor};
use sp_consensus_aura::{Slot, AURA_ENGINE_ID};
use sp_runtime::ConsensusEngineId;

use crate::*;

impl<T: Config> Pallet<T> {
    /// Genesis: nobody is elected, because the first tick is unknown; everybody takes turns until the first election.
    pub(crate) fn build_genesis_table(timing: &Timing) {
        let active = ActiveSet::<T>::get();
        if active.is_empty() {
            // The SDK builds an empty genesis in its own tests; the runtime API that chains are made with refuses it.
            log::error!(target: LOG_TARGET, "genesis has no validator: no block will ever be made");
            return;
        }
        let table: Vec<_> = active.iter().cycle().take(timing.table_len() as usize).cloned().collect();
        let keys: Vec<_> = table.iter().map(|owner| owner.key.clone()).collect();
        pallet_aura::Pallet::<T>::initialize_authorities(&keys);
        Table::<T>::put(BoundedVec::truncate_from(table));
    }

    /// Everything a block does before its extrinsics.
    pub(crate) fn begin_block(tick: Tick) -> Weight {
        let timing = Clock::<T>::get();
        let slot = timing.slot_of(tick);
        let parent = LastTick::<T>::get();
        let table = Table::<T>::get();
        let Some(author) = table.get(timing.table_index(tick)).cloned() else {
            // Genesis writes a full table and every later write keeps its length.
            frame_support::defensive!("the schedule table has no entry for a tick");
            return Weight::zero();
        };
        // The author signed with what it read in the parent's state, so before this block turns the epoch.
        PendingClaim::<T>::put(VrfClaim { key: author.key.clone(), randomness: EpochRandomness::<T>::get() });

        let missed = Self::account_duties(&timing, parent, tick, &table, &author.operator);
        LastTick::<T>::put(tick);
        let mut weight = <T as Config>::WeightInfo::on_block();
        if missed > 0 {
            weight = weight.saturating_add(<T as Config>::WeightInfo::on_gap(missed));
        }
        // After the ticks are accounted for, because it may take some to come from operators.
        if parent.is_some_and(|last| timing.epoch_of(last) < timing.epoch_of(tick)) {
            weight = weight.saturating_add(T::Sessions::rotate());
        }
        if parent.map(|last| timing.slot_of(last)) != Some(slot) {
            let validators = Self::begin_slot(&timing, parent, tick, &author.operator, Table::<T>::get());
            weight = weight.saturating_add(<T as Config>::WeightInfo::on_slot(validators));
            // Of `Candidates`, which the benchmark has not seen yet.
            weight = weight.saturating_add(T::DbWeight::get().writes(1));
        }
        weight
    }

    /// Everything the first block of a slot does besides. Returns how many validators stood for election.
    pub(crate) fn begin_slot(
        timing: &Timing,
        parent: Option<Tick>,
        tick: Tick,
        author: &T::AccountId,
        table: TableOf<T>,
    ) -> u32 {
        let slot = timing.slot_of(tick);
        match parent {
            None => FirstSlot::<T>::put(slot),
            Some(last) => Self::turn_epoch(timing.epoch_of(last), timing.epoch_of(tick)),
        }
        Self::settle_empty_slot(parent.map(|last| timing.slot_of(last)), slot);
        Self::open_slot(slot, author);
        Self::elect_slot(timing, slot.saturating_add(1), table)
    }

    /// The parent's slot elected the one after it: if that went by without a block, its record says so from now on.
    fn settle_empty_slot(last_slot: Option<SlotNumber>, slot: SlotNumber) {
        let Some(elected) = last_slot.map(|s| s.saturating_add(1)).filter(|s| *s < slot) else { return };
        if let Some(mut record) = Self::stored_record(elected) {
            record.outcome = Outcome::Missed;
            if let Some(primary) = &record.primary {
                T::Observer::on_slot(primary, false);
            }
            Self::store_record(record);
            Self::deposit_event(Event::SlotMissed { slot: elected });
        }
    }

    /// Records who made the first block of `slot`.
    fn open_slot(slot: SlotNumber, author: &T::AccountId) {
        let mut record = Self::stored_record(slot).unwrap_or_else(|| SlotRecord::never_elected(slot));
        let position = record.fallbacks.iter().position(|f| f == author).and_then(|i| u8::try_from(i).ok());
        record.outcome = match position {
            _ if record.primary.as_ref() == Some(author) => Outcome::Primary,
            Some(i) => Outcome::Fallback(i),
            None => Outcome::Missed,
        };
        record.winner = Some(author.clone());
        if let Some(primary) = &record.primary {
            T::Observer::on_slot(primary, primary == author);
        }
        Self::deposit_event(Event::SlotOpened { slot, outcome: record.outcome, winner: author.clone() });
        Self::store_record(record);
    }

    /// Elects `slot` and writes its part of the table, and everybody in turn into the four parts after it.
    /// Returns how many stood for election.
    fn elect_slot(timing: &Timing, slot: SlotNumber, mut table: TableOf<T>) -> u32 {
        let active = ActiveSet::<T>::get();
        // At most `MAX_VALIDATORS`.
        let validators = active.len() as u32;
        let contenders: Vec<_> = active
            .iter()
            .map(|owner| Contender {
                operator: owner.operator.clone(),
                standing: T::Standing::standing(&owner.operator),
                reliability: T::Reliability::reliability(&owner.operator),
            })
            .collect();
        let mut recent = RecentPrimaries::<T>::get();
        let queue = FallbackQueue::<T>::get();
        let ballot = Ballot {
            slot,
            active: &contenders,
            recent: &recent,
            queue: &queue,
            seats: timing.ticks_per_slot / 2,
            randomness: EpochRandomness::<T>::get(),
        };
        let Some(Elected { election, candidates, primary, fallbacks, queue }) = elect(&ballot) else {
            // `ActiveSet` is never written empty: the table stays, and everybody in it keeps its turn.
            frame_support::defensive!("an election without an active set");
            return validators;
        };
        let fallbacks: Vec<_> = fallbacks.iter().filter_map(|i| active.get(*i)).cloned().collect();
        let Some(primary) = active.get(primary).cloned() else { return validators };

        Self::assign_slot(timing, slot, &primary, &fallbacks, &mut table);
        let standby = slot.saturating_add(1)..=slot.saturating_add(4);
        // A list of its own: what goes round may be nothing, but must not search without end.
        let turns: Vec<_> = queue.iter().filter_map(|i| active.get(*i as usize)).collect();
        for (tick, owner) in standby.flat_map(|s| timing.ticks_of(s)).zip(turns.iter().cycle()) {
            if let Some(entry) = table.get_mut(timing.table_index(tick)) {
                *entry = (*owner).clone();
            }
        }
        Self::put_table(table);
        Candidates::<T>::put(candidates);
        FallbackQueue::<T>::put(BoundedVec::truncate_from(queue));

        if recent.is_full() {
            recent.remove(0);
        }
        recent.force_push((slot, primary.operator.clone()));
        RecentPrimaries::<T>::put(recent);
        let fallbacks = BoundedVec::truncate_from(fallbacks.into_iter().map(|owner| owner.operator).collect());
        let primary = primary.operator;
        Self::store_record(SlotRecord {
            slot,
            election: Some(election),
            primary: Some(primary.clone()),
            fallbacks: fallbacks.clone(),
            outcome: Outcome::Pending,
            winner: None,
        });
        Self::deposit_event(Event::SlotElected { slot, election, primary, fallbacks });
        validators
    }

    /// Writes the part of `slot` into the table.
    pub(crate) fn assign_slot(
        timing: &Timing,
        slot: SlotNumber,
        primary: &OwnerOf<T>,
        fallbacks: &[OwnerOf<T>],
        table: &mut TableOf<T>,
    ) {
        for (i, tick) in timing.ticks_of(slot).enumerate() {
            // Even positions are the primary's, so that a dead one costs a tick at a time; a lone validator has them all.
            let owner = if i % 2 == 0 { None } else { fallbacks.iter().cycle().nth(i / 2) };
            if let Some(entry) = table.get_mut(timing.table_index(tick)) {
                *entry = owner.unwrap_or(primary).clone();
            }
        }
    }

    /// Stores the table. Aura is told at the block's end, once: each time it is, the header grows by the whole table.
    pub(crate) fn put_table(table: TableOf<T>) {
        Table::<T>::put(table);
        TableChanged::<T>::put(true);
    }

    /// At the block's end: makes Aura's authorities those of the table, if this block wrote it.
    pub(crate) fn tell_aura() {
        if TableChanged::<T>::take() {
            let keys: Vec<_> = Table::<T>::get().into_iter().map(|owner| owner.key).collect();
            // `integrity_test` asserts that Aura's bound is no smaller than the table's.
            pallet_aura::Pallet::<T>::change_authorities(BoundedVec::truncate_from(keys));
        }
    }

    /// Where the record of `slot` is kept.
    fn record_index(slot: SlotNumber) -> u32 {
        let window = u64::from(Clock::<T>::get().window_slots.max(1));
        // Below the window, a u32.
        (slot % window) as u32
    }

    /// The record of `slot` if one was written and not yet overwritten.
    pub(crate) fn stored_record(slot: SlotNumber) -> Option<SlotRecordOf<T>> {
        Records::<T>::get(Self::record_index(slot)).filter(|record| record.slot == slot)
    }

    pub(crate) fn store_record(record: SlotRecordOf<T>) {
        Records::<T>::insert(Self::record_index(record.slot), record);
    }

    /// Who owes `tick` by the table as it stands.
    pub fn owner_at(tick: Tick) -> Option<OwnerOf<T>> {
        let timing = Clock::<T>::get();
        Table::<T>::get().get(timing.table_index(tick)).cloned()
    }
}

/// The author of a block is the *operator* that owes its tick: stock helpers would return a table index as if it were an
/// index of validators, and pay the wrong account.
impl<T: Config> FindAuthor<T::AccountId> for Pallet<T> {
    fn find_author<'a, I>(digests: I) -> Option<T::AccountId>
    where
        I: 'a + IntoIterator<Item = (ConsensusEngineId, &'a [u8])>,
    {
        let (_, mut data) = digests.into_iter().find(|(id, _)| *id == AURA_ENGINE_ID)?;
        let tick = Slot::decode(&mut data).ok()?;
        Self::owner_at(*tick).map(|owner| owner.operator)
    }
}
