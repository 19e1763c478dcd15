//! `sandgate cancel`: cancels a run.

use std::process::ExitCode;

use serde_json::json;

use super::{At, daemon, expect, word};
use crate::output;

/// Cancel a run
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::commands) struct Arguments {
    /// The run's id
    run: String,
    /// Why, for whoever waits for it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    at: At,
}

const EXAMPLES: &str = "\
Examples:
  sandgate cancel 01a206c7-bc7d-762d-a7c3-9dbf2a6cdecd
  sandgate cancel 01a206c7-bc7d-762d-a7c3-9dbf2a6cdecd --reason \"started by mistake\"

`sandgate runs --status running` lists what can be cancelled.";

pub(in crate::commands) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let asked = daemon(&arguments.at)?;
    let body = json!({ "reason": arguments.reason });
    let ended = expect(asked.post(&format!("/api/v1/runs/{}/cancel", arguments.run), &body)?)?;
    output::line(format_args!("{}: {}", arguments.run, word(&ended, "status")))?;
    Ok(ExitCode::SUCCESS)
}
