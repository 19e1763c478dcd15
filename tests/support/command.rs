//! The `sandgate` commands.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::{env, fmt};

use anyhow::{Context as _, ensure};

/// What a command said, and its exit code.
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// `sandgate`, with a clean environment and nothing to read.
pub(crate) fn sandgate() -> anyhow::Result<Command> {
    let mut command = Command::new(binary()?);
    command.env_remove("SANDGATE_LOG").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Ok(command)
}

/// Runs `sandgate` with these arguments, in this folder, to its end.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> anyhow::Result<Ended> {
    let output = sandgate()?.current_dir(folder).args(arguments).output()?;
    let text = |bytes| String::from_utf8(bytes).context("what it says is not UTF-8");
    Ok(Ended { code: output.status.code(), stdout: text(output.stdout)?, stderr: text(output.stderr)? })
}

impl Ended {
    /// What it printed, where that is lines of JSON.
    pub(crate) fn json_lines(&self) -> anyhow::Result<Vec<serde_json::Value>> {
        self.stdout.lines().map(|line| serde_json::from_str(line).with_context(|| format!("{line:?}"))).collect()
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "exit code {:?}\n{}\n{}", self.code, self.stdout, self.stderr)
    }
}

/// The daemon that was built in the same profile as this test: beside the folder that the test itself is in.
fn binary() -> anyhow::Result<PathBuf> {
    let test = env::current_exe()?;
    let profile = test.ancestors().nth(2).context("the test is in no folder of a profile")?;
    let binary = profile.join("sandgate");
    ensure!(binary.is_file(), "{} is missing: run `cargo xtask test`, which builds it first", binary.display());
    Ok(binary)
}
