//! What the pallet stores, and what it shows of it. Arithmetic on a pool is in `pool.rs`.

use codec::{Decode, Encode, MaxEncodedLen};
use ergon_primitives::{
    staking::{SessionIndex, HISTORY_EPOCHS},
    time::Tick,
    Balance,
};
use frame_support::{traits::ConstU32, BoundedVec};
use scale_info::TypeInfo;

use crate::math::ONE;

/// Sessions of offences that a pool remembers: more than one validator can be charged for.
pub const MAX_SLASHES: u32 = 48;
/// Validators and sessions that moved stake of one delegation can still be liable for.
pub const MAX_MOVED: u32 = 4;

/// The part of a pool whose rewards go to the delegators' free balances.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Paying {
    /// Points of its delegations.
    pub points: u128,
    /// What a point has earned since the pool began, in parts of [`ONE`]; rounded down.
    pub reward_per_point: u128,
    /// Rewards in the pot that are not credited yet, and what division left over.
    pub pot: Balance,
}

/// The part of a pool whose rewards become stake. A share of it is worth its balance divided by all shares.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Compounding {
    /// Shares of its delegations.
    pub shares: u128,
    /// Points of its delegations.
    pub points: u128,
    /// What a share has earned since the pool began, in parts of [`ONE`]; rounded down. For the history only.
    pub reward_per_share: u128,
    /// Stake that is still in the pot.
    pub pot: Balance,
}

/// What slashes left of stake that was liable for offences of one session and of all sessions before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct SlashRecord {
    /// Session of the offence.
    pub offence: SessionIndex,
    /// Product of what each slash for an offence up to then left, in parts of [`ONE`]; rounded down.
    pub keep: u128,
}

/// All that is delegated to one validator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Pool {
    /// What a point is worth, in parts of [`ONE`]: what all slashes left of it. Rounded down.
    pub factor: u128,
    /// Delegations that are paid.
    pub paying: Paying,
    /// Delegations that compound.
    pub compounding: Compounding,
    /// What the delegators' accounts hold for their delegations, slashed money that is not burned yet included.
    pub held: Balance,
    /// What is left of stake that has gone, by the session until which it was there. Oldest first.
    pub slashes: BoundedVec<SlashRecord, ConstU32<MAX_SLASHES>>,
    /// Delegations.
    pub delegators: u32,
    /// Chunks that unbond from here.
    pub chunks: u32,
    /// Records of stake that moved from here to another validator and is still liable.
    pub liable: u32,
}

impl Default for Pool {
    fn default() -> Self {
        Self {
            factor: ONE,
            paying: Default::default(),
            compounding: Default::default(),
            held: 0,
            slashes: Default::default(),
            delegators: 0,
            chunks: 0,
            liable: 0,
        }
    }
}

/// Stake that came from another validator, and what it is still liable for there.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Moved<AccountId> {
    /// The validator that it left.
    pub from: AccountId,
    /// How much of the stake.
    pub amount: Balance,
    /// Session in which it left: it is liable for offences until then.
    pub start: SessionIndex,
    /// What slashes there had left of such stake when this was written.
    pub keep: u128,
}

/// Records of moved stake, in this pallet's bound.
pub type MovedList<AccountId> = BoundedVec<Moved<AccountId>, ConstU32<MAX_MOVED>>;

/// Stake of one delegator with one validator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Delegation<AccountId> {
    /// Whether its rewards become stake.
    pub compounding: bool,
    /// Stake in points: times the pool's factor it is what slashes left. Never more than `held`.
    pub points: u128,
    /// What the delegator's account holds for it.
    pub held: Balance,
    /// The pool's counter when rewards were last credited. For delegations that are paid.
    pub reward_per_point: u128,
    /// Reward that the account could not take when it was due, because it was left below the existential deposit. Waits.
    pub owed: Balance,
    /// Shares of the compounding part; none if it is paid.
    pub shares: u128,
    /// Which of it is still liable elsewhere.
    pub moved: MovedList<AccountId>,
}

impl<AccountId> Delegation<AccountId> {
    /// One without stake.
    pub(crate) fn new(compounding: bool) -> Self {
        Self { compounding, points: 0, held: 0, reward_per_point: 0, owed: 0, shares: 0, moved: Default::default() }
    }

    /// One of `held`, as large as it gets.
    #[cfg(feature = "runtime-benchmarks")]
    pub fn worst_case(held: Balance) -> Self {
        Self { held, ..Self::new(true) }
    }

    /// What rewards are shared by: points if it is paid, shares if it compounds.
    pub(crate) fn weight(&self) -> u128 {
        if self.compounding {
            self.shares
        } else {
            self.points
        }
    }
}

/// Stake on its way back to the delegator.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Chunk<AccountId> {
    /// Whose it is.
    pub delegator: AccountId,
    /// The validator that it was delegated to.
    pub validator: AccountId,
    /// What the delegator's account holds for it.
    pub amount: Balance,
    /// Whether it compounded, in case the delegator changes its mind.
    pub compounding: bool,
    /// Session in which it was undelegated: it is liable for offences until then.
    pub start: SessionIndex,
    /// What slashes had left of such stake when it was undelegated.
    pub keep: u128,
    /// Tick from which on it is released.
    pub release: Tick,
    /// Which of it is still liable elsewhere.
    pub moved: MovedList<AccountId>,
}

/// How the counters of a pool stood at the end of an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct EpochCounter {
    /// The epoch.
    pub epoch: SessionIndex,
    /// [`Paying::reward_per_point`].
    pub reward_per_point: u128,
    /// [`Compounding::reward_per_share`].
    pub reward_per_share: u128,
}

/// Counters of the epochs that are remembered, oldest first; epochs that changed nothing have none.
pub type EpochCounters = BoundedVec<EpochCounter, ConstU32<HISTORY_EPOCHS>>;

/// A change of what a delegation's rewards are shared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Checkpoint {
    /// The epoch of the change.
    pub epoch: SessionIndex,
    /// What the delegation earned in this epoch before the change.
    pub earned_before: Balance,
    /// The pool's counter at the change.
    pub counter: u128,
    /// Points or shares since.
    pub weight: u128,
    /// Whether it compounds since.
    pub compounding: bool,
}

/// The last change of each epoch, oldest first.
pub type Checkpoints = BoundedVec<Checkpoint, ConstU32<HISTORY_EPOCHS>>;

/// Where the sweep stands.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct Sweep<AccountId> {
    /// Session in which this pass began.
    pub session: SessionIndex,
    /// Delegator and validator that were settled last in it.
    pub last: Option<(AccountId, AccountId)>,
    /// Whether it has come to the end.
    pub done: bool,
}
