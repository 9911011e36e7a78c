//! The relays of a session, one behind the other: the link to the second runs through the first, and so on to the
//! target.
//!
//! Nothing is encrypted here. Each relay sees the bytes that it passes on, so speak TLS or SSH with the target.

use std::{collections::HashMap, sync::Mutex};

use ergon_primitives::{nodes::NodeKey, order_info::SessionInfo, orders::OrderId, Hash};
use sp_core::{sr25519, Pair};
use tokio::{
    io::DuplexStream,
    net::TcpStream,
    time::{timeout, Duration},
};

use super::{
    link::{self, Running, Terms, STALL},
    ClientError,
};
use crate::{chain::Chain, relay::sessions::lock};

const CONNECTING: Duration = Duration::from_secs(10);

/// A relay of the route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hop {
    /// Its key.
    pub node: NodeKey,
    /// Where it is.
    pub endpoint: String,
}

/// A session that can be connected through.
pub struct Route {
    key: sr25519::Pair,
    genesis: Hash,
    session: OrderId,
    volume: u64,
    /// What each relay is paid for a million bytes.
    pub price_per_mb: u128,
    /// From the client to the target.
    pub hops: Vec<Hop>,
    /// What this client counted for each relay.
    own: Mutex<HashMap<NodeKey, u64>>,
}

/// A way through all relays.
pub struct Way {
    /// What is written here comes out at the target.
    pub stream: DuplexStream,
    /// The links, from the client to the target.
    pub links: Vec<(Hop, Running)>,
}

impl Route {
    /// Asks the chain for the session.
    ///
    /// # Errors
    /// If it has none that `key` can use now.
    pub async fn find(chain: &dyn Chain, session: OrderId, key: sr25519::Pair) -> Result<Self, ClientError> {
        let order = |what: String| Err(ClientError::Order(format!("session {session}: {what}")));
        let (_, info) = chain.final_session(session).await?;
        let info = match info.filter(|info| info.drawn) {
            Some(info) => (info, true),
            // Another block may still give the number to another order.
            None => match chain.session(session).await? {
                Some(info) => (info, false),
                None => return order("the chain has none with this number. Was it opened, and on this chain?".into()),
            },
        };
        let (SessionInfo { client, volume, price_per_mb, relays, drawn, expires, .. }, is_final) = info;
        if client != key.public() {
            return order(format!("it was opened for the client key {client}, and this is {}", key.public()));
        }
        if !drawn || relays.is_empty() {
            return order("its relays are not drawn yet, try again in half a minute".into());
        }
        if !is_final {
            return order("it is in no final block yet, and may still be replaced: try again in half a minute".into());
        }
        if expires.is_some_and(|expires| chain.tick() >= expires) {
            return order("it is over, open a new one".into());
        }
        if let Some(done) = relays.iter().find(|place| place.settled.is_some()) {
            return order(format!("its relay {} is paid and works for it no more, open a new one", done.node));
        }
        let mut hops = Vec::new();
        for place in relays {
            match String::from_utf8(place.endpoint) {
                Ok(endpoint) if !endpoint.is_empty() => hops.push(Hop { node: place.node, endpoint }),
                _ => {
                    let what = "is registered no more, or with no endpoint that can be read: open a new session";
                    return order(format!("its relay {} {what}", place.node));
                }
            }
        }
        let own = Mutex::default();
        Ok(Self { key, genesis: chain.genesis(), session, volume, price_per_mb, hops, own })
    }

    /// Connects through all relays with `target`.
    ///
    /// # Errors
    /// If a relay cannot be reached, refuses or lies.
    pub async fn connect(&self, target: &str) -> Result<Way, ClientError> {
        let mut links = Vec::new();
        match self.join(target, &mut links).await {
            Ok(stream) => Ok(Way { stream, links }),
            Err(error) => {
                // What went through those that are open is counted and paid like any other.
                for Ended { hop, result, .. } in self.end(links).await {
                    log::debug!(target: "client", "the link to {} ended: {result:?}", hop.endpoint);
                }
                Err(error)
            }
        }
    }

    /// Opens a link to each relay through that before it. Those that are open are in `links`, whatever comes of it.
    async fn join(&self, target: &str, links: &mut Vec<(Hop, Running)>) -> Result<DuplexStream, ClientError> {
        let (first, rest) = match self.hops.split_first() {
            Some(parts) => parts,
            None => return Err(ClientError::Order(format!("session {}: it has no relays", self.session))),
        };
        let unreachable = |reason| ClientError::Unreachable { peer: first.endpoint.clone(), reason };
        let stream = match timeout(CONNECTING, TcpStream::connect(&first.endpoint)).await {
            Ok(stream) => stream.map_err(|error| unreachable(error.to_string()))?,
            Err(_) => return Err(unreachable("nothing came in time".into())),
        };
        stream.set_nodelay(true).map_err(|error| unreachable(error.to_string()))?;
        let after = |place: usize| self.hops.get(place).map_or(target, |hop| hop.endpoint.as_str());
        let mut link = link::open(stream, self.terms(first), after(1)).await?;
        links.push((first.clone(), link.running));
        for (place, hop) in rest.iter().enumerate() {
            link = link::open(link.stream, self.terms(hop), after(place.saturating_add(2))).await?;
            links.push((hop.clone(), link.running));
        }
        Ok(link.stream)
    }

    fn terms(&self, hop: &Hop) -> Terms {
        Terms {
            key: self.key.clone(),
            genesis: self.genesis,
            session: self.session,
            relay: hop.node,
            peer: hop.endpoint.clone(),
            volume: self.volume,
            own: lock(&self.own).get(&hop.node).copied(),
            stall: STALL,
        }
    }

    /// Waits until all links have ended, and notes what each relay passed on. The stream must be dropped before.
    pub async fn end(&self, links: Vec<(Hop, Running)>) -> Vec<Ended> {
        let mut ended = Vec::new();
        for (_, running) in &links {
            running.leave.notify_one();
        }
        for (hop, Running { account, done, .. }) in links {
            let result = done.await.unwrap_or_else(|error| Err(ClientError::Order(format!("this is a bug: {error}"))));
            let (base, passed, signed) = {
                let account = lock(&account);
                (account.base(), account.passed(), account.signed())
            };
            // What was before the first link is the relay's word; all since is this client's count.
            let mut own = lock(&self.own);
            let known = own.entry(hop.node).or_insert(base);
            *known = known.saturating_add(passed);
            ended.push(Ended { hop, signed, result });
        }
        ended
    }
}

/// How a link ended.
#[derive(Debug)]
pub struct Ended {
    /// Of which relay.
    pub hop: Hop,
    /// Bytes that the relay has a receipt for.
    pub signed: u64,
    /// Whether something broke.
    pub result: Result<(), ClientError>,
}

/// What `bytes` cost at least: billed for 5 MB at least, rounded up, which is in the relay's favour. The chain has the
/// last word.
pub fn price(bytes: u64, price_per_mb: u128) -> u128 {
    let billed = u128::from(bytes.max(ergon_primitives::work::BYTES_PER_CREDIT));
    billed.saturating_mul(price_per_mb).div_ceil(1_000_000)
}
