//! What an upgrade does to the state.
//!
//! `Executive` runs migrations of one block before the first block of a new runtime; those of more blocks are listed in
//! [`MultiBlock`] and run within half of each block's weight, in which time no transactions are taken. A migration that fails puts
//! the chain into safe mode (`configs/governance.rs`).

/// Migrations of more than one block. None yet.
#[cfg(not(any(feature = "rehearsal", feature = "runtime-benchmarks")))]
pub(crate) type MultiBlock = ();

/// What an upgrade is rehearsed with.
#[cfg(all(feature = "rehearsal", not(feature = "runtime-benchmarks")))]
pub(crate) type MultiBlock = (rehearsal::CountAccounts,);

#[cfg(feature = "rehearsal")]
mod rehearsal {
    //! A migration for rehearsals (`tests/e2e/upgrade.test.mjs`): it reads every account, a few in each block, and writes down how many there
    //! are. So it does what real ones do, and shows whether it did all of it. It fails if the state tells it to, to rehearse that, too.

    use frame_support::{
        migrations::{SteppedMigration, SteppedMigrationError},
        storage_alias,
        weights::WeightMeter,
    };

    use crate::*;

    /// Accounts in each block.
    const A_STEP: usize = 8;

    /// How many accounts were counted.
    #[storage_alias]
    type Counted = StorageValue<Rehearsal, u32, frame_support::pallet_prelude::ValueQuery>;

    /// Whether it shall fail.
    #[storage_alias]
    type Broken = StorageValue<Rehearsal, bool, frame_support::pallet_prelude::ValueQuery>;

    /// Counts all accounts. Public, because the migrations pallet's configuration names it.
    pub struct CountAccounts;

    impl SteppedMigration for CountAccounts {
        type Cursor = AccountId;
        type Identifier = [u8; 9];

        fn id() -> Self::Identifier {
            *b"rehearsal"
        }

        fn step(
            cursor: Option<AccountId>,
            meter: &mut WeightMeter,
        ) -> Result<Option<AccountId>, SteppedMigrationError> {
            type Accounts = frame_system::Account<Runtime>;
            let required = <Runtime as frame_system::Config>::DbWeight::get().reads_writes(A_STEP as u64 + 2, 1);
            meter.try_consume(required).map_err(|_| SteppedMigrationError::InsufficientWeight { required })?;
            if Broken::get() {
                return Err(SteppedMigrationError::Failed);
            }
            let accounts = match cursor {
                Some(last) => Accounts::iter_keys_from(Accounts::hashed_key_for(last)),
                None => Accounts::iter_keys(),
            };
            let step: alloc::vec::Vec<_> = accounts.take(A_STEP).collect();
            // At most `A_STEP`.
            Counted::mutate(|counted| *counted = counted.saturating_add(step.len() as u32));
            Ok(step.into_iter().nth(A_STEP - 1))
        }
    }
}
