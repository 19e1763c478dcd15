//! Runs: one task each, which performs the effects of [`step`](sandgate_flow::step()) and records what comes of them.

mod activation;
mod at_once;
mod bound;
mod core;
mod drive;
mod room;
mod work;

use std::sync::Arc;

use sandgate_flow::Plan;
use sandgate_flow::event::{Caller, Failure, FailureKind, Outcome, RunId};
use sandgate_flow::value::Value;
use tokio::sync::watch;

pub(crate) use bound::Bound;
pub(crate) use core::{Core, HostCallError, Outside};
pub use drive::Instances;
pub(crate) use drive::{Stage, drive};
pub(crate) use room::Room;

use crate::journal;
use crate::limits::Reached;
use crate::outbox::Outbox;
use crate::registry::Components;

/// What a run is started with.
pub struct Start {
    /// The flow.
    pub plan: Arc<Plan>,
    /// Its version.
    pub version: u64,
    /// The components that it was checked against.
    pub components: Arc<Components>,
    /// The input, as [`accept`](sandgate_flow::check::Input::accept) gives it.
    pub input: Value,
    /// With raw framing the message, a string or bytes; else null.
    pub message: Value,
    /// The session that starts it, if one does.
    pub caller: Option<Caller>,
    /// Where its pushes and its end go.
    pub outbox: Arc<dyn Outbox>,
}

/// A run that has been started. Cheap to clone; the run goes on when all clones are gone.
#[derive(Clone, Debug)]
pub struct Run {
    id: RunId,
    cancel: watch::Sender<Option<Arc<str>>>,
    ended: watch::Receiver<Option<Outcome>>,
}

impl Run {
    pub(crate) fn new(id: RunId, ended: watch::Receiver<Option<Outcome>>) -> Self {
        Self { id, cancel: watch::Sender::new(None), ended }
    }

    /// Its id.
    pub fn id(&self) -> RunId {
        self.id
    }

    /// Cancels the run: whatever it does, it ends at once. Without effect on one that has ended.
    pub fn cancel(&self, reason: &str) {
        self.cancel.send_if_modified(|asked| {
            let first = asked.is_none();
            if first {
                *asked = Some(reason.into());
            }
            first
        });
    }

    /// Resolves when the run has ended, after its outbox was told.
    pub async fn ended(&self) -> Outcome {
        let mut ended = self.ended.clone();
        match ended.wait_for(Option::is_some).await.map(|outcome| outcome.clone()) {
            Ok(Some(outcome)) => outcome,
            _ => Outcome::Failed(host_failure("the host stopped while the run was under way".to_owned())),
        }
    }

    pub(crate) fn cancelled(&self) -> watch::Receiver<Option<Arc<str>>> {
        self.cancel.subscribe()
    }
}

/// Why a run was not started.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Refused {
    /// Too many runs are under way, or they were started with too much.
    #[error(transparent)]
    Busy(Reached),
    /// A component of the flow is not among those given, or does not export what the flow calls any more.
    #[error("component {0:?} of the flow is not loaded")]
    Component(Arc<str>),
    /// The system gave no random numbers.
    #[error("the system gave no random numbers: {0}")]
    Random(String),
    /// The start could not be recorded.
    #[error(transparent)]
    Journal(#[from] journal::Error),
}

/// A failure of the host, not of a node.
pub(crate) fn host_failure(message: String) -> Failure {
    Failure { kind: FailureKind::Host, node: None, component: None, message, detail: None }
}
