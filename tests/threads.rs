//! Sleeping takes no thread.

use std::fs;

use anyhow::Context as _;
use serde_json::json;

use crate::support::daemon::Daemon;
use crate::support::project::Project;
use crate::support::session::Session;

/// Pushes, and then sleeps for a day.
const NAP: &str = "
    format: 1
    flow: nap
    interface: { protocol: websocket }
    start: it
    nodes:
      it: { call: naps.go, with: { milliseconds: 86400000 } }
    ";

const SLEEPERS: usize = 1_000;

fn threads(daemon: &Daemon) -> anyhow::Result<usize> {
    let status = fs::read_to_string(format!("/proc/{}/status", daemon.pid()))?;
    let line = status.lines().find_map(|line| line.strip_prefix("Threads:")).context("the kernel counts no threads")?;
    Ok(line.trim().parse()?)
}

#[tokio::test]
async fn a_thousand_sleeping_runs_take_no_more_threads_than_one() -> anyhow::Result<()> {
    let daemon = Project::of(&[("flows/nap.yaml", NAP)])?.with_guest("naps")?.serve(&[])?;
    let mut session = Session::open(&daemon, "nap").await?;
    let mut runs = vec![session.start(json!({})).await?];
    session.until("push everyone 1").await?;
    let of_one = threads(&daemon)?;
    for _ in 1..SLEEPERS {
        runs.push(session.start(json!({})).await?);
    }
    for _ in 1..SLEEPERS {
        // It pushes right before it sleeps.
        session.until("push everyone 1").await?;
    }
    let of_all = threads(&daemon)?;
    assert!(of_all <= of_one, "{of_one} threads with one sleeper, and {of_all} with {SLEEPERS}");
    // They are all there still, and wake at once.
    for run in runs {
        assert_eq!(session.call("cancel", json!({ "run": run })).await?["ended"], "cancelled");
    }
    Ok(())
}
