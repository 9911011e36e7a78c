//! Brings receipts to the chain. A receipt is sent when its session has no connection, and has had none for a while, is
//! used up or is about to end; it is sent again until the chain shows that it is settled.

use std::{
    sync::{atomic::Ordering, Arc},
    time::Duration,
};

use ergon_primitives::{
    order_info::SessionInfo,
    orders::{OrderId, Redemption},
    time::Tick,
    BlockNumber,
};
use sp_core::Pair;
use tokio::{sync::watch, task::JoinSet, time::timeout};

use super::{
    book::Record,
    sessions::{lock, on_disk, Held, Slot},
};
use crate::{
    wire::Signed,
    worker::{stopped, Worker},
};

/// Blocks that a redemption has to get into one before it is sent again.
const PATIENCE_BLOCKS: BlockNumber = 3;
/// How often sessions are looked through, besides every block.
const PERIOD: Duration = Duration::from_secs(1);
/// Blocks between questions whether sessions without a receipt are over.
const SWEEP_BLOCKS: BlockNumber = 20;
/// Most sessions that are looked at together: an answer that does not come holds one place.
const AT_ONCE: usize = 4;

/// Whether a session without a connection is to be settled.
fn due(record: &Record, left: Duration, now: Tick, after: Duration, margin: Tick) -> bool {
    let ends = record.expires.is_some_and(|expires| now >= expires.saturating_sub(margin));
    record.last.is_some() && (record.settling || left >= after || record.counted >= record.volume || ends)
}

/// Settles until it is told to stop.
pub(crate) async fn run(worker: Arc<Worker>, mut stop: watch::Receiver<bool>) {
    let mut heads = worker.chain.heads();
    let mut looks = JoinSet::new();
    let mut swept = 0;
    while !*stop.borrow() {
        let head = *heads.borrow_and_update();
        let sweep = head.saturating_sub(swept) >= SWEEP_BLOCKS;
        if sweep {
            swept = head;
        }
        for slot in worker.sessions.all() {
            let record = slot.record();
            // The chain says nothing new before its next block.
            let due = is_due(&worker, &slot, &record) && *lock(&slot.looked) != Some(head);
            if !(due || (sweep && record.last.is_none())) {
                continue;
            }
            if looks.len() >= AT_ONCE {
                tokio::select! {
                    _ = looks.join_next() => {}
                    () = stopped(stop.clone()) => break,
                }
            }
            looks.spawn(look_at(worker.clone(), slot, head));
        }
        tokio::select! {
            _ = heads.changed() => {}
            () = tokio::time::sleep(PERIOD) => {}
            _ = stop.changed() => {}
        }
        while looks.try_join_next().is_some() {}
    }
    if timeout(worker.config.grace, async { while looks.join_next().await.is_some() {} }).await.is_err() {
        log::debug!(target: "relay", "the chain did not answer in time: receipts are sent after the next start");
    }
}

fn is_due(worker: &Worker, slot: &Slot, record: &Record) -> bool {
    let config = &worker.config;
    due(record, slot.left().elapsed(), worker.chain.tick(), config.settle_after, config.settle_margin)
}

async fn look_at(worker: Arc<Worker>, slot: Arc<Slot>, head: BlockNumber) {
    // Whoever is connected is not disturbed, and nobody connects while this is held.
    let Ok(held) = slot.busy.clone().try_lock_owned() else { return };
    let held = Held::new(held);
    // Somebody may have come and gone since it was chosen.
    let record = slot.record();
    let session = record.session;
    let due = is_due(&worker, &slot, &record);
    if due {
        *lock(&slot.looked) = Some(head);
    }
    match (&record.last, standing(&worker, &slot, &record).await) {
        (_, Standing::Foreign) => {
            // What fails is logged, and tried again.
            let aside = on_disk(&worker, &slot, &held, |sessions, slot| sessions.set_aside(slot)).await;
            log::debug!(target: "relay", "session {session}: its record is set aside: {aside:?}");
        }
        (Some(last), Standing::Over { paid }) => {
            let bytes = last.receipt.bytes;
            if paid {
                log::info!(target: "relay", "session {session}: over, its receipt of {bytes} bytes is settled");
            } else {
                log::warn!(target: "relay", "session {session}: over, its receipt of {bytes} bytes was not paid");
            }
            worker.metrics.redemption_over(paid);
            forget(&worker, session);
        }
        (None, Standing::Over { .. }) => forget(&worker, session),
        (Some(last), Standing::Open) if due => {
            let waiting = lock(&slot.sent).is_some_and(|at| head.saturating_sub(at) < PATIENCE_BLOCKS);
            if !waiting {
                *lock(&slot.sent) = Some(head);
                redeem(&worker, &slot, &held, last).await;
            }
        }
        _ => {}
    }
}

