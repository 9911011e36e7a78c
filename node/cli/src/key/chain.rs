//! A node's RPC, as far as commands need it.

use codec::{Decode, Encode};
use jsonrpsee::{
    core::client::{ClientT, Error as RpcError},
    rpc_params,
    ws_client::{WsClient, WsClientBuilder},
};
use sp_core::{storage::StorageKey, Bytes};

use crate::Error;

fn input(message: String) -> Error {
    sc_cli::Error::Input(message).into()
}

/// A node's RPC.
pub(super) struct Chain {
    client: WsClient,
    url: String,
}

impl Chain {
    pub(super) async fn connect(url: &str) -> Result<Self, Error> {
        let client = WsClientBuilder::default().build(url).await.map_err(|error| {
            input(format!("no node answers at {url}: {error}. Start it, or name another with --rpc ws://HOST:PORT"))
        })?;
        Ok(Self { client, url: url.into() })
    }

    pub(super) async fn ask<R: serde::de::DeserializeOwned>(
        &self,
        method: &str,
        params: jsonrpsee::core::params::ArrayParams,
    ) -> Result<R, Error> {
        let failed = |error: RpcError| input(format!("{} does not answer {method}: {error}", self.url));
        self.client.request(method, params).await.map_err(failed)
    }

    /// Answer of a runtime API without parameters.
    pub(super) async fn call<R: Decode>(&self, method: &str) -> Result<R, Error> {
        self.call_with(method, &()).await
    }

    /// Answer of a runtime API.
    pub(super) async fn call_with<R: Decode>(&self, method: &str, parameters: &impl Encode) -> Result<R, Error> {
        let answer: Bytes = self.ask("state_call", rpc_params![method, Bytes(parameters.encode())]).await?;
        R::decode(&mut &answer[..]).map_err(|error| input(format!("the answer of {method} cannot be read: {error}")))
    }

    /// Value of a storage key.
    pub(super) async fn value<R: Decode>(&self, key: Vec<u8>) -> Result<Option<R>, Error> {
        let answer: Option<Bytes> = self.ask("state_getStorage", rpc_params![StorageKey(key)]).await?;
        answer
            .map(|bytes| R::decode(&mut &bytes[..]))
            .transpose()
            .map_err(|error| input(format!("a value of the chain's state cannot be read: {error}")))
    }
}
