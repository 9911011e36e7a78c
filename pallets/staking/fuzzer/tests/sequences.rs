//! Random sequences of every step in every order, and the fuzzer's corpus.

use ergon_staking_fuzzer::run;

/// Sequences, unless `ERGON_SEQUENCES` says otherwise.
const SEQUENCES: u64 = 300;

/// A small generator of its own, so that a number is enough to repeat a sequence (xorshift64*, Vigna 2016).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }
}

fn sequence(number: u64) -> Vec<u8> {
    let mut random = Random(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
    let length = 40 + random.next() % 400;
    (0..length).map(|_| (random.next() >> 32) as u8).collect()
}

fn setting(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name}={text}: no number")))
}

/// `ERGON_SEQUENCES=100000` runs as many, from `ERGON_FIRST_SEQUENCE` on. A failure names its number.
#[test]
fn everything_holds_after_every_step_of_random_sequences() {
    let first = setting("ERGON_FIRST_SEQUENCE", 0);
    for number in first..first + setting("ERGON_SEQUENCES", SEQUENCES) {
        let outcome = std::panic::catch_unwind(|| run(&sequence(number)));
        assert!(outcome.is_ok(), "sequence {number}: repeat with ERGON_FIRST_SEQUENCE={number} ERGON_SEQUENCES=1");
    }
}

#[test]
fn everything_holds_on_the_corpus() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus");
    for entry in std::fs::read_dir(folder).expect("the corpus is there") {
        let file = entry.expect("readable").path();
        println!("{}", file.display());
        run(&std::fs::read(file).expect("readable"));
    }
}
