//! Measures the daemon over loopback, in turn with a server that does the same by hand: `cargo xtask bench`.
//!
//! Both are processes of their own, driven by the same client. What they cost is their own CPU time, as the kernel counts
//! it, so their ratio holds even where the client shares the processors with them.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool for the terminal")]

mod arguments;
mod client;
mod figure;
mod frames;
mod machine;
mod project;
mod reference;
mod report;
mod scale;
mod scenario;
mod server;
mod signals;

use std::process::ExitCode;

use clap::Parser as _;

use arguments::{Arguments, Role};

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = match &arguments.role {
        None => signals::until_stopped(report::measure(&arguments)),
        Some(Role::Reference) => reference::serve(),
        Some(Role::Launch { program }) => server::launch(program),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("sandgate-bench: {error:#}");
            ExitCode::FAILURE
        }
    }
}
