//! `POST /run/<flow>`: runs a flow over HTTP, and answers its output, or what it says as it says it.

use std::sync::Arc;

use axum::Json;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::header::{ACCEPT, CONTENT_TYPE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use sandgate_engine::engine::LEFT;
use sandgate_engine::journal;
use sandgate_engine::run::{Refused, Run, Start};
use sandgate_flow::document::{Framing, OnLeave};
use sandgate_flow::event::{Outcome, RunId};
use sandgate_flow::value::Value;
use serde_json::{Map, Value as AnyJson, json};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::told::HttpOutbox;
use super::{Problem, body};
use crate::header;
use crate::limits::Limits;
use crate::project::Served;
use crate::server::Serving;

/// `/run/<flow>`.
pub(crate) fn routes() -> OpenApiRouter<Arc<Serving>> {
    OpenApiRouter::new().routes(routes!(run))
}

/// Run a flow
///
/// The body is the input, a JSON object, or nothing for an empty one; of a flow with raw framing it is the message. With
/// `Accept: text/event-stream` the pushes come as they are made, as events `push`, and then `output` or `failed`.
#[utoipa::path(
    post, path = "/run/{flow}", tag = "runs",
    params(("flow", description = "The flow's id")),
    request_body(
        content(
            (AnyJson = "application/json", example = json!({ "a": 3 })),
            (String = "text/plain"),
            (String = "application/octet-stream"),
        ),
        description = "The input; of a flow with raw framing the message",
    ),
    responses(
        (status = 200, description = "The run's output, once it has ended", content(
            (AnyJson = "application/json", example = json!({
                "run": "01a206c7-e329-77ab-8125-63cce8b2d376", "output": 0,
            })),
            (String = "text/event-stream"),
        )),
        (status = 404, description = "There is no such flow"),
        (status = 409, description = "The run was cancelled"),
        (status = 413, description = "The body is too large"),
        (status = 422, description = "The input does not fit: `problems` says where"),
        (status = 500, description = "The run failed: `node`, `kind` and `message` say where and why"),
        (status = 503, description = "There is no room now, or no version of the flow had no errors"),
    )
)]
async fn run(
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
    let limit = match framing {
        Framing::JsonRpc => ("message_bytes_max", limits.message_bytes_max),
        Framing::Raw => ("raw_message_bytes_max", limits.raw_message_bytes_max),
    };
    body::read(body, limit, limits).await
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

pub(super) fn wants_events(headers: &HeaderMap) -> bool {
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
