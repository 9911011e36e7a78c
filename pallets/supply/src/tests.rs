//! The equation of the issuance, the cap, and the rates.

use ergon_primitives::{
    currency::{ERGN, SUPPLY_CAP},
    staking::{Burned, Minted, Supply as _},
};
use frame_support::{
    assert_ok, derive_impl,
    traits::{fungible::Mutate, ConstU128, Imbalance},
};
use sp_runtime::{BuildStorage, Perbill, Percent, TryRuntimeError};

use crate as pallet_supply;
use crate::*;

frame_support::construct_runtime! {
    pub enum Test {
        System: frame_system,
        Balances: pallet_balances,
        Supply: pallet_supply,
    }
}

#[derive_impl(frame_system::config_preludes::TestDefaultConfig)]
impl frame_system::Config for Test {
    type AccountData = pallet_balances::AccountData<Balance>;
    type Block = frame_system::mocking::MockBlock<Test>;
}

#[derive_impl(pallet_balances::config_preludes::TestDefaultConfig)]
impl pallet_balances::Config for Test {
    type AccountStore = System;
    type Balance = Balance;
    type DustRemoval = BurnDust<Test>;
    type ExistentialDeposit = ConstU128<1_000>;
}

impl Config for Test {
    type Currency = Balances;
    type VotedPolicy = Voted;
}

frame_support::parameter_types! {
    pub static Voted: Option<Policy> = None;
}

/// A chain on which account 1 has all money there is; checks the invariants at the end.
fn with_money(money: Balance, tell: impl FnOnce()) {
    let storage = RuntimeGenesisConfig {
        balances: pallet_balances::GenesisConfig { balances: vec![(1, money)], ..Default::default() },
        ..Default::default()
    };
    let mut chain = sp_io::TestExternalities::from(storage.build_storage().expect("genesis builds"));
    chain.execute_with(|| {
        tell();
        Supply::do_try_state().expect("invariants hold");
    });
}

fn pay(credit: CreditOf<Test>) {
    Balances::resolve(&2, credit).expect("more than the existential deposit");
}

#[test]
fn what_comes_and_goes_is_counted_by_cause() {
    with_money(5_000, || {
        pay(Supply::mint(Minted::BlockReward, 70_000));
        pay(Supply::mint(Minted::WorkerReward, 30_000));
        for (cause, amount) in [
            (Burned::Fees, 1),
            (Burned::Slash, 20),
            (Burned::UnjailFee, 300),
            (Burned::JailedExit, 4_000),
            (Burned::WorkOrders, 2_000),
        ] {
            let taken = Balances::withdraw(&2, amount, Exact, Preserve, Polite).expect("it is there");
            Supply::burn(cause, taken);
        }
        // What is below the existential deposit goes with its account.
        assert_ok!(Balances::transfer_allow_death(RuntimeOrigin::signed(1), 2, 4_500));
        let ledger = Totals::<Test>::get();
        let Ledger {
            genesis,
            block_rewards,
            worker_rewards,
            fees,
            slashes,
            unjail_fees,
            jailed_exits,
            dust,
            work_orders,
        } = ledger;
        assert_eq!([genesis, block_rewards, worker_rewards], [5_000, 70_000, 30_000]);
        assert_eq!([fees, slashes, unjail_fees, jailed_exits, dust, work_orders], [1, 20, 300, 4_000, 500, 2_000]);
        assert_eq!(Balances::total_issuance(), 105_000 - 6_821);
    });
}

use frame_support::traits::tokens::{Fortitude::Polite, Precision::Exact, Preservation::Preserve};

#[test]
fn nothing_is_minted_above_the_cap() {
    with_money(SUPPLY_CAP - 10_000, || {
        pay(Supply::mint(Minted::BlockReward, 6_000));
        let last = Supply::mint(Minted::BlockReward, 6_000);
        assert_eq!(last.peek(), 4_000, "what was left");
        pay(last);
        assert_eq!(Supply::mint(Minted::WorkerReward, Balance::MAX).peek(), 0);
        assert_eq!(Totals::<Test>::get().unissued(), 0);
        // What is burned can be minted again.
        Supply::burn(Burned::Slash, Balances::withdraw(&2, 50, Exact, Preserve, Polite).expect("it is there"));
        assert_eq!(Totals::<Test>::get().unissued(), 50);
    });
}

#[test]
#[should_panic(expected = "above the cap")]
fn a_genesis_above_the_cap_is_refused() {
    with_money(SUPPLY_CAP + 1, || {});
}

