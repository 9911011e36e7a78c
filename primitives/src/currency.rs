//! Units of the native token (SPEC, head): `ERGN`, 12 decimals.

use crate::Balance;

/// Ticker of the native token.
pub const TOKEN_SYMBOL: &str = "ERGN";
/// Decimal places of the native token.
pub const TOKEN_DECIMALS: u8 = 12;
/// SS58 address prefix, until one is registered.
pub const SS58_PREFIX: u16 = 42;

/// One ERGN.
pub const ERGN: Balance = 1_000_000_000_000;
/// A thousandth of an ERGN.
pub const MILLI_ERGN: Balance = ERGN / 1_000;
/// A millionth of an ERGN.
pub const MICRO_ERGN: Balance = MILLI_ERGN / 1_000;

/// Least balance an account may hold: what keeping its 80-odd bytes of state is worth.
pub const EXISTENTIAL_DEPOSIT: Balance = MILLI_ERGN;

/// Most ERGN there may ever be.
pub const SUPPLY_CAP: Balance = 1_000_000_000 * ERGN;

/// Refundable price of `items` storage entries holding `bytes` bytes together, for what strangers store.
pub const fn deposit(items: u32, bytes: u32) -> Balance {
    // Both products are far below 2^128: u32::MAX * 10^11 < 2^69.
    items as Balance * 100 * MILLI_ERGN + bytes as Balance * MILLI_ERGN
}
