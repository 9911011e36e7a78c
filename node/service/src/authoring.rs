//! Makes blocks in the ticks whose key is in the keystore.
//!
//! The stock Aura worker on a table that may name one key many times; this file owns the limits that this asks for.

use std::sync::Arc;

use ergon_primitives::AuraId;
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
    types::{AuraPair, Block, BlockNumber, FullClient, FullSelectChain, GrandpaImport, Hash, TransactionPool},
};

/// Share of its tick that an author may spend on a block. The rest is for the block to reach the author of the next tick.
const PROPOSAL_PORTION: f32 = 0.6;
/// The same after skipped ticks. The client's lenience would otherwise give their time to the next author, beyond its own tick,
/// and one dead author would cost two ticks.
const MAX_PROPOSAL_PORTION: f32 = 0.7;
/// Most ticks to wait between blocks while finality lags. Half a slot, so that every slot still gets a block: one without a
/// block elects nobody.
const MAX_BACKOFF_TICKS: BlockNumber = 12;

/// What authoring needs.
pub(crate) struct Inputs<'a> {
    pub(crate) client: Arc<FullClient>,
    pub(crate) select_chain: FullSelectChain,
    pub(crate) block_import: GrandpaImport,
    pub(crate) transaction_pool: Arc<TransactionPool>,
    pub(crate) keystore: KeystorePtr,
    pub(crate) sync_service: Arc<SyncingService<Block>>,
    pub(crate) slot_duration: SlotDuration,
    /// Whether the user wants blocks even without peers.
    pub(crate) force: bool,
    pub(crate) task_manager: &'a TaskManager,
    pub(crate) registry: Option<&'a Registry>,
    pub(crate) telemetry: Option<TelemetryHandle>,
}

/// Spawns the worker. Essential: a validator that cannot author had better stop visibly.
pub(crate) fn spawn(inputs: Inputs<'_>) -> Result<(), Error> {
    let Inputs { client, task_manager, keystore, slot_duration, .. } = inputs;
    let best = client.info().best_hash;
    let table: Vec<AuraId> = client.runtime_api().authorities(best)?;
    let proposer_factory = sc_basic_authorship::ProposerFactory::new(
        task_manager.spawn_handle(),
        client.clone(),
        inputs.transaction_pool,
        inputs.registry,
        inputs.telemetry.clone(),
    );
    let providers = {
        let (client, keystore) = (client.clone(), keystore.clone());
        move |parent: Hash, ()| {
            let providers = inherents::for_authoring(&client, &*keystore, slot_duration, parent);
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
        force_authoring: inputs.force || names_one_key(&table),
        backoff_authoring_blocks: Some(backoff()),
        keystore,
        block_proposal_slot_portion: SlotProportion::new(PROPOSAL_PORTION),
        max_block_proposal_slot_portion: Some(SlotProportion::new(MAX_PROPOSAL_PORTION)),
        telemetry: inputs.telemetry,
        compatibility_mode: Default::default(),
    })?;
    task_manager.spawn_essential_handle().spawn_blocking("aura", Some("block-authoring"), worker);
    Ok(())
}

fn backoff() -> BackoffAuthoringOnFinalizedHeadLagging<BlockNumber> {
    BackoffAuthoringOnFinalizedHeadLagging { max_interval: MAX_BACKOFF_TICKS, ..Default::default() }
}

/// Whether a single validator owns every tick. The stock client waits for peers when the table has more than one *entry*, but a
/// lone validator would wait for ever.
fn names_one_key<K: PartialEq>(table: &[K]) -> bool {
    table.first().is_some_and(|first| table.iter().all(|key| key == first))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_lone_validator_forces_authoring() {
        assert!(names_one_key(&['a'; 144]), "one key owns every tick");
        assert!(names_one_key(&['a']));
        assert!(!names_one_key(&['a', 'a', 'b', 'a']), "a second validator may be reachable");
        assert!(!names_one_key::<char>(&[]), "nobody can author on an empty table");
    }

    #[test]
    fn backing_off_never_skips_a_whole_slot() {
        assert!(backoff().max_interval < ergon_primitives::time::MAX_TICKS_PER_SLOT);
    }
}
