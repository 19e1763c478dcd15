//! JSON-RPC, as far as these flows need it, with the members that the daemon's messages have.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio_tungstenite::tungstenite::Message;

/// A request.
#[derive(Deserialize)]
pub(super) struct Request<'a> {
    /// To be answered to.
    #[serde(borrow)]
    pub(super) id: &'a RawValue,
    #[serde(default)]
    params: Params,
}

#[derive(Default, Deserialize)]
struct Params {
    #[serde(default)]
    input: Input,
}

#[derive(Default, Deserialize)]
struct Input {
    #[serde(default)]
    a: u64,
}

impl Request<'_> {
    /// Where the countdown starts.
    pub(super) fn a(&self) -> u64 {
        self.params.input.a
    }
}

/// As long as the daemon's.
const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const CHANNEL: &str = "client:01890a5d-ac96-774b-bcce-b302099a8057";
const EPOCH: &str = "0123456789abcdef";

#[derive(Serialize)]
struct Notification<T> {
    jsonrpc: &'static str,
    method: &'static str,
    params: T,
}

#[derive(Serialize)]
struct Push {
    channel: &'static str,
    epoch: &'static str,
    offset: u64,
    run: &'static str,
    message: u64,
}

#[derive(Serialize)]
struct Welcome {
    client: &'static str,
    session: &'static str,
    channel: &'static str,
    epoch: &'static str,
    offset: u64,
}

#[derive(Serialize)]
struct Answer<'a> {
    jsonrpc: &'static str,
    id: &'a RawValue,
    result: Ended,
}

#[derive(Serialize)]
struct Ended {
    run: &'static str,
    output: u64,
    channel: &'static str,
    epoch: &'static str,
    offset: u64,
}

/// What a session is told first.
pub(super) fn welcome() -> anyhow::Result<Message> {
    let params = Welcome { client: ID, session: ID, channel: CHANNEL, epoch: EPOCH, offset: 0 };
    text(&Notification { jsonrpc: "2.0", method: "welcome", params })
}

/// A number.
pub(super) fn push(offset: u64, message: u64) -> anyhow::Result<Message> {
    let params = Push { channel: CHANNEL, epoch: EPOCH, offset, run: ID, message };
    text(&Notification { jsonrpc: "2.0", method: "push", params })
}

/// A run is over.
pub(super) fn answer(id: &RawValue, offset: u64) -> anyhow::Result<Message> {
    let result = Ended { run: ID, output: 0, channel: CHANNEL, epoch: EPOCH, offset };
    text(&Answer { jsonrpc: "2.0", id, result })
}

fn text(message: &impl Serialize) -> anyhow::Result<Message> {
    Ok(Message::text(serde_json::to_string(message)?))
}
