//! The worker's door: who comes in, how many, and what each wants. What a stranger sends ends its own connection and
//! nothing else.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{
        tcp::{OwnedReadHalf, OwnedWriteHalf},
        TcpListener, TcpStream,
    },
    sync::{mpsc, watch},
    task::{JoinHandle, JoinSet},
    time::timeout,
};

use crate::{
    relay::{handshake, sessions::lock},
    storage,
    wire::{message::MAGIC, recv, send, Intent, Message, Reason, WireError, MAX_DATA, VERSION},
    worker::{stopped, Worker},
};

/// Where a connection is read.
pub(crate) type Reader = BufReader<OwnedReadHalf>;

/// Messages that wait for the connection to take them.
const WAITING: usize = 4;

/// Why a connection ends early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Ended {
    /// The worker says why.
    #[error("refused: {0}")]
    Refuse(#[from] Reason),
    /// There is nobody to say it to, or it was said.
    #[error("ended: {0}")]
    Gone(String),
}

impl From<WireError> for Ended {
    fn from(error: WireError) -> Self {
        match error {
            WireError::Io(error) => Self::Gone(error.to_string()),
            WireError::TooLong(_) | WireError::Garbage => Self::Refuse(Reason::Protocol),
        }
    }
}

/// Where messages are handed in. Another task writes them, so that none is ever cut in the middle by who stops waiting.
#[derive(Clone)]
pub(crate) struct Writer(mpsc::Sender<Message>);

impl Writer {
    pub(crate) async fn say(&self, message: &Message) -> Result<(), Ended> {
        self.0.send(message.clone()).await.map_err(|_| Ended::Gone("the other side closed".into()))
    }
}

/// A connection.
pub(crate) struct Conn {
    pub(crate) reader: Reader,
    pub(crate) writer: Writer,
    written: JoinHandle<()>,
}

impl Conn {
    fn new(stream: TcpStream) -> Self {
        let (reader, writer) = stream.into_split();
        let (sender, receiver) = mpsc::channel(WAITING);
        let written = tokio::spawn(write(writer, receiver));
        Self { reader: BufReader::with_capacity(MAX_DATA, reader), writer: Writer(sender), written }
    }

    pub(crate) async fn say(&self, message: &Message) -> Result<(), Ended> {
        self.writer.say(message).await
    }

    /// The next message; there has to be one within `patience`.
    pub(crate) async fn hear(&mut self, patience: Duration) -> Result<Message, Ended> {
        let heard = timeout(patience, recv(&mut self.reader)).await.map_err(|_| Reason::Idle)?;
        heard?.ok_or_else(|| Ended::Gone("the other side closed".into()))
    }

    /// Says the last word, and reads for a moment what was on its way: a closed socket with unread bytes loses what it
    /// said.
    async fn close(self, last: Option<Reason>, grace: Duration) {
        let Self { mut reader, writer, mut written } = self;
        let words = async {
            if let Some(reason) = last {
                if writer.say(&Message::Refused(reason)).await.is_err() {
                    return;
                }
            }
            drop(writer);
            if (&mut written).await.is_err() {
                return;
            }
            let mut scrap = vec![0; MAX_DATA];
            while reader.read(&mut scrap).await.is_ok_and(|read| read > 0) {}
        };
        if timeout(grace, words).await.is_err() {
            written.abort();
        }
    }
}

async fn write(mut stream: OwnedWriteHalf, mut messages: mpsc::Receiver<Message>) {
    while let Some(message) = messages.recv().await {
        if send(&mut stream, &message).await.is_err() {
            return;
        }
    }
    if let Err(error) = stream.shutdown().await {
        log::debug!(target: "worker", "a connection was closed before: {error}");
    }
}

