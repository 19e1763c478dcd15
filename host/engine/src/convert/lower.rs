//! From a flow's value to a component's.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sandgate_flow::catalog::{Case, Field, Type};
use sandgate_flow::value::{Map, Value};
use wasmtime::component::Val;

use super::name::{in_flow, unknown};
use super::{BYTES_MAX, Error, entry, item, json, number};

pub(super) fn value(value: &Value, ty: &Type) -> Result<Val, Error> {
    match ty {
        Type::Bool => boolean(value, ty),
        Type::S8 => integer(value, ty).map(Val::S8),
        Type::S16 => integer(value, ty).map(Val::S16),
        Type::S32 => integer(value, ty).map(Val::S32),
        Type::S64 => integer(value, ty).map(Val::S64),
        Type::U8 => integer(value, ty).map(Val::U8),
        Type::U16 => integer(value, ty).map(Val::U16),
        Type::U32 => integer(value, ty).map(Val::U32),
        Type::U64 => integer(value, ty).map(Val::U64),
        Type::F32 => number::single(value).map(Val::Float32).ok_or_else(|| not_a(value, ty, "a number that it holds")),
        Type::F64 => number::double(value).map(Val::Float64).ok_or_else(|| not_a(value, ty, "a number that it holds")),
        Type::Char => character(value, ty),
        Type::String => text(value, ty).map(|text| Val::String(text.to_owned())),
        Type::Bytes => bytes(value, ty),
        Type::Json => json_record(value),
        Type::Message => message(value),
        Type::List(of) => list(value, of, ty),
        Type::Tuple(types) => tuple(value, types, ty),
        Type::Record(fields) => record(value, fields, ty),
        Type::Variant(cases) => variant(value, cases, ty),
        Type::Enum(names) => enumeration(value, names, ty),
        Type::Flags(names) => flags(value, names, ty),
        Type::Option(of) => option(value, of, ty),
        Type::Result { ok, error } => result(value, ok.as_deref(), error.as_deref(), ty),
    }
}

fn not_a(value: &Value, ty: &Type, due: &str) -> Error {
    let given = match value {
        Value::Int(_) | Value::Uint(_) | Value::Double(_) | Value::Bool(_) => {
            format!("the {} {value}", value.type_name())
        }
        Value::Null => "null".to_owned(),
        other => format!("a {}", other.type_name()),
    };
    Error::new(ty, format!("{given} was given, where {due} is due"))
}

fn boolean(value: &Value, ty: &Type) -> Result<Val, Error> {
    match value {
        Value::Bool(value) => Ok(Val::Bool(*value)),
        other => Err(not_a(other, ty, "true or false")),
    }
}

fn integer<T: TryFrom<i128>>(value: &Value, ty: &Type) -> Result<T, Error> {
    let whole = match value {
        Value::String(text) if matches!(ty, Type::S64 | Type::U64) => number::whole_text(text),
        other => number::whole(other),
    };
    let whole = whole.ok_or_else(|| not_a(value, ty, "an integer"))?;
    T::try_from(whole).map_err(|_| Error::new(ty, format!("{whole} is out of range")))
}

fn text<'a>(value: &'a Value, ty: &Type) -> Result<&'a str, Error> {
    match value {
        Value::String(text) => Ok(text),
        other => Err(not_a(other, ty, "a string")),
    }
}

fn character(value: &Value, ty: &Type) -> Result<Val, Error> {
    let mut chars = text(value, ty)?.chars();
    match (chars.next(), chars.next()) {
        (Some(one), None) => Ok(Val::Char(one)),
        (None, _) => Err(Error::new(ty, "an empty string was given, where one character is due")),
        (Some(_), Some(_)) => Err(Error::new(ty, "a longer string was given, where one character is due")),
    }
}

