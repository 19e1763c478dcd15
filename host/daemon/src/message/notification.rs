//! What the host tells clients unasked.

use hyper_tungstenite::tungstenite::Utf8Bytes;
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::notification;

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
    struct Params<'a> {
        client: &'a str,
        session: &'a str,
        flow: &'a str,
        version: u64,
        positions: Json,
    }
    let Welcome { client, session, flow, version, positions: stands } = *welcome;
    let positions = positions(stands);
    notification("welcome", &Params { client, session, flow, version, positions })
}

/// An entry of a channel: a notification of this method, whose parameters are its position, and then these, as JSON without its
/// braces.
pub(crate) fn entry(method: &str, position: Position<'_>, content: &str) -> Utf8Bytes {
    let Position { channel, epoch, offset } = position;
    let channel = Json::from(channel);
    format!(
        r#"{{"jsonrpc":"2.0","method":"{method}","params":{{"channel":{channel},"epoch":"{epoch}","offset":{offset},{content}}}}}"#
    )
    .into()
}

/// `gap`: entries from one offset to another are gone; to the end of the epoch, wherever that was, if there is no other.
pub(crate) fn gap(channel: &str, epoch: &str, from: u64, to: Option<u64>) -> Utf8Bytes {
    #[derive(Serialize)]
    struct Gap<'a> {
        channel: &'a str,
        epoch: &'a str,
        from: u64,
        to: Option<u64>,
    }
    notification("gap", &Gap { channel, epoch, from, to })
}

/// Where channels stand, as the welcome and the answer to `resume` say it.
pub(crate) fn positions<'a>(positions: impl IntoIterator<Item = Position<'a>>) -> Json {
    let stands = |it: Position<'a>| (it.channel.to_owned(), json!({ "epoch": it.epoch, "offset": it.offset }));
    Json::Object(positions.into_iter().map(stands).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const POSITION: Position<'_> = Position { channel: "everyone", epoch: "e1", offset: 7 };

    #[test]
    fn a_gap_has_exact_bounds_or_goes_on_to_the_end_of_its_epoch() {
        let params = |to| serde_json::from_str::<Json>(gap("everyone", "e1", 4, to).as_str()).unwrap()["params"].take();
        assert_eq!(params(Some(6)), json!({ "channel": "everyone", "epoch": "e1", "from": 4, "to": 6 }));
        assert_eq!(params(None)["to"], Json::Null);
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
