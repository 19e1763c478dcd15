//! `cargo xtask simulate`: the simulated host, on many seeds or on one; and with bugs put in on purpose, to see that it works.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::time::Instant;

use crate::components::{self, Profile};
use crate::process::{self, ROOT, command, root, shown};
use crate::steps::{self, Step};
use crate::{Result, install};

/// How many seeds are run unless it is said.
const SEEDS: u64 = 1_000;

/// A bug is to be found by one of so many: those that `cargo xtask test` runs.
const SEEDS_FOR_A_BUG: u64 = 50;

/// The bugs, a patch each.
const BUGS: &str = "host/daemon/src/simulated/bugs";

const TEST: &str = "simulated::no_seed_breaks_a_promise";

const USAGE: &str = "usage: cargo xtask simulate [--seeds N | --seed N | --bugs]";

/// What is asked for.
enum Asked {
    /// So many seeds, from this one on.
    Seeds {
        from: u64,
        count: u64,
    },
    Bugs,
}

/// Runs seeds, or shows that bugs are found.
///
/// # Errors
///
/// A step failed, a seed did, or a bug was not found.
pub(crate) fn run(arguments: &[String]) -> Result {
    let asked = asked(arguments)?;
    let mut steps = vec![Step::own("WebAssembly target", "cargo xtask setup", install::wasm_target)];
    steps.extend(components::steps(Profile::Dev));
    steps::run("simulate", &steps)?;
    match asked {
        Asked::Seeds { from, count } => process::run(&mut simulation(from, count)),
        Asked::Bugs => find_bugs(),
    }
}

fn asked(arguments: &[String]) -> Result<Asked> {
    let number = |text: &String| text.parse().map_err(|_| format!("{text}: it is a number; {USAGE}"));
    match arguments {
        [] => Ok(Asked::Seeds { from: 0, count: SEEDS }),
        [flag] if flag == "--bugs" => Ok(Asked::Bugs),
        [flag, seeds] if flag == "--seeds" => Ok(Asked::Seeds { from: 0, count: number(seeds)? }),
        [flag, seed] if flag == "--seed" => Ok(Asked::Seeds { from: number(seed)?, count: 1 }),
        _ => Err(USAGE.to_owned()),
    }
}

fn simulation(from: u64, count: u64) -> std::process::Command {
    let mut cargo = test();
    cargo.args(["--", "--nocapture", TEST]);
    cargo.env("SANDGATE_SIMULATE_FROM", from.to_string()).env("SANDGATE_SIMULATE_COUNT", count.to_string());
    cargo
}

fn test() -> std::process::Command {
    let mut cargo = command("cargo", ROOT);
    cargo.args(["test", "--quiet", "--workspace", "--lib"]);
    cargo
}

/// Sees that every patch can still be applied.
///
/// # Errors
///
/// One cannot: the code that it changes is another now.
pub(crate) fn check_bugs() -> Result {
    bugs()?.iter().try_for_each(|bug| git_apply(bug, &["--check"]))
}

fn find_bugs() -> Result {
    check_bugs()?;
    let mut missed = Vec::new();
    let bugs = bugs()?;
    for (number, bug) in (1..).zip(&bugs) {
        println!("[{number}/{}] {}", bugs.len(), title(bug)?);
        let began = Instant::now();
        git_apply(bug, &[])?;
        let found = find();
        // Whatever came of it.
        git_apply(bug, &["--reverse"])?;
        match found? {
            Some(found) => println!("  found in {:.0} s, with the build: {found}", began.elapsed().as_secs_f64()),
            None => missed.push(shown(bug).to_string()),
        }
    }
    if missed.is_empty() { Ok(()) } else { Err(format!("not found by {SEEDS_FOR_A_BUG} seeds: {}", missed.join(", "))) }
}

/// What the simulation says of the code as it is now; nothing if all is well.
fn find() -> Result<Option<String>> {
    process::run(test().arg("--no-run"))?;
    let Output { status, stdout, .. } =
        simulation(0, SEEDS_FOR_A_BUG).output().map_err(|error| format!("cannot start cargo: {error}"))?;
    let said = String::from_utf8_lossy(&stdout);
    let first = said.lines().find(|line| line.starts_with("seed ")).unwrap_or("it did not say what");
    Ok((!status.success()).then(|| first.to_owned()))
}

fn bugs() -> Result<Vec<PathBuf>> {
    let entries = root().join(BUGS).read_dir().map_err(|error| format!("cannot read {BUGS}: {error}"))?;
    let mut bugs: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    bugs.sort_unstable();
    Ok(bugs)
}

/// The first line of a patch says what it does.
fn title(bug: &Path) -> Result<String> {
    let text = fs::read_to_string(bug).map_err(|error| format!("cannot read {}: {error}", shown(bug)))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

fn git_apply(bug: &Path, options: &[&str]) -> Result {
    let applied = process::run(command("git", ROOT).arg("apply").args(options).arg(bug));
    applied.map_err(|error| format!("{}: {error}; make it anew for the code as it is now", shown(bug)))
}
