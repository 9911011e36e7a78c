//! Makes blocks in the ticks whose key is in the keystore.
//!
//! The stock Aura worker on a table that may name one key many times; this file owns the limits that this asks for.

use std::sync::Arc;

use ergon_primitives::{api::WorkCreditsApi, time::Timing, AuraId};
use sc_client_api::HeaderBackend;
use sc_consensus_aura::{SlotDuration, SlotProportion, StartAuraParams};
use sc_consensus_slots::BackoffAuthoringOnFinalizedHeadLagging;
use sc_network_sync::SyncingService;
use sc_service::TaskManager;
use sc_telemetry::TelemetryHandle;
use sp_api::ProvideRuntimeApi;
use sp_consensus_aura::AuraApi;
use sp_keystore::KeystorePtr;
use substrate_prometheus_endpoint::Registry;

use crate::{
    error::Error,
    inherents,
    quorum::votes::SharedVotes,
    seal_watch::{NodeSealMemory, SealWatch},
    types::{AuraPair, Block, BlockNumber, FullClient, FullSelectChain, Hash, TransactionPool},
};

/// Share of its tick that an author may spend on a block. The rest is for the block to reach the author of the next tick.
const PROPOSAL_PORTION: f32 = 0.6;
/// The same after skipped ticks. The client's lenience would otherwise give their time to the next author, beyond its own tick,
/// and one dead author would cost two ticks.
const MAX_PROPOSAL_PORTION: f32 = 0.7;

/// What authoring needs.
pub(crate) struct Inputs<'a> {
    pub(crate) client: Arc<FullClient>,
    pub(crate) select_chain: FullSelectChain,
    pub(crate) block_import: SealWatch,
    pub(crate) seal_memory: Arc<NodeSealMemory>,
    pub(crate) transaction_pool: Arc<TransactionPool>,
    /// What validators have signed, for this node's blocks.
    pub(crate) votes: SharedVotes,
    pub(crate) keystore: KeystorePtr,
    pub(crate) sync_service: Arc<SyncingService<Block>>,
    pub(crate) slot_duration: SlotDuration,
    /// Whether to make blocks even without peers.
    pub(crate) force: bool,
    pub(crate) task_manager: &'a TaskManager,
    pub(crate) registry: Option<&'a Registry>,
    pub(crate) telemetry: Option<TelemetryHandle>,
}

/// Spawns the worker. Essential: a validator that cannot author had better stop visibly.
pub(crate) fn spawn(inputs: Inputs<'_>) -> Result<(), Error> {
    let Inputs { client, task_manager, keystore, slot_duration, .. } = inputs;
    let best = client.info().best_hash;
    let timing = client.runtime_api().timing(best)?;
    let proposer_factory = sc_basic_authorship::ProposerFactory::new(
        task_manager.spawn_handle(),
        client.clone(),
        inputs.transaction_pool,
        inputs.registry,
        inputs.telemetry.clone(),
    );
    let providers = {
        let (client, keystore) = (client.clone(), keystore.clone());
        let (memory, votes) = (inputs.seal_memory, inputs.votes);
        move |parent: Hash, ()| {
            let providers = inherents::for_authoring(&client, &*keystore, &memory, &votes, slot_duration, parent);
            async move { providers }
        }
    };

    let worker = sc_consensus_aura::start_aura::<AuraPair, _, _, _, _, _, _, _, _, _, _>(StartAuraParams {
        slot_duration,
        client,
        select_chain: inputs.select_chain,
        block_import: inputs.block_import,
        proposer_factory,
        sync_oracle: inputs.sync_service.clone(),
        justification_sync_link: inputs.sync_service,
        create_inherent_data_providers: providers,
        force_authoring: inputs.force,
        backoff_authoring_blocks: Some(backoff(&timing)),
        keystore,
        block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
        max_block_proposal_slot_portion: Some(SlotProportion::new(MAX_PROPOSAL_PORTION)),
        telemetry: inputs.telemetry,
        compatibility_mode: Default::default(),
    })?;
    task_manager.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), worker);
    Ok(())
}

/// Waits at most half a slot between blocks while finality lags, so that every slot still gets one: a slot without a block
/// elects nobody.
fn backoff(timing: &Timing) -> BackoffAuthoringOnFinalizedHeadLagging<BlockNumber> {
    BackoffAuthoringOnFinalizedHeadLagging { max_interval: timing.ticks_per_slot / 2, ..Default::default() }
}

/// The key that owns every tick at the best block, if one does. The stock client waits for peers when the table has more than
/// one *entry*, but a lone validator would wait for ever. Asked once, at start: a set that shrinks to one needs a restart, or
/// `--force-authoring`, to go on without peers.
pub(crate) fn lone_owner(client: &FullClient) -> Result<Option<AuraId>, Error> {
    let table: Vec<AuraId> = client.runtime_api().authorities(client.info().best_hash)?;
    Ok(only_key(table))
}

fn only_key<K: PartialEq>(mut table: Vec<K>) -> Option<K> {
    table.dedup();
    if table.len() == 1 {
        table.pop()
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_lone_validator_forces_authoring() {
        assert_eq!(only_key(vec!['a'; 144]), Some('a'), "one key owns every tick");
        assert_eq!(only_key(vec!['a']), Some('a'));
        assert_eq!(only_key(vec!['a', 'a', 'b', 'a']), None, "a second validator may be reachable");
        assert_eq!(only_key::<char>(vec![]), None, "nobody can author on an empty table");
    }

    #[test]
    fn backing_off_never_skips_a_whole_slot() {
        for ticks_per_slot in [2, 6, 24] {
            let timing = Timing { ticks_per_slot, ..Timing::default() };
            assert!((1..ticks_per_slot).contains(&backoff(&timing).max_interval), "{ticks_per_slot} ticks");
        }
    }
}
