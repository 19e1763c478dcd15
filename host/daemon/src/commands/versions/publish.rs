//! `sandgate publish`: makes versions of flows.

use std::fs;
use std::process::ExitCode;

use anyhow::Context as _;
use serde_json::{Value as Json, json};

use super::{At, Keeper, flow_id, keeper, published};
use crate::commands::remote::{detail, help};
use crate::output::{self, Explained, Format, Style};
use crate::project::{self, Folder};
use crate::publishing::FlowId;

/// Make a new version of flows, which new runs take at once
///
/// A flow's draft is published if there is one and the flow is named; else its file in flows/. Runs under way go on in the
/// version that they began with, and no socket is closed. What has not changed makes no version.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::commands) struct Arguments {
    /// The flows, by their ids [default: all in flows/, without drafts]
    #[arg(value_name = "FLOW")]
    flows: Vec<String>,
    /// What changes, for whoever reads the list of versions
    #[arg(long, short, value_name = "TEXT", default_value = "")]
    message: String,
    #[command(flatten)]
    at: At,
    /// As lines for people, or as one JSON object a line
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output: Format,
}

const EXAMPLES: &str = "\
Examples:
  sandgate publish                             whatever changed in flows/
  sandgate publish countdown -m 'Count slower'
  sandgate publish countdown --server http://127.0.0.1:8080
                                               this project's countdown, to a daemon with its components
  sandgate publish --project shop --output json

A daemon that serves from the data folder is asked to publish, so that it serves the new version at once. If none does,
the data folder is written, and the next `sandgate serve` serves the version.";

pub(in crate::commands) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let folder = arguments.at.folder()?;
    let flows = flows(&arguments, folder.as_ref())?;
    let keeper = keeper(&arguments.at)?;
    let mut refused = 0;
    for flow in &flows {
        let text = folder.as_ref().map(|folder| text(folder, flow, &arguments)).transpose()?.flatten();
        refused += usize::from(!publish(&keeper, flow, text, &arguments)?);
    }
    if refused > 0 {
        output::problems(&format!("{}: {refused} of {} flows were not published\n", bad(), flows.len()));
    }
    Ok(if refused > 0 { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The flows that are named, or all that the project has.
fn flows(arguments: &Arguments, folder: Option<&Folder>) -> anyhow::Result<Vec<FlowId>> {
    if !arguments.flows.is_empty() {
        return arguments.flows.iter().map(|flow| flow_id(flow)).collect();
    }
    let Some(folder) = folder else {
        return Err(Explained::new("no flow is named, and this folder is no project that has some")
            .help("name the flows whose drafts are to be published, or a project by `--project DIR`")
            .into());
    };
    let files = folder.flow_files().context("flows/ cannot be read")?;
    let mut ids: Vec<_> = files.iter().filter_map(|file| project::flow_id(file)).collect();
    ids.dedup();
    ids.into_iter().map(flow_id).collect()
}

/// What the project has of a flow: the draft, of a flow that is named, or the file. None if it has neither.
fn text(folder: &Folder, flow: &FlowId, arguments: &Arguments) -> anyhow::Result<Option<String>> {
    let draft = Some(folder.drafts().join(flow.file())).filter(|draft| !arguments.flows.is_empty() && draft.is_file());
    let file = || folder.flow_files().ok()?.into_iter().find(|file| project::flow_id(file) == Some(flow.as_str()));
    let Some(path) = draft.or_else(file) else { return Ok(None) };
    fs::read_to_string(&path).map(Some).with_context(|| format!("{} cannot be read", folder.shown(&path)))
}

/// Publishes one, and says what came of it; false if it was refused.
fn publish(keeper: &Keeper, flow: &FlowId, text: Option<String>, arguments: &Arguments) -> anyhow::Result<bool> {
    match (keeper.publish(flow, text, &arguments.message)?, arguments.output) {
        (Ok(made), Format::Text) => output::line(published(&made)).map(|()| true).map_err(Into::into),
        (Ok(made), Format::Json) => output::json(&made).map(|()| true).map_err(Into::into),
        (Err(problem), Format::Json) => {
            output::json(&json!({ "flow": flow.as_str(), "error": problem }))?;
            Ok(false)
        }
        (Err(problem), Format::Text) => {
            output::problems(&explained(flow, &problem));
            Ok(false)
        }
    }
}

/// Problem details as lines, each problem of the document with its place.
fn explained(flow: &FlowId, problem: &Json) -> String {
    let listed = problem.get("problems").and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default();
    if listed.is_empty() {
        let help = help(problem).map(|help| format!("help: {help}\n")).unwrap_or_default();
        return format!("{}: {}\n{help}", bad(), detail(problem));
    }
    let line = |finding: &Json| {
        let word = |key: &str| finding.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
        let number = |key: &str| finding.get(key).and_then(Json::as_u64).unwrap_or_default();
        let help = Some(word("help")).filter(|help| !help.is_empty()).map(|help| format!("\n  help: {help}"));
        format!("  {}:{}: {}{}\n", number("line"), number("column"), word("message"), help.unwrap_or_default())
    };
    format!(
        "{}: flow {flow} has problems, so it is not published\n{}",
        bad(),
        listed.iter().map(line).collect::<String>()
    )
}

fn bad() -> String {
    Style::Bad.of("error", output::error_color()).to_string()
}
