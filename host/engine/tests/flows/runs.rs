//! Runs on the machine's clock: many at once, cancelled, refused.

use std::sync::Arc;

use sandgate_engine::engine::Config;
use sandgate_engine::outbox::{Outbox, Refused};
use sandgate_engine::run::{self, Run, Start};
use sandgate_engine::{Engine, Limits};
use sandgate_flow::event::{Outcome, Push, RunId};
use serde_json::json;

use crate::support::{Flow, engine};

/// Hears nothing.
struct Nobody;

impl Outbox for Nobody {
    fn address(&self, _: &Push) -> Result<u32, Refused> {
        Ok(0)
    }
    fn push(&self, _: RunId, _: Push) {}
    fn ended(&self, _: RunId, _: &Outcome) {}
}

async fn start(engine: &Engine, flow: &Flow, input: serde_json::Value) -> Result<Run, run::Refused> {
    let (plan, components) = flow.load(engine);
    let input = plan.interface.input.accept(input).unwrap();
    let start = Start {
        plan,
        version: 1,
        components,
        input,
        message: Default::default(),
        caller: None,
        outbox: Arc::new(Nobody),
    };
    engine.start(start).await
}

/// Sleeps for a day, so that what wakes it can only be the test.
const ASLEEP: &str = "
    format: 1
    flow: asleep
    interface: { protocol: websocket }
    start: it
    nodes:
      it: { call: function.sleep, with: { milliseconds: 86400000 } }
    ";

fn asleep() -> Flow {
    Flow::text(ASLEEP)
}

#[tokio::test]
async fn cancelling_wakes_a_sleeper_at_once() {
    let engine = engine(Config::default());
    let run = start(&engine, &asleep(), json!({})).await.unwrap();
    run.cancel("the test is over");
    assert_eq!(run.ended().await, Outcome::Cancelled("the test is over".into()));
}

#[tokio::test]
async fn more_runs_than_the_limit_are_refused_and_room_comes_back() {
    let engine = engine(Config { limits: Limits { runs_max: 1, ..Limits::default() }, ..Config::default() });
    let flow = asleep();
    let first = start(&engine, &flow, json!({})).await.unwrap();
    let refused = start(&engine, &flow, json!({})).await.unwrap_err();
    assert_eq!(refused.to_string(), "too many runs are under way: runs_max is 1");
    first.cancel("make room");
    first.ended().await;
    // The run has been announced; its task gives its place back right after.
    while let Err(run::Refused::Busy { .. }) = start(&engine, &flow, json!({})).await {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn one_instance_at_a_time_is_enough_for_many_runs() {
    let limits = Limits { instances_live_max: 1, ..Limits::default() };
    let engine = engine(Config { limits, ..Config::default() });
    let flow = Flow::text(
        "
        format: 1
        flow: quick
        interface: { protocol: websocket }
        start: count
        nodes:
          count: { call: counter.next, with: { index: '${count}', count: 20, operator: decrement }, next: more }
          more:
            gateway: exclusive
            branches: [{ if: count > 0, next: count }, { next: done }]
          done: { call: output.result, with: { value: '${count}' } }
        ",
    );
    let mut runs = Vec::new();
    for _ in 0..20 {
        runs.push(start(&engine, &flow, json!({})).await.unwrap());
    }
    for run in runs {
        assert_eq!(run.ended().await, Outcome::Output(sandgate_flow::Value::Int(0)));
    }
}

#[tokio::test]
async fn far_more_runs_sleep_than_there_is_room_for_instances() {
    let limits = Limits { instances_live_max: 2, ..Limits::default() };
    let engine = engine(Config { limits, ..Config::default() });
    let flow = asleep();
    let mut runs = Vec::new();
    for _ in 0..50 {
        runs.push(start(&engine, &flow, json!({})).await.unwrap());
    }
    // Whoever still has an instance would keep this one waiting.
    let quick = start(&engine, &Flow::text(&ASLEEP.replace("86400000", "0")), json!({})).await.unwrap();
    assert_eq!(quick.ended().await, Outcome::Completed);
    for run in runs {
        run.cancel("the test is over");
        assert!(matches!(run.ended().await, Outcome::Cancelled(_)));
    }
}
