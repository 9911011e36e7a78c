//! Takes a deal's data from whoever brings them, and gives them to whoever asks. Every segment comes with its proof, in
//! order, so wrong data are refused at the first wrong segment, a broken upload goes on where it was, and nobody needs
//! to be known. Who is slow for long is dropped, and no segment goes twice over a connection: so none lasts for ever.

use std::{future::Future, sync::Arc, time::Duration};

use ergon_primitives::orders::{segments, OrderId, SEGMENT_BYTES};
use tokio::time::{timeout, Instant};

use super::{
    deal::{Meta, Opened},
    store::Store,
};
use crate::{
    config::Config,
    server::{Conn, Ended},
    wire::{Message, Reason},
    worker::Worker,
};

/// Segments that are read from the disk at once.
const BATCH: u64 = 16;

/// Takes the data of `deal`.
pub(crate) async fn put(worker: &Arc<Worker>, conn: &mut Conn, deal: OrderId) -> Result<(), Ended> {
    // Only a final block says for good which deal has the number: a block that is replaced may have had another.
    let (seen_at, info) = worker.questions.deal(deal, conn.left()).await?;
    let info = info.ok_or(Reason::NoSuchOrder)?;
    let holder = info.holders.iter().find(|holder| holder.node == worker.node()).ok_or(Reason::NotDrawn)?;
    if holder.ended {
        return Err(Reason::Over.into());
    }
    let meta = Meta::of(&info, seen_at);
    let (held, mut next) = at_disk(worker, move |store| {
        let held = store.begin(deal, meta)?;
        let next = held.ready()?;
        Ok((held, next))
    })
    .await?;
    conn.say(&Message::Ready { from: next }).await?;
    if !held.complete() {
        let opened = at_disk(worker, move |_| held.open()).await?;
        take(worker, conn, Arc::new(opened), &mut next).await?;
        log::info!(target: "storage", "deal {deal}: all {} bytes are here", meta.bytes);
    }
    conn.say(&Message::Stored).await
}

/// Takes the segments from `next` on, each once, until all are there: others may bring some of them meanwhile.
async fn take(worker: &Arc<Worker>, conn: &mut Conn, opened: Arc<Opened>, next: &mut u64) -> Result<(), Ended> {
    let mut leisure = Leisure::of(&worker.config);
    let mut complete = false;
    while !complete {
        let Message::Segment(segment) = leisure.wait(conn.hear(worker.config.idle)).await.ok_or(Reason::Idle)?? else {
            return Err(Reason::Protocol.into());
        };
        if segment.index != *next {
            return Err(Reason::Protocol.into());
        }
        *next = next.saturating_add(1);
        complete = at_disk(worker, {
            let opened = opened.clone();
            move |_| opened.append(&segment)
        })
        .await?;
        leisure.earn();
    }
    Ok(())
}

/// Gives the data of `deal`, from a segment on.
pub(crate) async fn get(worker: &Arc<Worker>, conn: &mut Conn, deal: OrderId, from: u64) -> Result<(), Ended> {
    let held = worker.store.get(deal).ok_or(Reason::NotHeld)?;
    let count = segments(held.meta.bytes);
    let (opened, tree) = at_disk(worker, move |store| {
        // May wait for others: no file is open until then.
        let tree = store.tree(&held)?;
        Ok((Arc::new(store.opened(&held)?), tree))
    })
    .await?;
    conn.say(&Message::Ready { from }).await?;
    let mut leisure = Leisure::of(&worker.config);
    let mut next = from;
    while next < count {
        let end = next.saturating_add(BATCH).min(count);
        let batch = at_disk(worker, {
            let (opened, tree) = (opened.clone(), tree.clone());
            move |store| (next..end).map(|index| store.segment(&opened, &tree, index)).collect::<Result<Vec<_>, _>>()
        })
        .await?;
        for segment in batch {
            leisure.wait(conn.say(&Message::Segment(segment))).await.ok_or(Reason::Idle)??;
            leisure.earn();
        }
        next = end;
    }
    Ok(())
}

/// How long the other side may still let this one wait. What it has sent or taken earns it more, but never more than
/// at the beginning: so over any time longer than that it has to be about as fast as the rate.
#[derive(Debug)]
pub(crate) struct Leisure {
    left: Duration,
    most: Duration,
    /// What a segment earns.
    each: Duration,
}

impl Leisure {
    fn of(config: &Config) -> Self {
        Self::new(config.transfer_patience, config.transfer_rate)
    }

    /// So long at most, and earned back at so many bytes a second.
    pub(crate) fn new(most: Duration, rate: u64) -> Self {
        let each = Duration::from_micros(u64::from(SEGMENT_BYTES).saturating_mul(1_000_000) / rate.max(1));
        Self { left: most, most, each }
    }

    /// Waits for the other side, for as long as there is any left; `None` if that was not enough. Only that is counted,
    /// not what the disk takes.
    pub(crate) async fn wait<T>(&mut self, step: impl Future<Output = T>) -> Option<T> {
        let since = Instant::now();
        let done = timeout(self.left, step).await.ok()?;
        self.left = self.left.saturating_sub(since.elapsed());
        Some(done)
    }

    /// A segment was sent or taken.
    pub(crate) fn earn(&mut self) {
        self.left = self.left.saturating_add(self.each).min(self.most);
    }
}

/// Has the disk do what a stranger asks for. The place is taken until that is done, even if the stranger has gone.
async fn at_disk<T: Send + 'static>(
    worker: &Arc<Worker>,
    work: impl FnOnce(&Store) -> Result<T, Reason> + Send + 'static,
) -> Result<T, Reason> {
    let place = timeout(worker.config.transfer_patience, worker.store.strangers.clone().acquire_owned()).await;
    let place = place.map_err(|_| Reason::Busy)?.map_err(|_| Reason::Stopping)?;
    let worker = worker.clone();
    blocking(move || {
        let _place = place;
        work(&worker.store)
    })
    .await
}

/// Does what waits for the disk, or computes for long, beside the connections.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Reason> + Send + 'static,
) -> Result<T, Reason> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(Reason::Disk))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::sleep;

    #[tokio::test]
    async fn who_is_fast_may_rest_and_who_is_slow_is_dropped() {
        let (ms, rate) = (Duration::from_millis, u64::from(SEGMENT_BYTES) * 20);
        let mut leisure = Leisure::new(ms(200), rate);
        leisure.wait(sleep(ms(120))).await.expect("a rest");
        assert!(leisure.left <= ms(80));
        leisure.earn();
        assert!(leisure.left <= ms(130) && leisure.left > ms(40), "a segment earns 50 ms");
        (0..10).for_each(|_| leisure.earn());
        assert_eq!(leisure.left, ms(200), "nothing is saved for later");
        let slow = async {
            while leisure.wait(sleep(ms(100))).await.is_some() {
                leisure.earn()
            }
        };
        timeout(Duration::from_secs(20), slow).await.expect("it ends");
    }
}