#[test]
fn both_invariants_are_checked() {
    let broken = |number: &str, money, how: &dyn Fn()| {
        with_money(money, || {
            sp_io::storage::start_transaction();
            how();
            match Supply::do_try_state() {
                Err(TryRuntimeError::Other(why)) => assert!(why.starts_with(number), "{why}"),
                other => panic!("invariant {number} missed it: {other:?}"),
            }
            sp_io::storage::rollback_transaction();
        });
    };
    broken("1", 5_000, &|| {
        Balances::mint_into(&1, 1).expect("mints");
    });
    broken("1", 5_000, &|| {
        assert_ok!(Balances::burn(RuntimeOrigin::signed(1), 1, false));
    });
    broken("2", SUPPLY_CAP, &|| {
        Balances::mint_into(&1, 1).expect("mints");
        Totals::<Test>::mutate(|ledger| ledger.block_rewards += 1);
    });
}

#[test]
fn the_annual_rate_falls_to_its_floor() {
    let reward = Reward::Apr {
        first: Perbill::from_percent(12),
        step: Perbill::from_percent(2),
        floor: Perbill::from_percent(4),
    };
    let rates: Vec<_> =
        [0, 1, 2, 3, 4, 5, 100, u32::MAX].map(|year| reward.rate(year).deconstruct() / 10_000_000).into();
    assert_eq!(rates, [12, 10, 8, 6, 4, 4, 4, 4]);
    // A year of ticks of 5 s pays the rate, less what rounding keeps: below one unit a block.
    let (stake, ticks) = (50_000_000 * ERGN, 365 * 24 * 720);
    for (year, percent) in [(0, 12), (1, 10), (9, 4)] {
        let paid = reward.of_block(year * ticks, 5_000, stake) * Balance::from(ticks);
        let due = stake / 100 * percent;
        assert!((due - Balance::from(ticks)..=due).contains(&paid), "{paid} of {due}");
    }
    assert_eq!(reward.of_block(ticks - 1, 5_000, stake), reward.of_block(0, 5_000, stake), "all of a year alike");
    assert_eq!(reward.of_block(u64::MAX, u64::MAX, Balance::MAX), 0, "what cannot be computed is not paid");
    assert_eq!(Reward::Fixed(7).of_block(u64::MAX, 5_000, 0), 7);
}

#[test]
fn years_are_counted_from_the_first_block() {
    with_money(5_000, || {
        Rates::<Test>::mutate(|rates| {
            rates.reward = Reward::Apr {
                first: Perbill::from_percent(12),
                step: Perbill::from_percent(2),
                floor: Perbill::from_percent(4),
            };
        });
        let (start, year) = (350_000_000, 365 * 24 * 720);
        let first = Supply::block_reward(start, 5_000, ERGN);
        assert_eq!(Supply::block_reward(start + year - 1, 5_000, ERGN), first);
        assert!(Supply::block_reward(start + year, 5_000, ERGN) < first);
    });
}

#[test]
fn what_is_voted_takes_the_place_of_genesis() {
    with_money(5_000, || {
        assert_eq!(Supply::block_reward(0, 5_000, 0), 10 * ERGN);
        Voted::set(Some(Policy { reward: Reward::Fixed(ERGN), ..Policy::default() }));
        assert_eq!(Supply::block_reward(0, 5_000, 0), ERGN);
    });
}

#[test]
fn rates_out_of_bounds_are_refused() {
    let with = |change: &dyn Fn(&mut Policy)| {
        let mut policy = Policy::default();
        change(&mut policy);
        policy.validate()
    };
    assert_eq!(with(&|_| {}), Ok(()));
    assert_eq!(with(&|p| p.reward = Reward::Fixed(1_000 * ERGN + 1)), Err(InvalidPolicy::Reward));
    let apr = |first, floor| Reward::Apr {
        first: Perbill::from_percent(first),
        step: Perbill::zero(),
        floor: Perbill::from_percent(floor),
    };
    assert_eq!(with(&|p| p.reward = apr(26, 0)), Err(InvalidPolicy::Rate));
    assert_eq!(with(&|p| p.reward = apr(10, 11)), Err(InvalidPolicy::Rate));
    assert_eq!(with(&|p| p.fees.burned = Percent::from_percent(11)), Err(InvalidPolicy::Fees));
    assert_eq!(with(&|p| p.fees.burned = Percent::from_percent(10)), Ok(()));
    use codec::{Decode, Encode};
    let mut forged = Policy::default();
    assert_eq!(Policy::decode(&mut &forged.encode()[..]), Ok(forged.clone()));
    forged.reward = Reward::Fixed(ERGN * ERGN);
    assert!(Policy::decode(&mut &forged.encode()[..]).is_err());
}
