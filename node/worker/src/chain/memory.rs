//! A chain in memory for tests: it checks what is sent as the real one does, and keeps it.

use std::{
    collections::{HashMap, HashSet},
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex,
    },
};

use async_trait::async_trait;
use ergon_merkle::{verify, Software};
use ergon_primitives::{
    nodes::NodeKey,
    order_info::{DealInfo, NodeWork, SessionInfo, Settled},
    orders::{segments, Answer, Challenge, OrderId, Pledge, Redemption},
    time::Tick,
    BlockNumber, Hash,
};
use sp_core::{sr25519, Pair};
use tokio::sync::watch;

use super::{Chain, ChainError};
use crate::{client::route::price, relay::sessions::lock};

#[derive(Default)]
pub(crate) struct State {
    pub(crate) sessions: HashMap<OrderId, SessionInfo>,
    pub(crate) deals: HashMap<OrderId, DealInfo>,
    /// Height and deals of the last final block, if it is not the best.
    pub(crate) final_deals: Option<(BlockNumber, HashMap<OrderId, DealInfo>)>,
    /// Orders about which nothing is answered: questions about deals, receipts of sessions.
    pub(crate) stuck: HashSet<OrderId>,
    pub(crate) challenges: Vec<Challenge>,
    pub(crate) redeemed: Vec<Redemption>,
    /// If there is one, receipts wait there, under one signature each, and get into no block.
    pub(crate) pool: Option<Vec<Redemption>>,
    pub(crate) pledged: Vec<(OrderId, NodeKey)>,
    pub(crate) answered: Vec<Answer>,
    /// What final blocks say of sessions, and their height, where that is not what the best block says.
    pub(crate) finalized: Option<(BlockNumber, HashMap<OrderId, SessionInfo>)>,
}

pub(crate) struct MemoryChain {
    pub(crate) state: Mutex<State>,
    pub(crate) tick: AtomicU64,
    /// Whether nothing that is sent gets through.
    pub(crate) deaf: AtomicBool,
    /// Questions about sessions.
    pub(crate) asked: AtomicU64,
    /// Whether questions that nobody waits for are never answered.
    pub(crate) silent: AtomicBool,
    /// Signatures of all answers and pledges that were sent.
    pub(crate) sent: Mutex<Vec<sr25519::Signature>>,
    heads: watch::Sender<BlockNumber>,
}

impl MemoryChain {
    pub(crate) fn new() -> Arc<Self> {
        let (heads, _) = watch::channel(1);
        Arc::new(Self {
            state: Mutex::default(),
            tick: AtomicU64::new(10),
            deaf: AtomicBool::new(false),
            asked: AtomicU64::new(0),
            silent: AtomicBool::new(false),
            sent: Mutex::default(),
            heads,
        })
    }

    /// Makes a block.
    pub(crate) fn block(&self) {
        self.heads.send_modify(|head| *head += 1);
    }

    /// Waits for as long as nothing is answered about a deal.
    async fn wait_for(&self, deal: OrderId) {
        while lock(&self.state).stuck.contains(&deal) {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    }

    async fn answer_if_not_silent(&self) {
        if self.silent.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }

    fn submit(
        &self,
        method: &'static str,
        take: impl FnOnce(&mut State) -> Result<(), &'static str>,
    ) -> Result<(), ChainError> {
        if self.deaf.load(Ordering::Relaxed) {
            return Err(ChainError::Call { method, reason: "nobody listens".into() });
        }
        take(&mut lock(&self.state)).map_err(|reason| ChainError::Refused { method, reason: reason.into() })
    }
}

#[async_trait]
impl Chain for MemoryChain {
    fn genesis(&self) -> Hash {
        Hash::repeat_byte(42)
    }

    fn tick_ms(&self) -> u64 {
        20
    }

    fn tick(&self) -> Tick {
        self.tick.load(Ordering::Relaxed)
    }

    fn heads(&self) -> watch::Receiver<BlockNumber> {
        self.heads.subscribe()
    }

    async fn best_tick(&self) -> Result<Tick, ChainError> {
        self.answer_if_not_silent().await;
        Ok(self.tick())
    }

    async fn session(&self, id: OrderId) -> Result<Option<SessionInfo>, ChainError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        Ok(lock(&self.state).sessions.get(&id).cloned())
    }

    async fn deal(&self, id: OrderId) -> Result<Option<DealInfo>, ChainError> {
        self.wait_for(id).await;
        Ok(lock(&self.state).deals.get(&id).cloned())
    }

