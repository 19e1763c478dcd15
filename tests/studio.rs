//! The Studio in a real browser. Pictures of it are left in target/screenshots.

use std::fs;

use anyhow::Context as _;

use crate::support::daemon::Daemon;
use crate::support::http::{Asked, ask, get};
use crate::support::project::Project;
use crate::support::root;
use crate::support::script::{self, Dialogue, node};

/// A project with all example flows, and their cases.
fn examples() -> anyhow::Result<Project> {
    let project = Project::of(&[])?;
    for entry in fs::read_dir(root().join("flows"))? {
        let file = entry?;
        fs::copy(file.path(), project.path().join("flows").join(file.file_name()))?;
    }
    Ok(project)
}

#[test]
fn the_tutorial_by_mouse_and_keyboard() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let daemon = Daemon::start(folder.path(), &[])?;
    let mut browser = node("studio/tutorial.mjs")?;
    browser.arg(daemon.url()).arg(root().join("target/screenshots/tutorial"));
    script::run(browser)?;
    let left = fs::read_to_string(folder.path().join("flows/countdown.yaml"))?;
    let mut compare = node("studio/same.mjs")?;
    compare.arg(root().join("flows/countdown.yaml")).arg(folder.path().join("flows/countdown.yaml"));
    script::run(compare).with_context(|| left.clone())?;
    // The first line is for editors, and so is the last key.
    assert!(left.starts_with("# yaml-language-server: $schema=flow.schema.json\nformat: 1\n"), "{left}");
    Ok(())
}

#[test]
fn every_example_flow_opened_moved_and_saved_changes_nothing_but_layout() -> anyhow::Result<()> {
    let project = examples()?;
    let daemon = project.serve(&[])?;
    let mut browser = node("studio/move.mjs")?;
    browser.arg(daemon.url());
    script::run(browser)?;
    let drafts: Vec<_> = fs::read_dir(project.path().join("drafts"))?.collect::<Result<_, _>>()?;
    assert_eq!(drafts.len(), 4);
    for draft in drafts {
        let moved = fs::read_to_string(draft.path())?;
        let before = fs::read_to_string(project.path().join("flows").join(draft.file_name()))?;
        let layout = moved.strip_prefix(&before).with_context(|| moved.clone())?;
        assert!(layout.starts_with("layout:\n"), "{layout}");
        assert!(layout.lines().skip(1).all(|line| line.starts_with("  ") && line.ends_with(" }")), "{layout}");
    }
    Ok(())
}

#[test]
fn flows_are_edited_by_keyboard_copied_between_and_undone() -> anyhow::Result<()> {
    edit("studio/editing.mjs", &examples()?)
}

#[test]
fn what_is_wrong_is_shown_and_two_who_edit_one_draft_are_told() -> anyhow::Result<()> {
    let project = examples()?;
    let text =
        "format: 1\nflow: gone\ninterface: { protocol: websocket }\nstart: one\nnodes:\n  one: { call: gone.away }\n";
    project.write("drafts/gone.yaml", text)?;
    project.write("drafts/unreadable.yaml", "format: 1\nflow: [unreadable\n")?;
    edit("studio/faults.mjs", &project)
}

#[test]
fn versions_are_compared_and_taken_back_and_runs_are_followed_and_cancelled() -> anyhow::Result<()> {
    edit("studio/versions.mjs", &examples()?)
}

#[test]
fn every_page_is_accessible_in_both_languages_and_looks() -> anyhow::Result<()> {
    edit("studio/pages.mjs", &examples()?)
}

fn edit(browser: &str, project: &Project) -> anyhow::Result<()> {
    let daemon = project.serve(&[])?;
    let mut browser = node(browser)?;
    browser.arg(daemon.url()).arg(root().join("target/screenshots/studio"));
    script::run(browser)
}

#[test]
fn a_draft_survives_that_the_daemon_goes_away() -> anyhow::Result<()> {
    let (project, data) = (examples()?, tempfile::tempdir()?);
    let mut daemon = Daemon::keeping(project.path(), data.path(), &[])?;
    let listen = daemon.url().trim_start_matches("http://").to_owned();
    let mut browser = node("studio/away.mjs")?;
    browser.arg(daemon.url());
    let mut browser = Dialogue::start(browser)?;
    browser.hear("editing")?;
    daemon.kill()?;
    browser.say("gone")?;
    browser.hear("kept")?;
    let daemon = Daemon::keeping(project.path(), data.path(), &["--listen", &listen])?;
    browser.say("back")?;
    browser.hear("away: ok")?;
    browser.end()?;
    let draft = get(&daemon, "/api/v1/flows/countdown/draft")?.json()?;
    assert!(draft["text"].as_str().context("no draft")?.contains("title: Typed while it was away"), "{draft}");
    Ok(())
}

#[test]
fn the_interface_of_each_flow_is_valid_asyncapi_and_snippets_run() -> anyhow::Result<()> {
    let daemon = examples()?.serve(&[])?;
    let mut parser = node("studio/asyncapi.mjs")?;
    parser.arg(daemon.url());
    script::run(parser)?;
    let mut snippets = node("studio/snippets.mjs")?;
    snippets.arg(daemon.url()).arg(root().join("target/python/bin/python"));
    script::run(snippets)
}

#[test]
fn the_openapi_document_that_types_are_made_of_is_fresh() -> anyhow::Result<()> {
    let daemon = examples()?.serve(&[])?;
    let said = ask(&daemon, "GET /api/v1/openapi.json", Asked::default())?.json()?;
    let file = root().join("studio/src/api/openapi.json");
    let text = format!("{said:#}\n");
    if std::env::var_os("SANDGATE_UPDATE").is_some() {
        fs::write(&file, &text)?;
    }
    assert!(
        fs::read_to_string(&file)? == text,
        "studio/src/api/openapi.json is not fresh: run this test with SANDGATE_UPDATE=1, and then `npm run generate` in studio/"
    );
    Ok(())
}
