//! The arithmetic of one validator's pool: pure, without storage, accounts or clock.
//!
//! A delegation has *points*; the pool's factor says what a point is worth, so a slash is one multiplication. Whatever is divided
//! is rounded against the delegation that it is done for, so that no sequence of calls draws out more than came in: a
//! delegation's points are never worth more than its account holds for it, and what all could take out of the pot is never
//! more than is in it. What rounding leaves in an account is burned when it is settled, what it leaves in the pot when the
//! part's last delegation goes.

use ergon_primitives::{staking::SessionIndex, Balance};
use sp_runtime::{traits::Zero, Perbill};

use crate::{
    math::{mul_div_ceil, mul_div_floor, part_ceil, part_floor, ONE},
    types::{Delegation, Pool, SlashRecord},
};

/// Below this factor a pool takes no new stake: points would become too many for too little.
pub const MIN_FACTOR: u128 = ONE / 1_000;

/// What is left when `share` is taken, in parts of [`ONE`].
fn kept_of(share: Perbill) -> u128 {
    ONE.saturating_sub(u128::from(share.deconstruct()).saturating_mul(ONE_PER_BILL))
}

/// Parts of [`ONE`] in one part of a `Perbill`.
const ONE_PER_BILL: u128 = ONE / 1_000_000_000;

impl Pool {
    /// What `points` are worth; rounded down.
    pub fn principal(&self, points: u128) -> Balance {
        part_floor(points, self.factor)
    }

    /// Stake of the delegations that are paid; rounded down.
    pub fn paying_balance(&self) -> Balance {
        self.principal(self.paying.points)
    }

    /// Stake of the delegations that compound, what is in the pot included; rounded down.
    pub fn compounding_balance(&self) -> Balance {
        self.principal(self.compounding.points).saturating_add(self.compounding.pot)
    }

    /// All stake; rounded down in each part.
    pub fn value(&self) -> Balance {
        self.paying_balance().saturating_add(self.compounding_balance())
    }

    /// Money in the pot account that is this pool's.
    pub fn in_pot(&self) -> Balance {
        self.paying.pot.saturating_add(self.compounding.pot)
    }

    /// Slashed money, and dust of rounding, that delegators' accounts still hold.
    pub fn unburned(&self) -> Balance {
        self.held.saturating_sub(self.paying_balance().saturating_add(self.principal(self.compounding.points)))
    }

    /// Points that `amount` buys; rounded down. `None` if slashes left nothing of a point, or next to nothing.
    pub fn points_for(&self, amount: Balance) -> Option<u128> {
        mul_div_floor(amount, ONE, self.factor)
    }

    /// What slashes left of stake that went in session `start`, of what it was before all of them.
    pub fn left_since(&self, start: SessionIndex) -> u128 {
        self.slashes.iter().rev().find(|record| record.offence <= start).map_or(ONE, |record| record.keep)
    }

    /// Whether nothing refers to the pool any more.
    pub(crate) fn is_empty(&self) -> bool {
        self.delegators == 0 && self.chunks == 0 && self.liable == 0
    }

    /// What a delegation has in the accounts, after slashes; rounded down.
    pub(crate) fn stake_in_hold<A>(&self, delegation: &Delegation<A>) -> Balance {
        self.principal(delegation.points).min(delegation.held)
    }

    /// What a delegation has in the pot: a reward, or stake if it compounds. Rounded down, and never more than there is.
    pub(crate) fn in_pot_of<A>(&self, delegation: &Delegation<A>) -> Balance {
        if delegation.compounding {
            let shares = self.compounding.shares;
            let value = mul_div_floor(delegation.shares, self.compounding_balance(), shares).unwrap_or(0);
            let in_hold = part_ceil(delegation.points, self.factor);
            return value.saturating_sub(in_hold).min(self.compounding.pot);
        }
        let since = self.paying.reward_per_point.saturating_sub(delegation.reward_per_point);
        delegation.owed.saturating_add(part_floor(delegation.points, since)).min(self.paying.pot)
    }

