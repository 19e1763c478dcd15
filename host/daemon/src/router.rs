//! Which address is answered by what.

use std::any::Any;
use std::sync::Arc;

use axum::Router;
use axum::http::{StatusCode, Uri};
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;

use crate::api::{self, Problem};
use crate::server::Serving;
use crate::{health, origin, pages, session, studio};

/// Everything that is served.
pub(crate) fn router(serving: Arc<Serving>) -> Router {
    let cors = serving.server.origins.cors();
    let api = Router::from(api::routes()).layer(from_fn_with_state(Arc::clone(&serving), origin::check_host));
    pages::routes()
        .merge(studio::routes())
        .route("/livez", get(health::live))
        .route("/readyz", get(health::ready))
        .route("/ws/{flow}", get(session::upgrade))
        .merge(api::run::routes())
        .merge(api)
        .fallback(not_found)
        .layer(cors)
        // Outside CORS, so that a browser's first question is refused, and logged, as well.
        .layer(from_fn_with_state(Arc::clone(&serving), origin::check))
        .layer(CatchPanicLayer::custom(panicked))
        .with_state(serving)
}

async fn not_found(uri: Uri) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "not-found", format!("there is nothing at {}", uri.path()))
}

/// The panic itself is in the log, with its place.
fn panicked(_: Box<dyn Any + Send>) -> Response {
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "internal", "the host failed to answer: its log has more")
        .into_response()
}
