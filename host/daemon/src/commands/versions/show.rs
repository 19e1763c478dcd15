//! `sandgate versions`: lists what was published of a flow.

use std::process::ExitCode;

use serde_json::Value as Json;

use super::{At, expect, flow_id, keeper};
use crate::output::{self, Format, Style};

/// List the versions of a flow, newest first
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::commands) struct Arguments {
    /// The flow's id
    flow: String,
    #[command(flatten)]
    at: At,
    /// As lines for people, or as one JSON object a line
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output: Format,
}

const EXAMPLES: &str = "\
Examples:
  sandgate versions countdown                  the star is before the one that new runs take
  sandgate versions countdown --server http://127.0.0.1:8080
  sandgate versions countdown --data /var/lib/shop --output json";

pub(in crate::commands) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (flow, keeper) = (flow_id(&arguments.flow)?, keeper(&arguments.at)?);
    let mut before = None;
    loop {
        let page = expect(keeper.list(&flow, before)?)?;
        for version in page.get("versions").and_then(Json::as_array).into_iter().flatten() {
            match arguments.output {
                Format::Text => output::line(line(version))?,
                Format::Json => output::json(version)?,
            }
        }
        before = page.get("next").and_then(Json::as_u64);
        if before.is_none() {
            return Ok(ExitCode::SUCCESS);
        }
    }
}

fn line(version: &Json) -> String {
    let word = |key: &str| version.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    let is_current = version.get("current").and_then(Json::as_bool).unwrap_or_default();
    let mark = if is_current { "*" } else { " " };
    let number = version.get("version").and_then(Json::as_u64).unwrap_or_default();
    let message: String = word("message").chars().map(|it| if it.is_control() { ' ' } else { it }).collect();
    let published = word("published");
    format!("{mark} {number:>4}  {}  {message}", Style::Faint.of(&published, output::color()))
}
