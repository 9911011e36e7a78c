//! `root`, `put` and `get`: the client of a deal.

use std::{
    fs::{File, OpenOptions},
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use ergon_primitives::{
    order_info::DealInfo,
    orders::{segments, OrderId, SEGMENT_BYTES},
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
where it was. One holder after another gets them; one that takes less than 32 KiB/s is left after a minute.")]
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
#[command(after_help = "\
Example: ergon-worker get --node ws://127.0.0.1:9944 --deal 5 restored.tar

What has come when no holder gives more stays in a file beside it that ends in .partial: run it again, and it goes on there.")]
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
    fetch(&info, command.deal, &command.out).await
}

/// Fetches the data of a deal from whichever holder gives them, and goes on where an earlier run has stopped.
async fn fetch(info: &DealInfo, deal: OrderId, to: &Path) -> Result<(), CliError> {
    let out = to.display();
    let failed = |error: io::Error| CliError::Failed(format!("{out} cannot be written: {error}"));
    if to.exists() {
        return Err(CliError::Failed(format!("{out} exists: give another name")));
    }
    // With the beginning of the root, so that nothing is taken for a part of other data.
    let partial = to.with_added_extension(format!("{:.16}.partial", hex::encode(info.root)));
    let (file, begun) = resume(&partial, info.bytes).map_err(failed)?;
    let mut have = begun;
    for holder in &info.holders {
        match storage::get(info, deal, holder, &file, &mut have).await {
            Ok(()) => {
                file.sync_all().map_err(failed)?;
                // What an earlier run has written may have changed since: only the root tells.
                if begun > 0 && Cut::open(&partial)?.root() != info.root {
                    std::fs::remove_file(&partial).map_err(failed)?;
                    let what = "what was left of an earlier run was damaged, and is deleted: run it again";
                    return Err(CliError::Failed(what.into()));
                }
                std::fs::rename(&partial, to).map_err(failed)?;
                println!("{} bytes, every segment proven to be the deal's", info.bytes);
                return Ok(());
            }
            Err(error) => println!("{}: {error}", holder.node),
        }
    }
    if have == 0 {
        std::fs::remove_file(&partial).map_err(failed)?;
    }
    let total = segments(info.bytes);
    Err(CliError::Failed(format!(
        "{have} of {total} segments could be fetched, from no holder the rest: run it again later, it goes on there"
    )))
}

/// A file for `bytes` bytes of data, with as many whole segments as it has.
fn resume(partial: &Path, bytes: u64) -> io::Result<(Arc<File>, u64)> {
    let file = OpenOptions::new().write(true).create(true).truncate(false).open(partial)?;
    let have = file.metadata()?.len().min(bytes) / u64::from(SEGMENT_BYTES);
    file.set_len(have.saturating_mul(SEGMENT_BYTES.into()))?;
    Ok((Arc::new(file), have))
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
    use crate::{
        chain::memory::MemoryChain,
        relay::sessions::lock,
        wire::{recv, send, Intent, Message},
    };
    use ergon_primitives::{order_info::HolderInfo, AccountId};

    /// A deal with one holder.
    fn drawn(root: [u8; 32], bytes: u64, endpoint: Vec<u8>) -> DealInfo {
        let account = AccountId::new([1; 32]);
        let holder = HolderInfo {
            node: sp_core::sr25519::Public::from_raw([2; 32]),
            entity: account.clone(),
            endpoint,
            pledged: false,
            ended: false,
            left: 1,
            missed: 0,
        };
        DealInfo { owner: account, root, bytes, holders: vec![holder], challenges_each: 1, drawn: true }
    }

    /// A holder that ends each connection, one after another, at the next of these segments.
    async fn breaking(cut: Arc<Cut>, ends: Vec<u64>) -> (std::net::SocketAddr, tokio::task::JoinHandle<Vec<u64>>) {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let serve = async move {
            let mut asked = Vec::new();
            for end in ends {
                let (mut stream, _) = listener.accept().await.expect("a client");
                let hello = recv(&mut stream).await.expect("is read");
                let Some(Message::Hello { intent: Intent::Get { from, .. }, .. }) = hello else { panic!("{hello:?}") };
                asked.push(from);
                send(&mut stream, &Message::Ready { from }).await.expect("is sent");
                for index in from..end {
                    let segment = cut.segment(index).expect("reads");
                    send(&mut stream, &Message::Segment(segment)).await.expect("is sent");
                }
            }
            asked
        };
        (address, tokio::spawn(serve))
    }

    #[tokio::test]
    async fn what_breaks_off_goes_on_where_it_was_and_is_compared_with_the_root() {
        let folder = tempfile::TempDir::new().expect("a folder");
        let bytes: Vec<u8> = (0..4 * 4_096 + 5).map(|place| (place / 100) as u8).collect();
        let (source, out) = (folder.path().join("source"), folder.path().join("out"));
        std::fs::write(&source, &bytes).expect("writes");
        let cut = Arc::new(Cut::open(&source).expect("reads"));
        let (address, asked) = breaking(cut.clone(), vec![3, 5, 2, 5, 5]).await;
        let info = drawn(cut.root(), cut.bytes, address.to_string().into_bytes());
        let ask = || async { fetch(&info, 7, &out).await.map_err(|error| error.to_string()) };
        let files = || std::fs::read_dir(folder.path()).expect("reads").flatten().map(|entry| entry.path());

        assert!(ask().await.is_err_and(|error| error.contains("3 of 5 segments")));
        assert!(!out.exists());
        ask().await.expect("the rest comes");
        assert_eq!(std::fs::read(&out).expect("reads"), bytes);
        assert_eq!(files().count(), 2, "source and copy");

        std::fs::remove_file(&out).expect("goes");
        assert!(ask().await.is_err_and(|error| error.contains("2 of 5 segments")));
        let partial = files().find(|path| path.extension().is_some_and(|end| end == "partial")).expect("is kept");
        let mut spoilt = std::fs::read(&partial).expect("reads");
        spoilt[0] ^= 1;
        std::fs::write(&partial, spoilt).expect("writes");
        assert!(ask().await.is_err_and(|error| error.contains("damaged")));
        assert!(!out.exists() && !partial.exists());
        ask().await.expect("comes anew");
        assert_eq!(std::fs::read(&out).expect("reads"), bytes);
        assert_eq!(asked.await.expect("ends"), [0, 3, 0, 2, 0]);
    }

    #[tokio::test]
    async fn data_are_brought_to_a_deal_that_is_final_as_drawn_only() {
        let chain = MemoryChain::new();
        let drawn = drawn([3; 32], 4, vec![]);
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
