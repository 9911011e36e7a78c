//! Who owed which tick and who kept it: counters by operator, never by key. Only this file writes `DutiesOf`.
//!
//! A gap is counted by arithmetic, entry by entry of the parent's table, so that hours without a block cost no more than
//! one table length.

use alloc::{collections::BTreeMap, vec::Vec};
use ergon_primitives::{
    schedule::{Duties, OperatorReliability},
    staking::{DutyObserver, WITNESS_TICKS},
    time::{Tick, Timing},
};
use sp_runtime::{traits::Saturating, Perbill};

use crate::*;

impl<T: Config> Pallet<T> {
    /// Counts the ticks from the parent's to this block's. Returns how many table entries had missed ones.
    pub(crate) fn account_duties(
        timing: &Timing,
        parent: Option<Tick>,
        tick: Tick,
        table: &[OwnerOf<T>],
        author: &T::AccountId,
    ) -> u32 {
        DutiesOf::<T>::mutate(author, Duties::produced);
        let gap = parent.map_or(0, |parent| tick.saturating_sub(parent).saturating_sub(1));
        // Nobody can have seen both ends of a longer one.
        let told = if gap < 2 * WITNESS_TICKS { gap } else { 0 };
        let missed: Vec<_> = (tick.saturating_sub(told)..tick)
            .filter_map(|tick| table.get(timing.table_index(tick)).map(|owner| (tick, owner.operator.clone())))
            .collect();
        T::Observer::on_block(tick, author, &missed);
        // Nothing is owed before the first block: the chain had not started.
        let Some(parent) = parent else { return 0 };
        let len = table.len() as u64;
        let (Some(rounds), Some(rest)) = (gap.checked_div(len), gap.checked_rem(len)) else { return 0 };
        if gap == 0 {
            return 0;
        }
        let mut counts: BTreeMap<&T::AccountId, u64> = BTreeMap::new();
        let mut entries = 0;
        for offset in 0..gap.min(len) {
            let index = timing.table_index(parent.saturating_add(1).saturating_add(offset));
            let Some(owner) = table.get(index) else { continue };
            let count = rounds.saturating_add(u64::from(offset < rest));
            counts.entry(&owner.operator).and_modify(|c| c.saturating_accrue(count)).or_insert(count);
            entries.saturating_inc();
        }
        let missed: Vec<_> = counts.into_iter().map(|(operator, count)| (operator.clone(), count)).collect();
        for (operator, count) in &missed {
            DutiesOf::<T>::mutate(operator, |duties| duties.missed(*count));
        }
        Self::deposit_event(Event::TicksMissed {
            first: parent.saturating_add(1),
            last: tick.saturating_sub(1),
            missed,
        });
        entries
    }
}

impl<T: Config> OperatorReliability<T::AccountId> for Pallet<T> {
    fn reliability(operator: &T::AccountId) -> Perbill {
        DutiesOf::<T>::get(operator).reliability
    }
}
