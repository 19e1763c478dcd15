//! Makes a plan of a text.

use std::{io, panic, thread};

use sandgate_engine::Components;
use sandgate_flow::diagnostic::Problem;
use sandgate_flow::{Plan, document::Document, parse};

/// Stack for checking flows: the parser of expressions recurses.
const CHECK_STACK_BYTES: usize = 64 * 1024 * 1024;

/// Checks the text of a flow against the components that there are, and what `also` finds wrong with the document. To be
/// called [on a large stack](on_large_stack).
///
/// # Errors
///
/// All that is wrong with it.
pub(crate) fn check(
    text: &str,
    components: &Components,
    also: impl FnOnce(&Document) -> Vec<Problem>,
) -> Result<Plan, Vec<Problem>> {
    let document = parse::parse(text)?;
    let problems = also(&document);
    match sandgate_flow::check(&document, components.catalog()) {
        Ok(plan) if problems.is_empty() => Ok(plan),
        Ok(_) => Err(problems),
        Err(found) => Err(problems.into_iter().chain(found).collect()),
    }
}

/// Does something on a thread that has the stack for it.
///
/// # Errors
///
/// The system has no thread.
pub(crate) fn on_large_stack<T: Send>(work: impl FnOnce() -> T + Send) -> io::Result<T> {
    thread::scope(|scope| {
        let thread = thread::Builder::new().name("sandgate-check".into()).stack_size(CHECK_STACK_BYTES);
        let running = thread.spawn_scoped(scope, work)?;
        Ok(running.join().unwrap_or_else(|fault| panic::resume_unwind(fault)))
    })
}
