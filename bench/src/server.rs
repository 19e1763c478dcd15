//! The servers that are measured, each a process of its own.

use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;
use std::{env, fs};

use anyhow::{Context as _, bail, ensure};
use rustix::process::{Signal, set_parent_process_death_signal};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::spawn_blocking;

use crate::client::within;
use crate::project::Project;

/// Which server is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The daemon.
    Daemon,
    /// The one that does the same by hand.
    Reference,
}

/// A server that takes sessions. Killed when dropped, and when this process ends in any other way.
pub(crate) struct Server {
    child: Killed,
    address: SocketAddr,
    /// Kept, so that whatever it says finds a reader.
    _said: BufReader<ChildStdout>,
}

impl Server {
    /// Starts it, and waits until it says where it listens.
    ///
    /// # Errors
    ///
    /// It does not start.
    pub(crate) async fn start(subject: Subject, project: &Project) -> anyhow::Result<Self> {
        let child = command(subject, project)?.spawn().with_context(|| format!("{subject:?} cannot be started"))?;
        // From here on it is killed whatever happens.
        let mut child = Killed(child);
        let said = BufReader::new(child.0.stdout.take().context("no standard output")?);
        let listening = async { Ok(spawn_blocking(|| first_line(said)).await??) };
        let (first, said) = within("a server that listens", listening).await?;
        let address = first.trim_end().rsplit_once(" at http://").and_then(|(_, address)| address.parse().ok());
        let address = address.with_context(|| format!("{subject:?} says no address, but {first:?}"))?;
        Ok(Self { child, address, _said: said })
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Waits until `/readyz` says 200.
    ///
    /// # Errors
    ///
    /// It says something else.
    pub(crate) async fn ready(&self) -> anyhow::Result<()> {
        let mut stream = TcpStream::connect(self.address).await?;
        let request = format!("GET /readyz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).await?;
        let mut status = [0; 12];
        stream.read_exact(&mut status).await?;
        ensure!(status == *b"HTTP/1.1 200", "not ready: {:?}", String::from_utf8_lossy(&status));
        Ok(())
    }

    /// The CPU time that all threads of its process have used, of the user and of the system. In hundredths of a second.
    pub(crate) fn cpu(&self) -> anyhow::Result<Duration> {
        /// Of `/proc`, on every Linux (`sysconf(_SC_CLK_TCK)`).
        const TICK_MS: u64 = 10;
        let stat = self.proc("stat")?;
        // The second field is the program's name, in parentheses, and may hold anything.
        let (_, fields) = stat.rsplit_once(") ").context("no name in /proc/<pid>/stat")?;
        let mut fields = fields.split(' ').skip(11).map(str::parse::<u64>);
        match (fields.next(), fields.next()) {
            (Some(Ok(user)), Some(Ok(system))) => Ok(Duration::from_millis((user + system) * TICK_MS)),
            _ => bail!("no times in /proc/<pid>/stat: {stat}"),
        }
    }

    /// Its resident memory, in KiB.
    pub(crate) fn resident_kib(&self) -> anyhow::Result<u64> {
        let status = self.proc("status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        Ok(line.context("no VmRSS in /proc/<pid>/status")?.trim().trim_end_matches(" kB").parse()?)
    }

    fn proc(&self, file: &str) -> anyhow::Result<String> {
        let path = format!("/proc/{}/{file}", self.child.0.id());
        fs::read_to_string(&path).with_context(|| format!("{path}: the server has ended"))
    }
}

/// A process that is killed when this is dropped, and is gone then: nothing of it disturbs what comes next.
struct Killed(Child);

impl Drop for Killed {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn first_line(mut said: BufReader<ChildStdout>) -> std::io::Result<(String, BufReader<ChildStdout>)> {
    let mut line = String::new();
    said.read_line(&mut line)?;
    Ok((line, said))
}

fn command(subject: Subject, project: &Project) -> anyhow::Result<Command> {
    let mut command = Command::new(env::current_exe()?);
    match subject {
        Subject::Daemon => {
            command.arg("launch").arg(&project.daemon).arg("serve").arg(project.path());
            command.args(["--listen", "127.0.0.1:0", "--data"]).arg(project.data());
            command.env("SANDGATE_LOG", "warn").stdin(Stdio::null());
        }
        Subject::Reference => {
            command.arg("launch").arg(env::current_exe()?).arg("reference").stdin(Stdio::piped());
        }
    }
    command.stdout(Stdio::piped()).stderr(Stdio::inherit());
    Ok(command)
}

/// Becomes another program, which the system kills when whoever started this one is gone: even a kill leaves nothing behind.
///
/// # Errors
///
/// It cannot be started.
pub(crate) fn launch(program: &[String]) -> anyhow::Result<()> {
    let (program, arguments) = program.split_first().context("no program to become")?;
    set_parent_process_death_signal(Some(Signal::KILL))?;
    let failed = std::process::Command::new(program).args(arguments).exec();
    Err(failed).with_context(|| Path::new(program).display().to_string())
}
