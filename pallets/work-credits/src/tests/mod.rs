//! Stories of the schedule, by topic.

mod duties;
mod genesis;
mod randomness;
mod sessions;
mod slots;
mod try_state;
