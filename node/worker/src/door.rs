//! Who may be inside, and how many. Newcomers, who have not shown yet who they are, and those who bring or fetch data
//! have a room each that anybody can fill: when it is full, who comes pushes out the one that is longest inside, of the
//! address that has most there, in the network that has most; and when its address has too many, the one of these that
//! is longest inside. So a few addresses or networks cannot keep others out, nor a silent neighbour. Relay sessions are
//! paid for: who has shown that one is his waits among those who have, and each session has one place; nobody is pushed
//! out of these, and nobody else takes them.

use std::{
    collections::{BTreeMap, HashMap},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
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
    waiting: Arc<Semaphore>,
    relays: Arc<Semaphore>,
}

/// Clients that may wait for their sessions, for each session that may be open: those that are open are replaced.
const WAITING_EACH: usize = 3;

impl Doors {
    pub(crate) fn new(config: &Config) -> Arc<Self> {
        let room = |most| Arc::new(Room { most, most_each: config.max_per_address, guests: Mutex::default() });
        let places = |most: usize| Arc::new(Semaphore::new(most.min(Semaphore::MAX_PERMITS)));
        Arc::new(Self {
            newcomers: room(config.max_newcomers),
            transfers: room(config.max_transfers),
            waiting: places(config.max_connections.saturating_mul(WAITING_EACH)),
            relays: places(config.max_connections),
        })
    }

    /// Lets a newcomer in.
    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr) -> Pass {
        let (origin, pushed_out) = (Origin::of(address), Arc::new(Notify::new()));
        let place = self.newcomers.enter(origin, &pushed_out);
        Pass { doors: self.clone(), origin, pushed_out, _stay: Stay::InRoom(place) }
    }
}

/// What lets a connection stay. Dropped when its last word is said.
pub(crate) struct Pass {
    doors: Arc<Doors>,
    origin: Origin,
    pushed_out: Arc<Notify>,
    /// Why it may.
    _stay: Stay,
}

/// Is only held, to be dropped.
#[expect(dead_code)]
enum Stay {
    InRoom(Place),
    Waits(OwnedSemaphorePermit, OwnedSemaphorePermit),
    Pays(Held, OwnedSemaphorePermit),
}

impl Pass {
    /// Rung when another has taken the place: nothing more may be done then.
    pub(crate) fn pushed_out(&self) -> Arc<Notify> {
        self.pushed_out.clone()
    }

    /// Waits for a session that it has shown to be its own. `of_session` is one of the few places that a session has.
    pub(crate) fn wait(&mut self, of_session: OwnedSemaphorePermit) -> Result<(), Reason> {
        let of_all = self.doors.waiting.clone().try_acquire_owned().map_err(|_| Reason::Busy)?;
        self._stay = Stay::Waits(of_session, of_all);
        Ok(())
    }

    /// Takes the place of a relay session that this connection, and no other, works on.
    pub(crate) async fn relay(&mut self, session: Held, patience: Duration) -> Result<(), Reason> {
        let permit = timeout(patience, self.doors.relays.clone().acquire_owned()).await;
        let permit = permit.map_err(|_| Reason::Busy)?.map_err(|_| Reason::Stopping)?;
        self._stay = Stay::Pays(session, permit);
        Ok(())
    }

    /// Takes a place of those who bring or fetch data.
    pub(crate) fn transfer(&mut self) {
        let place = self.doors.transfers.enter(self.origin, &self.pushed_out);
        self._stay = Stay::InRoom(place);
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
    origin: Origin,
    pushed_out: Arc<Notify>,
}

impl Room {
    fn enter(self: &Arc<Self>, origin: Origin, pushed_out: &Arc<Notify>) -> Place {
        let mut guests = lock(&self.guests);
        if let Some(guest) = self.leaves_for(origin, &guests).and_then(|number| guests.remove(&number)) {
            guest.pushed_out.notify_one();
        }
        let number = guests.last_key_value().map_or(0, |(last, _)| last.saturating_add(1));
        guests.insert(number, Guest { origin, pushed_out: pushed_out.clone() });
        Place { room: self.clone(), number, pushed_out: pushed_out.clone() }
    }

