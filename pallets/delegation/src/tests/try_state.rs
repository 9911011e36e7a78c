//! Each invariant catches a state that breaks it.

use crate::{mock::*, *};
use ergon_primitives::currency::ERGN;
use frame_support::assert_ok;
use sp_runtime::TryRuntimeError;

fn broken(number: &str, how: impl FnOnce()) {
    story(|| {
        bond(1, V, 1_000);
        compound(2, V, 1_000);
        reward(V, 20 * ERGN);
        next_session();
        reward(V, 20 * ERGN);
        next_session();
        assert_ok!(Delegating::undelegate(signed(1), V, 100 * ERGN));
        next_session();
        assert_ok!(Delegating::undelegate(signed(2), V, 100 * ERGN));
        assert_ok!(Delegating::redelegate(signed(1), V, W, 200 * ERGN));
        slash(V, 1, 5);
        slash(V, 2, 5);
        reward(V, 20 * ERGN);
        check();
        sp_io::storage::start_transaction();
        how();
        match Delegating::do_try_state() {
            Err(TryRuntimeError::Other(why)) => assert!(why.starts_with(number), "{why}"),
            other => panic!("invariant {number} missed it: {other:?}"),
        }
        sp_io::storage::rollback_transaction();
    });
}

fn change_pool(validator: AccountId, change: impl FnOnce(&mut types::Pool)) {
    Pools::<Test>::mutate(validator, |pool| change(pool.as_mut().expect("exists")));
}

fn change_delegation(who: AccountId, change: impl FnOnce(&mut DelegationFor<Test>)) {
    DelegationOf::<Test>::mutate(who, V, |delegation| change(delegation.as_mut().expect("exists")));
}

fn change_chunk(id: u64, change: impl FnOnce(&mut ChunkFor<Test>)) {
    Chunks::<Test>::mutate(id, |chunk| change(chunk.as_mut().expect("exists")));
}

#[test]
fn holds_pools_and_the_pot_are_checked() {
    broken("1", || Delegating::hold(&1, 1).expect("holds"));
    broken("1", || change_chunk(0, |chunk| chunk.amount += 1));
    broken("2", || change_pool(V, |pool| pool.paying.points += 1));
    broken("2", || change_pool(V, |pool| pool.compounding.points += 1));
    broken("2", || change_pool(V, |pool| pool.compounding.shares += 1));
    broken("2", || change_pool(V, |pool| pool.held += 1));
    broken("2", || change_pool(V, |pool| pool.delegators += 1));
    broken("2", || change_pool(V, |pool| pool.chunks += 1));
    broken("2", || change_pool(V, |pool| pool.liable += 1));
    broken("2", || Pools::<Test>::insert(V + 5, types::Pool::default()));
    broken("2", || Pools::<Test>::remove(W));
    broken("3", || change_pool(W, |pool| pool.paying.pot += 1));
    broken("4", || change_pool(V, |pool| pool.paying.pot /= 2));
    broken("6", || TotalDelegated::<Test>::mutate(|total| *total += 1));
}

#[test]
fn delegations_and_the_queue_are_checked() {
    broken("5", || {
        Delegating::hold(&1, 1).expect("holds");
        change_delegation(1, |delegation| {
            delegation.points *= 2;
            delegation.held += 1;
        });
        change_pool(V, |pool| {
            pool.paying.points = DelegationOf::<Test>::get(1, V).expect("exists").points;
            pool.held += 1;
            pool.paying.reward_per_point = 0;
        });
        let total = Pools::<Test>::iter_values().map(|pool| pool.value()).sum::<u128>();
        TotalDelegated::<Test>::put(total);
    });
    broken("5", || change_delegation(2, |delegation| delegation.owed = 1));
    broken("7", || FirstChunk::<Test>::put(1));
    broken("7", || NextChunk::<Test>::put(1));
    broken("7", || ChunksOf::<Test>::remove(1));
    broken("7", || change_chunk(0, |chunk| chunk.start += 5));
    broken("8", || {
        let moved = DelegationOf::<Test>::get(1, W).expect("exists").moved;
        change_delegation(1, |delegation| delegation.moved = moved);
        change_pool(V, |pool| pool.liable += 1);
    });
}

#[test]
fn slashes_and_history_are_checked() {
    broken("9", || change_pool(V, |pool| pool.slashes.as_mut().swap(0, 1)));
    broken("9", || change_pool(V, |pool| pool.slashes.as_mut()[0].keep = math::ONE + 1));
    broken("10", || CheckpointsOf::<Test>::remove(1, V));
    broken("10", || CheckpointsOf::<Test>::mutate(1, V, |list| list.as_mut().reverse()));
    broken("10", || Counters::<Test>::mutate(V, |list| list.as_mut().reverse()));
    broken("10", || Counters::<Test>::insert(V + 5, Counters::<Test>::get(V)));
}
