//! Starts a whole node: the table of contents of this crate.

use log::info;
use sc_client_api::HeaderBackend;
use sc_consensus_grandpa::SharedVoterState;
use sc_network::{config::NetworkBackendType, Litep2pNetworkBackend, NetworkBackend, NetworkWorker};
use sc_service::{BuildNetworkParams, Configuration, SpawnTasksParams, TaskManager};
use sp_core::crypto::{key_types::AURA, ByteArray};
use sp_keystore::Keystore;

use crate::{
    authoring, beacons, finality, genesis_guard, keys, loneliness,
    metrics::{BeaconMetrics, QuorumMetrics, ScheduleMetrics, StakeMetrics},
    network::{self, NetworkSetup},
    offchain, partial, ports, quorum, rpc,
    schedule_watch::ScheduleWatch,
    seal_reports,
    types::{Block, Hash},
    Error, NodeHome, Partial,
};

/// Starts the node that `config` describes, over the network backend it names.
pub fn start(config: Configuration, home: NodeHome) -> Result<TaskManager, Error> {
    match config.network.network_backend {
        NetworkBackendType::Litep2p => start_over::<Litep2pNetworkBackend>(config, home),
        NetworkBackendType::Libp2p => start_over::<NetworkWorker<Block, Hash>>(config, home),
    }
}

fn start_over<N: NetworkBackend<Block, Hash>>(config: Configuration, home: NodeHome) -> Result<TaskManager, Error> {
    ports::check(&config)?;
    let Partial {
        client,
        backend,
        mut task_manager,
        import_queue,
        keystore,
        select_chain,
        transaction_pool,
        block_import,
        seal_memory,
        double_seals,
        grandpa_link,
        mut telemetry,
        slot_duration,
    } = partial::build(&config, &home)?;
    genesis_guard::refuse_placeholders(&client, &*config.chain_spec)?;
    info!(
        target: "ergon::service",
        "🏁 Genesis {:?} of {} ({})",
        client.info().genesis_hash,
        config.chain_spec.name(),
        config.chain_spec.id(),
    );

    let NetworkSetup {
        config: net_config,
        metrics,
        warp_sync,
        grandpa_protocol,
        grandpa_notifications,
        quorum_protocol,
        quorum_notifications,
    } = network::configure::<N>(&config, &client, &backend, &grandpa_link);
    let (network, system_rpc_tx, tx_handler_controller, sync_service, bitswap) =
        sc_service::build_network(BuildNetworkParams {
            config: &config,
            net_config,
            client: client.clone(),
            transaction_pool: transaction_pool.clone(),
            spawn_handle: task_manager.spawn_handle(),
            spawn_essential_handle: task_manager.spawn_essential_handle(),
            import_queue,
            block_announce_validator_builder: None,
            warp_sync_config: Some(warp_sync),
            block_relay: None,
            metrics,
            // What the block pruning setting implies.
            gap_sync_body_policy: None,
        })?;
    // Its server is essential and ends with the last handle.
    task_manager.keep_alive(bitswap);

    let role = config.role;
    if config.offchain_worker.enabled {
        offchain::spawn(offchain::Inputs {
            client: client.clone(),
            backend: &backend,
            keystore: keystore.clone(),
            transaction_pool: transaction_pool.clone(),
            network: network.clone(),
            is_validator: role.is_authority(),
            task_manager: &task_manager,
        })?;
    }

    let voter_state = SharedVoterState::empty();
    let rpc_builder =
        rpc::builder(client.clone(), backend.clone(), transaction_pool.clone(), &grandpa_link, voter_state.clone());

    // `spawn_tasks` consumes the configuration.
    let registry = config.prometheus_registry().cloned();
    let node_name = config.network.node_name.clone();
    let lone_owner = if role.is_authority() { authoring::lone_owner(&client)? } else { None };
    let meant_to_be_alone = config.force_authoring;
    let run_voter = !config.disable_grandpa;
    sc_service::spawn_tasks(SpawnTasksParams {
        config,
        client: client.clone(),
        backend,
        task_manager: &mut task_manager,
        keystore: keystore.clone(),
        transaction_pool: transaction_pool.clone(),
        rpc_builder,
        network: network.clone(),
        system_rpc_tx,
        tx_handler_controller,
        sync_service: sync_service.clone(),
        telemetry: telemetry.as_mut(),
        tracing_execute_block: None,
    })?;
    let telemetry = telemetry.as_ref().map(|telemetry| telemetry.handle());

    let votes = quorum::votes::SharedVotes::default();
    // After `spawn_tasks`, which inserts the keys of `--alice` and its like.
    if role.is_authority() {
        keys::warn_of_missing(&*keystore, &home);
        authoring::spawn(authoring::Inputs {
            client: client.clone(),
            select_chain,
            block_import,
            seal_memory,
            transaction_pool: transaction_pool.clone(),
            votes: votes.clone(),
            keystore: keystore.clone(),
            sync_service: sync_service.clone(),
            slot_duration,
            force: meant_to_be_alone || lone_owner.is_some(),
            task_manager: &task_manager,
            registry: registry.as_ref(),
            telemetry: telemetry.clone(),
        })?;
    }

    // Only an author can put a report into a block; others have said so in their log.
    if role.is_authority() {
        let reports = seal_reports::run(client.clone(), transaction_pool.clone(), double_seals);
        task_manager.spawn_handle().spawn("seal-reports", Some("ergon"), reports);
        let inputs = beacons::Inputs {
            client: client.clone(),
            keystore: keystore.clone(),
            transaction_pool: transaction_pool.clone(),
            metrics: registry.as_ref().map(BeaconMetrics::register).transpose()?,
        };
        let beacons = beacons::run(inputs, sync_service.clone());
        task_manager.spawn_handle().spawn("beacons", Some("ergon"), beacons);
    }
    let voting = quorum::task::run(quorum::task::Inputs {
        client: client.clone(),
        keystore: role.is_authority().then(|| keystore.clone()),
        votes,
        network: network.clone(),
        sync_service: sync_service.clone(),
        notifications: quorum_notifications,
        protocol: quorum_protocol,
        metrics: registry.as_ref().map(QuorumMetrics::register).transpose()?,
        registry: registry.clone(),
    });
    task_manager.spawn_handle().spawn("quorum", Some("ergon"), voting);
    let metrics = registry.as_ref().map(ScheduleMetrics::register).transpose()?;
    let is_lone_owner = lone_owner.is_some_and(|key| keystore.has_keys(&[(key.to_raw_vec(), AURA)]));
    if !meant_to_be_alone && !is_lone_owner {
        let watch = loneliness::watch(sync_service.clone(), client.info().genesis_hash);
        task_manager.spawn_handle().spawn("loneliness-watch", Some("ergon"), watch);
    }
    let stake = registry.as_ref().map(StakeMetrics::register).transpose()?;
    let watch = ScheduleWatch::new(client, keystore.clone(), metrics, stake);
    task_manager.spawn_handle().spawn("schedule-watch", Some("ergon"), watch.run(sync_service.clone()));

    if run_voter {
        finality::spawn(finality::Inputs {
            link: grandpa_link,
            network,
            sync_service,
            notifications: grandpa_notifications,
            protocol: grandpa_protocol,
            role,
            node_name,
            keystore,
            voter_state,
            transaction_pool,
            task_manager: &task_manager,
            registry,
            telemetry,
        })?;
    }
    Ok(task_manager)
}
