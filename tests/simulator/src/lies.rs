//! What liars send, each of them in each slot in which it is up: nothing of it may be believed.

use ergon_primitives::{
    orders::{Answer, Receipt, Redemption},
    time::SlotNumber,
    work::{Beacon, SignedBeacon, BYTES_PER_CREDIT},
};
use pallet_work_orders::Call;
use sp_core::Pair;

use crate::{
    actors::Actor,
    book::Book,
    work::{send, Work},
    world::{self, RuntimeOrigin, WorkOrders, World},
};

fn send_beacon(signed: SignedBeacon) -> Result<(), sp_runtime::DispatchError> {
    world::send(RuntimeOrigin::none(), pallet_work_tally::Call::<World>::beacon { signed })
}

/// Tells them. `beacon` is one that was sent in this slot.
pub fn tell(slot: SlotNumber, beacon: &Beacon, actors: &[Actor], work: &Work, book: &mut Book) {
    for (entity, liar) in actors.iter().enumerate().filter(|(_, actor)| actor.kind().lies && actor.up) {
        receipts(entity, liar, work, book);
        answers(slot, liar, work, book);
        beacons(entity, liar, beacon, actors, book);
    }
}

fn receipts(entity: usize, liar: &Actor, work: &Work, book: &mut Book) {
    let genesis = world::genesis();
    let (own, key) = (&liar.nodes[0], liar.node_key(0));
    // It signs for the client too: of a session that it was drawn for, if there is one.
    let session = work.sessions[entity].map_or(work.latest.0, |(session, _)| session);
    let receipt = Receipt { session, relay: key, bytes: BYTES_PER_CREDIT, sequence: 1 };
    let client = own.sign(&receipt.payload(&genesis));
    let forged = Redemption { receipt, client, relay: own.sign(&receipt.redemption(&genesis)) };
    book.lie("forged receipt", send(Call::redeem { redemption: forged.clone() }));
    // More than was paid.
    let receipt = Receipt { bytes: u64::MAX, ..receipt };
    book.lie("huge receipt", send(Call::redeem { redemption: Redemption { receipt, ..forged.clone() } }));
    // One that it was not drawn for. It may have been drawn for the latest: then that is no lie of this kind.
    let latest = work.latest.0;
    if WorkOrders::order(latest).is_none_or(|order| order.place_of(&key).is_none()) {
        let receipt = Receipt { session: latest, ..receipt };
        book.lie("foreign session", send(Call::redeem { redemption: Redemption { receipt, ..forged } }));
    }
    if let Some(last) = &work.last {
        book.lie("replayed receipt", send(Call::redeem { redemption: last.clone() }));
        let receipt = Receipt { relay: key, ..last.receipt };
        let stolen = Redemption { receipt, client: last.client, relay: own.sign(&receipt.redemption(&genesis)) };
        book.lie("stolen receipt", send(Call::redeem { redemption: stolen }));
    }
}

fn answers(slot: SlotNumber, liar: &Actor, work: &Work, book: &mut Book) {
    let (deal, key) = (work.latest.1, liar.node_key(0));
    let signature = liar.nodes[0].sign(&Answer::payload(&world::genesis(), deal, &key, slot));
    let answer = Answer { deal, node: key, slot, segment: Default::default(), proof: Default::default(), signature };
    book.lie("answer to nothing", send(Call::answer { answer }));
}

fn beacons(entity: usize, liar: &Actor, beacon: &Beacon, actors: &[Actor], book: &mut Book) {
    // Its own, again: whoever is up has sent one.
    let signature = liar.session.sign(&beacon.payload()).into();
    let again = SignedBeacon { beacon: *beacon, key: liar.session_key(), signature };
    book.lie("beacon again", send_beacon(again.clone()));
    let ahead = Beacon { slot: beacon.slot + 1, ..*beacon };
    book.lie("beacon ahead", send_beacon(SignedBeacon { beacon: ahead, ..again.clone() }));
    // Another's, signed by itself: of one who has sent none, if there is one.
    let silent = actors.iter().enumerate().find(|(other, actor)| *other != entity && !actor.sends_beacon());
    if let Some((_, victim)) = silent {
        book.lie("beacon of another", send_beacon(SignedBeacon { key: victim.session_key(), ..again }));
    }
}
