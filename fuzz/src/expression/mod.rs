//! Target: expressions, compiled, checked and evaluated over a run's data.

pub(crate) mod grammar;
mod typed;

use arbitrary::{Result, Unstructured};
use sandgate_flow::data::Data;
use sandgate_flow::expression::bounds::RESULT_BYTES_MAX;
use sandgate_flow::expression::{Error, Expression, Message, Names, Problem, StaticType, Template, Types};
use sandgate_flow::value::Value;

use crate::invariant::{is_a_message, is_in, same, within_cpu_seconds};
use crate::{Verdict, input, json, text};
use grammar::Scope;

/// 100,000 steps of at most 256 bytes each take far less than a second.
const EVALUATION_CPU_SECONDS_MAX: i64 = 20;

/// The nodes that expressions may name.
pub(crate) const NODES: [&str; 2] = ["count", "list"];

/// What they may name besides.
const SCOPE: Scope = Scope {
    ints: &["count", "nodes.count", "input.a", "run.version", "input.k.n"],
    lists: &["list", "input.items", "nodes.list"],
    others: &["input.text", "input.x", "input.b", "input.none", "input.k", "message", "session.client", "error"],
};

/// Compiles the expression, and evaluates it; and the same as a text with expressions in it.
pub fn run(data: &[u8]) -> Verdict {
    let Source { text, data } = source(data);
    let names = Names::new(NODES, Message::InScope);
    template(&text, &names, &data);
    template(&format!("a ${{{text}}} b ${{{text}}}"), &names, &data);
    match Expression::compile(&text, &names) {
        Ok(expression) => compiled(&text, &expression, &data),
        Err(problems) => {
            refused(&text, &problems);
            let again = Expression::compile(&text, &names).err();
            assert_eq!(again.as_ref(), Some(&problems), "another time it is refused otherwise");
            Verdict::refused(&problems.iter().map(|problem| &problem.message).collect::<Vec<_>>())
        }
    }
}

/// The expression.
pub fn show(data: &[u8]) -> Vec<u8> {
    source(data).text.into_bytes()
}

/// An expression, and what it is evaluated over.
struct Source {
    text: String,
    data: Data,
}

/// One as it is written sees data of every kind.
fn source(data: &[u8]) -> Source {
    let fixed = || Source { text: input::text(data, |_| Ok(String::new())), data: fixed_data() };
    input::generated(data).map_or_else(|| Ok(fixed()), |mut u| generated(&mut u)).unwrap_or_else(|_| fixed())
}

fn generated(u: &mut Unstructured<'_>) -> Result<Source> {
    let data = if u.arbitrary()? { fixed_data() } else { any_data(u)? };
    let kind = u.arbitrary()?;
    let text = grammar::expression(u, kind, 4, &SCOPE)?;
    let text = if u.ratio(1, 8)? { text::edited(text, u, 2)? } else { text };
    Ok(Source { text, data })
}

