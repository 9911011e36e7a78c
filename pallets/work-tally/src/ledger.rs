//! One entity's account over the window: sums per epoch. Pure.
//!
//! What is older than the window is never counted, whenever it is dropped: so a ledger says the same however long nobody wrote
//! to it, and no pass over all ledgers is needed when an epoch ends.

use codec::{Decode, Encode, MaxEncodedLen};
use ergon_primitives::{
    time::{EpochNumber, SlotNumber, MAX_WINDOW_EPOCHS},
    work::{in_window, Work},
};
use scale_info::TypeInfo;
use sp_runtime::{traits::ConstU32, BoundedVec, Perbill};

/// What an entity did in one epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Bucket {
    /// The epoch.
    pub epoch: EpochNumber,
    /// Work accepted in it.
    pub work: Work,
    /// Slots of it in which the entity's beacon was seen.
    pub beacons: u32,
}

/// An entity's account.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Ledger {
    /// Epoch in which the entity was first known.
    pub since: EpochNumber,
    /// Slots that were over by then: they are not held against it.
    pub slots_before: u64,
    /// Slots with a beacon, of those that still take one.
    pub seen: BoundedVec<SlotNumber, ConstU32<2>>,
    /// Epochs in which it did anything, oldest first.
    pub buckets: BoundedVec<Bucket, ConstU32<MAX_WINDOW_EPOCHS>>,
}

impl Ledger {
    /// The bucket of `epoch`, made if need be; `None` if the window of `now` does not hold it. Drops what it does not hold.
    pub(crate) fn bucket(&mut self, epoch: EpochNumber, now: EpochNumber, window: u32) -> Option<&mut Bucket> {
        if !in_window(epoch, now, window) {
            return None;
        }
        self.buckets.retain(|bucket| in_window(bucket.epoch, now, window));
        let place = match self.buckets.binary_search_by_key(&epoch, |bucket| bucket.epoch) {
            Ok(place) => place,
            Err(place) => {
                // There is room: the others are of other epochs of the window.
                self.buckets.try_insert(place, Bucket { epoch, ..Default::default() }).ok()?;
                place
            }
        };
        self.buckets.get_mut(place)
    }

    fn held(&self, now: EpochNumber, window: u32) -> impl Iterator<Item = &Bucket> {
        self.buckets.iter().filter(move |bucket| in_window(bucket.epoch, now, window))
    }

    /// All work of the window.
    pub fn work(&self, now: EpochNumber, window: u32) -> Work {
        self.held(now, window).fold(Work::default(), |sum, bucket| sum.plus(bucket.work))
    }

    /// Slots of the window that are over and count: none that were over before the entity was known.
    fn owed(&self, now: EpochNumber, window: u32, slots: &Slots) -> u64 {
        slots.of_window(now, window).min(slots.total.saturating_sub(self.slots_before))
    }

    /// Share of the slots that count in which its beacon was seen. Rounded down, and all if none counts. A beacon of the
    /// running slot counts already.
    pub fn live_score(&self, now: EpochNumber, window: u32, slots: &Slots) -> Perbill {
        let owed = self.owed(now, window, slots);
        if owed == 0 {
            return Perbill::one();
        }
        let seen = self.held(now, window).fold(0u64, |sum, bucket| sum.saturating_add(bucket.beacons.into()));
        Perbill::from_rational(seen.min(owed), owed)
    }

    /// Whether the score says little: the entity is younger than the window, or, after a long outage, fewer than `least` slots
    /// count.
    pub fn is_young(&self, now: EpochNumber, window: u32, slots: &Slots, least: u32) -> bool {
        in_window(self.since, now, window) || self.owed(now, window, slots) < least.into()
    }
}

/// Slots in which there were blocks: an outage is held against nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Slots {
    /// The one that runs.
    pub current: Option<SlotNumber>,
    /// The one before it.
    pub previous: Option<SlotNumber>,
    /// All that are over.
    pub total: u64,
    /// Those of them of each epoch of the window, oldest first.
    pub by_epoch: BoundedVec<(EpochNumber, u32), ConstU32<MAX_WINDOW_EPOCHS>>,
}

impl Slots {
    /// Begins `slot`; the one before it, of the epoch `over`, is over. Keeps what the window of `over` holds, whose tally may
    /// be to come.
    pub(crate) fn begin(&mut self, slot: SlotNumber, over: EpochNumber, window: u32) {
        self.previous = self.current.replace(slot);
        if self.previous.is_none() {
            return;
        }
        self.total = self.total.saturating_add(1);
        self.by_epoch.retain(|(epoch, _)| in_window(*epoch, over, window));
        match self.by_epoch.last_mut() {
            Some((epoch, slots)) if *epoch == over => *slots = slots.saturating_add(1),
            // There is room, as in a ledger.
            _ => {
                let _pushed = self.by_epoch.try_push((over, 1));
            }
        }
    }

    fn of_window(&self, now: EpochNumber, window: u32) -> u64 {
        let held = self.by_epoch.iter().filter(|(epoch, _)| in_window(*epoch, now, window));
        held.fold(0, |sum: u64, (_, slots)| sum.saturating_add((*slots).into()))
    }
}
