//! One call of a node's component.

use std::sync::Arc;

use sandgate_flow::catalog::{self, Activity, Fallible, Type};
use sandgate_flow::data::Data;
use sandgate_flow::effect::Effect;
use sandgate_flow::event::{ActivationId, Event, Failure, FailureKind, Returned};
use sandgate_flow::plan::{Call, Gateway, Kind, Node, NodeIndex};
use sandgate_flow::value::Value;
use wasmtime::component::Val;

use super::drive::{Instances, Stage};
use super::host_failure;
use crate::capability::bindings::sandgate::flow::{branches::Branch, types::Json};
use crate::capability::{Caller, Past};
use crate::convert;
use crate::registry::Component;
use crate::sandbox::{Admitted, Arguments, Bulk, Instance, Stopped};

/// Finds room, records the activation, calls the component, and answers what is to be recorded of it: nothing if the
/// run's end was decided meanwhile.
pub(super) async fn activate(stage: Arc<Stage>, id: ActivationId, index: NodeIndex) -> Option<Event> {
    match perform(&stage, id, index).await {
        Ok(returned) => returned.map(|returned| Event::Returned { activation: id, returned }),
        Err(failure) => Some(Event::Failed { activation: id, failure }),
    }
}

async fn perform(stage: &Stage, id: ActivationId, index: NodeIndex) -> Result<Option<Returned>, Failure> {
    let node = stage.core.plan.node(index);
    let component = stage
        .components
        .get(&node.component)
        .ok_or_else(|| of_node(node, FailureKind::Host, "is not loaded".to_owned()))?;
    let mut admitted = admit(stage, node, component).await?;
    let Some(work) = begin(stage, id)? else { return Ok(None) };
    let mut past = Past::default();
    loop {
        let caller = caller(stage, id, index, &work, past);
        match attempt(stage, component, node, &work, admitted, caller).await {
            Ok(returned) => return Ok(Some(returned)),
            Err(Stopped::Failed(failure)) => return Err(failure),
            Err(Stopped::Unloaded { due, past: made }) => {
                past = made;
                stage.core.clock.sleep_until(due).await;
                admitted = admit(stage, node, component).await?;
            }
        }
    }
}

async fn admit(stage: &Stage, node: &Node, component: &Component) -> Result<Admitted, Failure> {
    let admission = &stage.sandbox.admission;
    let admitted = admission.admit(stage.core.run, component.id(), &stage.system_clock).await;
    admitted.map_err(|reached| of_node(node, FailureKind::Busy, reached.to_string()))
}

/// Does the work with an instance, which is kept for the run's next activation if it may be.
async fn attempt(
    stage: &Stage,
    component: &Component,
    node: &Node,
    work: &Work,
    admitted: Admitted,
    caller: Caller,
) -> Result<Returned, Stopped> {
    let mut instance = instance(admitted, component, caller).await?;
    let returned = match (work, &node.kind) {
        (Work::Call { arguments }, Kind::Call(call)) => {
            self::call(&mut instance, component, node, call, arguments).await?
        }
        (Work::Route { config, branches, .. }, Kind::Gateway(gateway)) => {
            route(&mut instance, component, node, gateway, config.as_ref(), branches).await?
        }
        _ => return Err(of_node(node, FailureKind::Host, "has work of another kind of node".to_owned()).into()),
    };
    keep(stage, component, instance);
    Ok(returned)
}

/// What an activation is to do.
enum Work {
    Call { arguments: Vec<Value> },
    Route { config: Option<Value>, branches: Vec<Option<Value>>, data: Arc<Data> },
}

/// Records the activation. None if there is nothing to do: its arguments could not be evaluated, or the run's end was
/// decided while it waited for room; the driving task sees to the rest.
fn begin(stage: &Stage, id: ActivationId) -> Result<Option<Work>, Failure> {
    let effects = stage.core.record_of(id, Event::Activated(id)).map_err(|error| host_failure(error.to_string()))?;
    let mut work = None;
    let mut rest = Vec::new();
    for effect in effects {
        match effect {
            Effect::Call { arguments, .. } => work = Some(Work::Call { arguments }),
            Effect::Route { config, branches, data, .. } => work = Some(Work::Route { config, branches, data }),
            other => rest.push(other),
        }
    }
    if work.is_none() {
        stage.core.leave(rest);
    }
    Ok(work)
}

