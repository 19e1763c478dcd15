//! The task of a run.

use std::collections::{HashMap, VecDeque};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::{AbortHandle, Abortable};
use futures_util::stream::FuturesUnordered;
use sandgate_flow::effect::Effect;
use sandgate_flow::event::{ActivationId, Event, Failure, Timestamp};
use sandgate_flow::plan::NodeIndex;
use tokio::sync::watch;

use super::activation::{activate, again};
use super::at_once::{self, AtOnce};
use super::bound::{Bound, Callee};
use super::core::{Broken, Core};
use super::directory::{Directory, Rest};
use super::host_failure;
use super::recall::Pasts;
use crate::clock::Clock;
use crate::sandbox::{Idle, Sandbox};

/// What a run is performed with.
pub(crate) struct Stage {
    pub(crate) core: Arc<Core>,
    /// What its nodes call.
    pub(crate) bound: Bound,
    pub(crate) sandbox: Arc<Sandbox>,
    /// Its instances that wait for its next activation.
    pub(crate) idle: Arc<Idle>,
    /// For waits that are not the run's own.
    pub(crate) system_clock: Arc<dyn Clock>,
    /// Whether stateless instances are kept between activations.
    pub(crate) instances: Instances,
    /// What its activations had asked of the host when it was recalled.
    pub(crate) pasts: Pasts,
    /// How many of its activations sleep and have no instance.
    pub(crate) unloaded: AtomicUsize,
    /// Where it is found, also while it sleeps outside of memory.
    pub(crate) directory: Arc<Directory>,
}

impl Stage {
    /// What a node calls.
    pub(super) fn callee(&self, node: NodeIndex) -> Result<&Callee, Failure> {
        self.bound.callee(node).ok_or_else(|| host_failure(format!("node {} is of another plan", node.0)))
    }
}

/// What becomes of instances of stateless components after an activation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Instances {
    /// They are kept for the run's next activation.
    #[default]
    Kept,
    /// Each activation gets a fresh one. Slower; a component that is stateless behaves the same.
    Fresh,
}

/// What became of a run that was driven.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Drove {
    /// It ended.
    ToItsEnd,
    /// It sleeps until then, and all that there is of it is in the journal.
    ToSleep(Timestamp),
}

/// Performs effects and records what comes of them, until nothing is under way any more, or until the run can leave memory.
pub(crate) async fn drive(
    stage: Arc<Stage>,
    first: Vec<Effect>,
    cancelled: watch::Receiver<Option<Arc<str>>>,
) -> Result<Drove, Broken> {
    let core = &stage.core;
    let mut under_way = UnderWay::default();
    let mut to_do = VecDeque::from(first);
    let mut cancellation = Cancellation { cancelled, heard: false };
    loop {
        perform(&stage, &mut under_way, &mut to_do).await?;
        if under_way.is_empty() && to_do.is_empty() {
            core.submit();
            return Ok(Drove::ToItsEnd);
        }
        core.keep_up().await?;
        core.submit_if_wanted();
        let rest = if to_do.is_empty() { rest(&stage, under_way.len()).await? } else { Rest::No };
        if let Rest::Sleeps(due) = rest {
            return Ok(Drove::ToSleep(due));
        }
        let waits = Waits { has_work: !to_do.is_empty(), is_sleepy: rest == Rest::Followed };
        let next = next(core, &mut under_way, &mut cancellation, waits);
        to_do.extend(submitting(core, next).await?);
    }
}

/// Lets a run leave memory if nothing goes on in it for so long that it is worth it: makes all of it durable first.
async fn rest(stage: &Stage, under_way: usize) -> Result<Rest, Broken> {
    let core = &stage.core;
    let all_unloaded = stage.unloaded.load(Ordering::Acquire) == under_way;
    let due = if all_unloaded { core.asleep_until() } else { None };
    let worth_it =
        |due: &Timestamp| due.since(core.clock.now()) > Duration::from_millis(core.limits.leave_memory_after_ms);
    let Some(due) = due.filter(worth_it) else { return Ok(Rest::No) };
    core.settle().await?;
    Ok(stage.directory.sleeps(core.run, due, core.limits.asleep_runs_max, || core.is_followed()))
}

/// What a run waits for besides its activations.
struct Waits {
    /// There is something to do: nothing is waited for.
    has_work: bool,
    /// It could leave memory if nobody had a handle to it.
    is_sleepy: bool,
}

/// What is to be done next. Where there is something to do, others get their turn and nothing is waited for.
async fn next(
    core: &Core,
    under_way: &mut UnderWay,
    cancellation: &mut Cancellation,
    waits: Waits,
) -> Result<Vec<Effect>, Broken> {
    tokio::select! {
        biased;
        () = core.wake.notified() => core.take_inbox(),
        reason = cancellation.asked() => core.record(Event::Cancelled { reason }),
        next = under_way.next(), if !under_way.is_empty() => match next {
            Some((activation, event)) => core.record_of(activation, event),
            None => core.take_inbox(),
        },
        () = core.unfollowed(), if waits.is_sleepy => Ok(Vec::new()),
        // In a block: what is not polled must not be made either, since it counts as busy from then on.
        () = async { core.clock.make_room().await }, if waits.has_work => Ok(Vec::new()),
    }
}

