//! `relay`: the client of a session. `echo`: a target for trying it.

use std::{
    cmp::Ordering,
    io,
    net::SocketAddr,
    path::PathBuf,
    time::{Duration, Instant},
};

use ergon_primitives::{currency::TOKEN_DECIMALS, orders::OrderId};
use tokio::{
    io::{copy, split, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream},
    net::{TcpListener, TcpStream},
};

use super::CliError;
use crate::{
    chain::RpcChain,
    client::{
        link::Running,
        route::{price, Ended, Hop, Route, Way},
        ClientError,
    },
    keys,
    wire::{message::MAX_ADDRESS, Reason, MAX_DATA},
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
    #[arg(long, value_name = "HOST:PORT", value_parser = host_and_port)]
    target: String,
    /// Send so many bytes, and compare what comes back: the target must send back everything, as `echo` does.
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
        (None, Some(address)) => {
            let listener = bind(&address).await?;
            log::info!(target: "client", "forwarding {address} to {}", command.target);
            forward(&route, &command.target, listener).await
        }
        (None, None) => Err(CliError::Failed("give --bytes or --listen".into())),
    }
}

/// What a relay can look up: a host and its port.
fn host_and_port(text: &str) -> Result<String, String> {
    let wrong = |what: &str| Err(format!("{what}: give it as example.org:443, 192.0.2.1:443 or [2001:db8::1]:443"));
    let Some((host, port)) = text.rsplit_once(':') else { return wrong("there is no port") };
    let in_brackets = host.starts_with('[') && host.ends_with(']');
    if host.is_empty() || text.len() > MAX_ADDRESS || (host.contains(':') && !in_brackets) {
        return wrong("there is no host");
    }
    if port.parse::<u16>().unwrap_or(0) == 0 {
        return wrong("there is no port from 1 to 65535");
    }
    Ok(text.to_string())
}

/// Ends the way if nothing comes from the target for too long, though nothing is on its way to it. The last relay is
/// nearest to it: what those before it do stops that one too.
fn await_target(links: &[(Hop, Running)]) {
    if let Some((_, last)) = links.last() {
        last.await_target();
    }
}

/// Sends and compares.
async fn try_out(route: &Route, target: &str, bytes: u64) -> Result<(), CliError> {
    let Way { stream, links } = route.connect(target).await?;
    await_target(&links);
    let start = Instant::now();
    let (back, same) = exchange(stream, bytes).await;
    let seconds = start.elapsed().as_secs_f64();
    let ended = route.end(links).await;
    // A rate for people to read: precision does not matter.
    let rate = bytes.saturating_add(back) as f64 / seconds.max(0.001) / 1e6;
    let judged = judge(bytes, back, same);
    let (Ok(words) | Err(words)) = judged;
    println!("sent {bytes} bytes, {back} came back, {words}");
    println!("{seconds:.1} s, {rate:.1} MB/s in both directions together");
    report(route, ended)?;
    let what = format!("{back} of {bytes} bytes came back, {words}: is the target one that sends everything back?");
    judged.map(|_| ()).map_err(|_| CliError::Failed(what))
}

