//! `/api/v1/flows/<flow>/cases`: the stored tests of a flow, as they are being edited, and what comes of them.

mod result;

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::KeepAlive;
use axum::response::{IntoResponse as _, Response, Sse};
use futures_util::StreamExt as _;
use futures_util::stream::{self, Stream};
use sandgate_flow::cases::{self, Case};
use serde::{Deserialize, Serialize};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::timeout;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{blocking, condition, flow_id, has};
use super::finding::{Finding, findings};
use super::run::wants_events;
use super::runs::followed::event;
use super::{Problem, body};
use crate::limits::milliseconds;
use crate::project::Source;
use crate::publishing::{FlowId, Planned, Refusal, Tag, Written};
use crate::server::Serving;
use crate::tested::{self, Tested};

use result::CaseResult;

/// The addresses of cases.
pub(super) fn routes() -> OpenApiRouter<Arc<Serving>> {
    OpenApiRouter::new().routes(routes!(show, write, remove)).routes(routes!(run))
}

/// The file of a flow's cases, and what is wrong with it.
#[derive(Serialize, ToSchema)]
#[schema(as = Cases)]
struct File {
    #[schema(example = "countdown")]
    flow: String,
    /// The file. It may be wrong.
    text: String,
    problems: Vec<Finding>,
}

/// Which cases are run, and of which document.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CasesToRun)]
struct Asked {
    /// The document; without one the draft, or what was published last.
    document: Option<String>,
    /// The file of cases; without one that which is kept.
    cases: Option<String>,
    /// The names of those that are run; all of them without.
    names: Option<Vec<String>>,
}

/// What came of all of them.
#[derive(Serialize, ToSchema)]
#[schema(as = CaseResults)]
struct Results {
    cases: Vec<CaseResult>,
    #[serde(flatten)]
    count: Count,
}

/// How many came out how.
#[derive(Clone, Copy, Default, Serialize, ToSchema)]
#[schema(as = CaseCount)]
struct Count {
    passed: usize,
    failed: usize,
    /// That expect nothing, and did not fail.
    shown: usize,
}

/// Show the cases of a flow
///
/// As they are being edited, else as they are beside the flow.
#[utoipa::path(
    get, path = "/api/v1/flows/{flow}/cases", tag = "cases",
    params(
        ("flow", description = "The flow's id"),
        ("If-None-Match" = Option<String>, Header, description = "The entity tag of what is known already"),
    ),
    responses(
        (
            status = 200, description = "The file of cases", body = File,
            headers(("ETag", description = "Tells it apart from what it was before")),
        ),
        (status = 304, description = "It is what is known already"),
        (status = 404, description = "There are none"),
    )
)]
async fn show(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let flow = flow_id(&flow)?;
    let kept = blocking(&serving, move |publisher| {
        let kept = publisher.cases.read(&flow)?.ok_or_else(|| Refusal::NoCases(flow.clone()))?;
        Ok((flow, kept))
    });
    let (flow, kept) = kept.await?;
    if has(&headers, &kept.tag) {
        return Ok((StatusCode::NOT_MODIFIED, tagged(&kept.tag)).into_response());
    }
    Ok((tagged(&kept.tag), Json(File::new(&flow, kept.text))).into_response())
}

/// Write the cases of a flow
///
/// Whatever they say is kept, beside the draft, and comes beside the flow when that is published. Cases that there are already are
/// replaced only by who names them, by If-Match.
#[utoipa::path(
    put, path = "/api/v1/flows/{flow}/cases", tag = "cases",
    params(
        ("flow", description = "The flow's id; the flow need not be there yet"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of the cases that are to be replaced"),
        ("If-None-Match" = Option<String>, Header, description = "`*`: there must be none"),
    ),
    request_body(content = String, content_type = "application/yaml", description = "The file of cases"),
    responses(
        (
            status = 200, description = "They were replaced", body = File,
            headers(("ETag", description = "That of the new ones")),
        ),
        (
            status = 201, description = "There were none before", body = File,
            headers(("ETag", description = "That of the new ones")),
        ),
        (status = 412, description = "Somebody else has changed, made or removed them"),
        (status = 428, description = "There are cases, and If-Match is missing"),
    )
)]
async fn write(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let (flow, condition) = (flow_id(&flow)?, condition(&headers));
    let text = body::text(body, serving.limits()).await?;
    let written = blocking(&serving, move |publisher| {
        let written = publisher.cases.write(&flow, &text, &condition)?;
        Ok((written, Tag::of(&text), File::new(&flow, text)))
    });
    let (written, tag, file) = written.await?;
    let status = match written {
        Written::New => StatusCode::CREATED,
        Written::Replaced => StatusCode::OK,
    };
    Ok((status, tagged(&tag), Json(file)).into_response())
}

