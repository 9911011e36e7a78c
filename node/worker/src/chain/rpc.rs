//! The chain by JSON-RPC over WebSocket. Connects again by itself whenever the connection is lost.

use std::{
    future::Future,
    sync::{Arc, Weak},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use async_trait::async_trait;
use codec::{Decode, DecodeAll, Encode};
use ergon_primitives::{
    double_seal,
    nodes::NodeKey,
    order_info::{DealInfo, NodeWork, SessionInfo},
    orders::{Answer, Challenge, OrderId, Pledge, Redemption},
    time::{Tick, Timing},
    BlockNumber, Hash,
};
use jsonrpsee::{
    core::{
        client::{ClientT, Error as RpcError, Subscription, SubscriptionClientT},
        params::ArrayParams,
    },
    rpc_params,
    types::ErrorObjectOwned,
    ws_client::{PingConfig, WsClient, WsClientBuilder},
};
use serde_json::Value;
use tokio::{
    sync::{watch, Mutex},
    time::timeout,
};

use super::{Chain, ChainError};

/// A question that takes longer is lost.
const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// Longest pause before another attempt to connect.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// How the connection to the node is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Link {
    /// Whether the node tells its blocks.
    pub up: bool,
    /// Connections that were made after the first.
    pub reconnects: u64,
}

/// A node that is asked for everything.
pub struct RpcChain {
    url: String,
    genesis: Hash,
    tick_ms: u64,
    client: Mutex<Arc<WsClient>>,
    heads: watch::Sender<BlockNumber>,
    link: watch::Sender<Link>,
}

impl RpcChain {
    /// Connects to the node at `url`, and follows its best block from then on.
    ///
    /// # Errors
    /// If nobody answers there, or somebody else than an Ergon node.
    pub async fn connect(url: &str) -> Result<Arc<Self>, ChainError> {
        let client = open(url, CALL_TIMEOUT).await?;
        let genesis = genesis(&client).await?;
        let timing: Timing = state_call(&client, "WorkCreditsApi_timing", &(), None).await?;
        let (heads, _) = watch::channel(head(&client, rpc_params![]).await?);
        let chain = Arc::new(Self {
            url: url.into(),
            genesis,
            tick_ms: timing.tick_ms.max(1),
            client: Mutex::new(Arc::new(client)),
            heads,
            link: watch::Sender::default(),
        });
        let weak = Arc::downgrade(&chain);
        tokio::spawn(keep(move || follow(weak.clone())));
        Ok(chain)
    }

    /// The connection, made anew if it is lost.
    async fn client(&self) -> Result<Arc<WsClient>, ChainError> {
        let mut held = self.client.lock().await;
        if !held.is_connected() {
            let client = open(&self.url, CALL_TIMEOUT).await?;
            if genesis(&client).await? != self.genesis {
                return Err(ChainError::OtherChain { url: self.url.clone() });
            }
            *held = Arc::new(client);
            self.link.send_modify(|link| link.reconnects = link.reconnects.saturating_add(1));
        }
        Ok(held.clone())
    }

    /// How the connection is, whenever that changes.
    pub fn link(&self) -> watch::Receiver<Link> {
        self.link.subscribe()
    }

    async fn ask<T: Decode>(&self, method: &'static str, argument: &impl Encode) -> Result<T, ChainError> {
        state_call(&*self.client().await?, method, argument, None).await
    }

    /// The same at the last finalised block, and its height.
    async fn ask_finalized<T: Decode>(
        &self,
        method: &'static str,
        argument: &impl Encode,
    ) -> Result<(BlockNumber, T), ChainError> {
        let client = self.client().await?;
        let hash = call(&client, "chain_getFinalizedHead", rpc_params![]).await?;
        let height = head(&client, rpc_params![&hash]).await?;
        Ok((height, state_call(&client, method, argument, Some(hash)).await?))
    }

    /// Sends what is signed; anything but `true` is a refusal, unless it is in the pool already.
    async fn submit(&self, method: &'static str, signed: &impl Encode) -> Result<(), ChainError> {
        match self.client().await?.request(method, rpc_params![to_hex(signed)]).await {
            Ok(Value::Bool(true)) => Ok(()),
            Ok(other) => Err(ChainError::Refused { method, reason: other.to_string() }),
            Err(RpcError::Call(error)) if in_pool(&error) => Ok(()),
            Err(error) => Err(failed(method, error)),
        }
    }

    async fn subscribe(&self) -> Result<Subscription<Value>, ChainError> {
        const METHOD: &str = "chain_subscribeNewHeads";
        let subscription = self.client().await?.subscribe(METHOD, rpc_params![], "chain_unsubscribeNewHeads").await;
        subscription.map_err(|error| failed(METHOD, error))
    }
}

