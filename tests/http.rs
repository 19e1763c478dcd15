//! Flows over HTTP, what the daemon says of itself, and who is let in.

use serde_json::{Value as Json, json};

use crate::support::daemon::Daemon;
use crate::support::http::{self, Answer, Asked, ask};
use crate::support::project::Project;
use crate::support::session::Session;

const SHOP: &str = "https://shop.example";

#[tokio::test]
async fn a_run_is_answered_with_its_output_and_heard_by_those_connected() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut session = Session::open(&daemon, "countdown").await?;
    let answer = http::run(&daemon, "countdown", r#"{"a":1}"#)?;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    let push = session.next().await?;
    assert_eq!(push["params"]["message"], 1);
    assert_eq!(answer.json()?, json!({ "run": push["params"]["run"], "output": 0 }));
    assert_eq!(session.so_far().await?, ["output everyone 0"]);
    Ok(())
}

#[test]
fn a_run_is_followed_by_server_sent_events() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let asked = Asked { headers: &[("accept", "text/event-stream")], body: r#"{"a":2}"# };
    let answer = ask(&daemon, "POST /run/countdown", asked)?;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/event-stream")));
    let events = events(&answer)?;
    let run = &events[0].1["run"];
    let push = |number: i64| ("push".to_owned(), json!({ "run": run, "to": "everyone", "message": number }));
    assert_eq!(events, [push(2), push(1), ("output".to_owned(), json!({ "run": run, "output": 0 }))]);
    Ok(())
}

#[test]
fn a_reply_is_for_whoever_asked_over_http() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let asked = Asked { headers: &[("accept", "text/event-stream")], body: "hello" };
    let events = events(&ask(&daemon, "POST /run/echo", asked)?)?;
    assert_eq!((events[0].0.as_str(), &events[0].1["message"]), ("push", &json!("hello")));
    assert_eq!((events[1].0.as_str(), &events[1].1["output"]), ("output", &Json::Null));
    Ok(())
}

/// The events of a stream: their names and their data.
fn events(answer: &Answer) -> anyhow::Result<Vec<(String, Json)>> {
    let member = |event: &str, name: &str| {
        event.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": ")).unwrap_or_default().to_owned()
    };
    let events = answer.body.split("\n\n").filter(|event| event.contains("event: "));
    events.map(|event| Ok((member(event, "event"), serde_json::from_str(&member(event, "data"))?))).collect()
}

/// Problem details (RFC 9457) of this kind.
fn problem(answer: &Answer, status: u16, kind: &str) -> anyhow::Result<Json> {
    assert_eq!((answer.status, answer.header("content-type")), (status, Some("application/problem+json")));
    let problem = answer.json()?;
    assert_eq!(problem["status"], status);
    assert_eq!(problem["type"], format!("urn:sandgate:problem:{kind}"));
    Ok(problem)
}

#[test]
fn an_unknown_flow_is_a_problem_that_says_where_to_look() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let detail = r#"there is no flow "nothing": /api/v1/flows lists those there are"#;
    let run = problem(&http::run(&daemon, "nothing", "{}")?, 404, "unknown-flow")?;
    assert_eq!([&run["detail"], &run["flow"]], [detail, "nothing"]);
    let listed = problem(&http::get(&daemon, "/api/v1/flows/nothing")?, 404, "unknown-flow")?;
    assert_eq!(listed["detail"], detail);
    Ok(())
}

#[test]
fn input_that_does_not_fit_is_a_problem_for_each_parameter() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let problem = problem(&http::run(&daemon, "countdown", r#"{"a":-3}"#)?, 422, "input")?;
    assert_eq!(problem["detail"], "the input does not fit flow countdown");
    assert_eq!(problem["problems"], json!([{ "path": "$.a", "message": "-3 is less than the minimum of 0" }]));
    Ok(())
}

#[test]
fn a_body_that_is_not_json_is_a_problem() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let problem = problem(&http::run(&daemon, "countdown", "a=3")?, 400, "not-json")?;
    assert_eq!(problem["detail"], "the body is not JSON: expected value at line 1 column 1");
    Ok(())
}

