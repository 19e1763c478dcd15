//! What clients ask.

use std::collections::BTreeMap;

use sandgate_flow::diagnostic::cut;
use sandgate_flow::event::RunId;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::{Error, code};

/// As much of a name that nobody knows is repeated in the answer.
const NAME_CHARS_MAX: usize = 100;

/// A request, or a notification, to which nothing is answered.
#[derive(Debug, PartialEq)]
pub struct Request {
    /// The request's id; none of a notification.
    pub id: Option<Json>,
    /// What is asked.
    pub method: Method,
}

/// What can be asked.
#[derive(Debug, PartialEq)]
pub enum Method {
    /// Start a run, and answer when it has ended.
    Run {
        /// Its input, unchecked.
        input: Json,
        /// By which it may be asked for again.
        key: Option<String>,
    },
    /// Start a run, and answer at once.
    Start {
        /// Its input, unchecked.
        input: Json,
        /// By which it may be asked for again.
        key: Option<String>,
    },
    /// Be sent what was missed.
    Resume {
        /// The last entry had of each channel.
        positions: BTreeMap<String, Had>,
    },
    /// Cancel a run.
    Cancel {
        /// Which.
        run: RunId,
    },
}

/// The last entry that a client had of a channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Had {
    /// Which life of the channel.
    pub epoch: String,
    /// 0 before the first.
    pub offset: u64,
}

/// A message that asks for nothing that can be done.
#[derive(Debug, PartialEq)]
pub struct Invalid {
    /// What the error is answered to: null where the message's id could not be read. None of a notification.
    pub id: Option<Json>,
    /// Why.
    pub error: Error,
}

/// Reads a message.
///
/// # Errors
///
/// It is not a request, or not one that can be answered; says what to answer instead.
pub fn parse(text: &str) -> Result<Request, Invalid> {
    let unreadable = |error| Invalid { id: Some(Json::Null), error };
    let json = serde_json::from_str(text)
        .map_err(|error| unreadable(Error::new(code::PARSE, format!("the message is not JSON: {error}"))))?;
    let mut members = members(json).map_err(unreadable)?;
    let id = id(&mut members).map_err(unreadable)?;
    match method(&mut members) {
        Ok(method) => Ok(Request { id, method }),
        // Who forgot `jsonrpc` or `method` may have forgotten the id too, and is to hear of it.
        Err(error) if error.code == code::INVALID_REQUEST => Err(Invalid { id: id.or(Some(Json::Null)), error }),
        Err(error) => Err(Invalid { id, error }),
    }
}

fn members(json: Json) -> Result<Map<String, Json>, Error> {
    match json {
        Json::Object(members) => Ok(members),
        Json::Array(_) => Err(invalid("batches are not supported: send each request in a message of its own")),
        other => Err(invalid(format!("a request is an object, and this is {}", kind(&other)))),
    }
}

fn id(members: &mut Map<String, Json>) -> Result<Option<Json>, Error> {
    match members.remove("id") {
        id @ (None | Some(Json::String(_) | Json::Number(_) | Json::Null)) => Ok(id),
        Some(other) => Err(invalid(format!("`id` is a string or a number, and this is {}", kind(&other)))),
    }
}

fn method(members: &mut Map<String, Json>) -> Result<Method, Error> {
    if members.get("jsonrpc").and_then(Json::as_str) != Some("2.0") {
        return Err(invalid("`jsonrpc` is missing, or is not \"2.0\""));
    }
    let method = match members.remove("method") {
        Some(Json::String(method)) => method,
        Some(other) => return Err(invalid(format!("`method` is a string, and this is {}", kind(&other)))),
        None => return Err(invalid("`method` is missing: this host sends no requests, and takes no answers")),
    };
    let params = members.remove("params");
    match method.as_str() {
        "run" => input(&method, params).map(|(input, key)| Method::Run { input, key }),
        "start" => input(&method, params).map(|(input, key)| Method::Start { input, key }),
        "cancel" => Ok(Method::Cancel { run: run(params)? }),
        "resume" => Ok(Method::Resume { positions: positions(params)? }),
        other => {
            let name = cut(other, NAME_CHARS_MAX);
            Err(Error::new(
                code::UNKNOWN_METHOD,
                format!("there is no method {name:?}: use run, start, cancel or resume"),
            ))
        }
    }
}

