//! Which deals' data are held, and how much room is left. The only writer of the `deals` folder, where
//!
//! ```text
//! N            is a deal, see [`super::deal`]
//! N.next       is being made, and N.gone being deleted: both are deleted at start
//! N.damaged    is set aside, because the data are brought again; N.damaged-2 is a later one
//! ```
//!
//! What cannot be read is left out, and its room counted as used, until a look at the folder finds otherwise. Locks are
//! taken in this order: a deal's `still`, `making`, the maps; only the maps are locked for no longer than it takes to
//! look.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard},
    time::Instant,
};

use ergon_merkle::Tree;
use ergon_primitives::orders::{segments, OrderId, MAX_DEAL_BYTES};
use tokio::sync::Semaphore;

use super::{
    deal::{Deal, Meta, Opened},
    faults::{Fault, Faults},
    files::{delete, lost, read_meta, size, sync_parent},
    trees::Trees,
};
use crate::{
    metrics::Metrics,
    relay::sessions::lock,
    wire::{Reason, Segment},
};

/// Most deals, whatever their size.
const MAX_DEALS: usize = 4_096;
/// Ends of names in the folder.
pub(super) const NEXT: &str = "next";
const GONE: &str = "gone";
const DAMAGED: &str = "damaged";
const DAMAGED_LATER: &str = "damaged-2";
/// What strangers have the disk do at once. The threads and file handles that are left are for what is paid.
const STRANGERS: usize = 32;

/// The data of all deals.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    most: u64,
    pub(crate) faults: Arc<Faults>,
    /// Held by who makes, moves or takes away a deal's folder.
    making: Mutex<()>,
    deals: Mutex<HashMap<OrderId, Arc<Deal>>>,
    /// Bytes of what is in the folder and cannot be used.
    left_out: Mutex<HashMap<PathBuf, u64>>,
    trees: Trees,
    /// Places for what strangers have the disk do.
    pub(super) strangers: Arc<Semaphore>,
}

/// How full it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Deals whose data are all there.
    pub complete: usize,
    /// Deals whose data are on their way.
    pub partial: usize,
    /// Folders and files that cannot be used.
    pub left_out: usize,
    /// Bytes of all of these, with what is still to come.
    pub bytes: u64,
    /// Bytes until it is full.
    pub room: u64,
}

