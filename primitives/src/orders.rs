//! Paid work: what the owner of an order, its client and its nodes sign (SPEC section 1, "Work credits").
//!
//! Every payload begins with its own domain and the chain's genesis hash, so a signature means one thing on one chain.

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::sr25519;
use sp_runtime::{traits::ConstU32, BoundedVec};

use crate::{
    nodes::NodeKey,
    time::{SlotNumber, Tick},
    Hash,
};

/// Number of an order: a relay session or a storage deal. Never used twice.
pub type OrderId = u64;

/// Most nodes that work for one order: relays of a session, holders of a deal.
pub const MAX_PLACES: u32 = 3;
/// Bytes of a segment, a leaf of the tree of a deal's data; the last may be shorter.
pub const SEGMENT_BYTES: u32 = 4_096;
/// Bytes of a chunk: 1,024 segments, less than a credit's bytes. A challenge asks for a segment of one.
pub const CHUNK_BYTES: u64 = 1_024 * SEGMENT_BYTES as u64;
/// Most bytes of a deal: 4,096 chunks, 16 GiB.
pub const MAX_DEAL_BYTES: u64 = 4_096 * CHUNK_BYTES;
/// Most siblings of a segment's proof: that many segments make a tree of 22 levels.
pub const MAX_SEGMENT_PROOF: u32 = 22;

/// A client's word that a relay has passed this many bytes on, all told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Receipt {
    /// The session.
    pub session: OrderId,
    /// The relay.
    pub relay: NodeKey,
    /// Bytes since the session began, in both directions.
    pub bytes: u64,
    /// Counts the client's receipts for this relay, from 1.
    pub sequence: u32,
}

impl Receipt {
    /// What the client signs.
    pub fn payload(&self, genesis: &Hash) -> Vec<u8> {
        (b"ergon:receipt", genesis, self).encode()
    }

    /// What the relay signs to have this receipt settled, and no other.
    pub fn redemption(&self, genesis: &Hash) -> Vec<u8> {
        (b"ergon:redeem", genesis, self).encode()
    }
}

/// A receipt with both signatures. A relay sends one for each session: its last.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Redemption {
    /// What is redeemed.
    pub receipt: Receipt,
    /// The client's, of [`Receipt::payload`].
    pub client: sr25519::Signature,
    /// The relay's, of [`Receipt::redemption`].
    pub relay: sr25519::Signature,
}

/// A node's word that it holds all data of a deal.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Pledge {
    /// The deal.
    pub deal: OrderId,
    /// The node.
    pub node: NodeKey,
    /// Its signature of [`Pledge::payload`].
    pub signature: sr25519::Signature,
}

impl Pledge {
    /// What the node signs.
    pub fn payload(genesis: &Hash, deal: OrderId, node: &NodeKey) -> Vec<u8> {
        (b"ergon:pledge", genesis, deal, node).encode()
    }
}

/// A question to a holder: which segment, and until when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Challenge {
    /// The deal.
    pub deal: OrderId,
    /// Who is asked.
    pub node: NodeKey,
    /// The slot that asks: once at most for each holder.
    pub slot: SlotNumber,
    /// Index of the segment.
    pub segment: u64,
    /// The last tick whose block takes the answer.
    pub deadline: Tick,
}

/// The answer to a challenge.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Answer {
    /// The deal.
    pub deal: OrderId,
    /// Who answers.
    pub node: NodeKey,
    /// The slot that asked.
    pub slot: SlotNumber,
    /// The segment's bytes.
    pub segment: BoundedVec<u8, ConstU32<SEGMENT_BYTES>>,
    /// Its siblings in the tree, from the leaf up.
    pub proof: BoundedVec<[u8; 32], ConstU32<MAX_SEGMENT_PROOF>>,
    /// The node's signature of [`Answer::payload`].
    pub signature: sr25519::Signature,
}

impl Answer {
    /// What the node signs: segment and path are bound by the root already.
    pub fn payload(genesis: &Hash, deal: OrderId, node: &NodeKey, slot: SlotNumber) -> Vec<u8> {
        (b"ergon:answer", genesis, deal, node, slot).encode()
    }
}

/// What workers send.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub enum Proof {
    /// A relay's last receipt of a session.
    Redemption(Redemption),
    /// A holder's word that it has the data.
    Pledge(Pledge),
    /// A holder's answer.
    Answer(Answer),
}

/// Segments of `bytes` bytes of data.
pub fn segments(bytes: u64) -> u64 {
    bytes.div_ceil(SEGMENT_BYTES.into())
}

/// Bytes of the chunk that holds `segment`, of `bytes` bytes of data; zero if it has no such segment.
pub fn chunk_len(bytes: u64, segment: u64) -> u64 {
    let chunk = segment / (CHUNK_BYTES / u64::from(SEGMENT_BYTES));
    bytes.saturating_sub(chunk.saturating_mul(CHUNK_BYTES)).min(CHUNK_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::work::BYTES_PER_CREDIT;

    #[test]
    fn chunks_are_what_their_segments_are_of() {
        assert_eq!((segments(0), segments(1), segments(4_096), segments(4_097)), (0, 1, 1, 2));
        assert_eq!((chunk_len(10, 0), chunk_len(CHUNK_BYTES, 1_023)), (10, CHUNK_BYTES));
        assert_eq!((chunk_len(CHUNK_BYTES + 1, 1_023), chunk_len(CHUNK_BYTES + 1, 1_024)), (CHUNK_BYTES, 1));
        assert_eq!(chunk_len(CHUNK_BYTES, 1_024), 0);
        const { assert!(CHUNK_BYTES <= BYTES_PER_CREDIT, "an answer is one credit, by its unit and by its bytes") };
        assert!(segments(MAX_DEAL_BYTES) <= 1 << MAX_SEGMENT_PROOF);
    }

    #[test]
    fn no_two_signatures_mean_the_same() {
        let (genesis, node) = (Hash::repeat_byte(1), NodeKey::from_raw([2; 32]));
        let receipt = Receipt { session: 1, relay: node, bytes: 2, sequence: 3 };
        let payloads = [
            receipt.payload(&genesis),
            receipt.redemption(&genesis),
            Pledge::payload(&genesis, 1, &node),
            Answer::payload(&genesis, 1, &node, 2),
            crate::nodes::consent(&genesis, &[2u8; 32]),
        ];
        for (i, one) in payloads.iter().enumerate() {
            assert!(payloads.iter().skip(i + 1).all(|other| one != other && !other.starts_with(one)));
        }
        assert_ne!(receipt.payload(&genesis), receipt.payload(&Hash::zero()), "another chain");
    }

    #[test]
    fn a_signature_is_of_one_chain_order_node_and_slot() {
        let (chains, nodes) = ([Hash::zero(), Hash::repeat_byte(1)], [2, 3].map(|byte| NodeKey::from_raw([byte; 32])));
        let mut payloads = Vec::new();
        for (chain, order, node, number) in chains.iter().flat_map(|chain| {
            nodes.iter().flat_map(move |node| [(chain, 1, node, 4), (chain, 1, node, 5), (chain, 2, node, 4)])
        }) {
            let receipt = Receipt { session: order, relay: *node, bytes: number, sequence: 6 };
            let older = Receipt { sequence: 5, ..receipt };
            payloads.extend([receipt.payload(chain), receipt.redemption(chain), older.payload(chain)]);
            payloads.push(Answer::payload(chain, order, node, number));
            if number == 4 {
                payloads.push(Pledge::payload(chain, order, node));
            }
        }
        let all = payloads.len();
        payloads.sort();
        payloads.dedup();
        assert_eq!(payloads.len(), all);
    }
}
