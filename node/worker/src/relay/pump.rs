//! Moves the bytes of one connection, by the meter's leave.
//!
//! The client is always read: what it sends waits in a queue that is never longer than the window, in bytes and not in
//! messages, so that receipts get through while the target takes nothing. The target is read only while the meter has
//! room.

use std::{
    future::Future,
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex,
    },
    time::Duration,
};

use ergon_primitives::time::Tick;
use tokio::{
    io::{duplex, AsyncReadExt, AsyncWriteExt, DuplexStream},
    net::{
        tcp::{OwnedReadHalf, OwnedWriteHalf},
        TcpStream,
    },
    sync::{watch, Notify},
    time::{sleep, timeout},
};

use super::{
    book::Record,
    meter::Meter,
    sessions::{lock, on_disk, Held, Slot, Turn},
};
use crate::{
    metrics::Direction,
    server::{Conn, Ended, Reader, Writer},
    wire::{recv, Message, Reason, Signed, MAX_DATA},
    worker::{stopped, Worker},
};

/// How a client left.
enum Left {
    /// It had said that no more comes.
    AfterEnd,
    /// It had not.
    Early,
}

/// One connection of a session.
pub(crate) struct Pump {
    worker: Arc<Worker>,
    slot: Arc<Slot>,
    held: Held,
    meter: Mutex<Meter>,
    /// Rung when a receipt was taken.
    paid: Notify,
    /// Rung when the target has all that the client sent before its end.
    fed: Notify,
    /// Rung when the client has sent more than the volume has room for.
    full: Notify,
    /// Bytes of the client that the target has not taken.
    queued: AtomicU64,
    /// Whether only receipts are wanted any more.
    closing: AtomicBool,
    writer: Writer,
}

impl Pump {
    pub(crate) fn new(worker: Arc<Worker>, (slot, held): (Arc<Slot>, Held), meter: Meter, conn: &Conn) -> Self {
        Self {
            worker,
            slot,
            held,
            meter: Mutex::new(meter),
            paid: Notify::new(),
            fed: Notify::new(),
            full: Notify::new(),
            queued: AtomicU64::new(0),
            closing: AtomicBool::new(false),
            writer: conn.writer.clone(),
        }
    }

    /// For the log.
    pub(crate) fn sums(&self) -> String {
        let meter = lock(&self.meter);
        format!("{} bytes counted, {} paid", meter.counted(), meter.paid())
    }

    /// Runs until one side ends it, and writes down how far it came.
    pub(crate) async fn run(
        &self,
        conn: &mut Conn,
        target: TcpStream,
        turn: Turn,
        stop: watch::Receiver<bool>,
        last_tick: Tick,
    ) -> Result<(), Ended> {
        let (from_target, to_target) = target.into_split();
        let window = usize::try_from(self.worker.config.window).unwrap_or(usize::MAX).max(1);
        let (queue, queued) = duplex(window);
        let client = self.read_client(&mut conn.reader, queue);
        let feed = self.feed_target(to_target, queued);
        tokio::pin!(client, feed);
        let ended = tokio::select! {
            ended = &mut client => {
                let grace = self.worker.config.grace;
                // What the client sent before its end is paid for.
                let rest = async { tokio::select! { () = self.fed.notified() => {}, _ = &mut feed => {} } };
                if matches!(ended, Ok(Left::AfterEnd)) && timeout(grace, rest).await.is_err() {
                    log::debug!(target: "relay", "a target did not take the rest in time");
                }
                match ended {
                    // It was gone before it could be told why nothing more is passed on.
                    Ok(_) if self.closing.load(Ordering::Relaxed) => Err(Reason::VolumeUsed.into()),
                    ended => ended.map(|_| ()),
                }
            }
            reason = self.others(from_target, &mut feed, turn, stop, last_tick) => {
                // The client hears why, and has its grace to sign for what it got.
                self.closing.store(true, Ordering::Relaxed);
                self.worker.metrics.refused(reason);
                let words = async {
                    self.writer.say(&Message::Refused(reason)).await?;
                    (&mut client).await
                };
                match timeout(self.worker.config.grace, words).await {
                    Ok(Err(Ended::Refuse(worse))) => Err(Ended::Gone(worse.to_string())),
                    _ => Err(Ended::Gone(reason.to_string())),
                }
            }
        };
        let (counted, last) = {
            let meter = lock(&self.meter);
            (meter.counted(), meter.last().cloned())
        };
        self.note(counted, last).await?;
        ended
    }

    /// Everything but the client: ends only with a reason to stop.
    async fn others(
        &self,
        from_target: OwnedReadHalf,
        feed: impl Future<Output = Reason>,
        turn: Turn,
        stop: watch::Receiver<bool>,
        last_tick: Tick,
    ) -> Reason {
        tokio::select! {
            reason = feed => reason,
            reason = self.read_target(from_target) => reason,
            () = turn.over() => Reason::Replaced,
            () = stopped(stop) => Reason::Stopping,
            () = self.session_end(last_tick) => Reason::Over,
            () = self.full.notified() => Reason::VolumeUsed,
        }
    }

