//! What validators sign together, and when they agree (SPEC section 1, `validation_signature`).

use alloc::vec::Vec;
use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_inherents::InherentIdentifier;
use sp_runtime::{traits::ConstU32, BoundedVec};

use crate::{
    time::{SlotNumber, MAX_VALIDATORS},
    AuraId, BlockNumber, Hash,
};

/// Where the inherent data holds a [`Batch`].
pub const INHERENT_IDENTIFIER: InherentIdentifier = *b"ergonquo";
/// Blocks under the first one of a slot: how deep the header lies that the slot's signatures are of. So deep nothing changes.
pub const HEADER_DEPTH: BlockNumber = 64;

/// What is true if a quorum says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub enum Statement {
    /// The chain has this block at this height.
    Header {
        /// Height.
        number: BlockNumber,
        /// The block's hash. Not called so: Polkadot-JS has a `hash` of its own on every value.
        block: Hash,
    },
}

/// What is signed in a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct Topic {
    /// The slot.
    pub slot: SlotNumber,
    /// What its signers say.
    pub statement: Statement,
}

impl Topic {
    /// What a validator signs. The block's hash already belongs to one chain only.
    pub fn payload(&self) -> Vec<u8> {
        (b"ergon:quorum", self).encode()
    }
}

/// A validator's signature of a topic, as nodes pass it to each other.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct Vote {
    /// What it signed.
    pub topic: Topic,
    /// With which session key.
    pub key: AuraId,
    /// Of [`Topic::payload`].
    pub signature: AuthoritySignature,
}

/// Signatures of one slot's topic, as a block carries them: each with its signer's place in the slot's set, in their order.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, TypeInfo)]
pub struct Batch {
    /// The slot whose topic it is.
    pub slot: SlotNumber,
    /// Places in the set, and signatures.
    pub signatures: BoundedVec<(u8, AuthoritySignature), ConstU32<MAX_VALIDATORS>>,
}

/// A round that takes signatures, as nodes and users see it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, TypeInfo)]
pub struct RoundInfo<AccountId> {
    /// What is signed.
    pub topic: Topic,
    /// Who may sign, by place: operators and their keys.
    pub members: Vec<(AccountId, AuraId)>,
    /// Places whose signatures are counted, ascending.
    pub signers: Vec<u8>,
    /// Whether a quorum has signed.
    pub reached: bool,
}

impl<AccountId> RoundInfo<AccountId> {
    /// Signatures that the next batch must have: a quorum of them until one stands, then any.
    pub fn least(&self) -> u32 {
        match self.reached {
            true => 1,
            false => quorum(u32::try_from(self.members.len()).unwrap_or(u32::MAX)),
        }
    }

    /// Places and keys whose signatures are not counted yet.
    pub fn missing(&self) -> impl Iterator<Item = (u8, &AuraId)> {
        let by_place = (0..=u8::MAX).zip(self.members.iter().map(|(_, key)| key));
        by_place.filter(|(place, _)| self.signers.binary_search(place).is_err())
    }
}

/// Signers that make a quorum of `members`: two thirds of them, rounded up.
pub fn quorum(members: u32) -> u32 {
    members.saturating_mul(2).div_ceil(3).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quorum_is_two_thirds_rounded_up() {
        for (members, needed) in [(0, 1), (1, 1), (2, 2), (3, 2), (4, 3), (5, 4), (6, 4), (99, 66), (100, 67)] {
            assert_eq!(quorum(members), needed, "of {members}");
        }
    }
}
