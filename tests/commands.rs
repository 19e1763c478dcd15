//! The command line, as one who types it sees it.

use serde_json::json;

use crate::support::command::{self, Ended};
use crate::support::daemon::Daemon;
use crate::support::project::Project;
use crate::support::session::Session;

/// Has four errors.
const WRONG: &str = r#"
format: 1
flow: wrong
interface:
  protocol: websocket
  input:
    a: { type: integer, default: 1 }
start: count
nodes:
  count:
    call: countr.next
    next: don
  done:
    call: output.result
    with: { valu: "${1 + input.b}" }
"#;

const CASES: &str = "
cases:
  - name: from two
    input: { a: 2 }
    expect:
      pushes: [{ to: everyone, message: 2, at: 0s }, { to: everyone, message: 7, at: 1s }]
      output: 0
  - name: from zero
    input: { a: 0 }
    expect: { output: 0 }
";

/// Has parameters of many kinds.
const ORDER: &str = include_str!("clients/sdk/shop_order.yaml");

fn countdown() -> anyhow::Result<Project> {
    Project::of(&[])?.with_countdown()
}

fn said(project: &Project, code: i32, arguments: &[&str]) -> anyhow::Result<Ended> {
    let ended = command::run(project.path(), arguments)?;
    assert_eq!(ended.code, Some(code), "{ended}");
    Ok(ended)
}

#[tokio::test]
async fn a_new_project_checks_passes_its_cases_and_can_be_served() -> anyhow::Result<()> {
    let folder = Project::of(&[])?;
    let made = said(&folder, 0, &["new", "shop"])?;
    assert!(made.stdout.ends_with("next: sandgate serve shop --dev\n"), "{made}");
    said(&folder, 0, &["check", "--project", "shop"])?;
    let tested = said(&folder, 0, &["test", "--project", "shop"])?;
    assert!(tested.stdout.ends_with(" passed, 0 failed\n"), "{tested}");
    let daemon = Daemon::start(&folder.path().join("shop"), &[])?;
    let mut session = Session::open(&daemon, "countdown").await?;
    assert_eq!(session.call("run", json!({ "input": { "a": 1 } })).await?["output"], 0);
    Ok(())
}

#[test]
fn a_project_is_made_over_nothing() -> anyhow::Result<()> {
    let refused = said(&countdown()?, 1, &["new", "."])?;
    assert_eq!(refused.stderr, "error: . is not empty\nhelp: name a folder that is not there yet\n");
    Ok(())
}

#[test]
fn check_shows_every_problem_in_its_place() -> anyhow::Result<()> {
    let project = Project::of(&[("flows/wrong.yaml", WRONG)])?.with_countdown()?;
    let checked = said(&project, 1, &["check"])?;
    assert_eq!(checked.stdout, "ok flows/countdown.yaml\n");
    insta::assert_snapshot!(
        checked.stderr,
        @r#"
        error: there is no component `countr`
          --> flows/wrong.yaml:11:11
           |
        11 |     call: countr.next
           |           ^^^^^^^^^^^
           |
           = help: did you mean `counter`?

        error: there is no node `don`
          --> flows/wrong.yaml:12:11
           |
        12 |     next: don
           |           ^^^
           |
           = help: did you mean `done`?

        error: output.result is not given its parameter `value`
          --> flows/wrong.yaml:14:11
           |
        14 |     call: output.result
           |           ^^^^^^^^^^^^^
           |
           = help: add `value: ...` to its `with`; it takes json

        error: output.result has no parameter `valu`
          --> flows/wrong.yaml:15:13
           |
        15 |     with: { valu: "${1 + input.b}" }
           |             ^^^^
           |
           = help: did you mean `value`?

        error: 1 of 2 files cannot be used
        "#
    );
    Ok(())
}

#[test]
fn check_tells_programs_the_same() -> anyhow::Result<()> {
    let checked = said(&Project::of(&[("flows/wrong.yaml", WRONG)])?, 1, &["check", "--output", "json"])?;
    let [report] = &checked.json_lines()?[..] else { panic!("{checked}") };
    let file = &report["files"][0];
    assert_eq!((&file["file"], &file["status"]), (&json!("flows/wrong.yaml"), &json!("error")));
    let first = json!({
        "severity": "error",
        "message": "there is no component `countr`",
        "line": 11,
        "column": 11,
        "end_line": 11,
        "end_column": 22,
        "help": "did you mean `counter`?",
    });
    assert_eq!(file["problems"][0], first);
    Ok(())
}

