//! Work: who works, what it counts for, and what an election makes of it.

use alloc::vec::Vec;
use ergon_primitives::{
    schedule::{OperatorStanding, Standing},
    time::Timing,
};
use frame_support::traits::{Contains, Get};
use sp_core::{crypto::key_types::AURA, ByteArray};
use sp_runtime::traits::Convert;

use super::staking::BlockTime;
use crate::*;

/// The chain's clock.
pub struct ChainClock;

impl Get<Timing> for ChainClock {
    fn get() -> Timing {
        pallet_work_credits::Clock::<Runtime>::get()
    }
}

/// The registered validators.
pub struct Operators;

impl Contains<AccountId> for Operators {
    fn contains(who: &AccountId) -> bool {
        pallet_validator_staking::Registry::<Runtime>::contains_key(who)
    }
}

impl Get<Vec<AccountId>> for Operators {
    fn get() -> Vec<AccountId> {
        pallet_validator_staking::Registry::<Runtime>::iter_keys().collect()
    }
}

/// Whose session key it is: from the block on in which it is registered, before it is in force.
pub struct SessionKeyOwner;

impl Convert<AuraId, Option<AccountId>> for SessionKeyOwner {
    fn convert(key: AuraId) -> Option<AccountId> {
        Session::key_owner(AURA, key.as_slice())
    }
}

impl pallet_work_tally::Config for Runtime {
    type AllEntities = Operators;
    type Clock = ChainClock;
    type Entities = Operators;
    #[cfg(feature = "runtime-benchmarks")]
    type Helper = benchmarks::RegisterValidator;
    type KeyOwner = SessionKeyOwner;
    type Time = BlockTime;
    type WeightInfo = weights::pallet_work_tally::WeightInfo<Runtime>;
}

/// What an operator brings to an election: what it worked, whether it was there, and whether stake lets it lead.
pub struct WorkStanding;

impl OperatorStanding<AccountId> for WorkStanding {
    fn standing(operator: &AccountId) -> Standing {
        let (credits, live_score) = WorkTally::standing(operator);
        Standing { credits, live_score, jailed: ValidatorStaking::is_excluded(operator) }
    }

    #[cfg(feature = "runtime-benchmarks")]
    fn make_worst_case(operator: &AccountId) {
        WorkTally::fill_ledger(operator);
    }
}
