//! Keeps this node's word: pledges for data that are there, answers challenges, deletes what no deal asks for any more.
//!
//! A number is not enough to know a deal by: whatever is done is done for the deal with the root that is held.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::Duration,
};

use ergon_primitives::{
    nodes::NodeKey,
    order_info::{DealInfo, HolderInfo},
    orders::{Answer, Challenge, OrderId, Pledge},
    time::SlotNumber,
    BlockNumber,
};
use sp_core::Pair;
use tokio::{
    sync::{watch, Semaphore},
    task::{AbortHandle, JoinSet},
};

use super::{
    deal::{Deal, Meta},
    transfer::blocking,
};
use crate::{
    chain::ChainError,
    wire::Reason,
    worker::{stopped, Worker},
};

/// Blocks that an answer or a pledge has to get into one before it is sent again.
const PATIENCE_BLOCKS: BlockNumber = 3;
/// Blocks between looks at what is over.
const SWEEP_BLOCKS: BlockNumber = 20;
/// How often it looks at new data between blocks.
const PERIOD: Duration = Duration::from_secs(2);
/// Answers that are worked on at once: a slow disk or call holds back none but its own.
const AT_ONCE: usize = 8;

/// Keeps until it is told to stop.
pub(crate) async fn run(worker: Arc<Worker>, stop: watch::Receiver<bool>) {
    tokio::select! {
        _ = async { tokio::join!(answer_all(&worker), tidy(&worker)) } => {}
        () = stopped(stop) => {}
    }
}

/// Answers that were begun: at which height, and the task.
#[derive(Debug, Default)]
struct Begun(HashMap<(OrderId, SlotNumber), (BlockNumber, AbortHandle)>);

impl Begun {
    /// The open challenges that are to be answered now, and how many of them are new. Forgets those that are closed.
    fn due(&mut self, open: Vec<Challenge>, me: &NodeKey, head: BlockNumber) -> (Vec<Challenge>, u64) {
        let mine: Vec<_> = open.into_iter().filter(|challenge| challenge.node == *me).collect();
        let keys: HashSet<_> = mine.iter().map(|challenge| (challenge.deal, challenge.slot)).collect();
        self.0.retain(|key, (_, task)| keys.contains(key) || !task.is_finished());
        let mut new = 0u64;
        let due = mine.into_iter().filter(|challenge| match self.0.get(&(challenge.deal, challenge.slot)) {
            Some((at, task)) => task.is_finished() && head.saturating_sub(*at) >= PATIENCE_BLOCKS,
            None => {
                new = new.saturating_add(1);
                true
            }
        });
        (due.collect(), new)
    }
}

/// Looks for challenges at each block.
async fn answer_all(worker: &Arc<Worker>) {
    let mut heads = worker.chain.heads();
    let (mut begun, mut tasks) = (Begun::default(), JoinSet::new());
    let room = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let head = *heads.borrow_and_update();
        match worker.chain.challenges().await {
            Ok(open) => {
                let (due, new) = begun.due(open, &worker.node(), head);
                worker.metrics.challenged(new);
                for challenge in due {
                    let (worker, room) = (worker.clone(), room.clone());
                    let task = tasks.spawn(async move {
                        if let Ok(_place) = room.acquire().await {
                            answer(&worker, &challenge).await;
                        }
                    });
                    begun.0.insert((challenge.deal, challenge.slot), (head, task));
                }
            }
            Err(error) => log::warn!(target: "storage", "{error}"),
        }
        while tasks.try_join_next().is_some() {}
        if heads.changed().await.is_err() {
            return;
        }
    }
}

/// Answers a challenge, and says how it went.
async fn answer(worker: &Arc<Worker>, challenge: &Challenge) {
    let Challenge { deal, slot, segment, deadline, .. } = *challenge;
    let sent = match prove(worker, challenge).await {
        Ok(answer) => match worker.chain.answer(&answer).await {
            Ok(()) => {
                log::info!(target: "storage", "deal {deal}: answered for segment {segment} of slot {slot}");
                true
            }
            Err(error) => {
                log::warn!(target: "storage", "deal {deal}, slot {slot}: {error}; trying again");
                false
            }
        },
        Err(reason) => {
            log::error!(
                target: "storage",
                "deal {deal}: segment {segment} is asked for until tick {deadline}, and there is no answer: {reason}"
            );
            false
        }
    };
    worker.metrics.answered(sent, deadline.checked_sub(worker.chain.tick()));
}

