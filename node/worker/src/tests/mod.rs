//! Stories over real TCP on this machine, with a chain in memory.

mod finality;
mod holding;
mod hostile;
mod mending;
mod metrics;
mod payment;
mod relay;
mod rpc;
mod settling;
mod silent;
mod storage;

use std::{net::SocketAddr, path::Path, sync::Arc, time::Duration};

use ergon_primitives::{
    nodes::NodeKey,
    order_info::{DealInfo, HolderInfo, PlaceInfo, SessionInfo},
    orders::{OrderId, Receipt},
    AccountId,
};
use sp_core::{sr25519, Pair};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
    time::{sleep, timeout},
};

use crate::{
    chain::memory::{MemoryChain, State},
    config::Config,
    relay::{sessions::lock, target::Targets},
    wire::{
        message::{open_payload, welcome_payload, MAGIC},
        recv, send, Intent, Message, Reason, Signed, VERSION,
    },
    worker::Worker,
};

/// Nothing here takes longer, unless it hangs.
const LONG: Duration = Duration::from_secs(60);

/// Makes blocks until a folder is gone.
async fn gone(chain: &MemoryChain, folder: &Path) {
    let waiting = async {
        while folder.exists() {
            chain.block();
            sleep(Duration::from_millis(10)).await;
        }
    };
    assert!(timeout(LONG, waiting).await.is_ok(), "is never deleted");
}

fn client_key() -> sr25519::Pair {
    sr25519::Pair::from_seed(&[100; 32])
}

fn config() -> Config {
    Config {
        handshake: Duration::from_secs(2),
        idle: Duration::from_secs(20),
        grace: Duration::from_millis(500),
        credit: 1 << 20,
        window: 1 << 20,
        settle_after: Duration::from_millis(300),
        targets: Targets::All,
        ..Config::default()
    }
}

/// A worker that runs.
struct Running {
    worker: Arc<Worker>,
    address: SocketAddr,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Running {
    /// Starts one with the key of `seed` on `folder`, which another may have used before.
    async fn start(chain: &Arc<MemoryChain>, seed: u8, config: Config, folder: &TempDir) -> Self {
        let key = sr25519::Pair::from_seed(&[seed; 32]);
        let mut tries = 0;
        let worker = loop {
            match Worker::open(chain.clone(), key.clone(), config.clone(), folder.path()) {
                Ok(worker) => break worker,
                Err(error) => {
                    assert!(tries < 100, "{error}");
                    tries += 1;
                    sleep(Duration::from_millis(20)).await;
                }
            }
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(worker.clone().run(listener, stopped));
        Self { worker, address, stop, task }
    }

    fn node(&self) -> NodeKey {
        self.worker.node()
    }

    /// Ends it in the middle of whatever it does.
    async fn kill(self) {
        self.task.abort();
        assert!(self.task.await.is_err());
    }

    /// Bytes of the receipt that it has, and bytes counted.
    fn owed(&self, session: OrderId) -> (u64, u64) {
        let record = self.worker.sessions.all().into_iter().map(|slot| slot.record()).find(|r| r.session == session);
        let record = record.expect("a record");
        (record.last.map_or(0, |last| last.receipt.bytes), record.counted)
    }
}

fn account(byte: u8) -> AccountId {
    AccountId::new([byte; 32])
}

/// Has the chain draw these relays for a session.
fn draw(chain: &MemoryChain, session: OrderId, volume: u64, relays: &[&Running]) {
    let place = |relay: &&Running| PlaceInfo {
        node: relay.node(),
        entity: account(1),
        endpoint: relay.address.to_string().into_bytes(),
        settled: None,
    };
    let info = SessionInfo {
        owner: account(2),
        client: client_key().public(),
        volume,
        price_per_mb: 1,
        relays: relays.iter().map(place).collect(),
        drawn: true,
        expires: Some(10_000),
    };
    lock(&chain.state).sessions.insert(session, info);
}

/// Has the chain draw these holders for a deal.
fn deal(chain: &MemoryChain, deal: OrderId, root: [u8; 32], bytes: u64, holders: &[&Running]) -> DealInfo {
    let holder = |holder: &&Running| HolderInfo {
        node: holder.node(),
        entity: account(1),
        endpoint: holder.address.to_string().into_bytes(),
        pledged: false,
        ended: false,
        left: 5,
        missed: 0,
    };
    let holders = holders.iter().map(holder).collect();
    let info = DealInfo { owner: account(2), root, bytes, holders, challenges_each: 5, drawn: true };
    lock(&chain.state).deals.insert(deal, info.clone());
    info
}

/// Waits until the chain is as wanted, making blocks.
async fn until(chain: &MemoryChain, what: &str, wanted: impl Fn(&State) -> bool) {
    let waiting = async {
        while !wanted(&lock(&chain.state)) {
            chain.block();
            sleep(Duration::from_millis(20)).await;
        }
    };
    assert!(timeout(LONG, waiting).await.is_ok(), "never: {what}");
}

/// A target that sends everything back.
async fn echo() -> SocketAddr {
    target(|stream| async move {
        let (mut reader, mut writer) = stream.into_split();
        let _broken = tokio::io::copy(&mut reader, &mut writer).await;
    })
    .await
}

/// A target that does what it is told with each connection.
async fn target<F: std::future::Future<Output = ()> + Send>(
    serve: impl Fn(TcpStream) -> F + Send + Sync + 'static,
) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            serve(stream).await;
        }
    });
    address
}

