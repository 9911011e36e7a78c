//! Off-chain workers: what the runtime does beside the chain after each new best block.

use std::sync::Arc;

use sc_client_api::Backend;
use sc_network::service::traits::NetworkService;
use sc_offchain::{OffchainWorkerOptions, OffchainWorkers};
use sc_service::TaskManager;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_keystore::KeystorePtr;

use crate::{
    error::Error,
    types::{FullBackend, FullClient, TransactionPool},
};

/// What the workers need.
pub(crate) struct Inputs<'a> {
    pub(crate) client: Arc<FullClient>,
    pub(crate) backend: &'a FullBackend,
    pub(crate) keystore: KeystorePtr,
    pub(crate) transaction_pool: Arc<TransactionPool>,
    pub(crate) network: Arc<dyn NetworkService>,
    pub(crate) is_validator: bool,
    pub(crate) task_manager: &'a TaskManager,
}

/// Spawns the workers.
pub(crate) fn spawn(inputs: Inputs<'_>) -> Result<(), Error> {
    let workers = OffchainWorkers::new(OffchainWorkerOptions {
        runtime_api_provider: inputs.client.clone(),
        keystore: Some(inputs.keystore),
        offchain_db: inputs.backend.offchain_storage(),
        transaction_pool: Some(OffchainTransactionPoolFactory::new(inputs.transaction_pool)),
        network_provider: Arc::new(inputs.network),
        is_validator: inputs.is_validator,
        enable_http_requests: true,
        custom_extensions: |_| Vec::new(),
    })
    .map_err(Error::Offchain)?;
    let spawner = inputs.task_manager.spawn_handle();
    inputs.task_manager.spawn_handle().spawn(
        "offchain-workers-runner",
        Some("offchain-worker"),
        workers.run(inputs.client, spawner),
    );
    Ok(())
}
