//! What is said of wrong flows: a folder for each in `tests/check`, with the flow and what is expected to be said of it.
//! `UPDATE_EXPECT=1 cargo test -p sandgate-flow --test check` writes what is said now.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test says so by failing")]

mod catalog;

use std::fs;
use std::path::{Path, PathBuf};

use sandgate_flow::diagnostic::{Color, render};
use sandgate_flow::document::{Framing, OnLeave};
use sandgate_flow::parse::parse;
use sandgate_flow::{Plan, check};

#[test]
fn every_wrong_flow_is_told_what_is_wrong() {
    let folders = folders();
    assert!(folders.len() > 20, "the folders are not where they should be: {}", folders.len());
    let wrong: Vec<_> = folders.iter().filter_map(|folder| difference(folder)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_countdown_becomes_a_plan() {
    let plan = plan(include_str!("../../../flows/countdown.yaml"));
    assert_eq!(&*plan.flow, "countdown");
    assert_eq!(plan.interface.framing, Framing::JsonRpc);
    assert_eq!(plan.interface.on_leave, OnLeave::Continue);
    let ids: Vec<_> = plan.nodes.iter().map(|node| &*node.id).collect();
    assert_eq!(ids, ["count", "positive", "show", "pause", "done"]);
}

#[test]
fn every_example_checks_and_its_cases_are_read() {
    let flows = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../flows");
    for name in ["countdown", "echo", "broadcast", "greeting"] {
        plan(&fs::read_to_string(flows.join(format!("{name}.yaml"))).unwrap());
        let cases = fs::read_to_string(flows.join(format!("{name}.cases.yaml"))).unwrap();
        let cases = sandgate_flow::cases::parse(&cases).unwrap_or_else(|problems| panic!("{name}: {problems:?}"));
        assert!(!cases.is_empty(), "{name}");
    }
}

#[test]
fn a_flow_in_json_is_the_same_flow() {
    let yaml = "{format: 1, flow: f, interface: {protocol: websocket}, start: a, nodes: {a: {call: output.result, with: {value: é 😀 /}}}}";
    let json = "{\n\t\"format\":1,\t\"flow\":\"f\",\"interface\":{\"protocol\":\"websocket\"},\n\"start\"\n:\n\"a\",\
        \"nodes\":{\"a\":{\"call\":\"output.result\",\"with\":{\"value\":\"\\u00e9 \\ud83d\\ude00 \\/\"}}}}\n";
    assert_eq!(format!("{:?}", plan(yaml)), format!("{:?}", plan(json)));
}

fn plan(text: &str) -> Plan {
    let document = parse(text).unwrap_or_else(|problems| panic!("{}", render("", text, &problems, Color::Never)));
    let plan = check(&document, &catalog::catalog());
    plan.unwrap_or_else(|problems| panic!("{}", render("", text, &problems, Color::Never)))
}

fn folders() -> Vec<PathBuf> {
    let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/check")).unwrap();
    let mut folders: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    folders
}

/// How what is said of a folder's flow differs from what was expected, if it does.
fn difference(folder: &Path) -> Option<String> {
    let said = said(&fs::read_to_string(folder.join("flow.yaml")).unwrap());
    let expected = folder.join("expected.txt");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&expected, &said).unwrap();
        return None;
    }
    let expected = fs::read_to_string(&expected).unwrap_or_default();
    (said != expected).then(|| format!("== {}\n-- expected\n{expected}-- said\n{said}", folder.display()))
}

fn said(text: &str) -> String {
    match parse(text).and_then(|document| check(&document, &catalog::catalog())) {
        Ok(_) => "nothing\n".to_owned(),
        Err(problems) => render("flow.yaml", text, &problems, Color::Never),
    }
}
