//! `key verify`: what stands between this machine's session keys and blocks of its own.

use ergon_primitives::{
    currency::ERGN,
    schedule::{Duties, Schedule},
    staking_info::{SetInfo, ValidatorInfo},
    AccountId, AuraId, Balance,
};
use ergon_runtime::{Hash, Runtime, SessionKeys};
use ergon_service::{genesis_guard::Genesis, types::RuntimeExecutor};
use jsonrpsee::rpc_params;
use sc_service::ChainSpec;
use sp_consensus_grandpa::{AuthorityId as GrandpaId, AuthorityList};
use sp_core::crypto::{
    key_types::{AURA, GRANDPA},
    ByteArray,
};
use sp_keystore::Keystore;
use sp_runtime::{KeyTypeId, Perbill};

use super::{chain::Chain, parse_account, KeyPlace};
use crate::{Cli, Error};

/// Below this, most of the last ticks went by without a block.
const KEEPS_ITS_TICKS: Perbill = Perbill::from_percent(50);

/// The options.
#[derive(Debug, clap::Args)]
pub struct VerifyCmd {
    /// A node of the chain, best the validator itself.
    #[arg(long, value_name = "URL", default_value = "ws://127.0.0.1:9944")]
    rpc: String,

    /// The validator's account. Not needed if one of the keys is registered.
    #[arg(long, value_name = "ADDRESS", value_parser = parse_account)]
    owner: Option<AccountId>,

    #[clap(flatten)]
    place: KeyPlace,
}

pub(super) fn run(cli: &Cli, command: &VerifyCmd) -> Result<(), Error> {
    let (folder, spec) = command.place.folder(cli)?;
    let genesis = genesis_hash(&*spec)?;
    let (keystore, path) = command.place.open(&folder)?;
    let held = Held {
        aura: keystore.sr25519_public_keys(AURA).into_iter().map(AuraId::from).collect(),
        grandpa: keystore.ed25519_public_keys(GRANDPA).into_iter().map(GrandpaId::from).collect(),
    };
    println!("Keystore  {}: {} block keys, {} vote keys", path.display(), held.aura.len(), held.grandpa.len());
    let known = sc_cli::build_runtime().map_err(sc_cli::Error::Io)?.block_on(async {
        let chain = Chain::connect(&command.rpc).await?;
        let name: String = chain.ask("system_chain", rpc_params![]).await?;
        // Networks may share a name; none shares its genesis.
        let found: Hash = chain.ask("chain_getBlockHash", rpc_params![0]).await?;
        if found != genesis {
            return Err(input(format!(
                "{} follows '{name}' with the genesis {found:?}, but --chain names '{}' with {genesis:?}: give the \
                 options of that node",
                command.rpc,
                spec.name()
            )));
        }
        println!("Chain     {name}, genesis {genesis:?}, by {}", command.rpc);
        Known::read(&chain, &held, command.owner.clone()).await
    })?;
    let findings = judge(&held, &known);
    for finding in &findings {
        println!("{finding}");
    }
    if findings.iter().all(|finding| finding.is_good) {
        return Ok(());
    }
    Err(input("this machine is not a working validator yet: see ✘ above".into()))
}

fn genesis_hash(spec: &dyn ChainSpec) -> Result<Hash, Error> {
    let executor = RuntimeExecutor::builder().build();
    Ok(Genesis::read(spec, &executor)?.hash(&executor)?)
}

fn input(message: String) -> Error {
    sc_cli::Error::Input(message).into()
}

/// The keys of this machine.
struct Held {
    aura: Vec<AuraId>,
    grandpa: Vec<GrandpaId>,
}

/// What the chain knows at its best block.
#[derive(Default)]
struct Known {
    /// Whose keys these are.
    owner: Option<AccountId>,
    /// What that account has staked, if it is a validator.
    stake: Option<ValidatorInfo<AccountId>>,
    /// Least stake with which a newcomer would enter the set.
    entry_stake: Balance,
    /// The keys that the account has registered.
    registered: Option<SessionKeys>,
    /// The active set, with how it keeps its ticks.
    active: Vec<(AccountId, Duties)>,
    /// The key that owns each tick of the table.
    table: Vec<AuraId>,
    voters: Vec<GrandpaId>,
}

impl Known {
    async fn read(chain: &Chain, held: &Held, owner: Option<AccountId>) -> Result<Self, Error> {
        let owner = match owner {
            Some(owner) => Some(owner),
            None => owner_of(chain, held).await?,
        };
        let registered = match &owner {
            Some(owner) => chain.value(pallet_session::NextKeys::<Runtime>::hashed_key_for(owner)).await?,
            None => None,
        };
        let stake = match &owner {
            Some(owner) => chain.call_with("StakingApi_validator", owner).await?,
            None => None,
        };
        let set: SetInfo = chain.call("StakingApi_set").await?;
        let schedule: Schedule<AccountId, AuraId> = chain.call("WorkCreditsApi_schedule").await?;
        let voters: AuthorityList = chain.call("GrandpaApi_grandpa_authorities").await?;
        Ok(Self {
            owner,
            stake,
            entry_stake: set.entry_stake,
            registered,
            active: chain.call("WorkCreditsApi_duties").await?,
            table: schedule.table.into_iter().map(|owner| owner.key).collect(),
            voters: voters.into_iter().map(|(id, _)| id).collect(),
        })
    }
}

