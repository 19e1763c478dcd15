//! The journal as a simulated host has it: reading takes time and fails now and then, and what is told is noted.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use sandgate_engine::clock::Clock as _;
use sandgate_engine::journal::sqlite::{ByHand, Histories, History};
use sandgate_engine::journal::{Batch, Error, Journal, Key, Keyed, Lasts, Log, Numbered, Query, Summary};
use sandgate_flow::event::RunId;

use super::chance::Chance;
use super::clock::Simulated;
use super::ledger::Ledger;

/// A journal, and who notes what it tells.
pub(super) struct Store {
    pub(super) journal: ByHand,
    pub(super) clock: Simulated,
    pub(super) ledger: Arc<Mutex<Ledger>>,
    pub(super) chance: Mutex<Chance>,
    pub(super) slow_ms_max: u64,
    /// One in so many reads fails; none if this is 0.
    pub(super) fails_one_in: AtomicU64,
}

impl Store {
    /// Nothing fails from now on.
    pub(super) fn heal(&self) {
        self.fails_one_in.store(0, Ordering::Relaxed);
    }

    fn slowly<T: Send + 'static>(
        &self,
        read: BoxFuture<'static, Result<T, Error>>,
    ) -> BoxFuture<'static, Result<T, Error>> {
        let mut chance = self.chance.lock().unwrap_or_else(PoisonError::into_inner);
        let fails_one_in = self.fails_one_in.load(Ordering::Relaxed);
        if fails_one_in > 0 && chance.one_in(fails_one_in) {
            return async { Err(Error::Reading("the disk does not answer".to_owned())) }.boxed();
        }
        if chance.one_in(3) {
            return read;
        }
        let due = self.clock.now() + chance.up_to_ms(self.slow_ms_max);
        let slow = self.clock.sleep_until(due);
        // What is read is as it was when it was asked for, or when it is answered.
        let before = chance.one_in(2);
        async move {
            if before {
                slow.await;
                return read.await;
            }
            let read = read.await;
            slow.await;
            read
        }
        .boxed()
    }
}

impl Journal for Store {
    fn lasts(&self) -> Lasts {
        Lasts::OnDisk
    }

    fn append(&self, mut batch: Batch) {
        let (run, first, events) = (batch.run, batch.first, batch.events.clone());
        let ledger = Arc::clone(&self.ledger);
        let told = std::mem::replace(&mut batch.told, Box::new(drop));
        batch.told = Box::new(move |durable| {
            if let Ok(durable) = &durable {
                ledger.lock().unwrap_or_else(PoisonError::into_inner).told(run, first, events, durable);
            }
            told(durable);
        });
        self.journal.append(batch);
    }

    fn read(&self, run: RunId) -> BoxFuture<'static, Result<Option<Log>, Error>> {
        self.slowly(self.journal.read(run))
    }

    fn events(&self, run: RunId, from: u64) -> BoxFuture<'static, Result<Numbered, Error>> {
        self.slowly(self.journal.events(run, from))
    }

    fn summary(&self, run: RunId) -> BoxFuture<'static, Result<Option<Summary>, Error>> {
        self.slowly(self.journal.summary(run))
    }

    fn list(&self, query: Query) -> BoxFuture<'static, Result<Vec<Summary>, Error>> {
        self.slowly(self.journal.list(query))
    }

    fn find(&self, key: Key) -> BoxFuture<'static, Result<Option<Keyed>, Error>> {
        self.slowly(self.journal.find(key))
    }

    fn health(&self) -> Result<(), Error> {
        self.journal.health()
    }
}

impl Histories for Store {
    fn history(&self, channel: Arc<str>, after: u64, upto: u64) -> BoxFuture<'static, Result<History, Error>> {
        self.slowly(self.journal.history(channel, after, upto))
    }

    fn forget(&self, channel: Arc<str>) {
        self.journal.forget(channel);
    }
}
