//! Validators join, earn, fail, are punished and leave.

mod attacks;
mod jail;
mod offences;
mod register;
mod rewards;
mod sessions;
mod try_state;
