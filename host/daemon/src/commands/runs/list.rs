//! `sandgate runs`: lists runs.

use std::process::ExitCode;

use serde_json::Value as Json;

use super::{At, daemon, expect, status, word};
use crate::output::{self, Format, Style};

/// List runs, the youngest first
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::commands) struct Arguments {
    /// Of this flow alone
    #[arg(long)]
    flow: Option<String>,
    /// That stand so: running, output, completed, failed, cancelled or damaged
    #[arg(long)]
    status: Option<String>,
    /// Started then or later: 2026-03-01T08:00:00Z
    #[arg(long, value_name = "TIME")]
    since: Option<String>,
    /// Started before
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// As many at most
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    at: At,
    /// As lines for people, or as one JSON object a line
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output: Format,
}

const EXAMPLES: &str = "\
Examples:
  sandgate runs                            the last 50 of the project in this folder
  sandgate runs --flow countdown --status failed
  sandgate runs --status running --limit 1000 --output json --server http://127.0.0.1:8080";

pub(in crate::commands) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let asked = daemon(&arguments.at)?;
    let Arguments { flow, status, since, until, .. } = &arguments;
    let filters = [("flow", flow), ("status", status), ("since", since), ("until", until)];
    let mut left = arguments.limit;
    let mut before: Option<String> = None;
    while left > 0 {
        let mut query: Vec<_> = filters.iter().filter_map(|(name, value)| Some((*name, (*value).clone()?))).collect();
        query.extend(before.map(|before| ("before", before)));
        query.push(("limit", left.to_string()));
        let page = expect(asked.get_with("/api/v1/runs", &query)?)?;
        for run in page.get("runs").and_then(Json::as_array).into_iter().flatten() {
            match arguments.output {
                Format::Text => output::line(line(run))?,
                Format::Json => output::json(run)?,
            }
            left = left.saturating_sub(1);
        }
        before = page.get("next").and_then(Json::as_str).map(str::to_owned);
        if before.is_none() {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn line(run: &Json) -> String {
    let version = run.get("version").and_then(Json::as_u64).unwrap_or_default();
    let when = match (word(run, "ended"), word(run, "asleep_until")) {
        ("", "") => String::new(),
        ("", due) => format!("asleep until {due}"),
        (ended, _) => format!("ended {ended}"),
    };
    let started = word(run, "started").to_owned();
    let started = Style::Faint.of(&started, output::color());
    format!("{}  {}  {} {version}  {started}  {when}", word(run, "run"), status(run), word(run, "flow"))
}
