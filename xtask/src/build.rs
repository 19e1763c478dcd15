//! `cargo xtask build`: the components, the Studio and the daemon, in release.

use crate::components::{self, Profile};
use crate::process::ROOT;
use crate::steps::{self, Step};
use crate::{Result, install, studio};

/// Builds target/release/sandgate, which carries the components and the Studio.
///
/// # Errors
///
/// A step failed.
pub(crate) fn run() -> Result {
    steps::run("build", &steps())?;
    println!("built target/release/sandgate: one file, which carries the components and the Studio");
    Ok(())
}

/// The steps that end in target/release/sandgate.
pub(crate) fn steps() -> Vec<Step> {
    let mut steps = vec![Step::own("WebAssembly target", "cargo xtask setup", install::wasm_target)];
    steps.extend(components::steps(Profile::Release));
    steps.push(Step::own("Studio", "cargo xtask studio", studio::build_if_possible));
    steps.push(Step::command("daemon", ROOT, "cargo build --release --workspace --bin sandgate"));
    steps
}
