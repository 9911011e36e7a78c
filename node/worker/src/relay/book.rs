//! Receipts on disk: a file for each session, written whole, synchronised and renamed, so that it is the old one or the
//! new one whatever happens.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use codec::{Decode, DecodeAll, Encode};
use ergon_primitives::{orders::OrderId, time::Tick, BlockNumber};
use sp_core::sr25519;

use super::sessions::lock;
use crate::wire::Signed;

/// What a relay remembers of a session.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Record {
    /// The session.
    pub session: OrderId,
    /// Who signs.
    pub client: sr25519::Public,
    /// Most bytes that are paid.
    pub volume: u64,
    /// When the session ends.
    pub expires: Option<Tick>,
    /// Height of the final block in which the session was seen first: what older blocks say of it means nothing, and
    /// all final blocks above descend from it.
    pub seen_at: BlockNumber,
    /// Bytes that were counted when it was last written: at each receipt and at each end of a connection.
    pub counted: u64,
    /// The last receipt.
    pub last: Option<Signed>,
    /// Whether it was sent to the chain: nothing may be added any more.
    pub settling: bool,
}

impl Record {
    /// Takes what a connection has counted and been paid. What is older than what is known changes nothing, so that it
    /// does not matter in which order a connection's words come.
    pub(crate) fn note(&mut self, counted: u64, last: Option<Signed>) {
        self.counted = self.counted.max(counted);
        let sequence = |signed: &Option<Signed>| signed.as_ref().map(|signed| signed.receipt.sequence);
        if sequence(&last) > sequence(&self.last) {
            self.last = last;
        }
    }
}

/// A folder of records.
#[derive(Clone, Debug)]
pub struct Book {
    folder: PathBuf,
    /// Sessions whose records could not be read, and are not replaced.
    unread: Arc<Mutex<BTreeSet<OrderId>>>,
}

impl Book {
    /// Opens the folder, and makes it if there is none.
    ///
    /// # Errors
    /// If it cannot be made.
    pub fn open(folder: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        // Its name is safe when the folder above is.
        let above = folder.parent().filter(|above| !above.as_os_str().is_empty());
        File::open(above.unwrap_or(Path::new(".")))?.sync_all()?;
        Ok(Self { folder, unread: Arc::default() })
    }

    /// All records. What is damaged is set aside under another name, and never deleted; what the disk does not give is
    /// left out and where it is. The log tells of both.
    ///
    /// # Errors
    /// If the folder cannot be read.
    pub fn load(&self) -> io::Result<Vec<Record>> {
        let mut records = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let Some(session) =
                path.file_name().and_then(|name| name.to_str()).and_then(|name| name.parse::<OrderId>().ok())
            else {
                continue;
            };
            let bytes = match fs::read(&path) {
                Ok(bytes) => bytes,
                Err(error) => {
                    log::error!(
                        target: "relay",
                        "{} cannot be read: {error}. Its session is neither served nor settled: mend it, and start \
                         the worker again",
                        path.display()
                    );
                    lock(&self.unread).insert(session);
                    continue;
                }
            };
            let record = Record::decode_all(&mut bytes.as_slice());
            match record.ok().filter(|record: &Record| record.session == session) {
                Some(record) => records.push(record),
                None => {
                    let aside = free(&path, "broken")?;
                    log::error!(target: "relay", "{} is damaged, it is kept as {}", path.display(), aside.display());
                    fs::rename(&path, aside)?;
                }
            }
        }
        Ok(records)
    }

    /// Writes a record; it is on disk when this returns.
    ///
    /// # Errors
    /// If the disk fails, or could not read what is there.
    pub fn save(&self, record: &Record) -> io::Result<()> {
        if lock(&self.unread).contains(&record.session) {
            return Err(io::Error::other("what is there could not be read at start, and is kept"));
        }
        write_whole(&self.path(record.session), &record.encode())
    }

    /// Keeps a record under another name, where it is never read again.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn set_aside(&self, record: &Record) -> io::Result<()> {
        let path = self.path(record.session);
        let aside = free(&path, &hex::encode(record.client))?;
        write_whole(&aside, &record.encode())?;
        log::error!(
            target: "relay",
            "session {}: the record is of another order with this number, of client 0x{}; it is kept as {}",
            record.session, hex::encode(record.client), aside.display()
        );
        self.remove(record.session)
    }

    /// Forgets a session.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn remove(&self, session: OrderId) -> io::Result<()> {
        if lock(&self.unread).contains(&session) {
            return Ok(());
        }
        match fs::remove_file(self.path(session)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn path(&self, session: OrderId) -> PathBuf {
        self.folder.join(session.to_string())
    }
}

/// A name with this end that nothing has: what is kept is never replaced.
fn free(path: &Path, end: &str) -> io::Result<PathBuf> {
    let mut aside = path.with_extension(end);
    for number in 2u64.. {
        if !aside.try_exists()? {
            break;
        }
        aside = path.with_extension(format!("{end}-{number}"));
    }
    Ok(aside)
}

