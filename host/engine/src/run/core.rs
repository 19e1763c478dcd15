//! The one place where a run's events are recorded, and where what it says leaves it.
//!
//! Commit before you speak: an effect that anyone outside can see waits here until the event that led to it is durable. The
//! run goes on meanwhile: it has one batch on the way to the journal at a time, and what is recorded until that is durable is
//! the next.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use sandgate_flow::document::OnLeave;
use sandgate_flow::effect::Effect;
use sandgate_flow::event::{ActivationId, Event, Failure, HostCall, Outcome, Recorded, RunId, Timestamp};
use sandgate_flow::step::{self, Impossible};
use sandgate_flow::{Plan, State};
use tokio::sync::{Notify, broadcast, oneshot, watch};

use crate::clock::Clock;
use crate::journal::{self, Batch, Durable, Entry, Journal, Lasts, Place, Status, Summary, size};
use crate::limits::Limits;
use crate::outbox::{Outbox, Said};

/// A run's log and everything that its tasks share.
pub(crate) struct Core {
    pub(crate) run: RunId,
    pub(crate) plan: Arc<Plan>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) outbox: Arc<dyn Outbox>,
    journal: Arc<dyn Journal>,
    progress: broadcast::Sender<Progress>,
    log: Mutex<Log>,
    /// Effects wait in the log that the driving task is to perform, or the run cannot go on.
    pub(crate) wake: Notify,
    /// A batch has become durable.
    durable: Notify,
    ended: watch::Sender<Option<Outcome>>,
}

/// What a run has outside of itself.
pub(crate) struct Outside {
    pub(crate) limits: Arc<Limits>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) progress: broadcast::Sender<Progress>,
    pub(crate) outbox: Arc<dyn Outbox>,
}

/// A run has come further, and that is durable.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// What is known of it now.
    pub summary: Summary,
    /// How many events there are.
    pub events: u64,
}

struct Log {
    state: State,
    summary: Summary,
    /// Whether the journal has the summary as it is.
    summary_is_known: bool,
    /// Recorded, and not yet given to the journal.
    pending: Vec<Recorded>,
    pending_bytes: usize,
    /// What is to be said once these are durable.
    unspoken: Vec<Said>,
    since_snapshot: Since,
    flight: Flight,
    /// Told when the start is durable.
    begun: Option<oneshot::Sender<Result<(), journal::Error>>>,
    /// What the driving task is to do.
    inbox: Vec<Effect>,
    broken: Option<journal::Error>,
}

/// Whether a batch is on its way to the journal.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flight {
    No,
    /// Another is to follow as soon as it is durable, or not.
    Yes {
        another: bool,
    },
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

/// Told when a run's start is durable.
pub(crate) type Begun = oneshot::Receiver<Result<(), journal::Error>>;

impl Core {
    /// A run to which nothing has happened yet.
    pub(crate) fn new(plan: Arc<Plan>, summary: Summary, outside: Outside) -> (Self, Begun) {
        let (begun, told) = oneshot::channel();
        let state = State::new(&plan);
        (Self::with(plan, summary, state, Since::default(), Some(begun), outside), told)
    }

    /// A run that stands somewhere, as its log says, which has so many events since its last snapshot.
    pub(crate) fn recalled(plan: Arc<Plan>, summary: Summary, state: State, events: usize, outside: Outside) -> Self {
        Self::with(plan, summary, state, Since { events, bytes: 0 }, None, outside)
    }

    fn with(
        plan: Arc<Plan>,
        summary: Summary,
        state: State,
        since_snapshot: Since,
        begun: Option<oneshot::Sender<Result<(), journal::Error>>>,
        outside: Outside,
    ) -> Self {
        Self {
            run: summary.run,
            plan,
            limits: outside.limits,
            clock: outside.clock,
            outbox: outside.outbox,
            journal: outside.journal,
            progress: outside.progress,
            log: Mutex::new(Log {
                state,
                summary_is_known: begun.is_none(),
                summary,
                pending: Vec::new(),
                pending_bytes: 0,
                unspoken: if begun.is_some() { vec![Said::Started] } else { Vec::new() },
                since_snapshot,
                flight: Flight::No,
                begun,
                inbox: Vec::new(),
                broken: None,
            }),
            wake: Notify::new(),
            durable: Notify::new(),
            ended: watch::Sender::new(None),
        }
    }

