//! Refuses an occupied port before anything starts.
//!
//! Left alone, the RPC server silently takes a random port instead and the network listens on what is left: the node runs, but
//! nobody finds it. Looking first leaves a race, which costs no more than having looked not at all.

use std::{
    io::ErrorKind,
    net::{IpAddr, SocketAddr, TcpListener},
};

use log::warn;
use sc_network::multiaddr::{Multiaddr, Protocol};
use sc_service::Configuration;

use crate::error::Error;

/// Checks the ports of RPC and network. An occupied metrics port is only worth a warning: the node does its duty without.
pub(crate) fn check(config: &Configuration) -> Result<(), Error> {
    for endpoint in config.rpc.addr.iter().flatten() {
        refuse_occupied(endpoint.listen_addr, "--rpc-port")?;
    }
    for address in config.network.listen_addresses.iter().filter_map(tcp_address) {
        refuse_occupied(address, "--port")?;
    }
    if let Some(prometheus) = &config.prometheus_config {
        if is_occupied(prometheus.port) {
            warn!(
                target: "ergon::service",
                "Metrics are not served: {} is in use. Choose another port with --prometheus-port.",
                prometheus.port,
            );
        }
    }
    Ok(())
}

fn refuse_occupied(address: SocketAddr, option: &'static str) -> Result<(), Error> {
    if is_occupied(address) {
        return Err(Error::PortInUse { address, option });
    }
    Ok(())
}

/// Any other failure (no IPv6 here, no permission) is left to the server, which reports it in its own words.
fn is_occupied(address: SocketAddr) -> bool {
    // Port 0 asks for any free one.
    address.port() != 0 && TcpListener::bind(address).is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
}

/// The socket a multiaddress like `/ip4/0.0.0.0/tcp/30333` listens on; `None` for other transports.
fn tcp_address(address: &Multiaddr) -> Option<SocketAddr> {
    let mut ip: Option<IpAddr> = None;
    for protocol in address.iter() {
        match protocol {
            Protocol::Ip4(v4) => ip = Some(v4.into()),
            Protocol::Ip6(v6) => ip = Some(v6.into()),
            Protocol::Tcp(port) => return ip.map(|ip| SocketAddr::new(ip, port)),
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_socket_of_a_multiaddress() {
        let parse = |text: &str| tcp_address(&text.parse().expect("a multiaddress"));
        assert_eq!(parse("/ip4/0.0.0.0/tcp/30333"), Some(([0, 0, 0, 0], 30333).into()));
        assert_eq!(parse("/ip4/127.0.0.1/tcp/30334/ws"), Some(([127, 0, 0, 1], 30334).into()));
        assert_eq!(parse("/ip4/127.0.0.1/udp/30333"), None);
    }

    #[test]
    fn an_occupied_port_is_refused_and_names_the_option() {
        let holder = TcpListener::bind("127.0.0.1:0").expect("some port is free");
        let address = holder.local_addr().expect("it is bound");
        let error = refuse_occupied(address, "--rpc-port").expect_err("the port is held above");
        assert!(error.to_string().contains("--rpc-port"), "{error}");
        drop(holder);
        assert!(refuse_occupied(address, "--rpc-port").is_ok());
    }
}
