//! The node's own Prometheus metrics. Definitions only; [`crate::schedule_watch`] decides what they show.

use substrate_prometheus_endpoint::{register, Counter, CounterVec, Gauge, Opts, PrometheusError, Registry, U64};

/// The leader schedule, as this node sees it at its best block.
#[derive(Clone)]
pub(crate) struct ScheduleMetrics {
    /// Slot of the best block.
    pub(crate) slot: Gauge<U64>,
    /// Tick of the best block.
    pub(crate) tick: Gauge<U64>,
    /// 1 while a key of this node owns the slot's first tick.
    pub(crate) is_leader: Gauge<U64>,
    /// Ticks missed by the active set: a gauge, because it falls when an operator leaves the set.
    pub(crate) ticks_missed: Gauge<U64>,
    /// Slots whose first block a fallback made.
    pub(crate) won_by_fallback: Counter<U64>,
    /// Slots without a block.
    pub(crate) slots_missed: Counter<U64>,
    /// Slots by how their leader was chosen.
    pub(crate) elected: CounterVec<U64>,
}

impl ScheduleMetrics {
    /// Registers the metrics. Fails if one of the names is taken.
    pub(crate) fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let gauge = |name: &str, help: &str| register(Gauge::<U64>::new(name, help)?, registry);
        let counter = |name: &str, help: &str| register(Counter::<U64>::new(name, help)?, registry);
        Ok(Self {
            slot: gauge("ergon_slot", "Leadership slot of the best block")?,
            tick: gauge("ergon_tick", "Tick of the best block: Unix time divided by the length of a tick")?,
            is_leader: gauge(
                "ergon_slot_is_leader",
                "1 if a key of this node owns the first tick of the best block's slot, else 0",
            )?,
            ticks_missed: gauge(
                "ergon_ticks_missed",
                "Ticks without a block that the operators of the active set owed, since each first appeared",
            )?,
            won_by_fallback: counter(
                "ergon_slots_won_by_fallback_total",
                "Slots completed since this node started whose first block was made by a fallback",
            )?,
            slots_missed: counter(
                "ergon_slots_missed_total",
                "Slots completed since this node started that have no block",
            )?,
            elected: register(
                CounterVec::new(
                    Opts::new(
                        "ergon_slots_elected_total",
                        "Slots completed since this node started, by how their leader was elected",
                    ),
                    &["election"],
                )?,
                registry,
            )?,
        })
    }
}
