//! What a run does next: the one place that knows how a flow goes on.

use std::sync::Arc;

use crate::data::Data;
use crate::diagnostic::{cut, printable};
use crate::effect::Effect;
use crate::event::{
    ActivationId, Caller, Event, Failure, FailureKind, HostCall, Outcome, Push, Recipient, Recorded, Returned, Started,
};
use crate::expression;
use crate::plan::{Call, Gateway, Kind, Node, NodeIndex, Plan};
use crate::state::{Activation, Phase, Progress, State, run_value};
use crate::value::Value;

/// An event that cannot follow what has happened: the log is of another plan, or damaged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event} cannot happen here: {reason}")]
pub struct Impossible {
    /// The event.
    pub event: &'static str,
    /// Why not.
    pub reason: String,
}

/// Applies an event, and says what is to be done next. The same events give the same state and the same effects, always.
///
/// # Errors
///
/// An event that cannot follow; the state is then unchanged.
pub fn step(plan: &Plan, state: &mut State, recorded: &Recorded) -> Result<Vec<Effect>, Impossible> {
    let effects = apply(plan, state, &recorded.event)?;
    state.events += 1;
    Ok(effects)
}

/// What is to be done in a state that was folded from a log, before anything else happens: what was to be done when its last
/// event was recorded, and has not led to another.
///
/// An activation that had been called is [called again](Effect::Again).
pub fn outstanding(state: &State) -> Vec<Effect> {
    match &state.phase {
        Phase::New | Phase::Ended(_) => Vec::new(),
        Phase::Ending(outcome) => vec![Effect::End(outcome.clone())],
        Phase::Running => state.open.iter().map(|(id, activation)| issued_again(*id, activation)).collect(),
    }
}

fn issued_again(id: ActivationId, activation: &Activation) -> Effect {
    let node = activation.node;
    match activation.progress {
        Progress::Waiting => Effect::Activate { activation: id, node },
        Progress::Called { event, asleep } => Effect::Again { activation: id, node, event, asleep },
    }
}

/// The call or the question that an activation was begun with, as it was then; none if there is no such activation, or it has
/// not been called.
///
/// # Errors
///
/// Its arguments cannot be evaluated, which they could: the state is of another plan.
pub fn work(plan: &Plan, state: &State, id: ActivationId) -> Result<Option<Effect>, expression::Error> {
    let Some(activation) = state.open.get(&id).filter(|it| it.progress != Progress::Waiting) else { return Ok(None) };
    let data = activation.data.as_ref().unwrap_or(&state.data);
    work_effect(plan, data, id, activation.node).map(Some)
}

fn work_effect(plan: &Plan, data: &Arc<Data>, id: ActivationId, index: NodeIndex) -> Result<Effect, expression::Error> {
    match &plan.node(index).kind {
        Kind::Call(call) => call_effect(data, id, index, call),
        Kind::Gateway(gateway) => route_effect(data, id, index, gateway),
    }
}

fn apply(plan: &Plan, state: &mut State, event: &Event) -> Result<Vec<Effect>, Impossible> {
    match event {
        Event::Started(started) => start(plan, state, started),
        Event::Activated(activation) => activate(plan, state, *activation),
        Event::CalledHost { activation, call, .. } => call_host(state, *activation, call),
        Event::Returned { activation, returned, .. } => {
            let node = close(state, *activation, "returned")?;
            Ok(if state.is_decided() { Vec::new() } else { go_on(plan, state, node, returned) })
        }
        Event::Failed { activation, failure, .. } => {
            close(state, *activation, "failed")?;
            Ok(if state.is_decided() { Vec::new() } else { decide(state, Outcome::Failed(failure.clone())) })
        }
        Event::Cancelled { reason } => cancel(state, reason),
        Event::Ended(outcome) => end(state, outcome),
        Event::GivenUp(failure) => {
            Ok(if state.is_decided() { Vec::new() } else { decide(state, Outcome::Failed(failure.clone())) })
        }
    }
}

fn start(plan: &Plan, state: &mut State, started: &Started) -> Result<Vec<Effect>, Impossible> {
    if state.phase != Phase::New {
        return Err(Impossible { event: "started", reason: "the run has started already".into() });
    }
    let data = Arc::make_mut(&mut state.data);
    data.input = started.input.clone();
    data.message = started.message.clone();
    data.session = session_value(started.caller.as_ref());
    data.run = run_value(started.run, &plan.flow, started.version);
    state.limits = started.limits;
    state.phase = Phase::Running;
    Ok(take_paths(plan, state, &[plan.start]))
}

