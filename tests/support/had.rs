//! Where a client was, over all the daemon's lives.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use serde_json::{Value as Json, json};

use super::daemon::Daemon;
use super::session::Session;

/// The last entry had of each channel, as `resume` is told it.
#[derive(Default)]
pub(crate) struct Had(BTreeMap<String, Json>);

impl Had {
    /// Nothing of what is said from now on.
    pub(crate) fn of(session: &Session) -> Self {
        let positions = session.welcome()["params"]["positions"].as_object().cloned().unwrap_or_default();
        Self(positions.into_iter().collect())
    }

    /// Takes a notification, which has to be the next of its channel.
    pub(crate) fn take(&mut self, notification: &Json) -> anyhow::Result<()> {
        let params = &notification["params"];
        let channel = params["channel"].as_str().with_context(|| format!("no channel: {notification}"))?;
        let had = self.0.entry(channel.to_owned()).or_insert(json!({ "epoch": params["epoch"], "offset": 0 }));
        ensure!(had["epoch"] == params["epoch"], "another epoch than {}: {notification}", had["epoch"]);
        let next = had["offset"].as_u64().context("no offset")? + 1;
        ensure!(params["offset"] == next, "offset {next} is missing before {notification}");
        had["offset"] = next.into();
        Ok(())
    }

    /// A session that comes back; the first that is asked for is what it missed.
    pub(crate) async fn resume(&mut self, daemon: &Daemon, address: &str) -> anyhow::Result<Session> {
        let mut session = Session::open(daemon, address).await?;
        if self.0.is_empty() {
            *self = Self::of(&session);
        }
        session.call("resume", json!({ "positions": self.0 })).await?;
        Ok(session)
    }
}
