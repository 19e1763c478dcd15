//! Takes what a client sends.

use hyper_tungstenite::tungstenite::error::{CapacityError, ProtocolError};
use hyper_tungstenite::tungstenite::{Error, Message};
use sandgate_flow::document::Framing;
use sandgate_flow::value::Value;
use tokio::time::timeout;

use super::Session;
use super::closing::{End, Goodbye};
use super::halves::Incoming;
use crate::channel::Frame;
use crate::limits::{Limits, milliseconds};

/// Reads until the client closes or is gone. If the session has to be ended instead, says so in its queue, after all
/// that it is still to be sent, and leaves the rest to the writer.
pub(super) async fn read(session: &Session, stream: &mut Incoming) -> End {
    let stop = loop {
        match receive(session, stream).await {
            Ok(()) => {}
            Err(stop) => break stop,
        }
    };
    match stop {
        Stop::End(end) => end,
        Stop::Goodbye(goodbye) => {
            session.membership.queue().finish(Frame::Close(goodbye.frame()));
            std::future::pending().await
        }
    }
}

enum Stop {
    End(End),
    Goodbye(Goodbye),
}

impl From<Goodbye> for Stop {
    fn from(goodbye: Goodbye) -> Self {
        Self::Goodbye(goodbye)
    }
}

async fn receive(session: &Session, stream: &mut Incoming) -> Result<(), Stop> {
    let message = next(session, stream).await?;
    match (session.framing(), message) {
        (Framing::JsonRpc, Message::Text(text)) => session.answer(&text).await?,
        (Framing::JsonRpc, Message::Binary(_)) => session.refuse_binary(),
        (Framing::Raw, Message::Text(text)) => session.start_raw(Value::from(text.as_str())).await?,
        (Framing::Raw, Message::Binary(bytes)) => session.start_raw(Value::Bytes(bytes.as_ref().into())).await?,
        (_, Message::Close(frame)) => return Err(Stop::End(End::Closed(frame))),
        (_, Message::Ping(bytes)) => session.membership.queue().push(Frame::Pong(bytes)),
        (_, Message::Pong(_) | Message::Frame(_)) => {}
    }
    Ok(())
}

/// The next message of any kind. A client that has been silent for long is asked whether it is still there.
async fn next(session: &Session, stream: &mut Incoming) -> Result<Message, Stop> {
    let limits = session.limits();
    let received = match timeout(milliseconds(limits.ping_every_ms), stream.next()).await {
        Ok(received) => received,
        Err(_) => {
            session.membership.queue().push(Frame::Ping);
            let silence = |_| Goodbye::Slow(format!("no answer to a ping: pong_ms_max is {}", limits.pong_ms_max));
            timeout(milliseconds(limits.pong_ms_max), stream.next()).await.map_err(silence)?
        }
    };
    match received {
        Some(Ok(message)) => Ok(message),
        Some(Err(error)) => Err(stop(error, session.framing(), limits)),
        None => Err(Stop::End(End::Lost)),
    }
}

fn stop(error: Error, framing: Framing, limits: &Limits) -> Stop {
    match error {
        Error::Capacity(CapacityError::MessageTooLong { .. }) => {
            let (limit, max) = message_max(framing, limits);
            Goodbye::TooLarge { limit, max }.into()
        }
        Error::Utf8(_) => Goodbye::Protocol("a text that is not UTF-8".to_owned()).into(),
        Error::Protocol(error) if error != ProtocolError::ResetWithoutClosingHandshake => {
            Goodbye::Protocol(error.to_string()).into()
        }
        _ => Stop::End(End::Lost),
    }
}

/// The limit on a message from a client, by name.
pub(super) fn message_max(framing: Framing, limits: &Limits) -> (&'static str, usize) {
    match framing {
        Framing::JsonRpc => ("message_bytes_max", limits.message_bytes_max),
        Framing::Raw => ("raw_message_bytes_max", limits.raw_message_bytes_max),
    }
}
