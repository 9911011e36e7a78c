//! Keeps this node's word: pledges for data that are there, answers challenges, deletes what no deal asks for any more.
//!
//! A number is not enough to know a deal by: whatever is done is done for the deal with the root that is held.

use std::{
    collections::{HashMap, HashSet},
    io,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use ergon_primitives::{
    nodes::NodeKey,
    order_info::{DealInfo, HolderInfo},
    orders::{Answer, Challenge, OrderId, Pledge},
    time::SlotNumber,
    BlockNumber,
};
use sp_core::{sr25519::Signature, Pair};
use tokio::{
    sync::{watch, Semaphore},
    task::{AbortHandle, JoinSet},
};

use super::{
    deal::{Deal, Meta},
    store::Store,
    transfer::blocking,
};
use crate::{
    chain::ChainError,
    relay::sessions::lock,
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

/// What was signed, so that the pool knows the same bytes again: no two signatures are the same. Made anew only when the
/// chain has refused it, as the pool takes nothing again for a while that it found wrong.
pub(crate) type Signed = Arc<Mutex<Option<Signature>>>;

/// Answers that were begun: at which height, the task, and what is signed.
#[derive(Debug, Default)]
struct Begun(HashMap<(OrderId, SlotNumber), (BlockNumber, AbortHandle, Signed)>);

impl Begun {
    /// The open challenges that are to be answered now, and how many of them are new. Forgets those that are closed.
    fn due(&mut self, open: Vec<Challenge>, me: &NodeKey, head: BlockNumber) -> (Vec<Challenge>, u64) {
        let mine: Vec<_> = open.into_iter().filter(|challenge| challenge.node == *me).collect();
        let keys: HashSet<_> = mine.iter().map(|challenge| (challenge.deal, challenge.slot)).collect();
        self.0.retain(|key, (_, task, _)| keys.contains(key) || !task.is_finished());
        let mut new = 0u64;
        let due = mine.into_iter().filter(|challenge| match self.0.get(&(challenge.deal, challenge.slot)) {
            Some((at, task, _)) => task.is_finished() && head.saturating_sub(*at) >= PATIENCE_BLOCKS,
            None => {
                new = new.saturating_add(1);
                true
            }
        });
        (due.collect(), new)
    }

    fn signed(&self, challenge: &Challenge) -> Signed {
        self.0.get(&(challenge.deal, challenge.slot)).map_or_else(Signed::default, |(_, _, signed)| signed.clone())
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
                    let signed = begun.signed(&challenge);
                    let (worker, room, kept) = (worker.clone(), room.clone(), signed.clone());
                    let task = tasks.spawn(async move {
                        if let Ok(_place) = room.acquire().await {
                            answer(&worker, &challenge, &kept).await;
                        }
                    });
                    begun.0.insert((challenge.deal, challenge.slot), (head, task, signed));
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
async fn answer(worker: &Arc<Worker>, challenge: &Challenge, signed: &Signed) {
    let Challenge { deal, slot, segment, deadline, .. } = *challenge;
    let sent = match prove(worker, challenge, signed).await {
        Ok(answer) => match judged(worker.chain.answer(&answer).await, signed) {
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
                "deal {deal}: segment {segment} is asked for until tick {deadline}, and there is no answer: {}", why(reason)
            );
            false
        }
    };
    worker.metrics.answered(sent, deadline.checked_sub(worker.chain.tick()));
}

/// Forgets what was signed if the chain has refused it.
fn judged(sent: Result<(), ChainError>, signed: &Signed) -> Result<(), ChainError> {
    if let Err(ChainError::Refused { .. }) = &sent {
        *lock(signed) = None;
    }
    sent
}

/// What a reason means to who runs the worker: those on the wire speak to clients.
fn why(reason: Reason) -> String {
    match reason {
        Reason::NotHeld => "this deal's data are not here. Have them brought with `ergon-worker put`".into(),
        Reason::Chain => "the node does not say of which deal it is. Does it run?".into(),
        Reason::Disk => "the data cannot be read, as a line before says of this deal".into(),
        Reason::BadSegment => "the deal has no such segment. Are node and worker of one release?".into(),
        other => other.to_string(),
    }
}

/// The answer to a challenge, from the disk, if what is held is of the deal that is asked for.
pub(crate) async fn prove(worker: &Arc<Worker>, challenge: &Challenge, signed: &Signed) -> Result<Answer, Reason> {
    let Challenge { deal, node, slot, segment, .. } = *challenge;
    let held = worker.store.get(deal).ok_or(Reason::NotHeld)?;
    let asked = worker.chain.deal(deal).await.map_err(|_| Reason::Chain)?;
    if !asked.is_some_and(|info| held.meta.same(&Meta::of(&info, 0))) {
        return Err(Reason::NotHeld);
    }
    let found = blocking({
        let worker = worker.clone();
        move || {
            let tree = worker.store.tree(&held)?;
            worker.store.segment(&worker.store.opened(&held)?, &tree, segment)
        }
    });
    let found = found.await?;
    let sign = || worker.key.sign(&Answer::payload(&worker.chain.genesis(), deal, &node, slot));
    let signature = *lock(signed).get_or_insert_with(sign);
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
    /// Those that were sent.
    signed: HashMap<OrderId, Signed>,
}

/// Pledges, and deletes what is over.
async fn tidy(worker: &Arc<Worker>) {
    let mut heads = worker.chain.heads();
    let (mut pledges, mut swept) = (Pledges::default(), 0);
    loop {
        let head = *heads.borrow_and_update();
        worker.store.forget_trees(Instant::now());
        for deal in worker.store.all() {
            pledge(worker, &deal, head, &mut pledges).await;
        }
        if head.saturating_sub(swept) >= SWEEP_BLOCKS {
            swept = head;
            sweep(worker).await;
            // A block that held a pledge may have been replaced, and what is over is not held any more.
            pledges.shown.clear();
            pledges.tried.retain(|id, _| worker.store.get(*id).is_some());
            pledges.signed.retain(|id, _| worker.store.get(*id).is_some());
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
            let signed = pledges.signed.entry(id).or_default();
            let sign = || worker.key.sign(&Pledge::payload(&worker.chain.genesis(), id, &node));
            let signature = *lock(signed).get_or_insert_with(sign);
            match judged(worker.chain.pledge(&Pledge { deal: id, node, signature }).await, signed) {
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
        if over(worker, deal.id, &deal.meta).await {
            delete(worker, deal.id, move |store| store.remove(&deal)).await;
        }
    }
    let looked = blocking({
        let worker = worker.clone();
        move || Ok(worker.store.look().map(|()| worker.store.left_out()))
    });
    match looked.await {
        Ok(Ok(left_out)) => {
            for (path, id, meta) in left_out {
                if over(worker, id, &meta).await {
                    delete(worker, id, move |store| store.discard(&path, &meta)).await;
                }
            }
        }
        Ok(Err(error)) => log::error!(target: "storage", "the folder of deals cannot be read: {error}"),
        Err(reason) => log::error!(target: "storage", "the folder of deals cannot be read: {}", why(reason)),
    }
}

/// Deletes what is over of a deal.
async fn delete(worker: &Arc<Worker>, id: OrderId, work: impl FnOnce(&Store) -> io::Result<()> + Send + 'static) {
    let deleted = blocking({
        let worker = worker.clone();
        move || Ok(work(&worker.store))
    });
    match deleted.await {
        Ok(Ok(())) => log::info!(target: "storage", "deal {id}: over, its data are deleted"),
        Ok(Err(error)) => {
            log::error!(target: "storage", "deal {id}: its data cannot be deleted: {error}");
            worker.metrics.disk_failed();
        }
        Err(reason) => log::error!(target: "storage", "deal {id}: its data cannot be deleted: {}", why(reason)),
    }
}

/// Whether a final block says that the data held are of no more use.
async fn over(worker: &Worker, id: OrderId, held: &Meta) -> bool {
    match worker.chain.final_deal(id).await {
        Ok((height, info)) => {
            let place = info.and_then(|info| place(info, &worker.node(), held));
            height > held.seen_at && place.is_none_or(|holder| holder.ended)
        }
        Err(error) => {
            log::debug!(target: "storage", "deal {id}: {error}");
            false
        }
    }
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
            begun.0.insert((deal, 1), (10, tasks.spawn(async {}), Signed::default()));
        }
        while tasks.join_next().await.is_some() {}
        begun.0.insert((3, 1), (10, tasks.spawn(std::future::pending()), Signed::default()));
        assert_eq!(begun.due(open.clone(), &me, 12), (vec![], 0));
        assert_eq!(begun.due(open, &me, 13), (vec![challenge(1, 1), challenge(2, 1)], 0), "the third is worked on");
        assert_eq!(begun.due(vec![challenge(1, 2)], &me, 13), (vec![challenge(1, 2)], 1));
        assert_eq!(begun.0.keys().collect::<Vec<_>>(), [&(3, 1)], "closed ones are forgotten when they have ended");
    }
}
