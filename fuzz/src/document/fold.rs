//! Runs of a plan: whatever components return, the events fold to a state, the same each time.

use std::collections::VecDeque;

use arbitrary::{Result, Unstructured};
use sandgate_flow::effect::Effect;
use sandgate_flow::event::{
    ActivationId, Caller, Cost, Event, Failure, FailureKind, HostCall, Limits, Outcome, Push, Recipient, Recorded,
    Returned, RunId, Started, Timestamp,
};
use sandgate_flow::plan::{Kind, Plan};
use sandgate_flow::state::Phase;
use sandgate_flow::{State, Value, step};
use uuid::Uuid;

use super::chance_of;
use crate::invariant::is_a_message;
use crate::json;

/// Events of one run.
const EVENTS_MAX: usize = 60;

/// Runs the plan with input as its interface takes it.
pub(super) fn run(plan: &Plan, data: &[u8]) {
    let chance = chance_of(data);
    let mut u = Unstructured::new(&chance);
    let input = json::json(&mut u, 3).unwrap_or_default();
    for given in [serde_json::json!({}), input] {
        match plan.interface.input.accept(given) {
            Ok(input) => go(plan, input, &mut u),
            Err(problems) => problems.iter().for_each(is_a_message),
        }
    }
    assert!(plan.interface.input.schema().is_object());
}

fn go(plan: &Plan, input: Value, u: &mut Unstructured<'_>) {
    let mut state = State::new(plan);
    let mut due = VecDeque::from([Event::Started(Box::new(started(input)))]);
    for _ in 0..EVENTS_MAX {
        let Some(event) = due.pop_front() else { break };
        let recorded = Recorded { at: Timestamp(0), event };
        let before = state.clone();
        let mut other = state.clone();
        match step(plan, &mut state, &recorded) {
            Ok(effects) => {
                let again = step(plan, &mut other, &recorded);
                // As shown: a NaN is not equal to itself.
                assert_eq!(format!("{:?}", Ok::<_, ()>(&effects)), format!("{:?}", again.map_err(|_| ()).as_ref()));
                assert_eq!(format!("{state:?}"), format!("{other:?}"), "the same event makes another state");
                due.extend(effects.into_iter().flat_map(|effect| follows(plan, effect, u)));
            }
            Err(impossible) => {
                is_a_message(&impossible);
                assert_eq!(format!("{state:?}"), format!("{before:?}"), "an event that cannot be changes the state");
            }
        }
    }
    assert!(
        !due.is_empty() || matches!(state.phase(), Phase::Ended(_)),
        "a run that nothing is due in goes on: {state:?}"
    );
}

fn started(input: Value) -> Started {
    Started {
        run: RunId(Uuid::nil()),
        flow: "f".into(),
        version: 1,
        seed: [0; 32],
        limits: Limits { paths_max: 6, activations_max: 30 },
        input,
        message: Value::Null,
        caller: Some(Caller { session: "s".into(), client: "c".into() }),
        key: None,
        components: Vec::new(),
    }
}

/// The events that performing an effect leads to.
fn follows(plan: &Plan, effect: Effect, u: &mut Unstructured<'_>) -> Vec<Event> {
    match effect {
        Effect::Activate { activation, .. } => vec![Event::Activated(activation)],
        Effect::Call { activation, .. } => called(activation, u).unwrap_or_else(|_| vec![nothing(activation)]),
        Effect::Route { activation, node, data, .. } => {
            let Kind::Gateway(gateway) = &plan.node(node).kind else { panic!("a call is routed") };
            let conditions = gateway.branches.iter().filter_map(|branch| branch.condition.as_ref());
            conditions
                .filter_map(|condition| condition.holds(&data).err())
                .for_each(|error| is_a_message(&error.reason));
            let branches = json::some(u, |u| u.int_in_range(0..=4)).unwrap_or_default();
            vec![Event::Returned { activation, returned: Returned::Branches(branches), cost: Cost::default() }]
        }
        Effect::End(outcome) => vec![ended(outcome)],
        Effect::Again { .. } | Effect::Cancel(_) | Effect::Push(_) | Effect::Announce(_) => Vec::new(),
    }
}

fn ended(outcome: Outcome) -> Event {
    if let Outcome::Failed(failure) = &outcome {
        assert_ne!(failure.kind, FailureKind::Host, "{failure}");
    }
    Event::Ended(outcome)
}

fn nothing(activation: ActivationId) -> Event {
    Event::Returned { activation, returned: Returned::Value(Value::Null), cost: Cost::default() }
}

/// What a component does: it returns, or not, or says something before.
fn called(activation: ActivationId, u: &mut Unstructured<'_>) -> Result<Vec<Event>> {
    let value = json::value(u, 3)?;
    let calls = |call| vec![Event::CalledHost { activation, call, arguments: [0; 32] }, nothing(activation)];
    Ok(match u.int_in_range(0..=7)? {
        0 => vec![Event::Returned { activation, returned: Returned::Error(value), cost: Cost::default() }],
        // Its text is JSON, which has no way to write a NaN: an end with one would be another end than itself.
        1 => calls(HostCall::Output(json::json(u, 3)?.into())),
        2 => calls(HostCall::Push { push: Push { to: Recipient::Everyone, message: value }, sessions: 1 }),
        3 => vec![Event::Failed { activation, failure: trap(), cost: Cost::default() }],
        4 => vec![Event::Cancelled { reason: "it was asked for".into() }],
        _ => vec![Event::Returned { activation, returned: Returned::Value(value), cost: Cost::default() }],
    })
}

fn trap() -> Failure {
    Failure { kind: FailureKind::Trap, node: None, component: None, message: "unreachable".to_owned(), detail: None }
}
