//! When receipts are sent, how often, and what becomes of them.

use super::{
    finality::{finalize, pay, scene},
    *,
};

/// Makes blocks for so long.
async fn blocks(chain: &MemoryChain, time: Duration) {
    let start = std::time::Instant::now();
    while start.elapsed() < time {
        chain.block();
        sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_whose_target_was_not_reached_has_its_time_to_come_back() {
    let settle_after = Duration::from_secs(2);
    let (chain, _folder, relay, echo) = scene(Config { settle_after, ..config() }).await;
    pay(&relay, 3, &echo).await;
    blocks(&chain, Duration::from_millis(1_300)).await;
    let refused = Raw::connect(&relay).await.open(&relay, 3, &client_key(), "127.0.0.1:1").await;
    assert_eq!(refused, Some(Message::Refused(Reason::TargetUnreachable)));
    blocks(&chain, Duration::from_millis(1_200)).await;
    assert!(lock(&chain.state).redeemed.is_empty(), "it was here a moment ago");
    until(&chain, "it is redeemed", |state| !state.redeemed.is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_chain_is_asked_about_what_is_not_final_once_a_block() {
    let (chain, _folder, relay, echo) = scene(config()).await;
    let drawn = lock(&chain.state).sessions[&3].clone();
    finalize(&chain, 1, Some(drawn));
    pay(&relay, 3, &echo).await;
    until(&chain, "it is redeemed", |state| !state.redeemed.is_empty()).await;
    sleep(Duration::from_millis(100)).await;
    let asked = || chain.asked.load(std::sync::atomic::Ordering::Relaxed);
    let before = asked();
    sleep(Duration::from_millis(2_500)).await;
    assert_eq!(asked(), before, "no block has come");
    chain.block();
    timeout(LONG, async {
        while asked() == before {
            sleep(Duration::from_millis(5)).await;
        }
    })
    .await
    .expect("the next block is looked at");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_receipt_is_sent_again_as_it_was_and_that_it_waits_already_is_no_failure() {
    let (chain, folder, relay, echo) = scene(config()).await;
    lock(&chain.state).pool = Some(vec![]);
    pay(&relay, 3, &echo).await;
    until(&chain, "it is sent often", |state| state.pool.as_ref().is_some_and(|pool| pool.len() > 2)).await;
    assert_eq!(relay.worker.metrics.redemptions("failed"), 0);
    relay.kill().await;
    // Another signature, after a start.
    let relay = Running::start(&chain, 1, config(), &folder).await;
    until(&chain, "it is sent", |_| relay.worker.metrics.redemptions("sent") > 0).await;
    assert_eq!(relay.worker.metrics.redemptions("failed"), 0);
    lock(&chain.state).pool = None;
    until(&chain, "it is redeemed", |state| !state.redeemed.is_empty()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_not_paid_is_not_told_as_settled() {
    for paid in [true, false] {
        let (chain, _folder, relay, echo) = scene(config()).await;
        chain.deaf.store(!paid, std::sync::atomic::Ordering::Relaxed);
        pay(&relay, 3, &echo).await;
        if paid {
            until(&chain, "it is redeemed", |state| !state.redeemed.is_empty()).await;
        } else {
            chain.tick.store(10_001, std::sync::atomic::Ordering::Relaxed);
        }
        // With its last receipt, or at its end.
        lock(&chain.state).sessions.clear();
        until(&chain, "it is forgotten", |_| relay.worker.sessions.all().is_empty()).await;
        let results = ["settled", "unpaid"].map(|result| relay.worker.metrics.redemptions(result));
        assert_eq!(results, [u64::from(paid), u64::from(!paid)]);
    }
}
