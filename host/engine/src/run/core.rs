//! The one place where a run's events are recorded, and where what it says leaves it.
//!
//! Commit before you speak: an effect that anyone outside can see waits here until the event that led to it is durable.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sandgate_flow::effect::Effect;
use sandgate_flow::event::{ActivationId, Event, HostCall, Outcome, Recorded, RunId};
use sandgate_flow::step::{self, Impossible};
use sandgate_flow::{Plan, State};
use tokio::sync::{Notify, watch};

use crate::clock::Clock;
use crate::journal::{self, Journal, size};
use crate::limits::Limits;
use crate::outbox::Outbox;

/// A run's log and everything that its tasks share.
pub(crate) struct Core {
    pub(crate) run: RunId,
    pub(crate) plan: Arc<Plan>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) outbox: Arc<dyn Outbox>,
    journal: Arc<dyn Journal>,
    log: Mutex<Log>,
    /// Effects wait in the log that the driving task is to perform.
    pub(crate) wake: Notify,
    ended: watch::Sender<Option<Outcome>>,
    /// Whether something was pushed that the outbox may have kept.
    spoken: AtomicBool,
}

/// What a run has outside of itself.
pub(crate) struct Outside {
    pub(crate) limits: Arc<Limits>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) outbox: Arc<dyn Outbox>,
}

struct Log {
    state: State,
    /// Recorded, and not yet given to the journal.
    pending: Vec<Recorded>,
    pending_bytes: usize,
    /// How many events there are, and how many of them are durable.
    recorded: u64,
    durable: u64,
    since_snapshot: Since,
    /// What is to be said once so many events are durable.
    unspoken: VecDeque<(u64, Effect)>,
    /// What the driving task is to do.
    inbox: Vec<Effect>,
}

/// What was recorded since the last snapshot.
#[derive(Default)]
struct Since {
    events: usize,
    bytes: usize,
}

