//! That the load generator works: every scenario, with both servers. How fast anything is shows elsewhere.

use std::process::{Command, Output};

fn bench(arguments: &[&str]) -> anyhow::Result<Output> {
    Ok(Command::new(env!("CARGO_BIN_EXE_sandgate-bench")).args(arguments).output()?)
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

#[test]
fn every_scenario_has_a_figure_of_both_servers() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("figures.md");
    let output = bench(&["--quick", "--markdown", &file.to_string_lossy()])?;
    assert!(output.status.success(), "{}", text(&output));
    let table = std::fs::read_to_string(file)?;
    for name in ["rounds", "pushes", "runs", "batched", "unbatched", "idle", "ready", "ping", "timers"] {
        let row = table.lines().find(|line| line.starts_with(&format!("| `{name}` |"))).unwrap_or_default();
        let cells: Vec<_> = row.split('|').map(str::trim).collect();
        let &[_, _, _, daemon, reference, ..] = cells.as_slice() else { panic!("no row of {name}:\n{table}") };
        assert!(!daemon.is_empty(), "{row}");
        // What has no equal by hand.
        assert_eq!(reference.is_empty(), ["rounds", "ready"].contains(&name), "{row}");
    }
    Ok(())
}

#[test]
fn a_daemon_that_is_missing_is_said_to_be() -> anyhow::Result<()> {
    let output = bench(&["--quick", "--daemon", "nowhere/sandgate", "idle"])?;
    assert!(!output.status.success());
    let said = text(&output);
    assert!(said.contains("nowhere/sandgate is missing: run `cargo xtask build`, or say `--daemon`"), "{said}");
    Ok(())
}

#[test]
fn help_says_what_can_be_measured() -> anyhow::Result<()> {
    let said = text(&bench(&["--help"])?);
    for word in ["unbatched", "Broadcasts one at a time", "cargo xtask bench runs batched"] {
        assert!(said.contains(word), "{word}:\n{said}");
    }
    Ok(())
}
