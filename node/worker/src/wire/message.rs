//! Messages, and what is signed in a handshake.

use codec::{Decode, Encode};
use ergon_primitives::{
    nodes::NodeKey,
    orders::{OrderId, Receipt},
    Hash,
};
use sp_core::sr25519;

/// First bytes of every connection: whoever speaks something else is dropped at once.
pub const MAGIC: [u8; 5] = *b"ergon";
/// Version of the protocol. Both sides must have the same.
pub const VERSION: u16 = 1;
/// Most bytes of payload in one message.
pub const MAX_DATA: usize = 65_536;
/// Most bytes of a target's address.
pub const MAX_ADDRESS: usize = 255;

/// A receipt with the client's signature.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Signed {
    /// What is owed.
    pub receipt: Receipt,
    /// The client's, of [`Receipt::payload`].
    pub signature: sr25519::Signature,
}

/// A segment of a deal's data, with its proof.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Segment {
    /// Its index.
    pub index: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its siblings, from the leaf up.
    pub proof: Vec<[u8; 32]>,
}

/// What a connection is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Intent {
    /// Bytes are to be passed on.
    #[codec(index = 0)]
    Relay {
        /// The session that pays.
        session: OrderId,
        /// The client's; the relay signs it, to show that it is who the chain drew.
        nonce: [u8; 32],
    },
    /// Data of a deal are brought.
    #[codec(index = 1)]
    Put {
        /// The deal.
        deal: OrderId,
    },
    /// Data of a deal are fetched.
    #[codec(index = 2)]
    Get {
        /// The deal.
        deal: OrderId,
        /// The first segment that is wanted.
        from: u64,
    },
}

/// Everything that is said.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Message {
    /// The client's first.
    #[codec(index = 0)]
    Hello {
        /// [`MAGIC`].
        magic: [u8; 5],
        /// [`VERSION`].
        version: u16,
        /// What it wants.
        intent: Intent,
    },
    /// The worker will not, or will not go on.
    #[codec(index = 1)]
    Refused(Reason),

    /// The relay's answer to a hello.
    #[codec(index = 10)]
    Welcome {
        /// Who it is.
        node: NodeKey,
        /// For the client to sign.
        nonce: [u8; 32],
        /// The relay's, of [`welcome_payload`].
        signature: sr25519::Signature,
    },
    /// The client shows that it is the session's, and says where its bytes go.
    #[codec(index = 11)]
    Open {
        /// `host:port`, in UTF-8.
        target: Vec<u8>,
        /// The client's, of [`open_payload`].
        signature: sr25519::Signature,
    },
    /// The relay is connected with the target.
    #[codec(index = 12)]
    Opened {
        /// Bytes that it counted in this session until now.
        counted: u64,
        /// The last receipt it has.
        last: Option<Signed>,
        /// Bytes that it passes on unpaid.
        credit: u64,
        /// Bytes that it takes before it has passed them on.
        window: u64,
    },
    /// Payload, either way.
    #[codec(index = 13)]
    Data(Vec<u8>),
    /// The relay has passed on this many bytes of this connection to the target, all told.
    #[codec(index = 14)]
    Window {
        /// The sum.
        forwarded: u64,
    },
    /// The client pays.
    #[codec(index = 15)]
    Receipt(Signed),
    /// No more payload from this side.
    #[codec(index = 16)]
    Finish,

    /// The holder takes segments, from this one on.
    #[codec(index = 20)]
    Ready {
        /// The first that it does not have.
        from: u64,
    },
    /// A segment, either way.
    #[codec(index = 21)]
    Segment(Segment),
    /// The holder has all data, and they have the deal's root.
    #[codec(index = 22)]
    Stored,
}

