//! Versions of flows, as clients and operators see them.

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::Context as _;
use serde_json::{Value as Json, json};
use tempfile::TempDir;

use crate::reload::{ticker, word};
use crate::support::daemon::Daemon;
use crate::support::http::{self, Answer, Asked, ask};
use crate::support::project::Project;
use crate::support::root;
use crate::support::session::Session;
use crate::support::socket::Socket;

const FLOW: &str = "flows/ticker.yaml";
const VERSIONS: &str = "/api/v1/flows/ticker/versions";
const DRAFT: &str = "/api/v1/flows/ticker/draft";

/// Outputs what the project's own component returns.
const OWN: &str = "
    format: 1
    flow: own
    interface: { protocol: websocket }
    start: it
    nodes:
      it: { call: own.result, with: { value: 1 } }
    ";

fn post(daemon: &Daemon, path: &str, body: &Json) -> anyhow::Result<Answer> {
    ask(daemon, &format!("POST {path}"), Asked { body: &body.to_string(), ..Asked::default() })
}

fn put(daemon: &Daemon, text: &str, headers: &[(&str, &str)]) -> anyhow::Result<Answer> {
    ask(daemon, &format!("PUT {DRAFT}"), Asked { body: text, headers })
}

/// Number and message of each version, newest first.
fn listed(daemon: &Daemon, flow: &str) -> anyhow::Result<Vec<String>> {
    let page = http::get(daemon, &format!("/api/v1/flows/{flow}/versions"))?.json()?;
    let line = |it: &Json| format!("{} {}", it["version"], it["message"].as_str().unwrap_or_default());
    Ok(page["versions"].as_array().context("no versions")?.iter().map(line).collect())
}

fn current(daemon: &Daemon, flow: &str) -> anyhow::Result<Json> {
    Ok(http::get(daemon, &format!("/api/v1/flows/{flow}"))?.json()?["version"].take())
}

fn shop() -> anyhow::Result<(Project, TempDir)> {
    Ok((Project::of(&[(FLOW, &ticker("one"))])?, tempfile::tempdir()?))
}

fn kind(answer: &Answer) -> anyhow::Result<(u16, String)> {
    Ok((answer.status, answer.json()?["type"].as_str().unwrap_or_default().to_owned()))
}

fn problem(status: u16, kind: &str) -> (u16, String) {
    (status, format!("urn:sandgate:problem:{kind}"))
}

#[tokio::test]
async fn a_new_version_takes_new_runs_on_the_socket_that_is_open() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    let mut session = Session::open(&daemon, "ticker").await?;
    let old = session.start(json!({})).await?;
    assert_eq!(word(&mut session, &old).await?, "one");

    assert_eq!(put(&daemon, &ticker("two"), &[])?.status, 201);
    let published = post(&daemon, VERSIONS, &json!({ "message": "Say two" }))?;
    assert_eq!((published.status, published.header("location")), (201, Some("/api/v1/flows/ticker/versions/2")));
    assert_eq!(published.json()?["created"], true);

    let new = session.start(json!({})).await?;
    assert_eq!(word(&mut session, &new).await?, "two");
    // What it pushes after the new one did.
    assert_eq!(word(&mut session, &old).await?, "one");
    assert_eq!(Session::open(&daemon, "ticker").await?.welcome()["params"]["version"], 2);
    assert_eq!(listed(&daemon, "ticker")?, ["2 Say two", "1 found in flows/ when served"]);
    // The project has it, and nothing is left to publish.
    assert_eq!(fs::read_to_string(project.path().join(FLOW))?, ticker("two"));
    assert_eq!(kind(&http::get(&daemon, DRAFT)?)?, problem(404, "no-draft"));
    Ok(())
}

