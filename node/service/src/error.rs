//! Why the node cannot start. Fatal, every one of them.

use std::net::SocketAddr;

use ergon_primitives::Hash;
use substrate_prometheus_endpoint::PrometheusError;

use crate::config::NodeHome;

/// Why the node cannot start, and what to do about it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A part of the SDK's service failed.
    #[error(transparent)]
    Service(#[from] sc_service::Error),
    /// The client or its database failed.
    #[error(transparent)]
    Client(#[from] sp_blockchain::Error),
    /// Authoring or the import queue could not be built.
    #[error(transparent)]
    Consensus(#[from] sp_consensus::Error),
    /// Telemetry could not be started; `--no-telemetry` does without.
    #[error(transparent)]
    Telemetry(#[from] sc_telemetry::Error),
    /// Two metrics have one name: a defect of this binary.
    #[error(transparent)]
    Metrics(#[from] PrometheusError),
    /// The chain's runtime did not answer a call the node depends on.
    #[error("the chain's runtime could not answer: {0}")]
    RuntimeApi(#[from] sp_api::ApiError),
    /// Off-chain workers could not get their HTTP client.
    #[error("off-chain workers could not start: {0}; `--offchain-worker never` does without")]
    Offchain(std::io::Error),
    /// The spec parses, but no genesis block can be made from it.
    #[error("chain spec '{chain}' has no usable genesis: {reason}")]
    Genesis {
        /// Id of the chain.
        chain: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The spec is for another kind of chain.
    #[error("this chain spec is for runtime '{found}', not 'ergon': start '{chain}' with that chain's own node")]
    ForeignRuntime {
        /// Id of the chain.
        chain: String,
        /// `spec_name` of its genesis runtime.
        found: String,
    },
    /// The spec is a draft: nobody holds the keys of its validators.
    #[error(
        "chain '{chain}' has placeholder validator keys in its genesis: it has not been launched. \
         Make a spec with real keys (see docs/launch.md) or use --chain local"
    )]
    PlaceholderKeys {
        /// Name of the chain.
        chain: String,
    },
    /// The database was made from another genesis under the same chain id.
    #[error(
        "the database is of another chain with the same id: its genesis is {found:?}, the chain spec's is {expected:?}. \
         Remove it with: ergon-node purge-chain {home}"
    )]
    ForeignDatabase {
        /// Genesis hash in the database.
        found: Hash,
        /// Genesis hash of the chain spec.
        expected: Hash,
        /// Where the database lies.
        home: NodeHome,
    },
    /// Another process listens there, often another node.
    #[error(
        "{address} is in use by another process, perhaps another node: stop it or choose another port with {option}"
    )]
    PortInUse {
        /// Address that could not be bound.
        address: SocketAddr,
        /// Option that changes it.
        option: &'static str,
    },
}

impl From<Error> for sc_service::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Service(error) => error,
            other => sc_service::Error::Application(Box::new(other)),
        }
    }
}
