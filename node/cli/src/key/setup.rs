//! `key setup`: network key, session keys, and the call that registers them, in one go.

use std::path::Path;

use codec::Encode;
use ergon_primitives::AccountId;
use ergon_runtime::{RuntimeCall, SessionKeys};
use sc_cli::SubstrateCli;
use sc_network::config::{ed25519::Keypair, NodeKeyConfig, Secret};
use serde_json::json;
use sp_core::{
    crypto::key_types::{AURA, GRANDPA},
    ed25519,
    hexdisplay::HexDisplay,
    proof_of_possession::statement_of_ownership,
    sr25519,
};
use sp_keystore::Keystore;
use sp_runtime::traits::OpaqueKeys;

use super::{parse_account, KeyPlace};
use crate::{Cli, Error};

/// The options.
#[derive(Debug, clap::Args)]
pub struct SetupCmd {
    /// The validator's account, which owns the keys and sends the call: address, or public key in hex.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_account)]
    owner: AccountId,

    /// Make new session keys beside those that exist, to change keys.
    #[arg(long)]
    new_keys: bool,

    /// Instead of --chain, for a network whose chain spec does not exist yet: the id that it will have.
    #[arg(long, value_name = "ID", value_parser = parse_id, conflicts_with_all = ["chain", "dev"])]
    network_id: Option<String>,

    /// Print one JSON object instead of a text.
    #[arg(long)]
    json: bool,

    #[clap(flatten)]
    place: KeyPlace,
}

/// An id that is safe as the name of a folder, as `scripts/genesis.sh` takes it.
fn parse_id(text: &str) -> Result<String, String> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_id = (1..=64).contains(&text.len())
        && text.starts_with(is_plain)
        && text.chars().all(|c| is_plain(c) || c == '_' || c == '-');
    is_id.then(|| text.into()).ok_or_else(|| "an id is up to 64 of a-z, 0-9, _ and -".into())
}

pub(super) fn run(cli: &Cli, command: &SetupCmd) -> Result<(), Error> {
    let (folder, chain) = match &command.network_id {
        Some(id) => (command.place.folder_of(id)?, id.clone()),
        None => {
            let (folder, spec) = command.place.folder(cli)?;
            (folder, spec.id().to_owned())
        }
    };
    let network_file = folder.join("network").join("secret_ed25519");
    let new_network_key = !network_file.exists();
    let network_key = network_key(&network_file)?;
    let (keystore, keystore_path) = command.place.open(&folder)?;
    let (pair, new_pair) = session_pair(&keystore, command.new_keys, &keystore_path)?;
    let registration = Registration::new(&keystore, pair, &command.owner)?;

    let peer_id = network_key.public().to_peer_id();
    let (keys, proof, call) = (hex(&registration.keys.encode()), hex(&registration.proof), hex(&registration.call()));
    // As a genesis lists its validators.
    let line = format!("{} {} {}", command.owner, registration.keys.aura, registration.keys.grandpa);
    if command.json {
        let report = json!({
            "chain": chain, "owner": command.owner.to_string(),
            "network": { "file": network_file, "new": new_network_key, "peerId": peer_id.to_string() },
            "session": { "keystore": keystore_path, "new": new_pair, "keys": keys, "proof": proof, "call": call,
                         "genesis": line },
        });
        println!("{report:#}");
        return Ok(());
    }
    let age = |new| if new { "made" } else { "kept" };
    println!("Chain         {chain}");
    println!("Network key   {}: {}", age(new_network_key), network_file.display());
    println!("              peer id {peer_id}");
    println!("Session keys  {}: {}", age(new_pair), keystore_path.display());
    println!("              block key {}", registration.keys.aura);
    println!("              vote key  {}", registration.keys.grandpa);
    println!();
    println!("Back up the network key. Never use session keys on a second node or network: make new ones.");
    println!();
    println!("Before the network begins, hand in this line for its genesis (account, block key, vote key):");
    println!();
    println!("  {line}");
    println!();
    if command.network_id.is_some() {
        return Ok(());
    }
    println!("Once it runs, send this call from {}:", command.owner);
    println!();
    println!("  session.setKeys(keys, proof)");
    println!("    keys   {keys}");
    println!("    proof  {proof}");
    println!();
    println!("or, the same as call data (Polkadot-JS Apps: Developer, Extrinsics, Decode):");
    println!();
    println!("  {call}");
    println!();
    println!("The keys are in force two sessions later. To see how far they are:");
    println!("  {} key verify --owner {} {}", Cli::executable_name(), command.owner, options_of(&command.place));
    Ok(())
}

/// The options that lead another command to the same place.
fn options_of(place: &KeyPlace) -> String {
    let chain = place.shared.chain_id(place.shared.is_dev());
    let chain = if chain.is_empty() { "dev".into() } else { chain };
    let base = place.shared.base_path.as_ref().map(|path| format!(" --base-path {}", path.display()));
    let keystore = place.keystore.keystore_path.as_ref().map(|path| format!(" --keystore-path {}", path.display()));
    format!("--chain {chain}{}{}", base.unwrap_or_default(), keystore.unwrap_or_default())
}

fn hex(bytes: &[u8]) -> String {
    format!("0x{}", HexDisplay::from(&bytes))
}

