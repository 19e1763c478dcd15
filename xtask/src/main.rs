//! The project's automation: `cargo xtask help` says what there is. Only the standard library, so that it starts at once.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool for the terminal")]

mod audit;
mod bench;
mod build;
mod client;
mod components;
mod fuzz;
mod help;
mod install;
mod pack;
mod process;
mod run;
mod schema;
mod simulate;
mod steps;
mod studio;
mod test;
mod tidy;

use std::process::ExitCode;

/// What became of a command; the error is for people.
type Result<T = ()> = std::result::Result<T, String>;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (command, rest) = match arguments.split_first() {
        Some((command, rest)) => (command.as_str(), rest),
        None => ("help", arguments.as_slice()),
    };
    let done = match (command, rest) {
        ("run", rest) => run::run(rest),
        ("build", []) => build::run(),
        ("components", []) => components::run(),
        ("test", []) => test::run(),
        ("setup", []) => install::all(),
        ("audit", []) => audit::run(),
        ("bench", rest) => bench::run(rest),
        ("fuzz", rest) => fuzz::run(rest),
        ("simulate", rest) => simulate::run(rest),
        ("tidy", []) => tidy::run(),
        ("client", []) => client::build(),
        ("client", [flag]) if flag == "--check" => client::check(),
        ("studio", []) => studio::build(),
        ("studio", [flag]) if flag == "--check" => studio::check(),
        ("schema", []) => schema::write(),
        ("schema", [flag]) if flag == "--check" => schema::check(),
        ("help" | "--help" | "-h", _) => help::run(),
        _ => return usage(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("xtask: {message}");
            ExitCode::FAILURE
        }
    }
}

fn usage(arguments: &[String]) -> ExitCode {
    eprintln!("xtask: there is no `{}`: see `cargo xtask help`", arguments.join(" "));
    ExitCode::from(2)
}
