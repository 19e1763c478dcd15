//! Runs a target without libFuzzer: one input alone, or others and others for a while.
//!
//! `sandgate-fuzz TARGET INPUT...` runs inputs, `sandgate-fuzz show TARGET INPUT` writes what one stands for, and
//! `sandgate-fuzz TARGET [seed:N] --seconds N` takes one seed after the other, from one that nobody has seen if none is
//! given. An input is a file, `seed:N`, or `base64:TEXT`.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool for the terminal")]

use std::io::Write as _;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sandgate_fuzz::{Target, chance};

const USAGE: &str = "usage: sandgate-fuzz [show] TARGET INPUT..., or sandgate-fuzz TARGET [seed:N] --seconds N
an INPUT is a file, seed:N, or base64:TEXT; the targets are document, expression, value, message, frame, component";

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let words: Vec<_> = arguments.iter().map(String::as_str).collect();
    match done(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn done(words: &[&str]) -> Result<(), String> {
    match words {
        ["show", target, given] => {
            let target = named(target)?;
            let shown = (target.show)(&input(target, given)?);
            std::io::stdout().write_all(&shown).map_err(|error| error.to_string())
        }
        [target, "--seconds", seconds] => search(named(target)?, unseen(), number("--seconds", seconds)?),
        [target, first, "--seconds", seconds] if first.starts_with("seed:") => {
            search(named(target)?, number("seed", first.trim_start_matches("seed:"))?, number("--seconds", seconds)?)
        }
        [target, inputs @ ..] if !inputs.is_empty() => {
            let target = named(target)?;
            inputs.iter().try_for_each(|given| {
                let verdict = target.take(&input(target, given)?);
                println!("{} {given}: nothing goes wrong: {verdict:?}", target.name);
                Ok(())
            })
        }
        _ => Err(USAGE.to_owned()),
    }
}

fn named(name: &str) -> Result<Target, String> {
    Target::named(name).ok_or_else(|| format!("there is no target {name:?}\n{USAGE}"))
}

fn number(what: &str, text: &str) -> Result<u64, String> {
    text.parse().map_err(|error| format!("{what} {text}: {error}"))
}

fn input(target: Target, given: &str) -> Result<Vec<u8>, String> {
    if let Some(seed) = given.strip_prefix("seed:") {
        return Ok(chance::input(number("seed", seed)?, target.bytes_max));
    }
    match given.strip_prefix("base64:") {
        Some(text) => BASE64.decode(text).map_err(|error| format!("{given}: {error}")),
        None => std::fs::read(given).map_err(|error| format!("cannot read {given}: {error}")),
    }
}

/// A seed that the clock gives, so that each search goes elsewhere.
fn unseen() -> u64 {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    since_epoch.as_secs() << 20
}

/// Takes one seed after the other. Should the process die, the input lies in target/fuzz/last.
fn search(target: Target, first: u64, seconds: u64) -> Result<(), String> {
    println!("{}: from seed {first} on, for {seconds} s", target.name);
    let begin = Instant::now();
    let mut seed = first;
    while begin.elapsed() < Duration::from_secs(seconds) {
        let input = chance::input(seed, target.bytes_max);
        if std::panic::catch_unwind(|| target.take(&input)).is_err() {
            return Err(format!(
                "found by seed {seed}: run `cargo run -p sandgate-fuzz -- {} seed:{seed}`",
                target.name
            ));
        }
        seed = seed.wrapping_add(1);
    }
    println!("{}: nothing was found by {} inputs", target.name, seed.wrapping_sub(first));
    Ok(())
}
