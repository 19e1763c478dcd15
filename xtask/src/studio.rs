//! `cargo xtask studio`: the editor in the browser, which the daemon carries.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use crate::process::{CommandLine, root};
use crate::{Result, install};

const FOLDER: &str = "studio";

/// What the build is made of, in the folder of the Studio, besides its packages.
const SOURCES: [&str; 5] = ["src", "index.html", "vite.config.ts", "compress.mjs", "package-lock.json"];

/// Builds it, unless what is there is younger than all that it is made of.
///
/// # Errors
///
/// Node.js is missing and cannot be installed, or it does not build.
pub(crate) fn build() -> Result {
    install::studio()?;
    if is_fresh() {
        return Ok(());
    }
    CommandLine { folder: FOLDER, line: "npm run --silent build" }.run()
}

/// Builds it where that can be done: Node.js may be missing, or too old. The daemon does without, and says how to get it.
///
/// # Errors
///
/// None: what went wrong is said.
pub(crate) fn build_if_possible() -> Result {
    if let Err(message) = build() {
        println!("the Studio was not built ({message}): it takes Node.js 20.19 or newer with npm");
        println!("the daemon goes without it, or with the one that was built last");
    }
    Ok(())
}

/// Checks its form, its types, that what is generated is fresh, and runs its tests.
///
/// # Errors
///
/// One fails.
pub(crate) fn check() -> Result {
    install::studio()?;
    CommandLine { folder: FOLDER, line: "npm run --silent check" }.run()?;
    CommandLine { folder: FOLDER, line: "npm run --silent test" }.run()
}

fn is_fresh() -> bool {
    let folder = root().join(FOLDER);
    let built = modified(&folder.join("dist/index.html"));
    let newest = SOURCES.iter().filter_map(|source| newest(&folder.join(source))).max();
    built.is_some() && built >= newest
}

/// When anything in a folder was changed last, or a file.
fn newest(path: &Path) -> Option<SystemTime> {
    let below = fs::read_dir(path).into_iter().flatten().flatten().filter_map(|entry| newest(&entry.path())).max();
    below.max(modified(path))
}

fn modified(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}