#[tokio::test]
async fn a_run_that_goes_on_after_a_crash_does_so_in_its_version() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    let mut session = Session::open(&daemon, "ticker").await?;
    let old = session.start(json!({})).await?;
    assert_eq!(word(&mut session, &old).await?, "one");
    assert_eq!(post(&daemon, VERSIONS, &json!({ "document": ticker("two") }))?.status, 201);
    drop(daemon);

    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    let mut session = Session::open(&daemon, "ticker").await?;
    assert_eq!(word(&mut session, &old).await?, "one");
    let new = session.start(json!({})).await?;
    assert_eq!(word(&mut session, &new).await?, "two");
    Ok(())
}

#[test]
fn what_has_not_changed_makes_no_version() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    let again = post(&daemon, VERSIONS, &json!({ "document": ticker("one") }))?;
    assert_eq!((again.status, again.json()?["created"].take()), (200, json!(false)));
    assert_eq!(listed(&daemon, "ticker")?.len(), 1);
    Ok(())
}

#[tokio::test]
async fn numbers_go_on_over_restarts() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    drop(Daemon::from(data.path(), Some(project.path()))?);
    project.write(FLOW, &ticker("two"))?;
    drop(Daemon::from(data.path(), Some(project.path()))?);
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    assert_eq!(current(&daemon, "ticker")?, 2);
    assert_eq!(Session::open(&daemon, "ticker").await?.welcome()["params"]["version"], 2);
    drop(daemon);

    // With errors, the version that was published last is served.
    project.write(FLOW, &ticker("three").replace("counter.next", "countr.next"))?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    let flow = http::get(&daemon, "/api/v1/flows/ticker")?.json()?;
    assert_eq!((&flow["status"], &flow["version"]), (&json!("stale"), &json!(2)));
    let mut session = Session::open(&daemon, "ticker").await?;
    let run = session.start(json!({})).await?;
    assert_eq!(word(&mut session, &run).await?, "two");
    Ok(())
}

#[tokio::test]
async fn a_flow_whose_file_is_gone_is_not_served_and_keeps_its_versions() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    drop(Daemon::from(data.path(), Some(project.path()))?);
    fs::remove_file(project.path().join(FLOW))?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    assert_eq!(Socket::open(&daemon, "ticker").await?.closed().await?.0, 4004);
    assert_eq!(listed(&daemon, "ticker")?.len(), 1);
    // Going back brings it back.
    assert_eq!(post(&daemon, "/api/v1/flows/ticker/rollback", &json!({ "to": 1 }))?.status, 200);
    assert_eq!(fs::read_to_string(project.path().join(FLOW))?, ticker("one"));
    assert_eq!(Session::open(&daemon, "ticker").await?.welcome()["params"]["version"], 1);
    Ok(())
}

/// A component that does the same, of other bytes: it has one more custom section, called `x`.
fn again(component: &[u8]) -> Vec<u8> {
    [component, &[0, 2, 1, b'x']].concat()
}

#[tokio::test]
async fn going_back_brings_the_document_and_the_components_back_and_lasts() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let bytes = fs::read(root().join("target/components/output.wasm"))?;
    let project = Project::of(&[("flows/own.yaml", OWN)])?;
    project.write_bytes("components/own.wasm", &bytes)?;
    drop(Daemon::from(data.path(), Some(project.path()))?);
    project.write_bytes("components/own.wasm", &again(&bytes))?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    let digest = |number: u64| -> anyhow::Result<Json> {
        let version = http::get(&daemon, &format!("/api/v1/flows/own/versions/{number}"))?.json()?;
        Ok(version["components"][0]["digest"].clone())
    };
    assert_ne!(digest(1)?, digest(2)?);

    let back = post(&daemon, "/api/v1/flows/own/rollback", &json!({ "to": 1 }))?;
    let version = &back.json()?["version"];
    assert_eq!((back.status, &version["version"], &version["restores"]), (201, &json!(3), &json!(1)));
    assert_eq!(digest(3)?, digest(1)?);
    let mut session = Session::open(&daemon, "own").await?;
    assert_eq!(session.welcome()["params"]["version"], 3);
    assert_eq!(session.call("run", json!({})).await?["output"], 1);
    drop(daemon);

    // The file of the component is still the newer one; it is not what changed last.
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    assert_eq!(current(&daemon, "own")?, 3);
    assert_eq!(listed(&daemon, "own")?[0], "3 back to version 1");
    Ok(())
}