    /// Has the outcome once it has been spoken.
    pub(crate) fn ended(&self) -> watch::Sender<Option<Outcome>> {
        self.ended.clone()
    }

    /// Records an event, and answers the effects that are to be performed. Those that are to be said are kept until the
    /// event is durable.
    pub(crate) fn record(&self, event: Event) -> Result<Vec<Effect>, Broken> {
        self.lock().record(&self.plan, self.clock.as_ref(), event)
    }

    /// Like [`Core::record`], but for an event of an activation: there is none of one that has been cancelled.
    pub(crate) fn record_of(&self, activation: ActivationId, event: Event) -> Result<Vec<Effect>, Broken> {
        let mut log = self.lock();
        match log.state.activation(activation) {
            Some(_) => log.record(&self.plan, self.clock.as_ref(), event),
            None => Ok(Vec::new()),
        }
    }

    /// Records a host call, which may then be answered: what it says leaves when it is durable, and the run goes on. It waits
    /// only if much is not durable yet.
    pub(crate) async fn call_host(
        self: &Arc<Self>,
        activation: ActivationId,
        call: HostCall,
        arguments: [u8; 32],
    ) -> Result<(), HostCallError> {
        {
            let mut log = self.lock();
            if log.state.is_decided() {
                return Err(HostCallError::Ended);
            }
            let event = Event::CalledHost { activation, call, arguments };
            let effects = log.record(&self.plan, self.clock.as_ref(), event)?;
            log.inbox.extend(effects);
            if !log.inbox.is_empty() {
                self.wake.notify_one();
            }
        }
        Ok(self.keep_up().await?)
    }

    /// Waits if much has been recorded that is not durable.
    pub(crate) async fn keep_up(self: &Arc<Self>) -> Result<(), Broken> {
        while self.is_behind() {
            self.submit();
            self.next_durable(Self::is_behind).await?;
        }
        Ok(())
    }

    pub(crate) fn is_behind(&self) -> bool {
        self.lock().pending_bytes > self.limits.uncommitted_bytes_max
    }

    /// Waits until all that has been recorded is durable.
    pub(crate) async fn settle(self: &Arc<Self>) -> Result<(), Broken> {
        while self.is_unsettled() {
            self.submit();
            self.next_durable(Self::is_unsettled).await?;
        }
        Ok(())
    }

    fn is_unsettled(&self) -> bool {
        let log = self.lock();
        !log.pending.is_empty() || log.flight != Flight::No
    }

    /// Waits until the next batch is durable, if there is still something to wait for.
    async fn next_durable(&self, waits: impl Fn(&Self) -> bool) -> Result<(), Broken> {
        let durable = self.durable.notified();
        if let Some(error) = self.lock().broken.clone() {
            return Err(error.into());
        }
        if waits(self) {
            durable.await;
        }
        Ok(())
    }

    /// Gives the journal what has been recorded. If a batch is on its way, what is recorded by the time that it is durable
    /// follows then.
    pub(crate) fn submit(self: &Arc<Self>) {
        if let Some(batch) = self.next_batch() {
            self.journal.append(batch);
        }
    }

    /// Gives the journal what has been recorded, if something is to be said, or it is much.
    pub(crate) fn submit_if_wanted(self: &Arc<Self>) {
        let wanted = {
            let log = self.lock();
            !log.unspoken.is_empty() || log.pending_bytes > self.limits.uncommitted_bytes_max
        };
        if wanted {
            self.submit();
        }
    }

