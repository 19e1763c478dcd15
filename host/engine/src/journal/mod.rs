//! What happened to each run, kept so that it can be had again, and what runs said, so that it can be said again.

mod memory;
pub(crate) mod size;
pub mod sqlite;

#[cfg(test)]
mod contract_tests;

use std::sync::Arc;

use futures_util::future::BoxFuture;
use sandgate_flow::State;
use sandgate_flow::Value;
use sandgate_flow::event::{Caller, Event, Outcome, Recorded, RunId, Started, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use memory::Memory;
pub use sqlite::Sqlite;

/// The logs of runs. A run's log is totally ordered, and what is durable of it is a prefix of it.
pub trait Journal: Send + Sync {
    /// Whether logs outlast the process.
    fn lasts(&self) -> Lasts;

    /// Takes a batch as the next of its run's log, at once. Batches become durable in the order in which they are given, over
    /// all runs, and each is [told](Batch::told) of in that order.
    ///
    /// A batch that begins a run may fail. Any other is tried again until it is durable, since its run goes on.
    fn append(&self, batch: Batch);

    /// What is durable of a run's log, from the last snapshot on; none of one that was never begun, or is forgotten.
    ///
    /// # Errors
    ///
    /// It could not be read.
    fn read(&self, run: RunId) -> BoxFuture<'static, Result<Option<Log>, Error>>;

    /// The events of a run from this number on, also those before the last snapshot, as far as they are kept; some of them, if
    /// there are very many. There are no more when there are none.
    ///
    /// # Errors
    ///
    /// They could not be read.
    fn events(&self, run: RunId, from: u64) -> BoxFuture<'static, Result<Numbered, Error>>;

    /// What is known of a run at a glance; none of one that was never begun, or is forgotten.
    ///
    /// # Errors
    ///
    /// It could not be read.
    fn summary(&self, run: RunId) -> BoxFuture<'static, Result<Option<Summary>, Error>>;

    /// The runs that answer to this, the youngest first.
    ///
    /// # Errors
    ///
    /// They could not be read.
    fn list(&self, query: Query) -> BoxFuture<'static, Result<Vec<Summary>, Error>>;

    /// The run that was started with this key, unless that was too long ago.
    ///
    /// # Errors
    ///
    /// It could not be read.
    fn find(&self, key: Key) -> BoxFuture<'static, Result<Option<Keyed>, Error>>;

    /// Whether what is appended now can be made durable.
    ///
    /// # Errors
    ///
    /// Why not.
    fn health(&self) -> Result<(), Error>;
}

/// Whether a journal outlasts its process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lasts {
    /// It does.
    OnDisk,
    /// It does not.
    InMemory,
}

/// The next events of a run, and all that becomes durable with them or not at all.
pub struct Batch {
    /// The run.
    pub run: RunId,
    /// The number of the first of the events, from 0.
    pub first: u64,
    /// The events.
    pub events: Vec<Recorded>,
    /// What is known of the run at a glance, if that has changed.
    pub summary: Option<Summary>,
    /// Where the run stands after the events, if recovery is to begin here.
    pub snapshot: Option<State>,
    /// What it says, in order.
    pub entries: Vec<Entry>,
    /// Which of the entries tells its starter of its end.
    pub end: Option<usize>,
    /// Told once, when the batch is durable, or has failed. It must not block.
    pub told: Box<dyn FnOnce(Result<Durable, Error>) + Send>,
}

impl Batch {
    /// What the run begins with, if this is its begin.
    pub fn started(&self) -> Option<&Started> {
        match &self.events.first()?.event {
            Event::Started(started) => Some(started),
            _ => None,
        }
    }

    /// Whether this is the begin of a run.
    pub fn begins(&self) -> bool {
        self.started().is_some()
    }

    /// The key that the run begins with, and what that will answer.
    pub(crate) fn key(&self) -> Option<(Key, Keyed)> {
        let started = self.started()?;
        let client = started.caller.as_ref()?.client.clone();
        let key = Key { flow: started.flow.clone(), client, key: started.key.clone()? };
        Some((key, Keyed { run: self.run, input: digest(&started.input) }))
    }
}

/// Something that is said in a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The channel, by a name that is unique over all flows.
    pub channel: Arc<str>,
    /// The epoch that the channel gets if this is its first entry ever.
    pub epoch: u64,
    /// What is said, as whoever reads it there understands it.
    pub body: Vec<u8>,
}

/// What is told of a batch that is durable.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Durable {
    /// What it says.
    pub entries: Vec<Entry>,
    /// Where each entry is; nothing from a journal that keeps no channels.
    pub places: Vec<Place>,
}

