//! Threads that read, each with a connection of its own: reading waits for the disk, and whoever asks must not.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use rusqlite::{Connection, OpenFlags};
use tokio::sync::oneshot;

use super::super::Error;

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// Hands out what is asked. Each of those who ask waits for the answer, so no more waits here than they are.
#[derive(Default)]
pub(super) struct Readers {
    jobs: Mutex<Jobs>,
    changed: Condvar,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Default)]
struct Jobs {
    waiting: VecDeque<Job>,
    closed: bool,
}

impl Readers {
    /// Starts so many threads.
    pub(super) fn start(file: &Path, threads: usize) -> Result<Arc<Self>, super::OpenError> {
        let readers = Arc::new(Self::default());
        for _ in 0..threads.max(1) {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(file, flags)?;
            super::set_up(&connection)?;
            let reading = Arc::clone(&readers);
            let builder = std::thread::Builder::new().name("sandgate-reads".into());
            let thread = builder.spawn(move || reading.run(&connection))?;
            readers.threads.lock().unwrap_or_else(PoisonError::into_inner).push(thread);
        }
        Ok(readers)
    }

    /// Asks, and resolves to the answer.
    pub(super) fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> BoxFuture<'static, Result<T, Error>> {
        let (answer, answered) = oneshot::channel();
        let job = Box::new(move |connection: &Connection| {
            // Whoever asked may have left.
            let _ = answer.send(question(connection));
        });
        let mut jobs = self.lock();
        if !jobs.closed {
            jobs.waiting.push_back(job);
            self.changed.notify_one();
        }
        drop(jobs);
        async move { answered.await.unwrap_or(Err(Error::Closed)) }.boxed()
    }

    /// Ends the threads, and with them their connections.
    pub(super) fn close(&self) {
        let mut jobs = self.lock();
        jobs.closed = true;
        jobs.waiting.clear();
        drop(jobs);
        self.changed.notify_all();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            // What panicked has been told of, and answers no more.
            let _ = thread.join();
        }
    }

    fn run(&self, connection: &Connection) {
        loop {
            let waited = self.changed.wait_while(self.lock(), |jobs| jobs.waiting.is_empty() && !jobs.closed);
            let mut jobs = waited.unwrap_or_else(PoisonError::into_inner);
            let Some(job) = jobs.waiting.pop_front() else { return };
            drop(jobs);
            job(connection);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Jobs> {
        self.jobs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
