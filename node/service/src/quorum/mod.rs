//! What validators sign together: this node's votes, those of others, and the batch that its blocks carry.
//!
//! ```text
//!  a new best block --> task: asks the runtime which rounds are open, signs with own keys
//!                         |
//!      peers <------> gossip: judges and passes votes on     (protocol: its name and limits)
//!                         |
//!                       votes: holds them, for two slots
//!                         |
//!  a block to make --> provider: the batch that the block can take
//! ```
//!
//! What counts is decided by the runtime alone (`pallets/quorum`): nothing here can make a wrong signature count.

pub(crate) mod gossip;
pub(crate) mod protocol;
pub(crate) mod provider;
pub(crate) mod task;
pub(crate) mod votes;

const LOG_TARGET: &str = "ergon::quorum";

#[cfg(test)]
mod scene;
