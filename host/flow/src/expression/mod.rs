//! Expressions: CEL, compiled once, checked against static types, evaluated over a run's data without copying it.
//!
//! CEL's own parser reads a source; the tree becomes a term, whose names are resolved. What a term may
//! cost is bounded in its size and in its steps, never by time, so that a run goes the same way everywhere.
//!
//! Two things of CEL are left out, since a flow has no such values: types other than in `type(x) == string`, and maps
//! whose keys are not strings. Neither are there optional values, durations and timestamps.

pub mod bounds;
mod compile;
mod error;
mod evaluate;
mod fault;
mod function;
mod infer;
mod lower;
mod names;
mod operator;
mod pattern;
mod problem;
mod scan;
mod syntax;
mod template;
mod term;
#[cfg(test)]
mod tests;
mod types;

use std::borrow::Cow;
use std::sync::Arc;

use crate::data::Data;
use crate::value::Value;

pub use error::Error;
pub use function::{Described, described};
pub use names::{Message, Names};
pub use problem::{Problem, Segment, TemplateProblem};
pub use template::Template;
pub use types::{Kind, StaticType, Types};

/// A compiled expression.
#[derive(Debug)]
pub struct Expression {
    source: Arc<str>,
    term: term::Term,
}

impl Expression {
    /// Compiles an expression and resolves its names.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, by position; of what cannot be read, the first.
    pub fn compile(source: &str, names: &Names) -> Result<Self, Vec<Problem>> {
        compile::compile(source, names).map(|term| Self { source: source.into(), term })
    }

    /// The type of its results, and what is surely wrong with its operands.
    pub fn check(&self, types: &Types) -> (StaticType, Vec<Problem>) {
        infer::infer(&self.source, &self.term, types)
    }

    /// Its value over a run's data.
    ///
    /// # Errors
    ///
    /// An operation that its operands do not allow, or a bound that was reached.
    pub fn evaluate(&self, data: &Data) -> Result<Value, Error> {
        self.value(data).map(Cow::into_owned)
    }

    /// Whether it is true over a run's data.
    ///
    /// # Errors
    ///
    /// As [`evaluate`](Self::evaluate), and any value but a bool.
    pub fn holds(&self, data: &Data) -> Result<bool, Error> {
        match &*self.value(data)? {
            Value::Bool(value) => Ok(*value),
            other => Err(self.error(format!("it is {} where a bool is due", other.type_name()))),
        }
    }

    fn value<'e>(&'e self, data: &'e Data) -> Result<Cow<'e, Value>, Error> {
        evaluate::evaluate(&self.term, data).map_err(|fault| Error::new(&self.source, *fault))
    }

    fn error(&self, reason: String) -> Error {
        Error { source: Arc::clone(&self.source), span: self.term.span.clone(), reason }
    }
}
