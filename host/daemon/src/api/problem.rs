//! Errors over HTTP: problem details (RFC 9457).

use axum::Json;
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sandgate_engine::run::Refused;
use sandgate_flow::check::InputProblem;
use sandgate_flow::event::{Failure, FailureKind, RunId};
use serde::Serialize;
use serde_json::{Map, Value, json};
use utoipa::ToSchema;

use super::finding::{Finding, findings};
use crate::message::{RunFailed, input_problems};
use crate::publishing::Refusal;
use crate::server::NotServed;
use crate::versions;

/// Something that could not be done: problem details (RFC 9457).
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// What kind of problem, for programs.
    #[serde(rename = "type")]
    #[schema(example = "urn:sandgate:problem:unknown-flow")]
    kind: String,
    /// The status in words.
    #[schema(example = "Not Found")]
    title: &'static str,
    /// The status.
    #[schema(example = 404)]
    status: u16,
    /// What happened, for people.
    #[schema(example = "there is no flow \"nothing\": /api/v1/flows lists those there are")]
    detail: String,
    /// What else there is to say, by the kind of problem: the `flow`, its `problems`, the `run`.
    #[serde(flatten)]
    #[schema(value_type = std::collections::HashMap<String, Value>)]
    more: Map<String, Value>,
}

impl Problem {
    /// A kind of problem, for programs, and what happened, for people.
    pub(crate) fn new(status: StatusCode, kind: &str, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:sandgate:problem:{kind}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            more: Map::new(),
        }
    }

    fn with(mut self, more: impl Serialize) -> Self {
        if let Ok(Value::Object(more)) = serde_json::to_value(more) {
            self.more.extend(more);
        }
        self
    }

    /// The input does not fit the flow's interface.
    pub(crate) fn input(flow: &str, problems: &[InputProblem]) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "input", format!("the input does not fit flow {flow}"))
            .with(json!({ "flow": flow, "problems": input_problems(problems) }))
    }

    /// A file of cases cannot be used.
    pub(super) fn invalid_cases(flow: &str, problems: &[Finding]) -> Self {
        let first = problems.first().map(Finding::told).unwrap_or_default();
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-cases", format!("the cases of flow {flow}: {first}"))
            .with(json!({ "flow": flow, "problems": problems }))
    }

    /// The engine did not start the run.
    pub(crate) fn refused(flow: &str, refused: &Refused) -> Self {
        let (status, kind) = match refused {
            Refused::Busy { .. } => (StatusCode::SERVICE_UNAVAILABLE, "busy"),
            Refused::Journal(_) => (StatusCode::SERVICE_UNAVAILABLE, "storing"),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "internal"),
        };
        Self::new(status, kind, format!("flow {flow}: {refused}")).with(json!({ "flow": flow }))
    }

    /// The run failed.
    pub(crate) fn failed(flow: &str, run: RunId, failure: &Failure) -> Self {
        let status = match failure.kind {
            FailureKind::Busy => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::INTERNAL_SERVER_ERROR,
        };
        Self::new(status, "run-failed", format!("flow {flow}: {failure}")).with(RunFailed::new(flow, run, failure))
    }

    /// The run was cancelled.
    pub(crate) fn cancelled(flow: &str, run: RunId, reason: &str) -> Self {
        let detail = format!("flow {flow}: the run was cancelled: {reason}");
        Self::new(StatusCode::CONFLICT, "cancelled", detail).with(json!({ "flow": flow, "run": run.to_string() }))
    }

    /// The host stops while the run is under way.
    pub(crate) fn stopping(flow: &str) -> Self {
        let detail = format!("flow {flow}: the host is being stopped");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "stopping", detail).with(json!({ "flow": flow }))
    }
}

impl From<NotServed> for Problem {
    fn from(error: NotServed) -> Self {
        let (status, kind, flow) = match &error {
            NotServed::Unknown(flow) => (StatusCode::NOT_FOUND, "unknown-flow", flow.clone()),
            NotServed::Broken(flow) => (StatusCode::SERVICE_UNAVAILABLE, "broken-flow", flow.to_string()),
        };
        Self::new(status, kind, error.to_string()).with(json!({ "flow": flow }))
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (status, kind) = match &refusal {
            Refusal::Store(error) => return Self::stored(error),
            Refusal::Invalid { flow, text } => {
                let problems = json!({ "flow": flow.as_str(), "problems": findings(&text.reports()) });
                return Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid-flow", refusal.to_string()).with(problems);
            }
            Refusal::NoDraft(_) => (StatusCode::NOT_FOUND, "no-draft"),
            Refusal::NoCases(_) => (StatusCode::NOT_FOUND, "no-cases"),
            Refusal::Changed(_) => (StatusCode::PRECONDITION_FAILED, "changed"),
            Refusal::Unconditional(_) => (StatusCode::PRECONDITION_REQUIRED, "precondition-required"),
            Refusal::Edited { .. } => (StatusCode::CONFLICT, "edited"),
            Refusal::MessageTooLong { .. } => (StatusCode::UNPROCESSABLE_ENTITY, "message"),
            Refusal::File { .. } => (StatusCode::INTERNAL_SERVER_ERROR, "storage"),
        };
        Self::new(status, kind, refusal.to_string())
    }
}

impl Problem {
    /// It is with what was published.
    fn stored(error: &versions::Error) -> Self {
        let (status, kind) = match error {
            versions::Error::NoFlow(_) | versions::Error::NoVersion { .. } => {
                (StatusCode::NOT_FOUND, "unknown-version")
            }
            versions::Error::Check { .. } | versions::Error::Component { .. } => {
                (StatusCode::INTERNAL_SERVER_ERROR, "unusable-version")
            }
            versions::Error::Damaged(_) => (StatusCode::INTERNAL_SERVER_ERROR, "damaged"),
            _ => (StatusCode::INTERNAL_SERVER_ERROR, "storage"),
        };
        Self::new(status, kind, error.to_string())
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(self)).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
