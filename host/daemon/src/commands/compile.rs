//! `sandgate compile-component`: what the other commands start to compile a component, and nobody else.

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Context as _;
use sandgate_engine::compile::{self, Program};

/// Compile the component on standard input for another command, and write the code to standard output
#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The limits, and for whom
    order: OsString,
}

/// The command's name.
pub(super) const NAME: &str = "compile-component";

/// This program, also where its file was replaced by another since it was started.
const SELF: &str = "/proc/self/exe";

pub(super) fn perform(arguments: &Arguments) -> ExitCode {
    compile::serve(&arguments.order)
}

/// This program, as the one that compiles.
///
/// # Errors
///
/// It cannot be found.
pub(super) fn program() -> anyhow::Result<Program> {
    let path = match Path::new(SELF) {
        path if path.exists() => path.to_owned(),
        _ => std::env::current_exe().context("this program does not find its own file, which compiles components")?,
    };
    Ok(Program { path, name: "sandgate".into(), arguments: vec![NAME.into()] })
}
