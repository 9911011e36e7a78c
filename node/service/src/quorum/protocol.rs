//! The network protocol of votes: its name, which binds it to this chain's genesis, and its limits.

use std::sync::Arc;

use sc_network::{
    config::{NonReservedPeerMode, SetConfig},
    peer_store::PeerStoreProvider,
    NetworkBackend, NotificationMetrics, NotificationService, ProtocolName,
};

use crate::types::{Block, Hash};

/// Bytes of a message at most. A vote has fewer than 200.
const MAX_MESSAGE: u64 = 4_096;

/// The protocol's name on the chain with this genesis.
pub(crate) fn name(genesis: Hash, fork_id: Option<&str>) -> ProtocolName {
    match fork_id {
        Some(fork_id) => format!("/{genesis:x}/{fork_id}/quorum/1").into(),
        None => format!("/{genesis:x}/quorum/1").into(),
    }
}

/// What the network needs to serve the protocol, and this node's end of it. It has no slots of its own: the gossip
/// engine asks for those peers that the node syncs with.
pub(crate) fn configure<N: NetworkBackend<Block, Hash>>(
    name: ProtocolName,
    metrics: NotificationMetrics,
    peers: Arc<dyn PeerStoreProvider>,
) -> (N::NotificationProtocolConfig, Box<dyn NotificationService>) {
    let set = SetConfig {
        in_peers: 0,
        out_peers: 0,
        reserved_nodes: Vec::new(),
        non_reserved_mode: NonReservedPeerMode::Deny,
    };
    N::notification_config(name, Vec::new(), MAX_MESSAGE, None, set, metrics, peers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quorum::scene::*;
    use codec::Encode;

    #[test]
    fn the_name_is_of_one_chain_and_a_vote_fits_into_a_message() {
        let genesis = Hash::repeat_byte(0xab);
        assert_eq!(&*name(genesis, None), format!("/{}/quorum/1", "ab".repeat(32)));
        assert_eq!(&*name(genesis, Some("two")), format!("/{}/two/quorum/1", "ab".repeat(32)));
        let length = vote(1, topic(u64::MAX, 0)).encode().len();
        assert!(length < 200, "{length}");
    }
}
