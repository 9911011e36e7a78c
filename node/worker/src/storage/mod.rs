//! The holder: [`store`] keeps segments on disk, [`transfer`] takes and gives them, [`keeper`] pledges, answers and
//! tidies up.

pub(crate) mod keeper;
pub mod store;
pub(crate) mod transfer;
