//! What input a flow accepts.
#![expect(clippy::unwrap_used, reason = "a test says so by failing")]

mod catalog;

use sandgate_flow::check::Input;
use sandgate_flow::parse::parse;
use sandgate_flow::{Value, check};
use serde_json::{Map, Value as Json, json};

fn input(parameters: &str) -> Input {
    let text = format!(
        "format: 1\nflow: test\ninterface: {{ protocol: websocket, input: {{ {parameters} }} }}\nstart: a\nnodes:\n  a: {{ call: various.try_it }}\n"
    );
    check(&parse(&text).unwrap(), &catalog::catalog()).unwrap().interface.input
}

fn refused(input: &Input, json: Json) -> Vec<String> {
    input.accept(json).unwrap_err().iter().map(ToString::to_string).collect()
}

#[test]
fn defaults_are_filled_in_and_whole_numbers_are_integers() {
    let input =
        input("a: { type: integer, default: 10 }, b: { type: array, items: { type: integer } }, c: { type: number }");
    let accepted = input.accept(json!({ "b": [3.0, 4], "c": 3.0 })).unwrap();
    let b = Value::List([Value::Int(3), Value::Int(4)].into());
    assert_eq!(accepted, Value::map([("a", Value::Int(10)), ("b", b), ("c", Value::Double(3.0))]));
}

#[test]
fn everything_that_does_not_fit_is_told() {
    let input = input(
        "a: { type: integer, minimum: 0 }, text: { type: string }, list: { type: array, items: { type: boolean } }",
    );
    let told = refused(&input, json!({ "a": -1, "list": [true, 1], "texd": "" }));
    let expected = [
        "$.a: -1 is less than the minimum of 0",
        "$.text: the parameter `text` is missing, and has no default",
        "$.list[1]: 1 is not of type \"boolean\"",
        "$.texd: there is no parameter `texd`; did you mean `text`?",
    ];
    assert_eq!(told, expected);
}

#[test]
fn only_an_object_is_an_input() {
    let told = refused(&input(""), json!([1]));
    assert_eq!(told, ["$: the input must be an object of parameters, and is an array"]);
    assert_eq!(refused(&input(""), json!({ "a": 1 })), ["$.a: there is no parameter `a`; this flow takes none"]);
}

#[test]
fn a_large_value_is_not_repeated_in_the_message() {
    let told = refused(&input("a: { type: integer }"), json!({ "a": "x".repeat(100_000) }));
    assert!(told[0].len() < 300, "{}", told[0].len());
}

#[test]
fn names_without_end_are_told_to_a_bound() {
    let input = input("a: { type: object, default: {}, additionalProperties: false }");
    let many: Map<_, _> = (0..200_000).map(|index| (format!("unknown parameter {index:06}"), Json::Null)).collect();
    assert_eq!(refused(&input, Json::Object(many.clone())).len(), 20);
    let long = "x".repeat(1_000_000);
    for json in [json!({ "a": many }), json!({ "a": { long.clone(): 1 } }), json!({ long: 1 })] {
        let told = refused(&input, json);
        assert!(told.concat().len() < 1_000, "{}", told.concat().len());
    }
}

#[test]
fn a_schema_that_refers_to_itself_for_ever_harms_nothing() {
    let input = input("a: { $ref: '#' }");
    assert_eq!(input.accept(json!({ "a": 1 })), Ok(Value::map([("a", Value::Int(1))])));
}

#[test]
fn a_schema_that_refers_to_its_parts_does_so_within_that_of_the_whole_input() {
    let input = input("a: { $ref: '#/$defs/small', $defs: { small: { maximum: 3 } } }");
    assert!(input.accept(json!({ "a": 4 })).is_err());
    let whole = jsonschema::draft202012::new(&input.schema()).unwrap();
    assert!(whole.is_valid(&json!({ "a": 3 })) && !whole.is_valid(&json!({ "a": 4 })));
}

#[test]
fn the_schema_of_the_whole_input_is_one_object() {
    let schema = input("a: { type: integer, default: 1 }, b: { type: string }").schema();
    assert_eq!(schema["required"], json!(["b"]));
    assert_eq!(schema["properties"]["a"], json!({ "type": "integer", "default": 1 }));
    assert_eq!(schema["additionalProperties"], json!(false));
}
