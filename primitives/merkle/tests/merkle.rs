//! Roots against another way to compute them, proofs against everything that could pass for one.

use ergon_merkle::{leaf_hash, proof_len, verify, verify_hash, Hash, Invalid, Sha256, Software, Tree, MAX_PROOF_LEN};
use proptest::prelude::*;

fn leaves(count: u64) -> Vec<Vec<u8>> {
    // Of all lengths, 64 bytes, as two hashes have, among them.
    (0..count).map(|i| i.to_be_bytes().repeat((i % 10) as usize)).collect()
}

/// The definition of RFC 9162, section 2.1.1: split at the largest power of two below the number of leaves.
fn top(leaves: &[Vec<u8>]) -> Hash {
    match leaves {
        [one] => Software::digest(&[&[0], one]),
        all => {
            let (left, right) = all.split_at(all.len().next_power_of_two() / 2);
            Software::digest(&[&[1], &top(left), &top(right)])
        }
    }
}

fn valid(tree: &Tree, index: u64, leaf: &[u8], proof: &[Hash]) -> bool {
    verify::<Software>(&tree.root(), tree.count(), index, leaf, proof).is_ok()
}

#[test]
fn roots_are_those_of_the_definition() {
    for count in 1..200 {
        let leaves = leaves(count);
        let expected = Software::digest(&[&[2], &count.to_be_bytes(), &top(&leaves)]);
        assert_eq!(Tree::new::<Software, _>(&leaves).root(), expected, "{count} leaves");
    }
    let none = Tree::new::<Software, [u8; 0]>([]);
    assert_eq!(none.root(), Software::digest(&[&[2], &[0; 8]]));
    assert_eq!((none.count(), none.proof(0)), (0, None));
    assert_eq!(verify::<Software>(&none.root(), 0, 0, &[], &[]), Err(Invalid::Index));
}

/// Computed with Python's hashlib from the table in the crate's documentation: something that other implementations can compare
/// with.
#[test]
fn a_known_tree_has_its_known_root() {
    let hex = |hash: Hash| hash.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    assert_eq!(hex(Tree::new::<Software, _>(["a", "b", "c"]).root()), KNOWN_ROOT);
}

const KNOWN_ROOT: &str = "7d36854b375536f2bb96cbc87f12825048cc9888d457bfa7a25e1b30df5f6da8";

#[test]
fn every_leaf_verifies_at_exactly_one_index() {
    for count in 1..70 {
        // All the same, which is the hardest: only the index tells them apart.
        let same = vec![b"same".to_vec(); count as usize];
        for leaves in [leaves(count), same] {
            let tree = Tree::new::<Software, _>(&leaves);
            for index in 0..count {
                let leaf = &leaves[index as usize];
                let proof = tree.proof(index).expect("there is this leaf");
                assert_eq!(Some(proof.len()), proof_len(count, index));
                assert_eq!(
                    verify_hash::<Software>(&tree.root(), count, index, leaf_hash::<Software>(leaf), &proof),
                    Ok(())
                );
                for other in 0..count + 3 {
                    let holds = valid(&tree, other, leaf, &proof);
                    let twin = leaves.get(other as usize) == Some(leaf) && tree.proof(other).as_ref() == Some(&proof);
                    assert_eq!(holds, twin, "{index} of {count} at {other}");
                }
                for other in (0..2 * count + 2).filter(|other| *other != count) {
                    assert!(
                        verify::<Software>(&tree.root(), other, index, leaf, &proof).is_err(),
                        "{count} as {other}"
                    );
                }
            }
        }
    }
}

#[test]
fn short_long_empty_and_foreign_proofs_are_refused() {
    let leaves = leaves(11);
    let tree = Tree::new::<Software, _>(&leaves);
    let check =
        |index: u64, proof: &[Hash]| verify::<Software>(&tree.root(), 11, index, &leaves[index as usize], proof);
    for index in 0..11 {
        let proof = tree.proof(index).expect("there is this leaf");
        assert_eq!(check(index, &proof[..proof.len() - 1]), Err(Invalid::Length));
        assert_eq!(check(index, &[&proof[..], &[[0; 32]]].concat()), Err(Invalid::Length));
        assert_eq!(check(index, &[]), Err(Invalid::Length));
        let mut swapped = proof.clone();
        swapped.reverse();
        if swapped != proof {
            assert_eq!(check(index, &swapped), Err(Invalid::Root));
        }
    }
    let other = Tree::new::<Software, _>(&leaves[..10]);
    assert!(!valid(&other, 3, &leaves[3], &tree.proof(3).expect("there is this leaf")));
    assert_eq!(verify::<Software>(&tree.root(), 11, 11, &[], &[]), Err(Invalid::Index));
}

#[test]
fn a_node_does_not_pass_for_a_leaf() {
    let leaves = leaves(4);
    let tree = Tree::new::<Software, _>(&leaves);
    let hashes: Vec<_> = leaves.iter().map(|leaf| leaf_hash::<Software>(leaf)).collect();
    let inner = [hashes[0], hashes[1]].concat();
    let right = Software::digest(&[&[1], &hashes[2], &hashes[3]]);
    assert!(verify::<Software>(&tree.root(), 2, 0, &inner, &[right]).is_err());
    assert!(verify::<Software>(&tree.root(), 4, 0, &inner, &[right]).is_err());
}

#[test]
fn the_largest_trees_have_bounded_proofs() {
    assert_eq!(proof_len(u64::MAX, 0), Some(MAX_PROOF_LEN));
    assert_eq!(
        proof_len(u64::MAX, u64::MAX - 1),
        Some(MAX_PROOF_LEN - 1),
        "the last one of an odd number moves up once"
    );
    assert_eq!(proof_len(u64::MAX, u64::MAX), None);
    assert_eq!(proof_len(1, 0), Some(0));
    let proof = vec![[0; 32]; MAX_PROOF_LEN];
    assert_eq!(verify::<Software>(&[0; 32], u64::MAX, 0, &[], &proof), Err(Invalid::Root));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever is changed, in the leaf, the proof or the root, is refused.
    #[test]
    fn every_mutation_is_refused(count in 1u64..100, at in any::<prop::sample::Index>(), byte in any::<prop::sample::Index>(), flip in 1u8..) {
        let leaves = leaves(count);
        let tree = Tree::new::<Software, _>(&leaves);
        let index = at.index(count as usize) as u64;
        let leaf = leaves[index as usize].clone();
        let proof = tree.proof(index).expect("there is this leaf");
        prop_assert!(valid(&tree, index, &leaf, &proof));

        let mut bad = [&proof.concat()[..], &leaf, &tree.root()].concat();
        let place = byte.index(bad.len());
        bad[place] ^= flip;
        let (siblings, rest) = bad.split_at(32 * proof.len());
        let (leaf, root) = rest.split_at(leaf.len());
        let proof: Vec<Hash> = siblings.chunks(32).map(|hash| hash.try_into().expect("32 bytes")).collect();
        let root: Hash = root.try_into().expect("32 bytes");
        prop_assert!(verify::<Software>(&root, count, index, leaf, &proof).is_err());
    }
}
