//! What can be done on the chain: every call of both pallets by anybody, blocks, absence, double-signing, time. Bytes become
//! steps, so that a fuzzer's changes of bytes are changes of steps.

use ergon_primitives::{currency::ERGN, staking::DutyObserver, Balance};
use frame_support::{traits::Hooks, weights::Weight};
use pallet_authorship::EventHandler;
use pallet_validator_staking::Profile;
use sp_runtime::Perbill;

use crate::world::{
    keys, AccountId, Balances, Delegation, Now, RuntimeOrigin, Session, Staking, System, World, ACCOUNTS, SESSION,
};

/// One step. Numbers of accounts are taken round, amounts are as they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    Register {
        who: AccountId,
        stake: Balance,
        commission: u8,
    },
    StakeMore {
        who: AccountId,
        amount: Balance,
    },
    Unstake {
        who: AccountId,
        amount: Balance,
    },
    Leave {
        who: AccountId,
    },
    SetCommission {
        who: AccountId,
        percent: u8,
    },
    Unjail {
        who: AccountId,
    },
    Bond {
        who: AccountId,
        validator: AccountId,
        amount: Balance,
        compounding: bool,
    },
    BondMore {
        who: AccountId,
        validator: AccountId,
        amount: Balance,
    },
    Undelegate {
        who: AccountId,
        validator: AccountId,
        amount: Balance,
    },
    UndelegateAll {
        who: AccountId,
        validator: AccountId,
    },
    Redelegate {
        who: AccountId,
        from: AccountId,
        to: AccountId,
        amount: Balance,
    },
    CancelUnbonding {
        who: AccountId,
        id: u64,
    },
    SetCompounding {
        who: AccountId,
        validator: AccountId,
        compounding: bool,
    },
    /// Blocks by a member of the set.
    Blocks {
        who: AccountId,
        count: u8,
    },
    /// A session in which a member misses all its ticks, while the others make theirs.
    Absence {
        who: AccountId,
    },
    /// So many signed twice, together, in a session as long ago.
    Equivocation {
        who: AccountId,
        count: u8,
        ago: u8,
    },
    NextSession,
    /// Ticks pass; what is due is released.
    Ticks {
        count: u8,
    },
    /// A block with room to spare.
    Sweep,
    Transfer {
        from: AccountId,
        to: AccountId,
        amount: Balance,
    },
}

/// Reads bytes; behind the end there are zeros.
struct Reader<'a>(&'a [u8]);

impl Reader<'_> {
    fn byte(&mut self) -> u8 {
        match self.0.split_first() {
            Some((first, rest)) => {
                self.0 = rest;
                *first
            }
            None => 0,
        }
    }

    fn account(&mut self) -> AccountId {
        u64::from(self.byte()) % ACCOUNTS
    }

    /// Amounts of all sizes: round ones, odd ones, dust, and far too much.
    fn amount(&mut self) -> Balance {
        let (kind, value) = (self.byte(), Balance::from(self.byte()));
        match kind % 8 {
            0 => value,
            1 => value * ERGN,
            2 => value * 100 * ERGN,
            3 => value * 1_000 * ERGN,
            4 => value * 100 * ERGN + Balance::from(self.byte()),
            5 => value * 123_456_789_012_345 / 7,
            6 => (100 * ERGN).saturating_sub(value),
            _ => Balance::MAX - value,
        }
    }
}

/// The steps that `bytes` spell.
pub fn read(bytes: &[u8]) -> Vec<Step> {
    let mut reader = Reader(bytes);
    let mut steps = Vec::new();
    while !reader.0.is_empty() {
        let kind = reader.byte();
        let who = reader.account();
        steps.push(match kind % 24 {
            0 => Step::Register { who, stake: reader.amount(), commission: reader.byte() },
            1 => Step::StakeMore { who, amount: reader.amount() },
            2 => Step::Unstake { who, amount: reader.amount() },
            3 => Step::Leave { who },
            4 => Step::SetCommission { who, percent: reader.byte() },
            5 => Step::Unjail { who },
            6 | 7 => Step::Bond {
                who,
                validator: reader.account(),
                amount: reader.amount(),
                compounding: reader.byte() % 2 == 1,
            },
            8 => Step::BondMore { who, validator: reader.account(), amount: reader.amount() },
            9 => Step::Undelegate { who, validator: reader.account(), amount: reader.amount() },
            10 => Step::UndelegateAll { who, validator: reader.account() },
            11 => Step::Redelegate { who, from: reader.account(), to: reader.account(), amount: reader.amount() },
            12 => Step::CancelUnbonding { who, id: reader.byte().into() },
            13 => Step::SetCompounding { who, validator: reader.account(), compounding: reader.byte() % 2 == 1 },
            14..=16 => Step::Blocks { who, count: reader.byte() },
            17 => Step::Absence { who },
            18 => Step::Equivocation { who, count: reader.byte() % 4, ago: reader.byte() % 8 },
            19 | 20 => Step::NextSession,
            21 => Step::Ticks { count: reader.byte() },
            22 => Step::Sweep,
            _ => Step::Transfer { from: who, to: reader.account(), amount: reader.amount() },
        });
    }
    steps
}