#[test]
fn a_body_beyond_the_limit_is_a_problem_that_names_it() -> anyhow::Result<()> {
    let limits = ("sandgate.toml", "[limits]\nmessage_bytes_max = 10\n");
    let daemon = Project::of(&[limits])?.with_countdown()?.serve(&[])?;
    let problem = problem(&http::run(&daemon, "countdown", r#"{"a":    3}"#)?, 413, "too-large")?;
    assert_eq!(problem["detail"], "the body is too large: message_bytes_max is 10");
    assert_eq!(http::run(&daemon, "countdown", r#"{"a":   0}"#)?.status, 200);
    Ok(())
}

#[test]
fn an_address_with_nothing_there_is_a_problem() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let problem = problem(&http::get(&daemon, "/nothing")?, 404, "not-found")?;
    assert_eq!(problem["detail"], "there is nothing at /nothing");
    Ok(())
}

#[test]
fn a_session_without_websocket_is_a_problem() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let answer = http::get(&daemon, "/ws/countdown")?;
    assert_eq!(answer.header("upgrade"), Some("websocket"));
    problem(&answer, 426, "upgrade-required").map(drop)
}

#[test]
fn it_lives_and_is_ready() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    for path in ["/livez", "/readyz"] {
        let answer = http::get(&daemon, path)?;
        assert_eq!((answer.status, answer.body.as_str()), (200, "ok"), "{path}");
    }
    Ok(())
}

#[test]
fn flows_are_listed_with_what_a_client_needs() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let listing = http::get(&daemon, "/api/v1/flows")?.json()?;
    let flows = listing["flows"].as_array().unwrap();
    let ids: Vec<_> = flows.iter().map(|flow| &flow["flow"]).collect();
    assert_eq!(ids, ["broadcast", "countdown", "echo", "greeting"]);
    assert_eq!(flows[2]["framing"], "raw");
    assert_eq!(flows[1], http::get(&daemon, "/api/v1/flows/countdown")?.json()?);
    let mut countdown = flows[1].clone();
    let schema = countdown["input"].take();
    assert_eq!(schema["properties"]["a"]["minimum"], 0);
    let expected = json!({
        "flow": "countdown",
        "title": "Countdown",
        "description": "Counts down from `a`, pushing every number to the connected clients.",
        "version": 1,
        "framing": "json-rpc",
        "input": null,
        "status": "served",
        "problems": [],
        "websocket": "/ws/countdown",
        "run": "/run/countdown",
    });
    assert_eq!(countdown, expected);
    Ok(())
}

#[test]
fn a_page_of_another_origin_is_refused_and_the_log_says_what_would_admit_it() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let refusal = format!("origin {SHOP} is not allowed: to admit it, serve with --allow-origin {SHOP}");
    for what in [
        "POST /run/countdown",
        "GET /ws/countdown",
        "GET /api/v1/flows",
        "GET /api/v1/components",
        "OPTIONS /run/countdown",
    ] {
        let answer = ask(&daemon, what, Asked { headers: &[("origin", SHOP)], ..Asked::default() })?;
        assert_eq!(problem(&answer, 403, "origin-not-allowed")?["detail"], refusal);
        assert_eq!(answer.header("access-control-allow-origin"), None);
        let path = what.split_once(' ').unwrap().1;
        daemon.logged(&format!("{path}: {refusal}"))?;
    }
    Ok(())
}

#[test]
fn a_page_of_an_origin_that_is_allowed_is_let_in() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&["--allow-origin", SHOP])?;
    let answer = ask(&daemon, "POST /run/countdown", Asked { headers: &[("origin", SHOP)], body: r#"{"a":0}"# })?;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some(SHOP)));
    let asks = [
        ("origin", SHOP),
        ("access-control-request-method", "POST"),
        ("access-control-request-headers", "content-type"),
    ];
    let answer = ask(&daemon, "OPTIONS /run/countdown", Asked { headers: &asks, ..Asked::default() })?;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some(SHOP)));
    assert!(answer.header("access-control-allow-headers").unwrap().contains("content-type"));
    let another = [("origin", "https://shop.example.net")];
    assert_eq!(ask(&daemon, "GET /livez", Asked { headers: &another, ..Asked::default() })?.status, 403);
    Ok(())
}

#[test]
fn the_project_can_allow_an_origin_too() -> anyhow::Result<()> {
    let config = format!("[server]\nallow-origin = [{SHOP:?}]\n");
    let daemon = Project::of(&[("sandgate.toml", &config)])?.with_countdown()?.serve(&[])?;
    let answer = ask(&daemon, "POST /run/countdown", Asked { headers: &[("origin", SHOP)], body: r#"{"a":0}"# })?;
    assert_eq!(answer.status, 200);
    Ok(())
}

#[test]
fn the_daemons_own_pages_are_let_in() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let own = [("origin", daemon.url())];
    assert_eq!(ask(&daemon, "GET /api/v1/flows", Asked { headers: &own, ..Asked::default() })?.status, 200);
    Ok(())
}

#[test]
fn a_name_that_was_pointed_here_is_refused() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let detail = "evil.example is not a name of this server: use the address that it says it serves at";
    for what in ["GET /api/v1/flows", "GET /api/v1/components"] {
        let answer = ask(&daemon, what, Asked { headers: &[("host", "evil.example")], ..Asked::default() })?;
        assert_eq!(problem(&answer, 421, "misdirected")?["detail"], detail);
    }
    daemon.logged(detail)
}
