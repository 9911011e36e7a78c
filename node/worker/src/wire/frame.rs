//! Frames: the length in four bytes, the lowest first, then one SCALE message. Nothing longer than [`MAX_FRAME`] is
//! read.

use codec::{DecodeAll, Encode};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::message::{Message, MAX_DATA};

/// Most bytes of a frame without its length: a full payload, its kind and its own length.
pub const MAX_FRAME: usize = MAX_DATA + 64;

/// Why no message could be read or written.
#[derive(Debug, thiserror::Error)]
pub enum WireError {
    /// The connection.
    #[error("the connection broke: {0}")]
    Io(#[from] std::io::Error),
    /// A frame longer than any.
    #[error("a frame of {0} bytes was announced, and {MAX_FRAME} are the most")]
    TooLong(usize),
    /// Bytes that are no message.
    #[error("a frame holds no message of this protocol")]
    Garbage,
}

/// Reads a message; `None` if the other side closed after the last one. Loses what it has read when dropped halfway.
///
/// # Errors
/// See [`WireError`]. The stream is of no use then.
pub async fn recv<R: AsyncRead + Unpin>(reader: &mut R) -> Result<Option<Message>, WireError> {
    let mut length = [0; 4];
    let (head, rest) = length.split_at_mut(1);
    if reader.read(head).await? == 0 {
        return Ok(None);
    }
    reader.read_exact(rest).await?;
    let length = usize::try_from(u32::from_le_bytes(length)).unwrap_or(usize::MAX);
    if length > MAX_FRAME {
        return Err(WireError::TooLong(length));
    }
    let mut frame = vec![0; length];
    reader.read_exact(&mut frame).await?;
    Message::decode_all(&mut frame.as_slice()).map(Some).map_err(|_| WireError::Garbage)
}

/// Writes a message.
///
/// # Errors
/// If the connection breaks, or the message is longer than a frame.
pub async fn send<W: AsyncWrite + Unpin>(writer: &mut W, message: &Message) -> Result<(), WireError> {
    let body = message.encode();
    let length = u32::try_from(body.len()).ok().filter(|_| body.len() <= MAX_FRAME);
    let length = length.ok_or(WireError::TooLong(body.len()))?;
    let mut frame = Vec::with_capacity(body.len().saturating_add(4));
    frame.extend_from_slice(&length.to_le_bytes());
    frame.extend_from_slice(&body);
    writer.write_all(&frame).await?;
    writer.flush().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::{Reason, Segment};
    use ergon_primitives::orders::{MAX_SEGMENT_PROOF, SEGMENT_BYTES};
    use proptest::prelude::*;

    #[tokio::test]
    async fn the_longest_messages_fit_and_come_back() {
        let segment = Segment {
            index: u64::MAX,
            bytes: vec![1; SEGMENT_BYTES as usize],
            proof: vec![[2; 32]; MAX_SEGMENT_PROOF as usize],
        };
        for message in [
            Message::Data(vec![7; MAX_DATA]),
            Message::Segment(segment),
            Message::Finish,
            Message::Refused(Reason::Disk),
        ] {
            let mut wire = Vec::new();
            send(&mut wire, &message).await.expect("fits");
            let mut wire = wire.as_slice();
            assert_eq!(recv(&mut wire).await.expect("reads"), Some(message));
            assert_eq!(recv(&mut wire).await.expect("ends"), None);
        }
        let long = Message::Data(vec![0; MAX_FRAME]);
        assert!(matches!(send(&mut Vec::new(), &long).await, Err(WireError::TooLong(_))));
    }

    #[tokio::test]
    async fn no_memory_is_taken_for_what_is_only_announced() {
        let mut wire: &[u8] = &[0xff, 0xff, 0xff, 0xff];
        assert!(matches!(recv(&mut wire).await, Err(WireError::TooLong(_))));
        let mut cut: &[u8] = &[10, 0, 0, 0, 13];
        assert!(matches!(recv(&mut cut).await, Err(WireError::Io(_))));
        let mut empty: &[u8] = &[0, 0, 0, 0];
        assert!(matches!(recv(&mut empty).await, Err(WireError::Garbage)));
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
            runtime.block_on(async {
                let mut wire = bytes.as_slice();
                while let Ok(Some(_)) = recv(&mut wire).await {}
            });
        }
    }
}
