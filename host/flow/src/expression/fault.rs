//! Why an operation has no value, before it is known of which expression it is part.

use std::borrow::Cow;
use std::ops::Range;

use crate::diagnostic::cut;

/// Why an operation has no value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// Its operands do not allow it. `&&`, `||`, `all` and `exists` can do without such an operand.
    Operands(String),
    /// A bound was reached, which ends the whole evaluation.
    Bound(String),
}

impl Reason {
    /// A fault of the operands.
    pub(super) fn operands(message: impl Into<String>) -> Self {
        Self::Operands(message.into())
    }

    /// With the place where it happened. Boxed, since it is rare and results are many.
    pub(super) fn at(self, span: &Range<usize>) -> Box<Fault> {
        Box::new(Fault { span: span.clone(), reason: self })
    }
}

/// A text of the run's data, as a reason quotes it.
pub(super) fn quoted(text: &str) -> Cow<'_, str> {
    const QUOTED_CHARS_MAX: usize = 40;
    cut(text, QUOTED_CHARS_MAX)
}

/// A reason, and the part of the expression that it is about.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) span: Range<usize>,
    pub(super) reason: Reason,
}
