//! What went wrong in a guest, as whoever reads it would put it.

use std::sync::Arc;

use sandgate_flow::diagnostic::{line, printable};
use sandgate_flow::event::{Failure, FailureKind};
use wasmtime::{PoolConcurrencyLimitError, Trap, WasmBacktrace};

use crate::capability::{Diverged, Host};
use crate::limits::{Limits, Reached};
use crate::run::HostCallError;

/// The failure of the node that a host works for, whose component did not return.
pub(crate) fn failure_of(host: &Host, error: &wasmtime::Error) -> Failure {
    let node = host.caller.core.plan.node(host.caller.node);
    let (kind, message) = what(host, error);
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

fn what(host: &Host, error: &wasmtime::Error) -> (FailureKind, String) {
    if let Some(reached) = reached(host, error) {
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
fn reached(host: &Host, error: &wasmtime::Error) -> Option<Reached> {
    let limit = |limit, value, message: &str| Some(Reached { limit, value, message: message.to_owned() });
    if let Some(reached) = error.downcast_ref::<Reached>() {
        return Some(reached.clone());
    }
    if error.is::<Diverged>() {
        return None;
    }
    let (of_engine, own) = (&host.caller.core.limits, &host.allowance.limits);
    if error.downcast_ref() == Some(&Trap::StackOverflow) {
        return limit("stack_bytes_max", of_engine.stack_bytes_max as u64, "used up its stack");
    }
    let said = error.root_cause().to_string();
    if said.contains(CROSSING) {
        limit("crossing_bytes_max", own.crossing_bytes_max, "gave the host too much in one call")
    } else if said.contains(HANDLES) {
        limit("handles_max", own.handles_max, "holds too many handles")
    } else if said.contains(INSTANCES) {
        limit("core_instances_max", own.core_instances_max, "is made of too many core instances")
    } else {
        host.bounds.refused().cloned()
    }
}

/// What wasmtime says when a guest has given the host too much: the type of that error is its own.
const CROSSING: &str = "fuel allocated for hostcalls has been exhausted";
/// What it says when a guest has taken too many handles.
const HANDLES: &str = "store handle limit exceeded";
/// What it says when a component has more core instances than [`Bounds`](super::Bounds) lets it have.
const INSTANCES: &str = "resource limit exceeded: instance count too high";

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

/// What `wasmtime` says of a component, some of which has a line for each of its reasons.
pub(crate) fn in_one_line(error: &wasmtime::Error) -> String {
    let said = format!("{error:#}");
    line(&said.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" "))
}
