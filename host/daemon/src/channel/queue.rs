//! A queue with a bound in bytes and in entries, whose owner learns that it was too slow.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

use tokio::sync::Notify;

use super::lock;

/// How much an entry takes of a queue's bound.
pub(crate) trait Weigh {
    /// In bytes.
    fn bytes(&self) -> usize;
}

/// Filled from anywhere without waiting, emptied by one owner.
pub(crate) struct Queue<T> {
    state: Mutex<State<T>>,
    /// There is one waiter: the owner.
    changed: Notify,
    bytes_max: usize,
    entries_max: usize,
}

struct State<T> {
    entries: VecDeque<T>,
    bytes: usize,
    phase: Phase,
    /// How many entries may still be taken before the others are [released](Queue::release).
    held: Option<usize>,
    /// What others were released with, as far as it is still here: that is bounded by whoever kept it, and comes on top of the
    /// queue's own bounds.
    on_top: OnTop,
}

/// Entries that do not count.
#[derive(Clone, Copy, Default)]
struct OnTop {
    entries: usize,
    bytes: usize,
}

impl<T> State<T> {
    fn of(phase: Phase) -> Self {
        Self { entries: VecDeque::new(), bytes: 0, phase, held: None, on_top: OnTop::default() }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    Open,
    /// The last entry is in.
    Finished,
    /// There was no room, and everything in it was dropped.
    Overflowed,
}

/// Whether the owner has to be woken for an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum News {
    /// It has: it may be waiting.
    First,
    /// It was, or is about to be, for an earlier one.
    Known,
}

/// The owner of the queue was too slow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Overflowed;

impl<T: Weigh> Queue<T> {
    /// An empty queue.
    pub(crate) fn new(bytes_max: usize, entries_max: usize) -> Self {
        let state = State::of(Phase::Open);
        Self { state: Mutex::new(state), changed: Notify::new(), bytes_max, entries_max }
    }

    /// Adds an entry. If there is no room, the queue overflows and what is in it is dropped; an entry that is alone may
    /// be of any size. Without effect on a queue that is finished or has overflowed.
    pub(crate) fn push(&self, entry: T) {
        if self.add(entry, Phase::Open) == News::First {
            self.wake();
        }
    }

    /// Adds an entry, as [`Self::push`] does, but leaves it to the caller to wake the owner, soon: for entries that follow
    /// each other closely.
    pub(crate) fn enter(&self, entry: T) -> News {
        self.add(entry, Phase::Open)
    }

    /// Adds the last entry.
    pub(crate) fn finish(&self, entry: T) {
        self.release(Vec::new());
        if self.add(entry, Phase::Finished) == News::First {
            self.wake();
        }
    }

    /// Holds back what is entered from now on.
    pub(crate) fn hold(&self) {
        let mut state = self.lock();
        state.held = Some(state.entries.len());
    }

    /// Lets out what was held back, after these, which may be more than the queue may hold. False if nothing is held back any
    /// more: then these are not entered.
    pub(crate) fn release(&self, before: Vec<T>) -> bool {
        let mut state = self.lock();
        let Some(held) = state.held.take() else { return false };
        let held = held.min(state.entries.len());
        let later = state.entries.split_off(held);
        let bytes = before.iter().map(T::bytes).sum::<usize>();
        state.bytes += bytes;
        state.on_top = OnTop { entries: before.len(), bytes };
        state.entries.extend(before);
        state.entries.extend(later);
        drop(state);
        self.wake();
        true
    }

    /// Wakes the owner for what was entered.
    pub(crate) fn wake(&self) {
        self.changed.notify_one();
    }

    fn add(&self, entry: T, then: Phase) -> News {
        let mut state = self.lock();
        if state.phase != Phase::Open {
            return News::Known;
        }
        // The owner empties the queue before it waits: only the first entry wakes it.
        let was_empty = state.entries.is_empty();
        let bytes = state.bytes + entry.bytes();
        let OnTop { entries: more, bytes: more_bytes } = state.on_top;
        let full = bytes > self.bytes_max.saturating_add(more_bytes)
            || state.entries.len() >= self.entries_max.saturating_add(more);
        if full && !state.entries.is_empty() {
            *state = State::of(Phase::Overflowed);
        } else {
            state.entries.push_back(entry);
            state.bytes = bytes;
            state.phase = then;
        }
        if was_empty || state.phase != Phase::Open { News::First } else { News::Known }
    }

    /// The next entry, as soon as there is one. Never resolves after the last.
    pub(crate) async fn next(&self) -> Result<T, Overflowed> {
        loop {
            if let Some(next) = self.try_next() {
                return next;
            }
            self.changed.notified().await;
        }
    }

    /// The next entry, if there is one.
    pub(crate) fn try_next(&self) -> Option<Result<T, Overflowed>> {
        let mut state = self.lock();
        if state.phase == Phase::Overflowed {
            return Some(Err(Overflowed));
        }
        if state.held == Some(0) {
            return None;
        }
        let entry = state.entries.pop_front()?;
        state.held = state.held.map(|held| held - 1);
        state.on_top.entries = state.on_top.entries.saturating_sub(1);
        state.on_top.bytes = state.on_top.bytes.saturating_sub(entry.bytes());
        state.bytes = state.bytes.saturating_sub(entry.bytes());
        if state.entries.is_empty() {
            // A burst is not to be paid for as long as the session lasts.
            state.entries.shrink_to(16);
        }
        Some(Ok(entry))
    }

