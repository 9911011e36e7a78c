//! Pledges, challenges and answers. Only this file writes `Pledges`, `PledgeCount` and `OpenChallenges`.
//!
//! | When | What |
//! |---|---|
//! | a drawn node has the data | it pledges, and joins the list of pledges |
//! | first block of a slot | [`CHALLENGES_PER_SLOT`] pledges, each once, are asked for a segment, by randomness that the slot before has brought: everybody, if there are no more |
//! | until the deadline, a slot's ticks later | the holder answers with the segment and its path |
//! | first block after it | the challenge is missed |
//!
//! An answer counts as a unit, and as the bytes of the chunk that the segment is of. A missed challenge counts nothing and pays
//! nothing; the third in a row ends the pledge. If there were too few blocks to answer in, or the chain stood, the challenge is withdrawn.

use alloc::collections::BTreeSet;
use ergon_merkle::Sha256;
use ergon_primitives::{
    nodes::NodeKey,
    orders::{chunk_len, segments, Answer, Challenge, OrderId, Pledge, SEGMENT_BYTES},
    staking::ChainTime,
    time::{SlotNumber, Tick},
    work::{Work, WorkLedger},
    Hash,
};
use frame_support::{ensure, pallet_prelude::*, traits::Get};
use sp_runtime::{
    traits::{BlakeTwo256, Hash as _, UniqueSaturatedInto, Verify},
    SaturatedConversion,
};

use crate::{relay::Found, *};

/// SHA-256 by the host.
pub(crate) struct Host;

impl Sha256 for Host {
    fn digest(parts: &[&[u8]]) -> ergon_merkle::Hash {
        sp_io::hashing::sha2_256(&parts.concat())
    }
}

/// The first eight bytes of a hash, below `bound`: uneven by less than one part in 2^40 for any bound here.
fn pick(hash: Hash, bound: u64) -> u64 {
    let random = u64::decode(&mut hash.as_bytes()).unwrap_or(0);
    random.checked_rem(bound).unwrap_or(0)
}

/// Up to [`CHALLENGES_PER_SLOT`] of the numbers below `count`, each once, all alike: Floyd's sampling ("Programming Pearls: a sample of
/// brilliance", CACM 30(9), 1987).
fn sample(count: u32, seed: Hash) -> BTreeSet<u32> {
    let mut chosen = BTreeSet::new();
    for last in count.saturating_sub(CHALLENGES_PER_SLOT)..count {
        let random = BlakeTwo256::hash_of(&(seed, last));
        let number = pick(random, u64::from(last).saturating_add(1)).saturated_into();
        if !chosen.insert(number) {
            chosen.insert(last);
        }
    }
    chosen
}

impl<T: Config> Pallet<T> {
    pub(crate) fn judge_pledge(pledge: &Pledge) -> Result<Found<T>, Error<T>> {
        let Pledge { deal, node, signature } = pledge;
        let order = Self::running(*deal)?;
        ensure!(matches!(order.job, Job::Storage { .. }), Error::<T>::WrongJob);
        let place = order.place_of(node).ok_or(Error::<T>::WrongNode)?;
        let is_open = order.places.get(place).is_some_and(|place| place.progress == Progress::Drawn);
        ensure!(is_open, Error::<T>::AlreadyPledged);
        let payload = Pledge::payload(&Self::genesis(), *deal, node);
        ensure!(signature.verify(&payload[..], node), Error::<T>::BadNodeSignature);
        Ok((order, place))
    }

    pub(crate) fn do_pledge(pledge: &Pledge) -> DispatchResult {
        let (mut order, place) = Self::judge_pledge(pledge)?;
        let Job::Storage { challenges, .. } = order.job else { return Err(Error::<T>::WrongJob.into()) };
        let index = PledgeCount::<T>::get();
        if let Some(entry) = order.places.get_mut(place) {
            entry.progress = Progress::Pledged { index, left: challenges, missed: 0 };
        }
        // A place is below `MAX_PLACES`.
        Pledges::<T>::insert(index, (pledge.deal, place.saturated_into::<u8>()));
        PledgeCount::<T>::put(index.saturating_add(1));
        Orders::<T>::insert(pledge.deal, order);
        Self::deposit_event(Event::Pledged { deal: pledge.deal, node: pledge.node });
        Ok(())
    }

