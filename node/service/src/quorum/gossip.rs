//! Judges what peers send, and says what is passed on.
//!
//! A vote is passed on if it is new to this node: so each goes once over each connection, and nobody but a member of
//! the set can make nodes send anything. What costs a signature's check for nothing costs the sender reputation.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use codec::DecodeAll;
use ergon_primitives::quorum::Vote;
use futures::channel::mpsc;
use log::trace;
use sc_network::{PeerId, ReputationChange};
use sc_network_gossip::{MessageIntent, ValidationResult, Validator, ValidatorContext};
use sp_runtime::traits::{BlakeTwo256, Hash as _};

use super::{
    votes::{SharedVotes, Verdict},
    LOG_TARGET,
};
use crate::{
    metrics::QuorumMetrics,
    types::{Block, Hash},
};

/// How long a vote that the chain does not have waits before it is sent again to peers that may have dropped it: they
/// were on another fork, or behind by more slots than votes are held for.
const REBROADCAST: Duration = Duration::from_secs(15);
/// Reports of peers that may wait.
const REPORTS: usize = 64;

/// What peers are told apart by.
mod cost {
    use super::ReputationChange as Rep;
    /// It is no vote at all: six of them, and the peer is banned.
    pub(super) const MALFORMED: Rep = Rep::new(-(1 << 28), "Quorum: malformed vote");
    /// Nobody who passes on what he has checked sends this, and each costs a verification.
    pub(super) const BAD_SIGNATURE: Rep = Rep::new(-(1 << 28), "Quorum: bad signature");
    /// An honest peer may be on a fork with another set.
    pub(super) const UNKNOWN_KEY: Rep = Rep::new(-(1 << 5), "Quorum: vote of no member");
}

/// A peer, and what is thought of it.
pub(crate) type Report = (PeerId, ReputationChange);

/// All votes travel under one topic of the gossip engine: which of them are kept is asked vote by vote.
pub(crate) fn gossip_topic() -> Hash {
    BlakeTwo256::hash(b"ergon:quorum")
}

/// Judges votes.
pub(crate) struct VoteValidator {
    votes: SharedVotes,
    metrics: Option<QuorumMetrics>,
    reports: Mutex<mpsc::Sender<Report>>,
    next_rebroadcast: Mutex<Instant>,
}

impl VoteValidator {
    /// One that keeps good votes in `votes`, and where its reports of peers arrive.
    pub(crate) fn new(votes: SharedVotes, metrics: Option<QuorumMetrics>) -> (Self, mpsc::Receiver<Report>) {
        let (sender, receiver) = mpsc::channel(REPORTS);
        let next_rebroadcast = Mutex::new(Instant::now() + REBROADCAST);
        (Self { votes, metrics, reports: Mutex::new(sender), next_rebroadcast }, receiver)
    }

    fn report(&self, who: &PeerId, change: ReputationChange) {
        // One too many is dropped: there are enough of its kind.
        let _sent = self.reports.lock().unwrap_or_else(PoisonError::into_inner).try_send((*who, change));
    }

    /// Whether it is time to send again what the chain still misses.
    fn is_time(&self, now: Instant) -> bool {
        let mut next = self.next_rebroadcast.lock().unwrap_or_else(PoisonError::into_inner);
        let due = now >= *next;
        if due {
            *next = now + REBROADCAST;
        }
        due
    }

    fn judge(&self, mut data: &[u8]) -> Result<Verdict, codec::Error> {
        let vote = Vote::decode_all(&mut data)?;
        Ok(self.votes.lock().add(vote))
    }
}

impl Validator<Block> for VoteValidator {
    fn validate(&self, _: &mut dyn ValidatorContext<Block>, sender: &PeerId, data: &[u8]) -> ValidationResult<Hash> {
        let verdict = self.judge(data);
        trace!(target: LOG_TARGET, "Vote from {sender}: {verdict:?}");
        match verdict {
            Ok(Verdict::New) => {
                if let Some(metrics) = &self.metrics {
                    metrics.received.inc();
                }
                return ValidationResult::ProcessAndKeep(gossip_topic());
            }
            Ok(Verdict::Known | Verdict::NotWanted) => {}
            Ok(Verdict::UnknownKey) => self.report(sender, cost::UNKNOWN_KEY),
            Ok(Verdict::BadSignature) => self.report(sender, cost::BAD_SIGNATURE),
            Err(_) => self.report(sender, cost::MALFORMED),
        }
        ValidationResult::Discard
    }

