//! Tells a validator which session keys it lacks, and how to make them.
//!
//! A warning and no more: keys can be made while the node runs, and until then it is a plain node.

use log::warn;
use sp_core::crypto::key_types::{AURA, GRANDPA};
use sp_keystore::Keystore;

use crate::config::NodeHome;

/// A kind of session key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct KeyKind {
    /// What it is for.
    purpose: &'static str,
    /// Its name on the command line.
    key_type: &'static str,
    /// Its signature scheme.
    scheme: &'static str,
}

const AUTHORING: KeyKind = KeyKind { purpose: "make blocks", key_type: "aura", scheme: "sr25519" };
const VOTING: KeyKind = KeyKind { purpose: "vote on finality", key_type: "gran", scheme: "ed25519" };

/// Warns of each key a validator needs and `keystore` does not hold.
pub(crate) fn warn_of_missing(keystore: &dyn Keystore, home: &NodeHome) {
    let missing = missing(keystore);
    for kind in &missing {
        warn!(target: "ergon::keys", "{}", advice(kind, home));
    }
    if !missing.is_empty() {
        warn!(
            target: "ergon::keys",
            "Or make all keys at once, with the proof that session.setKeys asks for, by the RPC call \
             author_rotateKeysWithOwner (needs --rpc-methods unsafe). This node runs on as a plain node.",
        );
    }
}

fn missing(keystore: &dyn Keystore) -> Vec<KeyKind> {
    let mut missing = Vec::new();
    if keystore.sr25519_public_keys(AURA).is_empty() {
        missing.push(AUTHORING);
    }
    if keystore.ed25519_public_keys(GRANDPA).is_empty() {
        missing.push(VOTING);
    }
    missing
}

fn advice(kind: &KeyKind, home: &NodeHome) -> String {
    let KeyKind { purpose, key_type, scheme } = kind;
    format!(
        "This validator has no '{key_type}' key and cannot {purpose}. Insert one: \
         ergon-node key insert {home} --scheme {scheme} --key-type {key_type} (it asks for the secret)"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_keystore::testing::MemoryKeystore;

    #[test]
    fn each_missing_kind_is_named() {
        let keystore = MemoryKeystore::new();
        assert_eq!(missing(&keystore), [AUTHORING, VOTING]);
        keystore.sr25519_generate_new(AURA, None).expect("memory keystores accept keys");
        assert_eq!(missing(&keystore), [VOTING]);
        keystore.ed25519_generate_new(GRANDPA, None).expect("memory keystores accept keys");
        assert!(missing(&keystore).is_empty());
    }
}
