//! The VRF that every block carries (SPEC section 1, "Randomness").
//!
//! The author signs (tick, epoch randomness of the parent's state) with its session key. The output is unique for key and
//! message, so an author can only publish it or lose the tick. Scheme: `schnorrkel`'s DLEQ VRF over Ristretto, as in BABE
//! (<https://research.web3.foundation/Polkadot/protocols/block-production/Babe>), verified inside the runtime.

use codec::{Decode, DecodeWithMemTracking, Encode, MaxEncodedLen};
use scale_info::TypeInfo;
use sp_core::{
    crypto::VrfPublic,
    sr25519::{
        vrf::{VrfPreOutput, VrfProof, VrfSignData, VrfSignature, VrfTranscript},
        Public,
    },
};
use sp_inherents::{InherentIdentifier, IsFatalError};

use crate::time::Tick;

/// 32 bytes nobody could choose.
pub type Randomness = [u8; 32];

/// Where the inherent data holds a [`TickVrf`].
pub const INHERENT_IDENTIFIER: InherentIdentifier = *b"ergonvrf";

/// What the author of a tick must sign, and with which key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode, MaxEncodedLen, TypeInfo)]
pub struct VrfClaim<AuthorityId> {
    /// Key that owes the tick.
    pub key: AuthorityId,
    /// Randomness of the epoch in the parent's state.
    pub randomness: Randomness,
}

/// A VRF output with its proof, as bytes: decoded, and so checked for form, only when verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, DecodeWithMemTracking, MaxEncodedLen, TypeInfo)]
pub struct TickVrf {
    /// Compressed Ristretto point: the output before hashing.
    pub pre_output: [u8; 32],
    /// DLEQ proof that `pre_output` belongs to key and message.
    pub proof: [u8; 64],
}

/// Why a block's VRF inherent is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cfg_attr(feature = "std", derive(serde::Serialize))]
pub enum InherentError {
    /// The block carries none.
    Missing,
}

impl IsFatalError for InherentError {
    fn is_fatal_error(&self) -> bool {
        true
    }
}

/// What to sign for `tick`.
pub fn sign_data(tick: Tick, randomness: &Randomness) -> VrfSignData {
    VrfSignData::new(transcript(tick, randomness))
}

fn transcript(tick: Tick, randomness: &Randomness) -> VrfTranscript {
    VrfTranscript::new(b"ergon:tick", &[(b"tick", &tick.to_le_bytes()), (b"randomness", randomness)])
}

impl From<VrfSignature> for TickVrf {
    fn from(signature: VrfSignature) -> Self {
        Self { pre_output: *signature.pre_output.0.as_bytes(), proof: signature.proof.0.to_bytes() }
    }
}

impl TickVrf {
    /// Returns the 32 output bytes if this is `key`'s VRF of (`tick`, `randomness`), `None` if it is anything else.
    pub fn verify(&self, key: &Public, tick: Tick, randomness: &Randomness) -> Option<Randomness> {
        let pre_output = VrfPreOutput::decode(&mut &self.pre_output[..]).ok()?;
        let proof = VrfProof::decode(&mut &self.proof[..]).ok()?;
        let transcript = transcript(tick, randomness);
        let signature = VrfSignature { pre_output, proof };
        if !key.vrf_verify(&VrfSignData::new(transcript.clone()), &signature) {
            return None;
        }
        key.make_bytes(b"ergon:tick:output", &transcript, &signature.pre_output).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::{crypto::VrfSecret, sr25519::Pair, Pair as _};

    fn signed(pair: &Pair, tick: Tick, randomness: Randomness) -> TickVrf {
        pair.vrf_sign(&sign_data(tick, &randomness)).into()
    }

    #[test]
    fn verifies_only_for_its_key_tick_and_randomness() {
        let (alice, bob) = (Pair::from_seed(&[1; 32]), Pair::from_seed(&[2; 32]));
        let vrf = signed(&alice, 7, [9; 32]);
        let output = vrf.verify(&alice.public(), 7, &[9; 32]).expect("own claim verifies");
        assert_ne!(output, [0; 32]);
        assert_eq!(vrf.verify(&alice.public(), 8, &[9; 32]), None, "another tick");
        assert_eq!(vrf.verify(&alice.public(), 7, &[8; 32]), None, "another randomness");
        assert_eq!(vrf.verify(&bob.public(), 7, &[9; 32]), None, "another key");
    }

    #[test]
    fn output_does_not_depend_on_the_proof() {
        let alice = Pair::from_seed(&[1; 32]);
        let (a, b) = (signed(&alice, 7, [9; 32]), signed(&alice, 7, [9; 32]));
        assert_ne!(a.proof, b.proof, "proofs are randomised");
        assert_eq!(a.verify(&alice.public(), 7, &[9; 32]), b.verify(&alice.public(), 7, &[9; 32]));
    }

    #[test]
    fn every_flipped_bit_is_refused() {
        let alice = Pair::from_seed(&[1; 32]);
        let vrf = signed(&alice, 7, [9; 32]);
        for bit in 0..96 * 8 {
            let mut bytes = vrf.encode();
            bytes[bit / 8] ^= 1 << (bit % 8);
            let forged = TickVrf::decode(&mut &bytes[..]).expect("96 bytes decode");
            assert_eq!(forged.verify(&alice.public(), 7, &[9; 32]), None, "bit {bit}");
        }
    }
}
