//! The runs that have not ended: those in memory, and those that sleep outside of it.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use sandgate_flow::event::{RunId, Timestamp};
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use super::{Anchor, Run};

/// Finds runs by their ids, and whoever of those outside of memory is due next. A run there is an entry in two maps.
#[derive(Default)]
pub(crate) struct Directory {
    runs: Mutex<Runs>,
    /// Somebody is due earlier than all others were.
    earlier: Notify,
    /// Somebody is not being brought back any longer.
    woken: Notify,
}

#[derive(Default)]
struct Runs {
    live: HashMap<RunId, Anchor>,
    asleep: HashMap<RunId, Timestamp>,
    by_due: BTreeSet<(Timestamp, RunId)>,
    /// Being brought back into memory.
    waking: HashSet<RunId>,
}

/// Where a run is.
#[derive(Debug)]
pub(crate) enum Whereabouts {
    /// In memory.
    Live(Run),
    /// It slept outside of memory. Whoever asked is to wake it, and nobody else is.
    ToBeWoken,
    /// It is being brought back into memory.
    Waking,
    /// There is none, or it has ended.
    Unknown,
}

/// Whether a run leaves memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    /// Something goes on in it, somebody wants to cancel it, or too many sleep already.
    No,
    /// It would, but somebody has a handle to it, or had one a moment ago.
    Followed,
    /// It does, until then.
    Sleeps(Timestamp),
}

impl Runs {
    /// Whether the run is due before all others.
    fn sleep(&mut self, run: RunId, due: Timestamp) -> bool {
        let is_first = self.by_due.first().is_none_or(|(first, _)| due < *first);
        self.asleep.insert(run, due);
        self.by_due.insert((due, run));
        is_first
    }
}

impl Directory {
    /// A run has begun.
    pub(crate) fn add(&self, run: Anchor) {
        self.lock().live.insert(run.id(), run);
    }

    /// A run is in memory that was asleep.
    pub(crate) fn woke(&self, run: Anchor) {
        let mut runs = self.lock();
        runs.waking.remove(&run.id());
        runs.live.insert(run.id(), run);
        drop(runs);
        self.woken.notify_waiters();
    }

    /// A run has ended, or could not be woken.
    pub(crate) fn remove(&self, run: RunId) {
        let mut runs = self.lock();
        runs.live.remove(&run);
        let was_waking = runs.waking.remove(&run);
        drop(runs);
        if was_waking {
            self.woken.notify_waiters();
        }
    }

    /// A run is outside of memory until it is due: it was found there, or could not be woken yet.
    pub(crate) fn lie(&self, run: RunId, due: Timestamp) {
        let mut runs = self.lock();
        let was_waking = runs.waking.remove(&run);
        let is_first = runs.sleep(run, due);
        drop(runs);
        if is_first {
            self.earlier.notify_one();
        }
        if was_waking {
            self.woken.notify_waiters();
        }
    }

    /// A run leaves memory until it is due, if it may.
    pub(crate) fn sleeps(&self, run: RunId, due: Timestamp, asleep_max: usize, followed: impl Fn() -> bool) -> Rest {
        let mut runs = self.lock();
        let wanted = runs.live.get(&run).is_none_or(Anchor::is_cancelled);
        if wanted || runs.asleep.len() >= asleep_max {
            return Rest::No;
        }
        if followed() {
            return Rest::Followed;
        }
        runs.live.remove(&run);
        let is_first = runs.sleep(run, due);
        drop(runs);
        if is_first {
            self.earlier.notify_one();
        }
        Rest::Sleeps(due)
    }

    /// Whether a run has neither ended nor is it unknown.
    pub(crate) fn is_under_way(&self, run: RunId) -> bool {
        let runs = self.lock();
        let Some(live) = runs.live.get(&run).cloned() else {
            return runs.asleep.contains_key(&run) || runs.waking.contains(&run);
        };
        // Others are not to wait with whoever looks.
        drop(runs);
        !live.has_ended()
    }

    /// How many sleep outside of memory.
    pub(crate) fn asleep(&self) -> usize {
        self.lock().asleep.len()
    }

