//! The outside of a run that a session started.

use std::sync::{Arc, Mutex, Weak};

use sandgate_engine::outbox::{Outbox, Refused};
use sandgate_engine::run::Run;
use sandgate_flow::document::{Framing, OnLeave};
use sandgate_flow::event::{Outcome, Push, Recipient, RunId};
use serde_json::{Value as Json, json};
use tokio::sync::OwnedSemaphorePermit;

use super::{Frame, Interface, Membership, Outgoing, lock};
use crate::message;

/// Who started a run, and waits for what.
pub(crate) struct Starter {
    /// The client.
    pub(super) client: Arc<str>,
    /// The session.
    pub(super) session: Arc<str>,
    /// What the session is to be sent, for as long as it lasts: what waits in it must not outlive it with the run.
    queue: Weak<Outgoing>,
    /// What it waits for.
    pub(super) answer: Answer,
    /// What becomes of the run when the session leaves.
    pub(super) on_leave: OnLeave,
}

impl Starter {
    /// A session that starts a run.
    pub(crate) fn new(membership: &Membership, answer: Answer, on_leave: OnLeave) -> Self {
        Self {
            client: Arc::clone(membership.client()),
            session: Arc::clone(membership.session()),
            queue: Arc::downgrade(membership.queue()),
            answer,
            on_leave,
        }
    }

    /// What the session is to be sent; nothing takes it once the session is gone.
    pub(super) fn queue(&self) -> Option<Arc<Outgoing>> {
        self.queue.upgrade()
    }
}

/// What a session waits for that starts a run.
pub(crate) enum Answer {
    /// That it has started: the id of the request.
    AtOnce(Json),
    /// Its end: the id of the request.
    AtEnd(Json),
    /// Nothing.
    Nothing,
}

/// Whether a run has pushed to everyone: then its output is for everyone too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ToEveryone {
    /// It has.
    Pushed,
    /// It has not.
    Silent,
}

/// Speaks for one run to the sessions of its flow.
pub(crate) struct SessionOutbox {
    interface: Arc<Interface>,
    starter: Starter,
    progress: Mutex<Progress>,
}

/// How far the run has come.
struct Progress {
    to_everyone: ToEveryone,
    /// The run's place among those of its session.
    permit: Option<OwnedSemaphorePermit>,
}

impl SessionOutbox {
    /// For a run that is about to be started. `permit` is given back when it ends.
    pub(crate) fn new(interface: Arc<Interface>, starter: Starter, permit: OwnedSemaphorePermit) -> Self {
        let progress = Progress { to_everyone: ToEveryone::Silent, permit: Some(permit) };
        Self { interface, starter, progress: Mutex::new(progress) }
    }

    fn say_ended(&self, run: RunId, outcome: &Outcome, progress: &Progress) {
        self.interface.ended(run, outcome, Some(&self.starter), progress.to_everyone);
    }
}

impl Outbox for SessionOutbox {
    /// It can be cancelled before anybody hears of it.
    fn started(&self, run: &Run) {
        self.interface.started(run.clone(), &self.starter);
        if let (Answer::AtOnce(id), Some(queue)) = (&self.starter.answer, self.starter.queue()) {
            queue.push(Frame::Text(message::result(id, &json!({ "run": run.id().to_string() }))));
        }
    }

    fn address(&self, push: &Push) -> Result<u32, Refused> {
        self.interface.address(&push.to, Some(&self.starter.client))
    }

    fn push(&self, run: RunId, push: Push) {
        if push.to == Recipient::Everyone {
            lock(&self.progress).to_everyone = ToEveryone::Pushed;
        }
        self.interface.push(run, &push, Some(&self.starter.client));
    }

    fn flush(&self) {
        self.interface.flush();
    }

    fn ended(&self, run: RunId, outcome: &Outcome) {
        let mut progress = lock(&self.progress);
        let permit = progress.permit.take();
        if self.interface.framing() == Framing::JsonRpc {
            // Whoever asks again on its answer must find room.
            drop(permit);
            self.say_ended(run, outcome, &progress);
        } else {
            // With room for one run alone, what the next one says comes after all of this.
            self.say_ended(run, outcome, &progress);
            drop(permit);
        }
        drop(progress);
    }
}
