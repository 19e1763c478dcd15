//! `/api/v1/runs`: the runs that there are and were, their traces, and cancelling them.

pub(in crate::api) mod activation;
pub(in crate::api) mod followed;
pub(in crate::api) mod shown;
mod trace;

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse as _, Response, Sse};
use futures_util::stream;
use sandgate_engine::journal::{self, Status};
use sandgate_engine::run::Progress;
use sandgate_flow::event::{Outcome, RunId, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use uuid::Uuid;

use super::run::wants_events;
use super::{Problem, body};
use crate::limits::milliseconds;
use crate::server::Serving;

use shown::{Ended, Shown};

/// The addresses of runs.
pub(super) fn routes() -> OpenApiRouter<Arc<Serving>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one)).routes(routes!(trace::show)).routes(routes!(cancel))
}

/// Runs, the youngest first.
#[derive(Serialize, ToSchema)]
#[schema(as = Runs)]
struct Listing {
    runs: Vec<Shown>,
    /// `before` of the next page; null on the last.
    next: Option<String>,
}

/// Which runs are listed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// Of this flow alone.
    flow: Option<String>,
    /// That stand so: `running`, `output`, `completed`, `failed`, `cancelled` or `damaged`.
    status: Option<String>,
    /// Started then or later: RFC 3339.
    since: Option<String>,
    /// Started before: RFC 3339.
    until: Option<String>,
    /// Older than this run; the youngest without.
    before: Option<String>,
    /// As many at most; `runs_page_max` without, and never more.
    limit: Option<usize>,
}

/// A run, and how it ended.
#[derive(Serialize, ToSchema)]
#[schema(as = Run)]
struct Whole {
    #[serde(flatten)]
    shown: Shown,
    /// How it ended; null as long as it is under way.
    end: Option<Ended>,
}

/// Why a run is cancelled.
#[derive(Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Cancel {
    /// For people.
    reason: Option<String>,
}

/// List runs
///
/// With `Accept: text/event-stream` whatever happens to such runs from now on: an event `run` each time that one comes further. Who
/// is too slow is told by an event `missed` how many it was not.
#[utoipa::path(
    get, path = "/api/v1/runs", tag = "runs", params(Asked),
    responses(
        (status = 200, description = "Runs, the youngest first", body = Listing),
        (status = 422, description = "What is asked for cannot be"),
    )
)]
async fn list(
    State(serving): State<Arc<Serving>>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let Query(asked) = asked.map_err(|error| wrong("query", error.body_text()))?;
    let query = asked.query(serving.limits().runs_page_max)?;
    if wants_events(&headers) {
        return Ok(live(&serving, query).into_response());
    }
    let summaries = serving.server.engine.list(&query).await?;
    let is_full = summaries.len() == query.limit;
    let next = summaries.last().filter(|_| is_full).map(|last| last.run.to_string());
    let runs = summaries.iter().map(Shown::of).collect();
    Ok(Json(Listing { runs, next }).into_response())
}

/// Show one run
#[utoipa::path(
    get, path = "/api/v1/runs/{run}", tag = "runs", params(("run" = String, Path, description = "The run's id")),
    responses(
        (status = 200, description = "The run", body = Whole),
        (status = 404, description = "There is none, or it is forgotten"),
    )
)]
async fn one(
    State(serving): State<Arc<Serving>>,
    run: Result<Path<String>, PathRejection>,
) -> Result<Json<Whole>, Problem> {
    let run = run_of(run)?;
    let engine = &serving.server.engine;
    if let Some((summary, outcome)) = engine.ended(run).await? {
        let end = Some(Ended::of(&outcome, serving.limits().trace_value_bytes_max));
        return Ok(Json(Whole { shown: Shown::of(&summary), end }));
    }
    let happened = engine.events(run, 0).await?.ok_or_else(|| unknown(run))?;
    Ok(Json(Whole { shown: Shown::of(&happened.summary), end: None }))
}

