//! A journal on disk: SQLite, written by one thread, many batches a commit.
//!
//! `journal.sqlite` has the logs of runs, and what was said in channels. It is in WAL mode with `synchronous=FULL`: a commit is
//! on the disk before anybody hears of it. The folder is one process's at a time.

mod by_hand;
mod commit;
mod damage;
mod format;
mod lock;
mod mark;
mod places;
mod read;
mod readers;
mod retention;
mod schema;
#[cfg(test)]
mod tests;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use futures_util::future::BoxFuture;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use sandgate_flow::event::{RunId, Timestamp};

use super::{Batch, Error, Journal, Key, Keyed, Lasts, Log, Numbered, Place, Query, Summary};
use commit::Row;
use mark::Mark;
use places::Keep;
use readers::Readers;
use retention::Retention;
use writer::{Pace, Queue, Writer};

pub use by_hand::ByHand;
pub use lock::{Lock, LockError};

/// The database's file in its folder.
pub const FILE: &str = "journal.sqlite";

/// The bounds of a journal on disk.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Batches in one commit.
    pub commit_batches_max: usize,
    /// What is written in one commit; a batch that is alone may be larger.
    pub commit_bytes_max: usize,
    /// How long it is waited before writing is tried again that failed.
    pub retry_ms: u64,
    /// How often it is looked for what is to be forgotten.
    pub tidy_every_ms: u64,
    /// Threads that read.
    pub readers: usize,
    /// Entries of one channel that are kept for clients that come back.
    pub history_entries_max: u64,
    /// What these may hold; the last that was said at once is kept all the same.
    pub history_bytes_max: u64,
    /// How long entries are kept.
    pub history_ms_max: u64,
    /// Ended runs that are kept; the oldest are forgotten first.
    pub ended_runs_stored_max: u64,
    /// How long ended runs are kept, from their start on.
    pub ended_runs_stored_ms_max: u64,
    /// How long a key stands for the run that it started.
    pub key_ms_max: u64,
}

/// Events that are read at once.
const EVENTS_AT_ONCE: usize = 10_000;

const DAY_MS: u64 = 24 * 60 * 60 * 1_000;

impl Default for Limits {
    fn default() -> Self {
        Self {
            commit_batches_max: 1_024,
            commit_bytes_max: 8 * 1024 * 1024,
            retry_ms: 500,
            tidy_every_ms: 10_000,
            readers: 2,
            history_entries_max: 4_096,
            history_bytes_max: 16 * 1024 * 1024,
            history_ms_max: DAY_MS,
            ended_runs_stored_max: 100_000,
            ended_runs_stored_ms_max: 7 * DAY_MS,
            key_ms_max: DAY_MS,
        }
    }
}

/// A journal in a folder.
pub struct Sqlite {
    queue: Arc<Queue>,
    readers: Arc<Readers>,
    writing: Mutex<Option<JoinHandle<()>>>,
    _lock: Lock,
}

/// A journal that has been opened, and what was found in it.
pub struct Opened<J = Sqlite> {
    /// The journal.
    pub journal: J,
    /// Where each channel stands.
    pub channels: Vec<(Arc<str>, Place)>,
    /// The epoch of channels that nothing was said in yet.
    pub epoch: u64,
    /// The runs that have not ended.
    pub unended: Vec<Unended>,
    /// What is damaged, for people. All else can be used.
    pub damage: Vec<String>,
}

/// A run that has not ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unended {
    /// The run.
    pub run: RunId,
    /// If nothing goes on in it before some time has come, which.
    pub asleep_until: Option<Timestamp>,
}

/// What was said in a channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct History {
    /// What there is, by offset, in order. An offset that is missing is gone.
    pub entries: Vec<(u64, Vec<u8>)>,
}

/// Keeps what was said in channels.
pub trait Histories: Send + Sync {
    /// What was said in a channel after one offset, up to another.
    ///
    /// # Errors
    ///
    /// It could not be read.
    fn history(&self, channel: Arc<str>, after: u64, upto: u64) -> BoxFuture<'static, Result<History, Error>>;

    /// Forgets a channel, with its history, soon. If something is said in it later, it has another epoch.
    fn forget(&self, channel: Arc<str>);
}

/// Why a journal cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has the folder.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// The database cannot be used.
    #[error("{file} cannot be used: {reason}", file = file.display())]
    Unusable {
        /// Its file.
        file: PathBuf,
        /// Why not.
        reason: String,
    },
    /// SQLite could not do its part.
    #[error(transparent)]
    Sqlite(#[from] rusqlite::Error),
    /// The system could not do its part.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Sqlite {
    /// Opens the journal in a folder, which is made, for its owner alone, if it is not there.
    ///
    /// # Errors
    ///
    /// It cannot be had, or not be used.
    pub fn open(folder: &Path, limits: &Limits) -> Result<Opened, OpenError> {
        open(folder, limits, |file, writer, lock| Self::start(file, writer, limits.readers, lock))
    }

    fn start(file: &Path, writer: Writer, readers: usize, lock: Lock) -> Result<Self, OpenError> {
        let queue = Arc::new(Queue::default());
        let readers = Readers::start(file, readers)?;
        let writing = {
            let queue = Arc::clone(&queue);
            std::thread::Builder::new().name("sandgate-journal".into()).spawn(move || writer.run(&queue))?
        };
        Ok(Self { queue, readers, writing: Mutex::new(Some(writing)), _lock: lock })
    }

    /// Writes what waits, and closes the files. What is appended later fails.
    pub fn close(&self) {
        // The last connection to be closed writes the log into the database: it must be the one that can.
        self.readers.close();
        self.queue.close();
        let writing = self.writing.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(Err(_)) = writing.map(JoinHandle::join) {
            tracing::error!("the thread of the journal panicked; its log has the place");
        }
    }
}

