//! Published versions of flows. A version is immutable, has a number that is given once, and is all that it takes to run
//! the flow: no file of a project is looked at.
//!
//! [`Store`] is what lies on the disk; [`Versions`] makes of it what can be run.

mod blobs;
mod check;
mod database;
pub(crate) mod diff;
mod digest;
mod error;
mod load;
mod served;
mod store;
#[cfg(test)]
mod tests;
pub(crate) mod time;

use std::sync::Arc;

use serde::Serialize;

use crate::config::Bounds;

pub(crate) use check::{check, on_large_stack};
pub(crate) use digest::Digest;
pub(crate) use error::Error;
pub(crate) use load::Versions;
pub(crate) use served::Served;
pub(crate) use store::Store;

/// A version, as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    /// What it is called, and when and why there is it.
    pub(crate) head: Head,
    /// The document.
    pub(crate) text: String,
    /// The components that it calls, by name.
    pub(crate) components: Vec<Needed>,
}

/// What is said of a version in a list of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    /// The flow's id.
    pub(crate) flow: Arc<str>,
    /// 1 for the flow's first version, and one more for each after it.
    pub(crate) number: u64,
    /// The ending of the document's file: `yaml`, `yml` or `json`.
    pub(crate) ending: String,
    /// What was said when it was published.
    pub(crate) message: String,
    /// When it was published, in milliseconds since 1970.
    pub(crate) published_ms: u64,
    /// The version whose content it has again, if it was made by going back.
    pub(crate) restores: Option<u64>,
    /// Whether new runs take it.
    pub(crate) current: bool,
}

/// A component that a version calls.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Needed {
    /// The name that the flow calls it by.
    pub(crate) name: Arc<str>,
    /// Of its bytes.
    pub(crate) digest: Digest,
    /// What bounds it.
    pub(crate) bounds: Bounds,
}

/// A component that a version is to be published with.
pub(crate) struct Part<'a> {
    /// What is recorded.
    pub(crate) needed: Needed,
    /// The bytes.
    pub(crate) bytes: Bytes<'a>,
}

/// Where the bytes of a component are.
pub(crate) enum Bytes<'a> {
    /// Here: they are kept if they are not yet.
    Here(&'a [u8]),
    /// In the store.
    Kept,
}

/// What is to be published.
pub(crate) struct Candidate<'a> {
    /// The flow's id.
    pub(crate) flow: &'a str,
    /// The document.
    pub(crate) text: &'a str,
    /// The ending of its file.
    pub(crate) ending: &'a str,
    /// The components that it calls, by name.
    pub(crate) parts: Vec<Part<'a>>,
}

/// What is said of a version that is published.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Note<'a> {
    /// What changed, for people.
    pub(crate) message: &'a str,
    /// The version that it goes back to.
    pub(crate) restores: Option<u64>,
    /// What the project's files are then. See [`Candidate::fingerprint`].
    pub(crate) found: Option<Digest>,
}

/// What came of publishing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Published {
    /// The current version.
    pub(crate) number: u64,
    /// Whether there is a new one: what was published may be what the current version is already.
    pub(crate) outcome: Outcome,
}

/// Whether publishing made a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It did.
    Made,
    /// The current version has this content.
    Unchanged,
    /// The project has not changed since it was looked at last, and another version was made current since.
    Overruled,
}

impl Candidate<'_> {
    /// Tells contents apart: the document, and the components that it calls with their limits.
    pub(crate) fn fingerprint(&self) -> Digest {
        digest::fingerprint(self.text, self.parts.iter().map(|part| &part.needed))
    }
}

impl Version {
    /// The same of a version.
    pub(crate) fn fingerprint(&self) -> Digest {
        digest::fingerprint(&self.text, self.components.iter())
    }
}
