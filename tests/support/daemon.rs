//! A daemon as a process of its own.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, ExitStatus};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use anyhow::{Context as _, anyhow};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::command::sandgate;
use super::log::Log;
use super::{WAIT, root};

/// Serves a project on a port that was free. Killed when dropped.
pub(crate) struct Daemon {
    child: Child,
    url: String,
    log: Arc<Log>,
    /// Gone with it, unless it was given one.
    kept: Option<TempDir>,
}

impl Daemon {
    /// Serves the repository's own flows.
    pub(crate) fn of_examples(arguments: &[&str]) -> anyhow::Result<Self> {
        Self::start(&root(), arguments)
    }

    /// Serves a project; returns when clients may connect. `arguments` are further ones of `sandgate serve`.
    pub(crate) fn start(project: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let data = tempfile::tempdir()?;
        let mut daemon = Self::keeping(project, data.path(), arguments)?;
        daemon.kept = Some(data);
        Ok(daemon)
    }

    /// As [`Self::start`], with a data folder that outlasts it.
    pub(crate) fn keeping(project: &Path, data: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        Self::by(sandgate()?, project, data, arguments)
    }

    /// As [`Self::keeping`], by a command that begins with another program.
    pub(crate) fn by(mut command: Command, project: &Path, data: &Path, arguments: &[&str]) -> anyhow::Result<Self> {
        let listen = ["--listen", "127.0.0.1:0"];
        let listen = if arguments.contains(&"--listen") { &[] } else { listen.as_slice() };
        command.arg("serve").arg(project).args(listen).arg("--data").arg(data).args(arguments);
        Self::spawn(command)
    }

    /// Serves from a data folder that outlasts it: a project's flows, or without one whatever was published there.
    pub(crate) fn from(data: &Path, project: Option<&Path>) -> anyhow::Result<Self> {
        let Some(project) = project else {
            let mut command = sandgate()?;
            // A folder that is no project.
            command.current_dir("/").args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
            return Self::spawn(command);
        };
        Self::keeping(project, data, &[])
    }

    fn spawn(mut command: Command) -> anyhow::Result<Self> {
        let mut child = command.spawn()?;
        let log = Log::of(child.stderr.take().context("no standard error")?);
        let stdout = child.stdout.take().context("no standard output")?;
        // From here on it is killed whatever happens.
        let mut daemon = Self { child, url: String::new(), log, kept: None };
        let first = first_line(stdout).recv_timeout(WAIT);
        let first = first.map_err(|_| anyhow!("the daemon did not start:\n{}", daemon.log()))?;
        daemon.url = url(&first).with_context(|| format!("the daemon's first line is {first:?}"))?.to_owned();
        Ok(daemon)
    }

    /// Where it serves: `http://127.0.0.1:<port>`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What it has logged so far.
    pub(crate) fn log(&self) -> String {
        self.log.text()
    }

    /// Waits for the log to have a text.
    ///
    /// # Errors
    ///
    /// It does not come; says what came instead.
    pub(crate) fn logged(&self, text: &str) -> anyhow::Result<()> {
        self.log.wait(text)
    }

    /// The process.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Asks it to stop, by SIGTERM.
    pub(crate) fn terminate(&self) -> anyhow::Result<()> {
        let pid = i32::try_from(self.pid()).ok().and_then(Pid::from_raw).context("its id is not one")?;
        Ok(kill_process(pid, Signal::TERM)?)
    }

    /// Ends it where it stands, by SIGKILL.
    pub(crate) fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Kills it, and serves the repository's own flows again, at the same address and with the data that it had.
    pub(crate) fn crash(mut self, data: &Path) -> anyhow::Result<Self> {
        self.kill()?;
        Self::keeping(&root(), data, &["--listen", self.url.trim_start_matches("http://")])
    }

    /// Waits for its end.
    ///
    /// # Errors
    ///
    /// It does not end.
    pub(crate) fn ended(&mut self) -> anyhow::Result<ExitStatus> {
        self.log.wait_for_end()?;
        Ok(self.child.wait()?)
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
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
