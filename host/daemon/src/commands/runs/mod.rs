//! What commands about runs have in common: the daemon that they ask, and how a run is printed.

mod cancel;
mod list;
mod trace;

use std::path::PathBuf;

use anyhow::Context as _;
use serde_json::Value as Json;

use super::place::Place;
use super::remote::{Remote, expect};
use super::running::Reached;
use crate::output::{self, Explained, Style};

pub(super) use cancel::{Arguments as Cancel, perform as perform_cancel};
pub(super) use list::{Arguments as Runs, perform as perform_list};
pub(super) use trace::{Arguments as Trace, perform as perform_trace};

/// The daemon to ask.
#[derive(clap::Args)]
struct At {
    /// The daemon to ask [default: the one that serves from the data folder]
    #[arg(long, value_name = "URL")]
    server: Option<String>,
    /// The project's folder [default: this one]
    #[arg(long, value_name = "DIR")]
    project: Option<PathBuf>,
    /// The data folder [default: .sandgate in the project's folder]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl At {
    fn daemon(&self) -> anyhow::Result<Remote> {
        if let Some(url) = &self.server {
            return Remote::new(url);
        }
        let place = Place::find(self.project.as_deref(), self.data.clone())?;
        let shown = place.data.display().to_string();
        let reached = Reached::of(&place.data).with_context(|| format!("{shown} cannot be read"))?;
        let reached = reached.ok_or_else(|| {
            Explained::new(format!("no daemon serves from {shown}"))
                .help("start one by `sandgate serve`, or name one by `--server URL`")
        })?;
        Remote::new(&reached.url)
    }
}

/// A text of an object; nothing if it has none.
fn word<'a>(object: &'a Json, key: &str) -> &'a str {
    object.get(key).and_then(Json::as_str).unwrap_or_default()
}

/// A status in its colour.
fn status(object: &Json) -> String {
    let status = word(object, "status");
    let style = match status {
        "output" | "completed" | "returned" => Style::Good,
        "failed" | "damaged" => Style::Bad,
        "running" => Style::Strong,
        _ => Style::Faint,
    };
    let padded = format!("{status:9}");
    style.of(&padded, output::color()).to_string()
}
