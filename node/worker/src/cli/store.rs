//! `root`, `put` and `get`: the client of a deal.

use std::{
    fs::{File, OpenOptions},
    io,
    path::PathBuf,
    sync::Arc,
};

use ergon_primitives::{
    order_info::DealInfo,
    orders::{segments, OrderId},
};

use super::CliError;
use crate::{
    chain::{Chain, RpcChain},
    client::storage::{self, Cut},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: ergon-worker root backup.tar")]
pub(super) struct RootCommand {
    /// The file.
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example: ergon-worker put --node ws://127.0.0.1:9944 --deal 5 backup.tar

Whoever asks a holder for the data gets them: encrypt what others must not read, before `root`. Run it again if it breaks off: it goes on \
where it was.")]
pub(super) struct PutCommand {
    /// RPC address of an ergon-node that you trust.
    #[arg(long, value_name = "URL")]
    node: String,
    /// The deal.
    #[arg(long, value_name = "N")]
    deal: OrderId,
    /// The file that the deal was made for.
    file: PathBuf,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: ergon-worker get --node ws://127.0.0.1:9944 --deal 5 restored.tar")]
pub(super) struct GetCommand {
    /// RPC address of an ergon-node that you trust.
    #[arg(long, value_name = "URL")]
    node: String,
    /// The deal.
    #[arg(long, value_name = "N")]
    deal: OrderId,
    /// Where to write it. It must not exist.
    out: PathBuf,
}

pub(super) fn root(command: &RootCommand) -> Result<(), CliError> {
    let cut = Cut::open(&command.file)?;
    println!("root:     0x{}", hex::encode(cut.root()));
    println!("bytes:    {}", cut.bytes);
    println!("segments: {}", cut.count());
    Ok(())
}

pub(super) async fn put(command: PutCommand) -> Result<(), CliError> {
    let cut = Arc::new(Cut::open(&command.file)?);
    let info = find(&command.node, command.deal).await?;
    if info.root != cut.root() || info.bytes != cut.bytes {
        let (deal, file) = (command.deal, command.file.display());
        return Err(CliError::Failed(format!("{file} is not what deal {deal} was made for: see `ergon-worker root`")));
    }
    let mut failed = 0u32;
    for holder in info.holders.iter().filter(|holder| !holder.ended) {
        match storage::put(&cut, command.deal, holder).await {
            Ok(()) => println!("{}: has all {} bytes, and they have the deal's root", holder.node, cut.bytes),
            Err(error) => {
                failed = failed.saturating_add(1);
                println!("{}: {error}", holder.node);
            }
        }
    }
    match failed {
        0 => Ok(()),
        n => Err(CliError::Failed(format!("{n} of {} holders do not have the file: run it again", info.holders.len()))),
    }
}

pub(super) async fn get(command: GetCommand) -> Result<(), CliError> {
    let info = find(&command.node, command.deal).await?;
    let out = command.out.display();
    let failed = |error: io::Error| CliError::Failed(format!("{out} cannot be written: {error}"));
    let partial = command.out.with_added_extension("partial");
    if command.out.exists() {
        return Err(CliError::Failed(format!("{out} exists: give another name")));
    }
    let file: File = OpenOptions::new().write(true).create(true).truncate(true).open(&partial).map_err(failed)?;
    let file = Arc::new(file);
    let mut have = 0;
    for holder in &info.holders {
        match storage::get(&info, command.deal, holder, &file, &mut have).await {
            Ok(()) => {
                file.sync_all().map_err(failed)?;
                std::fs::rename(&partial, &command.out).map_err(failed)?;
                println!("{} bytes, every segment proven to be the deal's", info.bytes);
                return Ok(());
            }
            Err(error) => println!("{}: {error}", holder.node),
        }
    }
    let total = segments(info.bytes);
    std::fs::remove_file(&partial).map_err(failed)?;
    Err(CliError::Failed(format!(
        "{have} of {total} segments could be fetched, from no holder the rest: try again later"
    )))
}

async fn find(node: &str, deal: OrderId) -> Result<DealInfo, CliError> {
    let chain = RpcChain::connect(node).await?;
    let order = |what: &str| CliError::Failed(format!("deal {deal}: {what}"));
    let info = chain.deal(deal).await?;
    let info = info.ok_or_else(|| order("the chain has none with this number. Was it made, and on this chain?"))?;
    if !info.drawn || info.holders.is_empty() {
        return Err(order("its holders are not drawn yet, try again in the next slot"));
    }
    Ok(info)
}
