//! Where what a run says goes.

use sandgate_flow::event::{Outcome, Push, RunId};

use crate::journal::Durable;

/// The outside of one run: the sessions of its flow, a case's record, standard output. One is made for each run, and
/// knows who its caller is.
///
/// Nothing here may block: others wait meanwhile.
pub trait Outbox: Send + Sync {
    /// How many sessions a push would be sent to now. Called before the push is recorded.
    ///
    /// # Errors
    ///
    /// It cannot be addressed; the component is told.
    fn address(&self, push: &Push) -> Result<u32, Refused>;

    /// Which entries of which channels this will be: they become durable with the events that led to it. Called once for
    /// each thing that is said, in order, before it is.
    fn entries(&self, _run: RunId, _said: &Said) -> Entries {
        Entries::default()
    }

    /// Says it. Called once for each thing, in the order of the run's log, once it is durable. Over all runs of a journal on
    /// disk the order is that in which they became durable, which is that of the offsets of their entries.
    ///
    /// `durable` has what [`Outbox::entries`] answered. Where the journal keeps no channels it has no places.
    fn say(&self, run: RunId, said: Said, durable: Durable);

    /// Something has been said, and nothing more will be at the moment: it is to leave now. An outbox may keep what is
    /// said until then, so that much leaves at once; one that keeps nothing has nothing to do.
    fn flush(&self) {}
}

/// What a run says.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// It has begun. Always the first.
    Started,
    /// A push.
    Push(Push),
    /// It has ended. Always the last: nothing may be kept any longer.
    Ended {
        /// How.
        outcome: Outcome,
        /// Whether it has pushed something to everyone: then everyone is told its output.
        pushed_to_everyone: bool,
    },
}

/// What something that is said will be in channels.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entries {
    /// In order.
    pub entries: Vec<crate::journal::Entry>,
    /// Which of them tells the run's starter of its end.
    pub end: Option<usize>,
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