/// The answer to a challenge, from the disk, if what is held is of the deal that is asked for.
pub(crate) async fn prove(worker: &Arc<Worker>, challenge: &Challenge) -> Result<Answer, Reason> {
    let Challenge { deal, node, slot, segment, .. } = *challenge;
    let held = worker.store.get(deal).ok_or(Reason::NotHeld)?;
    let asked = worker.chain.deal(deal).await.map_err(|_| Reason::Chain)?;
    if !asked.is_some_and(|info| held.meta.same(&Meta::of(&info, 0))) {
        return Err(Reason::NotHeld);
    }
    let found = blocking(move || {
        let opened = held.open()?;
        opened.segment(&*opened.tree()?, segment)
    });
    let found = found.await?;
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

/// What is known of pledges.
#[derive(Debug, Default)]
struct Pledges {
    /// At which height one was sent, or could not be.
    tried: HashMap<OrderId, BlockNumber>,
    /// Deals whose pledge the chain has shown.
    shown: HashSet<OrderId>,
}

/// Pledges, and deletes what is over.
async fn tidy(worker: &Arc<Worker>) {
    let mut heads = worker.chain.heads();
    let (mut pledges, mut swept) = (Pledges::default(), 0);
    loop {
        let head = *heads.borrow_and_update();
        for deal in worker.store.all() {
            pledge(worker, &deal, head, &mut pledges).await;
        }
        if head.saturating_sub(swept) >= SWEEP_BLOCKS {
            swept = head;
            sweep(worker).await;
            // A block that held a pledge may have been replaced, and what is over is not held any more.
            pledges.shown.clear();
            pledges.tried.retain(|id, _| worker.store.get(*id).is_some());
        }
        tokio::select! {
            waited = heads.changed() => if waited.is_err() { return },
            () = tokio::time::sleep(PERIOD) => {}
        }
    }
}

/// Gives the word for data that are all there, until the chain has it.
async fn pledge(worker: &Arc<Worker>, deal: &Arc<Deal>, head: BlockNumber, pledges: &mut Pledges) {
    let (id, node) = (deal.id, worker.node());
    let waiting = pledges.tried.get(&id).is_some_and(|at| head.saturating_sub(*at) < PATIENCE_BLOCKS);
    if waiting || pledges.shown.contains(&id) || !deal.complete() {
        return;
    }
    pledges.tried.insert(id, head);
    let known = worker.chain.deal(id).await;
    match known.map(|info| info.and_then(|info| place(info, &node, &deal.meta))) {
        Ok(Some(holder)) if holder.pledged || holder.ended => {
            pledges.shown.insert(id);
        }
        Ok(Some(_)) => {
            let signature = worker.key.sign(&Pledge::payload(&worker.chain.genesis(), id, &node));
            match worker.chain.pledge(&Pledge { deal: id, node, signature }).await {
                Ok(()) => {
                    worker.metrics.pledged();
                    log::info!(target: "storage", "deal {id}: pledged");
                }
                Err(error) => log::warn!(target: "storage", "deal {id}: {error}; trying again"),
            }
        }
        Ok(None) => {}
        Err(error) => log::warn!(target: "storage", "deal {id}: {error}"),
    }
}

/// The place of `node` in a deal, if it is the one whose data are held.
fn place(info: DealInfo, node: &NodeKey, held: &Meta) -> Option<HolderInfo> {
    if !held.same(&Meta::of(&info, 0)) {
        return None;
    }
    info.holders.into_iter().find(|holder| holder.node == *node)
}

/// Deletes data that nothing is asked for any more, as a final block says that is younger than the deal: a node that is
/// behind must not cost this one its data.
async fn sweep(worker: &Arc<Worker>) {
    for deal in worker.store.all() {
        match over(worker, &deal).await {
            Ok(true) => {}
            Ok(false) => continue,
            Err(error) => {
                log::debug!(target: "storage", "deal {}: {error}", deal.id);
                continue;
            }
        }
        let removed = blocking({
            let (worker, deal) = (worker.clone(), deal.clone());
            move || Ok(worker.store.remove(&deal))
        });
        match removed.await {
            Ok(Ok(())) => log::info!(target: "storage", "deal {}: over, its data are deleted", deal.id),
            Ok(Err(error)) => {
                log::error!(target: "storage", "deal {}: its data cannot be deleted: {error}", deal.id);
                worker.metrics.disk_failed();
            }
            Err(reason) => log::error!(target: "storage", "deal {}: its data cannot be deleted: {reason}", deal.id),
        }
    }
}

/// Whether a final block says that the data held are of no more use.
async fn over(worker: &Worker, deal: &Deal) -> Result<bool, ChainError> {
    let (height, info) = worker.chain.final_deal(deal.id).await?;
    let place = info.and_then(|info| place(info, &worker.node(), &deal.meta));
    Ok(height > deal.meta.seen_at && place.is_none_or(|holder| holder.ended))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn challenges_are_answered_once_and_again_while_they_stay_open() {
        let me = NodeKey::from_raw([1; 32]);
        let challenge = |deal, slot| Challenge { deal, node: me, slot, segment: 0, deadline: 9 };
        let other = Challenge { node: NodeKey::from_raw([2; 32]), ..challenge(1, 1) };
        let open = vec![challenge(1, 1), other, challenge(2, 1), challenge(3, 1)];
        let mut begun = Begun::default();
        assert_eq!(begun.due(open.clone(), &me, 10), (vec![challenge(1, 1), challenge(2, 1), challenge(3, 1)], 3));
        let mut tasks = JoinSet::new();
        for deal in [1, 2] {
            begun.0.insert((deal, 1), (10, tasks.spawn(async {})));
        }
        while tasks.join_next().await.is_some() {}
        begun.0.insert((3, 1), (10, tasks.spawn(std::future::pending())));
        assert_eq!(begun.due(open.clone(), &me, 12), (vec![], 0));
        assert_eq!(begun.due(open, &me, 13), (vec![challenge(1, 1), challenge(2, 1)], 0), "the third is worked on");
        assert_eq!(begun.due(vec![challenge(1, 2)], &me, 13), (vec![challenge(1, 2)], 1));
        assert_eq!(begun.0.keys().collect::<Vec<_>>(), [&(3, 1)], "closed ones are forgotten when they have ended");
    }
}
