//! The pallet against a plain model, for random sequences of all calls, rewards, slashes and sessions.
//!
//! The model has no points, shares, counters or factors: it changes the stake of everybody one by one, in 18 decimals of the
//! smallest unit and with 256-bit products. After each step each delegation and each account must agree with it within
//! [`TOLERANCE`] units for each step so far, besides the invariants and the equation of supply.
//!
//! `PROPTEST_CASES=100000 cargo test --release -p pallet-delegation model` runs 100,000 sequences.

use crate::{mock::*, *};
use ergon_primitives::{currency::ERGN, staking::SessionIndex, time::Tick, Balance};
use proptest::{collection::vec, prelude::*};
use sp_core::U256;
use std::collections::{BTreeMap, BTreeSet};

/// Sequences, unless the environment says another number.
const CASES: u32 = 96;
/// Units of 10^-12 ERGN by which a step may add to the difference: what rounding costs is at most a few units, or the price of a
/// share, which these sequences cannot drive above 100.
const TOLERANCE: Balance = 300;
/// Parts of a unit in the model.
const UNIT: Balance = 1_000_000_000_000_000_000;
/// Delegators of the model: 1 to this.
const DELEGATORS: u64 = 4;
/// Validators of the model, from [`V`] on.
const VALIDATORS: u64 = 3;
/// Sessions of offences that a pool surely remembers.
const MOST_OFFENCES: usize = types::MAX_SLASHES as usize;

#[derive(Clone, Debug)]
enum Step {
    Bond { who: u64, validator: u64, ergn: Balance, compounding: bool },
    BondMore { who: u64, validator: u64, units: Balance },
    Undelegate { who: u64, validator: u64, percent: Balance },
    UndelegateAll { who: u64, validator: u64 },
    Redelegate { who: u64, from: u64, to: u64, percent: Balance },
    Cancel { who: u64, nth: usize },
    SetCompounding { who: u64, validator: u64, compounding: bool },
    Reward { validator: u64, units: Balance },
    Slash { validator: u64, ago: SessionIndex, percent: u32 },
    NextSession,
    Wait { ticks: Tick },
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 1..=DELEGATORS;
    let validator = || V..V + VALIDATORS;
    prop_oneof![
        4 => (who(), validator(), 100..5_000u128, any::<bool>())
            .prop_map(|(who, validator, ergn, compounding)| Step::Bond { who, validator, ergn, compounding }),
        2 => (who(), validator(), 1..1_000_000_000_000_000u128)
            .prop_map(|(who, validator, units)| Step::BondMore { who, validator, units }),
        3 => (who(), validator(), 1..100u128)
            .prop_map(|(who, validator, percent)| Step::Undelegate { who, validator, percent }),
        1 => (who(), validator()).prop_map(|(who, validator)| Step::UndelegateAll { who, validator }),
        3 => (who(), validator(), validator(), 1..=100u128)
            .prop_map(|(who, from, to, percent)| Step::Redelegate { who, from, to, percent }),
        2 => (who(), 0..4usize).prop_map(|(who, nth)| Step::Cancel { who, nth }),
        2 => (who(), validator(), any::<bool>())
            .prop_map(|(who, validator, compounding)| Step::SetCompounding { who, validator, compounding }),
        4 => (validator(), 1..100_000_000_000_000u128)
            .prop_map(|(validator, units)| Step::Reward { validator, units }),
        2 => (validator(), 0..REPORT_SESSIONS, 1..=30u32)
            .prop_map(|(validator, ago, percent)| Step::Slash { validator, ago, percent }),
        3 => Just(Step::NextSession),
        1 => (1..60u64).prop_map(|ticks| Step::Wait { ticks }),
    ]
}

/// `a * b / c`, rounded down.
fn mul_div(a: Balance, b: Balance, c: Balance) -> Balance {
    if c == 0 {
        return 0;
    }
    (U256::from(a) * U256::from(b) / U256::from(c)).as_u128()
}

/// Stake that moved: how much, and how much of it slashes have left since it was last charged.
#[derive(Clone, Debug)]
struct Liable {
    from: u64,
    start: SessionIndex,
    amount: Balance,
    left: Balance,
}

#[derive(Clone, Debug, Default)]
struct Stake {
    value: Balance,
    compounding: bool,
    liable: Vec<Liable>,
}

impl Stake {
    /// Charges what is liable elsewhere and forgets what no longer is.
    fn charge(&mut self) {
        let loss = self.loss();
        self.value = self.value.saturating_sub(loss);
        for record in &mut self.liable {
            record.amount = record.left;
        }
        self.liable.retain(|record| record.amount > 0 && Session::get() <= record.start + REPORT_SESSIONS);
    }

    fn loss(&self) -> Balance {
        self.liable.iter().map(|record| record.amount - record.left).sum()
    }

