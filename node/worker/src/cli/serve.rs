//! `serve`: the worker.

use std::{
    future::Future,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    time::Duration,
};

use clap::builder::RangedU64ValueParser;
use tokio::{
    net::TcpListener,
    signal::unix::{signal, SignalKind},
    sync::watch,
    task::JoinHandle,
};

use super::CliError;
use crate::{
    chain::{Chain, RpcChain},
    config::Config,
    keys,
    relay::{
        meter::{LEAST_CREDIT, MOST_CREDIT},
        target::Targets,
    },
    worker::Worker,
};

/// With less, a receipt would not be sent twice before its session ends.
const LEAST_MARGIN: u64 = 6;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example: ergon-worker serve --node ws://127.0.0.1:9944 --key node.key --listen 0.0.0.0:7000 --data ./worker

Register the node with the endpoint under which others reach --listen. One worker for each key and --data folder; keep the folder, it \
holds the receipts that are not paid yet and the data of deals.")]
pub(super) struct ServeCommand {
    /// RPC address of an ergon-node that you trust.
    #[arg(long, value_name = "URL")]
    node: String,
    /// The node key's file.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Where clients connect.
    #[arg(long, value_name = "IP:PORT")]
    listen: String,
    /// Folder for receipts and data.
    #[arg(long, value_name = "DIR")]
    data: PathBuf,
    /// Most bytes of data that are held for others.
    #[arg(long, value_name = "BYTES", default_value_t = Config::default().max_store)]
    max_store: u64,
    /// Bytes that are passed on unpaid: what a client or a crash can cost. More lets distant clients go faster.
    #[arg(long, value_name = "BYTES", default_value_t = Config::default().credit, value_parser = clap::value_parser!(u64).range(LEAST_CREDIT..=MOST_CREDIT))]
    credit: u64,
    /// Most relay sessions at once, and at least one. Who has not said yet who it is, and who brings or fetches data, has places apart.
    #[arg(long, value_name = "N", default_value_t = Config::default().max_connections, value_parser = RangedU64ValueParser::<usize>::new().range(1..))]
    max_connections: usize,
    /// Seconds without a connection after which a session's receipt is redeemed. Nobody can use the session with this
    /// relay then.
    #[arg(long, value_name = "SECONDS", default_value_t = 5)]
    settle_after: u64,
    /// Ticks before a session's end from which its receipt is redeemed, and nothing more is passed on. At least 6: the
    /// receipt has to get into a block in that time.
    #[arg(long, value_name = "TICKS", default_value_t = Config::default().settle_margin, value_parser = clap::value_parser!(u64).range(LEAST_MARGIN..))]
    settle_margin: u64,
    /// Pass bytes on to private addresses too. Clients can then reach this machine and its network: only for tests.
    #[arg(long)]
    allow_private: bool,
    /// Serve metrics for Prometheus on this port, at /metrics. Without it none are served.
    #[arg(long, value_name = "PORT")]
    prometheus_port: Option<u16>,
    /// Serve them on all interfaces. Without it only this machine reaches them.
    #[arg(long, requires = "prometheus_port")]
    prometheus_external: bool,
}

pub(super) async fn run(command: ServeCommand) -> Result<(), CliError> {
    let key = keys::load(&command.key)?;
    let chain = RpcChain::connect(&command.node).await?;
    let defaults = Config::default();
    let config = Config {
        max_connections: command.max_connections,
        credit: command.credit,
        window: command.credit,
        settle_after: Duration::from_secs(command.settle_after),
        settle_margin: command.settle_margin,
        targets: if command.allow_private { Targets::All } else { Targets::Public },
        max_store: command.max_store,
        ..defaults
    };
    let worker = Worker::open(chain.clone(), key, config, &command.data)?;
    tokio::spawn({
        let (worker, link) = (worker.clone(), chain.link());
        async move { worker.metrics.follow(link).await }
    });
    if let Some(port) = command.prometheus_port {
        // As ergon-node does.
        let interface: IpAddr =
            if command.prometheus_external { Ipv6Addr::UNSPECIFIED.into() } else { Ipv4Addr::LOCALHOST.into() };
        let worker = worker.clone();
        tokio::spawn(async move { worker.metrics.serve(SocketAddr::new(interface, port)).await });
    }
    // Better known now than at the first challenge.
    let work = chain.work_of(worker.node()).await.map_err(|error| {
        CliError::Failed(format!(
            "the chain at {} cannot be worked for: {error}. Is its node up to date?",
            command.node
        ))
    })?;
    let listen = |error| CliError::Listen { address: command.listen.clone(), error };
    let listener = TcpListener::bind(&command.listen).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let waiting = worker.sessions.all().len();
    log::info!(target: "worker", "node 0x{} on chain {:?}", hex::encode(worker.node()), chain.genesis());
    let (deals, drawn) = (worker.store.all().len(), work.sessions.len().saturating_add(work.deals.len()));
    log::info!(target: "worker", "listening on {address}; {waiting} sessions not settled, {deals} deals held, {drawn} orders drawn for");
    let (stopper, stop) = watch::channel(false);
    let mut working = tokio::spawn(worker.run(listener, stop));
    let signals = signal(SignalKind::interrupt()).and_then(|int| Ok((int, signal(SignalKind::terminate())?)));
    let (mut interrupt, mut terminate) =
        signals.map_err(|error| CliError::Failed(format!("signals cannot be listened to: {error}")))?;
    let told = async {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    };
    until_told(&mut working, told).await?;
    log::info!(target: "worker", "stopping; receipts that are not settled yet are settled after the next start");
    stopper.send_replace(true);
    working.await.map_err(|error| CliError::Failed(format!("the worker broke: {error}")))
}

/// Waits until the worker is `told` to stop. If it ends before, the process has to end too, so that somebody notices: it
/// would serve, settle and answer no more.
async fn until_told(working: &mut JoinHandle<()>, told: impl Future<Output = ()>) -> Result<(), CliError> {
    tokio::select! {
        () = told => Ok(()),
        ended = working => {
            let why = ended.err().map_or_else(|| "it ended by itself".to_string(), |error| error.to_string());
            Err(CliError::Failed(format!(
                "the worker broke: {why}. This is a bug, please report it. Start it again: receipts and data are on disk"
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};

    async fn broken() {
        panic!("on purpose");
    }

    #[tokio::test]
    async fn a_worker_that_is_not_told_to_end_and_does_is_an_error() {
        let error = until_told(&mut tokio::spawn(broken()), pending()).await.expect_err("it broke").to_string();
        assert!(error.contains("the worker broke") && error.contains("on purpose"), "{error}");
        let error = until_told(&mut tokio::spawn(ready(())), pending()).await.expect_err("it ended").to_string();
        assert!(error.contains("ended by itself"), "{error}");
        until_told(&mut tokio::spawn(pending()), ready(())).await.expect("somebody said so");
    }
}
