//! `GET /api/v1/flows`: the project's flows, and what is wrong with them.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use sandgate_flow::document::Framing;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use super::finding::{Finding, findings};
use crate::project::{Flow, Unusable};
use crate::server::{NotServed, Serving};

/// `/api/v1/flows` and `/api/v1/flows/<flow>`.
pub(super) fn routes() -> OpenApiRouter<Arc<Serving>> {
    OpenApiRouter::new().routes(routes!(list)).routes(routes!(one))
}

/// The flows of the project, or of the data folder where there is no project.
#[derive(Serialize, ToSchema)]
#[schema(as = Flows)]
struct Listing {
    /// The project's name.
    #[schema(example = "shop")]
    project: String,
    flows: Vec<View>,
    /// Files that are left out: components that do not load, say.
    unusable: Vec<Unusable>,
}

/// A flow, as clients see it. What the document says is null as long as no version of it was free of errors.
#[derive(Serialize, ToSchema)]
#[schema(as = Flow)]
struct View {
    #[schema(value_type = String, example = "countdown")]
    flow: Arc<str>,
    #[schema(example = "Countdown")]
    title: String,
    description: Option<String>,
    /// The version that new runs take.
    #[schema(example = 3)]
    version: Option<u64>,
    /// `json-rpc` or `raw`.
    #[schema(example = "json-rpc")]
    framing: Option<&'static str>,
    /// A JSON Schema of an object.
    input: Option<serde_json::Value>,
    /// `served`; `stale`, where the file has errors and the last version is served; or `broken`, where nothing is.
    #[schema(example = "served")]
    status: &'static str,
    /// What is wrong with the file.
    problems: Vec<Finding>,
    /// Where clients connect by WebSocket.
    #[schema(example = "/ws/countdown")]
    websocket: String,
    /// Where it is run over HTTP.
    #[schema(example = "/run/countdown")]
    run: String,
}

/// List the flows
///
/// With what is wrong with them.
#[utoipa::path(
    get, path = "/api/v1/flows", tag = "flows",
    responses((status = 200, description = "All of them", body = Listing))
)]
async fn list(State(serving): State<Arc<Serving>>) -> Json<Listing> {
    let project = serving.server.projects.current();
    let flows = project.flows.values().map(View::new).collect();
    Json(Listing { project: project.name.clone(), flows, unusable: project.unusable.clone() })
}

/// Show a flow
#[utoipa::path(
    get, path = "/api/v1/flows/{flow}", tag = "flows",
    params(("flow", description = "The flow's id")),
    responses(
        (status = 200, description = "The flow", body = View),
        (status = 404, description = "There is no such flow"),
    )
)]
async fn one(State(serving): State<Arc<Serving>>, Path(flow): Path<String>) -> Result<Json<View>, Problem> {
    let project = serving.server.projects.current();
    let found = project.flows.get(flow.as_str()).map(View::new);
    found.map(Json).ok_or_else(|| NotServed::Unknown(flow).into())
}

impl View {
    fn new(flow: &Flow) -> Self {
        let served = flow.served.as_deref();
        let plan = served.map(|served| &served.plan);
        Self {
            flow: Arc::clone(&flow.id),
            title: plan.map_or_else(|| flow.id.to_string(), |plan| plan.title.clone()),
            description: plan.and_then(|plan| plan.description.clone()),
            version: served.map(|served| served.version),
            framing: plan.map(|plan| framing(plan.interface.framing)),
            input: plan.map(|plan| plan.interface.input.schema()),
            status: flow.status(),
            problems: findings(&flow.problems),
            websocket: format!("/ws/{}", flow.id),
            run: format!("/run/{}", flow.id),
        }
    }
}

fn framing(framing: Framing) -> &'static str {
    match framing {
        Framing::JsonRpc => "json-rpc",
        Framing::Raw => "raw",
    }
}
