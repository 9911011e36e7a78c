//! Brings a file to the holders of a deal, and fetches it from them. Both check every segment against the deal's root.

use std::{
    fs::File,
    io::{self, Read},
    os::unix::fs::FileExt,
    path::Path,
    sync::Arc,
};

use ergon_merkle::{leaf_hash, Software, Tree};
use ergon_primitives::{
    order_info::{DealInfo, HolderInfo},
    orders::{segments, OrderId, MAX_DEAL_BYTES, SEGMENT_BYTES},
};
use tokio::{
    io::{split, BufReader},
    net::TcpStream,
    time::{timeout, Duration},
};

use super::{link::hear, ClientError};
use crate::{
    storage::{
        deal::{check, Meta},
        transfer::Leisure,
    },
    wire::{message::MAGIC, send, Intent, Message, Segment, MAX_DATA, VERSION},
};

const CONNECTING: Duration = Duration::from_secs(10);
/// How long a holder may be slower than [`RATE`], and how long it may take to say that it has all.
const PATIENCE: Duration = Duration::from_secs(60);
/// Bytes a second that a holder has to take or give: half of what it asks of its clients, as its disk has its part in
/// this.
const RATE: u64 = 32 << 10;

/// A file, cut into segments.
pub struct Cut {
    file: File,
    /// Its length.
    pub bytes: u64,
    tree: Tree,
}

impl Cut {
    /// Reads the file once. Takes 64 bytes of memory for each segment.
    ///
    /// # Errors
    /// If it cannot be read, or is longer than a deal.
    pub fn open(path: &Path) -> Result<Self, ClientError> {
        let failed = |error: io::Error| ClientError::File(format!("{} cannot be read: {error}", path.display()));
        let mut file = File::open(path).map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        if bytes > MAX_DEAL_BYTES {
            let what = format!("{} has {bytes} bytes, and a deal {MAX_DEAL_BYTES} at most: cut it", path.display());
            return Err(ClientError::File(what));
        }
        let mut leaves = Vec::new();
        let mut segment = Vec::new();
        let mut read = 0u64;
        loop {
            segment.clear();
            let more = file.by_ref().take(SEGMENT_BYTES.into()).read_to_end(&mut segment).map_err(failed)?;
            if more == 0 {
                break;
            }
            read = read.saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
            leaves.push(leaf_hash::<Software>(&segment));
        }
        if read != bytes {
            return Err(ClientError::File(format!("{} changes while it is read", path.display())));
        }
        Ok(Self { file, bytes, tree: Tree::of_hashes::<Software>(leaves) })
    }

    /// The root that a deal for it has.
    pub fn root(&self) -> [u8; 32] {
        self.tree.root()
    }

    /// Number of segments.
    pub fn count(&self) -> u64 {
        self.tree.count()
    }

    /// A segment with its proof.
    pub(crate) fn segment(&self, index: u64) -> io::Result<Segment> {
        let start = index.saturating_mul(SEGMENT_BYTES.into());
        let length = self.bytes.saturating_sub(start).min(SEGMENT_BYTES.into());
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        self.file.read_exact_at(&mut bytes, start)?;
        let proof = self.tree.proof(index).ok_or(io::ErrorKind::InvalidInput)?;
        Ok(Segment { index, bytes, proof })
    }
}

/// Brings `cut` to one holder, and waits until it has all of it. Goes on where an upload before it stopped.
///
/// # Errors
/// If the holder refuses, is too slow, or is lost.
pub async fn put(cut: &Arc<Cut>, deal: OrderId, holder: &HolderInfo) -> Result<(), ClientError> {
    put_within(cut, deal, holder, Leisure::new(PATIENCE, RATE)).await
}

