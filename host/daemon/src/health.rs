//! Whether the daemon lives, and whether it takes work.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::server::Serving;

/// `GET /livez`: the process answers.
pub(crate) async fn live() -> &'static str {
    "ok"
}

/// `GET /readyz`: it takes work, which it does not once it is being stopped.
pub(crate) async fn ready(State(serving): State<Arc<Serving>>) -> (StatusCode, &'static str) {
    if serving.shutdown.is_cancelled() {
        (StatusCode::SERVICE_UNAVAILABLE, "the daemon is being stopped")
    } else {
        (StatusCode::OK, "ok")
    }
}
