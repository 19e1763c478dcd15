//! The outside of a run that a session started, or that was recalled.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, Weak};

use sandgate_engine::journal::Durable;
use sandgate_engine::outbox::{Entries, Outbox, Refused, Said};
use sandgate_flow::document::{Framing, OnLeave};
use sandgate_flow::event::{Caller, Outcome, Push, Recipient, RunId};
use sandgate_flow::value::Value;
use serde_json::value::to_raw_value;
use serde_json::{Value as Json, json};
use tokio::sync::OwnedSemaphorePermit;

use super::body::Body;
use super::ending::Ending;
use super::interface::Ended;
use super::stream::entry;
use super::{Frame, Interface, Membership, Outgoing, lock};
use crate::message;

/// Who starts a run, and waits for what.
pub(crate) struct Starting {
    /// The client.
    pub(super) client: Arc<str>,
    /// The session.
    pub(super) session: Arc<str>,
    /// What the session is to be sent, for as long as it lasts.
    queue: Weak<Outgoing>,
    /// What it waits for.
    pub(super) answer: Answer,
    /// What becomes of the run when the session leaves.
    pub(super) on_leave: OnLeave,
    /// The run's place among those of its session.
    pub(super) permit: OwnedSemaphorePermit,
}

impl Starting {
    /// A session that starts a run.
    pub(crate) fn new(
        membership: &Membership,
        answer: Answer,
        on_leave: OnLeave,
        permit: OwnedSemaphorePermit,
    ) -> Self {
        Self {
            client: Arc::clone(membership.client()),
            session: Arc::clone(membership.session()),
            queue: Arc::downgrade(membership.queue()),
            answer,
            on_leave,
            permit,
        }
    }
}

/// What a session waits for that starts a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// That it has started: the id of the request.
    AtOnce(Json),
    /// Its end: the id of the request.
    AtEnd(Json),
    /// Nothing.
    Nothing,
}

impl Answer {
    /// The request that is answered when the run has ended.
    pub(crate) fn at_end(&self) -> Option<&Json> {
        match self {
            Self::AtEnd(id) => Some(id),
            Self::AtOnce(_) | Self::Nothing => None,
        }
    }
}

/// Speaks for one run to the sessions of its flow.
pub(crate) struct SessionOutbox {
    interface: Arc<Interface>,
    caller: Option<Caller>,
    /// Until the run has started.
    starting: Mutex<Option<Starting>>,
}

impl SessionOutbox {
    /// For a run that is about to be started.
    pub(crate) fn new(interface: Arc<Interface>, starting: Starting) -> Self {
        let caller = Caller { client: Arc::clone(&starting.client), session: Arc::clone(&starting.session) };
        Self { interface, caller: Some(caller), starting: Mutex::new(Some(starting)) }
    }

    /// For a run that goes on.
    pub(crate) fn again(interface: Arc<Interface>, caller: Option<Caller>) -> Self {
        // It was there, whether or not anything was said to it yet.
        caller.iter().for_each(|caller| interface.know(&caller.client));
        Self { interface, caller, starting: Mutex::new(None) }
    }

    fn client(&self) -> Option<&Arc<str>> {
        self.caller.as_ref().map(|caller| &caller.client)
    }

    /// The run can be cancelled before anybody hears of it.
    fn started(&self, run: RunId) {
        let Some(starting) = lock(&self.starting).take() else { return };
        let answered = match &starting.answer {
            Answer::AtOnce(id) => starting.queue.upgrade().map(|queue| (queue, id.clone())),
            Answer::AtEnd(_) | Answer::Nothing => None,
        };
        self.interface.started(run, starting);
        if let Some((queue, id)) = answered {
            queue.push(Frame::Text(message::result(&id, &json!({ "run": run.to_string() }))));
        }
    }
}

impl Outbox for SessionOutbox {
    fn address(&self, push: &Push) -> Result<u32, Refused> {
        self.interface.address(&push.to, self.client().map(|client| &**client))
    }

    fn entries(&self, run: RunId, said: &Said) -> Entries {
        self.interface.entries(run, said, self.client())
    }

    fn say(&self, run: RunId, said: Said, durable: Durable) {
        match said {
            Said::Started => self.started(run),
            Said::Push(push) => self.interface.push(&push, self.client(), &durable),
            Said::Ended { outcome, pushed_to_everyone } => {
                let caller = self.caller.as_ref().map(|caller| (&caller.client, &*caller.session));
                self.interface.ended(run, &outcome, &Ended { caller, pushed_to_everyone }, &durable);
            }
        }
    }

    fn flush(&self) {
        self.interface.flush();
    }
}

impl Interface {
    /// What something that a run says will be in the interface's channels. With raw framing nothing, since there is no place
    /// to name: who was away has missed it.
    pub(crate) fn entries(&self, run: RunId, said: &Said, caller: Option<&Arc<str>>) -> Entries {
        if self.framing() == Framing::Raw {
            return Entries::default();
        }
        match said {
            Said::Started => Entries::default(),
            Said::Push(push) => self.entries_of_push(run, push, caller),
            Said::Ended { outcome, pushed_to_everyone } => {
                self.entries_of_end(run, outcome, *pushed_to_everyone, caller)
            }
        }
    }

    fn entries_of_push(&self, run: RunId, push: &Push, caller: Option<&Arc<str>>) -> Entries {
        let channels = match &push.to {
            Recipient::Everyone => vec![Arc::clone(self.naming.everyone())],
            Recipient::Caller => caller.map(|client| self.naming.client(client)).into_iter().collect(),
            Recipient::Clients(clients) => {
                clients.iter().collect::<BTreeSet<_>>().into_iter().map(|client| self.naming.client(client)).collect()
            }
            Recipient::Group(_) => Vec::new(),
        };
        let body = Body::push(run, &to_raw_value(&json_of(&push.message)).unwrap_or_default());
        let entries = channels.into_iter().map(|channel| entry(channel, self.naming.epoch(), &body));
        Entries { entries: entries.collect(), end: None }
    }

    fn entries_of_end(
        &self,
        run: RunId,
        outcome: &Outcome,
        pushed_to_everyone: bool,
        caller: Option<&Arc<str>>,
    ) -> Entries {
        let Ending { end, .. } = Ending::new(self.flow(), run, outcome);
        let body = Body::end(run, &end);
        let starter = caller.map(|client| self.naming.client(client));
        // A failure is for the starter alone.
        let everyone = (pushed_to_everyone && end.is_ok()).then(|| Arc::clone(self.naming.everyone()));
        let place = starter.is_some().then_some(0);
        let entries = starter.into_iter().chain(everyone);
        let entries = entries.map(|channel| entry(channel, self.naming.epoch(), &body)).collect();
        Entries { entries, end: place }
    }

    /// Says a push.
    pub(crate) fn push(&self, push: &Push, caller: Option<&Arc<str>>, durable: &Durable) {
        match self.framing() {
            Framing::JsonRpc => self.say(durable),
            Framing::Raw => self.say_raw(push, caller),
        }
    }

    /// Says that a run has ended that no session started.
    pub(crate) fn ended_unasked(&self, run: RunId, outcome: &Outcome, pushed_to_everyone: bool, durable: &Durable) {
        self.ended(run, outcome, &Ended { caller: None, pushed_to_everyone }, durable);
    }
}

fn json_of(message: &Value) -> Json {
    message.to_json().unwrap_or_else(|error| {
        // Messages come to the host as JSON, text or bytes, so this cannot happen.
        tracing::error!("a message cannot be sent as it is: {error}");
        error.to_string().into()
    })
}
