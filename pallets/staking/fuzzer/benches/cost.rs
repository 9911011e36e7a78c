//! What a block and a session's end cost, with ever more delegators and validators. Prints a table; asserts nothing.
//!
//! `cargo bench --profile release --workspace --bench cost`. State lies in memory, so the figures are the pallets' own work, without
//! the database's; compare them with each other, in one run.

use std::time::{Duration, Instant};

use ergon_primitives::{currency::ERGN, staking::DutyObserver, staking::Rules};
use ergon_staking_fuzzer::world::{
    self, keys, AccountId, Delegation, Now, RuntimeOrigin, Session, Staking, System, World,
};
use frame_support::{traits::Hooks, weights::Weight};
use pallet_authorship::EventHandler;
use pallet_validator_staking::Profile;
use sp_runtime::Perbill;

const BLOCKS: u32 = 2_000;
const SESSIONS: u32 = 30;

/// A chain of so many validators, each delegator with one of them; half of them compound.
fn chain(validators: u64, delegators: u64) -> sp_io::TestExternalities {
    let rules = Rules { max_validators: 100, ..world::rules() };
    let mut chain = world::with_accounts(validators + delegators, rules);
    chain.execute_with(|| {
        for who in world::GENESIS..validators {
            let profile = Profile { name: b"v".to_vec().try_into().expect("short"), ..Default::default() };
            Staking::register(RuntimeOrigin::signed(who), 10_000 * ERGN, Perbill::zero(), profile).expect("registers");
            pallet_session::NextKeys::<World>::insert(who, keys(who));
        }
        for i in 0..delegators {
            // All who can be: where few validators are, the power cap refuses the rest.
            let origin = RuntimeOrigin::signed(validators + i);
            Delegation::bond(origin, i % validators, 100 * ERGN, i % 2 == 0).expect("delegates");
        }
        for _ in 0..3 {
            session();
        }
    });
    // As after a block: what follows starts from the backend and not from the overlay.
    chain.commit_all().expect("commits");
    chain
}

fn session() {
    Now::mutate(|now| *now += world::SESSION);
    System::reset_events();
    Session::rotate_session();
}

fn block(author: AccountId) {
    Now::mutate(|now| *now += 1);
    System::reset_events();
    Staking::on_block(Now::get(), &author, &[]);
    Staking::note_author(author);
    Delegation::on_initialize(System::block_number());
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

fn measure(validators: u64, delegators: u64) -> [Duration; 3] {
    chain(validators, delegators).execute_with(|| {
        let members = pallet_session::Validators::<World>::get();
        let mut blocks = Vec::new();
        for i in 0..BLOCKS {
            let author = members[i as usize % members.len()];
            let start = Instant::now();
            block(author);
            blocks.push(start.elapsed());
        }
        let mut sessions = Vec::new();
        let mut sweeps = Vec::new();
        for _ in 0..SESSIONS {
            members.iter().for_each(|author| block(*author));
            let start = Instant::now();
            session();
            sessions.push(start.elapsed());
            let start = Instant::now();
            Delegation::on_idle(System::block_number(), Weight::MAX);
            sweeps.push(start.elapsed());
        }
        [median(blocks), median(sessions), median(sweeps)]
    })
}

fn main() {
    println!("validators  delegators      block  session end  sweep of 100");
    for validators in [6, 100] {
        for delegators in [10, 1_000, 100_000] {
            let [block, session, sweep] = measure(validators, delegators).map(|time| time.as_secs_f64() * 1e6);
            println!("{validators:>10} {delegators:>11} {block:>7.1} µs {session:>9.0} µs {sweep:>10.0} µs");
        }
    }
}
