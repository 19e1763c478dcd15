//! The log: lines on standard error.

use std::io;

use sandgate_flow::diagnostic::Color;
use tracing_subscriber::EnvFilter;

use crate::output;

/// What is logged, and how.
#[derive(clap::Args)]
#[group(skip)]
pub(super) struct Arguments {
    /// What the log tells: error, warn, info, debug, trace, or a filter such as `info,component=debug`
    #[arg(long, global = true, value_name = "LEVEL", value_parser = filter, env = "SANDGATE_LOG", help_heading = "Log")]
    log: Option<String>,
    /// How log lines are written
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT", help_heading = "Log")]
    log_format: Format,
}

#[derive(Clone, Copy, Default, clap::ValueEnum)]
enum Format {
    /// For people
    #[default]
    Text,
    /// One JSON object a line
    Json,
}

/// For whom the log is, which says what it tells by default.
#[derive(Clone, Copy)]
pub(super) enum Reader {
    /// Whoever looks after a daemon: what happens, and when.
    Operator,
    /// Whoever writes flows: only what is wrong.
    Author,
}

impl Reader {
    fn level(self) -> &'static str {
        match self {
            // What the watcher of files finds odd is in what it watches, and read anew.
            Self::Operator => "info,notify=error",
            Self::Author => "warn,notify=error",
        }
    }
}

/// Starts the log.
pub(super) fn start(arguments: Arguments, reader: Reader) -> anyhow::Result<()> {
    let directives = arguments.log.as_deref().unwrap_or_else(|| reader.level());
    let filter = EnvFilter::try_new(directives)?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(output::error_color() == Color::Always);
    match (arguments.log_format, reader) {
        (Format::Json, _) => lines.json().flatten_event(true).init(),
        (Format::Text, Reader::Operator) => lines.with_target(false).init(),
        (Format::Text, Reader::Author) => lines.with_target(false).without_time().init(),
    }
    Ok(())
}

fn filter(text: &str) -> Result<String, String> {
    EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|error| error.to_string())
}