fn session_value(caller: Option<&Caller>) -> Value {
    let text = |part: fn(&Caller) -> &Arc<str>| caller.map_or(Value::Null, |it| Value::String(Arc::clone(part(it))));
    Value::map([("id", text(|it| &it.session)), ("client", text(|it| &it.client))])
}

fn activate(plan: &Plan, state: &mut State, id: ActivationId) -> Result<Vec<Effect>, Impossible> {
    let event = state.events;
    let Some(activation) = state.open.get_mut(&id).filter(|it| it.progress == Progress::Waiting) else {
        return Err(Impossible { event: "activated", reason: format!("activation {} does not wait", id.0) });
    };
    activation.progress = Progress::Called { event, asleep: None };
    let index = activation.node;
    Ok(match work_effect(plan, &state.data, id, index) {
        Ok(effect) => vec![effect],
        Err(error) => {
            state.open.remove(&id);
            decide(state, Outcome::Failed(expression_failure(plan.node(index), &error)))
        }
    })
}

fn call_effect(data: &Data, id: ActivationId, node: NodeIndex, call: &Call) -> Result<Effect, expression::Error> {
    let arguments = call.arguments.iter().map(|argument| argument.evaluate(data)).collect::<Result<_, _>>()?;
    Ok(Effect::Call { activation: id, node, arguments })
}

fn route_effect(
    data: &Arc<Data>,
    id: ActivationId,
    node: NodeIndex,
    gateway: &Gateway,
) -> Result<Effect, expression::Error> {
    let config =
        |template: &Option<expression::Template>| template.as_ref().map(|template| template.evaluate(data)).transpose();
    Ok(Effect::Route {
        activation: id,
        node,
        config: config(&gateway.config)?,
        branches: gateway.branches.iter().map(|branch| config(&branch.config)).collect::<Result<_, _>>()?,
        data: Arc::clone(data),
    })
}

fn call_host(state: &mut State, id: ActivationId, call: &HostCall) -> Result<Vec<Effect>, Impossible> {
    if state.is_decided() {
        return Err(Impossible { event: "called-host", reason: "the run's end is decided".into() });
    }
    let Some(Progress::Called { asleep, .. }) = state.open.get_mut(&id).map(|it| &mut it.progress) else {
        return Err(Impossible { event: "called-host", reason: format!("activation {} is not under way", id.0) });
    };
    *asleep = match call {
        HostCall::Sleep { due } => Some(*due),
        _ => None,
    };
    Ok(match call {
        HostCall::Push { push, .. } => {
            state.pushed_to_everyone |= push.to == Recipient::Everyone;
            vec![Effect::Push(Push::clone(push))]
        }
        HostCall::Sleep { .. } | HostCall::Refused { .. } => Vec::new(),
        HostCall::Output(value) => decide_except(state, Outcome::Output(value.clone()), Some(id)),
    })
}

fn cancel(state: &mut State, reason: &Arc<str>) -> Result<Vec<Effect>, Impossible> {
    match state.phase {
        Phase::New => Err(Impossible { event: "cancelled", reason: "the run has not started".into() }),
        Phase::Running => Ok(decide(state, Outcome::Cancelled(Arc::clone(reason)))),
        Phase::Ending(_) | Phase::Ended(_) => Ok(Vec::new()),
    }
}

/// Takes an activation that was under way off the list.
fn close(state: &mut State, id: ActivationId, event: &'static str) -> Result<NodeIndex, Impossible> {
    match state.open.remove(&id) {
        Some(activation) => Ok(activation.node),
        None => Err(Impossible { event, reason: format!("activation {} is not under way", id.0) }),
    }
}

/// Stores what a node's component returned, and takes the paths that follow.
fn go_on(plan: &Plan, state: &mut State, index: NodeIndex, returned: &Returned) -> Vec<Effect> {
    let node = plan.node(index);
    match (&node.kind, returned) {
        (Kind::Call(call), Returned::Value(value)) => {
            state.change_data().set_result(index, value.clone());
            take_paths(plan, state, call.next.as_slice())
        }
        (Kind::Call(call), Returned::Error(error)) => match call.on_error {
            Some(next) => {
                state.change_data().error =
                    Value::map([("node", Value::String(Arc::clone(&node.id))), ("value", error.clone())]);
                take_paths(plan, state, &[next])
            }
            None => fail(state, node, FailureKind::Returned, format!("returned the error {}", shown(error))),
        },
        (Kind::Gateway(gateway), Returned::Branches(places)) => match chosen(gateway, places) {
            Ok(next) => take_paths(plan, state, &next),
            Err(message) => fail(state, node, FailureKind::Route, message),
        },
        (Kind::Call(_), Returned::Branches(_)) | (Kind::Gateway(_), Returned::Value(_)) => {
            fail(state, node, FailureKind::Host, "returned what its kind of node cannot".into())
        }
        (Kind::Gateway(_), Returned::Error(error)) => {
            fail(state, node, FailureKind::Returned, format!("chose no branch: {}", shown(error)))
        }
    }
}

