//! Stories about orders.

mod model;
mod open;
mod relay;
mod storage;
