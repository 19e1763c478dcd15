//! How much CPU time an activation has used.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use wasmtime::UpdateDeadline;

use crate::clock::Clock;
use crate::limits::{self, Limits, Reached};

/// How a guest is entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Entry {
    /// On the stack of the thread: cheaper, but it cannot make room for others, so it gets a short time.
    AtOnce,
    /// On a stack of its own, a fiber, on which it may wait.
    OnFiber,
}

/// A guest that was entered at once did not return in its time. It is to be entered anew, on a fiber.
#[derive(Debug, thiserror::Error)]
#[error("it did not return at once")]
pub(crate) struct NotAtOnce;

/// Counts CPU time in segments: from when the guest goes on, to when it next stops. Of a guest that was entered at once it
/// counts ticks alone: what it may take is far below any budget.
///
/// The clock of the thread costs a system call, so it is not read when an activation begins, only once it has run into
/// an epoch, or has been busy for longer than a tick without one: the host does much for it, where no epoch reaches.
/// A segment whose beginning was not read is charged its wall time, at most a tick.
pub(crate) struct Meter {
    clock: Arc<dyn Clock>,
    spent: Duration,
    budget_ms: u64,
    tick: Duration,
    at_once_ticks_max: u64,
    /// For a guest that was entered at once.
    at_once_ticks_left: Option<u64>,
    started: Instant,
    /// Whether the clock is read when a segment begins.
    exact: bool,
    /// The thread's CPU time when the segment began, in nanoseconds; [`UNREAD`] if it was not read. Set by the future
    /// that a busy guest yields with, when that is over.
    base_ns: Arc<AtomicU64>,
}

const UNREAD: u64 = u64::MAX;

impl Meter {
    /// For a component with these bounds, in an engine with those.
    pub(crate) fn new(own: &limits::Component, limits: &Limits, clock: Arc<dyn Clock>) -> Self {
        let tick_ms = limits.epoch_tick_ms.max(1);
        Self {
            clock,
            spent: Duration::ZERO,
            budget_ms: own.activation_cpu_ms_max,
            tick: Duration::from_millis(tick_ms),
            at_once_ticks_max: limits.at_once_ms_max.min(own.activation_cpu_ms_max) / tick_ms,
            at_once_ticks_left: None,
            started: Instant::now(),
            exact: false,
            base_ns: Arc::new(AtomicU64::new(UNREAD)),
        }
    }

    /// Begins an activation with its whole budget.
    pub(crate) fn begin(&mut self, entry: Entry) {
        self.spent = Duration::ZERO;
        self.exact = false;
        self.at_once_ticks_left = match entry {
            Entry::AtOnce => Some(self.at_once_ticks_max),
            Entry::OnFiber => None,
        };
        match entry {
            Entry::OnFiber => self.resume(),
            Entry::AtOnce => self.started = Instant::now(),
        }
    }

    /// What has been spent so far. Of a guest that was entered at once it is what passed on the clock.
    pub(crate) fn spent(&self) -> Duration {
        match self.at_once_ticks_left {
            Some(_) => self.started.elapsed(),
            None => self.spent + self.segment(),
        }
    }

    /// The guest is about to wait for the host.
    pub(crate) fn pause(&mut self) {
        self.exact |= self.started.elapsed() > self.tick;
        self.spent += self.segment();
    }

    /// What has been spent up to the last pause or tick, in milliseconds.
    pub(crate) fn spent_ms(&self) -> u64 {
        u64::try_from(self.spent.as_millis()).unwrap_or(u64::MAX)
    }

    /// The guest goes on.
    pub(crate) fn resume(&mut self) {
        self.started = Instant::now();
        self.base_ns.store(if self.exact { thread_cpu_ns() } else { UNREAD }, Ordering::Relaxed);
    }

    /// An epoch has passed while the guest was busy: charges it, and lets others on.
    ///
    /// # Errors
    ///
    /// The budget is spent, or the time for a guest that was entered at once.
    pub(crate) fn tick(&mut self) -> wasmtime::Result<UpdateDeadline> {
        match &mut self.at_once_ticks_left {
            None => Ok(self.tick_on_fiber()?),
            Some(0) => Err(NotAtOnce.into()),
            Some(left) => {
                *left -= 1;
                Ok(UpdateDeadline::Continue(1))
            }
        }
    }

    fn tick_on_fiber(&mut self) -> Result<UpdateDeadline, Reached> {
        self.spent += self.segment();
        if self.spent >= Duration::from_millis(self.budget_ms) {
            return Err(Reached {
                limit: "activation_cpu_ms_max",
                value: self.budget_ms,
                message: "used up its CPU time".to_owned(),
            });
        }
        Ok(UpdateDeadline::YieldCustom(1, self.yielding()))
    }

    fn segment(&self) -> Duration {
        match self.base_ns.load(Ordering::Relaxed) {
            UNREAD => self.started.elapsed().min(self.tick),
            base => Duration::from_nanos(thread_cpu_ns().saturating_sub(base)),
        }
    }

    /// Lets others on, and begins the next segment on whichever thread the guest comes back to.
    fn yielding(&self) -> BoxFuture<'static, ()> {
        let base_ns = Arc::clone(&self.base_ns);
        let turn = self.clock.make_room();
        Box::pin(async move {
            turn.await;
            base_ns.store(thread_cpu_ns(), Ordering::Relaxed);
        })
    }
}

/// CPU time of this thread.
fn thread_cpu_ns() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    u64::try_from(time.tv_sec).unwrap_or(0).saturating_mul(1_000_000_000) + u64::try_from(time.tv_nsec).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::System;

    /// Keeps this thread busy for so many milliseconds of its own time.
    fn work(ms: u64) {
        let end = thread_cpu_ns() + ms * 1_000_000;
        while thread_cpu_ns() < end {
            std::hint::spin_loop();
        }
    }

    #[test]
    fn what_the_host_does_for_a_guest_between_two_epochs_is_charged() {
        let own = limits::Component { activation_cpu_ms_max: 50, ..Default::default() };
        let limits = Limits { epoch_tick_ms: 1, ..Limits::default() };
        let mut meter = Meter::new(&own, &limits, Arc::new(System::start().unwrap()));
        meter.begin(Entry::OnFiber);
        for _ in 0..6 {
            work(10);
            meter.pause();
            work(10);
            meter.resume();
        }
        // The first is charged a tick, what is done in a pause nothing.
        assert!((51..80).contains(&meter.spent_ms()), "{} ms", meter.spent_ms());
        assert_eq!(meter.tick_on_fiber().err().map(|reached| reached.limit), Some("activation_cpu_ms_max"));
    }

    #[test]
    fn a_guest_that_was_entered_at_once_has_so_many_ticks() {
        let limits = Limits { epoch_tick_ms: 5, at_once_ms_max: 20, ..Limits::default() };
        let mut meter = Meter::new(&limits::Component::default(), &limits, Arc::new(System::start().unwrap()));
        for _ in 0..2 {
            meter.begin(Entry::AtOnce);
            let passed = (0..10).take_while(|_| meter.tick().is_ok()).count();
            assert_eq!(passed, 4);
        }
        meter.begin(Entry::OnFiber);
        assert!(meter.tick().is_ok());
    }
}
