//! Validators, rounds and votes for the tests of this folder.

use ergon_primitives::{
    quorum::{RoundInfo, Statement, Topic, Vote},
    time::SlotNumber,
    AccountId, AuraId, Hash,
};
use sp_core::{sr25519::Pair, Pair as _};

/// Validator `who`, whose seed can be given to a keystore.
pub(crate) fn seed(who: u8) -> String {
    format!("//{who}")
}

fn pair(who: u8) -> Pair {
    Pair::from_string(&seed(who), None).expect("a good seed")
}

pub(crate) fn key(who: u8) -> AuraId {
    pair(who).public().into()
}

/// The topic of `slot` on the fork `fork`.
pub(crate) fn topic(slot: SlotNumber, fork: u8) -> Topic {
    Topic { slot, statement: Statement::Header { number: 9, block: Hash::repeat_byte(fork) } }
}

/// A round of the validators 1 to `members`, at places 0 and up.
pub(crate) fn round(topic: Topic, members: u8, signers: &[u8]) -> RoundInfo<AccountId> {
    let members = (1..=members).map(|who| (AccountId::from([who; 32]), key(who)));
    RoundInfo { topic, members: members.collect(), signers: signers.to_vec(), reached: !signers.is_empty() }
}

/// A good vote.
pub(crate) fn vote(who: u8, topic: Topic) -> Vote {
    Vote { topic, key: key(who), signature: pair(who).sign(&topic.payload()).into() }
}
