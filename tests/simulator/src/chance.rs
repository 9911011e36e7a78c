//! Chance that is the same for the same seed.

use codec::Encode;
use sp_io::hashing::blake2_256;

/// A stream of numbers (SplitMix64): nobody's secrets hang on it.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream called `name` and `number` of the simulation `seed`.
    pub fn new(seed: u64, name: &str, number: u64) -> Self {
        let [a, b, c, d, e, f, g, h, ..] = blake2_256(&(seed, name, number).encode());
        Self(u64::from_le_bytes([a, b, c, d, e, f, g, h]))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `bound`, which is not zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }

    /// Whether something happens that has a chance of `millionths`.
    pub fn happens(&mut self, millionths: u64) -> bool {
        self.below(1_000_000) < millionths
    }
}
