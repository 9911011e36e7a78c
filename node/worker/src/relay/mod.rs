//! The relay: [`meter`] decides, [`book`] remembers, [`target`] connects, [`sessions`] knows who is connected,
//! [`handshake`] lets in, `pump` moves the bytes, [`settle`] brings receipts to the chain, [`clock`] warns when they
//! would come too late.

pub mod book;
pub(crate) mod clock;
pub(crate) mod handshake;
pub mod meter;
mod pump;
pub mod sessions;
pub(crate) mod settle;
pub mod target;
