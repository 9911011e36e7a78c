//! What drawn entities do: serve, with real signatures, when they are up and their kind serves.

use std::collections::BTreeMap;

use ergon_primitives::{
    nodes::{NodeKey, Worker},
    orders::{Answer, Challenge, OrderId, Pledge, Receipt, Redemption},
    time::SlotNumber,
};
use pallet_work_orders::{Call, OpenChallenges, SESSION_SLOTS};
use sp_core::Pair;

use crate::{
    actors::Actor,
    book::Book,
    chance::Chance,
    orders::{Data, Payer, Payers, Wanted},
    world::{self, AccountId, RuntimeOrigin, World},
};

/// Something that an entity shall do as soon as it is up.
#[derive(Clone, Copy, Debug)]
struct Task {
    order: OrderId,
    wanted: Wanted,
    entity: usize,
    node: usize,
    /// The last slot for it.
    until: SlotNumber,
}

/// All that is to be done.
pub struct Work {
    tasks: Vec<Task>,
    nodes: BTreeMap<NodeKey, (usize, usize)>,
    chance: Chance,
    /// The last receipt that was redeemed: what liars copy.
    pub last: Option<Redemption>,
    /// The last session that each entity was drawn for.
    pub sessions: Vec<Option<(OrderId, usize)>>,
    /// The last session and the last deal that anybody was drawn for.
    pub latest: (OrderId, OrderId),
}

/// Sends what nobody pays for.
pub fn send(call: Call<World>) -> Result<(), sp_runtime::DispatchError> {
    world::send(RuntimeOrigin::none(), call)
}

/// The answer of a node to a challenge about `data`.
pub fn answer(data: &Data, challenge: &Challenge, node: &sp_core::sr25519::Pair) -> Answer {
    let Challenge { deal, node: key, slot, segment, .. } = *challenge;
    let path = data.tree.proof(segment).expect("the data has the segment");
    let bytes = data.segments[segment as usize].clone();
    Answer {
        deal,
        node: key,
        slot,
        segment: bytes.try_into().expect("a segment"),
        proof: path.try_into().expect("the path is short"),
        signature: node.sign(&Answer::payload(&world::genesis(), deal, &key, slot)),
    }
}

impl Work {
    /// Nothing is to be done yet.
    pub fn new(seed: u64, actors: &[Actor]) -> Self {
        let of = |(entity, actor): (usize, &Actor)| {
            let keys: Vec<_> = (0..actor.nodes.len()).map(|node| (actor.node_key(node), (entity, node))).collect();
            keys
        };
        Self {
            tasks: Vec::new(),
            nodes: actors.iter().enumerate().flat_map(of).collect(),
            chance: Chance::new(seed, "work", 0),
            last: None,
            sessions: vec![None; actors.len()],
            latest: (0, 0),
        }
    }

    /// These nodes were drawn. An order of the ring's friends is used only if one of the ring was.
    pub fn drawn(
        &mut self,
        order: OrderId,
        slot: SlotNumber,
        workers: &[Worker<AccountId>],
        payers: &Payers,
        actors: &[Actor],
        book: &mut Book,
    ) {
        let Some(ordered) = payers.running.get(&order) else { return };
        for worker in workers {
            let (entity, node) = self.nodes[&worker.node];
            let kind = actors[entity].kind();
            book.entries[entity].draws += 1;
            let is_deal = matches!(ordered.wanted, Wanted::Deal(_));
            if is_deal {
                self.latest.1 = order;
            } else {
                self.latest.0 = order;
                self.sessions[entity] = Some((order, node));
            }
            let is_used = ordered.payer == Payer::User || kind.ring;
            // A liar says that it has the data, but does not.
            let serves = self.chance.below(100) < kind.serves || (kind.lies && is_deal);
            if is_used && serves {
                let until = slot + u64::from(SESSION_SLOTS) - 2;
                self.tasks.push(Task { order, wanted: ordered.wanted, entity, node, until });
            }
        }
    }

    /// Does what can be done in `slot`: redeems receipts and pledges.
    pub fn serve(&mut self, slot: SlotNumber, payers: &Payers, actors: &[Actor], book: &mut Book) {
        let genesis = world::genesis();
        for task in std::mem::take(&mut self.tasks) {
            let actor = &actors[task.entity];
            if !actor.up {
                if slot < task.until {
                    self.tasks.push(task);
                }
                continue;
            }
            let (pair, key) = (&actor.nodes[task.node], actor.node_key(task.node));
            let result = match task.wanted {
                Wanted::Session(bytes) => {
                    let receipt = Receipt { session: task.order, relay: key, bytes, sequence: 1 };
                    let client = payers.client.sign(&receipt.payload(&genesis));
                    let redemption = Redemption { receipt, client, relay: pair.sign(&receipt.redemption(&genesis)) };
                    self.last = Some(redemption.clone());
                    send(Call::redeem { redemption })
                }
                Wanted::Deal(_) => {
                    let signature = pair.sign(&Pledge::payload(&genesis, task.order, &key));
                    send(Call::pledge { pledge: Pledge { deal: task.order, node: key, signature } })
                }
            };
            book.proof(result);
        }
    }

    /// Answers the challenges of `slot`: those who are up rightly, liars with another segment than was asked.
    pub fn answer(&mut self, slot: SlotNumber, payers: &Payers, actors: &[Actor], book: &mut Book) {
        let open = OpenChallenges::<World>::get();
        for challenge in open.iter().map(|open| open.challenge).filter(|challenge| challenge.slot == slot) {
            let Some(Wanted::Deal(data)) = payers.running.get(&challenge.deal).map(|order| order.wanted) else {
                continue;
            };
            let (entity, node) = self.nodes[&challenge.node];
            let (actor, data) = (&actors[entity], &payers.data[data]);
            if !actor.up {
                continue;
            }
            let mut answer = answer(data, &challenge, &actor.nodes[node]);
            if actor.kind().lies {
                answer.segment.as_mut()[0] ^= 1;
                book.lie("wrong segment", send(Call::answer { answer }));
            } else {
                book.proof(send(Call::answer { answer }));
            }
        }
    }
}
