//! Who may be inside, and how many. Newcomers, who have not shown yet who they are, and those who bring or fetch data
//! have a room each that anybody can fill: when it is full, who comes pushes out the one that is longest inside, of the
//! address that has most there. So a few addresses cannot keep others out. Relay sessions are paid for: each has one
//! place, nobody is pushed out of it, and nobody else takes it.

use std::{
    collections::{BTreeMap, HashMap},
    net::{IpAddr, Ipv6Addr},
    sync::{Arc, Mutex},
    time::Duration,
};

use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::{
    config::Config,
    relay::sessions::{lock, Held},
    wire::Reason,
};

/// The rooms.
pub(crate) struct Doors {
    newcomers: Arc<Room>,
    transfers: Arc<Room>,
    relays: Arc<Semaphore>,
}

impl Doors {
    pub(crate) fn new(config: &Config) -> Arc<Self> {
        let room = |most| Arc::new(Room { most, most_each: config.max_per_address, guests: Mutex::default() });
        Arc::new(Self {
            newcomers: room(config.max_newcomers),
            transfers: room(config.max_transfers),
            relays: Arc::new(Semaphore::new(config.max_connections.min(Semaphore::MAX_PERMITS))),
        })
    }

    /// Lets a newcomer in, if its address has not too many inside.
    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Pass> {
        let (address, pushed_out) = (network(address), Arc::new(Notify::new()));
        let place = self.newcomers.enter(address, &pushed_out)?;
        Some(Pass { doors: self.clone(), address, pushed_out, _stay: Stay::InRoom(place) })
    }
}

/// What lets a connection stay. Dropped when its last word is said.
pub(crate) struct Pass {
    doors: Arc<Doors>,
    address: IpAddr,
    pushed_out: Arc<Notify>,
    /// Why it may.
    _stay: Stay,
}

/// Is only held, to be dropped.
#[expect(dead_code)]
enum Stay {
    InRoom(Place),
    Pays(Held, OwnedSemaphorePermit),
}

impl Pass {
    /// Rung when another has taken the place: nothing more may be done then.
    pub(crate) fn pushed_out(&self) -> Arc<Notify> {
        self.pushed_out.clone()
    }

    /// Takes the place of a relay session that this connection, and no other, works on.
    pub(crate) async fn relay(&mut self, session: Held, patience: Duration) -> Result<(), Reason> {
        let permit = timeout(patience, self.doors.relays.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| Reason::Busy)?.map_err(|_| Reason::Stopping)?;
        self._stay = Stay::Pays(session, permit);
        Ok(())
    }

    /// Takes a place of those who bring or fetch data.
    pub(crate) fn transfer(&mut self) -> Result<(), Reason> {
        let place = self.doors.transfers.enter(self.address, &self.pushed_out).ok_or(Reason::Busy)?;
        self._stay = Stay::InRoom(place);
        Ok(())
    }
}

/// Places that cost nothing.
struct Room {
    most: usize,
    most_each: usize,
    /// In the order in which they came.
    guests: Mutex<BTreeMap<u64, Guest>>,
}

struct Guest {
    address: IpAddr,
    pushed_out: Arc<Notify>,
}

impl Room {
    fn enter(self: &Arc<Self>, address: IpAddr, pushed_out: &Arc<Notify>) -> Option<Place> {
        let mut guests = lock(&self.guests);
        let mut each = HashMap::<IpAddr, usize>::new();
        for guest in guests.values() {
            let count = each.entry(guest.address).or_default();
            *count = count.saturating_add(1);
        }
        if self.most == 0 || each.get(&address).is_some_and(|own| *own >= self.most_each) {
            return None;
        }
        if guests.len() >= self.most {
            let largest = each.values().max();
            let (number, _) = guests.iter().find(|(_, guest)| each.get(&guest.address) == largest)?;
            let number = *number;
            guests.remove(&number)?.pushed_out.notify_one();
        }
        let number = guests.last_key_value().map_or(0, |(last, _)| last.saturating_add(1));
        guests.insert(number, Guest { address, pushed_out: pushed_out.clone() });
        Some(Place { room: self.clone(), number, pushed_out: pushed_out.clone() })
    }
}

