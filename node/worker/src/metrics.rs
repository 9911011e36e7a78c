//! What a worker has done and holds, for Prometheus. Counted whether it is served or not; the README has the table of
//! names.

use std::net::SocketAddr;

use codec::Decode;
use ergon_primitives::{time::Tick, BlockNumber};
use substrate_prometheus_endpoint::{
    init_prometheus, register, Counter, CounterVec, Gauge, GaugeVec, Histogram, HistogramOpts, Opts, PrometheusError,
    Registry, U64,
};
use tokio::sync::watch;

use crate::{chain::Link, storage::store::Usage, wire::Reason};

/// Which way bytes go through a relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the client to the target.
    ToTarget,
    /// From the target to the client.
    ToClient,
}

/// The label of connections that were closed without a word.
const PUSHED_OUT: &str = "PushedOut";
/// Ticks that are left at an answer, by which they are counted.
const MARGINS: [f64; 9] = [0.0, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0];

/// All metrics of a worker.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    connections: Gauge<U64>,
    refusals: CounterVec<U64>,
    relayed: CounterVec<U64>,
    receipted: Counter<U64>,
    redemptions: CounterVec<U64>,
    sessions_open: Gauge<U64>,
    sessions_unsettled: Gauge<U64>,
    deals: GaugeVec<U64>,
    held: Gauge<U64>,
    room: Gauge<U64>,
    challenges: Counter<U64>,
    answers: CounterVec<U64>,
    margin: Histogram,
    pledges: Counter<U64>,
    disk_errors: Counter<U64>,
    head: Gauge<U64>,
    node_connected: Gauge<U64>,
    node_reconnects: Counter<U64>,
}

/// Counted for as long as it is held.
#[derive(Debug)]
pub struct Open(Gauge<U64>);

impl Open {
    fn new(gauge: &Gauge<U64>) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Self {
        Self::registered().expect("names are valid and different, as every test that starts a worker shows")
    }

    fn registered() -> Result<Self, PrometheusError> {
        let registry = Registry::new();
        let gauge = |name: &str, help: &str| register(Gauge::<U64>::new(name, help)?, &registry);
        let counter = |name: &str, help: &str| register(Counter::<U64>::new(name, help)?, &registry);
        let counters = |name: &str, help: &str, label: &str| {
            register(CounterVec::<U64>::new(Opts::new(name, help), &[label])?, &registry)
        };
        let margin = HistogramOpts::new("ergon_worker_answer_margin_ticks", "Ticks left when an answer was sent");
        let deals = Opts::new("ergon_worker_deals", "Deals in the store: complete, partial or left out as damaged");
        let metrics = Self {
            connections: gauge("ergon_worker_connections", "Connections open")?,
            refusals: counters("ergon_worker_refusals_total", "Refusals said to clients, by reason", "reason")?,
            relayed: counters("ergon_worker_relayed_bytes_total", "Bytes passed on, by direction", "direction")?,
            receipted: counter("ergon_worker_receipted_bytes_total", "Bytes that clients have signed for")?,
            redemptions: counters(
                "ergon_worker_redemptions_total",
                "Receipts sent to the chain, refused by it or its node, and settled or unpaid in a final block",
                "result",
            )?,
            sessions_open: gauge("ergon_worker_sessions_open", "Sessions with a connection to a target")?,
            sessions_unsettled: gauge("ergon_worker_sessions_unsettled", "Sessions with a record on disk")?,
            deals: register(GaugeVec::<U64>::new(deals, &["state"])?, &registry)?,
            held: gauge("ergon_worker_held_bytes", "Bytes of deals, with what is still to come of them")?,
            room: gauge("ergon_worker_room_bytes", "Bytes until --max-store")?,
            challenges: counter("ergon_worker_challenges_total", "Challenges seen for this node")?,
            answers: counters("ergon_worker_answers_total", "Attempts to answer: sent, failed or late", "result")?,
            margin: register(Histogram::with_opts(margin.buckets(MARGINS.to_vec()))?, &registry)?,
            pledges: counter("ergon_worker_pledges_total", "Pledges sent")?,
            disk_errors: counter(
                "ergon_worker_disk_errors_total",
                "Reads and writes that failed, or found other bytes",
            )?,
            head: gauge("ergon_worker_head_height", "Height of the best block that the node has told")?,
            node_connected: gauge("ergon_worker_node_connected", "1 while the node tells its blocks, else 0")?,
            node_reconnects: counter("ergon_worker_node_reconnects_total", "Connections to the node after the first")?,
            registry: registry.clone(),
        };
        metrics.show_all();
        Ok(metrics)
    }

    /// Shows every label, at zero: of a line that is not there before the first event, that event is no increase.
    fn show_all(&self) {
        // Their numbers on the wire are one byte.
        for reason in (0..=u8::MAX).filter_map(|number| Reason::decode(&mut [number].as_slice()).ok()) {
            self.refusals.with_label_values(&[&format!("{reason:?}")]).inc_by(0);
        }
        self.refusals.with_label_values(&[PUSHED_OUT]).inc_by(0);
        self.relayed(Direction::ToTarget, 0);
        self.relayed(Direction::ToClient, 0);
        for result in ["sent", "failed", "settled", "unpaid"] {
            self.redemptions.with_label_values(&[result]).inc_by(0);
        }
        for result in ["sent", "failed", "late"] {
            self.answers.with_label_values(&[result]).inc_by(0);
        }
        for state in ["complete", "partial", "left_out"] {
            self.deals.with_label_values(&[state]).set(0);
        }
    }

