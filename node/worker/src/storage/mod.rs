//! The holder: [`store`] keeps deals' data on disk, each in its own [`deal`] folder, [`transfer`] takes and gives them,
//! [`keeper`] pledges, answers and tidies up, [`faults`] says what goes wrong.

pub mod deal;
pub(crate) mod faults;
mod files;
pub(crate) mod keeper;
pub mod store;
pub(crate) mod transfer;
mod trees;
