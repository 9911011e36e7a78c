//! What final blocks say, what only the best says, and what the disk does not take.

use std::{collections::HashMap, fs};

use ergon_primitives::order_info::Settled;

use super::*;
use crate::{
    client::route::Route,
    relay::{
        book::{Book, Record},
        sessions::{on_disk, Held},
    },
};

pub(super) async fn scene(config: Config) -> (Arc<MemoryChain>, TempDir, Running, String) {
    let (chain, folder) = (MemoryChain::new(), TempDir::new().expect("a folder"));
    let relay = Running::start(&chain, 1, config, &folder).await;
    draw(&chain, 3, 100 << 20, &[&relay]);
    (chain, folder, relay, echo().await.to_string())
}

/// Has final blocks up to `height` say so of session 3.
pub(super) fn finalize(chain: &MemoryChain, height: u32, session: Option<SessionInfo>) {
    let sessions: HashMap<_, _> = session.into_iter().map(|info| (3, info)).collect();
    lock(&chain.state).finalized = Some((height, sessions));
}

/// Has a client pay for 1,000 bytes and go.
pub(super) async fn pay(relay: &Running, session: OrderId, target: &str) {
    let mut client = Raw::connect(relay).await;
    let opened = client.open(relay, session, &client_key(), target).await;
    assert!(matches!(opened, Some(Message::Opened { .. })), "{opened:?}");
    client.say(Message::Data(vec![1; 1_000])).await;
    client.say(Message::Receipt(receipt(relay, session, 1_000, 1))).await;
    timeout(LONG, async {
        while relay.owed(session).0 < 1_000 {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .expect("is taken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_served_when_its_draw_is_final_and_not_before() {
    let (chain, _folder, relay, echo) = scene(Config { settle_after: LONG, ..config() }).await;
    let drawn = lock(&chain.state).sessions[&3].clone();
    let undrawn = SessionInfo { drawn: false, relays: vec![], expires: None, ..drawn.clone() };
    for (known, reason) in [(None, Reason::NoSuchOrder), (Some(undrawn), Reason::NotDrawn)] {
        finalize(&chain, 7, known);
        let error = Route::find(&*chain, 3, client_key()).await.err().expect("no route").to_string();
        assert!(error.contains("no final block yet") && error.contains("half a minute"), "{error}");
        let refused = Raw::connect(&relay).await.open(&relay, 3, &client_key(), &echo).await;
        assert_eq!(refused, Some(Message::Refused(reason)));
    }
    finalize(&chain, 8, Some(drawn));
    Route::find(&*chain, 3, client_key()).await.expect("a route");
    pay(&relay, 3, &echo).await;
    assert_eq!(relay.worker.sessions.all()[0].record().seen_at, 8, "the final block that knew it");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_goes_only_when_a_final_block_above_that_of_its_order_says_so() {
    let (chain, _folder, relay, echo) = scene(Config { settle_after: Duration::ZERO, ..config() }).await;
    let drawn = lock(&chain.state).sessions[&3].clone();
    let settled = Some(Settled { bytes: 1_000, pay: 5 });
    let done = SessionInfo { relays: vec![PlaceInfo { settled, ..drawn.relays[0].clone() }], ..drawn.clone() };
    finalize(&chain, 50, Some(drawn.clone()));
    pay(&relay, 3, &echo).await;
    // A node that is behind, or on a fork, knows no such session, or another with this number.
    for (height, known) in [(50, None), (49, Some(done.clone())), (20, None)] {
        finalize(&chain, height, known);
        for _ in 0..60 {
            chain.block();
            sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(relay.owed(3).0, 1_000, "kept at {height}");
    }
    finalize(&chain, 51, Some(done));
    let forgotten = async {
        while !relay.worker.sessions.all().is_empty() {
            chain.block();
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LONG, forgotten).await.expect("the record goes");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_record_of_another_order_with_the_number_is_set_aside() {
    let other = sr25519::Pair::from_seed(&[77; 32]).public();
    for settle_after in [LONG, Duration::ZERO] {
        let (chain, folder) = (MemoryChain::new(), TempDir::new().expect("a folder"));
        let node = sr25519::Pair::from_seed(&[1; 32]).public();
        let foreign = Receipt { session: 3, relay: node, bytes: 5_000, sequence: 9 };
        let last = Some(Signed { receipt: foreign, signature: sr25519::Signature::from_raw([1; 64]) });
        let (expires, settling) = (Some(10_000), false);
        let record =
            Record { session: 3, client: other, volume: 9_000, expires, seen_at: 0, counted: 6_000, last, settling };
        let book = Book::open(folder.path().join("sessions")).expect("opens");
        book.save(&record).expect("writes");
        // That there is none would be another reason to forget it.
        finalize(&chain, 0, None);
        let relay = Running::start(&chain, 1, Config { settle_after, ..config() }, &folder).await;
        draw(&chain, 3, 100 << 20, &[&relay]);
        lock(&chain.state).finalized = None;
        if settle_after == LONG {
            let echo = echo().await.to_string();
            let opened = Raw::connect(&relay).await.open(&relay, 3, &client_key(), &echo).await;
            assert!(matches!(opened, Some(Message::Opened { counted: 0, last: None, .. })), "{opened:?}");
        } else {
            let gone = async {
                while !relay.worker.sessions.all().is_empty() {
                    chain.block();
                    sleep(Duration::from_millis(10)).await;
                }
            };
            timeout(LONG, gone).await.expect("it is not tried to settle it for ever");
        }
        let aside = folder.path().join("sessions").join(format!("3.{}", hex::encode(other)));
        assert_eq!(fs::read(aside).expect("is kept"), codec::Encode::encode(&record));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_disk_does_not_take_is_not_served_and_settled_from_memory() {
    let (chain, folder, relay, echo) = scene(config()).await;
    chain.deaf.store(true, std::sync::atomic::Ordering::Relaxed);
    let mut client = Raw::connect(&relay).await;
    client.open(&relay, 3, &client_key(), &echo).await.expect("opens");
    fs::remove_dir_all(folder.path().join("sessions")).expect("goes");
    client.say(Message::Data(vec![1; 1_000])).await;
    client.say(Message::Receipt(receipt(&relay, 3, 600, 1))).await;
    assert_eq!(client.rest().await, [Message::Refused(Reason::Disk)]);
    assert_eq!(relay.owed(3).0, 600, "known all the same");
    let refused = Raw::connect(&relay).await.open(&relay, 3, &client_key(), &echo).await;
    assert_eq!(refused, Some(Message::Refused(Reason::Disk)));
    chain.deaf.store(false, std::sync::atomic::Ordering::Relaxed);
    until(&chain, "it is redeemed", |state| state.redeemed.iter().any(|it| it.receipt.bytes == 600)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_that_the_chain_does_not_answer_holds_no_other_back() {
    let (chain, _folder, relay, echo) = scene(config()).await;
    for session in [4, 5, 6] {
        draw(&chain, session, 100 << 20, &[&relay]);
    }
    lock(&chain.state).stuck.extend([3, 4, 5]);
    for session in [3, 4, 5, 6] {
        pay(&relay, session, &echo).await;
    }
    until(&chain, "the last is redeemed", |state| state.redeemed.iter().any(|it| it.receipt.session == 6)).await;
    relay.stop.send_replace(true);
    timeout(LONG, relay.task).await.expect("does not wait for the chain").expect("stops");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_session_is_held_until_the_disk_has_answered_even_if_nobody_waits_for_that() {
    let (_chain, _folder, relay, echo) = scene(Config { settle_after: LONG, ..config() }).await;
    pay(&relay, 3, &echo).await;
    let slot = relay.worker.sessions.all().remove(0);
    let held = Held::new(timeout(LONG, slot.busy.clone().lock_owned()).await.expect("the connection is over"));
    let (answer, asked) = std::sync::mpsc::channel();
    let writing = on_disk(&relay.worker, &slot, &held, move |sessions, slot| {
        asked.recv().expect("answers");
        sessions.change(slot, |record| record.counted = 5_000)
    });
    assert!(timeout(Duration::from_millis(100), writing).await.is_err(), "the disk is slow");
    drop(held);
    let mut client = Raw::connect(&relay).await;
    let refused = client.open(&relay, 3, &client_key(), &echo).await;
    assert_eq!(refused, Some(Message::Refused(Reason::Busy)));
    answer.send(()).expect("is waited for");
    match Raw::connect(&relay).await.open(&relay, 3, &client_key(), &echo).await {
        Some(Message::Opened { counted: 5_000, .. }) => {}
        other => panic!("{other:?}"),
    }
}