fn caller(stage: &Stage, activation: ActivationId, node: NodeIndex, work: &Work, past: Past) -> Caller {
    let data = match work {
        Work::Route { data, .. } => Some(Arc::clone(data)),
        Work::Call { .. } => None,
    };
    Caller { core: Arc::clone(&stage.core), activation, node, data, host_calls: 0, pushed_bytes: 0, log_lines: 0, past }
}

async fn instance(admitted: Admitted, component: &Component, caller: Caller) -> Result<Instance, Stopped> {
    match admitted {
        Admitted::Kept(mut kept) => {
            kept.begin(caller);
            Ok(kept)
        }
        Admitted::Permit(permit) => Instance::new(component, permit, caller).await,
    }
}

fn keep(stage: &Stage, component: &Component, instance: Instance) {
    let stateless = component.about().instances == catalog::Instances::Stateless;
    if stateless && stage.instances == Instances::Kept {
        stage.sandbox.admission.keep(stage.core.run, component.id(), instance);
    }
}

async fn call(
    instance: &mut Instance,
    component: &Component,
    node: &Node,
    call: &Call,
    arguments: &[Value],
) -> Result<Returned, Stopped> {
    let (activity, export) = component.activity(&call.interface, &call.function).ok_or_else(|| {
        let message = format!("does not export {} of {}", call.function, call.interface);
        of_node(node, FailureKind::Host, message)
    })?;
    let arguments = match Bulk::of(activity, arguments) {
        Some((bulk, returns)) => Arguments::Bulk(bulk, returns),
        None => lower(activity, node, arguments)?,
    };
    let result = instance.call(export, arguments).await?;
    lift(activity, result).map_err(|error| {
        of_node(node, FailureKind::Value, format!("the result of {} cannot be used: {error}", call.function)).into()
    })
}

fn lower(activity: &Activity, node: &Node, arguments: &[Value]) -> Result<Arguments, Failure> {
    let lowered = activity
        .parameters
        .iter()
        .zip(arguments)
        .map(|(parameter, argument)| {
            convert::to_val(argument, &parameter.ty).map_err(|error| {
                of_node(node, FailureKind::Value, format!("parameter {} does not fit: {error}", parameter.name))
            })
        })
        .collect::<Result<_, _>>()?;
    let has_result = activity.returns.is_some() || activity.error != Fallible::No;
    Ok(Arguments::Dynamic(lowered, usize::from(has_result)))
}

fn lift(activity: &Activity, result: Option<Val>) -> Result<Returned, convert::Error> {
    let value = |val: Option<&Val>, ty: Option<&Type>| match (val, ty) {
        (Some(val), Some(ty)) => convert::from_val(val, ty),
        _ => Ok(Value::Null),
    };
    match (&activity.error, result) {
        (Fallible::Yes(_), Some(Val::Result(Ok(ok)))) => {
            value(ok.as_deref(), activity.returns.as_ref()).map(Returned::Value)
        }
        (Fallible::Yes(ty), Some(Val::Result(Err(error)))) => value(error.as_deref(), ty.as_ref()).map(Returned::Error),
        (_, result) => value(result.as_ref(), activity.returns.as_ref()).map(Returned::Value),
    }
}

async fn route(
    instance: &mut Instance,
    component: &Component,
    node: &Node,
    gateway: &Gateway,
    config: Option<&Value>,
    configs: &[Option<Value>],
) -> Result<Returned, Stopped> {
    let export =
        component.gateway().ok_or_else(|| of_node(node, FailureKind::Host, "is not a gateway any more".to_owned()))?;
    let json = |value: Option<&Value>| value.map(|value| json(node, value)).transpose();
    let config = json(config)?;
    let branches = gateway
        .branches
        .iter()
        .zip(configs)
        .map(|(branch, config)| {
            let is_default = branch.condition.is_none();
            Ok(Branch { name: branch.name.clone(), is_default, config: json(config.as_ref())? })
        })
        .collect::<Result<Vec<_>, Failure>>()?;
    Ok(match instance.route(export, &branches, config.as_ref()).await? {
        Ok(places) => Returned::Branches(places),
        Err(error) => Returned::Error(Value::from(error.as_str())),
    })
}

fn json(node: &Node, value: &Value) -> Result<Json, Failure> {
    match convert::json_text(value) {
        Ok(text) => Ok(Json { text }),
        Err(error) => Err(of_node(node, FailureKind::Value, format!("its `with` does not fit: {error}"))),
    }
}

fn of_node(node: &Node, kind: FailureKind, message: String) -> Failure {
    Failure {
        kind,
        node: Some(Arc::clone(&node.id)),
        component: Some(Arc::clone(&node.component)),
        message,
        detail: None,
    }
}
