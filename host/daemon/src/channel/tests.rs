//! What sessions are sent, and in which order.

use std::sync::Arc;

use hyper_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use sandgate_engine::outbox::{Outbox as _, Refused};
use sandgate_flow::document::{Framing, OnLeave};
use sandgate_flow::event::{Failure, FailureKind, Outcome, Push, Recipient, RunId};
use sandgate_flow::value::Value;
use serde_json::{Value as Json, json};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{Answer, Frame, Hub, Interface, Membership, SessionOutbox, Starter};
use crate::limits::Limits;

const RUN: RunId = RunId(Uuid::nil());

fn interface(framing: Framing) -> Arc<Interface> {
    Hub::new(Arc::new(Limits { queue_entries_max: 4, ..Limits::default() })).interface(&"countdown".into(), framing)
}

fn join(interface: &Arc<Interface>, client: &str) -> Membership {
    let membership = interface.join(client.into(), 1);
    if interface.framing() == Framing::JsonRpc {
        assert_eq!(received(&membership).map(|it| it["method"].clone()), Some(json!("welcome")));
    }
    membership
}

fn frame(membership: &Membership) -> Option<Frame> {
    membership.queue().try_next().map(Result::unwrap)
}

fn received(membership: &Membership) -> Option<Json> {
    match frame(membership)? {
        Frame::Text(text) => Some(serde_json::from_str(&text).unwrap()),
        other => panic!("{other:?} is not a text"),
    }
}

/// Method, channel, offset and what is said.
fn told(membership: &Membership) -> (String, String, u64, Json) {
    let mut message = received(membership).unwrap();
    let method = message["method"].as_str().unwrap().to_owned();
    let params = message["params"].take();
    let said = params.get("message").or(params.get("value")).or(params.get("error")).unwrap().clone();
    (method, params["channel"].as_str().unwrap().to_owned(), params["offset"].as_u64().unwrap(), said)
}

fn push(to: Recipient, message: i64) -> Push {
    Push { to, message: Value::Int(message) }
}

fn outbox(membership: &Membership, answer: Answer) -> SessionOutbox {
    let permit = Arc::new(Semaphore::new(1)).try_acquire_owned().unwrap();
    let starter = Starter::new(membership, answer, OnLeave::Continue);
    SessionOutbox::new(Arc::clone(membership.interface()), starter, permit)
}

fn failure() -> Failure {
    let kind = FailureKind::Trap;
    Failure { kind, node: Some("n".into()), component: Some("c".into()), message: "trapped".into(), detail: None }
}

#[test]
fn everyone_is_sent_the_same_in_the_same_order() {
    let interface = interface(Framing::JsonRpc);
    let (ann, bob) = (join(&interface, "ann"), join(&interface, "bob"));
    for number in [3, 2] {
        interface.push(RUN, &push(Recipient::Everyone, number), None);
    }
    for session in [&ann, &bob] {
        assert_eq!(told(session), ("push".into(), "everyone".into(), 1, json!(3)));
        assert_eq!(told(session), ("push".into(), "everyone".into(), 2, json!(2)));
        assert_eq!(frame(session), None);
    }
}

#[test]
fn a_client_is_sent_what_is_its_own_in_all_its_sessions() {
    let interface = interface(Framing::JsonRpc);
    let (one, two, bob) = (join(&interface, "ann"), join(&interface, "ann"), join(&interface, "bob"));
    let to = Recipient::Clients(vec!["ann".into(), "ann".into()]);
    assert_eq!(interface.address(&to, None), Ok(2));
    interface.push(RUN, &push(to, 1), None);
    for session in [&one, &two] {
        assert_eq!(told(session), ("push".into(), "client:ann".into(), 1, json!(1)));
        assert_eq!(frame(session), None);
    }
    assert_eq!(frame(&bob), None);
}

#[test]
fn a_client_that_is_away_misses_an_offset_and_one_never_seen_is_unknown() {
    let interface = interface(Framing::JsonRpc);
    drop(join(&interface, "ann"));
    let to = Recipient::Clients(vec!["ann".into()]);
    assert_eq!(interface.address(&to, None), Ok(0));
    interface.push(RUN, &push(to, 1), None);
    let welcome = received(&interface.join("ann".into(), 1)).unwrap();
    assert_eq!(welcome["params"]["positions"]["client:ann"]["offset"], json!(1));
    let to = Recipient::Clients(vec!["zoe".into()]);
    assert_eq!(interface.address(&to, None), Err(Refused::UnknownClient("zoe".into())));
}

