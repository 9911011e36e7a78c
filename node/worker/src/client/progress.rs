//! What tells a link that is slow from one that hangs, and when a link whose user has gone is over.

use std::{
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex,
    },
    time::{Duration, Instant},
};

use tokio::{sync::Notify, time::sleep};

use super::account::Account;
use crate::relay::sessions::lock;

/// How often it is looked at.
const PERIOD: Duration = Duration::from_millis(200);
/// How long a target may take to end when the user has gone.
const PARTING: Duration = Duration::from_secs(1);

/// How far a link is.
#[derive(Default)]
pub(super) struct Progress {
    /// Counts up whenever bytes have moved.
    steps: AtomicU64,
    /// Whether the relay is to take a message.
    pub(super) sending: AtomicBool,
    /// Whether the user is to take bytes: that may last.
    pub(super) handing: AtomicBool,
    /// Whether everything of the user is sent.
    pub(super) finished: AtomicBool,
    /// Whether the user waits for the target, though nothing is on its way to it.
    pub(super) awaited: Arc<AtomicBool>,
}

impl Progress {
    /// Bytes have moved.
    pub(super) fn step(&self) {
        self.steps.fetch_add(1, Ordering::Relaxed);
    }

    /// Ends well when the user has left, the relay has passed on all that it was sent, and the target has had its time
    /// to end; or with what to say if bytes are on their way, or awaited, and nothing has moved for `stall`.
    pub(super) async fn watch(&self, account: &Mutex<Account>, leave: &Notify, stall: Duration) -> Result<(), String> {
        let (mut left, mut steps, mut since, mut parted) = (false, 0, Instant::now(), None);
        loop {
            tokio::select! {
                () = leave.notified(), if !left => left = true,
                () = sleep(PERIOD) => {}
            }
            let outstanding = self.sending.load(Ordering::Relaxed) || lock(account).outstanding();
            let over = left && self.finished.load(Ordering::Relaxed) && !outstanding;
            if over && parted.get_or_insert_with(Instant::now).elapsed() >= PARTING {
                return Ok(());
            }
            let now = self.steps.load(Ordering::Relaxed);
            let waits = outstanding || self.awaited.load(Ordering::Relaxed);
            if now != steps || !waits || self.handing.load(Ordering::Relaxed) {
                (steps, since) = (now, Instant::now());
            } else if since.elapsed() >= stall {
                let what =
                    if outstanding { "it has passed on nothing of what it was sent" } else { "nothing has come" };
                return Err(format!("{what} for {} s", stall.as_secs()));
            }
        }
    }
}
