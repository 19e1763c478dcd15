//! The pages in a real browser. Pictures of them are left in target/screenshots.

use std::fs;

use crate::support::command;
use crate::support::daemon::Daemon;
use crate::support::root;
use crate::support::script::{self, Dialogue, node};

/// Runs a script of tests/clients/browser against a daemon that serves the example flows.
fn look(browser: &str) -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let mut browser = node(browser)?;
    browser.arg(daemon.url()).arg(root().join("target/screenshots"));
    script::run(browser)
}

#[test]
fn the_number_falls_in_every_window() -> anyhow::Result<()> {
    look("browser/countdown.mjs")
}

#[test]
fn a_window_follows_one_run() -> anyhow::Result<()> {
    look("browser/follower.mjs")
}

#[test]
fn interfaces_are_listed_and_tried() -> anyhow::Result<()> {
    look("browser/pages.mjs")
}

#[test]
fn a_page_of_another_origin_connects_if_it_is_allowed() -> anyhow::Result<()> {
    let mut browser = Dialogue::start(node("browser/origins.mjs")?)?;
    let (allowed, stranger) = (browser.hear("allowed")?, browser.hear("stranger")?);
    let daemon = Daemon::of_examples(&["--allow-origin", &allowed])?;
    browser.say(daemon.url())?;
    browser.hear("origins: ok")?;
    browser.end()?;
    daemon.logged(&format!("origin {stranger} is not allowed: to admit it, serve with --allow-origin {stranger}"))
}

#[test]
fn a_page_that_vite_built_of_the_package_runs_a_flow() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let types = folder.path().join("types.ts");
    fs::write(&types, command::run(&root(), &["types", "countdown"])?.stdout)?;
    let site = folder.path().join("site");
    fs::create_dir(&site)?;
    let mut browser = node("browser/vite.mjs")?;
    browser.arg(site).arg(types);
    let mut browser = Dialogue::start(browser)?;
    let origin = browser.hear("origin")?;
    let daemon = Daemon::of_examples(&["--allow-origin", &origin])?;
    browser.say(daemon.url())?;
    browser.hear("vite: ok")?;
    browser.end()
}

#[test]
fn the_countdown_goes_on_after_a_crash() -> anyhow::Result<()> {
    let data = tempfile::tempdir()?;
    let daemon = Daemon::keeping(&root(), data.path(), &[])?;
    let mut browser = node("browser/crash.mjs")?;
    browser.arg(daemon.url());
    let mut browser = Dialogue::start(browser)?;
    browser.hear("counting")?;
    let _daemon = daemon.crash(data.path())?;
    browser.hear("crash: ok")?;
    browser.end()
}

#[test]
fn a_project_that_changes_is_shown_as_it_is_now() -> anyhow::Result<()> {
    let project = tempfile::tempdir()?;
    let flow = project.path().join("flows/countdown.yaml");
    fs::create_dir(project.path().join("flows"))?;
    fs::copy(root().join("flows/countdown.yaml"), &flow)?;
    let daemon = Daemon::start(project.path(), &["--dev"])?;
    let mut browser = node("browser/project.mjs")?;
    browser.arg(daemon.url()).arg(root().join("target/screenshots"));
    let mut browser = Dialogue::start(browser)?;
    browser.hear("served")?;
    fs::write(&flow, fs::read_to_string(&flow)?.replace("counter.next", "counter.nxt"))?;
    daemon.logged("counter.nxt")?;
    browser.hear("stale")?;
    fs::remove_file(&flow)?;
    browser.hear("project: ok")?;
    browser.end()
}
