//! The time that orders have: the chain's, without what nobody could use. Only this file writes `LastTick` and `Halted`.
//!
//! A slot's length without a block is an outage, and while a migration of many blocks runs no block takes a proof. If that time counted,
//! a relay would lose what it has worked for by no fault of its own, and the client would have it for nothing.

use ergon_primitives::{
    staking::ChainTime,
    time::{SlotNumber, Tick},
};
use frame_support::{migrations::MultiStepMigrator, traits::Get};

use crate::*;

impl<T: Config> Pallet<T> {
    /// The tick by which orders go: the chain's, less those that do not count. It never falls.
    pub fn now() -> Tick {
        T::Time::tick().saturating_sub(Halted::<T>::get())
    }

    /// The tick of the chain that is orders' tick `until`, if all from now on count.
    pub fn chain_tick(until: Tick) -> Tick {
        until.saturating_add(Halted::<T>::get())
    }

    /// Whether proofs are kept out of blocks.
    pub(crate) fn is_migrating() -> bool {
        <T as frame_system::Config>::MultiBlockMigrator::ongoing()
    }

    /// Goes on to the tick of a new block. Returns its slot, if it is the slot's first, and whether the time since the last one counts.
    pub(crate) fn advance() -> (Option<SlotNumber>, bool) {
        let (clock, tick) = (T::Clock::get(), T::Time::tick());
        let last = LastTick::<T>::mutate(|last| last.replace(tick));
        let gap = last.map_or(0, |last| tick.saturating_sub(last));
        let counts = gap <= clock.ticks_per_slot.into() && !Self::is_migrating();
        if !counts {
            Halted::<T>::mutate(|halted| *halted = halted.saturating_add(gap));
            Self::deposit_event(Event::Extended { ticks: gap });
        }
        let slot = clock.slot_of(tick);
        ((last.map(|last| clock.slot_of(last)) != Some(slot)).then_some(slot), counts)
    }
}
