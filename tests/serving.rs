//! A daemon that has something to put up with, and one that is stopped.

use std::sync::Arc;

use anyhow::Context as _;
use serde_json::json;

use crate::support::command;
use crate::support::daemon::Daemon;
use crate::support::http;
use crate::support::project::Project;
use crate::support::session::Session;
use crate::support::socket::Socket;

/// Calls a component that cannot be used.
const BEAM: &str = "
    format: 1
    flow: beam
    interface: { protocol: websocket }
    start: it
    nodes:
      it: { call: unknown_import.go }
    ";

/// Pushes, and then sleeps for a day.
const SLEEPER: &str = "
    format: 1
    flow: sleeper
    interface: { protocol: websocket }
    start: show
    nodes:
      show: { call: client.push, with: { message: good night }, next: sleep }
      sleep: { call: function.sleep, with: { milliseconds: 86400000 } }
    ";

const NOT_A_COMPONENT: &str =
    "components/text.wasm: component \"text\": not WebAssembly: the file begins with the bytes 68 65 6c 6c";
const UNKNOWN_IMPORT: &str = "components/unknown_import.wasm: component \"unknown_import\" imports \
                              guest:unknown-import/teleport@0.1.0, which this host does not offer";

fn broken() -> anyhow::Result<Project> {
    let project = Project::of(&[("flows/beam.yaml", BEAM), ("components/text.wasm", "hello")])?;
    project.with_countdown()?.with_guest("unknown-import")
}

#[tokio::test]
async fn components_that_cannot_be_used_are_named_in_the_log_and_the_rest_is_served() -> anyhow::Result<()> {
    let daemon = broken()?.serve(&[])?;
    daemon.logged(NOT_A_COMPONENT)?;
    daemon.logged(UNKNOWN_IMPORT)?;
    daemon.logged("flow beam: its file has errors; it is not served")?;
    let unusable = &http::get(&daemon, "/api/v1/flows")?.json()?["unusable"];
    assert_eq!(
        [&unusable[0]["file"], &unusable[1]["file"]],
        ["components/text.wasm", "components/unknown_import.wasm"]
    );
    let mut session = Session::open(&daemon, "countdown").await?;
    assert_eq!(session.call("run", json!({ "input": { "a": 0 } })).await?["output"], 0);
    Ok(())
}

#[tokio::test]
async fn a_flow_that_never_checked_says_where_its_problems_are() -> anyhow::Result<()> {
    let daemon = broken()?.serve(&[])?;
    let reason = "flow beam has problems, and no version of it had none: see /";
    assert_eq!(Socket::open(&daemon, "beam").await?.closed().await?, (4004, reason.to_owned(), 0));
    let answer = http::run(&daemon, "beam", "{}")?;
    assert_eq!((answer.status, &answer.json()?["detail"]), (503, &json!(reason)));
    let beam = http::get(&daemon, "/api/v1/flows/beam")?.json()?;
    assert_eq!((&beam["status"], &beam["version"]), (&json!("broken"), &json!(null)));
    assert_eq!(beam["problems"][0]["message"], "there is no component `unknown_import`");
    Ok(())
}

#[test]
fn check_names_components_that_cannot_be_used() -> anyhow::Result<()> {
    let project = broken()?;
    let checked = command::run(project.path(), &["check", "countdown"])?;
    assert_eq!(checked.code, Some(1), "{checked}");
    assert!(checked.stderr.contains(&format!("error: {NOT_A_COMPONENT}")), "{checked}");
    assert!(checked.stderr.contains(&format!("error: {UNKNOWN_IMPORT}")), "{checked}");
    assert!(checked.stdout.contains("ok flows/countdown.yaml"), "{checked}");
    Ok(())
}

#[tokio::test]
async fn sigterm_says_goodbye_to_sessions_and_ends_well() -> anyhow::Result<()> {
    let mut daemon = Project::of(&[("flows/sleeper.yaml", SLEEPER)])?.serve(&[])?;
    let mut sessions = [Session::open(&daemon, "sleeper").await?, Session::open(&daemon, "sleeper").await?];
    sessions[0].start(json!({})).await?;
    sessions[0].until("push everyone").await?;
    daemon.terminate()?;
    for session in sessions {
        assert_eq!(session.closed().await?, goodbye());
    }
    assert_eq!(daemon.ended()?.code(), Some(0));
    Ok(())
}

fn goodbye() -> (u16, String) {
    (1001, "the host is being stopped: connect again later".to_owned())
}

#[tokio::test]
async fn sigterm_answers_who_waits_over_http() -> anyhow::Result<()> {
    let daemon = Arc::new(Project::of(&[("flows/sleeper.yaml", SLEEPER)])?.serve(&[])?);
    let mut session = Session::open(&daemon, "sleeper").await?;
    let asked = Arc::clone(&daemon);
    let answer = tokio::task::spawn_blocking(move || http::run(&asked, "sleeper", ""));
    session.until("push everyone").await?;
    daemon.terminate()?;
    let answer = answer.await??;
    assert_eq!((answer.status, &answer.json()?["detail"]), (503, &json!("flow sleeper: the host is being stopped")));
    session.closed().await?;
    let mut daemon: Daemon = Arc::into_inner(daemon).context("somebody still asks it")?;
    assert_eq!(daemon.ended()?.code(), Some(0));
    Ok(())
}