#[test]
fn what_differs_between_two_versions_is_said() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    let changed = ticker("two").replace("next: pause", "next: count");
    let changed = changed.lines().filter(|line| !line.contains("pause:")).collect::<Vec<_>>().join("\n");
    assert_eq!(post(&daemon, VERSIONS, &json!({ "document": changed }))?.status, 201);
    let diff = http::get(&daemon, &format!("{VERSIONS}/1/diff/2"))?.json()?;
    assert_eq!(
        diff["nodes"],
        json!({ "added": [], "removed": ["pause"], "changed": [{ "node": "show", "fields": ["with"] }] })
    );
    assert_eq!(diff["edges"]["added"], json!([{ "from": "show", "by": "next", "to": "count" }]));
    assert_eq!(diff["components"][0]["component"], "function");
    let text = diff["text"].as_str().context("no text")?;
    assert!(text.starts_with("--- ticker version 1\n+++ ticker version 2\n@@ "), "{text}");
    assert_eq!(kind(&http::get(&daemon, &format!("{VERSIONS}/1/diff/3"))?)?, problem(404, "unknown-version"));
    Ok(())
}

#[test]
fn versions_come_in_pages() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    for word in ["two", "three"] {
        post(&daemon, VERSIONS, &json!({ "document": ticker(word) }))?;
    }
    let page = |query: &str| -> anyhow::Result<(Vec<Json>, Json)> {
        let page = http::get(&daemon, &format!("{VERSIONS}?{query}"))?.json()?;
        let numbers = page["versions"].as_array().context("no versions")?.iter().map(|it| it["version"].clone());
        Ok((numbers.collect(), page["next"].clone()))
    };
    assert_eq!(page("limit=2")?, (vec![json!(3), json!(2)], json!(2)));
    assert_eq!(page("limit=2&before=2")?, (vec![json!(1)], Json::Null));
    assert_eq!(kind(&http::get(&daemon, &format!("{VERSIONS}?limit=two"))?)?, problem(400, "query"));
    Ok(())
}

#[test]
fn a_draft_is_not_written_over_unseen() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    let first = put(&daemon, &ticker("two"), &[("if-none-match", "*")])?;
    let tag = first.header("etag").context("no entity tag")?.to_owned();
    assert_eq!(first.status, 201);
    assert_eq!(kind(&put(&daemon, "mine", &[])?)?, problem(428, "precondition-required"));
    assert_eq!(kind(&put(&daemon, "mine", &[("if-none-match", "*")])?)?, problem(412, "changed"));
    let second = put(&daemon, &ticker("three"), &[("if-match", &tag)])?;
    assert_eq!(second.status, 200);
    // Who has seen only the first one loses nothing of the second.
    assert_eq!(kind(&put(&daemon, "mine", &[("if-match", &tag)])?)?, problem(412, "changed"));
    let seen = [("if-match", tag.as_str())];
    let publish = Asked { body: "{}", headers: &seen };
    assert_eq!(kind(&ask(&daemon, &format!("POST {VERSIONS}"), publish)?)?, problem(412, "changed"));
    let draft = http::get(&daemon, DRAFT)?;
    assert_eq!(
        (draft.json()?["text"].as_str(), draft.header("etag")),
        (Some(&*ticker("three")), second.header("etag"))
    );
    let known = [("if-none-match", second.header("etag").context("no entity tag")?)];
    assert_eq!(ask(&daemon, &format!("GET {DRAFT}"), Asked { headers: &known, ..Asked::default() })?.status, 304);
    assert_eq!(ask(&daemon, &format!("DELETE {DRAFT}"), Asked::default())?.status, 204);
    assert_eq!(http::get(&daemon, DRAFT)?.status, 404);
    Ok(())
}

