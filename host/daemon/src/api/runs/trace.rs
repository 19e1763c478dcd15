//! `/api/v1/runs/<run>/trace`: what each activation of a run was given, returned and cost.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::KeepAlive;
use axum::response::{IntoResponse as _, Response, Sse};
use futures_util::stream;
use sandgate_flow::event::RunId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::activation::{Showing, ShownActivation};
use super::followed::{Followed, Live};
use super::shown::{Ended, Shown};
use super::{run_of, unknown, wrong};
use crate::api::Problem;
use crate::api::run::wants_events;
use crate::limits::milliseconds;
use crate::server::Serving;

/// The trace of a run.
#[derive(Serialize, ToSchema)]
#[schema(as = Trace)]
pub(in crate::api) struct Page {
    pub(super) run: Shown,
    /// In the order in which they began.
    pub(in crate::api) activations: Vec<ShownActivation>,
    /// `after` of the next page; null on the last.
    pub(in crate::api) next: Option<u64>,
    /// How it ended; null as long as it is under way, or this is not the last page.
    pub(super) end: Option<Ended>,
}

/// Which part of a trace is shown.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// Activations with a higher number than this; from the first on without.
    after: Option<u64>,
    /// As many at most; `trace_page_max` without, and never more.
    limit: Option<usize>,
}

/// Show the trace of a run
///
/// With `Accept: text/event-stream` live: an event `activation` for each that there is, and again whenever one comes further, and
/// an event `end` when the run has ended.
#[utoipa::path(
    get, path = "/api/v1/runs/{run}/trace", tag = "runs",
    params(("run" = String, Path, description = "The run's id"), Asked),
    responses(
        (status = 200, description = "The trace", body = Page),
        (status = 404, description = "There is no such run, or it is forgotten"),
    )
)]
pub(super) async fn show(
    State(serving): State<Arc<Serving>>,
    run: Result<Path<String>, PathRejection>,
    asked: Result<Query<Asked>, QueryRejection>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let run = run_of(run)?;
    let Query(asked) = asked.map_err(|error| wrong("query", error.body_text()))?;
    if wants_events(&headers) {
        return live(serving, run).await;
    }
    let page_max = serving.limits().trace_page_max;
    let limit = asked.limit.unwrap_or(page_max).clamp(1, page_max);
    let first = asked.after.map_or(0, |after| after.saturating_add(1));
    let showing = showing(&serving, run).await?;
    let mut followed = Followed::new(serving.server.engine.clone(), run, showing).await?;
    followed.follow(first, limit).await?;
    Ok(axum::Json(followed.page(first, limit)).into_response())
}

/// How a run of a published version is shown.
async fn showing(serving: &Arc<Serving>, run: RunId) -> Result<Showing, Problem> {
    let happened = serving.server.engine.events(run, 0).await?.ok_or_else(|| unknown(run))?;
    let (versions, flow) = (serving.server.publisher.versions.clone(), Arc::clone(&happened.summary.flow));
    let version = happened.summary.version;
    let loading = tokio::task::spawn_blocking(move || versions.load(&flow, version));
    let internal = |detail: String| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "version", detail);
    let loaded = loading.await.map_err(|fault| internal(fault.to_string()))?;
    let plan = Arc::clone(&loaded.map_err(|error| internal(error.to_string()))?.plan);
    Ok(Showing { plan, bytes_max: serving.limits().trace_value_bytes_max })
}

async fn live(serving: Arc<Serving>, run: RunId) -> Result<Response, Problem> {
    let showing = showing(&serving, run).await?;
    let live = Live::new(serving.server.engine.clone(), run, showing).await?;
    let every = milliseconds(serving.limits().ping_every_ms);
    let events = stream::unfold((live, serving), async |(mut live, serving)| {
        let event = live.next(&serving.shutdown).await?;
        Some((Ok::<_, axum::Error>(event), (live, serving)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(every)).into_response())
}
