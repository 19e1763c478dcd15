//! What may stand at a key where not every text may.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use super::literal::{Kind, Literal, Text};
use super::read::{Read, choice, wrong_kind};
use crate::diagnostic::Problem;
use crate::value::Value;

/// The version of the format that a document is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format;

/// An expression as it is written in an `if`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition(pub Text);

/// How clients connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// A WebSocket.
    Websocket,
}

/// How messages are framed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Framing {
    /// JSON-RPC 2.0.
    #[default]
    JsonRpc,
    /// Each message starts a run, and pushes and outputs are sent as they are, without an envelope.
    Raw,
}

/// What becomes of a run when the client that started it leaves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnLeave {
    /// It goes on.
    #[default]
    Continue,
    /// It is cancelled.
    Cancel,
}

/// Whether what happens to the runs of a flow, and what they say, outlasts the host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Durability {
    /// It does: they go on after a crash, and clients that come back are sent what they missed.
    #[default]
    Durable,
    /// It does not, and costs less.
    Fleeting,
}

impl Read for Format {
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        match literal.kind {
            Kind::Scalar(Value::Int(1)) => Some(Self),
            Kind::Scalar(Value::Int(other)) => {
                let problem = Problem::error(literal.span.clone(), format!("format {other} is not known"));
                problems.push(problem.help("this version reads `format: 1`".to_owned()));
                None
            }
            _ => wrong_kind(literal, name, "the integer 1", problems, None),
        }
    }
}

impl Read for Condition {
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        let help = match literal.kind {
            Kind::Scalar(Value::Null) => "write an expression, in quotes where YAML needs them: `if: \"!done\"`",
            Kind::Scalar(Value::Bool(_)) => "leave `if` out for a branch that is the default",
            _ => return Text::read(literal, name, problems).map(Self),
        };
        let message = format!("{name} must be an expression, and is {}", literal.kind_name());
        problems.push(Problem::error(literal.span.clone(), message).help(help.to_owned()));
        None
    }
}

impl Read for Protocol {
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        choice(literal, name, problems)
    }
}

impl Read for Framing {
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        choice(literal, name, problems)
    }
}

impl Read for OnLeave {
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        choice(literal, name, problems)
    }
}

impl Read for Durability {
    fn read(literal: &Literal, name: &str, problems: &mut Vec<Problem>) -> Option<Self> {
        match literal.kind {
            Kind::Scalar(Value::Bool(true)) => Some(Self::Durable),
            Kind::Scalar(Value::Bool(false)) => Some(Self::Fleeting),
            _ => wrong_kind(literal, name, "true or false", problems, None),
        }
    }
}

impl JsonSchema for Durability {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Durability".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "boolean" })
    }
}

impl JsonSchema for Format {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Format".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": 1 })
    }
}

impl JsonSchema for Condition {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Condition".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "minLength": 1 })
    }
}
