//! The data of one deal on disk, and proofs of their segments. Which deals there are is [`super::store`]'s.
//!
//! ```text
//! deals/N/meta          root, length, and the final block that the deal was seen in
//! deals/N/data.partial  segments so far, each proven before it was written; `data` when all are there
//! deals/N/leaves        hashes of the segments: what proofs are made of without reading the data
//! ```
//!
//! No file stays open: who reads or writes has them [`Opened`], so that descriptors are bounded by connections and
//! answers, not by deals. A tree takes 16 MiB of memory for each GiB of data, while it is in use, and each deal has one
//! at most.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex, MutexGuard, Weak,
    },
};

use codec::{Decode, DecodeAll, Encode};
use ergon_merkle::{leaf_hash, verify_hash, Hash, Software, Tree};
use ergon_primitives::{
    order_info::DealInfo,
    orders::{segments, OrderId, MAX_DEAL_BYTES, SEGMENT_BYTES},
    BlockNumber,
};

use crate::{
    metrics::Metrics,
    relay::{book::write_whole, sessions::lock},
    wire::{Reason, Segment},
};

const META: &str = "meta";
const PARTIAL: &str = "data.partial";
const DATA: &str = "data";
const LEAVES: &str = "leaves";

const SEGMENT: u64 = SEGMENT_BYTES as u64;
const LEAF: u64 = 32;
/// After so many segments, 64 MiB, the disk is waited for, so that the last does not have to wait for all.
const SYNC_EVERY: u64 = 16_384;

/// What is known of a deal's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Meta {
    /// Root of its tree.
    pub root: Hash,
    /// Its length.
    pub bytes: u64,
    /// Height of the final block that it was seen in: what older blocks say of it means nothing.
    pub seen_at: BlockNumber,
}

impl Meta {
    /// What a block at the height `seen_at` says of a deal.
    pub fn of(info: &DealInfo, seen_at: BlockNumber) -> Self {
        Self { root: info.root, bytes: info.bytes, seen_at }
    }

    /// Whether both are of the same data. A number alone does not say so: a fork may have another deal with it.
    pub fn same(&self, other: &Self) -> bool {
        (self.root, self.bytes) == (other.root, other.bytes)
    }
}

/// The data of one deal.
#[derive(Debug)]
pub struct Deal {
    /// Its number.
    pub id: OrderId,
    /// What it must be.
    pub meta: Meta,
    pub(super) folder: PathBuf,
    metrics: Arc<Metrics>,
    /// Held by who writes, for as long as the disk takes. Nobody else waits for it but who takes the folder away.
    writing: Mutex<()>,
    /// Segments that are written.
    count: AtomicU64,
    /// Whether all are there and the root was compared.
    complete: AtomicBool,
    /// Whether the folder was taken away: its name may be another deal's. Changes only under `writing`.
    gone: AtomicBool,
    tree: Mutex<Weak<Tree>>,
}