#[async_trait]
impl Chain for RpcChain {
    fn genesis(&self) -> Hash {
        self.genesis
    }

    fn tick_ms(&self) -> u64 {
        self.tick_ms
    }

    fn tick(&self) -> Tick {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        u64::try_from(now).unwrap_or(u64::MAX) / self.tick_ms
    }

    fn heads(&self) -> watch::Receiver<BlockNumber> {
        self.heads.subscribe()
    }

    async fn best_tick(&self) -> Result<Tick, ChainError> {
        const METHOD: &str = "chain_getHeader";
        let header = call(&*self.client().await?, METHOD, rpc_params![]).await?;
        tick_of(&header).ok_or(ChainError::Answer { method: METHOD })
    }

    async fn session(&self, id: OrderId) -> Result<Option<SessionInfo>, ChainError> {
        self.ask("WorkOrdersApi_session", &id).await
    }

    async fn deal(&self, id: OrderId) -> Result<Option<DealInfo>, ChainError> {
        self.ask("WorkOrdersApi_deal", &id).await
    }

    async fn final_session(&self, id: OrderId) -> Result<(BlockNumber, Option<SessionInfo>), ChainError> {
        self.ask_finalized("WorkOrdersApi_session", &id).await
    }

    async fn final_deal(&self, id: OrderId) -> Result<(BlockNumber, Option<DealInfo>), ChainError> {
        self.ask_finalized("WorkOrdersApi_deal", &id).await
    }

    async fn challenges(&self) -> Result<Vec<Challenge>, ChainError> {
        self.ask("WorkOrdersApi_challenges", &()).await
    }

    async fn work_of(&self, node: NodeKey) -> Result<NodeWork, ChainError> {
        self.ask("WorkOrdersApi_work_of", &node).await
    }

    async fn redeem(&self, redemption: &Redemption) -> Result<(), ChainError> {
        self.submit("workOrders_redeem", redemption).await
    }

    async fn pledge(&self, pledge: &Pledge) -> Result<(), ChainError> {
        self.submit("workOrders_pledge", pledge).await
    }

    async fn answer(&self, answer: &Answer) -> Result<(), ChainError> {
        self.submit("workOrders_answer", answer).await
    }
}

