//! The votes that this node has: those that the chain waits for, and a few that its chain is not ready for.
//!
//! Pure: told of rounds and votes, it says what is new and what a block can carry. Bounded: for each member of a set
//! one vote in each of two rounds, and one for a topic to come.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use ergon_primitives::{
    quorum::{Batch, RoundInfo, Topic, Vote},
    time::SlotNumber,
    AccountId, AuraId,
};
use sp_consensus_aura::sr25519::AuthoritySignature;
use sp_runtime::{BoundedVec, RuntimeAppPublic};

/// Rounds that the chain holds open.
const ROUNDS: usize = 2;
/// Slots after the running one of which votes are held: others may have imported a block before this node does, and
/// slots may be empty.
const AHEAD: SlotNumber = 6;

/// What was found of a vote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is good, and was kept.
    New,
    /// This node, or its chain, has this member's vote.
    Known,
    /// Of a slot that is over or far away, or of a topic that this node cannot judge.
    NotWanted,
    /// Its signer is no member of its round.
    UnknownKey,
    /// The signature is not the key's.
    BadSignature,
}

/// A round that the chain at the best block holds open.
struct Open {
    topic: Topic,
    /// Who may sign.
    members: BTreeSet<AuraId>,
    /// Of whom the chain has no signature.
    missing: BTreeSet<AuraId>,
    /// The votes of this node, of counted ones as well: a fork may undo the count.
    votes: BTreeMap<AuraId, AuthoritySignature>,
}

/// The votes, by round.
#[derive(Default)]
pub(crate) struct Votes {
    /// The latest first.
    rounds: Vec<Open>,
    /// By members of the latest round, on topics that the chain of this node does not have: of a slot to come, or of
    /// another fork.
    early: BTreeMap<AuraId, Vote>,
}

impl Votes {
    /// Tells which rounds are open at the best block, the latest first. Forgets all others; early votes find their
    /// round.
    pub(crate) fn refresh(&mut self, rounds: &[RoundInfo<AccountId>]) {
        let mut known = std::mem::take(&mut self.rounds);
        for round in rounds.iter().take(ROUNDS) {
            let before = known.iter_mut().find(|open| open.topic == round.topic);
            self.rounds.push(Open {
                topic: round.topic,
                members: round.members.iter().map(|(_, key)| key.clone()).collect(),
                missing: round.missing().map(|(_, key)| key.clone()).collect(),
                votes: before.map(|open| std::mem::take(&mut open.votes)).unwrap_or_default(),
            });
        }
        for (key, vote) in std::mem::take(&mut self.early) {
            if let Some(open) = self.rounds.iter_mut().find(|open| open.topic == vote.topic) {
                if open.members.contains(&key) {
                    open.votes.entry(key).or_insert(vote.signature);
                }
            } else if self.may_come(&vote) {
                self.early.insert(key, vote);
            }
        }
    }

    /// Takes a vote in, if it is good and wanted. Cheap questions first: at most one signature is verified.
    pub(crate) fn add(&mut self, vote: Vote) -> Verdict {
        let Some(open) = self.rounds.iter_mut().find(|open| open.topic == vote.topic) else {
            return self.add_early(vote);
        };
        if !open.members.contains(&vote.key) {
            return Verdict::UnknownKey;
        }
        if open.votes.contains_key(&vote.key) || !open.missing.contains(&vote.key) {
            return Verdict::Known;
        }
        if !is_signed(&vote) {
            return Verdict::BadSignature;
        }
        open.votes.insert(vote.key, vote.signature);
        Verdict::New
    }

    fn add_early(&mut self, vote: Vote) -> Verdict {
        if !self.may_come(&vote) {
            return Verdict::NotWanted;
        }
        // A later one takes the place of one whose topic never came.
        if self.early.get(&vote.key).is_some_and(|held| held.topic.slot >= vote.topic.slot) {
            return Verdict::Known;
        }
        if !is_signed(&vote) {
            return Verdict::BadSignature;
        }
        self.early.insert(vote.key.clone(), vote);
        Verdict::New
    }

