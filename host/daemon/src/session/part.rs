//! WebSocket frames (RFC 6455, section 5.2) as a server writes them.

use bytes::{Buf as _, Bytes};
use hyper_tungstenite::tungstenite::protocol::CloseFrame;
use hyper_tungstenite::tungstenite::protocol::frame::Frame as Encoded;

/// A frame: the head is the session's own, and the payload may be shared.
pub(super) struct Part {
    head: Head,
    payload: Bytes,
}

/// The head of a frame that is not masked, as far as it is still to be written.
struct Head {
    bytes: [u8; HEAD_BYTES_MAX],
    from: u8,
    to: u8,
}

const HEAD_BYTES_MAX: usize = 10;

/// What a frame is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Continuation = 0,
    Text = 1,
    Binary = 2,
    Ping = 9,
    Pong = 10,
}

/// Whether a frame is the last of its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Last,
    Before,
}

impl Part {
    /// A frame of a message, or a ping or its answer.
    pub(super) fn new(kind: Kind, place: Place, payload: Bytes) -> Self {
        const LAST: u8 = 0x80;
        let last = if place == Place::Last { LAST } else { 0 };
        Self { head: Head::new(last | kind as u8, payload.len()), payload }
    }

    /// A close frame. Its payload is written by tungstenite, head and all.
    pub(super) fn close(frame: Option<CloseFrame>) -> Self {
        let mut encoded = Vec::new();
        // Writing to memory cannot fail.
        let _ = Encoded::close(frame).format(&mut encoded);
        Self { head: Head::NONE, payload: encoded.into() }
    }

    /// Whether some of it has been written.
    pub(super) fn is_begun(&self) -> bool {
        self.head.from > 0
    }

    /// How much is still to be written.
    pub(super) fn bytes(&self) -> usize {
        self.head.rest().len() + self.payload.len()
    }

    /// Adds what is still to be written.
    pub(super) fn append_to(&self, buffer: &mut Vec<u8>) {
        buffer.extend_from_slice(self.head.rest());
        buffer.extend_from_slice(&self.payload);
    }

    /// So much of it has been written; no more than there is.
    pub(super) fn written(&mut self, bytes: usize) {
        let of_head = bytes.min(self.head.rest().len());
        self.head.from += of_head as u8;
        self.payload.advance((bytes - of_head).min(self.payload.len()));
    }
}

impl Head {
    const NONE: Self = Self { bytes: [0; HEAD_BYTES_MAX], from: 0, to: 0 };

    fn new(first: u8, payload: usize) -> Self {
        let mut head = Self::NONE;
        head.push(&[first]);
        match (u8::try_from(payload), u16::try_from(payload)) {
            (Ok(short @ ..126), _) => head.push(&[short]),
            (_, Ok(long)) => {
                head.push(&[126]);
                head.push(&long.to_be_bytes());
            }
            _ => {
                head.push(&[127]);
                head.push(&(payload as u64).to_be_bytes());
            }
        }
        head
    }

    fn push(&mut self, bytes: &[u8]) {
        for (place, byte) in self.bytes.iter_mut().skip(self.to.into()).zip(bytes) {
            *place = *byte;
        }
        self.to += bytes.len() as u8;
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.from.into()..self.to.into()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use hyper_tungstenite::tungstenite::Message;
    use hyper_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
    use hyper_tungstenite::tungstenite::protocol::{Role, WebSocket};

    use super::*;

    fn bytes(part: &Part) -> Vec<u8> {
        let mut buffer = Vec::new();
        part.append_to(&mut buffer);
        buffer
    }

    /// What a client makes of it.
    fn read(parts: &[Part]) -> Message {
        let bytes: Vec<u8> = parts.iter().flat_map(bytes).collect();
        WebSocket::from_raw_socket(std::io::Cursor::new(bytes), Role::Client, None).read().unwrap()
    }

    #[test]
    fn a_client_reads_messages_of_every_size() {
        for size in [0, 1, 125, 126, 65_535, 65_536] {
            let part = Part::new(Kind::Binary, Place::Last, vec![7; size].into());
            assert_eq!(read(&[part]), Message::binary(vec![7; size]), "{size}");
        }
    }

    #[test]
    fn a_client_puts_parts_together() {
        let first = Part::new(Kind::Text, Place::Before, "hel".into());
        let last = Part::new(Kind::Continuation, Place::Last, "lo".into());
        assert_eq!(read(&[first, last]), Message::text("hello"));
    }

    #[test]
    fn a_client_reads_pings_and_the_end() {
        assert_eq!(read(&[Part::new(Kind::Pong, Place::Last, "x".into())]), Message::Pong("x".into()));
        let close = CloseFrame { code: CloseCode::Away, reason: "bye".into() };
        assert_eq!(read(&[Part::close(Some(close.clone()))]), Message::Close(Some(close)));
    }

    #[test]
    fn it_is_all_one_how_much_is_written_at_a_time() {
        let part = || Part::new(Kind::Text, Place::Last, "x".repeat(200).into());
        let whole = bytes(&part());
        for step in [1, 3, 4, 5, 100] {
            let mut part = part();
            let mut written = Vec::new();
            while part.bytes() > 0 {
                let some = step.min(part.bytes());
                written.extend(bytes(&part).into_iter().take(some));
                part.written(some);
            }
            assert_eq!(written, whole, "{step} bytes at a time");
        }
    }
}
