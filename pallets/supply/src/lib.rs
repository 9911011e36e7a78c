#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

mod policy;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use policy::{FeeShares, InvalidPolicy, Ledger, Policy, Reward};

use ergon_primitives::{
    currency::SUPPLY_CAP,
    staking::{Burned, Minted, Supply},
    time::Tick,
    Balance,
};
use frame_support::traits::{
    fungible::{Balanced, Credit, Inspect},
    Get, Imbalance, OnUnbalanced,
};

/// Money that no account holds, in this runtime's types.
pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

/// The pallet.
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::BlockNumberFor;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// What the pallet keeps account of.
    #[pallet::config]
    pub trait Config: frame_system::Config {
        /// The money.
        type Currency: Balanced<Self::AccountId, Balance = Balance>;
        /// Rates that governance has set, if it has.
        type VotedPolicy: Get<Option<Policy>>;
    }

    /// What there was in genesis, and what has come and gone since.
    #[pallet::storage]
    pub type Totals<T> = StorageValue<_, Ledger, ValueQuery>;

    /// The rates of genesis, which hold unless governance sets others.
    #[pallet::storage]
    pub type Rates<T> = StorageValue<_, Policy, ValueQuery>;

    /// Tick of the first block, from which years are counted.
    #[pallet::storage]
    pub type FirstTick<T> = StorageValue<_, Tick>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The rewards and the shares of fees.
        pub policy: Policy,
        #[serde(skip)]
        #[doc(hidden)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            if let Err(why) = self.policy.validate() {
                panic!("supply.policy in genesis is out of bounds: {why:?}");
            }
            Rates::<T>::put(&self.policy);
            // Balances comes before this pallet, so all of genesis' money is there.
            let genesis = T::Currency::total_issuance();
            assert!(genesis <= SUPPLY_CAP, "the balances in genesis are above the cap of {SUPPLY_CAP}: {genesis}");
            Totals::<T>::put(Ledger { genesis, ..Default::default() });
        }
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// What was minted and burned, by cause.
        pub fn ledger() -> Ledger {
            Totals::<T>::get()
        }
    }
}

impl<T: Config> Pallet<T> {
    /// The rates that hold now.
    pub fn policy() -> Policy {
        T::VotedPolicy::get().unwrap_or_else(Rates::<T>::get)
    }

    /// What a block of `tick` earns, with `stake` in the active set. Rounded down.
    pub fn block_reward(tick: Tick, tick_ms: u64, stake: Balance) -> Balance {
        let first = FirstTick::<T>::get().unwrap_or_else(|| {
            FirstTick::<T>::put(tick);
            tick
        });
        Self::policy().reward.of_block(tick.saturating_sub(first), tick_ms, stake)
    }

    /// Checks the invariants of the README. Errors name the number of the broken one.
    #[cfg(any(feature = "std", feature = "try-runtime"))]
    pub fn do_try_state() -> Result<(), sp_runtime::TryRuntimeError> {
        let issuance = T::Currency::total_issuance();
        frame_support::ensure!(
            Totals::<T>::get().expected_issuance() == Some(issuance),
            "1: the issuance is not what was minted less what was burned"
        );
        frame_support::ensure!(issuance <= SUPPLY_CAP, "2: there is more money than there may be");
        Ok(())
    }
}

impl<T: Config> Supply<CreditOf<T>> for Pallet<T> {
    fn mint(cause: Minted, amount: Balance) -> CreditOf<T> {
        let room = SUPPLY_CAP.saturating_sub(T::Currency::total_issuance());
        let credit = T::Currency::issue(amount.min(room));
        Totals::<T>::mutate(|ledger| ledger.minted(cause, credit.peek()));
        credit
    }

    fn burn(cause: Burned, credit: CreditOf<T>) {
        Totals::<T>::mutate(|ledger| ledger.burned(cause, credit.peek()));
        // A credit that nobody takes lowers the issuance.
        drop(credit);
    }
}

/// Counts what Balances takes from accounts that it removes.
pub struct BurnDust<T>(core::marker::PhantomData<T>);

impl<T: Config> OnUnbalanced<CreditOf<T>> for BurnDust<T> {
    fn on_nonzero_unbalanced(dust: CreditOf<T>) {
        Pallet::<T>::burn(Burned::Dust, dust);
    }
}