/// A place in a room.
struct Place {
    room: Arc<Room>,
    number: u64,
    pushed_out: Arc<Notify>,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut guests = lock(&self.room.guests);
        // Whoever was pushed out may find another under its number.
        if guests.get(&self.number).is_some_and(|guest| Arc::ptr_eq(&guest.pushed_out, &self.pushed_out)) {
            guests.remove(&self.number);
        }
    }
}

/// Whom an address is counted as: of IPv6 anybody has a whole network, a /64.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(ip) => Ipv6Addr::from_bits(ip.to_bits() & !u128::from(u64::MAX)).into(),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doors(max_newcomers: usize, max_per_address: usize) -> Arc<Doors> {
        Doors::new(&Config {
            max_newcomers,
            max_transfers: 1,
            max_per_address,
            max_connections: 1,
            ..Config::default()
        })
    }

    fn ip(last: u8) -> IpAddr {
        IpAddr::from([9, 9, 9, last])
    }

    async fn is_out(pass: &Pass) -> bool {
        timeout(Duration::from_millis(1), pass.pushed_out().notified()).await.is_ok()
    }

    #[tokio::test]
    async fn who_comes_to_a_full_room_pushes_out_the_oldest_of_who_has_most() {
        let doors = doors(4, 2);
        let alone = doors.enter(ip(1)).expect("empty");
        let first = doors.enter(ip(2)).expect("room");
        let second = doors.enter(ip(2)).expect("room");
        assert!(doors.enter(ip(2)).is_none(), "a third of one address");
        let other = doors.enter(ip(3)).expect("room");
        let _fifth = doors.enter(ip(4)).expect("always");
        assert!(is_out(&first).await);
        for stays in [&alone, &second, &other] {
            assert!(!is_out(stays).await);
        }
        drop(first);
        drop(second);
        let _sixth = doors.enter(ip(5)).expect("room");
        assert!(!is_out(&alone).await, "a place was free");
        let _seventh = doors.enter(ip(6)).expect("always");
        assert!(is_out(&alone).await, "all have one: the oldest");
    }

    #[tokio::test]
    async fn who_pays_is_not_pushed_out_and_waits_for_those_who_pay_only() {
        let doors = doors(1, 1);
        let held = || async { Held::new(Arc::new(tokio::sync::Mutex::new(())).lock_owned().await) };
        let mut pays = doors.enter(ip(1)).expect("empty");
        pays.relay(held().await, Duration::ZERO).await.expect("a place");
        let mut newcomer = doors.enter(ip(1)).expect("it is no newcomer any more");
        assert_eq!(newcomer.transfer(), Ok(()));
        let mut other = doors.enter(ip(2)).expect("room");
        assert_eq!(other.relay(held().await, Duration::from_millis(1)).await, Err(Reason::Busy));
        assert_eq!(other.transfer(), Ok(()));
        assert!(is_out(&newcomer).await && !is_out(&pays).await);
        drop(pays);
        let mut next = doors.enter(ip(2)).expect("room");
        assert_eq!(next.relay(held().await, Duration::from_millis(1)).await, Ok(()));
    }

    #[test]
    fn an_ipv6_network_counts_as_one() {
        let count = |text: &str| network(text.parse().expect("an address"));
        assert_eq!(count("2001:db8:1:2:3::4"), count("2001:db8:1:2:ffff::9"));
        assert_ne!(count("2001:db8:1:2::"), count("2001:db8:1:3::"));
        assert_eq!(count("::ffff:9.9.9.1"), ip(1));
        assert_ne!(count("9.9.9.1"), count("9.9.9.2"));
    }
}
