//! Cases: the one engine on a clock that jumps to whatever is due next, with a record for an outbox.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};

use futures_util::future::BoxFuture;
use sandgate_flow::Plan;
use sandgate_flow::cases::{Observed, ObservedPush};
use sandgate_flow::event::{Caller, Push, RunId, Timestamp};
use sandgate_flow::value::Value;

use crate::Engine;
use crate::clock::Clock;
use crate::engine::Prepared;
use crate::journal::Durable;
use crate::outbox::{Outbox, Refused, Said};
use crate::registry::Components;
use crate::run::{self, Start};
use crate::timers::Timers;

/// A run on virtual time.
pub struct Case {
    /// The flow.
    pub plan: Arc<Plan>,
    /// The components that it was checked against.
    pub components: Arc<Components>,
    /// The input, as [`accept`](sandgate_flow::check::Input::accept) gives it.
    pub input: Value,
    /// With raw framing the message, a string or bytes; else null.
    pub message: Value,
    /// The client that starts the run, if one does.
    pub client: Option<Arc<str>>,
}

impl Engine {
    /// Runs a flow on virtual time, in which sleeping takes none, and answers what was seen. Whoever drops this cancels the run.
    ///
    /// # Errors
    ///
    /// The run was not started.
    pub async fn simulate(&self, case: Case) -> Result<Observed, run::Refused> {
        let clock = Arc::new(Virtual::default());
        let record = Arc::new(Record {
            clock: Arc::clone(&clock),
            pushes: Mutex::default(),
            pushes_max: self.limits().simulated_pushes_max,
        });
        let start = Start {
            plan: case.plan,
            version: 0,
            // What they share is counted by the clock of each run.
            components: Arc::new(case.components.apart()),
            input: case.input,
            message: case.message,
            caller: case.client.map(|client| Caller { session: "case".into(), client }),
            key: None,
            outbox: Arc::clone(&record) as Arc<dyn Outbox>,
        };
        let Prepared { anchor, task, .. } =
            self.prepare(start, self.fleeting(), Arc::clone(&clock) as Arc<dyn Clock>)?;
        let run = anchor.run();
        self.spawn(drive(Arc::clone(&clock), async {
            let _ = task.await;
        }));
        let leaving = Leaving(run);
        let outcome = leaving.0.ended().await;
        let pushes = std::mem::take(&mut *record.lock());
        Ok(Observed { run: leaving.0.id(), pushes, outcome, duration: clock.now().since(Timestamp::default()) })
    }
}

/// A run that is cancelled when nobody waits for it any more: without effect on one that has ended.
struct Leaving(run::Run);

impl Drop for Leaving {
    fn drop(&mut self) {
        self.0.cancel(crate::engine::LEFT);
    }
}

/// Time that stands still while anything can go on, and then jumps to the next sleeper.
#[derive(Default)]
struct Virtual {
    now: Mutex<Timestamp>,
    /// Guests that are busy, and have made room for others.
    busy: Arc<AtomicUsize>,
    timers: Arc<Timers>,
}

impl Virtual {
    /// Jumps to whoever is due next; false if nobody sleeps, or somebody is busy.
    fn jump(&self) -> bool {
        if self.busy.load(Ordering::Acquire) > 0 {
            return false;
        }
        let Some(due) = self.timers.next_due() else { return false };
        *self.now.lock().unwrap_or_else(PoisonError::into_inner) = due;
        self.timers.fire(due);
        true
    }
}

impl Clock for Virtual {
    fn now(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sleep_until(&self, due: Timestamp) -> BoxFuture<'static, ()> {
        // Time stands still, so a sleeper that is due at once would wait for ever.
        let now = self.now();
        let timers = Arc::clone(&self.timers);
        Box::pin(async move {
            if due > now {
                Timers::sleep(&timers, due).await;
            }
        })
    }

    /// The runtime puts off the wake-up of whoever yields, so that the task would seem to wait.
    fn make_room(&self) -> BoxFuture<'static, ()> {
        let busy = Busy::new(&self.busy);
        Box::pin(async move {
            tokio::task::yield_now().await;
            drop(busy);
        })
    }
}

/// A guest that is busy, for as long as this lasts.
struct Busy(Arc<AtomicUsize>);

impl Busy {
    fn new(count: &Arc<AtomicUsize>) -> Self {
        count.fetch_add(1, Ordering::AcqRel);
        Self(Arc::clone(count))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Polls a task to its end, and lets time jump whenever the task waits, nothing has woken it meanwhile, and no guest is
/// busy. Then it waits for the clock, or for room in the sandbox, which whoever sleeps may be the one to give back.
async fn drive(clock: Arc<Virtual>, task: impl Future<Output = ()>) {
    let mut task = pin!(task);
    poll_fn(|cx| {
        loop {
            let woken = Arc::new(Woken { flag: AtomicBool::new(false), parent: cx.waker().clone() });
            let waker = Waker::from(Arc::clone(&woken));
            if task.as_mut().poll(&mut Context::from_waker(&waker)).is_ready() {
                return Poll::Ready(());
            }
            // What has been woken must be polled by the runtime, not here, so that others get their turn.
            if woken.flag.load(Ordering::Acquire) || !clock.jump() {
                return Poll::Pending;
            }
        }
    })
    .await;
}

struct Woken {
    flag: AtomicBool,
    parent: Waker,
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.flag.store(true, Ordering::Release);
        self.parent.wake_by_ref();
    }
}

/// What a run has said.
struct Record {
    clock: Arc<Virtual>,
    pushes: Mutex<Vec<ObservedPush>>,
    pushes_max: usize,
}

impl Record {
    fn lock(&self) -> MutexGuard<'_, Vec<ObservedPush>> {
        self.pushes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Outbox for Record {
    /// The record is the one session that there is.
    fn address(&self, _: &Push) -> Result<u32, Refused> {
        if self.lock().len() < self.pushes_max {
            return Ok(1);
        }
        Err(Refused::Other(format!(
            "a run on virtual time may push so much: simulated_pushes_max is {}",
            self.pushes_max
        )))
    }

    fn say(&self, _: RunId, said: Said, _: Durable) {
        let Said::Push(push) = said else { return };
        let at = self.clock.now().since(Timestamp::default());
        self.lock().push(ObservedPush { at, to: push.to.to_string(), message: push.message });
    }
}

#[cfg(test)]
mod tests {
    use futures_util::future::join;

    use super::*;

    #[tokio::test]
    async fn time_stands_still_while_a_guest_that_is_busy_makes_room() {
        let clock = Arc::new(Virtual::default());
        let busy = async {
            for _ in 0..3 {
                clock.make_room().await;
            }
            clock.now()
        };
        let paths = join(busy, clock.sleep_until(Timestamp(1_000)));
        drive(Arc::clone(&clock), async { assert_eq!(paths.await.0, Timestamp(0)) }).await;
        assert_eq!(clock.now(), Timestamp(1_000));
    }
}