    /// Splits off `amount` with its part of what is liable.
    fn split(&mut self, amount: Balance) -> Vec<Liable> {
        let mut taken = Vec::new();
        for record in &mut self.liable {
            let part = mul_div(record.amount, amount, self.value).min(record.amount);
            record.amount -= part;
            record.left = record.amount;
            taken.push(Liable { amount: part, left: part, ..record.clone() });
        }
        self.value = self.value.saturating_sub(amount);
        taken
    }

    fn slash_moved(&mut self, validator: u64, offence: SessionIndex, percent: u32) {
        for record in self.liable.iter_mut().filter(|r| r.from == validator && r.start >= offence) {
            record.left = keep(record.left, percent);
        }
    }
}

fn keep(amount: Balance, percent: u32) -> Balance {
    mul_div(amount, Balance::from(100 - percent), 100)
}

struct ModelChunk {
    who: u64,
    validator: u64,
    start: SessionIndex,
    stake: Stake,
}

#[derive(Default)]
struct Model {
    free: BTreeMap<u64, Balance>,
    stakes: BTreeMap<(u64, u64), Stake>,
    chunks: BTreeMap<u64, ModelChunk>,
    offences: BTreeMap<u64, BTreeSet<SessionIndex>>,
}

impl Model {
    fn charge(&mut self, who: u64, validator: u64) {
        if let Some(stake) = self.stakes.get_mut(&(who, validator)) {
            stake.charge();
        }
    }

    fn pay(&mut self, who: u64, amount: Balance) {
        *self.free.entry(who).or_default() += amount;
    }

    fn take(&mut self, who: u64, amount: Balance) {
        *self.free.entry(who).or_default() -= amount;
    }

    /// Takes `amount`, or all, out of a stake.
    fn split(&mut self, who: u64, validator: u64, amount: Option<Balance>) -> Stake {
        self.charge(who, validator);
        let stake = self.stakes.get_mut(&(who, validator)).expect("the pallet found it");
        let amount = amount.unwrap_or(stake.value);
        let compounding = stake.compounding;
        let all = amount == stake.value;
        let liable = stake.split(amount);
        if all {
            self.stakes.remove(&(who, validator));
        }
        Stake { value: amount, compounding, liable }
    }

    /// Puts stake where it is settled already.
    fn join(&mut self, who: u64, validator: u64, stake: Stake) {
        let entry = self.stakes.entry((who, validator));
        let into = entry.or_insert(Stake { compounding: stake.compounding, ..Default::default() });
        into.value += stake.value;
        into.liable.extend(stake.liable);
    }

    fn reward(&mut self, validator: u64, amount: Balance) {
        let all: Balance = self.stakes.iter().filter(|((_, v), _)| *v == validator).map(|(_, stake)| stake.value).sum();
        for who in 1..=DELEGATORS {
            let Some(stake) = self.stakes.get_mut(&(who, validator)) else { continue };
            let part = mul_div(amount, stake.value, all);
            if stake.compounding {
                stake.value += part;
            } else {
                self.pay(who, part);
            }
        }
    }

    fn slash(&mut self, validator: u64, offence: SessionIndex, percent: u32) {
        for ((_, of), stake) in &mut self.stakes {
            if *of == validator {
                stake.value = keep(stake.value, percent);
            }
            stake.slash_moved(validator, offence, percent);
        }
        for chunk in self.chunks.values_mut() {
            if chunk.validator == validator && chunk.start >= offence {
                chunk.stake.value = keep(chunk.stake.value, percent);
            }
            chunk.stake.slash_moved(validator, offence, percent);
        }
    }

    /// Releases what the pallet has released: what must be released, and when, is told in `unbonding.rs`.
    fn release(&mut self) {
        let gone: Vec<_> = self.chunks.keys().copied().filter(|id| !Chunks::<Test>::contains_key(id)).collect();
        for id in gone {
            let mut chunk = self.chunks.remove(&id).expect("just found");
            chunk.stake.charge();
            self.pay(chunk.who, chunk.stake.value);
        }
    }

    /// What the account should have in all.
    fn worth(&self, who: u64) -> Balance {
        let worth = |stake: &Stake| stake.value.saturating_sub(stake.loss());
        let staked: Balance = self.stakes.iter().filter(|((w, _), _)| *w == who).map(|(_, stake)| worth(stake)).sum();
        let chunks: Balance = self.chunks.values().filter(|c| c.who == who).map(|c| worth(&c.stake)).sum();
        self.free.get(&who).copied().unwrap_or(0) + staked + chunks
    }

    fn agrees(&self, steps: Balance) {
        let near = |found: Balance, expected: Balance| found.abs_diff(expected / UNIT) <= TOLERANCE * steps;
        for ((who, validator), stake) in &self.stakes {
            let (found, expected) = (value(*who, *validator), stake.value.saturating_sub(stake.loss()));
            assert!(near(found, expected), "{who} with {validator}: {found}, not {}", expected / UNIT);
        }
        for who in 1..=DELEGATORS {
            let (found, expected) = (worth(who), self.worth(who));
            assert!(near(found, expected), "{who} in all: {found}, not {}", expected / UNIT);
        }
        assert_eq!(DelegationOf::<Test>::iter_keys().count(), self.stakes.len());
        assert_eq!(Chunks::<Test>::iter_keys().count(), self.chunks.len());
    }