fn by(who: AccountId) -> RuntimeOrigin {
    RuntimeOrigin::signed(who)
}

fn members() -> Vec<AccountId> {
    pallet_session::Validators::<World>::get()
}

impl Step {
    /// Takes the step. A call that fails must change nothing, which the checks see.
    pub fn take(&self) {
        // Whether a call is allowed is the pallets' to say; what it did is checked.
        let _refused = frame_support::storage::with_storage_layer(|| self.call());
    }

    fn call(&self) -> Result<(), sp_runtime::DispatchError> {
        match self.clone() {
            Self::Register { who, stake, commission } => {
                let profile = Profile { name: b"v".to_vec().try_into().expect("short"), ..Default::default() };
                Staking::register(by(who), stake, percent(commission), profile)?;
                pallet_session::NextKeys::<World>::insert(who, keys(who));
                // As `session.set_keys` does.
                System::inc_consumers(&who)
            }
            Self::StakeMore { who, amount } => Staking::bond_more(by(who), amount),
            Self::Unstake { who, amount } => Staking::unbond(by(who), amount),
            Self::Leave { who } => Staking::leave(by(who)),
            Self::SetCommission { who, percent: share } => Staking::set_commission(by(who), percent(share)),
            Self::Unjail { who } => Staking::unjail(by(who)),
            Self::Bond { who, validator, amount, compounding } => {
                Delegation::bond(by(who), validator, amount, compounding)
            }
            Self::BondMore { who, validator, amount } => Delegation::bond_more(by(who), validator, amount),
            Self::Undelegate { who, validator, amount } => Delegation::undelegate(by(who), validator, amount),
            Self::UndelegateAll { who, validator } => Delegation::undelegate_all(by(who), validator),
            Self::Redelegate { who, from, to, amount } => Delegation::redelegate(by(who), from, to, amount),
            Self::CancelUnbonding { who, id } => Delegation::cancel_unbonding(by(who), id),
            Self::SetCompounding { who, validator, compounding } => {
                Delegation::set_compounding(by(who), validator, compounding)
            }
            Self::Blocks { who, count } => {
                blocks(who, count);
                Ok(())
            }
            Self::Absence { who } => {
                absence(who);
                Ok(())
            }
            Self::Equivocation { who, count, ago } => {
                equivocation(who, count, ago);
                Ok(())
            }
            Self::NextSession => {
                next_session();
                Ok(())
            }
            Self::Ticks { count } => {
                Now::mutate(|now| *now += u64::from(count));
                Delegation::on_initialize(System::block_number());
                Ok(())
            }
            Self::Sweep => {
                Delegation::on_idle(System::block_number(), Weight::MAX);
                Ok(())
            }
            Self::Transfer { from, to, amount } => Balances::transfer_allow_death(by(from), to, amount),
        }
    }
}

fn percent(share: u8) -> Perbill {
    Perbill::from_percent(u32::from(share) % 101)
}

fn blocks(who: AccountId, count: u8) {
    let members = members();
    let Some(author) = members.get(who as usize % members.len().max(1)) else { return };
    for _ in 0..count {
        Now::mutate(|now| *now += 1);
        Staking::on_block(Now::get(), author, &[]);
        Staking::note_author(*author);
    }
}

fn absence(who: AccountId) {
    let members = members();
    let Some(absent) = members.get(who as usize % members.len().max(1)).copied() else { return };
    let mut missed = Vec::new();
    for turn in 0..10 * members.len() {
        Now::mutate(|now| *now += 1);
        let owner = members[turn % members.len()];
        if owner == absent {
            missed.push((Now::get(), owner));
        } else {
            Staking::on_block(Now::get(), &owner, &std::mem::take(&mut missed));
            Staking::note_author(owner);
        }
    }
    next_session();
}

fn equivocation(who: AccountId, count: u8, ago: u8) {
    let members = members();
    let session = pallet_session::CurrentIndex::<World>::get().saturating_sub(ago.into());
    let count = (usize::from(count) + 1).min(members.len());
    let share = Perbill::from_rational(3 * count as u32, members.len().max(1) as u32).square();
    let offenders: Vec<_> =
        members.iter().cycle().skip(who as usize % members.len().max(1)).take(count).map(|who| (*who, share)).collect();
    Staking::punish(&offenders, session);
}

fn next_session() {
    Now::mutate(|now| *now = (*now / SESSION + 1) * SESSION);
    System::reset_events();
    Session::rotate_session();
    Delegation::on_initialize(System::block_number());
}
