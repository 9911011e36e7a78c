//! What this chain adds to the SDK's network: the protocols of GRANDPA and of quorum votes, and warp sync.
//!
//! Generic over the backend because there are two, litep2p and libp2p. The network itself is built in [`crate::full`]: the
//! types of its handles have no public names to put into a struct.

use std::sync::Arc;

use sc_client_api::HeaderBackend;
use sc_consensus_grandpa::warp_proof::NetworkProvider;
use sc_network::{
    config::FullNetworkConfiguration, NetworkBackend, NotificationMetrics, NotificationService, ProtocolName,
};
use sc_service::{Configuration, WarpSyncConfig};

use crate::{
    quorum::protocol,
    types::{Block, FullBackend, FullClient, GrandpaLink, Hash},
};

/// What the network is built from.
pub(crate) struct NetworkSetup<N: NetworkBackend<Block, Hash>> {
    /// Protocols and addresses.
    pub(crate) config: FullNetworkConfiguration<Block, Hash, N>,
    /// Metrics that all notification protocols share.
    pub(crate) metrics: NotificationMetrics,
    /// Serves warp sync proofs, and verifies them when this node syncs with them.
    pub(crate) warp_sync: WarpSyncConfig<Block>,
    /// Name of the GRANDPA protocol, which binds it to this chain's genesis.
    pub(crate) grandpa_protocol: ProtocolName,
    /// The voter's end of the GRANDPA protocol.
    pub(crate) grandpa_notifications: Box<dyn NotificationService>,
    /// Name of the protocol of quorum votes.
    pub(crate) quorum_protocol: ProtocolName,
    /// The voting task's end of it.
    pub(crate) quorum_notifications: Box<dyn NotificationService>,
}

/// Prepares the network.
pub(crate) fn configure<N: NetworkBackend<Block, Hash>>(
    config: &Configuration,
    client: &FullClient,
    backend: &Arc<FullBackend>,
    grandpa_link: &GrandpaLink,
) -> NetworkSetup<N> {
    let registry = config.prometheus_registry();
    let mut net_config = FullNetworkConfiguration::<Block, Hash, N>::new(&config.network, registry.cloned());
    let metrics = N::register_notification_metrics(registry);

    let genesis_hash = client.info().genesis_hash;
    let grandpa_protocol = sc_consensus_grandpa::protocol_standard_name(&genesis_hash, &config.chain_spec);
    let (grandpa_config, grandpa_notifications) = sc_consensus_grandpa::grandpa_peers_set_config::<Block, N>(
        grandpa_protocol.clone(),
        metrics.clone(),
        net_config.peer_store_handle(),
    );
    net_config.add_notification_protocol(grandpa_config);
    let quorum_protocol = protocol::name(genesis_hash, config.chain_spec.fork_id());
    let (quorum_config, quorum_notifications) =
        protocol::configure::<N>(quorum_protocol.clone(), metrics.clone(), net_config.peer_store_handle());
    net_config.add_notification_protocol(quorum_config);

    // No authority set was ever changed by a hard fork.
    let hard_forks = Vec::new();
    let proofs = NetworkProvider::new(backend.clone(), grandpa_link.shared_authority_set().clone(), hard_forks);
    NetworkSetup {
        config: net_config,
        metrics,
        warp_sync: WarpSyncConfig::WithProvider(Arc::new(proofs)),
        grandpa_protocol,
        grandpa_notifications,
        quorum_protocol,
        quorum_notifications,
    }
}