/// Reads the key of `file`, or makes it there, readable by its owner alone.
fn network_key(file: &Path) -> Result<Keypair, Error> {
    NodeKeyConfig::Ed25519(Secret::File(file.to_owned())).into_keypair().map_err(|error| {
        sc_cli::Error::Input(format!("the network key {} can be neither read nor made: {error}", file.display())).into()
    })
}

/// The keys of one validator.
type SessionPair = (sr25519::Public, ed25519::Public);

/// The one pair that the keystore holds, or a new one; and whether it is new.
fn session_pair(keystore: &dyn Keystore, new_keys: bool, path: &Path) -> Result<(SessionPair, bool), Error> {
    let held = (keystore.sr25519_public_keys(AURA), keystore.ed25519_public_keys(GRANDPA));
    match (held.0.as_slice(), held.1.as_slice()) {
        ([aura], [grandpa]) if !new_keys => return Ok(((*aura, *grandpa), false)),
        ([], []) => {}
        _ if new_keys => {}
        (aura, grandpa) => {
            return Err(sc_cli::Error::Input(format!(
                "the keystore {} holds {} block keys (aura) and {} vote keys (gran), so which belong together is not \
                 known. --new-keys makes a new pair beside them",
                path.display(),
                aura.len(),
                grandpa.len(),
            ))
            .into())
        }
    }
    let failed = |error| sc_cli::Error::Input(format!("no key could be written to {}: {error:?}", path.display()));
    let aura = keystore.sr25519_generate_new(AURA, None).map_err(failed)?;
    let grandpa = keystore.ed25519_generate_new(GRANDPA, None).map_err(failed)?;
    Ok(((aura, grandpa), true))
}

/// Session keys, and the proof that whoever registers them holds their secrets.
struct Registration {
    keys: SessionKeys,
    proof: Vec<u8>,
}

impl Registration {
    /// Signs, with each key, that `owner` may register it (`session.setKeys` checks this).
    fn new(keystore: &dyn Keystore, (aura, grandpa): SessionPair, owner: &AccountId) -> Result<Self, Error> {
        let keys = SessionKeys { aura: aura.into(), grandpa: grandpa.into() };
        let statement = statement_of_ownership(&owner.encode());
        let proof = (
            keystore.sr25519_sign(AURA, &aura, &statement).ok().flatten(),
            keystore.ed25519_sign(GRANDPA, &grandpa, &statement).ok().flatten(),
        );
        let (Some(aura), Some(grandpa)) = proof else {
            return Err(sc_cli::Error::Input("the keystore does not sign: is its password right?".into()).into());
        };
        let proof = (aura, grandpa).encode();
        if !keys.ownership_proof_is_valid(&owner.encode(), &proof) {
            return Err(sc_cli::Error::Input("the keystore's signatures do not fit its public keys".into()).into());
        }
        Ok(Self { keys, proof })
    }

    fn call(&self) -> Vec<u8> {
        let call = pallet_session::Call::set_keys { keys: self.keys.clone(), proof: self.proof.clone() };
        RuntimeCall::Session(call).encode()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_keyring::Sr25519Keyring::{Alice, Bob};
    use sp_keystore::testing::MemoryKeystore;

    fn pair_of(keystore: &MemoryKeystore, new: bool) -> Result<(SessionPair, bool), Error> {
        session_pair(keystore, new, Path::new("/keys"))
    }

    #[test]
    fn a_second_run_keeps_the_keys_and_new_ones_are_asked_for() {
        let keystore = MemoryKeystore::new();
        let (first, new) = pair_of(&keystore, false).expect("made");
        assert!(new);
        assert_eq!(pair_of(&keystore, false).expect("kept"), (first, false));
        let (second, new) = pair_of(&keystore, true).expect("made");
        assert!(new && second != first);
        let error = pair_of(&keystore, false).expect_err("which of the two?").to_string();
        assert!(error.contains("/keys holds 2 block keys (aura) and 2 vote keys") && error.contains("--new-keys"));
    }

    #[test]
    fn half_a_pair_is_not_taken_for_one() {
        let keystore = MemoryKeystore::new();
        keystore.sr25519_generate_new(AURA, None).expect("memory keystores accept keys");
        assert!(pair_of(&keystore, false).expect_err("no vote key").to_string().contains("1 block keys (aura) and 0"));
    }

    #[test]
    fn the_proof_is_for_its_owner_only() {
        let keystore = MemoryKeystore::new();
        let (pair, _) = pair_of(&keystore, false).expect("made");
        let made = Registration::new(&keystore, pair, &Alice.to_account_id()).expect("the keystore signs");
        assert!(made.keys.ownership_proof_is_valid(&Alice.to_account_id().encode(), &made.proof));
        assert!(!made.keys.ownership_proof_is_valid(&Bob.to_account_id().encode(), &made.proof));
        assert!(Registration::new(&MemoryKeystore::new(), pair, &Alice.to_account_id()).is_err(), "not its keys");
    }

    #[test]
    fn an_id_is_no_path() {
        assert_eq!(parse_id("our_network-2"), Ok("our_network-2".into()));
        for wrong in ["", "..", "a/b", "Ergon", "-x", &"a".repeat(65)] {
            assert!(parse_id(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn network_keys_are_made_once_and_private() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("network/secret_ed25519");
        let first = network_key(&file).expect("made").public();
        assert_eq!(network_key(&file).expect("read").public(), first);
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).expect("it exists").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}
