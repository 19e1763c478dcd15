//! What the host tells clients unasked.

use std::collections::BTreeMap;

use hyper_tungstenite::tungstenite::Utf8Bytes;
use sandgate_flow::event::RunId;
use serde::Serialize;
use serde_json::Value as Json;
use serde_json::value::RawValue;

use super::{Error, notification};

/// A place in a channel.
#[derive(Clone, Copy, Serialize)]
pub(crate) struct Position<'a> {
    /// The channel's name: `everyone` or `client:<id>`.
    pub(crate) channel: &'a str,
    /// Which life of the channel the offset belongs to.
    pub(crate) epoch: &'a str,
    /// From 1, without holes.
    pub(crate) offset: u64,
}

/// What a session is told first.
pub(crate) struct Welcome<'a> {
    /// The client id, which the host may have made up.
    pub(crate) client: &'a str,
    /// The session's id.
    pub(crate) session: &'a str,
    /// The flow.
    pub(crate) flow: &'a str,
    /// The version that a run started now would be of.
    pub(crate) version: u64,
    /// Where each of the client's channels stands.
    pub(crate) positions: [Position<'a>; 2],
}

/// `welcome`
pub(crate) fn welcome(welcome: &Welcome<'_>) -> Utf8Bytes {
    #[derive(Serialize)]
    struct Stands<'a> {
        epoch: &'a str,
        offset: u64,
    }
    #[derive(Serialize)]
    struct Params<'a> {
        client: &'a str,
        session: &'a str,
        flow: &'a str,
        version: u64,
        positions: BTreeMap<&'a str, Stands<'a>>,
    }
    let Welcome { client, session, flow, version, positions } = *welcome;
    let positions =
        positions.map(|position| (position.channel, Stands { epoch: position.epoch, offset: position.offset }));
    notification("welcome", &Params { client, session, flow, version, positions: positions.into() })
}

/// What an entry of a channel says of a run, by the name of its member.
#[derive(Serialize)]
struct Entry<'a, T> {
    #[serde(flatten)]
    position: Position<'a>,
    run: String,
    #[serde(flatten)]
    content: T,
}

/// `push`: a message of a run.
pub(crate) fn push(position: Position<'_>, run: RunId, message: &RawValue) -> Utf8Bytes {
    #[derive(Serialize)]
    struct Content<'a> {
        message: &'a RawValue,
    }
    notification("push", &Entry { position, run: run.to_string(), content: Content { message } })
}

/// `output`: a run has ended, with this; null where it had no output.
pub(crate) fn output(position: Position<'_>, run: RunId, value: &Json) -> Utf8Bytes {
    #[derive(Serialize)]
    struct Content<'a> {
        value: &'a Json,
    }
    notification("output", &Entry { position, run: run.to_string(), content: Content { value } })
}

/// `failed`: a run has failed, or was cancelled.
pub(crate) fn failed(position: Position<'_>, run: RunId, error: &Error) -> Utf8Bytes {
    #[derive(Serialize)]
    struct Content<'a> {
        error: &'a Error,
    }
    notification("failed", &Entry { position, run: run.to_string(), content: Content { error } })
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUN: RunId = RunId(uuid::Uuid::nil());
    const POSITION: Position<'_> = Position { channel: "everyone", epoch: "e1", offset: 7 };

    #[test]
    fn a_push_is_written_in_the_order_of_the_protocol() {
        let message = RawValue::from_string(r#"{"b":1,"a":1.50}"#.to_owned()).unwrap();
        assert_eq!(
            push(POSITION, RUN, &message).as_str(),
            r#"{"jsonrpc":"2.0","method":"push","params":{"channel":"everyone","epoch":"e1","offset":7,"run":"00000000-0000-0000-0000-000000000000","message":{"b":1,"a":1.50}}}"#
        );
    }

    #[test]
    fn welcome_says_where_the_channels_stand() {
        let client = Position { channel: "client:ann", epoch: "e2", offset: 0 };
        let told = welcome(&Welcome {
            client: "ann",
            session: "s",
            flow: "countdown",
            version: 2,
            positions: [POSITION, client],
        });
        let told: Json = serde_json::from_str(&told).unwrap();
        assert_eq!(told["params"]["positions"]["client:ann"], serde_json::json!({ "epoch": "e2", "offset": 0 }));
        assert_eq!(told["params"]["positions"]["everyone"], serde_json::json!({ "epoch": "e1", "offset": 7 }));
    }
}