impl Histories for Sqlite {
    fn history(&self, channel: Arc<str>, after: u64, upto: u64) -> BoxFuture<'static, Result<History, Error>> {
        self.readers.ask(move |connection| read::history(connection, &channel, after, upto))
    }

    fn forget(&self, channel: Arc<str>) {
        self.queue.forget(channel);
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.close();
    }
}

impl Journal for Sqlite {
    fn lasts(&self) -> Lasts {
        Lasts::OnDisk
    }

    fn append(&self, batch: Batch) {
        self.queue.push(Row::new(batch));
    }

    fn read(&self, run: RunId) -> BoxFuture<'static, Result<Option<Log>, Error>> {
        self.readers.ask(move |connection| read::log(connection, run))
    }

    fn events(&self, run: RunId, from: u64) -> BoxFuture<'static, Result<Numbered, Error>> {
        self.readers.ask(move |connection| read::events(connection, run, from, EVENTS_AT_ONCE))
    }

    fn summary(&self, run: RunId) -> BoxFuture<'static, Result<Option<Summary>, Error>> {
        self.readers.ask(move |connection| read::summary(connection, run))
    }

    fn list(&self, query: Query) -> BoxFuture<'static, Result<Vec<Summary>, Error>> {
        self.readers.ask(move |connection| read::list(connection, &query))
    }

    fn find(&self, key: Key) -> BoxFuture<'static, Result<Option<Keyed>, Error>> {
        self.readers.ask(move |connection| read::keyed(connection, &key))
    }

    fn health(&self) -> Result<(), Error> {
        self.queue.health()
    }
}

/// Opens what is in a folder, and starts the journal over it.
fn open<J>(
    folder: &Path,
    limits: &Limits,
    start: impl FnOnce(&Path, Writer, Lock) -> Result<J, OpenError>,
) -> Result<Opened<J>, OpenError> {
    make(folder)?;
    let lock = Lock::take(folder)?;
    let file = folder.join(FILE);
    let mut damage: Vec<_> = damage::of_log(&log_of(&file))?.into_iter().collect();
    let unusable = |reason: String| OpenError::Unusable { file: file.clone(), reason };
    let mut connection = Connection::open(&file).map_err(|error| unusable(error.to_string()))?;
    set_up(&connection).map_err(|error| unusable(error.to_string()))?;
    schema::migrate(&mut connection).map_err(|error| unusable(error.to_string()))?;
    // What a crash left behind the end of the log is not to be taken for damage after the next one.
    let _: i64 = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |row| row.get(0))?;
    let (commits, epoch) = meta(&connection)?;
    damage.extend(lost(folder, commits));
    damage.extend(damage::of_pages(&connection));
    let channels = read::channels(&connection, &mut damage)?;
    let unended = read::unended(&connection, &mut damage);
    let retention = Retention {
        ended_runs: read::ended_runs(&connection).unwrap_or_default(),
        ended_runs_max: limits.ended_runs_stored_max,
        run_age: Duration::from_millis(limits.ended_runs_stored_ms_max),
        key_age: Duration::from_millis(limits.key_ms_max),
        history_age: Duration::from_millis(limits.history_ms_max),
    };
    let standing = read::standing(&channels);
    let writer = Writer {
        mark: Mark::open(folder, commits)?,
        keep: Keep { entries_max: limits.history_entries_max, bytes_max: limits.history_bytes_max },
        pace: Pace {
            commit_batches_max: limits.commit_batches_max.max(1),
            commit_bytes_max: limits.commit_bytes_max,
            retry_ms: limits.retry_ms,
            tidy_every_ms: limits.tidy_every_ms,
        },
        connection,
        channels,
        retention,
    };
    let journal = start(&file, writer, lock)?;
    Ok(Opened { journal, channels: standing, epoch, unended, damage })
}

fn make(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

/// What every connection is set to.
fn set_up(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(5))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    // Otherwise a statement is prepared anew for each value that is bound to it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    if !connection.is_readonly("main")? {
        let _: String = connection.query_row("PRAGMA journal_mode = WAL", (), |row| row.get(0))?;
    }
    Ok(())
}

/// The number of commits, and the epoch of channels that are new.
fn meta(connection: &Connection) -> Result<(u64, u64), OpenError> {
    let known: rusqlite::Result<(i64, i64)> =
        connection.query_row("SELECT commits, epoch FROM meta", (), |row| Ok((row.get(0)?, row.get(1)?)));
    match known {
        Ok((commits, epoch)) => Ok((commits.unsigned_abs(), epoch as u64)),
        Err(rusqlite::Error::QueryReturnedNoRows) => {
            let mut random = [0; 8];
            getrandom::fill(&mut random).map_err(std::io::Error::other)?;
            let epoch = u64::from_le_bytes(random);
            connection.execute("INSERT INTO meta (commits, epoch) VALUES (0, ?1)", [epoch as i64])?;
            Ok((0, epoch))
        }
        Err(error) => Err(error.into()),
    }
}

/// What the mark says that is not there.
fn lost(folder: &Path, commits: u64) -> Option<String> {
    let lost = Mark::read(folder)?.saturating_sub(commits);
    (lost > 0).then(|| {
        format!("the last {lost} commits are not in {FILE}: its end, or that of its write-ahead log, was cut off")
    })
}
