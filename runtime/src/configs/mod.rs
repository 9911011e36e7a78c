//! Configuration of the pallets, by group.

mod consensus;
mod governance;
mod money;
mod staking;
mod system;
mod tools;
mod work;

pub use consensus::{RefusedCalls, SessionChanges};
pub use governance::{dynamic_params, RuntimeParameters, RuntimeParametersKey};
pub use money::{treasury_account, SplitFees, ToTreasury, TREASURY_ID};
pub use system::{AVERAGE_ON_INITIALIZE_RATIO, MAXIMUM_BLOCK_LENGTH, MAXIMUM_BLOCK_WEIGHT, NORMAL_DISPATCH_RATIO};
pub use work::{ChainClock, LatestRandomness};
