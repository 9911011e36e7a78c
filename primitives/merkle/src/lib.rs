//! Merkle trees over byte strings, and proofs that one of them is at an index.
//!
//! The shape is that of RFC 9162, section 2.1 (Certificate Transparency): levels are joined in pairs from the left, and a node
//! without a partner moves up as it is. What is hashed with SHA-256:
//!
//! | | input |
//! |---|---|
//! | leaf | `0x00`, then its bytes |
//! | node | `0x01`, then both children |
//! | root | `0x02`, then the number of leaves as 8 bytes, the highest first, then the top node |
//!
//! So a node never passes for a leaf (CVE-2012-2459's family, and every forgery by a leaf of 64 bytes); a proof is valid for
//! one number of leaves and one index only, because both say how long it is and on which side each sibling stands; and whoever
//! has the root need not be told the number by somebody he trusts. The root of no leaves has no top node.
//!
//! [`verify`] needs no float and no `std`, allocates nothing itself, and runs on a chain: the hash function is a parameter
//! ([`Sha256`]), because there it is the host's.

#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod proof;
mod tree;

pub use proof::{proof_len, verify, verify_hash, Invalid, MAX_PROOF_LEN};
pub use tree::Tree;

/// A SHA-256 digest.
pub type Hash = [u8; 32];

/// Separates leaves.
const LEAF: u8 = 0;
/// Separates nodes.
const NODE: u8 = 1;
/// Separates roots.
const ROOT: u8 = 2;

/// Who computes SHA-256.
pub trait Sha256 {
    /// The digest of `parts`, one after the other.
    fn digest(parts: &[&[u8]]) -> Hash;
}

/// SHA-256 by the `sha2` crate.
#[derive(Clone, Copy, Debug)]
pub struct Software;

impl Sha256 for Software {
    fn digest(parts: &[&[u8]]) -> Hash {
        use sha2::Digest;
        let mut hasher = sha2::Sha256::new();
        parts.iter().for_each(|part| hasher.update(part));
        hasher.finalize().into()
    }
}

/// Hash of a leaf.
pub fn leaf_hash<S: Sha256>(bytes: &[u8]) -> Hash {
    S::digest(&[&[LEAF], bytes])
}

fn node_hash<S: Sha256>(left: &Hash, right: &Hash) -> Hash {
    S::digest(&[&[NODE], left, right])
}

/// `None` is the top of a tree without leaves.
fn root_hash<S: Sha256>(count: u64, top: Option<&Hash>) -> Hash {
    let top: &[u8] = top.map_or(&[], |top| top);
    S::digest(&[&[ROOT], &count.to_be_bytes(), top])
}
