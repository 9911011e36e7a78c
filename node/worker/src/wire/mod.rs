//! What goes over TCP between workers and clients: [`message`] its words, [`frame`] how they are cut out of the stream.

pub mod frame;
pub mod message;

pub use frame::{recv, send, WireError};
pub use message::{Intent, Message, Reason, Segment, Signed, MAX_DATA, VERSION};