    /// Resolves when the queue overflows. For its owner, while it does something else than to wait for the next entry.
    pub(crate) async fn overflowed(&self) {
        while self.lock().phase != Phase::Overflowed {
            self.changed.notified().await;
        }
        // For the owner's next look, since this one has used up the notice.
        self.changed.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        lock(&self.state)
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;

    use futures_util::FutureExt as _;

    use super::*;

    impl Weigh for &'static str {
        fn bytes(&self) -> usize {
            self.len()
        }
    }

    #[test]
    fn entries_come_out_in_order() {
        let queue = Queue::new(10, 10);
        queue.push("a");
        queue.push("b");
        assert_eq!(queue.next().now_or_never(), Some(Ok("a")));
        assert_eq!(queue.next().now_or_never(), Some(Ok("b")));
        assert_eq!(queue.next().now_or_never(), None);
    }

    #[test]
    fn one_byte_too_many_overflows() {
        let queue = Queue::new(4, 10);
        queue.push("ab");
        queue.push("cd");
        assert_eq!(queue.overflowed().now_or_never(), None);
        queue.push("e");
        assert_eq!(queue.overflowed().now_or_never(), Some(()));
        assert_eq!(queue.next().now_or_never(), Some(Err(Overflowed)));
    }

    #[test]
    fn one_entry_too_many_overflows() {
        let queue = Queue::new(100, 2);
        queue.push("a");
        queue.push("b");
        queue.push("c");
        assert_eq!(queue.next().now_or_never(), Some(Err(Overflowed)));
    }

    #[test]
    fn an_owner_that_waits_hears_of_an_overflow_though_it_knows_of_entries() {
        let queue = Queue::new(100, 2);
        let mut overflowed = Box::pin(queue.overflowed());
        queue.push("a");
        assert_eq!(overflowed.as_mut().now_or_never(), None);
        queue.push("b");
        queue.push("c");
        assert_eq!(overflowed.now_or_never(), Some(()));
    }

    #[test]
    fn what_was_taken_out_makes_room() {
        let queue = Queue::new(4, 10);
        queue.push("abcd");
        assert_eq!(queue.next().now_or_never(), Some(Ok("abcd")));
        queue.push("efgh");
        assert_eq!(queue.next().now_or_never(), Some(Ok("efgh")));
    }

    #[test]
    fn an_entry_that_is_alone_may_be_of_any_size() {
        let queue = Queue::new(4, 10);
        queue.push("larger than that");
        assert_eq!(queue.next().now_or_never(), Some(Ok("larger than that")));
    }

    #[test]
    fn an_entry_that_is_only_entered_is_there_once_its_owner_is_woken() {
        let queue = Queue::new(10, 10);
        let mut next = pin!(queue.next());
        assert_eq!(next.as_mut().now_or_never(), None);
        assert_eq!([queue.enter("a"), queue.enter("b")], [News::First, News::Known]);
        queue.wake();
        assert_eq!(next.now_or_never(), Some(Ok("a")));
    }

    #[test]
    fn what_is_held_back_comes_after_what_it_is_released_with() {
        let queue = Queue::new(100, 10);
        queue.push("welcome");
        queue.hold();
        queue.push("live");
        assert_eq!(queue.next().now_or_never(), Some(Ok("welcome")));
        let mut next = pin!(queue.next());
        assert_eq!(next.as_mut().now_or_never(), None);
        assert!(queue.release(vec!["missed", "too"]));
        assert_eq!(next.now_or_never(), Some(Ok("missed")));
        assert_eq!(queue.next().now_or_never(), Some(Ok("too")));
        assert_eq!(queue.next().now_or_never(), Some(Ok("live")));
        assert!(!queue.release(vec!["late"]));
        assert_eq!(queue.next().now_or_never(), None);
    }

    #[test]
    fn what_is_held_back_is_let_out_by_the_last_and_counts_as_all_else_does() {
        let queue = Queue::new(100, 10);
        queue.hold();
        queue.push("a");
        queue.finish("bye");
        assert_eq!([queue.next().now_or_never(), queue.next().now_or_never()], [Some(Ok("a")), Some(Ok("bye"))]);
        let queue = Queue::new(4, 10);
        queue.hold();
        queue.push("ab");
        queue.push("cde");
        assert!(!queue.release(vec!["missed"]));
        assert_eq!(queue.next().now_or_never(), Some(Err(Overflowed)));
    }

    #[test]
    fn what_was_missed_may_be_more_than_the_queue_may_hold() {
        let queue = Queue::new(4, 2);
        queue.hold();
        queue.push("ab");
        assert!(queue.release(vec!["missed", "missed too", "and this"]));
        queue.push("cd");
        for entry in ["missed", "missed too", "and this", "ab", "cd"] {
            assert_eq!(queue.next().now_or_never(), Some(Ok(entry)));
        }
        for _ in 0..3 {
            queue.push("e");
        }
        assert_eq!(queue.next().now_or_never(), Some(Err(Overflowed)), "its own bounds hold again");
    }

    #[test]
    fn nothing_comes_after_the_last() {
        let queue = Queue::new(10, 10);
        queue.finish("bye");
        queue.push("late");
        assert_eq!(queue.next().now_or_never(), Some(Ok("bye")));
        assert_eq!(queue.next().now_or_never(), None);
    }
}
