//! Watches the leader schedule and, once a slot, stake: one log line per slot, and the metrics.
//!
//! Reads the runtime API at each new best block and changes nothing. While the node catches up it looks away: old slots are no
//! news, and each look costs runtime calls.

use std::sync::Arc;

use ergon_primitives::{
    api::{StakingApi, WorkCreditsApi, MAX_RECORDS_PER_CALL},
    schedule::{Election, Outcome, Schedule, SlotRecord},
    time::SlotNumber,
    AccountId, AuraId,
};
use futures::StreamExt;
use log::{debug, info};
use sc_client_api::BlockchainEvents;
use sp_api::{ApiError, ProvideRuntimeApi};
use sp_consensus::SyncOracle;
use sp_core::crypto::{key_types::AURA, ByteArray};
use sp_keystore::{Keystore, KeystorePtr};

use crate::{
    metrics::{ScheduleMetrics, StakeMetrics},
    types::{FullClient, Hash},
};

const LOG_TARGET: &str = "ergon::schedule";

/// Follows the schedule at the best block.
pub(crate) struct ScheduleWatch {
    client: Arc<FullClient>,
    keystore: KeystorePtr,
    metrics: Option<ScheduleMetrics>,
    stake: Option<StakeMetrics>,
    /// Slot of the block last looked at.
    last_slot: Option<SlotNumber>,
}

impl ScheduleWatch {
    /// Watches through `client`; `keystore` tells which slots are ours.
    pub(crate) fn new(
        client: Arc<FullClient>,
        keystore: KeystorePtr,
        metrics: Option<ScheduleMetrics>,
        stake: Option<StakeMetrics>,
    ) -> Self {
        Self { client, keystore, metrics, stake, last_slot: None }
    }

    /// Runs until the client is gone.
    pub(crate) async fn run(mut self, sync: impl SyncOracle + Send + 'static) {
        let mut blocks = self.client.import_notification_stream();
        while let Some(block) = blocks.next().await {
            if !block.is_new_best || sync.is_major_syncing() {
                continue;
            }
            if let Err(error) = self.observe(block.hash) {
                debug!(target: LOG_TARGET, "Could not read the schedule at {:?}: {error}", block.hash);
            }
        }
    }

    fn observe(&mut self, at: Hash) -> Result<(), ApiError> {
        let schedule = self.client.runtime_api().schedule(at)?;
        self.update_gauges(at, &schedule)?;
        // A reorganisation may lead back into an earlier slot, which is not news.
        if self.last_slot.is_some_and(|last| schedule.slot <= last) {
            return Ok(());
        }
        // Taken over first: after an error, what was counted must not be counted again.
        if let Some(last) = self.last_slot.replace(schedule.slot) {
            self.count_completed(at, last, schedule.slot)?;
        }
        if let Some(stake) = &self.stake {
            let api = self.client.runtime_api();
            stake.show(&api.set(at)?, &api.supply(at)?);
        }
        self.announce(at, schedule.slot)
    }

    fn update_gauges(&self, at: Hash, schedule: &Schedule<AccountId, AuraId>) -> Result<(), ApiError> {
        let Some(metrics) = &self.metrics else { return Ok(()) };
        let duties = self.client.runtime_api().duties(at)?;
        metrics.slot.set(schedule.slot);
        metrics.tick.set(schedule.tick);
        metrics.is_leader.set(u64::from(leads(&*self.keystore, schedule)));
        metrics.ticks_missed.set(duties.iter().fold(0, |sum: u64, (_, duties)| sum.saturating_add(duties.missed)));
        Ok(())
    }

    /// Counts the slots from `first` to the one before `current`: they can get no more blocks.
    fn count_completed(&self, at: Hash, first: SlotNumber, current: SlotNumber) -> Result<(), ApiError> {
        let Some(metrics) = &self.metrics else { return Ok(()) };
        // After a longer outage the oldest slots go uncounted: these are trends, not accounts.
        let count = current.saturating_sub(first).min(u64::from(MAX_RECORDS_PER_CALL));
        let first = current.saturating_sub(count);
        // At most MAX_RECORDS_PER_CALL, a u32.
        for record in self.client.runtime_api().slot_records(at, first, count as u32)? {
            match record.outcome {
                Outcome::Fallback(_) => metrics.won_by_fallback.inc(),
                Outcome::Missed if record.winner.is_none() => metrics.slots_missed.inc(),
                Outcome::Missed | Outcome::Pending | Outcome::Primary => {}
            }
            if let Some(election) = record.election {
                metrics.elected.with_label_values(&[election_name(election)]).inc();
            }
        }
        Ok(())
    }

