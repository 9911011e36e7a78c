//! The trees that were asked for last, kept for a while: who asks for a deal and goes, again and again, does not have
//! its tree read again each time.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use ergon_merkle::Tree;

use crate::relay::sessions::lock;

/// How long one is kept after it was asked for.
const KEPT_FOR: Duration = Duration::from_secs(60);
/// Most of them.
const MOST: usize = 32;
/// Most segments of all but the last: of 4 GiB, whose trees take 64 MiB of memory.
const MOST_SEGMENTS: u64 = 1 << 20;

#[derive(Debug)]
struct Kept {
    since: Instant,
    segments: u64,
    tree: Arc<Tree>,
}

/// The last trees, the newest at the end.
#[derive(Debug, Default)]
pub(super) struct Trees(Mutex<VecDeque<Kept>>);

impl Trees {
    /// Keeps one that was asked for just now.
    pub(super) fn keep(&self, tree: &Arc<Tree>, segments: u64) {
        let mut kept = lock(&self.0);
        kept.retain(|other| !Arc::ptr_eq(&other.tree, tree));
        let others = |kept: &VecDeque<Kept>| kept.iter().fold(0u64, |sum, it| sum.saturating_add(it.segments));
        while kept.len() >= MOST || others(&kept) > MOST_SEGMENTS {
            kept.pop_front();
        }
        kept.push_back(Kept { since: Instant::now(), segments, tree: tree.clone() });
    }

    /// Lets go of those that nobody has asked for lately.
    pub(super) fn forget(&self, now: Instant) {
        lock(&self.0).retain(|kept| now.saturating_duration_since(kept.since) < KEPT_FOR);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_trees_are_kept_for_a_while_and_not_too_many() {
        let trees = Trees::default();
        let tree = || Arc::new(Tree::of_hashes::<ergon_merkle::Software>(vec![[1; 32]]));
        let held = |tree: &Arc<Tree>| Arc::strong_count(tree) > 1;
        let (large, second, third) = (tree(), tree(), tree());
        trees.keep(&large, MOST_SEGMENTS + 1);
        trees.keep(&large, MOST_SEGMENTS + 1);
        assert_eq!(Arc::strong_count(&large), 2, "once");
        trees.keep(&second, 5);
        assert!(!held(&large) && held(&second), "a large one goes when another comes");
        trees.keep(&third, MOST_SEGMENTS);
        assert!(held(&second) && held(&third));
        let many: Vec<_> = (0..MOST).map(|_| tree()).collect();
        many.iter().for_each(|tree| trees.keep(tree, 1));
        assert!(!held(&third) && many.iter().all(held));
        trees.forget(Instant::now());
        assert!(many.iter().all(held));
        trees.forget(Instant::now() + KEPT_FOR);
        assert!(!many.iter().any(held));
    }
}
