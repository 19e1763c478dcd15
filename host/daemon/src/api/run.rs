//! `POST /run/<flow>`: runs a flow over HTTP, and answers its output, or what it says as it says it.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use sandgate_engine::engine::LEFT;
use sandgate_engine::journal;
use sandgate_engine::run::{Refused, Run, Start};
use sandgate_flow::document::{Framing, OnLeave};
use sandgate_flow::event::{Outcome, RunId};
use sandgate_flow::value::Value;
use serde_json::{Map, Value as AnyJson, json};
use tokio::time::timeout;

use super::Problem;
use super::told::HttpOutbox;
use crate::header;
use crate::limits::{Limits, milliseconds};
use crate::project::Served;
use crate::server::Serving;

/// Runs a flow. Its input is the body, a JSON object, or nothing for an empty one; of a flow with raw framing the body is
/// the message.
pub(crate) async fn run(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let served = serving.served(&flow)?;
    let framing = served.plan.interface.framing;
    let body = read(body, framing, serving.limits()).await?;
    let (input, message) = match framing {
        Framing::JsonRpc => (json_of(&body)?, Value::Null),
        Framing::Raw => (AnyJson::Object(Map::new()), message_of(&body, &headers)),
    };
    let input = served.plan.interface.input.accept(input).map_err(|wrong| Problem::input(&flow, &wrong))?;
    if wants_events(&headers) {
        let (outbox, listener) = HttpOutbox::heard(&serving, &served);
        let underway = begin(&serving, &served, input, message, outbox).await?;
        Ok(listener.events(serving, underway).into_response())
    } else {
        let outbox = HttpOutbox::unheard(&serving, &served);
        let underway = begin(&serving, &served, input, message, outbox).await?;
        let outcome = tokio::select! {
            outcome = underway.run.ended() => outcome,
            () = serving.shutdown.cancelled() => return Err(Problem::stopping(&flow)),
        };
        answer(&flow, underway.run.id(), &outcome).map(|answer| Json(answer).into_response())
    }
}

/// A run that somebody waits for over HTTP. If the flow says so, it is cancelled when this is dropped: without effect on
/// a run that has ended.
pub(super) struct Underway {
    pub(super) run: Run,
    pub(super) flow: Arc<str>,
    on_leave: OnLeave,
}

impl Drop for Underway {
    fn drop(&mut self) {
        if self.on_leave == OnLeave::Cancel {
            self.run.cancel(LEFT);
        }
    }
}

async fn begin(
    serving: &Serving,
    served: &Served,
    input: Value,
    message: Value,
    outbox: HttpOutbox,
) -> Result<Underway, Problem> {
    let plan = Arc::clone(&served.plan);
    let (flow, on_leave) = (Arc::clone(&plan.flow), plan.interface.on_leave);
    let start = Start {
        plan,
        version: served.version,
        components: Arc::clone(&served.components),
        input,
        message,
        caller: None,
        key: None,
        outbox: Arc::new(outbox),
    };
    let engine = serving.server.engine.clone();
    // A task of its own: when whoever asked is gone before the run has started, it is dropped, and so cancelled, here.
    let started = tokio::spawn(async move {
        // Without a key every run is new.
        let run = engine.start(start).await?.run().ok_or(Refused::Journal(journal::Error::Closed))?;
        Ok(Underway { run, flow, on_leave })
    });
    match started.await {
        Ok(started) => started.map_err(|refused| Problem::refused(&served.plan.flow, &refused)),
        Err(error) => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", error.to_string())),
    }
}

/// What is answered when a run has ended.
pub(super) fn answer(flow: &str, run: RunId, outcome: &Outcome) -> Result<AnyJson, Problem> {
    let output = match outcome {
        Outcome::Output(value) => value.to_json().map_err(|error| {
            let detail = format!("flow {flow}: the output cannot be sent: {error}");
            Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "output", detail)
        })?,
        Outcome::Completed => AnyJson::Null,
        Outcome::Failed(failure) => return Err(Problem::failed(flow, run, failure)),
        Outcome::Cancelled(reason) => return Err(Problem::cancelled(flow, run, reason)),
    };
    Ok(json!({ "run": run.to_string(), "output": output }))
}

async fn read(body: Body, framing: Framing, limits: &Limits) -> Result<Bytes, Problem> {
    let (limit, max) = match framing {
        Framing::JsonRpc => ("message_bytes_max", limits.message_bytes_max),
        Framing::Raw => ("raw_message_bytes_max", limits.raw_message_bytes_max),
    };
    let collected = timeout(milliseconds(limits.body_read_ms_max), Limited::new(body, max).collect()).await;
    let problem = |status, kind: &str, detail: String| Err(Problem::new(status, kind, detail));
    match collected {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let detail = format!("the body is too large: {limit} is {max}");
            problem(StatusCode::PAYLOAD_TOO_LARGE, "too-large", detail)
        }
        Ok(Err(error)) => problem(StatusCode::BAD_REQUEST, "body", format!("the body could not be read: {error}")),
        Err(_) => {
            let detail = format!("the body did not arrive in time: body_read_ms_max is {}", limits.body_read_ms_max);
            problem(StatusCode::REQUEST_TIMEOUT, "body", detail)
        }
    }
}

fn json_of(body: &[u8]) -> Result<AnyJson, Problem> {
    if body.is_empty() {
        return Ok(AnyJson::Object(Map::new()));
    }
    serde_json::from_slice(body)
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "not-json", format!("the body is not JSON: {error}")))
}

/// A text, unless the body says that it is something else, or is no text.
fn message_of(body: &[u8], headers: &HeaderMap) -> Value {
    match std::str::from_utf8(body) {
        Ok(text) if !has(headers, CONTENT_TYPE, "application/octet-stream") => Value::from(text),
        _ => Value::Bytes(body.into()),
    }
}

fn wants_events(headers: &HeaderMap) -> bool {
    has(headers, ACCEPT, "text/event-stream")
}

/// Whether a header that lists media types has this one.
fn has(headers: &HeaderMap, name: axum::http::HeaderName, media_type: &str) -> bool {
    let listed = |member: &str| member.split(';').next().is_some_and(|it| it.trim().eq_ignore_ascii_case(media_type));
    header::members(headers, name).any(listed)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    #[test]
    fn an_empty_body_is_an_empty_input() {
        assert_eq!(json_of(b"").unwrap(), json!({}));
        assert_eq!(json_of(br#"{"a":3}"#).unwrap(), json!({ "a": 3 }));
        assert!(json_of(b"a=3").is_err());
    }

    #[test]
    fn events_are_asked_for_by_media_type() {
        let asks = |accept| wants_events(&HeaderMap::from_iter([(ACCEPT, HeaderValue::from_static(accept))]));
        assert!(asks("text/event-stream"));
        assert!(asks("application/json, text/event-stream;q=0.9"));
        assert!(!asks("application/json"));
    }

    #[test]
    fn a_message_is_a_text_unless_it_cannot_be() {
        assert_eq!(message_of(b"hi", &HeaderMap::new()), Value::from("hi"));
        assert_eq!(message_of(b"\xff", &HeaderMap::new()), Value::Bytes([0xff].into()));
        let binary = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"))]);
        assert_eq!(message_of(b"hi", &binary), Value::Bytes((*b"hi").into()));
    }
}
