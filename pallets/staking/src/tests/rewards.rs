//! What blocks earn reaches whom it should, to the unit.

use crate::{mock::*, *};
use ergon_primitives::currency::ERGN;
use frame_support::{assert_ok, traits::fungible::Balanced};
use pallet_authorship::EventHandler;
use sp_runtime::Perbill;

fn delegate(validator: AccountId, amount: Balance) {
    Staking::share_out(&validator);
    Delegated::mutate(|all| *all.entry(validator).or_default() += amount);
}

fn rewarded(validator: AccountId) -> Balance {
    Rewarded::get().get(&validator).copied().unwrap_or(0)
}

#[test]
fn a_validator_alone_gets_all_of_it() {
    story(|| {
        let before = Balances::free_balance(1);
        Staking::note_author(1);
        Staking::note_author(1);
        assert_eq!(Balances::free_balance(1), before, "shared out when the session ends");
        assert_eq!(Staking::to_be_shared(&1), (2 * REWARD, 0));
        next_session();
        assert_eq!(Balances::free_balance(1), before + 2 * REWARD);
        assert_eq!((MintedSum::get(), Earnings::<Test>::iter().count()), (2 * REWARD, 0));
    });
}

#[test]
fn commission_comes_first_then_stakes_and_the_rest_is_the_delegators() {
    story(|| {
        Staking::change(&1, |validator| validator.commission = Perbill::from_percent(10));
        delegate(1, 20_000 * ERGN);
        let before = Balances::free_balance(1);
        Staking::note_author(1);
        let (own, delegators) = Staking::to_be_shared(&1);
        next_session();
        // 0.7 of 7, and a third of 6.3.
        assert_eq!(Balances::free_balance(1) - before, ERGN * 28 / 10);
        assert_eq!(rewarded(1), ERGN * 42 / 10);
        assert_eq!((own, delegators), (ERGN * 28 / 10, ERGN * 42 / 10), "as told before");
        assert_eq!(Balances::free_balance(POT), rewarded(1), "the pot has what delegators are owed");
    });
}

#[test]
fn what_cannot_be_divided_is_the_delegators() {
    story(|| {
        Staking::change(&1, |validator| validator.commission = Perbill::from_parts(333_333_333));
        delegate(1, 12_345_678_901_234_567);
        let before = Balances::free_balance(1);
        for _ in 0..7 {
            Staking::note_author(1);
            Staking::share_out(&1);
        }
        assert_eq!(Balances::free_balance(1) - before + rewarded(1), 7 * REWARD, "nothing is lost or made");
    });
}

#[test]
fn fees_of_a_block_are_shared_like_its_reward() {
    story(|| {
        delegate(1, 10_000 * ERGN);
        let before = Balances::free_balance(1);
        let fee = Balances::issue(ERGN);
        MintedSum::mutate(|sum| *sum += ERGN);
        Staking::add_fees(&1, fee);
        Staking::note_author(1);
        next_session();
        assert_eq!(Balances::free_balance(1) - before, (REWARD + ERGN) / 2);
        assert_eq!((rewarded(1), Balances::free_balance(POT)), ((REWARD + ERGN) / 2, (REWARD + ERGN) / 2));
        // All for the validator, of which a part lies in the pot.
        Delegated::set(Default::default());
        Staking::add_fees(&1, Balances::issue(ERGN));
        MintedSum::mutate(|sum| *sum += ERGN);
        next_session();
        assert_eq!(Balances::free_balance(1) - before, (REWARD + ERGN) / 2 + ERGN);
        assert_eq!(Balances::free_balance(POT), rewarded(1));
    });
}

#[test]
fn a_change_of_stake_counts_for_the_blocks_after_it() {
    story(|| {
        delegate(1, 10_000 * ERGN);
        Staking::note_author(1);
        assert_ok!(Staking::bond_more(RuntimeOrigin::signed(1), 20_000 * ERGN));
        assert_eq!(rewarded(1), REWARD / 2, "shared out by the stakes of before");
        Staking::note_author(1);
        next_session();
        assert_eq!(rewarded(1), REWARD / 2 + REWARD / 4);
    });
}

#[test]
fn what_was_earned_in_the_last_slot_in_the_set_is_paid_too() {
    story(|| {
        assert_ok!(Staking::leave(RuntimeOrigin::signed(2)));
        next_session();
        next_session();
        assert!(!members().contains(&2));
        let before = Balances::free_balance(2);
        Staking::note_author(2);
        next_session();
        assert_eq!(Balances::free_balance(2), before + REWARD);
        assert!(Epochs::get().contains(&(2, 2)), "and its epoch is closed");
    });
}
