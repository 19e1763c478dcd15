//! `/api/v1/flows/<flow>/draft`: a flow that is being edited.

use std::sync::Arc;

use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::ETAG;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::asking::{blocking, condition, flow_id, has};
use super::finding::{Finding, findings};
use super::{Problem, body};
use crate::publishing::{FlowId, Publisher, Refusal, Tag, Written};
use crate::server::Serving;

/// The address of drafts.
pub(super) fn routes() -> OpenApiRouter<Arc<Serving>> {
    OpenApiRouter::new().routes(routes!(show, write, remove))
}

/// A draft, and what is wrong with it.
#[derive(Serialize, ToSchema)]
struct Draft {
    #[schema(example = "countdown")]
    flow: String,
    /// The document. It may be wrong.
    text: String,
    /// What the check finds wrong with it. With an error it cannot be published.
    problems: Vec<Finding>,
}

/// Show the draft of a flow
#[utoipa::path(
    get, path = "/api/v1/flows/{flow}/draft", tag = "drafts",
    params(
        ("flow", description = "The flow's id"),
        ("If-None-Match" = Option<String>, Header, description = "The entity tag of what is known already"),
    ),
    responses(
        (
            status = 200, description = "The draft", body = Draft,
            headers(("ETag", description = "Tells it apart from what it was before")),
        ),
        (status = 304, description = "It is what is known already"),
        (status = 404, description = "There is none"),
    )
)]
async fn show(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let flow = flow_id(&flow)?;
    let found = blocking(&serving, move |publisher| {
        let draft = publisher.drafts.read(&flow)?.ok_or_else(|| Refusal::NoDraft(flow.clone()))?;
        if has(&headers, &draft.tag) { Ok(Err(draft.tag)) } else { Draft::new(publisher, &flow, draft.text).map(Ok) }
    });
    Ok(match found.await? {
        Ok((tag, draft)) => (tagged(&tag), Json(draft)).into_response(),
        Err(tag) => (StatusCode::NOT_MODIFIED, tagged(&tag)).into_response(),
    })
}

/// Write the draft of a flow
///
/// The body is the document. Whatever it says is kept, and the answer has what is wrong with it. A draft that there is
/// already is replaced only by who names it, by If-Match.
#[utoipa::path(
    put, path = "/api/v1/flows/{flow}/draft", tag = "drafts",
    params(
        ("flow", description = "The flow's id; the flow need not be there yet"),
        ("If-Match" = Option<String>, Header, description = "The entity tag of the draft that is to be replaced"),
        ("If-None-Match" = Option<String>, Header, description = "`*`: there must be no draft"),
    ),
    request_body(content = String, content_type = "application/yaml", description = "The document, YAML or JSON"),
    responses(
        (
            status = 200, description = "It was replaced", body = Draft,
            headers(("ETag", description = "That of the new draft")),
        ),
        (
            status = 201, description = "There was none before", body = Draft,
            headers(("ETag", description = "That of the new draft")),
        ),
        (status = 412, description = "Somebody else has changed, made or removed it"),
        (status = 428, description = "There is a draft, and If-Match is missing"),
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
        let written = publisher.drafts.write(&flow, &text, &condition)?;
        Ok((written, Draft::new(publisher, &flow, text)?))
    });
    let (written, (tag, draft)) = written.await?;
    let status = match written {
        Written::New => StatusCode::CREATED,
        Written::Replaced => StatusCode::OK,
    };
    Ok((status, tagged(&tag), Json(draft)).into_response())
}

/// Throw the draft of a flow away
///
/// What was published stays.
#[utoipa::path(
    delete, path = "/api/v1/flows/{flow}/draft", tag = "drafts",
    params(
        ("flow", description = "The flow's id"),
        ("If-Match" = Option<String>, Header, description = "Only while it has this entity tag"),
    ),
    responses(
        (status = 204, description = "It is gone"),
        (status = 404, description = "There is none"),
        (status = 412, description = "It has another entity tag by now"),
    )
)]
async fn remove(
    State(serving): State<Arc<Serving>>,
    Path(flow): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let (flow, condition) = (flow_id(&flow)?, condition(&headers));
    blocking(&serving, move |publisher| publisher.drafts.remove(&flow, &condition)).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn tagged(tag: &Tag) -> [(axum::http::HeaderName, String); 1] {
    [(ETAG, tag.to_string())]
}

impl Draft {
    fn new(publisher: &Publisher, flow: &FlowId, text: String) -> Result<(Tag, Self), Refusal> {
        let problems = findings(&publisher.problems(flow, &text)?.reports());
        Ok((Tag::of(&text), Self { flow: flow.to_string(), text, problems }))
    }
}
