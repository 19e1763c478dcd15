//! From a text, YAML or JSON, to a document.
//!
//! YAML is version 1.2 with the core schema, strictly: what other readers take for something else (`010`, `True`, tags,
//! merge keys, keys that are no texts, a key twice) is an error with a place rather than a guess.

mod scalar;
mod syntax;
mod tree;

use crate::diagnostic::{Problem, in_order};
use crate::document::read::Read;
use crate::document::{Document, Flow};

/// The bounds of a document.
struct Limits {
    /// Its size.
    text_bytes_max: usize,
    /// How deep lists and maps may stand in each other.
    depth_max: usize,
    /// Values in all, those that aliases repeat counted each time.
    values_max: usize,
}

const LIMITS: Limits = Limits { text_bytes_max: 1024 * 1024, depth_max: 64, values_max: 50_000 };

/// Reads a flow document.
///
/// # Errors
///
/// Everything that is wrong with it as a document, by position. A syntax error hides what comes after it.
pub fn parse(text: &str) -> Result<Document, Vec<Problem>> {
    let flow = read::<Flow>(text, "a flow")?;
    Ok(Document { flow, source: text.into() })
}

/// Reads a text as whatever type; `what` names it in messages.
pub(crate) fn read<T: Read>(text: &str, what: &str) -> Result<T, Vec<Problem>> {
    if text.len() > LIMITS.text_bytes_max {
        let message = format!("{what} of {} bytes is too large: {} are allowed", text.len(), LIMITS.text_bytes_max);
        return Err(vec![Problem::error(0..0, message)]);
    }
    let mut problems = Vec::new();
    let literal = tree::read(text, &mut problems);
    if literal.is_none() && problems.is_empty() {
        problems.push(Problem::error(0..0, format!("the text is empty, where {what} is due")));
    }
    let read = literal.and_then(|literal| T::read(&literal, what, &mut problems));
    match read {
        Some(read) if problems.is_empty() => Ok(read),
        _ => Err(in_order(problems)),
    }
}
