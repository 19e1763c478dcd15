//! What the Studio asks of the daemon: checking, cases, trying, and the project as a whole.

use std::fs;
use std::io::Read as _;
use std::net::TcpStream;

use anyhow::Context as _;
use serde_json::{Value as Json, json};

use crate::support::daemon::Daemon;
use crate::support::http::{Answer, Asked, ask, get};
use crate::support::project::Project;
use crate::support::{WAIT, root};

const COUNTDOWN: &str = include_str!("../flows/countdown.yaml");

fn countdown() -> anyhow::Result<Project> {
    Project::of(&[])?.with_countdown()
}

fn post(daemon: &Daemon, path: &str, body: &Json) -> anyhow::Result<Answer> {
    let headers = &[("Content-Type", "application/json")];
    ask(daemon, &format!("POST {path}"), Asked { headers, body: &body.to_string() })
}

#[test]
fn a_document_is_checked_as_it_is_typed_and_nothing_of_it_is_kept() -> anyhow::Result<()> {
    let project = countdown()?;
    let daemon = project.serve(&[])?;
    let text = COUNTDOWN.replace("count > 0", "count > zero");
    let said = ask(&daemon, "POST /api/v1/flows/countdown/check", Asked { headers: &[], body: &text })?.json()?;
    let [problem] = said["problems"].as_array().context("no problems")?.as_slice() else { panic!("{said}") };
    let line = text.lines().position(|line| line.contains("zero,")).context("no line")?;
    let column = text.lines().nth(line).and_then(|line| line.find("zero,")).context("no column")?;
    assert_eq!(problem["line"], line + 1);
    assert_eq!(
        (problem["column"].as_u64(), problem["end_line"].as_u64()),
        (Some(column as u64 + 1), Some(line as u64 + 1))
    );
    assert_eq!(problem["end_column"], column + 1 + "zero".len());
    let names = said["names"].as_array().context("no names")?;
    let name = |name: &str| names.iter().find(|it| it["name"] == name).cloned();
    let docs = "Where the countdown starts.";
    assert_eq!(name("input.a"), Some(json!({ "name": "input.a", "type": "int", "nullable": false, "docs": docs })));
    assert_eq!(name("count").context("no count")?["nullable"], true);
    assert_eq!(name("positive"), None, "a gateway has no result");
    assert!(!project.path().join("drafts").exists());
    Ok(())
}

#[test]
fn a_text_that_is_no_flow_is_checked_as_well() -> anyhow::Result<()> {
    let daemon = countdown()?.serve(&[])?;
    for text in ["a: [", "- list", "flow: countdown"] {
        let said = ask(&daemon, "POST /api/v1/flows/countdown/check", Asked { headers: &[], body: text })?.json()?;
        assert!(!said["problems"].as_array().context("no problems")?.is_empty(), "{text}: {said}");
    }
    let refused = ask(&daemon, "POST /api/v1/flows/No!/check", Asked { headers: &[], body: "a" })?;
    assert_eq!(refused.status, 422);
    Ok(())
}

#[test]
fn expressions_have_functions_that_are_described() -> anyhow::Result<()> {
    let said = get(&countdown()?.serve(&[])?, "/api/v1/expressions")?.json()?;
    let functions = said["functions"].as_array().context("no functions")?;
    assert!(functions.iter().any(|it| it["name"] == "size" && it["signature"] == "size(value)"), "{said}");
    Ok(())
}

#[test]
fn cases_are_kept_beside_the_draft_until_their_flow_is_published() -> anyhow::Result<()> {
    let project = countdown()?;
    let daemon = project.serve(&[])?;
    let path = "/api/v1/flows/countdown/cases";
    assert_eq!(get(&daemon, path)?.status, 404);
    let put = |headers: &[(&str, &str)], body: &str| ask(&daemon, &format!("PUT {path}"), Asked { headers, body });
    let first = put(&[("If-None-Match", "*")], "cases: [{ name: one }]")?;
    assert_eq!(first.status, 201);
    let tag = first.header("etag").context("no tag")?.to_owned();
    assert_eq!(put(&[], "cases: []")?.status, 428);
    let second = put(&[("If-Match", &tag)], "cases: [{ name: two, inpt: 1 }]")?;
    assert_eq!(second.status, 200);
    assert!(second.json()?["problems"][0]["message"].as_str().context("no problem")?.contains("inpt"));
    // Whoever has seen the first alone is told.
    assert_eq!(put(&[("If-Match", &tag)], "cases: []")?.status, 412);
    assert!(!project.path().join("flows/countdown.cases.yaml").exists());

    let published =
        post(&daemon, "/api/v1/flows/countdown/versions", &json!({ "document": COUNTDOWN, "message": "" }))?;
    assert_eq!(published.status, 200, "nothing of the flow has changed");
    assert_eq!(
        fs::read_to_string(project.path().join("flows/countdown.cases.yaml"))?,
        "cases: [{ name: two, inpt: 1 }]"
    );
    assert!(!project.path().join("drafts/countdown.cases.yaml").exists());
    assert_eq!(get(&daemon, path)?.json()?["text"], "cases: [{ name: two, inpt: 1 }]");
    assert_eq!(ask(&daemon, &format!("DELETE {path}"), Asked::default())?.status, 404, "nothing is edited");
    Ok(())
}

