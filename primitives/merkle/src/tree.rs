//! A whole tree in memory: its root, and proofs of its leaves.

use alloc::{vec, vec::Vec};

use crate::{leaf_hash, node_hash, root_hash, Hash, Sha256};

/// A tree: 64 bytes of memory for each leaf.
#[derive(Clone, Debug)]
pub struct Tree {
    /// From the leaves up; the last level has one node, or none if there are no leaves.
    levels: Vec<Vec<Hash>>,
    root: Hash,
}

impl Tree {
    /// The tree of `leaves`, in their order.
    pub fn new<S: Sha256, L: AsRef<[u8]>>(leaves: impl IntoIterator<Item = L>) -> Self {
        Self::of_hashes::<S>(leaves.into_iter().map(|leaf| leaf_hash::<S>(leaf.as_ref())).collect())
    }

    /// The tree of leaves whose hashes ([`leaf_hash`]) are known.
    pub fn of_hashes<S: Sha256>(leaves: Vec<Hash>) -> Self {
        let mut levels = vec![leaves];
        while let Some(level) = levels.last().filter(|level| level.len() > 1) {
            let next = level
                .chunks(2)
                .map(|pair| match pair {
                    [left, right] => node_hash::<S>(left, right),
                    // One at the end moves up.
                    rest => rest[0],
                })
                .collect();
            levels.push(next);
        }
        let top = levels.last().and_then(|level| level.first());
        let root = root_hash::<S>(levels[0].len() as u64, top);
        Self { levels, root }
    }

    /// The root.
    pub fn root(&self) -> Hash {
        self.root
    }

    /// Number of leaves.
    pub fn count(&self) -> u64 {
        self.levels[0].len() as u64
    }

    /// The proof of the leaf at `index`: siblings from the leaf up. `None` if there is no such leaf.
    pub fn proof(&self, index: u64) -> Option<Vec<Hash>> {
        let mut place = usize::try_from(index).ok().filter(|place| *place < self.levels[0].len())?;
        let mut proof = Vec::new();
        for level in &self.levels {
            proof.extend(level.get(place ^ 1));
            place >>= 1;
        }
        Some(proof)
    }
}
