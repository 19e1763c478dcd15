//! What a run does after each event, without any runtime.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

mod catalog;

use sandgate_flow::effect::Effect;
use sandgate_flow::event::{
    ActivationId, Cost, Event, Failure, FailureKind, HostCall, Limits, Outcome, Push, Recipient, Recorded, Returned,
    RunId, Started, Timestamp,
};
use sandgate_flow::parse::parse;
use sandgate_flow::state::Phase;
use sandgate_flow::{Plan, State, Value, check, step};
use uuid::Uuid;

/// A run and the log of it.
struct Run {
    plan: Plan,
    state: State,
    log: Vec<Recorded>,
}

impl Run {
    fn of(text: &str, input: Value, limits: Limits) -> (Self, Vec<Effect>) {
        let plan = check(&parse(text).unwrap(), &catalog::catalog()).unwrap();
        let state = State::new(&plan);
        let mut run = Self { plan, state, log: Vec::new() };
        let effects = run.event(Event::Started(Box::new(started(input, limits))));
        (run, effects)
    }

    fn event(&mut self, event: Event) -> Vec<Effect> {
        let recorded = Recorded { at: Timestamp(self.log.len() as u64), event };
        let effects = step(&self.plan, &mut self.state, &recorded).unwrap();
        self.log.push(recorded);
        effects
    }

    fn returned(&mut self, activation: u64, returned: Returned) -> Vec<Effect> {
        self.event(Event::Returned { activation: ActivationId(activation), returned, cost: Cost::default() })
    }

    /// The nodes that these effects activate.
    fn activated(&self, effects: &[Effect]) -> Vec<(u64, &str)> {
        let node = |effect: &Effect| match effect {
            Effect::Activate { activation, node } => Some((activation.0, &*self.plan.node(*node).id)),
            _ => None,
        };
        effects.iter().filter_map(node).collect()
    }
}

fn started(input: Value, limits: Limits) -> Started {
    Started {
        run: RunId(Uuid::from_u128(7)),
        flow: "f".into(),
        version: 1,
        seed: [0; 32],
        limits,
        input,
        message: Value::Null,
        caller: None,
        key: None,
        components: Vec::new(),
    }
}

const WIDE: Limits = Limits { paths_max: 100, activations_max: 1_000 };

const COUNTDOWN: &str = include_str!("../../../flows/countdown.yaml");

/// A gateway that may take both of its branches.
const FORK: &str = "
format: 1
flow: fork
interface: { protocol: websocket }
start: both
nodes:
  both:
    gateway: exclusive
    branches: [{ if: 'true', next: left }, { next: right }]
  left: { call: client.push, with: { message: left } }
  right: { call: output.result, with: { value: right } }
";

fn countdown(a: i64) -> (Run, Vec<Effect>) {
    Run::of(COUNTDOWN, Value::map([("a", Value::Int(a))]), WIDE)
}

fn fork() -> Run {
    let (mut run, _) = Run::of(FORK, Value::map::<&str>([]), WIDE);
    run.event(Event::Activated(ActivationId(0)));
    let effects = run.returned(0, Returned::Branches(vec![0, 1]));
    assert_eq!(run.activated(&effects), [(1, "left"), (2, "right")]);
    run.event(Event::Activated(ActivationId(1)));
    run.event(Event::Activated(ActivationId(2)));
    run
}

fn output(activation: u64) -> Event {
    Event::CalledHost {
        activation: ActivationId(activation),
        call: HostCall::Output(Value::from("done")),
        arguments: [0; 32],
    }
}

#[test]
fn a_start_activates_the_first_node_with_arguments_of_the_input() {
    let (mut run, effects) = countdown(3);
    assert_eq!(run.activated(&effects), [(0, "count")]);
    let effects = run.event(Event::Activated(ActivationId(0)));
    let Effect::Call { arguments, .. } = &effects[0] else { panic!("{effects:?}") };
    assert_eq!(arguments[..], [Value::Null, Value::Int(3), Value::from("decrement")]);
}

#[test]
fn a_result_is_what_later_nodes_see() {
    let (mut run, _) = countdown(3);
    run.event(Event::Activated(ActivationId(0)));
    let effects = run.returned(0, Returned::Value(Value::Int(3)));
    assert_eq!(run.activated(&effects), [(1, "positive")]);
    let effects = run.event(Event::Activated(ActivationId(1)));
    let Effect::Route { data, .. } = &effects[0] else { panic!("{effects:?}") };
    assert_eq!(data.results[0], Value::Int(3));
}

#[test]
fn a_push_is_an_effect_of_its_event() {
    let (mut run, _) = countdown(3);
    run.event(Event::Activated(ActivationId(0)));
    let push = Push { to: Recipient::Everyone, message: Value::Int(3) };
    let call = HostCall::Push { push: push.clone(), sessions: 2 };
    assert_eq!(
        run.event(Event::CalledHost { activation: ActivationId(0), call, arguments: [0; 32] }),
        [Effect::Push(push)]
    );
}

#[test]
fn the_first_output_decides_the_run_and_cancels_the_other_paths() {
    let mut run = fork();
    let outcome = Outcome::Output(Value::from("done"));
    assert_eq!(run.event(output(2)), [Effect::Cancel(ActivationId(1)), Effect::End(outcome.clone())]);
    assert_eq!(run.event(Event::Ended(outcome.clone())), [Effect::Announce(outcome)]);
    // The activation that made the output may still trap: that changes nothing.
    let failure =
        Failure { kind: FailureKind::Trap, node: None, component: None, message: "late".into(), detail: None };
    assert_eq!(run.event(Event::Failed { activation: ActivationId(2), failure, cost: Cost::default() }), []);
    assert!(matches!(run.state.phase(), Phase::Ended(Outcome::Output(_))));
}

