//! The chain by JSON-RPC, with a server that answers as an `ergon-node` does.

use std::sync::{
    atomic::{AtomicU32, Ordering},
    Mutex,
};

use codec::{Decode, Encode};
use ergon_primitives::{orders::Pledge, time::Timing, Hash};
use jsonrpsee::{
    server::{Server, ServerHandle},
    types::ErrorObjectOwned,
    RpcModule, SubscriptionMessage,
};
use serde_json::json;

use super::*;
use crate::chain::{Chain, ChainError, Link, RpcChain};

/// Height of the last final block, which is below all others.
const FINAL: u32 = 7;

/// What the server knows.
#[derive(Default)]
struct Node {
    genesis: u8,
    height: AtomicU32,
    pledges: Mutex<Vec<Vec<u8>>>,
}

fn hex_of(value: &impl Encode) -> String {
    format!("0x{}", hex::encode(value.encode()))
}

fn session() -> SessionInfo {
    let place = PlaceInfo {
        node: NodeKey::from_raw([4; 32]),
        entity: account(1),
        endpoint: b"relay.example:7000".to_vec(),
        settled: None,
    };
    SessionInfo {
        owner: account(2),
        client: client_key().public(),
        volume: 10,
        price_per_mb: 11,
        relays: vec![place],
        drawn: true,
        expires: Some(12),
    }
}

fn state_call(method: &str, argument: &str, at: Option<&str>) -> Result<String, ErrorObjectOwned> {
    match (method, argument, at) {
        ("WorkCreditsApi_timing", "0x", None) => Ok(hex_of(&Timing { tick_ms: 1_000, ..Timing::default() })),
        ("WorkOrdersApi_session", "0x0300000000000000", None) => Ok(hex_of(&Some(session()))),
        ("WorkOrdersApi_session", _, Some("0xf1")) => Ok(hex_of(&None::<SessionInfo>)),
        ("WorkOrdersApi_deal", ..) => Ok("0x05".into()),
        ("WorkOrdersApi_challenges", ..) => {
            Err(ErrorObjectOwned::owned(4_003, "Client error", Some("the runtime has no such call")))
        }
        other => panic!("{other:?}"),
    }
}

