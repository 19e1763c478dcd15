//! Components that are made to be compiled for ever.

use std::fs;

use anyhow::{Context as _, ensure};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;

use crate::support::daemon::Daemon;
use crate::support::project::Project;
use crate::support::session::Session;
use crate::support::{command, http, within};

const COMPONENT: &str = "components/bomb.wasm";

/// Calls it.
const FLOW: &str = "{ format: 1, flow: boom, interface: { protocol: websocket }, start: it, \
                    nodes: { it: { call: bomb.go } } }";

/// So many blocks inside each other take minutes.
fn bomb() -> anyhow::Result<Vec<u8>> {
    const BLOCKS: usize = 500_000;
    let (blocks, ends) = ("block ".repeat(BLOCKS), "end ".repeat(BLOCKS));
    let text = format!(
        r#"(component
            (core module $core (func (export "go") {blocks} {ends}))
            (core instance $core (instantiate $core))
            (func $go (canon lift (core func $core "go")))
            (instance $it (export "go" (func $go)))
            (export "attack:bomb/it@1.0.0" (instance $it)))"#
    );
    Ok(wat::parse_str(text)?)
}

/// The parent of a process that has not ended.
fn parent(pid: Pid) -> Option<i32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = stat.rsplit_once(") ")?.1.split(' ');
    if fields.next()? == "Z" { None } else { fields.next()?.parse().ok() }
}

/// The processes that the daemon has started and that have not ended.
fn children(daemon: &Daemon) -> anyhow::Result<Vec<Pid>> {
    let mut children = Vec::new();
    for entry in fs::read_dir("/proc")? {
        let pid = entry?.file_name().to_str().and_then(|name| name.parse().ok()).and_then(Pid::from_raw);
        let is_child = |pid: &Pid| parent(*pid) == Some(daemon.pid().cast_signed());
        children.extend(pid.filter(is_child));
    }
    Ok(children)
}

/// Serves a countdown, with these limits of the engine.
fn project(limits: &str) -> anyhow::Result<Project> {
    let config = format!("[limits.engine]\n{limits}\n");
    Project::of(&[("sandgate.toml", &config), ("flows/boom.yaml", FLOW)])?.with_countdown()
}

/// A daemon that compiles a bomb, and the process that it has started for that.
async fn compiling() -> anyhow::Result<(Project, Daemon, Pid)> {
    let project = project("compile_cpu_ms_max = 3_600_000\ncompile_wall_ms_max = 3_600_000")?;
    let daemon = project.serve(&["--dev"])?;
    project.write_bytes(COMPONENT, &bomb()?)?;
    let child = within("the child", async {
        loop {
            ensure!(http::get(&daemon, "/readyz")?.status == 200, "it is not ready");
            if let [child] = children(&daemon)?[..] {
                return Ok(child);
            }
            tokio::task::yield_now().await;
        }
    });
    let child = child.await??;
    Ok((project, daemon, child))
}

/// Waits for the end of a process that is nobody's child any more.
async fn ends(process: Pid) -> anyhow::Result<()> {
    let gone = async {
        while parent(process).is_some() {
            tokio::task::yield_now().await;
        }
    };
    within("the child's end", gone).await
}

/// That a daemon serves, whatever it compiles.
async fn counts_down(daemon: &Daemon) -> anyhow::Result<()> {
    let mut session = Session::open(daemon, "countdown").await?;
    assert_eq!(session.call("run", json!({ "input": { "a": 0 } })).await?["output"], 0);
    Ok(())
}

#[tokio::test]
async fn a_component_that_takes_too_long_is_named_and_the_rest_is_served() -> anyhow::Result<()> {
    let project = project("compile_cpu_ms_max = 2_000")?;
    project.write_bytes(COMPONENT, &bomb()?)?;
    let daemon = project.serve(&[])?;
    let message = "component \"bomb\" does not load: takes too much CPU time to compile: compile_cpu_ms_max is 2000";
    daemon.logged(&format!("{COMPONENT}: {message}"))?;
    daemon.logged("flow boom: its file has errors; it is not served")?;
    let unusable = &http::get(&daemon, "/api/v1/flows")?.json()?["unusable"];
    assert_eq!(unusable, &json!([{ "file": COMPONENT, "message": message }]));
    counts_down(&daemon).await?;
    assert_eq!(children(&daemon)?, []);
    Ok(())
}

#[tokio::test]
async fn what_compiles_ends_with_a_daemon_that_is_killed() -> anyhow::Result<()> {
    let (_project, mut daemon, child) = compiling().await?;
    counts_down(&daemon).await?;
    kill_process(Pid::from_raw(daemon.pid().cast_signed()).context("no id")?, Signal::KILL)?;
    daemon.ended()?;
    ends(child).await
}

#[tokio::test]
async fn a_daemon_that_is_stopped_does_not_wait_for_what_compiles() -> anyhow::Result<()> {
    let (_project, mut daemon, child) = compiling().await?;
    daemon.terminate()?;
    assert_eq!(daemon.ended()?.code(), Some(0));
    ends(child).await
}

#[test]
fn the_command_that_compiles_is_not_for_people() -> anyhow::Result<()> {
    let help = command::run(&crate::support::root(), &["--help"])?;
    assert!(help.stdout.contains("serve") && !help.stdout.contains("compile-component"), "{help}");
    Ok(())
}