#[test]
fn a_draft_with_errors_is_kept_and_not_published() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    let wrong = ticker("two").replace("counter.next", "countr.next");
    let expected = json!([{
        "severity": "error",
        "message": "there is no component `countr`",
        "line": 8,
        "column": 19,
        "end_line": 8,
        "end_column": 30,
        "help": "did you mean `counter`?",
    }]);
    assert_eq!(put(&daemon, &wrong, &[])?.json()?["problems"], expected);
    assert_eq!(fs::read_to_string(project.path().join("drafts/ticker.yaml"))?, wrong);
    let refused = post(&daemon, VERSIONS, &json!({}))?;
    assert_eq!(kind(&refused)?, problem(422, "invalid-flow"));
    assert_eq!(refused.json()?["problems"], expected);
    assert_eq!(current(&daemon, "ticker")?, 1);
    assert_eq!(fs::read_to_string(project.path().join(FLOW))?, ticker("one"));
    assert_eq!(http::get(&daemon, DRAFT)?.status, 200);
    // Nor is another flow's document.
    let other = post(&daemon, VERSIONS, &json!({ "document": OWN }))?.json()?;
    assert_eq!(other["problems"][0]["message"], "the document is of the flow `own`, and `ticker` is to be published");
    Ok(())
}

#[tokio::test]
async fn what_was_published_is_served_without_the_project() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    drop(Daemon::from(data.path(), Some(project.path()))?);
    drop(project);
    let daemon = Daemon::from(data.path(), None)?;
    let mut session = Session::open(&daemon, "ticker").await?;
    let run = session.start(json!({})).await?;
    assert_eq!(word(&mut session, &run).await?, "one");

    // Drafts lie in the data folder, and are published as anywhere.
    put(&daemon, &ticker("two"), &[])?;
    assert!(data.path().join("drafts/ticker.yaml").is_file());
    assert_eq!(post(&daemon, VERSIONS, &json!({}))?.status, 201);
    let run = session.start(json!({})).await?;
    assert_eq!(word(&mut session, &run).await?, "two");
    drop(daemon);
    assert_eq!(current(&Daemon::from(data.path(), None)?, "ticker")?, 2);
    Ok(())
}

fn component_files(data: &Path) -> anyhow::Result<Vec<PathBuf>> {
    fs::read_dir(data.join("components"))?.map(|entry| Ok(entry?.path())).collect()
}

