//! The body of a request, within bounds.

use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::Problem;
use crate::limits::{Limits, milliseconds};

/// All of it, if it arrives in time and is within a limit of this name.
pub(super) async fn read(body: Body, (limit, max): (&str, usize), limits: &Limits) -> Result<Bytes, Problem> {
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

/// What it says as JSON; what the type has by default if there is nothing in it.
pub(super) async fn json<T: DeserializeOwned + Default>(body: Body, limits: &Limits) -> Result<T, Problem> {
    let body = read(body, ("message_bytes_max", limits.message_bytes_max), limits).await?;
    if body.is_empty() {
        return Ok(T::default());
    }
    serde_json::from_slice(&body).map_err(|error| {
        let (kind, what) = match error.classify() {
            serde_json::error::Category::Data => ("body", "is not what is due here"),
            _ => ("not-json", "is not JSON"),
        };
        Problem::new(StatusCode::BAD_REQUEST, kind, format!("the body {what}: {error}"))
    })
}

/// What it says as text.
pub(super) async fn text(body: Body, limits: &Limits) -> Result<String, Problem> {
    let body = read(body, ("source_bytes_max", limits.source_bytes_max), limits).await?;
    String::from_utf8(body.into())
        .map_err(|_| Problem::new(StatusCode::BAD_REQUEST, "not-text", "the body is not text in UTF-8"))
}
