//! What the worker and the client need of the chain, as a trait: [`RpcChain`] asks a node, tests have a chain in
//! memory.

#[cfg(test)]
pub(crate) mod memory;
mod rpc;

use async_trait::async_trait;
use ergon_primitives::{
    nodes::NodeKey,
    order_info::{DealInfo, NodeWork, SessionInfo},
    orders::{Answer, Challenge, OrderId, Pledge, Redemption},
    time::Tick,
    BlockNumber, Hash,
};
use tokio::sync::watch;

pub use rpc::{Link, RpcChain};

/// Why the chain was not heard, or said no.
#[derive(Debug, thiserror::Error)]
pub enum ChainError {
    /// No connection.
    #[error("no ergon-node answers at {url}: {reason}. Is it running, and is this its RPC address (ws://HOST:9944)?")]
    Connect {
        /// Where it was looked for.
        url: String,
        /// What the connection said.
        reason: String,
    },
    /// The connection broke in a call.
    #[error("{method} was not answered: {reason}. The node may have stopped or be overloaded")]
    Call {
        /// The RPC method, or the runtime's.
        method: &'static str,
        /// What the connection said.
        reason: String,
    },
    /// The node, or the chain, refused.
    #[error("{method} was refused: {reason}")]
    Refused {
        /// The RPC method.
        method: &'static str,
        /// The answer.
        reason: String,
    },
    /// The answer has another shape.
    #[error("{method} answered what this version does not understand: node and worker must be of one release")]
    Answer {
        /// The RPC method, or the runtime's.
        method: &'static str,
    },
    /// The node was replaced by one of another chain.
    #[error("the node at {url} follows another chain than before: give --node the address of one of the same chain")]
    OtherChain {
        /// Where it is.
        url: String,
    },
}

/// The chain as a worker sees it. Questions are about the best block, where nothing else is said.
#[async_trait]
pub trait Chain: Send + Sync + 'static {
    /// Hash of the first block, which every signature names.
    fn genesis(&self) -> Hash;

    /// Length of a tick in milliseconds.
    fn tick_ms(&self) -> u64;

    /// The tick that runs now, by this machine's clock.
    fn tick(&self) -> Tick;

    /// The height of the best block, whenever it changes.
    fn heads(&self) -> watch::Receiver<BlockNumber>;

    /// The tick of the best block.
    async fn best_tick(&self) -> Result<Tick, ChainError>;

    /// A session; `None` if there is none with this number, or none any more. The best block may be replaced by one
    /// where the number is another order's: what is served, paid or deleted goes by [`Self::final_session`].
    async fn session(&self, id: OrderId) -> Result<Option<SessionInfo>, ChainError>;

    /// A deal; `None` if there is none with this number, or none any more. As long as its draw is not final, the number
    /// may become another's.
    async fn deal(&self, id: OrderId) -> Result<Option<DealInfo>, ChainError>;

    /// The height of the last finalised block, and the session as it is there.
    async fn final_session(&self, id: OrderId) -> Result<(BlockNumber, Option<SessionInfo>), ChainError>;

    /// The height of the last finalised block, and the deal as it is there.
    async fn final_deal(&self, id: OrderId) -> Result<(BlockNumber, Option<DealInfo>), ChainError>;

    /// Open challenges of all nodes.
    async fn challenges(&self) -> Result<Vec<Challenge>, ChainError>;

    /// What a node was drawn for.
    async fn work_of(&self, node: NodeKey) -> Result<NodeWork, ChainError>;

    /// Sends a receipt to be settled. That the node's pool has it already is no error; nor is it below.
    async fn redeem(&self, redemption: &Redemption) -> Result<(), ChainError>;

    /// Sends a node's word that it holds a deal's data.
    async fn pledge(&self, pledge: &Pledge) -> Result<(), ChainError>;

    /// Sends the answer to a challenge.
    async fn answer(&self, answer: &Answer) -> Result<(), ChainError>;
}
