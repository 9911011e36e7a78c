//! Where a relay passes bytes on to: names are looked up once, and what they lead to is judged before it is connected
//! with. So a client can make it reach neither the relay's own machine nor its network, whatever the names it gives say
//! a moment later. Its own machine is also that under its public addresses, behind which services may listen that trust
//! it.

use std::{
    collections::BTreeMap,
    io,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    sync::Mutex,
    time::Duration,
};

use tokio::{
    net::{lookup_host, TcpStream},
    time::timeout,
};

use super::sessions::lock;
use crate::wire::{message::MAX_ADDRESS, Reason};

/// Most addresses of a name that are tried.
const MAX_TRIES: usize = 4;

/// Which targets are allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Targets {
    /// Those on the public Internet.
    Public,
    /// All: for tests, and for networks of one owner.
    All,
}

/// Where the relay itself is reached.
#[derive(Clone, Copy, Debug, Default)]
pub struct Own<'a> {
    /// The address that the client came in on.
    pub local: Option<IpAddr>,
    /// `host:port` that the relay is registered with.
    pub endpoint: &'a [u8],
}

impl Own<'_> {
    async fn addresses(&self) -> Vec<IpAddr> {
        let mut own: Vec<_> = self.local.into_iter().map(|ip| ip.to_canonical()).collect();
        if let Some(name) = std::str::from_utf8(self.endpoint).ok().filter(|name| !name.is_empty()) {
            let found = lookup_host(name).await;
            own.extend(known(name, found.map(|found| found.map(|address| address.ip().to_canonical()).collect())));
        }
        own
    }
}

/// What endpoints of relays in this process led to, as far as is known. Each has one, and its owner chooses it.
static KNOWN: Mutex<BTreeMap<String, Known>> = Mutex::new(BTreeMap::new());

#[derive(Default)]
struct Known {
    addresses: Vec<IpAddr>,
    warned: bool,
}

/// Where an endpoint leads to: what was found now or, if it cannot be looked up, what was found before. When names are
/// not answered for a while, what trusts this machine is not open to strangers.
fn known(endpoint: &str, found: io::Result<Vec<IpAddr>>) -> Vec<IpAddr> {
    let mut all = lock(&KNOWN);
    let known = all.entry(endpoint.to_string()).or_default();
    match found {
        Ok(addresses) => *known = Known { addresses, warned: false },
        Err(error) if known.warned => {
            log::debug!(target: "relay", "its own endpoint {endpoint} cannot be looked up: {error}");
        }
        Err(error) => {
            known.warned = true;
            log::warn!(
                target: "relay",
                "its own endpoint {endpoint} cannot be looked up: {error}. Clients are kept only from where it led \
                 before, {:?}: see to the name, or to this machine's name server",
                known.addresses
            );
        }
    }
    known.addresses.clone()
}

/// Connects with `host:port`, within `patience`.
///
/// # Errors
/// [`Reason::TargetRefused`] and [`Reason::TargetUnreachable`].
pub async fn connect(target: &[u8], allowed: Targets, own: Own<'_>, patience: Duration) -> Result<TcpStream, Reason> {
    let name = std::str::from_utf8(target).ok().filter(|name| name.len() <= MAX_ADDRESS);
    let name = name.ok_or(Reason::TargetRefused)?;
    let attempt = async {
        let found: Vec<_> = lookup_host(name).await.map_err(|_| Reason::TargetUnreachable)?.take(MAX_TRIES).collect();
        let own = if allowed == Targets::All { Vec::new() } else { own.addresses().await };
        let may = |address: &SocketAddr| allowed == Targets::All || (is_public(address) && !is_own(address, &own));
        let mut reason = if found.is_empty() { Reason::TargetUnreachable } else { Reason::TargetRefused };
        for address in found.into_iter().filter(may) {
            match TcpStream::connect(address).await {
                Ok(stream) => {
                    stream.set_nodelay(true).map_err(|_| Reason::TargetUnreachable)?;
                    return Ok(stream);
                }
                Err(_) => reason = Reason::TargetUnreachable,
            }
        }
        Err(reason)
    };
    timeout(patience, attempt).await.unwrap_or(Err(Reason::TargetUnreachable))
}

/// Whether an address is this machine's, or in its IPv6 network.
fn is_own(address: &SocketAddr, own: &[IpAddr]) -> bool {
    let target = address.ip().to_canonical();
    own.iter().copied().chain(source(address)).any(|own| match (own, target) {
        (IpAddr::V4(own), IpAddr::V4(target)) => own == target,
        // The network is the upper half.
        (IpAddr::V6(own), IpAddr::V6(target)) => own.to_bits() >> 64 == target.to_bits() >> 64,
        _ => false,
    })
}

/// The address from which the system would connect with `address`: the same one, if it is this machine's. Nothing is
/// sent for that.
fn source(address: &SocketAddr) -> Option<IpAddr> {
    let any: IpAddr = if address.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).ok()?;
    socket.connect(address).ok()?;
    Some(socket.local_addr().ok()?.ip().to_canonical())
}

