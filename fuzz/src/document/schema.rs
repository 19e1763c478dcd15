//! JSON Schemas of parameters, right and wrong.

use arbitrary::{Result, Unstructured};
use serde_json::{Map, Value as Json, json};

use crate::json;

const TYPES: [&str; 8] = ["null", "boolean", "integer", "number", "string", "array", "object", "int"];

/// A parameter's schema, as JSON.
pub(super) fn parameter(u: &mut Unstructured<'_>) -> Result<Json> {
    schema(u, 2)
}

fn schema(u: &mut Unstructured<'_>, depth: usize) -> Result<Json> {
    let mut keywords = Map::new();
    for _ in 0..u.int_in_range(0..=3)? {
        let (keyword, value) = keyword(u, depth)?;
        keywords.insert(keyword.to_owned(), value);
    }
    Ok(Json::Object(keywords))
}

fn keyword(u: &mut Unstructured<'_>, depth: usize) -> Result<(&'static str, Json)> {
    let last = if depth == 0 { 11 } else { 17 };
    let inner = |u: &mut Unstructured<'_>| schema(u, depth - 1);
    Ok(match u.int_in_range(0..=last)? {
        0 | 1 => ("type", Json::from(*u.choose(&TYPES)?)),
        2 => ("type", json!([u.choose(&TYPES)?, u.choose(&TYPES)?])),
        3 => ("default", json::json(u, 2)?),
        4 => ("enum", Json::Array(json::some(u, |u| json::json(u, 1))?)),
        5 => ("minimum", json::json(u, 0)?),
        6 => ("multipleOf", json!(json::integer(u)?)),
        7 => ("maxLength", json!(u.int_in_range(-1..=20)?)),
        8 => (
            "pattern",
            Json::from(*u.choose(&["^a*$", "(", "(a+)+$", "\\p{L}", "(?=a)", "a{1000}{1000}", "[[:alpha:]]"])?),
        ),
        9 => ("format", Json::from(*u.choose(&["date-time", "uuid", "regex", "uri", "email", "none"])?)),
        10 => (
            "$ref",
            Json::from(*u.choose(&["#", "#/$defs/a", "#/properties/a", "other.json", "https://example.org/a"])?),
        ),
        11 => ("const", json::json(u, 1)?),
        12 => ("items", inner(u)?),
        13 => ("properties", Json::Object(json::some(u, |u| Ok((json::text(u)?, inner(u)?)))?.into_iter().collect())),
        14 => ("additionalProperties", if u.arbitrary()? { Json::Bool(false) } else { inner(u)? }),
        15 => ("anyOf", Json::Array(json::some(u, inner)?)),
        16 => ("not", inner(u)?),
        _ => ("$defs", json!({ "a": inner(u)? })),
    })
}
