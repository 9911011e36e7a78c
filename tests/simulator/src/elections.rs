//! Who leads which slot, and what the ticks of a slot earn: `ergon_primitives::election::elect` with what the chain says of each
//! entity, and the rule of `pallet-work-credits` for the table of a slot (`slots.rs`).
//!
//! Nobody is jailed here: staking, which would jail those who miss a quarter of their ticks, is not part of the simulation.

use ergon_primitives::{
    election::{elect, Ballot, Contender, MIN_LIVE_SCORE},
    schedule::Standing,
    time::{SlotNumber, Timing, COOLDOWN_SLOTS},
    Balance,
};
use sp_runtime::Perbill;

use crate::{
    actors::Actor,
    book::Book,
    kinds::REWARD,
    world::{self, AccountId, WorkTally},
};

/// A slot's leaders, and how everybody stood when they were elected.
pub struct Leaders {
    /// Owner of the even ticks.
    pub primary: usize,
    /// Owners of the odd ticks.
    pub fallbacks: Vec<usize>,
    /// Entities that could lead.
    pub candidates: usize,
    /// Entities by credits times reliability, the best first; equals by number.
    pub ranked: Vec<usize>,
    /// What each should lead of the slot by the rule in words: see [`predict`].
    pub predicted: Vec<f64>,
}

/// Elections, from slot to slot.
#[derive(Default)]
pub struct Elections {
    queue: Vec<u32>,
    recent: Vec<(SlotNumber, AccountId)>,
    next: Option<Leaders>,
}

/// Weight of an entity in an election.
pub fn weight(credits: u64, reliability: Perbill) -> u128 {
    u128::from(credits) * u128::from(reliability.deconstruct())
}

/// What each leads, on average, if standings stay as they are, said without `elect`: of the candidates, the best 17 by credits times
/// reliability lead in turn, or one more than half of the others if they are fewer. Those who tie for the last places share them.
pub fn predict(weights: &[u128], is_candidate: &[bool]) -> Vec<f64> {
    let nobody = is_candidate.iter().all(|candidate| !candidate);
    let mut able: Vec<u128> =
        weights.iter().zip(is_candidate).filter(|(_, is)| nobody || **is).map(|(weight, _)| *weight).collect();
    able.sort_unstable_by(|a, b| b.cmp(a));
    let full = COOLDOWN_SLOTS as usize + 1;
    let turns = if able.len() >= full { full } else { able.len().saturating_sub(1) / 2 + 1 };
    let Some(last) = able.get(turns - 1).copied() else { return vec![0.0; weights.len()] };
    let above = able.iter().filter(|weight| **weight > last).count();
    let tied = able.iter().filter(|weight| **weight == last).count();
    let share = |(weight, is): (&u128, &bool)| match (*weight > last, *weight == last) {
        _ if !nobody && !is => 0.0,
        (true, _) => 1.0 / turns as f64,
        (_, true) => (turns - above) as f64 / tied as f64 / turns as f64,
        _ => 0.0,
    };
    weights.iter().zip(is_candidate).map(share).collect()
}

impl Elections {
    /// Elects `slot`, at the start of the slot before. Returns the leaders of that slot, if it had been elected.
    pub fn elect(&mut self, timing: &Timing, slot: SlotNumber, actors: &[Actor]) -> Option<Leaders> {
        let epoch = timing.epoch_of_slot(slot.saturating_sub(1));
        let contender = |actor: &Actor| {
            let (credits, live_score) = WorkTally::standing(&actor.account);
            let standing = Standing { credits, live_score, jailed: false };
            Contender { operator: actor.account.clone(), standing, reliability: actor.duties.reliability }
        };
        let active: Vec<_> = actors.iter().map(contender).collect();
        let ballot = Ballot {
            slot,
            active: &active,
            recent: &self.recent,
            queue: &self.queue,
            seats: timing.ticks_per_slot / 2,
            randomness: world::hash("epoch", epoch).0,
        };
        let elected = elect(&ballot).expect("there are validators");
        let weights: Vec<_> = active.iter().map(|of| weight(of.standing.credits, of.reliability)).collect();
        let able: Vec<_> = active.iter().map(|of| of.standing.live_score >= MIN_LIVE_SCORE).collect();
        let mut ranked: Vec<usize> = (0..active.len()).collect();
        ranked.sort_by_key(|entity| std::cmp::Reverse(weights[*entity]));
        self.queue = elected.queue;
        self.recent.push((slot, actors[elected.primary].account.clone()));
        if self.recent.len() > COOLDOWN_SLOTS as usize {
            self.recent.remove(0);
        }
        let leaders = Leaders {
            primary: elected.primary,
            fallbacks: elected.fallbacks,
            candidates: able.iter().filter(|able| **able).count(),
            ranked,
            predicted: predict(&weights, &able),
        };
        self.next.replace(leaders)
    }
}

/// Lets the ticks of `slot` go by: whoever owns one and is up makes a block and earns for it; one that is down loses reliability.
pub fn play(timing: &Timing, slot: SlotNumber, leaders: &Leaders, actors: &mut [Actor], book: &mut Book) {
    let mut owed = vec![0u32; actors.len()];
    let mut earned: Vec<Balance> = vec![0; actors.len()];
    for tick in 0..timing.ticks_per_slot as usize {
        let fallback = if tick % 2 == 0 { None } else { leaders.fallbacks.iter().cycle().nth(tick / 2) };
        let owner = *fallback.unwrap_or(&leaders.primary);
        let actor = &mut actors[owner];
        owed[owner] += 1;
        if actor.up {
            actor.duties.produced();
            earned[owner] += REWARD;
        } else {
            actor.duties.missed(1);
        }
    }
    book.slot(slot, leaders, actors, &owed, &earned);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_seventeen_lead_in_turn_and_ties_share() {
        let weights: Vec<u128> = (0..20).collect();
        let all = predict(&weights, &[true; 20]);
        assert_eq!((all[2], all[3], all[19]), (0.0, 1.0 / 17.0, 1.0 / 17.0));
        let same = predict(&[5; 34], &[true; 34]);
        assert!(same.iter().all(|share| (share - 1.0 / 34.0).abs() < 1e-12));
        // Of six candidates three take turns.
        assert_eq!(predict(&[1, 2, 3, 4, 5, 6], &[true; 6])[3..], [1.0 / 3.0; 3]);
        // The best is no candidate.
        let mut able = [true; 18];
        able[17] = false;
        let weights: Vec<u128> = (0..18).collect();
        assert_eq!(predict(&weights, &able)[17], 0.0);
        assert!((predict(&weights, &able).iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }
}
