//! Whether a value that holds no others fits a WIT type.

use std::ops::RangeInclusive;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::{Reason, is_nested};
use crate::catalog::{Case, Type, in_flow};
use crate::diagnostic::{did_you_mean, listed};
use crate::value::Value;

/// Whether it fits.
pub(super) fn scalar(value: &Value, ty: &Type) -> Result<(), Reason> {
    let fits = match (ty, value) {
        (Type::Json | Type::Message, Value::Double(double)) => double.is_finite(),
        (Type::Json | Type::Message, _) => true,
        (Type::Option(inner), _) if is_nested(inner) => false,
        (Type::Option(_), Value::Null) => true,
        (Type::Option(inner), value) => return scalar(value, inner),
        (Type::Enum(names), Value::String(name)) => return one_of(name, names.iter()),
        (Type::Variant(cases), Value::String(name)) => return unit_case(name, cases),
        (Type::Bool, Value::Bool(_)) | (Type::String, Value::String(_)) | (Type::Bytes, Value::Bytes(_)) => true,
        (Type::Char, Value::String(text)) => text.chars().count() == 1,
        (Type::Bytes, Value::String(text)) => BASE64.decode(text.as_bytes()).is_ok(),
        (Type::F32, Value::Double(double)) => (*double as f32).is_finite() || !double.is_finite(),
        (Type::F64, Value::Double(_)) => true,
        (Type::F32, value) => whole(value, ty).is_some_and(|whole| whole as f32 as i128 == whole),
        (Type::F64, value) => whole(value, ty).is_some_and(|whole| whole as f64 as i128 == whole),
        (ty, value) => match (range(ty), whole(value, ty)) {
            (Some(range), Some(whole)) if range.contains(&whole) => true,
            (Some(range), Some(whole)) => {
                return Err((format!("{ty} holds {} to {}, and this is {whole}", range.start(), range.end()), None));
            }
            _ => false,
        },
    };
    if fits { Ok(()) } else { Err((format!("{} is due, and this is {}", due(ty), told(value)), None)) }
}

fn range(ty: &Type) -> Option<RangeInclusive<i128>> {
    Some(match ty {
        Type::S8 => i8::MIN.into()..=i8::MAX.into(),
        Type::S16 => i16::MIN.into()..=i16::MAX.into(),
        Type::S32 => i32::MIN.into()..=i32::MAX.into(),
        Type::S64 => i64::MIN.into()..=i64::MAX.into(),
        Type::U8 => 0..=u8::MAX.into(),
        Type::U16 => 0..=u16::MAX.into(),
        Type::U32 => 0..=u32::MAX.into(),
        Type::U64 => 0..=u64::MAX.into(),
        _ => return None,
    })
}

/// A number without a fraction; for 64-bit types, also as a text, written as JSON writes it.
#[expect(clippy::cast_possible_truncation, reason = "only floats without a fraction are cast, and i128 saturates")]
fn whole(value: &Value, ty: &Type) -> Option<i128> {
    match value {
        Value::Int(value) => Some((*value).into()),
        Value::Uint(value) => Some((*value).into()),
        Value::Double(value) if value.fract() == 0.0 => Some(*value as i128),
        Value::String(text) if matches!(ty, Type::S64 | Type::U64) => {
            text.parse().ok().filter(|whole: &i128| whole.to_string() == **text)
        }
        _ => None,
    }
}

pub(super) fn one_of<'a>(name: &str, names: impl Iterator<Item = &'a Arc<str>>) -> Result<(), Reason> {
    let names: Vec<_> = names.map(|name| in_flow(name)).collect();
    if names.iter().any(|known| known == name) {
        return Ok(());
    }
    let known = || names.iter().map(String::as_str);
    Err((format!("`{name}` is none of {}", listed(known())), did_you_mean(name, known())))
}

fn unit_case(name: &str, cases: &[Case]) -> Result<(), Reason> {
    match cases.iter().find(|case| in_flow(&case.name) == name) {
        Some(Case { ty: Some(ty), .. }) => {
            Err((format!("the case `{name}` has a value, {ty}"), Some(format!("write `{{ {name}: ... }}`"))))
        }
        Some(_) => Ok(()),
        None => one_of(name, cases.iter().map(|case| &case.name)),
    }
}

/// The type, with what it is written as where that is not plain.
pub(super) fn due(ty: &Type) -> String {
    match ty {
        Type::Bytes => "list<u8>, bytes in base64,".to_owned(),
        Type::Char => "char, a text of one character,".to_owned(),
        Type::F32 | Type::F64 => format!("{ty}, a number that it holds,"),
        Type::Option(inner) if is_nested(inner) => format!("{ty}, a list of none or one,"),
        ty => ty.to_string(),
    }
}

fn told(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::String(text) if text.chars().count() <= 40 => format!("the text {text:?}"),
        Value::String(_) => "a text".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Double(value) if value.is_finite() => format!("the number {value:?}"),
        Value::Double(value) => value.to_string(),
        other => format!("the integer {other}"),
    }
}
