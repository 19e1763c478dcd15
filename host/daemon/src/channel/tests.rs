//! What sessions are sent, and in which order.

use std::sync::Arc;

use futures_util::FutureExt as _;
use hyper_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use sandgate_engine::Engine;
use sandgate_engine::engine::Config;
use sandgate_engine::journal::Durable;
use sandgate_engine::outbox::{Outbox, Refused, Said};
use sandgate_flow::document::{Durability, Framing, OnLeave};
use sandgate_flow::event::{Failure, FailureKind, Outcome, Push, Recipient, RunId};
use sandgate_flow::value::Value;
use serde_json::{Value as Json, json};
use tokio::sync::Semaphore;
use uuid::Uuid;

use super::{Answer, Client, Frame, Hub, Interface, Membership, SessionOutbox, Starting};
use crate::limits::Limits;
use crate::message::Had;

const RUN: RunId = RunId(Uuid::nil());

fn interface(framing: Framing) -> Arc<Interface> {
    let limits = Arc::new(Limits { queue_entries_max: 4, ..Limits::default() });
    let hub = Hub::new(limits, Engine::new(Config::default()).unwrap(), None);
    hub.interface_of(&"countdown".into(), framing, Durability::Fleeting)
}

fn join(interface: &Arc<Interface>, client: &str) -> Membership {
    let membership = interface.join(client.into(), 1, Client::New);
    if interface.framing() == Framing::JsonRpc {
        assert_eq!(received(&membership).map(|it| it["method"].clone()), Some(json!("welcome")));
    }
    membership
}

/// Says something as a run's outbox does.
fn say(outbox: &SessionOutbox, said: Said) {
    let entries = outbox.entries(RUN, &said).entries;
    outbox.say(RUN, said, Durable { entries, places: Vec::new() });
    outbox.flush();
}

fn end(outbox: &SessionOutbox, outcome: Outcome, pushed_to_everyone: bool) {
    say(outbox, Said::Ended { outcome, pushed_to_everyone });
}

/// Pushes, from a run that nobody started.
fn push_unasked(interface: &Arc<Interface>, push: Push) {
    say(&SessionOutbox::again(Arc::clone(interface), None), Said::Push(push));
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
    let starting = Starting::new(membership, answer, OnLeave::Continue, permit);
    let outbox = SessionOutbox::new(Arc::clone(membership.interface()), starting);
    say(&outbox, Said::Started);
    outbox
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
        push_unasked(&interface, push(Recipient::Everyone, number));
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
    push_unasked(&interface, push(to, 1));
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
    push_unasked(&interface, push(to, 1));
    let welcome = received(&interface.join("ann".into(), 1, Client::New)).unwrap();
    assert_eq!(welcome["params"]["positions"]["client:ann"]["offset"], json!(1));
    let to = Recipient::Clients(vec!["zoe".into()]);
    assert_eq!(interface.address(&to, None), Err(Refused::UnknownClient("zoe".into())));
}

#[test]
fn the_answer_to_a_run_is_the_entry_that_others_are_notified_of() {
    let interface = interface(Framing::JsonRpc);
    let (ann, other) = (join(&interface, "ann"), join(&interface, "ann"));
    end(&outbox(&ann, Answer::AtEnd(json!("x"))), Outcome::Output(Value::Int(0)), false);
    let answer = received(&ann).unwrap();
    assert_eq!(answer["id"], json!("x"));
    assert_eq!(answer["result"]["output"], json!(0));
    assert_eq!((&answer["result"]["channel"], &answer["result"]["offset"]), (&json!("client:ann"), &json!(1)));
    assert_eq!(told(&other), ("output".into(), "client:ann".into(), 1, json!(0)));
}

#[test]
fn a_session_that_asks_twice_for_a_run_is_answered_twice() {
    let interface = interface(Framing::JsonRpc);
    let ann = join(&interface, "ann");
    let outbox = outbox(&ann, Answer::AtEnd(json!("x")));
    interface.wait(RUN, ann.session(), &json!("y"));
    end(&outbox, Outcome::Output(Value::Int(0)), false);
    let answered = [received(&ann), received(&ann)].map(|answer| answer.map(|it| it["id"].clone()));
    assert_eq!(answered, [Some(json!("x")), Some(json!("y"))]);
    assert_eq!(frame(&ann), None);
}

#[test]
fn the_output_of_a_run_that_pushed_to_everyone_is_for_everyone() {
    let interface = interface(Framing::JsonRpc);
    let (ann, bob) = (join(&interface, "ann"), join(&interface, "bob"));
    let outbox = outbox(&ann, Answer::Nothing);
    say(&outbox, Said::Push(push(Recipient::Everyone, 1)));
    end(&outbox, Outcome::Output(Value::Int(0)), true);
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
    say(&outbox, Said::Push(push(Recipient::Everyone, 1)));
    end(&outbox, Outcome::Failed(failure()), true);
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
        push_unasked(&interface, push(Recipient::Everyone, number));
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
    say(&outbox, Said::Push(Push { to: Recipient::Everyone, message: Value::Bytes([0, 255].into()) }));
    end(&outbox, Outcome::Output(Value::from("done")), true);
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
    end(&outbox(&ann, Answer::Nothing), Outcome::Failed(failure()), false);
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
    push_unasked(&interface, push(Recipient::Everyone, 1));
    let waiting = Arc::downgrade(ann.queue());
    drop(ann);
    assert!(waiting.upgrade().is_none());
    end(&outbox, Outcome::Completed, false);
}

