//! System and Timestamp: what fits in a block, and why.

use frame_support::{
    derive_impl, parameter_types,
    traits::{ConstU16, ConstU32, InsideBoth},
    weights::{
        constants::{BlockExecutionWeight, ExtrinsicBaseWeight, RocksDbWeight, WEIGHT_REF_TIME_PER_SECOND},
        Weight,
    },
};
use frame_system::limits::{BlockLength, BlockWeights};
use sp_runtime::{traits::AccountIdLookup, Perbill};

use crate::*;

/// Share of a block that ordinary transactions may fill; the rest is for operational ones.
pub const NORMAL_DISPATCH_RATIO: Perbill = Perbill::from_percent(75);
/// Share of a block kept for hooks when transactions are weighed.
pub const AVERAGE_ON_INITIALIZE_RATIO: Perbill = Perbill::from_percent(5);
/// Two seconds of a tick of five: a full block is built (2.0 s) and imported (1.24 times that, as measured for Substrate)
/// by the next author before its own tick begins, with half a second left for the network.
pub const MAXIMUM_BLOCK_WEIGHT: Weight = Weight::from_parts(2 * WEIGHT_REF_TIME_PER_SECOND, u64::MAX);
/// A block of 5 MiB every 5 s asks 8.4 Mbit/s of each link, which a home connection has.
pub const MAXIMUM_BLOCK_LENGTH: u32 = 5 * 1024 * 1024;

parameter_types! {
    pub const BlockHashCount: BlockNumber = 2_400;
    pub const Version: RuntimeVersion = VERSION;
    pub RuntimeBlockLength: BlockLength = BlockLength::builder()
        .max_length(MAXIMUM_BLOCK_LENGTH)
        .modify_max_length_for_class(frame_support::dispatch::DispatchClass::Normal, |m| {
            *m = NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_LENGTH
        })
        .build();
    pub RuntimeBlockWeights: BlockWeights = BlockWeights::builder()
        .base_block(BlockExecutionWeight::get())
        .for_class(frame_support::dispatch::DispatchClass::all(), |weights| {
            weights.base_extrinsic = ExtrinsicBaseWeight::get();
        })
        .for_class(frame_support::dispatch::DispatchClass::Normal, |weights| {
            weights.max_total = Some(NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT);
        })
        .for_class(frame_support::dispatch::DispatchClass::Operational, |weights| {
            weights.max_total = Some(MAXIMUM_BLOCK_WEIGHT);
            weights.reserved = Some(MAXIMUM_BLOCK_WEIGHT - NORMAL_DISPATCH_RATIO * MAXIMUM_BLOCK_WEIGHT);
        })
        .avg_block_initialization(AVERAGE_ON_INITIALIZE_RATIO)
        .build_or_panic();
    /// Half a tick, so that an author has the other half to be late in.
    pub MinimumPeriod: u64 = pallet_work_credits::Clock::<Runtime>::get().tick_ms / 2;
}

#[derive_impl(frame_system::config_preludes::SolochainDefaultConfig)]
impl frame_system::Config for Runtime {
    type AccountData = pallet_balances::AccountData<Balance>;
    type AccountId = AccountId;
    type BaseCallFilter = InsideBoth<configs::RefusedCalls, SafeMode>;
    type Block = Block;
    type BlockHashCount = BlockHashCount;
    type BlockLength = RuntimeBlockLength;
    type BlockWeights = RuntimeBlockWeights;
    type DbWeight = RocksDbWeight;
    type ExtensionsWeightInfo = weights::frame_system_extensions::WeightInfo<Runtime>;
    type Hash = Hash;
    type Lookup = AccountIdLookup<AccountId, ()>;
    type MaxConsumers = ConstU32<16>;
    type MultiBlockMigrator = MultiBlockMigrations;
    type Nonce = Nonce;
    type SS58Prefix = ConstU16<{ ergon_primitives::currency::SS58_PREFIX }>;
    type SystemWeightInfo = weights::frame_system::WeightInfo<Runtime>;
    type Version = Version;
}

impl pallet_timestamp::Config for Runtime {
    type MinimumPeriod = MinimumPeriod;
    type Moment = u64;
    type OnTimestampSet = Aura;
    type WeightInfo = weights::pallet_timestamp::WeightInfo<Runtime>;
}
