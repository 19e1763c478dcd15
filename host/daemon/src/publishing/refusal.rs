//! Why something was not published.

use std::io;

use super::FlowId;
use crate::project::Source;
use crate::versions;

/// Why something was not published, or a draft not changed. Nothing has changed then.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    /// The text has errors.
    #[error("flow {flow} has problems, so it is not published: {}", first(text))]
    Invalid {
        /// The flow.
        flow: FlowId,
        /// The text, and what is wrong with it.
        text: Source,
    },
    /// There is nothing to publish.
    #[error("flow {0} has no draft")]
    NoDraft(FlowId),
    /// There are no cases of it.
    #[error("flow {0} has no cases that are being edited")]
    NoCases(FlowId),
    /// Somebody else has changed the draft, or made or removed it.
    #[error("the draft of flow {0} is not the one that is meant: it was changed since; read it again")]
    Changed(FlowId),
    /// A draft was to be written over without a word on which.
    #[error("flow {0} has a draft already: say by If-Match which one is to be replaced")]
    Unconditional(FlowId),
    /// Publishing would write over what somebody has written by hand.
    #[error(
        "{file} was changed by hand since it was read: publish flow {flow} as it is there first, or undo the change"
    )]
    Edited {
        /// The flow.
        flow: FlowId,
        /// Its file.
        file: String,
    },
    /// What is said of a version is too long.
    #[error("the message is too long: version_message_chars_max is {max}")]
    MessageTooLong {
        /// The limit.
        max: usize,
    },
    /// The draft's file cannot be used.
    #[error("{file} cannot be used: {source}")]
    File {
        /// The file.
        file: String,
        /// Why not.
        source: io::Error,
    },
    /// It is with the store.
    #[error(transparent)]
    Store(#[from] versions::Error),
}

fn first(text: &Source) -> String {
    match text.reports().first() {
        Some(report) => format!("line {}, column {}: {}", report.line, report.column, report.message),
        None => "it does not check".to_owned(),
    }
}
