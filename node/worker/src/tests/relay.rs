//! Bytes through relays.

use tokio::io::{split, AsyncRead, AsyncWrite};

use super::*;
use crate::client::{
    route::{Ended, Route, Way},
    ClientError,
};

/// Bytes that tell where they belong.
fn data(length: usize) -> Vec<u8> {
    (0..length).map(|place| (place as u32).wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect()
}

/// Writes and reads at once, to the end.
async fn exchange<S: AsyncRead + AsyncWrite>(stream: S, out: &[u8]) -> Vec<u8> {
    let (mut reader, mut writer) = split(stream);
    let mut back = Vec::new();
    let write = async {
        writer.write_all(out).await.expect("is taken");
        writer.shutdown().await.expect("ends");
    };
    let read = async {
        reader.read_to_end(&mut back).await.expect("comes back");
    };
    timeout(LONG, async { tokio::join!(write, read) }).await.expect("in time");
    back
}

async fn through(chain: &MemoryChain, session: OrderId, target: SocketAddr, out: &[u8]) -> (Vec<u8>, Vec<Ended>) {
    let route = Route::find(chain, session, client_key()).await.expect("a route");
    let Way { stream, links } = route.connect(&target.to_string()).await.expect("connects");
    let back = exchange(stream, out).await;
    (back, timeout(LONG, route.end(links)).await.expect("ends"))
}

/// Looks all the time whether what a relay has written down is within its credit.
fn watch_credit(relay: &Running) -> JoinHandle<()> {
    let worker = relay.worker.clone();
    tokio::spawn(async move {
        loop {
            for slot in worker.sessions.all() {
                let record = slot.record();
                let paid = record.last.map_or(0, |last| last.receipt.bytes);
                assert!(record.counted - paid <= worker.config.credit);
            }
            sleep(Duration::from_millis(1)).await;
        }
    })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn megabytes_pass_one_relay_both_ways_and_are_paid() {
    let (chain, folder) = (MemoryChain::new(), TempDir::new().expect("a folder"));
    let relay = Running::start(&chain, 1, config(), &folder).await;
    draw(&chain, 3, 100 << 20, &[&relay]);
    let watched = watch_credit(&relay);
    let out = data(5_000_001);
    let (back, ended) = through(&chain, 3, echo().await, &out).await;
    assert!(back == out, "{} bytes came back", back.len());
    assert!(matches!(ended.as_slice(), [Ended { result: Ok(()), signed: 10_000_002, .. }]), "{ended:?}");
    assert!(!watched.is_finished(), "never more than the credit was unpaid");
    watched.abort();
    until(&chain, "the receipt is redeemed", |state| !state.redeemed.is_empty()).await;
    let redeemed = lock(&chain.state).redeemed.clone();
    assert_eq!(redeemed.iter().map(|it| it.receipt.bytes).collect::<Vec<_>>(), [10_000_002]);
    // The chain has it for good: the relay forgets, and lets nobody in.
    let forgotten = async {
        while !relay.worker.sessions.all().is_empty() {
            chain.block();
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LONG, forgotten).await.expect("the record goes");
    let refused = Raw::connect(&relay).await.open(&relay, 3, &client_key(), "127.0.0.1:1").await;
    assert_eq!(refused, Some(Message::Refused(Reason::Settled)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn megabytes_pass_two_relays_and_each_is_paid() {
    let chain = MemoryChain::new();
    let folders = [TempDir::new().expect("a folder"), TempDir::new().expect("a folder")];
    let first = Running::start(&chain, 1, config(), &folders[0]).await;
    let second = Running::start(&chain, 2, config(), &folders[1]).await;
    draw(&chain, 3, 100 << 20, &[&first, &second]);
    let out = data(3_000_000);
    let (back, ended) = through(&chain, 3, echo().await, &out).await;
    assert!(back == out, "{} bytes came back", back.len());
    let signed: Vec<_> = ended.iter().map(|it| (it.result.is_ok(), it.signed)).collect();
    assert_eq!(signed[1], (true, 6_000_000));
    assert!(signed[0].0 && (6_000_000..6_100_000).contains(&signed[0].1), "the second's talk is payload: {signed:?}");
    until(&chain, "both are redeemed", |state| state.redeemed.len() == 2).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_target_that_speaks_before_it_listens_does_not_block() {
    let chain = MemoryChain::new();
    let folders = [TempDir::new().expect("a folder"), TempDir::new().expect("a folder")];
    let first = Running::start(&chain, 1, config(), &folders[0]).await;
    let second = Running::start(&chain, 2, config(), &folders[1]).await;
    draw(&chain, 3, 100 << 20, &[&first, &second]);
    // More than all buffers and credits together, before it reads a byte.
    let target = target(|mut stream| async move {
        write_bytes(&mut stream, &data(6_000_000)).await;
        let mut came = Vec::new();
        stream.read_to_end(&mut came).await.expect("reads");
        assert_eq!(came.len(), 6_000_000);
        write_bytes(&mut stream, b"done").await;
    })
    .await;
    let (back, _) = through(&chain, 3, target, &data(6_000_000)).await;
    assert_eq!(back.len(), 6_000_004);
    assert!(back.ends_with(b"done"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_of_an_upload_arrives_though_the_target_has_nothing_to_say() {
    let (chain, folder) = (MemoryChain::new(), TempDir::new().expect("a folder"));
    let relay = Running::start(&chain, 1, config(), &folder).await;
    draw(&chain, 3, 100 << 20, &[&relay]);
    let (count, mut counted) = tokio::sync::mpsc::unbounded_channel();
    let target = target(move |mut stream| {
        let count = count.clone();
        async move {
            stream.shutdown().await.expect("ends");
            let (mut came, mut buffer) = (0, vec![0; 65_536]);
            sleep(Duration::from_secs(1)).await;
            while let Ok(read @ 1..) = stream.read(&mut buffer).await {
                came += read;
                sleep(Duration::from_millis(5)).await;
            }
            count.send(came).expect("is heard");
        }
    })
    .await;
    let (back, ended) = through(&chain, 3, target, &data(20_000_000)).await;
    assert!(matches!(ended.as_slice(), [Ended { result: Ok(()), signed: 20_000_000, .. }]), "{ended:?}");
    assert!(back.is_empty());
    assert_eq!(counted.recv().await, Some(20_000_000));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_goes_on_after_a_crash_and_loses_no_more_than_the_credit() {
    let (chain, folder) = (MemoryChain::new(), TempDir::new().expect("a folder"));
    let patient = Config { settle_after: Duration::from_secs(3), ..config() };
    let relay = Running::start(&chain, 1, patient.clone(), &folder).await;
    draw(&chain, 3, 100 << 20, &[&relay]);
    let sink = target(|mut stream| async move {
        let _broken = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    })
    .await;
    let route = Route::find(&*chain, 3, client_key()).await.expect("a route");
    let Way { mut stream, links } = route.connect(&sink.to_string()).await.expect("connects");
    stream.write_all(&data(4_000_000)).await.expect("is taken");
    let account = links[0].1.account.clone();
    timeout(LONG, async {
        while lock(&account).total() < 4_000_000 {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .expect("is sent");
    relay.kill().await;
    drop(stream);
    let ended = route.end(links).await;
    assert!(ended[0].result.is_err());

    let relay = Running::start(&chain, 1, patient, &folder).await;
    draw(&chain, 3, 100 << 20, &[&relay]);
    let (paid, _) = relay.owed(3);
    assert!((4_000_000 - (1 << 20)..=4_000_000).contains(&paid), "{paid}");
    let (back, ended) = through(&chain, 3, echo().await, &data(1_000_000)).await;
    assert_eq!(back.len(), 1_000_000);
    assert!(ended[0].signed >= paid + 2_000_000);
    // Stopped before it could settle; what waits is settled after the next start.
    relay.stop.send_replace(true);
    relay.task.await.expect("stops");
    drop(relay.worker);
    assert!(lock(&chain.state).redeemed.is_empty());
    let _relay = Running::start(&chain, 1, config(), &folder).await;
    until(&chain, "what waited is redeemed", |state| !state.redeemed.is_empty()).await;
    assert_eq!(lock(&chain.state).redeemed[0].receipt.bytes, ended[0].signed);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_volume_ends_a_session_and_is_paid_in_full() {
    let (chain, folder) = (MemoryChain::new(), TempDir::new().expect("a folder"));
    // On a busy machine the last receipt may take its time.
    let patient = Config { grace: Duration::from_secs(20), ..config() };
    let relay = Running::start(&chain, 1, patient, &folder).await;
    draw(&chain, 3, 2_000_000, &[&relay]);
    let flood = target(|mut stream| async move { while stream.write_all(&[1; 65_536]).await.is_ok() {} }).await;
    let route = Route::find(&*chain, 3, client_key()).await.expect("a route");
    let Way { mut stream, links } = route.connect(&flood.to_string()).await.expect("connects");
    let mut back = Vec::new();
    timeout(LONG, stream.read_to_end(&mut back)).await.expect("in time").expect("ends");
    drop(stream);
    let ended = route.end(links).await;
    assert!(matches!(&ended[0].result, Err(ClientError::Refused { reason: Reason::VolumeUsed, .. })), "{ended:?}");
    assert_eq!((back.len(), ended[0].signed), (2_000_000, 2_000_000));
    until(&chain, "all is redeemed", |state| state.redeemed.iter().any(|it| it.receipt.bytes == 2_000_000)).await;
    let used = Raw::connect(&relay).await.open(&relay, 3, &client_key(), &flood.to_string()).await;
    assert!(matches!(used, Some(Message::Refused(Reason::VolumeUsed | Reason::Settled))), "{used:?}");
}

#[tokio::test]
async fn what_cannot_be_used_is_explained_before_anybody_is_asked() {
    let (chain, folder) = (MemoryChain::new(), TempDir::new().expect("a folder"));
    let relay = Running::start(&chain, 1, config(), &folder).await;
    let why = |key: sr25519::Pair| {
        let chain = chain.clone();
        async move { Route::find(&*chain, 3, key).await.err().expect("no route").to_string() }
    };
    assert!(why(client_key()).await.contains("none with this number"));
    draw(&chain, 3, 1, &[&relay]);
    assert!(why(sr25519::Pair::from_seed(&[5; 32])).await.contains("was opened for the client key"));
    draw(&chain, 3, 1, &[]);
    assert!(why(client_key()).await.contains("not drawn yet"));
    draw(&chain, 3, 1, &[&relay]);
    chain.tick.store(10_000, std::sync::atomic::Ordering::Relaxed);
    assert!(why(client_key()).await.contains("is over"));
}
