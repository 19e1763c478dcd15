//! `/api/v1/runs/<run>/trace`: what each activation of a run was given, returned and cost.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse as _, Response, Sse};
use futures_util::stream;
use sandgate_engine::engine::Happened;
use sandgate_engine::run::Progress;
use sandgate_flow::Plan;
use sandgate_flow::event::{ActivationId, HostCall, Returned, RunId, Timestamp};
use sandgate_flow::plan::Kind;
use sandgate_flow::trace::{Activation, End, Given, Trace};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use utoipa::{IntoParams, ToSchema};

use super::shown::{self, Ended, Shown};
use super::{run_of, unknown, wrong};
use crate::api::Problem;
use crate::api::run::wants_events;
use crate::limits::milliseconds;
use crate::server::Serving;

/// The trace of a run.
#[derive(Serialize, ToSchema)]
#[schema(as = Trace)]
struct Page {
    run: Shown,
    /// In the order in which they began.
    activations: Vec<ShownActivation>,
    /// `after` of the next page; null on the last.
    next: Option<u64>,
    /// How it ended; null as long as it is under way, or this is not the last page.
    end: Option<Ended>,
}

/// An activation: one call of a node's component.
#[derive(Serialize, ToSchema)]
#[schema(as = Activation)]
struct ShownActivation {
    /// Its number in the run, from 0.
    activation: u64,
    #[schema(value_type = String)]
    node: Arc<str>,
    #[schema(value_type = String)]
    component: Arc<str>,
    /// The function; null of a gateway.
    #[schema(value_type = Option<String>)]
    function: Option<Arc<str>>,
    /// `waiting` for room, `running`, `returned`, `failed`, or `cancelled` since the run's end was decided.
    status: &'static str,
    started: Option<String>,
    ended: Option<String>,
    duration_ms: Option<f64>,
    /// What it was called with, by the function's parameters; of a gateway its `with`.
    given: Option<Json>,
    /// What it asked of the host.
    calls: Vec<Json>,
    /// What it returned: a value, the branches that a gateway chose by their names, or an error.
    result: Option<Json>,
    /// Why it failed.
    failure: Option<String>,
    /// CPU time; what passed on the clock of a call that is too short to be measured otherwise.
    cpu_us: u64,
    /// Linear memory at its end.
    memory_bytes: u64,
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
    let mut followed = Followed::new(&serving, run).await?;
    followed.follow(&serving, first, limit).await?;
    Ok(axum::Json(followed.page(first, limit)).into_response())
}

/// A run whose log is followed.
struct Followed {
    run: RunId,
    plan: Arc<Plan>,
    summary: Shown,
    trace: Trace,
    bytes_max: usize,
}

