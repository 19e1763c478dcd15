//! What is wrong with an expression, found before any run.

use std::ops::Range;
use std::sync::Arc;

use crate::diagnostic::line;

/// Something wrong with an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, in bytes within the string that was compiled.
    pub span: Range<usize>,
    /// What.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

impl Problem {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: line(&message.into()), help: None }
    }

    pub(super) fn help(self, help: impl Into<Option<String>>) -> Self {
        Self { help: help.into().map(|help| line(&help)), ..self }
    }

    /// The same of a longer string that has the expression at this offset.
    pub(super) fn shifted(self, offset: usize) -> Self {
        Self { span: self.span.start + offset..self.span.end + offset, ..self }
    }
}

/// Something wrong with an expression in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateProblem {
    /// The way from the template's value to the string.
    pub path: Vec<Segment>,
    /// What is wrong; its span is within that string.
    pub problem: Problem,
}

/// A step into a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment {
    /// Into a map, by its key.
    Key(Arc<str>),
    /// Into a list, by its index.
    Index(usize),
}
