//! How a run ended, as it is printed.

use sandgate_flow::Value;
use sandgate_flow::event::Outcome;
use serde_json::{Value as Json, json};

use crate::output;

/// For people: `output 3`.
pub(super) fn text(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Output(value) => format!("output {}", output::shown(value)),
        Outcome::Completed => "ended without an output".into(),
        Outcome::Failed(failure) => format!("failed: {failure}"),
        Outcome::Cancelled(reason) => format!("cancelled: {reason}"),
    }
}

/// A value for programs; where JSON has no way to write it, what it is instead.
pub(super) fn value_json(value: &Value) -> Json {
    value.to_json().unwrap_or_else(|error| json!({ "error": error.to_string() }))
}
