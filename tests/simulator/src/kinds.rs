//! The kinds of entities, and every assumption about what they do and pay: one table and a few numbers.

use ergon_primitives::{currency::ERGN, Balance};

/// Stake that an entity must have.
pub const STAKE: Balance = 10_000 * ERGN;
/// Held for a pool.
pub const POOL_DEPOSIT: Balance = 100 * ERGN;
/// Held for a node.
pub const NODE_DEPOSIT: Balance = 10 * ERGN;
/// Held for an order.
pub const ORDER_DEPOSIT: Balance = ERGN;
/// What the author of a block gets: 70 % of 10 ERGN.
pub const REWARD: Balance = 7 * ERGN;
/// What a validator's machine costs for a slot in which it is up. Assumed: some 250 ERGN a week.
pub const VALIDATOR_COST: Balance = ERGN / 20;
/// What a node's machine costs for a slot in which its entity is up. Assumed: some 100 ERGN a week.
pub const NODE_COST: Balance = ERGN / 50;
/// Slots that an outage lasts, on average.
pub const OUTAGE_SLOTS: u64 = 10;

/// Sessions that users open in a slot, in millionths: four an epoch of the specification.
pub const SESSIONS: u64 = 133_333;
/// Deals that users open in a slot, in millionths: one such epoch.
pub const DEALS: u64 = 33_333;
/// Relays of a user's session, and holders of a deal.
pub const PLACES: u8 = 2;
/// Challenges of a user's deal, for each holder.
pub const CHALLENGES: u32 = 12;
/// What users pay for a MB.
pub const PRICE_PER_MB: Balance = 2 * ERGN;
/// What users pay for an answer.
pub const PRICE_PER_ANSWER: Balance = 5 * ERGN;
/// What each member of the ring spends in a window on orders for itself, in percent of what a seat among the leaders is worth.
pub const RING_BUDGET: u128 = 40;

/// Which beacons an entity sends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beacons {
    /// Those of slots in which its node is up.
    WhenUp,
    /// All: something else sends them.
    Always,
    /// None.
    Never,
}

/// What is claimed of a kind's gain, against that of an honest entity of the same cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// It is honest: nothing is claimed.
    Nothing,
    /// It gains less.
    Less,
    /// It does the same work as an honest one and so has the same luck: it gains no more than chance explains.
    NoMore,
}

/// A kind of entity.
#[derive(Clone, Copy, Debug)]
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// Entities of it among a hundred.
    pub percent: u32,
    /// Share of the slots in which it is up, in percent.
    pub uptime: u64,
    /// Whether its nodes relay.
    pub relay: bool,
    /// Whether its nodes store.
    pub storage: bool,
    /// Nodes.
    pub nodes: u32,
    /// Share of the places drawn that it serves, in percent.
    pub serves: u64,
    /// Its beacons.
    pub beacons: Beacons,
    /// Whether it sends forged proofs instead of real ones.
    pub lies: bool,
    /// Whether it belongs to the ring, whose friends pay for orders that only the ring shall serve.
    pub ring: bool,
    /// What is claimed of it.
    pub claim: Claim,
}

const HONEST: Kind = Kind {
    name: "honest",
    percent: 40,
    uptime: 99,
    relay: true,
    storage: true,
    nodes: 1,
    serves: 100,
    beacons: Beacons::WhenUp,
    lies: false,
    ring: false,
    claim: Claim::Nothing,
};

/// All kinds. The first is what the others are compared with.
pub const KINDS: [Kind; 9] = [
    HONEST,
    Kind { name: "honest, small", percent: 14, storage: false, ..HONEST },
    Kind { name: "honest, idle", percent: 12, relay: false, storage: false, nodes: 0, ..HONEST },
    Kind { name: "lazy", percent: 8, uptime: 60, serves: 30, beacons: Beacons::Always, claim: Claim::Less, ..HONEST },
    Kind { name: "lying", percent: 6, serves: 0, lies: true, claim: Claim::Less, ..HONEST },
    Kind { name: "colluding", percent: 6, ring: true, claim: Claim::Less, ..HONEST },
    Kind { name: "Sybil: 32 nodes", percent: 4, nodes: 32, claim: Claim::NoMore, ..HONEST },
    Kind { name: "Sybil: entities", percent: 6, claim: Claim::NoMore, ..HONEST },
    Kind {
        name: "absent",
        percent: 4,
        uptime: 0,
        relay: false,
        storage: false,
        nodes: 0,
        beacons: Beacons::Never,
        claim: Claim::Less,
        ..HONEST
    },
];

/// Position of the kind that others are compared with.
pub const BASE: usize = 0;

/// The kind of each of `entities`: at least one of each, the rest by their shares, the first kind taking what division leaves.
pub fn shares(entities: usize) -> Vec<usize> {
    let mut counts: Vec<usize> = KINDS.iter().map(|kind| (entities * kind.percent as usize / 100).max(1)).collect();
    let others: usize = counts.iter().skip(1).sum();
    counts[BASE] = entities.saturating_sub(others).max(1);
    counts.iter().enumerate().flat_map(|(kind, count)| std::iter::repeat_n(kind, *count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hundred_entities_are_as_the_table_says() {
        let all = shares(100);
        assert_eq!(all.len(), 100);
        for (position, kind) in KINDS.iter().enumerate() {
            assert_eq!(all.iter().filter(|of| **of == position).count(), kind.percent as usize, "{}", kind.name);
        }
        assert_eq!(shares(20).len(), 20);
    }
}
