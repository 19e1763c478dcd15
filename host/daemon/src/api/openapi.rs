//! `GET /api/v1/openapi.json`: what is served over plain HTTP, described for programs (OpenAPI 3.1).

use std::sync::{Arc, LazyLock};

use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use utoipa::OpenApi;
use utoipa::openapi::path::Operation;
use utoipa::openapi::{ContentBuilder, Ref, RefOr, Response as Described, ResponseBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::Problem;
use crate::server::Serving;

/// The address of the description.
pub(super) fn routes() -> OpenApiRouter<Arc<Serving>> {
    OpenApiRouter::new().routes(routes!(show))
}

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Sandgate",
        description = "Runs flows of sandboxed WebAssembly components. How clients follow runs by WebSocket is described \
                       in docs/protocol.md; this is the rest. Every error is problem details (RFC 9457), \
                       application/problem+json.",
    ),
    tags(
        (name = "flows", description = "What is served"),
        (name = "runs", description = "Runs, and flows run over HTTP"),
        (name = "versions", description = "What was published, and publishing"),
        (name = "drafts", description = "Flows that are being edited"),
        (name = "cases", description = "Stored tests of flows, and running them"),
        (name = "project", description = "What is served, as a whole"),
        (name = "components", description = "What flows can be made of"),
        (name = "description", description = "This document"),
    ),
    components(schemas(Problem)),
)]
struct Base;

/// All of it.
pub(super) fn document() -> utoipa::openapi::OpenApi {
    let mut document = Base::openapi();
    document.merge(super::routes().into_openapi());
    document.merge(super::run::routes().into_openapi());
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.put, &mut item.post, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            with_problems(operation);
            with_id_of_its_own(operation);
        }
    }
    document
}

/// An id is a function's name, and becomes one of the whole document with the tag before it.
fn with_id_of_its_own(operation: &mut Operation) {
    let tag = operation.tags.iter().flatten().next();
    operation.operation_id = tag.zip(operation.operation_id.as_ref()).map(|(tag, id)| format!("{tag}_{id}"));
}

/// Every answer that says no says why in the same form, also where the operation has nothing of its own to say of it.
fn with_problems(operation: &mut Operation) {
    let responses = &mut operation.responses.responses;
    let any = || ResponseBuilder::new().description("Whatever else can be wrong").build();
    responses.entry("default".to_owned()).or_insert_with(|| RefOr::T(any()));
    let is_no = |status: &str| status == "default" || status.starts_with(['4', '5']);
    for (_, response) in responses.iter_mut().filter(|(status, _)| is_no(status)) {
        if let RefOr::T(response) = response {
            add_problem(response);
        }
    }
}

fn add_problem(response: &mut Described) {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    response.content = [("application/problem+json".to_owned(), content)].into_iter().collect();
}

/// Describe all of this
#[utoipa::path(
    get, path = "/api/v1/openapi.json", tag = "description",
    responses((status = 200, description = "This document", body = serde_json::Value))
)]
async fn show() -> Response {
    static TEXT: LazyLock<String> = LazyLock::new(|| serde_json::to_string(&document()).unwrap_or_default());
    ([(CONTENT_TYPE, "application/json")], TEXT.as_str()).into_response()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    /// Of two of one name the document would have one.
    #[test]
    fn no_two_files_describe_different_things_by_one_name() {
        let mut known = BTreeMap::new();
        let routers = super::super::of_files().into_iter().chain([super::super::run::routes()]);
        for components in routers.filter_map(|router| router.into_openapi().components) {
            for (name, schema) in components.schemas {
                let other = known.insert(name.clone(), schema.clone());
                assert!(other.is_none_or(|other| other == schema), "{name}");
            }
        }
        assert!(known.len() > 20, "{}", known.len());
    }
}
