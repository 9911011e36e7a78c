//! Sessions that this relay has a record of. The only writer of [`Book`].
//!
//! A session has one connection at most: the newest, which makes the one before it end. Its receipt is settled only
//! while it has none.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use ergon_primitives::orders::OrderId;
use tokio::sync::{watch, Mutex as AsyncMutex};

use super::book::{Book, Record};
use crate::wire::Signed;

/// Most sessions with a record. Each was drawn by the chain, and leaves when the chain has settled it.
const MAX_SESSIONS: usize = 4_096;

/// A session of this relay.
#[derive(Debug)]
pub struct Slot {
    record: Mutex<Record>,
    left: Mutex<Instant>,
    /// Held by the connection, or by who settles.
    pub(crate) busy: Arc<AsyncMutex<()>>,
    /// Number of the newest connection.
    newest: watch::Sender<u64>,
}

impl Slot {
    fn new(record: Record) -> Arc<Self> {
        let (newest, _) = watch::channel(0);
        let left = Mutex::new(Instant::now());
        Arc::new(Self { record: Mutex::new(record), left, busy: Arc::default(), newest })
    }

    /// What is known of it now.
    pub fn record(&self) -> Record {
        lock(&self.record).clone()
    }

    /// When it was last left by a connection, or found at start.
    pub fn left(&self) -> Instant {
        *lock(&self.left)
    }

    pub(crate) fn leave(&self) {
        *lock(&self.left) = Instant::now();
    }

    /// Tells the connection there is, if any, to end. The receiver tells when there is a newer one than the caller's.
    pub(crate) fn replace(&self) -> (u64, watch::Receiver<u64>) {
        let mut mine = 0;
        self.newest.send_modify(|newest| {
            *newest = newest.saturating_add(1);
            mine = *newest;
        });
        (mine, self.newest.subscribe())
    }
}

/// All of them.
#[derive(Debug)]
pub struct Sessions {
    book: Book,
    slots: Mutex<HashMap<OrderId, Arc<Slot>>>,
}

impl Sessions {
    /// Those of the book.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn open(book: Book) -> io::Result<Self> {
        let slots = book.load()?.into_iter().map(|record| (record.session, Slot::new(record))).collect();
        Ok(Self { book, slots: Mutex::new(slots) })
    }

    /// The session's slot, made of `fresh` if there is none; `None` if there are too many.
    pub(crate) fn slot(&self, fresh: Record) -> Option<Arc<Slot>> {
        let mut slots = lock(&self.slots);
        if slots.len() >= MAX_SESSIONS && !slots.contains_key(&fresh.session) {
            return None;
        }
        Some(slots.entry(fresh.session).or_insert_with(|| Slot::new(fresh)).clone())
    }

    /// All slots.
    pub fn all(&self) -> Vec<Arc<Slot>> {
        lock(&self.slots).values().cloned().collect()
    }

    /// Writes down a change. Waits for the disk: call it where that may be done.
    ///
    /// # Errors
    /// If the disk fails; the record is as before then.
    pub(crate) fn change(&self, slot: &Slot, change: impl FnOnce(&mut Record)) -> io::Result<()> {
        let mut next = slot.record();
        change(&mut next);
        self.book.save(&next)?;
        *lock(&slot.record) = next;
        Ok(())
    }

    /// Writes down what a connection has counted and been paid.
    pub(crate) fn note(&self, slot: &Slot, counted: u64, last: Option<Signed>) -> io::Result<()> {
        self.change(slot, |record| {
            record.counted = counted;
            record.last = last;
        })
    }

    /// Forgets a session that is over.
    pub(crate) fn forget(&self, session: OrderId) -> io::Result<()> {
        self.book.remove(session)?;
        lock(&self.slots).remove(&session);
        Ok(())
    }
}

/// Nothing that holds these locks can panic halfway through a change, so what is inside is whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
