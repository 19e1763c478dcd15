//! Who is told what: everyone, one client, the caller; and how runs are started, followed and cancelled.

use serde_json::json;

use crate::support::daemon::Daemon;
use crate::support::project::Project;
use crate::support::session::{Session, in_short};

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

/// Replies to whoever started it.
const CONFIDANT: &str = "
    format: 1
    flow: confidant
    interface: { protocol: websocket }
    start: tell
    nodes:
      tell: { call: client.reply, with: { message: between us }, next: done }
      done: { call: output.result, with: { value: '${tell}' } }
    ";

const FALL: [&str; 3] = ["push everyone 3", "push everyone 2", "push everyone 1"];

#[tokio::test]
async fn everyone_connected_sees_the_numbers_and_the_0_and_nobody_elsewhere_does() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut starter = Session::open(&daemon, "countdown?client=ann").await?;
    // One that never sends a frame.
    let mut silent = Session::open(&daemon, "countdown").await?;
    let mut elsewhere = Session::open(&daemon, "greeting").await?;
    starter.start(json!({ "a": 3 })).await?;
    let output = "output everyone 0";
    assert_eq!(silent.until(output).await?, [&FALL[..], &[output]].concat());
    // Who started it is told of its end in a channel of its own as well.
    assert_eq!(starter.until(output).await?, [&FALL[..], &["output client:ann 0", output]].concat());
    assert!(elsewhere.so_far().await?.is_empty());
    assert!(starter.so_far().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn offsets_have_no_holes_and_begin_at_1() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut starter = Session::open(&daemon, "countdown").await?;
    let mut other = Session::open(&daemon, "countdown").await?;
    let epoch = starter.welcome()["params"]["positions"]["everyone"]["epoch"].clone();
    for _ in 0..2 {
        starter.call("run", json!({ "input": { "a": 1 } })).await?;
    }
    for offset in 1..=4 {
        let entry = &other.next().await?["params"];
        assert_eq!(
            [&entry["channel"], &entry["epoch"], &entry["offset"]],
            [&json!("everyone"), &epoch, &json!(offset)]
        );
    }
    // Who comes later starts live, and knows where.
    let late = Session::open(&daemon, "countdown").await?;
    assert_eq!(late.welcome()["params"]["positions"]["everyone"], json!({ "epoch": epoch, "offset": 4 }));
    Ok(())
}