impl Deal {
    /// Makes the folder of a new deal: beside its place first, so that it is there whole or not at all.
    pub(super) fn create(id: OrderId, meta: Meta, folder: PathBuf, metrics: Arc<Metrics>) -> io::Result<Arc<Self>> {
        let next = folder.with_extension(super::store::NEXT);
        match fs::remove_dir_all(&next) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => fs::create_dir(&next)?,
        }
        File::create(next.join(PARTIAL))?;
        File::create(next.join(LEAVES))?;
        // Makes all three names safe.
        write_whole(&next.join(META), &meta.encode())?;
        fs::rename(&next, &folder)?;
        let made = sync_parent(&folder).and_then(|()| Self::load(id, folder.clone(), metrics));
        if made.is_err() {
            fs::remove_dir_all(&folder)?;
        }
        made
    }

    /// Reads what there is of a deal.
    pub(super) fn load(id: OrderId, folder: PathBuf, metrics: Arc<Metrics>) -> io::Result<Arc<Self>> {
        let meta = read_meta(&folder)?;
        let complete = folder.join(DATA).try_exists()?;
        let (data, leaves) = open_files(&folder)?;
        let total = segments(meta.bytes);
        let count = if complete { total } else { whole(&data, &leaves, meta.bytes)? };
        // Their bytes are compared whenever they are given out.
        if complete && (data.metadata()?.len(), leaves.metadata()?.len()) != (meta.bytes, total.saturating_mul(LEAF)) {
            return Err(invalid("the files do not have the deal's length"));
        }
        let (count, complete) = (AtomicU64::new(count), AtomicBool::new(complete));
        let (writing, gone, tree) = (Mutex::default(), AtomicBool::new(false), Mutex::default());
        let deal = Arc::new(Self { id, meta, folder, metrics, writing, count, complete, gone, tree });
        // A deal of no data has all of it.
        if deal.count() == total && !deal.complete() {
            Opened { deal: deal.clone(), data, leaves }.finish()?;
        }
        Ok(deal)
    }

    /// Segments that are there.
    pub fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// Whether all data are there.
    pub fn complete(&self) -> bool {
        self.complete.load(Ordering::Acquire)
    }

    /// Opens its files, to read or to write. Waits for the disk.
    ///
    /// # Errors
    /// [`Reason::NotHeld`] if it was taken away, and [`Reason::Disk`].
    pub fn open(self: &Arc<Self>) -> Result<Opened, Reason> {
        let files = open_files(&self.folder);
        // Asked after opening: the files are this deal's then, wherever the folder is moved to.
        if self.gone() {
            return Err(Reason::NotHeld);
        }
        let (data, leaves) = files.map_err(|error| self.failed(&error))?;
        Ok(Opened { deal: self.clone(), data, leaves })
    }

    /// Waits for who writes, and keeps others from it.
    pub(super) fn still(&self) -> MutexGuard<'_, ()> {
        lock(&self.writing)
    }

    pub(super) fn gone(&self) -> bool {
        self.gone.load(Ordering::Acquire)
    }

    /// The folder is taken away. Nobody writes while `_still` is held, and nobody does afterwards.
    pub(super) fn leave(&self, _still: &MutexGuard<'_, ()>) {
        self.gone.store(true, Ordering::Release);
    }

    fn failed(&self, error: &io::Error) -> Reason {
        failed(self.id, error, &self.metrics)
    }
}

/// A deal with its files open.
#[derive(Debug)]
pub struct Opened {
    /// The deal.
    pub deal: Arc<Deal>,
    data: File,
    leaves: File,
}

impl Opened {
    /// Writes the next segment, if its proof is good; one that is there already is passed over. Waits for the disk.
    /// True when all are there.
    ///
    /// # Errors
    /// [`Reason::BadSegment`], [`Reason::Protocol`] if one before it is missing, [`Reason::NotHeld`] if the deal was
    /// taken away, and [`Reason::Disk`].
    pub fn append(&self, segment: &Segment) -> Result<bool, Reason> {
        let deal = &self.deal;
        let leaf = check(&deal.meta, segment)?;
        let _writing = deal.still();
        if deal.gone() {
            return Err(Reason::NotHeld);
        }
        match segment.index.cmp(&deal.count()) {
            std::cmp::Ordering::Less => Ok(deal.complete()),
            std::cmp::Ordering::Greater => Err(Reason::Protocol),
            std::cmp::Ordering::Equal => self.write(segment, &leaf).map_err(|error| deal.failed(&error)),
        }
    }

    fn write(&self, segment: &Segment, leaf: &Hash) -> io::Result<bool> {
        let deal = &self.deal;
        self.data.write_all_at(&segment.bytes, segment.index.saturating_mul(SEGMENT))?;
        self.leaves.write_all_at(leaf, segment.index.saturating_mul(LEAF))?;
        let count = segment.index.saturating_add(1);
        deal.count.store(count, Ordering::Release);
        if count == segments(deal.meta.bytes) {
            self.finish()?;
        } else if count.is_multiple_of(SYNC_EVERY) {
            self.data.sync_data()?;
        }
        Ok(deal.complete())
    }

    /// All segments are there: makes sure that they stay, and that together they are what was meant.
    fn finish(&self) -> io::Result<()> {
        let deal = &self.deal;
        self.data.sync_all()?;
        self.leaves.sync_all()?;
        if load_tree(&self.leaves, deal.count())?.root() != deal.meta.root {
            deal.count.store(0, Ordering::Release);
            return Err(invalid("the data on disk are not those that were written"));
        }
        fs::rename(deal.folder.join(PARTIAL), deal.folder.join(DATA))?;
        File::open(&deal.folder)?.sync_all()?;
        deal.complete.store(true, Ordering::Release);
        Ok(())
    }