    /// Reads the client until it closes.
    async fn read_client(&self, reader: &mut Reader, queue: DuplexStream) -> Result<Left, Ended> {
        let mut queue = Some(queue);
        loop {
            let heard = timeout(self.worker.config.idle, recv(reader)).await.map_err(|_| Reason::Idle)?;
            match heard? {
                None if queue.is_none() => return Ok(Left::AfterEnd),
                None => return Ok(Left::Early),
                Some(Message::Receipt(signed)) => self.take(signed).await?,
                Some(Message::Data(bytes)) if self.closing.load(Ordering::Relaxed) => {
                    lock(&self.meter).late(count(bytes.len()));
                }
                Some(Message::Data(bytes)) if !bytes.is_empty() => {
                    let length = count(bytes.len());
                    let counted = lock(&self.meter).upstream(length);
                    if counted == Err(Reason::VolumeUsed) {
                        // What came from the target meanwhile is of the same volume, so an honest client may come here.
                        lock(&self.meter).late(length);
                        self.closing.store(true, Ordering::Relaxed);
                        self.full.notify_one();
                        continue;
                    }
                    counted?;
                    let waiting = self.queued.fetch_add(length, Ordering::Relaxed).saturating_add(length);
                    if waiting > self.worker.config.window {
                        return Err(Reason::Overrun.into());
                    }
                    let queue = queue.as_mut().ok_or(Reason::Protocol)?;
                    // There is room: the window is looked at above.
                    queue.write_all(&bytes).await.map_err(|_| Reason::TargetGone)?;
                }
                Some(Message::Finish) if queue.is_some() => queue = None,
                Some(_) => return Err(Reason::Protocol.into()),
            }
        }
    }

    /// Takes a receipt: nothing that it pays for goes on before it is on disk.
    async fn take(&self, signed: Signed) -> Result<(), Ended> {
        let (checked, counted) = {
            let meter = lock(&self.meter);
            (meter.check(&signed), meter.counted())
        };
        if let Err(bad) = checked {
            log::warn!(target: "relay", "session {}: a receipt is refused: {bad:?}", self.slot.record().session);
            return Err(Reason::BadReceipt.into());
        }
        self.note(counted, Some(signed.clone())).await?;
        self.worker.metrics.receipted(signed.receipt.bytes.saturating_sub(lock(&self.meter).paid()));
        lock(&self.meter).take(signed);
        self.paid.notify_waiters();
        Ok(())
    }

    async fn note(&self, counted: u64, last: Option<Signed>) -> Result<(), Ended> {
        let note = move |record: &mut Record| record.note(counted, last);
        Ok(on_disk(&self.worker, &self.slot, &self.held, |sessions, slot| sessions.change(slot, note)).await?)
    }

    /// Passes the queue on to the target, and tells the client how far it is.
    async fn feed_target(&self, mut target: OwnedWriteHalf, mut queue: DuplexStream) -> Reason {
        let mut forwarded = 0u64;
        let mut buffer = vec![0; MAX_DATA];
        loop {
            let read = queue.read(&mut buffer).await.unwrap_or(0);
            let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else {
                break;
            };
            match timeout(self.worker.config.idle, target.write_all(bytes)).await {
                Ok(Ok(())) => {}
                Ok(Err(_)) => return Reason::TargetGone,
                Err(_) => return Reason::Idle,
            }
            self.worker.metrics.relayed(Direction::ToTarget, read);
            let length = count(read);
            forwarded = forwarded.saturating_add(length);
            self.queued.fetch_sub(length, Ordering::Relaxed);
            if self.writer.say(&Message::Window { forwarded }).await.is_err() {
                log::trace!(target: "relay", "a client has left: its target gets what is here");
            }
        }
        // A target that has closed already needs no end.
        if let Err(error) = target.shutdown().await {
            log::debug!(target: "relay", "a target was closed before: {error}");
        }
        self.fed.notify_one();
        std::future::pending().await
    }

    /// Passes bytes of the target on to the client, as far as they are paid.
    async fn read_target(&self, mut target: OwnedReadHalf) -> Reason {
        let mut buffer = vec![0; MAX_DATA];
        loop {
            let room = match self.room().await {
                Ok(room) => usize::try_from(room).unwrap_or(usize::MAX).min(MAX_DATA),
                Err(reason) => return reason,
            };
            let read = match buffer.get_mut(..room) {
                Some(free) => target.read(free).await.unwrap_or(0),
                None => 0,
            };
            let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else {
                break;
            };
            if let Err(reason) = self.counted(count(read)).await {
                return reason;
            }
            self.worker.metrics.relayed(Direction::ToClient, bytes.len());
            if self.writer.say(&Message::Data(bytes.to_vec())).await.is_err() {
                break;
            }
        }
        // If the client is gone, who reads it knows.
        if self.writer.say(&Message::Finish).await.is_err() {
            log::debug!(target: "relay", "a client was gone before its target");
        }
        std::future::pending().await
    }

    /// Waits until the meter has room.
    async fn room(&self) -> Result<u64, Reason> {
        loop {
            let paid = self.paid.notified();
            tokio::pin!(paid);
            paid.as_mut().enable();
            {
                let meter = lock(&self.meter);
                match meter.room() {
                    0 if meter.spent() => return Err(Reason::VolumeUsed),
                    0 => {}
                    room => return Ok(room),
                }
            }
            self.wait(paid).await?;
        }
    }

    /// Waits until the meter has counted `bytes`.
    async fn counted(&self, bytes: u64) -> Result<(), Reason> {
        loop {
            let paid = self.paid.notified();
            tokio::pin!(paid);
            paid.as_mut().enable();
            if lock(&self.meter).downstream(bytes)? {
                return Ok(());
            }
            self.wait(paid).await?;
        }
    }

    /// Waits for a receipt, as long as nothing may happen on a connection.
    async fn wait(&self, paid: impl Future<Output = ()>) -> Result<(), Reason> {
        timeout(self.worker.config.idle, paid).await.map_err(|_| Reason::Unpaid)
    }

    /// Waits for the tick after which nothing is passed on.
    async fn session_end(&self, last: Tick) {
        loop {
            let left = last.saturating_sub(self.worker.chain.tick());
            if left == 0 {
                return;
            }
            // At most a minute, for clocks are set.
            let left = Duration::from_millis(left.saturating_mul(self.worker.chain.tick_ms()));
            sleep(left.min(Duration::from_secs(60))).await;
        }
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