fn epoch(session: &Membership) -> String {
    let welcome = received(session).unwrap();
    welcome["params"]["positions"]["everyone"]["epoch"].as_str().unwrap().to_owned()
}

fn resume(session: &Membership, epoch: &str, offset: u64) {
    let positions = [("everyone".to_owned(), Had { epoch: epoch.to_owned(), offset })].into();
    session.resume(positions, Some(&json!(1))).now_or_never().unwrap().unwrap();
}

/// What a session was sent: offset and message of each push, the bounds of each gap, and the answer.
fn sent(session: &Membership) -> Vec<String> {
    let shown = |message: Json| {
        let params = &message["params"];
        match message["method"].as_str() {
            Some("push") => format!("{} {}", params["offset"], params["message"]),
            Some("gap") => format!("gap {} to {}", params["from"], params["to"]),
            _ => "answer".to_owned(),
        }
    };
    std::iter::from_fn(|| received(session)).map(shown).collect()
}

#[test]
fn who_comes_back_is_sent_what_it_missed_then_the_answer_and_then_what_is_live() {
    let interface = interface(Framing::JsonRpc);
    let epoch = epoch(&interface.join("ann".into(), 1, Client::Named));
    for number in [10, 20, 30] {
        push_unasked(&interface, push(Recipient::Everyone, number));
    }
    let back = interface.join("ann".into(), 1, Client::Named);
    received(&back);
    push_unasked(&interface, push(Recipient::Everyone, 40));
    assert_eq!(frame(&back), None, "what is live is held back");
    resume(&back, &epoch, 1);
    assert_eq!(sent(&back), ["2 20", "3 30", "answer", "4 40"]);
}

#[test]
fn who_had_everything_is_sent_the_answer_alone() {
    let interface = interface(Framing::JsonRpc);
    push_unasked(&interface, push(Recipient::Everyone, 10));
    let back = interface.join("ann".into(), 1, Client::Named);
    let epoch = epoch(&back);
    resume(&back, &epoch, 1);
    assert_eq!(sent(&back), ["answer"]);
}

#[test]
fn what_is_gone_is_a_gap_with_exact_bounds() {
    let limits = Limits { queue_entries_max: 100, ..Limits::default() };
    let mut limits = limits;
    limits.engine.journal.history_entries_max = 2;
    let hub = Hub::new(Arc::new(limits), Engine::new(Config::default()).unwrap(), None);
    let interface = hub.interface_of(&"countdown".into(), Framing::JsonRpc, Durability::Fleeting);
    for number in [10, 20, 30, 40] {
        push_unasked(&interface, push(Recipient::Everyone, number));
    }
    let back = interface.join("ann".into(), 1, Client::Named);
    let epoch = epoch(&back);
    resume(&back, &epoch, 0);
    assert_eq!(sent(&back), ["gap 1 to 2", "3 30", "4 40", "answer"]);
    // Of another epoch nobody knows how much was missed; of this one all was.
    let back = interface.join("bob".into(), 1, Client::Named);
    received(&back);
    resume(&back, "another", 7);
    assert_eq!(sent(&back), ["gap 8 to null", "gap 1 to 2", "3 30", "4 40", "answer"]);
}

#[test]
fn positions_of_others_and_beyond_the_end_are_refused_and_so_is_whoever_comes_late() {
    let interface = interface(Framing::JsonRpc);
    let ann = interface.join("ann".into(), 1, Client::Named);
    let epoch = epoch(&ann);
    let refused = |session: &Membership, channel: &str, offset| {
        let positions = [(channel.to_owned(), Had { epoch: epoch.clone(), offset })].into();
        session.resume(positions, None).now_or_never().unwrap().unwrap_err().message
    };
    let own = "\"client:bob\" is no channel of this session: it has everyone and client:ann";
    assert_eq!(refused(&ann, "client:bob", 0), own);
    assert_eq!(refused(&ann, "everyone", 5), "offset 5 of everyone is beyond its end: it stands at 0");
    ann.go_on();
    assert!(refused(&ann, "everyone", 0).starts_with("resume is the first that a session asks"));
    let new = join(&interface, "new");
    assert!(refused(&new, "everyone", 0).starts_with("resume is the first that a session asks"));
}

#[test]
fn whoever_waits_for_a_run_that_was_begun_before_is_answered_too() {
    let interface = interface(Framing::JsonRpc);
    let (ann, again) = (join(&interface, "ann"), join(&interface, "ann"));
    let outbox = outbox(&ann, Answer::AtOnce(json!(1)));
    received(&ann);
    interface.wait(RUN, again.session(), &json!(2));
    end(&outbox, Outcome::Output(Value::Int(0)), false);
    assert_eq!(told(&ann), ("output".into(), "client:ann".into(), 1, json!(0)));
    let answer = received(&again).unwrap();
    assert_eq!((&answer["id"], &answer["result"]["output"]), (&json!(2), &json!(0)));
    assert!(!interface.wait_no_longer(RUN, again.session(), &json!(2)));
}
