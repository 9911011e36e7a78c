//! Who pays for orders: users, at the price that burning sets, whoever is drawn; and friends of the ring, who use an order only if one of
//! the ring is drawn.

use std::collections::BTreeMap;

use ergon_merkle::{Software, Tree};
use ergon_primitives::{
    orders::{OrderId, SEGMENT_BYTES},
    time::Timing,
    work::{seat_value, BYTES_PER_CREDIT},
    Balance,
};
use pallet_work_orders::{Call, NextOrder};
use sp_core::{sr25519, Pair};

use crate::{
    actors::{account, pair, Actor},
    chance::Chance,
    kinds::{CHALLENGES, DEALS, PLACES, PRICE_PER_ANSWER, PRICE_PER_MB, REWARD, RING_BUDGET, SESSIONS},
    world::{self, AccountId, RuntimeOrigin, World},
};

/// Who pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Payer {
    /// A user.
    User,
    /// The friend of this entity.
    Friend(usize),
}

/// What is ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Each relay passes on so many bytes.
    Session(u64),
    /// The data with this number is stored.
    Deal(usize),
}

/// An order.
#[derive(Clone, Copy, Debug)]
pub struct Ordered {
    /// Who pays.
    pub payer: Payer,
    /// For what.
    pub wanted: Wanted,
}

/// Data that users have stored.
pub struct Data {
    /// Its segments.
    pub segments: Vec<Vec<u8>>,
    /// Their tree.
    pub tree: Tree,
}

/// Bytes of such data.
const DATA_BYTES: usize = 30_000;
/// Users, and different data.
const USERS: usize = 8;

/// All who pay, and their orders that are not over.
pub struct Payers {
    /// Signs the receipts of all sessions.
    pub client: sr25519::Pair,
    /// What users store.
    pub data: Vec<Data>,
    /// Orders that are not over.
    pub running: BTreeMap<OrderId, Ordered>,
    users: Vec<AccountId>,
    /// The ring's entities and their friends.
    friends: Vec<(usize, AccountId)>,
    purse: Balance,
    turn: usize,
    chance: Chance,
}

impl Payers {
    /// Nothing is ordered yet.
    pub fn new(seed: u64, actors: &[Actor]) -> Self {
        let data = |number: usize| {
            let bytes: Vec<u8> = (0..DATA_BYTES).map(|i| (i * 31 + i / 251 + number) as u8).collect();
            let segments: Vec<Vec<u8>> = bytes.chunks(SEGMENT_BYTES as usize).map(<[u8]>::to_vec).collect();
            Data { tree: Tree::new::<Software, _>(&segments), segments }
        };
        let ring = actors.iter().enumerate().filter(|(_, actor)| actor.kind().ring);
        Self {
            client: pair("client", 0, 0),
            data: (0..USERS).map(data).collect(),
            running: BTreeMap::new(),
            users: (0..USERS).map(|number| account("user", number)).collect(),
            friends: ring.map(|(entity, _)| (entity, account("friend", entity))).collect(),
            purse: 0,
            turn: 0,
            chance: Chance::new(seed, "orders", 0),
        }
    }

    /// All accounts that pay.
    pub fn accounts(&self) -> Vec<AccountId> {
        self.users.iter().cloned().chain(self.friends.iter().map(|(_, friend)| friend.clone())).collect()
    }

    /// Orders of a slot.
    pub fn open(&mut self, timing: &Timing, entities: u32) {
        let user = self.users[self.chance.below(USERS as u64) as usize].clone();
        if self.chance.happens(SESSIONS) {
            let bytes = BYTES_PER_CREDIT * (1 + self.chance.below(4));
            self.session(user.clone(), Payer::User, bytes, PLACES, PRICE_PER_MB);
        }
        if self.chance.happens(DEALS) {
            let data = self.chance.below(USERS as u64) as usize;
            let (root, bytes) = (self.data[data].tree.root(), DATA_BYTES as u64);
            let order = Ordered { payer: Payer::User, wanted: Wanted::Deal(data) };
            self.send(user, order, |max_burn_per_credit| Call::open_deal {
                root,
                bytes,
                holders: PLACES,
                challenges: CHALLENGES,
                price: PRICE_PER_ANSWER,
                max_burn_per_credit,
            });
        }
        self.spend(timing, entities);
    }

    /// The ring's friends pay for as many credits as their budget allows: the cheapest sessions there are, at no price.
    fn spend(&mut self, timing: &Timing, entities: u32) {
        let budget = seat_value(timing, entities, REWARD) * RING_BUDGET / 100 * self.friends.len() as Balance;
        self.purse += budget / Balance::from(timing.window_slots);
        let cost = world::burn();
        if self.friends.is_empty() || self.purse < cost {
            return;
        }
        self.purse -= cost;
        let (entity, friend) = self.friends[self.turn % self.friends.len()].clone();
        self.turn += 1;
        self.session(friend, Payer::Friend(entity), BYTES_PER_CREDIT, 1, 0);
    }

    fn session(&mut self, owner: AccountId, payer: Payer, volume: u64, relays: u8, price_per_mb: Balance) {
        let client = self.client.public();
        let order = Ordered { payer, wanted: Wanted::Session(volume) };
        self.send(owner, order, |max_burn_per_credit| Call::open_session {
            client,
            volume,
            relays,
            price_per_mb,
            max_burn_per_credit,
        });
    }

    fn send(&mut self, owner: AccountId, order: Ordered, call: impl FnOnce(Balance) -> Call<World>) {
        let id = NextOrder::<World>::get();
        world::send(RuntimeOrigin::signed(owner), call(world::burn())).expect("an order opens");
        self.running.insert(id, order);
    }
}
