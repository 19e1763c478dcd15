//! What the tests stand on.

pub(crate) mod command;
pub(crate) mod daemon;
pub(crate) mod had;
pub(crate) mod http;
mod log;
pub(crate) mod project;
pub(crate) mod script;
pub(crate) mod session;
pub(crate) mod socket;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;

/// Beyond this, whatever is waited for does not come. It is long since many tests share few cores.
pub(crate) const WAIT: Duration = Duration::from_secs(60);

/// The repository, which is also the project that has the example flows.
pub(crate) fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().unwrap_or(tests).to_path_buf()
}

/// Waits for something, which is called `what` should it not come.
///
/// # Errors
///
/// It does not come.
pub(crate) async fn within<T>(what: &str, waited: impl Future<Output = T>) -> anyhow::Result<T> {
    tokio::time::timeout(WAIT, waited).await.with_context(|| format!("{what} does not come"))
}
