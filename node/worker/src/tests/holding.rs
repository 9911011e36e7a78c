//! Data that a holder keeps, loses or must not take: final blocks, damaged folders, slow strangers, stuck calls.

use std::{collections::HashMap, fs};

use ergon_primitives::orders::{segments, Challenge};

use super::{
    storage::{create, write, LENGTH},
    *,
};
use crate::{
    client::storage::{get, put},
    storage::{
        deal::{Meta, Opened},
        keeper::prove,
        store::Usage,
    },
};

/// A chain, the holder's folder, and one for files.
fn scene() -> (Arc<MemoryChain>, TempDir, TempDir) {
    (MemoryChain::new(), TempDir::new().expect("a folder"), TempDir::new().expect("a folder"))
}

/// Makes `height` the last final block, with the deals that the best one has, or without any.
fn finalize(chain: &MemoryChain, height: u32, deals: bool) {
    let mut state = lock(&chain.state);
    let deals = if deals { state.deals.clone() } else { HashMap::new() };
    state.final_deals = Some((height, deals));
}

/// What the holder says to somebody who brings data of a deal.
async fn ask(holder: &Running, deal: OrderId) -> Option<Message> {
    let mut client = Raw::connect(holder).await;
    client.hello(Intent::Put { deal }).await;
    client.hear().await
}

