//! Relays that lie, or say nothing, and what it costs a client.

use tokio::io::{duplex, AsyncRead, AsyncWrite, DuplexStream};

use super::*;
use crate::{
    chain::Chain,
    client::{
        link::{self, Link, Terms},
        route::Route,
        ClientError,
    },
    wire::MAX_DATA,
};

/// Bytes that a relay claims for nothing, each time.
const CLAIM: u64 = 700_000;

fn node_key() -> sr25519::Pair {
    sr25519::Pair::from_seed(&[50; 32])
}

fn opened(counted: u64, last: Option<Signed>) -> Message {
    Message::Opened { counted, last, credit: 1 << 20, window: 1 << 20 }
}

/// Shows who it is, and says `opened`.
async fn welcome<S: AsyncRead + AsyncWrite + Unpin>(stream: &mut S, chain: &MemoryChain, opened: Message) {
    let hello = recv(stream).await.expect("a hello");
    let Some(Message::Hello { intent: Intent::Relay { session, nonce }, .. }) = hello else { panic!("{hello:?}") };
    let node = node_key().public();
    let signature = node_key().sign(&welcome_payload(&chain.genesis(), session, &node, &nonce, &[2; 32]));
    send(stream, &Message::Welcome { node, nonce: [2; 32], signature }).await.expect("is sent");
    assert!(matches!(recv(stream).await, Ok(Some(Message::Open { .. }))));
    send(stream, &opened).await.expect("is sent");
}

fn terms(chain: &MemoryChain, stall: Duration) -> Terms {
    let volume = 100 << 20;
    Terms {
        key: client_key(),
        genesis: chain.genesis(),
        session: 3,
        relay: node_key().public(),
        peer: "the relay".into(),
        volume,
        own: None,
        stall,
    }
}

/// A link to a relay that has opened, and the relay's end.
async fn linked(stall: Duration) -> (Link, DuplexStream) {
    linked_by(|chain| terms(chain, stall)).await
}

async fn linked_by(terms: impl Fn(&MemoryChain) -> Terms) -> (Link, DuplexStream) {
    let chain = MemoryChain::new();
    let (near, mut far) = duplex(MAX_DATA);
    let (link, ()) =
        tokio::join!(link::open(near, terms(&chain), "127.0.0.1:1"), welcome(&mut far, &chain, opened(0, None)));
    (link.expect("opens"), far)
}

/// Bytes that come to the relay until the link ends, and those of the last receipt.
async fn rest(mut far: DuplexStream) -> (u64, u64) {
    let (mut came, mut signed) = (0, 0);
    while let Ok(Some(message)) = timeout(LONG, recv(&mut far)).await.expect("in time") {
        match message {
            Message::Data(bytes) => came += bytes.len() as u64,
            Message::Receipt(last) => signed = last.receipt.bytes,
            other => assert_eq!(other, Message::Finish),
        }
    }
    (came, signed)
}

#[tokio::test]
async fn a_relay_that_ends_it_in_the_middle_of_a_message_has_the_last_receipt() {
    let (mut link, mut far) = linked(LONG).await;
    // Less than a receipt is due for; the first message is more than the relay takes now.
    let bytes = 3 * MAX_DATA;
    link.stream.write_all(&vec![1; bytes]).await.expect("is taken");
    sleep(Duration::from_millis(500)).await;
    send(&mut far, &Message::Refused(Reason::Busy)).await.expect("is sent");
    sleep(Duration::from_millis(500)).await;
    let (came, signed) = rest(far).await;
    assert!(came > 0 && came == signed, "{came} came, {signed} are paid");
    let ended = timeout(LONG, link.running.done).await.expect("in time").expect("ends");
    assert!(matches!(ended, Err(ClientError::Refused { reason: Reason::Busy, .. })), "{ended:?}");
}

