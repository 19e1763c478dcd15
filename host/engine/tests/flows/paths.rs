//! Paths: several at once, the first output, errors that go on.

use sandgate_engine::engine::Config;
use sandgate_flow::event::{FailureKind, Outcome};
use sandgate_flow::value::Value;
use serde_json::json;

use crate::support::{Flow, engine};

const FAILS: &str = "
    format: 1
    flow: fails
    interface: { protocol: websocket }
    start: it
    nodes:
      it:
        call: fallible.go
        with:
          order: { item: tea, cup_size: small, extras: [], payment: cash, prices: [] }
          fail: sold out
        ON-ERROR
      sorry:
        call: output.result
        with: { value: 'sorry: ${error.value} at ${error.node}' }
    ";

#[tokio::test]
async fn an_error_takes_the_error_edge() {
    let flow = Flow::text(&FAILS.replace("ON-ERROR", "on-error: sorry")).with_guest("fallible");
    let observed = flow.simulate(&engine(Config::default()), json!({})).await;
    assert_eq!(observed.outcome, Outcome::Output(Value::from("sorry: sold out at it")));
}

#[tokio::test]
async fn an_error_without_an_edge_fails_the_run() {
    let text = FAILS.replace("ON-ERROR", "next: sorry").replace(" ${error.value} at ${error.node}", "");
    let observed = Flow::text(&text).with_guest("fallible").simulate(&engine(Config::default()), json!({})).await;
    let Outcome::Failed(failure) = observed.outcome else { panic!("{:?}", observed.outcome) };
    assert_eq!(failure.kind, FailureKind::Returned);
    assert_eq!(failure.to_string(), "node it (component fallible): returned the error sold out");
}

#[tokio::test]
async fn a_run_without_an_output_completes() {
    let flow = Flow::text(
        "
        format: 1
        flow: quiet
        interface: { protocol: websocket }
        start: it
        nodes:
          it: { call: client.push, with: { message: hello } }
        ",
    );
    let observed = flow.simulate(&engine(Config::default()), json!({})).await;
    assert_eq!(observed.outcome, Outcome::Completed);
    assert_eq!(observed.pushes.len(), 1);
}

#[tokio::test]
async fn no_branch_that_holds_is_an_error_that_names_the_gateway() {
    let flow = Flow::text(
        "
        format: 1
        flow: stuck
        interface:
          protocol: websocket
          input: { a: { type: integer } }
        start: it
        nodes:
          it:
            gateway: exclusive
            branches: [{ if: input.a > 0, next: done }]
          done: { call: output.result, with: { value: 1 } }
        ",
    );
    let observed = flow.simulate(&engine(Config::default()), json!({ "a": 0 })).await;
    let Outcome::Failed(failure) = observed.outcome else { panic!("{:?}", observed.outcome) };
    assert_eq!((failure.node.as_deref(), failure.component.as_deref()), (Some("it"), Some("exclusive")));
}

#[tokio::test]
async fn a_condition_after_the_first_that_holds_is_not_evaluated() {
    let flow = Flow::text(
        "
        format: 1
        flow: lazy
        interface:
          protocol: websocket
          input: { a: { type: integer } }
        start: it
        nodes:
          it:
            gateway: exclusive
            branches:
              - { if: input.a == 0, next: done }
              - { if: 1 / input.a > 0, next: done }
          done: { call: output.result, with: { value: fine } }
        ",
    );
    let observed = flow.simulate(&engine(Config::default()), json!({ "a": 0 })).await;
    assert_eq!(observed.outcome, Outcome::Output(Value::from("fine")));
}