impl Store {
    /// Opens the folder with what is in it, at most `most` bytes.
    ///
    /// # Errors
    /// If the folder cannot be made or listed. A deal that cannot be read is only left out.
    pub fn open(folder: PathBuf, most: u64, metrics: Arc<Metrics>) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        sync_parent(&folder)?;
        let store = Self {
            folder,
            most,
            faults: Arc::new(Faults::new(metrics)),
            making: Mutex::default(),
            deals: Mutex::default(),
            left_out: Mutex::default(),
            trees: Trees::default(),
            strangers: Arc::new(Semaphore::new(STRANGERS)),
        };
        store.look()?;
        Ok(store)
    }

    /// Looks at what is in the folder: takes in what can be read, and counts the rest. Waits for the disk.
    ///
    /// # Errors
    /// If the folder cannot be listed.
    pub fn look(&self) -> io::Result<()> {
        self.recount(&lock(&self.making))
    }

    /// Lets go of trees that nobody has asked for lately.
    pub fn forget_trees(&self, now: Instant) {
        self.trees.forget(now);
    }

    fn recount(&self, _making: &MutexGuard<'_, ()>) -> io::Result<()> {
        let mut left_out = HashMap::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let read = match (number(&path), path.extension().and_then(|end| end.to_str())) {
                (Some(id), _) if self.get(id).is_some() => Ok(()),
                (Some(id), _) => Deal::load(id, path.clone(), self.faults.clone()).map(|deal| {
                    lock(&self.deals).insert(id, deal);
                }),
                (None, Some(NEXT | GONE)) => delete(&path),
                _ => Err(io::Error::other("it is set aside, or no deal's")),
            };
            if let Err(error) = read {
                let bytes = size(&path);
                if !lock(&self.left_out).contains_key(&path) {
                    log::error!(
                        target: "storage",
                        "{} is left out: {error}. It takes {bytes} bytes of the room. {}", path.display(), advice(&path)
                    );
                }
                left_out.insert(path, bytes);
            }
        }
        *lock(&self.left_out) = left_out;
        Ok(())
    }

    /// A deal that is held, or on its way.
    pub fn get(&self, id: OrderId) -> Option<Arc<Deal>> {
        lock(&self.deals).get(&id).cloned()
    }

    /// All of them.
    pub fn all(&self) -> Vec<Arc<Deal>> {
        lock(&self.deals).values().cloned().collect()
    }

    /// How full it is.
    pub fn usage(&self) -> Usage {
        let deals = self.all();
        let (left_out, lost) = {
            let left_out = lock(&self.left_out);
            (left_out.len(), left_out.values().fold(0, |sum: u64, bytes| sum.saturating_add(*bytes)))
        };
        let complete = deals.iter().filter(|deal| deal.complete()).count();
        let partial = deals.len().saturating_sub(complete);
        let bytes = deals.iter().fold(lost, |sum, deal| sum.saturating_add(deal.meta.bytes));
        Usage { complete, partial, left_out, bytes, room: self.most.saturating_sub(bytes) }
    }

    /// The place of a deal that a final block has, made if there is none and there is room for all of its data. What is
    /// held of another deal with this number goes, if the block is younger than that deal's. Waits for the disk.
    ///
    /// # Errors
    /// [`Reason::NoRoom`], [`Reason::Disk`], [`Reason::Chain`] if the node is behind what is held, and [`Reason::Busy`]
    /// if another makes it a third deal meanwhile.
    pub fn begin(&self, id: OrderId, meta: Meta) -> Result<Arc<Deal>, Reason> {
        let failed = |error: io::Error| self.faults.failed(id, &error);
        match self.get(id) {
            Some(held) if held.meta.same(&meta) => return Ok(held),
            Some(held) if held.meta.seen_at >= meta.seen_at => {
                if self.faults.news(id, Fault::Conflict, Instant::now()) {
                    let (old, new) = (held.meta.seen_at, meta.seen_at);
                    log::warn!(
                        target: "storage",
                        "deal {id}: the node has another deal with this number in block {new}, but block {old} has the \
                         one that is held: is the node behind?"
                    );
                }
                return Err(Reason::Chain);
            }
            Some(held) => {
                log::warn!(
                    target: "storage",
                    "deal {id}: a final block has another deal with this number than is held: the old data are deleted"
                );
                self.remove(&held).map_err(failed)?;
            }
            None => {}
        }
        let making = lock(&self.making);
        if let Some(held) = self.get(id) {
            return if held.meta.same(&meta) { Ok(held) } else { Err(Reason::Busy) };
        }
        if let Some(deal) = self.mend(id, &meta, &making).map_err(failed)? {
            return Ok(deal);
        }
        let Usage { complete, partial, left_out, room, .. } = self.usage();
        let number = complete.saturating_add(partial).saturating_add(left_out);
        if meta.bytes > room || meta.bytes > MAX_DEAL_BYTES || number >= MAX_DEALS {
            if self.faults.news(id, Fault::NoRoom, Instant::now()) {
                log::warn!(
                    target: "storage",
                    "deal {id}: refused, though this holder was drawn for it: {} bytes do not fit, as {room} are left and \
                     {number} of {MAX_DEALS} deals are there. Raise --max-store, or delete what is set aside in {}",
                    meta.bytes, self.folder.display()
                );
            }
            return Err(Reason::NoRoom);
        }
        let deal = Deal::create(id, meta, self.path(id), self.faults.clone()).map_err(failed)?;
        lock(&self.deals).insert(id, deal.clone());
        self.faults.forget(id);
        Ok(deal)
    }

    /// Whether a deal that was left out can be read now. If not, it is set aside: the data can be brought again.
    fn mend(&self, id: OrderId, meta: &Meta, making: &MutexGuard<'_, ()>) -> io::Result<Option<Arc<Deal>>> {
        let path = self.path(id);
        if !path.try_exists()? {
            return Ok(None);
        }
        match Deal::load(id, path.clone(), self.faults.clone()) {
            Ok(deal) if deal.meta.same(meta) => {
                lock(&self.left_out).remove(&path);
                lock(&self.deals).insert(id, deal.clone());
                Ok(Some(deal))
            }
            // It may be as it should: the disk or this process has a moment's trouble.
            Err(error) if !lost(&error) => Err(error),
            _ => {
                self.set_aside(id, making)?;
                let synced = sync_parent(&path);
                self.recount(making).and(synced)?;
                Ok(None)
            }
        }
    }

    /// Keeps what is damaged of a deal, if anything is left, under another name: the last two of them. Does not make the
    /// name safe: when this returns, the folder is not the deal's any more, whatever the disk says next.
    fn set_aside(&self, id: OrderId, _making: &MutexGuard<'_, ()>) -> io::Result<()> {
        let path = self.path(id);
        // Without the folder of all deals, the disk may only not be mounted.
        if !path.try_exists()? && self.folder.try_exists()? {
            return Ok(());
        }
        let (earlier, later) = (path.with_extension(DAMAGED), path.with_extension(DAMAGED_LATER));
        if later.try_exists()? {
            delete(&earlier)?;
            fs::rename(&later, &earlier)?;
        }
        let aside = if earlier.try_exists()? { later } else { earlier };
        fs::rename(&path, &aside)?;
        log::warn!(target: "storage", "deal {id}: what is damaged of it is kept as {}", aside.display());
        Ok(())
    }

    /// The tree of a deal whose data are all there. Waits for the disk.
    ///
    /// # Errors
    /// [`Reason::NotHeld`] and [`Reason::Disk`].
    pub fn tree(&self, deal: &Arc<Deal>) -> Result<Arc<Tree>, Reason> {
        if !deal.complete() || deal.gone() {
            return Err(Reason::NotHeld);
        }
        let tree = deal.tree().map_err(|error| self.spoiled(deal, &error))?;
        self.trees.keep(&tree, segments(deal.meta.bytes));
        Ok(tree)
    }

    /// A deal with its files open. Waits for the disk.
    ///
    /// # Errors
    /// [`Reason::NotHeld`] and [`Reason::Disk`].
    pub fn opened(&self, deal: &Arc<Deal>) -> Result<Opened, Reason> {
        if deal.complete() {
            deal.files().map_err(|error| self.spoiled(deal, &error))?.ok_or(Reason::NotHeld)
        } else {
            deal.open()
        }
    }

    /// A segment with its proof. Waits for the disk.
    ///
    /// # Errors
    /// [`Reason::BadSegment`] if there is none with this index, and [`Reason::Disk`].
    pub fn segment(&self, opened: &Opened, tree: &Tree, index: u64) -> Result<Segment, Reason> {
        let read = opened.segment(tree, index).map_err(|error| self.spoiled(&opened.deal, &error))?;
        read.ok_or(Reason::BadSegment)
    }

    /// A complete deal could not be read. If its data are lost it is set aside, so that they can be brought again.
    fn spoiled(&self, deal: &Deal, error: &io::Error) -> Reason {
        let still = deal.still();
        if deal.gone() {
            return Reason::NotHeld;
        }
        let reason = self.faults.failed(deal.id, error);
        if !lost(error) {
            return reason;
        }
        let making = lock(&self.making);
        if let Err(error) = self.set_aside(deal.id, &making) {
            return self.faults.failed(deal.id, &error);
        }
        deal.leave(&still);
        lock(&self.deals).remove(&deal.id);
        let synced = sync_parent(&deal.folder);
        match self.recount(&making).and(synced) {
            Ok(()) => reason,
            Err(error) => self.faults.failed(deal.id, &error),
        }
    }

    /// What is left out of deals, as far as it says of which.
    pub fn left_out(&self) -> Vec<(PathBuf, OrderId, Meta)> {
        let paths: Vec<_> = lock(&self.left_out).keys().cloned().collect();
        let known = paths.into_iter().filter_map(|path| {
            let (id, meta) = (path.file_stem()?.to_str()?.parse().ok()?, read_meta(&path).ok()?);
            Some((path, id, meta))
        });
        known.collect()
    }

    /// Deletes what was left out of a deal, if it is still that. Waits for the disk.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn discard(&self, path: &Path, meta: &Meta) -> io::Result<()> {
        let making = lock(&self.making);
        if !lock(&self.left_out).contains_key(path) || read_meta(path)? != *meta {
            return Ok(());
        }
        let aside = path.with_extension(GONE);
        delete(&aside)?;
        fs::rename(path, &aside)?;
        // Deletes what is called so.
        self.recount(&making)
    }

    /// Deletes a deal's data. Waits for the disk, and for who writes.
    ///
    /// # Errors
    /// If the disk fails. What could not be deleted goes with the next look.
    pub fn remove(&self, deal: &Deal) -> io::Result<()> {
        let aside = deal.folder.with_extension(GONE);
        let still = deal.still();
        let _making = lock(&self.making);
        if deal.gone() {
            return Ok(());
        }
        delete(&aside)?;
        fs::rename(&deal.folder, &aside)?;
        deal.leave(&still);
        lock(&self.deals).remove(&deal.id);
        delete(&aside)
    }

    fn path(&self, id: OrderId) -> PathBuf {
        self.folder.join(id.to_string())
    }
}

/// The deal that a folder is of. Other ways to write its number are not its name.
fn number(path: &Path) -> Option<OrderId> {
    let name = path.file_name()?.to_str()?;
    name.parse::<OrderId>().ok().filter(|id| id.to_string() == name)
}

/// What to do about what is left out.
fn advice(path: &Path) -> String {
    number(path).map_or_else(
        || "Delete it if you have no use for it".into(),
        |id| format!("Have the data brought again (`ergon-worker put --deal {id} FILE`), or delete it"),
    )
}
