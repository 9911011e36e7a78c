//! Keeps this node's word: pledges for data that are there, answers challenges, deletes what no deal asks for any more.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use ergon_primitives::{
    nodes::NodeKey,
    order_info::HolderInfo,
    orders::{Answer, Challenge, OrderId, Pledge},
    time::SlotNumber,
    BlockNumber,
};
use sp_core::Pair;
use tokio::sync::watch;

use super::{store::Deal, transfer::blocking};
use crate::{wire::Reason, worker::Worker};

/// Blocks that an answer or a pledge has to get into one before it is sent again.
const PATIENCE_BLOCKS: BlockNumber = 3;
/// Blocks between looks at what is over.
const SWEEP_BLOCKS: BlockNumber = 20;
/// How often it looks at new data between blocks.
const PERIOD: Duration = Duration::from_secs(2);

/// What was sent, and at which height.
#[derive(Debug, Default)]
struct Sent {
    answers: HashMap<(OrderId, SlotNumber), BlockNumber>,
    pledges: HashMap<OrderId, BlockNumber>,
    /// Deals whose pledge the chain has shown.
    pledged: HashSet<OrderId>,
}

impl Sent {
    /// The open challenges that are to be answered now. Forgets those that are closed.
    fn due(&mut self, open: Vec<Challenge>, me: &NodeKey, head: BlockNumber) -> Vec<Challenge> {
        let mine: Vec<_> = open.into_iter().filter(|challenge| challenge.node == *me).collect();
        let keys: HashSet<_> = mine.iter().map(|challenge| (challenge.deal, challenge.slot)).collect();
        self.answers.retain(|key, _| keys.contains(key));
        let due = |challenge: &Challenge| {
            let at = self.answers.get(&(challenge.deal, challenge.slot));
            at.is_none_or(|at| head.saturating_sub(*at) >= PATIENCE_BLOCKS)
        };
        mine.into_iter().filter(due).collect()
    }
}

