//! Costs of this pallet. The runtime's benchmarked values are in `runtime/src/weights`.

use frame_support::weights::Weight;

/// What the pallet's work costs.
pub trait WeightInfo {
    /// Registering a validator.
    fn register() -> Weight;
    /// Changing how it presents itself.
    fn set_profile() -> Weight;
    /// Changing its commission, with rewards shared out before.
    fn set_commission() -> Weight;
    /// Adding to its own stake, with rewards shared out before.
    fn bond_more() -> Weight;
    /// Taking out a part of its stake, with rewards shared out before.
    fn unbond() -> Weight;
    /// Leaving, in jail.
    fn leave() -> Weight;
    /// Leaving jail for a fee.
    fn unjail() -> Weight;
    /// What a block adds: its author's reward, its ticks, and misses that count, of `misses` told.
    fn on_block(misses: u32) -> Weight;
    /// What a session's end adds, with `registered` validators of which `members` are in the set.
    fn on_session(registered: u32, members: u32) -> Weight;
    /// Punishing `offenders` who did it together.
    fn punish(offenders: u32) -> Weight;
}
