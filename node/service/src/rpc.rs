//! Gives the RPC crate what it needs of this node.

use std::sync::Arc;

use ergon_rpc::{FullDeps, GrandpaDeps};
use jsonrpsee::RpcModule;
use sc_consensus_grandpa::{FinalityProofProvider, SharedVoterState};
use sc_rpc::SubscriptionTaskExecutor;

use crate::types::{FullBackend, FullClient, GrandpaLink, TransactionPool};

/// Builds our module; called once for each place the calls are served at.
pub(crate) type Builder = Box<dyn Fn(SubscriptionTaskExecutor) -> Result<RpcModule<()>, sc_service::Error>>;

/// The builder of our module.
pub(crate) fn builder(
    client: Arc<FullClient>,
    backend: Arc<FullBackend>,
    pool: Arc<TransactionPool>,
    grandpa_link: &GrandpaLink,
    voter_state: SharedVoterState,
) -> Builder {
    let authority_set = grandpa_link.shared_authority_set().clone();
    let justifications = grandpa_link.justification_stream();
    let finality_proofs = FinalityProofProvider::new_for_service(backend, Some(authority_set.clone()));
    Box::new(move |subscriptions| {
        ergon_rpc::create_full(FullDeps {
            client: client.clone(),
            pool: pool.clone(),
            grandpa: GrandpaDeps {
                voter_state: voter_state.clone(),
                authority_set: authority_set.clone(),
                justifications: justifications.clone(),
                finality_proofs: finality_proofs.clone(),
                subscriptions,
            },
        })
        .map_err(Into::into)
    })
}
