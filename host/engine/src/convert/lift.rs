//! From a component's value to a flow's.

use std::sync::Arc;

use sandgate_flow::catalog::{Case, Field, Type, in_flow};
use sandgate_flow::value::Value;
use wasmtime::component::Val;

use super::{Error, entry, item, json, number};

pub(super) fn value(val: &Val, ty: &Type) -> Result<Value, Error> {
    match (ty, val) {
        (Type::Bool, Val::Bool(value)) => Ok(Value::Bool(*value)),
        (Type::S8, Val::S8(value)) => Ok(Value::Int((*value).into())),
        (Type::S16, Val::S16(value)) => Ok(Value::Int((*value).into())),
        (Type::S32, Val::S32(value)) => Ok(Value::Int((*value).into())),
        (Type::S64, Val::S64(value)) => Ok(Value::Int(*value)),
        (Type::U8, Val::U8(value)) => Ok(Value::Int((*value).into())),
        (Type::U16, Val::U16(value)) => Ok(Value::Int((*value).into())),
        (Type::U32, Val::U32(value)) => Ok(Value::Int((*value).into())),
        (Type::U64, Val::U64(value)) => Ok(number::unsigned(*value)),
        (Type::F32, Val::Float32(value)) => Ok(Value::Double((*value).into())),
        (Type::F64, Val::Float64(value)) => Ok(Value::Double(*value)),
        (Type::Char, Val::Char(value)) => Ok(Value::from(value.encode_utf8(&mut [0; 4]) as &str)),
        (Type::String, Val::String(text)) => Ok(Value::from(text.as_str())),
        (Type::Bytes, Val::List(items)) => bytes(items, ty),
        (Type::Json, Val::Record(fields)) => json_record(fields),
        (Type::Message, Val::Variant(case, val)) => message(case, val.as_deref()),
        (Type::List(of), Val::List(items)) => list(items, std::iter::repeat(&**of)),
        (Type::Tuple(types), Val::Tuple(items)) => list(items, types),
        (Type::Record(fields), Val::Record(vals)) => record(vals, fields, ty),
        (Type::Variant(cases), Val::Variant(name, val)) => variant(name, val.as_deref(), cases, ty),
        (Type::Enum(_), Val::Enum(name)) => Ok(Value::String(in_flow(name).into())),
        (Type::Flags(_), Val::Flags(names)) => Ok(flags(names)),
        (Type::Option(of), Val::Option(val)) => option(val.as_deref(), of),
        (Type::Result { ok, .. }, Val::Result(Ok(val))) => side("ok", val.as_deref(), ok.as_deref(), ty),
        (Type::Result { error, .. }, Val::Result(Err(val))) => side("error", val.as_deref(), error.as_deref(), ty),
        (ty, _) => Err(another(ty)),
    }
}

/// The description and the component disagree: `wasmtime` has checked the types, so that this is a fault of the host.
fn another(ty: &Type) -> Error {
    Error::new(ty, "the component gave a value of another type")
}

fn bytes(items: &[Val], ty: &Type) -> Result<Value, Error> {
    let byte = |val: &Val| match val {
        Val::U8(byte) => Ok(*byte),
        _ => Err(another(ty)),
    };
    items.iter().map(byte).collect::<Result<Arc<[u8]>, _>>().map(Value::Bytes)
}

fn json_record(fields: &[(String, Val)]) -> Result<Value, Error> {
    match fields {
        [(_, Val::String(text))] => json::read(text),
        _ => Err(another(&Type::Json)),
    }
}

fn message(case: &str, val: Option<&Val>) -> Result<Value, Error> {
    match (case, val) {
        ("json", Some(Val::Record(fields))) => json_record(fields),
        ("text", Some(Val::String(text))) => Ok(Value::from(text.as_str())),
        ("binary", Some(Val::List(items))) => bytes(items, &Type::Message),
        _ => Err(another(&Type::Message)),
    }
}

fn list<'a>(items: &[Val], types: impl IntoIterator<Item = &'a Type>) -> Result<Value, Error> {
    let values = items.iter().zip(types).enumerate();
    let values = values.map(|(index, (val, ty))| value(val, ty).map_err(|error| error.under(item(index))));
    values.collect::<Result<_, _>>().map(Value::List)
}

fn record(vals: &[(String, Val)], fields: &[Field], ty: &Type) -> Result<Value, Error> {
    if vals.len() != fields.len() {
        return Err(another(ty));
    }
    let entries = vals.iter().zip(fields).map(|((_, val), field)| {
        let name = in_flow(&field.name);
        value(val, &field.ty).map_err(|error| error.under(entry(&name))).map(|value| (name, value))
    });
    entries.collect::<Result<Vec<_>, _>>().map(Value::map)
}

fn variant(name: &str, val: Option<&Val>, cases: &[Case], ty: &Type) -> Result<Value, Error> {
    let case = cases.iter().find(|case| *case.name == *name).ok_or_else(|| another(ty))?;
    let name = in_flow(name);
    match (&case.ty, val) {
        (None, None) => Ok(Value::String(name.into())),
        (Some(of), Some(val)) => {
            let inner = value(val, of).map_err(|error| error.under(entry(&name)))?;
            Ok(Value::map([(name, inner)]))
        }
        _ => Err(another(ty)),
    }
}

fn flags(names: &[String]) -> Value {
    Value::List(names.iter().map(|name| Value::String(in_flow(name).into())).collect())
}

fn option(val: Option<&Val>, of: &Type) -> Result<Value, Error> {
    let inner = val.map(|val| value(val, of)).transpose()?;
    Ok(match of {
        Type::Option(_) => Value::List(inner.into_iter().collect()),
        _ => inner.unwrap_or_default(),
    })
}

fn side(name: &str, val: Option<&Val>, of: Option<&Type>, ty: &Type) -> Result<Value, Error> {
    let inner = match (val, of) {
        (Some(val), Some(of)) => value(val, of).map_err(|error| error.under(entry(name)))?,
        (None, None) => Value::Null,
        _ => return Err(another(ty)),
    };
    Ok(Value::map([(name, inner)]))
}