#[test]
fn a_damaged_component_is_named_by_its_file_and_harms_no_other_flow() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let project = Project::of(&[("flows/own.yaml", OWN)])?.with_countdown()?;
    let bytes = fs::read(root().join("target/components/output.wasm"))?;
    project.write_bytes("components/own.wasm", &again(&bytes))?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    let version = http::get(&daemon, "/api/v1/flows/own/versions/1")?.json()?;
    drop(daemon);
    let digest = version["components"][0]["digest"].as_str().context("no digest")?;
    let file = data.path().join(format!("components/{digest}.wasm"));
    fs::write(&file, "damaged")?;

    let daemon = Daemon::from(data.path(), None)?;
    let flow = http::get(&daemon, "/api/v1/flows/own")?.json()?;
    assert_eq!(flow["status"], "broken");
    let message = flow["problems"][0]["message"].as_str().context("no problem")?;
    assert!(message.starts_with(&format!("{} is damaged", file.display())), "{message}");
    daemon.logged(message)?;
    assert_eq!(http::run(&daemon, "countdown", r#"{"a":0}"#)?.status, 200);
    let back = post(&daemon, "/api/v1/flows/own/rollback", &json!({ "to": 1 }))?;
    assert_eq!(kind(&back)?, problem(500, "damaged"));
    Ok(())
}

#[test]
fn two_that_publish_at_once_are_both_told_their_number() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    let publish = |word: &'static str| -> anyhow::Result<(u64, String)> {
        let made = post(&daemon, VERSIONS, &json!({ "document": ticker(word), "message": word }))?.json()?;
        let version = &made["version"];
        Ok((version["version"].as_u64().context("no number")?, version["message"].as_str().unwrap_or("").to_owned()))
    };
    let mut made = thread::scope(|scope| {
        let threads = ["two", "three", "four"].map(|word| scope.spawn(move || publish(word)));
        threads.map(|thread| thread.join().unwrap_or_else(|_| Err(anyhow::anyhow!("it panicked"))))
    })
    .into_iter()
    .collect::<anyhow::Result<Vec<_>>>()?;
    made.sort_unstable();
    let numbers: Vec<_> = made.iter().map(|(number, _)| *number).collect();
    assert_eq!(numbers, [2, 3, 4]);
    // Each number is of the version that was asked for, and the last is served and in the file.
    let expected: Vec<_> = made.iter().rev().map(|(number, message)| format!("{number} {message}")).collect();
    assert_eq!(listed(&daemon, "ticker")?[..3], expected);
    assert_eq!(current(&daemon, "ticker")?, 4);
    assert_eq!(fs::read_to_string(project.path().join(FLOW))?, ticker(&made[2].1));
    Ok(())
}

#[test]
fn bytes_of_a_version_that_was_never_made_are_gone_after_a_start() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    drop(Daemon::from(data.path(), Some(project.path()))?);
    let before = component_files(data.path())?.len();
    // As if the daemon had ended between the file and the row.
    fs::write(data.path().join("components").join(format!("{:064x}.wasm", 7)), "left over")?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    daemon.logged("removed 1 files of components that no version calls")?;
    assert_eq!(component_files(data.path())?.len(), before);
    assert_eq!(current(&daemon, "ticker")?, 1);
    Ok(())
}

#[test]
fn what_somebody_wrote_by_hand_is_not_written_over() -> anyhow::Result<()> {
    let (project, data) = shop()?;
    let daemon = Daemon::from(data.path(), Some(project.path()))?;
    let by_hand = ticker("by hand");
    project.write(FLOW, &by_hand)?;
    assert_eq!(kind(&post(&daemon, VERSIONS, &json!({ "document": ticker("two") }))?)?, problem(409, "edited"));
    assert_eq!(fs::read_to_string(project.path().join(FLOW))?, by_hand);
    assert_eq!(listed(&daemon, "ticker")?.len(), 1);
    // Published as it is, it is no longer in the way.
    assert_eq!(post(&daemon, VERSIONS, &json!({ "document": by_hand }))?.status, 201);
    assert_eq!(post(&daemon, VERSIONS, &json!({ "document": ticker("two") }))?.status, 201);
    Ok(())
}

#[test]
fn a_page_of_another_host_that_is_let_in_neither_writes_nor_reads_what_is_for_operators() -> anyhow::Result<()> {
    let project = Project::of(&[(FLOW, &ticker("one"))])?;
    let daemon = project.serve(&["--allow-origin", "https://shop.example"])?;
    let shop = [("origin", "https://shop.example")];
    let refused = problem(403, "origin-not-allowed");
    assert_eq!(kind(&put(&daemon, &ticker("two"), &shop)?)?, refused);
    for what in [format!("GET {VERSIONS}"), "GET /api/v1/runs".to_owned()] {
        assert_eq!(kind(&ask(&daemon, &what, Asked { headers: &shop, ..Asked::default() })?)?, refused, "{what}");
    }
    let flows = ask(&daemon, "GET /api/v1/flows", Asked { headers: &shop, ..Asked::default() })?;
    assert_eq!(flows.status, 200);
    let own = [("origin", daemon.url())];
    assert_eq!(put(&daemon, &ticker("two"), &own)?.status, 201);
    Ok(())
}
