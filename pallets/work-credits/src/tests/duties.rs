//! Missed ticks are counted by operator, exactly, against a plain model; reliability falls and recovers.

use crate::{mock::*, *};
use ergon_primitives::{schedule::OperatorReliability, time::Timing};
use proptest::{collection::vec, prelude::*, sample::select};
use sp_runtime::Perbill;
use std::collections::BTreeMap;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Owed and missed ticks agree with counting them one by one, over random sets, gaps and session changes.
    #[test]
    fn counts_agree_with_a_plain_model(
        n in select(vec![1u64, 2, 4, 16, 17, 18, 33, 100]),
        gaps in vec(prop_oneof![4 => Just(0u64), 3 => 1..12u64, 1 => 30..200u64], 60),
        leave in 0..30usize,
    ) {
        Chain::of(n).timing(Timing { ticks_per_slot: 24, ..TIMING }).run(|| {
            let mut model: BTreeMap<AccountId, (u64, u64)> = BTreeMap::new();
            let mut tick = 24_003;
            let mut last = None;
            for (i, gap) in gaps.iter().enumerate() {
                if i == leave && n > 1 {
                    Planned::set(Some((0..n - 1).collect()));
                }
                tick += gap + 1;
                if let Some(last) = last {
                    for missed in last + 1..tick {
                        let owner = WorkCredits::owner_at(missed).expect("owned").operator;
                        let counts = model.entry(owner).or_default();
                        *counts = (counts.0 + 1, counts.1 + 1);
                    }
                }
                let author = block(tick);
                model.entry(author).or_default().0 += 1;
                last = Some(tick);
                WorkCredits::do_try_state().expect("invariants hold");
            }
            for who in 0..n {
                let duties = DutiesOf::<Test>::get(who);
                assert_eq!((duties.owed, duties.missed), model.get(&who).copied().unwrap_or_default());
            }
        });
    }
}

#[test]
fn reliability_falls_to_its_floor_and_recovers_within_a_days_ticks() {
    Chain::of(2).run(|| {
        blocks(600..606);
        assert_eq!(WorkCredits::reliability(&0), Perbill::one());
        block(606 + 6 * 1_000);
        assert_eq!(WorkCredits::reliability(&0), Perbill::from_percent(1));
        // With 100 validators an operator owes some 80 ticks a day.
        let before = DutiesOf::<Test>::get(0).owed;
        let mut tick = 606 + 6 * 1_000;
        while DutiesOf::<Test>::get(0).owed < before + 80 {
            tick += 1;
            block(tick);
        }
        assert_eq!(WorkCredits::reliability(&0), Perbill::one());
    });
}
