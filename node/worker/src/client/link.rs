//! A link to one relay, over any stream: a TCP connection, or another link. What is written into a link comes out at
//! the target.
//!
//! The relay is always read; what it sends waits in a queue that the credit bounds, in bytes and not in messages, until
//! the user takes it, so that a user who takes nothing keeps neither windows nor receipts from getting through.

use std::{
    sync::{
        atomic::{AtomicBool, Ordering},
        Arc, Mutex,
    },
    time::Duration,
};

use ergon_primitives::{nodes::NodeKey, orders::OrderId, Hash};
use sp_core::{sr25519, Pair};
use tokio::{
    io::{duplex, split, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream},
    sync::{Mutex as AsyncMutex, Notify},
    task::JoinHandle,
    time::{sleep, timeout},
};

use super::{
    account::{Account, Opening},
    progress::Progress,
    ClientError,
};
use crate::{
    relay::sessions::lock,
    wire::{
        message::{nonce, open_payload, welcome_payload, MAGIC},
        recv, send, Intent, Message, WireError, MAX_DATA, VERSION,
    },
};

/// How long a relay may take to answer. By its own limits that is 35 s and what its disk takes: 15 for the connection
/// before this one to end, 10 for a place, 10 to reach its target.
const PATIENCE: Duration = Duration::from_secs(60);
/// How long a relay may take to close after the last receipt.
const GRACE: Duration = Duration::from_secs(5);
/// How long nothing may move while bytes are on their way: a target may take nothing for a while.
pub(super) const STALL: Duration = Duration::from_secs(300);
/// After so long without a receipt, one is signed for what little is unpaid.
const QUIET: Duration = Duration::from_millis(200);
/// Bytes between the link and its user.
const PIPE: usize = 262_144;

/// What a link needs to know.
#[derive(Clone)]
pub struct Terms {
    /// The session's client key.
    pub key: sr25519::Pair,
    /// The chain.
    pub genesis: Hash,
    /// The session.
    pub session: OrderId,
    /// The relay that the chain drew.
    pub relay: NodeKey,
    /// Where it is, for errors.
    pub peer: String,
    /// Most bytes that it is paid for.
    pub volume: u64,
    /// What this client counted on links before this one.
    pub own: Option<u64>,
    /// How long nothing may move while bytes are on their way.
    pub stall: Duration,
}

/// A link that is open.
pub struct Link {
    /// What is written here comes out at the target, and the other way.
    pub stream: DuplexStream,
    /// What goes on behind it.
    pub running: Running,
}

/// What goes on behind a link.
pub struct Running {
    /// What is owed.
    pub account: Arc<Mutex<Account>>,
    /// Rung when the user has gone, and waits for nothing that the target may still say.
    pub(super) leave: Arc<Notify>,
    awaited: Arc<AtomicBool>,
    /// Ends when both directions have ended and the relay has the last receipt.
    pub done: JoinHandle<Result<(), ClientError>>,
}

impl Running {
    /// The user waits for the target from now on: a relay from which nothing comes for too long is left.
    pub fn await_target(&self) {
        self.awaited.store(true, Ordering::Relaxed);
    }
}

/// Opens a link over `stream` to `target`.
///
/// # Errors
/// If the relay refuses, cannot show that it is who was drawn, or claims what it is not owed.
pub async fn open<S>(mut stream: S, terms: Terms, target: &str) -> Result<Link, ClientError>
where
    S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
{
    let peer = terms.peer.clone();
    let dishonest = |what| ClientError::Dishonest { peer: peer.clone(), what };
    let Terms { session, relay, genesis, .. } = terms;
    let ours = nonce();
    let hello = Message::Hello { magic: MAGIC, version: VERSION, intent: Intent::Relay { session, nonce: ours } };
    let patience = terms.stall.min(PATIENCE);
    say(&mut stream, &hello, &peer, patience).await?;
    let Message::Welcome { node, nonce: theirs, signature } = hear(&mut stream, &peer).await? else {
        return Err(dishonest("it answered something else than the protocol says"));
    };
    let payload = welcome_payload(&genesis, session, &relay, &ours, &theirs);
    if node != relay || !sr25519::Pair::verify(&signature, payload, &relay) {
        return Err(dishonest("it is not the node that the chain drew"));
    }
    let signature = terms.key.sign(&open_payload(&genesis, session, &relay, &theirs, target.as_bytes()));
    say(&mut stream, &Message::Open { target: target.as_bytes().to_vec(), signature }, &peer, patience).await?;
    let Message::Opened { counted, last, credit, window } = hear(&mut stream, &peer).await? else {
        return Err(dishonest("it answered something else than the protocol says"));
    };
    let opening = Opening { counted, last, credit, window };
    let account = Account::begin(terms.key, genesis, session, relay, terms.volume, &opening, terms.own);
    let account = Arc::new(Mutex::new(account.map_err(dishonest)?));
    let (user, inner) = duplex(PIPE);
    let (reader, writer) = split(stream);
    let leave = Arc::new(Notify::new());
    let engine = Engine {
        account: account.clone(),
        moved: Notify::new(),
        leave: leave.clone(),
        leaving: AtomicBool::new(false),
        progress: Progress::default(),
        writer: AsyncMutex::new(writer),
        peer,
        stall: terms.stall,
    };
    let awaited = engine.progress.awaited.clone();
    let done = tokio::spawn(engine.run(reader, inner));
    Ok(Link { stream: user, running: Running { account, leave, awaited, done } })
}

