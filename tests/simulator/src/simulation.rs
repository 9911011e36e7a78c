//! The course of a simulation, slot by slot.
//!
//! | Block of a slot | What |
//! |---|---|
//! | 1 | entities go up and down; the next slot is elected; whoever is up has its validation signature counted |
//! | 2 | beacons |
//! | 3 | answers, receipts, pledges |
//! | 4 | new orders; lies |
//! | 5, 6 | nothing but what is due |
//! | after them | the slot's ticks earn |
//!
//! Six blocks, because a challenge is missed only if there were that many to answer it in. What the ticks of a slot earn does not depend
//! on the chain's blocks here.

use ergon_primitives::{
    time::{EpochNumber, SlotNumber, Timing},
    work::{Beacon, SignedBeacon, Tally, Work as Counted, WorkLedger},
};
use pallet_work_orders::Event;
use sp_core::Pair;

use crate::{
    actors::{cast, Actor},
    book::Book,
    elections::{play, Elections},
    lies,
    orders::{Payer, Payers},
    work::Work,
    world::{self, AccountId, RuntimeOrigin, System, WorkTally, World},
    Options,
};

/// Blocks of a slot.
const BLOCKS: u64 = 6;
/// The first slot: the first of an epoch, whatever an epoch is.
const FIRST_SLOT: SlotNumber = 604_800;

/// How it stood at the end.
pub struct Outcome {
    /// What was simulated.
    pub options: Options,
    /// The entities.
    pub actors: Vec<Actor>,
    /// What they did.
    pub book: Book,
    /// The chain's tally, by entity.
    pub tally: Vec<Tally<AccountId>>,
    /// What the credits of each should be: units counted apart from the chain.
    pub counted: Vec<u64>,
    /// What a credit costs at the end: relaying and storing.
    pub burn: ergon_primitives::Balance,
    /// Entities that offer these.
    pub offering: [u32; 2],
}

struct Simulation {
    timing: Timing,
    actors: Vec<Actor>,
    elections: Elections,
    payers: Payers,
    work: Work,
    book: Book,
}

/// Runs it. `progress` is told of each epoch that is over, and how many there are.
pub fn run(options: &Options, mut progress: impl FnMut(u64, u64)) -> Outcome {
    let timing = options.timing;
    let actors = cast(options.seed, options.entities as usize);
    let payers = Payers::new(options.seed, &actors);
    let validators: Vec<_> = actors.iter().map(|actor| (actor.account.clone(), actor.session_key())).collect();
    let mut chain = world::begin(options.seed, timing, &validators, &payers.accounts());
    chain.execute_with(|| {
        let work = Work::new(options.seed, &actors);
        let book = Book::new(actors.len());
        let mut simulation = Simulation { timing, actors, elections: Elections::default(), payers, work, book };
        simulation.set_up();
        let start_up = u64::from(timing.window_slots);
        let slots = start_up + u64::from(options.slots);
        let per_epoch = u64::from(timing.slots_per_epoch);
        for number in 0..slots {
            if number == start_up {
                simulation.book.begin();
            }
            simulation.slot(FIRST_SLOT + number);
            if (number + 1) % per_epoch == 0 {
                progress((number + 1) / per_epoch, slots / per_epoch);
                if options.check_each_epoch {
                    world::check();
                }
            }
        }
        world::check();
        simulation.end(options)
    })
}

impl Simulation {
    /// The slot before the first: pools and nodes.
    fn set_up(&mut self) {
        world::set_tick(*self.timing.ticks_of(FIRST_SLOT - 1).end());
        world::open_block();
        self.actors.iter().for_each(Actor::set_up);
        self.elections.elect(&self.timing, FIRST_SLOT, &self.actors);
    }

    fn slot(&mut self, slot: SlotNumber) {
        let first = *self.timing.ticks_of(slot).start();
        let per_slot = u64::from(self.timing.ticks_per_slot);
        let tick = |block: u64| first + block * per_slot / BLOCKS;
        let ticks = [tick(0), tick(1), tick(2), tick(3)];

        self.actors.iter_mut().for_each(Actor::next_slot);
        world::set_tick(ticks[0]);
        let leaders = self.elections.elect(&self.timing, slot + 1, &self.actors).expect("the slot was elected");
        world::open_block();
        self.count_signatures(slot);
        self.read_events(slot);

        world::set_tick(ticks[1]);
        world::open_block();
        let beacon = self.send_beacons(slot);
        self.read_events(slot);

        world::set_tick(ticks[2]);
        world::open_block();
        self.work.answer(slot, &self.payers, &self.actors, &mut self.book);
        self.work.serve(slot, &self.payers, &self.actors, &mut self.book);
        self.read_events(slot);

        world::set_tick(ticks[3]);
        world::open_block();
        self.payers.open(&self.timing, self.actors.len() as u32);
        lies::tell(slot, &beacon, &self.actors, &self.work, &mut self.book);
        self.read_events(slot);

        for block in 4..BLOCKS {
            world::set_tick(tick(block));
            world::open_block();
            self.read_events(slot);
        }
        play(&self.timing, slot, &leaders, &mut self.actors, &mut self.book);
    }

