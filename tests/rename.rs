//! The host knows no component by name.

use std::fs;

use serde_json::json;

use crate::support::command;
use crate::support::project::Project;
use crate::support::root;
use crate::support::session::Session;

/// Each of the platform's components, and another name for it.
const NAMES: [(&str, &str); 5] = [
    ("counter", "zaehler"),
    ("exclusive", "weiche"),
    ("client", "bote"),
    ("function", "werkzeug"),
    ("output", "ergebnis"),
];

const NO_PLATFORM: (&str, &str) = ("sandgate.toml", "[project]\nplatform-components = false\n");

/// The countdown, calling the components by their other names.
fn renamed() -> anyhow::Result<String> {
    let mut text = fs::read_to_string(root().join("flows/countdown.yaml"))?;
    for (name, other) in NAMES {
        let renamed = text.replace(&format!("call: {name}."), &format!("call: {other}."));
        let renamed = renamed.replace(&format!("gateway: {name}\n"), &format!("gateway: {other}\n"));
        assert_ne!(renamed, text, "the countdown calls {name}");
        text = renamed;
    }
    Ok(text)
}

#[tokio::test]
async fn the_countdown_runs_with_all_five_components_renamed() -> anyhow::Result<()> {
    let mut project = Project::of(&[NO_PLATFORM, ("flows/countdown.yaml", &renamed()?)])?;
    for (name, other) in NAMES {
        project = project.copy(&format!("target/components/{name}.wasm"), &format!("components/{other}.wasm"))?;
    }
    let daemon = project.serve(&[])?;
    let mut session = Session::open(&daemon, "countdown?client=ann").await?;
    session.start(json!({ "a": 3 })).await?;
    let all = ["push everyone 3", "push everyone 2", "push everyone 1", "output client:ann 0", "output everyone 0"];
    assert_eq!(session.until("output everyone").await?, all);
    Ok(())
}

#[test]
fn without_the_platforms_components_nothing_answers_to_their_names() -> anyhow::Result<()> {
    let checked = command::run(Project::of(&[NO_PLATFORM])?.with_countdown()?.path(), &["check"])?;
    assert_eq!(checked.code, Some(1), "{checked}");
    for (name, _) in NAMES {
        assert!(checked.stderr.contains(&format!("there is no component `{name}`")), "{checked}");
    }
    Ok(())
}