/// Why a run cannot go on.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Broken {
    #[error(transparent)]
    Journal(#[from] journal::Error),
    #[error(transparent)]
    Impossible(#[from] Impossible),
}

/// Why a host call did not happen.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HostCallError {
    #[error("the run has ended")]
    Ended,
    #[error(transparent)]
    Broken(#[from] Broken),
}

impl Core {
    pub(crate) fn new(run: RunId, plan: Arc<Plan>, outside: Outside) -> Self {
        let state = State::new(&plan);
        Self {
            run,
            plan,
            limits: outside.limits,
            clock: outside.clock,
            outbox: outside.outbox,
            journal: outside.journal,
            log: Mutex::new(Log {
                state,
                pending: Vec::new(),
                pending_bytes: 0,
                recorded: 0,
                durable: 0,
                since_snapshot: Since::default(),
                unspoken: VecDeque::new(),
                inbox: Vec::new(),
            }),
            wake: Notify::new(),
            ended: watch::Sender::new(None),
            spoken: AtomicBool::new(false),
        }
    }

    /// Resolves to the outcome once it has been spoken.
    pub(crate) fn ended(&self) -> watch::Receiver<Option<Outcome>> {
        self.ended.subscribe()
    }

    /// Records an event, and answers the effects that are to be performed. Those that are to be said are kept until
    /// [`Core::commit`].
    pub(crate) fn record(&self, event: Event) -> Result<Vec<Effect>, Broken> {
        Ok(self.lock().record(&self.plan, self.clock.as_ref(), event)?)
    }

    /// Like [`Core::record`], but for an event of an activation: there is none of one that has been cancelled.
    pub(crate) fn record_of(&self, activation: ActivationId, event: Event) -> Result<Vec<Effect>, Broken> {
        let mut log = self.lock();
        match log.state.activation(activation) {
            Some(_) => Ok(log.record(&self.plan, self.clock.as_ref(), event)?),
            None => Ok(Vec::new()),
        }
    }

    /// Records a host call and makes it durable, so that it may be answered and is said.
    pub(crate) async fn call_host(&self, activation: ActivationId, call: HostCall) -> Result<(), HostCallError> {
        {
            let mut log = self.lock();
            if log.state.is_decided() {
                return Err(HostCallError::Ended);
            }
            let event = Event::CalledHost { activation, call };
            let effects = log.record(&self.plan, self.clock.as_ref(), event).map_err(Broken::from)?;
            log.inbox.extend(effects);
            if !log.inbox.is_empty() {
                self.wake.notify_one();
            }
        }
        Ok(self.commit().await?)
    }

    /// Makes durable what has been recorded, then says what waited for it.
    pub(crate) async fn commit(&self) -> Result<(), Broken> {
        let (durable, upto) = {
            let mut log = self.lock();
            let events = std::mem::take(&mut log.pending);
            log.pending_bytes = 0;
            (self.journal.append(self.run, events), log.recorded)
        };
        durable.await?;
        let mut log = self.lock();
        log.durable = log.durable.max(upto);
        self.speak(&mut log);
        if log.pending.is_empty() && log.since_snapshot.is_over(&self.limits) {
            log.since_snapshot = Since::default();
            self.journal.snapshot(self.run, log.state.clone());
        }
        Ok(())
    }

    /// Whether something waits to be said, or much to be made durable.
    pub(crate) fn wants_commit(&self) -> bool {
        let log = self.lock();
        !log.unspoken.is_empty() || log.pending_bytes > self.limits.uncommitted_bytes_max
    }

    /// Takes what the driving task is to do.
    pub(crate) fn take_inbox(&self) -> Vec<Effect> {
        std::mem::take(&mut self.lock().inbox)
    }

    /// Leaves effects to the driving task.
    pub(crate) fn leave(&self, effects: Vec<Effect>) {
        self.lock().inbox.extend(effects);
        self.wake.notify_one();
    }

    pub(crate) fn is_decided(&self) -> bool {
        self.lock().state.is_decided()
    }

    pub(crate) fn has_output(&self) -> bool {
        self.lock().state.has_output()
    }

    /// Ends a run that cannot go on, whatever its log says.
    pub(crate) fn give_up(&self, outcome: Outcome) {
        if self.ended.borrow().is_none() {
            self.announce(outcome);
        }
    }

    /// Lets what was said leave.
    pub(crate) fn flush(&self) {
        if self.spoken.swap(false, Ordering::Relaxed) {
            self.outbox.flush();
        }
    }

    /// In the order of the log, under its lock, so that nothing overtakes.
    fn speak(&self, log: &mut Log) {
        while let Some((upto, _)) = log.unspoken.front()
            && *upto <= log.durable
            && let Some((_, effect)) = log.unspoken.pop_front()
        {
            match effect {
                Effect::Push(push) => {
                    self.outbox.push(self.run, push);
                    self.spoken.store(true, Ordering::Relaxed);
                }
                Effect::Announce(outcome) => self.announce(outcome),
                _ => {}
            }
        }
    }

    fn announce(&self, outcome: Outcome) {
        self.outbox.ended(self.run, &outcome);
        self.ended.send_replace(Some(outcome));
    }

    fn lock(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Since {
    fn is_over(&self, limits: &Limits) -> bool {
        self.events > limits.snapshot_events_max || self.bytes > limits.snapshot_bytes_max
    }
}

impl Log {
    fn record(&mut self, plan: &Plan, clock: &dyn Clock, event: Event) -> Result<Vec<Effect>, Impossible> {
        let recorded = Recorded { at: clock.now(), event };
        let effects = step::step(plan, &mut self.state, &recorded)?;
        let bytes = size::of_event(&recorded.event);
        self.pending.push(recorded);
        self.pending_bytes += bytes;
        self.recorded += 1;
        self.since_snapshot.events += 1;
        self.since_snapshot.bytes += bytes;
        let mut to_perform = Vec::with_capacity(effects.len());
        for effect in effects {
            match effect {
                Effect::Push(_) | Effect::Announce(_) => self.unspoken.push_back((self.recorded, effect)),
                Effect::End(outcome) => to_perform.extend(self.record(plan, clock, Event::Ended(outcome))?),
                _ => to_perform.push(effect),
            }
        }
        Ok(to_perform)
    }
}
