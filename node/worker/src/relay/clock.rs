//! Warns when this machine's clock and the chain's ticks part: the end of a session is a tick, and a relay whose clock
//! is late brings its receipt when the chain takes it no more.

use std::{sync::Arc, time::Duration};

use ergon_primitives::time::Tick;
use tokio::sync::watch;

use crate::worker::{stopped, Worker};

/// Ticks that are no sign of anything: not every tick has a block, and a block takes a moment to come.
const FEW: Tick = 6;
/// How often it is looked at.
const PERIOD: Duration = Duration::from_secs(600);

/// Looks at the clock until the worker is told to stop.
pub(crate) async fn run(worker: Arc<Worker>, stop: watch::Receiver<bool>) {
    // A question may take as long as the node likes.
    tokio::select! {
        () = look(&worker) => {}
        () = stopped(stop) => {}
    }
}

async fn look(worker: &Worker) {
    loop {
        match worker.chain.best_tick().await {
            Ok(best) => {
                if let Some(warning) = warning(worker.chain.tick(), best, worker.chain.tick_ms()) {
                    log::error!(target: "worker", "{warning}");
                }
            }
            Err(error) => log::debug!(target: "worker", "the clock cannot be compared: {error}"),
        }
        tokio::time::sleep(PERIOD).await;
    }
}

/// What is wrong, if the clock says `now` and the best block is of the tick `best`.
fn warning(now: Tick, best: Tick, tick_ms: u64) -> Option<String> {
    let seconds = |ticks: Tick| ticks.saturating_mul(tick_ms) / 1_000;
    let (late, early) = (best.saturating_sub(now), now.saturating_sub(best));
    if late > FEW {
        let seconds = seconds(late);
        Some(format!(
            "THIS MACHINE'S CLOCK IS LATE by {late} ticks ({seconds} s) or more: the chain has a block of a time that \
             is still to come here. Receipts will be sent too late to be paid: set the clock (NTP)"
        ))
    } else if early > FEW {
        let seconds = seconds(early);
        Some(format!(
            "THE BEST BLOCK IS {early} ticks ({seconds} s) OLD: the node is behind, the chain stands still, or this \
             machine's clock is early, and then sessions are settled too soon: look at the node, set the clock (NTP)"
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_late_or_early_is_told_of_and_a_missing_block_is_not() {
        for near in [94, 99, 100, 101, 106] {
            assert_eq!(warning(100, near, 5_000), None, "{near}");
        }
        assert!(warning(100, 107, 5_000).is_some_and(|it| it.contains("CLOCK IS LATE by 7 ticks (35 s)")));
        assert!(warning(100, 93, 5_000).is_some_and(|it| it.contains("7 ticks (35 s) OLD")));
        assert!(warning(0, u64::MAX, u64::MAX).is_some());
    }
}