/// Takes connections until it is told to stop, then gives those there are a moment to end.
pub(crate) async fn run(worker: Arc<Worker>, listener: TcpListener, stop: watch::Receiver<bool>) {
    let gate = Gate::new(worker.config.max_connections, worker.config.max_per_address);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => match gate.enter(peer.ip()) {
                    Some(pass) => {
                        let (worker, stop) = (worker.clone(), stop.clone());
                        connections.spawn(async move {
                            let _pass = pass;
                            handle(worker, stream, stop).await;
                        });
                    }
                    None => {
                        worker.metrics.turned_away();
                        log::debug!(target: "worker", "{peer} is one too many");
                    }
                },
                // Out of file handles, for example: others must close first.
                Err(error) => {
                    log::warn!(target: "worker", "no connection can be taken now: {error}");
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            },
            Some(_) = connections.join_next() => {}
            () = stopped(stop.clone()) => break,
        }
    }
    let patience = worker.config.grace.saturating_mul(2);
    if timeout(patience, async { while connections.join_next().await.is_some() {} }).await.is_err() {
        connections.shutdown().await;
    }
}

async fn handle(worker: Arc<Worker>, stream: TcpStream, stop: watch::Receiver<bool>) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let _open = worker.metrics.connected();
    let grace = worker.config.grace;
    let mut conn = Conn::new(stream);
    let last = match serve(&worker, &mut conn, stop).await {
        Ok(()) => None,
        Err(Ended::Refuse(reason)) => {
            worker.metrics.refused(reason);
            log::debug!(target: "worker", "a connection is refused: {reason}");
            Some(reason)
        }
        Err(Ended::Gone(error)) => {
            log::debug!(target: "worker", "a connection ended: {error}");
            None
        }
    };
    conn.close(last, grace).await;
}

async fn serve(worker: &Arc<Worker>, conn: &mut Conn, stop: watch::Receiver<bool>) -> Result<(), Ended> {
    let Message::Hello { magic: MAGIC, version, intent } = conn.hear(worker.config.handshake).await? else {
        return Err(Reason::Protocol.into());
    };
    if version != VERSION {
        return Err(Reason::Version.into());
    }
    match intent {
        Intent::Relay { session, nonce } => handshake::serve(worker, conn, session, nonce, stop).await,
        Intent::Put { deal } => {
            tokio::select! {
                ended = storage::transfer::put(worker, conn, deal) => ended,
                () = stopped(stop) => Err(Reason::Stopping.into()),
            }
        }
        Intent::Get { deal, from } => {
            tokio::select! {
                ended = storage::transfer::get(worker, conn, deal, from) => ended,
                () = stopped(stop) => Err(Reason::Stopping.into()),
            }
        }
    }
}

/// Counts who is inside.
struct Gate {
    inside: Arc<Mutex<HashMap<IpAddr, usize>>>,
    most: usize,
    most_each: usize,
}

/// Whoever holds it is inside.
struct Pass {
    inside: Arc<Mutex<HashMap<IpAddr, usize>>>,
    address: IpAddr,
}

impl Gate {
    fn new(most: usize, most_each: usize) -> Self {
        Self { inside: Arc::default(), most, most_each }
    }

    fn enter(&self, address: IpAddr) -> Option<Pass> {
        let mut inside = lock(&self.inside);
        let all: usize = inside.values().sum();
        let own = inside.get(&address).copied().unwrap_or(0);
        if all >= self.most || own >= self.most_each {
            return None;
        }
        inside.insert(address, own.saturating_add(1));
        Some(Pass { inside: self.inside.clone(), address })
    }
}

impl Drop for Pass {
    fn drop(&mut self) {
        let mut inside = lock(&self.inside);
        match inside.get_mut(&self.address) {
            Some(count) if *count > 1 => *count = count.saturating_sub(1),
            _ => {
                inside.remove(&self.address);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_counts_all_and_each() {
        let gate = Gate::new(3, 2);
        let (one, two) = (IpAddr::from([1, 1, 1, 1]), IpAddr::from([2, 2, 2, 2]));
        let first = gate.enter(one).expect("empty");
        let _second = gate.enter(one).expect("two each");
        assert!(gate.enter(one).is_none(), "a third of one address");
        let _third = gate.enter(two).expect("three in all");
        assert!(gate.enter(two).is_none(), "a fourth");
        drop(first);
        assert!(gate.enter(two).is_some());
    }
}
