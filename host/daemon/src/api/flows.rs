//! `GET /api/v1/flows`: the project's flows, and what is wrong with them.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use sandgate_flow::diagnostic::Report;
use sandgate_flow::document::Framing;
use serde::Serialize;

use super::Problem;
use crate::project::{Flow, Unusable};
use crate::server::{NotServed, Serving};

/// `/api/v1/flows` and `/api/v1/flows/<flow>`.
pub(crate) fn routes() -> Router<Arc<Serving>> {
    Router::new().route("/api/v1/flows", get(list)).route("/api/v1/flows/{flow}", get(one))
}

#[derive(Serialize)]
struct Listing {
    project: String,
    flows: Vec<View>,
    /// Files that are left out: components that do not load, say.
    unusable: Vec<Unusable>,
}

/// A flow, as clients see it. What the document says is null as long as no version of it was free of errors.
#[derive(Serialize)]
struct View {
    flow: Arc<str>,
    title: String,
    description: Option<String>,
    version: Option<u64>,
    framing: Option<&'static str>,
    /// A JSON Schema of an object.
    input: Option<serde_json::Value>,
    status: &'static str,
    problems: Vec<Report>,
    websocket: String,
    run: String,
}

async fn list(State(serving): State<Arc<Serving>>) -> Json<Listing> {
    let project = serving.server.projects.current();
    let flows = project.flows.values().map(View::new).collect();
    Json(Listing { project: project.name.clone(), flows, unusable: project.unusable.clone() })
}

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
            problems: flow.problems.clone(),
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
