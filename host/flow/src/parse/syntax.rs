//! Errors of YAML's syntax, with what is probably meant.

use granit_parser::{ErrorKind, ScanError};

use super::LIMITS;
use crate::diagnostic::Problem;

/// An error of the parser as a problem.
pub(super) fn problem(text: &str, error: &ScanError) -> Problem {
    let start = error.marker().byte_offset().unwrap_or(text.len()).min(text.len());
    let end = text.get(start..).and_then(|rest| rest.chars().next()).map_or(start, |next| start + next.len_utf8());
    let message = match error.kind() {
        ErrorKind::RecursionLimitExceeded => format!("this is nested more than {} deep", LIMITS.depth_max),
        ErrorKind::UnknownAnchor => "this alias repeats nothing: no `&` with its name comes before it".to_owned(),
        kind => format!("not valid YAML: {kind}"),
    };
    Problem::error(start..end, message).help(help(text, start, error.kind()).map(str::to_owned))
}

fn help(text: &str, at: usize, kind: &ErrorKind) -> Option<&'static str> {
    match kind {
        ErrorKind::ExpectedFlowMappingSeparator | ErrorKind::ExpectedFlowSequenceSeparator
            if text.get(..at).is_some_and(|before| before.ends_with('$')) =>
        {
            Some("put quotes around a text with `${...}`: \"${...}\"")
        }
        ErrorKind::MappingValueNotAllowed | ErrorKind::InvalidColonPlacement => {
            Some("put quotes around a text that holds `: `")
        }
        ErrorKind::UnexpectedCharacter { .. } => Some("put quotes around a text that begins with this character"),
        ErrorKind::TabInBlockIndentation | ErrorKind::TabInIndentation | ErrorKind::TabNotAllowed => {
            Some("indent with spaces")
        }
        ErrorKind::UnknownAnchor => Some("put quotes around a text that begins with `*`"),
        _ => None,
    }
}
