//! What the tests stand on.

pub(crate) mod daemon;
pub(crate) mod script;

use std::path::{Path, PathBuf};

/// The repository, which is also the project that has the example flows.
pub(crate) fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}
