//! `/api/v1/flows/<flow>/versions`: what was published of a flow, and publishing.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::LOCATION;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{blocking, condition, flow_id};
use super::{Problem, body};
use crate::config::Unsaid;
use crate::publishing::{Condition, Content, Done};
use crate::server::Serving;
use crate::versions::diff::Diff;
use crate::versions::{self, Needed, Outcome, time};

/// The addresses of versions.
pub(super) fn routes() -> OpenApiRouter<Arc<Serving>> {
    OpenApiRouter::new()
        .routes(routes!(list, publish))
        .routes(routes!(one))
        .routes(routes!(diff))
        .routes(routes!(roll_back))
}

/// Versions of a flow, newest first.
#[derive(Serialize, ToSchema)]
#[schema(as = Versions)]
pub(crate) struct Listing {
    flow: String,
    versions: Vec<Head>,
    /// `before` of the next page; null on the last.
    next: Option<u64>,
}

/// A version in short.
#[derive(Serialize, ToSchema)]
#[schema(as = VersionHead)]
pub(crate) struct Head {
    #[schema(example = "countdown")]
    flow: String,
    /// 1 for the flow's first version, and one more for each after it.
    #[schema(example = 3)]
    version: u64,
    /// What was said when it was published.
    #[schema(example = "Count slower")]
    message: String,
    /// When it was published: RFC 3339, in UTC.
    #[schema(example = "2026-03-01T08:05:09.120Z")]
    published: String,
    /// The version whose content it has again, if it was made by going back.
    restores: Option<u64>,
    /// Whether new runs take it: the newest is current.
    current: bool,
}

/// A version, and all that it is made of.
#[derive(Serialize, ToSchema)]
#[schema(as = Version)]
pub(crate) struct Whole {
    #[serde(flatten)]
    head: Head,
    /// The ending of the document's file: `yaml`, `yml` or `json`.
    #[schema(example = "yaml")]
    ending: String,
    /// The document.
    text: String,
    /// What it calls.
    components: Vec<Called>,
}

/// A component that a version calls.
#[derive(Serialize, ToSchema)]
#[schema(as = VersionComponent)]
pub(crate) struct Called {
    /// The name that the flow calls it by.
    component: String,
    /// The SHA-256 of its bytes, in hexadecimal.
    digest: String,
    /// Limits of its own.
    limits: BTreeMap<String, u64>,
    /// What its other limits are: `engine` for all that the engine allows, `default` for what a component of somebody
    /// else may use.
    other_limits: &'static str,
}

/// What came of publishing or going back.
#[derive(Serialize, ToSchema)]
#[schema(as = Published)]
pub(crate) struct Made {
    /// False if the current version has this content already: there is no new one.
    created: bool,
    /// The version that new runs take.
    version: Whole,
}

/// Which versions are listed.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Page {
    /// Versions with a lower number than this; the newest ones without.
    before: Option<u64>,
    /// As many at most; `versions_page_max` without, and never more.
    limit: Option<usize>,
}

/// What is to be published.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Publish {
    /// What changes, for people.
    #[serde(default)]
    #[schema(example = "Count slower")]
    message: String,
    /// The document; without one the draft is published.
    document: Option<String>,
}

/// Where to go back to.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = Rollback)]
struct RollBack {
    /// A version's number.
    #[schema(example = 2)]
    to: u64,
    /// Why, for people; "back to version N" without.
    message: Option<String>,
}

/// List the versions of a flow
///
/// Newest first, in pages.
#[utoipa::path(
    get, path = "/api/v1/flows/{flow}/versions", tag = "versions",
    params(("flow", description = "The flow's id"), Page),
    responses(
        (status = 200, description = "A page of them", body = Listing),
        (status = 404, description = "The flow was never published"),
    )
)]
async fn list(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<Listing>, Problem> {
    let Query(page) = page.map_err(|error| Problem::new(StatusCode::BAD_REQUEST, "query", error.to_string()))?;
    let (flow, max) = (flow_id(&flow)?, serving.limits().versions_page_max);
    let count = page.limit.map_or(max, |limit| limit.clamp(1, max.max(1)));
    let listed = blocking(&serving, move |publisher| {
        Ok(Listing::new(flow.as_str(), publisher.versions.store(), page.before, count)?)
    });
    listed.await.map(Json)
}

/// Show a version
///
/// With its document, and the components that it calls.
#[utoipa::path(
    get, path = "/api/v1/flows/{flow}/versions/{version}", tag = "versions",
    params(("flow", description = "The flow's id"), ("version" = u64, description = "Its number")),
    responses(
        (status = 200, description = "The version", body = Whole),
        (status = 404, description = "There is no such version"),
    )
)]
async fn one(
    State(serving): State<Arc<Serving>>,
    named: Result<Path<(String, u64)>, PathRejection>,
) -> Result<Json<Whole>, Problem> {
    let Path((flow, number)) = named.map_err(bad_number)?;
    let flow = flow_id(&flow)?;
    let version = blocking(&serving, move |publisher| Ok(publisher.versions.store().version(flow.as_str(), number)?));
    Ok(Json(Whole::new(version.await?)))
}

