//! Runs, and what they said, outlast the daemon.

use std::path::Path;

use anyhow::{Context as _, ensure};
use serde_json::{Value as Json, json};

use crate::support::daemon::Daemon;
use crate::support::had::Had;
use crate::support::http;
use crate::support::project::Project;
use crate::support::session::{Session, in_short};

/// Counts down, with a short sleep between two pushes.
const FALL: &str = "
    format: 1
    flow: fall
    interface: { protocol: websocket, input: { a: { type: integer }, ms: { type: integer, default: 300 } } }
    start: count
    nodes:
      count: { call: counter.next, with: { index: \"${count}\", count: \"${input.a}\", operator: decrement }, next: positive }
      positive:
        gateway: exclusive
        branches: [{ if: count > 0, next: show }, { next: done }]
      show: { call: client.reply, with: { message: \"${count}\" }, next: pause }
      pause: { call: function.sleep, with: { milliseconds: \"${input.ms}\" }, next: count }
      done: { call: output.result, with: { value: \"${input.a}\" } }
    ";

/// A project, and a data folder that outlasts its daemons.
struct Kept {
    project: Project,
    data: tempfile::TempDir,
}

impl Kept {
    fn of(files: &[(&str, &str)]) -> anyhow::Result<Self> {
        Ok(Self { project: Project::of(files)?, data: tempfile::tempdir()? })
    }

    fn serve(&self) -> anyhow::Result<Daemon> {
        Daemon::keeping(self.project.path(), self.data.path(), &[])
    }

    fn path(&self) -> &Path {
        self.data.path()
    }
}

#[tokio::test]
async fn a_run_goes_on_after_a_kill_and_its_client_misses_nothing() -> anyhow::Result<()> {
    let kept = Kept::of(&[("flows/fall.yaml", FALL)])?;
    let mut daemon = kept.serve()?;
    let mut session = Session::open(&daemon, "fall?client=ann").await?;
    let mut had = Had::of(&session);
    let run = session.start(json!({ "a": 6 })).await?;
    let mut numbers = Vec::new();
    while numbers.len() < 2 {
        let pushed = session.next().await?;
        had.take(&pushed)?;
        numbers.push(pushed["params"]["message"].clone());
    }
    daemon.kill()?;

    let daemon = kept.serve()?;
    let mut session = had.resume(&daemon, "fall?client=ann").await?;
    loop {
        let heard = session.next().await?;
        had.take(&heard)?;
        assert_eq!(heard["params"]["run"], run.as_str());
        match heard["method"].as_str() {
            Some("push") => numbers.push(heard["params"]["message"].clone()),
            _ => {
                assert_eq!(in_short(&heard), "output client:ann 6");
                break;
            }
        }
    }
    assert_eq!(json!(numbers), json!([6, 5, 4, 3, 2, 1]));
    Ok(())
}

#[tokio::test]
async fn a_key_stands_for_one_run_also_at_the_same_instant_and_after_a_kill() -> anyhow::Result<()> {
    let kept = Kept::of(&[("flows/fall.yaml", FALL)])?;
    let mut daemon = kept.serve()?;
    let mut one = Session::open(&daemon, "fall?client=ann").await?;
    let mut other = Session::open(&daemon, "fall?client=ann").await?;
    let asked = json!({ "input": { "a": 1, "ms": 10 }, "key": "k" });
    let (first, second) = tokio::join!(one.call("start", asked.clone()), other.call("run", asked.clone()));
    let (first, second) = (first?, second?);
    assert_eq!((&first["run"], &second["output"]), (&second["run"], &json!(1)));
    let refused = one.refused("start", json!({ "input": { "a": 2 }, "key": "k" })).await?;
    assert_eq!(
        (&refused["code"], &refused["message"]),
        (&json!(-32005), &json!("flow fall: key \"k\" is that of a run with another input"))
    );
    // Another client's key is another key.
    let mut bob = Session::open(&daemon, "fall?client=bob").await?;
    assert_ne!(bob.call("start", asked.clone()).await?["run"], first["run"]);
    daemon.kill()?;

    let daemon = kept.serve()?;
    let mut session = Session::open(&daemon, "fall?client=ann").await?;
    let again = session.call("run", asked).await?;
    assert_eq!(again, second);
    Ok(())
}

#[tokio::test]
async fn a_run_of_a_flow_that_is_not_durable_ends_with_the_daemon() -> anyhow::Result<()> {
    let fleeting = FALL.replace("protocol: websocket,", "protocol: websocket, durable: false,");
    let kept = Kept::of(&[("flows/fall.yaml", &fleeting)])?;
    let mut daemon = kept.serve()?;
    let mut session = Session::open(&daemon, "fall?client=ann").await?;
    let mut had = Had::of(&session);
    session.start(json!({ "a": 3, "ms": 60_000 })).await?;
    session.next().await?;
    daemon.kill()?;

    let daemon = kept.serve()?;
    let mut session = had.resume(&daemon, "fall?client=ann").await?;
    let gap = session.next().await?;
    assert_eq!((&gap["method"], &gap["params"]["from"], &gap["params"]["to"]), (&json!("gap"), &json!(1), &Json::Null));
    Ok(())
}

#[tokio::test]
async fn a_sleep_that_was_due_meanwhile_ends_at_once_and_any_other_when_it_is_due() -> anyhow::Result<()> {
    let kept = Kept::of(&[("flows/fall.yaml", FALL)])?;
    let mut daemon = kept.serve()?;
    let mut session = Session::open(&daemon, "fall?client=ann").await?;
    let mut had = Had::of(&session);
    session.start(json!({ "a": 1, "ms": 1 })).await?;
    session.start(json!({ "a": 2, "ms": 86_400_000 })).await?;
    session.until("push client:ann 2").await?;
    daemon.kill()?;

    let daemon = kept.serve()?;
    let mut session = had.resume(&daemon, "fall?client=ann").await?;
    session.until("output client:ann 1").await?;
    let others: Vec<_> = session.so_far().await?.into_iter().filter(|heard| heard != "push client:ann 2").collect();
    assert_eq!(others, [""; 0]);
    Ok(())
}

#[tokio::test]
async fn a_run_whose_caller_is_gone_is_cancelled_if_its_flow_says_so() -> anyhow::Result<()> {
    let cancelled = FALL.replace("protocol: websocket,", "protocol: websocket, on-leave: cancel,");
    let kept = Kept::of(&[("flows/fall.yaml", &cancelled)])?;
    let mut daemon = kept.serve()?;
    let mut session = Session::open(&daemon, "fall?client=ann").await?;
    let mut had = Had::of(&session);
    session.start(json!({ "a": 1, "ms": 60_000 })).await?;
    session.until("push").await?;
    daemon.kill()?;

    let daemon = kept.serve()?;
    let mut session = had.resume(&daemon, "fall?client=ann").await?;
    let heard = session.until("failed").await?;
    assert_eq!(heard.last().unwrap(), "failed client:ann \"flow fall: the run was cancelled: its caller left\"");
    Ok(())
}

#[tokio::test]
async fn one_daemon_at_a_time_has_a_data_folder() -> anyhow::Result<()> {
    let kept = Kept::of(&[("flows/fall.yaml", FALL)])?;
    let daemon = kept.serve()?;
    let refused = kept.serve().err().context("a second daemon has the folder")?.to_string();
    let holder = format!("{} is in use by process {}", kept.path().display(), daemon.pid());
    assert!(refused.contains(&holder), "{refused}");
    Ok(())
}

#[tokio::test]
async fn a_run_that_sleeps_outside_of_memory_can_be_cancelled() -> anyhow::Result<()> {
    let kept = Kept::of(&[("flows/fall.yaml", FALL)])?;
    let daemon = kept.serve()?;
    let mut session = Session::open(&daemon, "fall?client=ann").await?;
    let run = session.start(json!({ "a": 1, "ms": 86_400_000 })).await?;
    session.until("push").await?;
    let cancelled = session.call("cancel", json!({ "run": run })).await?;
    assert_eq!(cancelled["ended"], "cancelled");
    Ok(())
}

#[tokio::test]
async fn damage_is_named_and_all_else_goes_on() -> anyhow::Result<()> {
    let kept = Kept::of(&[("flows/fall.yaml", FALL)])?;
    let mut daemon = kept.serve()?;
    let mut session = Session::open(&daemon, "fall?client=ann").await?;
    let mut had = Had::of(&session);
    let mut runs = Vec::new();
    for _ in 0..2 {
        runs.push(session.start(json!({ "a": 1, "ms": 1_000 })).await?);
        session.until("push").await?;
    }
    daemon.kill()?;
    damage(&kept.path().join("journal.sqlite"), &runs[0])?;

    let daemon = kept.serve()?;
    daemon.logged(&format!("run {} cannot go on: what is stored is damaged: run {}", runs[0], runs[0]))?;
    let mut session = had.resume(&daemon, "fall?client=ann").await?;
    let heard = loop {
        let heard = session.next().await?;
        if heard["method"] == "output" {
            break heard;
        }
    };
    assert_eq!(heard["params"]["run"], runs[1].as_str());
    assert_eq!(http::get(&daemon, "/readyz")?.status, 200);
    Ok(())
}

/// Flips a bit in the events of a run.
fn damage(database: &Path, run: &str) -> anyhow::Result<()> {
    let database = rusqlite::Connection::open(database)?;
    let run = u128::from_str_radix(&run.replace('-', ""), 16)?.to_be_bytes();
    let changed = database.execute(
        "UPDATE events SET body = CAST(substr(body, 1, length(body) - 1) || x'7f' AS BLOB) WHERE run = ?1",
        [run.as_slice()],
    )?;
    ensure!(changed > 0, "there is nothing to damage");
    Ok(())
}
