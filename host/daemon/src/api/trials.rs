//! `POST /api/v1/flows/<flow>/try`: a document that is run without being published, in a sandbox of its own.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive};
use axum::response::{IntoResponse as _, Response, Sse};
use futures_util::stream;
use sandgate_engine::engine::LEFT;
use sandgate_engine::journal::{self, Durable};
use sandgate_engine::outbox::{self, Outbox, Said};
use sandgate_engine::run::{Refused, Run, Start};
use sandgate_flow::Plan;
use sandgate_flow::document::Framing;
use sandgate_flow::event::{Caller, Push, RunId};
use sandgate_flow::value::Value;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{blocking, flow_id};
use super::runs::activation::Showing;
use super::runs::followed::{Live, event};
use super::runs::shown;
use super::{Problem, body};
use crate::channel::{Overflowed, Queue, Weigh};
use crate::limits::milliseconds;
use crate::publishing::Planned;
use crate::server::Serving;

/// The address of trials.
pub(super) fn routes() -> OpenApiRouter<Arc<Serving>> {
    OpenApiRouter::new().routes(routes!(try_out))
}

/// What is tried, and what it is given.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Trial {
    /// The document; without one the draft, or what was published last.
    document: Option<String>,
    /// The run's input.
    input: Option<Json>,
    /// With raw framing, the message that starts the run.
    message: Option<String>,
    /// The client that starts it.
    client: Option<String>,
}

/// Try a document
///
/// Runs it on the real clock, in a sandbox of its own: no client hears of it, and nothing of it is kept. Told as server-sent
/// events: `started`, `activation` for each that there is and again whenever one comes further, `push`, and last `end`. Whoever leaves
/// cancels the run.
#[utoipa::path(
    post, path = "/api/v1/flows/{flow}/try", tag = "drafts",
    params(("flow", description = "The flow's id; the flow need not be there yet")),
    request_body(content = Trial, content_type = "application/json"),
    responses(
        (status = 200, description = "What happens", content((String = "text/event-stream"))),
        (status = 404, description = "There is no such flow"),
        (status = 422, description = "The document has errors, or the input does not fit: `problems` says where"),
        (status = 503, description = "Too much is tried now"),
    )
)]
async fn try_out(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    body: Body,
) -> Result<Response, Problem> {
    let flow = flow_id(&flow)?;
    let trial: Trial = body::json(body, serving.limits()).await?;
    let permit = Arc::clone(&serving.trials).try_acquire_owned().map_err(|_| busy(&serving))?;
    let Trial { document, input, message, client } = trial;
    let planned = blocking(&serving, move |publisher| publisher.planned(&flow, document)).await?;
    let limits = serving.limits();
    let queue = Arc::new(Queue::new(limits.queue_bytes_max, limits.queue_entries_max));
    let outbox = Arc::new(Heard { queue: Arc::clone(&queue), bytes_max: limits.trace_value_bytes_max });
    let start = start(&planned, Given { input, message, client }, outbox)?;
    let underway = begin(&serving, start).await?;
    let showing = Showing { plan: planned.plan, bytes_max: limits.trace_value_bytes_max };
    let live = Live::new(serving.server.aside.clone(), underway.0.id(), showing).await?;
    let began = event("started", &json!({ "run": underway.0.id().to_string(), "at": now() }));
    let heard = Hearing {
        began: Some(began),
        live,
        queue,
        serving: Arc::clone(&serving),
        _underway: underway,
        _permit: permit,
    };
    let events = stream::unfold(heard, async |mut heard| Some((heard.next().await?, heard)));
    let every = milliseconds(serving.limits().ping_every_ms);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(every)).into_response())
}

/// What a trial is given.
struct Given {
    input: Option<Json>,
    message: Option<String>,
    client: Option<String>,
}

fn start(planned: &Planned, given: Given, outbox: Arc<Heard>) -> Result<Start, Problem> {
    let Planned { plan, components } = planned;
    let input = given.input.unwrap_or_else(|| Json::Object(Map::new()));
    let input = plan.interface.input.accept(input).map_err(|wrong| Problem::input(&plan.flow, &wrong))?;
    Ok(Start {
        plan: Arc::clone(plan),
        version: 0,
        components: Arc::clone(components),
        input,
        message: message(plan, given.message)?,
        caller: given.client.map(|client| Caller { session: "try".into(), client: client.into() }),
        key: None,
        outbox,
    })
}

fn message(plan: &Plan, message: Option<String>) -> Result<Value, Problem> {
    match (plan.interface.framing, message) {
        (Framing::Raw, message) => Ok(Value::from(message.unwrap_or_default().as_str())),
        (Framing::JsonRpc, None) => Ok(Value::Null),
        (Framing::JsonRpc, Some(_)) => {
            let detail = format!("flow {} takes no message: its framing is json-rpc", plan.flow);
            Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "message", detail))
        }
    }
}

/// A run that is cancelled when nobody hears of it any more: without effect on one that has ended.
struct Underway(Run);

impl Drop for Underway {
    fn drop(&mut self) {
        self.0.cancel(LEFT);
    }
}

async fn begin(serving: &Serving, start: Start) -> Result<Underway, Problem> {
    let (engine, flow) = (serving.server.aside.clone(), Arc::clone(&start.plan.flow));
    // A task of its own: when whoever asked is gone before the run has started, it is dropped, and so cancelled, here.
    let started = tokio::spawn(async move {
        let run = engine.start(start).await?.run().ok_or(Refused::Journal(journal::Error::Closed))?;
        Ok(Underway(run))
    });
    match started.await {
        Ok(started) => started.map_err(|refused| Problem::refused(&flow, &refused)),
        Err(error) => Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", error.to_string())),
    }
}

/// What is pushed to whoever tries.
struct Heard {
    queue: Arc<Queue<Told>>,
    bytes_max: usize,
}

/// A push, on its way.
struct Told(Json, usize);

impl Weigh for Told {
    fn bytes(&self) -> usize {
        self.1
    }
}

impl Outbox for Heard {
    /// The page is the one session that there is.
    fn address(&self, _: &Push) -> Result<u32, outbox::Refused> {
        Ok(1)
    }

    fn say(&self, _: RunId, said: Said, _: Durable) {
        let Said::Push(push) = said else { return };
        let message = shown::value(&push.message, self.bytes_max);
        let bytes = message.to_string().len();
        self.queue.push(Told(json!({ "at": now(), "to": push.to.to_string(), "message": message }), bytes));
    }
}

fn now() -> String {
    format!("{:.6}", jiff::Timestamp::now())
}

/// What is told of a trial, as it comes.
struct Hearing {
    began: Option<Event>,
    live: Live,
    queue: Arc<Queue<Told>>,
    serving: Arc<Serving>,
    _underway: Underway,
    _permit: OwnedSemaphorePermit,
}

/// Whoever listens does not read: the response is cut off.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("too much waits for whoever tries this flow")]
struct TooSlow;

impl Hearing {
    async fn next(&mut self) -> Option<Result<Event, TooSlow>> {
        if let Some(began) = self.began.take() {
            return Some(Ok(began));
        }
        tokio::select! {
            biased;
            // Pushes first: the end of the run is the last that is told.
            told = self.queue.next() => Some(match told {
                Ok(Told(push, _)) => Ok(event("push", &push)),
                Err(Overflowed) => Err(TooSlow),
            }),
            event = self.live.next(&self.serving.shutdown) => event.map(Ok),
        }
    }
}

fn busy(serving: &Serving) -> Problem {
    let detail = format!("too much is tried now, try again soon: trials_max is {}", serving.limits().trials_max);
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail)
}
