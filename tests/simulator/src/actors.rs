//! The entities: their keys, pools and nodes, and whether they are up.

use codec::Encode;
use ergon_primitives::{
    nodes::{consent, NodeKey, Services},
    schedule::Duties,
    AuraId, Balance,
};
use sp_core::{sr25519, Pair};
use sp_io::hashing::blake2_256;

use crate::{
    chance::Chance,
    kinds::{shares, Beacons, Kind, KINDS, NODE_COST, NODE_DEPOSIT, OUTAGE_SLOTS, POOL_DEPOSIT, STAKE, VALIDATOR_COST},
    world::{self, AccountId, RuntimeOrigin, World},
};

/// An entity.
pub struct Actor {
    /// Position of its kind.
    pub kind: usize,
    /// Which of its kind it is.
    pub number: usize,
    /// Its operator, who also owns its nodes.
    pub account: AccountId,
    /// Its session key.
    pub session: sr25519::Pair,
    /// Keys of its nodes.
    pub nodes: Vec<sr25519::Pair>,
    /// Whether it is up in this slot.
    pub up: bool,
    /// How it has kept its ticks.
    pub duties: Duties,
    uptime: Chance,
}

/// An account by name.
pub fn account(name: &str, number: usize) -> AccountId {
    AccountId::new(blake2_256(&(name, number as u64).encode()))
}

/// A key by name.
pub fn pair(name: &str, number: usize, part: usize) -> sr25519::Pair {
    sr25519::Pair::from_seed(&blake2_256(&(b"key", name, number as u64, part as u64).encode()))
}

/// The entities. Those of the same number and uptime, whatever their kind, have the same outages, so that kinds are not compared by
/// their luck.
pub fn cast(seed: u64, entities: usize) -> Vec<Actor> {
    let mut counts = [0usize; KINDS.len()];
    let of = |(index, kind): (usize, usize)| {
        let number = counts[kind];
        counts[kind] += 1;
        let mut uptime = Chance::new(seed, "uptime", number as u64);
        Actor {
            kind,
            number,
            account: account("entity", index),
            session: pair("session", index, 0),
            nodes: (0..KINDS[kind].nodes as usize).map(|node| pair("node", index, node)).collect(),
            up: uptime.below(100) < KINDS[kind].uptime,
            duties: Duties::default(),
            uptime,
        }
    };
    shares(entities).into_iter().enumerate().map(of).collect()
}

impl Actor {
    /// Its kind.
    pub fn kind(&self) -> &'static Kind {
        &KINDS[self.kind]
    }

    /// Its session key, public.
    pub fn session_key(&self) -> AuraId {
        self.session.public().into()
    }

    /// The key of one of its nodes, public.
    pub fn node_key(&self, node: usize) -> NodeKey {
        self.nodes[node].public()
    }

    /// Makes its pool and registers its nodes, as anybody would.
    pub fn set_up(&self) {
        if self.nodes.is_empty() {
            return;
        }
        let signed = || RuntimeOrigin::signed(self.account.clone());
        let services = Services { relay: self.kind().relay, storage: self.kind().storage };
        let create = pallet_work_nodes::Call::<World>::create_pool { name: Default::default() };
        world::send(signed(), create).expect("a pool is made");
        let pool = pallet_work_nodes::PoolOf::<World>::get(&self.account).expect("it runs one");
        for pair in &self.nodes {
            let (key, endpoint) = (pair.public(), Default::default());
            let consent = pair.sign(&consent(&world::genesis(), &self.account));
            let register = pallet_work_nodes::Call::<World>::register_node { key, services, endpoint, consent };
            world::send(signed(), register).expect("a node is registered");
            world::send(signed(), pallet_work_nodes::Call::<World>::join { key, pool }).expect("it joins");
        }
    }

    /// Goes on to the next slot: up and down by chance, so that outages last [`OUTAGE_SLOTS`] on average and the share of the
    /// kind is kept.
    pub fn next_slot(&mut self) {
        let up = self.kind().uptime;
        let chance = match (self.up, up) {
            (_, 0) => 0,
            (true, _) => 1_000_000 * (100 - up) / up / OUTAGE_SLOTS,
            (false, _) => 1_000_000 / OUTAGE_SLOTS,
        };
        if self.uptime.happens(chance) {
            self.up = !self.up;
        }
    }

    /// Whether it sends a beacon in this slot.
    pub fn sends_beacon(&self) -> bool {
        match self.kind().beacons {
            Beacons::WhenUp => self.up,
            Beacons::Always => true,
            Beacons::Never => false,
        }
    }

    /// Money that it cannot use while it works: stake and deposits.
    pub fn locked(&self) -> Balance {
        let pool = if self.nodes.is_empty() { 0 } else { POOL_DEPOSIT };
        STAKE + pool + NODE_DEPOSIT * self.nodes.len() as Balance
    }

    /// What its machines cost in this slot.
    pub fn running_cost(&self) -> Balance {
        // Nodes of one that lies are keys without a machine.
        let nodes = if self.kind().lies { 0 } else { self.nodes.len() };
        if self.up {
            VALIDATOR_COST + NODE_COST * nodes as Balance
        } else {
            0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outages_are_as_long_and_as_many_as_the_kind_says() {
        let mut actors = cast(1, 20);
        let slots = 200_000u32;
        let (mut up, mut turns) = ([0u32; 2], 0u32);
        for _ in 0..slots {
            for (which, kind) in [0, 3].into_iter().enumerate() {
                let actor = actors.iter_mut().find(|actor| actor.kind == kind).expect("one of each");
                let before = actor.up;
                actor.next_slot();
                up[which] += u32::from(actor.up);
                turns += u32::from(kind == 3 && before && !actor.up);
            }
        }
        assert!((98..=99).contains(&(up[0] * 100 / slots)), "{up:?}");
        assert!((58..=62).contains(&(up[1] * 100 / slots)), "{up:?}");
        assert!((9..=11).contains(&((slots - up[1]) / turns)), "{turns}");
    }
}
