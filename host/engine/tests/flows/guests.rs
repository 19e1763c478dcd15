//! Guests that misbehave: each fails its run, with an error that names node, component and limit.

use sandgate_engine::Limits;
use sandgate_engine::engine::Config;
use sandgate_flow::event::{Failure, FailureKind, Outcome};
use sandgate_flow::value::Value;
use serde_json::json;

use crate::support::{Flow, engine, repository};

fn calling(guest: &'static str, with: &str) -> Flow {
    Flow::text(&format!(
        "
        format: 1
        flow: guest
        interface: {{ protocol: websocket }}
        start: it
        nodes:
          it:
            call: {guest}.go
            with: {with}
            next: done
          done:
            call: output.result
            with: {{ value: \"${{it}}\" }}
        "
    ))
    .with_guest(guest)
}

async fn failure(guest: &'static str, limits: Limits) -> Failure {
    let engine = engine(Config { limits, ..Config::default() });
    match calling(guest, "{}").simulate(&engine, json!({})).await.outcome {
        Outcome::Failed(failure) => failure,
        other => panic!("{guest} did not fail: {other:?}"),
    }
}

fn limit(name: &str, value: u64) -> FailureKind {
    FailureKind::Limit { limit: name.into(), value }
}

#[tokio::test]
async fn a_trap_fails_its_run_with_a_backtrace() {
    let failure = failure("trap", Limits::default()).await;
    assert_eq!(failure.kind, FailureKind::Trap);
    assert_eq!(
        failure.to_string(),
        "node it (component trap): trapped: wasm trap: wasm `unreachable` instruction executed"
    );
    assert!(failure.detail.unwrap().contains("wasm backtrace"));
}

#[tokio::test]
async fn a_loop_ends_with_its_cpu_time() {
    let failure = failure("spin", Limits { activation_cpu_ms_max: 50, ..Limits::default() }).await;
    assert_eq!(failure.kind, limit("activation_cpu_ms_max", 50));
    assert_eq!(failure.to_string(), "node it (component spin): used up its CPU time: activation_cpu_ms_max is 50");
}

#[tokio::test]
async fn taking_all_memory_ends_at_its_limit() {
    let max = 16 * 1024 * 1024;
    let failure = failure("hoard", Limits { memory_bytes_max: max, ..Limits::default() }).await;
    assert_eq!(failure.kind, limit("memory_bytes_max", max as u64));
    let message = failure.to_string();
    assert!(message.starts_with("node it (component hoard): wanted "), "{message}");
}

#[tokio::test]
async fn recursion_ends_at_its_stack() {
    let failure = failure("recurse", Limits::default()).await;
    assert_eq!(failure.kind, limit("stack_bytes_max", 512 * 1024));
    assert_eq!(failure.to_string(), "node it (component recurse): used up its stack: stack_bytes_max is 524288");
}

#[tokio::test]
async fn giving_the_host_too_much_in_one_call_ends_at_its_limit() {
    let engine = engine(Config { limits: Limits { crossing_bytes_max: 0, ..Limits::default() }, ..Config::default() });
    let observed = calling("naps", "{ milliseconds: 1 }").simulate(&engine, json!({})).await;
    let Outcome::Failed(failure) = observed.outcome else { panic!("{:?}", observed.outcome) };
    assert_eq!(failure.kind, limit("crossing_bytes_max", 0));
    assert_eq!(
        failure.to_string(),
        "node it (component naps): gave the host too much in one call: crossing_bytes_max is 0"
    );
}

#[tokio::test]
async fn an_import_that_no_host_has_is_named_when_the_component_is_loaded() {
    let engine = engine(Config::default());
    let bytes = std::fs::read(repository("target/guests/unknown-import.wasm")).unwrap();
    let error = engine.load("beamer", &bytes).unwrap_err().to_string();
    assert!(error.starts_with("component \"beamer\" imports guest:unknown-import/teleport@0.1.0, which"), "{error}");
}

#[tokio::test]
async fn values_of_many_types_go_in_and_out() {
    let order = "{ order: { item: tea, cup_size: large, extras: [milk], payment: { card: '42' }, prices: [[cup, 1.5], [milk, 0.5]] } }";
    let observed = calling("fallible", order).simulate(&engine(Config::default()), json!({})).await;
    let Outcome::Output(receipt) = observed.outcome else { panic!("{:?}", observed.outcome) };
    assert_eq!(receipt.get("total"), Some(&Value::Double(2.0)));
    let order = receipt.get("order").unwrap().to_json().unwrap();
    assert_eq!(
        order,
        json!({ "item": "tea", "cup_size": "large", "extras": ["milk"], "payment": { "card": "42" }, "note": null,
                "prices": [["cup", 1.5], ["milk", 0.5]] })
    );
}

#[tokio::test]
async fn a_component_that_keeps_something_gets_a_fresh_instance_each_time() {
    let flow = Flow::text(
        "
        format: 1
        flow: naps
        interface: { protocol: websocket }
        start: first
        nodes:
          first: { call: naps.go, with: { milliseconds: 5 }, next: second }
          second: { call: naps.go, with: { milliseconds: 5 }, next: done }
          done: { call: output.result, with: { value: '${second}' } }
        ",
    )
    .with_guest("naps");
    let observed = flow.simulate(&engine(Config::default()), json!({})).await;
    assert_eq!(observed.outcome, Outcome::Output(Value::Int(1)));
}

#[tokio::test]
async fn an_activation_that_was_unloaded_goes_on_where_it_was() {
    let flow = Flow::text(
        "
        format: 1
        flow: naps
        interface: { protocol: websocket }
        start: nap
        nodes:
          nap: { call: naps.go, with: { milliseconds: 60000 }, next: done }
          done: { call: output.result, with: { value: '${nap}' } }
        ",
    )
    .with_guest("naps");
    for unload_after_ms in [50, u64::MAX] {
        let limits = Limits { unload_after_ms, ..Limits::default() };
        let observed = flow.simulate(&engine(Config { limits, ..Config::default() }), json!({})).await;
        assert_eq!(observed.outcome, Outcome::Output(Value::Int(1)));
        // It makes its push again, and nobody hears it twice.
        assert_eq!(observed.pushes.len(), 1);
        assert_eq!(observed.duration.as_secs(), 60);
    }
}
