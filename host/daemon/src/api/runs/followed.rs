//! Runs whose logs are followed.

use std::collections::{BTreeSet, VecDeque};

use axum::http::StatusCode;
use axum::response::sse::Event;
use sandgate_engine::Engine;
use sandgate_engine::run::Progress;
use sandgate_flow::event::{ActivationId, RunId};
use sandgate_flow::trace::Trace;
use serde::Serialize;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use super::activation::Showing;
use super::shown::{Ended, Shown};
use super::trace::Page;
use super::unknown;
use crate::api::Problem;

/// A run whose log is followed.
pub(in crate::api) struct Followed {
    engine: Engine,
    run: RunId,
    showing: Showing,
    summary: Shown,
    trace: Trace,
}

impl Followed {
    /// A run of this engine, from its beginning.
    pub(in crate::api) async fn new(engine: Engine, run: RunId, showing: Showing) -> Result<Self, Problem> {
        let happened = engine.events(run, 0).await?.ok_or_else(|| unknown(run))?;
        let trace = Trace::new(&showing.plan, happened.since);
        Ok(Self { engine, run, showing, summary: Shown::of(&happened.summary), trace })
    }

    /// Adds what happened, until all of a page is known, or there is no more.
    pub(in crate::api) async fn follow(&mut self, first: u64, limit: usize) -> Result<(), Problem> {
        let end = first.saturating_add(limit as u64);
        while !self.add_more().await?.is_empty() {
            // What is before the page is not kept: there may be very much.
            self.trace.forget_ended_before(ActivationId(first));
            let mut page = self.trace.activations().range(ActivationId(first)..ActivationId(end));
            let is_whole = self.trace.activations().last_key_value().is_some_and(|(last, _)| last.0 >= end);
            if is_whole && page.all(|(_, activation)| activation.end.is_some()) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Adds some of what happened next, and answers the activations that it concerns; nothing has happened if none.
    async fn add_more(&mut self) -> Result<BTreeSet<ActivationId>, Problem> {
        let mut concerned = BTreeSet::new();
        while concerned.is_empty() {
            let happened = self.engine.events(self.run, self.trace.next_event()).await?;
            let happened = happened.ok_or_else(|| unknown(self.run))?;
            self.summary = Shown::of(&happened.summary);
            if happened.events.events.is_empty() || happened.events.first != self.trace.next_event() {
                break;
            }
            for recorded in &happened.events.events {
                let added = self.trace.add(&self.showing.plan, recorded);
                let internal = |detail: String| Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "stored", detail);
                concerned.extend(added.map_err(|error| internal(error.to_string()))?);
            }
        }
        Ok(concerned)
    }

    /// Some of its activations, from this number on.
    pub(in crate::api) fn page(self, first: u64, limit: usize) -> Page {
        let activations = self.trace.activations().range(ActivationId(first)..);
        let activations: Vec<_> = activations.take(limit).map(|(id, it)| self.showing.shown(*id, it)).collect();
        let last = activations.last().map(|last| last.activation);
        let has_more =
            last.is_some_and(|last| self.trace.activations().range(ActivationId(last + 1)..).next().is_some());
        let next = last.filter(|_| has_more);
        let end = self.trace.outcome().filter(|_| !has_more).map(|outcome| Ended::of(outcome, self.showing.bytes_max));
        Page { activations, next, end, run: self.summary }
    }
}

/// What is sent of a run that is followed live.
pub(in crate::api) struct Live {
    followed: Followed,
    watching: Receiver<Progress>,
    waiting: VecDeque<Event>,
    over: bool,
}

impl Live {
    /// Follows a run of this engine.
    pub(in crate::api) async fn new(engine: Engine, run: RunId, showing: Showing) -> Result<Self, Problem> {
        // Before the log is read, so that nothing falls between.
        let watching = engine.watch();
        let followed = Followed::new(engine, run, showing).await?;
        Ok(Self { followed, watching, waiting: VecDeque::new(), over: false })
    }

    /// The next event; none after the last, or when the server stops. May be dropped while it waits, and asked again.
    pub(in crate::api) async fn next(&mut self, shutdown: &CancellationToken) -> Option<Event> {
        loop {
            if let Some(event) = self.waiting.pop_front() {
                return Some(event);
            }
            if self.over {
                return None;
            }
            self.read().await?;
            if self.waiting.is_empty() && !self.over {
                self.wait(shutdown).await?;
            }
        }
    }

    /// Reads what has happened since.
    async fn read(&mut self) -> Option<()> {
        let concerned = self.followed.add_more().await.ok()?;
        for id in concerned {
            if let Some(activation) = self.followed.trace.activations().get(&id) {
                let shown = self.followed.showing.shown(id, activation);
                self.waiting.push_back(event("activation", &shown));
            }
        }
        // Of those that have ended there is nothing more to say.
        self.followed.trace.forget_ended_before(ActivationId(u64::MAX));
        if let Some(outcome) = self.followed.trace.outcome() {
            self.waiting.push_back(event("end", &Ended::of(outcome, self.followed.showing.bytes_max)));
            self.over = true;
        }
        Some(())
    }

    /// Waits until the run has come further.
    async fn wait(&mut self, shutdown: &CancellationToken) -> Option<()> {
        loop {
            let progress = tokio::select! {
                progress = self.watching.recv() => progress,
                () = shutdown.cancelled() => return None,
            };
            match progress {
                Ok(progress) if progress.summary.run != self.followed.run => {}
                // What was missed is in the log.
                Ok(_) | Err(RecvError::Lagged(_)) => return Some(()),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

/// An event, with its data as JSON.
pub(in crate::api) fn event(name: &str, data: &impl Serialize) -> Event {
    Event::default().event(name).data(serde_json::to_string(data).unwrap_or_default())
}
