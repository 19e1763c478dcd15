//! What is served over plain HTTP. Each file has its routes, which carry their descriptions with them.

mod asking;
mod asyncapi;
mod body;
mod cases;
mod check;
pub(crate) mod components;
mod drafts;
mod finding;
pub(crate) mod flows;
mod openapi;
mod problem;
mod project;
pub(crate) mod run;
mod runs;
mod told;
mod trials;
pub(crate) mod versions;

use std::sync::Arc;

use utoipa_axum::router::OpenApiRouter;

use crate::server::Serving;

pub(crate) use problem::Problem;

/// All of `/api/v1`.
pub(crate) fn routes() -> OpenApiRouter<Arc<Serving>> {
    of_files().into_iter().fold(OpenApiRouter::new(), OpenApiRouter::merge)
}

/// What is in each file.
fn of_files() -> Vec<OpenApiRouter<Arc<Serving>>> {
    vec![
        project::routes(),
        flows::routes(),
        asyncapi::routes(),
        runs::routes(),
        versions::routes(),
        drafts::routes(),
        check::routes(),
        cases::routes(),
        trials::routes(),
        components::routes(),
        openapi::routes(),
    ]
}
