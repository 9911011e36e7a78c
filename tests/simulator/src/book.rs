//! What everybody did, earned and spent, counted apart from the chain.

use std::collections::{BTreeMap, BTreeSet};

use ergon_primitives::{
    time::{EpochNumber, SlotNumber, COOLDOWN_SLOTS},
    Balance,
};

use crate::{actors::Actor, elections::Leaders, kinds::Claim};

/// One entity, in the time that is measured.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// Units of work that were accepted.
    pub units: u64,
    /// Those of them that somebody paid for.
    pub paid_units: u64,
    /// Places that its nodes were drawn for.
    pub draws: u64,
    /// Slots that it led.
    pub leads: u64,
    /// Slots that it should have led: see `elections::predict`.
    pub predicted: f64,
    /// Blocks that it made.
    pub blocks: u64,
    /// What it got for them.
    pub rewards: Balance,
    /// What its nodes were paid.
    pub pay: Balance,
    /// What was burned of its money, and that of its friends.
    pub burned: Balance,
    /// What others were paid by it or its friends.
    pub paid_out: Balance,
    /// What its machines cost.
    pub machines: Balance,
}

impl Entry {
    /// What it gained.
    pub fn net(&self) -> i128 {
        let (income, cost) = (self.rewards + self.pay, self.burned + self.paid_out + self.machines);
        income as i128 - cost as i128
    }
}

/// Whoever stood at one rank when a slot was elected, all slots together.
#[derive(Clone, Copy, Debug, Default)]
pub struct AtRank {
    /// Slots, each for whoever stood there.
    pub slots: u64,
    /// Slots led.
    pub leads: u64,
    /// Ticks owed.
    pub owed: u64,
    /// Earned by blocks.
    pub earned: Balance,
}

/// All that is counted.
#[derive(Clone, Debug, Default)]
pub struct Book {
    /// By entity.
    pub entries: Vec<Entry>,
    /// By rank, everybody.
    pub ranks: Vec<AtRank>,
    /// By rank, those who are honest.
    pub honest_ranks: Vec<AtRank>,
    /// Burned and paid by users.
    pub users: (Balance, Balance),
    /// Orders that users and friends opened.
    pub orders: (u64, u64),
    /// Challenges that nobody answered in time.
    pub missed: u64,
    /// Slots that were measured.
    pub slots: u64,
    /// Proofs of honest work that were refused, by error: there should be none.
    pub lost: BTreeMap<&'static str, u64>,
    /// Lies that were refused, by what they were and the error.
    pub refused: BTreeMap<(&'static str, &'static str), u64>,
    /// Lies that were not refused: there should be none.
    pub believed: BTreeMap<&'static str, u64>,
    /// Leaderships within the cooldown although there were 17 candidates: there should be none.
    pub hasty: u64,
    /// Those in which there were fewer.
    pub reduced: u64,
    last_led: Vec<Option<SlotNumber>>,
    units_by_epoch: Vec<BTreeMap<EpochNumber, u64>>,
}

impl Book {
    /// An empty one.
    pub fn new(entities: usize) -> Self {
        Self {
            entries: vec![Entry::default(); entities],
            ranks: vec![AtRank::default(); entities],
            honest_ranks: vec![AtRank::default(); entities],
            last_led: vec![None; entities],
            units_by_epoch: vec![BTreeMap::new(); entities],
            ..Default::default()
        }
    }

    /// Begins the time that is measured. What was refused, and what counts in the window, stays.
    pub fn begin(&mut self) {
        let entities = self.entries.len();
        self.entries = vec![Entry::default(); entities];
        self.ranks = vec![AtRank::default(); entities];
        self.honest_ranks = vec![AtRank::default(); entities];
        (self.users, self.orders, self.slots) = Default::default();
    }

    /// A unit of work of `entity` was accepted.
    pub fn unit(&mut self, entity: usize, epoch: EpochNumber, is_paid: bool) {
        self.entries[entity].units += 1;
        self.entries[entity].paid_units += u64::from(is_paid);
        *self.units_by_epoch[entity].entry(epoch).or_default() += 1;
    }

    /// Units of `entity` in the `window` epochs that end with `now`: what its credits should be, as signatures are units and bytes
    /// never bring more here.
    pub fn units_in_window(&self, entity: usize, now: EpochNumber, window: u64) -> u64 {
        let held: BTreeSet<_> = (now.saturating_sub(window - 1)..=now).collect();
        self.units_by_epoch[entity].iter().filter(|(epoch, _)| held.contains(epoch)).map(|(_, units)| units).sum()
    }

    /// A slot is over.
    pub fn slot(&mut self, slot: SlotNumber, leaders: &Leaders, actors: &[Actor], owed: &[u32], earned: &[Balance]) {
        let led = self.last_led[leaders.primary].replace(slot);
        let is_full = leaders.candidates > COOLDOWN_SLOTS as usize;
        self.reduced += u64::from(!is_full);
        let is_hasty = led.is_some_and(|led| slot - led <= u64::from(COOLDOWN_SLOTS));
        self.hasty += u64::from(is_full && is_hasty);
        self.slots += 1;
        self.entries[leaders.primary].leads += 1;
        for (entity, actor) in actors.iter().enumerate() {
            let entry = &mut self.entries[entity];
            entry.predicted += leaders.predicted[entity];
            entry.rewards += earned[entity];
            entry.blocks += u64::from(owed[entity]) * u64::from(actor.up);
            entry.machines += actor.running_cost();
        }
        for (rank, entity) in leaders.ranked.iter().copied().enumerate() {
            let note = |at: &mut AtRank| {
                at.slots += 1;
                at.leads += u64::from(entity == leaders.primary);
                at.owed += u64::from(owed[entity]);
                at.earned += earned[entity];
            };
            note(&mut self.ranks[rank]);
            if actors[entity].kind().claim == Claim::Nothing {
                note(&mut self.honest_ranks[rank]);
            }
        }
    }

    /// A lie was told, with this result.
    pub fn lie(&mut self, what: &'static str, result: Result<(), sp_runtime::DispatchError>) {
        match result {
            Ok(()) => *self.believed.entry(what).or_default() += 1,
            Err(error) => *self.refused.entry((what, error.into())).or_default() += 1,
        }
    }

    /// An honest proof was sent, with this result.
    pub fn proof(&mut self, result: Result<(), sp_runtime::DispatchError>) {
        if let Err(error) = result {
            *self.lost.entry(error.into()).or_default() += 1;
        }
    }
}