/// Cancel a run
#[utoipa::path(
    post, path = "/api/v1/runs/{run}/cancel", tag = "runs",
    params(("run" = String, Path, description = "The run's id")), request_body = Cancel,
    responses(
        (status = 200, description = "How it ended: `cancelled`, or as it was about to", body = Ended),
        (status = 404, description = "There is none under way"),
    )
)]
async fn cancel(
    State(serving): State<Arc<Serving>>,
    run: Result<Path<String>, PathRejection>,
    body: Body,
) -> Result<Json<Ended>, Problem> {
    let id = run_of(run)?;
    let cancel: Cancel = body::json(body, serving.limits()).await?;
    let run = serving.server.engine.find(id).await.ok_or_else(|| unknown(id))?;
    run.cancel(cancel.reason.as_deref().unwrap_or("an operator asked for it"));
    let outcome = run.ended().await;
    Ok(Json(Ended::of(&outcome, serving.limits().trace_value_bytes_max)))
}

impl Asked {
    fn query(self, page_max: usize) -> Result<journal::Query, Problem> {
        Ok(journal::Query {
            flow: self.flow.map(Arc::from),
            status: self.status.map(|name| status(&name)).transpose()?,
            since: self.since.map(|text| time("since", &text)).transpose()?,
            until: self.until.map(|text| time("until", &text)).transpose()?,
            before: self.before.map(|text| run_id(&text)).transpose()?,
            limit: self.limit.unwrap_or(page_max).clamp(1, page_max),
        })
    }
}

fn status(name: &str) -> Result<Status, Problem> {
    Status::ALL.into_iter().find(|status| status.name() == name).ok_or_else(|| {
        let names: Vec<_> = Status::ALL.into_iter().map(Status::name).collect();
        wrong("query", format!("`status` is one of {}", names.join(", ")))
    })
}

fn time(name: &str, text: &str) -> Result<Timestamp, Problem> {
    let at: Result<jiff::Timestamp, _> = text.parse();
    let micros = at.ok().and_then(|at| u64::try_from(at.as_microsecond()).ok());
    micros
        .map(Timestamp)
        .ok_or_else(|| wrong("query", format!("`{name}` is a time as RFC 3339 has it: 2026-03-01T08:05:09Z")))
}

fn run_of(path: Result<Path<String>, PathRejection>) -> Result<RunId, Problem> {
    let Path(text) = path.map_err(|error| wrong("address", error.body_text()))?;
    run_id(&text)
}

fn run_id(text: &str) -> Result<RunId, Problem> {
    let shown = sandgate_flow::diagnostic::cut(text, 100);
    Uuid::try_parse(text).map(RunId).map_err(|_| wrong("run-id", format!("{shown:?} is not the id of a run")))
}

fn wrong(kind: &str, detail: String) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, kind, detail)
}

fn unknown(run: RunId) -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "unknown-run",
        format!("there is no run {run}, or it has ended and is forgotten"),
    )
}

impl From<journal::Error> for Problem {
    fn from(error: journal::Error) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "stored", error.to_string())
    }
}

/// An event each time that a run comes further which is asked for.
fn live(serving: &Arc<Serving>, query: journal::Query) -> Response {
    let watching = serving.server.engine.watch();
    let shutdown = serving.shutdown.clone();
    let events = stream::unfold((watching, query, shutdown), async |(mut watching, query, shutdown)| {
        let event = tokio::select! {
            event = next(&mut watching, &query) => event?,
            () = shutdown.cancelled() => return None,
        };
        Some((Ok::<_, axum::Error>(event), (watching, query, shutdown)))
    });
    let every = milliseconds(serving.limits().ping_every_ms);
    Sse::new(events).keep_alive(KeepAlive::new().interval(every)).into_response()
}

async fn next(watching: &mut Receiver<Progress>, query: &journal::Query) -> Option<Event> {
    loop {
        match watching.recv().await {
            Ok(progress) if query.takes(&progress.summary) => {
                let data = serde_json::to_string(&Shown::of(&progress.summary)).unwrap_or_default();
                return Some(Event::default().event("run").data(data));
            }
            Ok(_) => {}
            Err(RecvError::Lagged(count)) => {
                return Some(Event::default().event("missed").data(json!({ "count": count }).to_string()));
            }
            Err(RecvError::Closed) => return None,
        }
    }
}

impl Ended {
    pub(in crate::api) fn of(outcome: &Outcome, bytes_max: usize) -> Self {
        let status = Status::from(outcome).name();
        match outcome {
            Outcome::Output(value) => Self { status, output: Some(shown::value(value, bytes_max)), error: None },
            Outcome::Completed => Self { status, output: None, error: None },
            Outcome::Failed(failure) => Self { status, output: None, error: Some(failure.to_string()) },
            Outcome::Cancelled(reason) => Self { status, output: None, error: Some(reason.to_string()) },
        }
    }
}
