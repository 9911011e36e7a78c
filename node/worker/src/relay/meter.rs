//! What a relay counts and is paid, and when it stops. Pure: told of bytes and receipts, it says what may be done.
//!
//! *Unpaid* is what was counted and is in no receipt yet. Bytes from the target are passed on only while at most half
//! the credit is unpaid; bytes from the client may bring it up to all of it, and no further. An honest client signs
//! after a quarter at the latest, in the stream right behind what it signs for, so it never comes to the limit: half
//! from the target, a quarter and one message of its own.

use ergon_primitives::{
    nodes::NodeKey,
    orders::{OrderId, Receipt},
    Hash,
};
use sp_core::{sr25519, Pair};

use crate::wire::{Reason, Signed};

/// Least credit that the rule above works with.
pub const LEAST_CREDIT: u64 = 262_144;

/// Most credit: so much a client holds in memory and, if the relay lies, pays for nothing. Half of it for each round
/// trip is 160 Mbit/s over 100 ms.
pub const MOST_CREDIT: u64 = 4 << 20;

/// What a session is about, for one relay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The chain.
    pub genesis: Hash,
    /// The session.
    pub session: OrderId,
    /// The relay.
    pub relay: NodeKey,
    /// Who signs.
    pub client: sr25519::Public,
    /// Most bytes that are paid.
    pub volume: u64,
}

/// Why a receipt is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadReceipt {
    /// Of another session, or for another relay.
    Foreign,
    /// Not after the last one, in sequence and in bytes.
    NotNewer,
    /// For bytes that were not passed on.
    Ahead,
    /// Not by the client.
    Signature,
}

/// The meter of one relay in one session.
#[derive(Clone, Debug)]
pub struct Meter {
    terms: Terms,
    credit: u64,
    counted: u64,
    last: Option<Signed>,
}

impl Meter {
    /// Goes on from what was counted and paid before.
    pub fn new(terms: Terms, credit: u64, counted: u64, last: Option<Signed>) -> Self {
        let paid = last.as_ref().map_or(0, |last| last.receipt.bytes);
        Self { terms, credit: credit.clamp(LEAST_CREDIT, MOST_CREDIT), counted: counted.max(paid), last }
    }

    /// Bytes that are passed on unpaid.
    pub fn credit(&self) -> u64 {
        self.credit
    }

    /// Bytes that were passed on, in both directions.
    pub fn counted(&self) -> u64 {
        self.counted
    }

    /// Bytes of the last receipt.
    pub fn paid(&self) -> u64 {
        self.last.as_ref().map_or(0, |last| last.receipt.bytes)
    }

    /// The last receipt.
    pub fn last(&self) -> Option<&Signed> {
        self.last.as_ref()
    }

    /// Bytes that no receipt is for.
    pub fn unpaid(&self) -> u64 {
        self.counted.saturating_sub(self.paid())
    }

    /// Whether nothing more is paid.
    pub fn spent(&self) -> bool {
        self.counted >= self.terms.volume
    }

    /// Counts bytes from the client.
    ///
    /// # Errors
    /// Counts nothing if they are beyond the volume or the credit: the connection has to end.
    pub fn upstream(&mut self, bytes: u64) -> Result<(), Reason> {
        let counted = self.counted.checked_add(bytes).filter(|counted| *counted <= self.terms.volume);
        let counted = counted.ok_or(Reason::VolumeUsed)?;
        if counted.saturating_sub(self.paid()) > self.credit {
            return Err(Reason::Unpaid);
        }
        self.counted = counted;
        Ok(())
    }

    /// Counts bytes from the client that come when nothing is passed on any more, up to the volume and the credit: the
    /// receipt right behind them is for them too, and must not be ahead.
    pub fn late(&mut self, bytes: u64) {
        let most = self.terms.volume.min(self.paid().saturating_add(self.credit));
        self.counted = self.counted.max(self.counted.saturating_add(bytes).min(most));
    }

