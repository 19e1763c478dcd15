//! One call of a node's component on the stack of the thread: for a component that can ask nothing of the host that it would
//! wait for, and where there is room. A fiber costs more than a short call does.
//!
//! Such a call cannot make room for others, so it has a short time. One that takes longer is thrown away and run again on a
//! fiber, with its whole budget: nothing was seen of it but the lines that it logged, and they are not written again.

use sandgate_flow::event::{ActivationId, Cost, Event, Failure, Returned};
use sandgate_flow::plan::{Node, NodeIndex};

use super::activation::{Begun, keep};
use super::bound::Callee;
use super::drive::Stage;
use super::host_failure;
use super::work::{self, Before, Work};
use crate::capability::Caller;
use crate::registry::Component;
use crate::sandbox::{Admitted, Bulk, Entry, Instance, Stopped};

/// What came of an activation.
pub(super) enum AtOnce {
    /// This is to be recorded; nothing if the run's end is decided.
    Done(Option<Event>),
    /// It may have to wait. If it has been begun, it is to be begun again.
    Waits(Option<Begun>),
}

/// Records the activation and calls the component, if all of that can be done at once.
pub(super) fn activate(stage: &Stage, id: ActivationId, index: NodeIndex) -> AtOnce {
    let Ok(callee) = stage.callee(index) else { return AtOnce::Waits(None) };
    if !callee.is_at_once() {
        return AtOnce::Waits(None);
    }
    let Some(admitted) = stage.sandbox.admission.admit_now(&stage.idle, callee.component.id()) else {
        return AtOnce::Waits(None);
    };
    let failed = |failure, cost| AtOnce::Done(Some(work::failed(id, failure, cost)));
    let work = match work::begin(stage, id) {
        Ok(Some(work)) => work,
        Ok(None) => return AtOnce::Done(None),
        Err(failure) => return failed(failure, Cost::default()),
    };
    let caller = work::caller(stage, id, index, &work, Before::default());
    match attempt(stage, callee, stage.core.plan.node(index), &work, admitted, caller) {
        Ok(Some((returned, cost))) => AtOnce::Done(Some(Event::Returned { activation: id, returned, cost })),
        Ok(None) => AtOnce::Waits(Some(Begun { work, before: Before::default() })),
        Err(Stopped::Failed(failure, cost)) => failed(*failure, cost),
        Err(Stopped::NotAtOnce { log_lines }) => {
            callee.note_slow();
            AtOnce::Waits(Some(Begun { work, before: Before { log_lines, ..Before::default() } }))
        }
        Err(Stopped::Unloaded { .. }) => failed(slept(), Cost::default()),
    }
}

/// As its imports are, it cannot.
fn slept() -> Failure {
    host_failure("a component that cannot sleep sleeps".to_owned())
}

/// Does the work with an instance; none if it is to be done on a fiber.
fn attempt(
    stage: &Stage,
    callee: &Callee,
    node: &Node,
    work: &Work,
    admitted: Admitted,
    caller: Caller,
) -> Result<Option<(Returned, Cost)>, Stopped> {
    let mut instance = instance(admitted, &callee.component, caller)?;
    let returned = match work {
        Work::Call { arguments } => {
            let (activity, exported) = callee.activity().ok_or_else(|| work::mismatched(node))?;
            if Bulk::of(activity, arguments).is_some() {
                return Ok(None);
            }
            let arguments = work::lower(activity, &exported.signature, node, arguments)?;
            let result = instance.call_at_once(&exported.index, &arguments, work::results(activity))?;
            work::returned(activity, &exported.signature, node, result)?
        }
        Work::Route { config, branches, .. } => {
            let (export, plain) = callee.gateway().ok_or_else(|| work::mismatched(node))?;
            let (branches, config) = work::question(node, plain, config.as_ref(), branches)?;
            work::answered(instance.route_at_once(export, &branches, config.as_ref())?)
        }
    };
    let cost = instance.cost();
    keep(stage, &callee.component, instance);
    Ok(Some((returned, cost)))
}

fn instance(admitted: Admitted, component: &Component, caller: Caller) -> Result<Instance, Stopped> {
    match admitted {
        Admitted::Kept(mut kept) => {
            kept.begin(caller, Entry::AtOnce);
            Ok(kept)
        }
        Admitted::Permit(permit) => Instance::at_once(component, permit, caller),
    }
}
