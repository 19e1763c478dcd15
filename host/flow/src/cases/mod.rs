//! Cases: stored tests of a flow, and whether what was observed is what they expect.

mod compare;
mod time;

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

pub use compare::{Observed, ObservedPush, compare};
pub use time::write as write_time;

use crate::diagnostic::{Problem, in_order};
use crate::document::read::{Read, record, wrong_kind};
use crate::document::{Kind, Literal, Text};
use crate::value::Value;

record! {
    /// The cases of the flow of the same name.
    File {
        /// The cases, in the order that they are run in.
        "cases" => cases: Vec<Written>,
    }
}

record! {
    /// A case: what a run is started with, and what should come of it.
    #[schemars(rename = "Case")]
    Written {
        /// A name for people, in any language.
        "name" => name: Text,
        /// The run's input, an object of the flow's parameters.
        "input" => input: Option<Literal>,
        /// With raw framing, the message that starts the run: a text, or `{ base64: ... }`.
        "message" => message: Option<Message>,
        /// The client that starts the run. Without one, nobody in particular does.
        "client" => client: Option<Text>,
        /// What should come of it. Without it, the case shows what does.
        "expect" => expect: Option<Expect>,
    }
}

record! {
    /// What should come of a run. What is left out is not looked at.
    Expect {
        /// Every push, in order.
        "pushes" => pushes: Option<Vec<ExpectedPush>>,
        /// The run's output.
        "output" => output: Option<Literal>,
        /// A part of the error that the run fails with.
        "error" => error: Option<Text>,
    }
}

record! {
    /// A push that should come.
    ExpectedPush {
        /// Whom it is for: `everyone`, `caller`, `client:<id>` or `group:<name>`. Left out, anyone will do.
        "to" => to: Option<Text>,
        /// The message. Bytes are `{ base64: ... }`.
        "message" => message: Message,
        /// When it comes, on the run's clock: `1s`, `250ms`, `1m30s`. Left out, any time will do.
        "at" => at: Option<At>,
    }
}

/// A message: any value; `{ base64: ... }` stands for bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Message(pub Value);

/// A time since the start of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct At(pub Duration);

/// A case that can be run.
#[derive(Clone, Debug)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// The run's input.
    pub input: serde_json::Value,
    /// With raw framing the message, a string or bytes.
    pub message: Option<Value>,
    /// The client that starts the run.
    pub client: Option<Arc<str>>,
    /// What should come of it.
    pub expect: Option<Expect>,
}

/// Reads a file of cases.
///
/// # Errors
///
/// Everything that is wrong with it, by position.
pub fn parse(text: &str) -> Result<Vec<Case>, Vec<Problem>> {
    let file = crate::parse::read::<File>(text, "a file of cases")?;
    let mut problems = Vec::new();
    let cases: Vec<_> = file.cases.iter().map(|written| case(written, &mut problems)).collect();
    names_differ(&file.cases, &mut problems);
    match cases.into_iter().collect::<Option<_>>() {
        Some(cases) if problems.is_empty() => Ok(cases),
        _ => Err(in_order(problems)),
    }
}

fn case(written: &Written, problems: &mut Vec<Problem>) -> Option<Case> {
    if let Some(Message(message)) = &written.message
        && !matches!(message, Value::String(_) | Value::Bytes(_))
    {
        let message = format!("the message of {:?} must be a text or `{{ base64: ... }}`", &*written.name.value);
        problems.push(Problem::error(written.place.clone(), message));
    }
    if let Some(Expect { output: Some(_), error: Some(error), .. }) = &written.expect {
        let problem = Problem::error(error.span.clone(), "a run that fails with an error has no output");
        problems.push(problem.help("expect one of `output` and `error`".to_owned()));
    }
    Some(Case {
        name: written.name.value.to_string(),
        input: input(written, problems)?,
        message: written.message.clone().map(|Message(message)| message),
        client: written.client.as_ref().map(|client| Arc::clone(&client.value)),
        expect: written.expect.clone(),
    })
}

fn input(written: &Written, problems: &mut Vec<Problem>) -> Option<serde_json::Value> {
    let Some(literal) = &written.input else { return Some(serde_json::json!({})) };
    let json = literal.value().to_json();
    json.map_err(|error| problems.push(Problem::error(literal.head(), error.to_string()))).ok()
}

fn names_differ(cases: &[Written], problems: &mut Vec<Problem>) {
    for (index, case) in cases.iter().enumerate() {
        let earlier = cases.iter().take(index).find(|earlier| earlier.name.value == case.name.value);
        if let Some(earlier) = earlier {
            let problem = Problem::error(case.name.span.clone(), "two cases have this name");
            problems.push(problem.related(earlier.name.span.clone(), "the first"));
        }
    }
}

impl Read for Message {
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let Kind::Map(entries) = &literal.kind else { return Some(Self(literal.value())) };
        let [(key, encoded)] = entries.0.as_slice() else { return Some(Self(literal.value())) };
        if &*key.value != "base64" {
            return Some(Self(literal.value()));
        }
        let text = Text::read(encoded, name, problems)?;
        match BASE64.decode(text.value.as_bytes()) {
            Ok(bytes) => Some(Self(Value::Bytes(bytes.into()))),
            Err(error) => {
                problems.push(Problem::error(text.span, format!("this is not base64: {error}")));
                None
            }
        }
    }
}

impl Read for At {
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let Kind::Scalar(Value::String(text)) = &literal.kind else {
            let help = "write `1s`, `250ms` or `1m30s`".to_owned();
            return wrong_kind(literal, name, "a time", problems, Some(help));
        };
        let duration = time::parse(text);
        if duration.is_none() {
            let problem = Problem::error(literal.span.clone(), format!("`{text}` is not a time"));
            problems.push(problem.help("write `1s`, `250ms` or `1m30s`".to_owned()));
        }
        duration.map(Self)
    }
}

impl JsonSchema for Message {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Message".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        true.into()
    }
}

impl JsonSchema for At {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "At".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1, "pattern": time::PATTERN })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read() {
        let text = "cases:\n  - name: one\n    input: { a: 3 }\n    expect:\n      pushes: [{ to: everyone, message: 3, at: 1m30s }]\n      output: 0\n";
        let cases = parse(text).unwrap();
        let expect = cases[0].expect.as_ref().unwrap();
        assert_eq!(cases[0].input, serde_json::json!({ "a": 3 }));
        assert_eq!(expect.pushes.as_ref().unwrap()[0].at, Some(At(Duration::from_secs(90))));
    }

    #[test]
    fn everything_wrong_is_told_at_once() {
        let text = "cases:\n  - name: one\n    inpt: 1\n    message: 3\n    expect: { pushes: [{ message: { base64: '*' }, at: 1 }] }\n  - name: one\n";
        let messages: Vec<_> = parse(text).unwrap_err().into_iter().map(|problem| problem.message).collect();
        assert_eq!(messages.len(), 3, "{messages:?}");
        assert!(messages[0].contains("unknown key `inpt`"), "{messages:?}");
    }

    #[test]
    fn a_case_expects_an_output_or_an_error() {
        let problems = parse("cases: [{ name: one, expect: { output: 0, error: trap } }]").unwrap_err();
        assert_eq!(problems[0].message, "a run that fails with an error has no output");
    }
}