/// Writes a file so that it is there whole, or as it was.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let next = path.with_extension("next");
    let mut file = File::create(&next)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    fs::rename(&next, path)?;
    // The name is safe when its folder is.
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_primitives::orders::Receipt;

    fn record(session: OrderId, counted: u64) -> Record {
        let receipt = Receipt { session, relay: sr25519::Public::from_raw([2; 32]), bytes: counted, sequence: 1 };
        let last = Some(Signed { receipt, signature: sr25519::Signature::from_raw([3; 64]) });
        let client = sr25519::Public::from_raw([1; 32]);
        Record { session, client, volume: 9, expires: Some(4), seen_at: 1, counted, last, settling: false }
    }

    #[test]
    fn records_come_back_as_they_were_last_written() {
        let folder = tempfile::tempdir().expect("a folder");
        let book = Book::open(folder.path().join("sessions")).expect("opens");
        book.save(&record(1, 5)).expect("writes");
        book.save(&record(1, 6)).expect("writes");
        book.save(&record(2, 7)).expect("writes");
        let mut records = Book::open(folder.path().join("sessions")).expect("opens").load().expect("reads");
        records.sort_by_key(|record| record.session);
        assert_eq!(records, [record(1, 6), record(2, 7)]);
        book.remove(1).expect("removes");
        book.remove(1).expect("again");
        assert_eq!(book.load().expect("reads"), [record(2, 7)]);
    }

    #[test]
    fn what_is_older_is_not_noted_over_what_is_newer() {
        let mut known = record(1, 5);
        let newer = Signed {
            receipt: Receipt { sequence: 2, bytes: 9, ..receipt(&known) },
            ..known.last.clone().expect("one")
        };
        known.note(9, Some(newer.clone()));
        known.note(5, record(1, 5).last);
        known.note(7, None);
        assert_eq!((known.counted, known.last), (9, Some(newer)));
    }

    fn receipt(record: &Record) -> Receipt {
        record.last.as_ref().expect("one").receipt
    }

    #[test]
    fn what_is_set_aside_is_kept_and_not_read() {
        let folder = tempfile::tempdir().expect("a folder");
        let book = Book::open(folder.path().into()).expect("opens");
        book.save(&record(1, 5)).expect("writes");
        book.set_aside(&record(1, 6)).expect("moves");
        assert_eq!(book.load().expect("reads"), []);
        let kept = fs::read(folder.path().join(format!("1.{}", hex::encode([1; 32])))).expect("is kept");
        assert_eq!(Record::decode_all(&mut kept.as_slice()), Ok(record(1, 6)));
        for counted in [7, 8] {
            book.set_aside(&record(1, counted)).expect("moves");
        }
        for (end, counted) in [("", 6), ("-2", 7), ("-3", 8)] {
            let kept = fs::read(folder.path().join(format!("1.{}{end}", hex::encode([1; 32])))).expect("is kept");
            assert_eq!(Record::decode_all(&mut kept.as_slice()), Ok(record(1, counted)));
        }
    }

    #[test]
    fn a_damaged_record_is_set_aside_and_a_half_written_one_ignored() {
        let folder = tempfile::tempdir().expect("a folder");
        let book = Book::open(folder.path().into()).expect("opens");
        book.save(&record(1, 5)).expect("writes");
        fs::write(folder.path().join("2"), b"half").expect("writes");
        fs::write(folder.path().join("1.next"), b"half").expect("writes");
        assert_eq!(book.load().expect("reads"), [record(1, 5)]);
        assert!(folder.path().join("2.broken").exists() && !folder.path().join("2").exists());
        fs::write(folder.path().join("2"), b"another").expect("writes");
        assert_eq!(book.load().expect("reads"), [record(1, 5)]);
        assert_eq!(fs::read(folder.path().join("2.broken")).expect("is kept"), b"half");
        assert_eq!(fs::read(folder.path().join("2.broken-2")).expect("is kept"), b"another");
        fs::write(folder.path().join("3"), record(4, 1).encode()).expect("writes");
        assert_eq!(book.load().expect("reads"), [record(1, 5)], "a file with another session's name");
    }

    #[test]
    fn a_record_that_cannot_be_read_is_left_out_and_not_replaced() {
        let folder = tempfile::tempdir().expect("a folder");
        let book = Book::open(folder.path().into()).expect("opens");
        book.save(&record(1, 5)).expect("writes");
        fs::create_dir(folder.path().join("7")).expect("makes");
        std::os::unix::fs::symlink("nowhere", folder.path().join("8")).expect("links");
        assert_eq!(book.load().expect("reads"), [record(1, 5)]);
        for session in [7, 8] {
            assert!(book.save(&record(session, 1)).is_err());
        }
        book.remove(8).expect("leaves it");
        assert!(folder.path().join("7").is_dir() && folder.path().join("8").is_symlink());
        book.save(&record(1, 6)).expect("others are written");
    }
}
