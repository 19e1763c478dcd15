//! Counts the messages in a server's bytes, and reads none of them: the client is to cost little.

use anyhow::{bail, ensure};

/// Where in a stream of frames (RFC 6455, section 5.2) it is.
#[derive(Debug, Default)]
pub(crate) struct Counter {
    head: Head,
    /// What is still to come of a payload.
    payload: u64,
}

/// The head of a frame, as far as it has come.
#[derive(Debug, Default)]
struct Head {
    bytes: [u8; HEAD_BYTES_MAX],
    held: usize,
}

/// A server does not mask.
const HEAD_BYTES_MAX: usize = 10;

/// What was in some bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    /// Messages that are there in whole.
    pub(crate) messages: u64,
    /// Pings, which are to be answered.
    pub(crate) pings: u64,
    /// Answers to pings.
    pub(crate) pongs: u64,
}

const CONTINUATION: u8 = 0;
const TEXT: u8 = 1;
const BINARY: u8 = 2;
const CLOSE: u8 = 8;
const PING: u8 = 9;
const PONG: u8 = 10;

impl Counter {
    /// Goes on by these bytes.
    ///
    /// # Errors
    ///
    /// The server closes, or these are no frames.
    pub(crate) fn count(&mut self, mut bytes: &[u8]) -> anyhow::Result<Counted> {
        let mut counted = Counted::default();
        while !bytes.is_empty() {
            let rest = self.payload.min(bytes.len() as u64);
            if rest > 0 {
                self.payload -= rest;
                bytes = bytes.get(rest as usize..).unwrap_or_default();
                if self.payload == 0 {
                    self.ended(&mut counted)?;
                }
                continue;
            }
            bytes = self.head.take(bytes);
            if let Some(payload) = self.head.payload()? {
                self.payload = payload;
                if payload == 0 {
                    self.ended(&mut counted)?;
                }
            }
        }
        Ok(counted)
    }

    /// A frame is there in whole.
    fn ended(&mut self, counted: &mut Counted) -> anyhow::Result<()> {
        let [first, ..] = self.head.bytes;
        self.head.held = 0;
        let last = first & 0x80 != 0;
        match first & 0x0f {
            CONTINUATION | TEXT | BINARY => counted.messages += u64::from(last),
            PING => counted.pings += 1,
            PONG => counted.pongs += 1,
            CLOSE => bail!("the server closes the session"),
            other => bail!("a frame of an unknown kind: {other}"),
        }
        Ok(())
    }
}

impl Head {
    /// Takes what belongs to it, and answers the rest.
    fn take<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        let wanted = self.size().saturating_sub(self.held);
        let (mine, rest) = bytes.split_at(wanted.min(bytes.len()));
        for (place, byte) in self.bytes.iter_mut().skip(self.held).zip(mine) {
            *place = *byte;
        }
        self.held += mine.len();
        rest
    }

    /// In bytes, as far as that is known.
    fn size(&self) -> usize {
        let [_, second, ..] = self.bytes;
        match second & 0x7f {
            _ if self.held < 2 => 2,
            126 => 4,
            127 => HEAD_BYTES_MAX,
            _ => 2,
        }
    }

    /// The size of the payload, once it is known.
    fn payload(&self) -> anyhow::Result<Option<u64>> {
        if self.held < self.size() {
            return Ok(None);
        }
        let [_, second, long @ ..] = self.bytes;
        ensure!(second & 0x80 == 0, "a frame of the server is masked");
        let [high, low, ..] = long;
        Ok(Some(match second & 0x7f {
            126 => u16::from_be_bytes([high, low]).into(),
            127 => u64::from_be_bytes(long),
            short => short.into(),
        }))
    }
}

/// A text from a client, as one frame. With a mask of zeros, which is one like others, and costs nothing to apply.
pub(crate) fn text(payload: &str) -> Vec<u8> {
    frame(TEXT, payload.as_bytes())
}

/// A ping without a payload.
pub(crate) fn ping() -> Vec<u8> {
    frame(PING, &[])
}

/// The answer to a ping without a payload.
pub(crate) fn pong() -> Vec<u8> {
    frame(PONG, &[])
}

fn frame(kind: u8, payload: &[u8]) -> Vec<u8> {
    const LAST: u8 = 0x80;
    const MASKED: u8 = 0x80;
    let mut frame = vec![LAST | kind];
    match (u8::try_from(payload.len()), u16::try_from(payload.len())) {
        (Ok(short @ ..126), _) => frame.push(MASKED | short),
        (_, Ok(long)) => {
            frame.push(MASKED | 126);
            frame.extend(long.to_be_bytes());
        }
        _ => {
            frame.push(MASKED | 127);
            frame.extend((payload.len() as u64).to_be_bytes());
        }
    }
    frame.extend([0; 4]);
    frame.extend(payload);
    frame
}

#[cfg(test)]
mod tests {
    use tokio_tungstenite::tungstenite::protocol::{Role, WebSocket, WebSocketConfig};
    use tokio_tungstenite::tungstenite::{Bytes, Message};

    use super::*;

    /// As a server sends them.
    fn sent(messages: impl IntoIterator<Item = Message>) -> Vec<u8> {
        let mut server = WebSocket::from_raw_socket(std::io::Cursor::new(Vec::new()), Role::Server, None);
        messages.into_iter().for_each(|message| server.send(message).unwrap());
        server.get_ref().get_ref().clone()
    }

    fn messages() -> Vec<u8> {
        let sizes = [0, 1, 125, 126, 65_535, 65_536];
        sent(sizes.map(|size| Message::text("x".repeat(size))).into_iter().chain([Message::Ping(Bytes::new())]))
    }

    #[test]
    fn messages_of_every_size_are_counted() {
        assert_eq!(Counter::default().count(&messages()).unwrap(), Counted { messages: 6, pings: 1, pongs: 0 });
    }

    #[test]
    fn it_is_all_one_how_the_bytes_come() {
        for size in [1, 2, 3, 7, 1_000] {
            let mut counter = Counter::default();
            let counted = messages()
                .chunks(size)
                .map(|chunk| counter.count(chunk).unwrap())
                .fold((0, 0), |sum, it| (sum.0 + it.messages, sum.1 + it.pings));
            assert_eq!(counted, (6, 1), "in parts of {size} bytes");
        }
    }

    #[test]
    fn a_message_counts_when_it_is_whole() {
        let bytes = sent([Message::text("hello")]);
        let (start, last) = bytes.split_at(bytes.len() - 1);
        let mut counter = Counter::default();
        assert_eq!(counter.count(start).unwrap().messages, 0);
        assert_eq!(counter.count(last).unwrap().messages, 1);
    }

    #[test]
    fn a_message_in_parts_counts_once() {
        let parts = [&[0x01, 1, b'a'][..], &[0x00, 1, b'b'], &[0x80, 1, b'c']].concat();
        assert_eq!(Counter::default().count(&parts).unwrap().messages, 1);
    }

    #[test]
    fn a_close_is_an_error() {
        assert!(Counter::default().count(&sent([Message::Close(None)])).is_err());
    }

    #[test]
    fn a_server_reads_what_a_client_sends() {
        let long = "y".repeat(70_000);
        for payload in ["", "hello", &"x".repeat(200), long.as_str()] {
            let bytes = std::io::Cursor::new(text(payload));
            let mut server = WebSocket::from_raw_socket(bytes, Role::Server, Some(WebSocketConfig::default()));
            assert_eq!(server.read().unwrap(), Message::text(payload));
        }
    }
}
