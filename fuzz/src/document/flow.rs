//! Flows that are nearly right.

use std::fmt::Write as _;
use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use sandgate_flow::catalog::{
    Activity, Case, Catalog, Component, Fallible, Field, Gateway, Instances, Parameter, Type, Visibility, in_flow,
};
use serde_json::Value as Json;

use super::schema;
use crate::expression::grammar::{self, Kind, Scope};
use crate::{json, platform, types};

const IDS: [&str; 5] = ["a", "b", "c", "d", "e"];

/// Parameters that expressions can count on.
const INPUT: &str =
    "n: { type: integer, default: 3 }, t: { type: string, default: é }, l: { type: array, default: [1] }";

const SCOPE: Scope = Scope {
    ints: &["input.n", "run.version", "size(input.l)"],
    lists: &["input.l"],
    others: &["input.t", "session.client", "error", "a", "nodes.a", "run.flow"],
};

/// The platform's components, and one with parameters of every kind.
pub(super) fn catalog() -> &'static Catalog {
    static CATALOG: LazyLock<Catalog> = LazyLock::new(|| {
        let mut catalog = platform::CATALOG.clone();
        catalog.components.insert("various".into(), various());
        catalog
    });
    &CATALOG
}

fn various() -> Component {
    let fields = [("max-count", Type::U8), ("label", Type::Option(Box::new(Type::String)))];
    let record = fields.map(|(name, ty)| Field { name: name.into(), ty });
    let cases = [("by-name", Some(Type::String)), ("nobody", None)].map(|(name, ty)| Case { name: name.into(), ty });
    let twice = Type::Option(Box::new(Type::Option(Box::new(Type::S64))));
    let all = vec![
        Type::Record(record.into()),
        Type::List(Box::new(Type::S8)),
        Type::Tuple(vec![Type::Bool, Type::F64]),
        Type::Variant(cases.into()),
        Type::Char,
        Type::Bytes,
        Type::Flags(["red".into(), "dark-blue".into()].into()),
        twice,
    ];
    let result = Type::Result { ok: Some(Box::new(Type::U64)), error: None };
    Component {
        title: None,
        group: None,
        icon: None,
        docs: None,
        activities: vec![
            activity("a:b/one@1.0.0", "all", all, Some(result)),
            activity("a:b/one@1.0.0", "twice", vec![Type::F32], Some(Type::Json)),
            activity("a:b/other-one@1.0.0", "twice", Vec::new(), None),
        ],
        gateway: Gateway::Exported,
        instances: Instances::Stateless,
    }
}

fn activity(interface: &str, function: &str, parameters: Vec<Type>, returns: Option<Type>) -> Activity {
    let parameter = |(number, ty): (usize, Type)| Parameter {
        name: format!("p{number}").into(),
        ty,
        docs: None,
        default: None,
        widget: None,
        visibility: Visibility::Shown,
    };
    Activity {
        interface: interface.into(),
        function: function.into(),
        docs: None,
        parameters: parameters.into_iter().enumerate().map(parameter).collect(),
        returns,
        error: Fallible::Yes(Some(Type::String)),
    }
}

/// A flow that any mistake is easy to make in: as people write it.
pub(super) fn example(u: &mut Unstructured<'_>) -> Result<String> {
    let expression = grammar::expression(u, Kind::Bool, 3, &SCOPE)?;
    let literal = json::json(u, 3)?;
    Ok(format!(
        "format: 1\nflow: example\ninterface:\n  protocol: websocket\n  input:\n    {{ {INPUT}, a: {} }}\nstart: a\nnodes:\n  a:\n    \
         gateway: exclusive\n    branches:\n      - {{ if: {}, next: b }}\n      - next: c\n  b:\n    call: output.result\n    \
         with: {{ value: {literal} }}\n  c:\n    call: client.push\n    with:\n      message: {}\n    next: a\n",
        schema::parameter(u)?,
        quoted(&expression),
        quoted(&format!("${{{expression}}}")),
    ))
}

/// A flow of any nodes.
pub(super) fn document(u: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::from("format: 1\nflow: fuzzed\n");
    if u.ratio(1, 4)? {
        let _ = writeln!(text, "title: {}\ndescription: {}", quoted(&json::text(u)?), quoted(&json::text(u)?));
    }
    let _ = writeln!(text, "interface: {}", interface(u)?);
    let count = u.int_in_range(1..=5)?;
    let _ = writeln!(text, "start: {}\nnodes:", IDS[0]);
    for at in 0..count {
        // Nothing follows the last.
        let ids = &IDS[at + 1..count.max(at + 1)];
        let node = if ids.is_empty() || u.ratio(2, 3)? { call(u, ids)? } else { gateway(u, ids)? };
        let _ = writeln!(text, "  {}: {{ {node} }}", IDS[at]);
    }
    Ok(text)
}