/// Starts a node on `address`.
async fn serve(address: &str, node: Arc<Node>) -> (String, ServerHandle) {
    let server = Server::builder().build(address).await.expect("a port");
    let url = format!("ws://{}", server.local_addr().expect("an address"));
    let mut module = RpcModule::from_arc(node);
    let method = module.register_method("chain_getBlockHash", |params, node, _| {
        assert_eq!(params.one::<u32>(), Ok(0));
        format!("{:?}", Hash::repeat_byte(node.genesis))
    });
    method.expect("is new");
    let method = module.register_method("chain_getHeader", |params, node, _| {
        let number = match params.sequence().optional_next::<String>()?.as_deref() {
            None => node.height.load(Ordering::Relaxed),
            Some("0xf1") => FINAL,
            other => panic!("{other:?}"),
        };
        Ok::<_, ErrorObjectOwned>(json!({ "number": format!("0x{number:x}") }))
    });
    method.expect("is new");
    module.register_method("chain_getFinalizedHead", |_, _, _| "0xf1").expect("is new");
    let method = module.register_method("state_call", |params, _, _| {
        let (method, argument, at): (String, String, Option<String>) = params.parse()?;
        state_call(&method, &argument, at.as_deref())
    });
    method.expect("is new");
    let method = module.register_method("workOrders_pledge", |params, node, _| {
        let bytes: String = params.one()?;
        lock(&node.pledges).push(hex::decode(&bytes[2..]).expect("hex"));
        Ok::<_, ErrorObjectOwned>(true)
    });
    method.expect("is new");
    let method = module.register_method("workOrders_answer", |_, _, _| {
        Err::<bool, _>(ErrorObjectOwned::owned(1_010, "Invalid Transaction", Some("Custom error: 7")))
    });
    method.expect("is new");
    let method = module.register_subscription(
        "chain_subscribeNewHeads",
        "chain_newHead",
        "chain_unsubscribeNewHeads",
        |_, pending, node, _| async move {
            let Ok(sink) = pending.accept().await else { return };
            let mut open = true;
            while open {
                let height = node.height.fetch_add(1, Ordering::Relaxed) + 1;
                let header = json!({ "number": format!("0x{height:x}"), "parentHash": "0x00" });
                let message = SubscriptionMessage::from_json(&header).expect("is JSON");
                open = sink.send(message).await.is_ok();
                sleep(Duration::from_millis(20)).await;
            }
        },
    );
    method.expect("is new");
    (url, server.start(module))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_is_asked_and_told_as_it_expects() {
    let node = Arc::new(Node { genesis: 8, height: AtomicU32::new(30), ..Node::default() });
    let (url, _server) = serve("127.0.0.1:0", node.clone()).await;
    let chain = RpcChain::connect(&url).await.expect("connects");
    assert_eq!((chain.genesis(), chain.tick_ms()), (Hash::repeat_byte(8), 1_000));
    assert!(*chain.heads().borrow() >= 30, "the height is known before anything is asked");
    assert_eq!(chain.session(3).await.expect("answers"), Some(session()));
    assert_eq!(chain.final_session(3).await.expect("answers"), (FINAL, None), "as it is in the last final block");
    assert!(matches!(chain.deal(1).await, Err(ChainError::Answer { method: "WorkOrdersApi_deal" })));
    let error = chain.challenges().await.expect_err("refused").to_string();
    assert!(error.contains("no such call"), "{error}");

    let signature = sr25519::Signature::from_raw([1; 64]);
    let pledge = Pledge { deal: 5, node: client_key().public(), signature };
    chain.pledge(&pledge).await.expect("is taken");
    let taken = lock(&node.pledges).clone();
    assert_eq!(taken.iter().map(|it| Pledge::decode(&mut it.as_slice())).collect::<Vec<_>>(), [Ok(pledge)]);
    let answer = ergon_primitives::orders::Answer {
        deal: 5,
        node: client_key().public(),
        slot: 1,
        segment: Default::default(),
        proof: Default::default(),
        signature,
    };
    let error = chain.answer(&answer).await.expect_err("refused");
    assert!(matches!(&error, ChainError::Refused { .. }) && error.to_string().contains("Custom error: 7"), "{error}");

    let mut heads = chain.heads();
    let first = *heads.borrow_and_update();
    timeout(LONG, heads.changed()).await.expect("in time").expect("goes on");
    assert!(*heads.borrow() > first);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_that_was_restarted_is_found_again_and_another_chains_is_not_taken() {
    let node = Arc::new(Node { genesis: 8, height: AtomicU32::new(30), ..Node::default() });
    let (url, server) = serve("127.0.0.1:0", node.clone()).await;
    let chain = RpcChain::connect(&url).await.expect("connects");
    let (mut heads, mut link) = (chain.heads(), chain.link());
    timeout(LONG, link.wait_for(|link| link.up)).await.expect("in time").expect("is followed");
    server.stop().expect("runs");
    server.stopped().await;
    let lost = async {
        while chain.session(3).await.is_ok() {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LONG, lost).await.expect("is noticed");
    timeout(LONG, link.wait_for(|link| !link.up)).await.expect("in time").expect("is shown");

    let (_, server) = serve(url.trim_start_matches("ws://"), Arc::new(Node { genesis: 9, ..Node::default() })).await;
    assert!(matches!(chain.session(3).await, Err(ChainError::OtherChain { .. })));
    server.stop().expect("runs");
    server.stopped().await;

    node.height.store(1_000, Ordering::Relaxed);
    let (_, _server) = serve(url.trim_start_matches("ws://"), node).await;
    assert_eq!(chain.session(3).await.expect("answers again"), Some(session()));
    timeout(LONG, heads.wait_for(|head| *head > 1_000)).await.expect("in time").expect("heads come again");
    assert_eq!(*link.borrow(), Link { up: true, reconnects: 1 });
}

#[tokio::test]
async fn where_no_node_is_the_error_says_what_to_look_at() {
    let error = RpcChain::connect("ws://127.0.0.1:1").await.err().expect("nobody").to_string();
    assert!(error.contains("ws://127.0.0.1:1") && error.contains("Is it running"), "{error}");
}
