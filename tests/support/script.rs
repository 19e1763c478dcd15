//! Clients that are written in other languages.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context as _, ensure};

use super::root;

/// A script of tests/clients, for Node.
pub(crate) fn node(script: &str) -> anyhow::Result<Command> {
    let folder = root().join("tests/clients");
    ensure!(
        folder.join("node_modules").is_dir(),
        "npm's packages are missing: run `cargo xtask test`, which installs them"
    );
    let mut command = Command::new("node");
    command.arg(script).current_dir(folder);
    Ok(command)
}

/// The folder of the client library, with what builds it.
pub(crate) fn sdk() -> anyhow::Result<PathBuf> {
    let folder = root().join("sdk/client-js");
    ensure!(
        folder.join("node_modules").is_dir(),
        "npm's packages are missing: run `cargo xtask test`, which installs them"
    );
    Ok(folder)
}

/// A script of tests/python.
pub(crate) fn python(script: &str) -> anyhow::Result<Command> {
    let python = root().join("target/python/bin/python");
    ensure!(python.is_file(), "Python's packages are missing: run `cargo xtask test`, which installs them");
    let mut command = Command::new(python);
    command.arg(script).current_dir(root().join("tests/python"));
    Ok(command)
}

/// Runs a script to its end.
///
/// # Errors
///
/// It says that something is wrong.
pub(crate) fn run(mut script: Command) -> anyhow::Result<()> {
    let output = script.output().with_context(|| format!("{script:?} does not start"))?;
    let said = [output.stdout, output.stderr].concat();
    ensure!(output.status.success(), "{script:?} failed:\n{}", String::from_utf8_lossy(&said));
    Ok(())
}

/// A script that is spoken with line by line, and killed when dropped.
pub(crate) struct Dialogue {
    child: Child,
    lines: BufReader<ChildStdout>,
}

impl Dialogue {
    /// Starts it. What it complains of goes to the test's own standard error.
    pub(crate) fn start(mut script: Command) -> anyhow::Result<Self> {
        let spawned = script.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
        let mut child = spawned.with_context(|| format!("{script:?} does not start"))?;
        let lines = BufReader::new(child.stdout.take().context("no standard output")?);
        Ok(Self { child, lines })
    }

    /// What it says after `word` on its next line, which must begin with it.
    pub(crate) fn hear(&mut self, word: &str) -> anyhow::Result<String> {
        let mut line = String::new();
        self.lines.read_line(&mut line)?;
        let said = line.trim_end().strip_prefix(word);
        said.map(|said| said.trim().to_owned()).with_context(|| format!("the script says {line:?}, not {word:?}"))
    }

    /// Says a line.
    pub(crate) fn say(&mut self, line: &str) -> anyhow::Result<()> {
        writeln!(self.child.stdin.as_mut().context("no standard input")?, "{line}")?;
        Ok(())
    }

    /// Waits for its end.
    ///
    /// # Errors
    ///
    /// It says that something is wrong.
    pub(crate) fn end(mut self) -> anyhow::Result<()> {
        let status = self.child.wait()?;
        ensure!(status.success(), "the script failed: {status}");
        Ok(())
    }
}

impl Drop for Dialogue {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