/// Begins a task again for as long as it does not end but break. Of one that follows the chain nobody would notice that
/// it is gone: no block would be heard of any more, and what waits for one would wait for ever.
async fn keep<F: Future<Output = ()> + Send + 'static>(task: impl Fn() -> F) {
    while let Err(broken) = tokio::spawn(task()).await {
        if broken.is_cancelled() {
            return;
        }
        log::error!(target: "chain", "what follows the chain broke, and begins again: {broken}");
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// Tells the height of every new head for as long as the chain is held.
async fn follow(chain: Weak<RpcChain>) {
    let mut pause = Duration::from_secs(1);
    while let Some(strong) = chain.upgrade() {
        let subscription = strong.subscribe().await;
        strong.link.send_modify(|link| link.up = subscription.is_ok());
        drop(strong);
        match subscription {
            Ok(mut heads) => {
                while let Some(Ok(header)) = heads.next().await {
                    pause = Duration::from_secs(1);
                    let Some(chain) = chain.upgrade() else { return };
                    if let Some(height) = height(&header) {
                        chain.heads.send_replace(height);
                    }
                }
                let Some(chain) = chain.upgrade() else { return };
                chain.link.send_modify(|link| link.up = false);
                log::warn!(target: "chain", "the connection to the node is lost, connecting again");
            }
            Err(error) => log::warn!(target: "chain", "{error}; another attempt in {} s", pause.as_secs()),
        }
        tokio::time::sleep(pause).await;
        pause = pause.saturating_mul(2).min(LONGEST_PAUSE);
    }
}

/// Connects within `patience`. The library's own limit is for TCP only: who takes the connection may say nothing.
async fn open(url: &str, patience: Duration) -> Result<WsClient, ChainError> {
    let builder = WsClientBuilder::default().request_timeout(CALL_TIMEOUT).enable_ws_ping(PingConfig::default());
    let failed = |reason| ChainError::Connect { url: url.into(), reason };
    let opened = timeout(patience, builder.build(url)).await;
    let opened = opened.map_err(|_| failed(format!("nothing was said for {} s", patience.as_secs())))?;
    opened.map_err(|error| failed(error.to_string()))
}

async fn genesis(client: &WsClient) -> Result<Hash, ChainError> {
    const METHOD: &str = "chain_getBlockHash";
    let hash = call(client, METHOD, rpc_params![0]).await?;
    hash.as_str().and_then(from_hex).ok_or(ChainError::Answer { method: METHOD })
}

/// The height of a block, or of the best.
async fn head(client: &WsClient, at: ArrayParams) -> Result<BlockNumber, ChainError> {
    const METHOD: &str = "chain_getHeader";
    height(&call(client, METHOD, at).await?).ok_or(ChainError::Answer { method: METHOD })
}

async fn call(client: &WsClient, method: &'static str, params: ArrayParams) -> Result<Value, ChainError> {
    client.request(method, params).await.map_err(|error| failed(method, error))
}

/// Calls the runtime at the block `at`, or at the best one.
async fn state_call<T: Decode>(
    client: &WsClient,
    method: &'static str,
    argument: &impl Encode,
    at: Option<Value>,
) -> Result<T, ChainError> {
    let answer = client.request::<Value, _>("state_call", rpc_params![method, to_hex(argument), at]).await;
    let answer = answer.map_err(|error| failed(method, error))?;
    answer.as_str().and_then(from_hex).ok_or(ChainError::Answer { method })
}

fn failed(method: &'static str, error: RpcError) -> ChainError {
    match error {
        RpcError::Call(error) => {
            let data = error.data().map(|data| format!(" ({data})")).unwrap_or_default();
            ChainError::Refused { method, reason: format!("{}{data}", error.message()) }
        }
        RpcError::ParseError(_) => ChainError::Answer { method },
        other => ChainError::Call { method, reason: other.to_string() },
    }
}

/// Whether the pool has it already, with these bytes or with another signature: that one has the same priority. Nodes
/// answer with `author_submitExtrinsic`'s codes, or with one code for all and the pool's words.
fn in_pool(error: &ErrorObjectOwned) -> bool {
    const ALREADY_IMPORTED: i32 = 1013;
    const TOO_LOW_PRIORITY: i32 = 1014;
    matches!(error.code(), ALREADY_IMPORTED | TOO_LOW_PRIORITY) || error.message().starts_with("Too low priority")
}

fn height(header: &Value) -> Option<BlockNumber> {
    let digits = header.get("number")?.as_str()?.strip_prefix("0x")?;
    BlockNumber::from_str_radix(digits, 16).ok()
}

fn tick_of(header: &Value) -> Option<Tick> {
    double_seal::tick_of(&serde_json::from_value(header.get("digest")?.clone()).ok()?)
}

fn to_hex(value: &impl Encode) -> String {
    format!("0x{}", hex::encode(value.encode()))
}

fn from_hex<T: Decode>(text: &str) -> Option<T> {
    let bytes = hex::decode(text.strip_prefix("0x")?).ok()?;
    T::decode_all(&mut bytes.as_slice()).ok()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn who_takes_the_connection_and_says_nothing_is_not_waited_for() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("ws://{}", listener.local_addr().expect("an address"));
        let opened = timeout(Duration::from_secs(20), open(&url, Duration::from_millis(50))).await.expect("in time");
        let error = opened.expect_err("nobody speaks").to_string();
        assert!(error.contains(&url) && error.contains("nothing was said"), "{error}");
    }

    #[tokio::test]
    async fn what_breaks_begins_again() {
        let times = Arc::new(AtomicU32::new(0));
        let task = || {
            let times = times.clone();
            async move { assert!(times.fetch_add(1, Ordering::Relaxed) > 0, "breaks at first, on purpose") }
        };
        timeout(Duration::from_secs(20), keep(task)).await.expect("ends");
        assert_eq!(times.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn what_is_in_the_pool_is_no_failure() {
        let error = |code, text: &str| ErrorObjectOwned::owned(code, text.to_string(), None::<()>);
        for there in [error(1013, "Already"), error(1014, "Low"), error(1010, "Too low priority (5 > 5)")] {
            assert!(in_pool(&there), "{there:?}");
        }
        assert!(!in_pool(&error(1010, "Invalid transaction validity: BadProof")));
        assert!(!in_pool(&error(1012, "Transaction temporarily Banned")));
    }

    #[test]
    fn what_nodes_say_is_read() {
        assert_eq!(height(&serde_json::json!({ "number": "0x1f" })), Some(31));
        assert_eq!(height(&serde_json::json!({ "number": 31 })), None);
        // Aura's item: before the runtime (6), "aura", 8 bytes, the tick.
        let digest = serde_json::json!({ "logs": ["0x0661757261200700000000000000"] });
        assert_eq!(tick_of(&serde_json::json!({ "digest": digest })), Some(7));
        assert_eq!(tick_of(&serde_json::json!({ "digest": { "logs": ["0x06"] } })), None);
        assert_eq!(from_hex::<Option<u64>>("0x00"), Some(None));
        assert_eq!(from_hex::<Option<u64>>(&to_hex(&Some(7u64))), Some(Some(7)));
        assert_eq!(from_hex::<Option<u64>>("0x0000"), None, "a longer answer is another version's");
        assert_eq!(from_hex::<u8>("zz"), None);
    }
}