/// The account that registered keys of `held`.
async fn owner_of(chain: &Chain, held: &Held) -> Result<Option<AccountId>, Error> {
    let aura = held.aura.iter().map(|key| (AURA, key.to_raw_vec()));
    let grandpa = held.grandpa.iter().map(|key| (GRANDPA, key.to_raw_vec()));
    let mut owners: Vec<AccountId> = Vec::new();
    for (kind, key) in aura.chain(grandpa) {
        let place = pallet_session::KeyOwner::<Runtime>::hashed_key_for::<(KeyTypeId, Vec<u8>)>((kind, key));
        owners.extend(chain.value::<AccountId>(place).await?);
    }
    owners.sort();
    owners.dedup();
    match owners.as_slice() {
        [_, _, ..] => {
            Err(input(format!("keys of {} validators lie in one keystore; name one with --owner", owners.len())))
        }
        _ => Ok(owners.pop()),
    }
}

/// One line of the report.
struct Finding {
    is_good: bool,
    text: String,
}

impl std::fmt::Display for Finding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", if self.is_good { "✔" } else { "✘" }, self.text)
    }
}

/// An amount in whole ERGN, rounded up.
fn in_ergn(amount: Balance) -> Balance {
    amount.div_ceil(ERGN)
}

/// What `owner` has staked, or why it cannot be elected.
fn stake_of(owner: &AccountId, known: &Known) -> Result<String, String> {
    let Some(info) = &known.stake else {
        return Err(format!("{owner} is no validator. Send validatorStaking.register from it first"));
    };
    if info.tombstoned {
        return Err(format!("{owner} is excluded for good; it can only leave (validatorStaking.leave)"));
    }
    if info.leaving {
        return Err(format!("{owner} is leaving, and is elected no more; once it has left, it can register again"));
    }
    if let Some(until) = info.jailed_until {
        return Err(format!(
            "{owner} is in jail for missing its ticks. Repair that, then send validatorStaking.unjail: free from tick {until} \
             on, for a fee before"
        ));
    }
    Ok(format!("a validator with {} ERGN of its own and {} delegated", info.own_stake / ERGN, info.delegated / ERGN))
}

