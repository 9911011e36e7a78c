//! Assembles the Ergon node from its subsystems.
//!
//! Every file owns one subsystem: it builds it, spawns it and does nothing else. Nothing here knows the command line (that is
//! `ergon-cli`) or decides anything about consensus (that is the runtime).
//!
//! ```text
//!  Configuration
//!       |
//!     ports            refuse an occupied port, with the option that changes it
//!       |
//!    partial           genesis_guard -> client, backend, pool, keystore, GRANDPA import, seal_watch (seal_memory),
//!       |             import_queue
//!       |
//!  genesis_guard       refuse a chain that was never launched
//!       |
//!    network           GRANDPA protocol, quorum protocol, warp sync
//!       |
//!      full ---------> offchain, rpc, authoring (inherents), finality, schedule_watch (metrics),
//!                       seal_reports, beacons, quorum, keys, loneliness
//! ```
//!
//! [`full::start`] calls them in that order; [`partial::build`] alone is enough for the commands that work on a database.

pub mod config;
pub mod error;
pub mod finality;
pub mod full;
pub mod genesis_guard;
pub mod partial;
pub mod types;

mod authoring;
mod beacons;
mod import_queue;
mod inherents;
mod keys;
mod loneliness;
mod metrics;
mod network;
mod offchain;
mod ports;
mod quorum;
mod rpc;
mod schedule_watch;
mod seal_memory;
mod seal_reports;
mod seal_watch;

pub use config::NodeHome;
pub use error::Error;
pub use full::start;
pub use partial::Partial;
