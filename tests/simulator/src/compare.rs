//! Kinds next to each other, and each next to an honest entity of the same cost.
//!
//! **An honest entity of the same cost** is the honest one with the same number in its kind, so with the same stake and the same
//! outages of the same chance. It starts with the same purse: what the other burns, pays out or spends on machines beyond what the honest
//! one does, the honest one keeps. Deposits come back, so they are no cost but capital that cannot be used. So gains are compared as a
//! **yield**: net gain divided by what is locked, stake and deposits.

use ergon_primitives::currency::ERGN;

use crate::{
    actors::Actor,
    book::Entry,
    kinds::{BASE, KINDS},
    simulation::Outcome,
};

/// Sums of a kind.
#[derive(Clone, Debug)]
pub struct Row {
    /// Position of the kind.
    pub kind: usize,
    /// Entities.
    pub count: usize,
    /// Credits at the end, on average.
    pub credits: f64,
    /// Live score at the end, on average, in percent.
    pub live: f64,
    /// Share of all units of work, in percent.
    pub work: f64,
    /// Share of all leaderships, in percent.
    pub leads: f64,
    /// What that should be by the rule.
    pub predicted: f64,
    /// All that its entities did.
    pub sum: Entry,
    /// Net gain, in ERGN.
    pub net: f64,
    /// Locked by each, in ERGN.
    pub locked: f64,
    /// Net gain of what is locked, in percent, on average.
    pub yields: f64,
    /// The same of honest entities of the same cost.
    pub honest_yields: f64,
    /// Standard error of the difference between them.
    pub error: f64,
}

/// Smallest units in ERGN.
pub fn ergn(amount: i128) -> f64 {
    amount as f64 / ERGN as f64
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

fn deviation(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (squares / values.len().saturating_sub(1).max(1) as f64).sqrt()
}

fn yield_of(actor: &Actor, entry: &Entry) -> f64 {
    100.0 * ergn(entry.net()) / ergn(actor.locked() as i128)
}

/// All kinds.
pub fn rows(outcome: &Outcome) -> Vec<Row> {
    (0..KINDS.len()).map(|kind| row(outcome, kind)).collect()
}

fn row(outcome: &Outcome, kind: usize) -> Row {
    let Outcome { actors, book, tally, .. } = outcome;
    let of = |kind: usize| (0..actors.len()).filter(move |entity| actors[*entity].kind == kind);
    let yield_at = |entity: usize| yield_of(&actors[entity], &book.entries[entity]);
    let honest: Vec<f64> = of(BASE).map(yield_at).collect();
    let own: Vec<f64> = of(kind).map(yield_at).collect();
    let same: Vec<f64> = of(kind).map(|entity| honest[actors[entity].number % honest.len()]).collect();
    let differences: Vec<f64> = own.iter().zip(&same).map(|(own, same)| own - same).collect();
    // Of one difference nothing can be told; that of honest ones from each other is at least as large.
    let spread = if differences.len() < 2 { deviation(&honest) * 2f64.sqrt() } else { deviation(&differences) };
    let mut sum = Entry::default();
    for entity in of(kind) {
        let entry = &book.entries[entity];
        sum.units += entry.units;
        sum.paid_units += entry.paid_units;
        sum.draws += entry.draws;
        sum.leads += entry.leads;
        sum.predicted += entry.predicted;
        sum.blocks += entry.blocks;
        sum.rewards += entry.rewards;
        sum.pay += entry.pay;
        sum.burned += entry.burned;
        sum.paid_out += entry.paid_out;
        sum.machines += entry.machines;
    }
    let units: u64 = book.entries.iter().map(|entry| entry.units).sum();
    let percent = |part: f64, whole: u64| 100.0 * part / whole.max(1) as f64;
    Row {
        kind,
        count: own.len(),
        credits: mean(&of(kind).map(|entity| tally[entity].credits as f64).collect::<Vec<_>>()),
        live: mean(&of(kind).map(|entity| tally[entity].live_score.deconstruct() as f64 / 1e7).collect::<Vec<_>>()),
        work: percent(sum.units as f64, units),
        leads: percent(sum.leads as f64, book.slots),
        predicted: percent(sum.predicted, book.slots),
        net: ergn(sum.net()),
        locked: mean(&of(kind).map(|entity| ergn(actors[entity].locked() as i128)).collect::<Vec<_>>()),
        yields: mean(&own),
        honest_yields: mean(&same),
        error: spread / (own.len().max(1) as f64).sqrt(),
        sum,
    }
}
