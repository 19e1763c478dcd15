//! CEL's own parser, and what it finds wrong in words for people.

use std::ops::Range;

use cel::common::ast::{IdedExpr, SourceInfo};
use cel::{Env, ParseError};

use super::problem::Problem;

/// The tree that a source is written as. Macros are left as the calls that they are written as.
///
/// To be called on a thread with a large stack: the parser recurses, and so does dropping its tree.
pub(super) fn parse(source: &str) -> Result<(IdedExpr, SourceInfo), Vec<Problem>> {
    if source.trim().is_empty() {
        return Err(vec![Problem::new(0..source.len(), "the expression is empty")]);
    }
    let parser = Env::default().with_optional_support(false).parser();
    parser.parse_with_source_info(source).map_err(|errors| problems(source, &errors.errors))
}

/// A parser that has lost the thread goes on to complain, so of its syntax errors only the first is told.
fn problems(source: &str, errors: &[ParseError]) -> Vec<Problem> {
    if let Some(error) = errors.iter().find(|error| error.msg.contains("Recursion limit")) {
        return vec![Problem::new(from(source, error), "the expression is nested too deep")];
    }
    match errors.iter().find_map(|error| Some((error, error.msg.strip_prefix("Syntax error: ")?))) {
        Some((error, message)) => vec![syntax_problem(source, error, message)],
        None => errors.iter().map(|error| other_problem(source, error)).collect(),
    }
}

fn syntax_problem(source: &str, error: &ParseError, message: &str) -> Problem {
    let span = from(source, error);
    let rest = source.get(span.clone()).unwrap_or_default();
    if message.starts_with("missing") {
        let due = quoted(message).unwrap_or("a bracket");
        return Problem::new(span.start..span.start, format!("`{due}` is missing here"));
    }
    if rest.trim().is_empty() {
        return Problem::new(span, "the expression ends where more is due");
    }
    if rest.starts_with(['"', '\'']) && message.starts_with("token recognition") {
        return Problem::new(span, "a string that is not closed, or with an escape that is not known")
            .help("a backslash itself is `\\\\`".to_owned());
    }
    let token = first_token(rest);
    let problem = Problem::new(span.start..span.start + token.len(), format!("`{token}` is not expected here"));
    problem.help(instead_of(token).map(|instead| format!("did you mean `{instead}`?")))
}

fn other_problem(source: &str, error: &ParseError) -> Problem {
    let span = from(source, error);
    let token = first_token(source.get(span.clone()).unwrap_or_default());
    let span = span.start..span.start + token.len();
    if error.msg.starts_with("reserved identifier") {
        return Problem::new(span, format!("`{token}` is a reserved word of CEL"));
    }
    if error.msg.starts_with("unsupported syntax") {
        let help = "test first, as in `has(a.b) ? a.b : 0`".to_owned();
        return Problem::new(span, "optional and quoted fields are not available").help(help);
    }
    if error.msg.contains("int literal") {
        return Problem::new(span, "the number does not fit into 64 bits");
    }
    Problem::new(span, format!("it cannot be read from here: {}", error.msg))
}

/// What people of other languages write for what CEL writes.
fn instead_of(token: &str) -> Option<&'static str> {
    Some(match token {
        "and" | "&" => "&&",
        "or" | "|" => "||",
        "not" => "!",
        "=" | "===" => "==",
        "<>" => "!=",
        _ => return None,
    })
}

/// From where an error is to the end. The parser counts lines from 1, and characters in them from 1.
fn from(source: &str, error: &ParseError) -> Range<usize> {
    let line = usize::try_from(error.pos.0).unwrap_or_default().saturating_sub(1);
    let column = usize::try_from(error.pos.1).unwrap_or_default().saturating_sub(1);
    let before: usize = source.split_inclusive('\n').take(line).map(str::len).sum();
    let rest = source.get(before..).unwrap_or_default();
    let within = rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at);
    before + within..source.len()
}

fn quoted(message: &str) -> Option<&str> {
    message.split('\'').nth(1)
}

/// A word, or the signs up to the next word or space.
fn first_token(text: &str) -> &str {
    let is_word = |character: char| character.is_alphanumeric() || character == '_';
    let Some(first) = text.chars().next() else { return text };
    let ends = |character: char| if is_word(first) { !is_word(character) } else { "=&|<>".find(character).is_none() };
    let end = text.char_indices().skip(1).find(|(_, character)| ends(*character)).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}
