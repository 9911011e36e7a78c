//! Fixed-point arithmetic with products of 256 bits. Each function says which way it rounds; the callers say who gains.

pub use ergon_primitives::math::{mul_div_ceil, mul_div_floor};

/// One, in the fixed point in which shares of something are kept: 18 decimals.
pub const ONE: u128 = 1_000_000_000_000_000_000;

/// `amount * share`, where `share` is in parts of [`ONE`]; rounded down. Saturates, which a share of at most one cannot reach.
pub fn part_floor(amount: u128, share: u128) -> u128 {
    mul_div_floor(amount, share, ONE).unwrap_or(u128::MAX)
}

/// `amount * share`, where `share` is in parts of [`ONE`]; rounded up. Saturates, which a share of at most one cannot reach.
pub fn part_ceil(amount: u128, share: u128) -> u128 {
    mul_div_ceil(amount, share, ONE).unwrap_or(u128::MAX)
}

/// What is left of `amount`, of which `before` was left when it was written down and `now` is left today; rounded down.
/// Never more than `amount`.
pub fn left_of(amount: u128, before: u128, now: u128) -> u128 {
    if now >= before {
        return amount;
    }
    // Below `amount`, because now < before; before is not zero.
    mul_div_floor(amount, now, before).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_rounded_as_they_say() {
        assert_eq!((part_floor(5, ONE / 2), part_ceil(5, ONE / 2)), (2, 3));
        assert_eq!((part_floor(u128::MAX, ONE), part_floor(u128::MAX, ONE + 1)), (u128::MAX, u128::MAX));
    }

    #[test]
    fn what_is_left_never_grows() {
        assert_eq!(left_of(100, ONE, ONE), 100);
        assert_eq!(left_of(100, ONE / 2, ONE), 100, "a record that says less than today's takes nothing");
        assert_eq!(left_of(100, ONE, ONE / 3), 33);
        assert_eq!((left_of(100, ONE, 0), left_of(100, 0, 0)), (0, 100));
    }
}
