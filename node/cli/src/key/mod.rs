//! `key`: the SDK's commands for single keys, and two for a validator as a whole.

mod chain;
mod setup;
mod verify;

use std::path::PathBuf;

use ergon_primitives::{currency::SS58_PREFIX, AccountId};
use sc_cli::{KeySubcommand, KeystoreParams, SharedParams, SubstrateCli};
use sc_keystore::LocalKeystore;
use sc_service::{
    config::{BasePath, KeystoreConfig},
    ChainSpec,
};
use sp_core::crypto::{Ss58AddressFormat, Ss58Codec};

use crate::{Cli, Error};

/// Everything under `key`.
#[derive(Debug, clap::Subcommand)]
pub enum KeyCommand {
    /// Make what a validator needs: network key, session keys, and the call that registers them.
    ///
    /// Keys that exist are kept, so it can be run again. The secrets stay in their files, readable by their owner alone; none
    /// is printed.
    Setup(setup::SetupCmd),

    /// Compare the session keys of this machine with what a running chain knows: registered, in the set, authoring.
    ///
    /// Ends with 0 if all is well, otherwise with 1 and what to do.
    Verify(verify::VerifyCmd),

    /// The SDK's own.
    #[command(flatten)]
    Sdk(KeySubcommand),
}

/// Does what the command says.
pub(crate) fn run(cli: &Cli, command: &KeyCommand) -> Result<(), Error> {
    match command {
        KeyCommand::Setup(command) => setup::run(cli, command),
        KeyCommand::Verify(command) => verify::run(cli, command),
        KeyCommand::Sdk(command) => Ok(command.run(cli)?),
    }
}

/// Where a node keeps its keys, as the node's own options name it.
#[derive(Debug, clap::Args)]
pub(crate) struct KeyPlace {
    #[clap(flatten)]
    shared: SharedParams,
    #[clap(flatten)]
    keystore: KeystoreParams,
}

impl KeyPlace {
    /// The chain's own folder under the base path, as the node computes it, and the chain.
    fn folder(&self, cli: &Cli) -> Result<(PathBuf, Box<dyn ChainSpec>), Error> {
        let spec = cli.load_spec(&self.shared.chain_id(self.shared.is_dev())).map_err(sc_cli::Error::Input)?;
        Ok((self.folder_of(spec.id())?, spec))
    }

    /// The same for a chain that has the id `id`.
    fn folder_of(&self, id: &str) -> Result<PathBuf, Error> {
        let base = self.shared.base_path()?.unwrap_or_else(|| BasePath::from_project("", "", &Cli::executable_name()));
        Ok(base.config_dir(id))
    }

    /// The keystore under `folder`, made if it does not exist, and where it is.
    fn open(&self, folder: &std::path::Path) -> Result<(LocalKeystore, PathBuf), Error> {
        match self.keystore.keystore_config(folder)? {
            KeystoreConfig::Path { path, password } => {
                let keystore = LocalKeystore::open(&path, password).map_err(|error| {
                    sc_cli::Error::Input(format!("the keystore {} cannot be opened: {error}", path.display()))
                })?;
                Ok((keystore, path))
            }
            KeystoreConfig::InMemory => Err(sc_cli::Error::Input("a keystore in memory keeps no keys".into()).into()),
        }
    }
}

/// An account as people write it: SS58 of this network, or 0x and 64 digits.
fn parse_account(text: &str) -> Result<AccountId, String> {
    if let Some(digits) = text.strip_prefix("0x") {
        let hex = format!("a public key has 64 hex digits, this has {}", digits.len());
        return digits.parse().map_err(|_| hex);
    }
    match AccountId::from_ss58check_with_version(text) {
        Ok((account, format)) if format == Ss58AddressFormat::custom(SS58_PREFIX) => Ok(account),
        Ok((_, format)) => {
            Err(format!("an address of another chain: its prefix is {}, Ergon's {SS58_PREFIX}", u16::from(format)))
        }
        Err(error) => Err(format!("no address: {error:?}. It begins with 5, or with 0x if it is a public key")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_read_as_address_or_hex() {
        let alice = parse_account("5GrwvaEF5zXb26Fz9rcQpDWS57CtERHpNehXCPcNoHGKutQY").expect("Alice's address");
        let hex = parse_account("0xd43593c715fdd31c61141abd04a99fd6822c8558854ccde39a5684e7a56da27d");
        assert_eq!(hex, Ok(alice));
    }

    #[test]
    fn what_is_no_account_of_this_chain_is_explained() {
        let polkadot = parse_account("15oF4uVJwmo4TdGW7VfQxNLavjCXviqxT9S1MgbjMNHr6Sp5").expect_err("Polkadot's");
        assert!(polkadot.contains("prefix is 0"), "{polkadot}");
        assert!(parse_account("Alice").expect_err("a name").contains("no address"));
        assert!(parse_account("0x12").expect_err("short").contains("64 hex digits"));
    }
}
