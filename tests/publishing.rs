//! `sandgate publish`, `versions`, `diff` and `rollback`, as one who types them sees them.

use std::fs;

use anyhow::Context as _;
use serde_json::json;

use crate::reload::ticker;
use crate::support::command::{self, Ended};
use crate::support::daemon::Daemon;
use crate::support::project::Project;
use crate::support::session::Session;

const FLOW: &str = "flows/ticker.yaml";

fn shop() -> anyhow::Result<Project> {
    Project::of(&[(FLOW, &ticker("one"))])
}

fn said(project: &Project, code: i32, arguments: &[&str]) -> anyhow::Result<Ended> {
    let ended = command::run(project.path(), arguments)?;
    assert_eq!(ended.code, Some(code), "{ended}");
    Ok(ended)
}

/// Number, star and message of each version.
fn versions(project: &Project) -> anyhow::Result<Vec<String>> {
    let listed = said(project, 0, &["versions", "ticker", "--output", "json"])?.json_lines()?;
    let line = |it: &serde_json::Value| {
        let star = if it["current"] == true { "* " } else { "" };
        format!("{star}{} {}", it["version"], it["message"].as_str().unwrap_or_default())
    };
    Ok(listed.iter().map(line).collect())
}

#[tokio::test]
async fn without_a_daemon_the_data_folder_is_written_and_the_next_one_serves_it() -> anyhow::Result<()> {
    let project = shop()?;
    assert_eq!(said(&project, 0, &["publish", "-m", "First"])?.stdout, "ticker: version 1 is published\n");
    assert_eq!(said(&project, 0, &["publish"])?.stdout, "ticker: nothing has changed since version 1\n");
    project.write("drafts/ticker.yaml", &ticker("two"))?;
    // A draft is published only by name.
    assert_eq!(said(&project, 0, &["publish"])?.stdout, "ticker: nothing has changed since version 1\n");
    let published = said(&project, 0, &["publish", "ticker", "--message", "Second"])?;
    assert_eq!(published.stdout, "ticker: version 2 is published\n");
    assert_eq!(fs::read_to_string(project.path().join(FLOW))?, ticker("two"));
    assert!(!project.path().join("drafts/ticker.yaml").exists());

    let back = said(&project, 0, &["rollback", "ticker", "1"])?;
    assert_eq!(back.stdout, "ticker: version 3 is published\n");
    assert_eq!(versions(&project)?, ["* 3 back to version 1", "2 Second", "1 First"]);
    let data = project.path().join(".sandgate");
    let daemon = Daemon::from(&data, Some(project.path()))?;
    assert_eq!(Session::open(&daemon, "ticker").await?.welcome()["params"]["version"], 3);
    Ok(())
}

#[tokio::test]
async fn a_daemon_that_serves_from_the_data_folder_is_asked_and_serves_at_once() -> anyhow::Result<()> {
    let project = shop()?;
    let data = project.path().join(".sandgate");
    fs::create_dir(&data)?;
    let daemon = Daemon::from(&data, Some(project.path()))?;
    project.write(FLOW, &ticker("two"))?;
    assert_eq!(said(&project, 0, &["publish", "ticker"])?.stdout, "ticker: version 2 is published\n");
    assert_eq!(Session::open(&daemon, "ticker").await?.welcome()["params"]["version"], 2);

    let url = daemon.url().to_owned();
    let back = said(&project, 0, &["rollback", "ticker", "1", "--server", &url, "--output", "json"])?;
    assert_eq!(back.json_lines()?[0]["version"]["version"], 3);
    assert_eq!(Session::open(&daemon, "ticker").await?.welcome()["params"]["version"], 3);
    let listed = said(&project, 0, &["versions", "ticker", "--server", &url])?;
    assert_eq!(listed.stdout.lines().filter(|line| line.starts_with("*    3  ")).count(), 1, "{listed}");

    // One that was killed is asked no more.
    drop(daemon);
    project.write(FLOW, &ticker("four"))?;
    assert_eq!(said(&project, 0, &["publish"])?.stdout, "ticker: version 4 is published\n");
    Ok(())
}

