//! `sandgate diff`: what differs between two versions of a flow.

use std::process::ExitCode;

use serde_json::Value as Json;

use super::{At, expect, flow_id, keeper};
use crate::output::{self, Format};

/// Say what differs between two versions of a flow
///
/// First what it means, nodes, edges, input and components, each with + if it is new, - if it is gone and ~ if it is
/// another; then the documents line by line.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::commands) struct Arguments {
    /// The flow's id
    flow: String,
    /// The number of the first version
    from: u64,
    /// The number of the second
    to: u64,
    #[command(flatten)]
    at: At,
    /// As lines for people, or as one JSON object
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output: Format,
}

const EXAMPLES: &str = "\
Examples:
  sandgate diff countdown 2 3
  sandgate diff countdown 3 2                  what going back to 2 would change
  sandgate diff countdown 2 3 --output json";

pub(in crate::commands) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (flow, keeper) = (flow_id(&arguments.flow)?, keeper(&arguments.at)?);
    let diff = expect(keeper.diff(&flow, arguments.from, arguments.to)?)?;
    match arguments.output {
        Format::Json => output::json(&diff)?,
        Format::Text => output::line(escaped(shown(&diff).trim_end()))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn shown(diff: &Json) -> String {
    let changed = |what: &str, name: &Json| format!("~ {what} {}\n", word(name));
    let mut text: String = list(diff, "/document").map(|key| changed("the flow's", key)).collect();
    text.extend(by_name(diff, "parameter", "input"));
    text.extend(list(diff, "/input/changed").map(|name| changed("parameter", name)));
    text.extend(by_name(diff, "node", "nodes"));
    text.extend(list(diff, "/nodes/changed").map(|node| {
        let fields: Vec<_> = list(node, "/fields").map(word).collect();
        format!("~ node {}: {}\n", word(&node["node"]), fields.join(", "))
    }));
    text.extend(list(diff, "/edges/removed").map(|it| format!("- edge {}\n", edge(it))));
    text.extend(list(diff, "/edges/added").map(|it| format!("+ edge {}\n", edge(it))));
    text.extend(list(diff, "/components").map(component));
    let documents = diff.get("text").and_then(Json::as_str).unwrap_or_default();
    if text.is_empty() && documents.is_empty() {
        return "no difference".into();
    }
    if text.is_empty() { documents.to_owned() } else { format!("{text}\n{documents}") }
}

/// A document may have characters that a terminal obeys.
fn escaped(text: &str) -> String {
    let plain = |it: &char| !it.is_control() || matches!(it, '\n' | '\t');
    text.chars().map(|it| if plain(&it) { it } else { char::REPLACEMENT_CHARACTER }).collect()
}

fn by_name(diff: &Json, what: &str, key: &str) -> Vec<String> {
    let removed = list(diff, &format!("/{key}/removed")).map(|name| format!("- {what} {}\n", word(name)));
    let added = list(diff, &format!("/{key}/added")).map(|name| format!("+ {what} {}\n", word(name)));
    removed.chain(added).collect()
}

fn edge(edge: &Json) -> String {
    format!("{} -> {} ({})", word(&edge["from"]), word(&edge["to"]), word(&edge["by"]))
}

fn component(component: &Json) -> String {
    let digest = |key: &str| component.get(key).and_then(Json::as_str).map(|digest| format!("{digest:.12}"));
    let name = word(&component["component"]);
    match (digest("from"), digest("to")) {
        (Some(from), Some(to)) if from != to => format!("~ component {name}: {from} -> {to}\n"),
        (Some(_), Some(_)) => format!("~ component {name}: limits\n"),
        (Some(_), None) => format!("- component {name}\n"),
        (None, _) => format!("+ component {name}\n"),
    }
}

fn list<'a>(json: &'a Json, pointer: &str) -> impl Iterator<Item = &'a Json> + use<'a> {
    json.pointer(pointer).and_then(Json::as_array).into_iter().flatten()
}

fn word(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}
