//! The holder: [`store`] keeps deals' data on disk, each in its own [`deal`] folder, [`transfer`] takes and gives them,
//! [`keeper`] pledges, answers and tidies up.

pub mod deal;
pub(crate) mod keeper;
pub mod store;
pub(crate) mod transfer;
