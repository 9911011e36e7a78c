//! Products of balances, divided: exact in 256 bits, rounded the way that the caller names.

use sp_runtime::{
    helpers_128bit::multiply_by_rational_with_rounding,
    Rounding::{Down, Up},
};

/// `a × b ÷ c`, rounded down. `None` if `c` is zero or the result needs more than 128 bits.
pub fn mul_div_floor(a: u128, b: u128, c: u128) -> Option<u128> {
    multiply_by_rational_with_rounding(a, b, c, Down)
}

/// `a × b ÷ c`, rounded up. `None` if `c` is zero or the result needs more than 128 bits.
pub fn mul_div_ceil(a: u128, b: u128, c: u128) -> Option<u128> {
    multiply_by_rational_with_rounding(a, b, c, Up)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_as_named_and_never_overflows_in_between() {
        assert_eq!((mul_div_floor(7, 3, 2), mul_div_ceil(7, 3, 2)), (Some(10), Some(11)));
        assert_eq!((mul_div_floor(8, 3, 2), mul_div_ceil(8, 3, 2)), (Some(12), Some(12)));
        assert_eq!(mul_div_floor(u128::MAX, u128::MAX, u128::MAX), Some(u128::MAX));
        assert_eq!(mul_div_ceil(u128::MAX, u128::MAX - 1, u128::MAX), Some(u128::MAX - 1));
        assert_eq!(mul_div_floor(u128::MAX, 2, 1), None, "does not fit");
        assert_eq!(mul_div_ceil(u128::MAX, 2, 1), None, "does not fit");
        assert_eq!(mul_div_floor(1, 1, 0), None);
        assert_eq!(mul_div_ceil(1, 1, 0), None);
        assert_eq!((mul_div_floor(0, 5, 7), mul_div_ceil(0, 5, 7)), (Some(0), Some(0)));
    }
}