/// Waits, and gives the journal what has been recorded whenever there is nothing to go on with.
async fn submitting<T>(core: &Arc<Core>, next: impl Future<Output = T>) -> T {
    let mut next = pin!(next);
    poll_fn(|cx| {
        let polled = next.as_mut().poll(cx);
        if polled.is_pending() {
            core.submit();
        }
        polled
    })
    .await
}

/// Performs effects, and those that come of activations that return without waiting, until there are none, its turn is
/// over, or much is to be made durable.
async fn perform(stage: &Arc<Stage>, under_way: &mut UnderWay, to_do: &mut VecDeque<Effect>) -> Result<(), Broken> {
    let turn = stage.sandbox.turn();
    while let Some(effect) = to_do.pop_front() {
        match effect {
            Effect::Activate { activation, node } => {
                let Some(returned) = begin(stage, under_way, activation, node).await else { continue };
                to_do.extend(match returned {
                    Some(event) => stage.core.record_of(activation, event)?,
                    None => stage.core.take_inbox()?,
                });
                if turn.is_over() || stage.core.is_behind() {
                    return Ok(());
                }
            }
            Effect::Again { activation, node, asleep, .. } => {
                let past = stage.pasts.past_of(activation);
                let mut again: Activation = Box::pin(again(Arc::clone(stage), activation, node, asleep, past));
                // Most sleep, or return without waiting.
                match poll_fn(|cx| Poll::Ready(again.as_mut().poll(cx))).await {
                    Poll::Ready(Some(event)) => to_do.extend(stage.core.record_of(activation, event)?),
                    Poll::Ready(None) => to_do.extend(stage.core.take_inbox()?),
                    Poll::Pending => under_way.add(activation, again),
                }
            }
            Effect::Cancel(activation) => under_way.cancel(activation),
            // Performed by the activation itself, or by the core.
            Effect::Call { .. } | Effect::Route { .. } | Effect::End(_) | Effect::Push(_) | Effect::Announce(_) => {}
        }
    }
    Ok(())
}

/// Begins an activation, and answers what is to be recorded of it if it has returned; none if it is under way.
async fn begin(
    stage: &Arc<Stage>,
    under_way: &mut UnderWay,
    id: ActivationId,
    node: NodeIndex,
) -> Option<Option<Event>> {
    let begun = match at_once::activate(stage, id, node) {
        AtOnce::Done(event) => return Some(event),
        AtOnce::Waits(begun) => begun,
    };
    let mut activation: Activation = Box::pin(activate(Arc::clone(stage), id, node, begun));
    // Most need not wait in the end: they are not worth a place among those that do.
    match poll_fn(|cx| Poll::Ready(activation.as_mut().poll(cx))).await {
        Poll::Ready(event) => Some(event),
        Poll::Pending => {
            under_way.add(id, activation);
            None
        }
    }
}

/// Whether somebody cancels the run, which is heard once.
struct Cancellation {
    cancelled: watch::Receiver<Option<Arc<str>>>,
    heard: bool,
}

impl Cancellation {
    /// Resolves to why.
    async fn asked(&mut self) -> Arc<str> {
        if self.heard {
            return std::future::pending().await;
        }
        match self.cancelled.wait_for(Option::is_some).await.map(|reason| reason.clone()) {
            Ok(Some(reason)) => {
                self.heard = true;
                reason
            }
            // Nobody is left who could.
            _ => std::future::pending().await,
        }
    }
}

type Activation = Pin<Box<dyn Future<Output = Option<Event>> + Send>>;

/// The activations that have not returned.
#[derive(Default)]
struct UnderWay {
    activations: FuturesUnordered<Abortable<Named>>,
    handles: HashMap<ActivationId, AbortHandle>,
}

/// An activation that answers with its id.
struct Named(ActivationId, Activation);

impl Future for Named {
    type Output = (ActivationId, Option<Event>);

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let id = self.0;
        self.1.as_mut().poll(cx).map(|event| (id, event))
    }
}

impl UnderWay {
    fn add(&mut self, id: ActivationId, activation: Activation) {
        let (handle, registration) = AbortHandle::new_pair();
        self.activations.push(Abortable::new(Named(id, activation), registration));
        self.handles.insert(id, handle);
    }

    /// Its future, and with it its instance, is dropped when it is next polled, which is at once.
    fn cancel(&mut self, id: ActivationId) {
        if let Some(handle) = self.handles.remove(&id) {
            handle.abort();
        }
    }

    fn is_empty(&self) -> bool {
        self.activations.is_empty()
    }

    fn len(&self) -> usize {
        self.activations.len()
    }

    /// The next event of an activation that was not cancelled; none when one was, or had nothing to record.
    async fn next(&mut self) -> Option<(ActivationId, Event)> {
        let (id, event) = self.activations.next().await?.ok()?;
        self.handles.remove(&id);
        Some((id, event?))
    }
}
