#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod count;
mod rounds;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
mod types;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use count::Fault;
pub use pallet::*;
pub use types::Round;
pub use weights::WeightInfo;

/// The pallet.
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use ergon_primitives::{
        quorum::{Batch, RoundInfo, Statement, HEADER_DEPTH, INHERENT_IDENTIFIER},
        staking::ChainTime,
        time::{SlotNumber, Timing, MAX_VALIDATORS},
        work::WorkLedger,
        AuraId,
    };
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// Who signs, when, and what for.
    #[pallet::config]
    pub trait Config: frame_system::Config<RuntimeEvent: From<Event<Self>>> {
        /// The chain's clock.
        type Clock: Get<Timing>;
        /// Tick of the block.
        type Time: ChainTime;
        /// The active set in its order: operators and the keys that they sign with. At most `MAX_VALIDATORS`; more are
        /// left out.
        type Members: Get<Vec<(Self::AccountId, AuraId)>>;
        /// Where a signature that counts is written down.
        type Ledger: WorkLedger<Self::AccountId>;
        /// What the pallet's work costs.
        type WeightInfo: WeightInfo;
        /// Sets the scene for benchmarks.
        #[cfg(feature = "runtime-benchmarks")]
        type Helper: BenchmarkHelper<Self::AccountId>;
    }

    /// Makes sets for benchmarks.
    #[cfg(feature = "runtime-benchmarks")]
    pub trait BenchmarkHelper<AccountId> {
        /// Makes these the active set. Each can have work counted, and has as much in its ledger as there can be.
        fn set_members(members: Vec<(AccountId, AuraId)>);
        /// Makes the block's tick that of `slot`'s beginning.
        fn set_slot(slot: SlotNumber);
    }

    /// The latest slot that had a block. Written by `rounds.rs`, as is all that follows.
    #[pallet::storage]
    pub type LastSlot<T> = StorageValue<_, SlotNumber>;

    /// The round of that slot, if it has one.
    #[pallet::storage]
    pub type Current<T: Config> = StorageValue<_, Round<T::AccountId>>;

    /// The round of the slot with blocks before that: it takes late signatures.
    #[pallet::storage]
    pub type Previous<T: Config> = StorageValue<_, Round<T::AccountId>>;

    /// The block with the latest batch.
    #[pallet::storage]
    pub type LastBatch<T: Config> = StorageValue<_, BlockNumberFor<T>>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A slot began, and with it its round.
        RoundOpened {
            /// The slot.
            slot: SlotNumber,
            /// What its validators sign.
            statement: Statement,
        },
        /// A quorum has signed.
        Agreed {
            /// The slot.
            slot: SlotNumber,
            /// What they signed.
            statement: Statement,
            /// How many they are by now.
            signers: u32,
        },
        /// Signatures were counted: a unit of work for each.
        Signed {
            /// The slot whose topic they signed.
            slot: SlotNumber,
            /// Whose they are.
            operators: BoundedVec<T::AccountId, ConstU32<MAX_VALIDATORS>>,
        },
    }

    /// Each of these makes the block invalid.
    #[pallet::error]
    pub enum Error<T> {
        /// The block carries a batch already.
        SecondBatch,
        /// The slot is over, and so is the one after it; or it has not begun, or it had no round.
        NotOpen,
        /// The batch has no signatures.
        Empty,
        /// The batch's places are not strictly ascending.
        Unordered,
        /// The set has no such place.
        UnknownPlace,
        /// The signature of a place was counted before.
        AlreadyCounted,
        /// No quorum stands, and these are too few to make one.
        NoQuorum,
        /// A signature is not its member's of the round's topic.
        BadSignature,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::begin_block()
        }

        fn integrity_test() {
            assert!(
                <T as frame_system::Config>::BlockHashCount::get() > HEADER_DEPTH.into(),
                "the hash of the header that is signed must be known"
            );
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Inherent: signatures of a slot's validators. At most one in a block, which is invalid if it fails.
        #[pallet::call_index(0)]
        // The length is bounded by `MAX_VALIDATORS`.
        #[pallet::weight((<T as Config>::WeightInfo::submit(batch.signatures.len() as u32), DispatchClass::Mandatory))]
        pub fn submit(origin: OriginFor<T>, batch: Batch) -> DispatchResult {
            ensure_none(origin)?;
            Self::do_submit(&batch)
        }
    }

    #[pallet::inherent]
    impl<T: Config> ProvideInherent for Pallet<T> {
        type Call = Call<T>;
        /// Never made: whether a batch is good is for its dispatch to say.
        type Error = sp_inherents::MakeFatalError<()>;
        const INHERENT_IDENTIFIER: sp_inherents::InherentIdentifier = INHERENT_IDENTIFIER;

        fn create_inherent(data: &InherentData) -> Option<Self::Call> {
            let offered = data.get_data::<Batch>(&INHERENT_IDENTIFIER).ok().flatten()?;
            Some(Call::submit { batch: Self::sift(offered)? })
        }

        fn is_inherent(call: &Self::Call) -> bool {
            matches!(call, Call::submit { .. })
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The rounds that take signatures, the latest first.
        pub fn open_rounds() -> Vec<RoundInfo<T::AccountId>> {
            Self::rounds()
        }
    }
}
