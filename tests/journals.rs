//! Journals that earlier versions have left are taken up, for ever. How they were made is in tests/journals/README.md.

use std::fs;
use std::path::Path;

use anyhow::Context as _;
use serde_json::{Value as Json, json};

use crate::support::daemon::Daemon;
use crate::support::root;
use crate::support::session::Session;

/// A copy, since they are never changed.
fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &target)?,
            false => {
                fs::copy(entry.path(), target)?;
            }
        }
    }
    Ok(())
}

/// `everyone 1 push 2`, say.
fn in_short(notification: &Json) -> anyhow::Result<String> {
    let params = &notification["params"];
    let word = |json: &Json| json.as_str().map(str::to_owned).with_context(|| notification.to_string());
    let said = params.get("message").or(params.get("value")).unwrap_or(&Json::Null);
    let (channel, method) = (word(&params["channel"])?, word(&notification["method"])?);
    Ok(format!("{channel} {} {method} {said}", params["offset"]))
}

#[tokio::test]
async fn a_journal_of_the_first_format_is_taken_up() -> anyhow::Result<()> {
    let (kept, data) = (root().join("tests/journals/v1"), tempfile::tempdir()?);
    copy(&kept, data.path())?;
    let positions: Json = serde_json::from_slice(&fs::read(kept.join("had.json"))?)?;
    let daemon = Daemon::from(data.path(), None)?;
    let mut ann = Session::open(&daemon, "fall?client=ann").await?;
    ann.call("resume", json!({ "positions": positions })).await?;
    let mut heard = Vec::new();
    // The run that slept was due long ago.
    while heard.len() < 10 {
        heard.push(in_short(&ann.next().await?)?);
    }
    heard.sort_unstable();
    assert_eq!(
        heard,
        [
            "client:ann 1 push 2",
            "client:ann 2 push 1",
            "client:ann 3 output 2",
            "client:ann 4 push 1",
            "client:ann 5 output 1",
            "everyone 1 push 2",
            "everyone 2 push 1",
            "everyone 3 output 2",
            "everyone 4 push 1",
            "everyone 5 output 1",
        ]
    );
    let again = ann.call("run", json!({ "input": { "a": 2, "ms": 1 }, "key": "over" })).await?;
    assert_eq!((&again["output"], &again["channel"], &again["offset"]), (&json!(2), &json!("client:ann"), &json!(3)));
    let other = ann.refused("run", json!({ "input": { "a": 3, "ms": 1 }, "key": "over" })).await?;
    assert_eq!(other["code"], -32005);
    Ok(())
}
