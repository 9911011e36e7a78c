//! Takes connections, and asks each what it wants. What a stranger sends ends its own connection and nothing else.

use std::{net::IpAddr, sync::Arc, time::Duration};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{
        tcp::{OwnedReadHalf, OwnedWriteHalf},
        TcpListener, TcpStream,
    },
    sync::{mpsc, watch},
    task::JoinSet,
    time::{timeout, Instant},
};

use crate::{
    door::{Doors, Pass},
    relay::handshake,
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
    /// The address that it came in on.
    pub(crate) local: Option<IpAddr>,
    /// Until when a newcomer must have said who it is.
    deadline: Instant,
    /// One task, which ends with the connection.
    written: JoinSet<()>,
}

impl Conn {
    fn new(stream: TcpStream, handshake: Duration) -> Self {
        let (local, deadline) = (stream.local_addr().ok().map(|address| address.ip()), Instant::now() + handshake);
        let (reader, writer) = stream.into_split();
        let (sender, receiver) = mpsc::channel(WAITING);
        let mut written = JoinSet::new();
        written.spawn(write(writer, receiver));
        let reader = BufReader::with_capacity(MAX_DATA, reader);
        Self { reader, writer: Writer(sender), local, deadline, written }
    }

    /// What is left of a newcomer's time.
    pub(crate) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
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
        let Self { mut reader, writer, mut written, .. } = self;
        let words = async {
            if let Some(reason) = last {
                if writer.say(&Message::Refused(reason)).await.is_err() {
                    return;
                }
            }
            drop(writer);
            while written.join_next().await.is_some() {}
            let mut scrap = vec![0; MAX_DATA];
            while reader.read(&mut scrap).await.is_ok_and(|read| read > 0) {}
        };
        if timeout(grace, words).await.is_err() {
            log::trace!(target: "worker", "a connection took no last word");
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
    let doors = Doors::new(&worker.config);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => {
                    let pass = doors.enter(peer.ip());
                    let (worker, stop, pushed_out) = (worker.clone(), stop.clone(), pass.pushed_out());
                    connections.spawn(async move {
                        tokio::select! {
                            () = handle(worker.clone(), stream, pass, stop) => {}
                            () = pushed_out.notified() => {
                                worker.metrics.pushed_out();
                                log::debug!(target: "worker", "{peer} makes room");
                            }
                        }
                    });
                }
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

async fn handle(worker: Arc<Worker>, stream: TcpStream, mut pass: Pass, stop: watch::Receiver<bool>) {
    if stream.set_nodelay(true).is_err() {
        return;
    }
    let _open = worker.metrics.connected();
    let grace = worker.config.grace;
    let mut conn = Conn::new(stream, worker.config.handshake);
    let last = match serve(&worker, &mut conn, &mut pass, stop).await {
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

async fn serve(
    worker: &Arc<Worker>,
    conn: &mut Conn,
    pass: &mut Pass,
    stop: watch::Receiver<bool>,
) -> Result<(), Ended> {
    let Message::Hello { magic: MAGIC, version, intent } = conn.hear(conn.left()).await? else {
        return Err(Reason::Protocol.into());
    };
    if version != VERSION {
        return Err(Reason::Version.into());
    }
    match intent {
        Intent::Relay { session, nonce } => handshake::serve(worker, conn, pass, (session, nonce), stop).await,
        Intent::Put { deal } => {
            pass.transfer();
            tokio::select! {
                ended = storage::transfer::put(worker, conn, deal) => ended,
                () = stopped(stop) => Err(Reason::Stopping.into()),
            }
        }
        Intent::Get { deal, from } => {
            pass.transfer();
            tokio::select! {
                ended = storage::transfer::get(worker, conn, deal, from) => ended,
                () = stopped(stop) => Err(Reason::Stopping.into()),
            }
        }
    }
}
