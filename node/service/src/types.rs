//! The concrete types of the node, named once.
//!
//! Nothing is generic over the client or the runtime: there is one of each.

use ergon_runtime::RuntimeApi;
use sc_consensus::DefaultImportQueue;

pub use ergon_primitives::{BlockNumber, Hash, OpaqueBlock as Block};
pub use sp_consensus_aura::sr25519::AuthorityPair as AuraPair;

/// Runs the Wasm runtime. No host functions of our own: light clients and tools must be able to run the same runtime.
pub type RuntimeExecutor = sc_executor::WasmExecutor<sp_io::SubstrateHostFunctions>;
/// The client.
pub type FullClient = sc_service::TFullClient<Block, RuntimeApi, RuntimeExecutor>;
/// The database behind the client.
pub type FullBackend = sc_service::TFullBackend<Block>;
/// Fork choice: the longest chain that holds the finalised block.
pub type FullSelectChain = sc_consensus::LongestChain<FullBackend, Block>;
/// Imports blocks and the authority set changes in them.
pub type GrandpaImport = sc_consensus_grandpa::GrandpaBlockImport<FullBackend, Block, FullClient, FullSelectChain>;
/// Ties the voter to [`GrandpaImport`].
pub type GrandpaLink = sc_consensus_grandpa::LinkHalf<Block, FullClient, FullSelectChain>;
/// Verifies and imports the blocks of others.
pub type ImportQueue = DefaultImportQueue<Block>;
/// The transaction pool; fork-aware unless the command line says otherwise.
pub type TransactionPool = sc_transaction_pool::TransactionPoolHandle<Block, FullClient>;
