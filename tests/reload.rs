//! What `--dev` does when files change.

use serde_json::json;

use crate::support::daemon::Daemon;
use crate::support::http;
use crate::support::project::Project;
use crate::support::session::Session;
use crate::support::socket::Socket;
use crate::support::within;

const FLOW: &str = "flows/ticker.yaml";

/// Pushes the same word for ever, or nearly.
pub(crate) fn ticker(word: &str) -> String {
    format!(
        "
        format: 1
        flow: ticker
        interface: {{ protocol: websocket }}
        start: count
        nodes:
          count:
            call: counter.next
            with: {{ index: '${{count}}', count: 1000000, operator: decrement }}
            next: more
          more:
            gateway: exclusive
            branches: [{{ if: count > 0, next: show }}, {{ next: done }}]
          show: {{ call: client.push, with: {{ message: {word} }}, next: pause }}
          pause: {{ call: function.sleep, with: {{ milliseconds: 10 }}, next: count }}
          done: {{ call: output.result, with: {{ value: null }} }}
        "
    )
}

fn serve() -> anyhow::Result<(Project, Daemon)> {
    let project = Project::of(&[(FLOW, &ticker("one"))])?;
    let daemon = project.serve(&["--dev"])?;
    Ok((project, daemon))
}

/// The next word that a run pushes.
pub(crate) async fn word(session: &mut Session, run: &str) -> anyhow::Result<String> {
    let listening = async {
        loop {
            let push = &session.next().await?["params"];
            if push["run"] == run {
                return Ok(push["message"].as_str().unwrap_or_default().to_owned());
            }
        }
    };
    within("a word", listening).await?
}

#[tokio::test]
async fn a_run_under_way_keeps_the_flow_that_it_began_with() -> anyhow::Result<()> {
    let (project, daemon) = serve()?;
    let mut session = Session::open(&daemon, "ticker").await?;
    let old = session.start(json!({})).await?;
    assert_eq!(word(&mut session, &old).await?, "one");
    project.write(FLOW, &ticker("two"))?;
    daemon.logged("flow ticker: version 2 is served")?;
    let new = session.start(json!({})).await?;
    assert_eq!(word(&mut session, &new).await?, "two");
    // What it pushes after the new one did.
    assert_eq!(word(&mut session, &old).await?, "one");
    assert_eq!(Session::open(&daemon, "ticker").await?.welcome()["params"]["version"], 2);
    Ok(())
}

#[tokio::test]
async fn a_flow_that_stops_checking_is_served_as_it_last_did() -> anyhow::Result<()> {
    let (project, daemon) = serve()?;
    let mut session = Session::open(&daemon, "ticker").await?;
    project.write(FLOW, &ticker("two").replace("counter.next", "countr.next"))?;
    daemon.logged("flow ticker: its file has errors; version 1 goes on being served")?;
    daemon.logged("help: did you mean `counter`?")?;
    let run = session.start(json!({})).await?;
    assert_eq!(word(&mut session, &run).await?, "one");
    let flow = http::get(&daemon, "/api/v1/flows/ticker")?.json()?;
    assert_eq!((&flow["status"], &flow["version"]), (&json!("stale"), &json!(1)));
    let problem = json!({
        "severity": "error",
        "message": "there is no component `countr`",
        "line": 8,
        "column": 19,
        "end_line": 8,
        "end_column": 30,
        "help": "did you mean `counter`?",
    });
    assert_eq!(flow["problems"], json!([problem]));
    project.write(FLOW, &ticker("two"))?;
    daemon.logged("flow ticker: version 2 is served")?;
    let flow = http::get(&daemon, "/api/v1/flows/ticker")?.json()?;
    assert_eq!((&flow["status"], &flow["problems"]), (&json!("served"), &json!([])));
    Ok(())
}

#[tokio::test]
async fn flows_and_components_come_and_go() -> anyhow::Result<()> {
    let (project, daemon) = serve()?;
    let nap = "{ format: 1, flow: nap, interface: { protocol: websocket }, start: it, \
               nodes: { it: { call: naps.go, with: { milliseconds: 1 } } } }";
    project.write("flows/nap.yaml", nap)?;
    daemon.logged("flow nap: its file has errors; it is not served")?;
    let project = project.with_guest("naps")?;
    daemon.logged("flow nap: version 1 is served")?;
    Session::open(&daemon, "nap").await?.call("run", json!({})).await?;
    std::fs::remove_file(project.path().join("flows/nap.yaml"))?;
    daemon.logged("flow nap: its file is gone, and it is served no longer")?;
    assert_eq!(Socket::open(&daemon, "nap").await?.closed().await?.0, 4004);
    Ok(())
}

#[tokio::test]
async fn without_dev_a_change_waits_for_the_next_start() -> anyhow::Result<()> {
    let project = Project::of(&[(FLOW, &ticker("one"))])?;
    let first = project.serve(&[])?;
    project.write(FLOW, &ticker("two"))?;
    let second = project.serve(&[])?;
    for (daemon, expected) in [(first, "one"), (second, "two")] {
        let mut session = Session::open(&daemon, "ticker").await?;
        let run = session.start(json!({})).await?;
        assert_eq!(word(&mut session, &run).await?, expected);
    }
    Ok(())
}
