//! The node's own Prometheus metrics. Definitions only; [`crate::schedule_watch`] decides what they show.

use ergon_primitives::{
    currency::ERGN,
    staking_info::{SetInfo, SupplyInfo},
    work::Tally,
    AccountId, Balance,
};
use substrate_prometheus_endpoint::{register, Counter, CounterVec, Gauge, Opts, PrometheusError, Registry, F64, U64};

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

/// This node's signs of life, and where its validator stands by them and by its work.
#[derive(Clone)]
pub(crate) struct BeaconMetrics {
    pub(crate) sent: Counter<U64>,
    credits: Gauge<U64>,
    rank: Gauge<U64>,
    live_score: Gauge<F64>,
}

impl BeaconMetrics {
    /// Registers the metrics. Fails if one of the names is taken.
    pub(crate) fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let (name, help) = ("ergon_beacons_sent_total", "Beacons handed to the pool since this node started");
        let (credits, rank) = ("ergon_work_credits", "ergon_work_rank");
        let live = "ergon_live_score_ratio";
        let count = |name: &str, help: &str| register(Gauge::<U64>::new(name, help)?, registry);
        Ok(Self {
            sent: register(Counter::<U64>::new(name, help)?, registry)?,
            credits: count(credits, "Credits of this node's validator in the window, when it last sent a beacon")?,
            rank: count(rank, "Its place among all validators by credits, from 1")?,
            live_score: register(
                Gauge::<F64>::new(
                    live,
                    "Share of the window's slots in which the chain saw its beacon; below 0.2 it leads none",
                )?,
                registry,
            )?,
        })
    }

    /// Shows where the validator stands.
    pub(crate) fn show(&self, standing: &Tally<AccountId>) {
        self.credits.set(standing.credits);
        self.rank.set(standing.rank.into());
        self.live_score.set(f64::from(standing.live_score.deconstruct()) / 1e9);
    }
}

/// What validators sign together.
#[derive(Clone)]
pub(crate) struct QuorumMetrics {
    /// Votes of this node.
    pub(crate) sent: Counter<U64>,
    /// New ones of others.
    pub(crate) received: Counter<U64>,
}

impl QuorumMetrics {
    /// Registers the metrics. Fails if one of the names is taken.
    pub(crate) fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let counter = |name: &str, help: &str| register(Counter::<U64>::new(name, help)?, registry);
        Ok(Self {
            sent: counter("ergon_quorum_votes_sent_total", "Votes signed with this node's keys since it started")?,
            received: counter(
                "ergon_quorum_votes_received_total",
                "Good new votes from peers since this node started",
            )?,
        })
    }
}

/// Stake and money, as this node sees them at the first block of a slot. Amounts are in ERGN.
#[derive(Clone)]
pub(crate) struct StakeMetrics {
    active: Gauge<U64>,
    registered: Gauge<U64>,
    jailed: Gauge<U64>,
    own_stake: Gauge<F64>,
    delegated: Gauge<F64>,
    minted: Gauge<F64>,
    burned: Gauge<F64>,
    treasury: Gauge<F64>,
}

impl StakeMetrics {
    /// Registers the metrics. Fails if one of the names is taken.
    pub(crate) fn register(registry: &Registry) -> Result<Self, PrometheusError> {
        let count = |name: &str, help: &str| register(Gauge::<U64>::new(name, help)?, registry);
        let money = |name: &str, help: &str| register(Gauge::<F64>::new(name, help)?, registry);
        Ok(Self {
            active: count("ergon_validators_active", "Members of this session's set")?,
            registered: count("ergon_validators_registered", "Registered validators")?,
            jailed: count("ergon_validators_jailed", "Validators in jail")?,
            own_stake: money("ergon_own_stake_ergn", "Validators' own stake")?,
            delegated: money("ergon_delegated_ergn", "Stake delegated to validators")?,
            minted: money("ergon_minted_ergn", "Money minted since genesis")?,
            burned: money("ergon_burned_ergn", "Money burned since genesis")?,
            treasury: money("ergon_treasury_ergn", "Free balance of the treasury")?,
        })
    }

    /// Shows what the chain says.
    pub(crate) fn show(&self, set: &SetInfo, supply: &SupplyInfo) {
        let sum = |parts: &[Balance]| parts.iter().fold(0, |sum: Balance, part| sum.saturating_add(*part));
        self.active.set(set.active.into());
        self.registered.set(set.registered.into());
        self.jailed.set(set.jailed.into());
        self.own_stake.set(in_ergn(supply.own_stake));
        self.delegated.set(in_ergn(supply.delegated));
        self.minted.set(in_ergn(sum(&supply.minted)));
        self.burned.set(in_ergn(sum(&supply.burned)));
        self.treasury.set(in_ergn(supply.treasury));
    }
}

/// For people and plots: a gauge is no ledger.
fn in_ergn(units: Balance) -> f64 {
    units as f64 / ERGN as f64
}
