//! `key`: makes and shows keys, and signs the consent with which a node is registered.

use std::path::PathBuf;

use clap::Subcommand;
use sp_core::{crypto::Ss58Codec, sr25519, Pair};

use super::CliError;
use crate::{
    chain::{Chain, RpcChain},
    keys,
};

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Make a key in a new file that only you can read.
    #[command(after_help = "Example: ergon-worker key new node.key")]
    New {
        /// The file. It must not exist.
        file: PathBuf,
    },
    /// Print the public key.
    #[command(after_help = "Example: ergon-worker key show node.key")]
    Show {
        /// The key's file.
        file: PathBuf,
    },
    /// Print what the call workNodes.registerNode needs: the node's public key and its signature for its owner.
    #[command(after_help = "Example: ergon-worker key consent node.key --owner 5Grwva... --node ws://127.0.0.1:9944")]
    Consent {
        /// The node key's file.
        file: PathBuf,
        /// The account that will send the call: its address, or 0x and its public key.
        #[arg(long, value_name = "ADDRESS")]
        owner: String,
        /// RPC address of an ergon-node: it tells which chain this is.
        #[arg(long, value_name = "URL")]
        node: String,
    },
}

pub(super) async fn run(command: KeyCommand) -> Result<(), CliError> {
    match command {
        KeyCommand::New { file } => show(&keys::create(&file)?),
        KeyCommand::Show { file } => show(&keys::load(&file)?),
        KeyCommand::Consent { file, owner, node } => {
            let (key, owner) = (keys::load(&file)?, keys::parse_account(&owner)?);
            let chain = RpcChain::connect(&node).await?;
            let signature = keys::sign_consent(&key, &chain.genesis(), &owner);
            println!("node:    0x{}", hex::encode(key.public()));
            println!("consent: 0x{}", hex::encode(signature));
        }
    }
    Ok(())
}

fn show(key: &sr25519::Pair) {
    println!("public:  0x{}", hex::encode(key.public()));
    println!("address: {}", key.public().to_ss58check());
}
