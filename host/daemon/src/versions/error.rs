//! What can be wrong with the store and with what it has.

use std::io;
use std::path::{Path, PathBuf};

use sandgate_engine::registry;
use sandgate_flow::diagnostic::Problem;

/// Why a version cannot be had or made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The flow was never published.
    #[error("flow {0:?} has no versions: publish it first")]
    NoFlow(String),
    /// The flow has no such version.
    #[error("flow {flow} has no version {number}: its versions are 1 to {last}")]
    NoVersion {
        /// The flow.
        flow: String,
        /// What was asked for.
        number: u64,
        /// The last that there is.
        last: u64,
    },
    /// A component's file is not what was written.
    #[error("{} is damaged: its bytes have another digest than its name; put the file back from a copy", .0.display())]
    Damaged(PathBuf),
    /// A component is to be published whose bytes nobody has.
    #[error("component {0:?} cannot be kept with the version: its bytes are not at hand")]
    NoBytes(String),
    /// A file or folder of the store cannot be used.
    #[error("{} cannot be used: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// The database cannot be used.
    #[error("the database of versions cannot be used: {0}")]
    Database(#[from] rusqlite::Error),
    /// A newer program has written there.
    #[error(
        "{} was written by a newer program: its format is {found}, and this one knows those up to {known}; use that program",
        path.display()
    )]
    Newer {
        /// The database's file.
        path: PathBuf,
        /// What it says.
        found: usize,
        /// The last that is known.
        known: usize,
    },
    /// A component of the version does not load any more.
    #[error("version {number} of flow {flow} cannot be run: {source}")]
    Component {
        /// The flow.
        flow: String,
        /// The version.
        number: u64,
        /// Why not.
        source: Box<registry::Error>,
    },
    /// The version was free of errors when it was published, by another program than this.
    #[error("version {number} of flow {flow} cannot be run: {}", first(problems))]
    Check {
        /// The flow.
        flow: String,
        /// The version.
        number: u64,
        /// What is wrong with it now.
        problems: Vec<Problem>,
    },
    /// The system has no thread to check a flow on.
    #[error("the system has no thread to check the flow on: {0}")]
    Thread(io::Error),
    /// What was to be done before the version is made could not be.
    #[error("{0}")]
    Before(io::Error),
}

impl Error {
    /// Of a file.
    pub(super) fn file(path: &Path) -> impl FnOnce(io::Error) -> Self + use<> {
        let path = path.to_owned();
        move |source| Self::File { path, source }
    }
}

fn first(problems: &[Problem]) -> &str {
    problems.first().map_or("it does not check", |problem| &problem.message)
}