#[test]
fn run_prints_pushes_and_the_output() -> anyhow::Result<()> {
    let ran = said(&countdown()?, 0, &["run", "countdown", "--input", r#"{"a": 2}"#])?;
    assert_eq!(ran.stdout, "push everyone 2\npush everyone 1\noutput 0\n");
    Ok(())
}

#[test]
fn run_prints_an_object_a_line_for_programs() -> anyhow::Result<()> {
    let ran = said(&countdown()?, 0, &["run", "flows/countdown.yaml", "--input", r#"{"a": 1}"#, "--output", "json"])?;
    let lines = ran.json_lines()?;
    let push = json!({ "event": "push", "to": "everyone", "message": 1 });
    assert_eq!(lines, [push, json!({ "event": "output", "run": lines[1]["run"], "value": 0 })]);
    Ok(())
}

#[test]
fn a_run_that_fails_says_where() -> anyhow::Result<()> {
    let flow =
        "{ format: 1, flow: trap, interface: { protocol: websocket }, start: it, nodes: { it: { call: trap.go } } }";
    let ran = said(&Project::of(&[("flows/trap.yaml", flow)])?.with_guest("trap")?, 1, &["run", "trap"])?;
    let error =
        "error: flow trap: node it (component trap): trapped: wasm trap: wasm `unreachable` instruction executed\n";
    assert!(ran.stderr.starts_with(error), "{ran}");
    Ok(())
}

#[test]
fn input_that_does_not_fit_is_refused_before_anything_is_run() -> anyhow::Result<()> {
    let ran = said(&countdown()?, 1, &["run", "countdown", "--input", r#"{"a": -1}"#])?;
    let error = "error: the input does not fit flow countdown:\n  $.a: -1 is less than the minimum of 0\n";
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", error));
    Ok(())
}

#[test]
fn types_are_those_of_the_input() -> anyhow::Result<()> {
    let project = Project::of(&[("flows/shop_order.yaml", ORDER)])?;
    let typed = said(&project, 0, &["types", "shop_order"])?;
    insta::assert_snapshot!(
        typed.stdout,
        @r#"
        // What the flow `shop_order` takes and gives, written by `sandgate types shop_order`: write it anew when that has changed.

        import type { Json } from "@sandgate/client";

        /**
         * Takes an order,
         * and answers with its number.
         */
        export interface ShopOrder {
          input: {
            /** What is ordered. */
            item: "tea" | "coffee";
            /**
             * How much of it.
             * @default 1
             */
            count?: number;
            /** @default null */
            note?: string | null;
            address: {
              "door code"?: number;
              street: string;
            };
            /** @default ["*\/"] */
            extras?: (string | number)[];
            /** @default {} */
            anything?: Json;
          };
          output: Json;
          push: Json;
        }
        "#
    );
    Ok(())
}

#[test]
fn a_flow_with_raw_framing_has_no_types() -> anyhow::Result<()> {
    let project = Project::of(&[])?.copy("flows/echo.yaml", "flows/echo.yaml")?;
    let refused = said(&project, 1, &["types", "echo"])?;
    let help = "help: its messages are texts and bytes, and its client is made by `connectRaw`";
    assert_eq!(refused.stderr, format!("error: flow echo has no types: its framing is raw\n{help}\n"));
    Ok(())
}

#[test]
fn test_shows_what_each_case_did_and_how_it_differs() -> anyhow::Result<()> {
    let project = countdown()?;
    project.write("flows/countdown.cases.yaml", CASES)?;
    let tested = said(&project, 1, &["test"])?;
    insta::assert_snapshot!(
        tested.stdout,
        @r"
        countdown
          FAILED from two
                    0s  push everyone 2
                    1s  push everyone 1
                    2s  output 0
            - expected, + observed:
              - push 2: at 1s to everyone 7
              + push 2: at 1s to everyone 1
          ok from zero
                    0s  output 0
        1 passed, 1 failed
        "
    );
    Ok(())
}

#[test]
fn test_tells_programs_the_same() -> anyhow::Result<()> {
    let project = countdown()?;
    project.write("flows/countdown.cases.yaml", CASES)?;
    let lines = said(&project, 1, &["test", "countdown", "--output", "json"])?.json_lines()?;
    let push = |at_ms: u64, message: i64| json!({ "at_ms": at_ms, "to": "everyone", "message": message });
    let first = json!({
        "flow": "countdown",
        "case": "from two",
        "passed": false,
        "differences": ["- push 2: at 1s to everyone 7", "+ push 2: at 1s to everyone 1"],
        "pushes": [push(0, 2), push(1_000, 1)],
        "output": 0,
        "error": null,
        "duration_ms": 2_000,
    });
    assert_eq!(lines[0], first);
    assert_eq!(lines[1]["passed"], true);
    assert_eq!(lines[2], json!({ "passed": 1, "failed": 1, "broken": 0 }));
    Ok(())
}

#[test]
fn the_examples_pass_their_cases_with_and_without_instances_that_are_kept() -> anyhow::Result<()> {
    let examples = crate::support::root();
    for instances in ["kept", "fresh"] {
        let tested = command::run(&examples, &["test", "--instances", instances])?;
        assert_eq!(tested.code, Some(0), "{tested}");
        assert!(!tested.stdout.contains("has no cases"), "{tested}");
    }
    Ok(())
}

#[test]
fn a_name_that_is_nearly_right_is_put_right() -> anyhow::Result<()> {
    let project = countdown()?;
    project.write("sandgate.toml", "[project]\nname = \"shop\"\n")?;
    let ran = said(&project, 1, &["run", "countdwn"])?;
    assert_eq!(ran.stderr, "error: project shop has no flow \"countdwn\"\nhelp: did you mean `countdown`?\n");
    Ok(())
}

#[test]
fn a_command_line_that_is_wrong_is_2() -> anyhow::Result<()> {
    let project = countdown()?;
    for wrong in [&["dance"][..], &[], &["run"], &["run", "countdown", "--input", "{a"], &["serve", "--listen", "here"]]
    {
        let said = said(&project, 2, wrong)?;
        assert!(said.stderr.contains("--help") || said.stderr.contains("Usage:"), "{said}");
    }
    Ok(())
}

#[test]
fn every_command_explains_itself_with_examples() -> anyhow::Result<()> {
    let project = countdown()?;
    for command in ["new", "serve", "run", "check", "test"] {
        let help = said(&project, 0, &[command, "--help"])?.stdout;
        let (_, examples) = help.split_once("\nExamples:\n").unwrap_or_default();
        assert!(examples.contains(&format!("  sandgate {command}")), "{help}");
    }
    Ok(())
}

#[test]
fn nothing_is_served_beyond_this_machine() -> anyhow::Result<()> {
    let refused = said(&countdown()?, 1, &["serve", "--listen", "0.0.0.0:0"])?;
    assert_eq!(refused.stdout, "");
    let error = "error: 0.0.0.0:0 can be reached from other machines, and there is no authentication yet: \
                 listen on 127.0.0.1 or [::1], behind a proxy that lets only those in who may\n";
    assert_eq!(refused.stderr, error);
    Ok(())
}

#[test]
fn an_address_that_is_taken_is_said_to_be() -> anyhow::Result<()> {
    let daemon = Daemon::of_examples(&[])?;
    let taken = daemon.url().trim_start_matches("http://");
    let refused = said(&countdown()?, 1, &["serve", "--listen", taken])?;
    assert!(refused.stderr.starts_with(&format!("error: {taken} cannot be listened on: ")), "{refused}");
    assert!(refused.stderr.ends_with("help: `--listen 127.0.0.1:0` takes a port that is free\n"), "{refused}");
    Ok(())
}

#[test]
fn a_configuration_that_is_wrong_is_shown_in_its_place() -> anyhow::Result<()> {
    let project = countdown()?;
    project.write("sandgate.toml", "[limits]\nqueue_byte_max = 1\n")?;
    let refused = said(&project, 1, &["serve"])?;
    assert!(refused.stderr.starts_with("error: unknown key `queue_byte_max`"), "{refused}");
    assert!(refused.stderr.contains("sandgate.toml:2:1"), "{refused}");
    assert!(refused.stderr.contains("help: did you mean `queue_bytes_max`?"), "{refused}");
    Ok(())
}
