//! A worker: its key, its limits, what it remembers, and the tasks that run until it is stopped.

use std::{
    collections::BTreeSet,
    fs::{self, File, TryLockError},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use codec::{DecodeAll, Encode};
use ergon_primitives::{nodes::NodeKey, BlockNumber, Hash};
use sp_core::{sr25519, Pair};
use tokio::{net::TcpListener, sync::watch};

use crate::{
    chain::Chain,
    config::Config,
    metrics::Metrics,
    questions::Questions,
    relay::{
        book::{write_whole, Book},
        clock,
        sessions::Sessions,
        settle,
    },
    server,
    storage::{keeper, store::Store},
};

/// Why a worker does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The data folder.
    #[error("the data folder {path} cannot be used: {error}. Is it writable, and is there room?")]
    Folder {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Two workers.
    #[error("another worker runs on the data folder {path}: stop it, or give this one another --data")]
    InUse {
        /// Which.
        path: PathBuf,
    },
    /// Another key, another chain.
    #[error(
        "the data folder {path} belongs to another key or another chain: give that key and node, or another --data"
    )]
    Foreign {
        /// Which.
        path: PathBuf,
    },
}

/// A worker.
pub struct Worker {
    /// The chain it works for.
    pub chain: Arc<dyn Chain>,
    /// Its node key.
    pub key: sr25519::Pair,
    /// Its limits.
    pub config: Config,
    /// Its sessions.
    pub sessions: Sessions,
    /// Its data.
    pub store: Store,
    /// What it has done.
    pub metrics: Arc<Metrics>,
    /// What strangers have it ask the chain.
    pub(crate) questions: Questions,
    /// Keeps others out of the folder.
    _lock: File,
}

impl Worker {
    /// Opens the data folder: one key, one chain and one process each.
    ///
    /// # Errors
    /// See [`StartError`].
    pub fn open(
        chain: Arc<dyn Chain>,
        key: sr25519::Pair,
        config: Config,
        folder: &Path,
    ) -> Result<Arc<Self>, StartError> {
        let path = folder.to_path_buf();
        let failed = |error| StartError::Folder { path: path.clone(), error };
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = File::create(folder.join("lock")).map_err(failed)?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(StartError::InUse { path }),
            Err(TryLockError::Error(error)) => return Err(failed(error)),
        }
        if !claim(&folder.join("identity"), (chain.genesis(), key.public())).map_err(failed)? {
            return Err(StartError::Foreign { path });
        }
        let sessions = Book::open(folder.join("sessions")).and_then(Sessions::open).map_err(failed)?;
        let metrics = Arc::new(Metrics::new());
        let store = Store::open(folder.join("deals"), config.max_store, metrics.clone()).map_err(failed)?;
        let questions = Questions::new(chain.clone());
        Ok(Arc::new(Self { chain, key, config, sessions, store, metrics, questions, _lock: lock }))
    }

    /// The public key by which the chain knows it.
    pub fn node(&self) -> NodeKey {
        self.key.public()
    }

    /// Serves on `listener` until `stop` says so.
    pub async fn run(self: Arc<Self>, listener: TcpListener, stop: watch::Receiver<bool>) {
        tokio::join!(
            server::run(self.clone(), listener, stop.clone()),
            settle::run(self.clone(), stop.clone()),
            clock::run(self.clone(), stop.clone()),
            keeper::run(self.clone(), stop.clone()),
            measure(self.clone(), stop.clone()),
            announce(self, stop),
        );
    }
}

/// Ends when the worker is told to stop, or whoever could tell is gone.
pub(crate) async fn stopped(mut stop: watch::Receiver<bool>) {
    if stop.wait_for(|stop| *stop).await.is_err() {
        log::debug!(target: "worker", "nobody is left who could stop the worker");
    }
}

/// Writes down whose folder it is, or compares.
fn claim(path: &Path, identity: (Hash, NodeKey)) -> io::Result<bool> {
    match fs::read(path) {
        Ok(bytes) => Ok(<(Hash, NodeKey)>::decode_all(&mut bytes.as_slice()).is_ok_and(|known| known == identity)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            write_whole(path, &identity.encode())?;
            Ok(true)
        }
        Err(error) => Err(error),
    }
}

/// How often it is looked how much is held.
const MEASURE_PERIOD: Duration = Duration::from_secs(2);

/// Shows what is held, and how far the chain is.
async fn measure(worker: Arc<Worker>, stop: watch::Receiver<bool>) {
    let mut heads = worker.chain.heads();
    loop {
        let head = *heads.borrow_and_update();
        worker.metrics.held(head, worker.sessions.all().len(), &worker.store.usage());
        tokio::select! {
            () = tokio::time::sleep(MEASURE_PERIOD) => {}
            () = stopped(stop.clone()) => return,
        }
    }
}

/// Blocks between questions what this node is drawn for: the chain looks at all its orders then.
const ANNOUNCE_BLOCKS: BlockNumber = 20;

/// Logs the orders that the chain has drawn this node for.
async fn announce(worker: Arc<Worker>, stop: watch::Receiver<bool>) {
    // A question may take as long as the node likes.
    tokio::select! {
        () = tell(&worker) => {}
        () = stopped(stop) => {}
    }
}

async fn tell(worker: &Worker) {
    let mut heads = worker.chain.heads();
    let (mut sessions, mut deals) = (BTreeSet::new(), BTreeSet::new());
    loop {
        let head = *heads.borrow_and_update();
        match worker.chain.work_of(worker.node()).await {
            Ok(work) => {
                for id in work.sessions.iter().filter(|id| !sessions.contains(*id)) {
                    log::info!(target: "relay", "session {id}: drawn as a relay");
                }
                for id in work.deals.iter().filter(|id| !deals.contains(*id)) {
                    log::info!(target: "storage", "deal {id}: drawn as a holder");
                }
                sessions = work.sessions.into_iter().collect();
                deals = work.deals.into_iter().collect();
            }
            Err(error) => log::debug!(target: "worker", "{error}"),
        }
        if heads.wait_for(|now| now.saturating_sub(head) >= ANNOUNCE_BLOCKS).await.is_err() {
            return;
        }
    }
}
