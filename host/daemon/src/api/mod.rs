//! What is served over plain HTTP. Each file has its routes, which carry their descriptions with them.

mod asking;
mod body;
pub(crate) mod components;
mod drafts;
mod finding;
pub(crate) mod flows;
mod openapi;
mod problem;
pub(crate) mod run;
mod runs;
mod told;
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
    vec![flows::routes(), runs::routes(), versions::routes(), drafts::routes(), components::routes(), openapi::routes()]
}
