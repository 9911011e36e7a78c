//! Configuration of the pallets, by group.

mod consensus;
mod money;
mod system;
mod tools;

pub use consensus::{KeepValidators, SessionChanges};
pub use money::{treasury_account, SplitFees, TREASURY_ID};
pub use system::{AVERAGE_ON_INITIALIZE_RATIO, MAXIMUM_BLOCK_LENGTH, MAXIMUM_BLOCK_WEIGHT, NORMAL_DISPATCH_RATIO};
