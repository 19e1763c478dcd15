//! The id of a flow that may not be there yet.

use std::fmt;
use std::str::FromStr;

/// An id that a flow may have. It is safe in the name of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FlowId(String);

/// A text that no flow is called.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} cannot be the id of a flow: use small letters, digits and _, beginning with a letter, {max} at most",
    max = CHARS_MAX
)]
pub(crate) struct NotAnId(String);

/// As much as the name of a file holds, with what comes after it.
const CHARS_MAX: usize = 200;

impl FlowId {
    /// As it is written.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// What a document of it is called that has no file.
    pub(crate) fn file(&self) -> String {
        format!("{}.yaml", self.0)
    }
}

impl FromStr for FlowId {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let follows = |it: char| it.is_ascii_lowercase() || it.is_ascii_digit() || it == '_';
        let fits = text.starts_with(|first: char| first.is_ascii_lowercase())
            && text.chars().all(follows)
            && text.len() <= CHARS_MAX;
        if fits { Ok(Self(text.to_owned())) } else { Err(NotAnId(text.chars().take(CHARS_MAX).collect())) }
    }
}

impl fmt::Display for FlowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_cannot_name_another_folder() {
        assert!("count_down2".parse::<FlowId>().is_ok());
        for text in ["", "../x", "a/b", "a.b", "2a", "_a", "Ab", "ä", &"a".repeat(201)] {
            assert!(text.parse::<FlowId>().is_err(), "{text}");
        }
    }
}