fn input(method: &str, params: Option<Json>) -> Result<(Json, Option<String>), Error> {
    let mut params = named(method, params)?;
    let key = params.remove("key").map(key).transpose()?;
    let input = params.remove("input").unwrap_or_else(|| Json::Object(Map::new()));
    no_more(method, "`input` and `key`", &params)?;
    Ok((input, key))
}

fn key(key: Json) -> Result<String, Error> {
    const CHARS_MAX: usize = 128;
    match key {
        Json::String(key) if (1..=CHARS_MAX).contains(&key.chars().count()) => Ok(key),
        Json::String(_) => Err(params_error(format!("parameter `key` has 1 to {CHARS_MAX} characters"))),
        other => Err(params_error(format!("parameter `key` is a string, and this is {}", kind(&other)))),
    }
}

fn positions(params: Option<Json>) -> Result<BTreeMap<String, Had>, Error> {
    let mut params = named("resume", params)?;
    let positions = params.remove("positions");
    no_more("resume", "`positions`", &params)?;
    match positions {
        Some(Json::Object(positions)) => {
            positions.into_iter().map(|(channel, had)| Ok((channel, self::had(&had)?))).collect()
        }
        _ => Err(params_error("parameter `positions` of resume is an object: an epoch and an offset by channel")),
    }
}

fn had(had: &Json) -> Result<Had, Error> {
    let epoch = had.get("epoch").and_then(Json::as_str).map(str::to_owned);
    let known = epoch.zip(had.get("offset").and_then(Json::as_u64));
    known.map(|(epoch, offset)| Had { epoch, offset }).ok_or_else(|| {
        params_error("a position is an object: its `epoch` as the host said it, and its `offset`, a number")
    })
}

fn run(params: Option<Json>) -> Result<RunId, Error> {
    let mut params = named("cancel", params)?;
    let run = params.remove("run");
    no_more("cancel", "`run`", &params)?;
    match run.as_ref().map(|run| run.as_str().map(Uuid::try_parse)) {
        Some(Some(Ok(run))) => Ok(RunId(run)),
        Some(_) => Err(params_error("parameter `run` is not the id of a run")),
        None => Err(params_error("parameter `run` of cancel is missing: it is what `start` answered")),
    }
}

fn named(method: &str, params: Option<Json>) -> Result<Map<String, Json>, Error> {
    match params {
        Some(Json::Object(params)) => Ok(params),
        None => Ok(Map::new()),
        Some(other) => Err(params_error(format!(
            "the parameters of {method} are an object, by name, and this is {}",
            kind(&other)
        ))),
    }
}

fn no_more(method: &str, known: &str, params: &Map<String, Json>) -> Result<(), Error> {
    match params.keys().next() {
        Some(name) => {
            let name = cut(name, NAME_CHARS_MAX);
            Err(params_error(format!("{method} has no parameter {name:?}: it has {known}")))
        }
        None => Ok(()),
    }
}

fn invalid(message: impl Into<String>) -> Error {
    Error::new(code::INVALID_REQUEST, message)
}

fn params_error(message: impl Into<String>) -> Error {
    Error::new(code::INVALID_PARAMS, message)
}

