//! Where a relay passes bytes on to: names are looked up once, and what they lead to is judged before it is connected
//! with. So a client can make it reach neither the relay's own machine nor its network, whatever the names it gives say
//! a moment later.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use tokio::{
    net::{lookup_host, TcpStream},
    time::timeout,
};

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

/// Connects with `host:port`, within `patience`.
///
/// # Errors
/// [`Reason::TargetRefused`] and [`Reason::TargetUnreachable`].
pub async fn connect(target: &[u8], allowed: Targets, patience: Duration) -> Result<TcpStream, Reason> {
    let name = std::str::from_utf8(target).ok().filter(|name| name.len() <= MAX_ADDRESS);
    let name = name.ok_or(Reason::TargetRefused)?;
    let attempt = async {
        let found: Vec<_> = lookup_host(name).await.map_err(|_| Reason::TargetUnreachable)?.take(MAX_TRIES).collect();
        let mut reason = if found.is_empty() { Reason::TargetUnreachable } else { Reason::TargetRefused };
        for address in found.into_iter().filter(|address| allowed == Targets::All || is_public(address)) {
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

/// Whether an address is one of the public Internet.
pub fn is_public(address: &SocketAddr) -> bool {
    address.port() != 0
        && match address.ip() {
            IpAddr::V4(ip) => is_public_v4(ip),
            IpAddr::V6(ip) => is_public_v6(ip),
        }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
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
        for good in ["1.1.1.1:443", "8.8.8.8:53", "[2606:4700::1111]:443", "[::ffff:1.1.1.1]:80", "100.63.0.1:1"] {
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
            let refused = connect(name.as_bytes(), Targets::Public, second).await.expect_err("refused");
            assert_eq!(refused, Reason::TargetRefused, "{name}");
        }
        let local = format!("127.0.0.1:{port}");
        connect(local.as_bytes(), Targets::All, second).await.expect("allowed");
        assert_eq!(connect(b"no port", Targets::All, second).await.err(), Some(Reason::TargetUnreachable));
        assert_eq!(connect(&[0xff, 0xfe], Targets::All, second).await.err(), Some(Reason::TargetRefused));
        assert_eq!(connect(&[b'a'; 300], Targets::All, second).await.err(), Some(Reason::TargetRefused));
    }
}
