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
    fs::{self, File},
    io,
    os::unix::fs::FileExt,
    path::PathBuf,
    sync::{
        atomic::{AtomicBool, AtomicU64, Ordering},
        Arc, Mutex, MutexGuard, Weak,
    },
};

use codec::{Decode, Encode};
use ergon_merkle::{leaf_hash, verify_hash, Hash, Software, Tree};
use ergon_primitives::{
    order_info::DealInfo,
    orders::{segments, OrderId},
    BlockNumber,
};

use super::{
    faults::Faults,
    files::{
        invalid, load_tree, open_file, open_files, read_meta, replace, sync_parent, whole, Access, Whole, DATA, LEAF,
        LEAVES, META, PARTIAL, SEGMENT,
    },
};
use crate::{
    relay::{book::write_whole, sessions::lock},
    wire::{Reason, Segment},
};

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
    faults: Arc<Faults>,
    /// Held by who writes, for as long as the disk takes. Nobody else waits for it but who takes the folder away.
    writing: Mutex<()>,
    /// Segments that are written.
    count: AtomicU64,
    /// Segments that the disk has said to have: what came after them is brought again when it fails.
    safe: AtomicU64,
    /// Whether it was looked at what is there.
    looked_at: AtomicBool,
    /// Whether all are there and the root was compared.
    complete: AtomicBool,
    /// Whether the folder was taken away: its name may be another deal's. Changes only under `writing`.
    gone: AtomicBool,
    tree: Mutex<Weak<Tree>>,
}

impl Deal {
    /// Makes the folder of a new deal: beside its place first, so that it is there whole or not at all.
    pub(super) fn create(id: OrderId, meta: Meta, folder: PathBuf, faults: Arc<Faults>) -> io::Result<Arc<Self>> {
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
        let made = sync_parent(&folder).and_then(|()| Self::load(id, folder.clone(), faults));
        if made.is_err() {
            fs::remove_dir_all(&folder)?;
        }
        made
    }

    /// A deal that is there. What there is of one that is on its way is only looked at when it is asked for.
    pub(super) fn load(id: OrderId, folder: PathBuf, faults: Arc<Faults>) -> io::Result<Arc<Self>> {
        let meta = read_meta(&folder)?;
        let complete = folder.join(DATA).try_exists()?;
        let (data, leaves) = open_files(&folder, Access::of(complete))?;
        let total = segments(meta.bytes);
        // Their bytes are compared whenever they are given out.
        if complete && (data.metadata()?.len(), leaves.metadata()?.len()) != (meta.bytes, total.saturating_mul(LEAF)) {
            return Err(invalid("the files do not have the deal's length"));
        }
        let count = || AtomicU64::new(if complete { total } else { 0 });
        Ok(Arc::new(Self {
            id,
            meta,
            folder,
            faults,
            writing: Mutex::default(),
            count: count(),
            safe: count(),
            looked_at: AtomicBool::new(complete),
            complete: AtomicBool::new(complete),
            gone: AtomicBool::new(false),
            tree: Mutex::default(),
        }))
    }

    /// Segments that are there, for whoever brings more. Looks at the data when it is asked first, and tries again what
    /// could not be finished. Waits for the disk.
    ///
    /// # Errors
    /// [`Reason::NotHeld`] if it was taken away, and [`Reason::Disk`].
    pub fn ready(self: &Arc<Self>) -> Result<u64, Reason> {
        let _writing = self.still();
        if !self.complete() {
            self.open()?.look().map_err(|error| self.failed(&error))?;
        }
        Ok(self.count())
    }

    fn count(&self) -> u64 {
        self.count.load(Ordering::Acquire)
    }

    /// The disk has failed: what it has not said to have is brought again, with one segment at least, so that the end
    /// is tried again.
    fn rewind(&self) {
        let most = segments(self.meta.bytes).saturating_sub(1);
        self.count.store(self.safe.load(Ordering::Acquire).min(most), Ordering::Release);
    }

    /// Whether all data are there.
    pub fn complete(&self) -> bool {
        self.complete.load(Ordering::Acquire)
    }

    /// Opens its files: to write what is missing, or only to read when all are there. Waits for the disk.
    ///
    /// # Errors
    /// [`Reason::NotHeld`] if it was taken away, and [`Reason::Disk`].
    pub fn open(self: &Arc<Self>) -> Result<Opened, Reason> {
        self.files().map_err(|error| self.failed(&error))?.ok_or(Reason::NotHeld)
    }

    /// The same, for who knows what to do about an error. `None` if it was taken away.
    pub(super) fn files(self: &Arc<Self>) -> io::Result<Option<Opened>> {
        let files = open_files(&self.folder, Access::of(self.complete()));
        // Asked after opening: the files are this deal's then, wherever the folder is moved to.
        if self.gone() {
            return Ok(None);
        }
        let (data, leaves) = files?;
        Ok(Some(Opened { deal: self.clone(), data, leaves }))
    }

