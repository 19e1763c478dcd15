//! A daemon as a process of its own.

use std::env;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, anyhow, ensure};
use tempfile::TempDir;

use super::root;

/// Beyond this, whatever is waited for does not come. It is long since the components are compiled first, maybe by
/// several daemons at once.
const WAIT: Duration = Duration::from_secs(60);

/// Serves a project on a port that was free. Killed when dropped.
pub(crate) struct Daemon {
    child: Child,
    url: String,
    log: Arc<Log>,
    _data: TempDir,
}

impl Daemon {
    /// Serves the repository's own flows.
    pub(crate) fn of_examples(arguments: &[&str]) -> anyhow::Result<Self> {
        Self::start(&root(), arguments)
    }

    /// Serves a project; returns when clients may connect. `arguments` are further ones of `sandgate serve`.
    pub(crate) fn start(project: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let mut child = Command::new(binary()?)
            .arg("serve")
            .arg(project)
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .args(arguments)
            .env_remove("SANDGATE_LOG")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()?;
        let log = Arc::new(Log::default());
        let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
        // From here on it is killed whatever happens.
        let mut daemon = Self { child, url: String::new(), log, _data: data };
        keep(stderr.context("no standard error")?, Arc::clone(&daemon.log));
        let first = first_line(stdout.context("no standard output")?).recv_timeout(WAIT);
        let first = first.map_err(|_| anyhow!("the daemon did not start:\n{}", daemon.log.text()))?;
        daemon.url = url(&first).with_context(|| format!("the daemon's first line is {first:?}"))?.to_owned();
        Ok(daemon)
    }

    /// Where it serves: `http://127.0.0.1:<port>`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Waits for the log to have a text.
    ///
    /// # Errors
    ///
    /// It does not come; says what came instead.
    pub(crate) fn logged(&self, text: &str) -> anyhow::Result<()> {
        self.log.wait(text)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
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

/// Of `sandgate: serving 4 flows of main at http://127.0.0.1:41234`.
fn url(line: &str) -> Option<&str> {
    let (before, url) = line.split_once(" at ")?;
    before.starts_with("sandgate: serving ").then_some(url)
}

/// Sends the first line, and reads on, so that the daemon never waits for a reader.
fn first_line(stdout: ChildStdout) -> Receiver<String> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            // Nobody listens after the first.
            let _ = sender.send(line);
        }
    });
    receiver
}

fn keep(stderr: ChildStderr, log: Arc<Log>) {
    thread::spawn(move || BufReader::new(stderr).lines().map_while(Result::ok).for_each(|line| log.add(&line)));
}

/// What the daemon says on standard error.
#[derive(Default)]
struct Log {
    text: Mutex<String>,
    more: Condvar,
}

impl Log {
    fn add(&self, line: &str) {
        let mut text = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        text.push_str(line);
        text.push('\n');
        self.more.notify_all();
    }

    fn text(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn wait(&self, wanted: &str) -> anyhow::Result<()> {
        let text = self.text.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.more.wait_timeout_while(text, WAIT, |text| !text.contains(wanted));
        let (text, result) = waited.unwrap_or_else(PoisonError::into_inner);
        ensure!(!result.timed_out(), "the log has no {wanted:?}:\n{text}");
        Ok(())
    }
}