/// An error of a component, as much of it as a message can hold.
fn shown(error: &Value) -> String {
    const ERROR_CHARS_MAX: usize = 1_000;
    printable(&cut(&error.to_string(), ERROR_CHARS_MAX))
}

/// Where the branches that a gateway chose lead to.
fn chosen(gateway: &Gateway, places: &[u32]) -> Result<Vec<NodeIndex>, String> {
    let mut seen = vec![false; gateway.branches.len()];
    let mut next = Vec::with_capacity(seen.len().min(places.len()));
    for place in places {
        let at = usize::try_from(*place).unwrap_or(usize::MAX);
        match (gateway.branches.get(at), seen.get_mut(at)) {
            (Some(branch), Some(seen)) if !*seen => {
                *seen = true;
                next.push(branch.next);
            }
            (Some(branch), _) => return Err(format!("chose branch {place}, {:?}, twice", branch.name)),
            (None, _) => {
                return Err(format!("chose branch {place}, but has {}, counted from 0", gateway.branches.len()));
            }
        }
    }
    Ok(next)
}

/// Begins an activation of each of these nodes; ends the run when no path is left.
fn take_paths(plan: &Plan, state: &mut State, nodes: &[NodeIndex]) -> Vec<Effect> {
    if nodes.is_empty() && state.open.is_empty() {
        return decide(state, Outcome::Completed);
    }
    if let (Some((limit, value)), [first, ..]) = (limit_passed(state, nodes.len()), nodes) {
        let kind = FailureKind::Limit { limit: limit.into(), value };
        return fail(state, plan.node(*first), kind, format!("the run may not go on: {limit} is {value}"));
    }
    nodes.iter().map(|node| open(state, *node)).collect()
}

/// The limit of the run, and its value, that so many more paths would pass.
fn limit_passed(state: &State, paths: usize) -> Option<(&'static str, u64)> {
    let limits = state.limits;
    if state.open.len() + paths > limits.paths_max {
        Some(("paths_max", limits.paths_max as u64))
    } else if state.next_activation.saturating_add(paths as u64) > limits.activations_max {
        Some(("activations_max", limits.activations_max))
    } else {
        None
    }
}

fn open(state: &mut State, node: NodeIndex) -> Effect {
    let activation = ActivationId(state.next_activation);
    state.next_activation += 1;
    state.open.insert(activation, Activation { node, progress: Progress::Waiting, data: None });
    Effect::Activate { activation, node }
}

fn fail(state: &mut State, node: &Node, kind: FailureKind, message: String) -> Vec<Effect> {
    let failure = Failure {
        kind,
        node: Some(Arc::clone(&node.id)),
        component: Some(Arc::clone(&node.component)),
        message,
        detail: None,
    };
    decide(state, Outcome::Failed(failure))
}

fn expression_failure(node: &Node, error: &expression::Error) -> Failure {
    Failure {
        kind: FailureKind::Expression,
        node: Some(Arc::clone(&node.id)),
        component: None,
        message: error.to_string(),
        detail: None,
    }
}

fn decide(state: &mut State, outcome: Outcome) -> Vec<Effect> {
    decide_except(state, outcome, None)
}

/// Decides how the run ends and cancels its paths, but for the one that is still to return.
fn decide_except(state: &mut State, outcome: Outcome, returning: Option<ActivationId>) -> Vec<Effect> {
    let mut effects: Vec<_> =
        state.open.keys().filter(|id| Some(**id) != returning).map(|id| Effect::Cancel(*id)).collect();
    state.open.retain(|id, _| Some(*id) == returning);
    state.phase = Phase::Ending(outcome.clone());
    effects.push(Effect::End(outcome));
    effects
}

fn end(state: &mut State, outcome: &Outcome) -> Result<Vec<Effect>, Impossible> {
    match &state.phase {
        Phase::Ending(decided) if decided == outcome => {
            state.phase = Phase::Ended(outcome.clone());
            Ok(vec![Effect::Announce(outcome.clone())])
        }
        _ => Err(Impossible { event: "ended", reason: "another end, or none, was decided".into() }),
    }
}
