//! What strangers have the worker ask the chain: a hello of 50 bytes costs the node several calls, so only a few of
//! them are asked at once, however many say hello.

use std::{future::Future, sync::Arc, time::Duration};

use ergon_primitives::{
    order_info::{DealInfo, SessionInfo},
    orders::OrderId,
    BlockNumber,
};
use tokio::{sync::Semaphore, time::timeout};

use crate::{
    chain::{Chain, ChainError},
    wire::Reason,
};

/// Most questions at once.
const AT_ONCE: usize = 8;

/// Asks the chain for strangers.
pub(crate) struct Questions {
    chain: Arc<dyn Chain>,
    places: Arc<Semaphore>,
}

impl Questions {
    pub(crate) fn new(chain: Arc<dyn Chain>) -> Self {
        Self { chain, places: Arc::new(Semaphore::new(AT_ONCE)) }
    }

    /// The session as the last final block has it, and that block's height.
    pub(crate) async fn session(
        &self,
        id: OrderId,
        patience: Duration,
    ) -> Result<(BlockNumber, Option<SessionInfo>), Reason> {
        let chain = self.chain.clone();
        self.ask(patience, async move { chain.final_session(id).await }).await
    }

    /// The deal as the last final block has it, and that block's height.
    pub(crate) async fn deal(
        &self,
        id: OrderId,
        patience: Duration,
    ) -> Result<(BlockNumber, Option<DealInfo>), Reason> {
        let chain = self.chain.clone();
        self.ask(patience, async move { chain.final_deal(id).await }).await
    }

    /// Who does not wait for the answer any more has no place for another question: the node still works on this one.
    async fn ask<T: Send + 'static>(
        &self,
        patience: Duration,
        question: impl Future<Output = Result<T, ChainError>> + Send + 'static,
    ) -> Result<T, Reason> {
        let places = self.places.clone();
        let asked = async move {
            let place = places.acquire_owned().await.ok()?;
            let answered = tokio::spawn(async move {
                let answer = question.await;
                drop(place);
                answer
            });
            match answered.await {
                Ok(Ok(answer)) => Some(answer),
                Ok(Err(error)) => {
                    log::debug!(target: "chain", "{error}");
                    None
                }
                Err(_) => None,
            }
        };
        timeout(patience, asked).await.ok().flatten().ok_or(Reason::Chain)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Notify;

    use super::*;
    use crate::chain::memory::MemoryChain;

    #[tokio::test]
    async fn a_place_is_free_when_the_node_has_answered_and_not_when_nobody_waits_any_more() {
        let questions = Questions::new(MemoryChain::new());
        let (asked, answer) = (Arc::new(AtomicUsize::new(0)), Arc::new(Notify::new()));
        let short = Duration::from_millis(1);
        for _ in 0..AT_ONCE * 3 {
            let (asked, answer) = (asked.clone(), answer.clone());
            let question = async move {
                asked.fetch_add(1, Ordering::Relaxed);
                answer.notified().await;
                Ok(())
            };
            assert_eq!(questions.ask(short, question).await, Err(Reason::Chain));
        }
        assert_eq!(asked.load(Ordering::Relaxed), AT_ONCE);
        answer.notify_one();
        assert_eq!(questions.ask(Duration::from_secs(60), async { Ok(5) }).await, Ok(5));
    }
}
