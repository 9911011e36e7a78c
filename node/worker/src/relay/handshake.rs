//! How a client gets in: the chain says what the session is, both sides show who they are, the target is connected
//! with.

use std::sync::Arc;

use ergon_primitives::{nodes::NodeKey, order_info::SessionInfo, orders::OrderId, time::Tick};
use sp_core::{sr25519, Pair};
use tokio::{sync::watch, time::timeout};

use super::{
    book::Record,
    meter::{Meter, Terms},
    pump::Pump,
    sessions::{on_disk, Held, Sessions, Slot, Turn},
    target::{self, Own},
};
use crate::{
    door::Pass,
    server::{Conn, Ended},
    wire::{
        message::{nonce, open_payload, welcome_payload},
        Message, Reason,
    },
    worker::Worker,
};

/// Serves a client that said hello for `session`, to the end of its connection.
pub(crate) async fn serve(
    worker: &Arc<Worker>,
    conn: &mut Conn,
    pass: &mut Pass,
    (session, theirs): (OrderId, [u8; 32]),
    stop: watch::Receiver<bool>,
) -> Result<(), Ended> {
    // What only the best block knows may be replaced, and its number be another order's.
    let (seen_at, info) = worker.questions.session(session, conn.left()).await?;
    let info = info.ok_or(Reason::NoSuchOrder)?;
    let last_tick = admit(&info, &worker.node(), worker.chain.tick(), worker.config.settle_margin)?;
    let target = meet(worker, conn, session, &info.client, theirs).await?;

    let me = info.relays.into_iter().find(|place| place.node == worker.node());
    let endpoint = me.map(|place| place.endpoint).unwrap_or_default();
    let SessionInfo { client, volume, expires, .. } = info;
    let fresh = Record { session, client, volume, expires, seen_at, counted: 0, last: None, settling: false };
    let slot = worker.sessions.slot(fresh.clone()).ok_or(Reason::Busy)?;
    pass.wait(slot.place().ok_or(Reason::Busy)?)?;
    let turn = slot.replace();
    let held = tokio::select! {
        biased;
        () = turn.clone().over() => return Err(Reason::Replaced.into()),
        held = hold(worker, &slot, fresh) => held?,
    };
    let wanted = Wanted { target, endpoint, turn, last_tick };
    let ended = open(worker, conn, pass, (slot.clone(), held), wanted, stop).await;
    // Also who got no further has its time to come back.
    slot.leave();
    ended
}

/// What a client that has shown who it is wants, and for how long.
struct Wanted {
    target: Vec<u8>,
    /// Of this relay.
    endpoint: Vec<u8>,
    turn: Turn,
    last_tick: Tick,
}

/// Serves the client whose session is held.
async fn open(
    worker: &Arc<Worker>,
    conn: &mut Conn,
    pass: &mut Pass,
    (slot, held): (Arc<Slot>, Held),
    Wanted { target, endpoint, turn, last_tick }: Wanted,
    stop: watch::Receiver<bool>,
) -> Result<(), Ended> {
    let record = slot.record();
    let session = record.session;
    if record.settling {
        return Err(Reason::Settled.into());
    }
    let terms = Terms {
        genesis: worker.chain.genesis(),
        session,
        relay: worker.node(),
        client: record.client,
        volume: record.volume,
    };
    let meter = Meter::new(terms, worker.config.credit, record.counted, record.last);
    if meter.spent() {
        return Err(Reason::VolumeUsed.into());
    }
    let own = Own { local: conn.local, endpoint: &endpoint };
    let connect = async {
        pass.relay(held.clone(), worker.config.handshake).await?;
        target::connect(&target, worker.config.targets, own, worker.config.connecting).await
    };
    let stream = tokio::select! {
        biased;
        () = turn.clone().over() => return Err(Reason::Replaced.into()),
        stream = connect => stream?,
    };
    let opened = Message::Opened {
        counted: meter.counted(),
        last: meter.last().cloned(),
        credit: meter.credit(),
        window: worker.config.window,
    };
    conn.say(&opened).await?;
    let _open = worker.metrics.session_opened();
    log::info!(target: "relay", "session {session}: open, {} bytes counted, {} paid", meter.counted(), meter.paid());
    let pump = Pump::new(worker.clone(), (slot, held), meter, conn);
    let ended = pump.run(conn, stream, turn, stop, last_tick).await;
    match &ended {
        Ok(()) => log::info!(target: "relay", "session {session}: closed, {}", pump.sums()),
        Err(error) => log::info!(target: "relay", "session {session}: {error}; {}", pump.sums()),
    }
    ended
}

