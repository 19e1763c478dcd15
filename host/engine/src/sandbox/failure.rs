//! What went wrong in a guest, as whoever reads it would put it.

use std::sync::Arc;

use sandgate_flow::diagnostic::printable;
use sandgate_flow::event::{Failure, FailureKind};
use sandgate_flow::plan::Node;
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};

use super::Bounds;
use crate::capability::Diverged;
use crate::limits::{Limits, Reached};
use crate::run::HostCallError;

/// The failure of a node whose component did not return.
pub(crate) fn failure_of(node: &Node, error: &wasmtime::Error, bounds: &Bounds, limits: &Limits) -> Failure {
    let (kind, message) = what(error, bounds, limits);
    Failure {
        kind,
        node: Some(Arc::clone(&node.id)),
        component: Some(Arc::clone(&node.component)),
        message,
        detail: error.downcast_ref::<WasmBacktrace>().map(shown),
    }
}

/// A backtrace, as much of it as a log can hold. The names in it are the component's own.
fn shown(backtrace: &WasmBacktrace) -> String {
    const LINES_MAX: usize = 32;
    const LINE_BYTES_MAX: usize = 256;
    let text = backtrace.to_string();
    let lines = text.lines().take(LINES_MAX);
    let lines = lines.map(|line| printable(line.get(..line.floor_char_boundary(LINE_BYTES_MAX)).unwrap_or_default()));
    lines.collect::<Vec<_>>().join("\n")
}

fn what(error: &wasmtime::Error, bounds: &Bounds, limits: &Limits) -> (FailureKind, String) {
    if let Some(reached) = reached(error, bounds, limits) {
        return (reached.kind(), reached.to_string());
    }
    if let Some(diverged) = error.downcast_ref::<Diverged>() {
        return (FailureKind::Diverged, format!("did not do again what it had done before it slept: it {diverged}"));
    }
    match error.downcast_ref::<Trap>() {
        Some(trap) => (FailureKind::Trap, format!("trapped: {trap}")),
        None if is_of_host(error) => (FailureKind::Host, format!("failed: {}", error.root_cause())),
        None => (FailureKind::Trap, format!("broke the rules of the component model: {}", error.root_cause())),
    }
}

/// Whether the host could not do its part. Anything else that stops a guest is its own doing.
fn is_of_host(error: &wasmtime::Error) -> bool {
    error.is::<HostCallError>() || error.is::<PoolConcurrencyLimitError>() || error.is::<std::io::Error>()
}

/// The limit that it ran into, if it did.
fn reached(error: &wasmtime::Error, bounds: &Bounds, limits: &Limits) -> Option<Reached> {
    let limit =
        |limit, value: usize, message: &str| Reached { limit, value: value as u64, message: message.to_owned() };
    if let Some(reached) = error.downcast_ref::<Reached>() {
        Some(reached.clone())
    } else if error.is::<Diverged>() {
        None
    } else if error.downcast_ref() == Some(&Trap::StackOverflow) {
        Some(limit("stack_bytes_max", limits.stack_bytes_max, "used up its stack"))
    } else if error.root_cause().to_string().contains(CROSSING) {
        Some(limit("crossing_bytes_max", limits.crossing_bytes_max, "gave the host too much in one call"))
    } else if error.root_cause().to_string().contains(HANDLES) {
        Some(limit("handles_max", limits.handles_max, "holds too many handles"))
    } else {
        bounds.refused().cloned()
    }
}

/// What wasmtime says when a guest has given the host too much: the type of that error is its own.
const CROSSING: &str = "fuel allocated for hostcalls has been exhausted";
/// What it says when a guest has taken too many handles.
const HANDLES: &str = "store handle limit exceeded";

/// The limit for which a component is not even loaded, if that is why. Here too the text is all that wasmtime tells.
pub(crate) fn limit_of_load(error: &wasmtime::Error, limits: &Limits) -> Option<Reached> {
    let limits = [
        ("core module instances, which exceeds", "core_instances_max", limits.core_instances_max as usize),
        ("linear memories, which exceeds", "memories_max", limits.memories_max as usize),
        ("tables, which exceeds", "tables_max", limits.tables_max as usize),
        ("minimum byte size", "memory_bytes_max", limits.memory_bytes_max),
        ("minimum element size", "table_elements_max", limits.table_elements_max),
    ];
    let said = error.root_cause().to_string();
    let (_, limit, value) = limits.into_iter().find(|(words, ..)| said.contains(words))?;
    Some(Reached { limit, value: value as u64, message: "needs too much".to_owned() })
}
