use std::time::Instant;

use super::*;
use crate::expression::bounds::{DEPTH_MAX, SOURCE_BYTES_MAX, STEPS_MAX, TEXT_BYTES_MAX};

fn with_list(length: i64) -> Data {
    Data { results: vec![Value::List((0..length).map(Value::Int).collect()), Value::Null], ..data() }
}

#[track_caller]
fn refused(source: &str, data: &Data, why: &str) {
    let begin = Instant::now();
    let error = compiled(source).evaluate(data).unwrap_err();
    assert!(error.reason.contains(why), "{source}: {error}");
    // Not a bound, but a sign that one is missing: such evaluations would take hours.
    assert!(begin.elapsed().as_secs() < 20, "{source}: {:?}", begin.elapsed());
}

#[test]
fn steps_bound_the_work() {
    let data = with_list(2_000);
    refused("count.all(a, count.all(b, a + b >= 0))", &data, &STEPS_MAX.to_string());
    refused("count.map(a, count) == count.map(a, count)", &data, "steps");
    refused("count.exists(a, count + count == [])", &data, "steps");
    assert_eq!(compiled("count.all(a, a >= 0)").holds(&data), Ok(true));
}

#[test]
fn a_bound_is_not_absorbed() {
    let data = with_list(200_000);
    refused("count.all(a, a >= 0) || true", &data, "steps");
    refused("[1].exists(x, count.all(a, a >= 0)) || [1].all(x, true)", &data, "steps");
}

#[test]
fn texts_that_double_stop() {
    let source = format!("['{}']{}", "a".repeat(64), ".map(x, x + x)".repeat(60));
    refused(&source, &data(), &TEXT_BYTES_MAX.to_string());
    let long = Data { message: Value::String("m".repeat(TEXT_BYTES_MAX).into()), ..data() };
    refused("message + message", &long, "longer than");
    assert_eq!(compiled("message == message").holds(&long), Ok(true));
}

#[test]
fn lists_that_double_stop() {
    let source = format!("[1]{}", ".map(x, [x, x])".repeat(60));
    refused(&source, &data(), "its result is larger");
    let source = format!("[1]{}", ".map(x, [x, x])".repeat(30));
    refused(&format!("{source} == {source}"), &data(), "steps");
    let source = format!("[[1]]{}", ".map(x, x + x)".repeat(60));
    refused(&source, &data(), "steps");
}

#[test]
fn long_texts_are_paid_for() {
    let long = Data { message: Value::String("m".repeat(16 << 20).into()), ..data() };
    assert_eq!(compiled("size(message)").evaluate(&long), Ok(Value::Int(16 << 20)));
    refused("[1, 2, 3].all(i, size(message) > 0)", &long, "steps");
    refused("message.matches('[01]*1[01]{100}')", &long, "steps");
    refused("[1, 2].all(i, [3, 4].all(j, message.contains('n') || true))", &long, "steps");
    for twice in [
        "message.startsWith(message)",
        "message.endsWith(message)",
        "message in {message: i}",
        "{message: i}[message] == i",
        "{message: i} == {message: i}",
        "int(message) == i",
        "double(message) == 1.0",
        "uint(message) == 1u",
    ] {
        refused(&format!("[1, 2].all(i, {twice} || true)"), &long, "steps");
    }
}

#[test]
fn patterns_are_bounded() {
    let problems = Expression::compile("input.text.matches('(a{100}){1000}')", &names()).unwrap_err();
    assert!(problems[0].message.contains("when it is compiled"), "{problems:?}");
    refused("input.text.matches('(a{100}){1000}' + '')", &data(), "when it is compiled");
    refused("input.items.all(a, [1, 2, 3, 4].all(b, 'a'.matches('a|' + string(a))))", &data(), "steps");
    let long = Data { message: Value::String("m".repeat(16 << 20).into()), ..data() };
    refused("input.text.matches(message)", &long, "the regular expression has 16777216 bytes, of at most 1024");
    let binary = Data { message: Value::String("01".repeat(20_000).into()), ..data() };
    refused("message.matches('1[01]{3000}[a-z]')", &binary, "steps");
    assert_eq!(compiled("message.matches('^[01]+$')").holds(&binary), Ok(true));
}

#[test]
fn the_source_is_bounded() {
    let source = format!("'{}'", "a".repeat(SOURCE_BYTES_MAX - 1));
    let problems = told(Expression::compile(&source, &names()).unwrap_err());
    assert_eq!(
        problems,
        ["0..1025: the expression has 1025 bytes, of at most 1024 (let a component compute what takes so much)"]
    );
}

#[test]
fn the_depth_is_bounded() {
    let deepest = vec!["1"; DEPTH_MAX].join("+");
    assert_eq!(evaluated(&deepest), Ok(Value::Int(128)));
    let problems = told(Expression::compile(&format!("{deepest}+1"), &names()).unwrap_err());
    assert_eq!(problems, ["0..257: the expression is nested deeper than 128"]);
}

#[test]
fn the_deepest_expression_needs_little_stack() {
    let deepest = compiled(&format!("{}1", "1+".repeat(DEPTH_MAX - 1)));
    let run = move || deepest.evaluate(&data()).unwrap();
    let thread = std::thread::Builder::new().stack_size(256 << 10).spawn(run).unwrap();
    assert_eq!(thread.join().unwrap(), Value::Int(128));
}

#[test]
fn comprehensions_are_nested_twice_at_most() {
    let problems = told(Expression::compile("[1].all(a, [2].all(b, [3].all(c, a < c)))", &names()).unwrap_err());
    assert_eq!(problems, ["26..29: `all` is nested deeper than 2 (let a component compute it)"]);
}