fn fixed_data() -> Data {
    let parse = |text: &str| Value::from(serde_json::from_str::<serde_json::Value>(text).expect("JSON"));
    let input =
        r#"{"a": 3, "x": 1.5, "b": true, "text": "hello", "items": [1, 2, 3], "none": null, "k": {"n": 1, "k": "é"}}"#;
    Data {
        input: parse(input),
        session: parse(r#"{"id": "s1", "client": null}"#),
        run: parse(r#"{"id": "r1", "flow": "test", "version": 1}"#),
        message: Value::Bytes([0xff, 0].into()),
        error: Value::Null,
        results: vec![Value::Int(2), Value::List((0..200).map(Value::Int).collect())],
    }
}

fn any_data(u: &mut Unstructured<'_>) -> Result<Data> {
    let fields = ["a", "x", "b", "text", "items", "none", "k"];
    let input = fields.into_iter().map(|name| Ok((name, json::value(u, 3)?))).collect::<Result<Vec<_>>>()?;
    let results = vec![json::value(u, 2)?, json::value(u, 3)?];
    Ok(Data {
        input: Value::map(input),
        message: json::value(u, 1)?,
        error: json::value(u, 2)?,
        results,
        ..fixed_data()
    })
}

fn refused(text: &str, problems: &[Problem]) {
    assert!(!problems.is_empty(), "{text:?} is refused without a reason");
    problems.iter().for_each(|problem| told(text, problem));
}

fn told(text: &str, problem: &Problem) {
    is_in(text, &problem.span);
    is_a_message(&problem.message);
    problem.help.iter().for_each(is_a_message);
    assert!(!problem.message.contains("the parser has failed"), "the parser panics at {text:?}");
}

/// Accepted, if it has a value.
fn compiled(text: &str, expression: &Expression, data: &Data) -> Verdict {
    let (ty, problems) = expression.check(&types(data));
    problems.iter().for_each(|problem| told(text, problem));
    let evaluate = || within_cpu_seconds(EVALUATION_CPU_SECONDS_MAX, text, || expression.evaluate(data));
    let evaluated = evaluate();
    assert!(is_same(&evaluated, &evaluate()), "{text:?} has another value the second time");
    match &evaluated {
        Ok(value) => {
            assert!(size(value, RESULT_BYTES_MAX).is_some(), "{text:?} has a value that is too large");
            assert!(!problems.is_empty() || typed::has(value, &ty), "{text:?} is {value:?}, and was to be {ty}");
        }
        Err(error) => failed(error),
    }
    match (&evaluated, expression.holds(data)) {
        (Ok(Value::Bool(value)), holds) => assert_eq!(holds, Ok(*value)),
        (_, Err(error)) => failed(&error),
        (value, Ok(_)) => panic!("{text:?} holds, and is {value:?}"),
    }
    evaluated.map_or_else(|error| Verdict::Refused(error.to_string()), |_| Verdict::Accepted)
}

fn failed(error: &Error) {
    is_in(&error.source, &error.span);
    is_a_message(error);
}

fn template(text: &str, names: &Names, data: &Data) {
    let written = Value::from(text);
    match Template::compile(&written, names) {
        Ok(template) => {
            let (_, problems) = template.check(&types(data));
            problems.iter().for_each(|found| told(text, &found.problem));
            let evaluate = || within_cpu_seconds(EVALUATION_CPU_SECONDS_MAX, text, || template.evaluate(data));
            let evaluated = evaluate();
            assert!(is_same(&evaluated, &evaluate()), "{text:?} has another value the second time");
            evaluated.err().iter().for_each(failed);
        }
        Err(problems) => {
            assert!(!problems.is_empty(), "{text:?} is refused without a reason");
            problems.iter().for_each(|found| told(text, &found.problem));
        }
    }
}

/// The types of data that are known to the last.
fn types(data: &Data) -> Types {
    Types {
        input: StaticType::of_value(&data.input),
        session: StaticType::of_value(&data.session),
        run: StaticType::of_value(&data.run),
        message: StaticType::of_value(&data.message),
        error: StaticType::of_value(&data.error),
        nodes: data.results.iter().map(StaticType::of_value).collect(),
    }
}

fn is_same(one: &std::result::Result<Value, Error>, other: &std::result::Result<Value, Error>) -> bool {
    match (one, other) {
        (Ok(one), Ok(other)) => same(one, other),
        (one, other) => one == other,
    }
}

/// What is left of so many bytes; the measure of the bound itself.
fn size(value: &Value, left: usize) -> Option<usize> {
    let left = left.checked_sub(16)?;
    match value {
        Value::String(text) => left.checked_sub(text.len()),
        Value::Bytes(bytes) => left.checked_sub(bytes.len()),
        Value::List(items) => items.iter().try_fold(left, |left, item| size(item, left)),
        Value::Map(entries) => {
            entries.iter().try_fold(left, |left, (key, value)| size(value, left.checked_sub(key.len())?))
        }
        _ => Some(left),
    }
}