    /// Takes a pledge out of the list: the last one takes its number. `order` is the pledge's own, which the caller stores.
    fn unlist(index: u32, order: &mut Order<T::AccountId>) {
        let last = PledgeCount::<T>::get().saturating_sub(1);
        PledgeCount::<T>::put(last);
        let Some(moved) = Pledges::<T>::take(last).filter(|_| last != index) else { return };
        let this = Pledges::<T>::get(index);
        Pledges::<T>::insert(index, moved);
        let renumber = |order: &mut Order<T::AccountId>| {
            if let Some(Place { progress: Progress::Pledged { index: number, .. }, .. }) =
                order.places.get_mut(usize::from(moved.1))
            {
                *number = index;
            }
        };
        // Another place of the same deal is changed where the caller has it.
        if this.is_some_and(|(deal, _)| deal == moved.0) {
            renumber(order);
        } else {
            Orders::<T>::mutate(moved.0, |other| other.as_mut().map(renumber));
        }
    }

    /// Ends the place at `place`, if it is pledged.
    fn end_pledge(deal: OrderId, order: &mut Order<T::AccountId>, place: usize) {
        let Some(entry) = order.places.get_mut(place) else { return };
        if let Progress::Pledged { index, .. } = entry.progress {
            entry.progress = Progress::Ended;
            let node = entry.worker.node;
            Self::unlist(index, order);
            Self::deposit_event(Event::PledgeEnded { deal, node });
        }
    }

    /// Ends all pledges of an order that is closed.
    pub(crate) fn end_pledges(deal: OrderId, order: &mut Order<T::AccountId>) {
        (0..order.places.len()).for_each(|place| Self::end_pledge(deal, order, place));
    }

    /// Asks the holders of this slot. Returns how many it looked at.
    pub(crate) fn ask(slot: SlotNumber) -> u32 {
        let count = PledgeCount::<T>::get();
        if count == 0 || Self::is_migrating() {
            return 0;
        }
        let seed = BlakeTwo256::hash_of(&(T::Randomness::get(), slot, b"challenges"));
        let mut open = OpenChallenges::<T>::get();
        let sampled = sample(count, seed);
        // At most `CHALLENGES_PER_SLOT`.
        let looked_at = sampled.len().saturated_into();
        for index in sampled {
            if let Some(asked) = Self::ask_one(index, slot, seed, &open) {
                // There is room for three slots' challenges; a deadline is over before the third.
                let _full = open.try_push(asked);
                Self::deposit_event(Event::Challenged { challenge: asked.challenge });
            }
        }
        OpenChallenges::<T>::put(open);
        looked_at
    }

    /// The challenge of the pledge at `index`, unless it has one to answer. Takes it from those to come.
    fn ask_one(index: u32, slot: SlotNumber, seed: Hash, open: &[OpenChallenge]) -> Option<OpenChallenge> {
        let (deal, place) = Pledges::<T>::get(index)?;
        let mut order = Orders::<T>::get(deal)?;
        let Job::Storage { bytes, .. } = order.job else { return None };
        let Stage::Running { until } = order.stage else { return None };
        let entry = order.places.get_mut(usize::from(place))?;
        let Progress::Pledged { left, .. } = &mut entry.progress else { return None };
        let node = entry.worker.node;
        let given = Tick::from(T::Clock::get().ticks_per_slot);
        let is_asked = open.iter().any(|open| open.challenge.deal == deal && open.challenge.node == node);
        if is_asked || Self::now().saturating_add(given) > until || *left == 0 {
            return None;
        }
        *left = left.saturating_sub(1);
        Orders::<T>::insert(deal, order);
        // By the holder, not by its number, which the last author before could choose.
        let segment = pick(BlakeTwo256::hash_of(&(seed, deal, node)), segments(bytes));
        let deadline = T::Time::tick().saturating_add(given);
        let challenge = Challenge { deal, node, slot, segment, deadline };
        Some(OpenChallenge { challenge, asked: frame_system::Pallet::<T>::block_number().unique_saturated_into() })
    }

