//! What must hold after every step, whatever it was.

use ergon_primitives::{currency::MILLI_ERGN, Balance};
use frame_support::traits::fungible::Inspect;
use pallet_supply::Ledger;

use crate::{
    steps::Step,
    world::{Balances, Delegation, Staking, Supply, World, ACCOUNTS},
};

/// What was before, to compare with.
pub struct History {
    ledger: Ledger,
}

impl History {
    /// Begins with the chain as it is.
    pub fn begin() -> Self {
        let history = Self { ledger: Supply::ledger() };
        check_state("genesis");
        history
    }

    /// Checks the chain after `step`.
    pub fn check(&mut self, step: &Step) {
        let what = format!("{step:?}");
        check_state(&what);
        let ledger = Supply::ledger();
        let before = &self.ledger;
        let only_grows =
            ledger.total_minted() >= before.total_minted() && ledger.total_burned() >= before.total_burned();
        assert!(only_grows, "{what}: what was minted or burned became less");
        self.ledger = ledger;
    }
}

fn check_state(what: &str) {
    let sound = |name, result: Result<(), sp_runtime::TryRuntimeError>| {
        if let Err(why) = result {
            panic!("{what}: {name}: {why:?}");
        }
    };
    sound("staking", Staking::do_try_state());
    sound("delegation", Delegation::do_try_state());
    sound("supply", Supply::do_try_state());

    // The pot has what is owed and its deposit, to the unit.
    let sum: Balance = (0..ACCOUNTS).map(|who| Balances::total_balance(&who)).sum();
    let pot = Delegation::pot_account();
    let in_pot = Balances::total_balance(&pot);
    let issuance = Balances::total_issuance();
    assert_eq!(sum + in_pot, issuance, "{what}: all money is somebody's");

    let pools: Balance = pallet_delegation::Pools::<World>::iter_values().map(|pool| pool.in_pot()).sum();
    let unshared: Balance =
        pallet_validator_staking::Earnings::<World>::iter_values().map(|earned| earned.in_pot).sum();
    // No step gives it anything, because it is none of the accounts.
    assert_eq!(in_pot, MILLI_ERGN + pools + unshared, "{what}: the pot has what it owes");
}