/// Say what differs between two versions
///
/// Nodes, edges, input and components, and the documents line by line.
#[utoipa::path(
    get, path = "/api/v1/flows/{flow}/versions/{from}/diff/{to}", tag = "versions",
    params(
        ("flow", description = "The flow's id"),
        ("from" = u64, description = "The number of the first version"),
        ("to" = u64, description = "The number of the second"),
    ),
    responses(
        (status = 200, description = "What the second has other than the first", body = Diff),
        (status = 404, description = "There is no such version"),
    )
)]
async fn diff(
    State(serving): State<Arc<Serving>>,
    named: Result<Path<(String, u64, u64)>, PathRejection>,
) -> Result<Json<Diff>, Problem> {
    let Path((flow, from, to)) = named.map_err(bad_number)?;
    let flow = flow_id(&flow)?;
    let compared = blocking(&serving, move |publisher| {
        let version = |number| publisher.versions.store().version(flow.as_str(), number);
        Ok(Diff::new(&version(from)?, &version(to)?)?)
    });
    compared.await.map(Json)
}

/// Publish a flow
///
/// Makes a version of the document in the body, or of the draft. New runs take it at once, on the sockets that are open;
/// runs under way go on in theirs. In a project the document is in `flows/` then. A draft that says the same is removed. If
/// the current version has this content already, nothing is made.
#[utoipa::path(
    post, path = "/api/v1/flows/{flow}/versions", tag = "versions",
    params(
        ("flow", description = "The flow's id"),
        ("If-Match" = Option<String>, Header, description = "Publish the draft only while it has this entity tag"),
    ),
    request_body(content = Publish, content_type = "application/json"),
    responses(
        (status = 201, description = "A new version", body = Made, headers(("Location", description = "Its address"))),
        (status = 200, description = "The current version has this content already", body = Made),
        (status = 404, description = "There is no draft"),
        (status = 409, description = "The file in flows/ was changed by hand since it was read, and would be written over"),
        (status = 412, description = "The draft has another entity tag by now"),
        (status = 422, description = "The document has errors: `problems` says which, and where"),
    )
)]
async fn publish(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    let flow = flow_id(&flow)?;
    let Publish { message, document } = body::json(body, serving.limits()).await?;
    let content = match (document, condition(&headers)) {
        (Some(text), _) => Content::Text(text),
        (None, condition @ Condition::Is(_)) => Content::Draft(condition),
        (None, _) => Content::Draft(Condition::None),
    };
    let done = blocking(&serving, move |publisher| publisher.publish(&flow, content, &message)).await?;
    Ok(Made::new(done).into_response())
}

/// Go back to an older version
///
/// Makes a new version with its document and its components, byte by byte: numbers only grow, and history stays. In a
/// project the document is in `flows/` then; files of components stay as they are.
#[utoipa::path(
    post, path = "/api/v1/flows/{flow}/rollback", tag = "versions",
    params(("flow", description = "The flow's id")),
    request_body(content = RollBack, content_type = "application/json"),
    responses(
        (status = 201, description = "A new version", body = Made, headers(("Location", description = "Its address"))),
        (status = 200, description = "The current version has this content already", body = Made),
        (status = 404, description = "There is no such version"),
        (status = 409, description = "The file in flows/ was changed by hand since it was read, and would be written over"),
        (status = 500, description = "It cannot be run: a file of a component is damaged, say"),
    )
)]
async fn roll_back(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    body: Body,
) -> Result<Response, Problem> {
    let flow = flow_id(&flow)?;
    let RollBack { to, message } = body::json(body, serving.limits()).await?;
    let done = blocking(&serving, move |publisher| publisher.roll_back(&flow, to, message.as_deref())).await?;
    Ok(Made::new(done).into_response())
}

fn bad_number(error: PathRejection) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, "version", format!("a version is named by its number: {}", error.body_text()))
}

impl Listing {
    /// A page of a flow's versions.
    pub(crate) fn new(
        flow: &str,
        store: &versions::Store,
        before: Option<u64>,
        count: usize,
    ) -> Result<Self, versions::Error> {
        let heads = store.list(flow, before, count)?;
        let next = heads.last().map(|head| head.number).filter(|last| heads.len() == count && *last > 1);
        Ok(Self { flow: flow.to_owned(), versions: heads.into_iter().map(Head::new).collect(), next })
    }
}

impl Head {
    fn new(head: versions::Head) -> Self {
        Self {
            flow: head.flow.to_string(),
            version: head.number,
            message: head.message,
            published: time::rfc3339(head.published_ms),
            restores: head.restores,
            current: head.current,
        }
    }
}

impl Whole {
    fn new(version: versions::Version) -> Self {
        let versions::Version { head, text, components } = version;
        let ending = head.ending.clone();
        Self { head: Head::new(head), ending, text, components: components.into_iter().map(Called::new).collect() }
    }
}

impl Called {
    fn new(needed: Needed) -> Self {
        let other_limits = match needed.bounds.from {
            Unsaid::Engine => "engine",
            Unsaid::Default => "default",
        };
        let (component, digest) = (needed.name.to_string(), needed.digest.to_string());
        Self { component, digest, limits: needed.bounds.limits, other_limits }
    }
}

impl Made {
    /// What is answered.
    pub(crate) fn new(done: Done) -> Self {
        Self { created: done.outcome == Outcome::Made, version: Whole::new(done.version) }
    }

    fn into_response(self) -> Response {
        if !self.created {
            return Json(self).into_response();
        }
        let Head { flow, version, .. } = &self.version.head;
        let location = format!("/api/v1/flows/{flow}/versions/{version}");
        (StatusCode::CREATED, [(LOCATION, location)], Json(self)).into_response()
    }
}
