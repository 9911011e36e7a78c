//! Keys of nodes and of clients, each in a file of its own: the seed as `0x` and 64 hex digits, for its owner's eyes
//! alone.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::{OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use ergon_primitives::{currency::SS58_PREFIX, nodes::consent, AccountId, Hash};
use sp_core::{
    crypto::{Ss58AddressFormat, Ss58Codec},
    sr25519, Pair,
};

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Already there.
    #[error("{0} exists, and a key in use must not be lost: give another name, or move it away first")]
    Exists(PathBuf),
    /// Nowhere to put it.
    #[error("{0} cannot be made: its folder does not exist, make that first")]
    NoFolder(PathBuf),
    /// Not written.
    #[error("{path} cannot be written: {error}. Is there room, and may you write there?")]
    Unwritten {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// The file.
    #[error("{path} cannot be used: {error}. `ergon-worker key new FILE` makes a key")]
    File {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// Not a seed.
    #[error("{0} holds no key: it must be 0x and 64 hex digits, as `ergon-worker key new FILE` writes it")]
    NotASeed(PathBuf),
    /// Others can read it.
    #[error("{0} can be read by others: `chmod 600` it, and make a new key if somebody may have done so")]
    Open(PathBuf),
    /// Not an account.
    #[error("{0}")]
    Account(String),
}

/// Makes a key, and the file for it.
///
/// # Errors
/// If there is such a file, or it cannot be written.
pub fn create(path: &Path) -> Result<sr25519::Pair, KeyError> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => KeyError::Exists(path.into()),
        io::ErrorKind::NotFound => KeyError::NoFolder(path.into()),
        _ => KeyError::Unwritten { path: path.into(), error },
    };
    let (pair, seed) = sr25519::Pair::generate();
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    writeln!(file, "0x{}", hex::encode(seed)).and_then(|()| file.sync_all()).map_err(failed)?;
    Ok(pair)
}

/// Reads a key.
///
/// # Errors
/// If there is none, or others can read it.
pub fn load(path: &Path) -> Result<sr25519::Pair, KeyError> {
    let failed = |error| KeyError::File { path: path.into(), error };
    if fs::metadata(path).map_err(failed)?.permissions().mode() & 0o077 != 0 {
        return Err(KeyError::Open(path.into()));
    }
    let text = fs::read_to_string(path).map_err(failed)?;
    let mut seed = [0; 32];
    let digits = text.trim().strip_prefix("0x").ok_or_else(|| KeyError::NotASeed(path.into()))?;
    hex::decode_to_slice(digits, &mut seed).map_err(|_| KeyError::NotASeed(path.into()))?;
    Ok(sr25519::Pair::from_seed(&seed))
}

/// The node's signature for being registered by `owner`.
pub fn sign_consent(key: &sr25519::Pair, genesis: &Hash, owner: &AccountId) -> sr25519::Signature {
    key.sign(&consent(genesis, owner))
}

/// An account of this chain, as SS58 or as 0x and 64 digits.
///
/// # Errors
/// What is wrong with it.
pub fn parse_account(text: &str) -> Result<AccountId, KeyError> {
    if let Some(digits) = text.strip_prefix("0x") {
        let mut bytes = [0; 32];
        let decoded = hex::decode_to_slice(digits, &mut bytes).map(|()| AccountId::new(bytes));
        return decoded.map_err(|_| KeyError::Account(format!("{text}: a public key has 64 hex digits after 0x")));
    }
    match AccountId::from_ss58check_with_version(text) {
        Ok((account, format)) if format == Ss58AddressFormat::custom(SS58_PREFIX) => Ok(account),
        Ok((_, format)) => {
            let prefix = u16::from(format);
            let what = format!("{text} is an address of another chain: its prefix is {prefix}, Ergon's {SS58_PREFIX}");
            Err(KeyError::Account(what))
        }
        Err(_) => Err(KeyError::Account(format!("{text} is no address: they begin with 5, public keys with 0x"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_written_once_for_its_owner_alone_and_read_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("key");
        let pair = create(&path).expect("writes");
        assert_eq!(load(&path).expect("reads").public(), pair.public());
        assert_eq!(fs::metadata(&path).expect("is there").permissions().mode() & 0o777, 0o600);
        assert!(matches!(create(&path), Err(KeyError::Exists(_))));
        assert_eq!(load(&path).expect("still there").public(), pair.public());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("changes");
        assert!(matches!(load(&path), Err(KeyError::Open(_))));
        let other = folder.path().join("other");
        fs::write(&other, "0x12").expect("writes");
        fs::set_permissions(&other, fs::Permissions::from_mode(0o600)).expect("changes");
        assert!(matches!(load(&other), Err(KeyError::NotASeed(_))));
        assert!(matches!(load(&folder.path().join("none")), Err(KeyError::File { .. })));
        let error = create(&folder.path().join("missing/key")).map(|_| ()).expect_err("no folder").to_string();
        assert!(error.contains("missing/key") && error.contains("folder does not exist"), "{error}");
        assert!(!error.contains("key new"), "that is what was done: {error}");
    }

    #[test]
    fn a_consent_is_for_one_owner_on_one_chain() {
        let key = sr25519::Pair::from_seed(&[1; 32]);
        let alice = parse_account("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY").expect("Alice");
        let hex = parse_account("0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d").expect("hex");
        assert_eq!(alice, hex);
        let signature = sign_consent(&key, &Hash::zero(), &alice);
        assert!(sr25519::Pair::verify(&signature, consent(&Hash::zero(), &alice), &key.public()));
        assert!(!sr25519::Pair::verify(&signature, consent(&Hash::repeat_byte(1), &alice), &key.public()));
        assert!(parse_account("Alice").is_err() && parse_account("0x12").is_err());
        assert!(parse_account("15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5").is_err(), "Polkadot's");
    }
}