/// Why a worker does not do what it is asked, or stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode, thiserror::Error)]
pub enum Reason {
    /// Other version.
    #[codec(index = 0)]
    #[error("it speaks another version of the protocol: use a client of its release")]
    Version,
    /// Not what the protocol has at this place.
    #[codec(index = 1)]
    #[error("it was sent what the protocol does not have at this place")]
    Protocol,
    /// Too many connections.
    #[codec(index = 2)]
    #[error("it has as many connections as it takes: try again later")]
    Busy,
    /// Cannot ask the chain.
    #[codec(index = 3)]
    #[error("it cannot reach its own node now: try again later")]
    Chain,
    /// No such order.
    #[codec(index = 4)]
    #[error("its node knows no order with this number in a final block: if it is new, try again in half a minute")]
    NoSuchOrder,
    /// Others were drawn.
    #[codec(index = 5)]
    #[error("it was not drawn for this order, or the draw is not final yet: if it is new, try again in half a minute")]
    NotDrawn,
    /// Over, or soon.
    #[codec(index = 6)]
    #[error("the order is over, or so nearly that nothing more would be paid: open a new one")]
    Over,
    /// Settled.
    #[codec(index = 7)]
    #[error("this relay's receipt is settled or on its way: open a new session")]
    Settled,
    /// Not the client.
    #[codec(index = 8)]
    #[error("the signature is not of the session's client key: give the key that the session was opened with")]
    NotTheClient,
    /// Target not allowed.
    #[codec(index = 9)]
    #[error(
        "the target has no name or address on the public Internet, or is the relay itself; others are passed on to with --allow-private only"
    )]
    TargetRefused,
    /// Target does not answer.
    #[codec(index = 10)]
    #[error("the target cannot be reached")]
    TargetUnreachable,
    /// Target went.
    #[codec(index = 11)]
    #[error("the target closed the connection")]
    TargetGone,
    /// Client does not sign.
    #[codec(index = 12)]
    #[error("more bytes are unpaid than it gives credit for")]
    Unpaid,
    /// Receipt not good.
    #[codec(index = 13)]
    #[error(
        "a receipt was not for this session and relay, not newer, not of bytes that were passed on, or badly signed"
    )]
    BadReceipt,
    /// Volume used.
    #[codec(index = 14)]
    #[error("the session's volume is used up: open a new session")]
    VolumeUsed,
    /// Another connection of the client.
    #[codec(index = 15)]
    #[error("the client has opened another connection of this session")]
    Replaced,
    /// More than the window.
    #[codec(index = 16)]
    #[error("more was sent than it had room for")]
    Overrun,
    /// Stopping.
    #[codec(index = 17)]
    #[error("it is being stopped: try again later")]
    Stopping,
    /// Nothing happened.
    #[codec(index = 18)]
    #[error("nothing was sent for too long")]
    Idle,
    /// No room for data.
    #[codec(index = 19)]
    #[error("it has no room for the deal's data")]
    NoRoom,
    /// Segment is wrong.
    #[codec(index = 20)]
    #[error("a segment is not of the data that the deal was made for: compare `ergon-worker root FILE` with the deal")]
    BadSegment,
    /// Not here.
    #[codec(index = 21)]
    #[error("it does not hold the data: try another holder")]
    NotHeld,
    /// Disk or memory failed.
    #[codec(index = 22)]
    #[error("its disk failed: see its log")]
    Disk,
}

/// What a relay signs to be known.
pub fn welcome_payload(
    genesis: &Hash,
    session: OrderId,
    node: &NodeKey,
    theirs: &[u8; 32],
    ours: &[u8; 32],
) -> Vec<u8> {
    (b"ergon:worker:welcome", genesis, session, node, theirs, ours).encode()
}

/// What a client signs to be known, and for where it wants its bytes.
pub fn open_payload(genesis: &Hash, session: OrderId, node: &NodeKey, nonce: &[u8; 32], target: &[u8]) -> Vec<u8> {
    (b"ergon:worker:open", genesis, session, node, nonce, target).encode()
}

/// 32 bytes that nobody can guess.
pub fn nonce() -> [u8; 32] {
    use sp_core::Pair;
    sr25519::Pair::generate().1
}
