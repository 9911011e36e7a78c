//! What it takes to climb: for each rank by credits times reliability at the end, what must be burned to reach a better one, and what that
//! brings.
//!
//! To climb by `c` credits somebody burns `c × β` at least: as much if all that he pays came to himself, more if the chain draws others. It
//! loses if that is no less than what the better rank earns in a window beyond his own: what `seat_value` promises.

use ergon_primitives::{work::seat_value, Balance};
use sp_runtime::Perbill;

use crate::{compare::ergn, elections::weight, kinds::REWARD, simulation::Outcome};

/// A rank.
#[derive(Clone, Copy, Debug)]
pub struct Rank {
    /// Who stands there.
    pub entity: usize,
    /// Its credits.
    pub credits: u64,
    /// Its reliability.
    pub reliability: Perbill,
    /// Credits that it lacks to pass the rank above.
    pub lacks: Option<u64>,
    /// What must be burned for them, in ERGN, if all that is paid comes to itself: β for each.
    pub burn: f64,
    /// What whoever stood at this rank earned by blocks in a window, on average, in ERGN.
    pub earned: f64,
    /// What the rank above earned more.
    pub gain: f64,
}

/// Credits that `of` lacks to pass `above`.
fn lacks(credits: u64, reliability: Perbill, above: u128) -> u64 {
    let missing = above.saturating_sub(weight(credits, reliability));
    (missing / u128::from(reliability.deconstruct().max(1))) as u64 + 1
}

/// All ranks at the end.
pub fn ranks(outcome: &Outcome) -> Vec<Rank> {
    let of = |entity: usize| (outcome.tally[entity].credits, outcome.actors[entity].duties.reliability);
    let weight_of = |entity: usize| weight(of(entity).0, of(entity).1);
    let mut order: Vec<usize> = (0..outcome.actors.len()).collect();
    order.sort_by_key(|entity| std::cmp::Reverse(weight_of(*entity)));
    let earned = |rank: usize| {
        let at = &outcome.book.ranks[rank];
        ergn(at.earned as i128) * f64::from(outcome.options.timing.window_slots) / at.slots.max(1) as f64
    };
    let price = ergn(outcome.burn as i128);
    let rank = |(rank, entity): (usize, &usize)| {
        let (credits, reliability) = of(*entity);
        let lacks = rank.checked_sub(1).map(|above| lacks(credits, reliability, weight_of(order[above])));
        Rank {
            entity: *entity,
            credits,
            reliability,
            lacks,
            burn: price * lacks.unwrap_or(0) as f64,
            earned: earned(rank),
            gain: rank.checked_sub(1).map_or(0.0, |above| earned(above) - earned(rank)),
        }
    };
    order.iter().enumerate().map(rank).collect()
}

/// The climb, of all from any rank to any better one, that loses least: from, to, burned, and gained, in ERGN.
pub fn cheapest_climb(outcome: &Outcome) -> Option<(usize, usize, f64, f64)> {
    let ranks = ranks(outcome);
    let price = ergn(outcome.burn as i128);
    let climb = |(from, to): (usize, usize)| {
        let target = weight(ranks[to].credits, ranks[to].reliability);
        let burned = price * lacks(ranks[from].credits, ranks[from].reliability, target) as f64;
        (from + 1, to + 1, burned, ranks[from].gain_of(&ranks[to]))
    };
    let climbs = (1..ranks.len()).flat_map(|from| (0..from).map(move |to| (from, to)));
    climbs.map(climb).min_by(|a, b| (a.2 - a.3).total_cmp(&(b.2 - b.3)))
}

impl Rank {
    /// What `better` earns more in a window, in ERGN.
    fn gain_of(&self, better: &Self) -> f64 {
        better.earned - self.earned
    }
}

/// What a seat among those who lead in turn is worth in a window, in ERGN.
pub fn seat(outcome: &Outcome) -> Balance {
    seat_value(&outcome.options.timing, outcome.actors.len() as u32, REWARD)
}
