//! Counting signatures: the rules of a batch, without any storage.

use alloc::{collections::BTreeMap, vec::Vec};
use ergon_primitives::quorum::quorum;
use frame_support::ensure;
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_runtime::RuntimeAppPublic;

use crate::Round;

/// Why a batch does not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It has no signatures.
    Empty,
    /// Its places are not strictly ascending.
    Unordered,
    /// The set has no such place.
    UnknownPlace,
    /// The signature of this place was counted before.
    AlreadyCounted,
    /// No quorum stands, and these are too few to make one.
    NoQuorum,
    /// A signature is not its member's of this topic.
    BadSignature,
}

impl<AccountId: Clone> Round<AccountId> {
    /// Signatures that a batch must have: a quorum of them until one stands, then any.
    pub fn least(&self) -> u32 {
        if self.reached {
            1
        } else {
            quorum(self.size())
        }
    }

    /// Counts all of `signatures`, or none of them. Returns whose they are. Cheap questions first: a signature is
    /// verified only in a batch that counts if all are good.
    pub fn count(&mut self, signatures: &[(u8, AuthoritySignature)]) -> Result<Vec<AccountId>, Fault> {
        ensure!(!signatures.is_empty(), Fault::Empty);
        ensure!(signatures.is_sorted_by(|(a, _), (b, _)| a < b), Fault::Unordered);
        for (place, _) in signatures {
            let signed = self.signed.get(usize::from(*place)).ok_or(Fault::UnknownPlace)?;
            ensure!(!signed, Fault::AlreadyCounted);
        }
        let enough = usize::try_from(self.least()).is_ok_and(|least| signatures.len() >= least);
        ensure!(enough, Fault::NoQuorum);
        let payload = self.topic.payload();
        let mut operators = Vec::with_capacity(signatures.len());
        for (place, signature) in signatures {
            operators.push(self.signer(*place, signature, &payload).ok_or(Fault::BadSignature)?);
        }
        for (place, _) in signatures {
            if let Some(signed) = self.signed.get_mut(usize::from(*place)) {
                *signed = true;
            }
        }
        self.reached = true;
        Ok(operators)
    }

    /// What of `signatures` would be counted, in order; `None` if that is nothing. Takes them as they come, good or
    /// bad.
    pub fn sift(&self, signatures: Vec<(u8, AuthoritySignature)>) -> Option<Vec<(u8, AuthoritySignature)>> {
        let payload = self.topic.payload();
        let mut good = BTreeMap::new();
        for (place, signature) in signatures {
            let awaited = self.signed.get(usize::from(place)) == Some(&false) && !good.contains_key(&place);
            if awaited && self.signer(place, &signature, &payload).is_some() {
                good.insert(place, signature);
            }
        }
        let enough = usize::try_from(self.least()).is_ok_and(|least| good.len() >= least);
        enough.then(|| good.into_iter().collect())
    }

    /// The operator at `place`, if `signature` is its own of `payload`.
    fn signer(&self, place: u8, signature: &AuthoritySignature, payload: &[u8]) -> Option<AccountId> {
        let (operator, key) = self.members.get(usize::from(place))?;
        key.verify(&payload, signature).then(|| operator.clone())
    }
}
