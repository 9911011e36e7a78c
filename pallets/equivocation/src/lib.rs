#![doc = include_str!("../README.md")]
#![cfg_attr(not(feature = "std"), no_std)]

extern crate alloc;

#[cfg(feature = "runtime-benchmarks")]
mod benchmarking;
mod keys;
mod report;
#[cfg(any(feature = "std", feature = "try-runtime"))]
mod try_state;
pub mod weights;

#[cfg(test)]
mod mock;
#[cfg(test)]
mod tests;

pub use keys::SessionFacts;
pub use pallet::*;
pub use report::DoubleSealOffence;
pub use weights::WeightInfo;

use ergon_primitives::{
    double_seal::DoubleSealProof,
    time::{Tick, MAX_VALIDATORS},
};
use frame_system::pallet_prelude::HeaderFor;

/// Log target of this pallet.
pub(crate) const LOG_TARGET: &str = "runtime::equivocation";

/// Blocks that a report may wait in a pool: an hour at one block a tick. By then its author has had ticks, or never will.
pub(crate) const REPORT_LONGEVITY: u64 = 720;

/// The pallet.
#[frame_support::pallet]
pub mod pallet {
    use super::*;
    use alloc::boxed::Box;
    use ergon_primitives::{double_seal, AuraId};
    use frame_support::{pallet_prelude::*, traits::ConstU32, BoundedVec};
    use frame_system::pallet_prelude::*;
    use sp_runtime::traits::Convert;
    use sp_staking::{offence::ReportOffence, SessionIndex};

    #[pallet::pallet]
    // Session keys are a tuple of keys of fixed length, but say so nowhere.
    #[pallet::without_storage_info]
    pub struct Pallet<T>(_);

    #[pallet::config]
    pub trait Config:
        frame_system::Config<RuntimeEvent: From<Event<Self>>>
        + pallet_aura::Config<AuthorityId = AuraId>
        + pallet_authorship::Config
        + pallet_session::Config
    {
        /// How the offences pallet names an offender.
        type Offender: Parameter;
        /// Names a validator to the offences pallet; `None` if it cannot be punished.
        type OffenderOf: Convert<Self::ValidatorId, Option<Self::Offender>>;
        /// Where offences are recorded.
        type Offences: ReportOffence<Self::AccountId, Self::Offender, DoubleSealOffence<Self::Offender>>;
        /// Sessions back, this one included, whose offences can be reported. At least 2.
        #[pallet::constant]
        type ReportSessions: Get<u32>;
        /// What punishing costs, of all who did it together: whatever `Offences` sets off.
        type PunishingWeight: Get<Weight>;
        /// What the pallet's work costs.
        type WeightInfo: WeightInfo;
    }

    /// The sessions whose offences can be reported, without gaps.
    #[pallet::storage]
    pub type Sessions<T> = StorageMap<_, Twox64Concat, SessionIndex, SessionFacts>;

    /// The key sets of those sessions. Consecutive sessions with the same keys share one.
    #[pallet::storage]
    pub type KeySets<T: Config> =
        StorageMap<_, Twox64Concat, u32, BoundedVec<(T::ValidatorId, T::Keys), ConstU32<MAX_VALIDATORS>>>;

    #[pallet::event]
    #[pallet::generate_deposit(pub(crate) fn deposit_event)]
    pub enum Event<T: Config> {
        /// A validator was proven to have sealed a tick twice.
        DoubleSealed {
            /// Who held the key.
            validator: T::ValidatorId,
            /// The key.
            key: AuraId,
            /// The tick.
            tick: Tick,
            /// Session in which the key was in force.
            session: SessionIndex,
        },
    }

    #[pallet::error]
    pub enum Error<T> {
        /// The headers do not show that the key sealed the tick twice.
        InvalidProof,
        /// The proof is larger than two valid headers can be.
        ProofTooLarge,
        /// The tick is later than this block's.
        TickInFuture,
        /// The tick lies in a session too long ago to be judged.
        TickTooOld,
        /// No validator held the key when the tick was due.
        UnknownKey,
        /// This validator was already reported for that session.
        AlreadyReported,
    }

    #[pallet::hooks]
    impl<T: Config> Hooks<BlockNumberFor<T>> for Pallet<T> {
        fn on_initialize(_: BlockNumberFor<T>) -> Weight {
            // Aura has just read it from the same header.
            let tick = *pallet_aura::CurrentSlot::<T>::get();
            let digest = frame_system::Pallet::<T>::digest();
            assert!(
                double_seal::names_only(tick, &digest),
                "A header must name its tick, once, and nothing else of its author's"
            );
            // Both are in memory: System and Aura wrote them just before.
            Weight::zero()
        }

        fn integrity_test() {
            assert!(T::ReportSessions::get() >= 2, "a session's first slot is judged by the session before");
        }

        #[cfg(feature = "try-runtime")]
        fn try_state(_: BlockNumberFor<T>) -> Result<(), sp_runtime::TryRuntimeError> {
            Self::do_try_state()
        }
    }

    #[pallet::call]
    impl<T: Config> Pallet<T> {
        /// Reports that a session key sealed a tick twice.
        ///
        /// Signed by anybody, free if the report is sound; or unsigned, which only the block's author can put in.
        #[pallet::call_index(0)]
        #[pallet::weight(<T as Config>::WeightInfo::report_double_seal().saturating_add(T::PunishingWeight::get()))]
        pub fn report_double_seal(
            origin: OriginFor<T>,
            proof: Box<DoubleSealProof<HeaderFor<T>>>,
        ) -> DispatchResultWithPostInfo {
            let reporter = match ensure_none(origin.clone()) {
                Ok(()) => pallet_authorship::Pallet::<T>::author(),
                Err(_) => Some(ensure_signed(origin)?),
            };
            Self::do_report(&proof, reporter)?;
            Ok(Pays::No.into())
        }
    }

    #[allow(deprecated)]
    #[pallet::validate_unsigned]
    impl<T: Config> ValidateUnsigned for Pallet<T> {
        type Call = Call<T>;

        // Before a block takes it in, it is asked with the source `InBlock`.
        fn validate_unsigned(source: TransactionSource, call: &Self::Call) -> TransactionValidity {
            match call {
                Call::report_double_seal { proof } => Self::validate_report(source, proof),
                _ => InvalidTransaction::Call.into(),
            }
        }
    }

    #[pallet::view_functions]
    impl<T: Config> Pallet<T> {
        /// Who held a session key of kind `kind` (`aura`, `gran`) in `session`, if its offences can still be reported.
        pub fn key_owner_in(session: SessionIndex, kind: [u8; 4], key: alloc::vec::Vec<u8>) -> Option<T::ValidatorId> {
            Self::holder(session, kind.into(), &key).map(|holder| holder.validator)
        }
    }
}
