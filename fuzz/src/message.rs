//! Target: what a client says as JSON-RPC, and what it is answered.

use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use sandgate::message::{Error, Invalid, Method, Request, error, parse, result};
use sandgate_flow::check::Input;
use sandgate_flow::plan::Plan;
use serde_json::{Map, Value as Json};

use crate::invariant::{is_a_message, same};
use crate::{Verdict, input, json, platform, text};

/// Reads the message, and answers it as a session does.
pub fn run(data: &[u8]) -> Verdict {
    said(&input::text(data, generated))
}

/// The message.
pub fn show(data: &[u8]) -> Vec<u8> {
    input::text(data, generated).into_bytes()
}

/// What is done with a message.
pub(crate) fn said(text: &str) -> Verdict {
    assert_eq!(parse(text), parse(text), "another time it is read otherwise");
    match parse(text) {
        Ok(Request { id, method }) => match method {
            Method::Run { input, .. } | Method::Start { input, .. } => start(id.as_ref(), input),
            Method::Resume { positions } => {
                answered(id.as_ref(), &result(&Json::Null, &positions.len()));
                Verdict::Accepted
            }
            Method::Cancel { run } => {
                answered(id.as_ref(), &result(&Json::Null, &run.to_string()));
                Verdict::Accepted
            }
        },
        Err(Invalid { id, error }) => refused(id.as_ref(), &error),
    }
}

/// A run is started with input that fits, and then the same input as it was accepted fits as well.
fn start(id: Option<&Json>, given: Json) -> Verdict {
    match INPUT.accept(given) {
        Ok(value) => {
            let json = value.to_json().expect("what was JSON can be written as it");
            let again = INPUT.accept(json).expect("what was accepted once");
            assert!(same(&again, &value), "{value:?} becomes {again:?}");
            Verdict::Accepted
        }
        Err(problems) => {
            assert!(!problems.is_empty(), "the input is refused without a reason");
            problems.iter().for_each(is_a_message);
            refused(id, &Error::input("fuzzed", &problems))
        }
    }
}

fn refused(id: Option<&Json>, why: &Error) -> Verdict {
    is_a_message(&why.message);
    let id = id.unwrap_or(&Json::Null);
    let answer = error(id, why);
    answered(Some(id), &answer);
    let json: Json = serde_json::from_str(&answer).expect("an answer is JSON");
    assert_eq!(json["error"]["code"], why.code);
    assert_eq!(json["error"]["message"], why.message.as_str());
    Verdict::Refused(why.message.clone())
}

/// An answer is one message, to who asked.
fn answered(id: Option<&Json>, answer: &str) {
    let json: Json = serde_json::from_str(answer).expect("an answer is JSON");
    assert_eq!(json["jsonrpc"], "2.0");
    assert!(matches!(json["id"], Json::String(_) | Json::Number(_) | Json::Null), "{answer}");
    if json.get("error").is_some() {
        assert_eq!(Some(&json["id"]), id);
    }
}

/// The parameters of a flow with one of every kind.
static INPUT: LazyLock<&'static Input> = LazyLock::new(|| {
    let document = sandgate_flow::parse::parse(include_str!("message.yaml")).expect("a flow");
    let plan: &Plan =
        Box::leak(Box::new(sandgate_flow::check(&document, &platform::CATALOG).expect("a flow that checks")));
    &plan.interface.input
});

fn generated(u: &mut Unstructured<'_>) -> Result<String> {
    let text = if u.ratio(7, 8)? { request(u)?.to_string() } else { json::json(u, 4)?.to_string() };
    if u.ratio(1, 4)? { text::edited(text, u, 3) } else { Ok(text) }
}

fn request(u: &mut Unstructured<'_>) -> Result<Json> {
    let mut members = Map::new();
    let mut member = |u: &mut Unstructured<'_>, name: &str, value: Result<Json>| -> Result<()> {
        if u.ratio(31, 32)? {
            let value = if u.ratio(31, 32)? { value? } else { json::json(u, 2)? };
            members.insert(name.to_owned(), value);
        }
        Ok(())
    };
    member(u, "jsonrpc", Ok("2.0".into()))?;
    let id = json::json(u, 0);
    member(u, "id", id)?;
    let method =
        u.choose(&["run", "run", "start", "start", "cancel", "resume", "go", ""]).map(|method| Json::from(*method));
    member(u, "method", method)?;
    let params = params(u);
    member(u, "params", params)?;
    Ok(Json::Object(members))
}

fn params(u: &mut Unstructured<'_>) -> Result<Json> {
    Ok(match u.int_in_range(0..=5)? {
        0..=2 => Json::Object(Map::from_iter([("input".to_owned(), parameters(u)?)])),
        3 => {
            Json::Object(Map::from_iter([("run".to_owned(), uuid::Uuid::from_u128(u.arbitrary()?).to_string().into())]))
        }
        4 => Json::Object(Map::from_iter([(json::text(u)?, json::json(u, 3)?)])),
        _ => json::json(u, 3)?,
    })
}

fn parameters(u: &mut Unstructured<'_>) -> Result<Json> {
    let mut input = Map::new();
    for name in ["whole", "number", "text", "list", "deep", "any"] {
        let value = match name {
            _ if u.ratio(1, 8)? => json::json(u, 3)?,
            "whole" => Json::from(json::integer(u)?),
            "number" => Json::from(json::double(u)?),
            "text" => Json::from("é"),
            "list" => Json::from(vec![json::integer(u)?, 3]),
            _ => continue,
        };
        input.insert(name.to_owned(), value);
    }
    Ok(Json::Object(input))
}
