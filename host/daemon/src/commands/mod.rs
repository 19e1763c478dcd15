//! The command line.

mod at;
mod check;
mod compile;
mod log;
mod new;
mod opened;
mod outcome;
mod place;
mod remote;
mod run;
mod running;
mod runs;
mod serve;
mod test;
mod types;
mod versions;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::output;

/// Runs flows of sandboxed WebAssembly components, and serves them over WebSocket and HTTP.
#[derive(Parser)]
#[command(name = "sandgate", version, max_term_width = 100, after_help = EXAMPLES)]
struct Arguments {
    #[command(flatten)]
    log: log::Arguments,
    #[command(subcommand)]
    command: Command,
}

const EXAMPLES: &str = "\
Examples:
  sandgate new shop                    make a project that can be served at once
  sandgate serve shop --dev            serve it, and again whenever a file changes
  sandgate test --project shop         run its cases, on virtual time
  sandgate publish --project shop      make new versions of what changed

Exit codes: 0 when all went well, 1 when something failed, 2 when the command line is wrong.";

#[derive(Subcommand)]
enum Command {
    New(new::Arguments),
    Serve(serve::Arguments),
    Run(run::Arguments),
    Check(check::Arguments),
    Test(test::Arguments),
    Publish(versions::Publish),
    Versions(versions::Versions),
    Diff(versions::Diff),
    Rollback(versions::Rollback),
    Runs(runs::Runs),
    Trace(runs::Trace),
    Cancel(runs::Cancel),
    Types(types::Arguments),
    #[command(name = compile::NAME, hide = true)]
    Compile(compile::Arguments),
}

/// Does what the command line says.
pub(crate) fn main() -> ExitCode {
    let Arguments { log, command } = Arguments::parse();
    let done = match &command {
        // Its standard error is an answer.
        Command::Compile(_) => Ok(()),
        Command::Serve(_) => log::start(log, log::Reader::Operator),
        _ => log::start(log, log::Reader::Author),
    };
    match done.and_then(|()| perform(command)) {
        Ok(code) => code,
        Err(error) if output::reader_left(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::error(&error);
            ExitCode::FAILURE
        }
    }
}

fn perform(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::New(arguments) => new::perform(arguments),
        Command::Serve(arguments) => serve::perform(arguments),
        Command::Run(arguments) => run::perform(arguments),
        Command::Check(arguments) => check::perform(arguments),
        Command::Test(arguments) => test::perform(arguments),
        Command::Publish(arguments) => versions::perform_publish(arguments),
        Command::Versions(arguments) => versions::perform_show(arguments),
        Command::Diff(arguments) => versions::perform_diff(arguments),
        Command::Rollback(arguments) => versions::perform_rollback(arguments),
        Command::Runs(arguments) => runs::perform_list(arguments),
        Command::Trace(arguments) => runs::perform_trace(arguments),
        Command::Cancel(arguments) => runs::perform_cancel(arguments),
        Command::Types(arguments) => types::perform(arguments),
        Command::Compile(arguments) => Ok(compile::perform(&arguments)),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn every_command_has_a_summary_and_examples() {
        for command in Arguments::command().get_subcommands().filter(|command| !command.is_hide_set()) {
            let name = command.get_name();
            assert!(command.get_about().is_some(), "{name}");
            let after = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            assert!(after.contains(&format!("sandgate {name}")), "{name}");
        }
    }
}
