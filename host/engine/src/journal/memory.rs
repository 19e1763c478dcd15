//! A journal that lasts as long as the process.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use sandgate_flow::event::{Recorded, RunId};

use super::{Batch, Durable, Error, Journal, Key, Keyed, Lasts, Log, Numbered, Query, Status, Summary, size};

/// Keeps the logs of runs under way, and of the last that ended.
pub struct Memory {
    logs: Mutex<Logs>,
    ended_runs_kept_max: usize,
    ended_bytes_kept_max: usize,
}

#[derive(Default)]
struct Logs {
    by_run: BTreeMap<RunId, Kept>,
    by_key: std::collections::HashMap<Key, Keyed>,
    /// In the order that they ended, and how many bytes they hold.
    ended: VecDeque<RunId>,
    ended_bytes: usize,
}

#[derive(Default)]
struct Kept {
    log: Log,
    /// The number of the log's first event.
    first: u64,
    key: Option<Key>,
    bytes: usize,
    ended: bool,
}

impl Memory {
    /// An empty journal. Of the runs that have ended it keeps the last, at most so many, and so many bytes.
    pub fn new(ended_runs_kept_max: usize, ended_bytes_kept_max: usize) -> Self {
        Self { logs: Mutex::default(), ended_runs_kept_max, ended_bytes_kept_max }
    }

    fn lock(&self) -> MutexGuard<'_, Logs> {
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer<T: Send + 'static>(&self, question: impl FnOnce(&Logs) -> T) -> BoxFuture<'static, Result<T, Error>> {
        ready(Ok(question(&self.lock()))).boxed()
    }
}

impl Logs {
    fn begin(&mut self, batch: &Batch) {
        let mut kept = Kept::default();
        if let Some((key, keyed)) = batch.key() {
            kept.key = Some(key.clone());
            self.by_key.insert(key, keyed);
        }
        self.by_run.insert(batch.run, kept);
    }

    /// What still comes of a run that has been forgotten is dropped: it has ended.
    fn append(&mut self, batch: &mut Batch) {
        let Some(kept) = self.by_run.get_mut(&batch.run) else { return };
        let events = std::mem::take(&mut batch.events);
        let mut bytes: usize = events.iter().map(|recorded| size::of_event(&recorded.event)).sum();
        kept.log.events.extend(events);
        if let Some(summary) = batch.summary.take() {
            kept.log.summary = Some(summary);
        }
        // The log of one that has ended is bounded with all others that have.
        if let Some(state) = batch.snapshot.take().filter(|_| !kept.ended) {
            kept.first = state.events();
            kept.bytes = 0;
            bytes = size::of_state(&state);
            kept.log.snapshot = Some(state);
            kept.log.events.clear();
        }
        kept.bytes += bytes;
        let ends = kept.log.summary.as_ref().is_some_and(|summary| summary.status != Status::Running);
        if kept.ended {
            self.ended_bytes += bytes;
        } else if ends {
            kept.ended = true;
            self.ended_bytes += kept.bytes;
            self.ended.push_back(batch.run);
        }
    }

    fn forget(&mut self, runs_max: usize, bytes_max: usize) {
        while (self.ended.len() > runs_max || self.ended_bytes > bytes_max)
            && let Some(oldest) = self.ended.pop_front()
        {
            let forgotten = self.by_run.remove(&oldest).unwrap_or_default();
            self.ended_bytes -= forgotten.bytes;
            if let Some(key) = forgotten.key {
                self.by_key.remove(&key);
            }
        }
    }

    fn events(&self, run: RunId, from: u64) -> Numbered {
        let Some(kept) = self.by_run.get(&run) else { return Numbered::default() };
        let skipped = usize::try_from(from.saturating_sub(kept.first)).unwrap_or(usize::MAX);
        let events: Vec<Recorded> = kept.log.events.iter().skip(skipped).cloned().collect();
        Numbered { first: kept.first.max(from), events }
    }
}

impl Journal for Memory {
    fn lasts(&self) -> Lasts {
        Lasts::InMemory
    }

    fn append(&self, mut batch: Batch) {
        let mut logs = self.lock();
        if batch.begins() {
            logs.begin(&batch);
        }
        logs.append(&mut batch);
        logs.forget(self.ended_runs_kept_max, self.ended_bytes_kept_max);
        drop(logs);
        (batch.told)(Ok(Durable { entries: batch.entries, places: Vec::new() }));
    }

    fn read(&self, run: RunId) -> BoxFuture<'static, Result<Option<Log>, Error>> {
        self.answer(|logs| logs.by_run.get(&run).map(|kept| kept.log.clone()))
    }

    fn events(&self, run: RunId, from: u64) -> BoxFuture<'static, Result<Numbered, Error>> {
        self.answer(|logs| logs.events(run, from))
    }

    fn summary(&self, run: RunId) -> BoxFuture<'static, Result<Option<Summary>, Error>> {
        self.answer(|logs| logs.by_run.get(&run).and_then(|kept| kept.log.summary.clone()))
    }

    fn list(&self, query: Query) -> BoxFuture<'static, Result<Vec<Summary>, Error>> {
        self.answer(|logs| {
            let summaries = logs.by_run.values().rev().filter_map(|kept| kept.log.summary.as_ref());
            summaries.filter(|summary| query.takes(summary)).take(query.limit).cloned().collect()
        })
    }

    fn find(&self, key: Key) -> BoxFuture<'static, Result<Option<Keyed>, Error>> {
        self.answer(|logs| logs.by_key.get(&key).copied())
    }

    fn health(&self) -> Result<(), Error> {
        Ok(())
    }
}
