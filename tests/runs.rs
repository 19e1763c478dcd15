//! Runs, as whoever operates the daemon sees them.

use std::io::{BufRead as _, BufReader};

use anyhow::Context as _;
use serde_json::{Value as Json, json};
use ureq::http::Request;

use crate::support::command;
use crate::support::daemon::Daemon;
use crate::support::http::{self, Asked, ask};
use crate::support::project::Project;
use crate::support::session::Session;

/// Counts once, pushes, sleeps, and outputs what it was given.
const STEPS: &str = "
    format: 1
    flow: steps
    interface: { protocol: websocket, input: { ms: { type: integer, default: 0 }, text: { type: string, default: short } } }
    start: count
    nodes:
      count: { call: counter.next, with: { count: 3, operator: decrement }, next: positive }
      positive: { gateway: exclusive, branches: [{ name: go on, if: count > 0, next: show }, { name: stop, next: done }] }
      show: { call: client.push, with: { message: \"${count}\" }, next: pause }
      pause: { call: function.sleep, with: { milliseconds: \"${input.ms}\" }, next: done }
      done: { call: output.result, with: { value: \"${input.text}\" } }
    ";

const FAILS: &str = "
    format: 1
    flow: fails
    interface: { protocol: websocket, durable: false }
    start: it
    nodes:
      it: { call: trap.go }
    ";

fn serve() -> anyhow::Result<(Project, Daemon)> {
    let project = Project::of(&[("flows/steps.yaml", STEPS), ("flows/fails.yaml", FAILS)])?.with_guest("trap")?;
    let daemon = project.serve(&[])?;
    Ok((project, daemon))
}

fn run(daemon: &Daemon, flow: &str, input: &str) -> anyhow::Result<Json> {
    http::run(daemon, flow, input)?.json()
}

fn get(daemon: &Daemon, path: &str) -> anyhow::Result<Json> {
    http::get(daemon, path)?.json()
}

/// The value of each, by its name.
fn each<'a>(list: &'a Json, name: &str) -> Vec<&'a Json> {
    list.as_array().into_iter().flatten().map(|one| &one[name]).collect()
}

#[tokio::test]
async fn runs_are_listed_the_youngest_first_by_flow_and_status_and_page_by_page() -> anyhow::Result<()> {
    let (_project, daemon) = serve()?;
    let first = run(&daemon, "steps", "{}")?["run"].take();
    let failed = run(&daemon, "fails", "{}")?["run"].take();
    let mut session = Session::open(&daemon, "steps").await?;
    let asleep = session.start(json!({ "ms": 86_400_000 })).await?;

    let all = get(&daemon, "/api/v1/runs")?;
    assert_eq!(each(&all["runs"], "run"), [&json!(asleep), &failed, &first]);
    assert_eq!(each(&all["runs"], "status"), ["running", "failed", "output"]);
    assert_eq!(all["next"], Json::Null);
    let listed = |query: &str| Ok::<_, anyhow::Error>(get(&daemon, &format!("/api/v1/runs?{query}"))?["runs"].take());
    assert_eq!(each(&listed("flow=fails")?, "run"), [&failed]);
    assert_eq!(each(&listed("status=running")?, "run"), [&json!(asleep)]);
    assert_eq!(each(&listed("since=2100-01-01T00:00:00Z")?, "run"), [&Json::Null; 0]);
    assert_eq!(each(&listed("until=2100-01-01T00:00:00Z")?, "run").len(), 3);
    let page = get(&daemon, "/api/v1/runs?limit=2")?;
    let before = page["next"].as_str().context("there is no next page")?;
    assert_eq!(each(&listed(&format!("limit=2&before={before}"))?, "run"), [&first]);
    for wrong in ["status=odd", "since=yesterday", "before=x", "limit=x"] {
        assert_eq!(http::get(&daemon, &format!("/api/v1/runs?{wrong}"))?.status, 422, "{wrong}");
    }
    Ok(())
}

#[tokio::test]
async fn a_trace_says_what_each_activation_was_given_asked_returned_and_cost() -> anyhow::Result<()> {
    let (_project, daemon) = serve()?;
    let id = run(&daemon, "steps", &json!({ "text": "x".repeat(20_000) }).to_string())?["run"].take();
    let trace = get(&daemon, &format!("/api/v1/runs/{}/trace", id.as_str().unwrap_or_default()))?;
    let activations = &trace["activations"];
    assert_eq!(each(activations, "node"), ["count", "positive", "show", "pause", "done"]);
    assert_eq!(each(activations, "status"), ["returned"; 5]);
    let count = &activations[0];
    assert_eq!(count["given"], json!({ "index": null, "count": 3, "operator": "decrement" }));
    assert_eq!((&count["function"], &count["result"]), (&json!("next"), &json!({ "value": 3 })));
    assert_eq!(activations[1]["result"], json!({ "branches": ["go on"] }));
    let call = &activations[2]["calls"][0];
    assert_eq!((&call["function"], &call["to"], &call["message"]), (&json!("push"), &json!("everyone"), &json!(3)));
    assert_eq!(activations[3]["calls"][0]["function"], "sleep");
    assert_eq!(activations[4]["given"]["value"]["cut"], true);
    assert_eq!(activations[4]["given"]["value"]["bytes"], 20_002);
    for activation in activations.as_array().context("no activations")? {
        assert!(activation["memory_bytes"].as_u64() > Some(0), "{activation}");
        assert!(activation["cpu_us"].is_u64() && activation["duration_ms"].is_f64(), "{activation}");
    }
    assert_eq!(trace["end"]["status"], "output");
    let page = get(&daemon, &format!("/api/v1/runs/{}/trace?after=0&limit=2", id.as_str().unwrap_or_default()))?;
    assert_eq!(
        (each(&page["activations"], "node"), &page["next"]),
        (vec![&json!("positive"), &json!("show")], &json!(2))
    );
    Ok(())
}

#[tokio::test]
async fn a_failure_names_its_node_and_one_that_is_unknown_is_said_to_be() -> anyhow::Result<()> {
    let (_project, daemon) = serve()?;
    let id = run(&daemon, "fails", "{}")?["run"].take();
    let id = id.as_str().context("no run")?;
    let trace = get(&daemon, &format!("/api/v1/runs/{id}/trace"))?;
    assert_eq!(trace["activations"][0]["status"], "failed");
    let failure = trace["activations"][0]["failure"].as_str().context("no failure")?;
    assert!(failure.starts_with("node it (component trap): trapped: "), "{failure}");
    assert_eq!(get(&daemon, &format!("/api/v1/runs/{id}"))?["end"]["status"], "failed");
    let unknown = http::get(&daemon, "/api/v1/runs/01a206c7-bc7d-762d-a7c3-9dbf2a6cdecd/trace")?;
    assert_eq!((unknown.status, unknown.json()?["type"].take()), (404, json!("urn:sandgate:problem:unknown-run")));
    Ok(())
}

#[tokio::test]
async fn an_operator_cancels_a_run_that_sleeps_and_its_client_is_told_why() -> anyhow::Result<()> {
    let (_project, daemon) = serve()?;
    let mut session = Session::open(&daemon, "steps").await?;
    let id = session.start(json!({ "ms": 86_400_000 })).await?;
    session.until("push").await?;
    let asked = Asked { body: r#"{"reason":"by mistake"}"#, ..Asked::default() };
    let ended = ask(&daemon, &format!("POST /api/v1/runs/{id}/cancel"), asked)?.json()?;
    assert_eq!((&ended["status"], &ended["error"]), (&json!("cancelled"), &json!("by mistake")));
    let heard = session.until("failed").await?;
    assert!(heard.last().is_some_and(|last| last.ends_with("the run was cancelled: by mistake\"")), "{heard:?}");
    let again = ask(&daemon, &format!("POST /api/v1/runs/{id}/cancel"), Asked::default())?;
    assert_eq!(again.status, 404);
    Ok(())
}

/// The events of an address, as they come, up to the first of this name.
fn events(
    daemon: &Daemon,
    path: &str,
    last: &str,
    begun: impl FnOnce() -> anyhow::Result<()>,
) -> anyhow::Result<Vec<(String, Json)>> {
    let request = Request::builder().uri(format!("{}{path}", daemon.url())).header("Accept", "text/event-stream");
    let mut response = ureq::run(request.body(())?)?;
    begun()?;
    let mut events = Vec::new();
    let mut name = String::new();
    for line in BufReader::new(response.body_mut().as_reader()).lines() {
        let line = line?;
        if let Some(event) = line.strip_prefix("event: ") {
            event.clone_into(&mut name);
        } else if let Some(data) = line.strip_prefix("data: ") {
            events.push((name.clone(), serde_json::from_str(data)?));
            if name == last {
                break;
            }
        }
    }
    Ok(events)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_is_live() -> anyhow::Result<()> {
    let (_project, daemon) = serve()?;
    let mut session = Session::open(&daemon, "steps").await?;
    let id = session.start(json!({ "ms": 86_400_000 })).await?;
    session.until("push").await?;
    let cancel = || ask(&daemon, &format!("POST /api/v1/runs/{id}/cancel"), Asked::default()).map(drop);
    let events = tokio::task::block_in_place(|| events(&daemon, &format!("/api/v1/runs/{id}/trace"), "end", cancel));
    let events = events?;
    let told: Vec<_> =
        events.iter().map(|(name, data)| format!("{name} {} {}", data["node"], data["status"])).collect();
    assert_eq!(told.first().map(String::as_str), Some("activation \"count\" \"returned\""));
    let end = ["activation \"pause\" \"cancelled\"", "end null \"cancelled\""];
    assert_eq!(told.get(told.len() - 2..), Some(end.map(str::to_owned).as_slice()), "{told:?}");
    Ok(())
}

#[tokio::test]
async fn runs_are_listed_live() -> anyhow::Result<()> {
    let (_project, daemon) = serve()?;
    let start = || run(&daemon, "steps", "{}").map(drop);
    let events = events(&daemon, "/api/v1/runs?flow=steps&status=output", "run", start)?;
    assert_eq!(
        events.iter().map(|(name, data)| (name.as_str(), &data["status"])).collect::<Vec<_>>(),
        [("run", &json!("output"))]
    );
    Ok(())
}

#[tokio::test]
async fn commands_list_trace_and_cancel() -> anyhow::Result<()> {
    let (project, daemon) = serve()?;
    let mut session = Session::open(&daemon, "steps").await?;
    let id = session.start(json!({ "ms": 86_400_000 })).await?;
    session.until("push").await?;
    let of_daemon = ["--server", daemon.url()];
    let command = |arguments: &[&str]| command::run(project.path(), &[arguments, &of_daemon].concat());
    let runs = command(&["runs", "--flow", "steps", "--output", "json"])?;
    assert_eq!(runs.json_lines()?.iter().map(|run| run["run"].clone()).collect::<Vec<_>>(), [json!(id)]);
    let trace = command(&["trace", &id])?;
    assert!(trace.stdout.contains("count counter.next") && trace.stdout.contains("under way"), "{trace}");
    let cancelled = command(&["cancel", &id, "--reason", "enough"])?;
    assert_eq!(
        (cancelled.code, cancelled.stdout.trim()),
        (Some(0), format!("{id}: cancelled").as_str()),
        "{cancelled}"
    );
    let again = command(&["cancel", &id])?;
    assert_eq!(again.code, Some(1), "{again}");
    assert!(again.stderr.contains("`sandgate runs` lists those there are"), "{again}");
    let nobody = command::run(project.path(), &["runs"])?;
    assert!(nobody.stderr.contains("no daemon serves from"), "{nobody}");
    Ok(())
}
