//! A journal that lasts as long as the process.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use sandgate_flow::State;
use sandgate_flow::event::{Event, Recorded, RunId};

use super::{Error, Journal, Log, size};

/// Keeps the logs of runs under way, and of the last that ended.
pub struct Memory {
    logs: Mutex<Logs>,
    ended_runs_kept_max: usize,
    ended_bytes_kept_max: usize,
}

#[derive(Default)]
struct Logs {
    by_run: HashMap<RunId, Kept>,
    /// In the order that they ended, and how many bytes they hold.
    ended: VecDeque<RunId>,
    ended_bytes: usize,
}

#[derive(Default)]
struct Kept {
    log: Log,
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
}

impl Logs {
    fn append(&mut self, run: RunId, events: Vec<Recorded>) {
        let Some(kept) = self.by_run.get_mut(&run) else { return };
        let bytes: usize = events.iter().map(|recorded| size::of_event(&recorded.event)).sum();
        let ends = events.iter().any(|recorded| matches!(recorded.event, Event::Ended(_)));
        kept.bytes += bytes;
        kept.log.events.extend(events);
        if kept.ended {
            self.ended_bytes += bytes;
        } else if ends {
            kept.ended = true;
            self.ended_bytes += kept.bytes;
            self.ended.push_back(run);
        }
    }

    fn forget(&mut self, runs_max: usize, bytes_max: usize) {
        while (self.ended.len() > runs_max || self.ended_bytes > bytes_max)
            && let Some(oldest) = self.ended.pop_front()
        {
            let forgotten = self.by_run.remove(&oldest).unwrap_or_default();
            self.ended_bytes -= forgotten.bytes;
        }
    }
}

impl Journal for Memory {
    /// What still comes of a run that has been forgotten is dropped: it has ended.
    fn append(&self, run: RunId, events: Vec<Recorded>) -> BoxFuture<'static, Result<(), Error>> {
        let begins = events.first().is_some_and(|recorded| matches!(recorded.event, Event::Started(_)));
        let mut logs = self.lock();
        if begins {
            logs.by_run.insert(run, Kept::default());
        }
        logs.append(run, events);
        logs.forget(self.ended_runs_kept_max, self.ended_bytes_kept_max);
        ready(Ok(())).boxed()
    }

    fn snapshot(&self, run: RunId, state: State) {
        // One that has ended is bounded with all others that have.
        if let Some(kept) = self.lock().by_run.get_mut(&run).filter(|kept| !kept.ended) {
            kept.bytes = size::of_state(&state);
            kept.log = Log { snapshot: Some(state), events: Vec::new() };
        }
    }

    fn read(&self, run: RunId) -> BoxFuture<'static, Result<Option<Log>, Error>> {
        ready(Ok(self.lock().by_run.get(&run).map(|kept| kept.log.clone()))).boxed()
    }
}
