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

/// One claim with its answer, pinned: a change of the transcript would split the chain. Made once with the key of seed
/// `[1; 32]`; another signature of it has the same output and another proof.
#[cfg(any(test, feature = "runtime-benchmarks"))]
pub mod known_answer {
    use super::*;

    /// Who signed.
    pub const KEY: [u8; 32] = [
        24, 157, 172, 41, 41, 109, 49, 129, 77, 200, 197, 108, 243, 211, 106, 5, 67, 55, 43, 186, 117, 56, 250, 50, 42,
        74, 235, 254, 188, 57, 224, 86,
    ];
    /// Which tick.
    pub const TICK: Tick = 357_840_000;
    /// Under which randomness.
    pub const RANDOMNESS: Randomness = [7; 32];
    /// What was signed.
    pub const VRF: TickVrf = TickVrf {
        pre_output: [
            34, 177, 139, 56, 172, 95, 224, 128, 190, 188, 216, 224, 61, 101, 92, 103, 97, 96, 24, 124, 124, 187, 83,
            203, 106, 99, 179, 215, 42, 214, 205, 85,
        ],
        proof: [
            228, 111, 6, 137, 10, 167, 42, 86, 234, 244, 75, 56, 152, 22, 38, 131, 148, 82, 56, 167, 48, 144, 18, 187,
            225, 96, 232, 18, 115, 54, 43, 12, 185, 104, 188, 114, 156, 134, 231, 92, 18, 110, 131, 171, 114, 24, 174,
            11, 174, 207, 57, 27, 46, 167, 85, 5, 175, 173, 202, 29, 179, 113, 29, 7,
        ],
    };
    /// What came out.
    pub const OUTPUT: Randomness = [
        126, 130, 237, 77, 68, 36, 204, 7, 205, 128, 148, 40, 140, 116, 61, 61, 149, 97, 118, 60, 174, 113, 242, 29,
        155, 197, 111, 121, 123, 252, 162, 26,
    ];
}

#[cfg(test)]
mod tests {
    use super::*;
    use sp_core::{crypto::VrfSecret, sr25519::Pair, Pair as _};

    #[test]
    fn the_pinned_claim_has_the_pinned_output() {
        use known_answer::*;
        let pair = Pair::from_seed(&[1; 32]);
        assert_eq!(pair.public().0, KEY);
        assert_eq!(VRF.verify(&Public::from(KEY), TICK, &RANDOMNESS), Some(OUTPUT));
        assert_eq!(signed(&pair, TICK, RANDOMNESS).pre_output, VRF.pre_output);
    }

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
