//! The rules one by one. What holds of all types and values is in the files beside.

mod border;
mod errors;
mod generate;
mod literals;
mod schemas;
mod there_and_back;

use std::sync::Arc;

use sandgate_flow::catalog::{Case, Field, Type};
use wasmtime::component::Val;

use super::plan::TYPE_CHARS_MAX;
use super::*;

fn to_val(value: &Value, ty: &Type) -> Result<Val, Error> {
    Conversion::new(ty).lower(value)
}

fn from_val(val: &Val, ty: &Type) -> Result<Value, Error> {
    Conversion::new(ty).lift(val)
}

fn json_value(json: serde_json::Value) -> Value {
    Value::from(json)
}

macro_rules! value {
    ($($json:tt)+) => { json_value(serde_json::json!($($json)+)) };
}

fn some(ty: Type) -> Type {
    Type::Option(Box::new(ty))
}

fn record(fields: &[(&str, Type)]) -> Type {
    Type::Record(fields.iter().map(|(name, ty)| Field { name: (*name).into(), ty: ty.clone() }).collect())
}

fn variant(cases: &[(&str, Option<Type>)]) -> Type {
    Type::Variant(cases.iter().map(|(name, ty)| Case { name: (*name).into(), ty: ty.clone() }).collect())
}

fn names(names: &[&str]) -> Vec<Arc<str>> {
    names.iter().map(|name| (*name).into()).collect()
}

/// There, and back to the same value.
#[track_caller]
fn same(value: &Value, ty: &Type, val: Val) {
    assert_eq!(to_val(value, ty).unwrap(), val);
    assert_eq!(from_val(&val, ty).unwrap(), *value);
}

#[track_caller]
fn accepted(value: &Value, ty: &Type, val: Val) {
    assert_eq!(to_val(value, ty).unwrap(), val);
}

#[track_caller]
fn refused(value: &Value, ty: &Type, message: &str) {
    assert_eq!(to_val(value, ty).unwrap_err().to_string(), message);
}

#[test]
fn integers_are_accepted_where_they_are_exact() {
    same(&Value::Int(-1), &Type::S8, Val::S8(-1));
    same(&Value::Int(i64::MAX), &Type::U64, Val::U64(i64::MAX as u64));
    same(&Value::Uint(u64::MAX), &Type::U64, Val::U64(u64::MAX));
    accepted(&Value::Uint(3), &Type::S16, Val::S16(3));
    accepted(&Value::Double(3.0), &Type::U32, Val::U32(3));
    accepted(&Value::from("-9223372036854775808"), &Type::S64, Val::S64(i64::MIN));
    refused(&Value::Int(256), &Type::U8, "$: 256 is out of range (the WIT type is `u8`)");
    refused(
        &Value::Double(1.5),
        &Type::S32,
        "$: the double 1.5 was given, where an integer is due (the WIT type is `s32`)",
    );
    refused(
        &Value::Double(f64::NAN),
        &Type::S32,
        "$: the double NaN was given, where an integer is due (the WIT type is `s32`)",
    );
    refused(&Value::from("3"), &Type::S32, "$: a string was given, where an integer is due (the WIT type is `s32`)");
    refused(&Value::from("03"), &Type::S64, "$: a string was given, where an integer is due (the WIT type is `s64`)");
    refused(&Value::Null, &Type::U64, "$: null was given, where an integer is due (the WIT type is `u64`)");
}

#[test]
fn floats_take_what_they_hold() {
    same(&Value::Double(0.1), &Type::F64, Val::Float64(0.1));
    same(&Value::Double(f64::INFINITY), &Type::F32, Val::Float32(f32::INFINITY));
    accepted(&Value::Double(0.1), &Type::F32, Val::Float32(0.1));
    accepted(&Value::Int(1 << 53), &Type::F64, Val::Float64(9_007_199_254_740_992.0));
    assert!(to_val(&Value::Double(f64::NAN), &Type::F32).is_ok());
    assert!(to_val(&Value::Int((1 << 53) + 1), &Type::F64).is_err());
    assert!(to_val(&Value::Int((1 << 24) + 1), &Type::F32).is_err());
    assert!(to_val(&Value::Double(1e300), &Type::F32).is_err());
}

