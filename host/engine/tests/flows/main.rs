//! The engine with real components: what a run pushes, outputs and costs, and what a guest that misbehaves does to it.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test says so by failing")]

mod cases;
mod durable;
mod guests;
mod paths;
mod runs;
#[path = "../support/mod.rs"]
mod support;

use std::time::Duration;

use sandgate_engine::engine::Config;
use sandgate_engine::run::Instances;
use sandgate_engine::simulation::Case;
use sandgate_flow::event::Outcome;
use sandgate_flow::value::Value;

use support::{Flow, engine};

#[tokio::test]
async fn the_countdown_falls_a_second_apart_and_ends_with_0() {
    for instances in [Instances::Kept, Instances::Fresh] {
        let engine = engine(Config { instances, ..Config::default() });
        let observed = Flow::named("countdown").simulate(&engine, serde_json::json!({ "a": 3 })).await;
        let pushes: Vec<_> = observed.pushes.iter().map(|it| (it.at.as_secs(), &*it.to, it.message.clone())).collect();
        let everyone = |at: u64, number: i64| (at, "everyone", Value::Int(number));
        assert_eq!(pushes, [everyone(0, 3), everyone(1, 2), everyone(2, 1)]);
        assert_eq!(observed.outcome, Outcome::Output(Value::Int(0)));
        assert_eq!(observed.duration, Duration::from_secs(3));
    }
}

#[tokio::test]
async fn an_hour_of_countdown_takes_no_time() {
    let engine = engine(Config::default());
    let observed = Flow::named("countdown").simulate(&engine, serde_json::json!({ "a": 3600 })).await;
    assert_eq!(observed.pushes.len(), 3600);
    assert_eq!(observed.duration, Duration::from_secs(3600));
}

#[tokio::test]
async fn sixteen_mebibytes_are_passed_on_as_they_came() {
    let engine = engine(Config::default());
    let (plan, components) = Flow::named("echo").load(&engine);
    let input = plan.interface.input.accept(serde_json::json!({})).unwrap();
    let size = 16 * 1024 * 1024;
    for message in [Value::Bytes(vec![7; size].into()), Value::from("a".repeat(size).as_str())] {
        let case = Case {
            plan: plan.clone(),
            components: components.clone(),
            input: input.clone(),
            message: message.clone(),
            client: None,
        };
        let observed = engine.simulate(case).await.unwrap();
        assert_eq!(observed.outcome, Outcome::Completed);
        assert!(observed.pushes[0].message == message);
    }
}