    fn take_step(&mut self, step: Step) {
        match step {
            Step::Bond { who, validator, ergn, compounding } => {
                if Delegating::bond(signed(who), validator, ergn * ERGN, compounding).is_ok() {
                    self.take(who, ergn * ERGN * UNIT);
                    self.join(who, validator, Stake { value: ergn * ERGN * UNIT, compounding, liable: Vec::new() });
                }
            }
            Step::BondMore { who, validator, units } => {
                if Delegating::bond_more(signed(who), validator, units).is_ok() {
                    self.charge(who, validator);
                    self.take(who, units * UNIT);
                    self.join(who, validator, Stake { value: units * UNIT, ..Default::default() });
                }
            }
            Step::Undelegate { who, validator, percent } => {
                let amount = value(who, validator) * percent / 100;
                let id = NextChunk::<Test>::get();
                if Delegating::undelegate(signed(who), validator, amount).is_ok() {
                    let stake = self.split(who, validator, Some(amount * UNIT));
                    self.chunks.insert(id, ModelChunk { who, validator, start: Session::get() + 1, stake });
                }
            }
            Step::UndelegateAll { who, validator } => {
                let id = NextChunk::<Test>::get();
                if Delegating::undelegate_all(signed(who), validator).is_ok() {
                    let stake = self.split(who, validator, None);
                    self.chunks.insert(id, ModelChunk { who, validator, start: Session::get() + 1, stake });
                }
            }
            Step::Redelegate { who, from, to, percent } => self.redelegate(who, from, to, percent),
            Step::Cancel { who, nth } => self.cancel(who, nth),
            Step::SetCompounding { who, validator, compounding } => {
                if Delegating::set_compounding(signed(who), validator, compounding).is_ok() {
                    self.charge(who, validator);
                    self.stakes.entry((who, validator)).and_modify(|stake| stake.compounding = compounding);
                }
            }
            Step::Reward { validator, units } => {
                reward(validator, units);
                self.reward(validator, units * UNIT);
            }
            Step::Slash { validator, ago, percent } => {
                let offence = Session::get().saturating_sub(ago);
                let offences = self.offences.entry(validator).or_default();
                if offences.len() < MOST_OFFENCES || offences.contains(&offence) {
                    offences.insert(offence);
                    slash(validator, offence, percent);
                    self.slash(validator, offence, percent);
                }
            }
            Step::NextSession => {
                next_session();
                sweep();
                self.release();
                self.stakes.values_mut().for_each(Stake::charge);
            }
            Step::Wait { ticks } => {
                Now::mutate(|now| *now += ticks);
                while Delegating::release_due(RELEASES) > 0 {}
                self.release();
            }
        }
    }

    fn redelegate(&mut self, who: u64, from: u64, to: u64, percent: Balance) {
        // Settled before, so that all of it is an amount that is known.
        Delegating::settle(&who, &from);
        self.charge(who, from);
        let amount = value(who, from) * percent / 100;
        if Delegating::redelegate(signed(who), from, to, amount).is_ok() {
            self.charge(who, to);
            let mut stake = self.split(who, from, (percent < 100).then_some(amount * UNIT));
            if percent < 100 {
                // What is liable elsewhere stays: the pallet moves only what is free.
                let stays = self.stakes.get_mut(&(who, from)).expect("not all of it moved");
                for (kept, taken) in stays.liable.iter_mut().zip(stake.liable.drain(..)) {
                    kept.amount += taken.amount;
                    kept.left += taken.left;
                }
            }
            let amount = stake.value;
            stake.liable = vec![Liable { from, start: Session::get() + 1, amount, left: amount }];
            self.join(who, to, stake);
        }
    }

    fn cancel(&mut self, who: u64, nth: usize) {
        let Some(id) = ChunksOf::<Test>::get(who).get(nth).copied() else { return };
        if Delegating::cancel_unbonding(signed(who), id).is_ok() {
            let mut chunk = self.chunks.remove(&id).expect("the pallet found it");
            self.charge(who, chunk.validator);
            chunk.stake.charge();
            self.join(who, chunk.validator, chunk.stake);
        }
    }
}

fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]

    #[test]
    fn agrees_with_the_plain_model(steps in vec(step(), 1..60)) {
        genesis().execute_with(|| {
            System::set_block_number(1);
            let mut model = Model::default();
            for who in 1..=DELEGATORS {
                model.pay(who, WEALTH * UNIT);
            }
            for (n, step) in (1..).zip(steps) {
                model.take_step(step);
                check();
                model.agrees(n);
            }
        });
    }
}