fn bytes(value: &Value, ty: &Type) -> Result<Val, Error> {
    match value {
        Value::Bytes(bytes) => octets(bytes, ty),
        Value::String(text) => match BASE64.decode(text.as_bytes()) {
            Ok(bytes) => octets(&bytes, ty),
            Err(error) => Err(Error::new(ty, format!("a string for bytes must be base64: {error}"))),
        },
        other => Err(not_a(other, ty, "bytes, or a string of base64,")),
    }
}

fn octets(bytes: &[u8], ty: &Type) -> Result<Val, Error> {
    if bytes.len() > BYTES_MAX {
        return Err(Error::new(ty, format!("{} bytes were given, where at most {BYTES_MAX} are due", bytes.len())));
    }
    Ok(Val::List(bytes.iter().copied().map(Val::U8).collect()))
}

fn json_record(value: &Value) -> Result<Val, Error> {
    Ok(Val::Record(vec![("text".to_owned(), Val::String(json::write(value)?))]))
}

fn message(value: &Value) -> Result<Val, Error> {
    let (case, val) = match value {
        Value::String(text) => ("text", Val::String(text.to_string())),
        Value::Bytes(bytes) => ("binary", octets(bytes, &Type::Message)?),
        other => ("json", json_record(other)?),
    };
    Ok(case_of(case, Some(val)))
}

fn case_of(name: &str, val: Option<Val>) -> Val {
    Val::Variant(name.to_owned(), val.map(Box::new))
}

fn items<'a>(value: &'a Value, ty: &Type) -> Result<&'a [Value], Error> {
    match value {
        Value::List(items) => Ok(items),
        other => Err(not_a(other, ty, "a list")),
    }
}

fn list(given: &Value, of: &Type, ty: &Type) -> Result<Val, Error> {
    let vals =
        items(given, ty)?.iter().enumerate().map(|(index, each)| value(each, of).map_err(|e| e.under(item(index))));
    vals.collect::<Result<_, _>>().map(Val::List)
}

fn tuple(given: &Value, types: &[Type], ty: &Type) -> Result<Val, Error> {
    let given = items(given, ty)?;
    if given.len() != types.len() {
        return Err(Error::new(ty, format!("a list of {} was given, where {} are due", given.len(), types.len())));
    }
    let vals = given.iter().zip(types).enumerate();
    let vals = vals.map(|(index, (each, of))| value(each, of).map_err(|error| error.under(item(index))));
    vals.collect::<Result<_, _>>().map(Val::Tuple)
}

fn entries<'a>(value: &'a Value, ty: &Type) -> Result<&'a Map, Error> {
    match value {
        Value::Map(entries) => Ok(entries),
        other => Err(not_a(other, ty, "a map")),
    }
}

fn record(given: &Value, fields: &[Field], ty: &Type) -> Result<Val, Error> {
    let given = entries(given, ty)?;
    let known = |name: &str| fields.iter().any(|field| in_flow(&field.name) == name);
    if let Some(name) = given.keys().find(|name| !known(name)) {
        return Err(Error::new(ty, unknown("field", name, fields.iter().map(|field| &*field.name))));
    }
    let vals = fields.iter().map(|each| Ok((each.name.to_string(), field(given, each, ty)?)));
    vals.collect::<Result<_, _>>().map(Val::Record)
}

fn field(given: &Map, field: &Field, record: &Type) -> Result<Val, Error> {
    let name = in_flow(&field.name);
    match (given.get(name.as_ref()), &field.ty) {
        (Some(given), ty) => value(given, ty).map_err(|error| error.under(entry(&name))),
        (None, Type::Option(_)) => Ok(Val::Option(None)),
        (None, _) => Err(Error::new(record, format!("the field `{name}` is missing"))),
    }
}

