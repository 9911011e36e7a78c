//! Metrics over HTTP, after real work.

use ergon_primitives::orders::Challenge;

use super::{
    storage::{write, LENGTH},
    *,
};
use crate::client::{
    route::{Route, Way},
    storage::put,
};

/// What a worker serves at a path.
async fn fetch(address: SocketAddr, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let request = format!("GET {path} HTTP/1.1\r\nHost: worker\r\nConnection: close\r\n\r\n");
    write_bytes(&mut stream, request.as_bytes()).await;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("is text");
    Some(answer)
}

/// Waits until the worker serves each of these lines.
async fn served(address: SocketAddr, lines: &[&str]) {
    let mut last = String::new();
    let waiting = async {
        loop {
            last = fetch(address, "/metrics").await.unwrap_or_default();
            if lines.iter().all(|line| last.lines().any(|served| served == *line)) {
                return;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    let done = timeout(Duration::from_secs(20), waiting).await.is_ok();
    assert!(done, "{last}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_worker_does_is_served_over_http() {
    let chain = MemoryChain::new();
    let folders = [(); 2].map(|()| TempDir::new().expect("a folder"));
    let worker = Running::start(&chain, 1, Config { max_store: 1 << 20, ..config() }, &folders[0]).await;
    let address = {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        listener.local_addr().expect("an address")
    };
    let metrics = worker.worker.metrics.clone();
    tokio::spawn(async move { metrics.serve(address).await });
    served(
        address,
        &[
            "ergon_worker_connections 0",
            "ergon_worker_room_bytes 1048576",
            // What has not happened yet is there, so that its first time is an increase.
            "ergon_worker_refusals_total{reason=\"NoRoom\"} 0",
            "ergon_worker_refusals_total{reason=\"PushedOut\"} 0",
            "ergon_worker_answers_total{result=\"late\"} 0",
            "ergon_worker_redemptions_total{result=\"failed\"} 0",
            "ergon_worker_relayed_bytes_total{direction=\"to_client\"} 0",
        ],
    )
    .await;
    assert!(fetch(address, "/").await.expect("answers").starts_with("HTTP/1.1 404"));

    // A deal is brought, pledged, and proven in time, too late and not at all.
    let cut = write(&folders[1], "file", LENGTH);
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&worker]);
    put(&cut, 7, &info.holders[0]).await.expect("is taken");
    until(&chain, "it pledges", |state| state.pledged.len() == 1).await;
    let asked = Challenge { deal: 7, node: worker.node(), slot: 1, segment: 3, deadline: 14 };
    let failing = Challenge { deal: 8, slot: 2, ..asked };
    let late = Challenge { deal: 8, slot: 3, deadline: 9, ..asked };
    lock(&chain.state).challenges.extend([asked, failing, late]);
    until(&chain, "it answers", |state| state.answered.len() == 1).await;
    let held = format!("ergon_worker_held_bytes {LENGTH}");
    served(
        address,
        &[
            "ergon_worker_deals{state=\"complete\"} 1",
            "ergon_worker_deals{state=\"partial\"} 0",
            held.as_str(),
            "ergon_worker_pledges_total 1",
            "ergon_worker_challenges_total 3",
            "ergon_worker_answers_total{result=\"sent\"} 1",
            "ergon_worker_answer_margin_ticks_sum 4",
            "ergon_worker_answer_margin_ticks_count 1",
            "ergon_worker_disk_errors_total 0",
        ],
    )
    .await;
    let text = fetch(address, "/metrics").await.expect("answers");
    for result in ["failed", "late"] {
        assert!(!text.contains(&format!("ergon_worker_answers_total{{result=\"{result}\"}} 0\n")), "{text}");
    }
    assert!(!text.contains("ergon_worker_head_height 0\n"), "{text}");

    // Bytes go through it, are paid and settled.
    draw(&chain, 3, 100 << 20, &[&worker]);
    let route = Route::find(&*chain, 3, client_key()).await.expect("a route");
    let Way { mut stream, links } = route.connect(&echo().await.to_string()).await.expect("connects");
    stream.write_all(&[7; 3_000]).await.expect("is taken");
    stream.read_exact(&mut [0; 3_000]).await.expect("comes back");
    served(address, &["ergon_worker_connections 1", "ergon_worker_sessions_open 1"]).await;
    drop(stream);
    timeout(LONG, route.end(links)).await.expect("ends");
    until(&chain, "the receipt is redeemed", |state| !state.redeemed.is_empty()).await;
    chain.block();
    let refused = Raw::connect(&worker).await.open(&worker, 4, &client_key(), "127.0.0.1:1").await;
    assert_eq!(refused, Some(Message::Refused(Reason::NoSuchOrder)));
    served(
        address,
        &[
            "ergon_worker_relayed_bytes_total{direction=\"to_target\"} 3000",
            "ergon_worker_relayed_bytes_total{direction=\"to_client\"} 3000",
            "ergon_worker_receipted_bytes_total 6000",
            "ergon_worker_redemptions_total{result=\"sent\"} 1",
            "ergon_worker_redemptions_total{result=\"settled\"} 1",
            "ergon_worker_refusals_total{reason=\"NoSuchOrder\"} 1",
            "ergon_worker_connections 0",
            "ergon_worker_sessions_open 0",
            "ergon_worker_sessions_unsettled 0",
        ],
    )
    .await;
}
