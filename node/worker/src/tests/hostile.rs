//! What strangers send ends their own connection and nothing else.

use super::*;

async fn scene(config: Config) -> (Arc<MemoryChain>, TempDir, Running) {
    let (chain, folder) = (MemoryChain::new(), TempDir::new().expect("a folder"));
    let relay = Running::start(&chain, 1, config, &folder).await;
    draw(&chain, 3, 100 << 20, &[&relay]);
    (chain, folder, relay)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn garbage_and_frames_without_end_are_refused_and_others_are_served() {
    let (_chain, _folder, relay) = scene(config()).await;
    let mut honest = Raw::connect(&relay).await;
    honest.open(&relay, 3, &client_key(), &echo().await.to_string()).await.expect("opens");
    for bytes in [
        &[0xff; 64][..],
        b"GET / HTTP/1.1\r\n\r\n",
        &[0, 0, 0, 0],
        &[1, 0, 0, 0, 99],
        &[0xff, 0xff, 1, 0],
        // A hello with another first word.
        &[17, 0, 0, 0, 0, b'o', b't', b'h', b'e', b'r', 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
    ] {
        let mut stranger = Raw::connect(&relay).await;
        write_bytes(stranger.0.get_mut(), bytes).await;
        let answer = stranger.rest().await;
        assert!(answer.is_empty() || answer == [Message::Refused(Reason::Protocol)], "{bytes:?}: {answer:?}");
    }
    let mut older = Raw::connect(&relay).await;
    older.say(Message::Hello { magic: MAGIC, version: VERSION + 1, intent: Intent::Put { deal: 1 } }).await;
    assert_eq!(older.rest().await, [Message::Refused(Reason::Version)]);
    honest.say(Message::Data(vec![5; 10])).await;
    let heard = [honest.hear().await, honest.hear().await];
    assert!(heard.contains(&Some(Message::Data(vec![5; 10]))), "{heard:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_says_nothing_or_says_it_slowly_is_gone_after_the_handshakes_time() {
    let (_chain, _folder, relay) = scene(config()).await;
    let silent = Raw::connect(&relay).await;
    assert_eq!(silent.rest().await, [Message::Refused(Reason::Idle)]);
    // A byte at a time does not buy more time.
    let mut slow = Raw::connect(&relay).await;
    let start = std::time::Instant::now();
    while slow.0.get_mut().write_all(&[1]).await.is_ok() && start.elapsed() < LONG {
        sleep(Duration::from_millis(50)).await;
    }
    assert!(start.elapsed() < Duration::from_secs(10));
    // Nor does a good beginning.
    let mut half = Raw::connect(&relay).await;
    half.hello(Intent::Relay { session: 3, nonce: [1; 32] }).await;
    assert!(matches!(half.hear().await, Some(Message::Welcome { .. })));
    assert_eq!(half.rest().await, [Message::Refused(Reason::Idle)]);
    assert!(relay.worker.sessions.all().is_empty(), "nothing is kept of any of them");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_more_come_in_than_there_is_room_for() {
    let (_chain, _folder, relay) =
        scene(Config { max_per_address: 3, handshake: Duration::from_secs(5), ..config() }).await;
    let mut inside = Vec::new();
    for _ in 0..4 {
        inside.push(Raw::connect(&relay).await);
    }
    // Nobody is locked out by silent neighbours.
    assert!(inside.remove(0).ends_silently().await, "the oldest makes room");
    assert_eq!(relay.worker.metrics.refusals("PushedOut"), 1);
    for mut stays in inside {
        stays.hello(Intent::Get { deal: 1, from: 0 }).await;
        assert_eq!(stays.hear().await, Some(Message::Refused(Reason::NotHeld)));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_for_his_session_is_no_newcomer() {
    let few = Config { max_newcomers: 4, max_per_address: 2, grace: Duration::from_secs(1), ..config() };
    let (_chain, _folder, relay) = scene(Config { handshake: LONG, settle_after: LONG, ..few }).await;
    let (relay, echo) = (Arc::new(relay), echo().await.to_string());
    // It does not go when it is told.
    let mut first = Raw::connect(&relay).await;
    first.open(&relay, 3, &client_key(), &echo).await.expect("opens");
    let second = tokio::spawn({
        let relay = relay.clone();
        async move { Raw::connect(&relay).await.open(&relay, 3, &client_key(), &echo).await }
    });
    sleep(Duration::from_millis(300)).await;
    let mut strangers = Vec::new();
    for last in 2..12 {
        for _ in 0..2 {
            strangers.push(stranger(&relay, last).await);
        }
    }
    let opened = second.await.expect("ends");
    assert!(matches!(opened, Some(Message::Opened { .. })), "{opened:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_have_the_node_asked_a_few_things_at_once() {
    let (chain, _folder, relay) = scene(config()).await;
    lock(&chain.state).stuck.insert(9);
    for _ in 0..8 {
        Raw::connect(&relay).await.hello(Intent::Put { deal: 9 }).await;
    }
    sleep(Duration::from_millis(200)).await;
    let echo = echo().await.to_string();
    let asked = Raw::connect(&relay).await.open(&relay, 3, &client_key(), &echo).await;
    assert_eq!(asked, Some(Message::Refused(Reason::Chain)));
    lock(&chain.state).stuck.clear();
    sleep(Duration::from_millis(200)).await;
    let opened = Raw::connect(&relay).await.open(&relay, 3, &client_key(), &echo).await;
    assert!(matches!(opened, Some(Message::Opened { .. })), "{opened:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_belong_in_an_open_session_ends_it() {
    let (_chain, _folder, relay) = scene(Config { settle_after: LONG, ..config() }).await;
    let echo = echo().await.to_string();
    let bad = [
        vec![Message::Data(vec![])],
        vec![Message::Stored],
        vec![Message::Opened { counted: 0, last: None, credit: 1, window: 1 }],
        vec![Message::Finish, Message::Finish],
        vec![Message::Finish, Message::Data(vec![1])],
    ];
    for messages in bad {
        let mut client = Raw::connect(&relay).await;
        client.open(&relay, 3, &client_key(), &echo).await.expect("opens");
        for message in messages.clone() {
            client.say(message).await;
        }
        let heard = client.rest().await;
        assert_eq!(heard.last(), Some(&Message::Refused(Reason::Protocol)), "{messages:?}: {heard:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn more_than_the_window_is_not_held_in_memory() {
    let deaf = target(|stream| async move {
        sleep(LONG).await;
        drop(stream);
    })
    .await;
    let (_chain, _folder, relay) =
        scene(Config { credit: 4 << 20, window: 1 << 20, grace: Duration::from_secs(2), ..config() }).await;
    let mut client = Raw::connect(&relay).await;
    client.open(&relay, 3, &client_key(), &deaf.to_string()).await.expect("opens");
    // The system takes some for a target that does not read; 60 MB it does not.
    for n in 1..=900 {
        let data = send(&mut client.0, &Message::Data(vec![1; 65_536])).await;
        let paid = send(&mut client.0, &Message::Receipt(receipt(&relay, 3, u64::from(n) * 65_536, n))).await;
        if data.is_err() || paid.is_err() {
            break;
        }
    }
    assert_eq!(client.rest().await, [Message::Refused(Reason::Overrun)]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn small_messages_are_not_held_one_by_one() {
    let (go, may_go) = watch::channel(false);
    let patient = target(move |stream| {
        let mut may_go = may_go.clone();
        async move {
            may_go.wait_for(|go| *go).await.expect("is told");
            let mut stream = stream;
            let _broken = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
        }
    })
    .await;
    let (_chain, _folder, relay) = scene(config()).await;
    let mut client = Raw::connect(&relay).await;
    client.open(&relay, 3, &client_key(), &patient.to_string()).await.expect("opens");
    // Until the system takes no more for the target.
    let (mut sent, mut sequence) = (0, 0);
    loop {
        client.say(Message::Data(vec![1; 65_536])).await;
        (sent, sequence) = (sent + 65_536, sequence + 1);
        client.say(Message::Receipt(receipt(&relay, 3, sent, sequence))).await;
        match timeout(Duration::from_millis(300), recv(&mut client.0)).await {
            Ok(heard) => assert_eq!(heard.expect("a message"), Some(Message::Window { forwarded: sent })),
            Err(_) => break,
        }
    }
    for _ in 0..1_000 {
        client.say(Message::Data(vec![1])).await;
    }
    sent += 1_000;
    client.say(Message::Receipt(receipt(&relay, 3, sent, sequence + 1))).await;
    // The relay has them all before the target goes on.
    sleep(Duration::from_millis(500)).await;
    go.send_replace(true);
    let mut windows = 0;
    while client.hear().await != Some(Message::Window { forwarded: sent }) {
        windows += 1;
    }
    assert!(windows < 10, "they went on as {windows} messages");
}

/// Connects from another address of this machine.
async fn stranger(to: &Running, last: u8) -> Raw {
    let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
    socket.bind(SocketAddr::from(([127, 0, 0, last], 0))).expect("an address");
    Raw(BufReader::new(socket.connect(to.address).await.expect("connects")))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn strangers_keep_nobody_out_who_pays() {
    let few = Config { max_connections: 2, max_newcomers: 4, max_transfers: 2, max_per_address: 2, ..config() };
    let (chain, _folder, relay) = scene(Config { handshake: LONG, settle_after: LONG, ..few }).await;
    draw(&chain, 4, 100 << 20, &[&relay]);
    // Each echo serves one connection.
    let (echo, other_echo) = (echo().await.to_string(), echo().await.to_string());
    let mut paying = Raw::connect(&relay).await;
    paying.open(&relay, 3, &client_key(), &echo).await.expect("opens");
    let mut strangers = Vec::new();
    for last in 2..12 {
        for _ in 0..2 {
            let mut silent = stranger(&relay, last).await;
            // Half of them have said something.
            if last % 2 == 0 {
                silent.hello(Intent::Relay { session: 3, nonce: [1; 32] }).await;
            }
            strangers.push(silent);
        }
    }
    let mut second = Raw::connect(&relay).await;
    let opened = second.open(&relay, 4, &client_key(), &other_echo).await;
    assert!(matches!(opened, Some(Message::Opened { .. })), "{opened:?}");
    for client in [&mut paying, &mut second] {
        client.say(Message::Data(vec![5; 10])).await;
        let heard = [client.hear().await, client.hear().await];
        assert!(heard.contains(&Some(Message::Data(vec![5; 10]))), "{heard:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_newcomers_time_is_for_all_that_it_has_to_say() {
    let (_chain, _folder, relay) = scene(Config { handshake: Duration::from_secs(2), ..config() }).await;
    let start = std::time::Instant::now();
    let mut slow = Raw::connect(&relay).await;
    sleep(Duration::from_millis(1_500)).await;
    slow.hello(Intent::Relay { session: 3, nonce: [1; 32] }).await;
    assert!(matches!(slow.hear().await, Some(Message::Welcome { .. })));
    assert_eq!(slow.rest().await, [Message::Refused(Reason::Idle)]);
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
}