fn variant(given: &Value, cases: &[Case], ty: &Type) -> Result<Val, Error> {
    let (name, given) = case_given(given, ty)?;
    let case = cases.iter().find(|case| in_flow(&case.name) == name);
    let case = case.ok_or_else(|| Error::new(ty, unknown("case", name, cases.iter().map(|case| &*case.name))))?;
    match (&case.ty, given) {
        (None, None | Some(Value::Null)) => Ok(case_of(&case.name, None)),
        (None, Some(_)) => Err(Error::new(ty, format!("the case `{name}` has no value: write \"{name}\""))),
        (Some(of), Some(given)) => {
            value(given, of).map(|val| case_of(&case.name, Some(val))).map_err(|error| error.under(entry(name)))
        }
        (Some(_), None) => Err(Error::new(ty, format!("the case `{name}` has a value: write {{\"{name}\": ...}}"))),
    }
}

/// The name and the value of the case that was written.
fn case_given<'a>(value: &'a Value, ty: &Type) -> Result<(&'a str, Option<&'a Value>), Error> {
    match value {
        Value::String(name) => Ok((name, None)),
        Value::Map(map) if map.len() == 1 => {
            map.iter().next().map(|(name, value)| (&**name, Some(value))).ok_or_else(|| not_a(value, ty, "a case"))
        }
        other => Err(not_a(other, ty, "a case's name, or a map of it to its value,")),
    }
}

fn enumeration(value: &Value, names: &[Arc<str>], ty: &Type) -> Result<Val, Error> {
    one_of(text(value, ty)?, names, "case", ty).map(Val::Enum)
}

fn one_of(given: &str, names: &[Arc<str>], what: &str, ty: &Type) -> Result<String, Error> {
    let found = names.iter().find(|name| in_flow(name) == given).map(ToString::to_string);
    found.ok_or_else(|| Error::new(ty, unknown(what, given, names.iter().map(|name| &**name))))
}

fn flags(value: &Value, names: &[Arc<str>], ty: &Type) -> Result<Val, Error> {
    let given = items(value, ty)?.iter().enumerate().map(|(index, each)| {
        let name = text(each, ty).and_then(|name| one_of(name, names, "flag", ty));
        name.map_err(|error| error.under(item(index)))
    });
    given.collect::<Result<_, _>>().map(Val::Flags)
}

fn option(given: &Value, of: &Type, ty: &Type) -> Result<Val, Error> {
    let val = match (of, given) {
        (Type::Option(_), given) => {
            let given = at_most_one(given, ty)?;
            given.map(|given| value(given, of).map_err(|error| error.under(item(0)))).transpose()?
        }
        (_, Value::Null) => None,
        (_, given) => Some(value(given, of)?),
    };
    Ok(Val::Option(val.map(Box::new)))
}

fn at_most_one<'a>(value: &'a Value, ty: &Type) -> Result<Option<&'a Value>, Error> {
    match value {
        Value::List(items) if items.len() <= 1 => Ok(items.first()),
        other => Err(not_a(other, ty, "a list of none or one")),
    }
}

fn result(given: &Value, ok: Option<&Type>, error: Option<&Type>, ty: &Type) -> Result<Val, Error> {
    let due = "a map of `ok` or `error` to its value";
    let (name, given) = match given {
        Value::Map(map) if map.len() == 1 => map.iter().next().ok_or_else(|| not_a(given, ty, due))?,
        other => return Err(not_a(other, ty, due)),
    };
    match &**name {
        "ok" => side(given, ok, ty).map(Ok),
        "error" => side(given, error, ty).map(Err),
        other => Err(Error::new(ty, unknown("case", other, ["ok", "error"].into_iter()))),
    }
    .map(Val::Result)
    .map_err(|error| error.under(entry(name)))
}

fn side(given: &Value, of: Option<&Type>, ty: &Type) -> Result<Option<Box<Val>>, Error> {
    match (of, given) {
        (Some(of), given) => value(given, of).map(|val| Some(Box::new(val))),
        (None, Value::Null) => Ok(None),
        (None, _) => Err(Error::new(ty, "it has no value: write null")),
    }
}
