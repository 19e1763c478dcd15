//! How sessions end.

use std::time::Duration;

use hyper_tungstenite::tungstenite::Utf8Bytes;
use hyper_tungstenite::tungstenite::protocol::CloseFrame;
use hyper_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio::io::AsyncWriteExt as _;

use super::halves::Halves;
use super::part::Part;
use crate::server::NotServed;

/// Why the host ends a session. Each has a close code (RFC 6455, section 7.4) and says what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Goodbye {
    /// 1001: the host is being stopped.
    Stopping,
    /// 1002, 1007: what came is not WebSocket, or not UTF-8.
    Protocol(String),
    /// 1008: the client id, or the input that a flow with raw framing has by default, cannot be used.
    Policy(String),
    /// 1009: a message is over the limit.
    TooLarge {
        /// The limit's name.
        limit: &'static str,
        /// In bytes.
        max: usize,
    },
    /// 1011: the host could not do its part, or a run of a flow with raw framing failed.
    Failed(String),
    /// 1012: the flow has another framing now, or another durability, and so other channels.
    InterfaceChanged,
    /// 1013: no room now.
    Busy(String),
    /// 4002: the client does not read what it is sent, or does not answer.
    Slow(String),
    /// 4004: no such flow.
    NotServed(NotServed),
}

/// How a session has ended.
#[derive(Debug)]
pub(super) enum End {
    /// The host closes it.
    Closes(CloseFrame),
    /// The client has closed it, which is answered with the same.
    Closed(Option<CloseFrame>),
    /// The connection is lost.
    Lost,
}

/// What a session says last.
pub(super) struct Last {
    /// A frame that is in the middle.
    pub(super) begun: Option<Part>,
    pub(super) end: End,
}

impl End {
    fn part(self) -> Option<Part> {
        match self {
            Self::Closes(frame) => Some(Part::close(Some(frame))),
            Self::Closed(frame) => Some(Part::close(frame)),
            Self::Lost => None,
        }
    }
}

const SLOW_CONSUMER: u16 = 4002;
const UNKNOWN_FLOW: u16 = 4004;

impl Goodbye {
    /// As it is sent.
    pub(crate) fn frame(&self) -> CloseFrame {
        let (code, text) = match self {
            Self::Stopping => (CloseCode::Away, "the host is being stopped: connect again later".to_owned()),
            Self::Protocol(text) => (CloseCode::Protocol, text.clone()),
            Self::Policy(text) => (CloseCode::Policy, text.clone()),
            Self::TooLarge { limit, max } => (CloseCode::Size, format!("the message is too large: {limit} is {max}")),
            Self::Failed(text) => (CloseCode::Error, text.clone()),
            Self::InterfaceChanged => {
                (CloseCode::Restart, "the flow's interface has changed: connect again".to_owned())
            }
            Self::Busy(text) => (CloseCode::Again, text.clone()),
            Self::Slow(text) => (CloseCode::Library(SLOW_CONSUMER), text.clone()),
            Self::NotServed(why) => (CloseCode::Library(UNKNOWN_FLOW), why.to_string()),
        };
        CloseFrame { code, reason: reason(&text) }
    }
}

/// A text as the reason of a close frame: at most 123 bytes (RFC 6455, section 5.5), cut between characters.
fn reason(text: &str) -> Utf8Bytes {
    const BYTES_MAX: usize = 123;
    const CUT: &str = "...";
    if text.len() <= BYTES_MAX {
        return text.into();
    }
    let kept = text.get(..text.floor_char_boundary(BYTES_MAX - CUT.len())).unwrap_or_default();
    format!("{kept}{CUT}").into()
}

/// Ends what was begun, says goodbye, or answers the client's, and waits for the client to close. What it still sends is
/// dropped: a socket that is closed with something unread is reset, and the goodbye might be lost with that.
pub(super) async fn close(halves: Halves, last: Last, within: Duration) {
    let Halves { mut incoming, mut outgoing } = halves;
    let said = async {
        let mut bytes = Vec::new();
        last.begun.into_iter().chain(last.end.part()).for_each(|part| part.append_to(&mut bytes));
        outgoing.write_all(&bytes).await?;
        outgoing.shutdown().await
    };
    if let Ok(Ok(())) = tokio::time::timeout(within, said).await {
        // Whoever takes too long, or was gone before, is let go as well.
        let _ = tokio::time::timeout(within, incoming.drain()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_fits_its_frame_and_is_cut_between_characters() {
        let long = reason(&"计数".repeat(40));
        assert!(long.len() <= 123 && long.ends_with("数..."), "{long}");
        assert_eq!(reason("short"), "short");
    }
}
