//! What a client owes one relay, and when it signs. Pure.
//!
//! It pays for what it sent and for what was handed on to its user, not for what only arrived: what it has not paid is
//! then also what it holds in memory, and the credit bounds both.

use ergon_primitives::{
    nodes::NodeKey,
    orders::{OrderId, Receipt},
    Hash,
};
use sp_core::{sr25519, Pair};

use crate::{
    relay::meter::{LEAST_CREDIT, MOST_CREDIT},
    wire::{Signed, MAX_DATA},
};

/// Most bytes that an honest client leaves unpaid, however it ends: half the credit from the target, a quarter and one
/// message of its own.
fn most_left_unpaid(credit: u64) -> u64 {
    let message = u64::try_from(MAX_DATA).unwrap_or(u64::MAX);
    (credit / 2).saturating_add(credit / 4).saturating_add(message).min(credit)
}

/// What a relay says when it is opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// Bytes that it counted.
    pub counted: u64,
    /// The last receipt that it has.
    pub last: Option<Signed>,
    /// Bytes that it passes on unpaid.
    pub credit: u64,
    /// Bytes that it takes before it has passed them on. They are paid for already, so of more than the credit no use
    /// is made.
    pub window: u64,
}

/// An account with one relay, for one connection.
pub struct Account {
    key: sr25519::Pair,
    genesis: Hash,
    session: OrderId,
    relay: NodeKey,
    volume: u64,
    credit: u64,
    window: u64,
    /// What the relay had counted when this connection began.
    base: u64,
    sent: u64,
    taken: u64,
    received: u64,
    delivered: u64,
    signed: u64,
    sequence: u32,
}

