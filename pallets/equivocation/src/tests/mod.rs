//! What is reported, what is refused, and who is found.

mod keys;
mod report;
mod try_state;
