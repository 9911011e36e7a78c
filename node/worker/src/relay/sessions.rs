//! Sessions that this relay has a record of. The only writer of [`Book`].
//!
//! A session has one connection at most: the newest, which makes the one before it end. Its receipt is settled only
//! while it has none. Its record is written by one at a time, and what is known is never lost because a disk fails: it
//! stays in memory, is settled from there, and the session is served again when the record can be written.

use std::{
    collections::HashMap,
    future::pending,
    io,
    sync::{atomic::AtomicBool, Arc, Mutex, MutexGuard, PoisonError},
    time::Instant,
};

use ergon_primitives::{
    orders::{OrderId, Redemption},
    BlockNumber,
};
use tokio::{
    sync::{watch, Mutex as AsyncMutex, OwnedMutexGuard, OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
};

use super::book::{Book, Record};
use crate::{wire::Reason, worker::Worker};

/// Most sessions with a record. Each was drawn by the chain, and leaves when the chain has settled it.
const MAX_SESSIONS: usize = 4_096;

/// Most connections of a session that wait for it, or hear that a newer one has its place.
const WAITING: usize = 3;

/// Whoever holds it is the only one who works on a session. Writes to the disk hold it too, to their end.
pub(crate) type Held = Arc<OwnedMutexGuard<()>>;

/// A session of this relay.
#[derive(Debug)]
pub struct Slot {
    record: Mutex<Record>,
    /// Held while the record is written, so that an older one never comes after a newer.
    writing: Mutex<()>,
    left: Mutex<Instant>,
    /// Head at which the receipt was sent last, if it was.
    pub(crate) sent: Mutex<Option<BlockNumber>>,
    /// What was sent: no two signatures of it are the same, and the pool takes one only.
    pub(crate) redemption: Mutex<Option<Redemption>>,
    /// Head at which it was looked at last, to settle it.
    pub(crate) looked: Mutex<Option<BlockNumber>>,
    /// Whether the last best block that was looked at showed it paid.
    pub(crate) paid: AtomicBool,
    /// Held by the connection, or by who settles.
    pub(crate) busy: Arc<AsyncMutex<()>>,
    /// Number of the newest connection.
    newest: watch::Sender<u64>,
    places: Arc<Semaphore>,
}

impl Slot {
    fn new(record: Record) -> Arc<Self> {
        let (newest, _) = watch::channel(0);
        Arc::new(Self {
            record: Mutex::new(record),
            writing: Mutex::default(),
            left: Mutex::new(Instant::now()),
            sent: Mutex::default(),
            redemption: Mutex::default(),
            looked: Mutex::default(),
            paid: AtomicBool::default(),
            busy: Arc::default(),
            newest,
            places: Arc::new(Semaphore::new(WAITING)),
        })
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

    /// A place to wait in until it is the caller's turn, if there is one.
    pub(crate) fn place(&self) -> Option<OwnedSemaphorePermit> {
        self.places.clone().try_acquire_owned().ok()
    }

    /// Tells the connections there are to end, and gives the turn to the caller.
    pub(crate) fn replace(&self) -> Turn {
        let mut mine = 0;
        self.newest.send_modify(|newest| {
            *newest = newest.saturating_add(1);
            mine = *newest;
        });
        Turn { mine, newest: self.newest.subscribe() }
    }
}

/// The turn of a session's newest connection.
#[derive(Clone, Debug)]
pub(crate) struct Turn {
    mine: u64,
    newest: watch::Receiver<u64>,
}

impl Turn {
    /// Ends when there is a newer connection.
    pub(crate) async fn over(mut self) {
        let mine = self.mine;
        if self.newest.wait_for(|newest| *newest > mine).await.is_err() {
            pending().await
        }
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

    /// Whether the slot is still the session's: it is not when the session was forgotten.
    pub(crate) fn has(&self, slot: &Arc<Slot>) -> bool {
        lock(&self.slots).get(&slot.record().session).is_some_and(|known| Arc::ptr_eq(known, slot))
    }

    /// Makes a change and writes it down. Waits for the disk: call it where that may be done.
    ///
    /// # Errors
    /// If the disk fails; the change is made in memory all the same.
    pub(crate) fn change(&self, slot: &Slot, change: impl FnOnce(&mut Record)) -> io::Result<()> {
        let _one_at_a_time = lock(&slot.writing);
        let next = {
            let mut record = lock(&slot.record);
            change(&mut record);
            record.clone()
        };
        self.book.save(&next)
    }

    /// Begins the slot anew: its record is of another order that had this number.
    pub(crate) fn renew(&self, slot: &Slot, fresh: Record) -> io::Result<()> {
        let _one_at_a_time = lock(&slot.writing);
        self.book.set_aside(&slot.record())?;
        *lock(&slot.record) = fresh;
        (*lock(&slot.sent), *lock(&slot.redemption)) = (None, None);
        Ok(())
    }

    /// Forgets a session whose record is of another order, and keeps the record.
    pub(crate) fn set_aside(&self, slot: &Slot) -> io::Result<()> {
        let record = slot.record();
        self.book.set_aside(&record)?;
        lock(&self.slots).remove(&record.session);
        Ok(())
    }

    /// Forgets a session that is over.
    pub(crate) fn forget(&self, session: OrderId) -> io::Result<()> {
        self.book.remove(session)?;
        lock(&self.slots).remove(&session);
        Ok(())
    }
}

/// Does what waits for the disk beside the connections. The session is `held` until it is done, even if nobody waits
/// for that any more.
///
/// # Errors
/// If the disk fails: that is logged.
pub(crate) async fn on_disk(
    worker: &Arc<Worker>,
    slot: &Arc<Slot>,
    held: &Held,
    work: impl FnOnce(&Sessions, &Slot) -> io::Result<()> + Send + 'static,
) -> Result<(), Reason> {
    let (worker, slot, held) = (worker.clone(), slot.clone(), held.clone());
    let work = move || {
        let done = work(&worker.sessions, &slot);
        drop(held);
        if done.is_err() {
            worker.metrics.disk_failed();
        }
        done.map_err(|error| (slot.record().session, error))
    };
    match spawn_blocking(work).await {
        Ok(Ok(())) => Ok(()),
        Ok(Err((session, error))) => {
            log::error!(
                target: "relay",
                "session {session}: its record cannot be written: {error}. Is the disk full? It is not served until \
                 that works; what is owed is known while this worker runs"
            );
            Err(Reason::Disk)
        }
        Err(_) => Err(Reason::Disk),
    }
}

/// Nothing that holds these locks can panic halfway through a change, so what is inside is whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::sr25519;

    fn scene() -> (tempfile::TempDir, Arc<Sessions>, Arc<Slot>) {
        let folder = tempfile::tempdir().expect("a folder");
        let book = Book::open(folder.path().join("sessions")).expect("opens");
        let sessions = Arc::new(Sessions::open(book).expect("reads"));
        let client = sr25519::Public::from_raw([1; 32]);
        let (seen_at, counted, last, settling) = (1, 0, None, false);
        let fresh = Record { session: 3, client, volume: 9, expires: None, seen_at, counted, last, settling };
        let slot = sessions.slot(fresh).expect("room");
        (folder, sessions, slot)
    }

    #[test]
    fn changes_are_written_one_after_the_other() {
        let (_folder, sessions, slot) = scene();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..25 {
                        sessions.change(&slot, |record| record.counted += 1).expect("writes");
                    }
                });
            }
        });
        assert_eq!(slot.record().counted, 100);
        assert_eq!(sessions.book.load().expect("reads"), [slot.record()], "the newest is on disk");
    }

    #[test]
    fn what_cannot_be_written_is_known_all_the_same() {
        let (folder, sessions, slot) = scene();
        std::fs::remove_dir_all(folder.path().join("sessions")).expect("goes");
        assert!(sessions.change(&slot, |record| record.counted = 7).is_err());
        assert_eq!(slot.record().counted, 7);
    }

    #[test]
    fn who_waited_for_a_session_that_is_forgotten_knows() {
        let (_folder, sessions, slot) = scene();
        assert!(sessions.has(&slot));
        sessions.forget(3).expect("goes");
        assert!(!sessions.has(&slot));
        assert!(sessions.slot(slot.record()).is_some_and(|other| sessions.has(&other) && !sessions.has(&slot)));
    }
}
