//! `cargo xtask bench`: what runs cost, in release.

use crate::components::{self, Profile};
use crate::process::{ROOT, command, run as run_command};
use crate::steps::{self, Step};
use crate::{Result, install};

/// Builds what the benchmarks run on, then runs those whose names contain each of `names`; all without any.
///
/// # Errors
///
/// A step failed.
pub(crate) fn run(names: &[String]) -> Result {
    let mut steps = vec![Step::own("WebAssembly target", "cargo xtask setup", install::wasm_target)];
    steps.extend(components::steps(Profile::Release));
    steps::run("bench", &steps)?;
    let mut bench = command("cargo", ROOT);
    run_command(bench.args(["bench", "--workspace", "--bench", "runs", "--bench", "values", "--"]).args(names))
}
