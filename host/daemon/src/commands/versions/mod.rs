//! What commands about versions have in common: whom they ask, and how answers are printed.

mod diff;
mod local;
mod publish;
mod rollback;
mod show;

use serde_json::Value as Json;

use super::at::{At, Found};
use super::remote::{Answer, Remote, expect};
use crate::output::Explained;
use crate::publishing::FlowId;

pub(super) use diff::{Arguments as Diff, perform as perform_diff};
pub(super) use publish::{Arguments as Publish, perform as perform_publish};
pub(super) use rollback::{Arguments as Rollback, perform as perform_rollback};
pub(super) use show::{Arguments as Versions, perform as perform_show};

use local::Local;

/// Whoever has the versions.
enum Keeper {
    /// A daemon.
    Remote(Remote),
    /// This process, since no daemon serves from the data folder.
    Local(Box<Local>),
}

/// Whom to ask: the daemon, or this process if none serves from the data folder.
fn keeper(at: &At) -> anyhow::Result<Keeper> {
    Ok(match at.find()? {
        Found::Daemon(daemon) => Keeper::Remote(daemon),
        Found::Nobody(place) => Keeper::Local(Box::new(Local::new(place)?)),
    })
}

impl Keeper {
    /// A page of a flow's versions.
    fn list(&self, flow: &FlowId, before: Option<u64>) -> anyhow::Result<Answer> {
        match self {
            Self::Remote(remote) => {
                let before = before.map(|before| format!("?before={before}")).unwrap_or_default();
                remote.get(&format!("/api/v1/flows/{flow}/versions{before}"))
            }
            Self::Local(local) => local.list(flow, before),
        }
    }

    fn diff(&self, flow: &FlowId, from: u64, to: u64) -> anyhow::Result<Answer> {
        match self {
            Self::Remote(remote) => remote.get(&format!("/api/v1/flows/{flow}/versions/{from}/diff/{to}")),
            Self::Local(local) => local.diff(flow, from, to),
        }
    }

    /// Publishes a text; the keeper's draft without one.
    fn publish(&self, flow: &FlowId, text: Option<String>, message: &str) -> anyhow::Result<Answer> {
        match self {
            Self::Remote(remote) => {
                let body = serde_json::json!({ "message": message, "document": text });
                remote.post(&format!("/api/v1/flows/{flow}/versions"), &body)
            }
            Self::Local(local) => local.publish(flow, text, message),
        }
    }

    fn roll_back(&self, flow: &FlowId, to: u64, message: Option<&str>) -> anyhow::Result<Answer> {
        match self {
            Self::Remote(remote) => {
                let body = serde_json::json!({ "to": to, "message": message });
                remote.post(&format!("/api/v1/flows/{flow}/rollback"), &body)
            }
            Self::Local(local) => local.roll_back(flow, to, message),
        }
    }
}

/// A flow's id, as it was typed.
fn flow_id(text: &str) -> anyhow::Result<FlowId> {
    text.parse().map_err(|error| Explained::new(format!("{error}")).into())
}

/// `countdown: version 3 is published`, say, of what came of publishing or going back.
fn published(made: &Json) -> String {
    let version = made.get("version").unwrap_or(made);
    let flow = version.get("flow").and_then(Json::as_str).unwrap_or("?");
    let number = version.get("version").unwrap_or(&Json::Null);
    match made.get("created").and_then(Json::as_bool) {
        Some(true) => format!("{flow}: version {number} is published"),
        _ => format!("{flow}: nothing has changed since version {number}"),
    }
}
