//! What a process says on standard error.

use std::io::{BufRead as _, BufReader, Read};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::ensure;

use super::WAIT;

/// Lines, as they come.
#[derive(Default)]
pub(super) struct Log {
    state: Mutex<State>,
    more: Condvar,
}

#[derive(Default)]
struct State {
    text: String,
    ended: bool,
}

impl Log {
    /// Keeps whatever is said there.
    pub(super) fn of(said: impl Read + Send + 'static) -> Arc<Self> {
        let log = Arc::new(Self::default());
        let kept = Arc::clone(&log);
        thread::spawn(move || {
            BufReader::new(said).lines().map_while(Result::ok).for_each(|line| kept.add(&line));
            kept.lock().ended = true;
            kept.more.notify_all();
        });
        log
    }

    /// All that was said so far.
    pub(super) fn text(&self) -> String {
        self.lock().text.clone()
    }

    /// Waits for a text.
    pub(super) fn wait(&self, wanted: &str) -> anyhow::Result<()> {
        let state = self.wait_until(|state| state.ended || state.text.contains(wanted));
        ensure!(state.text.contains(wanted), "the log has no {wanted:?}:\n{}", state.text);
        Ok(())
    }

    /// Waits until nothing can be said any more: the process has ended.
    pub(super) fn wait_for_end(&self) -> anyhow::Result<()> {
        let state = self.wait_until(|state| state.ended);
        ensure!(state.ended, "the process does not end:\n{}", state.text);
        Ok(())
    }

    /// As it is then, or when nobody waits any longer.
    fn wait_until(&self, done: impl Fn(&State) -> bool) -> MutexGuard<'_, State> {
        let waited = self.more.wait_timeout_while(self.lock(), WAIT, |state| !done(state));
        waited.unwrap_or_else(PoisonError::into_inner).0
    }

    fn add(&self, line: &str) {
        let mut state = self.lock();
        state.text.push_str(line);
        state.text.push('\n');
        self.more.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
