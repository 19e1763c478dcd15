//! Runs: one task each, which performs the effects of [`step`](sandgate_flow::step()) and records what comes of them.

mod activation;
mod at_once;
mod bound;
mod core;
mod directory;
mod drive;
mod keys;
mod recall;
mod room;
mod work;

use std::sync::Arc;

use sandgate_flow::Plan;
use sandgate_flow::event::{Caller, Failure, FailureKind, Outcome, RunId};
use sandgate_flow::value::Value;
use tokio::sync::watch;

pub(crate) use bound::Bound;
pub use core::Progress;
pub(crate) use core::{Begun, Broken, Core, HostCallError, Outside};
pub(crate) use directory::{Directory, Whereabouts};
pub use drive::Instances;
pub(crate) use drive::{Drove, Stage, drive};
pub(crate) use keys::Keys;
pub use recall::{Flows, Loaded};
pub(crate) use recall::{Lost, Pasts, Recalled, read, recall};
pub(crate) use room::{Place, Room};

use crate::journal::{self, Summary};
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
    /// By which its client may ask for it again. Without a caller it means nothing.
    pub key: Option<Arc<str>>,
    /// Where its pushes and its end go.
    pub outbox: Arc<dyn Outbox>,
}

/// A run that has been started. Cheap to clone; the run goes on when all clones are gone. As long as there is one, the run
/// stays in memory also while it sleeps.
#[derive(Clone, Debug)]
pub struct Run {
    id: RunId,
    flow: Arc<str>,
    caller: Option<Caller>,
    cancel: watch::Sender<Option<Arc<str>>>,
    ended: watch::Receiver<Option<Outcome>>,
}

/// What handles to a run in memory are made of. It does not keep the run there.
#[derive(Clone)]
pub(crate) struct Anchor {
    id: RunId,
    flow: Arc<str>,
    caller: Option<Caller>,
    cancel: watch::Sender<Option<Arc<str>>>,
    ended: watch::Sender<Option<Outcome>>,
}

impl Anchor {
    pub(crate) fn new(summary: &Summary, ended: watch::Sender<Option<Outcome>>) -> Self {
        let Summary { run, flow, caller, .. } = summary;
        Self { id: *run, flow: Arc::clone(flow), caller: caller.clone(), cancel: watch::Sender::new(None), ended }
    }

    pub(crate) fn id(&self) -> RunId {
        self.id
    }

    /// A handle, for as long as which the run stays in memory.
    pub(crate) fn run(&self) -> Run {
        let Self { id, flow, caller, cancel, ended } = self.clone();
        Run { id, flow, caller, cancel, ended: ended.subscribe() }
    }

    /// Whether the run has ended, and its outbox was told.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.borrow().is_some()
    }

    /// Whether somebody has cancelled it.
    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.borrow().is_some()
    }

    pub(crate) fn cancelled(&self) -> watch::Receiver<Option<Arc<str>>> {
        self.cancel.subscribe()
    }
}

impl Run {
    /// Its id.
    pub fn id(&self) -> RunId {
        self.id
    }

    /// Its flow.
    pub fn flow(&self) -> &Arc<str> {
        &self.flow
    }

    /// Who started it, if a session did.
    pub fn caller(&self) -> Option<&Caller> {
        self.caller.as_ref()
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
}

/// What came of a start.
#[derive(Clone, Debug)]
pub enum Started {
    /// A run has begun.
    New(Run),
    /// It was begun before, with the same key. It may have ended.
    Before(RunId),
}

impl Started {
    /// The run that has begun, if one has.
    pub fn run(self) -> Option<Run> {
        match self {
            Self::New(run) => Some(run),
            Self::Before(_) => None,
        }
    }

    /// The run's id.
    pub fn id(&self) -> RunId {
        match self {
            Self::New(run) => run.id(),
            Self::Before(run) => *run,
        }
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
    /// Its key is that of a run that was started with something else.
    #[error("key {0:?} is that of a run with another input")]
    Key(Arc<str>),
    /// The start could not be recorded.
    #[error(transparent)]
    Journal(#[from] journal::Error),
}

/// A failure of the host, not of a node.
pub(crate) fn host_failure(message: String) -> Failure {
    Failure { kind: FailureKind::Host, node: None, component: None, message, detail: None }
}
