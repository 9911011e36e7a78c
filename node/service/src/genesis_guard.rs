//! Refuses a chain this node cannot or should not run: another runtime, another chain's database, a network not launched.
//!
//! The client itself compares nothing. It takes whatever genesis a spec describes, and once a database exists it never looks at
//! the spec's genesis again.

use std::sync::Arc;

use ergon_primitives::{placeholder::is_placeholder, AuraId};
use sc_client_api::{in_mem, HeaderBackend};
use sc_consensus_grandpa::GrandpaApi;
use sc_executor::RuntimeVersionOf;
use sc_service::{BuildGenesisBlock, ChainSpec, GenesisBlockBuilder};
use sp_api::ProvideRuntimeApi;
use sp_consensus_aura::AuraApi;
use sp_core::{
    storage::{well_known_keys, Storage},
    traits::{RuntimeCode, WrappedRuntimeCode},
};
use sp_runtime::traits::{BlakeTwo256, Block as _, Hash as _};

use crate::{
    config::NodeHome,
    error::Error,
    types::{Block, FullClient, Hash, RuntimeExecutor},
};

/// `spec_name` of every Ergon runtime.
const SPEC_NAME: &str = "ergon";

/// Genesis state of a spec whose runtime is Ergon's.
pub struct Genesis {
    storage: Storage,
}

impl Genesis {
    /// Builds the genesis state of `spec`. Fails if it has none or if it is for another runtime.
    pub fn read(spec: &dyn ChainSpec, executor: &RuntimeExecutor) -> Result<Self, Error> {
        let unusable = |reason: String| Error::Genesis { chain: spec.id().into(), reason };
        let storage = spec.as_storage_builder().build_storage().map_err(unusable)?;
        let found = spec_name(&storage, executor).map_err(unusable)?;
        if found != SPEC_NAME {
            return Err(Error::ForeignRuntime { chain: spec.id().into(), found });
        }
        Ok(Self { storage })
    }

    /// Hash of the genesis block.
    pub fn hash(self, executor: &RuntimeExecutor) -> Result<Hash, Error> {
        // The state is only hashed: the operation that would write it is dropped.
        let nowhere = Arc::new(in_mem::Backend::<Block>::new());
        let (block, _operation) =
            GenesisBlockBuilder::<Block, _, _>::new_with_storage(self.storage, false, nowhere, executor.clone())?
                .build_genesis_block()?;
        Ok(block.header().hash())
    }

    /// Fails if the database behind `client` was made from another genesis.
    pub(crate) fn check_database(
        self,
        client: &FullClient,
        executor: &RuntimeExecutor,
        home: &NodeHome,
    ) -> Result<(), Error> {
        let expected = self.hash(executor)?;
        let found = client.info().genesis_hash;
        if found != expected {
            return Err(Error::ForeignDatabase { found, expected, home: home.clone() });
        }
        Ok(())
    }
}

fn spec_name(storage: &Storage, executor: &RuntimeExecutor) -> Result<String, String> {
    let code = storage.top.get(well_known_keys::CODE).ok_or("it holds no runtime")?;
    let fetcher = WrappedRuntimeCode(code.as_slice().into());
    let code =
        RuntimeCode { code_fetcher: &fetcher, heap_pages: None, hash: BlakeTwo256::hash(code).as_bytes().to_vec() };
    let mut no_state = sp_state_machine::BasicExternalities::new_empty();
    let version = RuntimeVersionOf::runtime_version(executor, &mut no_state, &code)
        .map_err(|error| format!("its runtime does not run: {error}"))?;
    Ok(version.spec_name.to_string())
}

/// Fails if the chain still stands at its genesis and any validator in it is a placeholder, which nobody can sign for.
pub fn refuse_placeholders(client: &FullClient, spec: &dyn ChainSpec) -> Result<(), Error> {
    let info = client.info();
    // Past genesis somebody has signed a block, so the network was launched; the genesis state may be pruned by then.
    if info.best_number > 0 {
        return Ok(());
    }
    let api = client.runtime_api();
    let aura: Vec<AuraId> = api.authorities(info.genesis_hash)?;
    let grandpa = api.grandpa_authorities(info.genesis_hash)?;
    let aura = aura.iter().map(AsRef::<[u8]>::as_ref);
    let grandpa = grandpa.iter().map(|(key, _)| AsRef::<[u8]>::as_ref(key));
    check_keys(spec.name(), aura.chain(grandpa))
}

fn check_keys<'a>(chain: &str, mut keys: impl Iterator<Item = &'a [u8]>) -> Result<(), Error> {
    let is_nobodys = |key: &[u8]| <&[u8; 32]>::try_from(key).is_ok_and(is_placeholder);
    if keys.any(is_nobodys) {
        return Err(Error::PlaceholderKeys { chain: chain.into() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_placeholder_key_refuses_the_chain_by_name() {
        let mut placeholder = [0; 32];
        placeholder[..18].copy_from_slice(b"ERGON-PLACEHOLDER-");
        let real = [7; 32];

        assert!(check_keys("Ergon Testnet", [&real[..]].into_iter()).is_ok());
        let error = check_keys("Ergon Testnet", [&real[..], &placeholder[..]].into_iter())
            .expect_err("a placeholder is among them");
        let message = error.to_string();
        assert!(message.starts_with("chain 'Ergon Testnet' has placeholder validator keys"), "{message}");
        assert!(message.contains("--chain local"), "{message}");
    }
}