impl Account {
    /// Begins with what the relay says. `own` is what this client itself counted on connections before this one, if it
    /// knows.
    ///
    /// # Errors
    /// What the relay does wrong: it shows a receipt that is not the client's, or claims more beyond it than an honest
    /// client can have left unpaid, more than the volume, or more than its credit beyond what the client counted.
    pub fn begin(
        key: sr25519::Pair,
        genesis: Hash,
        session: OrderId,
        relay: NodeKey,
        volume: u64,
        opening: &Opening,
        own: Option<u64>,
    ) -> Result<Self, &'static str> {
        let Opening { counted, ref last, credit, window } = *opening;
        if !(LEAST_CREDIT..=MOST_CREDIT).contains(&credit) || window == 0 {
            return Err("it names a credit or a window out of bounds");
        }
        let (signed, sequence) = match last {
            Some(Signed { receipt, signature }) => {
                let ours = receipt.session == session && receipt.relay == relay;
                if !ours || !sr25519::Pair::verify(signature, receipt.payload(&genesis), &key.public()) {
                    return Err("it shows a receipt that this client never signed");
                }
                (receipt.bytes, receipt.sequence)
            }
            None => (0, 0),
        };
        let claimed = counted.checked_sub(signed).ok_or("it has counted less than it is paid for")?;
        if claimed > most_left_unpaid(credit) || counted > volume {
            return Err("it claims more bytes than are unpaid after an honest client: open a new session");
        }
        if own.is_some_and(|own| counted.saturating_sub(own) > credit) {
            // Of each connection that breaks, an honest one may have counted what never arrived here.
            return Err(
                "it claims more bytes than arrived here. If connections broke before, it may be right all the same: end \
                 and start `ergon-worker relay` again, or open a new session",
            );
        }
        let (sent, taken, received, delivered) = (0, 0, 0, 0);
        Ok(Self {
            key,
            genesis,
            session,
            relay,
            volume,
            credit,
            window: window.min(credit),
            base: counted,
            sent,
            taken,
            received,
            delivered,
            signed,
            sequence,
        })
    }

    /// Bytes that this client knows were passed on.
    pub fn total(&self) -> u64 {
        self.base.saturating_add(self.sent).saturating_add(self.delivered)
    }

    /// Whether bytes were sent that the relay has not passed on.
    pub fn outstanding(&self) -> bool {
        self.sent > self.taken
    }

    /// Bytes that the relay passes on unpaid.
    pub fn credit(&self) -> u64 {
        self.credit
    }

    /// What the relay had counted when this connection began, by its own word.
    pub fn base(&self) -> u64 {
        self.base
    }

    /// Bytes that this client saw the relay pass on in this connection.
    pub fn passed(&self) -> u64 {
        self.sent.saturating_add(self.received)
    }

    /// Bytes of the last receipt.
    pub fn signed(&self) -> u64 {
        self.signed
    }

    /// Bytes that may be sent now.
    pub fn room(&self) -> u64 {
        let window = self.window.saturating_sub(self.sent.saturating_sub(self.taken));
        window.min(self.left())
    }

    /// Bytes until the volume is used up.
    pub fn left(&self) -> u64 {
        self.volume.saturating_sub(self.base.saturating_add(self.sent).saturating_add(self.received))
    }

    /// Counts bytes sent.
    pub fn sent(&mut self, bytes: u64) {
        self.sent = self.sent.saturating_add(bytes);
    }

    /// The relay has passed on this many of those sent; whether that is more than it said before.
    ///
    /// # Errors
    /// If they were not sent.
    pub fn taken(&mut self, sum: u64) -> Result<bool, &'static str> {
        if sum < self.taken || sum > self.sent {
            return Err("it passed on bytes that it was not sent");
        }
        let grew = sum > self.taken;
        self.taken = sum;
        Ok(grew)
    }

    /// Counts bytes that arrived.
    ///
    /// # Errors
    /// If they are more than the relay may give on credit: they would have to be held in memory.
    pub fn received(&mut self, bytes: u64) -> Result<(), &'static str> {
        self.received = self.received.saturating_add(bytes);
        if self.received.saturating_sub(self.delivered) > self.credit {
            return Err("it sent more than it gives credit for");
        }
        Ok(())
    }

    /// Counts bytes handed on to the user.
    pub fn delivered(&mut self, bytes: u64) {
        self.delivered = self.delivered.saturating_add(bytes);
    }

    /// A receipt, if a quarter of the credit is unpaid.
    pub fn pay_if_due(&mut self) -> Option<Signed> {
        if self.total().saturating_sub(self.signed) < self.credit / 4 {
            return None;
        }
        self.pay()
    }

    /// A receipt for everything, if anything is unpaid.
    pub fn pay(&mut self) -> Option<Signed> {
        let bytes = self.total().min(self.volume);
        if bytes <= self.signed {
            return None;
        }
        let sequence = self.sequence.checked_add(1)?;
        let receipt = Receipt { session: self.session, relay: self.relay, bytes, sequence };
        self.signed = bytes;
        self.sequence = sequence;
        Some(Signed { receipt, signature: self.key.sign(&receipt.payload(&self.genesis)) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::relay::meter::{Meter, Terms};
    use proptest::prelude::*;

    const CREDIT: u64 = 1 << 20;
    const MESSAGE: u64 = 65_536;

    fn key() -> sr25519::Pair {
        sr25519::Pair::from_seed(&[7; 32])
    }

    fn relay() -> NodeKey {
        NodeKey::from_raw([1; 32])
    }

    fn begin(counted: u64, last: Option<Signed>, own: Option<u64>) -> Result<Account, &'static str> {
        let opening = Opening { counted, last, credit: CREDIT, window: CREDIT };
        Account::begin(key(), Hash::zero(), 3, relay(), u64::MAX, &opening, own)
    }

    fn meter() -> Meter {
        let terms =
            Terms { genesis: Hash::zero(), session: 3, relay: relay(), client: key().public(), volume: u64::MAX };
        Meter::new(terms, CREDIT, 0, None)
    }

    #[test]
    fn a_relay_cannot_claim_more_than_its_credit() {
        let receipt = Receipt { session: 3, relay: relay(), bytes: 100, sequence: 4 };
        let last = Some(Signed { receipt, signature: key().sign(&receipt.payload(&Hash::zero())) });
        let most = CREDIT / 4 * 3 + MESSAGE;
        let account = begin(100 + most, last.clone(), None).expect("what an honest client may leave");
        assert_eq!((account.total(), account.signed()), (100 + most, 100));
        assert!(begin(101 + most, last.clone(), None).is_err());
        assert!(begin(99, last.clone(), None).is_err(), "less than it was paid");
        let far = Receipt { bytes: CREDIT, sequence: 5, ..receipt };
        let far = Some(Signed { receipt: far, signature: key().sign(&far.payload(&Hash::zero())) });
        assert!(begin(CREDIT + 50, far.clone(), Some(50)).is_ok());
        let more = begin(CREDIT + 50, far, Some(49)).err().expect("more than the client counted");
        assert!(more.contains("start `ergon-worker relay` again, or open a new session"), "{more}");
        let forged = last.map(|mut last| {
            last.receipt.bytes = 101;
            last
        });
        assert!(begin(101, forged, None).is_err());
        let opening = Opening { counted: 0, last: None, credit: u64::MAX, window: 1 };
        assert!(Account::begin(key(), Hash::zero(), 3, relay(), 1, &opening, None).is_err(), "credit without end");
        let opening = Opening { counted: 2, last: None, credit: CREDIT, window: 1 };
        assert!(Account::begin(key(), Hash::zero(), 3, relay(), 1, &opening, None).is_err(), "more than the volume");
        let opening = Opening { counted: 0, last: None, credit: CREDIT, window: u64::MAX };
        let account = Account::begin(key(), Hash::zero(), 3, relay(), u64::MAX, &opening, None).expect("begins");
        assert_eq!(account.room(), CREDIT, "what is on its way is paid for: never more than the credit");
    }

    #[test]
    fn windows_and_volumes_bound_what_is_sent() {
        let opening = Opening { counted: 10, last: None, credit: CREDIT, window: 50 };
        let mut account = Account::begin(key(), Hash::zero(), 3, relay(), 100, &opening, None).expect("begins");
        assert_eq!(account.room(), 50);
        account.sent(50);
        assert_eq!(account.room(), 0);
        assert!(account.taken(51).is_err());
        assert_eq!((account.taken(50), account.taken(50)), (Ok(true), Ok(false)), "said again, it is nothing new");
        assert!(account.taken(49).is_err());
        assert_eq!(account.room(), 40, "the volume");
        assert!(account.received(CREDIT + 1).is_err());
    }

    proptest! {
        /// In whatever order a relay and an honest client take turns, and however late receipts and data arrive, the
        /// relay takes every byte and every receipt, and neither ever waits for the other for good.
        #[test]
        fn an_honest_client_is_never_cut_off(steps in proptest::collection::vec((0u8..4, 1u64..=MESSAGE), 1..400)) {
            let (mut meter, mut account) = (meter(), begin(0, None, None).expect("begins"));
            // What is on its way: to the relay bytes or a receipt, to the client bytes.
            let mut up = std::collections::VecDeque::new();
            let mut down = std::collections::VecDeque::new();
            let drain_up = |meter: &mut Meter, up: &mut std::collections::VecDeque<Result<u64, Signed>>| {
                match up.pop_front() {
                    Some(Ok(bytes)) => assert_eq!(meter.upstream(bytes), Ok(())),
                    Some(Err(signed)) => {
                        let Receipt { bytes, .. } = signed.receipt;
                        assert!(bytes <= meter.counted(), "ahead");
                        meter.take(signed);
                    }
                    None => {}
                }
            };
            for (kind, bytes) in steps {
                match kind {
                    0 => {
                        account.sent(bytes);
                        up.push_back(Ok(bytes));
                        up.extend(account.pay_if_due().map(Err));
                    }
                    1 => drain_up(&mut meter, &mut up),
                    2 => {
                        let bytes = bytes.min(meter.room());
                        prop_assert!(bytes == 0 || meter.downstream(bytes) == Ok(true));
                        down.push_back(bytes);
                    }
                    _ => if let Some(bytes) = down.pop_front() {
                        prop_assert_eq!(account.received(bytes), Ok(()));
                        account.delivered(bytes);
                        up.extend(account.pay_if_due().map(Err));
                    }
                }
            }
            while let Some(bytes) = down.pop_front() {
                prop_assert_eq!(account.received(bytes), Ok(()));
                account.delivered(bytes);
                up.extend(account.pay_if_due().map(Err));
            }
            while !up.is_empty() {
                drain_up(&mut meter, &mut up);
            }
            prop_assert!(meter.room() > 0, "the target is read again");
            let last = account.pay();
            if let Some(last) = last {
                prop_assert_eq!(meter.check(&last), Ok(()));
                meter.take(last);
            }
            prop_assert_eq!(meter.unpaid(), 0);
        }
    }
}
