//! Activations, as traces show them.

use std::sync::Arc;

use sandgate_flow::Plan;
use sandgate_flow::event::{ActivationId, HostCall, Returned, Timestamp};
use sandgate_flow::plan::Kind;
use sandgate_flow::trace::{Activation, End, Given};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;

use super::shown;

/// An activation: one call of a node's component.
#[derive(Serialize, ToSchema)]
#[schema(as = Activation)]
pub(in crate::api) struct ShownActivation {
    /// Its number in the run, from 0.
    pub(in crate::api) activation: u64,
    #[schema(value_type = String)]
    node: Arc<str>,
    #[schema(value_type = String)]
    component: Arc<str>,
    /// The function; null of a gateway.
    #[schema(value_type = Option<String>)]
    function: Option<Arc<str>>,
    /// `waiting` for room, `running`, `returned`, `failed`, or `cancelled` since the run's end was decided.
    status: &'static str,
    started: Option<String>,
    ended: Option<String>,
    duration_ms: Option<f64>,
    /// What it was called with, by the function's parameters; of a gateway its `with`.
    given: Option<Json>,
    /// What it asked of the host.
    calls: Vec<Json>,
    /// What it returned: a value, the branches that a gateway chose by their names, or an error.
    result: Option<Json>,
    /// Why it failed.
    failure: Option<String>,
    /// CPU time; what passed on the clock of a call that is too short to be measured otherwise.
    cpu_us: u64,
    /// Linear memory at its end.
    memory_bytes: u64,
}

/// How the activations of a run are shown.
pub(in crate::api) struct Showing {
    /// What is run.
    pub(in crate::api) plan: Arc<Plan>,
    /// What is shown of one value.
    pub(in crate::api) bytes_max: usize,
}

impl Showing {
    /// An activation of this number.
    pub(in crate::api) fn shown(&self, id: ActivationId, activation: &Activation) -> ShownActivation {
        let node = self.plan.node(activation.node);
        let ended = activation.end.as_ref().map(|(at, _)| *at);
        let took = activation.activated.zip(ended).map(|(from, to)| to.since(from).as_secs_f64() * 1e3);
        let (status, result, failure) = self.end(activation);
        ShownActivation {
            activation: id.0,
            node: Arc::clone(&node.id),
            component: Arc::clone(&node.component),
            function: match &node.kind {
                Kind::Call(call) => Some(Arc::clone(&call.function)),
                Kind::Gateway(_) => None,
            },
            status,
            started: activation.activated.map(shown::time),
            ended: ended.map(shown::time),
            duration_ms: took,
            given: activation.given.as_ref().map(|given| self.given(activation, given)),
            calls: activation.calls.iter().map(|(at, call)| self.call(*at, call)).collect(),
            result,
            failure,
            cpu_us: activation.cost.cpu_us,
            memory_bytes: activation.cost.memory_bytes,
        }
    }

    fn end(&self, activation: &Activation) -> (&'static str, Option<Json>, Option<String>) {
        match activation.end.as_ref().map(|(_, end)| end) {
            None if activation.activated.is_none() => ("waiting", None, None),
            None => ("running", None, None),
            Some(End::Cancelled) => ("cancelled", None, None),
            Some(End::Failed(failure)) => ("failed", None, Some(failure.to_string())),
            Some(End::Returned(returned)) => ("returned", Some(self.returned(activation, returned)), None),
        }
    }

    fn returned(&self, activation: &Activation, returned: &Returned) -> Json {
        match (returned, &self.plan.node(activation.node).kind) {
            (Returned::Value(value), _) => json!({ "value": shown::value(value, self.bytes_max) }),
            (Returned::Error(error), _) => json!({ "error": shown::value(error, self.bytes_max) }),
            (Returned::Branches(places), Kind::Gateway(gateway)) => {
                let name = |place: &u32| gateway.branches.get(*place as usize).map(|branch| branch.name.as_str());
                json!({ "branches": places.iter().map(name).collect::<Vec<_>>() })
            }
            (Returned::Branches(places), Kind::Call(_)) => json!({ "branches": places }),
        }
    }

    fn given(&self, activation: &Activation, given: &Given) -> Json {
        match (given, &self.plan.node(activation.node).kind) {
            (Given::Arguments(arguments), Kind::Call(call)) => {
                let names = call.parameters.iter().map(ToString::to_string);
                let values = arguments.iter().map(|value| shown::value(value, self.bytes_max));
                Json::Object(names.zip(values).collect::<Map<_, _>>())
            }
            (Given::Arguments(arguments), Kind::Gateway(_)) => {
                arguments.iter().map(|value| shown::value(value, self.bytes_max)).collect()
            }
            (Given::Question(config, _), _) => {
                config.as_ref().map_or(Json::Null, |config| shown::value(config, self.bytes_max))
            }
        }
    }

    fn call(&self, at: Timestamp, call: &HostCall) -> Json {
        let (at, function) = (shown::time(at), call.function().name());
        match call {
            HostCall::Push { push, sessions } => json!({
                "at": at, "function": function, "to": push.to.to_string(),
                "message": shown::value(&push.message, self.bytes_max), "sessions": sessions,
            }),
            HostCall::Sleep { due } => json!({ "at": at, "function": function, "until": shown::time(*due) }),
            HostCall::Output(value) => {
                json!({ "at": at, "function": function, "value": shown::value(value, self.bytes_max) })
            }
            HostCall::Refused { refusal, .. } => {
                json!({ "at": at, "function": function, "refused": format!("{refusal:?}") })
            }
        }
    }
}
