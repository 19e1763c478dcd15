//! Whether the daemon lives, and whether it takes work.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::server::Serving;

/// `GET /livez`: the process answers.
pub(crate) async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: it takes work, which it does not once it is being stopped, nor while nothing can be stored.
pub(crate) async fn ready(State(serving): State<Arc<Serving>>) -> (StatusCode, String) {
    if serving.shutdown.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "the daemon is being stopped".to_owned());
    }
    match serving.server.engine.health() {
        Ok(()) => (StatusCode::OK, "ok".to_owned()),
        Err(error) => (StatusCode::SERVICE_UNAVAILABLE, error.to_string()),
    }
}