fn kind(json: &Json) -> &'static str {
    match json {
        Json::Null => "null",
        Json::Bool(_) => "a boolean",
        Json::Number(_) => "a number",
        Json::String(_) => "a string",
        Json::Array(_) => "an array",
        Json::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(text: &str) -> (Option<Json>, i32, String) {
        let invalid = parse(text).unwrap_err();
        (invalid.id, invalid.error.code, invalid.error.message)
    }

    #[test]
    fn a_run_has_an_empty_input_unless_it_says_otherwise() {
        let request = parse(r#"{"jsonrpc":"2.0","id":"x","method":"run"}"#).unwrap();
        assert_eq!(request, Request { id: Some(json!("x")), method: Method::Run { input: json!({}), key: None } });
        let request = parse(r#"{"jsonrpc":"2.0","method":"start","params":{"input":{"a":3}}}"#).unwrap();
        assert_eq!(request, Request { id: None, method: Method::Start { input: json!({ "a": 3 }), key: None } });
    }

    #[test]
    fn what_is_not_json_is_answered_to_nobody_in_particular() {
        let (id, code, message) = refused("{");
        assert_eq!((id, code), (Some(Json::Null), code::PARSE));
        assert!(message.starts_with("the message is not JSON: "), "{message}");
    }

    #[test]
    fn batches_are_refused_by_name() {
        let (id, code, message) = refused(r#"[{"jsonrpc":"2.0","id":1,"method":"run"}]"#);
        assert_eq!((id, code), (Some(Json::Null), code::INVALID_REQUEST));
        assert_eq!(message, "batches are not supported: send each request in a message of its own");
    }

    #[test]
    fn errors_are_answered_to_the_request_that_has_them() {
        let (id, code, message) = refused(r#"{"jsonrpc":"2.0","id":7,"method":"go"}"#);
        assert_eq!((id, code), (Some(json!(7)), code::UNKNOWN_METHOD));
        assert_eq!(message, "there is no method \"go\": use run, start, cancel or resume");
        let (id, code, _) = refused(r#"{"jsonrpc":"2.0","id":8,"method":"run","params":[{"a":3}]}"#);
        assert_eq!((id, code), (Some(json!(8)), code::INVALID_PARAMS));
        let (id, code, _) = refused(r#"{"id":9,"method":"run"}"#);
        assert_eq!((id, code), (Some(json!(9)), code::INVALID_REQUEST));
    }

    #[test]
    fn a_notification_is_not_answered() {
        let (id, code, _) = refused(r#"{"jsonrpc":"2.0","method":"go"}"#);
        assert_eq!((id, code), (None, code::UNKNOWN_METHOD));
    }

    #[test]
    fn keys_and_positions_are_read_and_wrong_ones_refused() {
        let method = |text: &str| parse(text).unwrap().method;
        let request = method(r#"{"jsonrpc":"2.0","id":1,"method":"start","params":{"key":"k"}}"#);
        assert_eq!(request, Method::Start { input: json!({}), key: Some("k".into()) });
        let request = method(
            r#"{"jsonrpc":"2.0","id":1,"method":"resume","params":{"positions":{"everyone":{"epoch":"e","offset":3}}}}"#,
        );
        let positions = [("everyone".to_owned(), Had { epoch: "e".into(), offset: 3 })].into();
        assert_eq!(request, Method::Resume { positions });
        for params in [json!({ "key": "" }), json!({ "key": 1 }), json!({ "key": "x".repeat(129) })] {
            let (_, code, message) =
                refused(&json!({ "jsonrpc": "2.0", "method": "run", "params": params }).to_string());
            assert_eq!(code, code::INVALID_PARAMS, "{message}");
        }
        for positions in
            [json!(null), json!([]), json!({ "everyone": 3 }), json!({ "everyone": { "epoch": "e", "offset": -1 } })]
        {
            let params = json!({ "positions": positions });
            let (_, code, message) =
                refused(&json!({ "jsonrpc": "2.0", "method": "resume", "params": params }).to_string());
            assert_eq!(code, code::INVALID_PARAMS, "{message}");
        }
    }

    #[test]
    fn parameters_that_nobody_knows_are_refused() {
        let (_, code, message) = refused(r#"{"jsonrpc":"2.0","id":1,"method":"run","params":{"a":3}}"#);
        assert_eq!(
            (code, message.as_str()),
            (code::INVALID_PARAMS, "run has no parameter \"a\": it has `input` and `key`")
        );
    }

    #[test]
    fn a_name_as_long_as_its_message_is_not_sent_back() {
        let name = "\0".repeat(100_000);
        for (method, params) in [(name.as_str(), json!({})), ("run", json!({ name.as_str(): 1 }))] {
            let (_, _, message) = refused(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string());
            assert!(message.len() < 1_000, "{} bytes", message.len());
        }
    }
}