    /// Serves them at `/metrics`, until it is dropped.
    pub async fn serve(&self, address: SocketAddr) {
        if let Err(error) = init_prometheus(address, self.registry.clone()).await {
            log::error!(target: "worker", "metrics are not served: {error} Choose another port with --prometheus-port");
        }
    }

    /// A connection was taken.
    pub fn connected(&self) -> Open {
        Open::new(&self.connections)
    }

    /// A client was told why not.
    pub fn refused(&self, reason: Reason) {
        // A variant without data shows its name only, so there are no more labels than reasons.
        self.refusals.with_label_values(&[&format!("{reason:?}")]).inc();
    }

    /// A connection was closed without a word, to make room for another.
    pub fn pushed_out(&self) {
        self.refusals.with_label_values(&[PUSHED_OUT]).inc();
    }

    /// Bytes were passed on.
    pub fn relayed(&self, direction: Direction, bytes: usize) {
        let direction = match direction {
            Direction::ToTarget => "to_target",
            Direction::ToClient => "to_client",
        };
        self.relayed.with_label_values(&[direction]).inc_by(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    /// A client has signed for so many bytes more.
    pub fn receipted(&self, bytes: u64) {
        self.receipted.inc_by(bytes);
    }

    /// A receipt was sent to the chain, or could not be.
    pub fn redemption_sent(&self, taken: bool) {
        self.redemptions.with_label_values(&[if taken { "sent" } else { "failed" }]).inc();
    }

    /// A final block shows a receipt's session over: paid, or not as far as was seen.
    pub fn redemption_over(&self, paid: bool) {
        self.redemptions.with_label_values(&[if paid { "settled" } else { "unpaid" }]).inc();
    }

    /// A session has a connection to its target.
    pub fn session_opened(&self) -> Open {
        Open::new(&self.sessions_open)
    }

    /// So many new challenges are open.
    pub fn challenged(&self, new: u64) {
        self.challenges.inc_by(new);
    }

    /// An answer was sent, or not, with so many ticks left; `None` after the deadline.
    pub fn answered(&self, sent: bool, left: Option<Tick>) {
        let result = match (sent, left) {
            (true, _) => "sent",
            (false, Some(_)) => "failed",
            (false, None) => "late",
        };
        self.answers.with_label_values(&[result]).inc();
        if sent {
            let left = u32::try_from(left.unwrap_or(0)).unwrap_or(u32::MAX);
            self.margin.observe(f64::from(left));
        }
    }

    /// A pledge was sent.
    pub fn pledged(&self) {
        self.pledges.inc();
    }

    /// The disk failed, or gave other bytes than were written.
    pub fn disk_failed(&self) {
        self.disk_errors.inc();
    }

    /// What is held, at the height `head`.
    pub fn held(&self, head: BlockNumber, sessions: usize, store: &Usage) {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        self.head.set(head.into());
        self.sessions_unsettled.set(count(sessions));
        for (state, number) in [("complete", store.complete), ("partial", store.partial), ("left_out", store.left_out)]
        {
            self.deals.with_label_values(&[state]).set(count(number));
        }
        self.held.set(store.bytes);
        self.room.set(store.room);
    }

    /// Shows how the connection to the node is, for as long as there is one to look at.
    pub async fn follow(&self, mut link: watch::Receiver<Link>) {
        loop {
            let Link { up, reconnects } = *link.borrow_and_update();
            self.node_connected.set(up.into());
            self.node_reconnects.inc_by(reconnects.saturating_sub(self.node_reconnects.get()));
            if link.changed().await.is_err() {
                return;
            }
        }
    }

    /// Redemptions with a result.
    #[cfg(test)]
    pub(crate) fn redemptions(&self, result: &str) -> u64 {
        self.redemptions.with_label_values(&[result]).get()
    }

    /// Refusals with a reason.
    #[cfg(test)]
    pub(crate) fn refusals(&self, reason: &str) -> u64 {
        self.refusals.with_label_values(&[reason]).get()
    }

    /// Reads and writes that failed.
    #[cfg(test)]
    pub(crate) fn disk_errors(&self) -> u64 {
        self.disk_errors.get()
    }

    /// Connections open.
    #[cfg(test)]
    pub(crate) fn connections(&self) -> u64 {
        self.connections.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readme_has_every_metric() {
        let metrics = Metrics::new();
        let readme = include_str!("../README.md");
        let families = metrics.registry.gather();
        assert_eq!(families.len(), 18);
        for family in families {
            assert!(readme.contains(&format!("`{}", family.get_name())), "{}", family.get_name());
        }
    }

    #[test]
    fn every_label_is_there_before_it_is_counted() {
        let metrics = Metrics::new();
        let labels = || metrics.registry.gather().iter().map(|family| family.get_metric().len()).sum::<usize>();
        let before = labels();
        for reason in [Reason::Version, Reason::NoRoom, Reason::Disk] {
            metrics.refused(reason);
        }
        metrics.pushed_out();
        for done in [true, false] {
            metrics.redemption_sent(done);
            metrics.redemption_over(done);
            metrics.answered(done, Some(1));
            metrics.answered(done, None);
        }
        metrics.held(1, 1, &Usage { complete: 1, partial: 0, left_out: 0, bytes: 1, room: 1 });
        assert_eq!(labels(), before);
    }

    #[tokio::test]
    async fn reconnects_are_counted_once() {
        let metrics = Metrics::new();
        let (told, link) = watch::channel(Link { up: true, reconnects: 2 });
        let tell = async {
            for reconnects in [2, 3, 3] {
                tokio::task::yield_now().await;
                told.send_replace(Link { up: false, reconnects });
            }
            drop(told);
        };
        tokio::join!(metrics.follow(link), tell);
        assert_eq!((metrics.node_connected.get(), metrics.node_reconnects.get()), (0, 3));
    }
}