    /// Whether the topic of a vote, which is not open, may be so soon, and its signer a member then.
    fn may_come(&self, vote: &Vote) -> bool {
        self.rounds.first().is_some_and(|running| {
            let slot = running.topic.slot;
            (slot..=slot.saturating_add(AHEAD)).contains(&vote.topic.slot) && running.members.contains(&vote.key)
        })
    }

    /// Whether it is worth passing on: this node took it in, and the chain does not have it.
    pub(crate) fn is_wanted(&self, vote: &Vote) -> bool {
        let signature = match self.rounds.iter().find(|open| open.topic == vote.topic) {
            Some(open) => open.missing.get(&vote.key).and_then(|key| open.votes.get(key)),
            None => self.early.get(&vote.key).filter(|held| held.topic == vote.topic).map(|held| &held.signature),
        };
        signature == Some(&vote.signature)
    }

    /// What holders of `keys` shall sign now.
    pub(crate) fn due(&self, keys: &[AuraId]) -> Vec<(Topic, AuraId)> {
        let of_round = |open: &Open| {
            let due = keys.iter().filter(|key| open.missing.contains(key) && !open.votes.contains_key(key));
            due.map(|key| (open.topic, key.clone())).collect::<Vec<_>>()
        };
        self.rounds.iter().flat_map(of_round).collect()
    }

    /// The batch for a block on top of one where `rounds` are open: of the first round of which it can count anything.
    pub(crate) fn batch(&self, rounds: &[RoundInfo<AccountId>]) -> Option<Batch> {
        rounds.iter().find_map(|round| {
            let votes = &self.rounds.iter().find(|open| open.topic == round.topic)?.votes;
            let signatures: Vec<_> =
                round.missing().filter_map(|(place, key)| Some((place, votes.get(key)?.clone()))).collect();
            let enough = usize::try_from(round.least()).is_ok_and(|least| signatures.len() >= least);
            enough.then(|| Batch { slot: round.topic.slot, signatures: BoundedVec::truncate_from(signatures) })
        })
    }
}

fn is_signed(vote: &Vote) -> bool {
    vote.key.verify(&vote.topic.payload(), &vote.signature)
}

/// The votes, as the parts of the node share them. Nobody holds them for longer than a signature takes to verify.
#[derive(Clone, Default)]
pub(crate) struct SharedVotes(Arc<Mutex<Votes>>);

impl SharedVotes {
    /// The votes. A thread that panicked left them whole: no change of theirs can.
    pub(crate) fn lock(&self) -> MutexGuard<'_, Votes> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quorum::scene::*;

    fn votes(rounds: &[RoundInfo<AccountId>]) -> Votes {
        let mut votes = Votes::default();
        votes.refresh(rounds);
        votes
    }

    #[test]
    fn a_batch_is_made_when_a_quorum_is_there_and_then_of_whatever_comes() {
        let rounds = [round(topic(7, 0), 4, &[])];
        let mut votes = votes(&rounds);
        for who in [4, 1] {
            assert_eq!(votes.add(vote(who, topic(7, 0))), Verdict::New);
            assert_eq!(votes.batch(&rounds), None);
        }
        votes.add(vote(2, topic(7, 0)));
        let batch = votes.batch(&rounds).expect("three of four");
        assert_eq!(batch.signatures.iter().map(|(place, _)| *place).collect::<Vec<_>>(), [0, 1, 3]);
        let reached = [round(topic(7, 0), 4, &[0, 1, 3])];
        votes.refresh(&reached);
        assert_eq!(votes.batch(&reached), None, "nothing is missing that is here");
        votes.add(vote(3, topic(7, 0)));
        let batch = votes.batch(&reached).expect("one is enough now");
        assert_eq!((batch.slot, batch.signatures[0].0, batch.signatures.len()), (7, 2, 1));
        // A fork undid the count: all of them are still here.
        votes.refresh(&rounds);
        assert_eq!(votes.batch(&rounds).map(|batch| batch.signatures.len()), Some(4));
    }

