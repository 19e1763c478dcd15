//! `cargo xtask client`: the JavaScript client as one file, which the daemon carries.

use std::fs;

use crate::Result;
use crate::process::{CommandLine, root};

/// What the build writes. Committed, so that the daemon is built without Node.
const BUILT: [&str; 2] = ["sdk/client-js/dist/client.js", "sdk/client-js/dist/client.d.ts"];

/// Builds the client.
///
/// # Errors
///
/// It does not build.
pub(crate) fn build() -> Result {
    CommandLine { folder: "sdk/client-js", line: "npm run --silent build" }.run()
}

/// Builds the client, and compares it with what was there.
///
/// # Errors
///
/// It differs, or does not build.
pub(crate) fn check() -> Result {
    let before = read()?;
    build()?;
    for ((file, before), after) in BUILT.iter().zip(before).zip(read()?) {
        if before != after {
            return Err(format!("{file} was not what sdk/client-js/src gives; now it is: commit it"));
        }
    }
    Ok(())
}

fn read() -> Result<Vec<String>> {
    let text =
        |file: &&str| fs::read_to_string(root().join(file)).map_err(|error| format!("cannot read {file}: {error}"));
    BUILT.iter().map(text).collect()
}