#[test]
fn what_has_errors_is_not_published_and_they_are_listed() -> anyhow::Result<()> {
    let project = shop()?.with_countdown()?;
    project.write(FLOW, &ticker("one").replace("counter.next", "countr.next"))?;
    let refused = said(&project, 1, &["publish"])?;
    assert_eq!(refused.stdout, "countdown: version 1 is published\n");
    insta::assert_snapshot!(refused.stderr, @r"
    error: flow ticker has problems, so it is not published
      8:19: there is no component `countr`
      help: did you mean `counter`?
    error: 1 of 2 flows were not published
    ");
    let json = said(&project, 1, &["publish", "ticker", "--output", "json"])?.json_lines()?;
    assert_eq!(json[0]["error"]["problems"][0]["line"], 8);
    Ok(())
}

#[test]
fn diff_says_what_a_change_means_and_then_shows_it() -> anyhow::Result<()> {
    let project = shop()?;
    said(&project, 0, &["publish"])?;
    project.write(FLOW, &ticker("two").replace("flow: ticker\n", "flow: ticker\n        title: Ticker\n"))?;
    said(&project, 0, &["publish"])?;
    let diff = said(&project, 0, &["diff", "ticker", "1", "2"])?;
    let (meaning, text) = diff.stdout.split_once("\n\n").context("no empty line between the two")?;
    assert_eq!(meaning, "~ the flow's title\n~ node show: with");
    assert!(text.starts_with("--- ticker version 1\n+++ ticker version 2\n@@ -1,6 +1,7 @@\n"), "{text}");
    assert!(text.contains("\n+        title: Ticker\n"), "{text}");
    let json = said(&project, 0, &["diff", "ticker", "1", "2", "--output", "json"])?.json_lines()?;
    assert_eq!(json[0]["document"], json!(["title"]));
    assert_eq!(said(&project, 0, &["diff", "ticker", "2", "2"])?.stdout, "no difference\n");
    Ok(())
}

#[test]
fn what_is_not_there_is_said_with_what_to_do() -> anyhow::Result<()> {
    let project = shop()?;
    assert!(said(&project, 1, &["versions", "ticker"])?.stderr.starts_with("error: flow \"ticker\" has no versions"));
    // To look leaves nothing behind.
    assert!(!project.path().join(".sandgate").exists());
    said(&project, 0, &["publish"])?;
    let error = |arguments: &[&str]| anyhow::Ok(said(&project, 1, arguments)?.stderr);
    assert_eq!(
        error(&["rollback", "ticker", "7"])?,
        "error: flow ticker has no version 7: its versions are 1 to 1\n\
         help: `sandgate versions FLOW` lists those there are\n"
    );
    assert!(error(&["publish", "nothing"])?.starts_with("error: flow nothing has no draft\nhelp: write its file"));
    assert!(error(&["versions", "../etc"])?.starts_with("error: \"../etc\" cannot be the id of a flow"));
    // A port that nobody listens on: that of a daemon which is gone.
    let url = Daemon::start(project.path(), &[])?.url().to_owned();
    let gone = error(&["versions", "ticker", "--server", &url])?;
    assert!(gone.starts_with(&format!("error: the daemon at {url} cannot be asked: ")), "{gone}");
    assert!(error(&["versions", "ticker", "--server", "shop.example"])?.contains("is not the address of a daemon"));
    let elsewhere = tempfile::tempdir()?;
    let data = project.path().join(".sandgate").display().to_string();
    let dev = command::run(elsewhere.path(), &["serve", "--data", &data, "--dev"])?;
    assert!(dev.stderr.contains("there is no project"), "{dev}");
    let nothing = command::run(elsewhere.path(), &["serve", "--data", "data"])?;
    assert!(nothing.stderr.contains("is not a project, and nothing was published in data"), "{nothing}");
    Ok(())
}
