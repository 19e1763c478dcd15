//! The sessions and channels of one flow.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, Weak};

use bytes::Bytes;
use hyper_tungstenite::tungstenite::Utf8Bytes;
use sandgate_engine::Engine;
use sandgate_engine::engine::LEFT;
use sandgate_engine::journal::{Durable, Entry, Place};
use sandgate_engine::outbox::Refused;
use sandgate_flow::document::{Framing, OnLeave};
use sandgate_flow::event::{Outcome, Push, Recipient, RunId};
use sandgate_flow::value::Value;
use serde_json::Value as Json;
use uuid::Uuid;

use super::body::Body;
use super::clients::{Clients, Member, Underway};
use super::ending::Ending;
use super::naming::{Kept, Naming};
use super::outbox::Starting;
use super::stream::{Channel, Keep};
use super::{Frame, News, Outgoing, lock};
use crate::limits::Limits;
use crate::message::{self, Welcome};

/// Who is connected to a flow, and what they are sent.
pub(crate) struct Interface {
    flow: Arc<str>,
    framing: Framing,
    pub(super) naming: Arc<Naming>,
    engine: Engine,
    keep: Keep,
    queue_bytes_max: usize,
    queue_entries_max: usize,
    pub(super) state: Mutex<State>,
}

pub(super) struct State {
    pub(super) everyone: Channel,
    pub(super) clients: Clients,
    /// Who waits for the ends of runs.
    waiting: HashMap<RunId, Vec<Waiter>>,
    /// The sessions that have something new in their queues and were not woken for it. What waits in a queue must not
    /// outlive its session here.
    unwoken: Vec<Weak<Outgoing>>,
}

/// A request that is answered when a run has ended. All of a run's are of its starter's client.
pub(super) struct Waiter {
    pub(super) session: Arc<str>,
    pub(super) request: Json,
}

/// A session's place in an interface, which it leaves when this is dropped.
pub(crate) struct Membership {
    interface: Arc<Interface>,
    client: Arc<str>,
    session: Arc<str>,
    queue: Arc<Outgoing>,
}

/// Whether a client says who it is, or is somebody new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Client {
    /// It does: it may have been here before, and want what it missed.
    Named,
    /// It is new.
    New,
}