impl Followed {
    async fn new(serving: &Arc<Serving>, run: RunId) -> Result<Self, Problem> {
        let happened = serving.server.engine.events(run, 0).await?.ok_or_else(|| unknown(run))?;
        let Happened { summary, since, .. } = happened;
        let (versions, flow) = (serving.server.publisher.versions.clone(), Arc::clone(&summary.flow));
        let version = summary.version;
        let loading = tokio::task::spawn_blocking(move || versions.load(&flow, version));
        let internal = |detail: String| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "version", detail);
        let loaded = loading.await.map_err(|fault| internal(fault.to_string()))?;
        let plan = Arc::clone(&loaded.map_err(|error| internal(error.to_string()))?.plan);
        let trace = Trace::new(&plan, since);
        let bytes_max = serving.limits().trace_value_bytes_max;
        Ok(Self { run, plan, summary: Shown::of(&summary), trace, bytes_max })
    }

    /// Adds what happened, until all of a page is known, or there is no more.
    async fn follow(&mut self, serving: &Serving, first: u64, limit: usize) -> Result<(), Problem> {
        let end = first.saturating_add(limit as u64);
        while !self.add_more(serving).await?.is_empty() {
            // What is before the page is not kept: there may be very much.
            self.trace.forget_ended_before(ActivationId(first));
            let mut page = self.trace.activations().range(ActivationId(first)..ActivationId(end));
            let is_whole = self.trace.activations().last_key_value().is_some_and(|(last, _)| last.0 >= end);
            if is_whole && page.all(|(_, activation)| activation.end.is_some()) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Adds some of what happened next, and answers the activations that it concerns; nothing has happened if none.
    async fn add_more(&mut self, serving: &Serving) -> Result<BTreeSet<ActivationId>, Problem> {
        let mut concerned = BTreeSet::new();
        while concerned.is_empty() {
            let happened = serving.server.engine.events(self.run, self.trace.next_event()).await?;
            let happened = happened.ok_or_else(|| unknown(self.run))?;
            self.summary = Shown::of(&happened.summary);
            if happened.events.events.is_empty() || happened.events.first != self.trace.next_event() {
                break;
            }
            for recorded in &happened.events.events {
                let added = self.trace.add(&self.plan, recorded);
                let internal = |detail: String| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "stored", detail);
                concerned.extend(added.map_err(|error| internal(error.to_string()))?);
            }
        }
        Ok(concerned)
    }

    fn page(self, first: u64, limit: usize) -> Page {
        let activations = self.trace.activations().range(ActivationId(first)..);
        let activations: Vec<_> = activations.take(limit).map(|(id, it)| self.shown(*id, it)).collect();
        let last = activations.last().map(|last| last.activation);
        let has_more =
            last.is_some_and(|last| self.trace.activations().range(ActivationId(last + 1)..).next().is_some());
        let next = last.filter(|_| has_more);
        let end = self.trace.outcome().filter(|_| !has_more).map(|outcome| Ended::of(outcome, self.bytes_max));
        Page { activations, next, end, run: self.summary }
    }

    fn shown(&self, id: ActivationId, activation: &Activation) -> ShownActivation {
        let node = self.plan.node(activation.node);
        let ended = activation.end.as_ref().map(|(at, _)| *at);
        let took = activation.activated.zip(ended).map(|(from, to)| to.since(from).as_secs_f64() * 1e3);
        let (status, result, failure) = self.end(activation);
        ShownActivation {
            activation: id.0,
            node: Arc::clone(&node.id),
            component: Arc::clone(&node.component),
            function: match &node.kind {
                Kind::Call(call) => Some(Arc::clone(&call.function)),
                Kind::Gateway(_) => None,
            },
            status,
            started: activation.activated.map(shown::time),
            ended: ended.map(shown::time),
            duration_ms: took,
            given: activation.given.as_ref().map(|given| self.given(activation, given)),
            calls: activation.calls.iter().map(|(at, call)| self.call(*at, call)).collect(),
            result,
            failure,
            cpu_us: activation.cost.cpu_us,
            memory_bytes: activation.cost.memory_bytes,
        }
    }

    fn end(&self, activation: &Activation) -> (&'static str, Option<Json>, Option<String>) {
        match activation.end.as_ref().map(|(_, end)| end) {
            None if activation.activated.is_none() => ("waiting", None, None),
            None => ("running", None, None),
            Some(End::Cancelled) => ("cancelled", None, None),
            Some(End::Failed(failure)) => ("failed", None, Some(failure.to_string())),
            Some(End::Returned(returned)) => ("returned", Some(self.returned(activation, returned)), None),
        }
    }

    fn returned(&self, activation: &Activation, returned: &Returned) -> Json {
        match (returned, &self.plan.node(activation.node).kind) {
            (Returned::Value(value), _) => json!({ "value": shown::value(value, self.bytes_max) }),
            (Returned::Error(error), _) => json!({ "error": shown::value(error, self.bytes_max) }),
            (Returned::Branches(places), Kind::Gateway(gateway)) => {
                let name = |place: &u32| gateway.branches.get(*place as usize).map(|branch| branch.name.as_str());
                json!({ "branches": places.iter().map(name).collect::<Vec<_>>() })
            }
            (Returned::Branches(places), Kind::Call(_)) => json!({ "branches": places }),
        }
    }

    fn given(&self, activation: &Activation, given: &Given) -> Json {
        match (given, &self.plan.node(activation.node).kind) {
            (Given::Arguments(arguments), Kind::Call(call)) => {
                let names = call.parameters.iter().map(ToString::to_string);
                let values = arguments.iter().map(|value| shown::value(value, self.bytes_max));
                Json::Object(names.zip(values).collect::<Map<_, _>>())
            }
            (Given::Arguments(arguments), Kind::Gateway(_)) => {
                arguments.iter().map(|value| shown::value(value, self.bytes_max)).collect()
            }
            (Given::Question(config, _), _) => {
                config.as_ref().map_or(Json::Null, |config| shown::value(config, self.bytes_max))
            }
        }
    }

    fn call(&self, at: Timestamp, call: &HostCall) -> Json {
        let (at, function) = (shown::time(at), call.function().name());
        match call {
            HostCall::Push { push, sessions } => json!({
                "at": at, "function": function, "to": push.to.to_string(),
                "message": shown::value(&push.message, self.bytes_max), "sessions": sessions,
            }),
            HostCall::Sleep { due } => json!({ "at": at, "function": function, "until": shown::time(*due) }),
            HostCall::Output(value) => {
                json!({ "at": at, "function": function, "value": shown::value(value, self.bytes_max) })
            }
            HostCall::Refused { refusal, .. } => {
                json!({ "at": at, "function": function, "refused": format!("{refusal:?}") })
            }
        }
    }
}