/// Sends the receipt. From then on nothing is added to it.
async fn redeem(worker: &Arc<Worker>, slot: &Arc<Slot>, held: &Held, last: &Signed) {
    let session = last.receipt.session;
    if !slot.record().settling {
        let settling = |record: &mut Record| record.settling = true;
        // A disk that fails is one more reason to have it settled: it is in memory only.
        if on_disk(worker, slot, held, move |sessions, slot| sessions.change(slot, settling)).await.is_err() {
            log::warn!(target: "relay", "session {session}: its receipt is sent from memory");
        }
    }
    let kept = lock(&slot.redemption).clone();
    let redemption = kept.filter(|kept| kept.receipt == last.receipt).unwrap_or_else(|| {
        let relay = worker.key.sign(&last.receipt.redemption(&worker.chain.genesis()));
        Redemption { receipt: last.receipt, client: last.signature, relay }
    });
    let taken = worker.chain.redeem(&redemption).await;
    worker.metrics.redemption_sent(taken.is_ok());
    // A pool refuses for a while what it once found wrong: then another signature is better than the same.
    *lock(&slot.redemption) = taken.is_ok().then_some(redemption);
    match taken {
        Ok(()) => log::info!(target: "relay", "session {session}: sent its receipt of {} bytes", last.receipt.bytes),
        Err(error) => {
            log::warn!(target: "relay", "session {session}: {error}; trying again in {PATIENCE_BLOCKS} blocks")
        }
    }
}

/// Where a session stands on the chain.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// A receipt can be settled, as far as the chain could be asked.
    Open,
    /// Settled, or gone, in the best block, which may still be replaced.
    Done,
    /// Settled, or gone, in a final block: the record is of no more use.
    Over {
        /// Whether a receipt for it was, as far as was seen.
        paid: bool,
    },
    /// The number is another order's.
    Foreign,
}

/// Only a final block above the one in which the session was seen says that it is over: it descends from that one. A
/// node that is behind says nothing.
async fn standing(worker: &Worker, slot: &Slot, record: &Record) -> Standing {
    let done =
        |info: &SessionInfo| info.relays.iter().any(|place| place.node == worker.node() && place.settled.is_some());
    // With its last receipt a session goes before its end, and at its end without.
    let gone_early = record.expires.is_none_or(|expires| worker.chain.tick() <= expires);
    match worker.chain.final_session(record.session).await {
        Ok((height, info)) if height > record.seen_at => match info {
            None => return Standing::Over { paid: gone_early || slot.paid.load(Ordering::Relaxed) },
            Some(info) if info.client != record.client => return Standing::Foreign,
            Some(info) if done(&info) => return Standing::Over { paid: true },
            Some(_) => {}
        },
        Ok(_) => {}
        Err(error) => log::debug!(target: "relay", "session {}: {error}", record.session),
    }
    let Ok(info) = worker.chain.session(record.session).await else { return Standing::Open };
    // If a session is gone because the chain is only behind, there is nobody to settle with.
    let is_done = info.as_ref().is_none_or(done);
    if info.is_some() || gone_early {
        slot.paid.store(is_done, Ordering::Relaxed);
    }
    if is_done {
        Standing::Done
    } else {
        Standing::Open
    }
}

fn forget(worker: &Worker, session: OrderId) {
    if let Err(error) = worker.sessions.forget(session) {
        worker.metrics.disk_failed();
        log::error!(target: "relay", "session {session}: its record cannot be removed: {error}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_primitives::orders::Receipt;
    use sp_core::sr25519;

    #[test]
    fn a_receipt_is_due_when_nobody_comes_back_or_time_is_short() {
        let client = sr25519::Public::from_raw([1; 32]);
        let receipt = Receipt { session: 1, relay: client, bytes: 5, sequence: 1 };
        let last = Some(Signed { receipt, signature: sr25519::Signature::from_raw([0; 64]) });
        let record = Record {
            session: 1,
            client,
            volume: 10,
            expires: Some(100),
            seen_at: 1,
            counted: 5,
            last,
            settling: false,
        };
        let (short, long) = (Duration::from_secs(1), Duration::from_secs(9));
        let due = |record: &Record, left, now| due(record, left, now, Duration::from_secs(5), 20);
        assert!(!due(&record, short, 10));
        assert!(due(&record, long, 10));
        assert!(due(&record, short, 80));
        assert!(due(&Record { counted: 10, ..record.clone() }, short, 10));
        assert!(due(&Record { settling: true, ..record.clone() }, short, 10));
        assert!(!due(&Record { last: None, ..record }, long, 1_000), "nothing to settle");
    }
}
