//! `cargo xtask run`: builds everything in release and serves the project's own flows.

use std::os::unix::process::CommandExt as _;

use crate::process::{ROOT, command, root, shown};
use crate::{Result, build, steps};

const LISTEN: &str = "127.0.0.1:8080";

/// Builds, and becomes the daemon. `arguments` are passed on to `sandgate serve`, with or without a `--` before them.
///
/// # Errors
///
/// A step of the build failed, or the daemon could not be started.
pub(crate) fn run(arguments: &[String]) -> Result {
    let arguments = arguments.strip_prefix(&["--".to_owned()]).unwrap_or(arguments);
    steps::run("run", &build::steps())?;
    let daemon = root().join("target/release/sandgate");
    let mut serve = command(&daemon.to_string_lossy(), ROOT);
    serve.arg("serve").arg(".");
    if !arguments.iter().any(|argument| argument.starts_with("--listen")) {
        serve.args(["--listen", LISTEN]);
    }
    serve.args(arguments);
    println!("starting: {}", line(&serve));
    // Replaced rather than waited for: signals reach the daemon, and nothing stands between it and its supervisor.
    Err(format!("cannot start {}: {}", shown(&daemon), serve.exec()))
}

fn line(command: &std::process::Command) -> String {
    let words = command.get_args().map(|word| word.to_string_lossy());
    format!("target/release/sandgate {}", words.collect::<Vec<_>>().join(" "))
}
