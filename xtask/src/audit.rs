//! `cargo xtask audit`: what others wrote and is built in: its licences, where it is from, and what is known against it.

use crate::process::{self, COMPONENTS, ROOT, command};
use crate::steps::{self, Step};
use crate::{Result, install};

/// Where the list of known vulnerabilities is from.
const ADVISORIES: &str = "https://github.com/RustSec/advisory-db";

/// Checks everything. The list of vulnerabilities is fetched last, so that a machine that cannot reach it has checked
/// the rest.
///
/// # Errors
///
/// Something is built in that may not be, or the list could not be fetched: what was not looked at is not clean.
pub(crate) fn run() -> Result {
    let mut steps = vec![Step::own("cargo-deny", "cargo xtask audit", install::cargo_deny)];
    steps.extend(rules());
    steps.push(Step::own("list of vulnerabilities", "cargo deny fetch db", fetch));
    steps.extend(vulnerabilities());
    steps::run("audit", &steps)
}

/// What `cargo xtask test` checks of it: the part that needs no network, and only where cargo-deny is there already.
pub(crate) fn steps_if_installed() -> Vec<Step> {
    if install::has_cargo_deny() { rules().into() } else { Vec::new() }
}

fn rules() -> [Step; 2] {
    // Of crates that are there twice the names are enough.
    let line = "cargo deny --locked check --hide-inclusion-graph bans licenses sources";
    [
        Step::command("licences, bans and sources", ROOT, line),
        Step::command("licences, bans and sources of the components", COMPONENTS, line),
    ]
}

fn vulnerabilities() -> [Step; 2] {
    let line = "cargo deny --locked check advisories";
    [
        Step::command("known vulnerabilities", ROOT, line),
        Step::command("known vulnerabilities of the components", COMPONENTS, line),
    ]
}

fn fetch() -> Result {
    process::run(command("cargo", ROOT).args(["deny", "fetch", "db"])).map_err(|error| {
        format!(
            "the list of vulnerabilities could not be fetched from {ADVISORIES} ({error}): licences, bans and sources \
             are in order, but whether a vulnerability is known was not checked; try again where it can be reached"
        )
    })
}
