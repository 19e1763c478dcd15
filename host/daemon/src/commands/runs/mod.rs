//! What commands about runs have in common: the daemon that they ask, and how a run is printed.

mod cancel;
mod list;
mod trace;

use serde_json::Value as Json;

use super::at::{At, Found};
use super::remote::{Remote, expect};
use crate::output::{self, Explained, Style};

pub(super) use cancel::{Arguments as Cancel, perform as perform_cancel};
pub(super) use list::{Arguments as Runs, perform as perform_list};
pub(super) use trace::{Arguments as Trace, perform as perform_trace};

/// The daemon to ask: without one nothing is known of runs.
fn daemon(at: &At) -> anyhow::Result<Remote> {
    match at.find()? {
        Found::Daemon(daemon) => Ok(daemon),
        Found::Nobody(place) => Err(Explained::new(format!("no daemon serves from {}", place.data.display()))
            .help("start one by `sandgate serve`, or name one by `--server URL`")
            .into()),
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