    /// Adds `amount`, which the account holds already. Points, and shares of a part that exists, are rounded down: in
    /// favour of those who are in. `None` if the pool takes no stake.
    pub(crate) fn join<A>(&mut self, delegation: &mut Delegation<A>, amount: Balance) -> Option<()> {
        if self.factor < MIN_FACTOR {
            return None;
        }
        let points = self.points_for(amount)?;
        if delegation.compounding {
            let shares = self.shares_for(points)?;
            self.compounding.points = self.compounding.points.checked_add(points)?;
            self.compounding.shares = self.compounding.shares.checked_add(shares)?;
            delegation.shares = delegation.shares.checked_add(shares)?;
        } else {
            self.paying.points = self.paying.points.checked_add(points)?;
        }
        delegation.points = delegation.points.checked_add(points)?;
        delegation.held = delegation.held.checked_add(amount)?;
        self.held = self.held.checked_add(amount)?;
        Some(())
    }

    /// Shares that `points` buy, before they are added. One a unit in an empty part, else at the price of a share.
    fn shares_for(&self, points: u128) -> Option<u128> {
        let gain = self.principal(points);
        match self.compounding.shares {
            0 => Some(gain),
            shares => mul_div_floor(gain, shares, self.compounding_balance()),
        }
    }

    /// Takes `amount` of what the account holds, all of it if it is no more. Points and shares are rounded up, in favour of
    /// those who stay. What remains in the account for it is `held`, less `amount`.
    pub(crate) fn leave<A>(&mut self, delegation: &mut Delegation<A>, amount: Balance) {
        let all = amount >= delegation.held;
        let amount = amount.min(delegation.held);
        let (points, shares) = if all {
            (delegation.points, delegation.shares)
        } else {
            let points = mul_div_ceil(amount, ONE, self.factor).unwrap_or(u128::MAX).min(delegation.points);
            let shares = mul_div_ceil(delegation.shares, points, delegation.points).unwrap_or(delegation.shares);
            (points, shares.min(delegation.shares))
        };
        // A pool's sums are those of its delegations, so nothing here goes below zero.
        if delegation.compounding {
            self.compounding.points = self.compounding.points.saturating_sub(points);
            self.compounding.shares = self.compounding.shares.saturating_sub(shares);
        } else {
            self.paying.points = self.paying.points.saturating_sub(points);
        }
        delegation.points = delegation.points.saturating_sub(points);
        delegation.shares = delegation.shares.saturating_sub(shares);
        delegation.held = delegation.held.saturating_sub(amount);
        self.held = self.held.saturating_sub(amount);
    }

    /// Takes from `held` what slashes took from the points, and returns it: it is to be burned.
    pub(crate) fn write_off<A>(&mut self, delegation: &mut Delegation<A>) -> Balance {
        let slashed = delegation.held.saturating_sub(self.stake_in_hold(delegation));
        delegation.held = delegation.held.saturating_sub(slashed);
        self.held = self.held.saturating_sub(slashed);
        slashed
    }

    /// Brings a paid delegation up to date; `paid` of `earned` was paid to it, all or nothing.
    pub(crate) fn pay<A>(&mut self, delegation: &mut Delegation<A>, earned: Balance, paid: Balance) {
        delegation.reward_per_point = self.paying.reward_per_point;
        delegation.owed = earned.saturating_sub(paid);
        self.paying.pot = self.paying.pot.saturating_sub(paid);
    }

    /// Turns `amount` of the pot, which the account holds by now, into points; rounded down. Shares stay what they are.
    pub(crate) fn compound<A>(&mut self, delegation: &mut Delegation<A>, amount: Balance) {
        let points = self.points_for(amount).unwrap_or(0);
        self.compounding.pot = self.compounding.pot.saturating_sub(amount);
        self.compounding.points = self.compounding.points.saturating_add(points);
        delegation.points = delegation.points.saturating_add(points);
        delegation.held = delegation.held.saturating_add(amount);
        self.held = self.held.saturating_add(amount);
    }

    /// Moves a settled delegation to the other part. `None` if the compounding part cannot price it.
    pub(crate) fn switch<A>(&mut self, delegation: &mut Delegation<A>) -> Option<()> {
        let points = delegation.points;
        if delegation.compounding {
            self.compounding.points = self.compounding.points.saturating_sub(points);
            self.compounding.shares = self.compounding.shares.saturating_sub(delegation.shares);
            self.paying.points = self.paying.points.checked_add(points)?;
            delegation.shares = 0;
            delegation.reward_per_point = self.paying.reward_per_point;
        } else {
            let shares = self.shares_for(points)?;
            self.paying.points = self.paying.points.saturating_sub(points);
            self.compounding.points = self.compounding.points.checked_add(points)?;
            self.compounding.shares = self.compounding.shares.checked_add(shares)?;
            delegation.shares = shares;
            // Less than the account could take, or it would have been paid: it stays in the part's pot.
            delegation.owed = 0;
        }
        delegation.compounding = !delegation.compounding;
        Some(())
    }

