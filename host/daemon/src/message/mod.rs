//! JSON-RPC 2.0 as sessions speak it: what clients may ask, and what they are told. No batches.

mod error;
mod notification;
mod request;

use hyper_tungstenite::tungstenite::Utf8Bytes;
use serde::Serialize;
use serde_json::Value as Json;

pub use error::Error;
pub(crate) use error::{RunFailed, code, input_problems};
pub(crate) use notification::{Position, Welcome, entry, gap, welcome};
pub use request::{Had, Invalid, Method, Request, parse};

/// The answer to a request.
pub fn result(id: &Json, result: &impl Serialize) -> Utf8Bytes {
    #[derive(Serialize)]
    struct Response<'a, T> {
        jsonrpc: &'static str,
        id: &'a Json,
        result: &'a T,
    }
    encode(&Response { jsonrpc: "2.0", id, result })
}

/// The answer to a request that was not or could not be done. `id` is null where the request's could not be read.
pub fn error(id: &Json, error: &Error) -> Utf8Bytes {
    #[derive(Serialize)]
    struct Response<'a> {
        jsonrpc: &'static str,
        id: &'a Json,
        error: &'a Error,
    }
    encode(&Response { jsonrpc: "2.0", id, error })
}

/// What a run had as its output, or its failure, with where that stands in the starter's channel: the answer to `run`.
#[derive(Serialize)]
pub(crate) struct Ended<'a> {
    /// The run.
    pub(crate) run: String,
    /// Its output; null where it ended without one.
    pub(crate) output: &'a Json,
    /// Where the starter's channel has it.
    #[serde(flatten)]
    pub(crate) position: Position<'a>,
}

fn notification(method: &'static str, params: &impl Serialize) -> Utf8Bytes {
    #[derive(Serialize)]
    struct Notification<'a, T> {
        jsonrpc: &'static str,
        method: &'static str,
        params: &'a T,
    }
    encode(&Notification { jsonrpc: "2.0", method, params })
}

fn encode(message: &impl Serialize) -> Utf8Bytes {
    match serde_json::to_string(message) {
        Ok(text) => text.into(),
        Err(error) => {
            // Nothing that is encoded here can fail to be; should it ever, the client is told rather than left waiting.
            tracing::error!("a message could not be written: {error}");
            Utf8Bytes::from_static(
                r#"{"jsonrpc":"2.0","id":null,"error":{"code":-32603,"message":"the answer could not be written"}}"#,
            )
        }
    }
}
