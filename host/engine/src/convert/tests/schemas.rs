//! What a schema takes and what the conversion takes is the same.

use jsonschema::{Draft, PatternOptions, Validator};
use proptest::prelude::*;
use sandgate_flow::catalog::{Activity, Fallible, Parameter, Type, Visibility};
use serde_json::json;

use super::generate::{VERDICTS, types, values};
use super::*;

fn validator(schema: &serde_json::Value) -> Validator {
    jsonschema::draft202012::meta::validate(schema).unwrap();
    let options = jsonschema::options().with_draft(Draft::Draft202012);
    options.with_pattern_options(PatternOptions::regex()).build(schema).unwrap()
}

fn schema(ty: &Type) -> serde_json::Value {
    Conversion::new(ty).schema()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(VERDICTS))]

    #[test]
    fn a_value_fits_the_schema_if_the_conversion_takes_it(
        (ty, value) in types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty)))
    ) {
        // What is not finite is no JSON.
        if let Ok(json) = value.to_json() {
            let converted = to_val(&Value::from(json.clone()), &ty);
            let fits = validator(&schema(&ty)).is_valid(&json);
            let agree = fits == converted.is_ok() || converted.as_ref().is_err_and(is_rounded);
            prop_assert!(agree, "{ty}: {json} as {}: {fits}, {converted:?}", schema(&ty));
        }
    }
}

/// The one thing that a schema cannot say: an integer that a float does not hold exactly.
fn is_rounded(error: &Error) -> bool {
    let is_integer = error.message.starts_with("the int ") || error.message.starts_with("the uint ");
    is_integer && error.message.ends_with("where a number that it holds is due")
}

#[test]
fn an_integer_that_a_float_rounds_fits_the_schema_alone() {
    let json = json!((1_i64 << 53) + 1);
    assert!(validator(&schema(&Type::F64)).is_valid(&json));
    assert!(is_rounded(&to_val(&Value::from(json), &Type::F64).unwrap_err()));
    assert!(validator(&schema(&Type::F64)).is_valid(&json!(((1_i64 << 53) + 1) as f64)));
}

#[test]
fn the_ends_of_each_range_are_exact() {
    let takes = |ty: Type, json: serde_json::Value| {
        let fits = validator(&schema(&ty)).is_valid(&json);
        assert_eq!(to_val(&Value::from(json.clone()), &ty).is_ok(), fits, "{ty}: {json}");
        fits
    };
    assert!(takes(Type::S64, json!(i64::MIN)) && takes(Type::S64, json!(i64::MAX)));
    assert!(!takes(Type::S64, json!(1_u64 << 63)) && !takes(Type::S64, json!(9_223_372_036_854_775_808.0)));
    assert!(takes(Type::U64, json!(u64::MAX)) && !takes(Type::U64, json!(18_446_744_073_709_551_616.0)));
    assert!(takes(Type::U64, json!("18446744073709551615")) && !takes(Type::U64, json!("18446744073709551616")));
    assert!(takes(Type::U8, json!(255.0)) && !takes(Type::U8, json!(256)) && !takes(Type::U8, json!("255")));
    let end = 2_f64.powi(128) - 2_f64.powi(103);
    assert!(
        takes(Type::F32, json!(end.next_down())) && !takes(Type::F32, json!(end)) && !takes(Type::F32, json!(-end))
    );
}

#[test]
fn a_schema_says_what_a_form_needs() {
    let ty =
        record(&[("max-count", Type::U8), ("way", Type::Enum(names(&["up", "way-down"]))), ("tag", some(Type::Json))]);
    let expected = json!({
        "type": "object",
        "properties": {
            "max_count": { "type": "integer", "minimum": 0, "maximum": 255 },
            "way": { "type": "string", "enum": ["up", "way_down"] },
            "tag": { "anyOf": [{ "type": "null" }, true] },
        },
        "required": ["max_count", "way"],
        "additionalProperties": false,
    });
    assert_eq!(schema(&ty), expected);
    let ty = variant(&[("no-one", None), ("only", Some(Type::Char))]);
    let case = |name: &str, of: serde_json::Value| json!({ "type": "object", "properties": { name: of }, "required": [name], "additionalProperties": false });
    let expected = json!({ "oneOf": [
        { "type": "string", "enum": ["no_one"] },
        case("no_one", json!({ "type": "null" })),
        case("only", json!({ "type": "string", "minLength": 1, "maxLength": 1 })),
    ] });
    assert_eq!(schema(&ty), expected);
    assert_eq!(schema(&Type::Bytes)["contentEncoding"], "base64");
    let ty = Type::Tuple(vec![Type::Bool, Type::String]);
    assert_eq!(schema(&ty)["prefixItems"], json!([{ "type": "boolean" }, { "type": "string" }]));
}

#[test]
fn the_schema_of_a_function_has_its_docs_and_defaults() {
    let parameter = |name: &str, ty, docs: Option<&str>, default| Parameter {
        name: name.into(),
        ty,
        docs: docs.map(str::to_owned),
        default,
        widget: None,
        visibility: Visibility::Shown,
    };
    let activity = Activity {
        interface: "acme:sample/things".into(),
        function: "step-up".into(),
        docs: Some("Steps.".to_owned()),
        parameters: vec![
            parameter("by", Type::U8, Some("How much."), Some(Value::Int(1))),
            parameter("note", some(Type::String), None, None),
            parameter("value", Type::Json, Some("Anything."), None),
        ],
        returns: None,
        error: Fallible::No,
    };
    let expected = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "step_up",
        "description": "Steps.",
        "type": "object",
        "properties": {
            "by": { "type": "integer", "minimum": 0, "maximum": 255, "description": "How much.", "default": 1 },
            "note": { "anyOf": [{ "type": "null" }, { "type": "string" }] },
            "value": { "description": "Anything." },
        },
        "required": ["value"],
        "additionalProperties": false,
    });
    let schema = Signature::new(&activity).input_schema(&activity);
    assert_eq!(schema, expected);
    assert!(validator(&schema).is_valid(&json!({ "value": [] })));
}
