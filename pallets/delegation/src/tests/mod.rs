//! Stories of delegation, by topic.

mod attacks;
mod bonding;
mod history;
mod model;
mod redelegation;
mod rewards;
mod slashing;
mod sweep;
mod try_state;
mod unbonding;
