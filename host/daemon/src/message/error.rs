//! What can go wrong with a request, by code.

use sandgate_engine::run::Refused;
use sandgate_flow::check::InputProblem;
use sandgate_flow::event::{Failure, FailureKind, RunId};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::Position;

/// The codes of errors. From -32700 to -32600 they are JSON-RPC's own (section 5.1), from -32099 to -32000 ours.
pub(crate) mod code {
    /// The message is not JSON.
    pub(crate) const PARSE: i32 = -32700;
    /// The message is JSON, and no request: a batch, say.
    pub(crate) const INVALID_REQUEST: i32 = -32600;
    /// There is no such method.
    pub(crate) const UNKNOWN_METHOD: i32 = -32601;
    /// The parameters do not fit; `data` has `problems`, each with a `path` and a `message`.
    pub(crate) const INVALID_PARAMS: i32 = -32602;
    /// The host could not do its part.
    pub(crate) const INTERNAL: i32 = -32603;
    /// The run failed; `data` says where and how.
    pub(crate) const RUN_FAILED: i32 = -32000;
    /// The run was cancelled.
    pub(crate) const CANCELLED: i32 = -32001;
    /// No room now: try again later.
    pub(crate) const BUSY: i32 = -32002;
    /// No run with this id is under way, or another client started it.
    pub(crate) const UNKNOWN_RUN: i32 = -32003;
    /// Nothing can be stored just now: try again later.
    pub(crate) const STORING: i32 = -32004;
    /// The key is that of a run with another input.
    pub(crate) const KEY: i32 = -32005;
}

/// An error of JSON-RPC (section 5.1).
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Error {
    /// One of the codes of docs/protocol.md.
    pub code: i32,
    /// For people.
    pub message: String,
    /// For programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data: Option<Json>,
}

/// How a run failed, for programs.
#[derive(Serialize)]
pub(crate) struct RunFailed<'a> {
    flow: &'a str,
    run: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    node: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<&'a str>,
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<u64>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    backtrace: Option<&'a str>,
}

impl<'a> RunFailed<'a> {
    /// How this run of this flow failed.
    pub(crate) fn new(flow: &'a str, run: RunId, failure: &'a Failure) -> Self {
        let (limit, value) = match &failure.kind {
            FailureKind::Limit { limit, value } => (Some(&**limit), Some(*value)),
            _ => (None, None),
        };
        Self {
            flow,
            run: run.to_string(),
            node: failure.node.as_deref(),
            component: failure.component.as_deref(),
            kind: failure.kind.name(),
            limit,
            value,
            message: &failure.message,
            backtrace: failure.detail.as_deref(),
        }
    }
}

impl Error {
    /// An error without data.
    pub(crate) fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), data: None }
    }

    fn with(mut self, data: Json) -> Self {
        self.data = Some(data);
        self
    }

    /// The input does not fit the flow's interface.
    pub fn input(flow: &str, problems: &[InputProblem]) -> Self {
        let list = problems.iter().map(|problem| format!("{}: {}", problem.path, problem.message));
        let message = format!("the input does not fit flow {flow}: {}", list.collect::<Vec<_>>().join("; "));
        Self::new(code::INVALID_PARAMS, message).with(json!({ "flow": flow, "problems": input_problems(problems) }))
    }

    /// The run failed.
    pub(crate) fn failed(flow: &str, run: RunId, failure: &Failure) -> Self {
        Self::new(code::RUN_FAILED, format!("flow {flow}: {failure}")).with(json!(RunFailed::new(flow, run, failure)))
    }

    /// The run was cancelled.
    pub(crate) fn cancelled(flow: &str, run: RunId, reason: &str) -> Self {
        Self::new(code::CANCELLED, format!("flow {flow}: the run was cancelled: {reason}"))
            .with(json!({ "flow": flow, "run": run.to_string(), "reason": reason }))
    }

    /// The engine did not start the run.
    pub(crate) fn refused(flow: &str, refused: &Refused) -> Self {
        let code = match refused {
            Refused::Busy { .. } => code::BUSY,
            Refused::Journal(_) => code::STORING,
            Refused::Key(_) => code::KEY,
            _ => code::INTERNAL,
        };
        Self::new(code, format!("flow {flow}: {refused}")).with(json!({ "flow": flow }))
    }

    /// The session has as many runs under way as it may.
    pub(crate) fn runs_per_session(flow: &str, max: usize) -> Self {
        let message = format!("this session has too many runs under way: runs_per_session_max is {max}");
        Self::new(code::BUSY, message).with(json!({ "flow": flow, "limit": "runs_per_session_max", "value": max }))
    }

    /// With where it stands in a channel, as `run` answers it.
    pub(crate) fn at(mut self, position: Position<'_>) -> Self {
        if let Some(Json::Object(data)) = &mut self.data
            && let Ok(Json::Object(position)) = serde_json::to_value(position)
        {
            data.extend(position);
        }
        self
    }

    /// No such run of this client is under way.
    pub(crate) fn unknown_run(flow: &str, run: &str) -> Self {
        let message = format!("run {run:?} is not under way, or was not started by this client");
        Self::new(code::UNKNOWN_RUN, message).with(json!({ "flow": flow, "run": run }))
    }
}

/// The problems of an input, for programs.
pub(crate) fn input_problems(problems: &[InputProblem]) -> Json {
    problems.iter().map(|problem| json!({ "path": problem.path, "message": problem.message })).collect()
}
