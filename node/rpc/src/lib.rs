//! JSON-RPC of the Ergon node: what is served beyond the SDK's own calls.
//!
//! Owns the list of modules and our own: [`work_credits`] and [`work_orders`]. Everything that every Substrate node serves (`chain_*`, `state_*`,
//! `author_*`, `chainHead_v1_*`, `archive_v1_*`, ...) is added by the service and is none of its business.

pub mod work_credits;
pub mod work_orders;

use std::sync::Arc;

use ergon_primitives::{
    api::{WorkCreditsApi, WorkOrdersApi, WorkTallyApi},
    AccountId, AuraId, Balance, BlockNumber, Hash, Nonce, OpaqueBlock as Block,
};
use jsonrpsee::RpcModule;
use pallet_transaction_payment_rpc::{TransactionPayment, TransactionPaymentApiServer, TransactionPaymentRuntimeApi};
use sc_client_api::Backend;
use sc_consensus_grandpa::{FinalityProofProvider, GrandpaJustificationStream, SharedAuthoritySet, SharedVoterState};
use sc_consensus_grandpa_rpc::{Grandpa, GrandpaApiServer};
use sc_rpc::SubscriptionTaskExecutor;
use sc_transaction_pool_api::TransactionPool;
use sp_api::ProvideRuntimeApi;
use sp_block_builder::BlockBuilder;
use sp_blockchain::{Error as BlockchainError, HeaderBackend, HeaderMetadata};
use substrate_frame_rpc_system::{AccountNonceApi, System, SystemApiServer};

use work_credits::{WorkCredits, WorkCreditsRpcServer};
use work_orders::{WorkOrders, WorkOrdersRpcServer};

/// What the GRANDPA calls need.
pub struct GrandpaDeps<B> {
    /// State of the voter's rounds.
    pub voter_state: SharedVoterState,
    /// The authority set and its changes.
    pub authority_set: SharedAuthoritySet<Hash, BlockNumber>,
    /// Justifications as they are made.
    pub justifications: GrandpaJustificationStream<Block>,
    /// Proves the finality of old blocks.
    pub finality_proofs: Arc<FinalityProofProvider<B, Block>>,
    /// Runs subscriptions.
    pub subscriptions: SubscriptionTaskExecutor,
}

/// What the calls of this crate need.
pub struct FullDeps<C, P, B> {
    /// The client.
    pub client: Arc<C>,
    /// The transaction pool, for the next nonce.
    pub pool: Arc<P>,
    /// What the GRANDPA calls need.
    pub grandpa: GrandpaDeps<B>,
}

/// Builds the module with all calls of this crate. Fails only if two of them have the same name.
pub fn create_full<C, P, B>(deps: FullDeps<C, P, B>) -> Result<RpcModule<()>, Box<dyn std::error::Error + Send + Sync>>
where
    C: ProvideRuntimeApi<Block>
        + HeaderBackend<Block>
        + HeaderMetadata<Block, Error = BlockchainError>
        + Send
        + Sync
        + 'static,
    C::Api: AccountNonceApi<Block, AccountId, Nonce>,
    C::Api: TransactionPaymentRuntimeApi<Block, Balance>,
    C::Api: BlockBuilder<Block>,
    C::Api: WorkCreditsApi<Block, AccountId, AuraId>,
    C::Api: WorkTallyApi<Block, AccountId>,
    C::Api: WorkOrdersApi<Block, AccountId>,
    P: TransactionPool<Block = Block> + 'static,
    B: Backend<Block> + Send + Sync + 'static,
{
    let FullDeps { client, pool, grandpa } = deps;
    let GrandpaDeps { voter_state, authority_set, justifications, finality_proofs, subscriptions } = grandpa;

    let mut module = RpcModule::new(());
    module.merge(System::new(client.clone(), pool.clone()).into_rpc())?;
    module.merge(WorkOrders::new(client.clone(), pool).into_rpc())?;
    module.merge(TransactionPayment::new(client.clone()).into_rpc())?;
    module
        .merge(Grandpa::new(subscriptions, authority_set, voter_state, justifications, finality_proofs).into_rpc())?;
    module.merge(WorkCredits::new(client).into_rpc())?;
    Ok(module)
}