    /// Judges challenges whose deadline is over, or withdraws them if it passed in time that does not count; while a migration keeps
    /// all answers out, withdraws all. Returns how many.
    pub(crate) fn judge_missed(counts: bool) -> u32 {
        let (tick, height) = (T::Time::tick(), frame_system::Pallet::<T>::block_number());
        let migrating = Self::is_migrating();
        let (over, open): (alloc::vec::Vec<_>, alloc::vec::Vec<_>) =
            OpenChallenges::<T>::get().into_iter().partition(|open| migrating || open.challenge.deadline < tick);
        if over.is_empty() {
            return 0;
        }
        OpenChallenges::<T>::put(BoundedVec::<_, ConstU32<MAX_OPEN_CHALLENGES>>::truncate_from(open));
        let enough = BlockNumber::from(T::Clock::get().ticks_per_slot / 4).max(1);
        for OpenChallenge { challenge, asked } in &over {
            let blocks = UniqueSaturatedInto::<BlockNumber>::unique_saturated_into(height).saturating_sub(*asked);
            Self::count_missed(challenge, blocks >= enough && counts);
        }
        // At most `MAX_OPEN_CHALLENGES`.
        over.len() as u32
    }

    fn count_missed(challenge: &Challenge, is_missed: bool) {
        let Challenge { deal, node, slot, .. } = *challenge;
        let Some((mut order, place)) = Self::holder(deal, &node) else { return };
        let Some(Place { progress: Progress::Pledged { left, missed, .. }, .. }) = order.places.get_mut(place) else {
            return;
        };
        if is_missed {
            *missed = missed.saturating_add(1);
            Self::deposit_event(Event::Missed { deal, node, slot });
        } else {
            *left = left.saturating_add(1);
            Self::deposit_event(Event::Withdrawn { deal, node, slot });
        }
        if *missed >= MAX_MISSED || *left == 0 {
            Self::end_pledge(deal, &mut order, place);
        }
        Self::store(deal, order);
    }

    fn holder(deal: OrderId, node: &NodeKey) -> Option<Found<T>> {
        let order = Orders::<T>::get(deal)?;
        let place = order.place_of(node)?;
        Some((order, place))
    }

    /// Whether an answer counts, and for which place. Cheap questions first. Changes nothing.
    pub(crate) fn judge_answer(answer: &Answer) -> Result<(Found<T>, Challenge), Error<T>> {
        let Answer { deal, node, slot, segment, proof, signature } = answer;
        let order = Self::running(*deal)?;
        let Job::Storage { root, bytes, .. } = order.job else { return Err(Error::<T>::WrongJob) };
        let place = order.place_of(node).ok_or(Error::<T>::WrongNode)?;
        let challenge = OpenChallenges::<T>::get()
            .into_iter()
            .map(|open| open.challenge)
            .find(|open| open.deal == *deal && open.node == *node && open.slot == *slot)
            .ok_or(Error::<T>::NoChallenge)?;
        ensure!(T::Time::tick() <= challenge.deadline, Error::<T>::Late);
        let start = challenge.segment.saturating_mul(SEGMENT_BYTES.into());
        let length = bytes.saturating_sub(start).min(SEGMENT_BYTES.into());
        ensure!(segment.len() as u64 == length, Error::<T>::SegmentLength);
        let payload = Answer::payload(&Self::genesis(), *deal, node, *slot);
        ensure!(signature.verify(&payload[..], node), Error::<T>::BadNodeSignature);
        ergon_merkle::verify::<Host>(&root, segments(bytes), challenge.segment, segment, proof)
            .map_err(|_| Error::<T>::BadProof)?;
        Ok(((order, place), challenge))
    }

    pub(crate) fn do_answer(answer: &Answer) -> DispatchResult {
        let ((mut order, index), challenge) = Self::judge_answer(answer)?;
        let Job::Storage { bytes, price, .. } = order.job else { return Err(Error::<T>::WrongJob.into()) };
        OpenChallenges::<T>::mutate(|open| open.retain(|open| open.challenge != challenge));
        let place = order.places.get_mut(index).ok_or(Error::<T>::WrongNode)?;
        let due = price.min(place.left);
        place.left = place.left.saturating_sub(due);
        let worker = place.worker.clone();
        let is_last = match &mut place.progress {
            Progress::Pledged { left, missed, .. } => {
                *missed = 0;
                *left == 0
            }
            _ => false,
        };
        let paid = Self::pay(&worker.owner, due);
        order.unearned = order.unearned.saturating_add(due.saturating_sub(paid));
        let proven = chunk_len(bytes, challenge.segment);
        T::Ledger::add(&worker.entity, Work { units: 1, bytes: proven });
        Self::deposit_event(Event::Answered {
            deal: answer.deal,
            node: answer.node,
            entity: worker.entity,
            slot: answer.slot,
            bytes: proven,
            paid,
        });
        if is_last {
            Self::end_pledge(answer.deal, &mut order, index);
        }
        Self::store(answer.deal, order);
        Ok(())
    }
}