#[test]
fn texts_characters_and_bytes() {
    same(&Value::from("é"), &Type::Char, Val::Char('é'));
    same(&Value::from("hello"), &Type::String, Val::String("hello".to_owned()));
    same(&Value::Bytes([1, 255].into()), &Type::Bytes, Val::List(vec![Val::U8(1), Val::U8(255)]));
    accepted(&Value::from("Af8="), &Type::Bytes, Val::List(vec![Val::U8(1), Val::U8(255)]));
    refused(
        &Value::from("ab"),
        &Type::Char,
        "$: a longer string was given, where one character is due (the WIT type is `char`)",
    );
    refused(&Value::Int(1), &Type::String, "$: the int 1 was given, where a string is due (the WIT type is `string`)");
    assert!(
        to_val(&Value::from("?"), &Type::Bytes).unwrap_err().message.starts_with("a string for bytes must be base64")
    );
}

#[test]
fn records_are_maps_by_the_names_of_flows() {
    let ty = record(&[("max-count", Type::U8), ("step", some(Type::U8))]);
    let fields = |step| Val::Record(vec![("max-count".to_owned(), Val::U8(3)), ("step".to_owned(), Val::Option(step))]);
    same(&value!({"max_count": 3, "step": null}), &ty, fields(None));
    same(&value!({"max_count": 3, "step": 1}), &ty, fields(Some(Box::new(Val::U8(1)))));
    accepted(&value!({"max_count": 3}), &ty, fields(None));
    let shown = "(the WIT type is `record { max-count: u8, step: option<u8> }`)";
    refused(&value!({}), &ty, &format!("$: the field `max_count` is missing {shown}"));
    let unknown = "$: there is no field `max-count`; there is `max_count`, `step`";
    refused(&value!({"max-count": 3}), &ty, &format!("{unknown} {shown}"));
}

#[test]
fn variants_are_a_name_or_a_map_of_one() {
    let ty = variant(&[("no-one", None), ("only", Some(Type::U8))]);
    same(&value!("no_one"), &ty, Val::Variant("no-one".to_owned(), None));
    same(&value!({"only": 1}), &ty, Val::Variant("only".to_owned(), Some(Box::new(Val::U8(1)))));
    accepted(&value!({"no_one": null}), &ty, Val::Variant("no-one".to_owned(), None));
    let message = |value: Value| to_val(&value, &ty).unwrap_err().message;
    assert_eq!(message(value!("only")), "the case `only` has a value: write {\"only\": ...}");
    assert_eq!(message(value!({"no_one": 1})), "the case `no_one` has no value: write \"no_one\"");
    assert_eq!(message(value!("two")), "there is no case `two`; there is `no_one`, `only`");
    let due = "a map was given, where a case's name, or a map of it to its value, is due";
    assert_eq!(message(value!({"only": 1, "no_one": null})), due);
}

#[test]
fn enums_and_flags_are_names() {
    let ty = Type::Enum(names(&["up", "way-down"]));
    same(&value!("way_down"), &ty, Val::Enum("way-down".to_owned()));
    let ty = Type::Flags(names(&["read", "write-all"]));
    same(&value!(["write_all"]), &ty, Val::Flags(vec!["write-all".to_owned()]));
    same(&value!([]), &ty, Val::Flags(Vec::new()));
    let message =
        "$[1]: there is no flag `run`; there is `read`, `write_all` (the WIT type is `flags { read, write-all }`)";
    refused(&value!(["read", "run"]), &ty, message);
    let message = "$[1]: the flag `read` is there twice (the WIT type is `flags { read, write-all }`)";
    refused(&value!(["read", "read"]), &ty, message);
}

#[test]
fn an_option_is_null_or_the_value_and_a_nested_one_a_list() {
    same(&Value::Null, &some(Type::U8), Val::Option(None));
    same(&value!(1), &some(Type::U8), Val::Option(Some(Box::new(Val::U8(1)))));
    let ty = some(some(Type::U8));
    same(&value!([]), &ty, Val::Option(None));
    same(&value!([null]), &ty, Val::Option(Some(Box::new(Val::Option(None)))));
    same(&value!([1]), &ty, Val::Option(Some(Box::new(Val::Option(Some(Box::new(Val::U8(1))))))));
    assert!(to_val(&value!([1, 2]), &ty).is_err());
    refused(&value!([-1]), &ty, "$[0]: -1 is out of range (the WIT type is `u8`)");
}

