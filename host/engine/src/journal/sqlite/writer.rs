//! The thread that writes: it takes all that waits, and makes it durable in one commit.

use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use rusqlite::Connection;
use sandgate_flow::event::Timestamp;

use super::super::Error;
use super::commit::{Committed, Row, commit};
use super::mark::Mark;
use super::places::{Channels, Keep};
use super::retention::Retention;

/// What waits to be written, and whether it can be. Bounded by who appends: each run has one batch here at most.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

#[derive(Default)]
struct Waiting {
    rows: VecDeque<Row>,
    forget: Vec<Arc<str>>,
    /// Why nothing can be written, since the last commit failed.
    sick: Option<Error>,
    closed: bool,
}

/// How much is written at once, and how long is waited.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    pub(super) commit_batches_max: usize,
    pub(super) commit_bytes_max: usize,
    pub(super) retry_ms: u64,
    pub(super) tidy_every_ms: u64,
}

/// What the thread works with.
pub(super) struct Writer {
    pub(super) connection: Connection,
    pub(super) channels: Channels,
    pub(super) mark: Mark,
    pub(super) keep: Keep,
    pub(super) pace: Pace,
    pub(super) retention: Retention,
}

impl Queue {
    /// Takes a row as the next. A run that would begin is refused at once while nothing can be written.
    pub(super) fn push(&self, row: Row) {
        let mut waiting = self.lock();
        let refused = match &waiting.sick {
            _ if waiting.closed => Some(Error::Closed),
            Some(error) if row.begins() => Some(error.clone()),
            _ => None,
        };
        if let Some(error) = refused {
            drop(waiting);
            return row.failed(error);
        }
        waiting.rows.push_back(row);
        drop(waiting);
        self.changed.notify_one();
    }

    /// Lets a channel be forgotten, soon.
    pub(super) fn forget(&self, channel: Arc<str>) {
        self.lock().forget.push(channel);
    }

    /// The next rows for one commit, in their order.
    pub(super) fn take(&self, pace: &Pace) -> Vec<Row> {
        self.lock().take(pace)
    }

    /// The channels that are to be forgotten.
    pub(super) fn take_forgotten(&self) -> Vec<Arc<str>> {
        std::mem::take(&mut self.lock().forget)
    }

    /// Why nothing can be written.
    pub(super) fn health(&self) -> Result<(), Error> {
        self.lock().sick.clone().map_or(Ok(()), Err)
    }

    /// Ends the thread once all that waits has been written, if it can be.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Waiting {
    fn take(&mut self, pace: &Pace) -> Vec<Row> {
        let mut bytes = 0;
        let fits = |row: &Row| {
            bytes += row.bytes();
            bytes <= pace.commit_bytes_max
        };
        let fitting = self.rows.iter().take(pace.commit_batches_max).map(fits).take_while(|fits| *fits).count();
        let count = fitting.max(1).min(self.rows.len());
        self.rows.drain(..count).collect()
    }
}

impl Writer {
    /// Writes until the queue is closed.
    pub(super) fn run(mut self, queue: &Queue) {
        loop {
            let waited = Duration::from_millis(self.pace.tidy_every_ms);
            let waiting = queue.lock();
            let idle = |waiting: &mut Waiting| waiting.rows.is_empty() && !waiting.closed;
            let waited = queue.changed.wait_timeout_while(waiting, waited, idle);
            let (mut waiting, _) = waited.unwrap_or_else(PoisonError::into_inner);
            if waiting.closed && waiting.rows.is_empty() {
                return;
            }
            let rows = waiting.take(&self.pace);
            // What is to be forgotten stays until nothing else waits.
            let forget = if rows.is_empty() { std::mem::take(&mut waiting.forget) } else { Vec::new() };
            drop(waiting);
            if rows.is_empty() {
                if !self.tidy(&forget, now()) {
                    queue.lock().forget.extend(forget);
                }
            } else if !self.write(queue, rows) {
                self.recover(queue);
            }
        }
    }

    /// Writes rows, and tells whoever appended them, in their order. False if nothing can be written.
    fn write(&mut self, queue: &Queue, rows: Vec<Row>) -> bool {
        match self.commit(&rows) {
            Ok(committed) => {
                self.done(committed, rows, now());
                true
            }
            Err(error) => {
                fail(queue, rows, &error);
                false
            }
        }
    }

    /// Writes rows, and waits until they are on the disk.
    pub(super) fn commit(&mut self, rows: &[Row]) -> rusqlite::Result<Committed> {
        commit(&mut self.connection, &self.channels, self.keep, rows)
    }

    /// Tells whoever appended them that rows are on the disk, in their order.
    pub(super) fn done(&mut self, committed: Committed, rows: Vec<Row>, now: Timestamp) {
        let Committed { said, forgotten, places } = committed;
        self.channels.advance(&said, &forgotten);
        self.mark.advance();
        let ended = rows.iter().filter(|row| row.ends()).count();
        rows.into_iter().zip(places).for_each(|(row, places)| row.done(places));
        self.retention.note_ended(ended);
        if self.retention.is_over() {
            self.tidy(&[], now);
        }
    }

    /// Tries until something can be written again, or the queue is closed.
    fn recover(&mut self, queue: &Queue) {
        loop {
            let waiting = queue.lock();
            let retry = Duration::from_millis(self.pace.retry_ms);
            let waited = queue.changed.wait_timeout_while(waiting, retry, |waiting| !waiting.closed);
            if waited.unwrap_or_else(PoisonError::into_inner).0.closed {
                return;
            }
            if self.recovers(queue) {
                return;
            }
        }
    }

    /// Whether something can be written again.
    pub(super) fn recovers(&mut self, queue: &Queue) -> bool {
        let recovers = self.connection.execute("UPDATE meta SET commits = commits", ()).is_ok();
        if recovers {
            queue.lock().sick = None;
            tracing::info!("the journal can be written again");
        }
        recovers
    }

    /// Forgets what is old, and these channels. False if that cannot be done.
    pub(super) fn tidy(&mut self, forget: &[Arc<str>], now: Timestamp) -> bool {
        let Self { connection, channels, retention, .. } = self;
        let tidied = retention.tidy(connection, channels, forget, now);
        if let Err(error) = &tidied {
            tracing::warn!("what is to be forgotten is still there: {error}");
        }
        tidied.is_ok()
    }
}

/// Runs that would have begun are told so; all others stay, and are written when that can be done again.
pub(super) fn fail(queue: &Queue, rows: Vec<Row>, error: &rusqlite::Error) {
    let error = Error::Storing(error.to_string());
    tracing::error!("{error}; runs under way wait, and no new ones are started");
    let mut waiting = queue.lock();
    waiting.sick = Some(error.clone());
    let (mut begin, mut others): (Vec<_>, VecDeque<_>) = (Vec::new(), VecDeque::new());
    for row in rows.into_iter().chain(std::mem::take(&mut waiting.rows)) {
        if row.begins() { begin.push(row) } else { others.push_back(row) }
    }
    waiting.rows = others;
    drop(waiting);
    begin.into_iter().for_each(|row| row.failed(error.clone()));
}

fn now() -> Timestamp {
    Timestamp::default() + SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default()
}
