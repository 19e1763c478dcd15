//! The `json` of the contract: a value as JSON text.

use sandgate_flow::value::Value;

use super::Error;

/// How deeply JSON is nested at most, written or read: what `serde_json` reads.
const JSON_DEPTH_MAX: usize = 127;

pub(super) fn write(value: &Value) -> Result<String, Error> {
    if !within(value, JSON_DEPTH_MAX) {
        return Err(Error::new("json", format!("nested more than {JSON_DEPTH_MAX} deep")));
    }
    match value.to_json() {
        Ok(json) => Ok(json.to_string()),
        Err(error) => {
            let message = format!("{} cannot be written as JSON", error.number);
            Err(Error { path: error.path, ..Error::new("json", message) })
        }
    }
}

pub(super) fn read(text: &str) -> Result<Value, Error> {
    parse(text).map_err(|error| Error::new("json", format!("not JSON: {error}")))
}

pub(super) fn parse(text: &str) -> Result<Value, serde_json::Error> {
    serde_json::from_str::<serde_json::Value>(text).map(Value::from)
}

/// Whether no path into the value is longer than this.
fn within(value: &Value, depth: usize) -> bool {
    match value {
        Value::List(items) => depth > 0 && items.iter().all(|item| within(item, depth - 1)),
        Value::Map(entries) => depth > 0 && entries.values().all(|entry| within(entry, depth - 1)),
        _ => true,
    }
}
