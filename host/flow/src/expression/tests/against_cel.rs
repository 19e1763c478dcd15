//! Generated expressions, evaluated here and by the `cel` crate's own interpreter.

use std::collections::HashMap;
use std::sync::Arc;

use cel::objects::{Key, Map};
use cel::{Context, Program};
use proptest::prelude::*;

use super::*;

fn theirs(value: &Value) -> cel::Value {
    match value {
        Value::Null => cel::Value::Null,
        Value::Bool(value) => cel::Value::Bool(*value),
        Value::Int(value) => cel::Value::Int(*value),
        Value::Uint(value) => cel::Value::UInt(*value),
        Value::Double(value) => cel::Value::Float(*value),
        Value::String(text) => cel::Value::from(&**text),
        Value::Bytes(bytes) => cel::Value::from(bytes.to_vec()),
        Value::List(items) => cel::Value::List(Arc::new(items.iter().map(theirs).collect())),
        Value::Map(entries) => {
            let map: HashMap<_, _> = entries.iter().map(|(key, value)| (Key::from(&**key), theirs(value))).collect();
            cel::Value::Map(Map { map: Arc::new(map) })
        }
    }
}

fn by_cel(source: &str, data: &Data) -> Result<cel::Value, String> {
    let mut context = Context::default();
    context.add_variable_from_value("input", theirs(&data.input));
    context.add_variable_from_value("count", theirs(&data.results[0]));
    let program = Program::compile(source).map_err(|error| error.to_string())?;
    program.execute(&context).map_err(|error| error.to_string())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

    #[test]
    fn both_agree(source in expression()) {
        let Ok(expression) = Expression::compile(&source, &names()) else {
            // Longer or deeper than is allowed here.
            return Ok(());
        };
        match (expression.evaluate(&data()), by_cel(&source, &data())) {
            (Ok(ours), Ok(cel)) => {
                prop_assert_eq!(format!("{:?}", theirs(&ours)), format!("{cel:?}"), "{}", source);
            }
            (Err(_), Err(_)) => {}
            // There, the keys of a map can be put after a list.
            (Err(error), Ok(_)) if error.reason == "`+` cannot take list and map" => {}
            (ours, cel) => prop_assert!(false, "{source}: {ours:?} here, {cel:?} there"),
        }
    }
}

/// Maps have one entry at most: the `cel` crate goes over their keys in any order.
fn expression() -> impl Strategy<Value = String> {
    let leaf = proptest::sample::select(vec![
        "0",
        "1",
        "-3",
        "2u",
        "0u",
        "1.5",
        "-0.5",
        "2.0",
        "'a'",
        "'3'",
        "''",
        "'true'",
        "b'a'",
        "true",
        "false",
        "null",
        "count",
        "input.a",
        "input.x",
        "input.text",
        "input.items",
        "input.none",
        "input.b",
        "[]",
        "{}",
        "(9223372036854775807 + 1)",
        "(18446744073709551615u * 2u)",
        "(-9223372036854775808 - 1)",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 24, 3, |inner| {
        let binary = proptest::sample::select(vec![
            "+", "-", "*", "/", "%", "<", "<=", ">", ">=", "==", "!=", "&&", "||", " in ",
        ]);
        let unary =
            proptest::sample::select(vec!["!", "-", "size", "int", "uint", "double", "string", "bool", "bytes", "dyn"]);
        let method = proptest::sample::select(vec!["contains", "startsWith", "endsWith"]);
        let fold = proptest::sample::select(vec!["all", "exists", "exists_one", "filter", "map"]);
        let type_name = proptest::sample::select(vec![
            "int",
            "uint",
            "double",
            "string",
            "bool",
            "bytes",
            "list",
            "map",
            "null_type",
        ]);
        let element = proptest::sample::select(vec![
            "x",
            "x + 1",
            "x == 2",
            "x > 1",
            "x / x",
            "[x]",
            "x < 2 || x / 0 == 1",
            "size(x) > 0",
        ]);
        prop_oneof![
            4 => (inner.clone(), binary, inner.clone()).prop_map(|(a, operator, b)| format!("({a} {operator} {b})")),
            2 => (unary, inner.clone()).prop_map(|(function, a)| format!("{function}({a})")),
            1 => (inner.clone(), inner.clone(), inner.clone()).prop_map(|(a, b, c)| format!("({a} ? {b} : {c})")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a}[{b}]")),
            1 => (inner.clone(), method, inner.clone()).prop_map(|(a, method, b)| format!("{a}.{method}({b})")),
            1 => (inner.clone(), fold, element).prop_map(|(a, fold, body)| format!("{a}.{fold}(x, {body})")),
            1 => (inner.clone(), type_name).prop_map(|(a, name)| format!("type({a}) == {name}")),
            1 => (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("[{a}, {b}]")),
            1 => inner.clone().prop_map(|a| format!("{{'k': {a}}}")),
            1 => inner.prop_map(|a| format!("has({a}.k)")),
        ]
    })
}