    fn next_batch(self: &Arc<Self>) -> Option<Batch> {
        let mut log = self.lock();
        if log.pending.is_empty() || log.broken.is_some() {
            return None;
        }
        if log.flight != Flight::No {
            log.flight = Flight::Yes { another: true };
            return None;
        }
        log.flight = Flight::Yes { another: false };
        let events = std::mem::take(&mut log.pending);
        log.pending_bytes = 0;
        let said = std::mem::take(&mut log.unspoken);
        let (mut entries, mut end) = (Vec::new(), None);
        let said = said.into_iter().map(|said| {
            let of_it = self.outbox.entries(self.run, &said);
            end = of_it.end.map(|end| entries.len() + end).or(end);
            let count = of_it.entries.len();
            entries.extend(of_it.entries);
            (said, count)
        });
        let said: Vec<_> = said.collect();
        let core = Arc::clone(self);
        let summary = log.summary_to_store(&self.plan);
        let watched = self.progress.receiver_count() > 0;
        let progress = watched.then(|| Progress { summary: log.summary.clone(), events: log.state.events() });
        Some(Batch {
            run: self.run,
            first: log.state.events() - events.len() as u64,
            events,
            summary,
            snapshot: log.snapshot_to_store(&self.limits),
            entries,
            end,
            told: Box::new(move |durable| core.told(said, progress, durable)),
        })
    }

    /// A batch is durable, and so what it says is said; or it is not.
    fn told(
        self: Arc<Self>,
        said: Vec<(Said, usize)>,
        progress: Option<Progress>,
        durable: Result<Durable, journal::Error>,
    ) {
        match durable {
            Ok(durable) => {
                self.speak(said, durable);
                if let Some(progress) = progress {
                    // Whoever watched may have left.
                    let _ = self.progress.send(progress);
                }
            }
            Err(error) => self.break_off(error),
        }
        let another = {
            let mut log = self.lock();
            std::mem::replace(&mut log.flight, Flight::No) == Flight::Yes { another: true }
        };
        self.durable.notify_waiters();
        if another {
            self.submit();
        }
    }

    fn speak(&self, said: Vec<(Said, usize)>, durable: Durable) {
        if said.is_empty() {
            return;
        }
        let (mut entries, mut places) = (durable.entries.into_iter(), durable.places.into_iter());
        for (said, count) in said {
            let entries: Vec<Entry> = entries.by_ref().take(count).collect();
            let places: Vec<Place> = places.by_ref().take(count).collect();
            let ended = match &said {
                Said::Ended { outcome, .. } => Some(outcome.clone()),
                Said::Started | Said::Push(_) => None,
            };
            let is_start = said == Said::Started;
            let say = || self.outbox.say(self.run, said, Durable { entries, places });
            match ended {
                // Nobody is to find that the run has not ended once that was said: who looks waits meanwhile.
                Some(outcome) => self.ended.send_modify(|ended| {
                    say();
                    *ended = Some(outcome);
                }),
                None => say(),
            }
            if is_start && let Some(begun) = self.lock().begun.take() {
                // Whoever started it may have left.
                let _ = begun.send(Ok(()));
            }
        }
        self.outbox.flush();
    }

    fn break_off(&self, error: journal::Error) {
        let mut log = self.lock();
        log.broken = Some(error.clone());
        if let Some(begun) = log.begun.take() {
            let _ = begun.send(Err(error));
        }
        drop(log);
        self.wake.notify_one();
    }

    /// Takes what the driving task is to do.
    pub(crate) fn take_inbox(&self) -> Result<Vec<Effect>, Broken> {
        let mut log = self.lock();
        match &log.broken {
            Some(error) => Err(error.clone().into()),
            None => Ok(std::mem::take(&mut log.inbox)),
        }
    }

    /// Leaves effects to the driving task.
    pub(crate) fn leave(&self, effects: Vec<Effect>) {
        self.lock().inbox.extend(effects);
        self.wake.notify_one();
    }

    /// The call or the question that an activation was begun with; none if it is not under way.
    pub(crate) fn work_of(&self, activation: ActivationId) -> Result<Option<Effect>, sandgate_flow::expression::Error> {
        step::work(&self.plan, &self.lock().state, activation)
    }

