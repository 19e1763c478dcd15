//! Who sleeps until when: one structure for all sleepers of a clock.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use sandgate_flow::event::Timestamp;

/// The sleepers of one clock, by when they are due. Whoever owns it calls [`Timers::fire`] as time passes, or leaves
/// that to [`Timers::run`].
#[derive(Default)]
pub(crate) struct Timers {
    sleepers: Mutex<Sleepers>,
    changed: Condvar,
}

#[derive(Default)]
struct Sleepers {
    /// By due time, then in the order that they came.
    waiting: BTreeMap<(Timestamp, u64), Waker>,
    next: u64,
    fired_until: Timestamp,
    stopped: bool,
}

impl Timers {
    /// A future that resolves once [`Timers::fire`] has been called with `due` or later.
    pub(crate) fn sleep(this: &Arc<Self>, due: Timestamp) -> Sleep {
        Sleep { timers: Arc::clone(this), due, key: None }
    }

    /// When the next sleeper is due.
    pub(crate) fn next_due(&self) -> Option<Timestamp> {
        self.lock().waiting.first_key_value().map(|((due, _), _)| *due)
    }

    /// Wakes everyone who is due by `now`, in order.
    pub(crate) fn fire(&self, now: Timestamp) {
        let mut sleepers = self.lock();
        sleepers.fired_until = sleepers.fired_until.max(now);
        let later = sleepers.waiting.split_off(&(now + Duration::from_micros(1), 0));
        let due = std::mem::replace(&mut sleepers.waiting, later);
        drop(sleepers);
        due.into_values().for_each(Waker::wake);
    }

    /// Fires as `now` passes, until [`Timers::stop`].
    pub(crate) fn run(&self, now: impl Fn() -> Timestamp) {
        loop {
            self.fire(now());
            let sleepers = self.lock();
            if sleepers.stopped {
                return;
            }
            match sleepers.waiting.first_key_value().map(|((due, _), _)| *due) {
                // Nobody sleeps: wait for somebody.
                None => drop(self.changed.wait(sleepers).unwrap_or_else(PoisonError::into_inner)),
                Some(due) => {
                    let wait = due.since(now());
                    drop(self.changed.wait_timeout(sleepers, wait).unwrap_or_else(PoisonError::into_inner));
                }
            }
        }
    }

    /// Ends [`Timers::run`].
    pub(crate) fn stop(&self) {
        self.lock().stopped = true;
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Sleepers> {
        self.sleepers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A sleeper.
pub(crate) struct Sleep {
    timers: Arc<Timers>,
    due: Timestamp,
    key: Option<u64>,
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let timers = Arc::clone(&self.timers);
        let mut sleepers = timers.lock();
        if sleepers.fired_until >= self.due {
            return Poll::Ready(());
        }
        let key = *self.key.get_or_insert_with(|| {
            sleepers.next += 1;
            sleepers.next
        });
        let first = sleepers.waiting.first_key_value().is_none_or(|((due, _), _)| self.due < *due);
        sleepers.waiting.insert((self.due, key), cx.waker().clone());
        drop(sleepers);
        if first {
            timers.changed.notify_all();
        }
        Poll::Pending
    }
}

impl Drop for Sleep {
    fn drop(&mut self) {
        if let Some(key) = self.key {
            self.timers.lock().waiting.remove(&(self.due, key));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;

    use futures_util::FutureExt as _;

    use super::*;

    #[test]
    fn a_sleeper_wakes_when_its_time_has_come_and_not_before() {
        let timers = Arc::new(Timers::default());
        let mut sleep = Timers::sleep(&timers, Timestamp(10));
        assert_eq!((&mut sleep).now_or_never(), None);
        timers.fire(Timestamp(9));
        assert_eq!((&mut sleep).now_or_never(), None);
        timers.fire(Timestamp(10));
        assert_eq!(sleep.now_or_never(), Some(()));
    }

    #[test]
    fn a_sleeper_that_is_dropped_is_forgotten() {
        let timers = Arc::new(Timers::default());
        let mut sleep = Timers::sleep(&timers, Timestamp(10));
        let mut polled = poll_fn(|cx| Poll::Ready(Pin::new(&mut sleep).poll(cx).is_ready()));
        assert_eq!((&mut polled).now_or_never(), Some(false));
        assert_eq!(timers.next_due(), Some(Timestamp(10)));
        drop(sleep);
        assert_eq!(timers.next_due(), None);
    }
}
