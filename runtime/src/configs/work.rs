//! Work: who works, what it counts for, and what an election makes of it.

use alloc::vec::Vec;
use ergon_primitives::{
    currency::{deposit, ERGN},
    nodes::Service,
    schedule::{OperatorStanding, Standing},
    time::Timing,
    work::seat_value,
    Hash,
};
use frame_support::{
    parameter_types,
    traits::{Contains, Get},
    weights::Weight,
};
use sp_core::{crypto::key_types::AURA, ByteArray};
use sp_runtime::traits::{BlakeTwo256, Convert, Hash as _};

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

/// The active set, with the keys in force.
pub struct Signers;

impl Get<Vec<(AccountId, AuraId)>> for Signers {
    fn get() -> Vec<(AccountId, AuraId)> {
        let active = pallet_work_credits::ActiveSet::<Runtime>::get();
        active.into_iter().map(|owner| (owner.operator, owner.key)).collect()
    }
}

impl pallet_quorum::Config for Runtime {
    type Clock = ChainClock;
    #[cfg(feature = "runtime-benchmarks")]
    type Helper = benchmarks::RegisterValidator;
    type Ledger = WorkTally;
    type Members = Signers;
    type Time = BlockTime;
    type WeightInfo = weights::pallet_quorum::WeightInfo<Runtime>;
}

/// The active set.
pub struct ActiveOperators;

impl Get<Vec<AccountId>> for ActiveOperators {
    fn get() -> Vec<AccountId> {
        let active = pallet_work_credits::ActiveSet::<Runtime>::get();
        active.into_iter().map(|owner| owner.operator).collect()
    }
}

/// Operators whose nodes are drawn, if they are in the active set.
pub struct NotJailed;

impl Contains<AccountId> for NotJailed {
    fn contains(who: &AccountId) -> bool {
        Operators::contains(who) && !ValidatorStaking::is_excluded(who)
    }
}

parameter_types! {
    /// For the room of a pool and its lists, and so that names are not taken for fun.
    pub const PoolDeposit: Balance = deposit(4, 1_500) + 100 * ERGN;
    /// For the room of a node, and so that a flood of keys is dear.
    pub const NodeDeposit: Balance = deposit(3, 400) + 10 * ERGN;
    /// For the room of an order, its proofs and their places in lists.
    pub const OrderDeposit: Balance = deposit(5, 900);
}

impl pallet_work_nodes::Config for Runtime {
    type Currency = Balances;
    type Eligible = NotJailed;
    type Entities = Operators;
    #[cfg(feature = "runtime-benchmarks")]
    type Helper = benchmarks::RegisterValidator;
    type Members = ActiveOperators;
    type NodeDeposit = NodeDeposit;
    type PoolDeposit = PoolDeposit;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WeightInfo = weights::pallet_work_nodes::WeightInfo<Runtime>;
}

/// What a credit costs: what a seat among the leaders can bring.
pub struct SeatPrice;

impl pallet_work_orders::CreditPrice for SeatPrice {
    fn of(service: Service) -> Option<Balance> {
        let set = pallet_work_credits::ActiveSet::<Runtime>::get();
        if !set.iter().any(|owner| WorkNodes::offers(&owner.operator, service)) {
            return None;
        }
        let reward = <super::staking::AuthorsShare as pallet_validator_staking::BlockReward>::of_block(
            pallet_validator_staking::ActiveStake::<Runtime>::get(),
        );
        // Who is jailed or silent leads nothing: fewer candidates make a seat worth more. At most `MAX_VALIDATORS`.
        let candidates = pallet_work_credits::Candidates::<Runtime>::get().unwrap_or(set.len() as u32);
        // Free, even where blocks bring nothing, strangers' pledges would crowd out those that are paid for.
        Some(seat_value(&ChainClock::get(), candidates, reward).max(ERGN))
    }
}

/// Everything that authors have folded in so far: the last block's VRF, too.
pub struct LatestRandomness;

impl Get<Hash> for LatestRandomness {
    fn get() -> Hash {
        let epoch = pallet_work_credits::EpochRandomness::<Runtime>::get();
        BlakeTwo256::hash_of(&(epoch, pallet_work_credits::GatheredRandomness::<Runtime>::get()))
    }
}

/// What so many draws of a service cost in a block.
pub struct DrawWeight;

impl Convert<u32, Weight> for DrawWeight {
    fn convert(draws: u32) -> Weight {
        <<Runtime as pallet_work_nodes::Config>::WeightInfo as pallet_work_nodes::WeightInfo>::draw(draws)
    }
}

impl pallet_work_orders::Config for Runtime {
    type Clock = ChainClock;
    type CreditPrice = SeatPrice;
    type Currency = Balances;
    type Deposit = OrderDeposit;
    type DrawWeight = DrawWeight;
    #[cfg(feature = "runtime-benchmarks")]
    type Helper = benchmarks::RegisterValidator;
    type Ledger = WorkTally;
    type Nodes = WorkNodes;
    type Randomness = LatestRandomness;
    type Supply = Supply;
    type Time = BlockTime;
    type WeightInfo = weights::pallet_work_orders::WeightInfo<Runtime>;
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
