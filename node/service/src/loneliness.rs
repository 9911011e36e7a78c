//! Tells the operator of a node without peers what to look for. The network itself says nothing: a peer of another genesis
//! refuses the connection without a reason.

use std::{sync::Arc, time::Duration};

use futures_timer::Delay;
use log::warn;
use sc_network_sync::SyncingService;

use crate::types::{Block, Hash};

/// Time between two looks, and before the first. Finding the first ones takes seconds.
const PATIENCE: Duration = Duration::from_secs(30);

/// Looks every [`PATIENCE`], and warns once for every time it finds no peers.
pub(crate) async fn watch(sync: Arc<SyncingService<Block>>, genesis: Hash) {
    let mut told = false;
    loop {
        Delay::new(PATIENCE).await;
        let alone = sync.num_connected_peers() == 0;
        if alone && !told {
            warn!(
                target: "ergon::network",
                "⚠️  No peers. Nodes of another genesis refuse each other: is {genesis:?} the genesis of the network you mean? \
                 Then check --bootnodes and whether the network port can be reached",
            );
        }
        told = alone;
    }
}
