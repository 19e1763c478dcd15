//! `cargo xtask test`: every check and test that CI runs, the cheap ones first.

use crate::components::{self, Profile};
use crate::process::{self, COMPONENTS, ROOT, command, read};
use crate::steps::{self, Step};
use crate::{Result, audit, client, install, schema, simulate, studio, tidy};

const COMPONENT_TESTS: &str = "(cd components && cargo test --release --target $(rustc --print host-tuple))";

/// Runs them all, up to the first that fails.
///
/// # Errors
///
/// A step failed.
pub(crate) fn run() -> Result {
    let mut steps = checks();
    // The daemon carries the components: they are there before it is looked at.
    steps.extend(components::steps(Profile::Dev));
    steps.extend(component_checks());
    steps.extend(host());
    steps::run("test", &steps)
}

fn checks() -> Vec<Step> {
    let mut checks = vec![
        Step::own("house rules", "cargo xtask tidy", tidy::run),
        Step::own("bugs for the simulation", "cargo xtask simulate --bugs", simulate::check_bugs),
        Step::own("Rust's parts", "cargo xtask setup", install::rust),
        Step::command("format", ROOT, "cargo fmt --all --check"),
        Step::command("format of the components", COMPONENTS, "cargo fmt --all --check"),
    ];
    checks.extend(audit::steps_if_installed());
    checks
}

/// In release, so that what generates their bindings is not compiled once more.
fn component_checks() -> Vec<Step> {
    let lints = "cargo clippy --release --workspace --all-targets -- --deny warnings";
    vec![
        Step::command("lints of the components", COMPONENTS, lints),
        Step::own("unit tests of the components", COMPONENT_TESTS, component_tests),
    ]
}

/// The components' own tests run here, not in WebAssembly: they test what calls no host.
fn component_tests() -> Result {
    let here = read(command("rustc", ROOT).args(["--print", "host-tuple"]))?;
    process::run(command("cargo", COMPONENTS).args(["test", "--release", "--workspace", "--target", here.trim()]))
}

fn host() -> Vec<Step> {
    vec![
        // The daemon carries it as well.
        Step::own("Studio", "cargo xtask studio", studio::build),
        Step::own("checks and tests of the Studio", "cargo xtask studio --check", studio::check),
        Step::command("lints", ROOT, "cargo clippy --workspace --all-targets -- --deny warnings"),
        Step::own("schemas", "cargo xtask schema --check", schema::check),
        Step::own("other people's clients and a browser", "cargo xtask setup", install::clients),
        Step::own("JavaScript client", "cargo xtask client --check", client::check),
        // The tests start it as a process of its own.
        Step::command("daemon", ROOT, "cargo build --workspace --bin sandgate"),
        Step::command("tests", ROOT, "cargo test --workspace"),
    ]
}
