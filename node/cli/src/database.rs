//! Which database a command opens.
//!
//! RocksDB, unless `--database` says otherwise or the base path already holds the other kind. The SDK's `auto` would start a new
//! database as ParityDB, and its default would put an empty RocksDB beside an existing ParityDB.

use sc_cli::{CliConfiguration, Runner, SubstrateCli};
use sc_service::{Configuration, DatabaseSource};

use crate::Cli;

/// The runner of `command`, with its database chosen.
pub(crate) fn create_runner<T: CliConfiguration>(cli: &Cli, command: &T) -> sc_cli::Result<Runner<Cli>> {
    let mut runner = cli.create_runner(command)?;
    if command.database()?.is_none() {
        keep_existing(runner.config_mut());
    }
    Ok(runner)
}

fn keep_existing(config: &mut Configuration) {
    if let Some(existing) = existing_paritydb(&config.database, &config.data_path) {
        config.database = existing;
    }
}

/// The ParityDB under `data_path`, if it exists and the RocksDB that `chosen` names does not.
fn existing_paritydb(chosen: &DatabaseSource, data_path: &std::path::Path) -> Option<DatabaseSource> {
    let DatabaseSource::RocksDb { path: rocksdb, .. } = chosen else { return None };
    // Where the SDK puts it.
    let path = data_path.join("paritydb").join("full");
    (path.exists() && !rocksdb.exists()).then_some(DatabaseSource::ParityDb { path })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::create_dir_all;

    #[test]
    fn an_existing_paritydb_is_kept_unless_a_rocksdb_exists_too() {
        let data = tempfile::tempdir().expect("a temporary folder");
        let path = data.path().join("db").join("full");
        let rocksdb = DatabaseSource::RocksDb { path: path.clone(), cache_size: 16 };
        assert!(existing_paritydb(&rocksdb, data.path()).is_none(), "nothing exists");

        create_dir_all(data.path().join("paritydb/full")).expect("the folder is ours");
        let found = existing_paritydb(&rocksdb, data.path());
        assert!(matches!(found, Some(DatabaseSource::ParityDb { .. })));

        create_dir_all(path).expect("the folder is ours");
        assert!(existing_paritydb(&rocksdb, data.path()).is_none(), "RocksDB exists");
    }
}
