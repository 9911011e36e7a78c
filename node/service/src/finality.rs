//! The GRANDPA voter.
//!
//! Every node runs it: a validator votes, any other node follows the votes and finalises with them.

use std::{sync::Arc, time::Duration};

use sc_consensus_grandpa::{Config, GrandpaParams, SharedVoterState, VotingRulesBuilder};
use sc_network::{config::Role, service::traits::NetworkService, NotificationService, ProtocolName};
use sc_network_sync::SyncingService;
use sc_service::TaskManager;
use sc_telemetry::TelemetryHandle;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;
use substrate_prometheus_endpoint::Registry;

use crate::{
    error::Error,
    types::{Block, BlockNumber, FullClient, GrandpaLink, TransactionPool},
};

/// Blocks between two justifications that are kept although nobody needs them yet: about 43 minutes of full ticks.
pub(crate) const JUSTIFICATION_PERIOD: u32 = 512;
/// How long a vote is assumed to take through the network.
const GOSSIP_DURATION: Duration = Duration::from_millis(333);

/// What the voter needs.
pub(crate) struct Inputs<'a> {
    pub(crate) link: GrandpaLink,
    pub(crate) network: Arc<dyn NetworkService>,
    pub(crate) sync_service: Arc<SyncingService<Block>>,
    pub(crate) notifications: Box<dyn NotificationService>,
    pub(crate) protocol: ProtocolName,
    pub(crate) role: Role,
    pub(crate) node_name: String,
    pub(crate) keystore: KeystorePtr,
    pub(crate) voter_state: SharedVoterState,
    pub(crate) transaction_pool: Arc<TransactionPool>,
    pub(crate) task_manager: &'a TaskManager,
    pub(crate) registry: Option<Registry>,
    pub(crate) telemetry: Option<TelemetryHandle>,
}

/// Spawns the voter. Essential: a node that no longer finalises had better stop visibly.
pub(crate) fn spawn(inputs: Inputs<'_>) -> Result<(), Error> {
    let config = Config {
        gossip_duration: GOSSIP_DURATION,
        justification_generation_period: JUSTIFICATION_PERIOD,
        // The separate observer protocol; following without voting is the voter without a keystore.
        observer_enabled: false,
        keystore: inputs.role.is_authority().then_some(inputs.keystore),
        local_role: inputs.role,
        name: Some(inputs.node_name),
        telemetry: inputs.telemetry.clone(),
        protocol_name: inputs.protocol,
    };
    let voter = sc_consensus_grandpa::run_grandpa_voter(GrandpaParams {
        config,
        link: inputs.link,
        network: inputs.network,
        sync: Arc::new(inputs.sync_service),
        notification_service: inputs.notifications,
        voting_rule: VotingRulesBuilder::default().build(),
        prometheus_registry: inputs.registry,
        shared_voter_state: inputs.voter_state,
        telemetry: inputs.telemetry,
        offchain_tx_pool_factory: OffchainTransactionPoolFactory::new(inputs.transaction_pool),
    })?;
    inputs.task_manager.spawn_essential_handle().spawn_blocking("grandpa-voter", None, voter);
    Ok(())
}

/// Takes GRANDPA's records back by `blocks` blocks, for `revert`.
pub fn revert(client: Arc<FullClient>, blocks: BlockNumber) -> Result<(), sp_blockchain::Error> {
    sc_consensus_grandpa::revert(client, blocks)
}
