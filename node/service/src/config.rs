//! What the node's messages need to name a command that works, without knowing the command line.

use std::{fmt, path::PathBuf};

use sc_service::Configuration;

/// Which chain this node follows and where it keeps its files. Displays as the two options that lead a command to them.
#[derive(Clone, Debug)]
pub struct NodeHome {
    chain: String,
    base_path: PathBuf,
}

impl NodeHome {
    /// Describes `config`, whose chain the user named as `chain`; empty stands for the default chain.
    pub fn new(config: &Configuration, chain: String) -> Self {
        Self::at(chain, config.base_path.path().to_owned())
    }

    fn at(chain: String, base_path: PathBuf) -> Self {
        let chain = if chain.is_empty() { "dev".into() } else { chain };
        Self { chain, base_path }
    }
}

impl fmt::Display for NodeHome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--chain {} --base-path {}", self.chain, self.base_path.display())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn displays_as_options() {
        let home = NodeHome::at("local".into(), "/data".into());
        assert_eq!(home.to_string(), "--chain local --base-path /data");
        let home = NodeHome::at(String::new(), "/data".into());
        assert_eq!(home.to_string(), "--chain dev --base-path /data");
    }
}
