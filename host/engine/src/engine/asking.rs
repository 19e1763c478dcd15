//! What may be asked of runs: how they stand, and what happened to them.

use std::cmp::Reverse;
use std::sync::Arc;

use sandgate_flow::State;
use sandgate_flow::event::{Event, Outcome, RunId};
use tokio::sync::broadcast;

use super::Engine;
use crate::journal::{self, Journal, Lasts, Numbered, Query, Summary};
use crate::run::Progress;

/// What happened to a run.
pub struct Happened {
    /// What is known of it at a glance.
    pub summary: Summary,
    /// Where it stood before the first event that is kept, if that is not its first ever.
    pub since: Option<State>,
    /// Events.
    pub events: Numbered,
}

impl Engine {
    /// How a run ended, after its outbox was told; none if it is under way, was never begun, or is forgotten.
    ///
    /// # Errors
    ///
    /// What is stored of it could not be read.
    pub async fn ended(&self, run: RunId) -> Result<Option<(Summary, Outcome)>, journal::Error> {
        if self.0.directory.is_under_way(run) {
            return Ok(None);
        }
        for journal in self.journals() {
            let Some(log) = journal.read(run).await? else { continue };
            let outcome = log.events.iter().rev().find_map(|recorded| match &recorded.event {
                Event::Ended(outcome) => Some(outcome.clone()),
                _ => None,
            });
            return Ok(log.summary.zip(outcome));
        }
        Ok(None)
    }

    /// What happened to a run, from where the journal's log of it begins: where the run stood then, and the events since from
    /// this number on, some of them if there are very many. None of a run that was never begun, or is forgotten.
    ///
    /// # Errors
    ///
    /// What is stored of it could not be read.
    pub async fn events(&self, run: RunId, from: u64) -> Result<Option<Happened>, journal::Error> {
        for journal in self.journals() {
            let Some(summary) = journal.summary(run).await? else { continue };
            let (since, events) = match journal.lasts() {
                Lasts::OnDisk => (None, journal.events(run, from).await?),
                Lasts::InMemory => {
                    let log = journal.read(run).await?.unwrap_or_default();
                    let first = log.snapshot.as_ref().map_or(0, |state| state.events()).max(from);
                    (log.snapshot, journal.events(run, first).await?)
                }
            };
            return Ok(Some(Happened { summary, since, events }));
        }
        Ok(None)
    }

    /// The runs that answer to this, of all journals, the youngest first.
    ///
    /// # Errors
    ///
    /// What is stored could not be read.
    pub async fn list(&self, query: &Query) -> Result<Vec<Summary>, journal::Error> {
        let mut listed = Vec::new();
        for journal in self.journals() {
            listed.extend(journal.list(query.clone()).await?);
        }
        listed.sort_unstable_by_key(|summary| Reverse(summary.run));
        listed.truncate(query.limit);
        Ok(listed)
    }

    /// Told of every run that comes further, once that is durable. Who is too slow misses some.
    pub fn watch(&self) -> broadcast::Receiver<Progress> {
        self.0.progress.subscribe()
    }

    /// The journals: that of runs that outlast the process, if there is one, and that of all others.
    pub fn journals(&self) -> impl Iterator<Item = &Arc<dyn Journal>> {
        self.0.durable.iter().chain([&self.0.fleeting])
    }

    /// Whether a run that is started now can be made durable.
    ///
    /// # Errors
    ///
    /// Why not.
    pub fn health(&self) -> Result<(), journal::Error> {
        self.journals().try_for_each(|journal| journal.health())
    }
}
