//! `POST /api/v1/flows/<flow>/check`: what is wrong with a document as it is typed. `GET /api/v1/expressions`.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use sandgate_flow::check::InScope;
use sandgate_flow::expression::described;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{blocking, flow_id};
use super::finding::{Finding, findings};
use super::{Problem, body};
use crate::server::Serving;

/// The addresses of what helps to write a flow.
pub(super) fn routes() -> OpenApiRouter<Arc<Serving>> {
    OpenApiRouter::new().routes(routes!(check)).routes(routes!(expressions))
}

/// What the check says of a document.
#[derive(Serialize, ToSchema)]
struct Check {
    /// What is wrong with it. With an error it cannot be published.
    problems: Vec<Finding>,
    /// What its expressions have in scope; nothing if it cannot be read.
    names: Vec<Name>,
}

/// A name that expressions have in scope.
#[derive(Serialize, ToSchema)]
struct Name {
    #[schema(example = "input.a")]
    name: String,
    /// What is known of its type.
    #[serde(rename = "type")]
    #[schema(example = "int")]
    ty: String,
    /// Whether it may be null somewhere.
    nullable: bool,
    docs: Option<String>,
}

/// What expressions may call.
#[derive(Serialize, ToSchema)]
struct Expressions {
    functions: Vec<ExpressionFunction>,
}

/// A function of the language of expressions.
#[derive(Serialize, ToSchema)]
struct ExpressionFunction {
    #[schema(example = "size")]
    name: &'static str,
    #[schema(example = "size(value)")]
    signature: &'static str,
    docs: &'static str,
}

/// Check a document
///
/// As it is typed: nothing is kept. The body is the document; it is checked as the flow of this id, against the components
/// that there are now.
#[utoipa::path(
    post, path = "/api/v1/flows/{flow}/check", tag = "drafts",
    params(("flow", description = "The flow's id; the flow need not be there yet")),
    request_body(content = String, content_type = "application/yaml", description = "The document, YAML or JSON"),
    responses((status = 200, description = "What is wrong with it, and what is in scope", body = Check))
)]
async fn check(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    body: Body,
) -> Result<Json<Check>, Problem> {
    let flow = flow_id(&flow)?;
    let text = body::text(body, serving.limits()).await?;
    let checked = blocking(&serving, move |publisher| {
        let problems = findings(&publisher.problems(&flow, &text)?.reports());
        let names = publisher.in_scope(&flow, &text)?.into_iter().map(Name::from).collect();
        Ok(Check { problems, names })
    });
    checked.await.map(Json)
}

/// List the functions of expressions
#[utoipa::path(
    get, path = "/api/v1/expressions", tag = "components",
    responses((status = 200, description = "All of them", body = Expressions))
)]
async fn expressions() -> Json<Expressions> {
    let function = |it: sandgate_flow::expression::Described| ExpressionFunction {
        name: it.name,
        signature: it.signature,
        docs: it.docs,
    };
    Json(Expressions { functions: described().map(function).collect() })
}

impl From<InScope> for Name {
    fn from(InScope { name, ty, nullable, docs }: InScope) -> Self {
        Self { name, ty, nullable, docs }
    }
}
