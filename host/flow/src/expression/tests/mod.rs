//! Tests of expressions as a whole.

mod against_cel;
mod bounds;
mod compile;
mod evaluate;
mod infer;
mod template;

use super::{Expression, Message, Names, Problem};
use crate::data::Data;
use crate::value::Value;

/// A flow with the nodes `count` and `list`, and raw framing.
fn names() -> Names {
    Names::new(["count", "list"], Message::InScope)
}

fn data() -> Data {
    Data {
        input: json(
            r#"{"a": 3, "x": 1.5, "text": "hello", "items": [1, 2, 3], "deep": {"er": {"value": "z"}}, "none": null}"#,
        ),
        session: json(r#"{"id": "s1", "client": null}"#),
        run: json(r#"{"id": "r1", "flow": "test", "version": 1}"#),
        message: Value::Bytes([0xff, 0].into()),
        error: Value::Null,
        results: vec![Value::Int(2), Value::Null],
    }
}

fn json(text: &str) -> Value {
    Value::from(serde_json::from_str::<serde_json::Value>(text).unwrap())
}

fn compiled(source: &str) -> Expression {
    Expression::compile(source, &names()).unwrap_or_else(|problems| panic!("{source}: {problems:?}"))
}

fn evaluated(source: &str) -> Result<Value, String> {
    compiled(source).evaluate(&data()).map_err(|error| error.to_string())
}

/// Problems as `column..column: message (help)`.
fn told(problems: Vec<Problem>) -> Vec<String> {
    let told = problems.into_iter().map(|Problem { span, message, help }| {
        let help = help.map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{}..{}: {message}{help}", span.start, span.end)
    });
    told.collect()
}