    /// The tree of a complete deal. Whoever holds it keeps it in memory for all. Waits for the disk, and opens no more
    /// files while it waits for others.
    pub(super) fn tree(&self) -> io::Result<Arc<Tree>> {
        let mut held = lock(&self.tree);
        if let Some(tree) = held.upgrade() {
            return Ok(tree);
        }
        let tree = Arc::new(load_tree(&open_file(&self.folder, LEAVES, Access::Read)?, segments(self.meta.bytes))?);
        if tree.root() != self.meta.root {
            return Err(invalid("the hashes on disk have changed"));
        }
        *held = Arc::downgrade(&tree);
        Ok(tree)
    }

    /// Waits for who writes, and keeps others from it.
    pub(crate) fn still(&self) -> MutexGuard<'_, ()> {
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
        self.faults.failed(self.id, error)
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
            self.sync(count).inspect_err(|_| deal.rewind())?;
        }
        Ok(deal.complete())
    }

    fn sync(&self, count: u64) -> io::Result<()> {
        self.data.sync_all()?;
        self.leaves.sync_all()?;
        self.deal.safe.store(count, Ordering::Release);
        Ok(())
    }

    /// Looks at what is there, if nobody has yet, and finishes if nothing is missing.
    fn look(&mut self) -> io::Result<()> {
        let deal = &self.deal;
        let total = segments(deal.meta.bytes);
        if !deal.looked_at.load(Ordering::Acquire) {
            let Whole { count, broken } = whole(&self.data, &self.leaves, deal.meta.bytes)?;
            if let Some(error) = broken {
                deal.failed(&error);
                // Nobody else has the old ones open: others write only after a look.
                (self.data, self.leaves) = replace(&deal.folder, &self.data, &self.leaves, count)?;
            }
            self.sync(count)?;
            deal.count.store(count, Ordering::Release);
            deal.looked_at.store(true, Ordering::Release);
        }
        if deal.count() < total {
            return Ok(());
        }
        match self.finish() {
            // All are brought again.
            Err(error) if error.kind() == io::ErrorKind::InvalidData && total > 0 => {
                deal.failed(&error);
                Ok(())
            }
            finished => finished,
        }
    }

    /// All segments are there: makes sure that they stay, and that together they are what was meant.
    fn finish(&self) -> io::Result<()> {
        self.seal().inspect_err(|_| self.deal.rewind())
    }

    fn seal(&self) -> io::Result<()> {
        let deal = &self.deal;
        let total = segments(deal.meta.bytes);
        self.sync(total)?;
        if load_tree(&self.leaves, total)?.root() != deal.meta.root {
            deal.safe.store(0, Ordering::Release);
            return Err(invalid("the data on disk are not those that were written"));
        }
        match fs::rename(deal.folder.join(PARTIAL), deal.folder.join(DATA)) {
            // It was renamed before, and then the disk failed.
            Err(error) if error.kind() == io::ErrorKind::NotFound && deal.folder.join(DATA).try_exists()? => {}
            renamed => renamed?,
        }
        File::open(&deal.folder)?.sync_all()?;
        deal.complete.store(true, Ordering::Release);
        Ok(())
    }

    /// A segment with its proof, if there is one with this index. Waits for the disk.
    pub(super) fn segment(&self, tree: &Tree, index: u64) -> io::Result<Option<Segment>> {
        let meta = &self.deal.meta;
        let Some(proof) = tree.proof(index) else { return Ok(None) };
        let start = index.saturating_mul(SEGMENT);
        let length = meta.bytes.saturating_sub(start).min(SEGMENT);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or(0)];
        self.data.read_exact_at(&mut bytes, start)?;
        let segment = Segment { index, bytes, proof };
        check(meta, &segment).map_err(|_| invalid("the data on disk have changed"))?;
        Ok(Some(segment))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_of_a_complete_deal_are_only_read() {
        let place = tempfile::TempDir::new().expect("a folder");
        let folder = place.path().join("7");
        let bytes = vec![1; 5];
        let tree = Tree::of_hashes::<Software>(vec![leaf_hash::<Software>(&bytes)]);
        let meta = Meta { root: tree.root(), bytes: 5, seen_at: 1 };
        let faults = Arc::new(Faults::new(Arc::default()));
        let deal = Deal::create(7, meta, folder.clone(), faults.clone()).expect("is made");
        let opened = deal.open().expect("opens");
        let segment = Segment { index: 0, bytes, proof: tree.proof(0).expect("is there") };
        assert_eq!(opened.append(&segment), Ok(true));
        for deal in [deal, Deal::load(7, folder, faults).expect("loads")] {
            let Opened { data, leaves, .. } = deal.open().expect("opens");
            assert!(data.write_all_at(&[1], 0).is_err() && leaves.write_all_at(&[1], 0).is_err());
            deal.tree().expect("reads");
        }
    }
}
