//! The files of a deal's folder: how they are opened and read, and what is said when the disk fails. What they mean is
//! [`super::deal`]'s.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::FileExt,
    path::Path,
};

use codec::DecodeAll;
use ergon_merkle::{leaf_hash, Software, Tree};
use ergon_primitives::orders::{segments, OrderId, MAX_DEAL_BYTES, SEGMENT_BYTES};

use super::deal::Meta;
use crate::{metrics::Metrics, wire::Reason};

pub(super) const META: &str = "meta";
pub(super) const PARTIAL: &str = "data.partial";
pub(super) const DATA: &str = "data";
pub(super) const LEAVES: &str = "leaves";

pub(super) const SEGMENT: u64 = SEGMENT_BYTES as u64;
pub(super) const LEAF: u64 = 32;

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
    log::error!(target: "storage", "deal {id}: {error}. {}", advice(id, error));
    metrics.disk_failed();
    Reason::Disk
}

/// Whether the data are not those any more that were written, so that no second look helps.
pub(super) fn changed(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof)
}

/// What to do about an error.
fn advice(id: OrderId, error: &io::Error) -> String {
    // EMFILE and ENFILE: there is no name for them in the library.
    const TOO_MANY_FILES: [i32; 2] = [24, 23];
    if changed(error) {
        format!("Is the disk broken? Have the data brought again: `ergon-worker put --deal {id} FILE`")
    } else if error.raw_os_error().is_some_and(|number| TOO_MANY_FILES.contains(&number)) {
        "Too many files are open: raise the limit (`ulimit -n`) and start again".into()
    } else {
        "Is the disk full or broken?".into()
    }
}

pub(super) fn invalid(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

pub(super) fn open_file(folder: &Path, name: &str) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).open(folder.join(name))
}

/// Data and leaves. The partial ones are looked for first: they are renamed once, to what is looked for then.
pub(super) fn open_files(folder: &Path) -> io::Result<(File, File)> {
    let data = match open_file(folder, PARTIAL) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => open_file(folder, DATA)?,
        opened => opened?,
    };
    Ok((data, open_file(folder, LEAVES)?))
}

/// Segments at the beginning of the files that are what was written, for a machine may have stopped in the middle.
pub(super) fn whole(data: &File, leaves: &File, bytes: u64) -> io::Result<u64> {
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

pub(super) fn load_tree(leaves: &File, count: u64) -> io::Result<Tree> {
    let length = usize::try_from(count.saturating_mul(LEAF)).unwrap_or(usize::MAX);
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length).map_err(io::Error::other)?;
    bytes.resize(length, 0);
    leaves.read_exact_at(&mut bytes, 0)?;
    let (hashes, _) = bytes.as_chunks::<32>();
    Ok(Tree::of_hashes::<Software>(hashes.to_vec()))
}
