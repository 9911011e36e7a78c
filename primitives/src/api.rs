//! Runtime APIs of the leader schedule, of reports about it, and of stake. In the metadata (v15 and later), so clients call it without custom types.

use alloc::vec::Vec;
use codec::Codec;

use crate::{
    double_seal::DoubleSealProof,
    nodes::{NodeKey, Service},
    order_info::{DealInfo, NodeWork, SessionInfo},
    orders::{Challenge, OrderId, Proof},
    schedule::{Duties, Schedule, SlotRecord},
    staking_info::{DelegationInfo, EpochReward, SetInfo, SupplyInfo, UnbondingInfo, ValidatorInfo},
    time::{EpochNumber, SlotNumber, Tick, Timing},
    vrf::VrfClaim,
    work::{SignedBeacon, Tally},
    AuraId, Balance,
};

/// Most records that [`WorkCreditsApi::slot_records`] returns in one call.
pub const MAX_RECORDS_PER_CALL: u32 = 256;

sp_api::decl_runtime_apis! {
    /// Reads the leader schedule.
    pub trait WorkCreditsApi<AccountId, AuthorityId>
    where
        AccountId: Codec,
        AuthorityId: Codec,
    {
        /// The chain's clock.
        fn timing() -> Timing;

        /// The table at this block.
        fn schedule() -> Schedule<AccountId, AuthorityId>;

        /// The record of one slot; `None` if it lies before the chain or the window, or after the next slot.
        fn slot_record(slot: SlotNumber) -> Option<SlotRecord<AccountId>>;

        /// Records of `count` slots from `first` on, at most [`MAX_RECORDS_PER_CALL`]; slots that have none are left out.
        fn slot_records(first: SlotNumber, count: u32) -> Vec<SlotRecord<AccountId>>;

        /// The slot of this block and those already elected after it.
        fn next_slots() -> Vec<SlotRecord<AccountId>>;

        /// How each operator of the active set has kept its ticks.
        fn duties() -> Vec<(AccountId, Duties)>;

        /// What the author of `tick`, on top of this block, must sign with its VRF.
        fn vrf_claim(tick: Tick) -> Option<VrfClaim<AuthorityId>>;
    }

    /// Reads what entities worked, and takes this node's beacons.
    pub trait WorkTallyApi<AccountId>
    where
        AccountId: Codec,
    {
        /// Every entity as it stands at this block, the best first.
        fn tally() -> Vec<Tally<AccountId>>;

        /// The tally of the last epoch that is over, and which one that is.
        fn last_tally() -> Option<(EpochNumber, Vec<Tally<AccountId>>)>;

        /// Where the validator with this session key stands; `None` if there is none. Ranks everybody: for once a slot, not for a block.
        fn standing(key: AuraId) -> Option<Tally<AccountId>>;

        /// The slot for which the holder of this session key shall send a beacon now, if any.
        fn beacon_due(key: AuraId) -> Option<SlotNumber>;

        /// Hands a beacon to the pool of the node that asks. Whether that went without an error; a pool may still drop it.
        fn submit_beacon(signed: SignedBeacon) -> bool;
    }

    /// Reads orders of work, and wraps what workers send.
    pub trait WorkOrdersApi<AccountId>
    where
        AccountId: Codec,
    {
        /// A relay session; `None` if there is none with this number, or it is over.
        fn session(id: OrderId) -> Option<SessionInfo<AccountId>>;

        /// A storage deal; `None` if there is none with this number, or it is over.
        fn deal(id: OrderId) -> Option<DealInfo<AccountId>>;

        /// Challenges that wait for their answers.
        fn challenges() -> Vec<Challenge>;

        /// Orders that a node works for. Looks at every order: for workers when they start, not for a chain.
        fn work_of(node: NodeKey) -> NodeWork;

        /// What is burned for each credit of an order that is opened now; `None` if nobody offers the service.
        fn burn_per_credit(service: Service) -> Option<Balance>;

        /// A proof as an extrinsic, encoded, for any pool.
        fn extrinsic(proof: Proof) -> Vec<u8>;

        /// Why a block on top of this one would refuse a proof: the name of the pallet's error, in UTF-8. `None` if it would count.
        fn refusal(proof: Proof) -> Option<Vec<u8>>;
    }

    /// Reads stake.
    pub trait StakingApi<AccountId>
    where
        AccountId: Codec,
    {
        /// Every validator, in no order.
        fn validators() -> Vec<ValidatorInfo<AccountId>>;

        /// One validator, if there is one with this account.
        fn validator(who: AccountId) -> Option<ValidatorInfo<AccountId>>;

        /// What an account has delegated, with its rewards up to this block.
        fn delegations(who: AccountId) -> Vec<DelegationInfo<AccountId>>;

        /// What of an account's delegations is on its way back, oldest first.
        fn unbonding(who: AccountId) -> Vec<UnbondingInfo<AccountId>>;

        /// What an account earned by delegating in each of the last epochs, oldest first.
        fn history(who: AccountId) -> Vec<EpochReward<AccountId>>;

        /// Where all money is, what was minted and what was burned.
        fn supply() -> SupplyInfo;

        /// What it takes to be, and to stop, the set; and what stake in it earns.
        fn set() -> SetInfo;
    }

    /// Takes reports of ticks sealed twice.
    pub trait DoubleSealApi {
        /// Hands a report to the pool of the node that asks. `None` if it would not be recorded on top of this block: unsound, not
        /// yet or no longer to be judged, or already recorded.
        fn submit_double_seal_report(proof: DoubleSealProof<Block::Header>) -> Option<()>;
    }
}