#[test]
fn a_host_call_after_the_output_cannot_happen() {
    let mut run = fork();
    run.event(output(2));
    let recorded = Recorded { at: Timestamp(9), event: output(2) };
    assert!(step(&run.plan, &mut run.state, &recorded).is_err());
}

#[test]
fn a_run_ends_when_no_path_is_left() {
    let mut run = fork();
    assert_eq!(run.returned(1, Returned::Value(Value::Null)), []);
    assert_eq!(run.returned(2, Returned::Value(Value::Null)), [Effect::End(Outcome::Completed)]);
}

#[test]
fn a_cancelled_run_cancels_every_path() {
    let mut run = fork();
    let effects = run.event(Event::Cancelled { reason: "enough".into() });
    let cancelled = [Effect::Cancel(ActivationId(1)), Effect::Cancel(ActivationId(2))];
    assert_eq!(effects[..2], cancelled);
    assert_eq!(effects[2], Effect::End(Outcome::Cancelled("enough".into())));
}

#[test]
fn a_gateway_may_choose_only_branches_that_it_has_and_each_once() {
    for (places, message) in [
        (vec![2], "node both (component exclusive): chose branch 2, but has 2, counted from 0"),
        (vec![1, 1], "node both (component exclusive): chose branch 1, \"right\", twice"),
    ] {
        let (mut run, _) = Run::of(FORK, Value::map::<&str>([]), WIDE);
        run.event(Event::Activated(ActivationId(0)));
        let effects = run.returned(0, Returned::Branches(places));
        let [Effect::End(Outcome::Failed(failure))] = &effects[..] else { panic!("{effects:?}") };
        assert_eq!(failure.to_string(), message);
    }
}

#[test]
fn more_paths_than_the_limit_fail_the_run() {
    let limits = Limits { paths_max: 1, activations_max: 1_000 };
    let (mut run, _) = Run::of(FORK, Value::map::<&str>([]), limits);
    run.event(Event::Activated(ActivationId(0)));
    let effects = run.returned(0, Returned::Branches(vec![0, 1]));
    let [Effect::End(Outcome::Failed(failure))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(failure.kind, FailureKind::Limit { limit: "paths_max".into(), value: 1 });
}

#[test]
fn more_activations_than_the_limit_fail_the_run() {
    let (mut run, _) =
        Run::of(COUNTDOWN, Value::map([("a", Value::Int(9))]), Limits { paths_max: 1, activations_max: 1 });
    run.event(Event::Activated(ActivationId(0)));
    let effects = run.returned(0, Returned::Value(Value::Int(9)));
    let [Effect::End(Outcome::Failed(failure))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(failure.kind, FailureKind::Limit { limit: "activations_max".into(), value: 1 });
}

#[test]
fn an_error_without_end_is_cut_in_the_failure() {
    let (mut run, _) = countdown(3);
    run.event(Event::Activated(ActivationId(0)));
    let effects = run.returned(0, Returned::Error(Value::from("x".repeat(1_000_000).as_str())));
    let [Effect::End(Outcome::Failed(failure))] = &effects[..] else { panic!("{effects:?}") };
    assert!(failure.message.starts_with("returned the error xxx"), "{failure}");
    assert!(failure.message.len() < 1_100, "{}", failure.message.len());
}

#[test]
fn a_run_that_has_not_started_cannot_be_cancelled() {
    let (run, _) = countdown(3);
    let mut state = State::new(&run.plan);
    let recorded = Recorded { at: Timestamp(0), event: Event::Cancelled { reason: "early".into() } };
    assert!(step(&run.plan, &mut state, &recorded).is_err());
    assert_eq!(state, State::new(&run.plan));
}

#[test]
fn an_expression_that_fails_names_its_node() {
    let text = "
format: 1
flow: divide
interface: { protocol: websocket, input: { a: { type: integer } } }
start: it
nodes:
  it: { call: output.result, with: { value: '${1 / input.a}' } }
";
    let (mut run, _) = Run::of(text, Value::map([("a", Value::Int(0))]), WIDE);
    let effects = run.event(Event::Activated(ActivationId(0)));
    let [Effect::End(Outcome::Failed(failure))] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!((&failure.kind, failure.node.as_deref()), (&FailureKind::Expression, Some("it")));
    assert!(failure.message.contains("division by zero"), "{}", failure.message);
}

#[test]
fn folding_the_log_again_gives_the_same_state() {
    let mut run = fork();
    run.returned(1, Returned::Value(Value::Int(1)));
    run.event(output(2));
    let mut again = State::new(&run.plan);
    for recorded in &run.log {
        step(&run.plan, &mut again, recorded).unwrap();
    }
    assert_eq!(again, run.state);
}

#[test]
fn an_event_that_cannot_follow_changes_nothing() {
    let mut run = fork();
    let before = run.state.clone();
    for event in [
        Event::Activated(ActivationId(1)),
        Event::Returned { activation: ActivationId(9), returned: Returned::Value(Value::Null), cost: Cost::default() },
        Event::Ended(Outcome::Completed),
        Event::Started(Box::new(started(Value::Null, WIDE))),
    ] {
        let recorded = Recorded { at: Timestamp(9), event };
        assert!(step(&run.plan, &mut run.state, &recorded).is_err(), "{recorded:?}");
        assert_eq!(run.state, before);
    }
}
