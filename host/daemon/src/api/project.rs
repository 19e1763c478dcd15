//! `/api/v1/project`: what is served, as a whole; and `/api/v1/drafts`: what is being edited in it.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use sandgate_flow::diagnostic::Severity;
use sandgate_flow::parse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::blocking;
use super::{Problem, body};
use crate::project::{NotMade, Unusable};
use crate::publishing::{FlowId, Publisher, Refusal};
use crate::server::Serving;

/// The addresses of the project.
pub(super) fn routes() -> OpenApiRouter<Arc<Serving>> {
    OpenApiRouter::new().routes(routes!(show, make)).routes(routes!(drafts))
}

/// What is served, as a whole.
#[derive(Serialize, ToSchema)]
struct Project {
    /// Its name, for people.
    #[schema(example = "shop")]
    project: String,
    /// Whether it is a folder, in which flows are files.
    folder: bool,
    /// Whether that folder is no project yet: it can be made one.
    empty: bool,
    /// How many flows there are.
    flows: usize,
    /// The version of the host.
    version: &'static str,
    /// Files that are left out: components that do not load, say.
    unusable: Vec<Unusable>,
}

/// A project that is to be made.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewProject)]
struct Made {
    /// Its name, for people; the folder's without.
    name: Option<String>,
}

/// The drafts that there are.
#[derive(Serialize, ToSchema)]
#[schema(as = Drafts)]
struct Listing {
    drafts: Vec<DraftHead>,
}

/// A draft in short.
#[derive(Serialize, ToSchema)]
struct DraftHead {
    #[schema(example = "countdown")]
    flow: String,
    /// The title that it gives the flow.
    title: Option<String>,
    /// When it was changed last: RFC 3339, in UTC.
    modified: Option<String>,
    /// Whether there is a version of the flow.
    published: bool,
    problems: Counts,
}

/// How much is wrong.
#[derive(Serialize, ToSchema)]
#[schema(as = ProblemCounts)]
struct Counts {
    errors: usize,
    warnings: usize,
}

/// Show the project
#[utoipa::path(
    get, path = "/api/v1/project", tag = "project",
    responses((status = 200, description = "The project", body = Project))
)]
async fn show(State(serving): State<Arc<Serving>>) -> Json<Project> {
    Json(Project::new(&serving))
}

/// Make a project
///
/// Of the empty folder that is served: `sandgate.toml`, `flows/` and what editors need in it. There are no flows yet.
#[utoipa::path(
    post, path = "/api/v1/project", tag = "project",
    request_body(content = Made, content_type = "application/json"),
    responses(
        (status = 201, description = "The project", body = Project),
        (status = 409, description = "The folder is a project already, or there is none"),
    )
)]
async fn make(State(serving): State<Arc<Serving>>, body: Body) -> Result<Response, Problem> {
    let Made { name } = body::json(body, serving.limits()).await?;
    let projects = Arc::clone(&serving.server.projects);
    let making = tokio::task::spawn_blocking(move || projects.make(name.as_deref()));
    let made =
        making.await.map_err(|fault| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", fault.to_string()))?;
    made.map_err(Problem::from)?;
    Ok((StatusCode::CREATED, Json(Project::new(&serving))).into_response())
}

/// List the drafts
#[utoipa::path(
    get, path = "/api/v1/drafts", tag = "drafts",
    responses((status = 200, description = "All of them", body = Listing))
)]
async fn drafts(State(serving): State<Arc<Serving>>) -> Result<Json<Listing>, Problem> {
    let listed = blocking(&serving, |publisher| {
        let drafts =
            publisher.drafts.flows()?.into_iter().filter_map(|flow| DraftHead::new(publisher, &flow).transpose());
        Ok(Listing { drafts: drafts.collect::<Result<_, _>>()? })
    });
    listed.await.map(Json)
}

impl Project {
    fn new(serving: &Serving) -> Self {
        let projects = &serving.server.projects;
        let project = projects.current();
        Self {
            project: project.name.clone(),
            folder: projects.are_of_folder(),
            empty: projects.can_be_made(),
            flows: project.flows.len(),
            version: env!("CARGO_PKG_VERSION"),
            unusable: project.unusable.clone(),
        }
    }
}

impl DraftHead {
    /// None if it is gone by now.
    fn new(publisher: &Publisher, flow: &FlowId) -> Result<Option<Self>, Refusal> {
        let Some(draft) = publisher.drafts.read(flow)? else { return Ok(None) };
        let reports = publisher.problems(flow, &draft.text)?.reports();
        let count = |severity| reports.iter().filter(|report| report.severity == severity).count();
        let modified = publisher.drafts.modified(flow).and_then(|at| jiff::Timestamp::try_from(at).ok());
        Ok(Some(Self {
            flow: flow.to_string(),
            title: title(&draft.text),
            modified: modified.map(|at| format!("{at:.3}")),
            published: publisher.versions.store().current(flow.as_str()).is_ok(),
            problems: Counts { errors: count(Severity::Error), warnings: count(Severity::Warning) },
        }))
    }
}

fn title(text: &str) -> Option<String> {
    Some(parse::parse(text).ok()?.flow.title?.value.to_string())
}

impl From<NotMade> for Problem {
    fn from(error: NotMade) -> Self {
        let (status, kind) = match &error {
            NotMade::Exists | NotMade::NoFolder => (StatusCode::CONFLICT, "project-exists"),
            NotMade::Name => (StatusCode::UNPROCESSABLE_ENTITY, "project-name"),
            NotMade::File(_) => (StatusCode::INTERNAL_SERVER_ERROR, "storage"),
        };
        Self::new(status, kind, error.to_string())
    }
}
