//! What a run says, told to whoever started it over HTTP as server-sent events.

use std::sync::{Arc, Weak};

use axum::response::Sse;
use axum::response::sse::{Event, KeepAlive};
use futures_util::Stream;
use sandgate_engine::journal::Durable;
use sandgate_engine::outbox::{Entries, Outbox, Refused, Said};
use sandgate_flow::event::{Outcome, Push, Recipient, RunId};
use serde::Serialize;
use serde_json::json;

use super::Problem;
use super::run::{Underway, answer};
use crate::channel::{Interface, Overflowed, Queue, Weigh};
use crate::limits::milliseconds;
use crate::project::Served;
use crate::server::Serving;

/// An event: its name, and its data as JSON.
pub(super) struct Told {
    event: &'static str,
    data: String,
}

impl Told {
    fn new(event: &'static str, data: &impl Serialize) -> Self {
        Self { event, data: serde_json::to_string(data).unwrap_or_default() }
    }
}

impl Weigh for Told {
    fn bytes(&self) -> usize {
        self.data.len()
    }
}

/// The outside of a run that was started over HTTP. Pushes to the caller are for whoever listens, if anybody does.
pub(super) struct HttpOutbox {
    interface: Arc<Interface>,
    /// Of nobody once they are gone.
    listener: Weak<Queue<Told>>,
}

impl HttpOutbox {
    /// Of a run of which only the end is waited for.
    pub(super) fn unheard(serving: &Serving, served: &Served) -> Self {
        Self { interface: serving.server.hub.interface(&served.plan), listener: Weak::new() }
    }

    /// Of a run that is listened to.
    pub(super) fn heard(serving: &Serving, served: &Served) -> (Self, Listener) {
        let limits = serving.limits();
        let queue = Arc::new(Queue::new(limits.queue_bytes_max, limits.queue_entries_max));
        let outbox = Self { listener: Arc::downgrade(&queue), ..Self::unheard(serving, served) };
        (outbox, Listener { queue })
    }
}

impl Outbox for HttpOutbox {
    fn address(&self, push: &Push) -> Result<u32, Refused> {
        match push.to {
            Recipient::Caller => Ok(u32::from(self.listener.strong_count() > 0)),
            _ => self.interface.address(&push.to, None),
        }
    }

    fn entries(&self, run: RunId, said: &Said) -> Entries {
        self.interface.entries(run, said, None)
    }

    fn say(&self, run: RunId, said: Said, durable: Durable) {
        match said {
            Said::Started => {}
            Said::Push(push) => self.push(run, &push, &durable),
            Said::Ended { outcome, pushed_to_everyone } => {
                self.interface.ended_unasked(run, &outcome, pushed_to_everyone, &durable);
                self.end(run, &outcome);
            }
        }
    }

    fn flush(&self) {
        self.interface.flush();
    }
}

impl HttpOutbox {
    fn push(&self, run: RunId, push: &Push, durable: &Durable) {
        self.interface.push(push, None, durable);
        if let Some(listener) = self.listener.upgrade() {
            let message = push.message.to_json().unwrap_or_default();
            let data = json!({ "run": run.to_string(), "to": push.to.to_string(), "message": message });
            listener.push(Told::new("push", &data));
        }
    }

    fn end(&self, run: RunId, outcome: &Outcome) {
        if let Some(listener) = self.listener.upgrade() {
            listener.finish(match answer(self.interface.flow(), run, outcome) {
                Ok(answer) => Told::new("output", &answer),
                Err(problem) => Told::new("failed", &problem),
            });
        }
    }
}

/// Whoever listens to a run.
pub(super) struct Listener {
    queue: Arc<Queue<Told>>,
}

impl Listener {
    /// The run's events, until it ends or the server stops.
    pub(super) fn events(
        self,
        serving: Arc<Serving>,
        underway: Underway,
    ) -> Sse<impl Stream<Item = Result<Event, TooSlow>>> {
        let every = milliseconds(serving.limits().ping_every_ms);
        let stream = futures_util::stream::unfold(Some((self.queue, serving, underway)), async |state| {
            let (queue, serving, underway) = state?;
            let told = tokio::select! {
                told = queue.next() => told,
                () = serving.shutdown.cancelled() => Ok(Told::new("failed", &Problem::stopping(&underway.flow))),
            };
            match told {
                Ok(told) => {
                    let last = told.event != "push";
                    let event = Event::default().event(told.event).data(told.data);
                    Some((Ok(event), (!last).then_some((queue, serving, underway))))
                }
                Err(Overflowed) => Some((Err(TooSlow), None)),
            }
        });
        Sse::new(stream).keep_alive(KeepAlive::new().interval(every))
    }
}

/// Whoever listens does not read: the response is cut off.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("too much waits for whoever listens to this run")]
pub(super) struct TooSlow;