/// The steps from keys to blocks, up to the first that everything after it waits for.
fn judge(held: &Held, known: &Known) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |is_good, good: String, bad: String| {
        findings.push(Finding { is_good, text: if is_good { good } else { bad } });
        is_good
    };
    let setup = "ergon-node key setup --owner ADDRESS";
    let made = !held.aura.is_empty() && !held.grandpa.is_empty();
    if !find(made, "has session keys".into(), format!("lacks session keys. Make them: {setup}")) {
        return findings;
    }
    let Some(owner) = &known.owner else {
        let nobody = format!(
            "nobody has registered any of these keys. Register as a validator first (validatorStaking.register), then send the \
             call that this prints: {setup}"
        );
        find(false, String::new(), nobody);
        return findings;
    };
    let stake = stake_of(owner, known);
    if !find(stake.is_ok(), stake.clone().unwrap_or_default(), stake.err().unwrap_or_default()) {
        return findings;
    }
    let Some(keys) = &known.registered else {
        let none = format!("{owner} has registered no session keys. Send the call that this prints: {setup}");
        find(false, String::new(), none);
        return findings;
    };
    let ours = held.aura.contains(&keys.aura) && held.grandpa.contains(&keys.grandpa);
    find(
        ours,
        format!("registered by {owner}"),
        format!(
            "{owner} has registered other keys: block key {}, vote key {}. Register those of this machine with the call \
             that this prints: {setup}",
            keys.aura, keys.grandpa,
        ),
    );
    let duties = known.active.iter().find(|(operator, _)| operator == owner).map(|(_, duties)| *duties);
    let count = known.active.len();
    find(
        duties.is_some(),
        format!("in the active set, one of {count} validators"),
        format!(
            "not in the active set of {count} validators: a newcomer needs {} ERGN in all. Whoever is elected enters at the \
             beginning of a session",
            in_ergn(known.entry_stake),
        ),
    );
    let Some(duties) = duties else { return findings };
    let ticks = known.table.iter().filter(|key| **key == keys.aura).count();
    let later = "not in force yet: keys are, two sessions after they were registered";
    let makes_blocks = find(
        ticks > 0,
        format!("its block key owns {ticks} of the next {} ticks", known.table.len()),
        format!("its block key is {later}"),
    );
    find(known.voters.contains(&keys.grandpa), "its vote key votes".into(), format!("its vote key is {later}"));
    if makes_blocks {
        let kept = format!(
            "{} of {} owed ticks kept so far, reliability {:.0} %",
            duties.owed.saturating_sub(duties.missed),
            duties.owed,
            duties.reliability.deconstruct() as f64 / 1e7,
        );
        find(
            duties.reliability >= KEEPS_ITS_TICKS && duties.owed > duties.missed,
            format!("authoring: {kept}"),
            format!(
                "makes no blocks, or few: {kept}. Does the node run with --validator and this keystore, in sync, with peers \
                     and the right time?"
            ),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_keyring::{Ed25519Keyring, Sr25519Keyring};
    use sp_runtime::Percent;

    fn keys(block: Sr25519Keyring, vote: Ed25519Keyring) -> SessionKeys {
        SessionKeys { aura: block.public().into(), grandpa: vote.public().into() }
    }

    fn alice() -> Held {
        Held { aura: vec![Sr25519Keyring::Alice.public().into()], grandpa: vec![Ed25519Keyring::Alice.public().into()] }
    }

    /// A chain on which Alice and Bob are validators and all is well.
    fn chain() -> Known {
        let owner = Sr25519Keyring::Alice.to_account_id();
        let stake = ValidatorInfo {
            account: owner.clone(),
            name: b"Alice".to_vec(),
            own_stake: 10_000 * ERGN,
            delegated: 0,
            commission: Perbill::zero(),
            active: true,
            has_keys: true,
            leaving: false,
            jailed_until: None,
            strikes: 0,
            tombstoned: false,
            uptime: None,
            score: Percent::one(),
        };
        let duties = Duties { owed: 8, missed: 1, ..Duties::default() };
        Known {
            registered: Some(keys(Sr25519Keyring::Alice, Ed25519Keyring::Alice)),
            active: vec![(owner.clone(), duties), (Sr25519Keyring::Bob.to_account_id(), Duties::default())],
            table: [Sr25519Keyring::Alice, Sr25519Keyring::Bob].map(|key| key.public().into()).to_vec(),
            voters: [Ed25519Keyring::Alice, Ed25519Keyring::Bob].map(|key| key.public().into()).to_vec(),
            entry_stake: 10_000 * ERGN,
            stake: Some(stake),
            owner: Some(owner),
        }
    }

    /// The one finding that is not good, of those made.
    fn fault(held: &Held, known: &Known) -> String {
        let bad: Vec<_> = judge(held, known).into_iter().filter(|finding| !finding.is_good).collect();
        assert_eq!(bad.len(), 1, "{:?}", bad.iter().map(ToString::to_string).collect::<Vec<_>>());
        bad[0].to_string()
    }

    #[test]
    fn a_working_validator_has_nothing_to_do() {
        let findings = judge(&alice(), &chain());
        assert!(findings.iter().all(|finding| finding.is_good));
        assert_eq!(findings.len(), 7);
    }

    #[test]
    fn each_missing_step_is_named() {
        let nothing = Held { aura: vec![], grandpa: alice().grandpa };
        assert!(fault(&nothing, &chain()).contains("lacks session keys. Make them: ergon-node key setup"));
        assert!(fault(&alice(), &Known { owner: None, registered: None, ..chain() }).contains("nobody has registered"));
        assert!(fault(&alice(), &Known { registered: None, ..chain() }).contains("5Grw"));

        let with = |change: fn(&mut ValidatorInfo<AccountId>)| {
            let mut known = chain();
            known.stake.iter_mut().for_each(change);
            fault(&alice(), &known)
        };
        assert!(fault(&alice(), &Known { stake: None, ..chain() })
            .contains("is no validator. Send validatorStaking.register"));
        assert!(with(|info| info.tombstoned = true).contains("excluded for good"));
        assert!(with(|info| info.leaving = true).contains("is leaving"));
        assert!(with(|info| info.jailed_until = Some(77)).contains("free from tick 77 on"));

        let others = Some(keys(Sr25519Keyring::Bob, Ed25519Keyring::Alice));
        assert!(fault(&alice(), &Known { registered: others, ..chain() }).contains("has registered other keys"));

        let left = Known { active: chain().active.split_off(1), ..chain() };
        assert!(fault(&alice(), &left).contains("not in the active set of 1 validators: a newcomer needs 10000 ERGN"));
        assert!(fault(&alice(), &Known { voters: vec![], ..chain() }).contains("its vote key is not in force yet"));
        assert!(fault(&alice(), &Known { table: vec![], ..chain() }).contains("its block key is not in force yet"));

        let mut new = chain();
        new.active[0].1 = Duties::default();
        assert!(fault(&alice(), &new).contains("makes no blocks, or few: 0 of 0"), "nothing shows yet that it works");
        let mut lazy = chain();
        lazy.active[0].1 = Duties { owed: 100, missed: 70, reliability: Perbill::from_percent(3) };
        let fault = fault(&alice(), &lazy);
        assert!(fault.contains("30 of 100 owed ticks kept so far, reliability 3 %"), "{fault}");
    }
}
