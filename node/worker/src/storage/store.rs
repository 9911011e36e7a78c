//! Data of deals on disk, and proofs of their segments. The only writer of the `deals` folder:
//!
//! ```text
//! deals/N/meta          root, length, and when the deal was seen
//! deals/N/data.partial  segments so far, each proven before it was written; `data` when all are there
//! deals/N/leaves        hashes of the segments: what proofs are made of without reading the data
//! ```
//!
//! A tree takes 16 MiB of memory for each GiB of data, while it is in use, and each deal has one at most.

use std::{
    collections::HashMap,
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex, Weak,
    },
};

use codec::{Decode, DecodeAll, Encode};
use ergon_merkle::{leaf_hash, verify_hash, Hash, Software, Tree};
use ergon_primitives::{
    orders::{segments, OrderId, MAX_DEAL_BYTES, SEGMENT_BYTES},
    BlockNumber,
};

use crate::{
    relay::{book::write_whole, sessions::lock},
    wire::{Reason, Segment},
};

const SEGMENT: u64 = SEGMENT_BYTES as u64;
const LEAF: u64 = 32;
/// After so many segments, 64 MiB, the disk is waited for, so that the last does not have to wait for all.
const SYNC_EVERY: u64 = 16_384;
/// Most deals, whatever their size.
const MAX_DEALS: usize = 4_096;

/// What is known of a deal's data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Meta {
    /// Root of its tree.
    pub root: Hash,
    /// Its length.
    pub bytes: u64,
    /// Height of the best block when the deal was seen first: what older blocks say of it means nothing.
    pub seen_at: BlockNumber,
}

/// The data of one deal.
#[derive(Debug)]
pub struct Deal {
    /// Its number.
    pub id: OrderId,
    /// What it must be.
    pub meta: Meta,
    folder: PathBuf,
    data: File,
    leaves: File,
    /// Held by who writes, for as long as the disk takes. Nobody else waits for it.
    writing: Mutex<()>,
    /// Segments that are written.
    count: AtomicU64,
    /// Whether all are there and the root was compared.
    complete: AtomicBool,
    tree: Mutex<Weak<Tree>>,
}

/// The data of all deals.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    most: u64,
    deals: Mutex<HashMap<OrderId, Arc<Deal>>>,
}

impl Store {
    /// Opens the folder with what is in it.
    ///
    /// # Errors
    /// If the disk fails. A damaged deal is only left out, with a warning.
    pub fn open(folder: PathBuf, most: u64) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let mut deals = HashMap::new();
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let Some(id) =
                path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<OrderId>().ok())
            else {
                continue;
            };
            let meta = fs::read(path.join("meta")).map(|bytes| Meta::decode_all(&mut bytes.as_slice()));
            match meta {
                Ok(Ok(meta)) => {
                    deals.insert(id, Arc::new(Deal::open(id, meta, path)?));
                }
                _ => log::error!(target: "storage", "{} is damaged, it is left out", path.display()),
            }
        }
        Ok(Self { folder, most, deals: Mutex::new(deals) })
    }

    /// A deal that is held, or on its way.
    pub fn get(&self, id: OrderId) -> Option<Arc<Deal>> {
        lock(&self.deals).get(&id).cloned()
    }

    /// All of them.
    pub fn all(&self) -> Vec<Arc<Deal>> {
        lock(&self.deals).values().cloned().collect()
    }

    /// The deal's place, made if there is none and there is room for all of its data.
    ///
    /// # Errors
    /// [`Reason::NoRoom`] and [`Reason::Disk`].
    pub fn begin(&self, id: OrderId, meta: Meta) -> Result<Arc<Deal>, Reason> {
        let mut deals = lock(&self.deals);
        if let Some(deal) = deals.get(&id) {
            return Ok(deal.clone());
        }
        let taken = deals.values().fold(meta.bytes, |sum, deal| sum.saturating_add(deal.meta.bytes));
        if taken > self.most || meta.bytes > MAX_DEAL_BYTES || deals.len() >= MAX_DEALS {
            return Err(Reason::NoRoom);
        }
        let folder = self.folder.join(id.to_string());
        let opened = fs::create_dir_all(&folder)
            .and_then(|()| write_whole(&folder.join("meta"), &meta.encode()))
            .and_then(|()| Deal::open(id, meta, folder));
        let deal = Arc::new(opened.map_err(|error| failed(id, &error))?);
        deals.insert(id, deal.clone());
        Ok(deal)
    }

    /// Deletes a deal's data.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn remove(&self, id: OrderId) -> io::Result<()> {
        let mut deals = lock(&self.deals);
        fs::remove_dir_all(self.folder.join(id.to_string()))?;
        deals.remove(&id);
        Ok(())
    }
}

