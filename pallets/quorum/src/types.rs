//! What is stored of a round.

use alloc::vec::Vec;
use codec::{Decode, Encode, MaxEncodedLen};
use ergon_primitives::{
    quorum::{RoundInfo, Topic},
    time::MAX_VALIDATORS,
    AuraId,
};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

/// Places in a set are told in one byte.
const _: () = assert!(MAX_VALIDATORS <= 256);

/// A slot's topic, and who has signed it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Round<AccountId> {
    /// What is signed.
    pub topic: Topic,
    /// Who may sign: the active set as it was when the round began, in its order.
    pub members: BoundedVec<(AccountId, AuraId), ConstU32<MAX_VALIDATORS>>,
    /// For each member, whether its signature is counted. Written by `count.rs`.
    pub signed: BoundedVec<bool, ConstU32<MAX_VALIDATORS>>,
    /// Whether a quorum has signed. Written by `count.rs`.
    pub reached: bool,
}

impl<AccountId: Clone> Round<AccountId> {
    /// A round that nobody has signed.
    pub fn new(topic: Topic, members: Vec<(AccountId, AuraId)>) -> Self {
        let members = BoundedVec::truncate_from(members);
        let signed = BoundedVec::truncate_from(members.iter().map(|_| false).collect());
        Self { topic, members, signed, reached: false }
    }

    /// Members, which are 100 at most.
    pub fn size(&self) -> u32 {
        u32::try_from(self.members.len()).unwrap_or(MAX_VALIDATORS)
    }

    /// Members whose signatures are counted.
    pub fn signers(&self) -> u32 {
        self.signed.iter().fold(0, |sum: u32, signed| sum.saturating_add((*signed).into()))
    }

    /// The same, for nodes and users.
    pub fn info(&self) -> RoundInfo<AccountId> {
        let signers = (0u8..=u8::MAX).zip(&self.signed).filter_map(|(place, signed)| signed.then_some(place));
        RoundInfo {
            topic: self.topic,
            members: self.members.to_vec(),
            signers: signers.collect(),
            reached: self.reached,
        }
    }
}