    #[test]
    fn the_latest_round_comes_first_and_the_one_before_it_takes_late_votes() {
        let rounds = [round(topic(8, 0), 4, &[]), round(topic(7, 0), 4, &[0, 1, 2])];
        let mut votes = votes(&rounds);
        votes.add(vote(4, topic(7, 0)));
        (1..=2).for_each(|who| assert_eq!(votes.add(vote(who, topic(8, 0))), Verdict::New));
        assert_eq!(votes.batch(&rounds).map(|batch| batch.slot), Some(7), "two of four are no quorum");
        votes.add(vote(3, topic(8, 0)));
        assert_eq!(votes.batch(&rounds).map(|batch| batch.slot), Some(8));
    }

    #[test]
    fn what_is_not_wanted_is_not_kept() {
        let mut votes = votes(&[round(topic(8, 0), 4, &[]), round(topic(7, 0), 4, &[0, 1, 2])]);
        let good = vote(1, topic(8, 0));
        assert_eq!(votes.add(vote(9, topic(8, 0))), Verdict::UnknownKey);
        assert_eq!(votes.add(Vote { key: key(2), ..good.clone() }), Verdict::BadSignature);
        assert_eq!(votes.add(vote(1, topic(7, 0))), Verdict::Known, "the chain has it");
        assert_eq!(votes.add(vote(1, topic(7, 1))), Verdict::NotWanted, "over, and of another fork");
        assert_eq!(votes.add(vote(1, topic(6, 0))), Verdict::NotWanted);
        assert_eq!(votes.add(vote(1, topic(15, 0))), Verdict::NotWanted);
        assert_eq!(votes.add(vote(1, topic(u64::MAX, 0))), Verdict::NotWanted);
        assert_eq!(votes.add(vote(9, topic(9, 0))), Verdict::NotWanted, "perhaps a member then");
        assert!(!votes.is_wanted(&good));
        assert_eq!(votes.add(good.clone()), Verdict::New);
        assert_eq!(votes.add(good.clone()), Verdict::Known);
        assert_eq!(votes.add(vote(1, topic(8, 0))), Verdict::Known, "the same, signed again");
        assert!(votes.is_wanted(&good));
        assert_eq!(Votes::default().add(good), Verdict::NotWanted, "nothing is open");
    }

    #[test]
    fn votes_that_come_before_the_block_are_held_once_for_each_member() {
        let mut votes = votes(&[round(topic(7, 0), 4, &[])]);
        let early = vote(1, topic(8, 0));
        assert_eq!(votes.add(Vote { key: key(2), ..early.clone() }), Verdict::BadSignature);
        assert_eq!(votes.add(early.clone()), Verdict::New);
        assert!(votes.is_wanted(&early));
        assert_eq!(votes.add(vote(1, topic(8, 1))), Verdict::Known, "one for each member");
        assert_eq!(votes.add(vote(2, topic(7, 1))), Verdict::New, "of a fork that may win");
        assert_eq!(votes.add(vote(3, topic(9, 9))), Verdict::New);
        assert_eq!(votes.add(vote(3, topic(10, 0))), Verdict::New, "a later one takes its place");
        assert!(!votes.is_wanted(&vote(3, topic(9, 9))));
        votes.refresh(&[round(topic(8, 0), 4, &[]), round(topic(7, 1), 4, &[])]);
        assert!(votes.is_wanted(&early));
        assert_eq!((votes.rounds[0].votes.len(), votes.rounds[1].votes.len(), votes.early.len()), (1, 1, 1));
        votes.refresh(&[round(topic(11, 0), 4, &[]), round(topic(8, 0), 4, &[])]);
        assert_eq!((votes.rounds[1].votes.len(), votes.early.len()), (1, 0));
        votes.refresh(&[]);
        assert!(votes.rounds.is_empty() && !votes.is_wanted(&early));
    }

    #[test]
    fn own_votes_are_due_until_made_or_counted() {
        let mut votes = votes(&[round(topic(8, 0), 4, &[]), round(topic(7, 0), 4, &[0, 1, 2])]);
        let keys = [key(1), key(4), key(9)];
        let due = [(topic(8, 0), key(1)), (topic(8, 0), key(4)), (topic(7, 0), key(4))];
        assert_eq!(votes.due(&keys), due);
        votes.add(vote(4, topic(8, 0)));
        assert_eq!(votes.due(&keys), [(topic(8, 0), key(1)), (topic(7, 0), key(4))]);
    }
}
