//! Limits of single components, as `sandgate.toml` sets them.

use serde_json::json;

use crate::support::command;
use crate::support::project::Project;
use crate::support::session::Session;

/// The same guest twice, and a component of the platform.
const FLOW: &str = "
    format: 1
    flow: FLOW
    interface: { protocol: websocket }
    start: it
    nodes:
      it: { call: CALL }
    ";

const LIMITS: &str = "
    [limits.component]
    memory_bytes_max = 33554432

    [components.small.limits]
    memory_bytes_max = 16777216

    [components.client.limits]
    push_bytes_max = 3
    ";

fn flow(name: &str, call: &str) -> String {
    FLOW.replace("FLOW", name).replace("CALL", call)
}

#[tokio::test]
async fn each_component_is_held_to_its_own() -> anyhow::Result<()> {
    let project = Project::of(&[
        ("sandgate.toml", LIMITS),
        ("flows/small.yaml", &flow("small", "small.go")),
        ("flows/other.yaml", &flow("other", "other.go")),
        ("flows/tell.yaml", &flow("tell", "client.push, with: { message: four }")),
    ])?;
    let project = project.copy("target/guests/hoard.wasm", "components/small.wasm")?;
    let daemon = project.copy("target/guests/hoard.wasm", "components/other.wasm")?.serve(&[])?;
    for (name, value) in [("small", 16_777_216), ("other", 33_554_432)] {
        let error = Session::open(&daemon, name).await?.refused("run", json!({})).await?;
        let text = error["message"].as_str().unwrap();
        assert!(text.starts_with(&format!("flow {name}: node it (component {name}): wanted ")), "{text}");
        assert!(text.ends_with(&format!(" bytes of memory: memory_bytes_max is {value}")), "{text}");
        assert_eq!([&error["data"]["limit"], &error["data"]["value"]], [&json!("memory_bytes_max"), &json!(value)]);
    }
    let error = Session::open(&daemon, "tell").await?.refused("run", json!({})).await?;
    let text =
        "flow tell: node it (component client): returned the error the message is too large: push_bytes_max is 3";
    assert_eq!(error["message"], text);
    Ok(())
}

#[test]
fn one_that_is_too_high_is_shown_with_its_place_and_both_values() -> anyhow::Result<()> {
    let toml = "[limits.engine]\nhandles_max = 5\n[components.client.limits]\nhandles_max = 6\n";
    let checked = command::run(Project::of(&[("sandgate.toml", toml)])?.with_countdown()?.path(), &["check"])?;
    assert_eq!(checked.code, Some(1), "{checked}");
    for said in ["sandgate.toml:4:15", "`handles_max` is 6", "the 5 that any component may have"] {
        assert!(checked.stderr.contains(said), "{checked}");
    }
    Ok(())
}
