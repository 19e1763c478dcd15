//! `cargo xtask bench`: what the core and the daemon cost, in release.

use crate::process::{ROOT, command, root, run as run_command};
use crate::steps::{self, Step};
use crate::{Result, build, install};

/// The name of what is measured without a daemon, among the scenarios of `sandgate-bench`.
const CORE: &str = "core";
/// The name of what is measured in a browser.
const STUDIO: &str = "studio";

/// Builds all that it takes, and measures what is named: `core`, `studio`, or scenarios of `sandgate-bench`; all without any.
/// Options go to `sandgate-bench`, and `--quick` to criterion too.
///
/// # Errors
///
/// A step failed.
pub(crate) fn run(arguments: &[String]) -> Result {
    let (options, names): (Vec<_>, Vec<_>) = arguments.iter().cloned().partition(|argument| argument.starts_with('-'));
    let mut steps = build::steps();
    steps.push(Step::command("load generator", ROOT, "cargo build --release --workspace --bin sandgate-bench"));
    steps::run("bench", &steps)?;
    if names.is_empty() || names.iter().any(|name| name == CORE) {
        core(&options)?;
    }
    if names.is_empty() || names.iter().any(|name| name == STUDIO) {
        studio()?;
    }
    let scenarios: Vec<_> = names.iter().filter(|name| *name != CORE && *name != STUDIO).collect();
    if !names.is_empty() && scenarios.is_empty() {
        return Ok(());
    }
    run_command(command("target/release/sandgate-bench", ROOT).args(options).args(scenarios))
}

fn core(options: &[String]) -> Result {
    let mut bench = command("cargo", ROOT);
    bench.args([
        "bench",
        "--workspace",
        "--bench",
        "runs",
        "--bench",
        "journal",
        "--bench",
        "expressions",
        "--bench",
        "conversions",
        "--",
    ]);
    run_command(bench.args(options.iter().filter(|option| *option == "--quick")))
}

/// In the browser that the tests use.
fn studio() -> Result {
    install::clients()?;
    let daemon = root().join("target/release/sandgate");
    run_command(command("node", "tests/clients").arg("studio/speed.mjs").arg(daemon))
}