/// A place in a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Which life of the channel.
    pub epoch: u64,
    /// From 1, without holes.
    pub offset: u64,
}

/// A run's log: fold [`sandgate_flow::step()`] over the events, from the snapshot or from a new state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    /// What is known of the run at a glance.
    pub summary: Option<Summary>,
    /// Where the run stood before the first of the events.
    pub snapshot: Option<State>,
    /// What happened since.
    pub events: Vec<Recorded>,
}

/// Events of a run, from a number on.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbered {
    /// The number of the first of them.
    pub first: u64,
    /// In order.
    pub events: Vec<Recorded>,
}

impl Numbered {
    /// The number of the first event after these.
    pub fn next(&self) -> u64 {
        self.first + self.events.len() as u64
    }
}

/// All events of a run from this number on, as far as they are kept.
///
/// # Errors
///
/// They could not be read.
pub(crate) async fn all_events(journal: &dyn Journal, run: RunId, from: u64) -> Result<Numbered, Error> {
    let mut all = journal.events(run, from).await?;
    loop {
        let more = journal.events(run, all.next()).await?;
        if more.events.is_empty() {
            return Ok(all);
        }
        all.events.extend(more.events);
    }
}

/// What is known of a run at a glance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    /// The run.
    pub run: RunId,
    /// Its flow.
    pub flow: Arc<str>,
    /// The version of the flow.
    pub version: u64,
    /// Who started it, if a session did.
    pub caller: Option<Caller>,
    /// The key that it was started with.
    pub key: Option<Arc<str>>,
    /// When it was started.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How it stands.
    pub status: Status,
    /// If nothing goes on in it before some time has come, which.
    pub asleep_until: Option<Timestamp>,
    /// Where its starter was told of its end.
    pub told: Option<Place>,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Status {
    /// It is under way, asleep perhaps.
    Running,
    /// It ended with an output.
    Output,
    /// It ended without one.
    Completed,
    /// It failed.
    Failed,
    /// It was cancelled.
    Cancelled,
    /// What is stored of it is damaged, and it cannot go on.
    Damaged,
}

impl Status {
    /// Every one of them.
    pub const ALL: [Self; 6] =
        [Self::Running, Self::Output, Self::Completed, Self::Failed, Self::Cancelled, Self::Damaged];

    /// Its name, for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Output => "output",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Damaged => "damaged",
        }
    }
}

impl From<&Outcome> for Status {
    fn from(outcome: &Outcome) -> Self {
        match outcome {
            Outcome::Output(_) => Self::Output,
            Outcome::Completed => Self::Completed,
            Outcome::Failed(_) => Self::Failed,
            Outcome::Cancelled(_) => Self::Cancelled,
        }
    }
}

/// Which runs are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Of this flow alone.
    pub flow: Option<Arc<str>>,
    /// That stand so.
    pub status: Option<Status>,
    /// Started at this time or later.
    pub since: Option<Timestamp>,
    /// Started before this time.
    pub until: Option<Timestamp>,
    /// Older than this run: the last of the page before.
    pub before: Option<RunId>,
    /// So many at most.
    pub limit: usize,
}

impl Query {
    /// Whether a run is among those asked for.
    pub fn takes(&self, summary: &Summary) -> bool {
        self.flow.as_ref().is_none_or(|flow| *flow == summary.flow)
            && self.status.is_none_or(|status| status == summary.status)
            && self.since.is_none_or(|since| summary.started >= since)
            && self.until.is_none_or(|until| summary.started < until)
            && self.before.is_none_or(|before| summary.run < before)
    }
}

/// By which a client may ask for a run again. Keys of different clients, and of different flows, have nothing to do with each
/// other.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    /// The flow.
    pub flow: Arc<str>,
    /// The client.
    pub client: Arc<str>,
    /// What the client calls it.
    pub key: Arc<str>,
}

/// The run that was started with a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyed {
    /// The run.
    pub run: RunId,
    /// The SHA-256 of what it was started with.
    pub input: [u8; 32],
}

/// The SHA-256 of what a run is started with.
pub fn digest(input: &Value) -> [u8; 32] {
    // Equal values are written equally: maps are in order.
    Sha256::digest(postcard::to_allocvec(input).unwrap_or_default()).into()
}

/// The journal could not do its part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing can be stored at the moment: the disk is full, say. It is tried again and again.
    #[error("nothing can be stored just now: {0}")]
    Storing(String),
    /// What was stored could not be read.
    #[error("what is stored could not be read: {0}")]
    Reading(String),
    /// What was stored is not what is there.
    #[error("what is stored is damaged: {0}")]
    Damaged(String),
    /// The journal was closed.
    #[error("the journal is closed")]
    Closed,
}