/// A client that does what each test wants, message by message.
struct Raw(BufReader<TcpStream>);

impl Raw {
    async fn connect(to: &Running) -> Self {
        Self(BufReader::new(TcpStream::connect(to.address).await.expect("connects")))
    }

    async fn say(&mut self, message: Message) {
        send(&mut self.0, &message).await.expect("is sent");
    }

    async fn hear(&mut self) -> Option<Message> {
        timeout(LONG, recv(&mut self.0)).await.expect("in time").expect("a message")
    }

    async fn hello(&mut self, intent: Intent) {
        self.say(Message::Hello { magic: MAGIC, version: VERSION, intent }).await;
    }

    /// Opens a session with `key`; what the relay says to that.
    async fn open(&mut self, to: &Running, session: OrderId, key: &sr25519::Pair, target: &str) -> Option<Message> {
        self.hello(Intent::Relay { session, nonce: [1; 32] }).await;
        let genesis = to.worker.chain.genesis();
        match self.hear().await {
            Some(Message::Welcome { node, nonce, signature }) => {
                let payload = welcome_payload(&genesis, session, &node, &[1; 32], &nonce);
                assert!(node == to.node() && sr25519::Pair::verify(&signature, payload, &node));
                let signature = key.sign(&open_payload(&genesis, session, &node, &nonce, target.as_bytes()));
                self.say(Message::Open { target: target.as_bytes().to_vec(), signature }).await;
                self.hear().await
            }
            other => other,
        }
    }

    /// What it hears before the connection ends, without data and windows.
    async fn rest(mut self) -> Vec<Message> {
        let mut heard = Vec::new();
        while let Ok(Ok(Some(message))) = timeout(LONG, recv(&mut self.0)).await {
            if !matches!(message, Message::Data(_) | Message::Window { .. }) {
                heard.push(message);
            }
        }
        heard
    }

    /// Whether the other side closes without a word.
    async fn ends_silently(mut self) -> bool {
        let mut rest = Vec::new();
        timeout(LONG, self.0.read_to_end(&mut rest)).await.is_ok_and(|read| !matches!(read, Ok(n) if n > 0))
    }
}

fn receipt(to: &Running, session: OrderId, bytes: u64, sequence: u32) -> Signed {
    let receipt = Receipt { session, relay: to.node(), bytes, sequence };
    Signed { receipt, signature: client_key().sign(&receipt.payload(&to.worker.chain.genesis())) }
}

async fn write_bytes(stream: &mut TcpStream, bytes: &[u8]) {
    stream.write_all(bytes).await.expect("is taken");
}