/// What is sent of a run that is followed live.
struct Live {
    followed: Followed,
    watching: Receiver<Progress>,
    waiting: std::collections::VecDeque<Event>,
    over: bool,
}

async fn live(serving: Arc<Serving>, run: RunId) -> Result<Response, Problem> {
    // Before the log is read, so that nothing falls between.
    let watching = serving.server.engine.watch();
    let followed = Followed::new(&serving, run).await?;
    let every = milliseconds(serving.limits().ping_every_ms);
    let live = Live { followed, watching, waiting: Default::default(), over: false };
    let events = stream::unfold((live, serving), async |(mut live, serving)| {
        let event = live.next(&serving).await?;
        Some((Ok::<_, axum::Error>(event), (live, serving)))
    });
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(every)).into_response())
}

impl Live {
    async fn next(&mut self, serving: &Serving) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.over {
                return None;
            }
            self.read(serving).await?;
            if self.waiting.is_empty() && !self.over {
                self.wait(serving).await?;
            }
        }
    }

    /// Reads what has happened since.
    async fn read(&mut self, serving: &Serving) -> Option<()> {
        let concerned = self.followed.add_more(serving).await.ok()?;
        for id in concerned {
            if let Some(activation) = self.followed.trace.activations().get(&id) {
                let shown = self.followed.shown(id, activation);
                self.waiting.push_back(event("activation", &shown));
            }
        }
        // Of those that have ended there is nothing more to say.
        self.followed.trace.forget_ended_before(ActivationId(u64::MAX));
        if let Some(outcome) = self.followed.trace.outcome() {
            self.waiting.push_back(event("end", &Ended::of(outcome, self.followed.bytes_max)));
            self.over = true;
        }
        Some(())
    }

    /// Waits until the run has come further.
    async fn wait(&mut self, serving: &Serving) -> Option<()> {
        loop {
            let progress = tokio::select! {
                progress = self.watching.recv() => progress,
                () = serving.shutdown.cancelled() => return None,
            };
            match progress {
                Ok(progress) if progress.summary.run != self.followed.run => {}
                // What was missed is in the log.
                Ok(_) | Err(RecvError::Lagged(_)) => return Some(()),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

fn event(name: &str, data: &impl Serialize) -> Event {
    Event::default().event(name).data(serde_json::to_string(data).unwrap_or_default())
}
