//! Stories of the schedule, by topic.

mod duties;
mod exclusion;
mod genesis;
mod randomness;
mod sessions;
mod slots;
mod try_state;