#[test]
fn the_answer_to_a_run_is_the_entry_that_others_are_notified_of() {
    let interface = interface(Framing::JsonRpc);
    let (ann, other) = (join(&interface, "ann"), join(&interface, "ann"));
    outbox(&ann, Answer::AtEnd(json!("x"))).ended(RUN, &Outcome::Output(Value::Int(0)));
    let answer = received(&ann).unwrap();
    assert_eq!(answer["id"], json!("x"));
    assert_eq!(answer["result"]["output"], json!(0));
    assert_eq!((&answer["result"]["channel"], &answer["result"]["offset"]), (&json!("client:ann"), &json!(1)));
    assert_eq!(told(&other), ("output".into(), "client:ann".into(), 1, json!(0)));
}

#[test]
fn the_output_of_a_run_that_pushed_to_everyone_is_for_everyone() {
    let interface = interface(Framing::JsonRpc);
    let (ann, bob) = (join(&interface, "ann"), join(&interface, "bob"));
    let outbox = outbox(&ann, Answer::Nothing);
    outbox.push(RUN, push(Recipient::Everyone, 1));
    outbox.ended(RUN, &Outcome::Output(Value::Int(0)));
    for session in [&ann, &bob] {
        assert_eq!(told(session), ("push".into(), "everyone".into(), 1, json!(1)));
    }
    assert_eq!(told(&ann), ("output".into(), "client:ann".into(), 1, json!(0)));
    for session in [&ann, &bob] {
        assert_eq!(told(session), ("output".into(), "everyone".into(), 2, json!(0)));
        assert_eq!(frame(session), None);
    }
}

#[test]
fn a_failure_is_for_the_starter_alone_and_names_the_place() {
    let interface = interface(Framing::JsonRpc);
    let (ann, bob) = (join(&interface, "ann"), join(&interface, "bob"));
    let outbox = outbox(&ann, Answer::AtEnd(json!(1)));
    outbox.push(RUN, push(Recipient::Everyone, 1));
    outbox.ended(RUN, &Outcome::Failed(failure()));
    told(&ann);
    let error = received(&ann).unwrap()["error"].take();
    assert_eq!(error["message"], json!("flow countdown: node n (component c): trapped"));
    assert_eq!((&error["data"]["kind"], &error["data"]["offset"]), (&json!("trap"), &json!(1)));
    told(&bob);
    assert_eq!((frame(&ann), frame(&bob)), (None, None));
}

#[test]
fn a_session_that_is_behind_overflows_alone() {
    let interface = interface(Framing::JsonRpc);
    let (ann, bob) = (join(&interface, "ann"), join(&interface, "bob"));
    for number in 0..5 {
        interface.push(RUN, &push(Recipient::Everyone, number), None);
        told(&bob);
    }
    assert!(ann.queue().try_next().unwrap().is_err());
    assert_eq!(frame(&bob), None);
}

#[test]
fn raw_framing_sends_values_as_they_are_and_each_once() {
    let interface = interface(Framing::Raw);
    let (ann, bob) = (join(&interface, "ann"), join(&interface, "bob"));
    let outbox = outbox(&ann, Answer::Nothing);
    outbox.push(RUN, Push { to: Recipient::Everyone, message: Value::Bytes([0, 255].into()) });
    outbox.ended(RUN, &Outcome::Output(Value::from("done")));
    for session in [&ann, &bob] {
        assert_eq!(frame(session), Some(Frame::Binary([0, 255].as_slice().into())));
        assert_eq!(frame(session), Some(Frame::Text("done".into())));
        assert_eq!(frame(session), None);
    }
}

#[test]
fn a_failed_run_ends_its_session_where_the_framing_is_raw() {
    let interface = interface(Framing::Raw);
    let (ann, bob) = (join(&interface, "ann"), join(&interface, "bob"));
    outbox(&ann, Answer::Nothing).ended(RUN, &Outcome::Failed(failure()));
    let Some(Frame::Close(close)) = frame(&ann) else { panic!("not closed") };
    assert_eq!(close.code, CloseCode::Error);
    assert_eq!(close.reason.as_str(), "flow countdown: node n (component c): trapped");
    assert_eq!(frame(&bob), None);
}

#[test]
fn what_waits_for_a_session_does_not_outlive_it_with_its_run() {
    let interface = interface(Framing::JsonRpc);
    let ann = join(&interface, "ann");
    let outbox = outbox(&ann, Answer::AtOnce(json!(7)));
    interface.push(RUN, &push(Recipient::Everyone, 1), None);
    let waiting = Arc::downgrade(ann.queue());
    drop(ann);
    assert!(waiting.upgrade().is_none());
    outbox.ended(RUN, &Outcome::Completed);
}
