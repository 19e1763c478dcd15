//! How much CPU time an activation has used.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use wasmtime::UpdateDeadline;

use crate::limits::{Limits, Reached};

/// Counts CPU time in segments: from when the guest goes on, to when it next stops.
///
/// The clock of the thread costs a system call, so it is not read when an activation begins, only once it has run into
/// an epoch. A segment whose beginning was not read is charged its wall time, at most a tick.
pub(crate) struct Meter {
    spent: Duration,
    budget_ms: u64,
    tick: Duration,
    started: Instant,
    /// The thread's CPU time when the segment began, in nanoseconds; [`UNREAD`] if it was not read. Set by the future
    /// that a busy guest yields with, when that is over.
    base_ns: Arc<AtomicU64>,
}

const UNREAD: u64 = u64::MAX;

impl Meter {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self {
            spent: Duration::ZERO,
            budget_ms: limits.activation_cpu_ms_max,
            tick: Duration::from_millis(limits.epoch_tick_ms.max(1)),
            started: Instant::now(),
            base_ns: Arc::new(AtomicU64::new(UNREAD)),
        }
    }

    /// Begins an activation with its whole budget.
    pub(crate) fn begin(&mut self) {
        self.spent = Duration::ZERO;
        self.resume();
    }

    /// The guest is about to wait for the host.
    pub(crate) fn pause(&mut self) {
        self.spent += self.segment();
    }

    /// What has been spent up to the last pause or tick, in milliseconds.
    pub(crate) fn spent_ms(&self) -> u64 {
        u64::try_from(self.spent.as_millis()).unwrap_or(u64::MAX)
    }

    /// The guest goes on.
    pub(crate) fn resume(&mut self) {
        self.started = Instant::now();
        self.base_ns.store(UNREAD, Ordering::Relaxed);
    }

    /// An epoch has passed while the guest was busy: charges it, and lets others on.
    ///
    /// # Errors
    ///
    /// The budget is spent.
    pub(crate) fn tick(&mut self) -> Result<UpdateDeadline, Reached> {
        self.spent += self.segment();
        if self.spent >= Duration::from_millis(self.budget_ms) {
            return Err(Reached {
                limit: "activation_cpu_ms_max",
                value: self.budget_ms,
                message: "used up its CPU time".to_owned(),
            });
        }
        Ok(UpdateDeadline::YieldCustom(1, Box::pin(self.yielding())))
    }

    fn segment(&self) -> Duration {
        match self.base_ns.load(Ordering::Relaxed) {
            UNREAD => self.started.elapsed().min(self.tick),
            base => Duration::from_nanos(thread_cpu_ns().saturating_sub(base)),
        }
    }

    /// Lets others on, and begins the next segment on whichever thread the guest comes back to.
    fn yielding(&self) -> impl Future<Output = ()> + Send + use<> {
        let base_ns = Arc::clone(&self.base_ns);
        async move {
            tokio::task::yield_now().await;
            base_ns.store(thread_cpu_ns(), Ordering::Relaxed);
        }
    }
}

/// CPU time of this thread.
fn thread_cpu_ns() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec).unwrap_or(0).saturating_mul(1_000_000_000) + u64::try_from(time.tv_nsec).unwrap_or(0)
}
