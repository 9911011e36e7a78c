//! The files of a deal's folder: how they are opened, read and replaced, and which of their errors no second look helps
//! with. What they mean is [`super::deal`]'s.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    os::unix::fs::FileExt,
    path::Path,
};

use codec::DecodeAll;
use ergon_merkle::{leaf_hash, Software, Tree};
use ergon_primitives::orders::{segments, MAX_DEAL_BYTES, SEGMENT_BYTES};

use super::{deal::Meta, store::NEXT};

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

/// Whether data that were all there are lost, so that no second look helps: others than were written, on a place of the
/// disk that cannot be read, or not there.
pub(super) fn lost(error: &io::Error) -> bool {
    use io::ErrorKind::{InvalidData, NotFound, UnexpectedEof};
    matches!(error.kind(), InvalidData | UnexpectedEof | NotFound) || unreadable(error)
}

/// Whether a place of the disk cannot be read.
fn unreadable(error: &io::Error) -> bool {
    // There is no name for it in the library.
    const EIO: i32 = 5;
    error.raw_os_error() == Some(EIO)
}

pub(super) fn invalid(what: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

/// What files are opened for. A disk that takes nothing more still gives what is only read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    Read,
    Write,
}

impl Access {
    /// What the files of a deal are for: those of a complete one are never written again.
    pub(super) fn of(complete: bool) -> Self {
        if complete {
            Self::Read
        } else {
            Self::Write
        }
    }
}

pub(super) fn open_file(folder: &Path, name: &str, access: Access) -> io::Result<File> {
    OpenOptions::new().read(true).write(access == Access::Write).open(folder.join(name))
}

/// Data and leaves. The partial ones are looked for first: they are renamed once, to what is looked for then.
pub(super) fn open_files(folder: &Path, access: Access) -> io::Result<(File, File)> {
    let data = match open_file(folder, PARTIAL, access) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => open_file(folder, DATA, access)?,
        opened => opened?,
    };
    Ok((data, open_file(folder, LEAVES, access)?))
}

/// How far files are what was written.
#[derive(Debug)]
pub(super) struct Whole {
    /// Segments at the beginning that are.
    pub(super) count: u64,
    /// What the disk says of the next, if it cannot be read.
    pub(super) broken: Option<io::Error>,
}

/// How far the files are what was written, for a machine may have stopped in the middle.
pub(super) fn whole(data: &File, leaves: &File, bytes: u64) -> io::Result<Whole> {
    let mut count = 0u64;
    let (mut segment, mut leaf) = (vec![0; usize::try_from(SEGMENT).unwrap_or(0)], [0; 32]);
    while count < segments(bytes) {
        let start = count.saturating_mul(SEGMENT);
        let length = usize::try_from(bytes.saturating_sub(start).min(SEGMENT)).unwrap_or(0);
        let Some(room) = segment.get_mut(..length) else { break };
        let read =
            data.read_exact_at(room, start).and_then(|()| leaves.read_exact_at(&mut leaf, count.saturating_mul(LEAF)));
        match read {
            Ok(()) if leaf_hash::<Software>(room) == leaf => count = count.saturating_add(1),
            Ok(()) => break,
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) if unreadable(&error) => return Ok(Whole { count, broken: Some(error) }),
            Err(error) => return Err(error),
        }
    }
    Ok(Whole { count, broken: None })
}

/// Puts new files with the first `count` segments, none of them short, in the place of the partial ones: what the disk
/// cannot read is not written to again. Of no use to whoever has the old ones open.
pub(super) fn replace(folder: &Path, data: &File, leaves: &File, count: u64) -> io::Result<(File, File)> {
    let copy = |from: &File, name: &str, length: u64| -> io::Result<File> {
        let place = folder.join(name);
        let next = place.with_extension(NEXT);
        let mut to = OpenOptions::new().read(true).write(true).create(true).truncate(true).open(&next)?;
        if io::copy(&mut Read::take(from, length), &mut to)? < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        to.sync_all()?;
        fs::rename(&next, &place)?;
        Ok(to)
    };
    // If it stops between the two, the data have an end where the hashes have more: that is where they go on.
    let files =
        (copy(data, PARTIAL, count.saturating_mul(SEGMENT))?, copy(leaves, LEAVES, count.saturating_mul(LEAF))?);
    File::open(folder)?.sync_all()?;
    Ok(files)
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

/// Deletes a folder or file, if there is one.
pub(super) fn delete(path: &Path) -> io::Result<()> {
    let deleted = match fs::symlink_metadata(path) {
        Ok(there) if there.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match deleted {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Bytes that something in the folder of deals takes, as far as it can be read: what is there, or what is to come of a
/// deal.
pub(super) fn size(path: &Path) -> u64 {
    let length = |path: &Path| fs::symlink_metadata(path).map_or(0, |meta| meta.len());
    let inside = fs::read_dir(path).into_iter().flatten().flatten();
    let there = inside.fold(length(path), |sum, entry| sum.saturating_add(length(&entry.path())));
    there.max(read_meta(path).map_or(0, |meta| meta.bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_replaced_with_what_is_before_it() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let bytes: Vec<u8> = (0..3 * SEGMENT).map(|place| (place / 100) as u8).collect();
        let leaves: Vec<u8> = bytes.chunks(SEGMENT as usize).flat_map(leaf_hash::<Software>).collect();
        fs::write(folder.path().join(PARTIAL), &bytes).expect("writes");
        fs::write(folder.path().join(LEAVES), &leaves).expect("writes");
        let (old, old_leaves) = open_files(folder.path(), Access::Write).expect("opens");
        let look = |data: &File, leaves: &File| whole(data, leaves, 3 * SEGMENT).expect("reads");
        assert!(matches!(look(&old, &old_leaves), Whole { count: 3, broken: None }));
        // Nothing is at the beginning of a process's memory: reading there is answered as by a bad disk.
        let bad = File::open("/proc/self/mem").expect("Linux");
        let Whole { count, broken } = look(&bad, &old_leaves);
        assert!(count == 0 && broken.is_some_and(|error| lost(&error)));

        let (data, hashes) = replace(folder.path(), &old, &old_leaves, 2).expect("copies");
        assert!(matches!(look(&data, &hashes), Whole { count: 2, broken: None }));
        data.write_all_at(b"new", 2 * SEGMENT).expect("writes");
        let there = fs::read(folder.path().join(PARTIAL)).expect("reads");
        assert_eq!(there, [bytes.get(..2 * SEGMENT as usize).expect("is so long"), &b"new"[..]].concat());
        assert_eq!(fs::read(folder.path().join(LEAVES)).expect("reads"), leaves.get(..64).expect("is so long"));
        assert_eq!(look(&old, &old_leaves).count, 3, "the old one is not written to");
    }
}
