//! Names of WIT as flows write them.

use std::borrow::Cow;
use std::fmt::Write as _;

use sandgate_flow::catalog;

/// As [`catalog::in_flow`]; most names have no `-`, and are not copied.
pub(super) fn in_flow(name: &str) -> Cow<'_, str> {
    if name.contains('-') { Cow::Owned(catalog::in_flow(name)) } else { Cow::Borrowed(name) }
}

/// "there is no `what` `given`; there are: ...", for messages.
pub(super) fn unknown<'a>(what: &str, given: &str, known: impl Iterator<Item = &'a str>) -> String {
    let known: Vec<_> = known.map(|name| format!("`{}`", in_flow(name))).collect();
    let mut message = format!("there is no {what} `{given}`");
    if known.is_empty() {
        let _ = write!(message, ", nor any other");
    } else {
        let _ = write!(message, "; there is {}", known.join(", "));
    }
    message
}
