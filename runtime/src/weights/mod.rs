//! Costs of this runtime's own pallets.

pub mod work_credits;
