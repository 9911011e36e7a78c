//! Data that change on disk, disks that fail for a while, and strangers who keep the disk busy.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use ergon_primitives::orders::{segments, Challenge};

use super::{
    storage::{create, write, LENGTH},
    *,
};
use crate::{
    client::storage::{get, put, Cut},
    storage::{deal::Meta, faults::Fault, keeper::prove},
};

/// A chain, the holder's folder, one for files, and where deals are.
fn scene() -> (Arc<MemoryChain>, TempDir, TempDir, PathBuf) {
    let (folder, files) = (TempDir::new().expect("a folder"), TempDir::new().expect("a folder"));
    let deals = folder.path().join("deals");
    (MemoryChain::new(), folder, files, deals)
}

/// Deal 7, as a worker leaves it that is killed when all data have come and it has not said so yet.
async fn unfinished(chain: &Arc<MemoryChain>, folder: &TempDir, files: &TempDir, deals: &Path) -> Arc<Cut> {
    let holder = Running::start(chain, 1, config(), folder).await;
    let cut = write(files, "file", LENGTH);
    let info = deal(chain, 7, cut.root(), cut.bytes, &[&holder]);
    put(&cut, 7, &info.holders[0]).await.expect("is taken");
    holder.kill().await;
    fs::rename(deals.join("7/data"), deals.join("7/data.partial")).expect("renames");
    cut
}

fn spoil(file: &Path, place: usize) {
    let mut bytes = fs::read(file).expect("reads");
    bytes[place] ^= 1;
    fs::write(file, bytes).expect("writes");
}