#[test]
fn cases_are_run_on_virtual_time_and_say_how_they_differ() -> anyhow::Result<()> {
    let daemon = countdown()?.serve(&[])?;
    let cases = "cases:\n\
        - { name: an hour, input: { a: 3600 }, expect: { output: 0 } }\n\
        - { name: wrong, input: { a: 1 }, expect: { pushes: [{ message: 2, at: 0s }], output: 0 } }\n\
        - { name: shown, input: { a: 2 } }\n\
        - { name: unfit, input: { a: -1 } }\n";
    let body = json!({ "document": COUNTDOWN, "cases": cases });
    let said = post(&daemon, "/api/v1/flows/countdown/cases/run", &body)?.json()?;
    assert_eq!((&said["passed"], &said["failed"], &said["shown"]), (&json!(1), &json!(2), &json!(1)));
    let case = |index: usize| said["cases"].get(index).cloned().unwrap_or_default();
    assert_eq!((&case(0)["status"], &case(0)["duration_ms"]), (&json!("passed"), &json!(3_600_000.0)));
    assert_eq!(case(0)["truncated"], true, "3,600 times around is more than a page of the trace");
    assert_eq!(case(1)["differences"], json!(["- push 1: at 0s 2", "+ push 1: at 0s to everyone 1"]));
    assert_eq!(case(2)["pushes"][1], json!({ "at_ms": 1000.0, "to": "everyone", "message": 1 }));
    assert_eq!(case(2)["end"]["output"], 0);
    let first = &case(2)["activations"][0];
    assert_eq!(
        (&first["node"], &first["given"]["count"], &first["result"]["value"]),
        (&json!("count"), &json!(2), &json!(2))
    );
    assert!(case(3)["differences"][0].as_str().context("no difference")?.contains("does not fit"), "{}", case(3));
    // Nothing of it is a run that anybody else sees.
    assert_eq!(get(&daemon, "/api/v1/runs")?.json()?["runs"], json!([]));
    Ok(())
}

