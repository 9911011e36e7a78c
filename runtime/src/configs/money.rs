//! Balances, fees and vesting.

use ergon_primitives::{
    currency::{ERGN, EXISTENTIAL_DEPOSIT, MICRO_ERGN},
    staking::{Burned, Supply as _},
};
use frame_support::{
    parameter_types,
    traits::{
        fungible::{Balanced, Credit},
        ConstU128, ConstU32, ConstU8, Imbalance, OnUnbalanced, VariantCountOf, WithdrawReasons,
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
    type DustRemoval = pallet_supply::BurnDust<Runtime>;
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

/// Splits a fee as the network's rates say: a part is burned, a part goes to those who stake with the author, a part to the
/// author, what is left to the treasury. A tip is the author's alone.
///
/// Rounding: each share is rounded down, the treasury gets what is left, so that nothing is lost or made unseen.
pub struct SplitFees;

impl OnUnbalanced<Credit<AccountId, Balances>> for SplitFees {
    fn on_unbalanceds(mut parts: impl Iterator<Item = Credit<AccountId, Balances>>) {
        let Some(mut fee) = parts.next() else { return };
        let whole = fee.peek();
        let shares = Supply::policy().fees;
        let burned = fee.extract(shares.burned.mul_floor(whole));
        let for_stakers = fee.extract(shares.stakers.mul_floor(whole));
        let mut for_author = fee.extract(shares.author.mul_floor(whole));
        if let Some(tip) = parts.next() {
            for_author = for_author.merge(tip);
        }
        Supply::burn(Burned::Fees, burned);
        match Authorship::author() {
            Some(author) => {
                if for_stakers.peek() > 0 {
                    ValidatorStaking::add_fees(&author, for_stakers);
                }
                // An author without an account, whose share would not make one, leaves it to the treasury.
                if let Err(unpaid) = Balances::resolve(&author, for_author) {
                    fee = fee.merge(unpaid);
                }
            }
            None => fee = fee.merge(for_author).merge(for_stakers),
        }
        pay_treasury(fee);
    }
}

/// Genesis endows the treasury, so that it can take any amount. Only on a chain without it, what it would get is burned.
fn pay_treasury(amount: Credit<AccountId, Balances>) {
    if let Err(unpaid) = Balances::resolve(&treasury_account(), amount) {
        Supply::burn(Burned::Fees, unpaid);
    }
}

/// Gives the treasury what pallets take from deposits.
pub struct ToTreasury;

impl OnUnbalanced<pallet_balances::NegativeImbalance<Runtime>> for ToTreasury {
    fn on_nonzero_unbalanced(amount: pallet_balances::NegativeImbalance<Runtime>) {
        use frame_support::traits::Currency;
        Balances::resolve_creating(&treasury_account(), amount);
    }
}

parameter_types! {
    pub const MinVestedTransfer: Balance = 10 * ERGN;
    pub UnvestedFundsAllowedWithdrawReasons: WithdrawReasons =
        WithdrawReasons::except(WithdrawReasons::TRANSFER | WithdrawReasons::RESERVE);
}

impl pallet_vesting::Config for Runtime {
    type BlockNumberProvider = System;
    type BlockNumberToBalance = sp_runtime::traits::ConvertInto;
    type Currency = Balances;
    type MinVestedTransfer = MinVestedTransfer;
    type RuntimeEvent = RuntimeEvent;
    type UnvestedFundsAllowedWithdrawReasons = UnvestedFundsAllowedWithdrawReasons;
    type WeightInfo = weights::pallet_vesting::WeightInfo<Runtime>;

    // A genesis has one for each account; the rest is for what accounts give each other.
    const MAX_VESTING_SCHEDULES: u32 = 28;
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
