//! Balances and fees.

use ergon_primitives::currency::{EXISTENTIAL_DEPOSIT, MICRO_ERGN};
use frame_support::{
    parameter_types,
    traits::{
        fungible::{Balanced, Credit},
        ConstU128, ConstU32, ConstU8, Imbalance, OnUnbalanced, VariantCountOf,
    },
    weights::{ConstantMultiplier, WeightToFeeCoefficient, WeightToFeeCoefficients, WeightToFeePolynomial},
    PalletId,
};
use pallet_transaction_payment::{FungibleAdapter, TargetedFeeAdjustment};
use smallvec::smallvec;
use sp_runtime::{
    traits::{AccountIdConversion, Bounded},
    FixedPointNumber, Perbill, Perquintill,
};

use crate::*;

/// Owner of the treasury's account.
pub const TREASURY_ID: PalletId = PalletId(*b"ergn/try");

/// Account that the treasury's share of fees goes to. Nobody holds its key.
pub fn treasury_account() -> AccountId {
    TREASURY_ID.into_account_truncating()
}

impl pallet_balances::Config for Runtime {
    type AccountStore = System;
    type Balance = Balance;
    type DoneSlashHandler = ();
    type DustRemoval = ();
    type ExistentialDeposit = ConstU128<EXISTENTIAL_DEPOSIT>;
    type FreezeIdentifier = RuntimeFreezeReason;
    type MaxFreezes = VariantCountOf<RuntimeFreezeReason>;
    type MaxLocks = ConstU32<50>;
    type MaxReserves = ConstU32<50>;
    type ReserveIdentifier = [u8; 8];
    type RuntimeEvent = RuntimeEvent;
    type RuntimeFreezeReason = RuntimeFreezeReason;
    type RuntimeHoldReason = RuntimeHoldReason;
    type WeightInfo = weights::pallet_balances::WeightInfo<Runtime>;
}

/// The weight of an empty extrinsic costs a tenth of a thousandth of an ERGN, everything else in proportion.
pub struct WeightToFee;

impl WeightToFeePolynomial for WeightToFee {
    type Balance = Balance;

    fn polynomial() -> WeightToFeeCoefficients<Balance> {
        let price = 100 * MICRO_ERGN;
        let base = Balance::from(frame_support::weights::constants::ExtrinsicBaseWeight::get().ref_time());
        smallvec![WeightToFeeCoefficient {
            degree: 1,
            negative: false,
            coeff_frac: Perbill::from_rational(price % base, base),
            coeff_integer: price / base,
        }]
    }
}

parameter_types! {
    pub const TargetBlockFullness: Perquintill = Perquintill::from_percent(25);
    pub AdjustmentVariable: pallet_transaction_payment::Multiplier =
        pallet_transaction_payment::Multiplier::saturating_from_rational(1, 100_000);
    pub MinimumMultiplier: pallet_transaction_payment::Multiplier =
        pallet_transaction_payment::Multiplier::saturating_from_rational(1, 10);
    pub MaximumMultiplier: pallet_transaction_payment::Multiplier = Bounded::max_value();
}

/// Splits a fee: nine tenths to the block's author, the rest to the treasury; a tip is the author's alone.
///
/// Rounding: the author's share is rounded down, the treasury gets what is left, so that nothing is lost or made. Only a chain
/// whose genesis leaves the treasury without an account burns its share.
pub struct SplitFees;

impl OnUnbalanced<Credit<AccountId, Balances>> for SplitFees {
    fn on_unbalanceds(mut parts: impl Iterator<Item = Credit<AccountId, Balances>>) {
        let Some(fee) = parts.next() else { return };
        let share = Perbill::from_percent(90).mul_floor(fee.peek());
        let (mut author_part, treasury_part) = fee.split(share);
        if let Some(tip) = parts.next() {
            author_part = author_part.merge(tip);
        }
        // An author without an account, whose share would not make one, leaves it to the treasury, which genesis endows.
        let unpaid = match Authorship::author() {
            Some(author) => Balances::resolve(&author, author_part).err(),
            None => Some(author_part),
        };
        let treasury_part = match unpaid {
            Some(unpaid) => treasury_part.merge(unpaid),
            None => treasury_part,
        };
        // Dropping a credit burns it: issuance falls by it, as `try_state` of Balances checks.
        drop(Balances::resolve(&treasury_account(), treasury_part));
    }
}

impl pallet_transaction_payment::Config for Runtime {
    type FeeMultiplierUpdate =
        TargetedFeeAdjustment<Self, TargetBlockFullness, AdjustmentVariable, MinimumMultiplier, MaximumMultiplier>;
    type LengthToFee = ConstantMultiplier<Balance, ConstU128<MICRO_ERGN>>;
    type OnChargeTransaction = FungibleAdapter<Balances, SplitFees>;
    type OperationalFeeMultiplier = ConstU8<5>;
    type RuntimeEvent = RuntimeEvent;
    type WeightInfo = weights::pallet_transaction_payment::WeightInfo<Runtime>;
    type WeightToFee = WeightToFee;
}
