//! Takes a deal's data from whoever brings them, and gives them to whoever asks. Every segment comes with its proof, in
//! order, so wrong data are refused at the first wrong segment, a broken upload goes on where it was, and nobody needs
//! to be known.

use std::sync::Arc;

use ergon_merkle::Tree;
use ergon_primitives::orders::{segments, OrderId};

use super::store::{Deal, Meta};
use crate::{
    server::{Conn, Ended},
    wire::{Message, Reason, Segment},
    worker::Worker,
};

/// Segments that are read from the disk at once.
const BATCH: u64 = 16;

/// Takes the data of `deal`.
pub(crate) async fn put(worker: &Arc<Worker>, conn: &mut Conn, deal: OrderId) -> Result<(), Ended> {
    let info = worker.chain.deal(deal).await.map_err(|_| Reason::Chain)?.ok_or(Reason::NoSuchOrder)?;
    let holder = info.holders.iter().find(|holder| holder.node == worker.node()).ok_or(Reason::NotDrawn)?;
    if holder.ended {
        return Err(Reason::Over.into());
    }
    let meta = Meta { root: info.root, bytes: info.bytes, seen_at: *worker.chain.heads().borrow() };
    let held = blocking({
        let worker = worker.clone();
        move || worker.store.begin(deal, meta)
    })
    .await?;
    conn.say(&Message::Ready { from: held.count() }).await?;
    let mut complete = held.complete();
    while !complete {
        let Message::Segment(segment) = conn.hear(worker.config.idle).await? else {
            return Err(Reason::Protocol.into());
        };
        let held = held.clone();
        complete = blocking(move || held.append(&segment)).await?;
    }
    log::info!(target: "storage", "deal {deal}: all {} bytes are here", held.meta.bytes);
    conn.say(&Message::Stored).await
}

/// Gives the data of `deal`, from a segment on.
pub(crate) async fn get(worker: &Arc<Worker>, conn: &mut Conn, deal: OrderId, from: u64) -> Result<(), Ended> {
    let held = worker.store.get(deal).ok_or(Reason::NotHeld)?;
    let tree = blocking({
        let held = held.clone();
        move || held.tree()
    })
    .await?;
    conn.say(&Message::Ready { from }).await?;
    let count = segments(held.meta.bytes);
    let mut next = from;
    while next < count {
        let end = next.saturating_add(BATCH).min(count);
        let batch = blocking({
            let (held, tree) = (held.clone(), tree.clone());
            move || read(&held, &tree, next, end)
        })
        .await?;
        for segment in batch {
            let said = tokio::time::timeout(worker.config.idle, conn.say(&Message::Segment(segment))).await;
            said.map_err(|_| Reason::Idle)??;
        }
        next = end;
    }
    Ok(())
}

fn read(deal: &Deal, tree: &Tree, from: u64, to: u64) -> Result<Vec<Segment>, Reason> {
    (from..to).map(|index| deal.segment(tree, index)).collect()
}

/// Does what waits for the disk, or computes for long, beside the connections.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Reason> + Send + 'static,
) -> Result<T, Reason> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(Reason::Disk))
}
