//! Genesis presets: one function per network. `development`, `local_testnet` and `short_slots` use the well-known
//! development keys and must never hold anything of value; `testnet` and `mainnet` carry placeholder keys until launch, and
//! a node refuses to run them until then.

mod named;
mod throwaway;

use alloc::{string::ToString, vec::Vec};
use ergon_primitives::currency::{ERGN, SUPPLY_CAP};
use frame_support::traits::Get;
use sp_genesis_builder::PresetId;

use crate::*;

/// One validator, ticks of 1 s, sessions of 2 slots.
pub const DEVELOPMENT: &str = "development";
/// Four validators and the values of SPEC.
pub const LOCAL_TESTNET: &str = "local_testnet";
/// For tests: four validators, ticks of 1 s, slots of 6 ticks, sessions of 4 slots.
pub const SHORT_SLOTS: &str = "short_slots";
/// The public test network, not launched.
pub const TESTNET: &str = "testnet";
/// The main network, not launched.
pub const MAINNET: &str = "mainnet";

/// The preset called `id`, as a JSON patch of the default genesis.
pub fn preset(id: &PresetId) -> Option<Vec<u8>> {
    let patch = match id.as_ref() {
        DEVELOPMENT => throwaway::development(),
        LOCAL_TESTNET => throwaway::local_testnet(),
        SHORT_SLOTS => throwaway::short_slots(),
        TESTNET => named::testnet(),
        MAINNET => named::mainnet(),
        _ => return None,
    };
    Some(patch.to_string().into_bytes())
}

/// Accounts of pallets, which every network endows with the least that keeps an account alive, so that they can receive any amount: the
/// treasury, and the pot of delegators' rewards.
fn own_accounts() -> [(AccountId, Balance); 2] {
    [configs::treasury_account(), Delegation::pot_account()]
        .map(|account| (account, ergon_primitives::currency::EXISTENTIAL_DEPOSIT))
}

/// Who gets the shares of genesis (SPEC section 2): team 20 %, released over four years; early backers 10 %, over two; the
/// foundation 20 %. The community's half is not issued: rewards are paid out of it.
struct Distribution {
    team: AccountId,
    early: AccountId,
    foundation: AccountId,
}

impl Distribution {
    const TEAM: Balance = SUPPLY_CAP / 100 * 20;
    const EARLY: Balance = SUPPLY_CAP / 100 * 10;
    const FOUNDATION: Balance = SUPPLY_CAP / 100 * 20;

    fn names(&self, who: &AccountId) -> bool {
        [&self.team, &self.early, &self.foundation].contains(&who)
    }

    fn balances(&self) -> [(AccountId, Balance); 3] {
        [
            (self.team.clone(), Self::TEAM),
            (self.early.clone(), Self::EARLY),
            (self.foundation.clone(), Self::FOUNDATION),
        ]
    }

    /// Account, first block, blocks until all is released, and what is free at once. With ticks that make `year` blocks a year,
    /// if each has one.
    fn vesting(&self, year: u64) -> Vec<(AccountId, BlockNumber, BlockNumber, Balance)> {
        let years = |n: u64| BlockNumber::try_from(year.saturating_mul(n)).unwrap_or(BlockNumber::MAX);
        // Something to pay fees with.
        let free = 1_000 * ERGN;
        alloc::vec![(self.team.clone(), 0, years(4), free), (self.early.clone(), 0, years(2), free)]
    }
}

/// What every chain's genesis must have. Errors say what to add.
pub(crate) fn check() -> sp_genesis_builder::Result {
    let validators = pallet_work_credits::ActiveSet::<Runtime>::decode_len().unwrap_or(0);
    let ticks = pallet_work_credits::Clock::<Runtime>::get().ticks_per_slot;
    let room = <Runtime as pallet_validator_staking::Config>::MostMembers::get();
    if validators == 0 {
        return Err("genesis has no validator: give session.keys at least one entry".into());
    }
    if validators > room as usize {
        return Err(alloc::format!(
            "genesis has {validators} validators, but slots of {ticks} ticks are sure to reach only {room}: \
             raise workCredits.timing.ticksPerSlot or give session.keys fewer entries"
        ));
    }
    Ok(())
}

/// The preset called `name` over the default genesis, as chain spec builders make it.
#[cfg(test)]
pub(crate) fn whole(name: &str) -> Vec<u8> {
    use serde_json::Value;
    use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;

    fn merge(whole: &mut Value, patch: Value) {
        match patch {
            Value::Object(fields) => fields.into_iter().for_each(|(name, value)| merge(&mut whole[name], value)),
            value => *whole = value,
        }
    }

    let json =
        |id| serde_json::from_slice(&Runtime::get_preset(id).expect("a known preset")).expect("presets are JSON");
    let mut all = json(&None);
    merge(&mut all, json(&Some(name.into())));
    all.to_string().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_genesis_builder::runtime_decl_for_genesis_builder::GenesisBuilder;

    fn build(json: &[u8]) -> sp_genesis_builder::Result {
        sp_io::TestExternalities::default().execute_with(|| Runtime::build_state(json.to_vec()))
    }

    #[test]
    fn every_preset_builds_a_sound_state() {
        for name in Runtime::preset_names() {
            sp_io::TestExternalities::default().execute_with(|| {
                Runtime::build_state(whole(name.as_ref())).expect("builds");
                WorkCredits::do_try_state().expect("invariants hold");
                let throwaway = [DEVELOPMENT, LOCAL_TESTNET, SHORT_SLOTS].contains(&name.as_ref());
                let treasury = Balances::free_balance(configs::treasury_account());
                assert_eq!(treasury, ergon_primitives::currency::EXISTENTIAL_DEPOSIT, "{name:?}: treasury");
                assert_eq!(pallet_sudo::Key::<Runtime>::get().is_some(), throwaway, "{name:?}: sudo");
            });
        }
    }

    #[test]
    fn a_genesis_without_validators_says_what_to_add() {
        let empty = Runtime::get_preset(&None).expect("a default");
        assert!(build(&empty).expect_err("has no validator").contains("session.keys"));
    }

    #[test]
    fn a_genesis_with_more_validators_than_the_table_reaches_is_refused() {
        let json = |ticks: u32| {
            let mut all: serde_json::Value = serde_json::from_slice(&whole(SHORT_SLOTS)).expect("JSON");
            all["workCredits"]["timing"]["ticksPerSlot"] = ticks.into();
            let keys: Vec<_> = sp_keyring::Sr25519Keyring::iter()
                .zip(sp_keyring::Ed25519Keyring::iter())
                .map(|(block, vote)| {
                    let keys = SessionKeys { aura: block.public().into(), grandpa: vote.public().into() };
                    (block.to_account_id(), block.to_account_id(), keys)
                })
                .collect();
            all["session"]["keys"] = serde_json::to_value(keys).expect("keys are JSON");
            all.to_string().into_bytes()
        };
        let all = sp_keyring::Sr25519Keyring::iter().count();
        assert!((10..=18).contains(&all), "{all} well-known names");
        assert!(build(&json(2)).expect_err("nine are reached").contains("ticksPerSlot"));
        build(&json(4)).expect("eighteen are reached");
    }
}