/// As if a place of the disk could not be read: nothing is at the beginning of a process's memory.
fn wear_out(file: &Path) -> io::Result<()> {
    fs::remove_file(file)?;
    std::os::unix::fs::symlink("/proc/self/mem", file)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_that_change_on_disk_are_set_aside_and_can_be_brought_again() {
    let (chain, folder, files, deals) = scene();
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let cut = write(&files, "file", LENGTH);
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&holder]);
    let out = create(&files.path().join("out"));
    // Twice a byte of the data, once of the hashes: no name for what is set aside is in the way of the next.
    for (file, place) in [("data", 5 * 4_096), ("data", 0), ("leaves", 40)] {
        put(&cut, 7, &info.holders[0]).await.expect("is taken");
        // As after a while: nobody has the tree in memory.
        holder.worker.store.forget_trees(std::time::Instant::now() + Duration::from_secs(3_600));
        spoil(&deals.join("7").join(file), place);
        let mut have = 0;
        get(&info, 7, &info.holders[0], &out, &mut have).await.expect_err("is broken");
        assert!(holder.worker.store.get(7).is_none() && !deals.join("7").exists(), "{file}");
        assert!(holder.worker.store.usage().left_out >= 1);
    }
    assert!(deals.join("7.damaged/data").exists() && deals.join("7.damaged-2/data").exists());
    assert_eq!(holder.worker.store.usage().left_out, 2, "the last two");
    put(&cut, 7, &info.holders[0]).await.expect("is taken");
    get(&info, 7, &info.holders[0], &out, &mut 0).await.expect("is whole");

    // What somebody deletes is room again, and what is over is deleted.
    let before = holder.worker.store.usage().bytes;
    fs::remove_dir_all(deals.join("7.damaged-2")).expect("goes");
    holder.worker.store.look().expect("reads");
    let after = holder.worker.store.usage();
    assert!(after.left_out == 1 && after.bytes <= before - cut.bytes, "{after:?}");
    lock(&chain.state).deals.remove(&7);
    gone(&chain, &deals.join("7.damaged")).await;
    gone(&chain, &deals.join("7")).await;
    assert_eq!(holder.worker.store.usage().bytes, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn data_that_are_not_there_or_cannot_be_read_are_set_aside_and_can_be_brought_again() {
    let (chain, folder, files, deals) = scene();
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let cut = write(&files, "file", LENGTH);
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&holder]);
    let (out, place) = (create(&files.path().join("out")), deals.join("7"));
    for way in 0..5 {
        put(&cut, 7, &info.holders[0]).await.expect("is taken");
        holder.worker.store.forget_trees(std::time::Instant::now() + Duration::from_secs(3_600));
        let damaged = match way {
            0 => fs::remove_file(place.join("data")),
            1 => fs::remove_file(place.join("leaves")),
            2 => fs::remove_dir_all(&place),
            3 => wear_out(&place.join("data")),
            _ => wear_out(&place.join("leaves")),
        };
        damaged.expect("is damaged");
        get(&info, 7, &info.holders[0], &out, &mut 0).await.expect_err("is damaged");
        assert!(holder.worker.store.get(7).is_none() && !place.exists(), "{way}");
    }
    assert_eq!(holder.worker.store.usage().left_out, 2, "the last two that were there");
    put(&cut, 7, &info.holders[0]).await.expect("is taken");
    get(&info, 7, &info.holders[0], &out, &mut 0).await.expect("is whole");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_read_of_a_deal_on_its_way_is_replaced() {
    let (chain, folder, files, deals) = scene();
    let cut = unfinished(&chain, &folder, &files, &deals).await;
    wear_out(&deals.join("7/data.partial")).expect("is damaged");
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&holder]);
    put(&cut, 7, &info.holders[0]).await.expect("is brought anew");
    assert!(fs::symlink_metadata(deals.join("7/data")).expect("is there").is_file());
    get(&info, 7, &info.holders[0], &create(&files.path().join("out")), &mut 0).await.expect("is whole");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deal_that_could_not_be_finished_is_finished_by_the_next_who_brings_it() {
    let (chain, folder, files, deals) = scene();
    let holder = Running::start(&chain, 1, Config { idle: Duration::from_secs(2), ..config() }, &folder).await;
    let cut = write(&files, "file", LENGTH);
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&holder]);
    let mut first = Raw::connect(&holder).await;
    first.hello(Intent::Put { deal: 7 }).await;
    assert_eq!(first.hear().await, Some(Message::Ready { from: 0 }));
    // Nothing can be given the name of a folder that is not empty: as if the disk failed at the end.
    fs::create_dir_all(deals.join("7/data/x")).expect("is made");
    for index in 0..cut.count() {
        first.say(Message::Segment(cut.segment(index).expect("reads"))).await;
    }
    assert_eq!(first.hear().await, Some(Message::Refused(Reason::Disk)));
    fs::remove_dir_all(deals.join("7/data")).expect("goes");
    put(&cut, 7, &info.holders[0]).await.expect("is finished");
    get(&info, 7, &info.holders[0], &create(&files.path().join("out")), &mut 0).await.expect("is whole");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn only_a_younger_final_block_deletes_what_is_held_of_another_deal() {
    let (chain, folder, _files, deals) = scene();
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let store = &holder.worker.store;
    let held = Meta { root: [1; 32], bytes: 5, seen_at: 50 };
    store.begin(7, held).expect("is made");
    for seen_at in [40, 50] {
        assert_eq!(store.begin(7, Meta { root: [2; 32], seen_at, ..held }).err(), Some(Reason::Chain));
        assert_eq!(store.get(7).expect("is there").meta, held);
    }
    assert!(!store.faults.news(7, Fault::Conflict, std::time::Instant::now()), "it was said");
    store.begin(7, Meta { root: [2; 32], seen_at: 51, ..held }).expect("takes the place");
    assert!(deals.join("7").exists() && store.get(7).expect("is there").meta.seen_at == 51);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn strangers_whose_work_waits_for_the_disk_leave_room_for_answers() {
    let (chain, folder, files, _) = scene();
    let many = Config { max_transfers: 8, max_per_address: 10_000, max_newcomers: 64, ..config() };
    let holder = Running::start(&chain, 1, many, &folder).await;
    let cut = write(&files, "file", LENGTH);
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&holder]);
    put(&cut, 7, &info.holders[0]).await.expect("is taken");
    deal(&chain, 8, cut.root(), cut.bytes, &[&holder]);
    let meta = Meta { root: cut.root(), bytes: cut.bytes, seen_at: 1 };
    let slow = holder.worker.store.begin(8, meta).expect("is made");
    let (release, wait) = std::sync::mpsc::channel::<()>();
    // A disk that does not come back, for whatever is about this deal.
    let stuck = std::thread::spawn(move || {
        let _still = slow.still();
        wait.recv().expect("is released");
    });
    // More than the runtime has threads for the disk, each pushed out by those after it.
    for _ in 0..700 {
        let mut stranger = Raw::connect(&holder).await;
        stranger.hello(Intent::Put { deal: 8 }).await;
        sleep(Duration::from_millis(3)).await;
    }
    let challenge = Challenge { deal: 7, node: holder.node(), slot: 1, segment: 3, deadline: 99 };
    let signed = Default::default();
    let proven = timeout(Duration::from_secs(10), prove(&holder.worker, &challenge, &signed)).await;
    release.send(()).expect("waits");
    stuck.join().expect("ends");
    assert!(proven.is_ok_and(|answer| answer.is_ok()), "answers wait for strangers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_sent_again_is_the_same() {
    let (chain, folder, files, _) = scene();
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let cut = write(&files, "file", LENGTH);
    chain.deaf.store(true, std::sync::atomic::Ordering::Relaxed);
    let info = deal(&chain, 7, cut.root(), cut.bytes, &[&holder]);
    put(&cut, 7, &info.holders[0]).await.expect("is taken");
    for number in [1, 2] {
        if number == 2 {
            let asked = Challenge { deal: 7, node: holder.node(), slot: 1, segment: 3, deadline: 99 };
            let mut state = lock(&chain.state);
            state.challenges.push(asked);
            state.deals.get_mut(&7).expect("is there").holders[0].pledged = true;
        }
        lock(&chain.sent).clear();
        until(&chain, "it is sent again", |_| lock(&chain.sent).len() >= 4).await;
        let sent = lock(&chain.sent).clone();
        // One pledge may have been under way.
        assert!(sent[1..].iter().all(|signature| *signature == sent[1]), "{sent:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_worker_whose_node_says_nothing_can_be_stopped() {
    let (chain, folder, ..) = scene();
    chain.silent.store(true, std::sync::atomic::Ordering::Relaxed);
    let holder = Running::start(&chain, 1, config(), &folder).await;
    sleep(Duration::from_millis(50)).await;
    holder.stop.send_replace(true);
    timeout(Duration::from_secs(20), holder.task).await.expect("stops").expect("is not broken");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deal_on_its_way_is_looked_at_when_it_is_brought_and_not_at_start() {
    let (chain, folder, files, deals) = scene();
    let cut = unfinished(&chain, &folder, &files, &deals).await;
    let holder = Running::start(&chain, 1, config(), &folder).await;
    let held = holder.worker.store.get(7).expect("is there");
    assert!(!held.complete(), "as nobody has looked");
    assert_eq!(held.ready(), Ok(segments(cut.bytes)));
    assert!(held.complete(), "all were there");
}
