//! Ticks, slots and epochs: the units of time and the arithmetic between them (SPEC section 1).
//!
//! A *tick* is one Aura slot, one possible block. A *slot* is a leadership slot of [`Timing::ticks_per_slot`] ticks. An
//! *epoch* (= session) is [`Timing::slots_per_epoch`] slots. All three count from the Unix epoch, so that every node can
//! tell them from its clock and none depends on how many blocks were made.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use core::ops::RangeInclusive;
use scale_info::TypeInfo;
use serde::{Deserialize, Serialize};

/// Number of a tick: Unix time divided by the tick's length.
pub type Tick = u64;
/// Number of a leadership slot: tick divided by the ticks of a slot.
pub type SlotNumber = u64;
/// Number of an epoch: slot divided by the slots of an epoch.
pub type EpochNumber = u64;

/// Slots that the schedule table holds: the current one, the next one and four of standby.
pub const TABLE_SLOTS: u32 = 6;
/// Most ticks in a slot; also the value of every shipped network.
pub const MAX_TICKS_PER_SLOT: u32 = 24;
/// Most entries of the schedule table.
pub const MAX_TABLE_LEN: u32 = TABLE_SLOTS * MAX_TICKS_PER_SLOT;
/// Most validators of the active set.
pub const MAX_VALIDATORS: u32 = 100;
/// Most fallbacks of a slot: one for each odd tick.
pub const MAX_FALLBACKS: u32 = MAX_TICKS_PER_SLOT / 2;
/// Slots that must lie between two leaderships of one primary, where enough candidates exist.
pub const COOLDOWN_SLOTS: u32 = 16;
/// Most slots whose records are kept.
pub const MAX_WINDOW_SLOTS: u32 = 5_040;
/// Most epochs that the window spans: work is counted by epoch.
pub const MAX_WINDOW_EPOCHS: u32 = 168;

/// The chain's clock: written once in genesis, never changed, because the client reads the tick's length once at start.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Encode,
    Decode,
    DecodeWithMemTracking,
    MaxEncodedLen,
    TypeInfo,
    Serialize,
    Deserialize,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Timing {
    /// Length of a tick in milliseconds. SPEC: 5,000.
    pub tick_ms: u64,
    /// Ticks in a slot: even and at most [`MAX_TICKS_PER_SLOT`]. SPEC: 24.
    pub ticks_per_slot: u32,
    /// Slots in an epoch, which is also a session. SPEC: 30.
    pub slots_per_epoch: u32,
    /// Slots over which work is counted and whose records are kept. SPEC: 5,040, which is 7 days.
    pub window_slots: u32,
}

impl Default for Timing {
    /// The values of SPEC section 1.
    fn default() -> Self {
        Self { tick_ms: 5_000, ticks_per_slot: MAX_TICKS_PER_SLOT, slots_per_epoch: 30, window_slots: MAX_WINDOW_SLOTS }
    }
}

/// Why a [`Timing`] cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidTiming {
    /// A tick must last from 100 ms to one minute.
    TickLength,
    /// The ticks of a slot must be even, from 2 to [`MAX_TICKS_PER_SLOT`]: half of them are the primary's.
    TicksPerSlot,
    /// An epoch must have a slot, and at most 10,000.
    SlotsPerEpoch,
    /// The window must cover the cooldown, and be at most [`MAX_WINDOW_SLOTS`] and [`MAX_WINDOW_EPOCHS`] epochs.
    WindowSlots,
}

impl Timing {
    /// Checks the bounds that every other function here relies on.
    pub fn validate(&self) -> Result<(), InvalidTiming> {
        if !(100..=60_000).contains(&self.tick_ms) {
            return Err(InvalidTiming::TickLength);
        }
        if !(2..=MAX_TICKS_PER_SLOT).contains(&self.ticks_per_slot) || !self.ticks_per_slot.is_multiple_of(2) {
            return Err(InvalidTiming::TicksPerSlot);
        }
        if !(1..=10_000).contains(&self.slots_per_epoch) {
            return Err(InvalidTiming::SlotsPerEpoch);
        }
        let epochs = self.window_slots.div_ceil(self.slots_per_epoch);
        if !(COOLDOWN_SLOTS..=MAX_WINDOW_SLOTS).contains(&self.window_slots) || epochs > MAX_WINDOW_EPOCHS {
            return Err(InvalidTiming::WindowSlots);
        }
        Ok(())
    }

