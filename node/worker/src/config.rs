//! What a worker is told when it starts.

use std::time::Duration;

use ergon_primitives::time::Tick;

use crate::relay::target::Targets;

/// Limits and times of a worker.
#[derive(Clone, Debug)]
pub struct Config {
    /// Most relay sessions at once.
    pub max_connections: usize,
    /// Most connections at once that have not shown yet who they are.
    pub max_newcomers: usize,
    /// Most connections at once that bring or fetch data.
    pub max_transfers: usize,
    /// Most of either from one IPv4 address or IPv6 /64.
    pub max_per_address: usize,
    /// How long a newcomer may take, all told, until it has said what it wants and who it is.
    pub handshake: Duration,
    /// How long nothing may happen on a connection.
    pub idle: Duration,
    /// How long the last words of a connection may take.
    pub grace: Duration,
    /// How long a target may take to answer.
    pub connecting: Duration,
    /// Bytes that a relay passes on unpaid.
    pub credit: u64,
    /// Bytes of a client that a relay takes before it has passed them on.
    pub window: u64,
    /// How long a session must be without a connection before its receipt is redeemed.
    pub settle_after: Duration,
    /// Ticks before a session's end from which its receipt is redeemed and nothing passed on.
    pub settle_margin: Tick,
    /// Where a relay passes bytes on to.
    pub targets: Targets,
    /// Most bytes of all deals together.
    pub max_store: u64,
    /// Bytes a second that the other side of a transfer of data has to send or take.
    pub transfer_rate: u64,
    /// How long it may be slower than that.
    pub transfer_patience: Duration,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            max_connections: 64,
            max_newcomers: 64,
            max_transfers: 32,
            max_per_address: 16,
            handshake: Duration::from_secs(10),
            idle: Duration::from_secs(600),
            grace: Duration::from_secs(5),
            connecting: Duration::from_secs(10),
            credit: 1 << 20,
            window: 1 << 20,
            settle_after: Duration::from_secs(5),
            settle_margin: 24,
            targets: Targets::Public,
            max_store: 10 << 30,
            transfer_rate: 64 << 10,
            transfer_patience: Duration::from_secs(30),
        }
    }
}
