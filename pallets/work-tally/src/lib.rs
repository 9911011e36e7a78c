#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod beacons;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod epoch;
mod ledger;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use ledger::{Bucket, Ledger, Slots};
pub use pallet::*;
pub use weights::WeightInfo;

use ergon_primitives::time::MAX_WINDOW_EPOCHS;

/// The pallet.
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use ergon_primitives::{
        staking::{ChainTime, MAX_REGISTERED},
        time::{EpochNumber, SlotNumber, Timing},
        work::{SignedBeacon, Tally},
        AuraId, BlockNumber,
    };
    use frame_support::{pallet_prelude::*, traits::Contains};
    use frame_system::pallet_prelude::*;
    use sp_runtime::traits::Convert;

    #[pallet::pallet]
    // Tallies are records of fixed length, but say so nowhere.
    #[pallet::without_storage_info]
    pub struct Pallet<T>(_);

    /// Who works, and when.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The chain's clock.
        type Clock: Get<Timing>;
        /// Tick of the block.
        type Time: ChainTime;
        /// Who is an entity: the operators, which are the registered validators. At most `MAX_REGISTERED`.
        type Entities: Contains<Self::AccountId>;
        /// All of them. Each has a ledger from the next epoch on, whether it sends anything or not.
        type AllEntities: Get<Vec<Self::AccountId>>;
        /// The operator that has registered a session key.
        type KeyOwner: Convert<AuraId, Option<Self::AccountId>>;
        /// What the pallet's work costs.
        type WeightInfo: WeightInfo;
        /// Sets the scene for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Helper: BenchmarkHelper<Self::AccountId>;
    }

    /// Makes entities for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    pub trait BenchmarkHelper<AccountId> {
        /// Makes `who` an entity, with `key`, if any is given.
        fn register(who: &AccountId, key: Option<AuraId>);
        /// Makes the block's tick that of `slot`'s beginning.
        fn set_slot(slot: SlotNumber);
    }

    /// What each entity did. Written by `epoch.rs` and `beacons.rs`.
    #[pallet::storage]
    pub type Ledgers<T: Config> = CountedStorageMap<_, Blake2_128Concat, T::AccountId, Ledger>;

    /// Slots with blocks. Written by `epoch.rs`.
    #[pallet::storage]
    pub type OpenedSlots<T> = StorageValue<_, Slots, ValueQuery>;

    /// The tally of the last epoch that is over. Written by `epoch.rs`.
    #[pallet::storage]
    pub type LastTally<T: Config> =
        StorageValue<_, (EpochNumber, BoundedVec<Tally<T::AccountId>, ConstU32<MAX_REGISTERED>>)>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// An entity's beacon counts for a slot.
        BeaconSeen {
            /// Whose.
            entity: T::AccountId,
            /// The slot.
            slot: SlotNumber,
        },
        /// An epoch is over: its tally is in `LastTally` until the next one is.
        EpochTallied {
            /// The epoch.
            epoch: EpochNumber,
            /// Entities in its tally.
            entities: u32,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The slot has not begun.
        SlotInFuture,
        /// The slot is over, and so is the one after it; or it had no blocks.
        SlotOver,
        /// No validator has registered this session key.
        UnknownKey,
        /// There are as many ledgers as there can be. One gets free when the epoch ends in which a validator left.
        NoRoom,
        /// The entity has sent a beacon for this slot.
        AlreadySeen,
        /// The block that it names is none of this chain's latest.
        UnknownBlock,
        /// The signature is not the key's.
        BadSignature,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::begin_block()
        }

        fn integrity_test() {
            let hashes: BlockNumber = ergon_primitives::work::BEACON_BLOCKS;
            assert!(
                <T as frame_system::Config>::BlockHashCount::get() > hashes.into(),
                "the hashes of all blocks that a beacon may name must be known"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// A sign of life of the validator whose session key signed it. Unsigned and free: nodes send it by themselves, once a
        /// slot.
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::beacon())]
        pub fn beacon(origin: OriginFor<T>, signed: SignedBeacon) -> DispatchResult {
            ensure_none(origin)?;
            Self::do_beacon(&signed)
        }
    }

    // The SDK's own reports still use it: one way to judge what nobody signed.
    #[allow(deprecated)]
    #[pallet::validate_unsigned]
    impl<T: Config> ValidateUnsigned for Pallet<T> {
        type Call = Call<T>;

        // Before a block takes it in, it is asked with the source `InBlock`.
        fn validate_unsigned(source: TransactionSource, call: &Self::Call) -> TransactionValidity {
            match call {
                Call::beacon { signed } => Self::validate_beacon(source, signed),
                _ => InvalidTransaction::Call.into(),
            }
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// What an entity did, epoch by epoch.
        pub fn ledger(who: T::AccountId) -> Option<Ledger> {
            Ledgers::<T>::get(who)
        }
    }
}
