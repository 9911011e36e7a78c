//! Puts reports of double-sealed ticks into this node's pool, from which its own next block takes them.

use std::sync::Arc;

use ergon_primitives::api::DoubleSealApi;
use futures::{channel::mpsc, FutureExt, StreamExt};
use log::{info, warn};
use sc_client_api::BlockchainEvents;
use sc_transaction_pool_api::OffchainTransactionPoolFactory;
use sp_api::{ApiError, ApiExt, ProvideRuntimeApi};

use crate::{
    seal_watch::Proof,
    types::{Block, FullClient, Hash, TransactionPool},
};

const LOG_TARGET: &str = "ergon::seals";

/// Best blocks in a row that refuse a report before it is dropped. The first may be of an earlier tick than the report; the
/// last show that it is recorded.
const REFUSALS: u32 = 12;
/// Reports that may wait, one for each key.
const MAX_WAITING: usize = 128;

/// Hands each report of `proofs` to the pool, again at every new best block, until the chain has recorded it: a pool forgets.
/// Runs until the client is gone.
pub(crate) async fn run(
    client: Arc<FullClient>,
    transaction_pool: Arc<TransactionPool>,
    mut proofs: mpsc::Receiver<Proof>,
) {
    let pool = OffchainTransactionPoolFactory::new(transaction_pool);
    let mut blocks = client.import_notification_stream().fuse();
    let mut waiting: Vec<(Proof, u32)> = Vec::new();
    loop {
        futures::select! {
            proof = proofs.next() => match proof {
                Some(proof) => {
                    let known = waiting.iter().any(|(other, _)| other.offender == proof.offender);
                    if !known && waiting.len() < MAX_WAITING {
                        info!(target: LOG_TARGET, "The report of tick {} waits for this node's next block", *proof.slot);
                        waiting.push((proof, 0));
                    }
                }
                None => return,
            },
            block = blocks.next().fuse() => match block {
                Some(block) if block.is_new_best => {
                    waiting = try_all(&client, &pool, block.hash, waiting);
                }
                Some(_) => {}
                None => return,
            },
        }
    }
}

/// Those that are to be tried again.
fn try_all(
    client: &FullClient,
    pool: &OffchainTransactionPoolFactory<Block>,
    at: Hash,
    waiting: Vec<(Proof, u32)>,
) -> Vec<(Proof, u32)> {
    waiting
        .into_iter()
        .filter_map(|(proof, refusals)| match submit(client, pool, at, proof.clone()) {
            Ok(Some(())) => Some((proof, 0)),
            Ok(None) => (refusals < REFUSALS).then_some((proof, refusals + 1)),
            Err(error) => {
                warn!(target: LOG_TARGET, "Tick {} could not be reported: {error}", *proof.slot);
                None
            }
        })
        .collect()
}

fn submit(
    client: &FullClient,
    pool: &OffchainTransactionPoolFactory<Block>,
    at: Hash,
    proof: Proof,
) -> Result<Option<()>, ApiError> {
    let mut api = client.runtime_api();
    api.register_extension(pool.offchain_transaction_pool(at));
    api.submit_double_seal_report(at, proof)
}
