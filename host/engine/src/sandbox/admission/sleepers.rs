//! Activations that sleep and have kept their instance, and those that wait for room.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sandgate_flow::event::Timestamp;
use tokio::sync::Notify;

/// Those who sleep, by when they are due, and how many wait.
#[derive(Default)]
pub(crate) struct Sleepers {
    asleep: Mutex<Asleep>,
    waiting: AtomicUsize,
}

#[derive(Default)]
struct Asleep {
    by_due: BTreeMap<Key, Arc<Notify>>,
    next: u64,
}

/// When it is due, and a number that tells it from others that are due then.
type Key = (Timestamp, u64);

/// Somebody who waits for room, for as long as this lives.
pub(super) struct Waiting<'a>(&'a Sleepers);

/// Somebody who sleeps, for as long as this lives.
struct Sleeper<'a> {
    sleepers: &'a Sleepers,
    key: Key,
}

impl Sleepers {
    /// Counts somebody who is about to wait for room.
    pub(super) fn wait_for_room(&self) -> Waiting<'_> {
        self.waiting.fetch_add(1, Ordering::SeqCst);
        Waiting(self)
    }

    /// Whether anybody waits for room.
    pub(super) fn is_room_wanted(&self) -> bool {
        self.waiting.load(Ordering::SeqCst) > 0
    }

    /// Asks the one that is due last to give up its instance. Who was asked is not asked again.
    pub(super) fn wake_last(&self) {
        let last = self.lock().by_due.pop_last();
        if let Some((_, wanted)) = last {
            wanted.notify_one();
        }
    }

    /// Resolves when the instance of an activation that sleeps until then is to be given up.
    pub(crate) async fn wanted(&self, due: Timestamp) {
        let wanted = Arc::new(Notify::new());
        let _sleeper = self.add(due, &wanted);
        // Looked at only now: who wanted room before has not found this one.
        if self.is_room_wanted() {
            self.wake_last();
        }
        wanted.notified().await;
    }

    fn add(&self, due: Timestamp, wanted: &Arc<Notify>) -> Sleeper<'_> {
        let mut asleep = self.lock();
        asleep.next += 1;
        let key = (due, asleep.next);
        asleep.by_due.insert(key, Arc::clone(wanted));
        Sleeper { sleepers: self, key }
    }

    fn lock(&self) -> MutexGuard<'_, Asleep> {
        self.asleep.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Drop for Sleeper<'_> {
    fn drop(&mut self) {
        self.sleepers.lock().by_due.remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;
    use futures_util::future::BoxFuture;

    use super::*;

    /// Somebody who has gone to sleep.
    fn asleep(sleepers: &Sleepers, due: u64) -> BoxFuture<'_, ()> {
        let mut wanted = sleepers.wanted(Timestamp(due)).boxed();
        assert_eq!((&mut wanted).now_or_never(), None);
        wanted
    }

    #[test]
    fn who_is_due_last_gives_way_first_and_each_once() {
        let sleepers = Sleepers::default();
        let [mut soon, later, gone] = [1, 2, 3].map(|due| asleep(&sleepers, due));
        drop(gone);
        sleepers.wake_last();
        assert_eq!(later.now_or_never(), Some(()));
        assert_eq!((&mut soon).now_or_never(), None);
        sleepers.wake_last();
        assert_eq!(soon.now_or_never(), Some(()));
    }

    #[test]
    fn who_goes_to_sleep_while_room_is_wanted_gives_way_at_once() {
        let sleepers = Sleepers::default();
        let waiting = sleepers.wait_for_room();
        assert_eq!(sleepers.wanted(Timestamp(1)).now_or_never(), Some(()));
        drop(waiting);
        drop(asleep(&sleepers, 1));
    }
}
