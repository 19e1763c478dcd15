//! A literal in a flow's document fits, in the eyes of the check, exactly if the conversion takes it at the call.

use proptest::prelude::*;
use sandgate_flow::catalog::{Activity, Catalog, Component, Fallible, Gateway, Instances, Parameter, Type, Visibility};
use sandgate_flow::check;
use sandgate_flow::parse::parse;
use sandgate_flow::value::Value;
use serde_json::json;

use super::generate::{VERDICTS, types, values};
use super::to_val;

/// A component with one function, which takes a value of this type.
fn catalog(ty: &Type) -> Catalog {
    let parameter = Parameter {
        name: "it".into(),
        ty: ty.clone(),
        docs: None,
        default: None,
        widget: None,
        visibility: Visibility::Shown,
    };
    let activity = Activity {
        interface: "acme:sample/things".into(),
        function: "take".into(),
        docs: None,
        parameters: vec![parameter],
        returns: None,
        error: Fallible::No,
    };
    let component = Component {
        title: None,
        group: None,
        icon: None,
        docs: None,
        activities: vec![activity],
        gateway: Gateway::Absent,
        instances: Instances::Fresh,
    };
    Catalog { components: [("sample".into(), component)].into() }
}

/// What the check says of a flow that calls it with this literal.
fn checked(literal: &str, ty: &Type) -> Result<(), String> {
    let text = format!(
        "{{ format: 1, flow: literal, interface: {{ protocol: websocket }}, start: it, nodes: {{ it: {{ \
           call: sample.take, with: {{ it: {literal} }} }} }} }}"
    );
    let document = parse(&text).unwrap_or_else(|problems| panic!("{text}: {problems:?}"));
    check(&document, &catalog(ty)).map(drop).map_err(|problems| problems[0].message.clone())
}

/// The value as YAML, with which no expression is meant.
fn yaml(value: &Value) -> String {
    match value {
        Value::Double(double) if double.is_nan() => ".nan".to_owned(),
        Value::Double(double) if double.is_infinite() => if *double > 0.0 { ".inf" } else { "-.inf" }.to_owned(),
        Value::Double(double) => format!("{double:?}"),
        Value::String(text) => quoted(text),
        Value::List(items) => format!("[{}]", items.iter().map(yaml).collect::<Vec<_>>().join(", ")),
        Value::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", quoted(key), yaml(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn quoted(text: &str) -> String {
    let escaped = text.replace("${", "$${").chars().fold(String::new(), |mut escaped, char| {
        match char {
            '"' | '\\' => escaped.extend(['\\', char]),
            ' '..='~' => escaped.push(char),
            _ => escaped.push_str(&format!("\\U{:08x}", u32::from(char))),
        }
        escaped
    });
    format!("\"{escaped}\"")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(VERDICTS))]

    #[test]
    fn a_literal_fits_if_the_conversion_takes_it(
        (ty, value) in types().prop_flat_map(|ty| (Just(ty.clone()), values(&ty)))
    ) {
        let (checked, converted) = (checked(&yaml(&value), &ty), to_val(&value, &ty));
        prop_assert_eq!(checked.is_ok(), converted.is_ok(), "{} for {}: {:?}, {:?}", yaml(&value), ty, checked, converted);
    }
}

/// Where the two have differed.
#[test]
fn literals_that_only_one_of_them_might_take() {
    let flags = || Type::Flags(super::names(&["read", "write"]));
    for (ty, literal) in [
        (Type::Json, Value::List([Value::Double(f64::NAN)].into())),
        (Type::Message, Value::map([("a", Value::Double(f64::INFINITY))])),
        (flags(), Value::from(json!(["read", "read"]))),
        (flags(), Value::from(json!(["${read}"]))),
    ] {
        assert!(to_val(&literal, &ty).is_err());
        assert!(checked(&yaml(&literal), &ty).is_err(), "{} for {ty}", yaml(&literal));
    }
}

#[test]
fn expressions_are_let_pass_where_they_may_fit() {
    let flags = Type::Flags(super::names(&["read", "write"]));
    assert_eq!(checked("['${run.id}']", &flags), Ok(()));
    assert!(checked("['${run.version}']", &flags).is_err());
}
