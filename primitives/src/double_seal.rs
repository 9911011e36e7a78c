//! Double-sealing: one session key signed two different blocks for one tick. What proves it, and the check of the proof.
//!
//! The rule is BABE's (`sp_consensus_babe::check_equivocation_proof`), on Aura's digests: both headers name the tick, both seals
//! are the key's, and the headers differ in more than their seals. Pure, so that node and runtime judge alike.

use codec::Encode;
use sp_consensus_aura::{
    digests::CompatibleDigestItem,
    sr25519::{AuthorityId, AuthoritySignature},
};
use sp_consensus_slots::{EquivocationProof, Slot};
use sp_runtime::{traits::Header, Digest, DigestItem, RuntimeAppPublic};

use crate::time::Tick;

/// Two sealed headers of one key for one tick. Its `slot` is the tick.
pub type DoubleSealProof<H> = EquivocationProof<H, AuthorityId>;

/// Most bytes of a sealed header that can be valid: its fixed fields, its tick, a table of 144 keys (4,609 bytes), a change of 100
/// voters (4,006) and its seal are below 9 KB.
pub const MAX_HEADER_BYTES: usize = 10 * 1024;

/// Most bytes of an encoded proof: two headers, key and tick.
pub const MAX_PROOF_BYTES: usize = 2 * MAX_HEADER_BYTES + 64;

/// Tick that `digest` names; `None` without exactly one readable Aura item. An item with anything behind the tick is none, as
/// for importers (stock Aura's pallet would read it).
pub fn tick_of(digest: &Digest) -> Option<Tick> {
    let mut ticks = digest.logs().iter().filter_map(as_tick);
    match (ticks.next(), ticks.next()) {
        (Some(tick), None) => Some(*tick),
        _ => None,
    }
}

/// Whether the author put `tick` into the header, and nothing else. With more, importers and runtime could read different
/// ticks, and a header could be too large to be reported.
pub fn names_only(tick: Tick, digest: &Digest) -> bool {
    let from_author = digest.logs().iter().filter(|item| matches!(item, DigestItem::PreRuntime(..))).count();
    from_author == 1 && tick_of(digest) == Some(tick)
}

fn as_tick(item: &DigestItem) -> Option<Slot> {
    CompatibleDigestItem::<AuthoritySignature>::as_aura_pre_digest(item)
}

/// Takes the seal off `header`: what was signed, and by which signature. `None` if its last item is no Aura seal, or
/// has anything behind the signature: importers refuse that too.
pub fn unseal<H: Header>(header: &H) -> Option<(H, AuthoritySignature)> {
    let mut unsealed = header.clone();
    let seal = unsealed.digest_mut().pop()?.as_aura_seal()?;
    Some((unsealed, seal))
}

/// Whether `key` sealed `header` for `tick`. Returns the hash that it signed.
fn sealed_by<H: Header>(header: &H, key: &AuthorityId, tick: Tick) -> Option<H::Hash> {
    if tick_of(header.digest())? != tick {
        return None;
    }
    let (unsealed, seal) = unseal(header)?;
    let hash = unsealed.hash();
    key.verify(&hash.as_ref(), &seal).then_some(hash)
}

/// Whether `proof` shows what it claims. Two signature checks and two hashes of headers; its size is not judged here.
pub fn is_proven<H: Header>(proof: &DoubleSealProof<H>) -> bool {
    let hash_of = |header| sealed_by(header, &proof.offender, *proof.slot);
    match (hash_of(&proof.first_header), hash_of(&proof.second_header)) {
        (Some(first), Some(second)) => first != second,
        _ => false,
    }
}

/// Whether `proof` is small enough to be reported.
pub fn fits<H: Header>(proof: &DoubleSealProof<H>) -> bool {
    proof.encoded_size() <= MAX_PROOF_BYTES
}
