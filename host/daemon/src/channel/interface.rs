//! The sessions and channels of one flow.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, Weak};

use bytes::Bytes;
use hyper_tungstenite::tungstenite::Utf8Bytes;
use sandgate_engine::outbox::Refused;
use sandgate_engine::run::Run;
use sandgate_flow::document::{Framing, OnLeave};
use sandgate_flow::event::{Outcome, Push, Recipient, RunId};
use sandgate_flow::value::Value;
use serde_json::value::{RawValue, to_raw_value};
use uuid::Uuid;

use super::clients::{Clients, Member};
use super::ending::Ending;
use super::outbox::{Starter, ToEveryone};
use super::stream::Channel;
use super::{Epochs, Frame, News, Outgoing, lock};
use crate::limits::Limits;
use crate::message::{self, Position, Welcome};

/// Who is connected to a flow, and what they are sent.
pub(crate) struct Interface {
    flow: Arc<str>,
    framing: Framing,
    queue_bytes_max: usize,
    queue_entries_max: usize,
    state: Mutex<State>,
}

struct State {
    everyone: Channel,
    clients: Clients,
    /// The runs under way that sessions started.
    runs: HashMap<RunId, Underway>,
    /// The sessions that have something new in their queues and were not woken for it. What waits in a queue must not
    /// outlive its session here.
    unwoken: Vec<Weak<Outgoing>>,
}

struct Underway {
    run: Run,
    client: Arc<str>,
    session: Arc<str>,
}

/// A session's place in an interface, which it leaves when this is dropped.
pub(crate) struct Membership {
    interface: Arc<Interface>,
    client: Arc<str>,
    session: Arc<str>,
    queue: Arc<Outgoing>,
}

impl Interface {
    pub(super) fn new(flow: Arc<str>, framing: Framing, limits: &Limits, epochs: Epochs) -> Self {
        let everyone = Channel::new("everyone", &epochs);
        let clients = Clients::new(epochs, limits.clients_away_max);
        Self {
            flow,
            framing,
            queue_bytes_max: limits.queue_bytes_max,
            queue_entries_max: limits.queue_entries_max,
            state: Mutex::new(State { everyone, clients, runs: HashMap::new(), unwoken: Vec::new() }),
        }
    }

    /// The flow's id.
    pub(crate) fn flow(&self) -> &Arc<str> {
        &self.flow
    }

    /// How messages are framed.
    pub(crate) fn framing(&self) -> Framing {
        self.framing
    }

    /// Adds a session. Where the framing has one, its queue begins with the welcome, and nothing that is entered in its
    /// channels after the positions there is missing from it.
    pub(crate) fn join(self: &Arc<Self>, client: Arc<str>, version: u64) -> Membership {
        let session: Arc<str> = Uuid::now_v7().to_string().into();
        let queue = Arc::new(Outgoing::new(self.queue_bytes_max, self.queue_entries_max));
        let member =
            Member { session: Arc::clone(&session), queue: Arc::clone(&queue), cancel_on_leave: HashSet::new() };
        let mut state = lock(&self.state);
        let State { everyone, clients, .. } = &mut *state;
        let channel = clients.join(&client, member);
        if self.framing == Framing::JsonRpc {
            queue.push(Frame::Text(message::welcome(&Welcome {
                client: &client,
                session: &session,
                flow: &self.flow,
                version,
                positions: [everyone.position(), channel.position()],
            })));
        }
        drop(state);
        Membership { interface: Arc::clone(self), client, session, queue }
    }

    fn leave(&self, client: &Arc<str>, session: &str) {
        let mut state = lock(&self.state);
        let cancelled = state.clients.leave(client, session);
        let runs: Vec<_> = cancelled.iter().filter_map(|id| state.runs.get(id)).map(|it| it.run.clone()).collect();
        drop(state);
        runs.iter().for_each(|run| run.cancel(LEFT));
    }