#[tokio::test]
async fn what_came_while_the_user_was_silent_is_of_the_same_volume() {
    let (mut link, mut far) = linked_by(|chain| Terms { volume: 100, ..terms(chain, LONG) }).await;
    sleep(Duration::from_millis(50)).await;
    send(&mut far, &Message::Data(vec![1; 60])).await.expect("is sent");
    link.stream.read_exact(&mut [0; 60]).await.expect("comes");
    link.stream.write_all(&[2; 100]).await.expect("is taken");
    send(&mut far, &Message::Finish).await.expect("is sent");
    let window = Message::Window { forwarded: 40 };
    let mut sent = 0;
    while sent < 40 {
        if let Some(Message::Data(bytes)) = timeout(LONG, recv(&mut far)).await.expect("in time").expect("a message") {
            sent += bytes.len();
        }
    }
    assert_eq!(sent, 40);
    send(&mut far, &window).await.expect("is sent");
    assert_eq!(rest(far).await, (0, 100));
}

#[tokio::test]
async fn messages_without_bytes_are_not_collected() {
    let (link, mut far) = linked(LONG).await;
    send(&mut far, &Message::Data(vec![])).await.expect("is sent");
    let ended = timeout(LONG, link.running.done).await.expect("in time").expect("ends");
    assert!(matches!(ended, Err(ClientError::Dishonest { .. })), "{ended:?}");
}

#[tokio::test]
async fn bytes_that_come_one_at_a_time_come_whole() {
    let (mut link, mut far) = linked(LONG).await;
    for byte in 0..=255 {
        send(&mut far, &Message::Data(vec![byte])).await.expect("is sent");
    }
    send(&mut far, &Message::Finish).await.expect("is sent");
    let mut came = Vec::new();
    timeout(LONG, link.stream.read_to_end(&mut came)).await.expect("in time").expect("ends");
    assert_eq!(came, (0..=255).collect::<Vec<u8>>());
}

#[tokio::test]
async fn a_link_on_which_nothing_moves_ends_if_bytes_are_on_their_way_and_only_then() {
    let stall = Duration::from_millis(500);
    let (mut link, mut far) = linked(stall).await;
    sleep(stall * 3).await;
    assert!(!link.running.done.is_finished(), "an idle link stays");
    link.stream.write_all(&[1; 10]).await.expect("is taken");
    assert_eq!(recv(&mut far).await.expect("comes"), Some(Message::Data(vec![1; 10])));
    send(&mut far, &Message::Window { forwarded: 10 }).await.expect("is sent");
    sleep(stall * 3).await;
    assert!(!link.running.done.is_finished(), "the relay has passed all of it on");
    link.stream.write_all(&[1; 10]).await.expect("is taken");
    let ended = timeout(LONG, link.running.done).await.expect("in time").expect("ends");
    let error = ended.expect_err("nothing moved").to_string();
    assert!(error.contains("passed on nothing"), "{error}");
}

#[tokio::test]
async fn a_relay_that_says_the_same_again_and_again_is_left() {
    let stall = Duration::from_millis(500);
    let (mut link, mut far) = linked(stall).await;
    link.stream.write_all(&[1; 10]).await.expect("is taken");
    assert_eq!(recv(&mut far).await.expect("comes"), Some(Message::Data(vec![1; 10])));
    let talk = tokio::spawn(async move {
        while send(&mut far, &Message::Window { forwarded: 0 }).await.is_ok() {
            sleep(stall / 10).await
        }
    });
    let ended = timeout(LONG, link.running.done).await.expect("that is no progress").expect("ends");
    let error = ended.expect_err("nothing moved").to_string();
    assert!(error.contains("passed on nothing"), "{error}");
    talk.abort();
}

