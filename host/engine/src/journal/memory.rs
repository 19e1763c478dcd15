//! A journal that lasts as long as the process.

use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, ready};
use sandgate_flow::State;
use sandgate_flow::event::{Event, Recorded, RunId};

use super::{Error, Journal, Log};

/// Keeps the logs of runs under way, and of the last that ended.
pub struct Memory {
    logs: Mutex<Logs>,
    ended_runs_kept_max: usize,
}

#[derive(Default)]
struct Logs {
    by_run: HashMap<RunId, Log>,
    ended: VecDeque<RunId>,
}

impl Memory {
    /// An empty journal that forgets all but the last so many ended runs.
    pub fn new(ended_runs_kept_max: usize) -> Self {
        Self { logs: Mutex::default(), ended_runs_kept_max }
    }

    fn lock(&self) -> MutexGuard<'_, Logs> {
        self.logs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Logs {
    fn end(&mut self, run: RunId, kept_max: usize) {
        self.ended.push_back(run);
        while self.ended.len() > kept_max {
            if let Some(oldest) = self.ended.pop_front() {
                self.by_run.remove(&oldest);
            }
        }
    }
}

impl Journal for Memory {
    /// What still comes of a run that has been forgotten is dropped: it has ended.
    fn append(&self, run: RunId, events: Vec<Recorded>) -> BoxFuture<'static, Result<(), Error>> {
        let begins = events.first().is_some_and(|recorded| matches!(recorded.event, Event::Started(_)));
        let ends = events.iter().any(|recorded| matches!(recorded.event, Event::Ended(_)));
        let mut logs = self.lock();
        if begins {
            logs.by_run.insert(run, Log { snapshot: None, events });
        } else if let Some(log) = logs.by_run.get_mut(&run) {
            log.events.extend(events);
        }
        if ends {
            logs.end(run, self.ended_runs_kept_max);
        }
        ready(Ok(())).boxed()
    }

    fn snapshot(&self, run: RunId, state: State) {
        if let Some(log) = self.lock().by_run.get_mut(&run) {
            *log = Log { snapshot: Some(state), events: Vec::new() };
        }
    }

    fn read(&self, run: RunId) -> BoxFuture<'static, Result<Option<Log>, Error>> {
        ready(Ok(self.lock().by_run.get(&run).cloned())).boxed()
    }
}
