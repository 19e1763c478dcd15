//! Disks that are full or read-only, and what is on the disk before anybody hears of it.
#![expect(clippy::print_stderr, reason = "what cannot be tried on this machine is said to be left out")]

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, ensure};
use serde_json::json;

use crate::support::command::sandgate;
use crate::support::daemon::Daemon;
use crate::support::had::Had;
use crate::support::http;
use crate::support::project::Project;
use crate::support::session::Session;

/// Pushes, sleeps, and pushes again.
const TWICE: &str = "
    format: 1
    flow: twice
    interface: { protocol: websocket, input: { ms: { type: integer, default: 0 } } }
    start: one
    nodes:
      one: { call: client.reply, with: { message: one }, next: pause }
      pause: { call: function.sleep, with: { milliseconds: \"${input.ms}\" }, next: two }
      two: { call: client.reply, with: { message: two }, next: done }
      done: { call: output.result, with: { value: done } }
    ";

fn project() -> anyhow::Result<Project> {
    Project::of(&[("flows/twice.yaml", TWICE)])
}

/// `sandgate` with a file system of its own, in memory, at this folder: it and its children alone see it.
fn on_small_disk(at: &Path, options: &str) -> anyhow::Result<Command> {
    let sandgate = sandgate()?;
    let mut command = Command::new("unshare");
    let script = format!("mount -t tmpfs -o {options} tmpfs \"$0\" && exec \"$@\"");
    command.args(["--user", "--map-root-user", "--mount", "sh", "-c", &script]).arg(at).arg(sandgate.get_program());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Ok(command)
}

/// Whether a file system can be mounted here; in some containers none can.
fn can_mount() -> bool {
    let mut tried = Command::new("unshare");
    tried.args(["--user", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]);
    let can = tried_quietly(&mut tried).status().is_ok_and(|status| status.success());
    if !can {
        eprintln!("no file system can be mounted here");
    }
    can
}

fn tried_quietly(command: &mut Command) -> &mut Command {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null())
}

/// What a process sees at a path.
fn seen_by(daemon: &Daemon, path: &Path) -> PathBuf {
    PathBuf::from(format!("/proc/{}/root{}", daemon.pid(), path.display()))
}

/// Fills a file system with a file.
fn fill(file: &Path) -> anyhow::Result<()> {
    let mut filler = fs::File::create(file)?;
    for bytes in [64 * 1024, 1024, 1] {
        while filler.write_all(&vec![0; bytes]).is_ok() {}
    }
    Ok(())
}

#[tokio::test]
async fn a_full_disk_is_said_to_be_and_everything_goes_on_when_there_is_room() -> anyhow::Result<()> {
    if !can_mount() {
        return Ok(());
    }
    let (project, data) = (project()?, tempfile::tempdir()?);
    let command = on_small_disk(data.path(), "size=24m")?;
    let daemon = Daemon::by(command, project.path(), data.path(), &[])?;
    let mut session = Session::open(&daemon, "twice?client=ann").await?;
    let run = session.start(json!({ "ms": 1_500 })).await?;
    session.until("push client:ann \"one\"").await?;
    let filler = seen_by(&daemon, data.path()).join("filler");
    fill(&filler)?;

    // What is left of the last page may still do for some.
    let refused = loop {
        let asked = json!({ "input": { "ms": 86_400_000 } });
        match session.refused("start", asked).await {
            Ok(refused) => break refused,
            Err(_) => continue,
        }
    };
    assert_eq!(refused["code"], -32004, "{refused}");
    assert!(refused["message"].as_str().is_some_and(|it| it.contains("nothing can be stored just now: ")), "{refused}");
    let ready = http::get(&daemon, "/readyz")?;
    assert_eq!(ready.status, 503, "{}", ready.body);
    assert!(ready.body.contains("nothing can be stored just now: "), "{}", ready.body);

    fs::remove_file(&filler)?;
    daemon.logged("the journal can be written again")?;
    loop {
        let heard = session.next().await?;
        if heard["params"]["run"] == run.as_str() && heard["method"] == "output" {
            break;
        }
    }
    assert_eq!(http::get(&daemon, "/readyz")?.status, 200);
    session.start(json!({})).await?;
    Ok(())
}

#[tokio::test]
async fn a_disk_that_is_read_only_is_said_to_be_and_nothing_on_it_is_lost() -> anyhow::Result<()> {
    if !can_mount() {
        return Ok(());
    }
    let (project, data, below) = (project()?, tempfile::tempdir()?, tempfile::tempdir()?);
    let mut daemon = Daemon::keeping(project.path(), data.path(), &[])?;
    let mut session = Session::open(&daemon, "twice?client=ann").await?;
    let mut had = Had::of(&session);
    session.start(json!({ "ms": 500 })).await?;
    session.until("push").await?;
    daemon.kill()?;

    let script = "mount --bind \"$0\" \"$1\" && mount -o remount,bind,ro \"$1\" && shift && exec \"$@\"";
    let mut read_only = Command::new("unshare");
    read_only.args(["--user", "--map-root-user", "--mount", "sh", "-c", script]).arg(data.path()).arg(below.path());
    read_only.arg(sandgate()?.get_program()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let refused = Daemon::by(read_only, project.path(), below.path(), &[]).err().context("it serves")?.to_string();
    assert!(refused.contains("Read-only file system"), "{refused}");

    let daemon = Daemon::keeping(project.path(), data.path(), &[])?;
    let mut session = had.resume(&daemon, "twice?client=ann").await?;
    let heard = session.until("output").await?;
    assert_eq!(heard, ["push client:ann \"one\"", "push client:ann \"two\"", "output client:ann \"done\""]);
    Ok(())
}

/// `sandgate` under a tracer that writes down what it asks of the kernel; none where there is no tracer, or it may not trace.
fn traced(log: &Path) -> anyhow::Result<Option<Command>> {
    if !tried_quietly(Command::new("strace").args(["-o", "/dev/null", "true"])).status().is_ok_and(|it| it.success()) {
        eprintln!("there is no strace here that may trace");
        return Ok(None);
    }
    let sandgate = sandgate()?;
    let mut command = Command::new("strace");
    command.args([
        "-D",
        "-f",
        "-s",
        "512",
        "-e",
        "trace=fsync,fdatasync,write,writev,sendto,sendmsg,pwrite64,recvfrom,read",
        "-o",
    ]);
    command.arg(log).arg(sandgate.get_program());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    Ok(Some(command))
}

#[tokio::test]
async fn a_start_is_on_the_disk_before_it_is_acknowledged() -> anyhow::Result<()> {
    let (project, data) = (project()?, tempfile::tempdir()?);
    let log = data.path().join("trace");
    let Some(command) = traced(&log)? else { return Ok(()) };
    let mut daemon = Daemon::by(command, project.path(), data.path(), &[])?;
    let mut session = Session::open(&daemon, "twice?client=ann").await?;
    let mut runs = Vec::new();
    for _ in 0..20 {
        runs.push(session.start(json!({ "ms": 86_400_000 })).await?);
    }
    daemon.terminate()?;
    daemon.ended()?;
    let trace = fs::read_to_string(&log)?;
    let lines: Vec<_> = trace.lines().collect();
    let mut from = 0;
    for run in runs {
        let answer = format!("\\\"result\\\":{{\\\"run\\\":\\\"{run}\\\"");
        let acknowledged = lines.iter().position(|line| line.contains(&answer));
        let acknowledged = acknowledged.with_context(|| format!("run {run} is not acknowledged in the trace"))?;
        let between = lines.get(from..acknowledged).unwrap_or_default();
        let written = between.iter().position(|line| line.contains("pwrite64("));
        let written = written.with_context(|| format!("run {run} is acknowledged before it is written"))?;
        let synced = between.iter().skip(written).any(|line| is_synced(line));
        ensure!(synced, "run {run} is acknowledged before it is on the disk");
        from = acknowledged + 1;
    }
    Ok(())
}

/// `fdatasync(12) = 0`, or its end where others came between.
fn is_synced(line: &str) -> bool {
    let of_sync = line.contains("fdatasync") || line.contains("fsync");
    of_sync && line.trim_end().ends_with("= 0")
}
