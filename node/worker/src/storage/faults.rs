//! What goes wrong with deals, and when it is said. Strangers can have the same thing fail as often as they like, and
//! must not fill the log with it.

use std::{
    collections::HashMap,
    io,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use ergon_primitives::orders::OrderId;

use super::files::lost;
use crate::{metrics::Metrics, relay::sessions::lock, wire::Reason};

/// How long the same is not said again of a deal. What works meanwhile does not shorten it: of a bad disk, strangers
/// could read what is good between two reads of what is not.
const QUIET: Duration = Duration::from_secs(3_600);
/// Most that is remembered. More than that within the time is not said at all.
const MOST: usize = 16_384;

/// What can go wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Fault {
    /// The disk has failed in this way, with the system's number for it.
    Disk(io::ErrorKind, Option<i32>),
    /// There is no room for its data.
    NoRoom,
    /// The node has another deal with this number.
    Conflict,
}

/// Counts what goes wrong, and remembers what was said of it.
#[derive(Debug)]
pub(crate) struct Faults {
    metrics: Arc<Metrics>,
    said: Mutex<HashMap<(OrderId, Fault), Instant>>,
}

impl Faults {
    pub(super) fn new(metrics: Arc<Metrics>) -> Self {
        Self { metrics, said: Mutex::default() }
    }

    /// Whether something is to be said of a deal now. True once for a while.
    pub(crate) fn news(&self, id: OrderId, fault: Fault, now: Instant) -> bool {
        let recent = |at: &Instant| now.saturating_duration_since(*at) < QUIET;
        let mut said = lock(&self.said);
        if said.get(&(id, fault)).is_some_and(recent) {
            return false;
        }
        if said.len() >= MOST {
            said.retain(|_, at| recent(at));
        }
        let room = said.len() < MOST;
        if room {
            said.insert((id, fault), now);
        }
        room
    }

    /// A deal has a new beginning: whatever goes wrong with it is news.
    pub(super) fn forget(&self, id: OrderId) {
        lock(&self.said).retain(|(of, _), _| *of != id);
    }

    /// Counts that the disk has failed, and says so if that is news.
    pub(super) fn failed(&self, id: OrderId, error: &io::Error) -> Reason {
        self.metrics.disk_failed();
        if self.news(id, Fault::Disk(error.kind(), error.raw_os_error()), Instant::now()) {
            log::error!(target: "storage", "deal {id}: {error}. {}", advice(id, error));
        }
        Reason::Disk
    }
}

/// What to do about an error.
fn advice(id: OrderId, error: &io::Error) -> String {
    // EMFILE and ENFILE: there is no name for them in the library.
    const TOO_MANY_FILES: [i32; 2] = [24, 23];
    if lost(error) {
        format!("Is the disk broken? Have the data brought again: `ergon-worker put --deal {id} FILE`")
    } else if error.raw_os_error().is_some_and(|number| TOO_MANY_FILES.contains(&number)) {
        "Too many files are open: raise the limit (`ulimit -n`) and start again".into()
    } else {
        "Is the disk full or broken?".into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_is_said_of_a_deal_once_an_hour_and_after_a_new_beginning() {
        let faults = Faults::new(Arc::default());
        let (start, bad) = (Instant::now(), Fault::Disk(io::ErrorKind::Other, Some(5)));
        assert!(faults.news(7, bad, start));
        assert!(!faults.news(7, bad, start) && !faults.news(7, bad, start + QUIET / 2));
        assert!(faults.news(7, Fault::Disk(io::ErrorKind::Other, Some(24)), start), "something else");
        assert!(faults.news(7, Fault::NoRoom, start) && faults.news(8, bad, start));
        assert!(faults.news(7, bad, start + QUIET), "still, after an hour");
        faults.forget(7);
        assert!(faults.news(7, Fault::NoRoom, start) && !faults.news(8, bad, start));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let faults = Faults::new(Arc::default());
        let start = Instant::now();
        for id in (0u64..).take(MOST) {
            assert!(faults.news(id, Fault::NoRoom, start));
        }
        assert!(!faults.news(u64::MAX, Fault::NoRoom, start), "not even said");
        assert!(faults.news(u64::MAX, Fault::NoRoom, start + QUIET));
        assert_eq!(lock(&faults.said).len(), 1);
    }

    #[test]
    fn every_failure_is_counted() {
        let faults = Faults::new(Arc::default());
        for _ in 0..2 {
            assert_eq!(faults.failed(7, &io::Error::from_raw_os_error(5)), Reason::Disk);
        }
        assert_eq!(faults.metrics.disk_errors(), 2);
        assert_eq!(lock(&faults.said).len(), 1, "and said once");
    }
}
