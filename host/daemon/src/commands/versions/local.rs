//! Reads and writes a data folder that no daemon serves from.

use std::cell::OnceCell;

use sandgate_engine::journal::sqlite::Lock;
use serde::Serialize;

use super::super::opened;
use super::super::place::{Changed, Place};
use super::Answer;
use crate::api::{Problem, versions as views};
use crate::config::Config;
use crate::output::Explained;
use crate::publishing::{Condition, Content, FlowId, Publisher, Refusal};
use crate::versions::diff::Diff;
use crate::versions::{self, Store};

/// A data folder, and the project that it belongs to.
pub(super) struct Local {
    place: Place,
    config: Config,
    /// Opened when something is published: only then are components loaded.
    publisher: OnceCell<Locked>,
}

/// No daemon serves from the folder while this lasts.
struct Locked {
    publisher: Publisher,
    _lock: Lock,
}

impl Local {
    /// At this place.
    ///
    /// # Errors
    ///
    /// The configuration has errors.
    pub(super) fn new(place: Place) -> anyhow::Result<Self> {
        Ok(Self { config: place.read_config()?, place, publisher: OnceCell::new() })
    }

    pub(super) fn list(&self, flow: &FlowId, before: Option<u64>) -> anyhow::Result<Answer> {
        let count = self.config.limits.versions_page_max;
        answer(self.store(flow).and_then(|store| Ok(views::Listing::new(flow.as_str(), &store, before, count)?)))
    }

    pub(super) fn diff(&self, flow: &FlowId, from: u64, to: u64) -> anyhow::Result<Answer> {
        answer(self.store(flow).and_then(|store| {
            let version = |number| store.version(flow.as_str(), number);
            Ok(Diff::new(&version(from)?, &version(to)?)?)
        }))
    }

    pub(super) fn publish(&self, flow: &FlowId, text: Option<String>, message: &str) -> anyhow::Result<Answer> {
        let content = text.map_or(Content::Draft(Condition::None), Content::Text);
        answer(self.publisher()?.publish(flow, content, message).map(views::Made::new))
    }

    pub(super) fn roll_back(&self, flow: &FlowId, to: u64, message: Option<&str>) -> anyhow::Result<Answer> {
        answer(self.publisher()?.roll_back(flow, to, message).map(views::Made::new))
    }

    /// To look at versions makes no data folder.
    fn store(&self, flow: &FlowId) -> Result<Store, Refusal> {
        if Store::is_in(&self.place.data) {
            Ok(Store::open(&self.place.data)?)
        } else {
            Err(versions::Error::NoFlow(flow.to_string()).into())
        }
    }

    fn publisher(&self) -> anyhow::Result<&Publisher> {
        if let Some(Locked { publisher, .. }) = self.publisher.get() {
            return Ok(publisher);
        }
        opened::make_private(&self.place.data)?;
        let lock = Lock::take(&self.place.data).map_err(|error| {
            Explained::new(error.to_string()).help("a daemon starts or stops there, it seems: try again in a moment")
        })?;
        let publisher = self.place.open(self.config.clone(), Changed::Left, None)?;
        Ok(&self.publisher.get_or_init(|| Locked { publisher, _lock: lock }).publisher)
    }
}

/// As a daemon would say it.
fn answer(done: Result<impl Serialize, Refusal>) -> anyhow::Result<Answer> {
    Ok(match done {
        Ok(done) => Ok(serde_json::to_value(done)?),
        Err(refusal) => Err(serde_json::to_value(Problem::from(refusal))?),
    })
}
