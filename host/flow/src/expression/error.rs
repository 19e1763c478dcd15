//! Why an expression has no value.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::fault::{Fault, Reason};
use super::scan;
use crate::diagnostic::printable;

/// An evaluation that failed. It is one line, and reads as in "`input.a / count > 1`: division by zero, in `input.a / count`".
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// The expression, as written.
    pub source: Arc<str>,
    /// The part of it that failed, in bytes within it.
    pub span: Range<usize>,
    /// What went wrong.
    pub reason: String,
}

impl Error {
    pub(super) fn new(source: &Arc<str>, fault: Fault) -> Self {
        let (span, reason) = match fault.reason {
            Reason::Operands(reason) => (fault.span, reason),
            // Where the last step was taken says nothing.
            Reason::Bound(reason) => (0..source.len(), reason),
        };
        Self { source: Arc::clone(source), span, reason }
    }

    /// The part that failed, if it is not all and can be read by itself.
    fn part(&self) -> Option<&str> {
        let part = self.source.get(self.span.clone())?.trim();
        (!part.is_empty() && part != self.source.trim() && scan::is_balanced(part)).then_some(part)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", printable(self.source.trim()), printable(&self.reason))?;
        match self.part() {
            Some(part) => write!(f, ", in `{}`", printable(part)),
            None => Ok(()),
        }
    }
}

// `source` is the text of an expression, and not the error beneath this one.
impl std::error::Error for Error {}