impl Deal {
    fn open(id: OrderId, meta: Meta, folder: PathBuf) -> io::Result<Self> {
        let complete = folder.join("data").exists();
        let data = open_file(&folder.join(if complete { "data" } else { "data.partial" }))?;
        let leaves = open_file(&folder.join("leaves"))?;
        let count = if complete { segments(meta.bytes) } else { whole(&data, &leaves, meta.bytes)? };
        let (writing, tree) = (Mutex::default(), Mutex::default());
        let (count, complete) = (AtomicU64::new(count), AtomicBool::new(complete));
        let deal = Self { id, meta, folder, data, leaves, writing, count, complete, tree };
        // A deal of no data has all of it.
        if deal.count() == segments(meta.bytes) && !deal.complete() {
            deal.finish()?;
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

    /// Writes the next segment, if its proof is good; one that is there already is passed over. Waits for the disk.
    /// True when all are there.
    ///
    /// # Errors
    /// [`Reason::BadSegment`], [`Reason::Protocol`] if one before it is missing, and [`Reason::Disk`].
    pub fn append(&self, segment: &Segment) -> Result<bool, Reason> {
        let leaf = check(&self.meta, segment)?;
        let _writing = lock(&self.writing);
        match segment.index.cmp(&self.count()) {
            std::cmp::Ordering::Less => Ok(self.complete()),
            std::cmp::Ordering::Greater => Err(Reason::Protocol),
            std::cmp::Ordering::Equal => self.write(segment, &leaf).map_err(|error| failed(self.id, &error)),
        }
    }

    fn write(&self, segment: &Segment, leaf: &Hash) -> io::Result<bool> {
        self.data.write_all_at(&segment.bytes, segment.index.saturating_mul(SEGMENT))?;
        self.leaves.write_all_at(leaf, segment.index.saturating_mul(LEAF))?;
        let count = segment.index.saturating_add(1);
        self.count.store(count, Ordering::Release);
        if count == segments(self.meta.bytes) {
            self.finish()?;
        } else if count.is_multiple_of(SYNC_EVERY) {
            self.data.sync_data()?;
        }
        Ok(self.complete())
    }

    /// All segments are there: makes sure that they stay, and that together they are what was meant.
    fn finish(&self) -> io::Result<()> {
        self.data.sync_all()?;
        self.leaves.sync_all()?;
        if load_tree(&self.leaves, self.count())?.root() != self.meta.root {
            self.count.store(0, Ordering::Release);
            return Err(io::Error::new(io::ErrorKind::InvalidData, "the data on disk are not those that were written"));
        }
        fs::rename(self.folder.join("data.partial"), self.folder.join("data"))?;
        File::open(&self.folder)?.sync_all()?;
        self.complete.store(true, Ordering::Release);
        Ok(())
    }

    /// The tree of a complete deal. Whoever holds it keeps it in memory for all.
    ///
    /// # Errors
    /// [`Reason::NotHeld`] and [`Reason::Disk`].
    pub fn tree(&self) -> Result<Arc<Tree>, Reason> {
        if !self.complete() {
            return Err(Reason::NotHeld);
        }
        let mut held = lock(&self.tree);
        if let Some(tree) = held.upgrade() {
            return Ok(tree);
        }
        let tree = load_tree(&self.leaves, segments(self.meta.bytes));
        let tree = Arc::new(tree.map_err(|error| failed(self.id, &error))?);
        *held = Arc::downgrade(&tree);
        Ok(tree)
    }

    /// A segment with its proof. Waits for the disk.
    ///
    /// # Errors
    /// [`Reason::BadSegment`] if there is none with this index, [`Reason::Disk`] also if the bytes are not those any more that were
    /// written.
    pub fn segment(&self, tree: &Tree, index: u64) -> Result<Segment, Reason> {
        let proof = tree.proof(index).ok_or(Reason::BadSegment)?;
        let start = index.saturating_mul(SEGMENT);
        let length = self.meta.bytes.saturating_sub(start).min(SEGMENT);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        let read = self.data.read_exact_at(&mut bytes, start);
        read.map_err(|error| failed(self.id, &error))?;
        let segment = Segment { index, bytes, proof };
        check(&self.meta, &segment).map_err(|_| {
            failed(self.id, &io::Error::new(io::ErrorKind::InvalidData, "the data on disk have changed"))
        })?;
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

fn failed(id: OrderId, error: &io::Error) -> Reason {
    log::error!(target: "storage", "deal {id}: {error}. Is the disk full or broken?");
    Reason::Disk
}

fn open_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
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
