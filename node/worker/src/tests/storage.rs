//! Data brought, held, proven, fetched and deleted.

use std::{fs::File, path::Path};

use ergon_primitives::orders::{Challenge, SEGMENT_BYTES};

use super::*;
use crate::{
    client::{
        storage::{get, get_within, put, put_within, Cut},
        ClientError,
    },
    storage::{faults::Fault, transfer::Leisure},
};

pub(super) fn write(folder: &TempDir, name: &str, length: usize) -> Arc<Cut> {
    let bytes: Vec<u8> = (0..length).map(|place| (place / 7 + place / 4_096) as u8).collect();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("writes");
    Arc::new(Cut::open(&path).expect("reads"))
}

pub(super) fn create(path: &Path) -> Arc<File> {
    Arc::new(File::create(path).expect("a file"))
}

/// Length of the data: 18 segments and a short one.
pub(super) const LENGTH: usize = 18 * SEGMENT_BYTES as usize + 5;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_go_to_every_holder_are_pledged_proven_and_come_back() {
    let chain = MemoryChain::new();
    let folders = [(); 3].map(|()| TempDir::new().expect("a folder"));
    let one = Running::start(&chain, 1, config(), &folders[0]).await;
    let two = Running::start(&chain, 2, config(), &folders[1]).await;
    let cut = write(&folders[2], "file", LENGTH);
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&one, &two]);
    for holder in &info.holders {
        put(&cut, 7, holder).await.expect("is taken");
        put(&cut, 7, holder).await.expect("a second time it is there already");
    }
    until(&chain, "both pledge", |state| state.pledged.len() == 2).await;

    for slot in 0..cut.count() {
        let asked = Challenge { deal: 7, node: one.node(), slot, segment: slot, deadline: 99 };
        lock(&chain.state).challenges.extend([asked, Challenge { node: two.node(), ..asked }]);
    }
    until(&chain, "every segment is proven", |state| state.challenges.is_empty()).await;
    assert_eq!(lock(&chain.state).answered.len(), 38, "each once");

    let out = folders[2].path().join("out");
    let (file, mut have) = (create(&out), 0);
    get(&info, 7, &info.holders[0], &file, &mut have).await.expect("comes");
    assert_eq!(std::fs::read(&out).expect("reads"), std::fs::read(folders[2].path().join("file")).expect("reads"));
    // The rest of it from another.
    let mut have = 10;
    get(&info, 7, &info.holders[1], &file, &mut have).await.expect("comes");
    assert_eq!(have, 19);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn wrong_data_are_refused_at_the_first_segment_and_right_ones_go_on() {
    let (chain, folder, files) =
        (MemoryChain::new(), TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let (right, wrong) = (write(&files, "right", LENGTH), write(&files, "wrong", LENGTH + 1));
    let info = deal(&chain, 7, right.root(), right.bytes, &[&holder]);
    let refused = put(&wrong, 7, &info.holders[0]).await.expect_err("wrong");
    assert!(matches!(refused, ClientError::Refused { reason: Reason::BadSegment, .. }), "{refused}");
    let missing = get(&info, 7, &info.holders[0], &create(&files.path().join("out")), &mut 0).await.expect_err("no");
    assert!(matches!(missing, ClientError::Refused { reason: Reason::NotHeld, .. }), "{missing}");
    put(&right, 7, &info.holders[0]).await.expect("right");
    until(&chain, "it pledges", |state| state.pledged == [(7, holder.node())]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_goes_on_after_a_crash_where_the_data_are_whole() {
    let (chain, folder, files) =
        (MemoryChain::new(), TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let cut = write(&files, "file", LENGTH);
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&holder]);
    put(&cut, 7, &info.holders[0]).await.expect("is taken");
    holder.kill().await;
    // As if it had stopped in the middle: with ten segments, the last of which never reached the disk.
    let place = folder.path().join("deals/7");
    std::fs::rename(place.join("data"), place.join("data.partial")).expect("renames");
    let partial = File::options().write(true).open(place.join("data.partial")).expect("opens");
    partial.set_len(9 * 4_096).expect("cuts");
    partial.set_len(10 * 4_096).expect("zeros");

    let holder = Running::start(&chain, 1, config(), &folder).await;
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&holder]);
    let mut client = Raw::connect(&holder).await;
    client.hello(Intent::Put { deal: 7 }).await;
    assert_eq!(client.hear().await, Some(Message::Ready { from: 9 }));
    put(&cut, 7, &info.holders[0]).await.expect("the rest is taken");
    holder.kill().await;
    let holder = Running::start(&chain, 1, config(), &folder).await;
    assert!(holder.worker.store.get(7).expect("is there").complete());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_on_a_broken_disk_are_never_given_for_good() {
    let (chain, folder, files) =
        (MemoryChain::new(), TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let cut = write(&files, "file", LENGTH);
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&holder]);
    put(&cut, 7, &info.holders[0]).await.expect("is taken");
    let data = folder.path().join("deals/7/data");
    let mut bytes = std::fs::read(&data).expect("reads");
    bytes[5 * 4_096] ^= 1;
    std::fs::write(&data, bytes).expect("writes");
    let mut have = 0;
    let out = create(&files.path().join("out"));
    let broken = get(&info, 7, &info.holders[0], &out, &mut have).await.expect_err("segment 5 is broken");
    assert!(matches!(broken, ClientError::Refused { reason: Reason::Disk, .. }), "{broken}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_deals_that_it_was_drawn_for_and_has_room_for_are_held() {
    let (chain, folder, files) =
        (MemoryChain::new(), TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let holder = Running::start(&chain, 1, Config { max_store: 100_000, ..config() }, &folder).await;
    let cut = write(&files, "file", LENGTH);
    let ask = |number| {
        let holder = &holder;
        async move {
            let mut client = Raw::connect(holder).await;
            client.hello(Intent::Put { deal: number }).await;
            client.hear().await
        }
    };
    assert_eq!(ask(1).await, Some(Message::Refused(Reason::NoSuchOrder)));
    deal(&chain, 1, cut.root(), cut.bytes, &[]);
    assert_eq!(ask(1).await, Some(Message::Refused(Reason::NotDrawn)));
    deal(&chain, 1, cut.root(), cut.bytes, &[&holder]);
    assert_eq!(ask(1).await, Some(Message::Ready { from: 0 }));
    deal(&chain, 2, cut.root(), cut.bytes, &[&holder]);
    assert_eq!(ask(2).await, Some(Message::Refused(Reason::NoRoom)), "the first has its room already");
    assert!(!folder.path().join("deals/2").exists());
    let news = |number| holder.worker.store.faults.news(number, Fault::NoRoom, std::time::Instant::now());
    assert!(!news(2) && news(3), "who runs it was told of the one");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_holder_that_takes_or_gives_next_to_nothing_is_left() {
    let (chain, folder, files) =
        (MemoryChain::new(), TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let holder = Running::start(&chain, 1, config(), &folder).await;
    // More than the sockets of both take.
    let cut = write(&files, "file", 20 << 20);
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&holder]);
    let at = |address: SocketAddr| HolderInfo { endpoint: address.to_string().into_bytes(), ..info.holders[0].clone() };
    let leisure = || Leisure::new(Duration::from_millis(500), 1 << 20);
    let deaf = target(|mut stream: TcpStream| async move {
        send(&mut stream, &Message::Ready { from: 0 }).await.expect("is sent");
        std::future::pending::<()>().await;
    });
    let deaf = at(deaf.await);
    let left = timeout(LONG, put_within(&cut, 7, &deaf, leisure())).await.expect("in time").expect_err("is left");
    assert!(left.to_string().contains("too slowly"), "{left}");
    put(&cut, 7, &info.holders[0]).await.expect("the next takes them");

    let data = cut.clone();
    let dripping = target(move |mut stream: TcpStream| {
        let data = data.clone();
        async move {
            send(&mut stream, &Message::Ready { from: 0 }).await.expect("is sent");
            for index in 0..data.count() {
                let segment = data.segment(index).expect("reads");
                if send(&mut stream, &Message::Segment(segment)).await.is_err() {
                    return;
                }
                sleep(Duration::from_millis(100)).await;
            }
        }
    });
    let dripping = at(dripping.await);
    let (out, mut have) = (files.path().join("out"), 0);
    let file = create(&out);
    let left = timeout(LONG, get_within(&info, 7, &dripping, &file, &mut have, leisure())).await.expect("in time");
    assert!(left.expect_err("is left").to_string().contains("too slowly") && have < 100, "{have}");
    get(&info, 7, &info.holders[0], &file, &mut have).await.expect("the next gives the rest");
    assert_eq!(std::fs::read(&out).expect("reads"), std::fs::read(files.path().join("file")).expect("reads"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_of_a_deal_that_is_over_are_deleted() {
    let (chain, folder, files) =
        (MemoryChain::new(), TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let cut = write(&files, "file", LENGTH);
    for number in [7, 8] {
        let info = deal(&chain, number, cut.root(), cut.bytes, &[&holder]);
        put(&cut, number, &info.holders[0]).await.expect("is taken");
    }
    let other = write(&files, "other", 0);
    let empty = deal(&chain, 9, other.root(), 0, &[&holder]);
    put(&other, 9, &empty.holders[0]).await.expect("no data are there at once");
    lock(&chain.state).deals.remove(&7);
    let gone = async {
        while folder.path().join("deals/7").exists() {
            chain.block();
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LONG, gone).await.expect("is deleted");
    assert!(folder.path().join("deals/8/data").exists() && folder.path().join("deals/9/data").exists());
}

#[tokio::test]
async fn a_folder_is_for_one_key_one_chain_and_one_process() {
    let (chain, folder) = (MemoryChain::new(), TempDir::new().expect("a folder"));
    let open = |seed| Worker::open(chain.clone(), sr25519::Pair::from_seed(&[seed; 32]), config(), folder.path());
    let first = open(1).expect("opens");
    assert!(open(1).err().expect("in use").to_string().contains("another worker"));
    drop(first);
    assert!(open(2).err().expect("another key").to_string().contains("another key"));
    open(1).expect("its own");
}
