#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod deeds;
mod offences;
mod penalties;
mod register;
mod rewards;
mod rules;
mod session;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
pub mod types;
mod uptime;
pub mod weights;
mod witness;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

#[cfg(feature = "runtime-benchmarks")]
pub use benchmarking::BenchmarkHelper;
pub use deeds::Deeds;
pub use pallet::*;
pub use types::{Cause, Performance, Profile, Validator};
pub use uptime::Uptime;
pub use weights::WeightInfo;
pub use witness::Witnesses;

use ergon_primitives::Balance;
use frame_support::traits::fungible::{self, Credit};

/// Log target of this pallet.
pub(crate) const LOG_TARGET: &str = "runtime::staking";

/// Money that no account holds, in this runtime's types.
pub type CreditOf<T> = Credit<<T as frame_system::Config>::AccountId, <T as Config>::Currency>;

/// What a block earns.
pub trait BlockReward {
    /// What the author of this block and its delegators earn, with `stake` in the active set.
    fn of_block(stake: Balance) -> Balance;
}

/// The pallet.
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use crate::types::{Earned, RulesVersion};
    use alloc::vec::Vec;
    use ergon_primitives::{
        schedule::FutureTicks,
        staking::{ChainTime, Delegations, Rules, SessionIndex, Supply, MAX_REGISTERED, WITNESS_TICKS},
        time::Tick,
    };
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;
    use sp_runtime::Perbill;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// What the pallet needs of the chain.
    #[pallet::config]
    pub trait Config:
        frame_system::Config<RuntimeEvent: From<Event<Self>>>
        + pallet_session::Config<ValidatorId = <Self as frame_system::Config>::AccountId>
    {
        /// The money: stake is held in its owner's account.
        type Currency: fungible::Mutate<Self::AccountId, Balance = Balance>
            + fungible::MutateHold<Self::AccountId, Reason = Self::RuntimeHoldReason>
            + fungible::BalancedHold<Self::AccountId>;
        /// The runtime's reasons for holds.
        type RuntimeHoldReason: From<HoldReason>;
        /// Mints rewards, burns what is slashed.
        type Supply: Supply<CreditOf<Self>>;
        /// Stake that others delegate.
        type Delegations: Delegations<Self::AccountId>;
        /// The clock.
        type Time: ChainTime;
        /// The schedule of ticks.
        type FutureTicks: FutureTicks<Self::AccountId>;
        /// What a block earns.
        type BlockReward: BlockReward;
        /// Most members that the schedule is sure to reach, whatever the rules say.
        type MostMembers: Get<u32>;
        /// Rules that governance has set, if it has; in force from the next session on.
        type VotedRules: Get<Option<Rules>>;
        /// Sessions back whose offences can be reported: for so long the rules of each are kept.
        #[pallet::constant]
        type ReportSessions: Get<u32>;
        /// What the pallet's work costs.
        type WeightInfo: WeightInfo;
        /// Sets the scene for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Helper: BenchmarkHelper<Self::AccountId>;
    }

    /// Why the pallet holds money.
    #[pallet::composite_enum]
    pub enum HoldReason {
        /// A validator's stake of its own, in the set or on its way out.
        #[codec(index = 0)]
        OwnStake,
    }

    /// Every validator. Written by `register.rs` and `penalties.rs`.
    #[pallet::storage]
    pub type Registry<T: Config> = CountedStorageMap<_, Blake2_128Concat, T::AccountId, Validator>;

    /// Who can never be a validator again, also when it has left.
    #[pallet::storage]
    pub type Tombstones<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, ()>;

    /// Validators that have left. An entry is the price of having staked for the unbonding time, and is small.
    #[pallet::storage]
    pub type Former<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, types::Past>;

    /// How validators present themselves.
    #[pallet::storage]
    pub type Profiles<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Profile>;

    /// Sum of all validators' own stake, without what is unbonding.
    #[pallet::storage]
    pub type TotalOwnStake<T> = StorageValue<_, Balance, ValueQuery>;

    /// Sum of what all validators have unbonding.
    #[pallet::storage]
    pub type TotalUnbonding<T> = StorageValue<_, Balance, ValueQuery>;

    /// Stake of the active set, its own and delegated, when the session began.
    #[pallet::storage]
    pub type ActiveStake<T> = StorageValue<_, Balance, ValueQuery>;

    /// What validators have earned since their rewards were shared out last. Written by `rewards.rs`.
    #[pallet::storage]
    pub type Earnings<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Earned, ValueQuery>;

    /// How validators have kept their ticks. Written by `uptime.rs`.
    #[pallet::storage]
    pub type Uptimes<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Uptime, ValueQuery>;

    /// The latest blocks, as witnesses of ticks missed. Written by `uptime.rs`.
    #[pallet::storage]
    pub type LatestBlocks<T: Config> = StorageValue<_, Witnesses<T::AccountId>, ValueQuery>;

    /// The rules of genesis: those in force unless governance sets others, and the measure of these.
    #[pallet::storage]
    pub type GenesisRules<T> = StorageValue<_, Rules, OptionQuery>;

    /// The rules, oldest first, as far back as offences can be reported. Written by `rules.rs`.
    #[pallet::storage]
    pub type RulesVersions<T> =
        StorageValue<_, BoundedVec<RulesVersion, ConstU32<{ rules::MAX_VERSIONS }>>, ValueQuery>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The rules that the chain begins with.
        pub rules: Rules,
        /// Own stake of each validator of genesis that is not named below; the least that there may be, if none is given.
        pub stake: Option<Balance>,
        /// Own stake and commission of those that differ.
        pub validators: Vec<(T::AccountId, Balance, Perbill)>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            Pallet::<T>::build_genesis(&self.rules, self.stake, &self.validators);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    // The fields say it by their names: accounts, amounts in units of the token, ticks, sessions.
    #[allow(missing_docs)]
    pub enum Event<T: Config> {
        /// A validator was registered.
        Registered { validator: T::AccountId, stake: Balance, commission: Perbill },
        /// A validator changed how it presents itself.
        ProfileChanged { validator: T::AccountId },
        /// A validator changed its commission.
        CommissionChanged { validator: T::AccountId, from: Perbill, to: Perbill },
        /// A validator added to its own stake.
        StakeAdded { validator: T::AccountId, amount: Balance },
        /// A part of a validator's own stake began to unbond.
        Unbonding { validator: T::AccountId, amount: Balance, release: Tick },
        /// A part of a validator's own stake was released.
        Released { validator: T::AccountId, amount: Balance },
        /// A validator is leaving: it is elected no more.
        Leaving { validator: T::AccountId },
        /// A validator that had left was forgotten, its keys with it.
        Removed { validator: T::AccountId },
        /// A validator was jailed.
        Jailed { validator: T::AccountId, until: Tick, strikes: u32 },
        /// A validator left jail; `fee` was burned if it did so early.
        Unjailed { validator: T::AccountId, fee: Balance },
        /// A validator can never be in the set again.
        Tombstoned { validator: T::AccountId },
        /// A validator lost stake of its own, burned; its delegators lost `share`.
        Slashed { validator: T::AccountId, cause: Cause, session: SessionIndex, own: Balance, share: Perbill },
        /// A part of what was unstaked in jail was burned.
        JailedExit { validator: T::AccountId, burned: Balance },
        /// In the session that ended, more than a third of those who owed ticks missed more than a quarter. Nobody is blamed.
        MassOutage { session: SessionIndex, down: u32, of: u32 },
        /// The set for a session was chosen.
        SetPlanned { session: SessionIndex, validators: u32, least_stake: Balance },
        /// Nobody stands for election: whoever has not asked to leave serves, jailed or short of stake.
        NoCandidates { session: SessionIndex },
        /// Rewards were shared out.
        RewardsShared { validator: T::AccountId, own: Balance, commission: Balance, delegators: Balance },
        /// Other rules hold from a session on.
        RulesChanged { since: SessionIndex },
        /// Rules that were set are too far from those of genesis. Those before hold on.
        RulesRefused { since: SessionIndex },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// No validator has this account: register first.
        NotRegistered,
        /// This account is a validator already.
        AlreadyRegistered,
        /// There are as many validators as there can be.
        RegistryFull,
        /// A validator's own stake must be at least the least that the rules name; to take out more, leave.
        StakeTooSmall,
        /// The account does not have this much to spare.
        InsufficientBalance,
        /// A name has 64 bytes at most, a website 128, a description 512.
        ProfileTooLong,
        /// The name is empty.
        NameMissing,
        /// A commission rises by one step at most: a point.
        CommissionStepTooLarge,
        /// The commission was raised less than a day ago.
        CommissionRaisedLately,
        /// There is nothing to change.
        NothingToChange,
        /// The validator is leaving.
        Leaving,
        /// The validator is in jail; `unjail` lets it out.
        Jailed,
        /// The validator is not in jail.
        NotJailed,
        /// The account can never be a validator again; if it still is one, it can only leave.
        Tombstoned,
        /// Too many parts of the stake are unbonding; wait until one is released.
        TooManyUnbonding,
        /// It is the last validator of the set.
        LastValidator,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            // What Authorship and the schedule let this pallet do in every block. Misses are told of two sides at most.
            <T as Config>::WeightInfo::on_block(2 * WITNESS_TICKS as u32)
        }

        fn integrity_test() {
            assert!(T::ReportSessions::get() >= 2, "offences of the session before must be reportable");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Makes the sender a validator with `stake` of its own, held in its account. It stands for election once it has
        /// registered session keys, too: `ergon-node key setup` prints the call.
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::register())]
        pub fn register(
            origin: OriginFor<T>,
            #[pallet::compact] stake: Balance,
            commission: Perbill,
            profile: Profile,
        ) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_register(&who, stake, commission, profile)
        }

        /// Changes how the sender presents itself.
        #[pallet::call_index(1)]
        #[pallet::weight(<T as Config>::WeightInfo::set_profile())]
        pub fn set_profile(origin: OriginFor<T>, profile: Profile) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_profile(&who, profile)
        }

        /// Changes the sender's commission: down at any time, up by a point a day at most.
        #[pallet::call_index(2)]
        #[pallet::weight(<T as Config>::WeightInfo::set_commission())]
        pub fn set_commission(origin: OriginFor<T>, commission: Perbill) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_set_commission(&who, commission)
        }

        /// Adds to the sender's own stake.
        #[pallet::call_index(3)]
        #[pallet::weight(<T as Config>::WeightInfo::bond_more())]
        pub fn bond_more(origin: OriginFor<T>, #[pallet::compact] amount: Balance) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_bond_more(&who, amount)
        }

        /// Takes a part out of the sender's own stake, released by the chain after the unbonding time.
        #[pallet::call_index(4)]
        #[pallet::weight(<T as Config>::WeightInfo::unbond())]
        pub fn unbond(origin: OriginFor<T>, #[pallet::compact] amount: Balance) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_unbond(&who, amount)
        }

        /// Takes all of it out and leaves. The sender still owes the ticks that it has, and answers for what it signs, in
        /// this session and the next.
        #[pallet::call_index(5)]
        #[pallet::weight(<T as Config>::WeightInfo::leave().saturating_add(T::FutureTicks::weight()))]
        pub fn leave(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_leave(&who)
        }

        /// Lets the sender out of jail: free once its term is over, for a fee before.
        #[pallet::call_index(6)]
        #[pallet::weight(<T as Config>::WeightInfo::unjail())]
        pub fn unjail(origin: OriginFor<T>) -> DispatchResult {
            let who = ensure_signed(origin)?;
            Self::do_unjail(&who)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// A validator, if there is one.
        pub fn validator(who: T::AccountId) -> Option<Validator> {
            Registry::<T>::get(who)
        }

        /// How well a validator keeps its duties.
        pub fn performance_of(who: T::AccountId) -> Performance {
            let rules = Self::rules();
            Uptimes::<T>::get(who).performance(&rules)
        }

        /// Least stake, own and delegated, with which a newcomer would enter the set now.
        pub fn stake_to_enter() -> Balance {
            Self::entry_stake()
        }
    }

    const _: () = assert!(MAX_REGISTERED >= ergon_primitives::time::MAX_VALIDATORS);
}