#[tokio::test]
async fn a_relay_that_passed_on_all_and_is_silent_is_left_when_its_target_is_waited_for() {
    let stall = Duration::from_millis(500);
    let (mut link, mut far) = linked(stall).await;
    link.stream.write_all(&[1; 10]).await.expect("is taken");
    assert_eq!(recv(&mut far).await.expect("comes"), Some(Message::Data(vec![1; 10])));
    send(&mut far, &Message::Window { forwarded: 10 }).await.expect("is sent");
    sleep(stall * 3).await;
    assert!(!link.running.done.is_finished(), "the user has all the time there is");
    link.running.await_target();
    for _ in 0..15 {
        sleep(stall / 5).await;
        send(&mut far, &Message::Data(vec![2])).await.expect("is sent");
    }
    assert!(!link.running.done.is_finished(), "something comes");
    let ended = timeout(LONG, link.running.done).await.expect("in time").expect("ends");
    let error = ended.expect_err("nothing came").to_string();
    assert!(error.contains("nothing has come"), "{error}");
}

#[tokio::test]
async fn a_relay_that_takes_no_bytes_is_left() {
    let stall = Duration::from_millis(300);
    // It has room for one byte and never takes it.
    let (near, _far) = duplex(1);
    let opening = timeout(LONG, link::open(near, terms(&MemoryChain::new(), stall), "127.0.0.1:1")).await;
    assert!(matches!(opening.expect("in time"), Err(ClientError::Wire { .. })));
    // It opens, and takes nothing more.
    let (mut link, _far) = linked(stall).await;
    let written = link.stream.write_all(&[1; 4 * MAX_DATA]);
    assert!(timeout(LONG, written).await.is_ok(), "there is room until the link ends");
    let ended = timeout(LONG, link.running.done).await.expect("in time").expect("ends");
    assert!(matches!(ended, Err(ClientError::Unreachable { .. })), "{ended:?}");
}

/// Claims for nothing each time that it is connected with, and lets nobody through to the next relay.
async fn robber(chain: Arc<MemoryChain>, listener: TcpListener) {
    let mut last: Option<Signed> = None;
    while let Ok((mut stream, _)) = listener.accept().await {
        let signed = last.as_ref().map_or(0, |last| last.receipt.bytes);
        welcome(&mut stream, &chain, opened(signed + CLAIM, last.clone())).await;
        let mut forwarded = 0;
        while let Ok(Some(message)) = recv(&mut stream).await {
            match message {
                Message::Data(bytes) => {
                    forwarded += bytes.len() as u64;
                    let mut refusal = Vec::new();
                    send(&mut refusal, &Message::Refused(Reason::Busy)).await.expect("fits");
                    for message in [Message::Window { forwarded }, Message::Data(refusal)] {
                        send(&mut stream, &message).await.expect("is sent");
                    }
                }
                Message::Receipt(signed) => last = Some(signed),
                // It never ends by itself.
                other => assert_eq!(other, Message::Finish),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_relay_claims_its_credit_once_and_not_each_time_that_the_route_breaks_behind_it() {
    let chain = MemoryChain::new();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let endpoint = listener.local_addr().expect("an address").to_string().into_bytes();
    let place = |node| PlaceInfo { node, entity: account(1), endpoint: endpoint.clone(), settled: None };
    let relays = vec![place(node_key().public()), place(NodeKey::from_raw([9; 32]))];
    let info = SessionInfo {
        owner: account(2),
        client: client_key().public(),
        volume: 100 << 20,
        price_per_mb: 1,
        relays,
        drawn: true,
        expires: Some(10_000),
    };
    lock(&chain.state).sessions.insert(3, info);
    tokio::spawn(robber(chain.clone(), listener));
    let route = Route::find(&*chain, 3, client_key()).await.expect("a route");
    let mut errors = Vec::new();
    for _ in 0..3 {
        let broken = timeout(LONG, route.connect("127.0.0.1:1")).await.expect("in time");
        errors.push(broken.err().expect("the second relay refuses"));
    }
    let refused = |error: &ClientError| matches!(error, ClientError::Refused { reason: Reason::Busy, .. });
    assert!(refused(&errors[0]) && refused(&errors[1]), "{errors:?}");
    assert!(matches!(errors[2], ClientError::Dishonest { .. }), "{errors:?}");
}