/// Sends what belongs to the handshake.
async fn say<W: AsyncWrite + Unpin>(
    stream: &mut W,
    message: &Message,
    peer: &str,
    patience: Duration,
) -> Result<(), ClientError> {
    let sent = timeout(patience, send(stream, message)).await;
    let sent = sent.unwrap_or_else(|_| Err(WireError::Io(std::io::ErrorKind::TimedOut.into())));
    sent.map_err(|error| ClientError::Wire { peer: peer.to_string(), error })
}

/// The relay's next message.
pub(super) async fn hear<R: AsyncRead + Unpin>(stream: &mut R, peer: &str) -> Result<Message, ClientError> {
    let peer = || peer.to_string();
    let unreachable = |reason: &str| ClientError::Unreachable { peer: peer(), reason: reason.into() };
    match timeout(PATIENCE, recv(stream)).await {
        Ok(Ok(Some(Message::Refused(reason)))) => Err(ClientError::Refused { peer: peer(), reason }),
        Ok(Ok(Some(message))) => Ok(message),
        Ok(Ok(None)) => Err(unreachable("it closed the connection: is it an ergon-worker, and not full?")),
        Ok(Err(error)) => Err(ClientError::Wire { peer: peer(), error }),
        Err(_) => Err(unreachable("nothing came in time")),
    }
}

struct Engine<W> {
    account: Arc<Mutex<Account>>,
    /// Rung when there may be room to send.
    moved: Notify,
    leave: Arc<Notify>,
    /// Whether nothing more of the user is sent.
    leaving: AtomicBool,
    progress: Progress,
    writer: AsyncMutex<W>,
    peer: String,
    stall: Duration,
}

impl<W: AsyncWrite + Send + Unpin> Engine<W> {
    /// Runs until both directions are over, or the relay ends it; then signs the last receipt.
    async fn run<R: AsyncRead + Unpin>(self, reader: R, inner: DuplexStream) -> Result<(), ClientError> {
        let (read_user, to_user) = split(inner);
        let credit = usize::try_from(lock(&self.account).credit()).unwrap_or(usize::MAX).max(1);
        let (queue, queued) = duplex(credit);
        let relay = self.read_relay(reader, queue);
        let deliver = self.deliver(queued, to_user);
        let user = self.read_user(read_user);
        let (quiet, watch) = (self.pay_when_quiet(), self.progress.watch(&self.account, &self.leave, self.stall));
        tokio::pin!(relay, deliver, user, quiet, watch);
        let (mut ended, mut delivered, mut finished) = (None, false, false);
        while !(delivered && (ended.is_some() || (finished && !lock(&self.account).outstanding()))) {
            tokio::select! {
                end = &mut relay, if ended.is_none() => ended = Some(end),
                () = &mut deliver, if !delivered => delivered = true,
                sent = &mut user, if !finished => {
                    finished = true;
                    self.progress.finished.store(true, Ordering::Relaxed);
                    if let Err(error) = sent {
                        log::debug!(target: "client", "{}: {error}", self.peer);
                    }
                }
                () = &mut quiet => {}
                // The relay drops what it has not passed on when the link ends.
                () = self.moved.notified(), if finished => {}
                watched = &mut watch => {
                    let hangs = |reason| Err(ClientError::Unreachable { peer: self.peer.clone(), reason });
                    ended = ended.or(watched.err().map(hangs));
                    break;
                }
            }
        }
        self.leaving.store(true, Ordering::Relaxed);
        let words = self.last_words();
        tokio::pin!(words);
        // Each of these may hold the writer, or be the next to have it: they go on until they have let it go.
        let said = loop {
            tokio::select! {
                said = &mut words => break said,
                end = &mut relay, if ended.is_none() => ended = Some(end),
                () = &mut deliver, if !delivered => delivered = true,
                _ = &mut user, if !finished => finished = true,
                () = &mut quiet => {}
            }
        };
        if let Err(error) = said {
            log::debug!(target: "client", "{}: the last receipt is lost: {error}", self.peer);
        }
        match ended {
            Some(end) => end,
            None => match timeout(GRACE, relay).await {
                // Who is left before the target has ended closes without an end.
                Err(_) | Ok(Err(ClientError::Unreachable { .. })) => Ok(()),
                Ok(end) => end,
            },
        }
    }

