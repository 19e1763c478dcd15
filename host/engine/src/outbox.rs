//! Where what a run says goes.

use sandgate_flow::event::{Outcome, Push, RunId};

use crate::run::Run;

/// The outside of one run: the sessions of its flow, a case's record, standard output. One is made for each run, and
/// knows who its caller is.
///
/// Nothing here may block: it is called while the run waits.
pub trait Outbox: Send + Sync {
    /// The run has been started, and its start is durable. Called once, before anything that the run says.
    fn started(&self, _run: &Run) {}

    /// How many sessions a push would be sent to now. Called before the push is recorded.
    ///
    /// # Errors
    ///
    /// It cannot be addressed; the component is told.
    fn address(&self, push: &Push) -> Result<u32, Refused>;

    /// Sends a push. Called once for each recorded push, in the order of the run's log, once it is durable.
    fn push(&self, run: RunId, push: Push);

    /// The run is about to wait, or has taken its turn: what it pushed is to leave now. An outbox may keep pushes until
    /// then, so that many leave at once; one that keeps none has nothing to do.
    fn flush(&self) {}

    /// The run has ended. Called once, after the last push; nothing may be kept any longer.
    fn ended(&self, run: RunId, outcome: &Outcome);
}

/// Why a push cannot be addressed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The id is malformed, or was never seen on this interface.
    #[error("client {0:?} was never seen on this interface")]
    UnknownClient(String),
    /// Anything else.
    #[error("{0}")]
    Other(String),
}
