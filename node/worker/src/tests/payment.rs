//! Clients and relays that do not pay, and what it costs the other.

use std::sync::atomic::Ordering;

use tokio::io::split;

use super::*;
use crate::client::{
    route::{Route, Way},
    ClientError,
};

/// A relay with session 3, and a target that sends everything back.
async fn scene(config: Config) -> (Arc<MemoryChain>, TempDir, Running, String) {
    let (chain, folder) = (MemoryChain::new(), TempDir::new().expect("a folder"));
    let relay = Running::start(&chain, 1, config, &folder).await;
    draw(&chain, 3, 100 << 20, &[&relay]);
    (chain, folder, relay, echo().await.to_string())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_does_not_sign_is_cut_off_at_the_credit() {
    let sink = target(|mut stream| async move {
        let _broken = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    })
    .await;
    let (_chain, _folder, relay, _) = scene(config()).await;
    let mut client = Raw::connect(&relay).await;
    let opened = client.open(&relay, 3, &client_key(), &sink.to_string()).await;
    assert_eq!(opened, Some(Message::Opened { counted: 0, last: None, credit: 1 << 20, window: 1 << 20 }));
    for _ in 0..17 {
        client.say(Message::Data(vec![1; 65_536])).await;
    }
    assert_eq!(client.rest().await, [Message::Refused(Reason::Unpaid)]);
    assert_eq!(relay.owed(3), (0, 1 << 20), "the credit, and not a byte more");
    // Coming back does not help: it is remembered.
    let mut client = Raw::connect(&relay).await;
    let opened = client.open(&relay, 3, &client_key(), &sink.to_string()).await;
    assert_eq!(opened, Some(Message::Opened { counted: 1 << 20, last: None, credit: 1 << 20, window: 1 << 20 }));
    client.say(Message::Data(vec![1])).await;
    assert_eq!(client.rest().await, [Message::Refused(Reason::Unpaid)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_only_reads_gets_half_the_credit() {
    let flood = target(|mut stream| async move { while stream.write_all(&[1; 65_536]).await.is_ok() {} }).await;
    let (_chain, _folder, relay, _) = scene(Config { idle: Duration::from_millis(500), ..config() }).await;
    let mut client = Raw::connect(&relay).await;
    client.open(&relay, 3, &client_key(), &flood.to_string()).await.expect("opens");
    let (mut got, mut last) = (0, None);
    while let Some(message) = client.hear().await {
        match message {
            Message::Data(bytes) => got += bytes.len(),
            other => last = Some(other),
        }
    }
    assert_eq!(got, 1 << 19);
    assert!(matches!(last, Some(Message::Refused(Reason::Unpaid | Reason::Idle))), "{last:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn receipts_that_are_replayed_ahead_foreign_or_forged_end_the_connection_and_change_nothing() {
    let (_chain, _folder, relay, echo) = scene(Config { settle_after: LONG, ..config() }).await;
    let good = receipt(&relay, 3, 600, 5);
    let mut forged = receipt(&relay, 3, 800, 6);
    forged.receipt.bytes = 900;
    let mut stranger = receipt(&relay, 3, 800, 6);
    stranger.signature =
        sr25519::Pair::from_seed(&[9; 32]).sign(&stranger.receipt.payload(&relay.worker.chain.genesis()));
    let bad = [
        good.clone(),
        receipt(&relay, 3, 500, 6),
        receipt(&relay, 3, 700, 5),
        receipt(&relay, 3, 9_000_000, 6),
        receipt(&relay, 4, 700, 6),
        forged,
        stranger,
    ];
    for (round, bad) in bad.into_iter().enumerate() {
        let mut client = Raw::connect(&relay).await;
        let opened = client.open(&relay, 3, &client_key(), &echo).await;
        assert!(matches!(opened, Some(Message::Opened { .. })), "{opened:?}");
        client.say(Message::Data(vec![1; 1_000])).await;
        if round == 0 {
            client.say(Message::Receipt(good.clone())).await;
        }
        client.say(Message::Receipt(bad.clone())).await;
        assert_eq!(client.rest().await, [Message::Refused(Reason::BadReceipt)], "{bad:?}");
        assert_eq!(relay.owed(3).0, 600);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_the_client_of_a_drawn_session_gets_in_and_only_to_allowed_targets() {
    let (chain, _folder, relay, echo) = scene(Config { targets: Targets::Public, ..config() }).await;
    let stranger = sr25519::Pair::from_seed(&[9; 32]);
    let refused = |reason| Some(Message::Refused(reason));
    let open = |session, key, target| {
        let relay = &relay;
        async move { Raw::connect(relay).await.open(relay, session, key, target).await }
    };
    let me = &client_key();
    assert_eq!(open(3, &stranger, "1.1.1.1:1").await, refused(Reason::NotTheClient));
    assert_eq!(open(4, me, "1.1.1.1:1").await, refused(Reason::NoSuchOrder));
    assert_eq!(open(3, me, &echo).await, refused(Reason::TargetRefused));
    assert_eq!(open(3, me, "localhost:22").await, refused(Reason::TargetRefused));
    draw(&chain, 5, 1, &[]);
    assert_eq!(open(5, me, "1.1.1.1:1").await, refused(Reason::NotDrawn));
    chain.tick.store(10_000 - 24, Ordering::Relaxed);
    assert_eq!(open(3, me, "1.1.1.1:1").await, refused(Reason::Over));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newer_connection_of_the_client_takes_the_place_of_the_older() {
    let (_chain, _folder, relay, echo) = scene(Config { settle_after: LONG, ..config() }).await;
    let mut first = Raw::connect(&relay).await;
    first.open(&relay, 3, &client_key(), &echo).await.expect("opens");
    first.say(Message::Data(vec![1; 1_000])).await;
    first.say(Message::Receipt(receipt(&relay, 3, 1_000, 1))).await;
    assert_eq!(first.hear().await, Some(Message::Window { forwarded: 1_000 }));
    let first = tokio::spawn(first.rest());
    let mut second = Raw::connect(&relay).await;
    match second.open(&relay, 3, &client_key(), &echo).await {
        Some(Message::Opened { counted, last: Some(last), .. }) => {
            assert_eq!(last.receipt, receipt(&relay, 3, 1_000, 1).receipt);
            assert!((1_000..=2_000).contains(&counted));
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(first.await.expect("ends"), [Message::Refused(Reason::Replaced)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_last_receipt_is_taken_though_what_it_is_for_came_too_late() {
    let (_chain, _folder, relay, _) = scene(Config { settle_after: LONG, grace: LONG, ..config() }).await;
    let (relay, sink) = (Arc::new(relay), sink().await);
    let mut first = Raw::connect(&relay).await;
    first.open(&relay, 3, &client_key(), &sink).await.expect("opens");
    let second = tokio::spawn({
        let relay = relay.clone();
        async move { Raw::connect(&relay).await.open(&relay, 3, &client_key(), &sink).await }
    });
    assert_eq!(first.hear().await, Some(Message::Refused(Reason::Replaced)));
    first.say(Message::Data(vec![1; 1_000])).await;
    first.say(Message::Receipt(receipt(&relay, 3, 1_000, 1))).await;
    drop(first);
    match second.await.expect("ends") {
        Some(Message::Opened { counted: 1_000, last: Some(last), .. }) => assert_eq!(last.receipt.bytes, 1_000),
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_client_sent_before_its_end_goes_on_when_it_has_left() {
    let (go, may_go) = watch::channel(false);
    let (count, mut counted) = tokio::sync::mpsc::unbounded_channel();
    let late = target(move |mut stream| {
        let (mut may_go, count) = (may_go.clone(), count.clone());
        async move {
            may_go.wait_for(|go| *go).await.expect("is told");
            let came = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
            count.send(came.ok()).expect("is heard");
        }
    })
    .await;
    let (_chain, _folder, relay, _) = scene(Config { grace: LONG, ..config() }).await;
    let mut client = Raw::connect(&relay).await;
    client.open(&relay, 3, &client_key(), &late.to_string()).await.expect("opens");
    // Until the system takes no more for the target: then the rest is with the relay.
    let (mut sent, mut sequence) = (0, 0);
    loop {
        client.say(Message::Data(vec![1; 65_536])).await;
        (sent, sequence) = (sent + 65_536, sequence + 1);
        client.say(Message::Receipt(receipt(&relay, 3, sent, sequence))).await;
        if timeout(Duration::from_millis(300), recv(&mut client.0)).await.is_err() {
            break;
        }
    }
    client.say(Message::Finish).await;
    client.0.get_mut().shutdown().await.expect("ends");
    sleep(Duration::from_millis(300)).await;
    go.send_replace(true);
    assert_eq!(timeout(LONG, counted.recv()).await.expect("in time"), Some(Some(sent)));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_waits_is_replaced_too() {
    let grace = Duration::from_secs(1);
    let (_chain, _folder, relay, echo) = scene(Config { settle_after: LONG, grace, ..config() }).await;
    let (relay, echo) = (Arc::new(relay), Arc::new(echo));
    // It does not go when it is told.
    let mut first = Raw::connect(&relay).await;
    first.open(&relay, 3, &client_key(), &echo).await.expect("opens");
    let open = || {
        let (relay, echo) = (relay.clone(), echo.clone());
        tokio::spawn(async move { Raw::connect(&relay).await.open(&relay, 3, &client_key(), &echo).await })
    };
    let second = open();
    sleep(Duration::from_millis(300)).await;
    let third = open();
    assert_eq!(second.await.expect("ends"), Some(Message::Refused(Reason::Replaced)));
    let opened = third.await.expect("ends");
    assert!(matches!(opened, Some(Message::Opened { .. })), "{opened:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shortly_before_the_end_the_connection_is_closed_and_the_receipt_sent_until_it_is_taken() {
    let (chain, _folder, relay, echo) = scene(Config { settle_after: LONG, ..config() }).await;
    let mut client = Raw::connect(&relay).await;
    chain.tick.store(10_000 - 24 - 20, Ordering::Relaxed);
    client.open(&relay, 3, &client_key(), &echo).await.expect("opens");
    client.say(Message::Data(vec![1; 1_000])).await;
    client.say(Message::Receipt(receipt(&relay, 3, 1_000, 1))).await;
    chain.deaf.store(true, Ordering::Relaxed);
    chain.tick.store(10_000 - 24, Ordering::Relaxed);
    assert_eq!(client.rest().await, [Message::Refused(Reason::Over)]);
    for _ in 0..20 {
        chain.block();
        sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(relay.owed(3).0, 1_000, "kept while the chain does not take it");
    chain.deaf.store(false, Ordering::Relaxed);
    until(&chain, "it is redeemed", |state| state.redeemed.iter().any(|it| it.receipt.bytes == 1_000)).await;
}

/// Takes everything, and says nothing.
async fn sink() -> String {
    let sink = target(|mut stream| async move {
        let _broken = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
    });
    sink.await.to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_beyond_the_volume_is_refused_and_the_receipt_behind_it_taken() {
    let grace = Duration::from_secs(5);
    let (chain, _folder, relay, _) = scene(Config { settle_after: LONG, grace, ..config() }).await;
    draw(&chain, 3, 100_000, &[&relay]);
    let mut client = Raw::connect(&relay).await;
    client.open(&relay, 3, &client_key(), &sink().await).await.expect("opens");
    client.say(Message::Data(vec![1; 60_000])).await;
    // As if the target had sent as much meanwhile.
    client.say(Message::Data(vec![1; 60_000])).await;
    client.say(Message::Receipt(receipt(&relay, 3, 90_000, 1))).await;
    client.say(Message::Data(vec![1; 10])).await;
    client.say(Message::Receipt(receipt(&relay, 3, 100_000, 2))).await;
    client.say(Message::Finish).await;
    client.0.get_mut().shutdown().await.expect("ends");
    assert_eq!(client.rest().await, [Message::Refused(Reason::VolumeUsed)]);
    assert_eq!(relay.owed(3), (100_000, 100_000), "all of the volume, and not a byte more");
    until(&chain, "it is redeemed at once", |state| state.redeemed.iter().any(|it| it.receipt.bytes == 100_000)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_comes_too_late_and_is_beyond_the_volume_takes_no_receipt_away() {
    let (chain, _folder, relay, _) = scene(Config { settle_after: LONG, grace: LONG, ..config() }).await;
    draw(&chain, 3, 1_500, &[&relay]);
    let (relay, sink) = (Arc::new(relay), sink().await);
    let mut first = Raw::connect(&relay).await;
    first.open(&relay, 3, &client_key(), &sink).await.expect("opens");
    let second = tokio::spawn({
        let relay = relay.clone();
        async move { Raw::connect(&relay).await.open(&relay, 3, &client_key(), &sink).await }
    });
    assert_eq!(first.hear().await, Some(Message::Refused(Reason::Replaced)));
    first.say(Message::Data(vec![1; 1_000])).await;
    first.say(Message::Data(vec![1; 1_000])).await;
    first.say(Message::Receipt(receipt(&relay, 3, 1_500, 1))).await;
    drop(first);
    assert_eq!(second.await.expect("ends"), Some(Message::Refused(Reason::VolumeUsed)));
    assert_eq!(relay.owed(3), (1_500, 1_500));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_volume_that_is_used_in_both_directions_is_paid() {
    // On a busy machine the last receipt may take its time.
    let (chain, _folder, relay, echo) = scene(Config { grace: Duration::from_secs(20), ..config() }).await;
    let volume = 3_000_000;
    draw(&chain, 3, volume, &[&relay]);
    let route = Route::find(&*chain, 3, client_key()).await.expect("a route");
    let Way { stream, links } = route.connect(&echo).await.expect("connects");
    let (mut reader, mut writer) = split(stream);
    let write = tokio::spawn(async move { while writer.write_all(&[1; 65_536]).await.is_ok() {} });
    let mut back = Vec::new();
    timeout(LONG, reader.read_to_end(&mut back)).await.expect("in time").expect("ends");
    timeout(LONG, write).await.expect("in time").expect("nobody takes more");
    drop(reader);
    let ended = timeout(LONG, route.end(links)).await.expect("ends");
    assert!(matches!(&ended[0].result, Err(ClientError::Refused { reason: Reason::VolumeUsed, .. })), "{ended:?}");
    let signed = ended[0].signed;
    assert!((volume - (1 << 18)..=volume).contains(&signed), "{signed}");
    until(&chain, "every receipt has come", |state| state.redeemed.iter().any(|it| it.receipt.bytes == signed)).await;
}