/// Keeps until it is told to stop.
pub(crate) async fn run(worker: Arc<Worker>, mut stop: watch::Receiver<bool>) {
    let mut heads = worker.chain.heads();
    let (mut sent, mut answered, mut swept) = (Sent::default(), None, 0);
    while !*stop.borrow() {
        let head = *heads.borrow_and_update();
        if answered != Some(head) {
            answered = Some(head);
            answer_all(&worker, head, &mut sent).await;
        }
        for deal in worker.store.all() {
            pledge(&worker, &deal, head, &mut sent).await;
        }
        if head.saturating_sub(swept) >= SWEEP_BLOCKS {
            swept = head;
            sweep(&worker, &mut sent).await;
        }
        tokio::select! {
            _ = heads.changed() => {}
            () = tokio::time::sleep(PERIOD) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn answer_all(worker: &Arc<Worker>, head: BlockNumber, sent: &mut Sent) {
    let open = match worker.chain.challenges().await {
        Ok(open) => open,
        Err(error) => {
            log::warn!(target: "storage", "{error}");
            return;
        }
    };
    for challenge in sent.due(open, &worker.node(), head) {
        let Challenge { deal, slot, segment, deadline, .. } = challenge;
        sent.answers.insert((deal, slot), head);
        match answer(worker, &challenge).await {
            Ok(answer) => match worker.chain.answer(&answer).await {
                Ok(()) => log::info!(target: "storage", "deal {deal}: answered for segment {segment} of slot {slot}"),
                Err(error) => log::warn!(target: "storage", "deal {deal}, slot {slot}: {error}; trying again"),
            },
            Err(reason) => log::error!(
                target: "storage",
                "deal {deal}: segment {segment} is asked for until tick {deadline}, and there is no answer: {reason}"
            ),
        }
    }
}

/// The answer to a challenge, from the disk.
async fn answer(worker: &Arc<Worker>, challenge: &Challenge) -> Result<Answer, Reason> {
    let Challenge { deal, node, slot, segment, .. } = *challenge;
    let held = worker.store.get(deal).ok_or(Reason::NotHeld)?;
    let found = blocking(move || held.tree().and_then(|tree| held.segment(&tree, segment))).await?;
    let signature = worker.key.sign(&Answer::payload(&worker.chain.genesis(), deal, &node, slot));
    Ok(Answer {
        deal,
        node,
        slot,
        segment: found.bytes.try_into().map_err(|_| Reason::BadSegment)?,
        proof: found.proof.try_into().map_err(|_| Reason::BadSegment)?,
        signature,
    })
}

/// Gives the word for data that are all there, until the chain has it.
async fn pledge(worker: &Arc<Worker>, deal: &Arc<Deal>, head: BlockNumber, sent: &mut Sent) {
    let (id, node) = (deal.id, worker.node());
    let waiting = sent.pledges.get(&id).is_some_and(|at| head.saturating_sub(*at) < PATIENCE_BLOCKS);
    if waiting || sent.pledged.contains(&id) || !deal.complete() {
        return;
    }
    let mine = |holder: &HolderInfo| holder.node == node;
    match worker.chain.deal(id).await.map(|info| info.and_then(|info| info.holders.into_iter().find(mine))) {
        Ok(Some(holder)) if holder.pledged || holder.ended => {
            sent.pledged.insert(id);
        }
        Ok(Some(_)) => {
            sent.pledges.insert(id, head);
            let signature = worker.key.sign(&Pledge::payload(&worker.chain.genesis(), id, &node));
            match worker.chain.pledge(&Pledge { deal: id, node, signature }).await {
                Ok(()) => log::info!(target: "storage", "deal {id}: pledged"),
                Err(error) => log::warn!(target: "storage", "deal {id}: {error}; trying again"),
            }
        }
        Ok(None) => {
            sent.pledges.insert(id, head);
        }
        Err(error) => log::warn!(target: "storage", "deal {id}: {error}"),
    }
}

/// Deletes data that nothing is asked for any more, as a final block says that is younger than the deal: a node that is
/// behind, or on a fork, must not cost this one its data.
async fn sweep(worker: &Arc<Worker>, sent: &mut Sent) {
    let node = worker.node();
    // A block that held a pledge may have been replaced.
    sent.pledged.clear();
    for deal in worker.store.all() {
        let over = match worker.chain.final_deal(deal.id).await {
            Ok((height, _)) if height <= deal.meta.seen_at => false,
            Ok((_, None)) => true,
            Ok((_, Some(info))) => info.holders.iter().all(|holder| holder.node != node || holder.ended),
            Err(error) => {
                log::debug!(target: "storage", "deal {}: {error}", deal.id);
                false
            }
        };
        if over {
            sent.pledged.remove(&deal.id);
            sent.pledges.remove(&deal.id);
            match worker.store.remove(deal.id) {
                Ok(()) => log::info!(target: "storage", "deal {}: over, its data are deleted", deal.id),
                Err(error) => log::error!(target: "storage", "deal {}: its data cannot be deleted: {error}", deal.id),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_are_answered_once_and_again_while_they_stay_open() {
        let me = NodeKey::from_raw([1; 32]);
        let challenge = |deal, slot| Challenge { deal, node: me, slot, segment: 0, deadline: 9 };
        let other = Challenge { node: NodeKey::from_raw([2; 32]), ..challenge(1, 1) };
        let open = vec![challenge(1, 1), other, challenge(2, 1)];
        let mut sent = Sent::default();
        assert_eq!(sent.due(open.clone(), &me, 10), [challenge(1, 1), challenge(2, 1)]);
        sent.answers.extend([((1, 1), 10), ((2, 1), 10)]);
        assert_eq!(sent.due(open.clone(), &me, 12), []);
        assert_eq!(sent.due(open, &me, 13), [challenge(1, 1), challenge(2, 1)]);
        assert_eq!(sent.due(vec![challenge(1, 2)], &me, 13), [challenge(1, 2)]);
        assert!(sent.answers.is_empty(), "closed ones are forgotten");
    }
}
