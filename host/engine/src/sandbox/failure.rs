//! What went wrong in a guest, as whoever reads it would put it.

use std::sync::Arc;

use sandgate_flow::event::{Failure, FailureKind};
use sandgate_flow::plan::Node;
use wasmtime::{Trap, WasmBacktrace};

use super::Bounds;
use crate::capability::Diverged;
use crate::limits::{Limits, Reached};

/// The failure of a node whose component did not return.
pub(crate) fn failure_of(node: &Node, error: &wasmtime::Error, bounds: &Bounds, limits: &Limits) -> Failure {
    let (kind, message) = what(error, bounds, limits);
    Failure {
        kind,
        node: Some(Arc::clone(&node.id)),
        component: Some(Arc::clone(&node.component)),
        message,
        detail: error.downcast_ref::<WasmBacktrace>().map(ToString::to_string),
    }
}

fn what(error: &wasmtime::Error, bounds: &Bounds, limits: &Limits) -> (FailureKind, String) {
    if let Some(reached) = error.downcast_ref::<Reached>() {
        return (reached.kind(), reached.to_string());
    }
    if let Some(diverged) = error.downcast_ref::<Diverged>() {
        return (FailureKind::Diverged, format!("did not do again what it had done before it slept: it {diverged}"));
    }
    match (error.downcast_ref::<Trap>(), bounds.refused()) {
        (Some(Trap::StackOverflow), _) => {
            let value = limits.stack_bytes_max as u64;
            let message = "used up its stack".to_owned();
            let reached = Reached { limit: "stack_bytes_max", value, message };
            (reached.kind(), reached.to_string())
        }
        (_, Some(refused)) => (refused.kind(), refused.to_string()),
        (Some(trap), None) => (FailureKind::Trap, format!("trapped: {trap}")),
        (None, None) => (FailureKind::Host, format!("failed: {}", error.root_cause())),
    }
}