    /// Reads the relay until it closes.
    async fn read_relay<R: AsyncRead + Unpin>(&self, mut reader: R, queue: DuplexStream) -> Result<(), ClientError> {
        let mut queue = Some(queue);
        let dishonest = |what| ClientError::Dishonest { peer: self.peer.clone(), what };
        loop {
            match recv(&mut reader).await {
                Ok(Some(Message::Data(bytes))) if !bytes.is_empty() => {
                    self.progress.step();
                    lock(&self.account).received(count(bytes.len())).map_err(dishonest)?;
                    let queue = queue.as_mut().ok_or_else(|| dishonest("it goes on after the end"))?;
                    // There is room: the credit is looked at above. A user that is gone wants nothing more.
                    if queue.write_all(&bytes).await.is_err() {
                        log::trace!(target: "client", "bytes that nobody wants");
                    }
                }
                Ok(Some(Message::Window { forwarded })) => {
                    // That which it said before is no progress.
                    if lock(&self.account).taken(forwarded).map_err(dishonest)? {
                        self.progress.step();
                    }
                    self.moved.notify_one();
                }
                Ok(Some(Message::Finish)) => queue = None,
                Ok(Some(Message::Refused(reason))) => {
                    return Err(ClientError::Refused { peer: self.peer.clone(), reason });
                }
                Ok(Some(_)) => return Err(dishonest("it sent something else than the protocol says")),
                Ok(None) if queue.is_none() && !lock(&self.account).outstanding() => return Ok(()),
                Ok(None) => {
                    let reason = "it closed the connection".into();
                    return Err(ClientError::Unreachable { peer: self.peer.clone(), reason });
                }
                Err(error) => return Err(ClientError::Wire { peer: self.peer.clone(), error }),
            }
        }
    }

    /// Hands bytes on to the user, and pays for them.
    async fn deliver<U: AsyncWrite + Unpin>(&self, mut queue: DuplexStream, mut user: U) {
        let mut buffer = vec![0; MAX_DATA];
        loop {
            let read = queue.read(&mut buffer).await.unwrap_or(0);
            let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else {
                break;
            };
            self.progress.handing.store(true, Ordering::Relaxed);
            let handed = user.write_all(bytes).await;
            self.progress.handing.store(false, Ordering::Relaxed);
            if handed.is_err() {
                break;
            }
            self.progress.step();
            lock(&self.account).delivered(count(read));
            if self.pay_if_due().await.is_err() {
                break;
            }
        }
        if let Err(error) = user.shutdown().await {
            log::trace!(target: "client", "the user was gone before: {error}");
        }
    }

    /// Sends what the user writes.
    async fn read_user<U: AsyncRead + Unpin>(&self, mut user: U) -> Result<(), WireError> {
        let mut buffer = vec![0; MAX_DATA];
        loop {
            let (room, left) = {
                let account = lock(&self.account);
                (account.room(), account.left())
            };
            if left == 0 {
                break;
            }
            if room == 0 {
                self.moved.notified().await;
                continue;
            }
            let most = usize::try_from(room).unwrap_or(usize::MAX).min(MAX_DATA);
            let read = match buffer.get_mut(..most) {
                Some(free) => user.read(free).await.unwrap_or(0),
                None => 0,
            };
            let mut writer = self.writer.lock().await;
            if self.leaving.load(Ordering::Relaxed) {
                return Ok(());
            }
            // What came meanwhile is of the same volume.
            let read = read.min(usize::try_from(lock(&self.account).left()).unwrap_or(usize::MAX));
            let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else {
                break;
            };
            self.write(&mut writer, &Message::Data(bytes.to_vec())).await?;
            // The receipt is right behind what it is for.
            let due = {
                let mut account = lock(&self.account);
                account.sent(count(read));
                account.pay_if_due()
            };
            if let Some(signed) = due {
                self.write(&mut writer, &Message::Receipt(signed)).await?;
            }
        }
        let mut writer = self.writer.lock().await;
        if self.leaving.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.write(&mut writer, &Message::Finish).await
    }

    async fn write(&self, writer: &mut W, message: &Message) -> Result<(), WireError> {
        self.progress.sending.store(true, Ordering::Relaxed);
        let sent = send(writer, message).await;
        self.progress.sending.store(false, Ordering::Relaxed);
        self.progress.step();
        sent
    }

    async fn pay_if_due(&self) -> Result<(), WireError> {
        let mut writer = self.writer.lock().await;
        let due = lock(&self.account).pay_if_due();
        match due {
            Some(signed) => self.write(&mut writer, &Message::Receipt(signed)).await,
            None => Ok(()),
        }
    }

    async fn pay(&self) -> Result<(), WireError> {
        let mut writer = self.writer.lock().await;
        let due = lock(&self.account).pay();
        match due {
            Some(signed) => self.write(&mut writer, &Message::Receipt(signed)).await,
            None => Ok(()),
        }
    }

    /// Never ends by itself.
    async fn pay_when_quiet(&self) {
        loop {
            let before = lock(&self.account).signed();
            sleep(QUIET).await;
            let unchanged = lock(&self.account).signed() == before;
            if unchanged && self.pay().await.is_err() {
                return std::future::pending().await;
            }
        }
    }

    async fn last_words(&self) -> Result<(), WireError> {
        let words = async {
            self.pay().await?;
            self.writer.lock().await.shutdown().await?;
            Ok(())
        };
        timeout(GRACE, words).await.unwrap_or_else(|_| Err(WireError::Io(std::io::ErrorKind::TimedOut.into())))
    }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