#[tokio::test]
async fn all_sessions_of_a_client_are_greeted_and_nobody_else_is() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut ann = Session::open(&daemon, "greeting?client=ann").await?;
    let mut bobs =
        [Session::open(&daemon, "greeting?client=bob").await?, Session::open(&daemon, "greeting?client=bob").await?];
    let mut cleo = Session::open(&daemon, "greeting?client=cleo").await?;
    let answer = ann.call("run", json!({ "input": { "client": "bob", "name": "Bob" } })).await?;
    assert_eq!(answer["output"], json!({ "sessions": 2 }));
    for bob in &mut bobs {
        assert_eq!(bob.so_far().await?, [r#"push client:bob "Hello, Bob!""#]);
    }
    assert!(cleo.so_far().await?.is_empty());
    assert!(ann.so_far().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_client_that_was_never_seen_is_an_error_that_names_it() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut ann = Session::open(&daemon, "greeting").await?;
    let error = ann.refused("run", json!({ "input": { "client": "nobody" } })).await?;
    assert_eq!(error["data"]["node"], "greet");
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with("flow greeting: node greet (component client): "), "{message}");
    assert!(message.contains("nobody"), "{message}");
    Ok(())
}

#[tokio::test]
async fn a_reply_reaches_the_caller_alone() -> anyhow::Result<()> {
    let daemon = Project::of(&[("flows/confidant.yaml", CONFIDANT)])?.serve(&[])?;
    let mut ann = Session::open(&daemon, "confidant?client=ann").await?;
    let mut bob = Session::open(&daemon, "confidant?client=bob").await?;
    assert_eq!(ann.call("run", json!({})).await?["output"], 1);
    assert_eq!(ann.so_far().await?, [r#"push client:ann "between us""#]);
    assert!(bob.so_far().await?.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_session_is_welcomed() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let ann = Session::open(&daemon, "countdown?client=ann").await?;
    assert_eq!([&ann.welcome()["jsonrpc"], &ann.welcome()["method"]], ["2.0", "welcome"]);
    let params = &ann.welcome()["params"];
    let (session, everyone, own) =
        (&params["session"], &params["positions"]["everyone"]["epoch"], &params["positions"]["client:ann"]["epoch"]);
    assert!([session, everyone, own].iter().all(|id| id.as_str().is_some_and(|id| !id.is_empty())), "{params}");
    let positions = json!({
        "everyone": { "epoch": everyone, "offset": 0 },
        "client:ann": { "epoch": own, "offset": 0 },
    });
    let expected =
        json!({ "client": "ann", "session": session, "flow": "countdown", "version": 1, "positions": positions });
    assert_eq!(*params, expected);
    Ok(())
}

#[tokio::test]
async fn clients_without_an_id_are_given_ones_of_their_own() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let one = Session::open(&daemon, "countdown").await?;
    let other = Session::open(&daemon, "countdown?client=").await?;
    let client = |session: &Session| session.welcome()["params"]["client"].as_str().unwrap().to_owned();
    assert_ne!(client(&one), client(&other));
    assert!(client(&one).len() >= 32, "{}", client(&one));
    Ok(())
}

#[tokio::test]
async fn run_answers_with_the_output_and_where_it_stands() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut ann = Session::open(&daemon, "countdown?client=ann").await?;
    let answer = ann.call("run", json!({ "input": { "a": 1 } })).await?;
    let epoch = ann.welcome()["params"]["positions"]["client:ann"]["epoch"].clone();
    let run = ann.next().await?["params"]["run"].clone();
    assert_eq!(answer, json!({ "run": run, "output": 0, "channel": "client:ann", "epoch": epoch, "offset": 1 }));
    Ok(())
}

#[tokio::test]
async fn start_is_answered_before_anything_that_the_run_says() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut ann = Session::open(&daemon, "countdown?client=ann").await?;
    ann.send(r#"{"jsonrpc":"2.0","id":"mine","method":"start","params":{"input":{"a":1}}}"#).await?;
    let answer = ann.receive().await?;
    assert_eq!(answer["id"], "mine");
    let run = &answer["result"]["run"];
    for expected in ["push everyone 1", "output client:ann 0", "output everyone 0"] {
        let entry = ann.receive().await?;
        assert_eq!(in_short(&entry), expected);
        assert_eq!(entry["params"]["run"], *run);
    }
    Ok(())
}

#[tokio::test]
async fn cancel_wakes_a_sleeper_at_once() -> anyhow::Result<()> {
    let daemon = Project::of(&[("flows/sleeper.yaml", SLEEPER)])?.serve(&[])?;
    let mut ann = Session::open(&daemon, "sleeper?client=ann").await?;
    let run = ann.start(json!({})).await?;
    ann.until("push everyone").await?;
    assert_eq!(ann.call("cancel", json!({ "run": run })).await?, json!({ "run": run, "ended": "cancelled" }));
    let failed = ann.next().await?;
    assert_eq!([&failed["method"], &failed["params"]["run"]], ["failed", run.as_str()]);
    assert_eq!(
        failed["params"]["error"],
        json!({
            "code": -32001,
            "message": "flow sleeper: the run was cancelled: its client asked for it",
            "data": { "flow": "sleeper", "run": run, "reason": "its client asked for it" },
        })
    );
    Ok(())
}

#[tokio::test]
async fn only_the_client_that_started_a_run_may_cancel_it() -> anyhow::Result<()> {
    let daemon = Project::of(&[("flows/sleeper.yaml", SLEEPER)])?.serve(&[])?;
    let mut ann = Session::open(&daemon, "sleeper?client=ann").await?;
    let mut bob = Session::open(&daemon, "sleeper?client=bob").await?;
    let run = ann.start(json!({})).await?;
    let error = bob.refused("cancel", json!({ "run": run })).await?;
    assert_eq!(error["code"], -32003);
    assert_eq!(error["message"], format!("run {run:?} is not under way, or was not started by this client"));
    // It is as much of a run as before, and ann's other window may end it.
    let mut other = Session::open(&daemon, "sleeper?client=ann").await?;
    assert_eq!(other.call("cancel", json!({ "run": run })).await?["ended"], "cancelled");
    Ok(())
}

#[tokio::test]
async fn a_run_ends_with_the_session_that_started_it_where_the_flow_says_so() -> anyhow::Result<()> {
    let flow = SLEEPER.replace("websocket }", "websocket, on-leave: cancel }");
    let daemon = Project::of(&[("flows/sleeper.yaml", &flow)])?.serve(&[])?;
    let mut left = Session::open(&daemon, "sleeper?client=ann").await?;
    let mut other = Session::open(&daemon, "sleeper?client=ann").await?;
    left.start(json!({})).await?;
    other.until("push everyone").await?;
    drop(left);
    let failed = r#"failed client:ann "flow sleeper: the run was cancelled: its caller left""#;
    assert_eq!(other.until("failed").await?, [failed]);
    Ok(())
}
