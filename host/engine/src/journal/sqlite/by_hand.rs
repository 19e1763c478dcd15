//! The journal on disk without threads: whoever has it says when it is written and when it tells, and reads at once. For
//! simulations, in which nothing happens by itself.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use rusqlite::Connection;
use sandgate_flow::event::{RunId, Timestamp};

use super::super::{Batch, Error, Journal, Key, Keyed, Lasts, Log, Numbered, Query, Summary};
use super::commit::{Committed, Row};
use super::lock::Lock;
use super::writer::{Queue, Writer, fail};
use super::{EVENTS_AT_ONCE, Histories, History, Limits, OpenError, Opened, read};

/// A journal in a folder. What is appended waits until it is [begun](Self::begin), [written](Self::write) and
/// [told](Self::tell).
pub struct ByHand {
    queue: Queue,
    writing: Mutex<Writing>,
    reader: Arc<Mutex<Connection>>,
    _lock: Lock,
}

struct Writing {
    writer: Writer,
    commit: Commit,
}

/// How far a commit is.
#[derive(Default)]
enum Commit {
    #[default]
    None,
    /// These are to be written.
    Begun(Vec<Row>),
    /// They are on the disk, and nobody was told.
    Written(Vec<Row>, Committed),
}

impl ByHand {
    /// Opens the journal in a folder, as [`Sqlite::open`](super::Sqlite::open) does.
    ///
    /// # Errors
    ///
    /// It cannot be had, or not be used.
    pub fn open(folder: &Path, limits: &Limits) -> Result<Opened<Self>, OpenError> {
        super::open(folder, limits, |file, writer, lock| {
            let reader = Connection::open(file)?;
            super::set_up(&reader)?;
            let writing = Mutex::new(Writing { writer, commit: Commit::None });
            Ok(Self { queue: Queue::default(), writing, reader: Arc::new(Mutex::new(reader)), _lock: lock })
        })
    }

    /// Takes what is to be written next. False if nothing waits, or a commit is under way.
    pub fn begin(&self) -> bool {
        let mut writing = lock(&self.writing);
        if !matches!(writing.commit, Commit::None) {
            return false;
        }
        let rows = self.queue.take(&writing.writer.pace);
        let some = !rows.is_empty();
        if some {
            writing.commit = Commit::Begun(rows);
        }
        some
    }

    /// Writes what was begun. False if that cannot be done, after those who are not to wait for another try were told.
    pub fn write(&self) -> bool {
        let mut writing = lock(&self.writing);
        let Writing { writer, commit } = &mut *writing;
        let Commit::Begun(rows) = std::mem::take(commit) else { return true };
        match writer.commit(&rows) {
            Ok(committed) => {
                *commit = Commit::Written(rows, committed);
                true
            }
            Err(error) => {
                drop(writing);
                fail(&self.queue, rows, &error);
                false
            }
        }
    }

    /// Tells those who are concerned that what was written is durable.
    pub fn tell(&self, now: Timestamp) {
        let mut writing = lock(&self.writing);
        let Writing { writer, commit } = &mut *writing;
        match std::mem::take(commit) {
            Commit::Written(rows, committed) => writer.done(committed, rows, now),
            other => *commit = other,
        }
    }

    /// Lets the disk take nothing, or again what comes.
    ///
    /// # Errors
    ///
    /// SQLite could not do its part.
    pub fn refuse(&self, refuse: bool) -> rusqlite::Result<()> {
        lock(&self.writing).writer.connection.pragma_update(None, "query_only", refuse)
    }

    /// Whether something can be written again, after something could not.
    pub fn recover(&self) -> bool {
        lock(&self.writing).writer.recovers(&self.queue)
    }

    /// Forgets what is to be forgotten.
    pub fn tidy(&self, now: Timestamp) {
        let forget = self.queue.take_forgotten();
        if !lock(&self.writing).writer.tidy(&forget, now) {
            forget.into_iter().for_each(|channel| self.queue.forget(channel));
        }
    }

    /// Lets a log grow by so many pages before it is written into the database.
    ///
    /// # Errors
    ///
    /// SQLite could not do its part.
    pub fn checkpoint_after(&self, pages: u32) -> rusqlite::Result<()> {
        lock(&self.writing).writer.connection.pragma_update(None, "wal_autocheckpoint", pages)
    }

    fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, Error>> {
        let reader = Arc::clone(&self.reader);
        async move { question(&lock(&reader)) }.boxed()
    }
}

impl Histories for ByHand {
    fn history(&self, channel: Arc<str>, after: u64, upto: u64) -> BoxFuture<'static, Result<History, Error>> {
        self.ask(move |connection| read::history(connection, &channel, after, upto))
    }

    fn forget(&self, channel: Arc<str>) {
        self.queue.forget(channel);
    }
}

impl Journal for ByHand {
    fn lasts(&self) -> Lasts {
        Lasts::OnDisk
    }

    fn append(&self, batch: Batch) {
        self.queue.push(Row::new(batch));
    }

    fn read(&self, run: RunId) -> BoxFuture<'static, Result<Option<Log>, Error>> {
        self.ask(move |connection| read::log(connection, run))
    }

    fn events(&self, run: RunId, from: u64) -> BoxFuture<'static, Result<Numbered, Error>> {
        self.ask(move |connection| read::events(connection, run, from, EVENTS_AT_ONCE))
    }

    fn summary(&self, run: RunId) -> BoxFuture<'static, Result<Option<Summary>, Error>> {
        self.ask(move |connection| read::summary(connection, run))
    }

    fn list(&self, query: Query) -> BoxFuture<'static, Result<Vec<Summary>, Error>> {
        self.ask(move |connection| read::list(connection, &query))
    }

    fn find(&self, key: Key) -> BoxFuture<'static, Result<Option<Keyed>, Error>> {
        self.ask(move |connection| read::keyed(connection, &key))
    }

    fn health(&self) -> Result<(), Error> {
        self.queue.health()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
