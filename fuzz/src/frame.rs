//! Target: the bytes of a WebSocket after its handshake (RFC 6455, section 5), as a client writes them.

use std::io::{Cursor, Read, Result as IoResult, Write};

use arbitrary::{Arbitrary, Result, Unstructured};
use sandgate_flow::value::Value;
use tungstenite::protocol::{Role, WebSocketConfig};
use tungstenite::{Message, WebSocket};

use crate::{Verdict, input, json, message};

/// Small, so that inputs reach it.
const MESSAGE_BYTES_MAX: usize = 4 * 1024;

/// Reads until the client closes or breaks the rules. What comes in text is taken for JSON-RPC, and anything for the
/// message of a flow with raw framing.
pub fn run(data: &[u8]) -> Verdict {
    let bytes = input::bytes(data, generated);
    let size = bytes.len();
    let config = WebSocketConfig::default()
        .read_buffer_size(4 * 1024)
        .max_message_size(Some(MESSAGE_BYTES_MAX))
        .max_frame_size(Some(MESSAGE_BYTES_MAX));
    let mut socket =
        WebSocket::from_raw_socket(Client { says: Cursor::new(bytes), hears: 0 }, Role::Server, Some(config));
    let mut messages = 0;
    let end = loop {
        match socket.read() {
            Ok(message) => received(message),
            Err(error) => break error,
        }
        messages += 1;
        // Each takes two bytes of the client at least: its head.
        assert!(2 * messages <= size, "{messages} messages were read of {size} bytes");
    };
    let heard = socket.get_ref().hears;
    assert!(heard <= 2 * size + 256, "{size} bytes of a client were answered with {heard}");
    if messages > 0 { Verdict::Accepted } else { Verdict::Refused(end.to_string()) }
}

/// The bytes.
pub fn show(data: &[u8]) -> Vec<u8> {
    input::bytes(data, generated)
}

fn received(message: Message) {
    assert!(message.len() <= MESSAGE_BYTES_MAX, "a message of {} bytes was let through", message.len());
    match message {
        Message::Text(text) => {
            let _ = message::said(&text);
            let value = Value::from(text.as_str());
            assert_eq!(value.to_string(), text.as_str(), "a text is not what it was");
        }
        Message::Binary(bytes) => {
            let value = Value::Bytes(bytes.as_ref().into());
            let json = value.to_json().expect("bytes can be written as JSON");
            assert!(json.is_string(), "{json}");
        }
        _ => {}
    }
}

/// Who has said everything at once, and counts what it is answered.
struct Client {
    says: Cursor<Vec<u8>>,
    hears: usize,
}

impl Read for Client {
    fn read(&mut self, buffer: &mut [u8]) -> IoResult<usize> {
        self.says.read(buffer)
    }
}

impl Write for Client {
    fn write(&mut self, buffer: &[u8]) -> IoResult<usize> {
        self.hears += buffer.len();
        Ok(buffer.len())
    }

    fn flush(&mut self) -> IoResult<()> {
        Ok(())
    }
}

/// The head of a frame.
#[derive(Arbitrary, Debug)]
struct Head {
    is_last: bool,
    opcode: Opcode,
    reserved: u8,
    length: Length,
    mask: Option<[u8; 4]>,
}

#[derive(Arbitrary, Debug)]
enum Opcode {
    Text,
    Binary,
    Continuation,
    Close,
    Ping,
    Pong,
    Any(u8),
}

/// What is said of the length.
#[derive(Arbitrary, Debug)]
enum Length {
    True,
    /// As it is, in more bytes than are needed.
    Long,
    Any(u64),
}

impl Opcode {
    fn bits(&self) -> u8 {
        match self {
            Self::Continuation => 0,
            Self::Text => 1,
            Self::Binary => 2,
            Self::Close => 8,
            Self::Ping => 9,
            Self::Pong => 10,
            Self::Any(bits) => bits & 0xf,
        }
    }
}

fn generated(u: &mut Unstructured<'_>) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for _ in 0..u.int_in_range(1..=6)? {
        let mut head: Head = u.arbitrary()?;
        if u.ratio(3, 4)? {
            head = Head { reserved: 0, length: Length::True, mask: head.mask.or(Some([1, 2, 3, 4])), ..head };
        }
        let payload = if u.arbitrary()? { json::text(u)?.into_bytes() } else { u.arbitrary()? };
        write(&mut bytes, &head, &payload);
    }
    Ok(bytes)
}

fn write(bytes: &mut Vec<u8>, head: &Head, payload: &[u8]) {
    let reserved = if head.reserved > 250 { head.reserved & 0x70 } else { 0 };
    bytes.push(u8::from(head.is_last) << 7 | reserved | head.opcode.bits());
    let masked = u8::from(head.mask.is_some()) << 7;
    let length = payload.len() as u64;
    match (&head.length, u8::try_from(length)) {
        (Length::True, Ok(length @ 0..=125)) => bytes.push(masked | length),
        (Length::True, _) if length <= 0xffff => {
            bytes.push(masked | 126);
            bytes.extend(length.to_be_bytes().split_at(6).1);
        }
        (said, _) => {
            bytes.push(masked | 127);
            let said = if let Length::Any(said) = said { *said } else { length };
            bytes.extend(said.to_be_bytes());
        }
    }
    let mask = head.mask.unwrap_or_default();
    bytes.extend(head.mask.iter().flatten());
    bytes.extend(payload.iter().zip(mask.iter().cycle()).map(|(byte, mask)| byte ^ mask));
}
