//! What an activation is to do, and what came of it, each as the other side of the border has it.

use std::borrow::Cow;
use std::sync::Arc;

use sandgate_flow::catalog::{Activity, Fallible};
use sandgate_flow::data::Data;
use sandgate_flow::effect::Effect;
use sandgate_flow::event::{ActivationId, Cost, Event, Failure, FailureKind, Returned};
use sandgate_flow::plan::{Node, NodeIndex};
use sandgate_flow::value::Value;
use wasmtime::component::Val;

use super::drive::Stage;
use super::host_failure;
use crate::capability::bindings::sandgate::flow::{branches::Branch, types::Json};
use crate::capability::{Caller, Past};
use crate::convert::{self, Conversion, Signature};

/// What an activation is to do.
pub(super) enum Work {
    Call { arguments: Vec<Value> },
    Route { config: Option<Value>, branches: Vec<Option<Value>>, data: Arc<Data> },
}

/// What an activation has done before it is run again.
#[derive(Default)]
pub(super) struct Before {
    /// What it has asked of the host.
    pub(super) past: Past,
    /// How many lines it has logged, where that is not in its past.
    pub(super) log_lines: u64,
}

/// Records the activation. None if there is nothing to do: its arguments could not be evaluated, or the run's end was
/// decided while it waited for room; the driving task sees to the rest.
pub(super) fn begin(stage: &Stage, id: ActivationId) -> Result<Option<Work>, Failure> {
    let effects = stage.core.record_of(id, Event::Activated(id)).map_err(|error| host_failure(error.to_string()))?;
    let mut work = None;
    let mut rest = Vec::new();
    for effect in effects {
        match Work::of(effect) {
            Ok(of_effect) => work = Some(of_effect),
            Err(other) => rest.push(other),
        }
    }
    if work.is_none() {
        stage.core.leave(rest);
    }
    Ok(work)
}

/// What an activation was begun with that had been called when its run was recalled. None if it has been cancelled.
pub(super) fn again(stage: &Stage, id: ActivationId) -> Result<Option<Work>, Failure> {
    let effect = stage.core.work_of(id).map_err(|error| host_failure(error.to_string()))?;
    Ok(effect.and_then(|effect| Work::of(effect).ok()))
}

impl Work {
    /// The effect itself if it is another.
    fn of(effect: Effect) -> Result<Self, Effect> {
        match effect {
            Effect::Call { arguments, .. } => Ok(Self::Call { arguments }),
            Effect::Route { config, branches, data, .. } => Ok(Self::Route { config, branches, data }),
            other => Err(other),
        }
    }
}

/// What is recorded of an activation that did not return.
pub(super) fn failed(activation: ActivationId, failure: Failure, cost: Cost) -> Event {
    Event::Failed { activation, failure, cost }
}

/// Whom an instance is to work for.
pub(super) fn caller(
    stage: &Stage,
    activation: ActivationId,
    node: NodeIndex,
    work: &Work,
    Before { past, log_lines }: Before,
) -> Caller {
    let data = match work {
        Work::Route { data, .. } => Some(Arc::clone(data)),
        Work::Call { .. } => None,
    };
    Caller {
        core: Arc::clone(&stage.core),
        activation,
        node,
        data,
        host_calls: 0,
        pushed_bytes: 0,
        log_lines: 0,
        log_lines_written: log_lines,
        log_bytes: 0,
        past,
    }
}

/// The arguments of a function, as the component takes them.
pub(super) fn lower(
    activity: &Activity,
    signature: &Signature,
    node: &Node,
    arguments: &[Value],
) -> Result<Vec<Val>, Failure> {
    let parameters = activity.parameters.iter().zip(&signature.parameters);
    let lowered = parameters.zip(arguments).map(|((parameter, conversion), argument)| {
        conversion.lower(argument).map_err(|error| {
            of_node(node, FailureKind::Value, format!("parameter {} does not fit: {error}", parameter.name))
        })
    });
    lowered.collect()
}

/// How many results a function has: one or none.
pub(super) fn results(activity: &Activity) -> usize {
    usize::from(activity.returns.is_some() || activity.error != Fallible::No)
}

/// What a function has returned, as the run takes it.
pub(super) fn returned(
    activity: &Activity,
    signature: &Signature,
    node: &Node,
    result: Option<Val>,
) -> Result<Returned, Failure> {
    lift(activity, signature, result).map_err(|error| {
        let message = format!("the result of {} cannot be used: {error}", activity.function);
        of_node(node, FailureKind::Value, message)
    })
}

fn lift(activity: &Activity, signature: &Signature, result: Option<Val>) -> Result<Returned, convert::Error> {
    let value = |val: Option<&Val>, conversion: &Option<Conversion>| match (val, conversion) {
        (Some(val), Some(conversion)) => conversion.lift(val),
        _ => Ok(Value::Null),
    };
    match (&activity.error, result) {
        (Fallible::Yes(_), Some(Val::Result(Ok(ok)))) => value(ok.as_deref(), &signature.returns).map(Returned::Value),
        (Fallible::Yes(_), Some(Val::Result(Err(error)))) => {
            value(error.as_deref(), &signature.error).map(Returned::Error)
        }
        (_, result) => value(result.as_ref(), &signature.returns).map(Returned::Value),
    }
}

/// What a gateway is asked: its branches, and its configuration.
pub(super) fn question<'a>(
    node: &Node,
    plain: &'a [Branch],
    config: Option<&Value>,
    configs: &[Option<Value>],
) -> Result<(Cow<'a, [Branch]>, Option<Json>), Failure> {
    let json = |value: &Value| json(node, value);
    let config = config.map(json).transpose()?;
    if configs.iter().all(Option::is_none) {
        return Ok((Cow::Borrowed(plain), config));
    }
    let configured = plain
        .iter()
        .zip(configs)
        .map(|(branch, config)| Ok(Branch { config: config.as_ref().map(json).transpose()?, ..branch.clone() }));
    Ok((configured.collect::<Result<_, Failure>>().map(Cow::Owned)?, config))
}

fn json(node: &Node, value: &Value) -> Result<Json, Failure> {
    match convert::json_text(value) {
        Ok(text) => Ok(Json { text }),
        Err(error) => Err(of_node(node, FailureKind::Value, format!("its `with` does not fit: {error}"))),
    }
}

/// What a gateway has answered, as the run takes it.
pub(super) fn answered(chosen: Result<Vec<u32>, String>) -> Returned {
    match chosen {
        Ok(places) => Returned::Branches(places),
        Err(error) => Returned::Error(Value::from(error.as_str())),
    }
}

/// The work is of another kind of node.
pub(super) fn mismatched(node: &Node) -> Failure {
    of_node(node, FailureKind::Host, "has work of another kind of node".to_owned())
}

pub(super) fn of_node(node: &Node, kind: FailureKind, message: String) -> Failure {
    Failure {
        kind,
        node: Some(Arc::clone(&node.id)),
        component: Some(Arc::clone(&node.component)),
        message,
        detail: None,
    }
}