/// How what came back compares with what was sent.
fn judge(bytes: u64, back: u64, same: bool) -> Result<&'static str, &'static str> {
    match back.cmp(&bytes) {
        Ordering::Equal if same => Ok("the same"),
        Ordering::Less if same => Err("not all of them"),
        _ => Err("others than were sent"),
    }
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
async fn forward(route: &Route, target: &str, listener: TcpListener) -> Result<(), CliError> {
    loop {
        let (mut local, _) = accept(&listener).await;
        let Way { mut stream, links } = match route.connect(target).await {
            Ok(way) => way,
            Err(error) if is_final(&error) => return Err(error.into()),
            Err(error) => {
                log::warn!(target: "client", "{error}");
                continue;
            }
        };
        match pass_on(&mut local, &mut stream, || await_target(&links)).await {
            Ok((out, back)) => log::info!(target: "client", "{out} bytes there, {back} back"),
            Err(error) => log::info!(target: "client", "a connection broke: {error}"),
        }
        drop(stream);
        match report(route, route.end(links).await) {
            Err(CliError::Client(error)) if is_final(&error) => return Err(error.into()),
            Err(error) => log::warn!(target: "client", "{error}"),
            Ok(()) => {}
        }
    }
}

/// Whether another attempt with the session cannot be better.
fn is_final(error: &ClientError) -> bool {
    matches!(
        error,
        ClientError::Dishonest { .. }
            | ClientError::Refused { reason: Reason::Settled | Reason::Over | Reason::VolumeUsed, .. }
    )
}

/// Passes bytes on in both directions until both have ended, and tells when the local side has; how many it were.
async fn pass_on<L, W>(local: &mut L, way: &mut W, local_ended: impl FnOnce()) -> io::Result<(u64, u64)>
where
    L: AsyncRead + AsyncWrite + Unpin,
    W: AsyncRead + AsyncWrite + Unpin,
{
    let (mut from_local, mut to_local) = split(local);
    let (mut from_way, mut to_way) = split(way);
    let there = async {
        let bytes = copy(&mut from_local, &mut to_way).await?;
        to_way.shutdown().await?;
        local_ended();
        Ok::<_, io::Error>(bytes)
    };
    let back = async {
        let bytes = copy(&mut from_way, &mut to_local).await?;
        to_local.shutdown().await?;
        Ok::<_, io::Error>(bytes)
    };
    tokio::try_join!(there, back)
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
    let listener = bind(&command.listen).await?;
    let listen = |error| CliError::Listen { address: command.listen.clone(), error };
    println!("echo on {}", listener.local_addr().map_err(listen)?);
    loop {
        let (stream, peer) = accept(&listener).await;
        tokio::spawn(async move {
            let (mut reader, mut writer) = stream.into_split();
            match copy(&mut reader, &mut writer).await {
                Ok(bytes) => log::info!(target: "echo", "{peer}: {bytes} bytes"),
                Err(error) => log::info!(target: "echo", "{peer}: {error}"),
            }
        });
    }
}

async fn bind(address: &str) -> Result<TcpListener, CliError> {
    let failed = |error| CliError::Listen { address: address.to_string(), error };
    TcpListener::bind(address).await.map_err(failed)
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
    use ergon_primitives::{
        order_info::{PlaceInfo, SessionInfo},
        AccountId,
    };
    use sp_core::{sr25519, Pair};
    use tokio::{io::duplex, time::timeout};

    use super::*;
    use crate::{
        chain::memory::MemoryChain,
        relay::sessions::lock,
        wire::{recv, send, Message},
    };

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

    #[test]
    fn only_all_bytes_and_the_same_are_a_success() {
        assert_eq!(judge(10, 10, true), Ok("the same"));
        assert_eq!(judge(10, 0, true), Err("not all of them"));
        for (back, same) in [(10, false), (9, false), (11, true)] {
            assert_eq!(judge(10, back, same), Err("others than were sent"));
        }
    }

    #[test]
    fn a_target_has_a_host_and_a_port() {
        for good in ["example.org:7", "1.1.1.1:443", "[2606:4700::1111]:443", "localhost:65535"] {
            assert_eq!(host_and_port(good).as_deref(), Ok(good));
        }
        let long = format!("{}:7", "a".repeat(MAX_ADDRESS));
        for bad in ["example.org", "example.org:", ":7", "example.org:0", "example.org:65536", "a:b", "::1:7", &long] {
            assert!(host_and_port(bad).is_err(), "{bad}");
        }
    }

    #[tokio::test]
    async fn what_is_forwarded_arrives_and_the_end_of_the_local_side_is_told() {
        let ((mut program, mut local), (mut way, mut target)) = (duplex(64), duplex(64));
        let (end, ended) = std::sync::mpsc::channel();
        let story = async {
            program.write_all(b"question").await.expect("is taken");
            assert!(ended.try_recv().is_err(), "the program may say more");
            program.shutdown().await.expect("ends");
            let mut heard = String::new();
            target.read_to_string(&mut heard).await.expect("ends");
            assert_eq!((heard.as_str(), ended.try_recv()), ("question", Ok(())));
            target.write_all(b"answer").await.expect("is taken");
            target.shutdown().await.expect("ends");
            heard.clear();
            program.read_to_string(&mut heard).await.expect("ends");
            assert_eq!(heard, "answer");
        };
        let tell = || end.send(()).expect("is heard");
        let (passed, ()) = tokio::join!(pass_on(&mut local, &mut way, tell), story);
        assert_eq!(passed.expect("nothing breaks"), (8, 6));
    }

    #[tokio::test]
    async fn a_relay_that_lies_ends_the_forwarding() {
        let liar = bind("127.0.0.1:0").await.expect("a port");
        let endpoint = liar.local_addr().expect("an address").to_string().into_bytes();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = liar.accept().await {
                let heard = recv(&mut stream).await;
                assert!(matches!(heard, Ok(Some(Message::Hello { .. }))), "{heard:?}");
                send(&mut stream, &Message::Finish).await.expect("is sent");
                let _until_it_leaves = recv(&mut stream).await;
            }
        });
        let (key, account) = (sr25519::Pair::from_seed(&[100; 32]), AccountId::new([1; 32]));
        let place = PlaceInfo { node: key.public(), entity: account.clone(), endpoint, settled: None };
        let info = SessionInfo {
            owner: account,
            client: key.public(),
            volume: 10,
            price_per_mb: 1,
            relays: vec![place],
            drawn: true,
            expires: None,
        };
        let chain = MemoryChain::new();
        lock(&chain.state).sessions.insert(3, info);
        let route = Route::find(&*chain, 3, key).await.expect("a route");
        let listener = bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let _local = TcpStream::connect(address).await.expect("connects");
        let ended = timeout(Duration::from_secs(60), forward(&route, "example.org:1", listener)).await;
        let ended = ended.expect("it does not try for ever");
        assert!(matches!(ended, Err(CliError::Client(ClientError::Dishonest { .. }))), "{ended:?}");
    }
}
