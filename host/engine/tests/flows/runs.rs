//! Runs on the machine's clock: many at once, cancelled, refused.

use std::sync::{Arc, Mutex};

use sandgate_engine::engine::Config;
use sandgate_engine::journal::Durable;
use sandgate_engine::outbox::{Outbox, Refused, Said};
use sandgate_engine::run::{self, Run, Start};
use sandgate_engine::{Engine, Limits};
use sandgate_flow::event::{Outcome, Push, RunId};
use serde_json::json;
use tokio::sync::Notify;

use crate::support::{Flow, engine};

/// Hears nothing.
struct Nobody;

impl Outbox for Nobody {
    fn address(&self, _: &Push) -> Result<u32, Refused> {
        Ok(0)
    }
    fn say(&self, _: RunId, _: Said, _: Durable) {}
}

/// Hears that something is pushed.
#[derive(Default)]
struct Somebody(Notify);

impl Outbox for Somebody {
    fn address(&self, _: &Push) -> Result<u32, Refused> {
        Ok(1)
    }
    fn say(&self, _: RunId, said: Said, _: Durable) {
        if matches!(said, Said::Push(_)) {
            self.0.notify_one();
        }
    }
}

async fn start(engine: &Engine, flow: &Flow, input: serde_json::Value) -> Result<Run, run::Refused> {
    start_for(engine, flow, input, Arc::new(Nobody)).await
}

async fn start_for(
    engine: &Engine,
    flow: &Flow,
    input: serde_json::Value,
    outbox: Arc<dyn Outbox>,
) -> Result<Run, run::Refused> {
    let (plan, components) = flow.load(engine);
    let input = plan.interface.input.accept(input).unwrap();
    let start =
        Start { plan, version: 1, components, input, message: Default::default(), caller: None, key: None, outbox };
    Ok(engine.start(start).await?.run().unwrap())
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

/// Notes what it is told.
#[derive(Default)]
struct Notes(Mutex<Vec<&'static str>>);

impl Outbox for Notes {
    fn address(&self, _: &Push) -> Result<u32, Refused> {
        Ok(1)
    }
    fn say(&self, _: RunId, said: Said, _: Durable) {
        self.0.lock().unwrap().push(match said {
            Said::Started => "started",
            Said::Push(_) => "push",
            Said::Ended { .. } => "ended",
        });
    }
}

#[tokio::test]
async fn an_outbox_hears_of_a_run_before_anything_that_it_says() {
    let engine = engine(Config::default());
    let notes = Arc::new(Notes::default());
    let flow = Flow::text(DEAR).with_guest("naps");
    let outbox = Arc::clone(&notes) as Arc<dyn Outbox>;
    let run = start_for(&engine, &flow, json!({ "ms": 0 }), outbox).await.unwrap();
    assert_eq!(run.ended().await, Outcome::Completed);
    assert_eq!(*notes.0.lock().unwrap(), ["started", "push", "ended"]);
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

/// Makes so many host calls that it would be dear to run again, then sleeps for a day or not at all.
const DEAR: &str = "
    format: 1
    flow: dear
    interface: { protocol: websocket, input: { ms: { type: integer } } }
    start: it
    nodes:
      it: { call: naps.go, with: { milliseconds: '${input.ms}' } }
    ";

#[tokio::test]
async fn sleepers_that_are_dear_to_run_again_give_way_when_room_is_wanted() {
    let limits = Limits { instances_live_max: 2, unload_host_calls_max: 0, ..Limits::default() };
    let engine = engine(Config { limits, ..Config::default() });
    let flow = Flow::text(DEAR).with_guest("naps");
    let mut runs = Vec::new();
    for _ in 0..20 {
        runs.push(start(&engine, &flow, json!({ "ms": 86_400_000 })).await.unwrap());
    }
    for _ in 0..3 {
        let quick = start(&engine, &flow, json!({ "ms": 0 })).await.unwrap();
        assert_eq!(quick.ended().await, Outcome::Completed);
    }
    for run in runs {
        run.cancel("the test is over");
        assert!(matches!(run.ended().await, Outcome::Cancelled(_)));
    }
}

#[tokio::test]
async fn a_sleeper_that_cannot_be_run_again_keeps_its_room() {
    let limits = Limits {
        instances_live_max: 1,
        unload_host_calls_max: 0,
        replay_host_calls_max: 0,
        permit_wait_ms_max: 1,
        ..Limits::default()
    };
    let engine = engine(Config { limits, ..Config::default() });
    let flow = Flow::text(DEAR).with_guest("naps");
    let somebody = Arc::new(Somebody::default());
    let outbox = Arc::clone(&somebody) as Arc<dyn Outbox>;
    let asleep = start_for(&engine, &flow, json!({ "ms": 86_400_000 }), outbox).await.unwrap();
    somebody.0.notified().await;
    let quick = start(&engine, &flow, json!({ "ms": 0 })).await.unwrap();
    let Outcome::Failed(failure) = quick.ended().await else { panic!("there was room") };
    let expected = "node it (component naps): is busy: no instance became free in time: permit_wait_ms_max is 1";
    assert_eq!(failure.to_string(), expected);
    asleep.cancel("the test is over");
}

/// On a default kernel: what bounds instances is not what bounds runs.
#[tokio::test]
async fn a_hundred_thousand_runs_are_under_way_and_most_of_them_asleep() {
    const RUNS: usize = 100_000;
    let limits = Limits { runs_max: RUNS + 1, ..Limits::default() };
    let engine = engine(Config { limits, ..Config::default() });
    let (plan, components) = asleep().load(&engine);
    let mut runs = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Start {
            plan: Arc::clone(&plan),
            version: 1,
            components: Arc::clone(&components),
            input: Default::default(),
            message: Default::default(),
            caller: None,
            key: None,
            outbox: Arc::new(Nobody),
        };
        runs.push(engine.start(start).await.unwrap().run().unwrap());
    }
    let quick = start(&engine, &Flow::text(&ASLEEP.replace("86400000", "0")), json!({})).await.unwrap();
    assert_eq!(quick.ended().await, Outcome::Completed);
    assert!(engine.under_way().runs >= RUNS);
    for run in &runs {
        run.cancel("the test is over");
    }
    for run in runs {
        assert!(matches!(run.ended().await, Outcome::Cancelled(_)));
    }
}
