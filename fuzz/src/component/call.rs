//! Calls what a component exports, from flows.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use arbitrary::{Result, Unstructured};
use sandgate_engine::simulation::Case;
use sandgate_engine::{Component, Components, Engine};
use sandgate_flow::cases::Observed;
use sandgate_flow::catalog::{Activity, Gateway, in_flow};
use sandgate_flow::event::{Failure, FailureKind, Outcome};
use sandgate_flow::parse::parse;
use sandgate_flow::{Plan, Value, check};
use serde_json::{Map, Value as Json, json};
use tokio::runtime::Runtime;

use crate::chance::Chance;
use crate::invariant::is_a_message;
use crate::types;

/// Of a component with more functions, these are called.
const CALLS_MAX: usize = 4;

/// A run takes milliseconds of CPU time: whoever waits so long waits for ever.
const RUN_SECONDS_MAX: u64 = 300;

/// Calls its functions and its gateway, with arguments that mostly fit.
pub(super) fn all(engine: &Engine, component: &Component, data: &[u8]) {
    let seed = data.iter().fold(1u64, |seed, byte| seed.wrapping_mul(31).wrapping_add(u64::from(*byte)));
    let chance = Chance::new(seed).bytes(2_048);
    let mut u = Unstructured::new(&chance);
    let components = Arc::new(Components::new([component.clone()]));
    let activities = component.about().activities.iter().take(CALLS_MAX);
    let calls = activities.map(|activity| call(&mut u, activity).unwrap_or_default());
    let routes = (component.about().gateway == Gateway::Exported).then(route);
    for node in calls.chain(routes) {
        run(engine, &components, &node);
    }
}

fn call(u: &mut Unstructured<'_>, activity: &Activity) -> Result<Json> {
    let mut with = Map::new();
    for parameter in &activity.parameters {
        let value = types::fitting(u, &parameter.ty)?;
        with.insert(parameter.name.to_string(), literal(value.to_json().unwrap_or(Json::Null)));
    }
    let interface = activity.interface.rsplit_once('/').map_or(&*activity.interface, |(_, name)| name);
    let interface = interface.split_once('@').map_or(interface, |(name, _)| name);
    Ok(json!({ "call": format!("fuzzed.{}.{}", in_flow(interface), in_flow(&activity.function)), "with": with }))
}

fn route() -> Json {
    json!({ "gateway": "fuzzed", "with": { "a": 1 }, "branches": [{ "if": "true", "next": "end" }, { "next": "end" }] })
}

/// Texts stand for themselves, whatever is in them.
fn literal(json: Json) -> Json {
    match json {
        Json::String(text) => Json::String(text.replace("${", "$${")),
        Json::Array(items) => items.into_iter().map(literal).collect(),
        Json::Object(entries) => {
            Json::Object(entries.into_iter().map(|(name, entry)| (name, literal(entry))).collect())
        }
        other => other,
    }
}

fn run(engine: &Engine, components: &Arc<Components>, node: &Json) {
    // Something has to follow a gateway: the node that is fuzzed itself, as often as a run may.
    let nodes = match node.get("gateway") {
        Some(_) => json!({ "begin": node, "end": { "call": "none.none" } }),
        None => json!({ "begin": node }),
    };
    let flow = json!({
        "format": 1, "flow": "fuzzed", "interface": { "protocol": "websocket" }, "start": "begin", "nodes": nodes,
    });
    // Not all of JSON is YAML to its reader: a key has at most 1,024 characters, and a DEL has to be escaped.
    let checked = parse(&flow.to_string()).and_then(|document| check(&document, components.catalog()));
    match checked {
        Ok(plan) => {
            let plan = Arc::new(plan);
            let first = observed(engine, components, &plan);
            let again = observed(engine, components, &plan);
            assert!(is_same(&first, &again), "the same call comes to another end: {first:?}, {again:?}");
        }
        Err(problems) => problems.iter().for_each(|problem| is_a_message(&problem.message)),
    }
}

fn observed(engine: &Engine, components: &Arc<Components>, plan: &Arc<Plan>) -> Observed {
    let case = Case {
        plan: Arc::clone(plan),
        components: Arc::clone(components),
        input: plan.interface.input.accept(json!({})).expect("no input"),
        message: Value::Null,
        client: Some("ann".into()),
    };
    let observed = RUNTIME
        .block_on(async { tokio::time::timeout(Duration::from_secs(RUN_SECONDS_MAX), engine.simulate(case)).await });
    let observed = observed.expect("a run ends").expect("a run is started");
    if let Outcome::Failed(failure) = &observed.outcome {
        is_a_message(failure);
        assert!(!matches!(failure.kind, FailureKind::Host | FailureKind::Diverged), "{failure}");
    }
    observed
}

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime"));

/// Whether two runs of the same came to the same end. How much is done within a limit on time is another matter each time;
/// so is the place in a backtrace, which is that of the function where it was interrupted at its start before.
fn is_same(one: &Observed, other: &Observed) -> bool {
    of_time(one) || of_time(other) || told(one) == told(other)
}

fn of_time(observed: &Observed) -> bool {
    matches!(&observed.outcome, Outcome::Failed(failure)
        if matches!(&failure.kind, FailureKind::Limit { limit, .. } if ["activation_cpu_ms_max", "activation_wall_ms_max"].contains(&&**limit)))
}

fn told(observed: &Observed) -> String {
    let outcome = match observed.outcome.clone() {
        Outcome::Failed(failure) => Outcome::Failed(Failure { detail: None, ..failure }),
        other => other,
    };
    format!("{:?} {outcome:?} {:?}", observed.pushes, observed.duration)
}