    fn message_expired<'a>(&'a self) -> Box<dyn FnMut(Hash, &[u8]) -> bool + 'a> {
        Box::new(move |_, mut data| !Vote::decode_all(&mut data).is_ok_and(|vote| self.votes.lock().is_wanted(&vote)))
    }

    fn message_allowed<'a>(&'a self) -> Box<dyn FnMut(&PeerId, MessageIntent, &Hash, &[u8]) -> bool + 'a> {
        // The engine asks anew for each round of messages; all of a round are sent again, or none.
        let mut again = None;
        Box::new(move |_, intent, _, _| match intent {
            MessageIntent::PeriodicRebroadcast => *again.get_or_insert_with(|| self.is_time(Instant::now())),
            MessageIntent::Broadcast | MessageIntent::ForcedBroadcast => true,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quorum::scene::*;
    use codec::Encode;
    use futures::StreamExt;

    /// The validator sends nothing by itself.
    struct Silence;

    impl ValidatorContext<Block> for Silence {
        fn broadcast_topic(&mut self, _: Hash, _: bool) {
            panic!("sent something");
        }
        fn broadcast_message(&mut self, _: Hash, _: Vec<u8>, _: bool) {
            panic!("sent something");
        }
        fn send_message(&mut self, _: &PeerId, _: Vec<u8>) {
            panic!("sent something");
        }
        fn send_topic(&mut self, _: &PeerId, _: Hash, _: bool) {
            panic!("sent something");
        }
    }

    fn validator() -> (VoteValidator, mpsc::Receiver<Report>, SharedVotes) {
        let votes = SharedVotes::default();
        votes.lock().refresh(&[round(topic(8, 0), 4, &[]), round(topic(7, 0), 4, &[0, 1, 2])]);
        let (validator, reports) = VoteValidator::new(votes.clone(), None);
        (validator, reports, votes)
    }

    fn is_kept(validator: &VoteValidator, data: &[u8]) -> bool {
        match validator.validate(&mut Silence, &PeerId::random(), data) {
            ValidationResult::ProcessAndKeep(topic) => topic == gossip_topic(),
            ValidationResult::ProcessAndDiscard(_) => panic!("what is good is passed on"),
            ValidationResult::Discard => false,
        }
    }

    #[test]
    fn good_votes_are_passed_on_once() {
        let (validator, mut reports, _) = validator();
        let good = vote(1, topic(8, 0)).encode();
        assert!(is_kept(&validator, &good));
        assert!(!is_kept(&validator, &good));
        assert!(is_kept(&validator, &vote(4, topic(7, 0)).encode()), "late");
        assert!(is_kept(&validator, &vote(2, topic(9, 0)).encode()), "early");
        assert!(!is_kept(&validator, &vote(1, topic(7, 0)).encode()), "counted");
        assert!(!is_kept(&validator, &vote(1, topic(6, 0)).encode()), "over");
        assert!(reports.try_recv().is_err(), "an honest peer may do all of this");
    }

    #[test]
    fn bad_votes_cost_their_sender_reputation() {
        let (validator, mut reports, _) = validator();
        let good = vote(1, topic(8, 0));
        let forged = Vote { key: key(2), ..good.clone() }.encode();
        let longer = [good.encode(), vec![0]].concat();
        for (bad, cost) in [
            (forged, cost::BAD_SIGNATURE),
            (vote(9, topic(8, 0)).encode(), cost::UNKNOWN_KEY),
            (longer, cost::MALFORMED),
            (vec![], cost::MALFORMED),
            (vec![0xff; 4_096], cost::MALFORMED),
        ] {
            let sender = PeerId::random();
            let result = validator.validate(&mut Silence, &sender, &bad);
            assert!(matches!(result, ValidationResult::Discard));
            assert_eq!(futures::executor::block_on(reports.next()), Some((sender, cost)));
        }
        assert!(is_kept(&validator, &good.encode()), "and none of them takes a good one's place");
    }

    #[test]
    fn a_flood_of_bad_votes_does_not_pile_up() {
        let (validator, mut reports, _) = validator();
        (0..10 * REPORTS).for_each(|_| assert!(!is_kept(&validator, b"bad")));
        drop(validator);
        let mut waiting = 0;
        while futures::executor::block_on(reports.next()).is_some() {
            waiting += 1;
        }
        assert!((1..=REPORTS + 1).contains(&waiting), "{waiting}");
    }

    #[test]
    fn counted_votes_are_not_passed_on() {
        let (validator, _reports, votes) = validator();
        let good = vote(1, topic(8, 0)).encode();
        assert!(is_kept(&validator, &good));
        assert!(!validator.message_expired()(gossip_topic(), &good));
        votes.lock().refresh(&[round(topic(8, 0), 4, &[0, 1, 2])]);
        assert!(validator.message_expired()(gossip_topic(), &good));
        assert!(validator.message_expired()(gossip_topic(), b"bad"));
    }

    #[test]
    fn votes_are_sent_again_after_a_while_only() {
        let (validator, _reports, _) = validator();
        let now = Instant::now();
        assert!(!validator.is_time(now));
        assert!(validator.is_time(now + 2 * REBROADCAST));
        assert!(!validator.is_time(now + 2 * REBROADCAST));
        let peer = PeerId::random();
        let mut allowed = validator.message_allowed();
        assert!(allowed(&peer, MessageIntent::Broadcast, &gossip_topic(), b""));
        assert!(!allowed(&peer, MessageIntent::PeriodicRebroadcast, &gossip_topic(), b""));
    }
}
