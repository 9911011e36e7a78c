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
    let info = find_final(&*RpcChain::connect(&command.node).await?, command.deal).await?;
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
    let info = find(&*RpcChain::connect(&command.node).await?, command.deal).await?;
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

/// The deal as the best block has it. To fetch data that is enough: each segment is compared with the root.
async fn find(chain: &dyn Chain, deal: OrderId) -> Result<DealInfo, CliError> {
    let info = chain.deal(deal).await?;
    let info =
        info.ok_or_else(|| order(deal, "the chain has none with this number. Was it made, and on this chain?"))?;
    if !info.drawn || info.holders.is_empty() {
        return Err(order(deal, "its holders are not drawn yet, try again in half a minute"));
    }
    Ok(info)
}

/// The deal as a final block has it, with its holders: before, the number and the holders may become others.
async fn find_final(chain: &dyn Chain, deal: OrderId) -> Result<DealInfo, CliError> {
    match chain.final_deal(deal).await? {
        (_, Some(info)) if info.drawn && !info.holders.is_empty() => Ok(info),
        // What is wrong with it in the best block is said first.
        _ => Err(find(chain, deal).await.map_or_else(
            |error| error,
            |_| order(deal, "its holders are drawn, but in no final block yet: try again in half a minute"),
        )),
    }
}

fn order(deal: OrderId, what: &str) -> CliError {
    CliError::Failed(format!("deal {deal}: {what}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{chain::memory::MemoryChain, relay::sessions::lock};
    use ergon_primitives::{order_info::HolderInfo, AccountId};

    #[tokio::test]
    async fn data_are_brought_to_a_deal_that_is_final_as_drawn_only() {
        let chain = MemoryChain::new();
        let account = AccountId::new([1; 32]);
        let holder = HolderInfo {
            node: sp_core::sr25519::Public::from_raw([2; 32]),
            entity: account.clone(),
            endpoint: vec![],
            pledged: false,
            ended: false,
            left: 1,
            missed: 0,
        };
        let drawn = DealInfo {
            owner: account,
            root: [3; 32],
            bytes: 4,
            holders: vec![holder],
            challenges_each: 1,
            drawn: true,
        };
        let waiting = DealInfo { holders: vec![], drawn: false, ..drawn.clone() };
        let ask = || async { find_final(&*chain, 7).await.map_err(|error| error.to_string()) };
        let set = |best: &DealInfo, last: Option<&DealInfo>| {
            let mut state = lock(&chain.state);
            state.deals.insert(7, best.clone());
            state.final_deals = Some((1, last.map(|info| (7, info.clone())).into_iter().collect()));
        };
        assert!(ask().await.is_err_and(|error| error.contains("none with this number")));
        set(&waiting, None);
        assert!(ask().await.is_err_and(|error| error.contains("not drawn yet")));
        set(&drawn, None);
        assert!(ask().await.is_err_and(|error| error.contains("half a minute")));
        set(&drawn, Some(&waiting));
        assert!(ask().await.is_err_and(|error| error.contains("half a minute")));
        set(&drawn, Some(&drawn));
        assert_eq!(ask().await, Ok(drawn));
    }
}