    pub(crate) fn is_decided(&self) -> bool {
        self.lock().state.is_decided()
    }

    pub(crate) fn has_output(&self) -> bool {
        self.lock().state.has_output()
    }

    /// Whether anybody has a handle to the run.
    pub(crate) fn is_followed(&self) -> bool {
        self.ended.receiver_count() > 0
    }

    /// Resolves when nobody has a handle to the run.
    pub(crate) async fn unfollowed(&self) {
        self.ended.closed().await;
    }

    /// If nothing goes on in the run until some time has come, which, and its log says all of it.
    pub(crate) fn asleep_until(&self) -> Option<Timestamp> {
        if self.journal.lasts() == Lasts::InMemory {
            return None;
        }
        let log = self.lock();
        log.inbox.is_empty().then(|| log.state.asleep_until()).flatten()
    }

    /// Ends a run that cannot go on, whatever its log says. One whose start did not become durable has never been.
    pub(crate) fn give_up(self: &Arc<Self>, failure: Failure) {
        if self.ended.borrow().is_some() || self.is_decided() {
            return;
        }
        match self.record(Event::GivenUp(failure.clone())) {
            Ok(_) => self.submit(),
            Err(error) => {
                tracing::error!("run {} is given up: {failure}; that cannot be recorded: {error}", self.run);
                self.ended.send_replace(Some(Outcome::Failed(failure)));
            }
        }
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
    fn record(&mut self, plan: &Plan, clock: &dyn Clock, event: Event) -> Result<Vec<Effect>, Broken> {
        if let Some(error) = &self.broken {
            return Err(error.clone().into());
        }
        let recorded = Recorded { at: clock.now(), event };
        let effects = step::step(plan, &mut self.state, &recorded)?;
        let bytes = size::of_event(&recorded.event);
        let at = recorded.at;
        self.pending.push(recorded);
        self.pending_bytes += bytes;
        self.since_snapshot.events += 1;
        self.since_snapshot.bytes += bytes;
        let mut to_perform = Vec::with_capacity(effects.len());
        for effect in effects {
            match effect {
                Effect::Push(push) => self.unspoken.push(Said::Push(push)),
                Effect::Announce(outcome) => self.end(outcome, at),
                Effect::End(outcome) => to_perform.extend(self.record(plan, clock, Event::Ended(outcome))?),
                _ => to_perform.push(effect),
            }
        }
        Ok(to_perform)
    }

    fn end(&mut self, outcome: Outcome, at: Timestamp) {
        self.summary.status = Status::from(&outcome);
        self.summary.ended = Some(at);
        self.summary_is_known = false;
        let pushed_to_everyone = self.state.has_pushed_to_everyone();
        self.unspoken.push(Said::Ended { outcome, pushed_to_everyone });
    }

    /// What is known of the run at a glance, if the journal does not have it so.
    ///
    /// That it sleeps is not said of a run that ends with its caller's session: after a crash that is gone, so that the run is
    /// recalled and cancelled at once.
    fn summary_to_store(&mut self, plan: &Plan) -> Option<Summary> {
        if plan.interface.on_leave == OnLeave::Continue
            && let Some(due) = self.state.asleep_until()
            && self.summary.asleep_until != Some(due)
        {
            self.summary.asleep_until = Some(due);
            self.summary_is_known = false;
        }
        (!std::mem::replace(&mut self.summary_is_known, true)).then(|| self.summary.clone())
    }

    /// Where the run stands, if recovery would otherwise have much to do.
    fn snapshot_to_store(&mut self, limits: &Limits) -> Option<State> {
        let sleeps = self.state.asleep_until().is_some() && self.since_snapshot.events > limits.wake_events_max;
        if !sleeps && !self.since_snapshot.is_over(limits) || self.state.is_decided() {
            return None;
        }
        self.since_snapshot = Since::default();
        Some(self.state.clone())
    }
}
