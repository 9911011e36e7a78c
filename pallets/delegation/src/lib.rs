#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod delegations;
mod history;
pub mod math;
mod money;
mod pool;
mod redelegation;
mod stake;
mod sweep;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
pub mod types;
mod unbonding;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::{fill_pool, BenchmarkHelper};
pub use pallet::*;
pub use pool::MIN_FACTOR;
pub use weights::WeightInfo;

use frame_support::traits::fungible::Credit;

/// An amount of this chain's money that no account holds.
pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;
/// A delegation, in this runtime's types.
pub type DelegationFor<T> = types::Delegation<<T as frame_system::Config>::AccountId>;
/// Stake on its way back, in this runtime's types.
pub type ChunkFor<T> = types::Chunk<<T as frame_system::Config>::AccountId>;
/// A record of moved stake, in this runtime's types.
pub type MovedRecord<T> = types::Moved<<T as frame_system::Config>::AccountId>;
/// Records of moved stake, in this runtime's types.
pub type MovedFor<T> = types::MovedList<<T as frame_system::Config>::AccountId>;

/// The pallet.
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use ergon_primitives::{
        staking::{ChainTime, Rules, SessionIndex, Supply, Validators, MAX_UNBONDING},
        staking_info::{DelegationInfo, UnbondingInfo},
        time::Tick,
        Balance,
    };
    use frame_support::{
        pallet_prelude::*,
        traits::{
            fungible::{BalancedHold, Mutate, MutateHold},
            ConstU32,
        },
    };
    use frame_system::pallet_prelude::*;
    use sp_runtime::Perbill;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// What the pallet lives on.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The chain's money.
        type Currency: Mutate<Self::AccountId, Balance = Balance>
            + MutateHold<Self::AccountId, Balance = Balance, Reason = Self::RuntimeHoldReason>
            + BalancedHold<Self::AccountId, Balance = Balance>;
        /// Why money is held, in all pallets.
        type RuntimeHoldReason: From<HoldReason>;
        /// Who unmakes money.
        type Supply: Supply<CreditOf<Self>>;
        /// The register of validators.
        type Validators: Validators<Self::AccountId>;
        /// The chain's clock.
        type Time: ChainTime;
        /// The rules of staking in force.
        type Rules: Get<Rules>;
        /// Sessions back, this one included, whose offences can be reported.
        #[pallet::constant]
        type ReportSessions: Get<u32>;
        /// Least part that can be undelegated, unless it is all.
        #[pallet::constant]
        type MinChunk: Get<Balance>;
        /// Places of the queue of unbonding that a block looks at, at most. At least 1.
        #[pallet::constant]
        type ReleasesPerBlock: Get<u32>;
        /// Delegations that the sweep settles in a block, at most. At least 1.
        #[pallet::constant]
        type SweepPerBlock: Get<u32>;
        /// What the pallet's work costs.
        type WeightInfo: WeightInfo;
        /// Sets the scene for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Helper: BenchmarkHelper<Self::AccountId>;
    }

    /// Why this pallet holds money.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// It is delegated, or unbonding.
        Delegation,
    }

    /// What is delegated to each validator. Written by `stake.rs` only.
    #[pallet::storage]
    pub type Pools<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, types::Pool>;

    /// Who delegates to whom: delegator, validator. Written by `stake.rs` only.
    #[pallet::storage]
    pub type DelegationOf<T: Config> =
        StorageDoubleMap<_, Blake2_128Concat, T::AccountId, Blake2_128Concat, T::AccountId, DelegationFor<T>>;

    /// All that is delegated: the sum of the pools' values.
    #[pallet::storage]
    pub type TotalDelegated<T> = StorageValue<_, Balance, ValueQuery>;

    /// All that is unbonding, as it was when it was undelegated.
    #[pallet::storage]
    pub type TotalUnbonding<T> = StorageValue<_, Balance, ValueQuery>;

    /// Stake on its way back, by its number in the queue. Written by `unbonding.rs` only.
    #[pallet::storage]
    pub type Chunks<T: Config> = StorageMap<_, Twox64Concat, u64, ChunkFor<T>>;

    /// The numbers of each delegator's chunks.
    #[pallet::storage]
    pub type ChunksOf<T: Config> =
        StorageMap<_, Blake2_128Concat, T::AccountId, BoundedVec<u64, ConstU32<MAX_UNBONDING>>, ValueQuery>;

    /// Head of the queue: no chunk has a lower number.
    #[pallet::storage]
    pub type FirstChunk<T> = StorageValue<_, u64, ValueQuery>;

    /// Number of the next chunk.
    #[pallet::storage]
    pub type NextChunk<T> = StorageValue<_, u64, ValueQuery>;

    /// Where the sweep stands.
    #[pallet::storage]
    pub type SweepAt<T: Config> = StorageValue<_, types::Sweep<T::AccountId>>;

    /// The counters of each pool at the end of the last epochs. Written by `history.rs` only, and removed with the pool.
    #[pallet::storage]
    pub type Counters<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, types::EpochCounters, ValueQuery>;

    /// What the rewards of each delegation were shared by. Written by `history.rs` only, and removed with the delegation.
    #[pallet::storage]
    pub type CheckpointsOf<T: Config> = StorageDoubleMap<
        _,
        Blake2_128Concat,
        T::AccountId,
        Blake2_128Concat,
        T::AccountId,
        types::Checkpoints,
        ValueQuery,
    >;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        #[serde(skip)]
        #[doc(hidden)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            if let Err(why) = Pallet::<T>::endow_pot() {
                panic!("the pot of delegation rewards cannot have its existential deposit: {why:?}");
            }
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    // The fields say it by their names: accounts, amounts in the smallest unit, the number of a chunk in the queue.
    #[allow(missing_docs)]
    pub enum Event<T: Config> {
        /// An account began to delegate to a validator.
        Bonded { delegator: T::AccountId, validator: T::AccountId, amount: Balance, compounding: bool },
        /// A delegation was increased.
        BondedMore { delegator: T::AccountId, validator: T::AccountId, amount: Balance },
        /// Stake was taken from a validator; chunk `id` is released from tick `release` on.
        Undelegated { delegator: T::AccountId, validator: T::AccountId, amount: Balance, id: u64, release: Tick },
        /// Stake was moved from one validator to another.
        Redelegated { delegator: T::AccountId, from: T::AccountId, to: T::AccountId, amount: Balance },
        /// What was left of a chunk was delegated again to the validator that it was taken from.
        UnbondingCancelled { delegator: T::AccountId, validator: T::AccountId, amount: Balance, id: u64 },
        /// A chunk was released to the free balance, less what slashes took of it.
        Released { delegator: T::AccountId, validator: T::AccountId, amount: Balance, slashed: Balance, id: u64 },
        /// A delegation's rewards become stake from now on, or no longer do.
        CompoundingSet { delegator: T::AccountId, validator: T::AccountId, compounding: bool },
        /// A delegation was removed: nothing is left of it.
        DelegationEnded { delegator: T::AccountId, validator: T::AccountId },
        /// A reward was credited: to the free balance, or to the stake if it was compounded.
        Rewarded { delegator: T::AccountId, validator: T::AccountId, amount: Balance, compounded: bool },
        /// Money that slashes took from a delegation, or that rounding left over after one, was burned.
        SlashBurned { delegator: T::AccountId, validator: T::AccountId, amount: Balance },
        /// A validator's reward was shared out among its delegators.
        RewardShared { validator: T::AccountId, amount: Balance },
        /// Delegations to a validator lost a share, which came to `amount`, for what it did in session `offence`.
        Slashed { validator: T::AccountId, offence: SessionIndex, share: Perbill, amount: Balance },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// A validator does not delegate to itself: use its own stake.
        OwnStake,
        /// No validator has this account.
        UnknownValidator,
        /// The validator has left or is leaving: choose another.
        ValidatorLeaving,
        /// The validator is in jail and takes no stake until it is out: wait, or choose another.
        ValidatorJailed,
        /// The validator signed twice or was jailed for the third time, and never comes back: choose another.
        ValidatorTombstoned,
        /// Slashes left next to nothing of this validator's delegations, so it takes no more: choose another validator.
        PoolExhausted,
        /// The account delegates to this validator already: use `bond_more`.
        AlreadyDelegated,
        /// The account does not delegate to this validator.
        NotDelegated,
        /// The account delegates to as many validators as it may: leave one, or add to one of them.
        TooManyDelegations,
        /// The amount must be above zero.
        ZeroAmount,
        /// The delegation, or what remains of it, would be below the least amount: delegate more, or undelegate all.
        BelowMinimum,
        /// The delegation is smaller than this, slashes included.
        InsufficientStake,
        /// The part is too small to be undelegated by itself: take more, or all.
        ChunkTooSmall,
        /// The validator would have more of all stake than the power cap: delegate less, or choose another.
        PowerCapped,
        /// As many parts of the account's stake are unbonding as may be: wait until one is released, or cancel one.
        TooManyUnbonding,
        /// The account has no such unbonding stake; it may have been released.
        UnknownChunk,
        /// Both are the same validator.
        SameValidator,
        /// This much of the stake is not free to move on: it is liable for another validator's offences until they can no longer
        /// be reported. Move less, undelegate, or wait.
        StillLiable,
        /// The delegation already came from as many validators or sessions as it may: wait until one of them is too long ago.
        TooManyMoves,
        /// The delegation is set to this already.
        Unchanged,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            T::WeightInfo::release(Self::release_due(T::ReleasesPerBlock::get()))
        }

        fn on_idle(_: BlockNumberFor<T>, remaining: Weight) -> Weight {
            let released = Self::release_more(remaining);
            released.saturating_add(Self::sweep(remaining.saturating_sub(released)))
        }

        fn integrity_test() {
            assert!(T::ReportSessions::get() > 0, "this session's offences can be reported");
            assert!(T::ReleasesPerBlock::get() > 0, "or nothing is ever released");
            assert!(T::SweepPerBlock::get() > 0, "or no reward is ever credited by itself");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Begins to delegate `amount` to `validator`; rewards become stake if `compounding`.
        #[pallet::call_index(0)]
        #[pallet::weight(T::WeightInfo::bond())]
        pub fn bond(
            origin: OriginFor<T>,
            validator: T::AccountId,
            #[pallet::compact] amount: Balance,
            compounding: bool,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_bond(&who, &validator, amount, compounding)
        }

        /// Adds `amount` to a delegation.
        #[pallet::call_index(1)]
        #[pallet::weight(T::WeightInfo::bond_more())]
        pub fn bond_more(
            origin: OriginFor<T>,
            validator: T::AccountId,
            #[pallet::compact] amount: Balance,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_bond_more(&who, &validator, amount)
        }

        /// Takes `amount` from a delegation. The chain releases it when the unbonding time is over.
        #[pallet::call_index(2)]
        #[pallet::weight(T::WeightInfo::undelegate())]
        pub fn undelegate(
            origin: OriginFor<T>,
            validator: T::AccountId,
            #[pallet::compact] amount: Balance,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_undelegate(&who, &validator, Some(amount))
        }

        /// Ends a delegation. The chain releases it when the unbonding time is over.
        #[pallet::call_index(3)]
        #[pallet::weight(T::WeightInfo::undelegate_all())]
        pub fn undelegate_all(origin: OriginFor<T>, validator: T::AccountId) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_undelegate(&who, &validator, None)
        }

        /// Moves `amount` from one validator to another, at once. It stays liable for offences before.
        #[pallet::call_index(4)]
        #[pallet::weight(T::WeightInfo::redelegate())]
        pub fn redelegate(
            origin: OriginFor<T>,
            from: T::AccountId,
            to: T::AccountId,
            #[pallet::compact] amount: Balance,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_redelegate(&who, &from, &to, amount)
        }

        /// Delegates what is left of unbonding chunk `id` again, to the same validator.
        #[pallet::call_index(5)]
        #[pallet::weight(T::WeightInfo::cancel_unbonding())]
        pub fn cancel_unbonding(origin: OriginFor<T>, #[pallet::compact] id: u64) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_cancel_unbonding(&who, id)
        }

        /// Says whether the rewards of a delegation become stake.
        #[pallet::call_index(6)]
        #[pallet::weight(T::WeightInfo::set_compounding())]
        pub fn set_compounding(origin: OriginFor<T>, validator: T::AccountId, compounding: bool) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_compounding(&who, &validator, compounding)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// What the stake of an account with a validator is worth now.
        pub fn delegation(who: T::AccountId, validator: T::AccountId) -> Option<DelegationInfo<T::AccountId>> {
            Self::delegation_info(&who, &validator)
        }

        /// All delegations of an account.
        pub fn delegations(who: T::AccountId) -> Vec<DelegationInfo<T::AccountId>> {
            Self::delegations_of(&who)
        }

        /// What of an account's stake is unbonding, oldest first.
        pub fn unbonding(who: T::AccountId) -> Vec<UnbondingInfo<T::AccountId>> {
            Self::unbonding_of(&who)
        }

        /// What an account earned in each of the last epochs with each of its validators.
        pub fn rewards(who: T::AccountId) -> Vec<(SessionIndex, T::AccountId, Balance)> {
            Self::history(&who)
        }

        /// All that is delegated to a validator.
        pub fn pool(validator: T::AccountId) -> Option<types::Pool> {
            Pools::<T>::get(&validator)
        }
    }
}