/// Whether an address is one of the public Internet.
pub fn is_public(address: &SocketAddr) -> bool {
    address.port() != 0
        && match address.ip() {
            IpAddr::V4(ip) => is_public_v4(ip),
            IpAddr::V6(ip) => is_public_v6(ip),
        }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, d] = ip.octets();
    let special = ip.is_loopback()
        || ip.is_private()
        || ip.is_link_local()
        || ip.is_documentation()
        || ip.is_multicast()
        || a == 0
        // Carriers' own, RFC 6598.
        || (a == 100 && (64..128).contains(&b))
        // Protocol assignments, and anycast of 6to4 relays.
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        // What clouds answer their machines on, behind public addresses: Azure's wire server, IBM's services.
        || (a == 168 && b == 63 && c == 129 && d == 16)
        || (a == 161 && b == 26)
        || (a == 166 && (8..12).contains(&b))
        // Benchmarks.
        || (a == 198 && (b == 18 || b == 19))
        // Reserved, and broadcast.
        || a >= 240;
    !special
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    if let Some(v4) = ip.to_ipv4_mapped() {
        return is_public_v4(v4);
    }
    let [first, second, ..] = ip.segments();
    // Only global unicast, 2000::/3; of it neither documentation nor what holds an IPv4 address: Teredo and 6to4.
    let global = first & 0xe000 == 0x2000;
    let special = (first == 0x2001 && (second < 0x0200 || second == 0x0db8)) || first == 0x2002 || first == 0x3fff;
    global && !special
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(&text.parse().expect("an address"))
    }

    #[test]
    fn only_the_public_internet_is_reached() {
        for good in ["1.1.1.1:443", "8.8.8.8:53", "[2606:4700::1111]:443", "[::ffff:1.1.1.1]:80", "168.63.129.17:1"] {
            assert!(public(good), "{good}");
        }
        for bad in [
            "127.0.0.1:80",
            "127.8.9.1:80",
            "0.0.0.0:80",
            "10.1.2.3:80",
            "172.16.0.1:80",
            "172.31.255.255:80",
            "192.168.1.1:80",
            "169.254.169.254:80",
            "100.64.0.1:80",
            "100.127.255.255:80",
            "100.100.100.200:80",
            "168.63.129.16:80",
            "[::ffff:168.63.129.16]:80",
            "161.26.0.10:53",
            "166.9.0.1:443",
            "192.0.0.192:80",
            "192.0.0.8:1",
            "192.0.2.1:1",
            "198.18.0.1:1",
            "198.51.100.1:1",
            "203.0.113.1:1",
            "224.0.0.1:1",
            "240.0.0.1:1",
            "255.255.255.255:1",
            "1.1.1.1:0",
            "[::1]:80",
            "[::]:80",
            "[::127.0.0.1]:80",
            "[::ffff:127.0.0.1]:80",
            "[::ffff:192.168.0.1]:80",
            "[fc00::1]:80",
            "[fdff::1]:80",
            "[fe80::1]:80",
            "[fec0::1]:80",
            "[ff02::1]:80",
            "[64:ff9b::7f00:1]:80",
            "[2001::1]:80",
            "[2001:db8::1]:80",
            "[2002:7f00:1::]:80",
            "[3fff::1]:80",
        ] {
            assert!(!public(bad), "{bad}");
        }
    }

    #[tokio::test]
    async fn names_of_this_machine_are_refused_before_they_are_connected_with() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let second = Duration::from_secs(5);
        for name in [format!("localhost:{port}"), format!("127.0.0.1:{port}"), format!("[::ffff:127.0.0.1]:{port}")] {
            let refused = connect(name.as_bytes(), Targets::Public, Own::default(), second).await.expect_err("refused");
            assert_eq!(refused, Reason::TargetRefused, "{name}");
        }
        let local = format!("127.0.0.1:{port}");
        let own = Own::default();
        connect(local.as_bytes(), Targets::All, own, second).await.expect("allowed");
        assert_eq!(connect(b"no port", Targets::All, own, second).await.err(), Some(Reason::TargetUnreachable));
        assert_eq!(connect(&[0xff, 0xfe], Targets::All, own, second).await.err(), Some(Reason::TargetRefused));
        assert_eq!(connect(&[b'a'; 300], Targets::All, own, second).await.err(), Some(Reason::TargetRefused));
    }

    #[tokio::test]
    async fn the_relays_own_public_addresses_are_refused() {
        let short = Duration::from_millis(500);
        let registered = Own { local: None, endpoint: b"9.9.9.9:7000" };
        let came_in_on = Own { local: Some(IpAddr::from([9, 9, 9, 9])), endpoint: b"" };
        for own in [registered, came_in_on] {
            for target in ["9.9.9.9:22", "[::ffff:9.9.9.9]:22"] {
                let refused = connect(target.as_bytes(), Targets::Public, own, short).await.err();
                assert_eq!(refused, Some(Reason::TargetRefused), "{target} {own:?}");
            }
        }
        let address = |text: &str| text.parse::<SocketAddr>().expect("an address");
        let own = [address("[2606:4700:1:2::5]:1").ip(), address("9.9.9.9:1").ip()];
        assert!(is_own(&address("[2606:4700:1:2:ffff::9]:80"), &own), "its IPv6 network");
        assert!(!is_own(&address("[2606:4700:1:3::5]:80"), &own), "the one beside");
        assert!(is_own(&address("127.0.0.1:80"), &[]), "an address of an interface");
        assert!(!is_own(&address("9.9.9.8:80"), &own));
    }

    #[test]
    fn where_the_endpoint_led_is_known_also_while_it_cannot_be_looked_up() {
        let address = |last: u8| IpAddr::from([9, 9, 9, last]);
        let failed = || Err(io::ErrorKind::TimedOut.into());
        let many: Vec<_> = (1..=6).map(address).collect();
        assert_eq!(known("relay.example:7000", Ok(many.clone())), many, "all that it has");
        for _ in 0..2 {
            assert_eq!(known("relay.example:7000", failed()), many);
        }
        assert_eq!(known("relay.example:7000", Ok(vec![address(7)])), [address(7)]);
        assert!(known("other.example:7000", failed()).is_empty());
    }
}
