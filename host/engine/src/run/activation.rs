//! One call of a node's component, on a stack of its own: it may wait for room, for the host, and for time to pass.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sandgate_flow::catalog;
use sandgate_flow::event::{ActivationId, Cost, Event, Failure, FailureKind, Returned, Timestamp};
use sandgate_flow::plan::{Node, NodeIndex};

use super::bound::Callee;
use super::drive::{Instances, Stage};
use super::work::{self, Before, Work, of_node};
use crate::capability::{Caller, Past};
use crate::registry::Component;
use crate::sandbox::{Admitted, Arguments, Bulk, Entry, Instance, Stopped};

/// An activation that was begun at once and did not return.
pub(super) struct Begun {
    pub(super) work: Work,
    pub(super) before: Before,
}

/// Finds room, records the activation, calls the component, and answers what is to be recorded of it: nothing if the
/// run's end was decided meanwhile.
pub(super) async fn activate(
    stage: Arc<Stage>,
    id: ActivationId,
    index: NodeIndex,
    begun: Option<Begun>,
) -> Option<Event> {
    let performed = perform(&stage, id, index, begun).await;
    performed.unwrap_or_else(|failure| Some(work::failed(id, failure, Cost::default())))
}

/// Calls the component of an activation again that had been called when its run was recalled, if it sleeps once that is due.
pub(super) async fn again(
    stage: Arc<Stage>,
    id: ActivationId,
    index: NodeIndex,
    asleep: Option<Timestamp>,
    past: Past,
) -> Option<Event> {
    if let Some(due) = asleep {
        sleep_unloaded(&stage, due).await;
    }
    let work = match work::again(&stage, id) {
        Ok(work) => work?,
        Err(failure) => return Some(work::failed(id, failure, Cost::default())),
    };
    let before = Before { past, ..Before::default() };
    activate(stage, id, index, Some(Begun { work, before })).await
}

async fn perform(
    stage: &Stage,
    id: ActivationId,
    index: NodeIndex,
    begun: Option<Begun>,
) -> Result<Option<Event>, Failure> {
    let node = stage.core.plan.node(index);
    let callee = stage.callee(index)?;
    let mut admitted = admit(stage, node, &callee.component).await?;
    let (work, mut before) = match begun {
        Some(Begun { work, before }) => (work, before),
        None => match work::begin(stage, id)? {
            Some(work) => (work, Before::default()),
            None => return Ok(None),
        },
    };
    loop {
        let caller = work::caller(stage, id, index, &work, before);
        match attempt(stage, callee, node, &work, admitted, caller).await {
            Ok((returned, cost)) => return Ok(Some(Event::Returned { activation: id, returned, cost })),
            Err(Stopped::Failed(failure, cost)) => return Ok(Some(work::failed(id, *failure, cost))),
            Err(Stopped::NotAtOnce { log_lines }) => before = Before { log_lines, ..Before::default() },
            Err(Stopped::Unloaded { due, past }) => {
                before = Before { past, ..Before::default() };
                sleep_unloaded(stage, due).await;
            }
        }
        admitted = admit(stage, node, &callee.component).await?;
    }
}

/// Sleeps without an instance. The whole run may leave memory meanwhile.
async fn sleep_unloaded(stage: &Stage, due: Timestamp) {
    stage.unloaded.fetch_add(1, Ordering::AcqRel);
    let _awake = Awake(&stage.unloaded);
    // The run may be able to leave memory now, and its task waits for something else.
    stage.core.wake.notify_one();
    stage.core.clock.sleep_until(due).await;
}

/// Counts a sleeper off, also one that is cancelled.
struct Awake<'a>(&'a AtomicUsize);

impl Drop for Awake<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

async fn admit(stage: &Stage, node: &Node, component: &Component) -> Result<Admitted, Failure> {
    let admitted = stage.sandbox.admission.admit(&stage.idle, component.id(), stage.system_clock.as_ref()).await;
    admitted.map_err(|reached| of_node(node, FailureKind::Busy, reached.to_string()))
}

/// Does the work with an instance, which is kept for the run's next activation if it may be.
async fn attempt(
    stage: &Stage,
    callee: &Callee,
    node: &Node,
    work: &Work,
    admitted: Admitted,
    caller: Caller,
) -> Result<(Returned, Cost), Stopped> {
    let mut instance = instance(admitted, &callee.component, caller).await?;
    let returned = match work {
        Work::Call { arguments } => {
            let (activity, exported) = callee.activity().ok_or_else(|| work::mismatched(node))?;
            let arguments = match Bulk::of(activity, arguments) {
                Some((bulk, returns)) => Arguments::Bulk(bulk, returns),
                None => Arguments::Dynamic(
                    work::lower(activity, &exported.signature, node, arguments)?,
                    work::results(activity),
                ),
            };
            let result = instance.call(&exported.index, arguments).await?;
            work::returned(activity, &exported.signature, node, result)?
        }
        Work::Route { config, branches, .. } => {
            let (export, plain) = callee.gateway().ok_or_else(|| work::mismatched(node))?;
            let (branches, config) = work::question(node, plain, config.as_ref(), branches)?;
            work::answered(instance.route(export, &branches, config.as_ref()).await?)
        }
    };
    let cost = instance.cost();
    keep(stage, &callee.component, instance);
    Ok((returned, cost))
}

async fn instance(admitted: Admitted, component: &Component, caller: Caller) -> Result<Instance, Stopped> {
    match admitted {
        Admitted::Kept(mut kept) => {
            kept.begin(caller, Entry::OnFiber);
            Ok(kept)
        }
        Admitted::Permit(permit) => Instance::new(component, permit, caller).await,
    }
}

/// Keeps an instance for the run's next activation, if it may be.
pub(super) fn keep(stage: &Stage, component: &Component, mut instance: Instance) {
    let stateless = component.about().instances == catalog::Instances::Stateless;
    if stateless && stage.instances == Instances::Kept {
        instance.rest();
        stage.sandbox.admission.keep(&stage.idle, component.id(), instance);
    }
}