    fn epoch(&self, slot: SlotNumber) -> EpochNumber {
        self.timing.epoch_of_slot(slot)
    }

    /// Stands for `pallet-quorum`, which counts one unit for each validator whose signature reached the chain for a slot: of everybody who is
    /// up.
    fn count_signatures(&mut self, slot: SlotNumber) {
        let epoch = self.epoch(slot);
        for (entity, actor) in self.actors.iter().enumerate().filter(|(_, actor)| actor.up) {
            WorkTally::add(&actor.account, Counted { units: 1, bytes: 0 });
            self.book.unit(entity, epoch, false);
        }
    }

    fn send_beacons(&mut self, slot: SlotNumber) -> Beacon {
        let number = System::block_number() - 1;
        let beacon = Beacon { slot, number, hash: System::block_hash(number) };
        let payload = beacon.payload();
        for actor in self.actors.iter().filter(|actor| actor.sends_beacon()) {
            let signature = actor.session.sign(&payload).into();
            let signed = SignedBeacon { beacon, key: actor.session_key(), signature };
            let call = pallet_work_tally::Call::<World>::beacon { signed };
            self.book.proof(world::send(RuntimeOrigin::none(), call));
        }
        beacon
    }

    /// Notes what happened to orders in the block.
    fn read_events(&mut self, slot: SlotNumber) {
        for event in world::happened() {
            match event {
                Event::Opened { order, .. } => match self.payers.running.get(&order).map(|order| order.payer) {
                    Some(Payer::User) => self.book.orders.0 += 1,
                    _ => self.book.orders.1 += 1,
                },
                Event::Drawn { order, places, burned, .. } => {
                    match self.payers.running.get(&order).map(|order| order.payer) {
                        Some(Payer::Friend(entity)) => self.book.entries[entity].burned += burned,
                        _ => self.book.users.0 += burned,
                    }
                    self.work.drawn(order, slot, &places, &self.payers, &self.actors, &mut self.book);
                }
                Event::Redeemed { session: order, entity, paid, .. }
                | Event::Answered { deal: order, entity, paid, .. } => {
                    self.accepted(order, &entity, paid, slot);
                }
                Event::Missed { .. } => self.book.missed += 1,
                Event::Closed { order, .. } => {
                    self.payers.running.remove(&order);
                }
                _ => {}
            }
        }
    }

    fn accepted(&mut self, order: u64, entity: &AccountId, paid: ergon_primitives::Balance, slot: SlotNumber) {
        let epoch = self.epoch(slot);
        let entity = self.actors.iter().position(|actor| actor.account == *entity).expect("it is one of them");
        self.book.unit(entity, epoch, true);
        self.book.entries[entity].pay += paid;
        match self.payers.running.get(&order).map(|order| order.payer) {
            Some(Payer::Friend(member)) => self.book.entries[member].paid_out += paid,
            _ => self.book.users.1 += paid,
        }
    }

    fn end(self, options: &Options) -> Outcome {
        use ergon_primitives::nodes::Service;
        let all = WorkTally::tally();
        let of = |actor: &Actor| all.iter().find(|tally| tally.entity == actor.account).cloned().expect("has a ledger");
        let now = self.epoch(FIRST_SLOT + u64::from(self.timing.window_slots + options.slots) - 1);
        let window = u64::from(self.timing.window_slots.div_ceil(self.timing.slots_per_epoch));
        let services = [Service::Relay, Service::Storage];
        Outcome {
            options: *options,
            tally: self.actors.iter().map(of).collect(),
            counted: (0..self.actors.len()).map(|entity| self.book.units_in_window(entity, now, window)).collect(),
            burn: world::burn(),
            offering: services.map(world::offering),
            actors: self.actors,
            book: self.book,
        }
    }
}
