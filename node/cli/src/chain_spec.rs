//! Finds the chain spec that `--chain` names.
//!
//! The named networks are the raw specs committed under `chain-specs/`, so that every build of this binary follows the same
//! chain. `preset:NAME` is the other way round: a new chain from this binary's own runtime.

use std::path::PathBuf;

use ergon_primitives::currency::{SS58_PREFIX, TOKEN_DECIMALS, TOKEN_SYMBOL};
use ergon_runtime::{genesis, WASM_BINARY};
use sc_service::{ChainType, NoExtension, Properties};

/// No extensions: light clients refuse top-level fields they do not know.
type Spec = sc_service::GenericChainSpec;

/// Help text of `--chain`.
pub(crate) const CHAIN_HELP: &str = "\
Chain to follow.

dev (the default), local, testnet and mainnet are the networks this binary knows. preset:NAME is a new chain from this \
binary's own runtime; the presets are development, local_testnet, short_slots, testnet and mainnet. Anything else is the path \
of a chain spec.";

/// A network committed with this source.
struct Network {
    /// What `--chain` may call it: short name, preset, id.
    names: &'static [&'static str],
    /// Its raw spec.
    json: &'static [u8],
}

static NETWORKS: [Network; 4] = [
    Network {
        names: &["dev", "development", "ergon_dev", ""],
        json: include_bytes!("../../../chain-specs/development.json"),
    },
    Network {
        names: &["local", "local_testnet", "ergon_local"],
        json: include_bytes!("../../../chain-specs/local.json"),
    },
    Network { names: &["testnet", "ergon_testnet"], json: include_bytes!("../../../chain-specs/testnet.json") },
    Network { names: &["mainnet", "ergon_mainnet"], json: include_bytes!("../../../chain-specs/mainnet.json") },
];

/// A genesis preset of the runtime, and what the spec made from it is called.
struct Preset {
    preset: &'static str,
    id: &'static str,
    name: &'static str,
    chain_type: ChainType,
}

static PRESETS: [Preset; 5] = [
    Preset {
        preset: genesis::DEVELOPMENT,
        id: "ergon_dev",
        name: "Ergon Development",
        chain_type: ChainType::Development,
    },
    Preset {
        preset: genesis::LOCAL_TESTNET,
        id: "ergon_local",
        name: "Ergon Local Testnet",
        chain_type: ChainType::Local,
    },
    Preset {
        preset: genesis::SHORT_SLOTS,
        id: "ergon_short_slots",
        name: "Ergon Short Slots",
        chain_type: ChainType::Local,
    },
    Preset { preset: genesis::TESTNET, id: "ergon_testnet", name: "Ergon Testnet", chain_type: ChainType::Live },
    Preset { preset: genesis::MAINNET, id: "ergon_mainnet", name: "Ergon Mainnet", chain_type: ChainType::Live },
];

/// Loads the spec that `id` names. The error says what would have been possible.
pub(crate) fn load(id: &str) -> Result<Box<dyn sc_service::ChainSpec>, String> {
    let spec = if let Some(network) = NETWORKS.iter().find(|network| network.names.contains(&id)) {
        Spec::from_json_bytes(network.json)
            .map_err(|error| format!("the chain spec of '{id}' in this binary is damaged: {error}"))?
    } else if let Some(preset) = id.strip_prefix("preset:") {
        from_preset(preset)?
    } else {
        from_file(id)?
    };
    Ok(Box::new(spec))
}

fn from_preset(name: &str) -> Result<Spec, String> {
    let preset = PRESETS.iter().find(|preset| preset.preset == name).ok_or_else(|| {
        let known: Vec<_> = PRESETS.iter().map(|preset| preset.preset).collect();
        format!("this runtime has no genesis preset '{name}'; it has {}", known.join(", "))
    })?;
    let code =
        WASM_BINARY.ok_or("this binary was built without its Wasm runtime, so it can make no chain from a preset")?;
    let spec = Spec::builder(code, NoExtension::None)
        .with_name(preset.name)
        .with_id(preset.id)
        .with_chain_type(preset.chain_type.clone())
        .with_protocol_id("ergon")
        .with_properties(properties())
        .with_genesis_config_preset_name(preset.preset)
        .build();
    Ok(spec)
}

fn from_file(path: &str) -> Result<Spec, String> {
    let file = PathBuf::from(path);
    if !file.is_file() {
        return Err(format!(
            "'{path}' is neither a chain spec file that exists nor a known chain; known are dev, local, testnet, \
             mainnet and preset:NAME"
        ));
    }
    Spec::from_json_file(file).map_err(|error| format!("'{path}' is not a valid chain spec: {error}"))
}

/// What wallets show amounts and addresses with.
fn properties() -> Properties {
    let mut properties = Properties::new();
    properties.insert("tokenSymbol".into(), TOKEN_SYMBOL.into());
    properties.insert("tokenDecimals".into(), TOKEN_DECIMALS.into());
    properties.insert("ss58Format".into(), SS58_PREFIX.into());
    properties
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn every_named_network_loads_under_each_of_its_names() {
        for network in &NETWORKS {
            let ids: Vec<_> = network
                .names
                .iter()
                .map(|name| load(name).unwrap_or_else(|error| panic!("{name}: {error}")).id().to_owned())
                .collect();
            assert!(ids.iter().all(|id| network.names.contains(&id.as_str())), "{ids:?}");
        }
    }

    #[test]
    fn an_unknown_preset_lists_the_known_ones() {
        let error = load("preset:staging").expect_err("there is none");
        assert!(error.contains("'staging'") && error.contains("local_testnet"), "{error}");
    }

    #[test]
    fn a_file_that_does_not_exist_lists_the_known_chains() {
        let error = load("no/such/spec.json").expect_err("there is none");
        assert!(error.contains("no/such/spec.json") && error.contains("testnet"), "{error}");
    }

    #[test]
    fn a_file_that_is_no_spec_says_what_is_wrong() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("spec.json");
        fs::write(&path, r#"{"name": "Ergon"}"#).expect("the folder is ours");
        let error = load(&path.display().to_string()).expect_err("it lacks nearly everything");
        assert!(error.contains("is not a valid chain spec: "), "{error}");
    }
}
