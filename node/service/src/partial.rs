//! Everything that exists before the node talks to anybody: client, database, pool, keystore and import queue.
//!
//! The commands that work on a database (`import-blocks`, `revert`, ...) stop here.

use std::sync::Arc;

use futures::channel::mpsc;
use sc_consensus_aura::SlotDuration;
use sc_consensus_grandpa::GrandpaPruningFilter;
use sc_service::{Configuration, TaskManager};
use sc_telemetry::{Telemetry, TelemetryWorker};
use sp_keystore::KeystorePtr;

use crate::{
    config::NodeHome,
    error::Error,
    finality::JUSTIFICATION_PERIOD,
    genesis_guard::Genesis,
    import_queue,
    seal_memory::SealMemory,
    seal_watch::{NewSealWatch, NodeSealMemory, Proof, SealWatch},
    types::{FullBackend, FullClient, FullSelectChain, GrandpaLink, ImportQueue, RuntimeExecutor, TransactionPool},
};

/// The parts of a node that does not talk yet.
pub struct Partial {
    /// Reads and writes the chain.
    pub client: Arc<FullClient>,
    /// The database behind the client.
    pub backend: Arc<FullBackend>,
    /// Owns every task of the node.
    pub task_manager: TaskManager,
    /// Verifies and imports the blocks of others.
    pub import_queue: ImportQueue,
    /// The session keys.
    pub keystore: KeystorePtr,
    /// Fork choice.
    pub select_chain: FullSelectChain,
    /// Transactions waiting for a block.
    pub transaction_pool: Arc<TransactionPool>,
    /// Imports blocks, for the import queue and for own ones.
    pub(crate) block_import: SealWatch,
    /// Who sealed what.
    pub(crate) seal_memory: Arc<NodeSealMemory>,
    /// Ticks found sealed twice.
    pub(crate) double_seals: mpsc::Receiver<Proof>,
    /// What the voter needs of `block_import`.
    pub grandpa_link: GrandpaLink,
    /// Connection to the telemetry servers, if any are configured.
    pub telemetry: Option<Telemetry>,
    /// Length of a tick, read once: the chain never changes it.
    pub slot_duration: SlotDuration,
}

/// Builds the parts, after making sure that spec and database are of this chain.
pub fn build(config: &Configuration, home: &NodeHome) -> Result<Partial, Error> {
    let executor: RuntimeExecutor = sc_service::new_wasm_executor(&config.executor);
    let genesis = Genesis::read(&*config.chain_spec, &executor)?;

    let telemetry = NewTelemetry::connect(config)?;
    let telemetry_handle = telemetry.as_ref().map(|new| new.telemetry.handle());
    let (client, backend, keystore, task_manager) = sc_service::new_full_parts(
        config,
        telemetry_handle.clone(),
        executor.clone(),
        // Warp sync needs the blocks with justifications, whatever else is pruned.
        vec![Arc::new(GrandpaPruningFilter)],
    )?;
    let client = Arc::new(client);
    genesis.check_database(&client, &executor, home)?;
    let telemetry = telemetry.map(|new| new.spawn(&task_manager));

    let select_chain = FullSelectChain::new(backend.clone());
    let transaction_pool = build_pool(config, &client, &task_manager);
    let (grandpa_import, grandpa_link) = sc_consensus_grandpa::block_import(
        client.clone(),
        JUSTIFICATION_PERIOD,
        &client,
        select_chain.clone(),
        telemetry_handle.clone(),
    )?;
    let slot_duration = sc_consensus_aura::slot_duration(&*client)?;
    let seal_memory = Arc::new(SealMemory::new(client.clone()));
    let keystore = keystore.keystore();
    let NewSealWatch { import: block_import, proofs: double_seals } =
        SealWatch::over(grandpa_import.clone(), client.clone(), seal_memory.clone(), keystore.clone(), slot_duration);
    let import_queue = import_queue::build(import_queue::Inputs {
        client: client.clone(),
        block_import: block_import.clone(),
        justification_import: grandpa_import,
        slot_duration,
        task_manager: &task_manager,
        registry: config.prometheus_registry(),
        telemetry: telemetry_handle,
    })?;

    Ok(Partial {
        client,
        backend,
        task_manager,
        import_queue,
        keystore,
        select_chain,
        transaction_pool,
        block_import,
        seal_memory,
        double_seals,
        grandpa_link,
        telemetry,
        slot_duration,
    })
}

fn build_pool(config: &Configuration, client: &Arc<FullClient>, task_manager: &TaskManager) -> Arc<TransactionPool> {
    Arc::new(
        sc_transaction_pool::Builder::new(
            task_manager.spawn_essential_handle(),
            client.clone(),
            config.role.is_authority().into(),
        )
        .with_options(config.transaction_pool.clone())
        .with_prometheus(config.prometheus_registry())
        .build(),
    )
}

/// Telemetry before there is a task manager to run its worker.
struct NewTelemetry {
    worker: TelemetryWorker,
    telemetry: Telemetry,
}

impl NewTelemetry {
    fn connect(config: &Configuration) -> Result<Option<Self>, Error> {
        let Some(endpoints) = config.telemetry_endpoints.clone().filter(|endpoints| !endpoints.is_empty()) else {
            return Ok(None);
        };
        // Messages that wait while the connection is slow.
        let worker = TelemetryWorker::new(16)?;
        let telemetry = worker.handle().new_telemetry(endpoints);
        Ok(Some(Self { worker, telemetry }))
    }

    fn spawn(self, task_manager: &TaskManager) -> Telemetry {
        task_manager.spawn_handle().spawn("telemetry", None, self.worker.run());
        self.telemetry
    }
}