    /// Bytes that may be taken from the target now.
    pub fn room(&self) -> u64 {
        let credit = (self.credit / 2).saturating_sub(self.unpaid());
        credit.min(self.terms.volume.saturating_sub(self.counted))
    }

    /// Counts bytes that were taken from the target: no more than [`Self::room`] was when they were asked for. The
    /// client may have sent some since: false if they have to wait for a receipt, and are not counted yet.
    ///
    /// # Errors
    /// If the volume has no room for them any more.
    pub fn downstream(&mut self, bytes: u64) -> Result<bool, Reason> {
        let counted = self.counted.checked_add(bytes).filter(|counted| *counted <= self.terms.volume);
        let counted = counted.ok_or(Reason::VolumeUsed)?;
        let in_credit = counted.saturating_sub(self.paid()) <= self.credit;
        if in_credit {
            self.counted = counted;
        }
        Ok(in_credit)
    }

    /// Whether a receipt is good. The signature, which costs most, is looked at last.
    ///
    /// # Errors
    /// See [`BadReceipt`].
    pub fn check(&self, signed: &Signed) -> Result<(), BadReceipt> {
        let Receipt { session, relay, bytes, sequence } = signed.receipt;
        if session != self.terms.session || relay != self.terms.relay {
            return Err(BadReceipt::Foreign);
        }
        let newer = self
            .last
            .as_ref()
            .map_or(sequence > 0 && bytes > 0, |last| sequence > last.receipt.sequence && bytes > last.receipt.bytes);
        if !newer {
            return Err(BadReceipt::NotNewer);
        }
        if bytes > self.counted {
            return Err(BadReceipt::Ahead);
        }
        let payload = signed.receipt.payload(&self.terms.genesis);
        if !sr25519::Pair::verify(&signed.signature, payload, &self.terms.client) {
            return Err(BadReceipt::Signature);
        }
        Ok(())
    }