/// Waits until the session's connection before this one has ended, and makes sure that its record can be written.
async fn hold(worker: &Arc<Worker>, slot: &Arc<Slot>, fresh: Record) -> Result<Held, Reason> {
    // It is told to end, and may take its grace for that and for its last words.
    let patience = worker.config.grace.saturating_mul(3);
    let held = timeout(patience, slot.busy.clone().lock_owned()).await.map_err(|_| Reason::Busy)?;
    let held = Held::new(held);
    if !worker.sessions.has(slot) {
        return Err(Reason::Busy);
    }
    let write = move |sessions: &Sessions, slot: &Slot| {
        if slot.record().client != fresh.client {
            sessions.renew(slot, fresh)?;
        }
        sessions.change(slot, |_| {})
    };
    on_disk(worker, slot, &held, write).await?;
    Ok(held)
}

/// Each side signs what the other has thrown; returns the target.
async fn meet(
    worker: &Worker,
    conn: &mut Conn,
    session: OrderId,
    client: &sr25519::Public,
    theirs: [u8; 32],
) -> Result<Vec<u8>, Ended> {
    let (genesis, node, ours) = (worker.chain.genesis(), worker.node(), nonce());
    let signature = worker.key.sign(&welcome_payload(&genesis, session, &node, &theirs, &ours));
    conn.say(&Message::Welcome { node, nonce: ours, signature }).await?;
    let Message::Open { target, signature } = conn.hear(conn.left()).await? else {
        return Err(Reason::Protocol.into());
    };
    if !sr25519::Pair::verify(&signature, open_payload(&genesis, session, &node, &ours, &target), client) {
        return Err(Reason::NotTheClient.into());
    }
    Ok(target)
}

/// Whether the chain has this relay work for the session now, and the last tick in which it does.
fn admit(info: &SessionInfo, me: &NodeKey, now: Tick, margin: Tick) -> Result<Tick, Reason> {
    let place = info.relays.iter().find(|place| place.node == *me).ok_or(Reason::NotDrawn)?;
    let expires = info.expires.filter(|_| info.drawn).ok_or(Reason::NotDrawn)?;
    let last = expires.saturating_sub(margin);
    if place.settled.is_some() {
        Err(Reason::Settled)
    } else if now >= last {
        Err(Reason::Over)
    } else {
        Ok(last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_primitives::{
        order_info::{PlaceInfo, Settled},
        AccountId,
    };

    #[test]
    fn only_what_the_chain_has_drawn_and_would_still_pay_is_let_in() {
        let me = NodeKey::from_raw([1; 32]);
        let entity = AccountId::new([2; 32]);
        let place = PlaceInfo { node: me, entity: entity.clone(), endpoint: vec![], settled: None };
        let info = SessionInfo {
            owner: entity,
            client: me,
            volume: 10,
            price_per_mb: 1,
            relays: vec![place],
            drawn: true,
            expires: Some(100),
        };
        assert_eq!(admit(&info, &me, 50, 10), Ok(90));
        assert_eq!(admit(&info, &me, 89, 10), Ok(90));
        assert_eq!(admit(&info, &me, 90, 10), Err(Reason::Over));
        assert_eq!(admit(&info, &me, u64::MAX, u64::MAX), Err(Reason::Over));
        assert_eq!(admit(&info, &NodeKey::from_raw([3; 32]), 50, 10), Err(Reason::NotDrawn));
        assert_eq!(admit(&SessionInfo { drawn: false, ..info.clone() }, &me, 50, 10), Err(Reason::NotDrawn));
        assert_eq!(admit(&SessionInfo { expires: None, ..info.clone() }, &me, 50, 10), Err(Reason::NotDrawn));
        let mut done = info;
        done.relays[0].settled = Some(Settled { bytes: 1, pay: 1 });
        assert_eq!(admit(&done, &me, 50, 10), Err(Reason::Settled));
    }
}
