//! Between the values of flows and those of WebAssembly components, by WIT type.
//!
//! | WIT | flow |
//! | --- | --- |
//! | integers | int, or uint above it; whole doubles are accepted, and texts where the type has 64 bits |
//! | `f32`, `f64` | double; integers are accepted where the float holds them exactly |
//! | `char`, `string`, `enum` | string |
//! | `list<u8>` | bytes; base64 is accepted |
//! | `list`, `tuple` | list |
//! | `flags` | list of their names, none twice |
//! | `record` | map; fields that are options may be left out |
//! | `variant` | `{"case": value}`, or the case's name where it has no value |
//! | `option` | null or the value; an option of an option is a list of none or one |
//! | `result` | `{"ok": value}` or `{"error": value}`, null where there is no value |
//! | `sandgate:flow/types.json` | any value that JSON can write |
//! | `sandgate:flow/push.message` | string for its text, bytes for its binary, any other value for its json |
//!
//! Names of fields, cases and flags are a flow's: WIT's `-` is written `_`.
//!
//! A [`Conversion`] is made of a type once, when a component is loaded; a call only follows it. It also says what it takes
//! as a JSON Schema: see [`Conversion::schema`].

mod json;
mod lift;
mod lower;
mod names;
mod number;
mod plan;
mod schema;
mod signature;
#[cfg(test)]
mod tests;

use std::fmt::Display;
use std::sync::Arc;

use sandgate_flow::diagnostic::{cut, line, printable};
use sandgate_flow::value::Value;

pub use plan::Conversion;
pub use signature::Signature;

/// A value does not fit its type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message} (the WIT type is `{ty}`)")]
pub struct Error {
    /// Where in the value, as in `$.a[3].b`.
    pub path: String,
    /// The WIT type at that place, cut where it is long.
    pub ty: Arc<str>,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// Bytes in one value: each takes 40 as a dynamic value of wasmtime. Functions of the usual shapes take more, since they
/// are not called with dynamic values.
pub const BYTES_MAX: usize = 1024 * 1024;

/// The value that a `json` of the contract stands for.
///
/// # Errors
///
/// The text is not JSON, or nested too deeply.
pub fn json(text: &str) -> Result<Value, serde_json::Error> {
    json::parse(text)
}

/// The text of a `json` of the contract for this value.
///
/// # Errors
///
/// The value holds a float that is not finite, or is nested too deeply.
pub fn json_text(value: &Value) -> Result<String, Error> {
    json::write(value)
}

impl Error {
    fn new(ty: impl Into<Arc<str>>, message: impl Into<String>) -> Self {
        Self { path: "$".to_owned(), ty: ty.into(), message: line(&message.into()) }
    }

    /// This error, seen from the value that holds the one it is about.
    fn under(mut self, part: impl Display) -> Self {
        self.path.insert_str(1, &part.to_string());
        self
    }
}

/// The place of an item, for [`Error::under`].
fn item(index: usize) -> String {
    format!("[{index}]")
}

/// The place of an entry, for [`Error::under`].
fn entry(name: &str) -> String {
    /// As much of a name is repeated.
    const NAME_CHARS_MAX: usize = 100;
    format!(".{}", printable(&cut(name, NAME_CHARS_MAX)))
}