/// Makes blocks for long enough that what is over is looked for.
async fn sweep(chain: &MemoryChain) {
    for _ in 0..60 {
        chain.block();
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_are_taken_when_the_draw_is_final_and_deleted_by_later_final_blocks_only() {
    let (chain, folder, files) = scene();
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let cut = write(&files, "file", LENGTH);
    finalize(&chain, 40, false);
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&holder]);
    assert_eq!(ask(&holder, 7).await, Some(Message::Refused(Reason::NoSuchOrder)), "drawn, but not final");
    // The subscription to heads, still at the first block, is far behind the state.
    finalize(&chain, 50, true);
    put(&cut, 7, &info.holders[0]).await.expect("is final");
    assert_eq!(holder.worker.store.get(7).expect("is held").meta.seen_at, 50);
    for height in [40, 50] {
        finalize(&chain, height, false);
        sweep(&chain).await;
        assert!(folder.path().join("deals/7/data").exists(), "block {height} is not after the deal's");
    }
    finalize(&chain, 51, false);
    gone(&chain, &folder.path().join("deals/7")).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn another_deal_with_the_same_number_is_never_mixed_with_the_one_held() {
    let (chain, folder, files) = scene();
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let (old, new) = (write(&files, "old", LENGTH), write(&files, "new", LENGTH + 9));
    let info = deal(&chain, 7, old.root(), old.bytes, &[&holder]);
    put(&old, 7, &info.holders[0]).await.expect("is taken");
    until(&chain, "it pledges", |state| state.pledged.len() == 1).await;
    deal(&chain, 8, old.root(), old.bytes, &[&holder]);
    assert_eq!(ask(&holder, 8).await, Some(Message::Ready { from: 0 }));
    let held = holder.worker.store.get(8).expect("was begun");
    let opened: Opened = held.open().expect("opens");

    // The chain has other deals with these numbers now, but in no final block that says so.
    finalize(&chain, 1, true);
    deal(&chain, 7, new.root(), new.bytes, &[&holder]);
    let info = deal(&chain, 8, new.root(), new.bytes, &[&holder]);
    let challenge = Challenge { deal: 7, node: holder.node(), slot: 1, segment: 3, deadline: 99 };
    assert_eq!(
        prove(&holder.worker, &challenge, &Default::default()).await.err(),
        Some(Reason::NotHeld),
        "it holds another deal's data"
    );

    chain.block();
    lock(&chain.state).final_deals = None;
    put(&new, 8, &info.holders[0]).await.expect("takes the place");
    assert!(held.open().is_err(), "who knew the old one");
    assert_eq!(opened.append(&old.segment(0).expect("reads")), Err(Reason::NotHeld), "who had it open");
    let (file, mut have) = (create(&files.path().join("out")), 0);
    get(&info, 8, &info.holders[0], &file, &mut have).await.expect("the new one is whole");
    assert_eq!(fs::read(files.path().join("out")).expect("reads"), fs::read(files.path().join("new")).expect("reads"));
    // Nobody brings data for the other: a final block has no use for what is held.
    gone(&chain, &folder.path().join("deals/7")).await;
    until(&chain, "only what is held is pledged", |state| state.pledged.len() == 2).await;
    assert_eq!(lock(&chain.state).pledged, [(7, holder.node()), (8, holder.node())]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_damaged_is_left_out_and_takes_room_and_can_be_brought_again() {
    let (chain, folder, files) = scene();
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let cut = write(&files, "file", LENGTH);
    let bytes = cut.bytes;
    for number in 1..=6 {
        let info = deal(&chain, number, cut.root(), bytes, &[&holder]);
        put(&cut, number, &info.holders[0]).await.expect("is taken");
    }
    holder.kill().await;
    let deals = folder.path().join("deals");
    // No file can be opened that is a folder: as if the disk failed.
    fs::remove_file(deals.join("1/leaves")).expect("goes");
    fs::create_dir(deals.join("1/leaves")).expect("is made");
    fs::remove_file(deals.join("2/data")).expect("goes");
    fs::write(deals.join("3/meta"), b"odd").expect("writes");
    fs::File::options().write(true).open(deals.join("4/data")).expect("opens").set_len(5).expect("cuts");
    fs::rename(deals.join("5/data"), deals.join("5/data.partial")).expect("renames");
    // Bytes and hashes are of one another, but not of the deal: only the root shows it.
    let mut leaves = fs::read(deals.join("5/leaves")).expect("reads");
    let mut data = fs::read(deals.join("5/data.partial")).expect("reads");
    data[0] ^= 1;
    leaves[..32].copy_from_slice(&ergon_merkle::leaf_hash::<ergon_merkle::Software>(&data[..4_096]));
    fs::write(deals.join("5/leaves"), leaves).expect("writes");
    fs::write(deals.join("5/data.partial"), data).expect("writes");
    fs::create_dir_all(deals.join("9.gone/x")).expect("is made");
    fs::create_dir_all(deals.join("9.next")).expect("is made");

    let most = 9 * bytes;
    let holder = Running::start(&chain, 1, Config { max_store: most, ..config() }, &folder).await;
    let usage = holder.worker.store.usage();
    assert_eq!((usage.complete, usage.partial, usage.left_out), (1, 1, 4));
    assert!(usage.bytes >= 6 * bytes && usage.room <= 3 * bytes, "{usage:?}");
    assert!(!deals.join("9.gone").exists() && !deals.join("9.next").exists());
    for number in 1..=5 {
        assert!(deals.join(number.to_string()).exists(), "nothing is deleted");
    }
    let whole = holder.worker.store.get(6).expect("is held").open().expect("opens");
    let tree = holder.worker.store.tree(&whole.deal).expect("reads");
    holder.worker.store.segment(&whole, &tree, 5).expect("is given");

    let info = deal(&chain, 2, cut.root(), bytes, &[&holder]);
    put(&cut, 2, &info.holders[0]).await.expect("is brought again");
    assert!(deals.join("2.damaged/leaves").exists() && deals.join("2/data").exists());
    // One that can be read again is not set aside.
    fs::remove_dir(deals.join("1/leaves")).expect("goes");
    fs::copy(deals.join("6/leaves"), deals.join("1/leaves")).expect("copies");
    assert_eq!(ask(&holder, 1).await, Some(Message::Ready { from: segments(bytes) }));
    // What is whole but not the deal's is brought again from the beginning.
    let info = deal(&chain, 5, cut.root(), bytes, &[&holder]);
    put(&cut, 5, &info.holders[0]).await.expect("is brought again");
    let Usage { complete, left_out, room, .. } = holder.worker.store.usage();
    assert_eq!((complete, left_out), (4, 3));
    let meta = Meta { root: [1; 32], bytes: room + 1, seen_at: 1 };
    assert_eq!(holder.worker.store.begin(77, meta).err(), Some(Reason::NoRoom));
    holder.worker.store.begin(77, Meta { bytes: room, ..meta }).expect("as much as there is");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn deals_that_are_only_held_keep_no_file_open() {
    let (chain, folder, files) = scene();
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let cut = write(&files, "file", 10);
    for number in 0..50 {
        let info = deal(&chain, number, cut.root(), cut.bytes, &[&holder]);
        put(&cut, number, &info.holders[0]).await.expect("is taken");
    }
    let deals = folder.path().join("deals");
    let open = || {
        let links = fs::read_dir("/proc/self/fd").expect("Linux").flatten();
        links.filter_map(|link| fs::read_link(link.path()).ok()).filter(|file| file.starts_with(&deals)).count()
    };
    // The last connection may still be closing, and a pledge being made.
    let closed = async {
        while open() > 0 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(Duration::from_secs(5), closed).await.expect("all are closed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_brings_or_fetches_data_slowly_is_dropped() {
    let (chain, folder, files) = scene();
    let patience = Duration::from_secs(1);
    let slow = Config { transfer_rate: 1 << 20, transfer_patience: patience, ..config() };
    let holder = Running::start(&chain, 1, slow, &folder).await;
    let cut = write(&files, "file", 20 << 20);
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&holder]);

    // A byte of a frame now and then.
    let mut dribbling = Raw::connect(&holder).await;
    dribbling.hello(Intent::Put { deal: 7 }).await;
    assert_eq!(dribbling.hear().await, Some(Message::Ready { from: 0 }));
    write_bytes(dribbling.0.get_mut(), &5_000u32.to_le_bytes()).await;
    let dribble = async {
        while dribbling.0.write_all(&[9]).await.is_ok() {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(Duration::from_secs(10), dribble).await.expect("a closed connection takes nothing");

    // A whole segment now and then: 40 KiB a second.
    let mut slow = Raw::connect(&holder).await;
    slow.hello(Intent::Put { deal: 7 }).await;
    assert_eq!(slow.hear().await, Some(Message::Ready { from: 0 }));
    let mut sent = 0;
    let bring = async {
        while send(&mut slow.0, &Message::Segment(cut.segment(sent).expect("reads"))).await.is_ok() {
            sent += 1;
            sleep(Duration::from_millis(100)).await;
        }
    };
    timeout(Duration::from_secs(10), bring).await.expect("a closed connection takes nothing");
    assert!((1..100).contains(&sent), "{sent}");

    // The same segment again and again.
    let mut again = Raw::connect(&holder).await;
    again.hello(Intent::Put { deal: 7 }).await;
    let Some(Message::Ready { from }) = again.hear().await else { panic!("is taken") };
    for _ in 0..2 {
        again.say(Message::Segment(cut.segment(from).expect("reads"))).await;
    }
    assert_eq!(again.hear().await, Some(Message::Refused(Reason::Protocol)));

    put(&cut, 7, &info.holders[0]).await.expect("who is fast gets through");
    // Who fetches and takes nothing.
    let mut lazy = Raw::connect(&holder).await;
    lazy.hello(Intent::Get { deal: 7, from: 0 }).await;
    assert_eq!(lazy.hear().await, Some(Message::Ready { from: 0 }));
    let fetched = async {
        while holder.worker.metrics.connections() > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(10), fetched).await.expect("the connection is closed");
    drop(lazy);
    let mut silent = Raw::connect(&holder).await;
    silent.hello(Intent::Put { deal: 7 }).await;
    assert_eq!(silent.rest().await, [Message::Ready { from: cut.count() }, Message::Stored]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_answer_that_hangs_holds_back_no_other() {
    let (chain, folder, files) = scene();
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let cut = write(&files, "file", LENGTH);
    for number in [7, 8] {
        let info = deal(&chain, number, cut.root(), cut.bytes, &[&holder]);
        put(&cut, number, &info.holders[0]).await.expect("is taken");
    }
    until(&chain, "both are pledged", |state| state.pledged.len() == 2).await;
    {
        let mut state = lock(&chain.state);
        state.stuck.insert(7);
        for deal in [7, 8] {
            state.challenges.push(Challenge { deal, node: holder.node(), slot: 1, segment: 3, deadline: 99 });
        }
    }
    until(&chain, "the other is answered", |state| state.answered.len() == 1).await;
    // Nor does a look at what is over hold back answers.
    sweep(&chain).await;
    lock(&chain.state).challenges.push(Challenge { deal: 8, node: holder.node(), slot: 2, segment: 4, deadline: 99 });
    until(&chain, "the next is answered", |state| state.answered.len() == 2).await;
    lock(&chain.state).stuck.clear();
    until(&chain, "the late one is answered", |state| state.answered.iter().any(|answer| answer.deal == 7)).await;
}