fn interface(u: &mut Unstructured<'_>) -> Result<String> {
    let mut text = String::from("{ protocol: websocket");
    if u.ratio(1, 16)? {
        text.push_str(", framing: raw");
    } else if u.ratio(1, 3)? {
        let name = u.choose(&["a", "b", "text", "if", "é"])?;
        let _ = write!(text, ", input: {{ {INPUT}, {name}: {} }}", schema::parameter(u)?);
    } else {
        let _ = write!(text, ", input: {{ {INPUT} }}");
    }
    if u.ratio(1, 16)? {
        let _ = write!(text, ", on-leave: {}", u.choose(&["continue", "cancel", "stop"])?);
    }
    Ok(text + " }")
}

fn call(u: &mut Unstructured<'_>, ids: &[&str]) -> Result<String> {
    let components: Vec<_> = catalog().components.iter().filter(|(_, it)| !it.activities.is_empty()).collect();
    let (name, component) = u.choose(&components)?;
    let activity = u.choose(&component.activities)?;
    let interface = activity.interface.split(['/', '@']).nth(1).unwrap_or_default();
    let interface = if u.ratio(7, 8)? { format!("{}.", in_flow(interface)) } else { String::new() };
    let mut text = format!("call: {name}.{interface}{}", in_flow(&activity.function));
    let mut arguments = Vec::new();
    for parameter in &activity.parameters {
        if u.ratio(31, 32)? {
            arguments.push(format!("{}: {}", parameter.name, argument(u, &parameter.ty)?));
        }
    }
    if !arguments.is_empty() {
        let _ = write!(text, ", with: {{ {} }}", arguments.join(", "));
    }
    if let Some(next) = ids.first() {
        let _ = write!(text, ", next: {next}");
    }
    if activity.error != Fallible::No && u.ratio(1, 2)? {
        let _ = write!(text, ", on-error: {}", anywhere(u, ids)?);
    }
    Ok(text)
}

fn gateway(u: &mut Unstructured<'_>, ids: &[&str]) -> Result<String> {
    let mut branches = vec![format!("{{ next: {} }}", ids[0])];
    branches.extend(json::some(u, |u| branch(u, ids))?);
    let config = if u.ratio(1, 4)? { format!(", with: {}", argument(u, &Type::Json)?) } else { String::new() };
    Ok(format!("gateway: {}, branches: [{}]{config}", u.choose(&["exclusive", "various"])?, branches.join(", ")))
}

fn branch(u: &mut Unstructured<'_>, ids: &[&str]) -> Result<String> {
    let mut text = format!("{{ next: {}", anywhere(u, ids)?);
    if u.ratio(15, 16)? {
        let _ = write!(text, ", if: {}", quoted(&condition(u)?));
    }
    if u.ratio(1, 4)? {
        let _ = write!(text, ", name: {}, with: {}", quoted(&json::text(u)?), argument(u, &Type::Json)?);
    }
    Ok(text + " }")
}

/// One of the nodes that follow, or now and then one that came before.
fn anywhere<'a>(u: &mut Unstructured<'_>, ids: &[&'a str]) -> Result<&'a str> {
    if ids.is_empty() || u.ratio(1, 4)? { u.choose(&IDS).copied() } else { u.choose(ids).copied() }
}

fn condition(u: &mut Unstructured<'_>) -> Result<String> {
    match u.int_in_range(0..=2)? {
        0 => u.choose(&["true", "input.n > 0", "a == null", "error == null"]).map(|text| (*text).to_owned()),
        _ => grammar::expression(u, Kind::Bool, 2, &SCOPE),
    }
}

/// A literal, an expression, or a text with some.
fn argument(u: &mut Unstructured<'_>, ty: &Type) -> Result<String> {
    Ok(match u.int_in_range(0..=4)? {
        0 => quoted(&format!("${{{}}}", grammar::expression(u, grammar::kind_of(ty), 2, &SCOPE)?)),
        1 if matches!(ty, Type::String | Type::Json | Type::Message) => {
            let expression = grammar::expression(u, Kind::Text, 2, &SCOPE)?;
            quoted(&format!("{}${{{expression}}}{}", json::text(u)?, json::text(u)?))
        }

        _ => types::fitting(u, ty)?.to_json().unwrap_or(Json::Null).to_string(),
    })
}

/// As JSON writes it, which YAML reads as well.
fn quoted(text: &str) -> String {
    Json::from(text).to_string()
}
