//! The client: [`account`] counts and signs for what a relay passed on, [`link`] speaks to one relay, [`route`] joins
//! the relays of a session, [`storage`] brings and fetches the data of deals.

pub mod account;
pub mod link;
mod progress;
pub mod route;
pub mod storage;

use crate::{
    chain::ChainError,
    wire::{Reason, WireError},
};

/// Why a client does not get what it wants.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The chain.
    #[error(transparent)]
    Chain(#[from] ChainError),
    /// The worker said why.
    #[error("the worker at {peer} refused: {reason}")]
    Refused {
        /// Its endpoint.
        peer: String,
        /// What it said.
        reason: Reason,
    },
    /// The stream.
    #[error("the worker at {peer} was lost: {error}")]
    Wire {
        /// Its endpoint.
        peer: String,
        /// What happened.
        error: WireError,
    },
    /// The worker does not answer.
    #[error("the worker at {peer} does not answer: {reason}")]
    Unreachable {
        /// Its endpoint.
        peer: String,
        /// Why.
        reason: String,
    },
    /// The worker does not do what the protocol says.
    #[error("the worker at {peer} is not to be trusted: {what}")]
    Dishonest {
        /// Its endpoint.
        peer: String,
        /// What it did.
        what: &'static str,
    },
    /// The order cannot be used.
    #[error("{0}")]
    Order(String),
    /// A file.
    #[error("{0}")]
    File(String),
}
