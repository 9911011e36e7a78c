#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

mod apis;
#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod duties;
mod exclusion;
mod randomness;
mod session;
mod slots;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use pallet::*;
pub use session::{NeverByItself, RotateSession, SlotSessions};
pub use weights::WeightInfo;

use ergon_primitives::{schedule, AuraId};
use frame_support::{traits::ConstU32, BoundedVec};

/// Log target of this pallet.
pub(crate) const LOG_TARGET: &str = "runtime::work-credits";

/// Who owes a tick, in this runtime's types.
pub type OwnerOf<T> = schedule::Owner<<T as frame_system::Config>::AccountId, AuraId>;
/// Who owes each tick of the table, in this runtime's types.
pub type TableOf<T> = BoundedVec<OwnerOf<T>, ConstU32<{ ergon_primitives::time::MAX_TABLE_LEN }>>;
/// What is remembered of a slot, in this runtime's types.
pub type SlotRecordOf<T> = schedule::SlotRecord<<T as frame_system::Config>::AccountId>;

#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::vec::Vec;
    use ergon_primitives::{
        schedule::{Duties, Election, OperatorReliability, OperatorStanding, Outcome},
        staking::DutyObserver,
        time::{
            SlotNumber, Tick, Timing, COOLDOWN_SLOTS, MAX_FALLBACKS, MAX_TABLE_LEN, MAX_VALIDATORS, MAX_WINDOW_SLOTS,
        },
        vrf::{InherentError, Randomness, TickVrf, VrfClaim, INHERENT_IDENTIFIER},
    };
    use frame_support::pallet_prelude::*;
    use frame_system::pallet_prelude::*;

    /// Where the pallet learns what validators worked, and what it costs.
    #[pallet::config]
    pub trait Config: frame_system::Config + pallet_aura::Config<AuthorityId = AuraId> {
        /// Work credits, live score and jail of an operator.
        type Standing: OperatorStanding<Self::AccountId>;
        /// How well an operator kept its ticks lately.
        type Reliability: OperatorReliability<Self::AccountId>;
        /// Counts how operators keep their ticks and slots.
        type Observer: DutyObserver<Self::AccountId>;
        /// Turns the session.
        type Sessions: RotateSession;
        /// Benchmarked costs.
        type WeightInfo: WeightInfo;
    }

    #[pallet::pallet]
    pub struct Pallet<T>(_);

    /// The chain's clock. Written in genesis only.
    #[pallet::storage]
    pub type Clock<T> = StorageValue<_, Timing, ValueQuery>;

    /// The validators of this session with their keys, in the session's order.
    #[pallet::storage]
    pub type ActiveSet<T: Config> = StorageValue<_, BoundedVec<OwnerOf<T>, ConstU32<MAX_VALIDATORS>>, ValueQuery>;

    /// Who owes each tick: the entry at tick % length. Its keys are Aura's authorities, entry by entry.
    #[pallet::storage]
    pub type Table<T: Config> = StorageValue<_, TableOf<T>, ValueQuery>;

    /// Whether this block wrote the table; taken at its end, when Aura is told.
    #[pallet::storage]
    pub type TableChanged<T> = StorageValue<_, bool, ValueQuery>;

    /// Tick of the latest block; none in genesis.
    #[pallet::storage]
    pub type LastTick<T> = StorageValue<_, Tick>;

    /// Slot of the first block.
    #[pallet::storage]
    pub type FirstSlot<T> = StorageValue<_, SlotNumber, ValueQuery>;

    /// Candidates of the last election, none in an emergency; not there before the first one.
    #[pallet::storage]
    pub type Candidates<T> = StorageValue<_, u32, OptionQuery>;

    /// Positions in the active set in the order in which they fall back, each once. After the set changed in length, the next
    /// election starts it anew.
    #[pallet::storage]
    pub type FallbackQueue<T> = StorageValue<_, BoundedVec<u32, ConstU32<MAX_VALIDATORS>>, ValueQuery>;

    /// The slots elected last, oldest first, with their primaries.
    #[pallet::storage]
    pub type RecentPrimaries<T: Config> =
        StorageValue<_, BoundedVec<(SlotNumber, T::AccountId), ConstU32<COOLDOWN_SLOTS>>, ValueQuery>;

    /// Records of slots, at slot % window: a newer slot overwrites the one a window before it, so nothing needs pruning.
    #[pallet::storage]
    pub type Records<T: Config> = StorageMap<_, Twox64Concat, u32, SlotRecordOf<T>>;

    /// How each operator has kept its ticks. Follows the operator, whatever keys it uses.
    #[pallet::storage]
    pub type DutiesOf<T: Config> = StorageMap<_, Blake2_128Concat, T::AccountId, Duties, ValueQuery>;

    /// Randomness in use in this epoch.
    #[pallet::storage]
    pub type EpochRandomness<T> = StorageValue<_, Randomness, ValueQuery>;

    /// Randomness of the next epoch: complete, because it was gathered in the last one.
    #[pallet::storage]
    pub type NextRandomness<T> = StorageValue<_, Randomness, ValueQuery>;

    /// Every VRF output so far, folded.
    #[pallet::storage]
    pub type GatheredRandomness<T> = StorageValue<_, Randomness, ValueQuery>;

    /// What this block's author must sign; taken by [`Call::note_vrf`], so it exists only inside a block.
    #[pallet::storage]
    pub type PendingClaim<T> = StorageValue<_, VrfClaim<AuraId>>;

    #[pallet::genesis_config]
    #[derive(frame_support::DefaultNoBound)]
    pub struct GenesisConfig<T: Config> {
        /// The chain's clock.
        pub timing: Timing,
        #[serde(skip)]
        #[doc(hidden)]
        pub _config: core::marker::PhantomData<T>,
    }

    #[pallet::genesis_build]
    impl<T: Config> BuildGenesisConfig for GenesisConfig<T> {
        fn build(&self) {
            if let Err(why) = self.timing.validate() {
                panic!("workCredits.timing in genesis is out of bounds: {why:?}");
            }
            Clock::<T>::put(self.timing);
            Pallet::<T>::build_genesis_table(&self.timing);
        }
    }

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// The leaders of the next slot were chosen.
        SlotElected {
            /// The slot they lead.
            slot: SlotNumber,
            /// How they were chosen.
            election: Election,
            /// Owner of the even ticks.
            primary: T::AccountId,
            /// Owners of the odd ticks, by rank.
            fallbacks: BoundedVec<T::AccountId, ConstU32<MAX_FALLBACKS>>,
        },
        /// A slot got its first block.
        SlotOpened {
            /// The slot.
            slot: SlotNumber,
            /// Whether an elected leader made it; `Missed` if the slot was never elected.
            outcome: Outcome,
            /// Author of the block.
            winner: T::AccountId,
        },
        /// Operators must not make blocks any more: others got their ticks.
        TicksReassigned {
            /// Who lost them.
            operators: Vec<T::AccountId>,
        },
        /// An elected slot went by without a block.
        SlotMissed {
            /// The slot.
            slot: SlotNumber,
        },
        /// Ticks before this block went by without one.
        TicksMissed {
            /// First such tick.
            first: Tick,
            /// Last such tick.
            last: Tick,
            /// How many of them each operator owed.
            missed: Vec<(T::AccountId, u64)>,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The VRF is not the author's for this tick and the parent's epoch randomness. The block is invalid.
        InvalidVrf,
        /// The block already carries its VRF. The block is invalid.
        DuplicateVrf,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            Self::begin_block(*pallet_aura::CurrentSlot::<T>::get())
        }

        fn on_finalize(_: BlockNumberFor<T>) {
            Self::tell_aura();
            // `is_inherent_required` binds honest importers only while they check inherents; this binds everybody.
            assert!(!PendingClaim::<T>::exists(), "A block must carry the VRF of its author");
        }

        fn integrity_test() {
            assert!(
                <T as pallet_aura::Config>::MaxAuthorities::get() >= MAX_TABLE_LEN,
                "pallet-aura must hold a whole schedule table",
            );
            const { assert!(MAX_WINDOW_SLOTS >= COOLDOWN_SLOTS) };
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Inherent: the author's VRF of (tick, epoch randomness of the parent). Exactly one in every block.
        #[pallet::call_index(0)]
        #[pallet::weight((<T as Config>::WeightInfo::note_vrf(), DispatchClass::Mandatory))]
        pub fn note_vrf(origin: OriginFor<T>, vrf: TickVrf) -> DispatchResult {
            ensure_none(origin)?;
            Self::do_note_vrf(&vrf)
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// The record of one slot, if it is within the window or the next one.
        pub fn record_of(slot: SlotNumber) -> Option<SlotRecordOf<T>> {
            Self::slot_record(slot)
        }

        /// Who owes a tick, as far as the table says now; entries after the next slot will change.
        pub fn owner_of_tick(tick: Tick) -> Option<OwnerOf<T>> {
            Self::owner_at(tick)
        }
    }

    #[pallet::inherent]
    impl<T: Config> ProvideInherent for Pallet<T> {
        type Call = Call<T>;
        type Error = InherentError;
        const INHERENT_IDENTIFIER: sp_inherents::InherentIdentifier = INHERENT_IDENTIFIER;

        fn create_inherent(data: &InherentData) -> Option<Self::Call> {
            // A node that does not own the tick provides nothing, and cannot make a valid block.
            let vrf = data.get_data::<TickVrf>(&INHERENT_IDENTIFIER).ok().flatten()?;
            Some(Call::note_vrf { vrf })
        }

        fn is_inherent(call: &Self::Call) -> bool {
            matches!(call, Call::note_vrf { .. })
        }

        fn is_inherent_required(_: &InherentData) -> Result<Option<Self::Error>, Self::Error> {
            Ok(Some(InherentError::Missing))
        }
    }
}
