//! What happened to each run, kept so that it can be had again.

mod memory;
pub(crate) mod size;

#[cfg(test)]
mod contract_tests;

use futures_util::future::BoxFuture;
use sandgate_flow::State;
use sandgate_flow::event::{Recorded, RunId};

pub use memory::Memory;

/// The logs of runs. A run's log is totally ordered, and what is durable of it is a prefix of it.
pub trait Journal: Send + Sync {
    /// Takes these events as the next of the run's log, at once; the future resolves when they, and all before them,
    /// are durable. It need not be polled for that. The first event of a run is its start.
    ///
    /// # Errors
    ///
    /// They did not become durable, nor will anything after them.
    fn append(&self, run: RunId, events: Vec<Recorded>) -> BoxFuture<'static, Result<(), Error>>;

    /// Says where the run stands after all that was appended so far, so that the events before may be forgotten.
    fn snapshot(&self, run: RunId, state: State);

    /// What is durable of a run's log; none of one that was never begun, or is forgotten.
    ///
    /// # Errors
    ///
    /// It could not be read.
    fn read(&self, run: RunId) -> BoxFuture<'static, Result<Option<Log>, Error>>;
}

/// A run's log: fold [`sandgate_flow::step()`] over the events, from the snapshot or from a new state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Log {
    /// Where the run stood before the first of the events.
    pub snapshot: Option<State>,
    /// What happened since.
    pub events: Vec<Recorded>,
}

/// The journal could not do its part.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the journal failed: {0}")]
pub struct Error(pub String);
