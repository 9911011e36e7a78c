//! `workOrders_*`: takes what workers prove, as hexadecimal SCALE, for the pool.
//!
//! A thin edge: the runtime wraps a proof into an extrinsic, the pool judges it. Anyone may call it, as anyone may submit an
//! extrinsic.

use std::sync::Arc;

use codec::Decode;
use ergon_primitives::{
    api::WorkOrdersApi,
    orders::{Answer, Pledge, Proof, Redemption},
    AccountId, OpaqueBlock as Block,
};
use jsonrpsee::{
    core::{async_trait, RpcResult},
    proc_macros::rpc,
    types::{
        error::{INTERNAL_ERROR_CODE, INVALID_PARAMS_CODE},
        ErrorObjectOwned,
    },
};
use sc_transaction_pool_api::{error::IntoPoolError, TransactionPool, TransactionSource};
use sp_api::ProvideRuntimeApi;
use sp_blockchain::HeaderBackend;
use sp_core::Bytes;
use sp_runtime::OpaqueExtrinsic;

/// The pool has refused a proof: the code that `author_submitExtrinsic` answers with.
const POOL_REFUSED: i32 = 1010;

/// The calls.
#[rpc(server, namespace = "workOrders")]
pub trait WorkOrdersRpc {
    /// Hands a relay's receipt to the pool. True, or an error that ends in the name of the pallet's, if it has one.
    #[method(name = "redeem")]
    async fn redeem(&self, redemption: Bytes) -> RpcResult<bool>;

    /// Hands a holder's pledge to the pool.
    #[method(name = "pledge")]
    async fn pledge(&self, pledge: Bytes) -> RpcResult<bool>;

    /// Hands a holder's answer to the pool.
    #[method(name = "answer")]
    async fn answer(&self, answer: Bytes) -> RpcResult<bool>;
}

/// Answers the calls.
pub struct WorkOrders<C, P> {
    client: Arc<C>,
    pool: Arc<P>,
}

impl<C, P> WorkOrders<C, P> {
    /// Wraps proofs by `client`'s runtime, and hands them to `pool`.
    pub fn new(client: Arc<C>, pool: Arc<P>) -> Self {
        Self { client, pool }
    }
}

fn decode<D: Decode>(bytes: &Bytes) -> RpcResult<D> {
    D::decode(&mut &bytes[..])
        .map_err(|error| ErrorObjectOwned::owned(INVALID_PARAMS_CODE, format!("not SCALE of it: {error}"), None::<()>))
}

impl<C, P> WorkOrders<C, P>
where
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: WorkOrdersApi<Block, AccountId>,
    P: TransactionPool<Block = Block> + 'static,
{
    async fn submit(&self, proof: Proof) -> RpcResult<bool> {
        let internal = |error: String| ErrorObjectOwned::owned(INTERNAL_ERROR_CODE, error, None::<()>);
        let best = self.client.info().best_hash;
        let encoded =
            self.client.runtime_api().extrinsic(best, proof.clone()).map_err(|error| internal(error.to_string()))?;
        let extrinsic = OpaqueExtrinsic::decode(&mut &encoded[..]).map_err(|error| internal(error.to_string()))?;
        match self.pool.submit_one(best, TransactionSource::External, extrinsic).await {
            Ok(_) => Ok(true),
            // It is on its way: that is what was asked.
            Err(error) => match error.into_pool_error() {
                Ok(sc_transaction_pool_api::error::Error::AlreadyImported(_)) => Ok(true),
                // The runtime knows more precisely than the pool.
                Ok(refused) => {
                    let why = self.client.runtime_api().refusal(best, proof).ok().flatten();
                    let why = why.map(|name| format!(": {}", String::from_utf8_lossy(&name))).unwrap_or_default();
                    Err(ErrorObjectOwned::owned(POOL_REFUSED, format!("{refused}{why}"), None::<()>))
                }
                Err(other) => Err(internal(other.to_string())),
            },
        }
    }
}

#[async_trait]
impl<C, P> WorkOrdersRpcServer for WorkOrders<C, P>
where
    C: ProvideRuntimeApi<Block> + HeaderBackend<Block> + Send + Sync + 'static,
    C::Api: WorkOrdersApi<Block, AccountId>,
    P: TransactionPool<Block = Block> + 'static,
{
    async fn redeem(&self, redemption: Bytes) -> RpcResult<bool> {
        self.submit(Proof::Redemption(decode::<Redemption>(&redemption)?)).await
    }

    async fn pledge(&self, pledge: Bytes) -> RpcResult<bool> {
        self.submit(Proof::Pledge(decode::<Pledge>(&pledge)?)).await
    }

    async fn answer(&self, answer: Bytes) -> RpcResult<bool> {
        self.submit(Proof::Answer(decode::<Answer>(&answer)?)).await
    }
}
