//! Runs and values, as they are shown.

use std::sync::Arc;

use sandgate_engine::journal::Summary;
use sandgate_flow::event::Timestamp;
use sandgate_flow::value::Value;
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

/// A run at a glance. Who started it is not shown: a client id is a secret.
#[derive(Serialize, ToSchema)]
#[schema(as = RunHead)]
pub(in crate::api) struct Shown {
    #[schema(example = "01a206c7-bc7d-762d-a7c3-9dbf2a6cdecd")]
    run: String,
    #[schema(value_type = String, example = "countdown")]
    flow: Arc<str>,
    /// The version that it began with.
    version: u64,
    /// `running`, `output`, `completed`, `failed`, `cancelled`, or `damaged`: what is stored of it cannot be read.
    status: &'static str,
    /// RFC 3339, in UTC, as all times are.
    started: String,
    ended: Option<String>,
    /// If nothing goes on in it before some time has come, which.
    asleep_until: Option<String>,
}

/// How a run ended.
#[derive(Serialize, ToSchema)]
#[schema(as = RunEnd)]
pub(in crate::api) struct Ended {
    /// `output`, `completed`, `failed` or `cancelled`.
    pub(super) status: &'static str,
    /// What came out; cut if it is large.
    pub(super) output: Option<Json>,
    /// Why it failed, or was cancelled.
    pub(super) error: Option<String>,
}

impl Shown {
    pub(super) fn of(summary: &Summary) -> Self {
        let sleeps = summary.ended.is_none();
        Self {
            run: summary.run.to_string(),
            flow: Arc::clone(&summary.flow),
            version: summary.version,
            status: summary.status.name(),
            started: time(summary.started),
            ended: summary.ended.map(time),
            asleep_until: summary.asleep_until.filter(|_| sleeps).map(time),
        }
    }
}

/// As RFC 3339 has it, in UTC: `2026-03-01T08:05:09.120000Z`.
pub(in crate::api) fn time(at: Timestamp) -> String {
    let micros = i64::try_from(at.0).unwrap_or(i64::MAX);
    jiff::Timestamp::from_microsecond(micros).map_or_else(|_| "never".to_owned(), |at| format!("{at:.6}"))
}

/// A value as JSON. One that is larger than that is cut, and says so.
pub(in crate::api) fn value(value: &Value, bytes_max: usize) -> Json {
    // A float that JSON cannot write is shown as a text.
    let json = value.to_json().unwrap_or_else(|_| value.to_string().into());
    let text = json.to_string();
    if text.len() <= bytes_max {
        return json;
    }
    let begins = text.get(..text.floor_char_boundary(bytes_max)).unwrap_or_default();
    json!({ "cut": true, "bytes": text.len(), "begins": begins })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_value_is_cut_and_says_so() {
        assert_eq!(value(&Value::from("short"), 10), json!("short"));
        let cut = value(&Value::from("x".repeat(20).as_str()), 10);
        assert_eq!(cut, json!({ "cut": true, "bytes": 22, "begins": "\"xxxxxxxxx" }));
    }

    #[test]
    fn times_are_shown_to_the_microsecond() {
        assert_eq!(time(Timestamp(1_772_352_309_120_001)), "2026-03-01T08:05:09.120001Z");
    }
}