    /// The slot a tick belongs to.
    pub fn slot_of(&self, tick: Tick) -> SlotNumber {
        tick / u64::from(self.ticks_per_slot.max(1))
    }

    /// The epoch a tick belongs to.
    pub fn epoch_of(&self, tick: Tick) -> EpochNumber {
        self.epoch_of_slot(self.slot_of(tick))
    }

    /// The epoch a slot belongs to.
    pub fn epoch_of_slot(&self, slot: SlotNumber) -> EpochNumber {
        slot / u64::from(self.slots_per_epoch.max(1))
    }

    /// The ticks of a slot. Saturates at the end of time, some 10^12 years away.
    pub fn ticks_of(&self, slot: SlotNumber) -> RangeInclusive<Tick> {
        let per_slot = u64::from(self.ticks_per_slot.max(1));
        let first = slot.saturating_mul(per_slot);
        first..=first.saturating_add(per_slot.saturating_sub(1))
    }

    /// Entries of the schedule table.
    pub fn table_len(&self) -> u32 {
        self.ticks_per_slot.saturating_mul(TABLE_SLOTS)
    }

    /// Index in the schedule table of the entry that owes `tick`.
    pub fn table_index(&self, tick: Tick) -> usize {
        // Below `table_len`, a u32.
        (tick % u64::from(self.table_len().max(1))) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spec_values_are_valid_and_consistent() {
        let t = Timing::default();
        assert_eq!(t.validate(), Ok(()));
        assert_eq!(t.tick_ms * u64::from(t.ticks_per_slot), 120_000, "a slot is 120 s");
        assert_eq!(u64::from(t.window_slots) * 120, 7 * 24 * 3_600, "the window is 7 days");
        assert_eq!(u64::from(t.slots_per_epoch) * 120, 3_600, "a session is 1 h");
        assert_eq!(t.table_len(), 144);
    }

    #[test]
    fn boundaries_belong_to_one_slot_only() {
        let t = Timing { ticks_per_slot: 6, slots_per_epoch: 2, ..Timing::default() };
        assert_eq!((t.slot_of(5), t.slot_of(6), t.slot_of(11), t.slot_of(12)), (0, 1, 1, 2));
        assert_eq!((t.epoch_of(11), t.epoch_of(12)), (0, 1));
        assert_eq!(t.ticks_of(3), 18..=23);
        assert_eq!((t.table_index(35), t.table_index(36)), (35, 0));
        assert_eq!(t.ticks_of(u64::MAX), u64::MAX..=u64::MAX);
    }

    #[test]
    fn bad_timings_are_refused_with_their_reason() {
        let ok = Timing::default();
        for (bad, why) in [
            (Timing { tick_ms: 99, ..ok }, InvalidTiming::TickLength),
            (Timing { tick_ms: 60_001, ..ok }, InvalidTiming::TickLength),
            (Timing { ticks_per_slot: 0, ..ok }, InvalidTiming::TicksPerSlot),
            (Timing { ticks_per_slot: 7, ..ok }, InvalidTiming::TicksPerSlot),
            (Timing { ticks_per_slot: 26, ..ok }, InvalidTiming::TicksPerSlot),
            (Timing { slots_per_epoch: 0, ..ok }, InvalidTiming::SlotsPerEpoch),
            (Timing { window_slots: 15, ..ok }, InvalidTiming::WindowSlots),
            (Timing { window_slots: 5_041, ..ok }, InvalidTiming::WindowSlots),
            (Timing { slots_per_epoch: 29, ..ok }, InvalidTiming::WindowSlots),
        ] {
            assert_eq!(bad.validate(), Err(why));
        }
    }
}
