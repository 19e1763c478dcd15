//! `cargo xtask fuzz`: goes on where the seeds of the tests end, by libFuzzer, which is led by what an input reaches.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use crate::components::{self, Profile};
use crate::process::{ROOT, command, root, run as run_command, shown};
use crate::steps::{self, Step};
use crate::{Result, install};

/// How long each target runs unless it is said.
const SECONDS: &str = "60";

/// An input that takes longer is a finding.
const INPUT_SECONDS_MAX: &str = "-timeout=120";

/// The limit is on what is resident: the sandbox reserves far more than there is.
const RESIDENT_MIB_MAX: &str = "-rss_limit_mb=6000";

/// How long a finding is made smaller.
const SMALLER_SECONDS: &str = "-max_total_time=60";

/// What is asked for.
struct Asked<'a> {
    targets: Vec<&'a str>,
    seconds: &'a str,
}

/// Fuzzes one target, or all of them one after the other.
///
/// # Errors
///
/// A step failed, or something was found.
pub(crate) fn run(arguments: &[String]) -> Result {
    let known = targets()?;
    let asked = asked(arguments, &known)?;
    let mut steps = vec![
        Step::own("WebAssembly target", "cargo xtask setup", install::wasm_target),
        Step::own("cargo-fuzz", "cargo install cargo-fuzz --locked", install::cargo_fuzz),
    ];
    steps.extend(components::steps(Profile::Dev));
    steps::run("fuzz", &steps)?;
    let mut found = Vec::new();
    for target in asked.targets {
        found.extend(fuzz(target, asked.seconds)?.into_iter().map(|finding| (target, finding)));
    }
    if found.is_empty() {
        return Ok(());
    }
    for (target, finding) in &found {
        tell(target, finding);
    }
    Err(format!("{} inputs were found on which something goes wrong", found.len()))
}

fn asked<'a>(arguments: &'a [String], known: &'a [String]) -> Result<Asked<'a>> {
    let (target, seconds) = match arguments {
        [] => (None, SECONDS),
        [flag, seconds] if flag == "--seconds" => (None, seconds.as_str()),
        [target] => (Some(target), SECONDS),
        [target, flag, seconds] if flag == "--seconds" => (Some(target), seconds.as_str()),
        _ => return Err("usage: cargo xtask fuzz [TARGET] [--seconds N]".to_owned()),
    };
    if seconds.parse::<u32>().is_err() {
        return Err(format!("--seconds {seconds}: it is a number of seconds"));
    }
    let known: Vec<_> = known.iter().map(String::as_str).collect();
    let targets = match target {
        None => known,
        Some(target) if known.contains(&target.as_str()) => vec![target.as_str()],
        Some(target) => return Err(format!("there is no target {target}: there is {}", known.join(", "))),
    };
    Ok(Asked { targets, seconds })
}

/// Each has a folder of its corpus.
fn targets() -> Result<Vec<String>> {
    Ok(files("fuzz/corpus")?.iter().map(|path| components::file_name(path)).collect())
}

fn files(folder: &str) -> Result<BTreeSet<PathBuf>> {
    let entries = root().join(folder).read_dir().map_err(|error| format!("cannot read {folder}: {error}"))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

/// Runs a target, and gives what was found, made smaller. What libFuzzer reaches anew is kept in target/fuzz/corpus, and
/// is where the next search begins.
fn fuzz(target: &str, seconds: &str) -> Result<Vec<PathBuf>> {
    let artifacts = format!("fuzz/artifacts/{target}");
    let reached = format!("target/fuzz/corpus/{target}");
    for folder in [&artifacts, &reached] {
        fs::create_dir_all(root().join(folder)).map_err(|error| format!("cannot make {folder}: {error}"))?;
    }
    let before = files(&artifacts)?;
    println!("fuzzing {target} for {seconds} s: `cov` counts what is reached of the code, `exec/s` inputs");
    let mut search = cargo_fuzz("run");
    search.arg(target).args([&reached, &format!("fuzz/corpus/{target}")]);
    search.args(["--", "-print_final_stats=1", INPUT_SECONDS_MAX, RESIDENT_MIB_MAX]);
    let ended = run_command(search.arg(format!("-max_total_time={seconds}")));
    let found: Vec<_> = files(&artifacts)?.difference(&before).cloned().collect();
    match ended {
        Err(error) if found.is_empty() => Err(format!("{target}: {error}")),
        _ => Ok(found.into_iter().map(|finding| smaller(target, finding)).collect()),
    }
}

/// The toolchain is a stable one: no sanitizer, and the profile of the tests, which checks for overflow. The coverage is
/// the compiler's own.
fn cargo_fuzz(subcommand: &str) -> std::process::Command {
    let mut cargo = command("cargo", ROOT);
    cargo.args(["fuzz", subcommand, "--fuzz-dir", "fuzz", "--sanitizer", "none", "--dev"]);
    cargo.args(["--features", "libfuzzer", "--target-dir", "target/fuzz"]);
    cargo
}

/// The smallest input that was found with the same end, or the one that there was.
fn smaller(target: &str, finding: PathBuf) -> PathBuf {
    let Some(folder) = finding.parent() else { return finding };
    let folder = shown(folder).to_string();
    let before = files(&folder).unwrap_or_default();
    let mut minimise = cargo_fuzz("tmin");
    minimise.arg(target).arg(&finding).args(["--", SMALLER_SECONDS, INPUT_SECONDS_MAX, RESIDENT_MIB_MAX]);
    if let Err(error) = run_command(&mut minimise) {
        println!("{target}: the input cannot be made smaller ({error})");
    }
    let after = files(&folder).unwrap_or_default();
    let size = |path: &PathBuf| path.metadata().map_or(u64::MAX, |metadata| metadata.len());
    after.difference(&before).min_by_key(|path| size(path)).cloned().unwrap_or(finding)
}

fn tell(target: &str, finding: &std::path::Path) {
    let file = shown(finding);
    println!("\n{target}: something goes wrong on {file}");
    println!("  it alone:            cargo run -p sandgate-fuzz -- {target} {file}");
    println!("  what it stands for:  cargo run -p sandgate-fuzz -- show {target} {file}");
    println!(
        "  keep it:             as fuzz/corpus/{target}/<what it is>, in the second form where that fails as well"
    );
}