    async fn final_session(&self, id: OrderId) -> Result<(BlockNumber, Option<SessionInfo>), ChainError> {
        if let Some((height, sessions)) = &lock(&self.state).finalized {
            return Ok((*height, sessions.get(&id).cloned()));
        }
        let height = *self.heads.borrow();
        Ok((height, self.session(id).await?))
    }

    async fn final_deal(&self, id: OrderId) -> Result<(BlockNumber, Option<DealInfo>), ChainError> {
        self.wait_for(id).await;
        let state = lock(&self.state);
        let head = *self.heads.borrow();
        let (height, deals) =
            state.final_deals.as_ref().map_or((head, &state.deals), |(height, deals)| (*height, deals));
        Ok((height, deals.get(&id).cloned()))
    }

    async fn challenges(&self) -> Result<Vec<Challenge>, ChainError> {
        Ok(lock(&self.state).challenges.clone())
    }

    async fn work_of(&self, node: NodeKey) -> Result<NodeWork, ChainError> {
        self.answer_if_not_silent().await;
        let state = lock(&self.state);
        let sessions = state.sessions.iter().filter(|(_, info)| info.relays.iter().any(|place| place.node == node));
        let deals = state.deals.iter().filter(|(_, info)| info.holders.iter().any(|place| place.node == node));
        Ok(NodeWork { sessions: sessions.map(|(id, _)| *id).collect(), deals: deals.map(|(id, _)| *id).collect() })
    }

    async fn redeem(&self, redemption: &Redemption) -> Result<(), ChainError> {
        let genesis = self.genesis();
        if lock(&self.state).stuck.contains(&redemption.receipt.session) {
            std::future::pending::<()>().await;
        }
        self.submit("redeem", |state| {
            let Redemption { receipt, client, relay } = redemption;
            let session = state.sessions.get_mut(&receipt.session).ok_or("no session")?;
            let signed = sr25519::Pair::verify(client, receipt.payload(&genesis), &session.client)
                && sr25519::Pair::verify(relay, receipt.redemption(&genesis), &receipt.relay);
            let place = session.relays.iter_mut().find(|place| place.node == receipt.relay).ok_or("no relay")?;
            if place.settled.is_some() || !signed || receipt.bytes > session.volume {
                return Err("not good");
            }
            if let Some(pool) = &mut state.pool {
                // One with another signature has the same priority: it stays outside.
                if pool.first().is_none_or(|first| first == redemption) {
                    pool.push(redemption.clone());
                }
                return Ok(());
            }
            let pay = price(receipt.bytes, session.price_per_mb);
            place.settled = Some(Settled { bytes: receipt.bytes, pay });
            state.redeemed.push(redemption.clone());
            Ok(())
        })
    }

    async fn pledge(&self, pledge: &Pledge) -> Result<(), ChainError> {
        let genesis = self.genesis();
        lock(&self.sent).push(pledge.signature);
        self.submit("pledge", |state| {
            let Pledge { deal, node, signature } = pledge;
            let info = state.deals.get_mut(deal).ok_or("no deal")?;
            let holder = info.holders.iter_mut().find(|holder| holder.node == *node).ok_or("no holder")?;
            if holder.pledged || !sr25519::Pair::verify(signature, Pledge::payload(&genesis, *deal, node), node) {
                return Err("not good");
            }
            holder.pledged = true;
            state.pledged.push((*deal, *node));
            Ok(())
        })
    }

    async fn answer(&self, answer: &Answer) -> Result<(), ChainError> {
        let genesis = self.genesis();
        lock(&self.sent).push(answer.signature);
        self.submit("answer", |state| {
            let Answer { deal, node, slot, segment, proof, signature } = answer;
            let info = state.deals.get(deal).ok_or("no deal")?;
            let asked = |asked: &Challenge| (asked.deal, asked.node, asked.slot) == (*deal, *node, *slot);
            let place = state.challenges.iter().position(asked).ok_or("not asked")?;
            let index = state.challenges.get(place).map_or(0, |challenge| challenge.segment);
            verify::<Software>(&info.root, segments(info.bytes), index, segment, proof).map_err(|_| "not proven")?;
            if !sr25519::Pair::verify(signature, Answer::payload(&genesis, *deal, node, *slot), node) {
                return Err("not signed");
            }
            state.challenges.remove(place);
            state.answered.push(answer.clone());
            Ok(())
        })
    }
}
