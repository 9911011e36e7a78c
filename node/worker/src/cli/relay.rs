//! `relay`: the client of a session. `echo`: a target for trying it.

use std::{
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant},
};

use ergon_primitives::{currency::TOKEN_DECIMALS, orders::OrderId};
use tokio::{
    io::{copy_bidirectional, split, AsyncRead, AsyncReadExt, AsyncWriteExt, DuplexStream},
    net::{TcpListener, TcpStream},
};

use super::CliError;
use crate::{
    chain::RpcChain,
    client::{
        route::{price, Ended, Route, Way},
        ClientError,
    },
    keys,
    wire::{Reason, MAX_DATA},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  ergon-worker relay --node ws://127.0.0.1:9944 --session 3 --client-key client.key --target example.org:7 --bytes 1000000
  ergon-worker relay --node ws://127.0.0.1:9944 --session 3 --client-key client.key --target example.org:22 --listen 127.0.0.1:2222

Relays see the bytes that they pass on: speak TLS or SSH with the target. The last relay connects with it. \
Relays settle a session some seconds after its last connection (--settle-after), and serve it no more.")]
pub(super) struct RelayCommand {
    /// RPC address of an ergon-node that you trust.
    #[arg(long, value_name = "URL")]
    node: String,
    /// The session.
    #[arg(long, value_name = "N")]
    session: OrderId,
    /// File of the client key that the session was opened for.
    #[arg(long, value_name = "FILE")]
    client_key: PathBuf,
    /// Where the last relay passes bytes on to.
    #[arg(long, value_name = "HOST:PORT")]
    target: String,
    /// Send so many bytes, read what comes back, and tell how it went.
    #[arg(long, value_name = "N", required_unless_present = "listen", conflicts_with = "listen")]
    bytes: Option<u64>,
    /// Forward connections to this local address, one at a time.
    #[arg(long, value_name = "IP:PORT")]
    listen: Option<String>,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example: ergon-worker echo --listen 127.0.0.1:7007")]
pub(super) struct EchoCommand {
    /// Where.
    #[arg(long, value_name = "IP:PORT")]
    listen: String,
}

pub(super) async fn run(command: RelayCommand) -> Result<(), CliError> {
    let key = keys::load(&command.client_key)?;
    let chain = RpcChain::connect(&command.node).await?;
    let route = Route::find(&*chain, command.session, key).await?;
    for (place, hop) in route.hops.iter().enumerate() {
        println!("relay {}: {} at {}", place.saturating_add(1), hop.node, hop.endpoint);
    }
    match (command.bytes, command.listen) {
        (Some(bytes), _) => try_out(&route, &command.target, bytes).await,
        (None, Some(address)) => forward(&route, &command.target, address).await,
        (None, None) => Err(CliError::Failed("give --bytes or --listen".into())),
    }
}

/// Sends and compares.
async fn try_out(route: &Route, target: &str, bytes: u64) -> Result<(), CliError> {
    let Way { stream, links } = route.connect(target).await?;
    let start = Instant::now();
    let (back, same) = exchange(stream, bytes).await;
    let seconds = start.elapsed().as_secs_f64();
    let ended = route.end(links).await;
    // A rate for people to read: precision does not matter.
    let rate = bytes.saturating_add(back) as f64 / seconds.max(0.001) / 1e6;
    println!("sent {bytes} bytes, {back} came back, {}", if same { "the same" } else { "others than were sent" });
    println!("{seconds:.1} s, {rate:.1} MB/s in both directions together");
    report(route, ended)
}

/// Writes `bytes` bytes and reads until the end: how many came back, and whether they were the same.
async fn exchange(stream: DuplexStream, bytes: u64) -> (u64, bool) {
    let (mut reader, mut writer) = split(stream);
    let write = async {
        let mut at = 0;
        while at < bytes {
            let piece = pattern(at, bytes.saturating_sub(at));
            if writer.write_all(&piece).await.is_err() {
                return;
            }
            at = at.saturating_add(length(piece.len()));
        }
        if let Err(error) = writer.shutdown().await {
            log::debug!(target: "client", "{error}");
        }
    };
    let read = compare(&mut reader);
    let ((), back) = tokio::join!(write, read);
    back
}

async fn compare(reader: &mut (impl AsyncRead + Unpin)) -> (u64, bool) {
    let (mut back, mut same) = (0u64, true);
    let mut buffer = vec![0; MAX_DATA];
    while let Ok(read) = reader.read(&mut buffer).await {
        let Some(bytes) = buffer.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
        same &= pattern(back, length(read)) == bytes;
        back = back.saturating_add(length(read));
    }
    (back, same)
}

/// Bytes that tell where they belong: those from `at` on, at most [`MAX_DATA`] of `left`.
fn pattern(at: u64, left: u64) -> Vec<u8> {
    let end = at.saturating_add(left.min(length(MAX_DATA)));
    // The highest byte of a product: neighbours differ, and no short part comes again soon.
    (at..end).map(|place| place.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes()[0]).collect()
}

/// Like `ssh -L`, until it is stopped.
async fn forward(route: &Route, target: &str, address: String) -> Result<(), CliError> {
    let listen = |error| CliError::Listen { address: address.clone(), error };
    let listener = TcpListener::bind(&address).await.map_err(listen)?;
    log::info!(target: "client", "forwarding {address} to {target}");
    loop {
        let (mut local, _) = accept(&listener).await;
        let Way { mut stream, links } = match route.connect(target).await {
            Ok(way) => way,
            // Nothing that comes later can be better.
            Err(error @ ClientError::Refused { reason: Reason::Settled | Reason::Over | Reason::VolumeUsed, .. }) => {
                return Err(error.into());
            }
            Err(error) => {
                log::warn!(target: "client", "{error}");
                continue;
            }
        };
        match copy_bidirectional(&mut local, &mut stream).await {
            Ok((out, back)) => log::info!(target: "client", "{out} bytes there, {back} back"),
            Err(error) => log::info!(target: "client", "a connection broke: {error}"),
        }
        drop(stream);
        if let Err(error) = report(route, route.end(links).await) {
            log::warn!(target: "client", "{error}");
        }
    }
}

/// Prints what each relay is owed.
fn report(route: &Route, ended: Vec<Ended>) -> Result<(), CliError> {
    let mut failed = None;
    for Ended { hop, signed, result } in ended {
        let tokens = tokens(price(signed, route.price_per_mb));
        println!("owed to {}: {signed} bytes signed for in this session, {tokens} ERGN", hop.node);
        failed = failed.or(result.err());
    }
    failed.map_or(Ok(()), |error| Err(error.into()))
}

/// An amount in whole tokens, with all digits that it has.
fn tokens(amount: u128) -> String {
    let unit = 10u128.pow(TOKEN_DECIMALS.into());
    let digits = format!("{}.{:0width$}", amount / unit, amount % unit, width = usize::from(TOKEN_DECIMALS));
    digits.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// Sends everything back.
pub(super) async fn echo(command: EchoCommand) -> Result<(), CliError> {
    let listen = |error| CliError::Listen { address: command.listen.clone(), error };
    let listener = TcpListener::bind(&command.listen).await.map_err(listen)?;
    println!("echo on {}", listener.local_addr().map_err(listen)?);
    loop {
        let (stream, peer) = accept(&listener).await;
        tokio::spawn(async move {
            let (mut reader, mut writer) = stream.into_split();
            match tokio::io::copy(&mut reader, &mut writer).await {
                Ok(bytes) => log::info!(target: "echo", "{peer}: {bytes} bytes"),
                Err(error) => log::info!(target: "echo", "{peer}: {error}"),
            }
        });
    }
}

/// The next connection. One that cannot be taken, as when there are too many files open, is no reason to end.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => {
                log::warn!(target: "client", "no connection can be taken now: {error}");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

fn length(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_and_sessions_billed_for_five_megabytes_at_least() {
        assert_eq!(tokens(0), "0");
        assert_eq!(tokens(1_500_000_000_000), "1.5");
        assert_eq!(tokens(1), "0.000000000001");
        assert_eq!((price(0, 10), price(5_000_000, 10), price(5_000_001, 10)), (50, 50, 51));
    }

    #[tokio::test]
    async fn what_comes_back_is_compared() {
        let whole = pattern(0, 1_000);
        assert_eq!(whole[10..20], pattern(10, 10)[..]);
        assert_eq!(compare(&mut whole.as_slice()).await, (1_000, true));
        let mut other = whole.clone();
        other[500] ^= 1;
        assert_eq!(compare(&mut other.as_slice()).await, (1_000, false));
        assert_eq!(compare(&mut &whole[1..]).await, (999, false), "a byte is missing");
    }
}
