//! Answers of the staking API, gathered from the pallets. Reads only.

use alloc::vec::Vec;
use ergon_primitives::{
    staking::MAX_DELEGATIONS,
    staking_info::{DelegationInfo, EpochReward, SetInfo, SupplyInfo, UnbondingInfo, ValidatorInfo},
};
use pallet_validator_staking::{types::Intent, Registry, Validator};
use sp_runtime::Perbill;

use crate::*;

/// Milliseconds of a year of 365 days.
const YEAR_MS: u64 = 365 * 24 * 3_600 * 1_000;

/// Everything about one validator.
pub(crate) fn validator(who: AccountId) -> Option<ValidatorInfo<AccountId>> {
    Registry::<Runtime>::get(&who).map(|validator| describe(who, validator))
}

/// The same of all of them, in no order.
pub(crate) fn validators() -> Vec<ValidatorInfo<AccountId>> {
    Registry::<Runtime>::iter().map(|(who, validator)| describe(who, validator)).collect()
}

fn describe(who: AccountId, validator: Validator) -> ValidatorInfo<AccountId> {
    let rules = ValidatorStaking::rules();
    let duties = ValidatorStaking::performance_of(who.clone());
    ValidatorInfo {
        name: pallet_validator_staking::Profiles::<Runtime>::get(&who)
            .map(|profile| profile.name.into_inner())
            .unwrap_or_default(),
        own_stake: validator.own_stake,
        delegated: <Delegation as ergon_primitives::staking::Delegations<_>>::delegated_to(&who),
        commission: validator.commission,
        active: pallet_session::Validators::<Runtime>::get().contains(&who),
        has_keys: pallet_session::NextKeys::<Runtime>::contains_key(&who),
        leaving: validator.intent == Intent::Leaving,
        jailed_until: validator.jailed_until,
        strikes: validator.strikes_at(*pallet_aura::CurrentSlot::<Runtime>::get(), &rules),
        tombstoned: validator.tombstoned,
        uptime: duties.uptime,
        score: duties.score,
        account: who,
    }
}

/// What `who` has delegated, with what its validators have still to share out.
pub(crate) fn delegations(who: &AccountId) -> Vec<DelegationInfo<AccountId>> {
    Delegation::delegations_of(who)
        .into_iter()
        .take(MAX_DELEGATIONS as usize)
        .map(|mut info| {
            let delegated = <Delegation as ergon_primitives::staking::Delegations<_>>::delegated_to(&info.validator);
            let (_, unshared) = ValidatorStaking::to_be_shared(&info.validator);
            // By value, as it will be shared; rounded down.
            let part = ergon_primitives::math::mul_div_floor(unshared, info.value, delegated).unwrap_or(0);
            if info.compounding {
                info.value = info.value.saturating_add(part);
            } else {
                info.pending_reward = info.pending_reward.saturating_add(part);
            }
            info
        })
        .collect()
}

/// What of `who` is unbonding, oldest first.
pub(crate) fn unbonding(who: &AccountId) -> Vec<UnbondingInfo<AccountId>> {
    Delegation::unbonding_of(who)
}

/// What `who` earned in the epochs that are remembered, oldest first.
pub(crate) fn history(who: &AccountId) -> Vec<EpochReward<AccountId>> {
    let reward = |(epoch, validator, amount)| EpochReward { epoch, validator, amount };
    Delegation::history(who).into_iter().map(reward).collect()
}

/// Where all money is.
pub(crate) fn supply() -> SupplyInfo {
    let ledger = Supply::ledger();
    SupplyInfo {
        issuance: pallet_balances::TotalIssuance::<Runtime>::get(),
        genesis: ledger.genesis,
        minted: [ledger.block_rewards, ledger.worker_rewards],
        burned: [ledger.fees, ledger.slashes, ledger.unjail_fees, ledger.jailed_exits, ledger.dust, ledger.work_orders],
        own_stake: pallet_validator_staking::TotalOwnStake::<Runtime>::get(),
        delegated: pallet_delegation::TotalDelegated::<Runtime>::get(),
        treasury: Balances::free_balance(configs::treasury_account()),
    }
}

/// What it takes to be, and to stop, the set.
pub(crate) fn set() -> SetInfo {
    let members = pallet_session::Validators::<Runtime>::get();
    let mut stakes: Vec<Balance> = members
        .iter()
        .filter_map(|who| Registry::<Runtime>::get(who).map(|validator| ValidatorStaking::total_stake(who, &validator)))
        .collect();
    stakes.sort();
    // More than two thirds of the votes make a block final, so this many missing prevent it.
    let blocking = stakes.len().div_ceil(3);
    let third_of_seats = stakes.iter().take(blocking).fold(0, |sum: Balance, stake| sum.saturating_add(*stake));
    let jailed = Registry::<Runtime>::iter_values().filter(|validator| validator.jailed_until.is_some()).count();
    SetInfo {
        // At most `MAX_VALIDATORS`.
        active: members.len() as u32,
        registered: Registry::<Runtime>::count(),
        // At most `MAX_REGISTERED`.
        jailed: jailed as u32,
        entry_stake: ValidatorStaking::entry_stake(),
        third_of_seats,
        apr: apr(),
    }
}

/// A block's reward times the ticks of a year, by the active stake. Rounded down; 100 % at most.
fn apr() -> Perbill {
    use pallet_validator_staking::BlockReward;
    let stake = pallet_validator_staking::ActiveStake::<Runtime>::get();
    let tick_ms = pallet_work_credits::Clock::<Runtime>::get().tick_ms.max(1);
    let a_year = <Runtime as pallet_validator_staking::Config>::BlockReward::of_block(stake)
        .saturating_mul((YEAR_MS / tick_ms).into());
    if stake == 0 {
        return Perbill::zero();
    }
    Perbill::from_rational(a_year, stake)
}
