//! The value that flows are made of: CEL's own types. JSON exists only at the borders.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde::{Deserialize, Serialize};

use crate::diagnostic::{cut, printable};

/// A map's entries, in the order of their keys, so that equal maps are written equally.
pub type Map = BTreeMap<Arc<str>, Value>;

/// A value of a flow. Cheap to clone: what is large is shared.
///
/// Journals hold it, where a variant is told by its place: see [`event`](crate::event).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Value {
    /// Nothing; also an absent `option`.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A signed 64-bit integer; every JSON integer that fits is one.
    Int(i64),
    /// An unsigned 64-bit integer.
    Uint(u64),
    /// A 64-bit float, possibly not finite.
    Double(f64),
    /// A text.
    String(Arc<str>),
    /// Bytes; base64 (RFC 4648, section 4) in JSON.
    Bytes(Arc<[u8]>),
    /// Values in order.
    List(Arc<[Value]>),
    /// Values by name.
    Map(Arc<Map>),
}

/// JSON has no way to write a float that is not finite (RFC 8259, section 6).
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {number} cannot be written as JSON")]
pub struct NotFinite {
    /// Where in the value, as in `$.a[3]`.
    pub path: String,
    /// `NaN`, `inf` or `-inf`.
    pub number: String,
}

impl Value {
    /// The name of this value's type, as CEL has it.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int",
            Self::Uint(_) => "uint",
            Self::Double(_) => "double",
            Self::String(_) => "string",
            Self::Bytes(_) => "bytes",
            Self::List(_) => "list",
            Self::Map(_) => "map",
        }
    }

    /// A map of these entries.
    pub fn map<K: Into<Arc<str>>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(Arc::new(entries.into_iter().map(|(key, value)| (key.into(), value)).collect()))
    }

    /// The entry of a map by its name; none of any other value.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Map(map) => map.get(name),
            _ => None,
        }
    }

    /// This value as JSON: bytes as base64, integers as numbers.
    ///
    /// # Errors
    ///
    /// A float that is not finite, with its path.
    pub fn to_json(&self) -> Result<serde_json::Value, NotFinite> {
        self.json_at(&mut Path::default())
    }

    fn json_at(&self, path: &mut Path) -> Result<serde_json::Value, NotFinite> {
        use serde_json::Value as Json;
        Ok(match self {
            Self::Null => Json::Null,
            Self::Bool(value) => Json::Bool(*value),
            Self::Int(value) => Json::from(*value),
            Self::Uint(value) => Json::from(*value),
            Self::Double(value) => serde_json::Number::from_f64(*value)
                .map(Json::Number)
                .ok_or_else(|| NotFinite { path: path.to_string(), number: value.to_string() })?,
            Self::String(value) => Json::String(value.to_string()),
            Self::Bytes(value) => Json::String(BASE64.encode(value)),
            Self::List(items) => Json::Array(
                items
                    .iter()
                    .enumerate()
                    .map(|(index, item)| path.within(format!("[{index}]"), |path| item.json_at(path)))
                    .collect::<Result<_, _>>()?,
            ),
            Self::Map(entries) => Json::Object(
                entries
                    .iter()
                    .map(|(key, value)| {
                        let value = path.within(format!(".{key}"), |path| value.json_at(path))?;
                        Ok((key.to_string(), value))
                    })
                    .collect::<Result<_, _>>()?,
            ),
        })
    }
}

/// As it is interpolated into a text: a string as it is, anything else as JSON, and a float that JSON cannot write by
/// its name.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::String(text) => f.write_str(text),
            other => match other.to_json() {
                Ok(json) => json.fmt(f),
                Err(error) => f.write_str(&error.number),
            },
        }
    }
}

impl From<serde_json::Value> for Value {
    /// Integers that fit are [`Value::Int`], larger ones [`Value::Uint`], and every other number is a double.
    fn from(json: serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match json {
            Json::Null => Self::Null,
            Json::Bool(value) => Self::Bool(value),
            Json::Number(number) => number
                .as_i64()
                .map(Self::Int)
                .or_else(|| number.as_u64().map(Self::Uint))
                .unwrap_or_else(|| Self::Double(number.as_f64().unwrap_or(f64::NAN))),
            Json::String(text) => Self::String(text.into()),
            Json::Array(items) => Self::List(items.into_iter().map(Self::from).collect()),
            Json::Object(entries) => Self::map(entries.into_iter().map(|(key, value)| (key, Self::from(value)))),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.into())
    }
}

/// Where in a value a walk is, for messages.
#[derive(Default)]
struct Path(Vec<String>);

impl Path {
    fn within<T>(&mut self, part: String, walk: impl FnOnce(&mut Self) -> T) -> T {
        self.0.push(part);
        let walked = walk(self);
        self.0.pop();
        walked
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// As much of a name is repeated.
        const NAME_CHARS_MAX: usize = 100;
        f.write_str("$")?;
        self.0.iter().try_for_each(|part| f.write_str(&printable(&cut(part, NAME_CHARS_MAX))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_integers_that_fit_are_ints() {
        let value = Value::from(serde_json::json!([3, -1, u64::MAX, 1.5]));
        let expected = [Value::Int(3), Value::Int(-1), Value::Uint(u64::MAX), Value::Double(1.5)];
        assert_eq!(value, Value::List(expected.into()));
    }

    #[test]
    fn a_float_that_is_not_finite_is_named_with_its_path() {
        let value = Value::map([("a", Value::List([Value::Int(1), Value::Double(f64::NAN)].into()))]);
        assert_eq!(value.to_json().unwrap_err().to_string(), "$.a[1]: NaN cannot be written as JSON");
    }

    #[test]
    fn bytes_are_base64_in_json() {
        assert_eq!(Value::Bytes([0xff, 0x00].into()).to_json().unwrap(), serde_json::json!("/wA="));
    }
}
