//! Proofs: how long they are, and whether they are valid. Pure.

use crate::{leaf_hash, node_hash, root_hash, Hash, Sha256};

/// Most siblings of a proof: for the largest number of leaves.
pub const MAX_PROOF_LEN: usize = 64;

/// Why a proof does not show what it claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Invalid {
    /// The tree has no leaf at this index.
    Index,
    /// A proof for this index has another number of siblings.
    Length,
    /// It leads to another root: another tree, number of leaves, index or leaf.
    Root,
}

impl core::fmt::Display for Invalid {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Index => "the tree has no leaf at this index",
            Self::Length => "a proof for this index has another number of siblings",
            Self::Root => "the proof leads to another root",
        })
    }
}

#[cfg(feature = "std")]
impl std::error::Error for Invalid {}

/// Number of siblings in the proof of the leaf at `index`, of `count`; `None` if there is no such leaf.
pub fn proof_len(count: u64, index: u64) -> Option<usize> {
    (index < count).then(|| Sides { index, last: count - 1 }.count())
}

/// On which side the sibling stands, from the leaf up; levels in which the node has none are left out.
struct Sides {
    /// Position of the node in its level.
    index: u64,
    /// Position of the level's last node: 0 at the top.
    last: u64,
}

/// Where a sibling stands.
enum Side {
    Left,
    Right,
}

impl Iterator for Sides {
    type Item = Side;

    fn next(&mut self) -> Option<Side> {
        while self.last > 0 {
            let Self { index, last } = *self;
            self.index >>= 1;
            self.last >>= 1;
            if index % 2 == 1 {
                return Some(Side::Left);
            }
            if index < last {
                return Some(Side::Right);
            }
        }
        None
    }
}

/// Checks that the tree with this `root` has `count` leaves, and that the one at `index` is `leaf`. At most [`MAX_PROOF_LEN`]
/// + 2 hashes, whatever the proof is; the leaf's own comes first.
///
/// # Errors
/// See [`Invalid`].
pub fn verify<S: Sha256>(root: &Hash, count: u64, index: u64, leaf: &[u8], proof: &[Hash]) -> Result<(), Invalid> {
    verify_hash::<S>(root, count, index, leaf_hash::<S>(leaf), proof)
}

/// [`verify`], for who has the hash of the leaf ([`leaf_hash`]) and not its bytes.
///
/// # Errors
/// See [`Invalid`].
pub fn verify_hash<S: Sha256>(root: &Hash, count: u64, index: u64, leaf: Hash, proof: &[Hash]) -> Result<(), Invalid> {
    let length = proof_len(count, index).ok_or(Invalid::Index)?;
    if proof.len() != length {
        return Err(Invalid::Length);
    }
    let sides = Sides { index, last: count - 1 };
    let top = sides.zip(proof).fold(leaf, |node, (side, sibling)| match side {
        Side::Left => node_hash::<S>(sibling, &node),
        Side::Right => node_hash::<S>(&node, sibling),
    });
    if root_hash::<S>(count, Some(&top)) == *root {
        Ok(())
    } else {
        Err(Invalid::Root)
    }
}