#[test]
fn results_are_ok_or_error() {
    let ty = Type::Result { ok: Some(Box::new(Type::U8)), error: None };
    same(&value!({"ok": 1}), &ty, Val::Result(Ok(Some(Box::new(Val::U8(1))))));
    same(&value!({"error": null}), &ty, Val::Result(Err(None)));
    refused(&value!({"error": 1}), &ty, "$.error: it has no value: write null (the WIT type is `result<u8, _>`)");
}

#[test]
fn a_json_is_any_value() {
    let json = |text: &str| Val::Record(vec![("text".to_owned(), Val::String(text.to_owned()))]);
    same(&value!({"a": [1, null, "x"]}), &Type::Json, json(r#"{"a":[1,null,"x"]}"#));
    let given = Value::List([Value::Double(f64::NAN)].into());
    refused(&given, &Type::Json, "$[0]: NaN cannot be written as JSON (the WIT type is `json`)");
    let ty = record(&[("body", Type::Json)]);
    let error = from_val(&Val::Record(vec![("body".to_owned(), json("{"))]), &ty).unwrap_err().to_string();
    assert!(error.starts_with("$.body: not JSON: EOF while parsing an object"), "{error}");
}

#[test]
fn a_name_in_a_path_neither_breaks_the_line_nor_fills_it() {
    let nan = |name: &str| Value::map([(name, Value::Double(f64::NAN))]);
    let message = r"$.a\n\u{9b}: NaN cannot be written as JSON (the WIT type is `json`)";
    refused(&nan("a\n\u{9b}"), &Type::Json, message);
    let error = to_val(&nan(&"a".repeat(10_000)), &Type::Json).unwrap_err().to_string();
    assert!(error.len() < 200, "{} bytes", error.len());
}

#[test]
fn json_is_nested_only_so_deep() {
    let nested = |depth: usize| (0..depth).fold(Value::Null, |inner, _| Value::List([inner].into()));
    let deepest = to_val(&nested(127), &Type::Json).unwrap();
    assert_eq!(from_val(&deepest, &Type::Json).unwrap(), nested(127));
    refused(&nested(128), &Type::Json, "$: nested more than 127 deep (the WIT type is `json`)");
    assert!(json(&"[".repeat(100_000)).is_err());
}

#[test]
fn a_message_is_text_binary_or_json() {
    let message = |case: &str, val: Val| Val::Variant(case.to_owned(), Some(Box::new(val)));
    same(&Value::from("hi"), &Type::Message, message("text", Val::String("hi".to_owned())));
    same(&Value::Bytes([1].into()), &Type::Message, message("binary", Val::List(vec![Val::U8(1)])));
    let json = Val::Record(vec![("text".to_owned(), Val::String("3".to_owned()))]);
    same(&Value::Int(3), &Type::Message, message("json", json));
}

#[test]
fn an_error_has_the_path_to_its_place() {
    let ty = record(&[("a", Type::List(Box::new(Type::Tuple(vec![Type::U8, variant(&[("b", Some(Type::Bool))])]))))]);
    let given = value!({"a": [[1, {"b": true}], [2, {"b": 3}]]});
    let message = "$.a[1][1].b: the int 3 was given, where true or false is due (the WIT type is `bool`)";
    refused(&given, &ty, message);
    let message = "a list of 1 was given, where 2 are due";
    assert_eq!(to_val(&value!({"a": [[1]]}), &ty).unwrap_err().message, message);
}

#[test]
fn a_long_type_is_cut_in_an_error() {
    let ty = Type::Enum((0..1_000).map(|n| format!("case-{n}").into()).collect());
    let error = to_val(&Value::Int(1), &ty).unwrap_err();
    assert_eq!(error.ty.chars().count(), TYPE_CHARS_MAX + 1);
}

#[test]
fn a_value_of_another_type_is_an_error() {
    let error = from_val(&Val::Bool(true), &Type::U8).unwrap_err().to_string();
    assert_eq!(error, "$: the component gave a value of another type (the WIT type is `u8`)");
}