    /// Takes a receipt that [`Self::check`] found good and that is on disk.
    pub fn take(&mut self, signed: Signed) {
        self.last = Some(signed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const CREDIT: u64 = 1 << 20;
    const VOLUME: u64 = 10 << 20;

    fn client() -> sr25519::Pair {
        sr25519::Pair::from_seed(&[7; 32])
    }

    fn meter() -> Meter {
        let relay = NodeKey::from_raw([1; 32]);
        let terms =
            Terms { genesis: Hash::repeat_byte(9), session: 3, relay, client: client().public(), volume: VOLUME };
        Meter::new(terms, CREDIT, 0, None)
    }

    fn receipt(bytes: u64, sequence: u32) -> Receipt {
        Receipt { session: 3, relay: NodeKey::from_raw([1; 32]), bytes, sequence }
    }

    fn sign(receipt: Receipt) -> Signed {
        Signed { receipt, signature: client().sign(&receipt.payload(&Hash::repeat_byte(9))) }
    }

    #[test]
    fn a_client_that_does_not_sign_stops_at_the_credit() {
        let mut meter = meter();
        assert_eq!(meter.room(), CREDIT / 2);
        assert_eq!(meter.downstream(CREDIT / 2), Ok(true));
        assert_eq!(meter.room(), 0);
        assert_eq!(meter.upstream(CREDIT / 2), Ok(()));
        assert_eq!(meter.upstream(1), Err(Reason::Unpaid));
        assert_eq!(meter.downstream(1), Ok(false));
        assert_eq!(meter.counted(), CREDIT, "what is refused, or waits, is not counted");
        let signed = sign(receipt(CREDIT, 1));
        assert_eq!(meter.check(&signed), Ok(()));
        meter.take(signed);
        assert_eq!((meter.unpaid(), meter.room(), meter.upstream(1)), (0, CREDIT / 2, Ok(())));
    }

    #[test]
    fn the_volume_is_never_passed() {
        let mut meter = meter();
        for n in 1..=10 {
            assert_eq!(meter.upstream(CREDIT), Ok(()));
            meter.take(sign(receipt(n * CREDIT, n as u32)));
        }
        assert!(meter.spent());
        assert_eq!((meter.room(), meter.upstream(1)), (0, Err(Reason::VolumeUsed)));
        assert_eq!((meter.downstream(5), meter.counted()), (Err(Reason::VolumeUsed), VOLUME));
    }

    #[test]
    fn what_comes_late_is_counted_up_to_the_volume_and_the_credit() {
        let mut meter = meter();
        meter.late(5);
        assert_eq!(meter.counted(), 5);
        meter.late(CREDIT);
        assert_eq!(meter.counted(), CREDIT, "what nobody signs for is not counted without end");
        meter.take(sign(receipt(CREDIT, 1)));
        for n in 2..=10 {
            meter.late(CREDIT);
            meter.take(sign(receipt(n * CREDIT, n as u32)));
        }
        meter.late(u64::MAX);
        assert_eq!(meter.counted(), VOLUME);
    }

    #[test]
    fn receipts_that_are_old_foreign_ahead_or_forged_are_refused() {
        let mut meter = meter();
        meter.upstream(1_000).expect("in credit");
        let good = sign(receipt(600, 2));
        assert_eq!(meter.check(&good), Ok(()));
        meter.take(good.clone());
        assert_eq!(meter.check(&good), Err(BadReceipt::NotNewer), "replayed");
        assert_eq!(meter.check(&sign(receipt(700, 2))), Err(BadReceipt::NotNewer), "its number again");
        assert_eq!(meter.check(&sign(receipt(600, 3))), Err(BadReceipt::NotNewer), "for nothing more");
        assert_eq!(meter.check(&sign(receipt(500, 1))), Err(BadReceipt::NotNewer), "older");
        assert_eq!(meter.check(&sign(receipt(1_001, 3))), Err(BadReceipt::Ahead));
        let session = sign(Receipt { session: 4, ..receipt(700, 3) });
        let relay = sign(Receipt { relay: NodeKey::from_raw([2; 32]), ..receipt(700, 3) });
        assert_eq!(meter.check(&session), Err(BadReceipt::Foreign));
        assert_eq!(meter.check(&relay), Err(BadReceipt::Foreign));
        let mut changed = sign(receipt(700, 3));
        changed.receipt.bytes = 701;
        assert_eq!(meter.check(&changed), Err(BadReceipt::Signature));
        let chain = receipt(700, 3);
        let chain = Signed { receipt: chain, signature: client().sign(&chain.payload(&Hash::zero())) };
        assert_eq!(meter.check(&chain), Err(BadReceipt::Signature), "of another chain");
    }

    #[test]
    fn a_first_receipt_for_nothing_is_refused() {
        let mut meter = meter();
        assert_eq!(meter.check(&sign(receipt(0, 1))), Err(BadReceipt::NotNewer));
        meter.upstream(1).expect("in credit");
        assert_eq!(meter.check(&sign(receipt(1, 0))), Err(BadReceipt::NotNewer), "numbers begin at 1");
    }

    proptest! {
        /// Whatever happens, no more than the credit is ever unpaid, and no more than the volume counted.
        #[test]
        fn unpaid_never_passes_the_credit(steps in proptest::collection::vec((0u8..4, 0u64..300_000), 1..200)) {
            let mut meter = meter();
            let mut sequence = 0;
            for (kind, bytes) in steps {
                match kind {
                    0 => { let _refused = meter.upstream(bytes); }
                    1 => { let _waits = meter.downstream(bytes); }
                    2 => meter.late(bytes),
                    _ => {
                        sequence += 1;
                        let bytes = meter.paid() + bytes.min(meter.unpaid());
                        let signature = sr25519::Signature::from_raw([0; 64]);
                        meter.take(Signed { receipt: receipt(bytes, sequence), signature });
                    }
                }
                prop_assert!(meter.unpaid() <= CREDIT && meter.counted() <= VOLUME);
            }
        }
    }
}