#[test]
fn cases_are_told_of_as_they_are_done() -> anyhow::Result<()> {
    let daemon = countdown()?.serve(&[])?;
    let body =
        json!({ "cases": "cases: [{ name: one, input: { a: 1 } }, { name: two, input: { a: 2 } }]", "names": ["two"] });
    let headers = &[("Content-Type", "application/json"), ("Accept", "text/event-stream")];
    let asked = Asked { headers, body: &body.to_string() };
    let said = ask(&daemon, "POST /api/v1/flows/countdown/cases/run", asked)?;
    let events: Vec<_> = said.body.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert_eq!(events, ["case", "done"]);
    assert!(said.body.contains(r#""name":"two""#), "{}", said.body);
    Ok(())
}

#[test]
fn what_cannot_be_run_is_said_with_its_places() -> anyhow::Result<()> {
    let daemon = countdown()?.serve(&[])?;
    let run = |body: &Json| post(&daemon, "/api/v1/flows/countdown/cases/run", body);
    let refused = run(&json!({ "document": "flow: countdown" }))?;
    assert_eq!((refused.status, refused.json()?["type"].clone()), (422, json!("urn:sandgate:problem:invalid-flow")));
    let refused = run(&json!({ "cases": "cases: [{ nme: one }]" }))?;
    assert_eq!((refused.status, refused.json()?["type"].clone()), (422, json!("urn:sandgate:problem:invalid-cases")));
    assert_eq!(refused.json()?["problems"][0]["line"], 1);
    let tried = |body: &Json| post(&daemon, "/api/v1/flows/countdown/try", body);
    assert_eq!(tried(&json!({ "document": "flow: countdown" }))?.status, 422);
    let unfit = tried(&json!({ "input": { "a": "x" } }))?;
    assert_eq!((unfit.status, unfit.json()?["problems"][0]["path"].clone()), (422, json!("$.a")));
    assert_eq!(post(&daemon, "/api/v1/flows/nothing/try", &json!({}))?.status, 404);
    Ok(())
}

#[test]
fn a_case_that_does_not_end_is_stopped() -> anyhow::Result<()> {
    let limits = "[limits]\ncase_wall_ms_max = 300\n";
    let project = Project::of(&[("sandgate.toml", limits)])?.with_countdown()?;
    let daemon = project.serve(&[])?;
    // Sleeping takes no time, so this goes on and on.
    let forever = COUNTDOWN.replace("if: count <= 0", "if: count < 0").replace("count > 0", "count >= 0");
    let body = json!({ "document": forever, "cases": "cases: [{ name: on and on }]" });
    let said = post(&daemon, "/api/v1/flows/countdown/cases/run", &body)?.json()?;
    let difference = said["cases"][0]["differences"][0].as_str().context("no difference")?;
    assert!(difference.contains("case_wall_ms_max") || difference.contains("activations_max"), "{said}");
    Ok(())
}

#[test]
fn a_draft_is_tried_where_no_client_hears_of_it() -> anyhow::Result<()> {
    let daemon = countdown()?.serve(&[])?;
    let body = json!({ "document": COUNTDOWN.replace("milliseconds: 1000", "milliseconds: 1"), "input": { "a": 2 } });
    let said = post(&daemon, "/api/v1/flows/countdown/try", &body)?;
    let events: Vec<_> = said.body.lines().filter_map(|line| line.strip_prefix("event: ")).collect();
    assert_eq!((events.first(), events.last()), (Some(&"started"), Some(&"end")));
    let pushes: Vec<Json> = data(&said.body, "push")?.iter().map(|push| push["message"].clone()).collect();
    assert_eq!(pushes, [json!(2), json!(1)]);
    assert_eq!(data(&said.body, "end")?, [json!({ "status": "output", "output": 0, "error": null })]);
    let slept = data(&said.body, "activation")?.into_iter().find(|it| it["node"] == "pause").context("no pause")?;
    assert!(slept["calls"][0]["until"].is_string(), "{slept}");
    assert_eq!(get(&daemon, "/api/v1/runs")?.json()?["runs"], json!([]));
    let version = get(&daemon, "/api/v1/flows/countdown")?.json()?["version"].clone();
    assert_eq!(version, 1, "nothing is published");
    Ok(())
}

/// The data of the events of this name.
fn data(body: &str, event: &str) -> anyhow::Result<Vec<Json>> {
    let blocks = body.split("\n\n").filter(|block| block.contains(&format!("event: {event}\n")));
    let lines = blocks.filter_map(|block| block.lines().find_map(|line| line.strip_prefix("data: ")));
    lines.map(|line| Ok(serde_json::from_str(line)?)).collect()
}

#[test]
fn whoever_leaves_cancels_what_they_tried() -> anyhow::Result<()> {
    let project = Project::of(&[("sandgate.toml", "[limits]\ntrials_max = 1\n")])?.with_countdown()?;
    let daemon = project.serve(&[])?;
    let address = daemon.url().trim_start_matches("http://").to_owned();
    let mut trying = TcpStream::connect(&address)?;
    trying.set_read_timeout(Some(WAIT))?;
    let body = json!({ "input": { "a": 1000 } }).to_string();
    let head = format!(
        "POST /api/v1/flows/countdown/try HTTP/1.1\r\nHost: {address}\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    );
    std::io::Write::write_all(&mut trying, head.as_bytes())?;
    let mut some = [0; 512];
    assert!(trying.read(&mut some)? > 0);
    let again = || post(&daemon, "/api/v1/flows/countdown/try", &json!({ "input": { "a": 0 } }));
    assert_eq!(again()?.status, 503, "one is under way");
    drop(trying);
    // The daemon learns of it when it next writes.
    let deadline = std::time::Instant::now() + WAIT;
    while again()?.status == 503 {
        assert!(std::time::Instant::now() < deadline, "the first is still under way");
        std::thread::yield_now();
    }
    Ok(())
}

#[test]
fn an_empty_folder_is_made_a_project_and_its_first_flow_published() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let daemon = Daemon::start(folder.path(), &[])?;
    let project = get(&daemon, "/api/v1/project")?.json()?;
    assert_eq!((&project["folder"], &project["empty"], &project["flows"]), (&json!(true), &json!(true), &json!(0)));
    let made = post(&daemon, "/api/v1/project", &json!({ "name": "Ann's \"shop\"" }))?;
    assert_eq!((made.status, made.json()?["project"].clone()), (201, json!("Ann's \"shop\"")));
    assert!(folder.path().join("sandgate.toml").is_file());
    assert_eq!(post(&daemon, "/api/v1/project", &json!({}))?.status, 409);

    let put = Asked { headers: &[("If-None-Match", "*")], body: COUNTDOWN };
    assert_eq!(ask(&daemon, "PUT /api/v1/flows/countdown/draft", put)?.status, 201);
    let draft = get(&daemon, "/api/v1/drafts")?.json()?["drafts"][0].clone();
    assert_eq!(
        (&draft["flow"], &draft["title"], &draft["published"]),
        (&json!("countdown"), &json!("Countdown"), &json!(false))
    );
    assert_eq!(draft["problems"], json!({ "errors": 0, "warnings": 0 }));
    assert_eq!(post(&daemon, "/api/v1/flows/countdown/versions", &json!({ "message": "First" }))?.status, 201);
    assert_eq!(fs::read_to_string(folder.path().join("flows/countdown.yaml"))?, COUNTDOWN);
    assert_eq!(get(&daemon, "/api/v1/drafts")?.json()?["drafts"], json!([]));
    Ok(())
}

#[test]
fn a_folder_with_other_things_in_it_is_not_served() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    fs::write(folder.path().join("mine.txt"), "mine")?;
    let ended = crate::support::command::run(folder.path(), &["serve", "."])?;
    assert!(ended.stderr.contains("is not a project"), "{ended}");
    Ok(())
}

#[test]
fn the_interface_of_a_flow_is_described_for_programs() -> anyhow::Result<()> {
    let daemon = Daemon::start(&root(), &[])?;
    let described = get(&daemon, "/api/v1/flows/countdown/asyncapi.json")?.json()?;
    assert_eq!(
        (&described["asyncapi"], &described["channels"]["session"]["address"]),
        (&json!("3.0.0"), &json!("/ws/countdown"))
    );
    let run = &described["components"]["messages"]["run"];
    assert_eq!(run["payload"]["properties"]["params"]["properties"]["input"]["properties"]["a"]["minimum"], 0);
    assert_eq!(run["examples"][0]["payload"]["params"]["input"], json!({ "a": 10 }));
    assert_eq!(get(&daemon, "/api/v1/flows/nothing/asyncapi.json")?.status, 404);
    Ok(())
}

#[test]
fn the_page_is_guarded_and_its_files_are_kept_by_browsers() -> anyhow::Result<()> {
    let daemon = countdown()?.serve(&[])?;
    let page = get(&daemon, "/studio")?;
    let policy = |answer: &Answer| answer.header("content-security-policy").unwrap_or_default().to_owned();
    assert!(policy(&page).contains("default-src 'self'"), "{}", policy(&page));
    assert_ne!(policy(&page), policy(&get(&daemon, "/studio")?), "each answer has a nonce of its own");
    assert_eq!(get(&daemon, "/studio/flows/countdown/versions")?.status, 200, "the page itself knows what is where");
    let script = page.body.split('"').find(|part| part.starts_with("/studio/assets/") && part.ends_with(".js"));
    let script = script.context("the Studio is not built: run `cargo xtask test`, which builds it")?;
    let nonce = policy(&page).split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).map(str::to_owned);
    assert!(page.body.contains(&format!("nonce=\"{}\"", nonce.context("no nonce")?)));
    let plain =
        ask(&daemon, &format!("GET {script}"), Asked { headers: &[("Accept-Encoding", "identity")], body: "" })?;
    assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(
        (plain.header("content-type"), plain.header("content-encoding")),
        (Some("text/javascript; charset=utf-8"), None)
    );
    assert_eq!(get(&daemon, "/studio/assets/nothing.js")?.status, 404);
    Ok(())
}