/// The same, to a holder that may be as slow as `leisure` says.
pub(crate) async fn put_within(
    cut: &Arc<Cut>,
    deal: OrderId,
    holder: &HolderInfo,
    mut leisure: Leisure,
) -> Result<(), ClientError> {
    let (stream, peer) = connect(holder, Intent::Put { deal }).await?;
    let (reader, mut writer) = split(stream);
    let mut reader = BufReader::with_capacity(MAX_DATA, reader);
    let Message::Ready { from } = hear(&mut reader, &peer).await? else {
        return Err(ClientError::Dishonest { peer, what: "it answered something else than the protocol says" });
    };
    let bring = async {
        for index in from..cut.count() {
            let cut = cut.clone();
            let segment = tokio::task::spawn_blocking(move || cut.segment(index)).await;
            let segment = segment.unwrap_or_else(|_| Err(io::ErrorKind::Other.into()));
            let segment = segment.map_err(|error| ClientError::File(format!("the file cannot be read: {error}")))?;
            let sent = leisure.wait(send(&mut writer, &Message::Segment(segment))).await;
            let sent = sent.ok_or_else(|| slow(&peer, "it takes the data too slowly"))?;
            sent.map_err(|error| ClientError::Wire { peer: peer.clone(), error })?;
            leisure.earn();
        }
        Ok(())
    };
    // Whatever comes before everything is sent is a refusal, or the news that another has brought the rest.
    let answer = async {
        match crate::wire::recv(&mut reader).await {
            Ok(Some(Message::Stored)) => Ok(()),
            Ok(Some(Message::Refused(reason))) => Err(ClientError::Refused { peer: peer.clone(), reason }),
            Ok(Some(_)) => {
                let what = "it answered something else than the protocol says";
                Err(ClientError::Dishonest { peer: peer.clone(), what })
            }
            Ok(None) => {
                let reason = "it closed the connection".into();
                Err(ClientError::Unreachable { peer: peer.clone(), reason })
            }
            Err(error) => Err(ClientError::Wire { peer: peer.clone(), error }),
        }
    };
    tokio::pin!(bring, answer);
    tokio::select! {
        answer = &mut answer => answer,
        sent = &mut bring => {
            // Who was too slow has had its time. What else broke the sending is in the answer, if there is one.
            if matches!(sent, Err(ClientError::Unreachable { .. })) {
                return sent;
            }
            let answer = timeout(PATIENCE, answer).await;
            match (answer, sent) {
                (Ok(answer @ (Ok(()) | Err(ClientError::Refused { .. }))), _) => answer,
                (_, Err(error)) => Err(error),
                (Ok(answer), Ok(())) => answer,
                (Err(_), Ok(())) => Err(slow(&peer, "it does not say that it has all")),
            }
        }
    }
}

/// Fetches the segments from `have` on from one holder into `file`. Counts `have` up, so that the next holder goes on
/// there.
///
/// # Errors
/// If the holder refuses, is too slow, is lost, or gives something else than the data.
pub async fn get(
    info: &DealInfo,
    deal: OrderId,
    holder: &HolderInfo,
    file: &Arc<File>,
    have: &mut u64,
) -> Result<(), ClientError> {
    get_within(info, deal, holder, file, have, Leisure::new(PATIENCE, RATE)).await
}

/// The same, from a holder that may be as slow as `leisure` says.
pub(crate) async fn get_within(
    info: &DealInfo,
    deal: OrderId,
    holder: &HolderInfo,
    file: &Arc<File>,
    have: &mut u64,
    mut leisure: Leisure,
) -> Result<(), ClientError> {
    let meta = Meta::of(info, 0);
    let (stream, peer) = connect(holder, Intent::Get { deal, from: *have }).await?;
    let mut stream = BufReader::with_capacity(MAX_DATA, stream);
    let odd = |what| ClientError::Dishonest { peer: peer.clone(), what };
    let Message::Ready { .. } = hear(&mut stream, &peer).await? else {
        return Err(odd("it answered something else than the protocol says"));
    };
    while *have < segments(info.bytes) {
        let heard = leisure.wait(hear(&mut stream, &peer)).await;
        let heard = heard.ok_or_else(|| slow(&peer, "it gives the data too slowly"))?;
        let Message::Segment(segment) = heard? else {
            return Err(odd("it answered something else than the protocol says"));
        };
        if segment.index != *have || check(&meta, &segment).is_err() {
            return Err(odd("what it gives is not the deal's data"));
        }
        let file = file.clone();
        let start = have.saturating_mul(SEGMENT_BYTES.into());
        let written = tokio::task::spawn_blocking(move || file.write_all_at(&segment.bytes, start)).await;
        let written = written.unwrap_or_else(|_| Err(io::ErrorKind::Other.into()));
        written.map_err(|error| ClientError::File(format!("the file cannot be written: {error}")))?;
        *have = have.saturating_add(1);
        leisure.earn();
    }
    Ok(())
}

fn slow(peer: &str, reason: &str) -> ClientError {
    ClientError::Unreachable { peer: peer.into(), reason: reason.into() }
}

async fn connect(holder: &HolderInfo, intent: Intent) -> Result<(TcpStream, String), ClientError> {
    let peer = String::from_utf8_lossy(&holder.endpoint).into_owned();
    let unreachable = |reason| ClientError::Unreachable { peer: peer.clone(), reason };
    let mut stream = match timeout(CONNECTING, TcpStream::connect(&peer)).await {
        Ok(stream) => stream.map_err(|error| unreachable(error.to_string()))?,
        Err(_) => return Err(unreachable("nothing came in time".into())),
    };
    stream.set_nodelay(true).map_err(|error| unreachable(error.to_string()))?;
    let hello = Message::Hello { magic: MAGIC, version: VERSION, intent };
    send(&mut stream, &hello).await.map_err(|error| ClientError::Wire { peer: peer.clone(), error })?;
    Ok((stream, peer))
}