    /// How many sessions a push would be sent to now. `caller` is the client that started the run.
    pub(crate) fn address(&self, to: &Recipient, caller: Option<&str>) -> Result<u32, Refused> {
        let state = lock(&self.state);
        let count = match to {
            Recipient::Everyone => state.clients.members().count(),
            Recipient::Caller => caller.and_then(|client| state.clients.sessions(client)).unwrap_or(0),
            Recipient::Clients(clients) => {
                clients.iter().collect::<BTreeSet<_>>().into_iter().try_fold(0, |sum, id| {
                    let sessions = state.clients.sessions(id).ok_or_else(|| Refused::UnknownClient(id.to_string()))?;
                    Ok(sum + sessions)
                })?
            }
            Recipient::Group(name) => {
                return Err(Refused::Other(format!(
                    "group {name:?} cannot be pushed to: groups are not there yet, name the clients instead"
                )));
            }
        };
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// Enters a push in the channels that it is for. It is sent with the next [flush](Self::flush).
    pub(crate) fn push(&self, run: RunId, push: &Push, caller: Option<&Arc<str>>) {
        let content = Content::new(self.framing, &push.message);
        let mut state = lock(&self.state);
        match &push.to {
            Recipient::Everyone => {
                let State { everyone, clients, unwoken, .. } = &mut *state;
                let frame = content.frame(everyone.advance(), run);
                clients.members().for_each(|(_, member)| enter(unwoken, member, &frame));
            }
            Recipient::Caller => caller.into_iter().for_each(|client| state.push_to(client, run, &content)),
            Recipient::Clients(clients) => {
                clients.iter().collect::<BTreeSet<_>>().into_iter().for_each(|id| state.push_to(id, run, &content));
            }
            Recipient::Group(_) => {}
        }
    }

    /// Sends what was pushed.
    pub(crate) fn flush(&self) {
        let unwoken = std::mem::take(&mut lock(&self.state).unwoken);
        unwoken.iter().filter_map(Weak::upgrade).for_each(|queue| queue.wake());
    }

    /// Notes that a session's run is under way, so that it can be cancelled: by its client, and where the flow says so,
    /// when the session leaves, or at once if it has left already.
    pub(super) fn started(&self, run: Run, starter: &Starter) {
        let mut state = lock(&self.state);
        let underway =
            Underway { run: run.clone(), client: Arc::clone(&starter.client), session: Arc::clone(&starter.session) };
        state.runs.insert(run.id(), underway);
        if starter.on_leave == OnLeave::Cancel {
            match state.clients.member(&starter.client, &starter.session) {
                Some(member) => drop(member.cancel_on_leave.insert(run.id())),
                None => run.cancel(LEFT),
            }
        }
    }

    /// A run under way that this client started.
    pub(crate) fn run(&self, client: &str, run: RunId) -> Option<Run> {
        let state = lock(&self.state);
        state.runs.get(&run).filter(|underway| &*underway.client == client).map(|underway| underway.run.clone())
    }

    /// Enters a run's end in the channels that it is for, and answers whoever waits for it.
    pub(crate) fn ended(&self, run: RunId, outcome: &Outcome, starter: Option<&Starter>, to_everyone: ToEveryone) {
        if let Outcome::Failed(failure) = outcome {
            tracing::warn!("flow {}, run {run}: {failure}", self.flow);
        }
        let ending = Ending::new(&self.flow, self.framing, run, outcome);
        let mut state = lock(&self.state);
        let State { everyone, clients, runs, .. } = &mut *state;
        if let Some(underway) = runs.remove(&run)
            && let Some(member) = clients.member(&underway.client, &underway.session)
        {
            member.cancel_on_leave.remove(&run);
        }
        if let Some(starter) = starter
            && let Some((channel, members)) = clients.channel(&starter.client)
        {
            ending.tell_starter(channel, members, starter);
        }
        if to_everyone == ToEveryone::Pushed {
            ending.tell_everyone(everyone, clients, starter);
        }
        drop(state);
        self.flush();
    }
}

/// Why a run is cancelled whose flow has `on-leave: cancel`.
pub(crate) const LEFT: &str = "its caller left";

impl State {
    fn push_to(&mut self, client: &Arc<str>, run: RunId, content: &Content) {
        if let Some((channel, members)) = self.clients.channel(client) {
            let frame = content.frame(channel.advance(), run);
            members.iter().for_each(|member| enter(&mut self.unwoken, member, &frame));
        }
    }
}

fn enter(unwoken: &mut Vec<Weak<Outgoing>>, member: &Member, frame: &Frame) {
    if member.queue.enter(frame.clone()) == News::First {
        unwoken.push(Arc::downgrade(&member.queue));
    }
}

/// A message, encoded as far as it can be without knowing its place.
enum Content {
    JsonRpc(Box<RawValue>),
    Raw(Frame),
}

impl Content {
    fn new(framing: Framing, message: &Value) -> Self {
        match framing {
            Framing::Raw => Self::Raw(raw(message)),
            Framing::JsonRpc => {
                let json = message.to_json().unwrap_or_else(|error| {
                    // Messages come to the host as JSON, text or bytes, so this cannot happen.
                    tracing::error!("a message cannot be sent as it is: {error}");
                    error.to_string().into()
                });
                Self::JsonRpc(to_raw_value(&json).unwrap_or_default())
            }
        }
    }

    fn frame(&self, position: Position<'_>, run: RunId) -> Frame {
        match self {
            Self::JsonRpc(message) => Frame::Text(message::push(position, run, message)),
            Self::Raw(frame) => frame.clone(),
        }
    }
}

/// A value as raw framing has it: a string is a text, bytes are binary, and anything else is JSON text.
pub(super) fn raw(value: &Value) -> Frame {
    match value {
        Value::Bytes(bytes) => Frame::Binary(Bytes::from_owner(Arc::clone(bytes))),
        Value::String(text) => {
            let bytes = Bytes::from_owner(Arc::<[u8]>::from(Arc::clone(text)));
            Frame::Text(Utf8Bytes::try_from(bytes).unwrap_or_default())
        }
        other => Frame::Text(other.to_string().into()),
    }
}

impl Membership {
    /// The interface.
    pub(crate) fn interface(&self) -> &Arc<Interface> {
        &self.interface
    }

    /// The client's id.
    pub(crate) fn client(&self) -> &Arc<str> {
        &self.client
    }

    /// The session's id.
    pub(crate) fn session(&self) -> &Arc<str> {
        &self.session
    }

    /// What the session is to be sent.
    pub(crate) fn queue(&self) -> &Arc<Outgoing> {
        &self.queue
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.interface.leave(&self.client, &self.session);
    }
}