    /// The tree of a complete deal. Whoever holds it keeps it in memory for all.
    ///
    /// # Errors
    /// [`Reason::NotHeld`] and [`Reason::Disk`].
    pub fn tree(&self) -> Result<Arc<Tree>, Reason> {
        let deal = &self.deal;
        if !deal.complete() {
            return Err(Reason::NotHeld);
        }
        let mut held = lock(&deal.tree);
        if let Some(tree) = held.upgrade() {
            return Ok(tree);
        }
        let tree = load_tree(&self.leaves, segments(deal.meta.bytes));
        let tree = Arc::new(tree.map_err(|error| deal.failed(&error))?);
        *held = Arc::downgrade(&tree);
        Ok(tree)
    }

    /// A segment with its proof. Waits for the disk.
    ///
    /// # Errors
    /// [`Reason::BadSegment`] if there is none with this index, [`Reason::Disk`] also if the bytes are not those any more that were
    /// written.
    pub fn segment(&self, tree: &Tree, index: u64) -> Result<Segment, Reason> {
        let deal = &self.deal;
        let proof = tree.proof(index).ok_or(Reason::BadSegment)?;
        let start = index.saturating_mul(SEGMENT);
        let length = deal.meta.bytes.saturating_sub(start).min(SEGMENT);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        self.data.read_exact_at(&mut bytes, start).map_err(|error| deal.failed(&error))?;
        let segment = Segment { index, bytes, proof };
        check(&deal.meta, &segment).map_err(|_| deal.failed(&invalid("the data on disk have changed")))?;
        Ok(segment)
    }
}

/// Whether a segment is one of the data; returns its hash.
///
/// # Errors
/// [`Reason::BadSegment`].
pub fn check(meta: &Meta, segment: &Segment) -> Result<Hash, Reason> {
    let length = meta.bytes.saturating_sub(segment.index.saturating_mul(SEGMENT)).min(SEGMENT);
    let leaf = leaf_hash::<Software>(&segment.bytes);
    let proven = verify_hash::<Software>(&meta.root, segments(meta.bytes), segment.index, leaf, &segment.proof);
    if u64::try_from(segment.bytes.len()) == Ok(length) && proven.is_ok() {
        Ok(leaf)
    } else {
        Err(Reason::BadSegment)
    }
}

/// What a deal's folder says that it is.
pub(super) fn read_meta(folder: &Path) -> io::Result<Meta> {
    let meta = Meta::decode_all(&mut fs::read(folder.join(META))?.as_slice());
    meta.ok().filter(|meta| meta.bytes <= MAX_DEAL_BYTES).ok_or_else(|| invalid("its meta file is damaged"))
}

/// Makes a name safe in its folder.
pub(super) fn sync_parent(path: &Path) -> io::Result<()> {
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

/// Says what went wrong, and counts it.
pub(super) fn failed(id: OrderId, error: &io::Error, metrics: &Metrics) -> Reason {
    log::error!(target: "storage", "deal {id}: {error}. Is the disk full or broken?");
    metrics.disk_failed();
    Reason::Disk
}

fn invalid(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// Data and leaves. The partial ones are looked for first: they are renamed once, to what is looked for then.
fn open_files(folder: &Path) -> io::Result<(File, File)> {
    let open = |name| OpenOptions::new().read(true).write(true).open(folder.join(name));
    let data = match open(PARTIAL) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => open(DATA)?,
        opened => opened?,
    };
    Ok((data, open(LEAVES)?))
}

/// Segments at the beginning of the files that are what was written, for a machine may have stopped in the middle.
fn whole(data: &File, leaves: &File, bytes: u64) -> io::Result<u64> {
    let mut index = 0u64;
    let (mut segment, mut leaf) = (vec![0; usize::try_from(SEGMENT).unwrap_or(0)], [0; 32]);
    while index < segments(bytes) {
        let start = index.saturating_mul(SEGMENT);
        let length = usize::try_from(bytes.saturating_sub(start).min(SEGMENT)).unwrap_or(0);
        let Some(room) = segment.get_mut(..length) else { break };
        let read =
            data.read_exact_at(room, start).and_then(|()| leaves.read_exact_at(&mut leaf, index.saturating_mul(LEAF)));
        match read {
            Ok(()) if leaf_hash::<Software>(room) == leaf => index = index.saturating_add(1),
            Ok(()) => break,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
    }
    Ok(index)
}

fn load_tree(leaves: &File, count: u64) -> io::Result<Tree> {
    let length = usize::try_from(count.saturating_mul(LEAF)).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).map_err(io::Error::other)?;
    bytes.resize(length, 0);
    leaves.read_exact_at(&mut bytes, 0)?;
    let (hashes, _) = bytes.as_chunks::<32>();
    Ok(Tree::of_hashes::<Software>(hashes.to_vec()))
}
