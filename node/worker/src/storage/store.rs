//! Which deals' data are held, and how much room is left. The only writer of the `deals` folder, where
//!
//! ```text
//! N            is a deal, see [`super::deal`]
//! N.next       is being made, and N.gone being deleted: both are deleted at start
//! N.damaged    is set aside, because the data are brought again
//! ```
//!
//! What cannot be read is left out, and its room counted as used. Locks are taken in this order: a deal's `still`,
//! `making`, the maps; only the maps are locked for no longer than it takes to look.

use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use ergon_primitives::orders::{OrderId, MAX_DEAL_BYTES};

use super::deal::{failed, read_meta, sync_parent, Deal, Meta};
use crate::{metrics::Metrics, relay::sessions::lock, wire::Reason};

/// Most deals, whatever their size.
const MAX_DEALS: usize = 4_096;
/// Ends of names in the folder.
pub(super) const NEXT: &str = "next";
const GONE: &str = "gone";
const DAMAGED: &str = "damaged";

/// The data of all deals.
#[derive(Debug)]
pub struct Store {
    folder: PathBuf,
    most: u64,
    metrics: Arc<Metrics>,
    /// Held by who makes, moves or takes away a deal's folder.
    making: Mutex<()>,
    deals: Mutex<HashMap<OrderId, Arc<Deal>>>,
    /// Bytes of what is in the folder and cannot be used.
    left_out: Mutex<HashMap<PathBuf, u64>>,
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
        let (mut deals, mut left_out) = (HashMap::new(), HashMap::new());
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            let read = match (number(&path), path.extension().and_then(|end| end.to_str())) {
                (Some(id), _) => Deal::load(id, path.clone(), metrics.clone()).map(Some),
                (None, Some(NEXT | GONE)) => fs::remove_dir_all(&path).map(|()| None),
                _ => Err(io::Error::other("it is set aside, or no deal's")),
            };
            match read {
                Ok(Some(deal)) => {
                    deals.insert(deal.id, deal);
                }
                Ok(None) => {}
                Err(error) => {
                    let bytes = size(&path);
                    let shown = path.display();
                    log::error!(target: "storage", "{shown} is left out: {error}. It takes {bytes} bytes of the room");
                    left_out.insert(path, bytes);
                }
            }
        }
        let (deals, left_out) = (Mutex::new(deals), Mutex::new(left_out));
        Ok(Self { folder, most, metrics, making: Mutex::default(), deals, left_out })
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
    /// held of another deal with this number goes. Waits for the disk.
    ///
    /// # Errors
    /// [`Reason::NoRoom`], [`Reason::Disk`], and [`Reason::Busy`] if another makes it a third deal meanwhile.
    pub fn begin(&self, id: OrderId, meta: Meta) -> Result<Arc<Deal>, Reason> {
        let failed = |error| failed(id, &error, &self.metrics);
        match self.get(id) {
            Some(held) if held.meta.same(&meta) => return Ok(held),
            Some(held) => {
                log::warn!(
                    target: "storage",
                    "deal {id}: a final block has another deal with this number than is held: the old data are deleted"
                );
                self.remove(&held).map_err(failed)?;
            }
            None => {}
        }
        let _making = lock(&self.making);
        if let Some(held) = self.get(id) {
            return if held.meta.same(&meta) { Ok(held) } else { Err(Reason::Busy) };
        }
        if let Some(deal) = self.mend(id, &meta).map_err(failed)? {
            return Ok(deal);
        }
        let Usage { complete, partial, left_out, room, .. } = self.usage();
        let number = complete.saturating_add(partial).saturating_add(left_out);
        if meta.bytes > room || meta.bytes > MAX_DEAL_BYTES || number >= MAX_DEALS {
            return Err(Reason::NoRoom);
        }
        let deal = Deal::create(id, meta, self.path(id), self.metrics.clone()).map_err(failed)?;
        lock(&self.deals).insert(id, deal.clone());
        Ok(deal)
    }

    /// Whether a deal that was left out can be read now. If not, it is set aside: the data can be brought again.
    fn mend(&self, id: OrderId, meta: &Meta) -> io::Result<Option<Arc<Deal>>> {
        let path = self.path(id);
        let Some(bytes) = lock(&self.left_out).get(&path).copied() else { return Ok(None) };
        match Deal::load(id, path.clone(), self.metrics.clone()) {
            Ok(deal) if deal.meta.same(meta) => {
                lock(&self.left_out).remove(&path);
                lock(&self.deals).insert(id, deal.clone());
                Ok(Some(deal))
            }
            _ => {
                let aside = path.with_extension(DAMAGED);
                fs::rename(&path, &aside)?;
                log::warn!(target: "storage", "deal {id}: what is damaged of it is kept as {}", aside.display());
                let mut left_out = lock(&self.left_out);
                left_out.remove(&path);
                left_out.insert(aside, bytes);
                Ok(None)
            }
        }
    }

    /// Deletes a deal's data. Waits for the disk, and for who writes.
    ///
    /// # Errors
    /// If the disk fails. What could not be deleted then goes at the next start.
    pub fn remove(&self, deal: &Deal) -> io::Result<()> {
        let aside = deal.folder.with_extension(GONE);
        {
            let still = deal.still();
            let _making = lock(&self.making);
            if deal.gone() {
                return Ok(());
            }
            fs::rename(&deal.folder, &aside)?;
            deal.leave(&still);
            lock(&self.deals).remove(&deal.id);
        }
        fs::remove_dir_all(&aside)
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

/// Bytes that something in the folder takes, as far as it can be read: what is there, or what is to come of a deal.
fn size(path: &Path) -> u64 {
    let length = |path: &Path| fs::symlink_metadata(path).map_or(0, |meta| meta.len());
    let inside = fs::read_dir(path).into_iter().flatten().flatten();
    let there = inside.fold(length(path), |sum, entry| sum.saturating_add(length(&entry.path())));
    there.max(read_meta(path).map_or(0, |meta| meta.bytes))
}
