//! Who may go ahead, where only so many may at once.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

/// A number of places. Taking one blocks while there is none.
pub(super) struct Turns {
    free: Mutex<usize>,
    returned: Condvar,
}

/// A place, until it is dropped.
pub(super) struct Turn<'a>(&'a Turns);

impl Turns {
    /// With so many places, and at least one.
    pub(super) fn new(places: usize) -> Self {
        Self { free: Mutex::new(places.max(1)), returned: Condvar::new() }
    }

    pub(super) fn take(&self) -> Turn<'_> {
        let free = self.returned.wait_while(self.free(), |free| *free == 0);
        *free.unwrap_or_else(PoisonError::into_inner) -= 1;
        Turn(self)
    }

    fn free(&self) -> MutexGuard<'_, usize> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.free() += 1;
        self.0.returned.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    use super::*;

    #[test]
    fn no_more_than_there_are_places_go_ahead_at_once() {
        let turns = Turns::new(2);
        let (under_way, most) = (AtomicUsize::new(0), AtomicUsize::new(0));
        let go = || {
            for _ in 0..1_000 {
                let _turn = turns.take();
                most.fetch_max(under_way.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                thread::yield_now();
                under_way.fetch_sub(1, Ordering::SeqCst);
            }
        };
        thread::scope(|scope| (0..8).for_each(|_| drop(scope.spawn(go))));
        assert!((1..=2).contains(&most.into_inner()));
        assert_eq!(*turns.free(), 2);
    }

    #[test]
    fn there_is_always_one() {
        drop(Turns::new(0).take());
    }
}
