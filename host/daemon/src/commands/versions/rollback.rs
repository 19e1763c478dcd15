//! `sandgate rollback`: goes back to an older version of a flow.

use std::process::ExitCode;

use super::{At, expect, flow_id, keeper, published};
use crate::output::{self, Format};

/// Make an older version of a flow the one that new runs take
///
/// It becomes a new version, with the same document and, byte by byte, the same components: numbers only grow, and history
/// stays. In a project its document is written to flows/; files of components stay as they are, and are published with
/// the next change.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub(in crate::commands) struct Arguments {
    /// The flow's id
    flow: String,
    /// The number of the version to go back to
    version: u64,
    /// Why, for whoever reads the list of versions [default: "back to version N"]
    #[arg(long, short, value_name = "TEXT")]
    message: Option<String>,
    #[command(flatten)]
    at: At,
    /// As a line for people, or as one JSON object
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    output: Format,
}

const EXAMPLES: &str = "\
Examples:
  sandgate rollback countdown 2
  sandgate rollback countdown 2 -m '3 counts too fast' --server http://127.0.0.1:8080";

pub(in crate::commands) fn perform(arguments: Arguments) -> anyhow::Result<ExitCode> {
    let (flow, keeper) = (flow_id(&arguments.flow)?, keeper(&arguments.at)?);
    let made = expect(keeper.roll_back(&flow, arguments.version, arguments.message.as_deref())?)?;
    match arguments.output {
        Format::Json => output::json(&made)?,
        Format::Text => output::line(published(&made))?,
    }
    Ok(ExitCode::SUCCESS)
}