impl Interface {
    pub(super) fn new(flow: Arc<str>, framing: Framing, limits: &Limits, kept: Kept, engine: Engine) -> Self {
        let naming = Arc::new(Naming::new(&flow, kept));
        let mut clients = Clients::new(Arc::clone(&naming), limits.clients_away_max);
        let mut everyone = naming.channel(Arc::clone(naming.everyone()));
        for channel in naming.standing() {
            match naming.client_of(&Arc::clone(channel.full_name())) {
                Some(client) => clients.restore(&client.into(), channel),
                None => everyone = channel,
            }
        }
        let journal = &limits.engine.journal;
        Self {
            flow,
            framing,
            naming,
            engine,
            keep: Keep { entries_max: journal.history_entries_max, bytes_max: journal.history_bytes_max },
            queue_bytes_max: limits.queue_bytes_max,
            queue_entries_max: limits.queue_entries_max,
            state: Mutex::new(State { everyone, clients, waiting: HashMap::new(), unwoken: Vec::new() }),
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
    /// channels after the positions there is missing from it. For a client that says who it is the rest is held back until it
    /// [goes on](Membership::go_on).
    pub(crate) fn join(self: &Arc<Self>, client: Arc<str>, version: u64, who: Client) -> Membership {
        let session: Arc<str> = Uuid::now_v7().to_string().into();
        let queue = Arc::new(Outgoing::new(self.queue_bytes_max, self.queue_entries_max));
        let mut state = lock(&self.state);
        let State { everyone, clients, .. } = &mut *state;
        let member = Member {
            session: Arc::clone(&session),
            queue: Arc::clone(&queue),
            runs: HashMap::new(),
            joined: [everyone.place(); 2],
        };
        let channel = clients.join(&client, member);
        if self.framing == Framing::JsonRpc {
            queue.push(Frame::Text(message::welcome(&Welcome {
                client: &client,
                session: &session,
                flow: &self.flow,
                version,
                positions: [everyone.position(), channel.position()],
            })));
            if who == Client::Named {
                queue.hold();
            }
        }
        drop(state);
        Membership { interface: Arc::clone(self), client, session, queue }
    }

    fn leave(&self, client: &Arc<str>, session: &str) {
        let left = lock(&self.state).clients.leave(client, session);
        let to_cancel = left.iter().filter(|(_, underway)| underway.on_leave == OnLeave::Cancel);
        // The oldest first: the same each time.
        to_cancel
            .map(|(run, _)| *run)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .for_each(|run| self.engine.cancel(run, LEFT));
    }

    /// Remembers a client that was here before the host was started.
    pub(super) fn know(&self, client: &Arc<str>) {
        lock(&self.state).clients.channel(client);
    }

    /// Whether a session is connected.
    pub(super) fn is_there(&self, client: &str, session: &str) -> bool {
        lock(&self.state).clients.member(client, session).is_some()
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

    /// Says what was entered, each to those whose channel it is. It is sent with the next [flush](Self::flush).
    pub(super) fn say(&self, durable: &Durable) {
        let mut state = lock(&self.state);
        for (entry, place) in placed(durable) {
            let Some(body) = Body::decode(&entry.body) else { continue };
            state.enter(&self.naming, self.keep, entry, place, None, &body);
        }
    }

    /// Sends a push as it is, where the framing is raw. It is sent with the next [flush](Self::flush).
    pub(super) fn say_raw(&self, push: &Push, caller: Option<&Arc<str>>) {
        let frame = raw(&push.message);
        let State { clients, unwoken, .. } = &mut *lock(&self.state);
        let mut to = |client: &Arc<str>| {
            if let Some((_, members)) = clients.channel(client) {
                members.iter().for_each(|member| enter(unwoken, member, &frame));
            }
        };
        match &push.to {
            Recipient::Everyone => clients.members().for_each(|(_, member)| enter(unwoken, member, &frame)),
            Recipient::Caller => caller.into_iter().for_each(to),
            Recipient::Clients(clients) => clients.iter().collect::<BTreeSet<_>>().into_iter().for_each(&mut to),
            Recipient::Group(_) => {}
        }
    }

    /// Sends what was said.
    pub(crate) fn flush(&self) {
        let unwoken = std::mem::take(&mut lock(&self.state).unwoken);
        unwoken.iter().filter_map(Weak::upgrade).for_each(|queue| queue.wake());
    }

    /// Notes that a session's run is under way: who waits for it, and where the flow says so, that it is cancelled when the
    /// session leaves, or at once if it has left already.
    pub(super) fn started(&self, run: RunId, starting: Starting) {
        let mut state = lock(&self.state);
        let State { clients, waiting, .. } = &mut *state;
        let Some(member) = clients.member(&starting.client, &starting.session) else {
            drop(state);
            if starting.on_leave == OnLeave::Cancel {
                self.engine.cancel(run, LEFT);
            }
            return;
        };
        member.runs.insert(run, Underway { on_leave: starting.on_leave, _permit: starting.permit });
        if let Some(request) = starting.answer.at_end() {
            let waiter = Waiter { session: starting.session, request: request.clone() };
            waiting.entry(run).or_default().push(waiter);
        }
    }

    /// Lets a session wait for the end of a run that its client has started before.
    pub(crate) fn wait(&self, run: RunId, session: &Arc<str>, request: &Json) {
        let waiter = Waiter { session: Arc::clone(session), request: request.clone() };
        lock(&self.state).waiting.entry(run).or_default().push(waiter);
    }

    /// A session need not wait any longer. False if it has been answered.
    pub(crate) fn wait_no_longer(&self, run: RunId, session: &str, request: &Json) -> bool {
        let mut state = lock(&self.state);
        let Some(waiting) = state.waiting.get_mut(&run) else { return false };
        let place = waiting.iter().position(|it| &*it.session == session && it.request == *request);
        let waited = place.map(|place| waiting.swap_remove(place)).is_some();
        if waiting.is_empty() {
            state.waiting.remove(&run);
        }
        waited
    }

    /// Says that a run has ended to those who are concerned, and answers whoever waits for it.
    pub(super) fn ended(&self, run: RunId, outcome: &Outcome, of: &Ended<'_>, durable: &Durable) {
        if let Outcome::Failed(failure) = outcome {
            tracing::warn!("flow {}, run {run}: {failure}", self.flow);
        }
        let mut state = lock(&self.state);
        let waiting = state.waiting.remove(&run).unwrap_or_default();
        let underway = of.caller.and_then(|(client, session)| state.clients.member(client, session)?.runs.remove(&run));
        if self.framing == Framing::JsonRpc {
            // Whoever asks again on its answer must find room.
            drop(underway);
            let ending = Ending::new(&self.flow, run, outcome);
            let mut starter = of.caller.is_some();
            for (entry, place) in placed(durable) {
                let Some(body) = Body::decode(&entry.body) else { continue };
                // The first entry is that of its starter's channel.
                let asked = std::mem::take(&mut starter).then_some((&ending, waiting.as_slice()));
                state.enter(&self.naming, self.keep, entry, place, asked, &body);
            }
        } else {
            state.end_raw(&self.flow, outcome, of);
            // With room for one run alone, what the next one says comes after all of this.
            drop(underway);
        }
        drop(state);
        self.flush();
    }
}

/// Whose run has ended.
pub(super) struct Ended<'a> {
    /// The client and the session that started it.
    pub(super) caller: Option<(&'a Arc<str>, &'a str)>,
    /// Whether it has pushed to everyone.
    pub(super) pushed_to_everyone: bool,
}

/// Entries with their places, which the journal gave them, or nobody yet.
fn placed(durable: &Durable) -> impl Iterator<Item = (&Entry, Option<Place>)> {
    let places = durable.places.iter().copied().map(Some).chain(std::iter::repeat(None));
    durable.entries.iter().zip(places)
}

impl State {
    /// Enters something in a channel, and sends it to the channel's sessions, or to those of them that asked for it, their
    /// answers instead: one for each request.
    fn enter(
        &mut self,
        naming: &Naming,
        keep: Keep,
        entry: &Entry,
        place: Option<Place>,
        asked: Option<(&Ending, &[Waiter])>,
        body: &Body<'_>,
    ) {
        let Self { everyone, clients, unwoken, .. } = self;
        let Some(client) = naming.client_of(&entry.channel) else {
            let frame = Frame::Text(body.frame(everyone.enter(entry, place, keep)));
            return clients.members().for_each(|(_, member)| enter(unwoken, member, &frame));
        };
        let Some((channel, members)) = clients.channel(&client.into()) else { return };
        let position = channel.enter(entry, place, keep);
        let frame = Frame::Text(body.frame(position));
        for member in members {
            let mut is_answered = false;
            for (ending, waiter) in answers_of(asked, &member.session) {
                enter(unwoken, member, &Frame::Text(ending.answer(&waiter.request, Some(position))));
                is_answered = true;
            }
            if !is_answered {
                enter(unwoken, member, &frame);
            }
        }
    }

    /// An output is for the starter's sessions, and once the run has pushed to everyone for everyone's; each gets it once. Raw
    /// framing has no word for a failure: the session that started the run is closed, with the reason.
    fn end_raw(&mut self, flow: &str, outcome: &Outcome, of: &Ended<'_>) {
        let Self { clients, unwoken, .. } = self;
        match outcome {
            Outcome::Output(value) => {
                let frame = raw(value);
                let concerned =
                    |client: &Arc<str>| of.pushed_to_everyone || of.caller.is_some_and(|(caller, _)| caller == client);
                let concerned = clients.members().filter(|(client, _)| concerned(client));
                concerned.for_each(|(_, member)| enter(unwoken, member, &frame));
            }
            Outcome::Failed(failure) => {
                let member = of.caller.and_then(|(client, session)| clients.member(client, session));
                if let Some(member) = member {
                    member.queue.finish(super::ending::close(flow, failure));
                }
            }
            Outcome::Completed | Outcome::Cancelled(_) => {}
        }
    }
}

/// The requests of a session that are answered by an end.
fn answers_of<'a>(
    asked: Option<(&'a Ending, &'a [Waiter])>,
    session: &str,
) -> impl Iterator<Item = (&'a Ending, &'a Waiter)> {
    let all = asked.into_iter().flat_map(|(ending, waiting)| waiting.iter().map(move |waiter| (ending, waiter)));
    all.filter(move |(_, waiter)| &*waiter.session == session)
}

fn enter(unwoken: &mut Vec<Weak<Outgoing>>, member: &Member, frame: &Frame) {
    if member.queue.enter(frame.clone()) == News::First {
        unwoken.push(Arc::downgrade(&member.queue));
    }
}

/// A value as raw framing has it: a string is a text, bytes are binary, and anything else is JSON text.
fn raw(value: &Value) -> Frame {
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

    /// The session does not want what it missed: it is sent what was held back.
    pub(crate) fn go_on(&self) {
        self.queue.release(Vec::new());
    }
}

impl Drop for Membership {
    fn drop(&mut self) {
        self.interface.leave(&self.client, &self.session);
    }
}
