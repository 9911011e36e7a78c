//! What happens when slots and epochs begin, and what the pallet tells of entities.
//!
//! Trigger: the first block of a slot, and of an epoch (`on_initialize`). The election of that block has been held before, when the
//! slot that is over did not count yet.

use alloc::vec::Vec;
use ergon_primitives::{
    staking::{ChainTime, MAX_REGISTERED},
    time::{EpochNumber, SlotNumber},
    work::{Tally, Work, WorkLedger},
    AuraId,
};
use frame_support::{
    pallet_prelude::*,
    traits::{Contains, Get},
};
use sp_runtime::{traits::Convert, Perbill};

use crate::*;

impl<T: Config> Pallet<T> {
    /// The epoch of this block.
    pub(crate) fn now() -> EpochNumber {
        T::Clock::get().epoch_of(T::Time::tick())
    }

    /// Epochs of the window.
    pub(crate) fn window() -> u32 {
        let clock = T::Clock::get();
        clock.window_slots.div_ceil(clock.slots_per_epoch.max(1)).clamp(1, MAX_WINDOW_EPOCHS)
    }

    /// Slots below which a score says little: a tenth of the window.
    fn least_slots() -> u32 {
        T::Clock::get().window_slots / 10
    }

    /// At the start of a block: counts the slot that is over, and closes the epoch with it.
    pub(crate) fn begin_block() -> Weight {
        let clock = T::Clock::get();
        let slot = clock.slot_of(T::Time::tick());
        let mut weight = <T as Config>::WeightInfo::on_block();
        let last = OpenedSlots::<T>::get().current;
        if last == Some(slot) {
            return weight;
        }
        weight = weight.saturating_add(<T as Config>::WeightInfo::on_slot());
        Self::begin_slot(slot);
        let over = last.map(|slot| clock.epoch_of_slot(slot));
        if over != Some(clock.epoch_of_slot(slot)) {
            let entities = Self::begin_epoch(over);
            weight = weight.saturating_add(<T as Config>::WeightInfo::on_epoch(entities));
        }
        weight
    }

    pub(crate) fn begin_slot(slot: SlotNumber) {
        let clock = T::Clock::get();
        OpenedSlots::<T>::mutate(|slots| {
            let over = slots.current.map_or(0, |slot| clock.epoch_of_slot(slot));
            slots.begin(slot, over, Self::window());
        });
    }

    /// Closes the epoch `over`: forgets who left, ranks who stayed, and opens ledgers for whoever came, so that nobody chooses when
    /// its time of grace begins. Returns how many there were, or how many came if these are more.
    pub(crate) fn begin_epoch(over: Option<EpochNumber>) -> u32 {
        let (stay, gone): (Vec<_>, Vec<_>) = Ledgers::<T>::iter().partition(|(who, _)| T::Entities::contains(who));
        gone.iter().for_each(|(who, _)| Ledgers::<T>::remove(who));
        // At most `MAX_REGISTERED`, as are those who came.
        let (known, before, mut came) = (stay.len() as u32, (stay.len() + gone.len()) as u32, 0u32);
        if let Some(epoch) = over {
            let tally = Self::rank(stay, epoch);
            LastTally::<T>::put((epoch, BoundedVec::<_, ConstU32<MAX_REGISTERED>>::truncate_from(tally)));
            Self::deposit_event(Event::EpochTallied { epoch, entities: known });
        }
        for who in T::AllEntities::get() {
            if Ledgers::<T>::contains_key(&who) {
                continue;
            }
            came = came.saturating_add(1);
            // One that finds no room has no score, which is as good as grace.
            if let Some(ledger) = Self::ledger_of(&who) {
                Ledgers::<T>::insert(who, ledger);
            }
        }
        before.max(came)
    }

    /// `ledgers` by credits as they stood in `epoch`.
    fn rank(ledgers: Vec<(T::AccountId, Ledger)>, epoch: EpochNumber) -> Vec<Tally<T::AccountId>> {
        let (window, slots) = (Self::window(), OpenedSlots::<T>::get());
        let mut tally: Vec<_> = ledgers
            .into_iter()
            .map(|(entity, ledger)| {
                let work = ledger.work(epoch, window);
                Tally {
                    entity,
                    rank: 0,
                    credits: work.credits(),
                    work,
                    live_score: ledger.live_score(epoch, window, &slots),
                    grace: ledger.is_young(epoch, window, &slots, Self::least_slots()),
                }
            })
            .collect();
        tally.sort_by(|a, b| b.credits.cmp(&a.credits).then_with(|| a.entity.cmp(&b.entity)));
        tally.iter_mut().zip(1..).for_each(|(entry, rank)| entry.rank = rank);
        tally
    }

    /// The tally as it stands.
    pub fn tally() -> Vec<Tally<T::AccountId>> {
        Self::rank(Ledgers::<T>::iter().collect(), Self::now())
    }

    /// The entry of the validator with this session key in [`Self::tally`].
    pub fn tally_of(key: &AuraId) -> Option<Tally<T::AccountId>> {
        let who = T::KeyOwner::convert(key.clone())?;
        Self::tally().into_iter().find(|entry| entry.entity == who)
    }

    /// The ledger of `who`, or the one that it would begin with; `None` if it is no entity, or there is no room for one more.
    pub(crate) fn ledger_of(who: &T::AccountId) -> Option<Ledger> {
        Ledgers::<T>::get(who).or_else(|| {
            let room = Ledgers::<T>::count() < MAX_REGISTERED;
            let slots = OpenedSlots::<T>::get();
            (room && T::Entities::contains(who)).then(|| Ledger {
                since: Self::now(),
                slots_before: slots.total,
                ..Default::default()
            })
        })
    }

    /// Credits of `who`, and the live score that its election goes by: all of it while it is young.
    pub fn standing(who: &T::AccountId) -> (u64, Perbill) {
        let Some(ledger) = Ledgers::<T>::get(who) else { return (0, Perbill::one()) };
        let (now, window, slots) = (Self::now(), Self::window(), OpenedSlots::<T>::get());
        let score = match ledger.is_young(now, window, &slots, Self::least_slots()) {
            true => Perbill::one(),
            false => ledger.live_score(now, window, &slots),
        };
        (ledger.work(now, window).credits(), score)
    }
}

impl<T: Config> WorkLedger<T::AccountId> for Pallet<T> {
    fn knows(entity: &T::AccountId) -> bool {
        Self::ledger_of(entity).is_some()
    }

    fn add(entity: &T::AccountId, work: Work) {
        let Some(mut ledger) = Self::ledger_of(entity) else { return };
        let now = Self::now();
        if let Some(bucket) = ledger.bucket(now, now, Self::window()) {
            bucket.work = bucket.work.plus(work);
            Ledgers::<T>::insert(entity, ledger);
        }
    }
}
