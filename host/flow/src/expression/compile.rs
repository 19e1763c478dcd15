//! From a source to a term.

use std::thread;

use super::bounds::SOURCE_BYTES_MAX;
use super::lower::Lowering;
use super::names::Names;
use super::problem::Problem;
use super::syntax;
use super::term::Term;

/// The stack that CEL's parser gets: its recursion grows with the source, which is bounded.
const STACK_BYTES: usize = 64 << 20;

/// Compiles a source, on a thread of its own.
pub(super) fn compile(source: &str, names: &Names) -> Result<Term, Vec<Problem>> {
    if source.len() > SOURCE_BYTES_MAX {
        let message = format!("the expression has {} bytes, of at most {SOURCE_BYTES_MAX}", source.len());
        let help = "let a component compute what takes so much".to_owned();
        return Err(vec![Problem::new(0..source.len(), message).help(help)]);
    }
    let failed = |why: &str| vec![Problem::new(0..source.len(), format!("the expression cannot be compiled: {why}"))];
    thread::scope(|scope| {
        let builder = thread::Builder::new().name("expression".into()).stack_size(STACK_BYTES);
        let thread = builder.spawn_scoped(scope, || on_large_stack(source, names));
        let thread = thread.map_err(|error| failed(&format!("no thread for it: {error}")))?;
        thread.join().unwrap_or_else(|_| Err(failed("the parser has failed")))
    })
}

/// CEL's tree is made and dropped here; a term is of bounded depth, and needs no such stack.
fn on_large_stack(source: &str, names: &Names) -> Result<Term, Vec<Problem>> {
    let (tree, offsets) = syntax::parse(source)?;
    Lowering::new(source, &offsets, names).lower(&tree)
}