    /// Where a run is.
    pub(crate) fn find(&self, run: RunId) -> Whereabouts {
        let mut runs = self.lock();
        if let Some(live) = runs.live.get(&run) {
            // One that has ended is about to be removed.
            return if live.has_ended() { Whereabouts::Unknown } else { Whereabouts::Live(live.run()) };
        }
        if let Some(due) = runs.asleep.remove(&run) {
            runs.by_due.remove(&(due, run));
            runs.waking.insert(run);
            return Whereabouts::ToBeWoken;
        }
        if runs.waking.contains(&run) { Whereabouts::Waking } else { Whereabouts::Unknown }
    }

    /// Resolves when some run is in memory that was being brought back, or could not be.
    pub(crate) fn woken(&self) -> Notified<'_> {
        self.woken.notified()
    }

    /// Takes a run that is due by now, to be woken.
    pub(crate) fn due(&self, now: Timestamp) -> Option<RunId> {
        let mut runs = self.lock();
        let (due, run) = runs.by_due.first().copied().filter(|(due, _)| *due <= now)?;
        runs.by_due.remove(&(due, run));
        runs.asleep.remove(&run);
        runs.waking.insert(run);
        Some(run)
    }

    /// When the next one is due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.lock().by_due.first().map(|(due, _)| *due)
    }

    /// Resolves when somebody is due earlier than all others.
    pub(crate) async fn earlier(&self) {
        self.earlier.notified().await;
    }

    fn lock(&self) -> MutexGuard<'_, Runs> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::watch;
    use uuid::Uuid;

    use super::*;
    use crate::journal::{Status, Summary};

    fn run(number: u128) -> Anchor {
        let summary = Summary {
            run: RunId(Uuid::from_u128(number)),
            flow: "f".into(),
            version: 1,
            caller: None,
            key: None,
            started: Timestamp(0),
            ended: None,
            status: Status::Running,
            asleep_until: None,
            told: None,
        };
        Anchor::new(&summary, watch::Sender::new(None))
    }

    #[test]
    fn who_is_due_first_is_woken_first_and_not_before() {
        let directory = Directory::default();
        for (number, due) in [(1, 30), (2, 10), (3, 20)] {
            directory.add(run(number));
            let rest = directory.sleeps(run(number).id(), Timestamp(due), 10, || false);
            assert_eq!(rest, Rest::Sleeps(Timestamp(due)));
        }
        assert_eq!((directory.next_due(), directory.due(Timestamp(9))), (Some(Timestamp(10)), None));
        let woken = [directory.due(Timestamp(20)), directory.due(Timestamp(20)), directory.due(Timestamp(20))];
        assert_eq!(woken, [Some(run(2).id()), Some(run(3).id()), None]);
    }

    #[test]
    fn one_that_is_followed_or_to_be_cancelled_does_not_fall_asleep_nor_one_too_many() {
        let directory = Directory::default();
        directory.add(run(1));
        let id = run(1).id();
        assert_eq!(directory.sleeps(id, Timestamp(10), 10, || true), Rest::Followed);
        assert_eq!(directory.sleeps(id, Timestamp(10), 0, || false), Rest::No);
        let Whereabouts::Live(live) = directory.find(id) else { panic!("it is in memory") };
        live.cancel("why");
        assert_eq!(directory.sleeps(id, Timestamp(10), 10, || false), Rest::No);
    }

    #[test]
    fn one_that_sleeps_is_woken_by_one_who_looks_for_it() {
        let directory = Directory::default();
        directory.lie(run(1).id(), Timestamp(10));
        assert!(matches!(directory.find(run(1).id()), Whereabouts::ToBeWoken));
        assert!(matches!(directory.find(run(1).id()), Whereabouts::Waking));
        assert_eq!(directory.due(Timestamp(10)), None);
        directory.woke(run(1));
        assert!(matches!(directory.find(run(1).id()), Whereabouts::Live(_)));
        directory.remove(run(1).id());
        assert!(matches!(directory.find(run(1).id()), Whereabouts::Unknown));
    }
}
