//! Other programs: where they run, and what they are given.

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::Result;

/// A folder of the repository, as its root sees it.
pub(crate) const ROOT: &str = ".";

/// The folder of the workspace of the components and the guests.
pub(crate) const COMPONENTS: &str = "components";

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    let xtask = Path::new(env!("CARGO_MANIFEST_DIR"));
    xtask.parent().unwrap_or(xtask)
}

/// A path as the root of the repository sees it, for messages.
pub(crate) fn shown(path: &Path) -> std::path::Display<'_> {
    path.strip_prefix(root()).unwrap_or(path).display()
}

/// A command line, which a person could type as well: words between spaces, without quotes.
#[derive(Clone, Copy)]
pub(crate) struct CommandLine {
    /// Where it runs: a folder of the repository.
    pub(crate) folder: &'static str,
    /// The program and its arguments.
    pub(crate) line: &'static str,
}

impl CommandLine {
    /// Runs it, its output passing through.
    ///
    /// # Errors
    ///
    /// It could not be started, or did not succeed.
    pub(crate) fn run(self) -> Result {
        let mut words = self.line.split(' ');
        let program = words.next().unwrap_or_default();
        run(command(program, self.folder).args(words))
    }
}

/// As it is typed at the root of the repository.
impl fmt::Display for CommandLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.folder {
            ROOT => f.write_str(self.line),
            folder => write!(f, "(cd {folder} && {})", self.line),
        }
    }
}

/// A program to run in a folder of the repository, with nothing to read.
pub(crate) fn command(program: &str, folder: &str) -> Command {
    // Under `cargo xtask`, the cargo that started this one: the toolchain's own, without rustup in between.
    let cargo = || env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(if program == "cargo" { cargo() } else { OsString::from(program) });
    command.current_dir(root().join(folder)).stdin(Stdio::null());
    // What is built is where the README says, whatever the caller's environment says.
    command.env_remove("CARGO_TARGET_DIR").env_remove("CARGO_BUILD_TARGET").env_remove("CARGO_BUILD_TARGET_DIR");
    if folder == COMPONENTS {
        // They would replace those of components/.cargo/config.toml, and the stack would be another size.
        command.env_remove("RUSTFLAGS").env_remove("CARGO_ENCODED_RUSTFLAGS");
    }
    command
}

/// Runs a command to its end, its output passing through.
///
/// # Errors
///
/// It could not be started, or did not succeed.
pub(crate) fn run(command: &mut Command) -> Result {
    let program = name(command);
    let status = command.status().map_err(|error| format!("cannot start {program}: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{program} ended with {status}")) }
}

/// Runs a command to its end, and gives what it wrote to its standard output.
///
/// # Errors
///
/// It could not be started, or did not succeed.
pub(crate) fn read(command: &mut Command) -> Result<String> {
    let program = name(command);
    let output =
        command.stderr(Stdio::inherit()).output().map_err(|error| format!("cannot start {program}: {error}"))?;
    if !output.status.success() {
        return Err(format!("{program} ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("{program} did not write UTF-8: {error}"))
}

/// Whether this command can be started and succeeds. It shows nothing.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program());
    program.file_name().unwrap_or(command.get_program()).to_string_lossy().into_owned()
}