    fn announce(&self, at: Hash, slot: SlotNumber) -> Result<(), ApiError> {
        let api = self.client.runtime_api();
        let Some(current) = api.slot_record(at, slot)? else { return Ok(()) };
        let previous = match slot.checked_sub(1) {
            Some(previous) => api.slot_record(at, previous)?,
            None => None,
        };
        info!(target: LOG_TARGET, "{}", headline(&current, previous.as_ref()));
        Ok(())
    }
}

/// Whether `keystore` holds the key of the slot's primary, which owns its first tick.
fn leads(keystore: &dyn Keystore, schedule: &Schedule<AccountId, AuraId>) -> bool {
    let first_tick = *schedule.timing.ticks_of(schedule.slot).start();
    let owner = schedule.table.get(schedule.timing.table_index(first_tick));
    owner.is_some_and(|owner| keystore.has_keys(&[(owner.key.to_raw_vec(), AURA)]))
}

/// The log line of a new slot.
fn headline(current: &SlotRecord<AccountId>, previous: Option<&SlotRecord<AccountId>>) -> String {
    let leader = current.primary.as_ref().map_or_else(|| "none".into(), short);
    let election = current.election.map_or("none", election_name);
    let fallbacks = current.fallbacks.len();
    let previous = match previous.map(|record| (record.outcome, &record.winner)) {
        Some((Outcome::Primary, _)) => "won by primary",
        Some((Outcome::Fallback(_), _)) => "won by fallback",
        Some((Outcome::Missed, None)) => "missed",
        // Nobody was elected for it.
        Some((Outcome::Missed, Some(_))) => "won by standby",
        Some((Outcome::Pending, _)) | None => "unknown",
    };
    let slot = current.slot;
    format!("🗳️  Slot {slot}: leader {leader} (election {election}), fallbacks {fallbacks}, previous slot {previous}")
}

fn election_name(election: Election) -> &'static str {
    match election {
        Election::Normal => "normal",
        Election::Reduced => "reduced",
        Election::Emergency => "emergency",
    }
}

/// Both ends of an address, enough to recognise it.
fn short(account: &AccountId) -> String {
    let address: Vec<char> = account.to_string().chars().collect();
    let head: String = address.iter().take(4).collect();
    let tail: String = address.iter().skip(address.len().saturating_sub(4)).collect();
    format!("{head}…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_primitives::{schedule::Owner, time::Timing};
    use sp_core::sr25519;
    use sp_keyring::Sr25519Keyring::{Alice, Bob, Charlie};
    use sp_keystore::testing::MemoryKeystore;

    #[test]
    fn the_headline_names_leader_election_and_what_became_of_the_last_slot() {
        let mut current = SlotRecord::never_elected(8);
        current.primary = Some(Alice.to_account_id());
        current.election = Some(Election::Reduced);
        current.fallbacks = [Bob, Charlie].map(|key| key.to_account_id()).to_vec().try_into().expect("two are few");
        let previous = SlotRecord { outcome: Outcome::Fallback(1), ..SlotRecord::never_elected(7) };
        assert_eq!(
            headline(&current, Some(&previous)),
            "🗳️  Slot 8: leader 5Grw…utQY (election reduced), fallbacks 2, previous slot won by fallback",
        );
        assert!(headline(&current, None).ends_with("previous slot unknown"));
    }

    #[test]
    fn a_node_leads_the_slots_whose_first_tick_is_its_own() {
        let keystore = MemoryKeystore::new();
        let ours = keystore.sr25519_generate_new(AURA, Some("//Alice")).expect("memory keystores accept keys");
        let timing = Timing { ticks_per_slot: 2, ..Timing::default() };
        let owner = |key: sr25519::Public| Owner { operator: Alice.to_account_id(), key: key.into() };
        let table = (0..12).map(|tick| owner(if tick == 2 { ours } else { Bob.public() })).collect();
        let schedule = Schedule { timing, tick: 2, slot: 1, table };
        assert!(leads(&keystore, &schedule));
        assert!(!leads(&keystore, &Schedule { tick: 4, slot: 2, ..schedule }));
    }
}
