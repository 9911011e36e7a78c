//! What ends the process, in one line for a human.

use std::path::PathBuf;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line, a chain spec, a file or a command failed.
    #[error(transparent)]
    Cli(#[from] sc_cli::Error),
    /// The node could not start, or one of its essential tasks ended.
    #[error(transparent)]
    Node(#[from] ergon_service::Error),
    /// A validator must keep its address on the network, so it must not make up a key by itself.
    #[error("a validator needs a network key, and {} does not exist. Make it once with: {command}", .path.display())]
    NoNetworkKey {
        /// Where the key was looked for.
        path: PathBuf,
        /// The command that makes it there.
        command: String,
    },
}

/// The runner of a node wants to turn the service's errors into ours.
impl From<sc_service::Error> for Error {
    fn from(error: sc_service::Error) -> Self {
        Self::Node(error.into())
    }
}
