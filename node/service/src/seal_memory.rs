//! Remembers who sealed what, across restarts: one header per key and tick, for about a day.
//!
//! Kept in the database's auxiliary store. Written before a block is imported, so that a node that stops in between still knows
//! what it sealed. (A loss of power may undo the last writes; by the time the machine is back, the tick is over.)

use std::sync::{Arc, Mutex, PoisonError};

use codec::{Decode, Encode};
use ergon_primitives::{double_seal::unseal, time::Tick, AuraId, Header};
use sc_client_api::AuxStore;

/// Ticks for which headers are kept: a day at 5 s. A fork that comes to light later is not compared.
pub(crate) const KEPT_TICKS: u64 = 24 * 3_600 / 5;
/// Most ticks forgotten at once. More than one, so that those of an outage go too.
const FORGOTTEN_AT_ONCE: u64 = 64;

const HEADERS: &[u8] = b"ergon:sealed:";
const OLDEST: &[u8] = b"ergon:sealed-from";

/// The memory, in an auxiliary store.
pub(crate) struct SealMemory<A> {
    store: Arc<A>,
    /// Own blocks and those of others are imported by different tasks.
    writing: Mutex<()>,
}

type Sealed = Vec<(AuraId, Header)>;

impl<A: AuxStore> SealMemory<A> {
    /// The memory in `store`.
    pub(crate) fn new(store: Arc<A>) -> Self {
        Self { store, writing: Mutex::new(()) }
    }

    /// What `key` sealed for `tick`, as far as this node knows.
    pub(crate) fn header_by(&self, key: &AuraId, tick: Tick) -> sp_blockchain::Result<Option<Header>> {
        Ok(self.at(tick)?.into_iter().find(|(signer, _)| signer == key).map(|(_, header)| header))
    }

    /// Remembers that `key` sealed `header` for `tick`. If it sealed another one before, returns that and changes nothing;
    /// headers that differ in nothing but their seal are one.
    pub(crate) fn remember(&self, key: &AuraId, tick: Tick, header: &Header) -> sp_blockchain::Result<Option<Header>> {
        // A thread that panicked here left nothing half done: there is one write.
        let _writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut sealed = self.at(tick)?;
        if let Some((_, before)) = sealed.iter().find(|(signer, _)| signer == key) {
            let unsealed = |header| unseal(header).map(|(header, _)| header);
            return Ok((unsealed(before) != unsealed(header)).then(|| before.clone()));
        }
        sealed.push((key.clone(), header.clone()));

        let oldest = self.read::<Tick>(OLDEST)?.unwrap_or(tick);
        let keep_from = tick.saturating_sub(KEPT_TICKS).clamp(oldest, oldest.saturating_add(FORGOTTEN_AT_ONCE));
        let gone: Vec<_> = (oldest..keep_from).map(place).collect();
        let gone: Vec<&[u8]> = gone.iter().map(Vec::as_slice).collect();
        let oldest = keep_from.min(tick);
        self.store.insert_aux(
            &[(place(tick).as_slice(), sealed.encode().as_slice()), (OLDEST, oldest.encode().as_slice())],
            &gone,
        )?;
        Ok(None)
    }

    fn at(&self, tick: Tick) -> sp_blockchain::Result<Sealed> {
        Ok(self.read(&place(tick))?.unwrap_or_default())
    }

    fn read<V: Decode>(&self, key: &[u8]) -> sp_blockchain::Result<Option<V>> {
        let Some(bytes) = self.store.get_aux(key)? else { return Ok(None) };
        V::decode(&mut &bytes[..]).map(Some).map_err(|error| {
            sp_blockchain::Error::Backend(format!("the memory of sealed ticks cannot be read: {error}"))
        })
    }
}

fn place(tick: Tick) -> Vec<u8> {
    [HEADERS, &tick.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ergon_primitives::OpaqueBlock;
    use sc_client_api::in_mem::Blockchain;
    use sp_consensus_aura::{digests::CompatibleDigestItem, sr25519::AuthoritySignature};
    use sp_core::{sr25519, Pair};
    use sp_runtime::{traits::Header as _, DigestItem};

    type Memory = SealMemory<Blockchain<OpaqueBlock>>;

    fn memory() -> Memory {
        SealMemory::new(Arc::new(Blockchain::new()))
    }

    fn key(name: &str) -> sr25519::Pair {
        sr25519::Pair::from_string(name, None).expect("a well-known name")
    }

    fn header(pair: &sr25519::Pair, tick: Tick, number: u32) -> Header {
        let mut header =
            Header::new(number, Default::default(), Default::default(), Default::default(), Default::default());
        let pre: DigestItem = CompatibleDigestItem::<AuthoritySignature>::aura_pre_digest(tick.into());
        header.digest.push(pre);
        let seal: AuthoritySignature = pair.sign(header.hash().as_ref()).into();
        header.digest.push(CompatibleDigestItem::aura_seal(seal));
        header
    }

    fn remember(memory: &Memory, pair: &sr25519::Pair, tick: Tick, number: u32) -> Option<Header> {
        memory.remember(&pair.public().into(), tick, &header(pair, tick, number)).expect("memory works")
    }

    #[test]
    fn a_second_header_of_a_key_and_tick_brings_back_the_first() {
        let (memory, alice, bob) = (memory(), key("//Alice"), key("//Bob"));
        assert_eq!(remember(&memory, &alice, 7, 1), None);
        assert_eq!(remember(&memory, &bob, 7, 2), None, "another key");
        assert_eq!(remember(&memory, &alice, 8, 2), None, "another tick");
        let first = remember(&memory, &alice, 7, 2).expect("sealed twice");
        assert_eq!(first.number, 1);
        assert_eq!(remember(&memory, &alice, 7, 3).map(|h| h.number), Some(1), "and the first stays");
    }

    #[test]
    fn the_same_block_again_is_no_second_one_even_with_a_new_seal() {
        let (memory, alice) = (memory(), key("//Alice"));
        assert_eq!(remember(&memory, &alice, 7, 1), None);
        assert_eq!(remember(&memory, &alice, 7, 1), None, "sr25519 seals differ each time");
    }

    #[test]
    fn what_is_remembered_outlives_the_process() {
        let alice = key("//Alice");
        let store = Arc::new(Blockchain::<OpaqueBlock>::new());
        assert_eq!(remember(&SealMemory::new(store.clone()), &alice, 7, 1), None);
        let again = SealMemory::new(store);
        assert_eq!(again.header_by(&alice.public().into(), 7).expect("works").map(|h| h.number), Some(1));
        assert!(remember(&again, &alice, 7, 2).is_some());
    }

    #[test]
    fn old_ticks_are_forgotten_bit_by_bit() {
        let (memory, alice) = (memory(), key("//Alice"));
        let id: AuraId = alice.public().into();
        for tick in 0..100 {
            remember(&memory, &alice, tick, 1);
        }
        remember(&memory, &alice, KEPT_TICKS + 10, 1);
        assert_eq!(memory.header_by(&id, 9).expect("works"), None);
        assert!(memory.header_by(&id, 10).expect("works").is_some());
        // A long outage: each block forgets a bounded part of what was before.
        remember(&memory, &alice, 3 * KEPT_TICKS, 1);
        assert_eq!(memory.header_by(&id, 73).expect("works"), None);
        assert!(memory.header_by(&id, 74).expect("works").is_some());
        // An older tick, from a fork, does not turn the mark back.
        remember(&memory, &alice, 80, 2);
        remember(&memory, &alice, 3 * KEPT_TICKS + 1, 1);
        assert_eq!(memory.header_by(&id, 99).expect("works"), None);
    }
}