/// Forget what was edited of a flow's cases
///
/// Those beside the flow stay.
#[utoipa::path(
    delete, path = "/api/v1/flows/{flow}/cases", tag = "cases",
    params(
        ("flow", description = "The flow's id"),
        ("If-Match" = Option<String>, Header, description = "Only while they have this entity tag"),
    ),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "Nothing was edited"),
        (status = 412, description = "They have another entity tag by now"),
    )
)]
async fn remove(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let (flow, condition) = (flow_id(&flow)?, condition(&headers));
    blocking(&serving, move |publisher| publisher.cases.remove(&flow, &condition)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Run cases
///
/// On virtual time, in which sleeping takes none; no client hears of it, and nothing of it is kept. With
/// `Accept: text/event-stream` an event `case` for each as it is done, and then `done` with how many came out how. Whoever leaves
/// cancels what is under way.
#[utoipa::path(
    post, path = "/api/v1/flows/{flow}/cases/run", tag = "cases",
    params(("flow", description = "The flow's id; the flow need not be there yet")),
    request_body(content = Asked, content_type = "application/json"),
    responses(
        (status = 200, description = "What came of them", content(
            (Results = "application/json"),
            (String = "text/event-stream"),
        )),
        (status = 404, description = "There is no such flow"),
        (status = 422, description = "The document or the cases have errors: `problems` says which, and where"),
        (status = 503, description = "Cases are run for too many others now"),
    )
)]
async fn run(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let flow = flow_id(&flow)?;
    let asked: Asked = body::json(body, serving.limits()).await?;
    let permit = Arc::clone(&serving.case_requests).try_acquire_owned().map_err(|_| busy(&serving))?;
    let (planned, cases) = prepared(&serving, flow, asked).await?;
    let results = results(Arc::clone(&serving), planned, cases, permit);
    if !wants_events(&headers) {
        let cases: Vec<_> = results.collect().await;
        let count = cases.iter().fold(Count::default(), Count::with);
        return Ok(Json(Results { cases, count }).into_response());
    }
    let counted = results.map(Some).chain(stream::iter([None])).scan(Count::default(), |count, result| {
        let told = match &result {
            Some(result) => {
                *count = count.with(result);
                event("case", result)
            }
            None => event("done", count),
        };
        std::future::ready(Some(Ok::<_, axum::Error>(told)))
    });
    let every = milliseconds(serving.limits().ping_every_ms);
    Ok(Sse::new(counted).keep_alive(KeepAlive::new().interval(every)).into_response())
}

/// What is run, and which cases of it.
async fn prepared(serving: &Arc<Serving>, flow: FlowId, asked: Asked) -> Result<(Planned, Vec<Case>), Problem> {
    let Asked { document, cases, names } = asked;
    let (planned, text) = blocking(serving, move |publisher| {
        let planned = publisher.planned(&flow, document)?;
        let kept = || Ok::<_, Refusal>(publisher.cases.read(&flow)?.map(|kept| kept.text).unwrap_or_default());
        Ok((planned, cases.map_or_else(kept, Ok)?))
    })
    .await?;
    let mut cases = parsed(&planned.plan.flow, &text)?;
    if let Some(names) = names {
        cases.retain(|case| names.contains(&case.name));
    }
    Ok((planned, cases))
}

fn parsed(flow: &str, text: &str) -> Result<Vec<Case>, Problem> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut source = Source::of(format!("{flow}.cases.yaml"), text);
    source.check(cases::parse).ok_or_else(|| Problem::invalid_cases(flow, &findings(&source.reports())))
}

/// One after the other.
fn results(
    serving: Arc<Serving>,
    planned: Planned,
    cases: Vec<Case>,
    permit: OwnedSemaphorePermit,
) -> impl Stream<Item = CaseResult> + Send {
    let rest = cases.into_iter();
    stream::unfold((serving, planned, rest, permit), async |(serving, planned, mut rest, permit)| {
        let case = rest.next()?;
        let result = one(&serving, &planned, case).await;
        Some((result, (serving, planned, rest, permit)))
    })
}

async fn one(serving: &Serving, planned: &Planned, case: Case) -> CaseResult {
    let Planned { plan, components } = planned;
    let (name, input, expects) = (case.name.clone(), case.input.clone(), case.expect.is_some());
    let limit = serving.limits().case_wall_ms_max;
    let testing = tested::test(&serving.server.aside, plan, components, case);
    let tested = timeout(milliseconds(limit), testing).await.unwrap_or_else(|_| Tested {
        flow: Arc::clone(&plan.flow),
        case: name,
        observed: None,
        differences: vec![format!("+ it was stopped after {limit} ms: case_wall_ms_max")],
    });
    CaseResult::new(serving, plan, tested, input, expects).await
}

fn busy(serving: &Serving) -> Problem {
    let max = serving.limits().case_requests_max;
    let detail = format!("cases are run for others now, try again soon: case_requests_max is {max}");
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "busy", detail)
}

fn tagged(tag: &Tag) -> [(axum::http::HeaderName, String); 1] {
    [(ETAG, tag.to_string())]
}

impl File {
    fn new(flow: &FlowId, text: String) -> Self {
        let mut source = Source::of(format!("{flow}.cases.yaml"), &text);
        if !text.trim().is_empty() {
            source.check(cases::parse);
        }
        Self { flow: flow.to_string(), problems: findings(&source.reports()), text }
    }
}

impl Count {
    fn with(mut self, result: &CaseResult) -> Self {
        match result.status() {
            "passed" => self.passed += 1,
            "shown" => self.shown += 1,
            _ => self.failed += 1,
        }
        self
    }
}
