//! Time, as runs see it.

use std::sync::Arc;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use futures_util::future::BoxFuture;
use sandgate_flow::event::Timestamp;

use crate::timers::Timers;

/// A clock that runs sleep by. The real one is [`System`]; cases have one that jumps.
pub trait Clock: Send + Sync {
    /// The time. Never goes back.
    fn now(&self) -> Timestamp;

    /// Resolves when `due` has come. Dropping it forgets the sleeper.
    fn sleep_until(&self, due: Timestamp) -> BoxFuture<'static, ()>;

    /// Lets others on, and resolves when it is the caller's turn again. The caller is busy and does not sleep: a clock
    /// that jumps must not do so meanwhile.
    fn make_room(&self) -> BoxFuture<'static, ()> {
        Box::pin(tokio::task::yield_now())
    }
}

/// The machine's clock: wall time at its start, and from there on steady.
pub struct System {
    started: Instant,
    started_at: Timestamp,
    timers: Arc<Timers>,
}

impl System {
    /// Starts the clock and its one thread, which ends with it.
    ///
    /// # Errors
    ///
    /// The thread could not be started.
    pub fn start() -> std::io::Result<Self> {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let started = Instant::now();
        let started_at = Timestamp::default() + since_epoch;
        let timers = Arc::new(Timers::default());
        let ticking = Arc::clone(&timers);
        std::thread::Builder::new()
            .name("sandgate-timers".into())
            .spawn(move || ticking.run(|| started_at + started.elapsed()))?;
        Ok(Self { started, started_at, timers })
    }
}

impl Clock for System {
    fn now(&self) -> Timestamp {
        self.started_at + self.started.elapsed()
    }

    fn sleep_until(&self, due: Timestamp) -> BoxFuture<'static, ()> {
        Box::pin(Timers::sleep(&self.timers, due))
    }
}

impl Drop for System {
    fn drop(&mut self) {
        self.timers.stop();
    }
}