    /// Shares out `amount`, which is in the pot account, by stake; rounded down for those who are paid, the rest for those
    /// who compound. Returns what it could give to nobody.
    pub(crate) fn reward(&mut self, amount: Balance) -> Balance {
        let (paying, all) = (self.paying_balance(), self.value());
        if all.is_zero() {
            return amount;
        }
        let paid = mul_div_floor(amount, paying, all).unwrap_or(0);
        if !paid.is_zero() {
            let per_point = mul_div_floor(paid, ONE, self.paying.points).unwrap_or(0);
            self.paying.reward_per_point = self.paying.reward_per_point.saturating_add(per_point);
            self.paying.pot = self.paying.pot.saturating_add(paid);
        }
        let compounded = amount.saturating_sub(paid);
        if self.compounding.shares.is_zero() {
            return compounded;
        }
        let per_share = mul_div_floor(compounded, ONE, self.compounding.shares).unwrap_or(0);
        self.compounding.reward_per_share = self.compounding.reward_per_share.saturating_add(per_share);
        self.compounding.pot = self.compounding.pot.saturating_add(compounded);
        0
    }

    /// Takes `share` of all stake, and of what went in or after session `offence`; what is left is rounded down. Returns what
    /// is to be burned of the pot at once. Rewards that are not credited yet are not stake and stay whole.
    pub(crate) fn slash(&mut self, offence: SessionIndex, share: Perbill) -> Balance {
        let keep = kept_of(share);
        self.factor = part_floor(self.factor, keep);
        let pot = part_floor(self.compounding.pot, keep);
        let burned = self.compounding.pot.saturating_sub(pot);
        self.compounding.pot = pot;
        self.record(offence, SessionIndex::MAX, keep);
        burned
    }

    /// Takes `share` of what went in or after session `offence` and before session `later`: what came to light after an offence of
    /// `later` had been punished already.
    pub(crate) fn slash_gone(&mut self, offence: SessionIndex, later: SessionIndex, share: Perbill) {
        if offence < later {
            self.record(offence, later, kept_of(share));
        }
    }

    /// Writes a slash down for stake that has gone.
    ///
    /// When there is no room, the oldest record is forgotten: stake that went between it and the next one is free of what it
    /// has not been charged yet. Nobody is ever charged for an offence after it went. Reports come within the unbonding time, and
    /// in that a validator is tombstoned long before it offends in [`crate::types::MAX_SLASHES`] sessions.
    fn record(&mut self, offence: SessionIndex, later: SessionIndex, keep: u128) {
        let index = self.slashes.iter().filter(|record| record.offence < offence).count();
        let earlier = self.slashes.iter().rev().find(|record| record.offence < offence).map_or(ONE, |r| r.keep);
        let known = self.slashes.get(index).is_some_and(|record| record.offence == offence);
        for record in self.slashes.iter_mut().filter(|record| (offence..later).contains(&record.offence)) {
            record.keep = part_floor(record.keep, keep);
        }
        if known {
            return;
        }
        let record = SlashRecord { offence, keep: part_floor(earlier, keep) };
        if !self.slashes.is_full() {
            // Has room, and `index` is at most its length.
            let _never_full = self.slashes.try_insert(index, record);
        } else if let Some(index) = index.checked_sub(1) {
            self.slashes.remove(0);
            let _never_full = self.slashes.try_insert(index, record);
        }
    }

    /// Empties the pots of parts that nobody is in, and begins anew at one if nobody has points. Returns what to burn.
    pub(crate) fn tidy(&mut self) -> Balance {
        let mut dust: Balance = 0;
        if self.paying.points.is_zero() {
            dust = dust.saturating_add(core::mem::take(&mut self.paying.pot));
        }
        if self.compounding.shares.is_zero() {
            dust = dust.saturating_add(core::mem::take(&mut self.compounding.pot));
        }
        if self.paying.points.is_zero() && self.compounding.points.is_zero() {
            self.factor = ONE;
        }
        dust
    }
}
