//! Values, and JSON, of any shape.

use arbitrary::{Result, Unstructured};
use sandgate_flow::value::Value;
use serde_json::{Map, Value as Json};

/// Texts that somebody somewhere takes for something else.
const TEXTS: [&str; 22] = [
    "",
    "a",
    "x",
    "count",
    "null",
    "true",
    "0",
    "-1",
    "1e400",
    "18446744073709551616",
    "AA==",
    "a\nb",
    "\u{1b}[31m",
    "\u{202e}",
    "\u{0}",
    "\u{feff}",
    "é",
    "日本",
    "👩‍👩‍👧",
    "${count}",
    "$${",
    "\u{85}",
];

const INTEGERS: [i64; 9] = [0, 1, -1, 127, 128, i32::MAX as i64, 1 << 53, i64::MAX, i64::MIN];

const DOUBLES: [f64; 10] =
    [0.0, -0.0, 0.5, 3.0, 1e300, f64::MIN_POSITIVE, 9_223_372_036_854_775_808.0, f64::NAN, f64::INFINITY, f64::EPSILON];

/// A text.
pub(crate) fn text(u: &mut Unstructured<'_>) -> Result<String> {
    Ok(match u.int_in_range(0..=9)? {
        0..=5 => (*u.choose(&TEXTS)?).to_owned(),
        6 => (*u.choose(&TEXTS)?).repeat(u.int_in_range(2..=300)?),
        _ => u.arbitrary()?,
    })
}

/// A number that stands at an edge, or any.
pub(crate) fn integer(u: &mut Unstructured<'_>) -> Result<i64> {
    if u.ratio(2, 3)? { u.choose(&INTEGERS).copied() } else { u.arbitrary() }
}

/// As [`integer`].
pub(crate) fn double(u: &mut Unstructured<'_>) -> Result<f64> {
    if u.ratio(2, 3)? { u.choose(&DOUBLES).copied() } else { u.arbitrary() }
}

/// A value, nested up to so deep.
pub(crate) fn value(u: &mut Unstructured<'_>, depth: usize) -> Result<Value> {
    Ok(match u.int_in_range(0..=if depth == 0 { 6 } else { 8 })? {
        0 => Value::Null,
        1 => Value::Bool(u.arbitrary()?),
        2 => Value::Int(integer(u)?),
        3 => Value::Uint(u.arbitrary()?),
        4 => Value::Double(double(u)?),
        5 => Value::from(text(u)?.as_str()),
        6 => Value::Bytes(u.arbitrary::<Vec<u8>>()?.into()),
        7 => Value::List(some(u, |u| value(u, depth - 1))?.into()),
        _ => Value::map(some(u, |u| Ok((text(u)?, value(u, depth - 1)?)))?),
    })
}

/// What JSON can write, nested up to so deep.
pub(crate) fn json(u: &mut Unstructured<'_>, depth: usize) -> Result<Json> {
    Ok(match u.int_in_range(0..=if depth == 0 { 5 } else { 7 })? {
        0 => Json::Null,
        1 => Json::Bool(u.arbitrary()?),
        2 => Json::from(integer(u)?),
        3 => Json::from(u.arbitrary::<u64>()?),
        4 => serde_json::Number::from_f64(double(u)?).map_or(Json::Null, Json::Number),
        5 => Json::String(text(u)?),
        6 => Json::Array(some(u, |u| json(u, depth - 1))?),
        _ => Json::Object(some(u, |u| Ok((text(u)?, json(u, depth - 1)?)))?.into_iter().collect::<Map<_, _>>()),
    })
}

/// None to four.
pub(crate) fn some<'u, T>(
    u: &mut Unstructured<'u>,
    mut each: impl FnMut(&mut Unstructured<'u>) -> Result<T>,
) -> Result<Vec<T>> {
    (0..u.int_in_range(0..=4)?).map(|_| each(u)).collect()
}