    /// Who has to leave when another comes from `origin`.
    fn leaves_for(&self, origin: Origin, guests: &BTreeMap<u64, Guest>) -> Option<u64> {
        let (mut networks, mut addresses) = (HashMap::<IpAddr, usize>::new(), HashMap::<IpAddr, usize>::new());
        for Guest { origin, .. } in guests.values() {
            for count in [networks.entry(origin.network).or_default(), addresses.entry(origin.address).or_default()] {
                *count = count.saturating_add(1);
            }
        }
        let too_many = addresses.get(&origin.address).is_some_and(|own| *own >= self.most_each);
        if !too_many && guests.len() < self.most {
            return None;
        }
        let has = |guest: &Guest| (networks.get(&guest.origin.network), addresses.get(&guest.origin.address));
        let most = guests.values().map(has).max();
        let leaves = |guest: &Guest| {
            if too_many {
                guest.origin == origin
            } else {
                Some(has(guest)) == most
            }
        };
        guests.iter().find(|(_, guest)| leaves(guest)).map(|(number, _)| *number)
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

/// Whom an address is counted as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Origin {
    /// What one customer may have at most: a /48, of IPv4 a /24.
    network: IpAddr,
    /// What anybody has at least: a /64, of IPv4 an address.
    address: IpAddr,
}

impl Origin {
    fn of(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(ip) => {
                Self { network: Ipv4Addr::from_bits(ip.to_bits() & (u32::MAX << 8)).into(), address: ip.into() }
            }
            IpAddr::V6(ip) => {
                let upper = |bits: u32| Ipv6Addr::from_bits(ip.to_bits() & (u128::MAX << (128 - bits))).into();
                Self { network: upper(48), address: upper(64) }
            }
        }
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
        let alone = doors.enter(ip(1));
        let before = doors.enter(ip(2));
        let first = doors.enter(ip(2));
        let second = doors.enter(ip(2));
        assert!(is_out(&before).await, "the oldest of an address that has too many");
        let other = doors.enter(ip(3));
        let _fifth = doors.enter(ip(4));
        assert!(is_out(&first).await);
        for stays in [&alone, &second, &other] {
            assert!(!is_out(stays).await);
        }
        drop(first);
        drop(second);
        let _sixth = doors.enter(ip(5));
        assert!(!is_out(&alone).await, "a place was free");
        let _seventh = doors.enter(ip(6));
        assert!(is_out(&alone).await, "all have one: the oldest");
    }

    #[tokio::test]
    async fn a_network_with_many_addresses_pushes_out_its_own() {
        let doors = doors(4, 2);
        let enter = |text: &str| doors.enter(text.parse().expect("an address"));
        let twice = [enter("9.9.9.1"), enter("9.9.9.1")];
        let many = [enter("2001:db8:1:1::"), enter("2001:db8:1:2::")];
        let _third = enter("2001:db8:1:3::");
        assert!(is_out(&twice[0]).await, "both networks have two, and this address has two");
        let _fourth = enter("2001:db8:1:4::");
        assert!(is_out(&many[0]).await);
        for _ in 0..10 {
            let _one_more = enter("2001:db8:1:5::");
        }
        assert!(!is_out(&twice[1]).await);
    }

    #[tokio::test]
    async fn who_pays_is_not_pushed_out_and_waits_for_those_who_pay_only() {
        let doors = doors(1, 1);
        let held = || async { Held::new(Arc::new(tokio::sync::Mutex::new(())).lock_owned().await) };
        let waits = |session: &Arc<Semaphore>| session.clone().try_acquire_owned().expect("a place");
        let session = Arc::new(Semaphore::new(2));
        let mut pays = doors.enter(ip(1));
        pays.wait(waits(&session)).expect("a place");
        pays.relay(held().await, Duration::ZERO).await.expect("a place");
        let mut newcomer = doors.enter(ip(1));
        newcomer.transfer();
        let mut other = doors.enter(ip(2));
        other.wait(waits(&session)).expect("who has the session waits no more");
        let mut waiting = doors.enter(ip(3));
        waiting.wait(waits(&session)).expect("a place");
        drop(doors.enter(ip(4)));
        assert!(!is_out(&waiting).await && !is_out(&other).await, "they are no newcomers any more");
        assert_eq!(other.relay(held().await, Duration::from_millis(1)).await, Err(Reason::Busy));
        other.transfer();
        assert!(is_out(&newcomer).await && !is_out(&pays).await);
        drop(pays);
        let mut next = doors.enter(ip(2));
        assert_eq!(next.relay(held().await, Duration::from_millis(1)).await, Ok(()));
    }

    #[test]
    fn an_ipv6_network_counts_as_one() {
        let count = |text: &str| Origin::of(text.parse().expect("an address"));
        assert_eq!(count("2001:db8:1:2:3::4"), count("2001:db8:1:2:ffff::9"));
        assert_ne!(count("2001:db8:1:2::").address, count("2001:db8:1:3::").address);
        assert_eq!(count("2001:db8:1:2::").network, count("2001:db8:1:3::").network);
        assert_ne!(count("2001:db8:1:2::").network, count("2001:db8:2:2::").network);
        assert_eq!(count("::ffff:9.9.9.1"), Origin { network: ip(0), address: ip(1) });
        assert_eq!((count("9.9.9.2").network, count("9.9.8.2").network), (ip(0), IpAddr::from([9, 9, 8, 0])));
    }
}
